"""Compares translations with their source, and counts how long sentences are. All of it is a note, never a stop.

A count, not a readability formula: those are made for English and hold for no other language.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Any

import msgspec

from campaign.cache.atomic import WORK
from campaign.cache.memo import Memo
from campaign.cache.store import hash_text
from campaign.cache.workers import map_in_workers
from campaign.checks import languages
from campaign.checks.word_files import check_word_files
from campaign.content.translated_numbers import check_named_numbers, differing, differing_numbers, front_texts
from campaign.document.text import plain_text
from campaign.models.campaign import Campaign, Term
from campaign.models.nodes import Document
from campaign.models.page import Page
from campaign.models.problem import Problem

MOST_WORDS_IN_PIECES = 15
MOST_WORDS_IN_PAGES = 20
# Scripts that put no space between words: Thai, Lao, Burmese, Khmer, Han, kana.
NO_SPACES = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff]")
# From so many new pages on, processes save more time than they cost.
MANY, CHUNK = 500, 100
# Of so many pages it is kept in which languages their lines are.
MOST_KNOWN = 50_000

EXTERNAL = "://"
# From so many words or, in scripts without spaces, letters on a line is no name.
LONG_WORDS, LONG_LETTERS = 6, 20
BEGIN = 60
# A page of fewer is a list or a title: nothing to read hard.
FEW_SENTENCES = 5
END = re.compile(r"(?<=[.!?…:;។。！？။؟])\s+|\n+")
UNPACKED = f"{WORK}/languages"


def check_words(campaign: Campaign, memo: Memo | None = None) -> Iterator[Problem]:
    """Notes on translations that differ from their source, and on texts whose sentences are long.

    Args:
        campaign: with all pages that are to be compared.
        memo: what was found on pages before; whoever gave them saves.
    """
    memo = memo or Memo(None)
    names = [(code, language.name) for code, language in campaign.languages.items()]
    shared = hash_text(f"words {campaign.glossary!r}{names!r}")
    keys = {key: _key(campaign, key, shared) for key in campaign.pages}
    found = {key: memo.get(noted) for key, noted in keys.items()}
    new = [key for key, known in found.items() if known is None]
    # A page that has changed has most of its lines still.
    spoken, lines = memo.beside("spoken", MOST_KNOWN), {key: hash_text(f"{shared} {key}") for key in new}
    jobs = [(key, dict(spoken.get(lines[key]) or {})) for key in new]
    if len(new) > MANY:
        languages.unpack(campaign.root / UNPACKED)  # once, not in each worker
    batches = [jobs[at : at + CHUNK] for at in range(0, len(jobs), CHUNK)]
    checked = map_in_workers(_check_pages, campaign, batches, is_much=len(new) > MANY)
    for key, (rows, known) in zip(new, chain.from_iterable(checked), strict=True):
        found[key] = rows
        memo.put(keys[key], rows)
        spoken.put(lines[key], known)
    for problems in found.values():
        yield from (Problem(*each) for each in problems or ())
    yield from check_word_files(campaign)


def _original(campaign: Campaign, key: tuple[str, str]) -> Page | None:
    """What a page is translated from; None for a page of the source language."""
    source = campaign.source_language.code
    return campaign.pages.get((source, key[1])) if key[0] != source else None


def _key(campaign: Campaign, key: tuple[str, str], shared: str) -> str:
    page, original = campaign.pages[key], _original(campaign, key)
    is_whole = campaign.languages[key[0]].is_whole
    said = [f"{each.digest}\0{front_texts(each)}" for each in (page, original) if each]
    return hash_text("\0".join((shared, page.where, str(is_whole), *said)))


_Job = tuple[tuple[str, str], dict[str, str]]
_Checked = tuple[list[list[Any]], dict[str, str]]


def _check_pages(campaign: Campaign, jobs: list[_Job]) -> list[_Checked]:
    """Of each page its problems, and of its lines the languages that they are in, of which some may be known."""
    for code in dict.fromkeys(language for (language, _), _ in jobs):
        new = []
        for key, known in jobs:
            if key[0] == code:
                lines = {hash_text(line): line for line in text_of(campaign.pages[key]).splitlines()}
                new.append((known, {digest: line for digest, line in lines.items() if digest not in known}))
        every = {digest: line for _, lines in new for digest, line in lines.items()}
        own = languages.surely_own(every, code, campaign.languages, campaign.root / UNPACKED)
        for known, lines in new:
            known.update(dict.fromkeys(lines.keys() & own, ""))
    return [_check_page(campaign, job) for job in jobs]


def _check_page(campaign: Campaign, job: _Job) -> _Checked:
    key, known = job
    page, original = campaign.pages[key], _original(campaign, key)
    problems = [*_check_length(page), *_check_untranslated(campaign, page, original, known)]
    if original and page.document.blocks and (campaign.languages[page.language].is_whole or page.formats):
        problems += [*_check_structure(page, original), *_check_glossary(page, original, campaign.glossary)]
    return [[each.id, each.where, each.what, each.fix] for each in problems], known


def text_of(page: Page) -> str:
    """What a reader reads of a page, a block a line; no footnotes."""
    return _text(page.tree)


# Several checks read the same pages, of which many are looked at together.
@lru_cache(maxsize=3 * CHUNK)
def _text(tree: str) -> str:
    return plain_text(msgspec.json.decode(tree, type=Document).blocks) if tree else ""


@dataclass(frozen=True)
class Length:
    """How long the sentences of a text are; all 0 where words cannot be counted.

    Attributes:
        sentences: how many.
        words: in a sentence, on average.
        longest: words of the longest sentence.
        letters: in a word, on average.
    """

    sentences: int = 0
    words: float = 0
    longest: int = 0
    letters: float = 0


def measure(text: str) -> Length:
    """Counts sentences of two words and more, in scripts that put spaces between words."""
    sentences = _sentences(text)
    if not sentences:
        return Length()
    return Length(
        sentences=len(sentences),
        words=sum(map(len, sentences)) / len(sentences),
        longest=max(map(len, sentences)),
        letters=sum(map(str.isalpha, "".join(map("".join, sentences)))) / sum(map(len, sentences)),
    )


def measure_languages(campaign: Campaign) -> dict[str, Length]:
    """How long sentences and words are in each language, all its pages together."""
    texts = {
        code: [text_of(page) for page in campaign.pages.values() if page.language == code]
        for code in campaign.languages
    }
    return {code: measure("\n".join(found)) for code, found in texts.items()}


def hardest_pages(campaign: Campaign, most: int = 5) -> Iterator[tuple[Page, Length, str]]:
    """Of each language the pages with the longest sentences by its own measure, hardest first.

    Args:
        campaign: with its pages.
        most: pages of a language.

    Yields:
        A page, how long its sentences are, how the longest of them begins. None of a language whose script puts no
        spaces between words.
    """
    for code in campaign.languages:
        found = [(measure(text_of(page)), page) for page in campaign.pages.values() if page.language == code]
        counted = [(length, page) for length, page in found if length.sentences >= FEW_SENTENCES]
        for length, page in sorted(counted, key=lambda each: -each[0].words)[:most]:
            longest = max(_sentences(text_of(page)), key=len)
            yield page, length, _begin(" ".join(longest))


def _sentences(text: str) -> list[list[str]]:
    """The words of each; none of a text in a script without spaces."""
    spaceless = 0 if text.isascii() else len(NO_SPACES.findall(text))
    if spaceless and spaceless * 2 > sum(map(str.isalpha, text)):
        return []
    return [words for part in END.split(text) if len(words := _words(part)) > 1]


def _words(sentence: str) -> list[str]:
    """What stands between spaces and has a letter."""
    return [word for word in sentence.split() if word[0].isalpha() or any(map(str.isalpha, word))]


def _check_length(page: Page) -> Iterator[Problem]:
    sentences = _sentences(text_of(page))
    words = sum(map(len, sentences)) / (len(sentences) or 1)
    most = MOST_WORDS_IN_PIECES if page.formats else MOST_WORDS_IN_PAGES
    if words > most:
        what = f"Sentences have {words:.0f} words on average; {most} are easy to read."
        yield Problem("sentences-long", page.where, what, "Make two of one.")


def _check_untranslated(
    campaign: Campaign, page: Page, original: Page | None, known: dict[str, str]
) -> Iterator[Problem]:
    """Whether sentences of the source, or of another language of the campaign, stand in a page."""
    theirs = {line for line in text_of(original).splitlines() if _is_long(line)} if original else set()
    lines = text_of(page).splitlines()
    same = [line for line in lines if line in theirs]
    if same:
        what = f"The source's words are left here ({len(same)} times): “{_begin(same[0])}”"
        yield Problem("translation-same", page.find(same[0]), what, "Translate them.")
    own = [line for line in lines if line not in theirs]
    source = original.language if original else ""
    unpacked = campaign.root / UNPACKED
    foreign = languages.find_foreign(own, page.language, source, campaign.languages, unpacked, known)
    if foreign and not (same and not foreign.is_most):
        name = campaign.languages[foreign.code].name if foreign.code in campaign.languages else "English"
        what = f"This reads as {name} ({len(foreign.lines)} times): “{_begin(foreign.lines[0])}”"
        fix = f"The folder docs/{page.language}/ is for {campaign.languages[page.language].name}: write it in that."
        yield Problem("language-other", page.find(foreign.lines[0]), what, fix)


def _is_long(line: str) -> bool:
    """Names and what is to be said in another language are short."""
    return len(_words(line)) >= LONG_WORDS or len(NO_SPACES.findall(line)) >= LONG_LETTERS


def _begin(line: str) -> str:
    return line if len(line) <= BEGIN else f"{line[:BEGIN].rstrip()} …"


def _check_structure(page: Page, original: Page) -> Iterator[Problem]:
    for rule, (name, read) in COMPARED.items():
        if said := differing(read(original), read(page), "this page"):
            what = f"The {name} differ from {original.where}: {said}."
            yield Problem(rule, page.where, what, "Bring the two into step.")
    if said := differing_numbers(text_of(original), text_of(page), "this page"):
        what = f"The numbers differ from {original.where}: {said}."
        yield Problem("translation-numbers", page.where, what, "Bring the two into step.")
    yield from check_named_numbers(front_texts(original), front_texts(page), page.where, original.where)


def _ids(page: Page) -> list[str]:
    """Those that were typed; a heading without one has an id of its own words, in each language another."""
    return ["#" * heading.level if heading.is_made else heading.to for heading in page.outline.headings]


def _links(page: Page) -> list[str]:
    """Other sites may have an address for each language."""
    return [EXTERNAL if EXTERNAL in link.to else link.to for link in page.outline.links if link.to]


def _shortcodes(page: Page) -> list[str]:
    codes = page.outline.shortcodes
    return [" ".join((code.to, *(f"{key}={value}" for key, value in code.arguments.items()))) for code in codes]


def _pictograms(page: Page) -> list[str]:
    return [pictogram.to for pictogram in page.outline.pictograms]


COMPARED = {
    "translation-headings": ("headings", _ids),
    "translation-links": ("links", _links),
    "translation-shortcodes": ("shortcodes", _shortcodes),
    "translation-pictograms": ("pictograms", _pictograms),
    "translation-sources": ("sources cited", lambda page: list(page.cites)),
}


def _check_glossary(page: Page, original: Page, glossary: tuple[Term, ...]) -> Iterator[Problem]:
    theirs, ours = _fold(original.title + "\n" + text_of(original)), _fold(page.title + "\n" + text_of(page))
    for term in glossary:
        forms = term.forms.get(page.language)
        used = next((form for form in term.forms.get(original.language, ()) if _uses(theirs, form)), None)
        # A name may keep the source's words.
        if used and forms and not any(_fold(form) in ours for form in (*forms, used)):
            what = f"The source says “{used}”; the translation has none of its accepted forms: {', '.join(forms)}."
            yield Problem(
                "translation-glossary",
                page.where,
                what,
                "Use one of them, or add the form to docs/_glossary.yml.",
            )


def _uses(text: str, form: str) -> bool:
    """Whether a text has a word or phrase; one of four letters or more also with two more letters behind it."""
    ending = r"\w{0,2}" if len(form) > 3 else ""
    return bool(re.search(rf"(?<!\w){re.escape(_fold(form))}{ending}(?!\w)", text))


def _fold(text: str) -> str:
    return re.sub("[’ʼ‘`]", "'", text).casefold()
