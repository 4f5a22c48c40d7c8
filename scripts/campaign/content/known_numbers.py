"""Whether a number in a text belongs to a contact, and whether it is verified."""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from campaign.content import typed_numbers as numbers
from campaign.document.text import FOREIGN_SENTENCE_ENDS
from campaign.models.campaign import Campaign, Language
from campaign.models.contact import Contact, Former, Number
from campaign.models.nodes import Break, Cell, Code, Heading, Node, Note, Paragraph, Term, Text, walk, words
from campaign.models.page import Page, Panel

# Phone numbers by form; the lengths of contacts' numbers tell which others are.
NUMBER = "number"
LOCAL_NUMBER = "local"
SHORT_NUMBER = "short"
# Often not for dialling, so it stops nothing: at the start of a sentence, or with only one word.
SENTENCE_START = "begun"
WITH_ONE_WORD = "lone"
# The digits of a former number: perhaps an amount, so only a note unless it cites a source.
EXACT_DIGITS = "stands"
GUESSED_NUMBERS = (SENTENCE_START, WITH_ONE_WORD, EXACT_DIGITS)
NUMBER_NODES = (Paragraph, Heading, Cell, Term)  # nodes with text that may contain numbers
# Footnotes, links except `tel:`, ids and shortcodes.
NO_WORDS = re.compile(r"\[\^[^\]]*\]|\]\((?!tel:)[^)]*\)|\{[#{][^}]*\}+")
# A citation in plain text; what ends a sentence.
CITATION = "\x1f"
SENTENCE_ENDS = f".!?…{FOREIGN_SENTENCE_ENDS}"
CITED_SENTENCE_END = re.compile(rf"([{SENTENCE_ENDS}][”\"’»)]*)({CITATION}+)")
SENTENCES = re.compile(rf"(?<=[.!?…])\s+|(?<=[{FOREIGN_SENTENCE_ENDS}])")


class KnownNumbers:
    """The numbers and web addresses of a campaign's contacts."""

    def __init__(self, campaign: Campaign) -> None:
        self.dials = numbers.dial_numbers(campaign)
        self.mails = {without_separators(contact.email) for contact in campaign.all_contacts if contact.email}
        words = campaign.source_language.strings
        all_numbers = [(contact, number) for contact in campaign.whole_register for number in contact.numbers]
        self.called = {
            digits: f"{number.phone} ({contact.name or words.get(f'kind-{contact.kind}', contact.id)})"
            for contact, number in all_numbers
            for digits in _digits_dialled(number)
        }
        self.former = [(contact, former) for contact in campaign.with_former for former in contact.former]
        # Digits of former numbers without an owner.
        self.former_digits = (
            frozenset(numbers.digits_of(former.phone) for _, former in self.former) - self.called.keys()
        )
        self._fresh_digits = {
            digits for _, number in all_numbers if number.is_fresh for digits in _digits_dialled(number)
        }
        self._fresh_dials = {digits: dial for digits, dial in self.dials.items() if digits in self._fresh_digits}
        local = (number.phone for _, number in all_numbers)
        lengths = {len(numbers.digits_of(phone)) for phone in local if not phone.startswith(("+", "0"))}
        # Thousands of texts repeat the same numbers.
        self._former_owners: dict[str, tuple[Contact, Former] | None] = {}
        self._doubts: dict[tuple[str, str], bool] = {}
        self.lengths = {
            SHORT_NUMBER: {length for length in lengths if length <= numbers.MAX_SHORT_DIGITS},
            # A digit may be missing or doubled.
            LOCAL_NUMBER: {
                length + offset for length in lengths if length > numbers.MAX_SHORT_DIGITS for offset in (-1, 0, 1)
            },
        }

    def lacks_contact(self, kind: str, raw: str) -> bool:
        """Return whether a number is for dialling but belongs to no contact."""
        if self.is_contact(raw):
            return False
        digits = numbers.digits_of(raw)
        if kind == SENTENCE_START:
            return any(
                len(known_digits) == len(digits) and numbers.is_near(digits, known_digits)
                for known_digits in self.called
            )
        if kind == EXACT_DIGITS:
            return False
        if kind == WITH_ONE_WORD:
            return len(digits) in self.lengths[SHORT_NUMBER]
        return (
            kind == NUMBER
            or len(digits) in self.lengths[kind]
            or (kind == LOCAL_NUMBER and bool(self.similar_number(raw)))
        )

    def is_looked_up(self, kind: str, raw: str, sources: Mapping[str, int]) -> bool:
        """Return whether a number cites its source; a short one or near miss in its own sentence."""
        return sources.get(without_separators(raw), 0) >= (
            2 if kind in (SHORT_NUMBER, *GUESSED_NUMBERS) or self.similar_number(raw) else 1
        )

    def is_fresh(self, raw: str) -> bool:
        """Return whether it was verified recently."""
        return numbers.digits_of(raw) in self._fresh_digits or numbers.is_contact(raw, self._fresh_dials)

    def is_contact(self, raw: str) -> bool:
        """Return whether it belongs to a contact."""
        return numbers.digits_of(raw) in self.called or numbers.is_contact(raw, self.dials)

    def former_owner(self, raw: str) -> tuple[Contact, Former] | None:
        """Return whose former number it is, if it has no owner now."""
        if raw not in self._former_owners:
            former = () if self.former and self.is_contact(raw) else self.former
            self._former_owners[raw] = next((item for item in former if numbers.is_same(raw, item[1].phone)), None)
        return self._former_owners[raw]

    def is_doubtful(self, kind: str, raw: str, sources: Mapping[str, int]) -> bool:
        """Return whether it is for dialling and unverified; arguments as for `is_looked_up`."""
        if (kind, raw) not in self._doubts:
            # "113 people were hurt" starts like "113 is for danger" in every language: only a note.
            self._doubts[kind, raw] = (
                kind != SENTENCE_START
                and not self.is_fresh(raw)
                and bool(
                    (kind not in GUESSED_NUMBERS and self.is_contact(raw))
                    or self.former_owner(raw)
                    or (self.lacks_contact(kind, raw) and not self.is_looked_up(kind, raw, sources))
                )
            )
        return self._doubts[kind, raw]

    def similar_number(self, raw: str) -> str:
        """Return a contact's similar number with its name, or ''."""
        digits = numbers.digits_of(raw)
        return next(
            (places for known_digits, places in self.called.items() if numbers.is_near(digits, known_digits)), ""
        )


def _digits_dialled(number: Number) -> set[str]:
    """Return the digits of a contact's number, as printed and with the country code."""
    return {numbers.digits_of(number.phone), numbers.digits_of(number.dial.partition(",")[0])}


def calls_of(language: Language) -> tuple[str, ...]:
    """Return the phrases with {number} by which a language asks to call, also without the words between."""
    call, phone = language.strings.get("call", ""), f"{language.strings.get('phone', '')} {{number}}"
    first = call.partition("{number}")[0].split()[:1]
    return tuple(dict.fromkeys((call, *(f"{item} {{number}}" for item in first), phone)))


def numbers_in(text: str, call_words: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield (kind, number as typed) for a plain text. `call_words`: see `calls_of`."""
    yield from ((NUMBER, telephone_number) for telephone_number in numbers.telephone_numbers(text))
    for local_number in numbers.local_numbers(text):
        yield (
            NUMBER if any(numbers.is_asked(text, local_number, call) for call in call_words) else LOCAL_NUMBER,
            local_number,
        )
    yield from dict.fromkeys(
        (SHORT_NUMBER, short_number) for call in call_words for short_number in numbers.short_numbers(text, call)
    )


def every_number(text: str, call_words: Iterable[str], former_digits: Container[str] = ()) -> list[tuple[str, str]]:
    """Return `numbers_in` and those that may not be for dialling. `former_digits`: see KnownNumbers."""
    if not numbers.DIGIT.search(text):
        return []
    result = former_numbers_in(text, call_words, former_digits)
    certain = {raw for _, raw in result}
    guessed = [(SENTENCE_START, begun_number) for begun_number in numbers.begun_numbers(text)]
    guessed += [(WITH_ONE_WORD, lone_number) for lone_number in numbers.lone_numbers(text)]
    return result + [(kind, raw) for kind, raw in guessed if raw not in certain]


def former_numbers_in(text: str, call_words: Iterable[str], former_digits: Container[str]) -> list[tuple[str, str]]:
    """Return `numbers_in` and all former numbers."""
    results = [*numbers_in(text, call_words)]
    certain = {raw for _, raw in results}
    candidates = dict.fromkeys(numbers.standing_numbers(text, former_digits))
    return results + [(EXACT_DIGITS, number) for number in candidates if number not in certain]


def citation_distances(
    children: Sequence[Node], call_words: Iterable[str], former_digits: Container[str] = ()
) -> dict[str, int]:
    """Return the numbers in a paragraph that cites a source: 2 if in the same sentence, else 1."""
    inner_nodes = [*walk(children)]
    if not any(isinstance(item, Note) for item in inner_nodes):
        return {}
    leaves = (item for item in inner_nodes if isinstance(item, Note | Text | Code | Break))
    return citation_distances_in(
        "".join(CITATION if isinstance(leaf, Note) else words([leaf]) for leaf in leaves), call_words, former_digits
    )


def citation_distances_in(text: str, call_words: Iterable[str], former_digits: Container[str] = ()) -> dict[str, int]:
    """Return the same for a plain text with CITATION for each citation."""
    typed_numbers = _numbers_typed(text.replace(CITATION, ""), call_words, former_digits)
    all_numbers = dict.fromkeys(map(without_separators, typed_numbers), 1)
    if all_numbers:
        sentences = SENTENCES.split(CITED_SENTENCE_END.sub(r"\2\1", text))
        cited_sentences = (sentence.replace(CITATION, " ") for sentence in sentences if CITATION in sentence)
        all_numbers |= {
            without_separators(number): 2
            for sentence in cited_sentences
            for number in _numbers_typed(sentence, call_words, former_digits)
        }
    return all_numbers


def _numbers_typed(text: str, call_words: Iterable[str], before: Container[str]) -> Iterator[str]:
    yield from (raw for _, raw in every_number(text, call_words, before))


def doubtful_numbers(campaign: Campaign, page: Page, panels: Iterable[Panel]) -> list[str]:
    """Return unverified numbers to dial in a page's title and panels, as typed; a cited source verifies a number."""
    call_words, panel_ids = calls_of(campaign.languages[page.language]), tuple(panels)
    number_index = known_numbers(campaign)
    inner_nodes = [node for panel in panel_ids for node in walk(panel.blocks) if isinstance(node, NUMBER_NODES)]
    texts = [page.title, *(panel.title for panel in panel_ids)]
    typed_numbers = dict.fromkeys(
        number for text in texts for number in every_number(text, call_words, number_index.former_digits)
    )
    for node in inner_nodes:
        distances = (
            citation_distances(node.children, call_words, number_index.former_digits)
            if number_index.former_digits
            else {}
        )
        all_numbers = every_number(words(node.children), call_words, number_index.former_digits)
        typed_numbers |= dict.fromkeys(item for item in all_numbers if not is_counted(*item, distances))
    sources = looked_up(campaign) if typed_numbers else {}
    return [number for kind, number in typed_numbers if number_index.is_doubtful(kind, number, sources)]


def is_counted(kind: str, raw: str, distances: Mapping[str, int]) -> bool:
    """Return whether a former number means something else or is described as former: its sentence cites a source."""
    return kind == EXACT_DIGITS and distances.get(without_separators(raw), 0) >= 2


def typed_lines(campaign: Campaign, phone: str) -> Iterator[str]:
    """Yield the file and line of each text that has a number typed by hand. Embargoed releases are left out."""
    digits = {numbers.digits_of(phone)}
    files = {page.where: page.language for page in campaign.pages.values()}
    for code in campaign.languages:
        files |= {f"docs/{code}/{path.name}": code for path in sorted((campaign.root / "docs" / code).glob("_*.yml"))}
    for where, code in files.items():
        path, call_words = campaign.root / where, calls_of(campaign.languages[code])
        lines = path.read_text(encoding="utf-8").splitlines() if path.is_file() else ()
        for index, line in enumerate(lines, 1):
            text = NO_WORDS.sub(" ", line).replace("tel:", " ")
            if any(numbers.is_same(raw, phone) for _, raw in former_numbers_in(text, call_words, digits)):
                yield f"{where}:{index}"


@lru_cache(maxsize=1)
def known_numbers(campaign: Campaign) -> KnownNumbers:
    """Return the numbers of a campaign's contacts, computed once."""
    return KnownNumbers(campaign)


@lru_cache(maxsize=1)
def looked_up(campaign: Campaign) -> dict[str, int]:
    """Return the sourced numbers of all texts, see `citation_distances`."""
    pages = campaign.pages.values()
    return nearest(sourced_on(page, calls_of(campaign.languages[page.language])) for page in pages)


def sourced_on(page: Page, call_words: Iterable[str]) -> dict[str, int]:
    """Return the sourced numbers of a page, see `citation_distances`."""
    if not page.cites:
        return {}
    inner_nodes = (
        node for node in walk((*page.document.blocks, *page.document.notes)) if isinstance(node, NUMBER_NODES)
    )
    return nearest(citation_distances(node.children, call_words) for node in inner_nodes)


def nearest(results: Iterable[Mapping[str, int]]) -> dict[str, int]:
    """Return the best citation of each number over several texts."""
    counts: dict[str, int] = {}
    for item in results:
        for raw, distance in item.items():
            counts[raw] = max(distance, counts.get(raw, 0))
    return counts


def without_separators(raw: str) -> str:
    """Remove separators from a number."""
    return raw.casefold() if "@" in raw else "+" * raw.startswith("+") + numbers.digits_of(raw)
