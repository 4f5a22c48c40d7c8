"""Sources of facts and numbers: a form for each, and the texts that cite it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from starlette.datastructures import FormData
from starlette.responses import Response

from campaign.content.sources import FILE, read_sources
from campaign.desk.contact_fields import show_on_fields
from campaign.desk.decoding import decoded
from campaign.desk.desk import NOTICE_UNCHANGED
from campaign.desk.dry_check import folder_with
from campaign.desk.files import Change, version_of
from campaign.desk.forms import Field, apply_edits, collect_edits, form_fields
from campaign.desk.lists import matches, paginate
from campaign.desk.new_page import NAME
from campaign.desk.panel import Panel, get, post
from campaign.models.problem import Problem
from campaign.schema.kinds import SourceEntry
from campaign.schema.yaml_splice import parse

SHOWN_KEYS = ("title", "publisher", "date", "url", "short", "language", "read", "again")
ADVISED_KEYS = ("publisher", "read")
# The first line of a source.
FIRST_LINE = re.compile(r"""["']?([a-z0-9-]+)["']?:""")


class Sources(Panel):
    """Sources."""

    @get("/sources")
    def overview(self) -> Response:
        if (id := self._at(self.asked("line"))) is not None:
            return self.go(f"/sources/{id}")
        campaign, words = self.campaign, self.asked("words")
        rows = [
            (source, campaign.readings[id].read if id in campaign.readings else None)
            for id, source in campaign.sources.items()
            if matches(words, id, source.title, source.publisher)
        ]
        return self.page("sources.html", part=paginate(rows, self.request), words=words)

    @get("/sources/new")
    @get("/sources/{id}")
    def show(self) -> Response:
        text = self._text()
        fields = self._fields(text)
        show_on_fields(_problems(text), text, fields)
        return self._form(fields, asked_by=self.asked("for"))

    def _form(
        self,
        fields: list[Field],
        status: int = 200,
        message: str = "",
        name: str = "",
        wrong: str = "",
        asked_by: str = "",
    ) -> Response:
        """Show the form. `wrong` is the problem with the typed id, `asked_by` the form that waits for a source."""
        id, words = self.path.get("id", ""), self.words
        campaign, waits = self.campaign, self.desk.waiting_form(asked_by)
        if not id:
            fields = [
                Field("id", ("id",), "text", words["key-id"], words["source-id-help"], name, True, (), wrong),
                *fields,
            ]
        cited = sorted(
            {page.where for page in campaign.pages.values() if any(each.to == id for each in page.outline.notes)}
        )
        return self.page(
            "source.html",
            status,
            id=id,
            fields=fields,
            message=message,
            asked_by=asked_by if waits else "",
            back=f"{waits.back}?draft={asked_by}" if waits else "",
            cited=cited,
            version=self._version(),
        )

    def _at(self, line: str) -> str | None:
        above = self._text().splitlines()[: int(line)] if line.isascii() and line.isdigit() else []
        id = next((found[1] for each in reversed(above) if (found := FIRST_LINE.match(each))), None)
        return id if id in self.campaign.sources else None

    def _text(self) -> str:
        data = self.files.read(FILE)
        return "" if data is None else decoded(data)[0]

    def _version(self) -> str:
        return version_of(self.files.read(FILE))

    def _fields(self, text: str, id: str = "") -> list[Field]:
        id, words = id or self.path.get("id", ""), self.words
        known: Any = (parse(text) or {}) if text.strip() else {}
        if "id" in self.path and id not in known:
            raise LookupError(id)
        typed: Mapping[str, Any] = known.get(id) or {}
        fields = form_fields(
            SourceEntry,
            typed,
            (id,),
            label=lambda key: words.get(f"key-source-{key}", key),
            explain=lambda key, told: words.get(f"help-source-{key}", told),
            choices={},
            only=SHOWN_KEYS,
        )
        for each in fields:
            each.is_advised = each.way[-1] in ADVISED_KEYS
            if each.is_advised and typed and not each.value:
                each.advice = words[f"source-no-{each.way[-1]}"]
        return fields

    @post("/sources/new")
    @post("/sources/{id}")
    def save(self) -> Response:
        words, text = self.words, self._text()
        is_new = "id" not in self.path
        id = self.typed("id") if is_new else self.path["id"]
        fields = self._fields(text, id)
        # In the form of a new source, names have no id.
        for each in fields if is_new else ():
            each.name = f".{each.way[-1]}"
        edits = collect_edits(fields, self.form, "")
        if self.typed("version") != self._version():
            return self._form(fields, 409, words["changed-underneath"], id, asked_by=self.typed("for"))
        wrong, asked_by = "", self.typed("for")
        if is_new and not NAME.fullmatch(id):
            wrong = words["source-name"]
        elif is_new and text.strip() and id in parse(text):
            wrong = words["source-id-taken"]
        title = next(each for each in fields if each.way[-1] == "title")
        title.problem = "" if title.value else words["source-incomplete"]
        if wrong or title.problem:
            return self._form(fields, 422, words["cannot-save"], id, wrong, asked_by)
        if not edits:
            return self.go(f"/sources/{id}", NOTICE_UNCHANGED)
        made = text if text.strip() else "# What the facts rest on.\n"
        if is_new:  # a line to splice into
            made = f'{made.rstrip()}\n{id}:\n  title: ""\n'
        made = apply_edits(made, edits)
        problems = [each for each in _problems(made) if each.stops and each not in _problems(text)]
        if problems:
            show_on_fields(problems, made, fields)
            said = " ".join(map(words.told, problems))
            return self._form(fields, 422, said, id, asked_by=asked_by)
        change = Change(self.typed("version"), made.encode())
        saved = self.write(words.say("did-source-added" if is_new else "did-source", name=title.value), {FILE: change})
        if (draft := self.desk.waiting_form(asked_by)) is None:
            return self.go(f"/sources/{id}", saved)
        # The waiting contact gets the new source.
        chosen = [(key, id if key.endswith(".source") else value) for key, value in draft.typed.multi_items()]
        return self.go(f"{draft.back}?draft={self.desk.keep_waiting(draft.back, FormData(chosen))}", saved)


def _problems(text: str) -> list[Problem]:
    problems: list[Problem] = []
    with folder_with({FILE: text}) as folder:
        read_sources(folder, problems)
    return problems
