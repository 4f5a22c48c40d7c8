"""The words on a drawing, as fields: each is a heading of the text, `## Words {#slot}`, in a slot of the art."""

from __future__ import annotations

import re
from collections.abc import Callable

HEADING = re.compile(r"^##(?P<words>[^\n]*?)[ \t]*\{#(?P<id>[\w-]+)\}[ \t]*(?=\r?$)", re.MULTILINE)
SHORTCODE = re.compile(r"\{\{[^{}]*\}\}")
# What would be a mark in words that are typed into a field.
MARKS = re.compile(r"[\\`*_\[\]{}<>#|~^]|&(?=#?\w+;)")
# A question in their place, which waits for them.
ASKED = re.compile(r"\{\{\s*ask:([^{}]+)\}\}")
MARKED = re.compile(rf"\\({MARKS.pattern})")


def marked(words: str) -> str:
    """Words as they are typed into a field, so that a text shows them as they are."""
    return MARKS.sub(lambda mark: f"\\{mark[0]}", " ".join(words.split()))


def words_of(text: str) -> list[tuple[str, str]]:
    """(slot, its words) of each of a text; '' where a question stands in their place."""
    found = ((each["id"], each["words"].strip()) for each in HEADING.finditer(text))
    return [(slot, "" if ASKED.fullmatch(words) else MARKED.sub(r"\1", words)) for slot, words in found]


def questions_of(text: str) -> dict[str, str]:
    """Slot -> the question that waits there for words."""
    found = ((each["id"], ASKED.fullmatch(each["words"].strip())) for each in HEADING.finditer(text))
    return {slot: asked[1].strip() for slot, asked in found if asked}


def asking(text: str, kept: str, questions: Callable[[str], str]) -> str:
    """The text with questions in the place of somebody else's words.

    Args:
        text: of a poster, without its front matter.
        kept: the slot whose words stay.
        questions: what is asked, by slot.
    """
    parts, slot = [], ""
    for part in re.split(r"(\n\s*\n)", text):
        heading = HEADING.match(part.strip())
        slot = heading["id"] if heading else slot
        if heading and slot != kept:
            part = part.replace(heading[0], f"## {{{{ ask: {questions(slot)} }}}} {{#{slot}}}")
        elif not heading and part.strip() and not SHORTCODE.fullmatch(part.strip()):
            part = f"{{{{ ask: {questions(slot)} }}}}"
        parts.append(part)
    return "".join(parts)


def with_words(text: str, slot: str, words: str) -> str:
    """The text with other words in a slot."""

    def written(found: re.Match[str]) -> str:
        return f"## {marked(words)} {{#{slot}}}".replace("##  ", "## ") if found["id"] == slot else found[0]

    return HEADING.sub(written, text)
