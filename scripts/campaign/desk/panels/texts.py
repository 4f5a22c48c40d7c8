"""Texts by audience and state, each in an editor."""

from __future__ import annotations

import difflib
import secrets
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from itertools import groupby
from typing import Any
from urllib.parse import quote, urlencode

from starlette.datastructures import FormData
from starlette.responses import Response

from campaign.checks.renamed import renamed_at
from campaign.content.releases import END_OF_TIME, embargo_of
from campaign.desk.files import Change, ChangedUnderneath, version_of
from campaign.desk.lists import matches, paginate
from campaign.desk.naming import page_name, places_of, shape_name, until_when
from campaign.desk.new_page import questions_of, with_embargo, with_words, words_of
from campaign.desk.page_file import PageFile, plain_path
from campaign.desk.panel import NOTICE_DRAFT_STARTED, NOTICE_UNCHANGED, Panel, Refused, get, post
from campaign.desk.panels import poster_pictures
from campaign.desk.panels.one_piece import address
from campaign.models.campaign import Language
from campaign.models.page import Page
from campaign.models.problem import Problem
from campaign.plan.finder import audience_name
from campaign.plan.shown_pieces import shown_pieces
from campaign.serve.preview_process import NoPreview

STATES = ("wrong", "missing", "outdated", "unreviewed", "good")
MAX_NAMED_MISFITS = 3


@dataclass(frozen=True)
class Listed:
    """A page in the list; `until` is the end of its embargo."""

    path: str
    title: str
    audiences: tuple[str, ...]
    state: str
    until: datetime | None


class Texts(Panel):
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
            for each in self._listed(language)
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

    def _listed(self, language: Language) -> list[Listed]:
        campaign, own = self.campaign, language.code
        source = campaign.source_language.code
        wrong = {each.where.partition(":")[0] for each in self.workspace.problems[0] if each.stops}
        # An embargo in one language withholds the release in all.
        held = {path: until for (_, path), page in campaign.withheld.items() if (until := embargo_of(page))}
        there = {path for code, path in self.pages if code == own}
        found = []
        for (code, path), page in self.pages.items():
            if code == own or (code == source and path not in there and language.is_whole):
                state = "missing" if path not in there else "wrong" if page.where in wrong else _state(page)
                found.append(Listed(path, page.title, page.audiences, state, held.get(path)))
        return sorted(found, key=lambda each: ("/" in each.path, each.title.casefold(), each.state == "missing"))

    @cached_property
    def pages(self) -> dict[tuple[str, str], Page]:
        return {**self.campaign.pages, **self.campaign.withheld}

    @property
    def where(self) -> tuple[str, str]:
        return self.path["language"], self.path["path"]

    @cached_property
    def file(self) -> PageFile:
        return PageFile.read(self.files, self.campaign, *self.where)

    @property
    def shown(self) -> Page | None:
        return self.pages.get(self.where)

    @get("/texts/{language}/{path:path}")
    def open(self) -> Response:
        file, shown, words = self.file, self.shown, self.words
        self.workspace.page_previews.prefetch(self.workspace.version)
        if shown and shown.formats:
            self.workspace.print_previews.prefetch(self.workspace.version)
        here = [each for each in self.workspace.problems[0] if each.where.partition(":")[0] == file.name]
        was, said, is_warning = self.request.query_params.get("before"), list[str](), False
        until = embargo_of(shown) if shown and self.where in self.campaign.withheld else None
        if was is not None:
            found, fit = self._check(file.text), self.workspace.measured.get(*self.where)
            here = [*found, *fit.problems] if found is not None else here
            count = sum(each.stops for each in here)
            is_warning = count > 0
            is_less = was.isdecimal() and int(was) > count
            said.append(words.say("text-saved-wrong", count=count) if count else words["text-saved"])
            said += [words.say("text-before", count=was)] if is_less or (count and was.isdecimal()) else []
            said += [words.brief(problem) or words.what(problem.what) for problem in fit.problems[:MAX_NAMED_MISFITS]]
            said += [] if fit.is_whole else [words["text-unmeasured"]]
            said += [words.say("begun-embargo", date=until_when(words, until))] if until else []
            if "ended" in self.request.query_params:
                names = [self.campaign.languages[code].name for code, path in self.pages if path == self.path["path"]]
                said.append(words.say("embargo-ended", name=", ".join(names)))
        if self.asked("at") == NOTICE_DRAFT_STARTED:
            until = embargo_of(shown) if shown else None
            said = [words.say("begun", name=file.name), words["begun-asks"]]
            said += [words.say("begun-embargo", date=until_when(words, until))] if until else []
        return self.show_refused(Refused(" ".join(said), 200, here, file=file, text=file.text, is_warning=is_warning))

    def show_refused(self, refused: Refused) -> Response:
        campaign, page, words, path = self.campaign, self.shown, self.words, self.path["path"]
        file, text, theirs = refused.shown["file"], refused.shown["text"], refused.shown.get("theirs", "")
        language = campaign.languages[self.path["language"]]
        is_drawn = page is not None and any(campaign.formats[name].needs_drawing for name in page.formats)
        nonce = secrets.token_urlsafe(16)
        ui_language = campaign.languages.get(words.code, campaign.source_language)
        shown = shown_pieces(campaign, page) if page else {}
        names = {name: ui_language.strings.get(f"format-{name}", name) for name in campaign.formats}
        for name, each in shown.items():
            if each.destination:
                row = campaign.destinations[each.destination]
                names[name] = f"{shape_name(each.destination, ui_language, words)}, {row.width} × {row.height}"
        ends = (embargo_of(page) for (_, other), page in campaign.withheld.items() if other == path)
        held = max(filter(None, ends), default=None)
        requests = ("check", "page", "sides", "known")
        said = {key.removeprefix("editor-"): said for key, said in words.items() if key.startswith("editor-")}
        return self.page(
            "text.html",
            refused,
            nonce=nonce,
            language=language,
            theirs=theirs,
            differs=list(differences(theirs, text)) if theirs else [],
            is_warning=False,
            renamed=renamed_at(campaign, file.name),
            plain=plain_path(campaign, path),
            page=page,
            made_at=address(page) if page and page.formats and self.where in campaign.pages else "",
            others=[(each, path) for each in campaign.languages.values() if (each.code, path) in self.pages],
            address=quote(f"{language.code}/{path.removesuffix('.md')}.html"),
            held=until_when(words, held) if held else "",
            embargo=_typed_moment(embargo_of(page)) if page else "",
            questions=questions_of(text),
            drawn=words_of(text) if is_drawn else [],
            picture_at=poster_pictures.address(page) if page and is_drawn and language.is_source else "",
            formats={name: names[name] for name in shown},
            places=places_of(campaign, ui_language)[1:],
            client={
                **{key: self.desk.link(f"text-{key}/{language.code}/{quote(path)}") for key in requests},
                "preview": self.desk.link("preview/"),
                "nonce": nonce,
                "language": language.code,
                "formats": names,
                "words": said | {"whole": words["whole-message"]},
            },
        )

    @post("/texts/{language}/{path:path}")
    def save(self) -> Response:
        file, measured, where = self.file, self.workspace.measured, self.where
        typed, version = _with_fields(str(self.form.get("text", "")), self.form), self.typed("version")
        embargo = self.typed("embargo") if self.typed("embargo") != self.typed("embargo-was") else None
        data = file.encoded(typed if embargo is None else with_embargo(typed, embargo))
        mine = PageFile.of(file.name, data).text
        is_elsewhere = version != file.version and data == file.encoded(file.text)  # the same edit was saved elsewhere
        if is_elsewhere or version_of(data) == version == file.version:
            return self._back("", NOTICE_UNCHANGED)
        if version != file.version:
            raise Refused("", 409, file=file, text=mine, theirs=file.text or "\n")
        before = self._check(file.text)
        fit = measured.measure(self.workspace.version, *where, mine, self.typed("place"))
        title = self.words.say("did-text", name=page_name(self.campaign, *where))
        try:
            beside = self._beside(embargo) if embargo is not None else {}
            saved = self.write(title, {file.name: Change(version, data), **beside})
        except ChangedUnderneath as changed:
            if changed.data is None:
                raise
            now = PageFile.of(file.name, changed.data)
            raise Refused("", 409, file=now, text=mine, theirs=now.text or "\n") from None
        was = "" if before is None else str(sum(each.stops for each in (*before, *measured.get(*where).problems)))
        measured.keep(*where, fit)
        return self._back(was, saved)

    def _beside(self, embargo: str) -> dict[str, Change]:
        language, path = self.where
        found = {}
        for code, other in self.pages:
            if other == path and code != language:
                file = PageFile.read(self.files, self.campaign, code, path)
                found[file.name] = Change(file.version, file.encoded(with_embargo(file.text, embargo)))
        return found

    def _back(self, was: str, saved: int | str) -> Response:
        language, path = self.where
        shown = urlencode({name: self.typed(name) for name in ("shown", "place")})
        shown += "&ended=" if self.typed("embargo-was") and not self.typed("embargo") else ""
        return self.go(f"/texts/{language}/{quote(path)}?{shown}&before={was}", saved, "text")

    def _check(self, text: str) -> list[Problem] | None:
        try:
            found = self.workspace.page_previews.ask(self.workspace.version, "check", *self.where, text)
        except NoPreview:
            return None
        name = "docs/" + "/".join(self.where)
        rows = (
            (each["id"], f"{name}:{each['line']}" if each["line"] else name, each["what"], each["fix"])
            for each in found["problems"]
        )
        return [Problem(*row) for row in rows]


def _typed_moment(moment: datetime | None) -> str:
    return "" if moment is None or moment == END_OF_TIME else f"{moment.astimezone():%Y-%m-%dT%H:%M}"


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
    """Return the lines that differ between two texts."""
    before, after = theirs.split("\n"), mine.split("\n")
    found = []
    for what, begin, end, first, last in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what != "equal":
            found.append(
                {"line": begin + 1, "theirs": "\n".join(before[begin:end]), "mine": "\n".join(after[first:last])}
            )
    return found
