"""Check a contacts file before it is saved, and show the problems at its form's fields."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

from campaign.content import clock
from campaign.content.contacts import FOLDER, ContactReader, read_places
from campaign.content.places import PlaceLine
from campaign.desk.contact_file import ContactFile
from campaign.desk.files import SETTINGS
from campaign.desk.forms import Field
from campaign.desk.trial import new_problems
from campaign.models.campaign import Campaign
from campaign.models.problem import Problem
from campaign.schema.yaml_reader import Value, parse_yaml
from campaign.schema.yaml_splice import KeyPath


def check_contacts(campaign: Campaign, file: ContactFile, text: str) -> list[Problem]:
    """Return the problems that stop a build after a change to a contacts file and didn't before."""
    return new_problems(lambda said: _problems(campaign, file, said), file.text, text)


def _problems(campaign: Campaign, file: ContactFile, text: str) -> list[Problem]:
    problems: list[Problem] = []
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        shutil.copytree(campaign.root / FOLDER, root / FOLDER)
        (root / file.name).write_text(text, encoding="utf-8", newline="")
        reader = ContactReader(
            root,
            campaign.source_language.strings,
            campaign.sources,
            problems,
            clock.now().date(),
            tuple(campaign.languages),
            campaign.source_language.code,
            campaign.country,
        )
        reader.read_national()
        # Places keep their own data, which may be in a table.
        rows = {
            code: PlaceLine(code, each.names, each.iso, each.column, each.row, each.region, each.where)
            for code, each in campaign.places.items()
        }
        read_places(reader, tuple(campaign.places), tuple(campaign.languages), SETTINGS, rows)
    return [each for each in problems if each.stops and each.where.partition(":")[0] == file.name]


def show_on_fields(problems: Sequence[Problem], text: str, fields: Sequence[Field]) -> None:
    """Attach each problem to the field on its line, or to the one whose key it names."""
    value = parse_yaml(text, "", [])
    for problem in problems:
        line = problem.where.rpartition(":")[2]
        on_line = [each for each in fields if str(_line(value, each.way)) == line]
        named = [each for each in fields if f"`{each.way[-1]}`" in problem.what + problem.fix]
        # A missing key has no line.
        ui_language = [each for each in named if each in on_line or not _line(value, each.way)]
        for each in (ui_language or on_line)[:1]:
            each.problem = problem


def _line(value: Value, way: KeyPath) -> int:
    for step in way:
        inner: Value | None
        if isinstance(step, int):
            inner = value.items[step] if value.items and step < len(value.items) else None
        else:
            inner = (value.keys or {}).get(step)
        if inner is None:
            return 0
        value = inner
    return value.line
