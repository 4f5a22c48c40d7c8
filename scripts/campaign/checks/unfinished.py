"""Unfinished text: placeholders, and numbers and addresses that no contact has."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from campaign.cache.memo import Memo
from campaign.content.holes import check_holes
from campaign.content.known_numbers import (
    ANYWHERE,
    CITATION,
    GUESSED,
    SENTENCE_START,
    WITH_NUMBERS,
    KnownNumbers,
    calls_of,
    every_number,
    former_numbers_in,
    is_counted,
    known_numbers,
    looked_up,
    numbers_in,
    plain,
    sourced,
    sourced_in,
)
from campaign.content.links import dialled_numbers
from campaign.content.published_texts import PublishedText, published_texts
from campaign.content.typed_numbers import DIGIT
from campaign.models.campaign import Campaign
from campaign.models.contact import Contact, Former
from campaign.models.nodes import Cell, Link, Note, walk, words
from campaign.models.page import Page
from campaign.models.problem import Problem

# A footnote, and markup in a Markdown sentence.
NOTE, MARKS = re.compile(r"\[\^[^\]]*\]"), re.compile(r"(?<=\])\([^)]*\)|\{\{[^{}]*\}\}|[*_`\[\]\\]")
PLACEHOLDERS = re.compile(
    r"\blorem ipsum\b|\bdolor sit amet\b|\b(?:TODO|FIXME|TBD|TBC|XXX+)\b|\bt\.b\.[adc]\.|\bxx+(?:[/.:-]xx+)+\b"
    r"|\b(?:dd|jj|tt|hh)[/.:-]mm(?:[/.-](?:yy|aa|jj|rr)+)?\b"
    r"|\[(?:name|number|phone|date|place|address|link|…|\.\.\.)\]"
    r"|[\[<](?:insert|your|enter|inserir|insira|isi|tulis) [^\]<>]{1,60}[\]>]",
    re.IGNORECASE,
)
# Capitals only: `todo` is a Portuguese and Spanish word, and TBC a disease.
CAPITALS = re.compile(r"TODO|FIXME|TBC|XXX+")
# Fast test: each placeholder contains one of these in some case.
PLACEHOLDER_PARTS = ("lorem", "dolor", "todo", "xme", "tbd", "tbc", "t.b.", "xx", "mm", "[", "<")
PLACEHOLDER, MAIL = "placeholder", "address"
FIX = "Add it to assets/contacts/ and show it by {{ contacts }}, or write `[^source]` behind it."
NEAR_FIX = "Mend it; the number of another service goes to assets/contacts/ (at the desk: Contacts)."

COUNT_FIX = f"Where it counts something, name its source in the sentence (`[^source]`), or leave it. {NEAR_FIX}"


def check_unfinished(campaign: Campaign, memo: Memo | None = None) -> Iterator[Problem]:
    """Yield a note for each, with its line. `memo` caches results by page."""
    memo, known = memo or Memo(None), KnownNumbers(campaign)
    found, before = [], known.before
    for page in campaign.pages.values():
        asked = calls_of(campaign.languages[page.language])
        key = f"unfinished {page.where} {page.digest} {' '.join(asked)} {' '.join(sorted(before))}"
        found += [(page, *row) for row in memo.get_or_make(key, partial(_found, page, asked, before))]
    yield from check_holes(campaign)
    sources = _looked_up(found)
    for page, kind, typed, line, _ in found:
        where = f"{page.where}:{line}"
        if kind == PLACEHOLDER:
            yield _placeholder(typed, where)
        elif kind == MAIL:
            if plain(typed) not in known.mails | sources.keys():
                what = f"No contact file holds the address {typed}, so it is never checked."
                yield Problem("address-not-kept", where, what, FIX)
        elif amiss := _amiss(known, kind, typed, where, sources):
            yield amiss
    yield from _check_published(campaign, known, sources, memo)


def _check_published(
    campaign: Campaign, known: KnownNumbers, sources: Mapping[str, int], memo: Memo
) -> Iterator[Problem]:
    for code, published in published_texts(campaign).items():
        asked = calls_of(campaign.languages[code])
        key = f"unfinished texts {code} {published.hash} {' '.join(asked)}"
        for where, kind, typed in memo.get_or_make(key, partial(_found_in_all, published.texts, asked)):
            if kind == PLACEHOLDER:
                yield _placeholder(typed, where)
            elif amiss := _amiss(known, kind, typed, where, sources):
                yield amiss


def _found_in_all(texts: Iterable[PublishedText], asked: Sequence[str]) -> list[tuple[str, str, str]]:
    return [(text.where, *row) for text in texts for row in _found_in(text.text, asked)]


def _found_in(text: str, asked: Sequence[str]) -> Iterator[tuple[str, str]]:
    yield from ((PLACEHOLDER, typed) for typed in _placeholders(text))
    rows = [*numbers_in(text, asked)] if DIGIT.search(text) else []
    rows += [(ANYWHERE, typed) for typed in _linked([text], [typed for _, typed in rows])]
    yield from dict.fromkeys(rows)


def check_sentence(campaign: Campaign, language: str, text: str, where: str) -> list[Problem]:
    """Return what is wrong with the numbers in a Markdown sentence."""
    asked, said = calls_of(campaign.languages[language]), MARKS.sub("", NOTE.sub(CITATION, text))
    known = known_numbers(campaign)
    rows = every_number(said.replace(CITATION, ""), asked, known.before) if any(map(str.isdigit, said)) else []
    rows += [(ANYWHERE, typed) for typed in _linked([text], [typed for _, typed in rows])]
    near = sourced_in(said, asked, known.before) if CITATION in said else {}
    rows = [row for row in rows if not is_counted(*row, near)]
    if not rows:
        return []
    sources = looked_up(campaign) | near
    found = (_amiss(known, kind, typed, where, sources) for kind, typed in rows)
    return [each for each in found if each]


def _placeholder(typed: str, where: str) -> Problem:
    what = f"`{typed}` is a placeholder for text that isn't written yet."
    return Problem("placeholder-left", where, what, "Write what belongs there.")


def _amiss(known: KnownNumbers, kind: str, typed: str, where: str, sources: Mapping[str, int]) -> Problem | None:
    if former := known.former_owner(typed):
        return _taken_back(*former, typed, where)
    if not known.lacks_contact(kind, typed) or known.is_looked_up(kind, typed, sources):
        return None
    near = known.near(typed)
    what = f"No contact file holds the number {typed}, so it is never checked."
    what = f"{typed} is in no contact; did you mean {near}?" if near else what
    return Problem("number-not-kept", where, what, COUNT_FIX if kind == SENTENCE_START else NEAR_FIX if near else FIX)


def check_released_numbers(campaign: Campaign) -> Iterator[Problem]:
    """Yield what stops a release: former numbers in texts, and near misses."""
    known, found = KnownNumbers(campaign), []
    for page in campaign.pages.values():
        found += [(page, *row) for row in _found(page, calls_of(campaign.languages[page.language]))]
    sources = _looked_up(found)
    for page, kind, typed, line, _ in found:
        if kind in (PLACEHOLDER, MAIL, *GUESSED):
            continue
        lacks_contact = known.lacks_contact(kind, typed) and not known.is_looked_up(kind, typed, sources)
        where = f"{page.where}:{line}"
        if former := known.former_owner(typed):
            yield _taken_back(*former, typed, where, is_release=True)
        elif lacks_contact and (near := known.near(typed)):
            what = f"{typed} is in no contact; did you mean {near}?"
            yield Problem("number-near-release", where, what, NEAR_FIX)


def _looked_up(found: Sequence[tuple[Any, ...]]) -> dict[str, int]:
    return {plain(typed): near for _, _, typed, _, near in sorted(found, key=lambda row: row[4]) if near}


def _taken_back(contact: Contact, former: Former, typed: str, where: str, is_release: bool = False) -> Problem:
    what = f"{typed} was the number of {contact.name or contact.id} until {former.until.isoformat()}."
    now = f" (now {contact.phone})" if contact.phone else ""
    shortcode = "{{ call }}" if contact.is_main else "{{ contacts }}"
    fix = f"Write {shortcode} in its place, which always shows the right one{now}, or take it out."
    return Problem("number-taken-back-release" if is_release else "number-taken-back", where, what, fix)


def _found(page: Page, asked: Sequence[str], before: Container[str] = ()) -> list[list[Any]]:
    """Return [what, as typed, line, citation (see `sourced`)] of each on a page."""
    rows: list[list[Any]] = [[kind, typed, "1", 0] for kind, typed in former_numbers_in(page.title, asked, before)]
    has_mails = any("mailto:" in link.to for link in page.outline.links)
    dials = any(any(dialled_numbers(link.to)) for link in page.outline.links)
    for node in walk((*page.document.blocks, *page.document.notes)):
        if not isinstance(node, WITH_NUMBERS):
            continue
        said = words(node.children)
        found = [(PLACEHOLDER, typed, 0) for typed in _placeholders(said)]
        if DIGIT.search(said):
            sources = sourced(node.children, asked, before)
            find = former_numbers_in if isinstance(node, Cell) else every_number
            numbers = [each for each in find(said, asked, before) if not is_counted(*each, sources)]
            found += [(kind, typed, sources.get(plain(typed), 0)) for kind, typed in numbers]
        inside = [*walk(node.children)] if has_mails or dials else []
        addresses = [said, *(each.to for each in inside if isinstance(each, Link) and dials)]
        is_noted = any(isinstance(each, Note) for each in inside)
        found += [(ANYWHERE, typed, int(is_noted)) for typed in _linked(addresses, [typed for _, typed, _ in found])]
        if has_mails:
            mails = [
                each.to.removeprefix("mailto:") for each in inside if isinstance(each, Link) and "mailto:" in each.to
            ]
            found += [(MAIL, typed, int(is_noted)) for typed in mails]
        if found:
            line = page.line(node.at).rpartition(":")[2]
            rows += [[kind, typed, line, near] for kind, typed, near in found]
    return rows


def _linked(texts: Sequence[str], found: Sequence[str]) -> list[str]:
    read = {plain(typed).lstrip("+") for typed in found}
    linked = dict.fromkeys(typed for text in texts for typed in dialled_numbers(text))
    return [typed for typed in linked if typed.lstrip("+") not in read]


def _placeholders(said: str) -> list[str]:
    small = said.lower()
    found = (
        [each[0] for each in PLACEHOLDERS.finditer(said)] if any(sign in small for sign in PLACEHOLDER_PARTS) else []
    )
    return [typed for typed in found if not CAPITALS.fullmatch(typed.upper()) or typed.isupper()]
