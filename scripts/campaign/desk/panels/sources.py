"""Sources of facts and numbers: a form for each, and the texts that cite it."""

from __future__ import annotations

import re
from functools import cached_property
from typing import Any

from starlette.datastructures import FormData
from starlette.responses import Response

from campaign.content.sources import FILE, read_sources
from campaign.desk.dry_check import problems_in
from campaign.desk.files import Change, version_of
from campaign.desk.forms import Field, Form, apply_edits, collect_edits, show_on_fields
from campaign.desk.lists import matches, paginate
from campaign.desk.new_page import NAME
from campaign.desk.page_file import decoded
from campaign.desk.panel import NOT_REFUSED, NOTICE_UNCHANGED, Panel, Refused, get, post
from campaign.models.problem import Problem
from campaign.schema.kinds import SourceEntry
from campaign.schema.yaml_splice import parse

SHOWN_KEYS = ("title", "publisher", "date", "url", "short", "language", "read", "again")
ADVISED_KEYS = ("publisher", "read")
FIRST_LINE = re.compile(r"""["']?([a-z0-9-]+)["']?:""")  # the first line of a source


class Sources(Panel):
    @get("/sources")
    def overview(self) -> Response:
        if (id := self._source_on_line(self.query_value("line"))) is not None:
            return self.go(f"/sources/{id}")
        campaign, words = self.campaign, self.query_value("words")
        rows = [
            (source, campaign.readings[id].read if id in campaign.readings else None)
            for id, source in campaign.sources.items()
            if matches(words, id, source.title, source.publisher)
        ]
        return self.page("sources.html", part=paginate(rows, self.request), words=words)

    def _source_on_line(self, line: str) -> str | None:
        above = self.text.splitlines()[: int(line)] if line.isascii() and line.isdigit() else []
        id = next((match[1] for item in reversed(above) if (match := FIRST_LINE.match(item))), None)
        return id if id in self.campaign.sources else None

    @property
    def is_new(self) -> bool:
        return "id" not in self.path

    @property
    def id(self) -> str:
        return self.form_value("id") if self.is_new else self.path["id"]

    @cached_property
    def text(self) -> str:
        data = self.files.read(FILE)
        return "" if data is None else decoded(data)[0]

    @property
    def _sources(self) -> Any:
        return (parse(self.text) or {}) if self.text.strip() else {}

    @cached_property
    def fields(self) -> list[Field]:
        sources, words = self._sources, self.words
        if not self.is_new and self.id not in sources:
            raise LookupError(self.id)
        entry = sources.get(self.id) or {}
        form = Form(words, labels="key-source-", helps="help-source-")
        fields = form.fields(SourceEntry, entry, (self.id,), SHOWN_KEYS)
        for field in fields:
            # In the form of a new source, names have no id.
            field.name = f".{field.key_path[-1]}" if self.is_new else field.name
            field.is_advised = field.key_path[-1] in ADVISED_KEYS
            if field.is_advised and entry and not field.value:
                field.advice = words[f"source-no-{field.key_path[-1]}"]
        return fields

    @get("/sources/new")
    @get("/sources/{id}")
    def show(self) -> Response:
        show_on_fields(_problems(self.text), self.text, self.fields)
        return self.show_refused(NOT_REFUSED)

    def show_refused(self, refusal: Refused) -> Response:
        words, fields, cited = self.words, self.fields, set[str]()
        asked_by = self.form_value("for") or self.query_value("for")
        waiting_form = self.desk.waiting_form(asked_by)
        if self.is_new:
            message = refusal.context.get("wrong", "")
            id = Field("id", ("id",), "text", words["key-id"], words["source-id-help"], self.id, True, (), message)
            fields = [id, *fields]
        for page in self.campaign.pages.values():
            if any(note.to == self.path.get("id", "") for note in page.outline.notes):
                cited.add(page.where)
        return self.page(
            "source.html",
            refusal,
            id=self.path.get("id", ""),
            fields=fields,
            # The form that waits for a source.
            asked_by=asked_by if waiting_form else "",
            back=f"{waiting_form.return_url}?draft={asked_by}" if waiting_form else "",
            cited=sorted(cited),
            version=version_of(self.files.read(FILE)),
        )

    @post("/sources/new")
    @post("/sources/{id}")
    def save(self) -> Response:
        words, text, id, fields = self.words, self.text, self.id, self.fields
        edits = collect_edits(fields, self.form, "")
        self.refuse_changed(version_of(self.files.read(FILE)))
        message = words["source-name"] if self.is_new and not NAME.fullmatch(id) else ""
        if self.is_new and not message and id in self._sources:
            message = words["source-id-taken"]
        title = next(field for field in fields if field.key_path[-1] == "title")
        title.problem = "" if title.value else words["source-incomplete"]
        if message or title.problem:
            raise Refused(words["cannot-save"], wrong=message)
        if not edits:
            return self.go(f"/sources/{id}", NOTICE_UNCHANGED)
        start_text = text if text.strip() else "# What the facts rest on.\n"
        if self.is_new:  # a line to splice into
            start_text = f'{start_text.rstrip()}\n{id}:\n  title: ""\n'
        start_text = apply_edits(start_text, edits)
        if problems := [
            problem for problem in _problems(start_text) if not problem.is_note and problem not in _problems(text)
        ]:
            show_on_fields(problems, start_text, fields)
            raise Refused(" ".join(map(words.localise, problems)))
        title_of_save = words.say("did-source-added" if self.is_new else "did-source", name=title.value)
        saved = self.write(title_of_save, {FILE: Change(self.form_value("version"), start_text.encode())})
        if (draft := self.desk.waiting_form(self.form_value("for"))) is None:
            return self.go(f"/sources/{id}", saved)
        # The waiting contact gets the new source.
        values = [(key, id if key.endswith(".source") else value) for key, value in draft.typed.multi_items()]
        return self.go(f"{draft.return_url}?draft={self.desk.store_form(draft.return_url, FormData(values))}", saved)


def _problems(text: str) -> list[Problem]:
    return problems_in({FILE: text}, read_sources)
