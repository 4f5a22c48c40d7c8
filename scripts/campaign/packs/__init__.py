"""Releases as plain text and Word files; press kits and print queues from files that already exist."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, fields
from pathlib import Path

from campaign.cache.program import program_hash
from campaign.content.answers import answers_in
from campaign.models.campaign import Campaign, MainSettings, freshness
from campaign.models.outputs import PRESS_KIT, Artifact, Output
from campaign.models.page import Page
from campaign.packs.member import Member, plan_queue, queue_job
from campaign.packs.plain_text import answers_script, release_text
from campaign.packs.press_kit import kit_bytes, plan_kit
from campaign.plan.print_queues import PRINT_QUEUE


def _release_document(campaign: Campaign, page: Page) -> bytes:
    from campaign.packs.word_writer import release_document  # imported only if a release has changed

    return release_document(campaign, page)


_Plan = Callable[[Campaign, Output, list[Artifact]], dict[str, Member]]
_Other = Callable[[Campaign, Output], object]
_Write = Callable[[Campaign, Output, Mapping[str, Member]], bytes]


def _kit_date(campaign: Campaign, _: Output) -> str:
    return campaign.date.isoformat()


def _queue_bytes(campaign: Campaign, queue: Output, members: Mapping[str, Member]) -> bytes:
    from campaign.packs.print_queue import merge  # the same, in print queues

    files = [(name, member.made.file) for name, member in members.items() if member.made]
    return merge(files, *queue_job(campaign, queue))


# The makers of a release's parts, by Output.part.
TEXTS = {
    "text": lambda campaign, page: release_text(campaign, page).encode(),
    "script": lambda campaign, page: answers_script(campaign, page).encode(),
    "word": _release_document,
}
# For each Output.kind: how to list its members, its other inputs, and how to write it.
PACKS: dict[str, tuple[_Plan, _Other, _Write]] = {
    PRESS_KIT: (plan_kit, _kit_date, kit_bytes),
    PRINT_QUEUE: (plan_queue, queue_job, _queue_bytes),
}


def key_and_drawings(campaign: Campaign, output: Output) -> tuple[str, dict[str, str]]:
    """Return the cache key of a release's text or document, which has no drawings."""
    return _hash(inputs(campaign, output)), {}


def inputs(campaign: Campaign, output: Output) -> dict[str, str]:
    """Return the inputs of a release's text or document, by names for `campaign why`."""
    page = _page(campaign, output)
    sources = [asdict(campaign.sources[id].localised(page.language)) for id in page.cites if id in campaign.sources]
    contacts = (*campaign.whole_register, *campaign.retired)
    parts = {
        "kind": output.part,
        "text": page.tree,
        "answers": [
            (answer.title, answer.tree, answer.translation, more)
            for answer, more in answers_in(campaign, page.language)
            if output.part == "script"
        ],
        "title": page.title,
        "settings": [
            getattr(campaign, setting.name)
            for setting in fields(MainSettings)
            if setting.name not in ("silence", "templates")
        ],
        "preview for": campaign.preview_for,
        "front matter": (page.options, page.release, page.translation),
        "language": asdict(campaign.languages[page.language]),
        "languages": {code: language.name for code, language in campaign.languages.items()},
        "sources": sources,
        "contacts": (contacts, freshness(contacts)),
        "look": campaign.identity if output.part == "word" else None,
        "links": sorted(campaign.pages),
        "program": program_hash("packs"),
    }
    return {name: json.dumps(part, default=str, sort_keys=True) for name, part in parts.items()}


def _hash(parts: Mapping[str, str]) -> str:
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()


def make(campaign: Campaign, output: Output, target: Path) -> Artifact:
    """Write a release as plain text or as a document."""
    data = TEXTS[output.part](campaign, _page(campaign, output))
    return _write_artifact(output, target, data)


def plan_pack(campaign: Campaign, output: Output, artifacts: list[Artifact]) -> dict[str, Member]:
    """Return the members of a pack, by name and in order. `output`: of a kind in PACKS."""
    plan, *_ = PACKS[output.kind]
    return plan(campaign, output, artifacts)


def pack_key(campaign: Campaign, output: Output, members: Mapping[str, Member]) -> str:
    """Return the cache key of a pack."""
    return _hash(pack_inputs(campaign, output, members))


def pack_inputs(campaign: Campaign, output: Output, members: Mapping[str, Member]) -> dict[str, str]:
    """Return the inputs of a pack, by names for `campaign why`; files in order."""
    _, inputs_of, _ = PACKS[output.kind]
    about = {"kind and language": f"{output.kind} {output.language}", "title": str(inputs_of(campaign, output))}
    return {
        **about,
        **{f"file {name}": member.sha256 for name, member in members.items()},
        "program": program_hash("packs"),
    }


def make_pack(campaign: Campaign, output: Output, members: Mapping[str, Member], target: Path) -> Artifact:
    """Write a pack."""
    *_, data = PACKS[output.kind]
    return _write_artifact(output, target, data(campaign, output, members))


def _write_artifact(output: Output, target: Path, data: bytes) -> Artifact:
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(data)
    return Artifact(output, target, len(data), hashlib.sha256(data).hexdigest(), 0, 0)


def _page(campaign: Campaign, output: Output) -> Page:
    return next(
        page
        for page in campaign.pages.values()
        if page.language == output.language and page.stem == output.name and output.format in page.formats
    )
