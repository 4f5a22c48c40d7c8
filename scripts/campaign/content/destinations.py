"""Where pictures are sent: the built-in destinations with the changes in mkdocs.yml."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from campaign.models.formats import DESTINATIONS, Destination
from campaign.models.problem import Problem
from campaign.schema.declaration import bind
from campaign.schema.kinds import Clear, DestinationRow
from campaign.schema.yaml_reader import Fields, Value

EXAMPLE = "Write `town-screen: {width: 1080, height: 1920}`."


def read_destinations(
    entries: Value, where: str, problems: list[Problem], is_name: Callable[[str], object], avoided: tuple[str, ...]
) -> dict[str, Destination]:
    """Return destinations by name, sorted. `is_name` tells valid folder names; no name may contain an avoided word."""
    results = dict(DESTINATIONS)
    top = Fields(entries, where, problems)
    for name, value in top.keys.items():
        if not is_name(name):
            fix = "Use lower-case letters, digits and hyphens."
            top.complain("name-not-plain", value, f"`{name}` is not a plain name.", fix)
        elif any(word.lower() in name for word in avoided):
            fix = "It is a folder's name: choose another."
            top.complain("name-to-avoid", value, f"The name `{name}` holds a word to avoid.", fix)
        elif (value.text or "").lower() in ("no", "false"):
            results.pop(name, None)
        elif value.keys is None:
            top.complain("value-not-lines", value, f"`{name}` takes `key: value` lines, or `no`.", EXAMPLE)
        elif row := _row(bind(DestinationRow, value, where, problems), results.get(name)):
            results[name] = row
    return {name: results[name] for name in sorted(results)}


def _row(own: DestinationRow, destination: Destination | None) -> Destination | None:
    changes = {name: value for name, value in _changes(own) if value is not None}
    if destination is None and not {"width", "height"} <= set(changes):
        if not own.has("width") and not own.has("height"):
            own.complain("destination-no-size", "", "A destination has a width and a height.", EXAMPLE)
        return None
    return replace(destination, **changes) if destination else Destination(**changes)


def _changes(own: DestinationRow) -> Iterator[tuple[str, Any]]:
    yield from (("width", own.width), ("height", own.height))
    yield from (("most_bytes", own.most_bytes), ("quality", own.quality), ("use", own.use))
    yield from (("is_baseline", own.baseline), ("is_public", own.public))
    yield "endings", (own.ending, own.ending) if own.ending else None
    yield "clear", _clear(own.clear) if own.clear else None


def _clear(own: Clear) -> tuple[float, ...]:
    shares = [(side or 0) / 100 for side in (own.top, own.right, own.bottom, own.left)]
    if min(shares) < 0 or shares[0] + shares[2] > 0.5 or shares[1] + shares[3] > 0.5:
        fix = "Keep half of its width and height."
        own.complain("destination-covered", "", "`clear` leaves too little of the picture.", fix)
        return (0, 0, 0, 0)
    return tuple(shares)
