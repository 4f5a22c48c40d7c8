"""The copies that the print shop makes: assets/print-run.yml, by piece, format, language and place."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path

from campaign.models.campaign import NATIONAL, PrintOrder
from campaign.models.formats import Format
from campaign.models.outputs import PRINT_SHOP
from campaign.models.page import Page
from campaign.models.problem import Problem, did_you_mean
from campaign.schema.declaration import bind
from campaign.schema.kinds import PrintRow
from campaign.schema.yaml_reader import EMPTY_VALUE, Fields, Value, read_yaml

FILE = "assets/print-run.yml"

MAX_COPIES = 10_000_000


def read_print_run(
    root: Path,
    pages: Mapping[tuple[str, str], Page],
    places: Collection[str],
    formats: Mapping[str, Format],
    problems: list[Problem],
) -> tuple[PrintOrder, ...]:
    """Return every line of the table."""
    if not (root / FILE).is_file():
        return ()
    return tuple(_Reader(pages, places, formats, problems).read(read_yaml(root / FILE, FILE, problems)))


class _Reader:
    def __init__(
        self,
        pages: Mapping[tuple[str, str], Page],
        places: Collection[str],
        formats: Mapping[str, Format],
        problems: list[Problem],
    ) -> None:
        self.places, self.formats, self.problems = tuple(places), formats, problems
        # Piece -> format -> language -> page.
        self.pieces: dict[str, dict[str, dict[str, Page]]] = {}
        for page in pages.values():
            for format in page.formats:
                self.pieces.setdefault(page.stem, {}).setdefault(format, {})[page.language] = page

    def read(self, root: Value) -> Iterator[PrintOrder]:
        for piece, value in self._allowed_values(root, self.pieces, "No page is printed as `{}`."):
            formats = self.pieces[piece]
            for format, row in self._allowed_values(value, formats, f"`{piece}` is not printed as `{{}}`."):
                if PRINT_SHOP not in self.formats[format].flavours:
                    self._complain("print-run-unknown", row, f"No print shop makes `{format}`.", "Take it out.")
                    continue
                print_row = bind(PrintRow, row, FILE, self.problems)
                declared_copies = print_row.copies or EMPTY_VALUE
                message = f"There is no `{piece}` as {format} in `{{}}`."
                for language, copies in self._allowed_values(declared_copies, formats[format], message):
                    page = formats[format][language]
                    for place, count in self._counts(copies, page, format):
                        yield PrintOrder(piece, format, language, place, count, print_row.paper)

    def _counts(self, copies: Value, page: Page, format: str) -> Iterator[tuple[str | None, int]]:
        """Yield the place (None for the whole country) and copies of one language."""
        if copies.keys is None:
            count = self._count(copies)
            if count:
                yield None, count
            return
        places = (NATIONAL, *(self.places if self.formats[format].has_places and page.options.has_places else ()))
        for place, value in self._allowed_values(copies, places, f"`{page.stem}` as {format} is not made for `{{}}`."):
            count = self._count(value)
            if count:
                yield None if place == NATIONAL else place, count

    def _count(self, value: Value) -> int:
        raw = value.text or ""
        if re.fullmatch(r"\d{1,8}", raw) and int(raw) <= MAX_COPIES:
            return int(raw)
        self._complain("value-not-number", value, f"`{raw}` is no number of copies.", "Write digits only, as in 500.")
        return 0

    def _allowed_values(self, value: Value, allowed: Collection[str], text: str) -> Iterator[tuple[str, Value]]:
        for name, key in Fields(value, FILE, self.problems).keys.items():
            if name in allowed:
                yield name, key
                continue
            fix = did_you_mean(name, allowed, f"Choose from: {', '.join(sorted(allowed))}.")
            self._complain("print-run-unknown", key, text.format(name), fix)

    def _complain(self, rule: str, value: Value, message: str, fix: str) -> None:
        self.problems.append(Problem(rule, f"{FILE}:{value.line}", message, fix))
