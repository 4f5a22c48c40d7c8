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
from campaign.desk.files import Change, ConflictError, version_of
from campaign.desk.lists import matches, paginate
from campaign.desk.naming import page_name, places_of, shape_name, until_when
from campaign.desk.new_page import questions_of, with_embargo, with_words, words_of
from campaign.desk.page_file import PageFile, plain_path
from campaign.desk.panel import NOTICE_DRAFT_STARTED, NOTICE_UNCHANGED, Panel, Refused, get, post
from campaign.desk.panels import poster_pictures
from campaign.desk.panels.one_piece import address
from campaign.desk.panels.poster_boxes import page_address
from campaign.models.campaign import Language
from campaign.models.page import Page
from campaign.models.problem import Problem
from campaign.plan.finder import audience_name
from campaign.plan.shown_pieces import shown_pieces
from campaign.serve.preview_process import NoPreview

STATES = ("wrong", "missing", "outdated", "unreviewed", "good")
MAX_NAMED_MISFITS = 3


@dataclass(frozen=True)
class ListedPage:
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
        campaign, query = self.campaign, self.request.query_params
        source, ui_language = campaign.source_language, self.ui_language
        language = campaign.languages.get(query.get("language", ""), source)
        self.workspace.page_previews.prefetch(self.workspace.version)
        words, audience, state = query.get("words", ""), query.get("audience", ""), query.get("state", "")
        rows_listed = [
            item
            for item in self._listed_pages(language)
            if matches(words, item.title, item.path)
            if state in ("", item.state)
            if audience in ("", *(item.audiences or campaign.audiences[:1]))
        ]
        # The requested audience, otherwise the page's first.
        rows_by_audience = [(audience or (item.audiences or campaign.audiences)[0], item) for item in rows_listed]
        order = [*dict.fromkeys(name for name, _ in rows_by_audience)]
        part = paginate(sorted(rows_by_audience, key=lambda row: order.index(row[0])), self.request)
        results = [(name, [item for _, item in rows]) for name, rows in groupby(part.rows, key=lambda row: row[0])]
        return self.page(
            "texts.html",
            language=language,
            languages=campaign.languages.values(),
            groups=[(audience_name(ui_language, name), pages) for name, pages in results],
            part=part,
            audiences=[(name, audience_name(ui_language, name)) for name in campaign.audiences],
            states=STATES if language is not source else ("wrong", "good"),
            chosen={"words": words, "audience": audience, "state": state},
        )

    def _listed_pages(self, language: Language) -> list[ListedPage]:
        campaign, language_code = self.campaign, language.code
        source = campaign.source_language.code
        problem_files = {problem.file for problem in self.workspace.problems[0] if not problem.is_note}
        # An embargo in one language withholds the release in all.
        embargo_ends = {path: until for (_, path), page in campaign.withheld.items() if (until := embargo_of(page))}
        own_paths = {path for code, path in self.pages if code == language_code}
        results = []
        for (code, path), page in self.pages.items():
            if code == language_code or (code == source and path not in own_paths and language.is_whole):
                state = "missing" if path not in own_paths else "wrong" if page.where in problem_files else _state(page)
                results.append(ListedPage(path, page.title, page.audiences, state, embargo_ends.get(path)))
        return sorted(results, key=lambda item: ("/" in item.path, item.title.casefold(), item.state == "missing"))

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
        file, displayed, words = self.file, self.shown, self.words
        self.workspace.page_previews.prefetch(self.workspace.version)
        if displayed and displayed.formats:
            self.workspace.print_previews.prefetch(self.workspace.version)
        page_problems = [problem for problem in self.workspace.problems[0] if problem.file == file.name]
        problems_before, messages, is_warning = self.request.query_params.get("before"), list[str](), False
        until = embargo_of(displayed) if displayed and self.where in self.campaign.withheld else None
        if problems_before is not None:
            result, fit = self._check(file.text), self.workspace.measured.get(*self.where)
            page_problems = [*result, *fit.problems] if result is not None else page_problems
            count = sum(not item.is_note for item in page_problems)
            is_warning = count > 0
            has_fewer_problems = problems_before.isdecimal() and int(problems_before) > count
            messages.append(words.say("text-saved-wrong", count=count) if count else words["text-saved"])
            if has_fewer_problems or (count and problems_before.isdecimal()):
                messages.append(words.say("text-before", count=problems_before))
            messages += [
                words.brief(problem) or words.name_shapes(problem.message)
                for problem in fit.problems[:MAX_NAMED_MISFITS]
            ]
            messages += [] if fit.is_complete else [words["text-unmeasured"]]
            messages += [words.say("begun-embargo", date=until_when(words, until))] if until else []
            if "ended" in self.request.query_params:
                names = [self.campaign.languages[code].name for code, path in self.pages if path == self.path["path"]]
                messages.append(words.say("embargo-ended", name=", ".join(names)))
        if self.query_value("at") == NOTICE_DRAFT_STARTED:
            until = embargo_of(displayed) if displayed else None
            messages = [words.say("begun", name=file.name), words["begun-asks"]]
            messages += [words.say("begun-embargo", date=until_when(words, until))] if until else []
        return self.show_refused(
            Refused(" ".join(messages), 200, page_problems, file=file, text=file.text, is_warning=is_warning)
        )

    def show_refused(self, refusal: Refused) -> Response:
        campaign, page, words, path = self.campaign, self.shown, self.words, self.path["path"]
        file, text, other_text = refusal.context["file"], refusal.context["text"], refusal.context.get("theirs", "")
        language = campaign.languages[self.path["language"]]
        is_drawn = page is not None and any(campaign.formats[name].needs_drawing for name in page.formats)
        nonce = secrets.token_urlsafe(16)
        ui_language = campaign.languages.get(words.code, campaign.source_language)
        pieces = shown_pieces(campaign, page) if page else {}
        names = {name: ui_language.strings.get(f"format-{name}", name) for name in campaign.formats}
        for name, item in pieces.items():
            if item.destination:
                row = campaign.destinations[item.destination]
                names[name] = f"{shape_name(item.destination, ui_language, words)}, {row.width} × {row.height}"
        ends = (embargo_of(page) for (_, page_path), page in campaign.withheld.items() if page_path == path)
        embargo_end = max(filter(None, ends), default=None)
        requests = ("check", "page", "sides", "known")
        word = {key.removeprefix("editor-"): word for key, word in words.items() if key.startswith("editor-")}
        return self.page(
            "text.html",
            refusal,
            nonce=nonce,
            language=language,
            theirs=other_text,
            differs=list(differences(other_text, text)) if other_text else [],
            is_warning=False,
            renamed=renamed_at(campaign, file.name),
            plain=plain_path(campaign, path),
            page=page,
            made_at=address(page) if page and page.formats and self.where in campaign.pages else "",
            others=[
                (language, path) for language in campaign.languages.values() if (language.code, path) in self.pages
            ],
            address=quote(f"{language.code}/{path.removesuffix('.md')}.html"),
            held=until_when(words, embargo_end) if embargo_end else "",
            embargo=_typed_moment(embargo_of(page)) if page else "",
            questions=questions_of(text),
            drawn=words_of(text) if is_drawn else [],
            picture_at=poster_pictures.address(page) if page and is_drawn and language.is_source else "",
            boxes_at=page_address(campaign, page) if page and language.is_source else "",
            formats={name: names[name] for name in pieces},
            places=places_of(campaign, ui_language)[1:],
            client={
                **{key: self.desk.link(f"text-{key}/{language.code}/{quote(path)}") for key in requests},
                "preview": self.desk.link("preview/"),
                "nonce": nonce,
                "language": language.code,
                "formats": names,
                "words": word | {"whole": words["whole-message"]},
            },
        )

    @post("/texts/{language}/{path:path}")
    def save(self) -> Response:
        file, measured, where = self.file, self.workspace.measured, self.where
        raw, version = _with_fields(str(self.form.get("text", "")), self.form), self.form_value("version")
        embargo = self.form_value("embargo") if self.form_value("embargo") != self.form_value("embargo-was") else None
        data = file.encoded(raw if embargo is None else with_embargo(raw, embargo))
        own_text = PageFile.of(file.name, data).text
        is_elsewhere = version != file.version and data == file.encoded(file.text)  # the same edit was saved elsewhere
        if is_elsewhere or version_of(data) == version == file.version:
            return self._to_editor("", NOTICE_UNCHANGED)
        if version != file.version:
            raise Refused("", 409, file=file, text=own_text, theirs=file.text or "\n")
        old_problems = self._check(file.text)
        fit = measured.measure(self.workspace.version, *where, own_text, self.form_value("place"))
        title = self.words.say("did-text", name=page_name(self.campaign, *where))
        try:
            more_changes = self._embargo_changes(embargo) if embargo is not None else {}
            saved = self.write(title, {file.name: Change(version, data), **more_changes})
        except ConflictError as error:
            if error.data is None:
                raise
            current_text = PageFile.of(file.name, error.data)
            raise Refused("", 409, file=current_text, text=own_text, theirs=current_text.text or "\n") from None
        problems_before = (
            ""
            if old_problems is None
            else str(sum(not item.is_note for item in (*old_problems, *measured.get(*where).problems)))
        )
        measured.keep(*where, fit)
        return self._to_editor(problems_before, saved)

    def _embargo_changes(self, embargo: str) -> dict[str, Change]:
        language, path = self.where
        results = {}
        for code, page_path in self.pages:
            if page_path == path and code != language:
                file = PageFile.read(self.files, self.campaign, code, path)
                results[file.name] = Change(file.version, file.encoded(with_embargo(file.text, embargo)))
        return results

    def _to_editor(self, problems_before: str, saved: int | str) -> Response:
        language, path = self.where
        query = urlencode({name: self.form_value(name) for name in ("shown", "place")})
        query += "&ended=" if self.form_value("embargo-was") and not self.form_value("embargo") else ""
        return self.go(f"/texts/{language}/{quote(path)}?{query}&before={problems_before}", saved, "text")

    def _check(self, text: str) -> list[Problem] | None:
        try:
            result = self.workspace.page_previews.ask(self.workspace.version, "check", *self.where, text)
        except NoPreview:
            return None
        name = "docs/" + "/".join(self.where)
        rows = (
            (item["id"], f"{name}:{item['line']}" if item["line"] else name, item["what"], item["fix"])
            for item in result["problems"]
        )
        return [Problem(*row) for row in rows]


def _typed_moment(moment: datetime | None) -> str:
    return "" if moment is None or moment == END_OF_TIME else f"{moment.astimezone():%Y-%m-%dT%H:%M}"


def _with_fields(text: str, form: FormData) -> str:
    for slot, old in words_of(text):
        field = form.get(f"drawn.{slot}")
        if field is not None and str(field) not in (str(form.get(f"drawn-was.{slot}")), old):
            text = with_words(text, slot, str(field))
    return text


def _state(page: Page) -> str:
    translation = page.translation
    if translation is None or translation.is_reviewed:
        return "good"
    return "outdated" if translation.is_outdated else "unreviewed"


def differences(other_text: str, own_text: str) -> list[dict[str, Any]]:
    """Return the lines that differ between two texts."""
    before, after = other_text.split("\n"), own_text.split("\n")
    results = []
    for opcode, start, end, first, last in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if opcode != "equal":
            results.append(
                {"line": start + 1, "theirs": "\n".join(before[start:end]), "mine": "\n".join(after[first:last])}
            )
    return results
