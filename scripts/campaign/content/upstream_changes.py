"""Compare a file in three versions: as adopted, upstream now, and ours."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from campaign.content.units import Unit, read_units, with_translations
from campaign.content.upstream_base import sign
from campaign.schema.yaml_edit import CannotEdit

# Least similarity of a changed sentence.
MIN_SIMILARITY = 0.5
CHANGED, NEW, GONE, NEW_FILE, GONE_FILE, OTHER_FILE = "changed", "new", "gone", "new-file", "gone-file", "other-file"


@dataclass(frozen=True)
class Change:
    """A difference between upstream now and as adopted."""

    key: str
    kind: str
    language: str  # '' for all languages
    path: str  # below the language's folder; other files from the campaign's
    then: str = ""  # as adopted; '' if only its key is stored
    now: str = ""
    mine: str = ""  # ours; '' if missing
    is_ours: bool = False  # whether the office changed it too
    at: int = 0  # position when adopted; target position of a new one
    unit: Unit | None = None
    own: Unit | None = None
    before: Unit | None = None

    @property
    def name(self) -> str:
        """The path from the campaign's folder."""
        if self.kind == OTHER_FILE:
            return self.path
        return f"docs/{self.language}/{self.path}" if self.language else f"docs/{self.path}"


Compared = Iterator[Change]


def compare_sentences(
    then: Sequence[str], now: Sequence[Unit], mine: Sequence[Unit], path: str, is_whole: bool
) -> Compared:
    """Return the changes of a page by the order of its sentences, without keys and language."""
    signs, ours = ([sign(unit, path, is_whole) for unit in units] for units in (now, mine))
    where = _places(then, ours)
    for what, begin, end, first, last in difflib.SequenceMatcher(None, then, signs, autojunk=False).get_opcodes():
        told = [*then[:begin], *(_text(then, mine, where, at) for at in range(begin, end))]
        place = begin
        for at, to in _pairs(told, begin, now, first, last) if what != "equal" else ():
            if at < 0:
                following = max((each for each in where[:place] if each is not None), default=-1) + 1
                if signs[to] not in ours[following : following + 1]:  # otherwise it is here already
                    before = mine[following - 1] if following else None
                    yield Change("", NEW, "", path, now=now[to].text, at=place, unit=now[to], before=before)
                continue
            place, stands = at + 1, where[at]
            own = mine[stands] if stands is not None else None
            is_ours = stands is None or ours[stands] != then[at]
            said = then[at] if is_whole else own.text if own and not is_ours else ""
            mine_now = own.text if own else ""
            if to < 0 and own:
                yield Change("", GONE, "", path, said, "", mine_now, is_ours, at, own=own)
            elif to >= 0 and (stands is None or ours[stands] != signs[to]):
                yield Change("", CHANGED, "", path, said, now[to].text, mine_now, is_ours, at, now[to], own)


def _text(then: Sequence[str], mine: Sequence[Unit], where: Sequence[int | None], at: int) -> str:
    place = where[at]
    return mine[place].text if place is not None else then[at]


def _pairs(told: Sequence[str], at: int, now: Sequence[Unit], to: int, last: int) -> Iterator[tuple[int, int]]:
    """Yield which sentence became which, by similarity; cells and front matter by order; -1 for none."""

    def is_like(before: str, unit: Unit) -> bool:
        is_set = unit.kind == "cell" or unit.at < 0
        return is_set or difflib.SequenceMatcher(None, before, unit.text, autojunk=False).ratio() >= MIN_SIMILARITY

    gone = []
    for place in range(at, len(told)):
        found = next((n for n in range(to, last) if is_like(told[place], now[n])), None)
        if found is None:
            gone.append(place)
            continue
        yield from ((-1, n) for n in range(to, found))
        yield place, found
        to = found + 1
    yield from ((-1, n) for n in range(to, last))
    yield from ((place, -1) for place in gone)


def _places(then: Sequence[str], ours: Sequence[str]) -> list[int | None]:
    """Return where each adopted sentence is in ours; changed ones by order."""
    found: list[int | None] = [None] * len(then)
    for what, begin, end, first, last in difflib.SequenceMatcher(None, then, ours, autojunk=False).get_opcodes():
        if what == "equal" or (what == "replace" and end - begin == last - first):
            found[begin:end] = range(first, last)
    return found


def compare_words(
    then: Sequence[str], now: Sequence[Unit], mine: Sequence[Unit], path: str, is_whole: bool
) -> Compared:
    """Return the changes of a file of strings by key, like compare_sentences."""
    before = {line.split(": ", 1)[0]: at for at, line in enumerate(then) if ": " in line}
    own = {each.kind: each for each in mine}
    for unit in now:
        at, ours = before.get(unit.kind), own.get(unit.kind)
        signed = sign(unit, path, is_whole)
        if (at is not None and then[at] == signed) or (ours and ours.text == unit.text):
            continue
        if at is None and ours is None:
            yield Change("", NEW, "", path, now=unit.text, at=len(then), unit=unit)
            continue
        is_ours = at is None or ours is None or sign(ours, path, is_whole) != then[at]
        said = then[at].split(": ", 1)[1] if is_whole and at is not None else ""
        mine_now, kind = (ours.text if ours else ""), (CHANGED if at is not None else NEW)
        yield Change("", kind, "", path, said, unit.text, mine_now, is_ours, at or 0, unit, ours)
    there = {unit.kind for unit in now}
    for kind, at in before.items():
        if kind not in there and kind in own:
            is_ours = sign(own[kind], path, is_whole) != then[at]
            yield Change("", GONE, "", path, own[kind].text, "", own[kind].text, is_ours, at, own=own[kind])


def with_run_added(mine: bytes, before: Unit | None, theirs: bytes, unit: Unit) -> bytes:
    """Return a page with another page's sentence inserted after the sentence `before` (None for the top).

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
    """Return a page without one of its sentences; raises CannotEdit like `with_run_added`."""
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
    if [unit.text for unit in read_units(new).units] != wanted:
        raise CannotEdit(wanted[0] if wanted else "")
    return new
