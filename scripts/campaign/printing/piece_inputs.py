"""The inputs of each piece: its cache key, and the same by names for people."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import msgspec

from campaign.cache.program import program_hash
from campaign.models.campaign import Campaign
from campaign.models.outputs import Output
from campaign.printing import fonts, logos
from campaign.printing import render_context as materials
from campaign.printing.layout import Shared, characters, describe_parts, for_design, join


def key(campaign: Campaign, output: Output) -> str:
    """Return the hash of everything that an output is made from: words, look, drawings, designs, fonts, tools."""
    return key_and_drawings(campaign, output)[0]


def key_and_drawings(campaign: Campaign, output: Output) -> tuple[str, dict[str, str]]:
    """Return an output's key, and the hashes of its drawings by name."""
    if output.kind in logos.KINDS:
        drawing = logos.drawing(campaign, output)
        return logos.key(campaign, output, drawing), drawing
    try:
        shared, place_part = _parts(campaign, output)
    except LookupError as error:
        return hashlib.sha256(str(error).encode()).hexdigest(), {}
    words = (shared.text.encode(), msgspec.json.encode(place_part, order="sorted"))
    drawings = _drawings(campaign, shared, place_part)
    # Their names contain paths, which differ between computers.
    files = (*drawings.values(), *_beside_words(campaign, output, shared, place_part).values())
    hasher = hashlib.sha256()
    for text in (*words, *(file.encode() for file in files)):
        hasher.update(text + b"\0")
    return hasher.hexdigest(), drawings


def inputs(campaign: Campaign, output: Output) -> dict[str, str]:
    """Return an output's inputs by readable names: each value of its description, each file, the program."""
    if output.kind in logos.KINDS:
        return logos.drawing(campaign, output) | {"program": program_hash("prints")}
    try:
        shared, place_part = _parts(campaign, output)
    except LookupError as error:
        return {"page": str(error)}
    words = dict(_flat(join(shared, place_part)))
    return words | _drawings(campaign, shared, place_part) | _beside_words(campaign, output, shared, place_part)


def _parts(campaign: Campaign, output: Output) -> tuple[Shared, dict[str, Any]]:
    shared, place_part = describe_parts(campaign, output)
    return shared, for_design(campaign.formats[output.format], place_part)


def _flat(node: object, name: str = "", depth: int = 3) -> Iterator[tuple[str, str]]:
    """Yield the values of a description by name."""
    rows = [(str(key), value) for key, value in node.items()] if isinstance(node, dict) else []
    if isinstance(node, list) and node and all(isinstance(item, dict) and "id" in item for item in node):
        rows = [(str(item["id"]), item) for item in node]
    if not rows or not depth:
        yield name, json.dumps(node, sort_keys=True, ensure_ascii=False)
    for key, value in rows if depth else ():
        yield from _flat(value, f"{name}.{key}" if name else key, depth - 1)


def _beside_words(campaign: Campaign, output: Output, shared: Shared, place_part: dict[str, Any]) -> dict[str, str]:
    """Return the inputs other than words and drawings."""
    families, _ = choose_fonts(campaign, output, shared.characters | characters(place_part))
    files = [path for family in families for path in family.files]
    return {
        "look": _look(campaign),
        "format": repr(campaign.formats[output.format]),
        **materials.profile(campaign, shared.values["flavour"]),
        **{f"font {index} {path.name}": _font_hash(campaign, path) for index, path in enumerate(files)},
        "program": program_hash("prints"),
    }


def _drawings(campaign: Campaign, shared: Shared, place_part: dict[str, Any]) -> dict[str, str]:
    icons = _shared_icons(shared) | materials.icon_names([place_part["panels"], place_part["contacts"]])
    return materials.drawings(campaign, join(shared, place_part), icons)


# Computed once for all outputs of a campaign: files are checked when it is read, not for each output.
@lru_cache(maxsize=1)
def _families(campaign: Campaign) -> dict[str, fonts.Family]:
    return fonts.families(campaign.fonts)


@lru_cache(maxsize=256)
def _font_hash(campaign: Campaign, path: Path) -> str:  # noqa: ARG001
    return fonts.hash_font(path)


def forget_hashes() -> None:
    """Let the next key hash drawings, fonts and profile again."""
    for cached_function in (materials.hash_named, materials.hash_profile, _font_hash):
        cached_function.cache_clear()


@lru_cache(maxsize=1)
def _look(campaign: Campaign) -> str:
    """Return everything in assets/identity.yml; the profile's folder differs between computers."""
    profile = replace(campaign.identity.profile, file=Path(campaign.identity.profile.file.name))
    return repr(replace(campaign.identity, profile=profile))


@lru_cache(maxsize=64)
def _shared_icons(shared: Shared) -> frozenset[str]:
    return materials.icon_names(list(shared.panels.values()))


def choose_fonts(
    campaign: Campaign, output: Output, letters: frozenset[str]
) -> tuple[list[fonts.Family], frozenset[str]]:
    """Return the fonts for some letters, the main one first, and the letters that none has."""
    families, missing = _choose_known_fonts(campaign, letters, output.language or "")
    return list(families), missing


# The letters of a piece differ little between places.
@lru_cache(maxsize=1024)
def _choose_known_fonts(
    campaign: Campaign, letters: frozenset[str], language: str
) -> tuple[tuple[fonts.Family, ...], frozenset[str]]:
    family_names, families_by_name = campaign.identity.fonts, _families(campaign)
    families, missing = fonts.choose(set(letters), family_names, families_by_name, campaign.fonts, language)
    return tuple(families), frozenset(missing)
