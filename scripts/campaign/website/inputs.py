"""The values that pages are made from, as views that record each access (campaign.graph).

Values that no view records (program, MkDocs' settings, templates, styles) are in `shared_inputs`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from typing import Any

from campaign.cache.inputs import FOLDERS, SETTINGS, Inputs, folders_read
from campaign.cache.program import program_hash
from campaign.cache.store import hash_text
from campaign.content.typed_numbers import dial_numbers, dial_of
from campaign.graph.disk import NAME as DISK
from campaign.graph.disk import Disk
from campaign.graph.tracking import Tracker, ValuePath, ViewKind
from campaign.models.campaign import Campaign, Language
from campaign.models.contact import Contact, Place
from campaign.models.nodes import Outline
from campaign.models.outputs import Artifact
from campaign.models.page import Page
from campaign.models.problem import Problem
from campaign.models.search_rules import SearchRules
from campaign.plan.finder import Offer
from campaign.schema.yaml_reader import parse_yaml, read_text
from campaign.website.frame import FRAMES
from campaign.website.metadata import Cards
from campaign.website.page_cache import VALUES
from campaign.website.pictures import PublicAssets
from campaign.website.theme_css import head_styles

CAMPAIGN = "campaign"
ASSETS = "shelf"
CARDS = "cards"
NUMBERS = "numbers"
# Folders of what people write, which views record; the others hold templates.
SOURCE_FOLDERS = {*FOLDERS} - {"overrides"}
# `!ENV NAME` and the like are more than text.
YAML_TAG = re.compile(r"[:\s\[,-]!\S")


class DialledNumbers:
    """Phone numbers typed in texts."""

    def __init__(self, campaign: Campaign) -> None:
        self._dials = dial_numbers(campaign)

    def dial(self, raw: str) -> str:
        """Return what to dial for a number as typed, or ''."""
        return dial_of(raw, self._dials)


def site_tracker(campaign: Campaign, artifacts: list[Artifact], frames: Mapping[str, str]) -> Tracker:
    """Return the tracker of everything that pages are made from. `frames`: kind of page -> hash of its frame."""
    objects: dict[str, Callable[[], object]] = {
        CAMPAIGN: lambda: campaign,
        ASSETS: lambda: PublicAssets(artifacts, campaign),
        CARDS: lambda: Cards(campaign, PublicAssets(artifacts, campaign)),
        NUMBERS: lambda: DialledNumbers(campaign),
        FRAMES[0][1]: lambda: frames,
        VALUES[0][1]: dict,
        DISK: lambda: Disk(campaign.root),
    }
    made_by = (site_tracker, (campaign, artifacts, frames))
    return Tracker(campaign.root, _kinds(campaign), objects, made_by, (FRAMES[0], VALUES[0]))


def _kinds(campaign: Campaign) -> dict[type, ViewKind]:
    value_path: ValuePath = (("of", CAMPAIGN),)

    def path_in_campaign(attribute: str, key: Callable[[Any], object]) -> Callable[[Any], ValuePath | None]:
        """Return an object's path in one of the campaign's mappings; None for generated ones."""
        mapping = getattr(campaign, attribute)

        def home(value: Any) -> ValuePath | None:
            value_key = key(value)
            return (*value_path, ("get", attribute), ("item", value_key)) if mapping.get(value_key) is value else None

        return home

    headings = lambda outline: [(heading.to, heading.words, heading.level) for heading in outline.headings]  # noqa: E731
    return {
        Campaign: ViewKind(lambda _: value_path),
        Language: ViewKind(path_in_campaign("languages", lambda item: item.code), implied=frozenset(["code"])),
        SearchRules: ViewKind(digests={"": repr}, is_value=True),
        Place: ViewKind(path_in_campaign("places", lambda item: item.code), implied=frozenset(["code"])),
        Page: ViewKind(
            path_in_campaign("pages", lambda item: (item.language, item.path)),
            implied=frozenset(["language", "path", "where", "stem", "address"]),
            digests={"document": lambda page: page.tree, "panels": lambda page: (page.tree, page.formats)},
            is_plain=True,
        ),
        Outline: ViewKind(queries=frozenset(["has_shortcode"]), digests={"headings": headings}, is_plain=True),
        Offer: ViewKind(),
        PublicAssets: ViewKind(queries=frozenset(["shown_size", "placeholder"])),
        Cards: ViewKind(queries=frozenset(["picture"])),
        DialledNumbers: ViewKind(queries=frozenset(["dial"])),
        Disk: ViewKind(queries=frozenset(["is_file", "endings_of", "digest"])),
        Contact: ViewKind(digests={"": _without_lines}, is_value=True),
        # PublicAssets records sizes and hashes of files where needed.
        Artifact: ViewKind(digests={"": lambda made: [repr(made.output), made.width, made.height]}, is_value=True),
    }


def _without_lines(contact: Contact) -> object:
    """Return a contact without line numbers, which no output shows."""
    numbers = tuple(replace(number, where="") for number in contact.numbers)
    return [getattr(contact, field.name) for field in fields(contact) if field.name not in ("where", "numbers")] + [
        numbers
    ]


def shared_inputs(campaign: Campaign, inputs: Inputs) -> str:
    """Return the hash of what every page depends on: program, MkDocs' settings, templates, styles."""
    folders = tuple(f"{name}/" for name in folders_read(campaign.root) if name not in SOURCE_FOLDERS)
    files = [
        f"{name} {digest}" for name, digest in inputs.hashes.items() if name.endswith(".py") or name.startswith(folders)
    ]
    settings = _settings(campaign, inputs)
    parts = [
        program_hash("site"),
        head_styles(campaign),
        json.dumps(list(campaign.languages)),
        settings,
        *sorted(files),
    ]
    return hash_text("\0".join(parts))


def _settings(campaign: Campaign, inputs: Inputs) -> str:
    """Return mkdocs.yml without comments and silenced notes, which no page shows; its hash if it may mean more."""
    problems: list[Problem] = []
    text = read_text(campaign.root / SETTINGS, SETTINGS, problems, as_typed=True) or ""
    settings = parse_yaml(text, SETTINGS, problems).plain()
    if problems or YAML_TAG.search(text) or hash_text(text) != inputs.hashes[SETTINGS]:
        return inputs.hashes[SETTINGS]
    return json.dumps(_without_silenced(settings))


def _without_silenced(value: object) -> object:
    if isinstance(value, dict):
        return {key: _without_silenced(inner) for key, inner in value.items() if key != "silence"}
    return [*map(_without_silenced, value)] if isinstance(value, list) else value
