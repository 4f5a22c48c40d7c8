"""Questions that an office has yet to answer in a campaign that it adopted: `{{ ask: which law? }}`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from campaign.content.photos import WORDS as PHOTOS
from campaign.content.units import read_units
from campaign.models.campaign import Campaign
from campaign.models.nodes import PLACEHOLDER_START, Strong, walk, words
from campaign.models.problem import Problem
from campaign.schema.interface_words import STRINGS

# In strings, where braces are placeholders.
ASK_START = "{{ ask:"
NUMBER = re.compile(r"(?<![\w(#-])\d{2,}")
CITED_OR_LINKED = re.compile(r"\[\^|\{\{ ask:|\]\([^)]*#")
ASKED_QUESTION = re.compile(rf"{re.escape(PLACEHOLDER_START)}([^\]]+)\]")
FIX = "Replace the question with the answer for your country, and its source."


@dataclass(frozen=True)
class Placeholder:
    """An open question."""

    where: str  # file and line
    question: str


def find_placeholders(campaign: Campaign) -> Iterator[Placeholder]:
    """Yield every question in pages and strings."""
    for page in campaign.pages.values():
        frame_texts = (page.release.dateline, page.release.contact) if page.release else ()
        for text in (page.title, page.headline, page.description, page.alt, *frame_texts):
            yield from (Placeholder(page.where, match[1]) for match in ASKED_QUESTION.finditer(text or ""))
        if PLACEHOLDER_START not in page.tree:
            continue
        for node in walk((*page.document.blocks, *page.document.notes)):
            # Bold words around a question are bold themselves.
            if not isinstance(node, Strong) or any(isinstance(child, Strong) for child in node.children):
                continue
            if match := ASKED_QUESTION.fullmatch(words(node.children)):
                yield Placeholder(page.line(node.start), match[1])
    for code, language in campaign.languages.items():
        for key, text in language.strings.items():
            yield from (
                Placeholder(f"docs/{code}/{STRINGS} ({key})", match[1]) for match in ASKED_QUESTION.finditer(text)
            )
    for message in campaign.messages.values():
        yield from (
            Placeholder(message.where, match[1]) for match in ASKED_QUESTION.finditer(f"{message.post} {message.sms}")
        )
    for photo in campaign.photos.values():
        for code in photo.captions.keys() | photo.alts.keys():
            words_text = f"{photo.captions.get(code, '')} {photo.alts.get(code, '')}"
            yield from (
                Placeholder(f"docs/{code}/{PHOTOS} ({photo.name})", match[1])
                for match in ASKED_QUESTION.finditer(words_text)
            )


def find_kept_numbers(campaign: Campaign) -> Iterator[Placeholder]:
    """Yield numbers without a source in sections with questions, to be checked with the answer."""
    for page in campaign.pages.values():
        if page.language != campaign.source_language.code or PLACEHOLDER_START not in page.tree:
            continue
        data = (campaign.root / page.where).read_bytes()
        units = [unit for unit in read_units(data).units if unit.start >= 0 and unit.kind != "heading"]
        sections = {unit.section for unit in units if ASK_START in unit.text}
        lines = data.decode().splitlines()
        # Whole lines, because a cell with only a number is no unit.
        for item in dict.fromkeys(data.count(b"\n", 0, unit.start) for unit in units if unit.section in sections):
            if NUMBER.search(lines[item]) and not CITED_OR_LINKED.search(lines[item]):
                yield Placeholder(f"{page.where}:{item + 1}", lines[item])


def check_placeholders(campaign: Campaign, is_release: bool = False) -> Iterator[Problem]:
    """Yield a note for each file with questions; before a release it is a problem."""
    files: dict[str, list[Placeholder]] = {}
    for placeholder in find_placeholders(campaign):
        files.setdefault(re.split("[: ]", placeholder.where)[0], []).append(placeholder)
    for first, *others in files.values():
        suffix = f" (and {len(others)} more here)" if others else ""
        message = f"This is still to be answered: {first.question}{suffix}"
        yield Problem("placeholder-open-release" if is_release else "placeholder-open", first.where, message, FIX)
