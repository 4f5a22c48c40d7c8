"""Pages as plain text to paste into e-mails and newsroom systems: UTF-8, with sources as notes."""

from __future__ import annotations

import textwrap
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date

from campaign.content.answers import answers_in, without_notes
from campaign.content.locale_format import format_date
from campaign.content.press_envelope import envelope
from campaign.models.campaign import Campaign, Language
from campaign.models.nodes import Block as Node
from campaign.models.page import Page
from campaign.packs.blocks import Block, Run, Text, plain, read_text

WIDTH = 72  # every e-mail program shows lines of this length without wrapping (RFC 3676 asks for under 78)


def release_text(campaign: Campaign, page: Page) -> str:
    """Return a release in the usual order: embargo line, headline, dateline and text, contact, end mark."""
    frame, text = envelope(campaign, page), read_text(campaign, page)
    warnings = [block.text for block in text.blocks if block.kind == "note"]
    words = [block for block in text.blocks if block.kind != "note"]
    first = next((index for index, block in enumerate(words) if block.kind == "p"), None)
    if first is not None and frame.dateline:
        words[first] = Block("p", _with_dateline(frame.dateline, words[first]))
    parts = [
        *paragraphs(filter(None, (frame.mark, frame.line, *warnings, frame.headline))),
        *_set_blocks(words),
        *paragraphs(("\n".join(frame.contacts), frame.end)),
        *closing(campaign, page, text),
    ]
    return "\n\n".join(parts) + "\n"


def _with_dateline(dateline: str, block: Block) -> tuple[Run, ...]:
    head = block.runs[0]
    return (type(head)(f"{dateline} – "), *block.runs)


def page_text(campaign: Campaign, page: Page, blocks: tuple[Node, ...] | None = None) -> str:
    """Return a page, or part of it, below its title."""
    text = read_text(campaign, page, blocks)
    parts = [*paragraphs((page.title,)), *_set_blocks(text.blocks), *closing(campaign, page, text)]
    return "\n\n".join(parts) + "\n"


def answers_script(campaign: Campaign, page: Page) -> str:
    """Return all answers to read aloud, on the radio or through a loudspeaker, without numbers of sources."""
    parts = [*paragraphs((page.title,))]
    for answer, _ in answers_in(campaign, page.language):
        if answer.language == page.language:
            blocks = tuple(map(without_notes, answer.document.blocks))
            parts += ["* * *", answer.title.upper(), *_set_blocks(read_text(campaign, answer, blocks).blocks)]
    return "\n\n".join([*parts, "\n".join(map(_wrap, about(campaign, page)))]) + "\n"


def closing(campaign: Campaign, page: Page, text: Text) -> Iterator[str]:
    """Return the sources, the publisher, the version, and whether the text is a machine translation."""
    words = campaign.languages[page.language].strings
    if text.notes:
        notes = (_wrap(note, f"[{number}] ", " " * 4) for number, note in enumerate(text.notes, 1))
        yield "\n".join((words["sources"], *notes))
    yield "\n".join(map(_wrap, about(campaign, page)))


def about(campaign: Campaign, page: Page) -> list[str]:
    """Return lines about the publisher and the state of the translation."""
    language = campaign.languages[page.language]
    translation = page.translation
    is_machine = translation is not None and translation.is_by_machine and not translation.is_reviewed
    return [
        language.strings["imprint"],
        version_line(language, campaign.version, campaign.date),
        *([language.strings["machine-translation"]] if is_machine else []),
    ]


def version_line(language: Language, version: str, day: date) -> str:
    """`Version 2026.1, 25 November 2026`."""
    return language.strings["version"].format(version=version, date=format_date(language, day))


def paragraphs(texts: Iterable[str]) -> Iterator[str]:
    """Return texts wrapped, with their line breaks kept."""
    for text in texts:
        yield "\n".join(map(_wrap, text.split("\n")))


def hanging(name: str, text: str) -> str:
    """Return a name and its description with a hanging indent."""
    return _wrap(f"{name}  {text}", "", "    ")


def _set_blocks(blocks: Iterable[Block]) -> Iterator[str]:
    group: list[str] = []
    kind = ""
    for block in blocks:
        if group and not (block.kind == kind and kind in ("item", "row")):
            yield "\n".join(group)
            group = []
        kind = block.kind
        group.append(_set(block))
    if group:
        yield "\n".join(group)


def _set(block: Block) -> str:
    if block.kind == "row":
        return _wrap(" | ".join(map(plain, block.cells)), "", "  ")
    if block.kind == "item":
        lead = "  " * block.level + f"{block.marker} "
        return _wrap(block.text, lead, " " * len(lead))
    return _wrap(block.text)


def _wrap(text: str, first: str = "", rest: str = "") -> str:
    """Wrap a text at spaces only, never inside an address."""
    wrapper = textwrap.TextWrapper(WIDTH, first, rest, break_long_words=False, break_on_hyphens=False)
    return wrapper.fill(unicodedata.normalize("NFC", text))
