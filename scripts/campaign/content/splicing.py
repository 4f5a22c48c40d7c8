"""Puts a sentence of one page into another, or takes one out, by whole lines; anything else is refused."""

from __future__ import annotations

from campaign.content.units import Unit, read_units, with_translations
from campaign.schema.yaml_edit import CannotEdit


def with_run_added(mine: bytes, before: Unit | None, theirs: bytes, unit: Unit) -> bytes:
    """A page with a sentence of another.

    Args:
        mine: the page.
        before: its sentence behind which the new one comes; None: it is the first.
        theirs: the other page.
        unit: its sentence, which comes with what stands between it and the one before: white space, a shortcode.

    Raises:
        CannotEdit: it cannot be put there by lines.
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
    """A page without one of its sentences.

    Raises:
        CannotEdit: it cannot be taken out by lines.
    """
    if unit.at < 0:
        raise CannotEdit(unit.kind)
    begin, end = _line(mine, unit)
    while mine[end : end + 1] == b"\n" and mine[:begin].endswith(b"\n\n"):
        end += 1
    kept = [each.text for each in read_units(mine).units if each.key != unit.key]
    return _compared(mine[:begin] + mine[end:], kept)


def come_along(data: bytes, unit: Unit) -> list[Unit]:
    """What stands in the lines of a sentence: the cells of a row come together."""
    if unit.at < 0:
        return [unit]
    begin, end = _line(data, unit)
    return [each for each in read_units(data).units if begin <= each.at < end]


def _line(data: bytes, unit: Unit) -> tuple[int, int]:
    """Where its first line begins, where its last one ends."""
    end = data.find(b"\n", unit.end)
    return data.rfind(b"\n", 0, unit.at) + 1, len(data) if end < 0 else end + 1


def _compared(new: bytes, wanted: list[str]) -> bytes:
    if [each.text for each in read_units(new).units] != wanted:
        raise CannotEdit(wanted[0] if wanted else "")
    return new
