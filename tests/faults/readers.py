"""Everything that reads what an editor types, each fed arbitrary bytes instead of a good file.

A reader only raises CampaignError, names existing lines, gives the same result twice, and pages escape the text.
tests/test_readers.py feeds them, `make faults` feeds them more, `make fuzz` as long as you like.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from PIL import Image

from campaign.checks.files import CONTENTS, check_files
from campaign.checks.source import check_source
from campaign.checks.structure import check_structure
from campaign.checks.words import check_words
from campaign.content import load
from campaign.content.contacts import ContactReader
from campaign.content.formats import shipped_formats
from campaign.content.glossary import read_glossary
from campaign.content.identity import read_identity
from campaign.content.languages import read_languages
from campaign.content.messages import read_messages
from campaign.content.pages import build_page, read_typed
from campaign.content.photos import read_photos
from campaign.content.posters import read_posters
from campaign.content.print_run import read_print_run
from campaign.content.settings import read_settings
from campaign.content.sources import read_sources
from campaign.content.trust import check_trust
from campaign.content.typed_numbers import dial_of, telephone_numbers
from campaign.document.reader import slugify
from campaign.document.safety import clean, is_safe
from campaign.exchange.contacts_table import read_table
from campaign.exchange.take_contacts import compare
from campaign.exchange.workbooks import read_sheet
from campaign.images.open import measure_picture, open_picture
from campaign.models.campaign import Campaign
from campaign.models.nodes import walk
from campaign.models.problem import CampaignError, Problem
from campaign.printing.art import read_drawing
from campaign.schema.yaml_reader import parse_yaml, read_text
from campaign.website.finished_text import with_numbers

DAY = date(2026, 11, 26)
PAGE, ART = "docs/en/about.md", "assets/posters/wash-your-hands/art.svg"


@dataclass(frozen=True)
class Desk:
    """A new campaign in a separate folder; readers write their input into its files."""

    root: Path

    @cached_property
    def good(self) -> Campaign:
        return load(self.root)[0]

    @cached_property
    def settings(self) -> Any:
        return read_settings(self.root, [])

    def feed(self, name: str, data: bytes) -> None:
        """Read data as the file that a reader is for, twice, and check the invariants of each reader.

        Raises:
            Exception: one that no reader may raise.
        """
        file, reader = READERS[name]
        _ = self.good, self.settings
        path = self.root / file
        before = path.read_bytes() if path.is_file() else None
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(data)
        try:
            first, second = (self._read(reader, file) for _ in range(2))
        finally:
            if before is None:
                path.unlink()
            else:
                path.write_bytes(before)
        assert repr(first) == repr(second)
        lines = len(re.split(rb"\r\n|\r|\n", data)) + 1
        for problem in first[1]:
            name, _, line = problem.where.rpartition(":")
            assert not (name == file and line.isdecimal()) or 1 <= int(line) <= lines, problem

    def _read(self, reader: Callable[[Desk, str, list[Problem]], object], file: str) -> tuple[object, list[Problem]]:
        problems: list[Problem] = []
        try:
            return reader(self, file, problems), problems
        except CampaignError as error:
            return None, list(error.problems)


def read_plain(desk: Desk, file: str, problems: list[Problem]) -> object:
    """Plain YAML."""
    text = read_text(desk.root / file, file, problems)
    return text is not None and parse_yaml(text, file, problems).plain()


def read_page(desk: Desk, file: str, problems: list[Problem]) -> object:
    """A page: its front matter, its tree with positions, its HTML, numbers as links."""
    path = desk.root / file
    raw = read_typed(desk.root, "en", path, problems)
    if raw is None:
        return None
    page = build_page(raw, "en", ("public",), shipped_formats(), None, True)
    size = path.stat().st_size
    document = page.document
    for node in walk((*document.blocks, *document.notes)):
        assert 0 <= node.start <= node.end <= size, node
    for fault in document.faults:
        assert 0 <= fault.start <= size, fault
    assert is_safe(document)
    html = with_numbers(clean(raw.body), partial(dial_of, dials={}), True)
    assert "<script" not in html
    return page, telephone_numbers(raw.body), slugify(raw.front.title)


def read_contacts(desk: Desk, _: str, problems: list[Problem]) -> object:
    words = desk.good.source_language.strings
    reader = ContactReader(desk.root, words, desk.good.sources, problems, DAY, ("en",), "en")
    result = reader.read_place("north", ("en",), "mkdocs.yml:1")
    for contact in result.contacts if result else ():
        for number in contact.numbers:
            assert re.fullmatch(r"\+?[0-9]+(,[0-9]+)?", number.dial), number
    return result


def read_rows(desk: Desk, file: str, _: list[Problem]) -> object:
    taking = compare(desk.good, read_table(desk.root / file))
    for text in taking.files().values():
        parse_yaml(text, file, [])
    return taking.differences, taking.by_hand, taking.files()


def read_first_sheet(desk: Desk, file: str, problems: list[Problem]) -> object:
    """A workbook, read here instead of in a separate process, which takes 0.2 s to start."""
    return read_sheet(desk.root / file, problems, "results", "phone")


def read_messages_of(desk: Desk, _: str, problems: list[Problem]) -> object:
    return read_messages(desk.root, desk.settings, desk.good.pages.values(), (), problems)


def read_own_settings(desk: Desk, _: str, problems: list[Problem]) -> object:
    problems += check_trust(desk.root)
    return read_settings(desk.root, problems)


def read_photo(desk: Desk, file: str, problems: list[Problem]) -> object:
    """The record of an existing photo."""
    there = (desk.root / file).with_suffix(".png")
    if not there.exists():
        Image.new("RGB", (9, 9)).save(there)
    return read_photos(desk.root, desk.settings, problems, DAY)


def look_at(desk: Desk, file: str, problems: list[Problem]) -> object:
    """A file whose content isn't text."""
    path = desk.root / file
    problems += CONTENTS[path.suffix](path, file)
    return None


def look_at_picture(desk: Desk, file: str, problems: list[Problem]) -> object:
    look_at(desk, file, problems)
    opened = open_picture(desk.root, desk.root / file, file, 64)
    return measure_picture(desk.root, desk.root / file, file), opened if isinstance(opened, Problem) else opened.size


def whole(desk: Desk, _: str, problems: list[Problem]) -> object:
    """Everything that a build reads and checks of a campaign, with this file in it."""
    campaign, result = load(desk.root)
    problems += [*result, *check_files(campaign), *check_source(campaign), *check_structure(campaign)]
    problems += check_words(campaign)
    return sorted(campaign.pages)


Reader = Callable[[Desk, str, list[Problem]], object]
# name -> the replaced file, and its reader.
READERS: dict[str, tuple[str, Reader]] = {
    "YAML": ("docs/_sources.yml", read_plain),
    "page": (PAGE, read_page),
    "settings": ("mkdocs.yml", read_own_settings),
    "sources": ("docs/_sources.yml", lambda desk, _, problems: read_sources(desk.root, problems)),
    "glossary": (
        "docs/_glossary.yml",
        lambda desk, _, problems: read_glossary(desk.root, ("en",), desk.good.sources, problems),
    ),
    "words": ("docs/en/_strings.yml", lambda desk, _, problems: read_languages(desk.root, desk.settings, problems)),
    "messages": ("docs/en/_messages.yml", read_messages_of),
    "look": ("assets/identity.yml", lambda desk, _, problems: read_identity(desk.root, problems)),
    "contacts": ("assets/contacts/north.yml", read_contacts),
    "table of contacts": ("table.csv", read_rows),
    "sheet": ("table.xlsx", read_first_sheet),
    "workbook of contacts": ("table.xlsx", read_rows),
    "print run": (
        "assets/print-run.yml",
        lambda desk, _, problems: read_print_run(desk.root, desk.good.pages, ("north",), shipped_formats(), problems),
    ),
    "poster": (
        "assets/posters/wash-your-hands/poster.yml",
        lambda desk, _, problems: read_posters(desk.root, problems),
    ),
    "photo": ("assets/photos/market.yml", read_photo),
    "drawing": (ART, lambda desk, file, _: read_drawing(desk.root / file, file)),
    "recording": ("docs/en/about.mp3", look_at),
    "picture": ("docs/en/map.png", look_at_picture),
    "font": (
        "assets/fonts/own.ttf",
        lambda desk, file, problems: problems.extend(CONTENTS[".ttf"](desk.root / file, file)),
    ),
    "whole page": (PAGE, whole),
    "whole contacts": ("assets/contacts/north.yml", whole),
    "whole settings": ("mkdocs.yml", whole),
    "whole words": ("docs/en/_strings.yml", whole),
}
# Readers of whole campaigns take a tenth of a second each time.
SLOW = tuple(name for name in READERS if name.startswith("whole"))
# Readers in a separate process: "sheet" reads the same bytes without one.
PROCESS_READERS = ("workbook of contacts",)
