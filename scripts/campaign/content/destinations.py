"""Where pictures go: the table of formats.py with the rows that mkdocs.yml adds, changes and takes out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from campaign.models.formats import DESTINATIONS, USES, Destination
from campaign.schema.yaml_reader import Fields, Value

KEYS = ("width", "height", "ending", "most_bytes", "quality", "baseline", "use", "clear", "public")
SIDES = ("top", "right", "bottom", "left")
SMALLEST, LARGEST = 16, 8000
LEAST_BYTES = 2_000
EXAMPLE = "Write `town-screen: {width: 1080, height: 1920}`."


def read_destinations(given: Value, where: str, problems: list, is_name, avoided: tuple[str, ...]) -> dict[str, Any]:
    """Destinations by name, sorted. given: what stands below `destinations:`; is_name: says what may be a folder."""
    found = dict(DESTINATIONS)
    top = Fields(given, where, problems)
    for name, value in top.keys.items():
        if not is_name(name):
            top.complain(value, f"`{name}` is not a plain name.", "Use lower-case letters, digits and hyphens.")
        elif any(word.lower() in name for word in avoided):
            top.complain(value, f"The name `{name}` holds a word to avoid.", "It is a folder's name: choose another.")
        elif (value.text or "").lower() in ("no", "false"):
            found.pop(name, None)
        elif value.keys is None:
            top.complain(value, f"`{name}` takes `key: value` lines, or `no`.", EXAMPLE)
        else:
            found[name] = _read(Fields(value, where, problems, KEYS), found.get(name))
    return {name: found[name] for name in sorted(found) if found[name] is not None}


def _read(own: Fields, known: Destination | None) -> Destination | None:
    changes = dict(_changes(own))
    if known is None and not {"width", "height"} <= set(changes):
        if not {"width", "height"} & set(own.keys):
            own.complain(own.value, "A destination has a width and a height.", EXAMPLE)
        return None
    return replace(known, **changes) if known else Destination(**changes)


def _changes(own: Fields) -> Iterator[tuple[str, object]]:
    limits = {
        "width": (SMALLEST, LARGEST),
        "height": (SMALLEST, LARGEST),
        "most_bytes": (LEAST_BYTES, 100_000_000),
        "quality": (30, 95),
    }
    for key, (least, most) in limits.items():
        number = own.number(key)
        if number is None:
            continue
        if not least <= number <= most or number != int(number):
            own.complain(own.keys[key], f"`{key}` is not a whole number from {least} to {most}.", "Change it.")
        else:
            yield key, int(number)
    ending, use = own.choice("ending", ("jpeg", "png")), own.choice("use", USES)
    if ending:
        yield "endings", (ending, ending)
    if use:
        yield "use", use
    for key, name in (("baseline", "is_baseline"), ("public", "is_public")):
        flag = own.flag(key)
        if flag is not None:
            yield name, flag
    if "clear" in own.keys:
        yield "clear", _clear(Fields(own.mapping("clear"), own.where, own.problems, SIDES))


def _clear(own: Fields) -> tuple[float, ...]:
    """Percent as typed, as shares; half of the picture has to be left for words."""
    shares = [(own.number(side) or 0) / 100 for side in SIDES]
    if min(shares) < 0 or shares[0] + shares[2] > 0.5 or shares[1] + shares[3] > 0.5:
        own.complain(own.value, "`clear` leaves too little of the picture.", "Keep half of its width and height.")
        return (0, 0, 0, 0)
    return tuple(shares)
