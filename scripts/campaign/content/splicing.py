"""Insert a sentence of one page into another, or remove one, by whole lines; anything else is refused."""

from __future__ import annotations

from campaign.content.units import Unit, read_units, with_translations
from campaign.schema.yaml_edit import CannotEdit


def with_run_added(mine: bytes, before: Unit | None, theirs: bytes, unit: Unit) -> bytes:
    """Return a page with another page's sentence after one of its own (`before`, None for the top).

    Raises:
        CannotEdit: it isn't possible by whole lines.
    """
    page, other = read_units(mine), read_units(theirs)
    if unit.at < 0:
        return with_translations(page, {}, {unit.kind: unit.text})
    line, end = _line(theirs, unit)
    begin = max((_line(theirs, each)[1] for each in other.units if 0 <= each.at < line), default=other.body)
    come = [each.text for each in come_along(theirs, unit)]
    at = _line(mine, before)[1] if before and before.at >= 0 else page.body
    gap = b"" if not at or mine[:at].endswith(b"\n") else b"\n"
    new = mine[:at] + gap + theirs[begin:end] + mine[at:]
    place = sum(each.at < at for each in page.units)
    said = [each.text for each in page.units]
    return _compared(new, said[:place] + come + said[place:])


def without_run(mine: bytes, unit: Unit) -> bytes:
    """Return a page without one of its sentences.

    Raises:
        CannotEdit: it isn't possible by whole lines.
    """
    if unit.at < 0:
        raise CannotEdit(unit.kind)
    begin, end = _line(mine, unit)
    while mine[end : end + 1] == b"\n" and mine[:begin].endswith(b"\n\n"):
        end += 1
    kept = [each.text for each in read_units(mine).units if each.key != unit.key]
    return _compared(mine[:begin] + mine[end:], kept)


def come_along(data: bytes, unit: Unit) -> list[Unit]:
    """Return the units on a sentence's lines: cells of a row move together."""
    if unit.at < 0:
        return [unit]
    begin, end = _line(data, unit)
    return [each for each in read_units(data).units if begin <= each.at < end]


def _line(data: bytes, unit: Unit) -> tuple[int, int]:
    end = data.find(b"\n", unit.end)
    return data.rfind(b"\n", 0, unit.at) + 1, len(data) if end < 0 else end + 1


def _compared(new: bytes, wanted: list[str]) -> bytes:
    if [each.text for each in read_units(new).units] != wanted:
        raise CannotEdit(wanted[0] if wanted else "")
    return new
