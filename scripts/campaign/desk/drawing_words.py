"""The words on a drawing as form fields: each is a heading `## Words {#slot}` of the poster's text."""

from __future__ import annotations

import re
from collections.abc import Callable

HEADING = re.compile(r"^##(?P<words>[^\n]*?)[ \t]*\{#(?P<id>[\w-]+)\}[ \t]*(?=\r?$)", re.MULTILINE)
SHORTCODE = re.compile(r"\{\{[^{}]*\}\}")
# What Markdown would read as markup.
MARKS = re.compile(r"[\\`*_\[\]{}<>#|~^]|&(?=#?\w+;)")
ASKED = re.compile(r"\{\{\s*ask:([^{}]+)\}\}")
MARKED = re.compile(rf"\\({MARKS.pattern})")


def marked(words: str) -> str:
    """Escape words from a field, so that the text shows them as typed."""
    return MARKS.sub(lambda mark: f"\\{mark[0]}", " ".join(words.split()))


def words_of(text: str) -> list[tuple[str, str]]:
    """Return the slots of a text with their words, '' for a question."""
    found = ((each["id"], each["words"].strip()) for each in HEADING.finditer(text))
    return [(slot, "" if ASKED.fullmatch(words) else MARKED.sub(r"\1", words)) for slot, words in found]


def questions_of(text: str) -> dict[str, str]:
    """Return the open question of each slot that has one."""
    found = ((each["id"], ASKED.fullmatch(each["words"].strip())) for each in HEADING.finditer(text))
    return {slot: asked[1].strip() for slot, asked in found if asked}


def asking(text: str, kept: str, questions: Callable[[str], str]) -> str:
    """Return a poster's text with a question in each slot but `kept`."""
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
    """Return the text with other words in a slot."""

    def written(found: re.Match[str]) -> str:
        return f"## {marked(words)} {{#{slot}}}".replace("##  ", "## ") if found["id"] == slot else found[0]

    return HEADING.sub(written, text)
