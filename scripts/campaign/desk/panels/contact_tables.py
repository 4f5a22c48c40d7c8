"""Contacts from an office's table: its columns, all of its problems, and what would change before anything does."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import groupby
from pathlib import Path
from time import time
from urllib.parse import urlencode

from starlette.responses import Response

from campaign.cache.atomic import WORK, write_whole
from campaign.cache.regular_files import read_regular
from campaign.content.writing import encoded_like, read_text
from campaign.desk.contact_fields import check_contact_files
from campaign.desk.files import Change, version_of
from campaign.desk.panel import NOTICE_UNCHANGED, Panel, Refused, get, post
from campaign.exchange.contacts_table import COLUMNS, read_table
from campaign.exchange.foreign_table import (
    AREA,
    IGNORED,
    ForeignTable,
    is_ours,
    known_columns,
    open_foreign_table,
    read_foreign_rows,
    remember_columns,
)
from campaign.exchange.tables import ENDINGS, MAX_BYTES, refusal
from campaign.exchange.take_contacts import TableChanges, compare
from campaign.models.problem import CampaignError, Problem

# Uploaded tables before they are taken over.
UPLOADS = f"{WORK}/desk/tables"
UPLOAD_MAX_AGE_S = 24 * 3600
UPLOAD_NAME = re.compile(r"[0-9a-f]{20}-([a-z0-9-]{1,60}\.[a-z]{3,4})")


@dataclass(frozen=True)
class _Preview:
    """The changes that a table would make. `table` is None if it has the columns of `campaign contacts give`."""

    table: ForeignTable | None
    problems: Sequence[Problem] = ()
    changes: TableChanges | None = None

    @property
    def version(self) -> str:
        """A hash of the changed files before and after."""
        texts = self.changes.texts.items() if self.changes else ()
        return sha256(repr([(name, text.before, text.changed()) for name, text in texts]).encode()).hexdigest()[:20]


class ContactTables(Panel):
    @get("/contacts/table")
    def choose(self) -> Response:
        return self.show_refused(Refused("", 200))

    def show_refused(self, refusal: Refused) -> Response:
        if "kept" in self.path:
            return self._show(refusal)
        return self.page(
            "contact-table-new.html", refusal, endings=", ".join(ENDINGS), megabytes=MAX_BYTES // 1_000_000
        )

    @post("/contacts/table")
    def receive(self) -> Response:
        upload, words, folder = self.upload, self.words, self.root / UPLOADS
        if upload is None:
            raise Refused(words["table-choose"])
        self._remove_old(folder)
        with self.workspace.received(upload.filename, upload.file) as file:
            try:
                if file.suffix not in ENDINGS:
                    raise refusal(file, "The file is no table.", "Save it as XLSX, ODS or CSV.")
                is_ours(file)
            except CampaignError as error:
                raise Refused(words["table-refused"], problems=_of_upload(error.problems, file)) from None
            data = read_regular(file, MAX_BYTES)
            name = f"{sha256(data).hexdigest()[:20]}-{file.name}"
            write_whole(folder / name, data)
        return self.go(f"/contacts/table/{name}")

    @staticmethod
    def _remove_old(folder: Path) -> None:
        for old in folder.iterdir() if folder.is_dir() else ():
            if old.stat().st_mtime < time() - UPLOAD_MAX_AGE_S:
                old.unlink(missing_ok=True)

    @property
    def file(self) -> Path:
        """The uploaded table."""
        path = self.root / UPLOADS / str(self.path["kept"])
        if not (UPLOAD_NAME.fullmatch(path.name) and path.is_file()):
            raise LookupError(path.name)
        return path

    @property
    def file_name(self) -> str:
        """The name that the table was uploaded with."""
        match = UPLOAD_NAME.fullmatch(self.file.name)
        return match[1] if match else self.file.name

    @property
    def source(self) -> str:
        """The source of rows that name none."""
        source = self.query_value("source")
        return source if source in self.campaign.sources else ""

    def _preview(self, chosen: Mapping[str, str]) -> _Preview:
        """Read the table; `chosen` are columns of this request."""
        file, campaign = self.file, self.campaign
        table = None if is_ours(file) else open_foreign_table(file, chosen, known_columns(self.root))
        if table and table.problems:
            return _Preview(table, table.problems)
        try:
            rows = read_foreign_rows(table, campaign, self.source) if table else read_table(file)
        except CampaignError as error:
            return _Preview(table, error.problems)
        changes = compare(campaign, rows)
        before = {name: text.before for name, text in changes.texts.items()}
        return _Preview(table, check_contact_files(campaign, before, before | changes.files()), changes)

    @get("/contacts/table/{kept}")
    def show(self) -> Response:
        return self._show(Refused("", 200))

    def _show(self, refusal: Refused) -> Response:
        words, preview = self.words, refusal.context.get("preview") or self._preview({})
        differences = preview.changes.differences if preview.changes else []
        changed = [item for item in differences if not item.is_new]
        return self.page(
            "contact-table.html",
            refusal.status,
            message=refusal.message,
            problems=self._grouped(_of_upload(preview.problems, self.file, self.file_name)),
            name=self.file_name,
            here=f"contacts/table/{self.file.name}",
            columns=list(preview.table.columns.items()) if preview.table else [],
            choices=[
                (IGNORED, words["table-left-out"]),
                *((column, self._column_name(column)) for column in (*COLUMNS, AREA)),
            ],
            sources=[(id, f"{source.title} ({id})") for id, source in self.campaign.sources.items()],
            source=self.source,
            asked_query=f"?{urlencode({'source': self.source})}" if self.source else "",
            added=[item for item in differences if item.is_new],
            changed=[(id, [*rows]) for id, rows in groupby(changed, key=lambda item: item.id)],
            column_name=self._column_name,
            by_hand=preview.changes.by_hand if preview.changes else [],
            kept=preview.changes.kept if preview.changes else [],
            count=sum(not item.message for item in differences),
            is_read=preview.changes is not None and not preview.problems,
            version=preview.version,
        )

    def _grouped(self, problems: Sequence[Problem]) -> list[Problem]:
        """Return each problem once, with all of its rows."""
        rows: dict[Problem, list[str]] = {}
        for item in problems:
            name, _, row = item.where.rpartition(":")
            rows.setdefault(replace(item, where=name or item.where), []).append(row if name else "")
        return [self._at_rows(item, numbers) for item, numbers in rows.items()]

    def _at_rows(self, problem: Problem, rows: Sequence[str]) -> Problem:
        if not rows[0]:
            return problem
        return replace(problem, where=self.words.say("table-rows", name=problem.where, rows=", ".join(rows)))

    def _column_name(self, column: str) -> str:
        """Return a column's name in the desk's language; `column` may follow a number and a colon."""
        prefix, colon, name = column.rpartition(": ")
        key = f"key-{name.replace(' ', '-')}"
        return f"{prefix}{colon}{self.words.get(key, name)}"

    @post("/contacts/table/{kept}/columns")
    def map(self) -> Response:
        """Read the table with the columns that were chosen, and remember them."""
        source, chosen = self.form_value("source"), self._chosen()
        if chosen:
            table = open_foreign_table(self.file, chosen, {})
            if table.problems:
                raise Refused(self.words["table-columns-wrong"], preview=_Preview(table, table.problems))
            remember_columns(self.root, table.columns)
        query = f"?{urlencode({'source': source})}" if source else ""
        return self.go(f"/contacts/table/{self.file.name}{query}#changes")

    def _chosen(self) -> dict[str, str]:
        headings, columns = self.form.getlist("heading"), self.form.getlist("column")
        return {str(heading): str(column) for heading, column in zip(headings, columns, strict=False)}

    @post("/contacts/table/{kept}/take")
    def take(self) -> Response:
        """Change the files, if they are still the ones that the preview showed."""
        preview = self._preview({})
        if preview.problems or preview.changes is None:
            raise Refused(self.words["table-refused"], preview=preview)
        if self.form_value("version") != preview.version:
            raise Refused(self.words["table-changed-since"], 409, preview=preview)
        changes = self._changes(preview.changes)
        title = self.words.say("did-table", name=self.file_name)
        saved = self.write(title, changes) if changes else NOTICE_UNCHANGED
        self.file.unlink(missing_ok=True)
        return self.go("/contacts", saved)

    def _changes(self, table_changes: TableChanges) -> dict[str, Change]:
        results = {}
        for name, text in table_changes.files().items():
            path = self.files.path(name)
            data = path.read_bytes()
            if read_text(path) != table_changes.texts[name].before:
                raise Refused(self.words["table-changed-since"], 409)
            results[name] = Change(version_of(data), encoded_like(data, text))
        return results


def _of_upload(problems: Sequence[Problem], file: Path, name: str = "") -> list[Problem]:
    """Return problems at the table's own name, without the folder that the desk keeps it in."""
    return [replace(item, where=item.where.replace(str(file), name or file.name)) for item in problems]
