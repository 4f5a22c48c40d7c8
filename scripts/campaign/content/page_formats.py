"""`formats:` of a page: names, and with `or:` other formats for a text that doesn't fit."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

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
    return tuple(tuple(names) for names in results if names)


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
        rows: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return campaign
    pages = {
        key: page.with_formats(row[1]) if (row := rows.get(_name(page))) and row[0] == page.digest else page
        for key, page in campaign.pages.items()
    }
    return replace(campaign, pages=pages)


def record_chosen_formats(root: Path, pages: Mapping[tuple[str, str], Page]) -> None:
    """Record which formats were chosen, for commands that don't typeset."""
    rows = {}
    for page in pages.values():
        chosen = {names[0]: name for names in page.fallbacks for name in page.formats if name in names}
        if any(first != name for first, name in chosen.items()):
            rows[_name(page)] = [page.with_formats({}).digest, chosen]
    file = work_folder(root) / FILE
    if rows or file.exists():
        write_whole(file, json.dumps(rows, ensure_ascii=False, sort_keys=True).encode())


def _name(page: Page) -> str:
    return f"{page.language}/{page.path}"
