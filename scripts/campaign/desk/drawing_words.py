"""The words on a drawing, as fields: each is a heading of the text, `## Words {#slot}`, in a slot of the art."""

from __future__ import annotations

import re

HEADING = re.compile(r"^##(?P<words>[^\n]*?)[ \t]*\{#(?P<id>[\w-]+)\}[ \t]*(?=\r?$)", re.MULTILINE)
# What would be a mark in words that are typed into a field.
MARKS = re.compile(r"[\\`*_\[\]{}<>#|~^]|&(?=#?\w+;)")
MARKED = re.compile(rf"\\({MARKS.pattern})")


def marked(words: str) -> str:
    """Words as they are typed into a field, so that a text shows them as they are."""
    return MARKS.sub(lambda mark: f"\\{mark[0]}", " ".join(words.split()))


def words_of(text: str) -> list[tuple[str, str]]:
    """(slot, its words) of each of a text."""
    return [(found["id"], MARKED.sub(r"\1", found["words"].strip())) for found in HEADING.finditer(text)]


def with_words(text: str, slot: str, words: str) -> str:
    """The text with other words in a slot."""

    def written(found: re.Match[str]) -> str:
        return f"## {marked(words)} {{#{slot}}}".replace("##  ", "## ") if found["id"] == slot else found[0]

    return HEADING.sub(written, text)
