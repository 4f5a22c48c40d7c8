"""Unfinished text: placeholders, and numbers and addresses that no contact has."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Any

from campaign.cache.memo import Memo
from campaign.content.known_numbers import (
    CITATION,
    GUESSED_NUMBERS,
    NUMBER,
    NUMBER_NODES,
    SENTENCE_START,
    KnownNumbers,
    calls_of,
    citation_distances,
    citation_distances_in,
    every_number,
    former_numbers_in,
    is_counted,
    known_numbers,
    looked_up,
    numbers_in,
    without_separators,
)
from campaign.content.links import dialled_numbers
from campaign.content.placeholders import check_placeholders
from campaign.content.published_texts import PublishedText, published_texts
from campaign.content.typed_numbers import DIGIT
from campaign.document.unread import double_braces
from campaign.models.campaign import Campaign
from campaign.models.contact import Contact, Former
from campaign.models.nodes import Cell, Link, Note, walk, words
from campaign.models.page import Page
from campaign.models.problem import Problem

# A footnote, and markup in a Markdown sentence.
NOTE = re.compile(r"\[\^[^\]]*\]")
MARKS = re.compile(r"(?<=\])\([^)]*\)|\{\{[^{}]*\}\}|[*_`\[\]\\]")
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
PLACEHOLDER = "placeholder"
MAIL = "address"
FIX = "Add it to assets/contacts/ and show it with {{ contacts }}, or write `[^source]` after it."
SIMILAR_NUMBER_FIX = "Correct it, or add the service that has it to assets/contacts/ (at the desk: Contacts)."

COUNT_FIX = (
    f"If it isn't a phone number, cite its source in the sentence (`[^source]`) or leave it. {SIMILAR_NUMBER_FIX}"
)


def check_unfinished(campaign: Campaign, memo: Memo | None = None) -> Iterator[Problem]:
    """Yield a note for each piece of unfinished text, with its line. `memo` caches results by page."""
    memo, numbers = memo or Memo(None), KnownNumbers(campaign)
    result, former_digits = [], numbers.former_digits
    for page in campaign.pages.values():
        call_words = calls_of(campaign.languages[page.language])
        key = f"unfinished {page.where} {page.digest} {' '.join(call_words)} {' '.join(sorted(former_digits))}"
        result += [
            (page, *row) for row in memo.get_or_make(key, partial(_find_numbers, page, call_words, former_digits))
        ]
    yield from check_placeholders(campaign)
    sources = _nearest_by_number(result)
    for page, kind, number, line, _ in result:
        where = f"{page.where}:{line}"
        if kind == PLACEHOLDER:
            yield _placeholder(number, where)
        elif kind == MAIL:
            if without_separators(number) not in numbers.mails | sources.keys():
                message = f"The address {number} is in no contact file, so no one checks it."
                yield Problem("address-not-kept", where, message, FIX)
        elif problem := _number_problem(numbers, kind, number, where, sources):
            yield problem
    yield from _check_published(campaign, numbers, sources, memo)


def _check_published(
    campaign: Campaign, numbers: KnownNumbers, sources: Mapping[str, int], memo: Memo
) -> Iterator[Problem]:
    for code, published in published_texts(campaign).items():
        for text in published.texts:
            for braces in double_braces(text.text):
                message = f"`{braces}` works only in a page's own paragraph: here it would be published as typed."
                yield Problem("shortcode-inside", text.where, message, "Write the words themselves.")
        call_words = calls_of(campaign.languages[code])
        key = f"unfinished texts {code} {published.hash} {' '.join(call_words)}"
        for where, kind, number in memo.get_or_make(key, partial(_numbers_in_all, published.texts, call_words)):
            if kind == PLACEHOLDER:
                yield _placeholder(number, where)
            elif problem := _number_problem(numbers, kind, number, where, sources):
                yield problem


def _numbers_in_all(texts: Iterable[PublishedText], call_words: Sequence[str]) -> list[tuple[str, str, str]]:
    return [(text.where, *row) for text in texts for row in _numbers_in(text.text, call_words)]


def _numbers_in(text: str, call_words: Sequence[str]) -> Iterator[tuple[str, str]]:
    yield from ((PLACEHOLDER, number) for number in _placeholders(text))
    rows = [*numbers_in(text, call_words)] if DIGIT.search(text) else []
    rows += [(NUMBER, item) for item in _linked([text], [number for _, number in rows])]
    yield from dict.fromkeys(rows)


def check_sentence(campaign: Campaign, language: str, text: str, where: str) -> list[Problem]:
    """Return what is wrong with the numbers in a Markdown sentence."""
    call_words, text_without_notes = calls_of(campaign.languages[language]), MARKS.sub("", NOTE.sub(CITATION, text))
    known_numbers_of_campaign = known_numbers(campaign)
    rows = (
        every_number(text_without_notes.replace(CITATION, ""), call_words, known_numbers_of_campaign.former_digits)
        if any(map(str.isdigit, text_without_notes))
        else []
    )
    rows += [(NUMBER, item) for item in _linked([text], [number for _, number in rows])]
    sourced_numbers = (
        citation_distances_in(text_without_notes, call_words, known_numbers_of_campaign.former_digits)
        if CITATION in text_without_notes
        else {}
    )
    rows = [row for row in rows if not is_counted(*row, sourced_numbers)]
    if not rows:
        return []
    sources = looked_up(campaign) | sourced_numbers
    results = (_number_problem(known_numbers_of_campaign, kind, number, where, sources) for kind, number in rows)
    return [item for item in results if item]


def _placeholder(raw: str, where: str) -> Problem:
    message = f"`{raw}` is a placeholder for text that isn't written yet."
    return Problem("placeholder-left", where, message, "Write what belongs there.")


def _number_problem(
    numbers: KnownNumbers, kind: str, raw: str, where: str, sources: Mapping[str, int]
) -> Problem | None:
    if former := numbers.former_owner(raw):
        return _former_number_problem(*former, raw, where)
    if not numbers.lacks_contact(kind, raw) or numbers.is_looked_up(kind, raw, sources):
        return None
    similar_number = numbers.similar_number(raw)
    message = f"The number {raw} is in no contact file, so no one checks it."
    message = f"{raw} is in no contact; did you mean {similar_number}?" if similar_number else message
    return Problem(
        "number-not-kept",
        where,
        message,
        COUNT_FIX if kind == SENTENCE_START else SIMILAR_NUMBER_FIX if similar_number else FIX,
    )


def check_released_numbers(campaign: Campaign) -> Iterator[Problem]:
    """Yield problems that stop a release: former numbers in texts, and near misses."""
    numbers, rows = KnownNumbers(campaign), []
    for page in campaign.pages.values():
        rows += [(page, *row) for row in _find_numbers(page, calls_of(campaign.languages[page.language]))]
    sources = _nearest_by_number(rows)
    for page, kind, number, line, _ in rows:
        if kind in (PLACEHOLDER, MAIL, *GUESSED_NUMBERS):
            continue
        lacks_contact = numbers.lacks_contact(kind, number) and not numbers.is_looked_up(kind, number, sources)
        where = f"{page.where}:{line}"
        if former := numbers.former_owner(number):
            yield _former_number_problem(*former, number, where, is_release=True)
        elif lacks_contact and (similar_number := numbers.similar_number(number)):
            message = f"{number} is in no contact; did you mean {similar_number}?"
            yield Problem("number-near-release", where, message, SIMILAR_NUMBER_FIX)


def _nearest_by_number(rows: Sequence[tuple[Any, ...]]) -> dict[str, int]:
    return {
        without_separators(number): distance
        for _, _, number, _, distance in sorted(rows, key=lambda row: row[4])
        if distance
    }


def _former_number_problem(contact: Contact, former: Former, raw: str, where: str, is_release: bool = False) -> Problem:
    message = f"{raw} was the number of {contact.name or contact.id} until {former.until.isoformat()}."
    suffix = f" (now {contact.phone})" if contact.phone else ""
    shortcode = "{{ call }}" if contact.is_main else "{{ contacts }}"
    fix = f"Replace it with {shortcode}, which always shows the current number{suffix}, or remove it."
    return Problem("number-taken-back-release" if is_release else "number-taken-back", where, message, fix)


def _find_numbers(page: Page, call_words: Sequence[str], former_digits: Container[str] = ()) -> list[list[Any]]:
    """Return [kind, text as typed, line, citation (see `citation_distances`)] of each on a page."""
    rows: list[list[Any]] = [
        [kind, number, "1", 0] for kind, number in former_numbers_in(page.title, call_words, former_digits)
    ]
    has_mails = any("mailto:" in link.to for link in page.outline.links)
    dials = any(any(dialled_numbers(link.to)) for link in page.outline.links)
    nodes = [node for node in walk((*page.document.blocks, *page.document.notes)) if isinstance(node, NUMBER_NODES)]
    texts = [words(node.children) for node in nodes]
    if not (has_mails or dials or _may_have_numbers("\n".join(texts))):
        return rows
    for node, text in zip(nodes, texts, strict=True):
        results = [(PLACEHOLDER, number, 0) for number in _placeholders(text)]
        if DIGIT.search(text):
            sources = citation_distances(node.children, call_words, former_digits)
            find = former_numbers_in if isinstance(node, Cell) else every_number
            numbers = [item for item in find(text, call_words, former_digits) if not is_counted(*item, sources)]
            results += [(kind, number, sources.get(without_separators(number), 0)) for kind, number in numbers]
        inner_nodes = [*walk(node.children)] if has_mails or dials else []
        addresses = [text, *(item.to for item in inner_nodes if isinstance(item, Link) and dials)]
        has_note = any(isinstance(item, Note) for item in inner_nodes)
        results += [(NUMBER, item, int(has_note)) for item in _linked(addresses, [number for _, number, _ in results])]
        if has_mails:
            mails = [
                item.to.removeprefix("mailto:")
                for item in inner_nodes
                if isinstance(item, Link) and "mailto:" in item.to
            ]
            results += [(MAIL, number, int(has_note)) for number in mails]
        if results:
            line = page.line(node.start).rpartition(":")[2]
            rows += [[kind, number, line, distance] for kind, number, distance in results]
    return rows


def _may_have_numbers(text: str) -> bool:
    """Return whether a text may have placeholders, numbers or addresses."""
    small = text.lower()
    return bool(DIGIT.search(text)) or any(sign in small for sign in (*PLACEHOLDER_PARTS, ":", "/", "%"))


def _linked(texts: Sequence[str], results: Sequence[str]) -> list[str]:
    read = {without_separators(number).lstrip("+") for number in results}
    linked_numbers = dict.fromkeys(number for text in texts for number in dialled_numbers(text))
    return [number for number in linked_numbers if number.lstrip("+") not in read]


def _placeholders(text: str) -> list[str]:
    small = text.lower()
    placeholders = (
        [match[0] for match in PLACEHOLDERS.finditer(text)] if any(sign in small for sign in PLACEHOLDER_PARTS) else []
    )
    return [
        placeholder
        for placeholder in placeholders
        if not CAPITALS.fullmatch(placeholder.upper()) or placeholder.isupper()
    ]
