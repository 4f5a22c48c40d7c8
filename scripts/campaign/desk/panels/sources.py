"""Sources: what facts and numbers rest on, a form for each; which texts cite it."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from campaign.content.sources import FILE, read_sources
from campaign.desk.contact_file import show_on_fields
from campaign.desk.desk import Desk, one
from campaign.desk.files import Change, version_of
from campaign.desk.forms import Field, edits_of, form_fields
from campaign.desk.new_page import NAME
from campaign.models.problem import Problem
from campaign.schema.kinds import SourceEntry
from campaign.schema.yaml_splice import remove, said_by, set_value

SHOWN = ("title", "publisher", "date", "url", "short", "language", "read", "again")


def routes(desk: Desk) -> list[Route]:
    """The pages of this panel, to which those of contacts and texts lead."""
    panel = _Sources(desk)
    return [
        desk.get("/sources", panel.overview),
        desk.get("/sources/new", panel.show),
        desk.post("/sources/new", panel.save),
        desk.get("/sources/{id}", panel.show),
        desk.post("/sources/{id}", panel.save),
    ]


class _Sources:
    def __init__(self, desk: Desk) -> None:
        self.desk, self.workspace = desk, desk.workspace

    def overview(self, request: Request) -> Response:
        campaign = self.workspace.campaign
        rows = [
            (source, campaign.readings[id].read if id in campaign.readings else None)
            for id, source in campaign.sources.items()
        ]
        return self.desk.page(request, "sources.html", rows=rows)

    def show(self, request: Request) -> Response:
        text = self._text()
        return self._form(request, self._fields(request, text))

    def _form(
        self, request: Request, fields: list[Field], status: int = 200, message: str = "", name: str = ""
    ) -> Response:
        id = request.path_params.get("id", "")
        campaign = self.workspace.campaign
        cited = sorted(
            {page.where for page in campaign.pages.values() if any(each.to == id for each in page.outline.notes)}
        )
        return self.desk.page(
            request,
            "source.html",
            status,
            id=id,
            name=name,
            fields=fields,
            message=message,
            cited=cited,
            version=self._version(),
        )

    def _text(self) -> str:
        data = self.workspace.files.read(FILE)
        return "" if data is None else data.decode("utf-8")

    def _version(self) -> str:
        return version_of(self.workspace.files.read(FILE))

    def _fields(self, request: Request, text: str, id: str = "") -> list[Field]:
        id, words = id or request.path_params.get("id", ""), self.desk.words(request)
        known: Any = (said_by(text) or {}) if text.strip() else {}
        if "id" in request.path_params and id not in known:
            raise LookupError(id)
        typed: Mapping[str, Any] = known.get(id) or {}
        return form_fields(
            SourceEntry,
            typed,
            (id,),
            label=lambda key: words.get(f"key-source-{key}", key),
            explain=lambda key, told: words.get(f"help-source-{key}", told),
            choices={},
            only=SHOWN,
        )

    def save(self, request: Request, form: FormData) -> Response:
        words, text = self.desk.words(request), self._text()
        is_new = "id" not in request.path_params
        id = one(form, "id") if is_new else request.path_params["id"]
        fields = self._fields(request, text, id)
        # Of a new one the fields in the browser have no id in their names.
        for each in fields if is_new else ():
            each.name = f".{each.way[-1]}"
        edits = edits_of(fields, form, "")
        if one(form, "version") != self._version():
            return self._form(request, fields, 409, words["changed-underneath"], id)
        if is_new and (not NAME.fullmatch(id) or (text.strip() and id in said_by(text))):
            return self._form(request, fields, 422, words["source-id-taken"], id)
        made = text if text.strip() else "# What the facts rest on.\n"
        if is_new:  # a line to splice into, so that it is written as people write it
            made = f'{made.rstrip()}\n{id}:\n  title: ""\n'
        for edit in edits:
            made = remove(made, edit.way) if edit.value is None else set_value(made, edit.way, edit.value)
        problems = [each for each in _problems(made) if each.stops and each not in _problems(text)]
        if problems or not edits:
            show_on_fields(problems, made, fields)
            said = " ".join(f"{each.what} {each.fix}" for each in problems)
            return self._form(request, fields, 422, said or words["source-incomplete"], id)
        change = Change(one(form, "version"), made.encode())
        self.workspace.files.save(words.say("did-source", name=id), self.desk.you, {FILE: change})
        return self.desk.go(f"/sources/{id}")


def _problems(text: str) -> list[Problem]:
    problems: list[Problem] = []
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / FILE
        file.parent.mkdir()
        file.write_text(text, encoding="utf-8", newline="")
        read_sources(Path(folder), problems)
    return problems
