"""`formats:` of a page: names, and with `or:` other formats for a text that doesn't fit."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import msgspec

from campaign.cache.atomic import WORK, work_folder, write_whole
from campaign.models.campaign import Campaign
from campaign.models.formats import Format
from campaign.models.page import Page
from campaign.schema.kinds import PageFront
from campaign.schema.yaml_reader import Value

# The formats that the last build or check chose.
FILE = "formats.json"
OR = "or"


def read_page_formats(front: PageFront, known: Mapping[str, Format]) -> tuple[tuple[str, ...], ...]:
    """Return the known formats: of each, its name and those to try if the text doesn't fit."""
    results: list[list[str]] = []
    for value in front.formats:
        if value.text is not None:
            results.append(_known([value.text], front, known))
            continue
        names = _fallbacks(value)
        if names is None or not results:
            fix = "Write `formats: [tri-fold, or: [tri-fold-a3, booklet]]`."
            message = "`formats` takes names, and after a name `or:` with a list of names."
            front.complain("value-not-list", "formats", message, fix)
            continue
        results[-1] += _known(names, front, known)
    return tuple(tuple(dict.fromkeys(names)) for names in results if names)


def _fallbacks(value: Value) -> list[str] | None:
    names = (value.keys or {}).get(OR) if len(value.keys or ()) == 1 else None
    items = names and (names.items if names.items is not None else (names,))
    return [item.text for item in items if item.text] if items and all(item.text for item in items) else None


def _known(names: list[str], front: PageFront, known: Mapping[str, Format]) -> list[str]:
    for name in names:
        if name not in known:
            fix = f"Choose from: {', '.join(known)}."
            front.complain("value-unknown", "formats", f"The format `{name}` is not known.", fix)
    return [name for name in names if name in known]


def with_chosen_formats(campaign: Campaign) -> Campaign:
    """Return the campaign with the formats that the last build or check chose; a changed text has its first one."""
    if not any(page.fallbacks for page in campaign.pages.values()):
        return campaign
    file = campaign.root / WORK / FILE
    try:
        rows = msgspec.json.decode(file.read_bytes(), type=dict[str, tuple[str, dict[str, str]]])
    except (OSError, msgspec.DecodeError):
        return campaign
    pages = dict(campaign.pages)
    for key, page in campaign.pages.items():
        digest, chosen = rows.get(_name(page), ("", {}))
        if digest == page.digest:
            pages[key] = page.with_formats(chosen)
    return replace(campaign, pages=pages)


def record_chosen_formats(campaign: Campaign, chosen: Mapping[tuple[str, str], Mapping[str, str]]) -> None:
    """Record for commands that don't typeset which formats replace which, by the keys of pages."""
    rows = {}
    for key, names in chosen.items():
        page = campaign.pages[key]
        if names:
            rows[_name(page)] = (page.with_formats({}).digest, names)
    file = work_folder(campaign.root) / FILE
    if rows or file.exists():
        write_whole(file, msgspec.json.encode(rows, order="sorted"))


def _name(page: Page) -> str:
    return f"{page.language}/{page.path}"
