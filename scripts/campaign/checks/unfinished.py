"""Text that should not go out: what was to be filled in later, numbers and addresses that no contact file holds."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
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
# Which of these are numbers to be dialled, the lengths of the contacts' own tell.
LOCAL, SHORT = "local", "short"
FIX = "Add it to assets/contacts/ and show it by {{ contacts }}, or write `[^source]` behind it."
NEAR_FIX = "Mend it; the number of another service goes to assets/contacts/ (at the desk: Contacts)."


def check_unfinished(campaign: Campaign, memo: Memo | None = None) -> Iterator[Problem]:
    """A note for each, by the line on which it stands.

    Args:
        campaign: with all pages that are to be looked at.
        memo: what was found on pages before; whoever gave it saves.
    """
    memo = memo or Memo(None)
    found = []
    for page in campaign.pages.values():
        strings = campaign.languages[page.language].strings
        asked = strings.get("call", ""), f"{strings.get('phone', '')} {{number}}"
        key = f"unfinished {page.where} {page.digest} {' '.join(asked)}"
        rows = memo.get(key)
        if rows is None:
            rows = _found(page, asked)
            memo.put(key, rows)
        found += [(page, *row) for row in rows]
    yield from check_holes(campaign)
    known = _Known(campaign)
    # What stands beside its source somewhere was looked up.
    looked_up = {_plain(typed) for _, _, typed, _, is_sourced in found if is_sourced}
    for page, kind, typed, line, _ in found:
        where = f"{page.where}:{line}"
        if kind == PLACEHOLDER:
            what = f"`{typed}` stands for something that is not written yet."
            yield Problem("placeholder-left", where, what, "Write what belongs there.")
        elif kind == MAIL:
            if _plain(typed) not in known.mails | looked_up:
                what = f"No contact file holds the address {typed}: nobody is asked whether it is still right."
                yield Problem("address-not-kept", where, what, FIX)
        elif _plain(typed) not in looked_up and known.is_wanting(kind, typed):
            near = known.near(typed)
            what = f"No contact file holds the number {typed}: nobody is asked whether it is still right."
            what = f"{typed} is in no contact; did you mean {near}?" if near else what
            yield Problem("number-not-kept", where, what, NEAR_FIX if near else FIX)


class _Known:
    """The numbers and addresses of a campaign's contacts."""

    def __init__(self, campaign: Campaign) -> None:
        self.dials = numbers.dial_numbers(campaign)
        self.mails = {_plain(contact.email) for contact in campaign.everybody if contact.email}
        words = campaign.source_language.strings
        self.called = {
            numbers.digits_of(number.dial.partition(",")[0]): (
                f"{number.phone} ({contact.name or words.get(f'kind-{contact.kind}', contact.id)})"
            )
            for contact in campaign.whole_register
            for number in contact.numbers
        }
        local = (number.phone for contact in campaign.whole_register for number in contact.numbers)
        lengths = {len(numbers.digits_of(phone)) for phone in local if not phone.startswith(("+", "0"))}
        self.lengths = {
            SHORT: {each for each in lengths if each <= numbers.SHORT},
            # Somebody may have left a digit out, or typed one twice.
            LOCAL: {each + more for each in lengths if each > numbers.SHORT for more in (-1, 0, 1)},
        }

    def is_wanting(self, kind: str, typed: str) -> bool:
        """Whether a number is to be dialled and no contact's."""
        digits = numbers.digits_of(typed)
        if digits in self.called or numbers.is_contact(typed, self.dials):
            return False
        return kind == NUMBER or len(digits) in self.lengths[kind] or (kind == LOCAL and bool(self.near(typed)))

    def near(self, typed: str) -> str:
        """The contact's number that was meant, with whose it is; '' where none is near."""
        digits = numbers.digits_of(typed)
        return next((said for kept, said in self.called.items() if numbers.is_near(digits, kept)), "")


def _found(page: Page, asked: Iterable[str]) -> list[list[Any]]:
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
        rows += [[LOCAL, typed, line, is_sourced] for typed in numbers.local_numbers(said)]
        short = dict.fromkeys(typed for call in asked for typed in numbers.short_numbers(said, call))
        rows += [[SHORT, typed, line, is_sourced] for typed in short]
        rows += [[MAIL, typed, line, is_sourced] for typed in mails]
    return rows


def _placeholders(said: str) -> list[str]:
    small = said.lower()
    found = [each[0] for each in WAITING.finditer(said)] if any(sign in small for sign in SIGNS) else []
    return [typed for typed in found if not CAPITALS.fullmatch(typed.upper()) or typed.isupper()]


def _plain(typed: str) -> str:
    """Without what parts the groups of a number."""
    return typed.casefold() if "@" in typed else "+" * typed.startswith("+") + numbers.digits_of(typed)
