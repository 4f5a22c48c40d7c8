"""Texts by audience and state, each in an editor."""

from __future__ import annotations

import difflib
import secrets
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from urllib.parse import quote, urlencode

from starlette.datastructures import FormData
from starlette.responses import Response

from campaign.checks.renamed import renamed_at
from campaign.content.releases import END_OF_TIME, embargo_of
from campaign.desk.desk import NOTICE_DRAFT_STARTED, NOTICE_UNCHANGED
from campaign.desk.drawing_words import questions_of, with_words, words_of
from campaign.desk.files import Change, ChangedUnderneath, version_of
from campaign.desk.lists import matches, paginate
from campaign.desk.naming import page_name, places_of, shape_name, until_when
from campaign.desk.new_page import with_embargo
from campaign.desk.page_file import PageFile, plain_path
from campaign.desk.panel import Panel, get, post
from campaign.desk.panels import poster_pictures
from campaign.desk.panels.one_piece import address
from campaign.desk.words import Words
from campaign.models.campaign import Campaign, Language
from campaign.models.outputs import Output
from campaign.models.page import Page
from campaign.models.problem import Problem
from campaign.plan.finder import audience_name
from campaign.plan.shown_pieces import shown_pieces
from campaign.serve.preview_process import NoPreview

STATES = ("wrong", "missing", "outdated", "unreviewed", "good")
# Widths of the preview in pixels: a phone, and a computer.
WIDTHS = (360, 1280)
MAX_NAMED_MISFITS = 3


@dataclass(frozen=True)
class Listed:
    """A page in the list; `until` is the end of its embargo."""

    path: str
    title: str
    audiences: tuple[str, ...]
    formats: tuple[str, ...]
    state: str
    problems: int
    until: datetime | None


class Texts(Panel):
    """Texts."""

    menu = ("/texts", "texts")

    @get("/texts")
    def show(self) -> Response:
        campaign, asked = self.campaign, self.request.query_params
        source, ui_language = campaign.source_language, self.ui_language
        language = campaign.languages.get(asked.get("language", ""), source)
        self.workspace.page_previews.prefetch(self.workspace.version)
        words, audience, state = asked.get("words", ""), asked.get("audience", ""), asked.get("state", "")
        listed = [
            each
            for each in self._listed(campaign, language)
            if matches(words, each.title, each.path)
            if state in ("", each.state)
            if audience in ("", *(each.audiences or campaign.audiences[:1]))
        ]
        # Listed with the audience that was asked for, else with its first.
        own = [(audience or (each.audiences or campaign.audiences)[0], each) for each in listed]
        order = [*dict.fromkeys(name for name, _ in own)]
        part = paginate(sorted(own, key=lambda row: order.index(row[0])), self.request)
        found = [(name, [each for _, each in rows]) for name, rows in groupby(part.rows, key=lambda row: row[0])]
        return self.page(
            "texts.html",
            language=language,
            languages=campaign.languages.values(),
            groups=[(audience_name(ui_language, name), pages) for name, pages in found],
            part=part,
            audiences=[(name, audience_name(ui_language, name)) for name in campaign.audiences],
            states=STATES if language is not source else ("wrong", "good"),
            chosen={"words": words, "audience": audience, "state": state},
        )

    def _listed(self, campaign: Campaign, language: Language) -> list[Listed]:
        problems, _ = self.workspace.problems
        wrong = [each.where.partition(":")[0] for each in problems if each.stops]
        pages = {path: page for (code, path), page in self._pages(campaign).items() if code == language.code}
        source = campaign.source_language.code
        missing = {
            path: page
            for (code, path), page in self._pages(campaign).items()
            if code == source and path not in pages and language.is_whole
        }
        # An embargo in one language withholds the release in all.
        held = {path: until for (_, path), page in campaign.withheld.items() if (until := embargo_of(page))}
        found = []
        for path, page in sorted(
            (pages | missing).items(), key=lambda each: ("/" in each[0], each[1].title.casefold())
        ):
            count = wrong.count(page.where)
            state = "missing" if path in missing else "wrong" if count else _state(page)
            found.append(Listed(path, page.title, page.audiences, page.formats, state, count, held.get(path)))
        return found

    @staticmethod
    def _pages(campaign: Campaign) -> dict[tuple[str, str], Page]:
        return {**campaign.pages, **campaign.withheld}

    @property
    def _place(self) -> tuple[str, str]:
        return self.path["language"], self.path["path"]

    @get("/texts/{language}/{path:path}")
    def open(self) -> Response:
        campaign, file = self._file()
        self.workspace.page_previews.prefetch(self.workspace.version)
        shown = self._pages(campaign).get(self._place)
        if shown and shown.formats:
            self.workspace.print_previews.prefetch(self.workspace.version)
        problems, _ = self.workspace.problems
        here = [each for each in problems if each.where.partition(":")[0] == file.name]
        was = self.request.query_params.get("before")
        message, is_warning = "", False
        if was is not None:
            words = self.words
            found = self._check(file.text)
            fit = self.workspace.measured.get(*self._place)
            here = [*found, *fit.problems] if found is not None else here
            count = sum(each.stops for each in here)
            is_warning = count > 0
            is_less = was.isdecimal() and int(was) > count
            message = words.say("text-saved-wrong", count=count) if count else words["text-saved"]
            message += f" {words.say('text-before', count=was)}" if is_less or (count and was.isdecimal()) else ""
            told = (words.brief(each) or words.what(each.what) for each in fit.problems[:MAX_NAMED_MISFITS])
            message = " ".join((message, *told))
            message += "" if fit.is_whole else f" {words['text-unmeasured']}"
            until = embargo_of(shown) if shown and self._place in campaign.withheld else None
            message += f" {words.say('begun-embargo', date=until_when(words, until))}" if until else ""
            message += (
                f" {self._ended(words, campaign, self._place[1])}" if "ended" in self.request.query_params else ""
            )
        if self.asked("at") == NOTICE_DRAFT_STARTED:
            message = self._begun(campaign, file)
        return self._page(campaign, file, file.text, here, message=message, is_warning=is_warning)

    def _ended(self, words: Words, campaign: Campaign, path: str) -> str:
        codes = [code for code, other in self._pages(campaign) if other == path]
        return words.say("embargo-ended", name=", ".join(campaign.languages[code].name for code in codes))

    def _begun(self, campaign: Campaign, file: PageFile) -> str:
        words, page = self.words, self._pages(campaign).get(self._place)
        until = embargo_of(page) if page else None
        said = [words.say("begun", name=file.name), words["begun-asks"]]
        if until:
            said.append(words.say("begun-embargo", date=until_when(words, until)))
        return " ".join(said)

    def _page(
        self,
        campaign: Campaign,
        file: PageFile,
        text: str,
        problems: list[Problem],
        theirs: str = "",
        message: str = "",
        is_warning: bool = False,
    ) -> Response:
        language, path = campaign.languages[self.path["language"]], self.path["path"]
        pages = self._pages(campaign)
        page = pages.get((language.code, path))
        is_drawn = page is not None and any(campaign.formats[name].needs_drawing for name in page.formats)
        nonce = secrets.token_urlsafe(16)
        ui_language = campaign.languages.get(self.words.code, campaign.source_language)
        shown = shown_pieces(campaign, page) if page else {}
        names = {name: ui_language.strings.get(f"format-{name}", name) for name in campaign.formats}
        words = self.words
        names |= {
            name: _shape(campaign, each, shape_name(each.destination, ui_language, words))
            for name, each in shown.items()
            if each.destination
        }
        return self.page(
            "text.html",
            409 if theirs else 200,
            nonce=nonce,
            language=language,
            page_path=path,
            file=file,
            text=text,
            theirs=theirs,
            differs=list(differences(theirs, text)) if theirs else [],
            problems=problems,
            renamed=renamed_at(campaign, file.name),
            plain=plain_path(campaign, path),
            message=message,
            is_warning=is_warning,
            chosen=self.request.query_params,
            page_title=page.title if page else path,
            made_at=address(page) if page and page.formats and self._place in campaign.pages else "",
            others=[(each, path) for each in campaign.languages.values() if (each.code, path) in pages],
            address=quote(f"{language.code}/{path.removesuffix('.md')}.html"),
            widths=WIDTHS,
            is_release=bool(page and page.release),
            held=until_when(words, held) if (held := _held(campaign, path)) else "",
            embargo=_typed_moment(embargo_of(page)) if page else "",
            questions=questions_of(text),
            drawn=words_of(text) if is_drawn else [],
            picture_at=poster_pictures.address(page) if page and is_drawn and language.is_source else "",
            formats={name: names[name] for name in shown},
            places=places_of(campaign, ui_language)[1:],
            client={
                "check": self.desk.link(f"text-check/{language.code}/{quote(path)}"),
                "page": self.desk.link(f"text-page/{language.code}/{quote(path)}"),
                "sides": self.desk.link(f"text-sides/{language.code}/{quote(path)}"),
                "known": self.desk.link(f"text-known/{language.code}/{quote(path)}"),
                "preview": self.desk.link("preview/"),
                "nonce": nonce,
                "language": language.code,
                "formats": names,
                "words": {
                    key.removeprefix("editor-"): said for key, said in self.words.items() if key.startswith("editor-")
                }
                | {"whole": self.words["whole-message"]},
            },
        )

    @post("/texts/{language}/{path:path}")
    def save(self) -> Response:
        campaign, file = self._file()
        typed, version = _with_fields(str(self.form.get("text", "")), self.form), self.typed("version")
        embargo = self.typed("embargo") if self.typed("embargo") != self.typed("embargo-was") else None
        typed = typed if embargo is None else with_embargo(typed, embargo)
        data = file.encoded(typed)
        mine = PageFile.of(file.name, data)
        if version != file.version:
            if data == file.encoded(file.text):  # the same edit was saved elsewhere
                return self._back("", NOTICE_UNCHANGED)
            return self._page(campaign, file, mine.text, [], theirs=file.text or "\n")
        if version_of(data) == version:
            return self._back("", NOTICE_UNCHANGED)
        before = self._check(file.text)
        measured, where = self.workspace.measured, self._place
        fit = measured.measure(self.workspace.version, *where, mine.text, self.typed("place"))
        title = self.words.say("did-text", name=page_name(campaign, *where))
        try:
            beside = self._beside(campaign, *where, embargo) if embargo is not None else {}
            saved = self.write(title, {file.name: Change(version, data), **beside})
        except ChangedUnderneath as changed:
            if changed.data is None:
                raise
            now = PageFile.of(file.name, changed.data)
            return self._page(campaign, now, mine.text, [], theirs=now.text or "\n")
        was = "" if before is None else str(sum(each.stops for each in (*before, *measured.get(*where).problems)))
        measured.keep(*where, fit)
        return self._back(was, saved)

    def _beside(self, campaign: Campaign, language: str, path: str, embargo: str) -> dict[str, Change]:
        found = {}
        for code, other in self._pages(campaign):
            if other == path and code != language:
                file = PageFile.read(self.files, campaign, code, path)
                found[file.name] = Change(file.version, file.encoded(with_embargo(file.text, embargo)))
        return found

    def _back(self, was: str, saved: int | str) -> Response:
        language, path = self._place
        shown = urlencode({name: self.typed(name) for name in ("shown", "place")})
        shown += "&ended=" if self.typed("embargo-was") and not self.typed("embargo") else ""
        return self.go(f"/texts/{language}/{quote(path)}?{shown}&before={was}", saved, "text")

    def _check(self, text: str) -> list[Problem] | None:
        language, path = self.path["language"], self.path["path"]
        try:
            found = self.workspace.page_previews.ask(self.workspace.version, "check", language, path, text)
        except NoPreview:
            return None
        name = f"docs/{language}/{path}"
        rows = (
            (each["id"], f"{name}:{each['line']}" if each["line"] else name, each["what"], each["fix"])
            for each in found["problems"]
        )
        return [Problem(*row) for row in rows]

    def _file(self) -> tuple[Campaign, PageFile]:
        campaign = self.campaign
        language, path = self.path["language"], self.path["path"]
        return campaign, PageFile.read(self.files, campaign, language, path)


def _held(campaign: Campaign, path: str) -> datetime | None:
    ends = (embargo_of(page) for (_, other), page in campaign.withheld.items() if other == path)
    return max(filter(None, ends), default=None)


def _typed_moment(moment: datetime | None) -> str:
    return "" if moment is None or moment == END_OF_TIME else f"{moment.astimezone():%Y-%m-%dT%H:%M}"


def _shape(campaign: Campaign, screen: Output, name: str) -> str:
    row = campaign.destinations[screen.destination]
    return f"{name}, {row.width} × {row.height}"


def _with_fields(text: str, form: FormData) -> str:
    for slot, was in words_of(text):
        field = form.get(f"drawn.{slot}")
        if field is not None and str(field) not in (str(form.get(f"drawn-was.{slot}")), was):
            text = with_words(text, slot, str(field))
    return text


def _state(page: Page) -> str:
    made = page.translation
    if made is None or made.is_reviewed:
        return "good"
    return "outdated" if made.is_outdated else "unreviewed"


def differences(theirs: str, mine: str) -> list[dict[str, Any]]:
    """Return the lines in which two texts differ."""
    before, after = theirs.split("\n"), mine.split("\n")
    found = []
    for what, begin, end, first, last in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what != "equal":
            found.append(
                {"line": begin + 1, "theirs": "\n".join(before[begin:end]), "mine": "\n".join(after[first:last])}
            )
    return found
