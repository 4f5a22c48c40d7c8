"""Compare a file in three versions: as adopted, upstream now, and ours."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from campaign.content.units import Unit, read_units, with_translations
from campaign.content.upstream_base import signature
from campaign.schema.yaml_edit import CannotEdit

# Least similarity of a changed sentence.
MIN_SIMILARITY = 0.5
KIND_CHANGED = "changed"
KIND_NEW = "new"
KIND_DELETED = "gone"
KIND_NEW_FILE = "new-file"
KIND_DELETED_FILE = "gone-file"
KIND_OTHER_FILE = "other-file"


@dataclass(frozen=True)
class Change:
    """A difference between upstream now and as adopted."""

    key: str
    kind: str
    language: str  # '' for all languages
    path: str  # below the language's folder; other files from the campaign's
    adopted_text: str = ""  # as adopted; '' if only its key is stored
    upstream_text: str = ""
    own_text: str = ""  # ours; '' if missing
    is_changed_here: bool = False  # whether the office changed it too
    position: int = 0  # position when adopted; target position of a new one
    unit: Unit | None = None
    own_unit: Unit | None = None
    previous_unit: Unit | None = None

    @property
    def name(self) -> str:
        """The path from the campaign's folder."""
        if self.kind == KIND_OTHER_FILE:
            return self.path
        return f"docs/{self.language}/{self.path}" if self.language else f"docs/{self.path}"


Changes = Iterator[Change]


def compare_sentences(
    base_texts: Sequence[str], now: Sequence[Unit], mine: Sequence[Unit], path: str, is_whole: bool
) -> Changes:
    """Return the changes of a page by the order of its sentences, without keys and language."""
    signatures, own_signatures = ([signature(unit, path, is_whole) for unit in units] for units in (now, mine))
    where = _places(base_texts, own_signatures)
    for opcode, start, end, first, last in difflib.SequenceMatcher(
        None, base_texts, signatures, autojunk=False
    ).get_opcodes():
        aligned = [*base_texts[:start], *(_text(base_texts, mine, where, index) for index in range(start, end))]
        place = start
        for index, to in _pairs(aligned, start, now, first, last) if opcode != "equal" else ():
            if index < 0:
                following = max((item for item in where[:place] if item is not None), default=-1) + 1
                if signatures[to] not in own_signatures[following : following + 1]:  # otherwise it is here already
                    previous_unit = mine[following - 1] if following else None
                    change = Change("", KIND_NEW, "", path, upstream_text=now[to].text, position=place, unit=now[to])
                    yield replace(change, previous_unit=previous_unit)
                continue
            place, is_present = index + 1, where[index]
            own_unit = mine[is_present] if is_present is not None else None
            is_ours = is_present is None or own_signatures[is_present] != base_texts[index]
            old_text = base_texts[index] if is_whole else own_unit.text if own_unit and not is_ours else ""
            own_text = own_unit.text if own_unit else ""
            if to < 0 and own_unit:
                yield Change("", KIND_DELETED, "", path, old_text, "", own_text, is_ours, index, own_unit=own_unit)
            elif to >= 0 and (is_present is None or own_signatures[is_present] != signatures[to]):
                yield Change(
                    "", KIND_CHANGED, "", path, old_text, now[to].text, own_text, is_ours, index, now[to], own_unit
                )


def _text(base_texts: Sequence[str], units: Sequence[Unit], where: Sequence[int | None], position: int) -> str:
    place = where[position]
    return units[place].text if place is not None else base_texts[position]


def _pairs(
    aligned: Sequence[str], position: int, units: Sequence[Unit], to: int, last: int
) -> Iterator[tuple[int, int]]:
    """Yield which sentence became which, by similarity; cells and front matter by order; -1 for none."""

    def is_similar(old_text: str, unit: Unit) -> bool:
        is_set = unit.kind == "cell" or unit.start < 0
        return is_set or difflib.SequenceMatcher(None, old_text, unit.text, autojunk=False).ratio() >= MIN_SIMILARITY

    pairs = []
    for place in range(position, len(aligned)):
        result = next((n for n in range(to, last) if is_similar(aligned[place], units[n])), None)
        if result is None:
            pairs.append(place)
            continue
        yield from ((-1, n) for n in range(to, result))
        yield place, result
        to = result + 1
    yield from ((-1, n) for n in range(to, last))
    yield from ((place, -1) for place in pairs)


def _places(base_texts: Sequence[str], own_signatures: Sequence[str]) -> list[int | None]:
    """Return where each adopted sentence is in ours; changed ones by order."""
    results: list[int | None] = [None] * len(base_texts)
    for opcode, start, end, first, last in difflib.SequenceMatcher(
        None, base_texts, own_signatures, autojunk=False
    ).get_opcodes():
        if opcode == "equal" or (opcode == "replace" and end - start == last - first):
            results[start:end] = range(first, last)
    return results


def compare_words(
    base_texts: Sequence[str], now: Sequence[Unit], units: Sequence[Unit], path: str, is_whole: bool
) -> Changes:
    """Return the changes of a file of strings by key, like compare_sentences."""
    line_numbers = {line.split(": ", 1)[0]: line_number for line_number, line in enumerate(base_texts) if ": " in line}
    own_units = {item.kind: item for item in units}
    for unit in now:
        line_number, own_unit = line_numbers.get(unit.kind), own_units.get(unit.kind)
        signed = signature(unit, path, is_whole)
        if (line_number is not None and base_texts[line_number] == signed) or (own_unit and own_unit.text == unit.text):
            continue
        if line_number is None and own_unit is None:
            yield Change("", KIND_NEW, "", path, upstream_text=unit.text, position=len(base_texts), unit=unit)
            continue
        is_ours = (
            line_number is None or own_unit is None or signature(own_unit, path, is_whole) != base_texts[line_number]
        )
        old_text = base_texts[line_number].split(": ", 1)[1] if is_whole and line_number is not None else ""
        own_text, kind = (own_unit.text if own_unit else ""), (KIND_CHANGED if line_number is not None else KIND_NEW)
        yield Change("", kind, "", path, old_text, unit.text, own_text, is_ours, line_number or 0, unit, own_unit)
    kinds = {unit.kind for unit in now}
    for kind, line_number in line_numbers.items():
        if kind not in kinds and kind in own_units:
            own = own_units[kind]
            is_ours = signature(own, path, is_whole) != base_texts[line_number]
            yield Change("", KIND_DELETED, "", path, own.text, "", own.text, is_ours, line_number, own_unit=own)


def with_sentence_added(data: bytes, line_numbers: Unit | None, upstream_data: bytes, unit: Unit) -> bytes:
    """Return a page with a sentence added after `previous_unit`, or raise CannotEdit. None is the top."""
    page, upstream_page = read_units(data), read_units(upstream_data)
    if unit.start < 0:
        return with_translations(page, {}, {unit.kind: unit.text})
    line, end = _line(upstream_data, unit)
    start = max(
        (_line(upstream_data, unit)[1] for unit in upstream_page.units if 0 <= unit.start < line),
        default=upstream_page.body,
    )
    related_texts = [item.text for item in related_units(upstream_data, unit)]
    position = _line(data, line_numbers)[1] if line_numbers and line_numbers.start >= 0 else page.body
    gap = b"" if not position or data[:position].endswith(b"\n") else b"\n"
    new = data[:position] + gap + upstream_data[start:end] + data[position:]
    place = sum(unit.start < position for unit in page.units)
    texts = [unit.text for unit in page.units]
    return _compared(new, texts[:place] + related_texts + texts[place:])


def without_sentence(data: bytes, unit: Unit) -> bytes:
    """Return a page without one of its sentences; raises CannotEdit like `with_sentence_added`."""
    if unit.start < 0:
        raise CannotEdit(unit.kind)
    start, end = _line(data, unit)
    while data[end : end + 1] == b"\n" and data[:start].endswith(b"\n\n"):
        end += 1
    texts = [item.text for item in read_units(data).units if item.key != unit.key]
    return _compared(data[:start] + data[end:], texts)


def related_units(data: bytes, unit: Unit) -> list[Unit]:
    """Return the units on a sentence's lines: cells of a row move together."""
    if unit.start < 0:
        return [unit]
    start, end = _line(data, unit)
    return [unit for unit in read_units(data).units if start <= unit.start < end]


def _line(data: bytes, unit: Unit) -> tuple[int, int]:
    end = data.find(b"\n", unit.end)
    return data.rfind(b"\n", 0, unit.start) + 1, len(data) if end < 0 else end + 1


def _compared(new: bytes, keys: list[str]) -> bytes:
    if [unit.text for unit in read_units(new).units] != keys:
        raise CannotEdit(keys[0] if keys else "")
    return new
