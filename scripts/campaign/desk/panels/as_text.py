"""Files as text: the fallback for what no form can show."""

from __future__ import annotations

from functools import cached_property

from starlette.responses import Response

from campaign.content.settings import read_settings
from campaign.content.trust import hide_secrets, put_back_secrets
from campaign.desk.dry_check import folder_with
from campaign.desk.files import SETTINGS, Change, version_of
from campaign.desk.fix_urls import UNREADABLE, is_written
from campaign.desk.naming import file_name
from campaign.desk.page_file import PageFile
from campaign.desk.panel import NOT_REFUSED, NOTICE_UNCHANGED, Panel, Refused, get, post
from campaign.desk.panels.texts import differences
from campaign.desk.words import EntityName
from campaign.models.problem import CampaignError, Problem
from campaign.schema.yaml_reader import parse_yaml


class AsText(Panel):
    @cached_property
    def file(self) -> PageFile:
        name = self.path["name"]
        data = self.files.read(name) if is_written(name) else None
        if data is None:
            raise LookupError(name)
        return PageFile.of(name, data)

    @get("/file/{name:path}")
    def show(self) -> Response:
        return self.show_refused(NOT_REFUSED)

    def show_refused(self, refusal: Refused) -> Response:
        file, hidden_text, is_changed = self.file, hide_secrets(self.file.text), refusal.status == 409
        text = refusal.message or hidden_text[0]
        faults = faults_of(file.name, put_back_secrets(text, hidden_text[1]))
        problems = faults or self._file_problems(file.name)
        line_number = self.query_value("line")
        line_numbers = [problem.where.rpartition(":")[2] for problem in problems]
        line = next(
            (item for item in (line_number if not faults else "", *line_numbers) if item.isdecimal() and len(item) < 7),
            "",
        )
        lines = text.split("\n")
        return self.page(
            "file.html",
            refusal.status,
            file=file,
            name=file_name(self.readable, self.words, file.name),
            text=text,
            problems=problems,
            is_broken=bool(faults),
            line=line,
            quoted=lines[int(line) - 1] if line and 0 < int(line) <= len(lines) else "",
            hidden=hidden_text[1],
            theirs=hidden_text[0] if is_changed else "",
            differs=list(differences(hidden_text[0], text)) if is_changed else [],
        )

    def _file_problems(self, name: str) -> list[Problem]:
        _ = self.readable  # reads it again, so that fixed problems are no longer reported
        error = self.workspace.read_error
        if error is None:
            return self.workspace.problems_of(name)
        return [problem for problem in error.problems if problem.file == name]

    @post("/file/{name:path}")
    def save(self) -> Response:
        file, words, raw = self.file, self.words, str(self.form.get("text", "")).replace("\r\n", "\n")
        text_with_secrets = put_back_secrets(raw, hide_secrets(file.text)[1])
        data = file.encoded(text_with_secrets)
        if self.form_value("version") != file.version or faults_of(file.name, text_with_secrets):
            raise Refused(raw, 409 if self.form_value("version") != file.version else 422)
        if version_of(data) == file.version:
            return self.go(f"/file/{file.name}", NOTICE_UNCHANGED)
        title = words.say(
            "did-mend", name=EntityName.by(file_name(self.readable, words, file.name), f"file:{file.name}")
        )
        return self.go(f"/file/{file.name}", self.write(title, {file.name: Change(file.version, data)}))


def faults_of(name: str, text: str) -> list[Problem]:
    """Return why a file would be unreadable. Problems in a page's text don't prevent saving it."""
    problems: list[Problem] = []
    if not name.endswith((".yml", ".yaml")):
        return []
    value = parse_yaml(text, name, problems)
    if not problems and value.keys is None:
        message, fix = "Lines of `key: value` are expected here.", "Write one key a line."
        problems = [Problem("value-not-lines", f"{name}:{value.line}", message, fix)]
    if name == SETTINGS and not problems:
        with folder_with({name: text}) as folder:
            try:
                read_settings(folder, [])
            except CampaignError as error:
                return [*error.problems]
    return [problem for problem in problems if problem.id in UNREADABLE]
