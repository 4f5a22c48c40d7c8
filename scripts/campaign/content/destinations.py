"""Destinations of pictures (the built-in ones with changes) and packs for partners, in mkdocs.yml."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from typing import Any

from campaign.models.campaign import Pack
from campaign.models.formats import DESTINATIONS, PHONE, Destination
from campaign.models.outputs import OFFICE, PHOTOCOPY
from campaign.models.problem import Problem
from campaign.schema.declaration import bind
from campaign.schema.kinds import Clear, DestinationRow, PackRow
from campaign.schema.yaml_reader import Fields, Value

EXAMPLE = "Write `town-screen: {width: 1080, height: 1920}`."


def read_destinations(
    entries: Value, where: str, problems: list[Problem], is_name: Callable[[str], object], avoided: tuple[str, ...]
) -> dict[str, Destination]:
    """Return destinations by name, sorted. `is_name` accepts valid folder names, which contain no avoided word."""
    results = dict(DESTINATIONS)
    top = Fields(entries, where, problems)
    for name, value in top.keys.items():
        if not is_name(name):
            fix = "Use lower-case letters, digits and hyphens."
            top.complain("name-not-plain", value, f"`{name}` is not a plain name.", fix)
        elif any(word.lower() in name for word in avoided):
            fix = "It is a folder's name: choose another."
            top.complain("name-to-avoid", value, f"The name `{name}` contains a word to avoid.", fix)
        elif (value.text or "").lower() in ("no", "false"):
            results.pop(name, None)
        elif value.keys is None:
            top.complain("value-not-lines", value, f"`{name}` takes `key: value` lines, or `no`.", EXAMPLE)
        elif row := _row(bind(DestinationRow, value, where, problems), results.get(name)):
            results[name] = row
    return {name: results[name] for name in sorted(results)}


def _row(destination_row: DestinationRow, destination: Destination | None) -> Destination | None:
    changes = {name: value for name, value in _changes(destination_row) if value is not None}
    if destination is None and not {"width", "height"} <= set(changes):
        if not destination_row.has("width") and not destination_row.has("height"):
            destination_row.complain("destination-no-size", "", "A destination has a width and a height.", EXAMPLE)
        return None
    return replace(destination, **changes) if destination else Destination(**changes)


def _changes(destination_row: DestinationRow) -> Iterator[tuple[str, Any]]:
    yield from (("width", destination_row.width), ("height", destination_row.height))
    yield from (
        ("most_bytes", destination_row.most_bytes),
        ("quality", destination_row.quality),
        ("use", destination_row.use),
    )
    yield from (("is_baseline", destination_row.baseline), ("is_public", destination_row.public))
    yield "endings", (destination_row.ending, destination_row.ending) if destination_row.ending else None
    yield "clear", _clear(destination_row.clear) if destination_row.clear else None


def _clear(clear: Clear) -> tuple[float, ...]:
    shares = [(side or 0) / 100 for side in (clear.top, clear.right, clear.bottom, clear.left)]
    if min(shares) < 0 or shares[0] + shares[2] > 0.5 or shares[1] + shares[3] > 0.5:
        fix = "Keep half of its width and height."
        clear.complain("destination-covered", "", "`clear` leaves too little of the picture.", fix)
        return (0, 0, 0, 0)
    return tuple(shares)


def read_packs(
    entries: Value,
    where: str,
    problems: list[Problem],
    is_name: Callable[[str], object],
    audiences: tuple[str, ...],
    destinations: Collection[str],
) -> dict[str, Pack]:
    """Return packs by name, in the order of the file `where`. `is_name` accepts valid folder names."""
    top, result = Fields(entries, where, problems), {}
    for name, value in top.keys.items():
        if not is_name(name):
            message = f"`{name}` is not a plain name."
            top.complain("name-not-plain", value, message, "Use lower-case letters, digits and hyphens.")
            continue
        row = bind(PackRow, value, where, problems)
        audience_names = row.audiences or ((name,) if name in audiences else ())
        pictures = (PHONE,) if row.pictures is None else row.pictures
        for key, values, allowed in (("for", audience_names, audiences), ("pictures", pictures, destinations)):
            for item in values:
                if item not in allowed:
                    fix = f"Choose from: {', '.join(allowed)}."
                    row.complain("value-unknown", key, f"`{item}` isn't a valid value of `{key}`.", fix)
        printers = row.printers or (OFFICE, PHOTOCOPY)
        has_site = OFFICE in printers if row.site is None else row.site
        result[name] = Pack(name, audience_names, printers, pictures, bool(row.press_kit), has_site)
    return result or {name: Pack(name, (name,)) for name in audiences}
