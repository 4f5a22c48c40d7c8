"""Text that should not go out: what was to be filled in later, numbers and addresses that no contact file holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from campaign.cache.memo import Memo
from campaign.content.holes import check_holes
from campaign.models.campaign import Campaign
from campaign.models.nodes import Cell, Heading, Link, Note, Paragraph, Term, walk, words
from campaign.models.page import Page
from campaign.models.problem import Problem
from campaign.website import numbers

WAITING = re.compile(
    r"\blorem ipsum\b|\b(?:TODO|FIXME|TBD|TBC|XXX+)\b|\[(?:name|number|phone|date|place|address|link|…|\.\.\.)\]",
    re.IGNORECASE,
)
# In capitals alone: `todo` is a word of Portuguese and Spanish.
CAPITALS = re.compile(r"TODO|FIXME|TBD|TBC|XXX+")
# What each of them has in it, in whatever letters.
SIGNS = ("lorem", "todo", "xme", "tbd", "tbc", "xxx", "[")
PLACEHOLDER, NUMBER, MAIL = "placeholder", "number", "address"
FIX = "Add it to assets/contacts/ and show it by {{ contacts }}, or write `[^source]` behind it."


def check_unfinished(campaign: Campaign, memo: Memo | None = None) -> Iterator[Problem]:
    """A note for each, by the line on which it stands.

    Args:
        campaign: with all pages that are to be looked at.
        memo: what was found on pages before; whoever gave it saves.
    """
    memo = memo or Memo(None)
    found = []
    for page in campaign.pages.values():
        key = f"unfinished {page.where} {page.digest}"
        rows = memo.get(key)
        if rows is None:
            rows = _found(page)
            memo.put(key, rows)
        found += [(page, *row) for row in rows]
    yield from check_holes(campaign)
    dials = numbers.dial_numbers(campaign)
    kept = {_plain(contact.email) for contact in campaign.everybody if contact.email} | {*dials, *dials.values()}
    # What stands beside its source somewhere was looked up.
    kept |= {_plain(typed) for _, _, typed, _, is_sourced in found if is_sourced}
    for page, kind, typed, line, _ in found:
        where = f"{page.where}:{line}"
        if kind == PLACEHOLDER:
            what = f"`{typed}` stands for something that is not written yet."
            yield Problem("placeholder-left", where, what, "Write what belongs there.")
        elif _plain(typed) not in kept and not numbers.is_contact(typed, dials):
            what = f"No contact file holds the {kind} {typed}: nobody is asked whether it is still right."
            rule = "number-not-kept" if kind == NUMBER else "address-not-kept"
            yield Problem(rule, where, what, FIX)


def _found(page: Page) -> list[list[Any]]:
    """[what it is, as it was typed, its line, whether a source is named beside it] of each."""
    front = f"{page.title}\n{page.description}\n{page.alt}"
    rows: list[list[Any]] = [[PLACEHOLDER, typed, "1", False] for typed in _placeholders(front)]
    for node in walk((*page.document.blocks, *page.document.notes)):
        if not isinstance(node, Paragraph | Heading | Cell | Term):
            continue
        said, line = words(node.children), page.line(node.at).rpartition(":")[2]
        inside = [*walk(node.children)]
        is_sourced = any(isinstance(each, Note) for each in inside)
        mails = [each.to.removeprefix("mailto:") for each in inside if isinstance(each, Link) and "mailto:" in each.to]
        rows += [[PLACEHOLDER, typed, line, False] for typed in _placeholders(said)]
        rows += [[NUMBER, typed, line, is_sourced] for typed in numbers.telephone_numbers(said)]
        rows += [[MAIL, typed, line, is_sourced] for typed in mails]
    return rows


def _placeholders(said: str) -> list[str]:
    small = said.lower()
    found = [each[0] for each in WAITING.finditer(said)] if any(sign in small for sign in SIGNS) else []
    return [typed for typed in found if not CAPITALS.fullmatch(typed.upper()) or typed.isupper()]


def _plain(typed: str) -> str:
    """Without what parts the groups of a number."""
    return typed.casefold() if "@" in typed else re.sub(r"[^\d+]", "", typed)
