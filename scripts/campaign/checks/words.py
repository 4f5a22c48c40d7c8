"""Compare translations with their source, and count words per sentence (readability formulas only work for English)."""

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
from campaign.content.messages import WORDS as MESSAGES
from campaign.content.photos import WORDS as PHOTOS
from campaign.content.translated_numbers import check_named_numbers, differing, differing_numbers, front_texts, is_spelt
from campaign.document.text import FOREIGN_SENTENCE_ENDS, plain_text
from campaign.models.campaign import Campaign, Term
from campaign.models.nodes import Document
from campaign.models.page import Page
from campaign.models.problem import Problem
from campaign.schema.interface_words import STRINGS

MAX_WORDS_IN_PIECES = 15
MAX_WORDS_IN_PAGES = 20
# Scripts without spaces: Thai, Lao, Burmese, Khmer, Han, kana.
NO_SPACES = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u2e80-\u9fff]")
PARALLEL_THRESHOLD_PAGES = 500
PAGES_PER_JOB = 100
# Pages whose lines' languages are cached.
MAX_CACHED_PAGES = 50_000

SCHEME_SEPARATOR = "://"
# Shorter lines, in words or letters, are names.
MIN_WORDS = 6
MIN_LETTERS = 20
QUOTED_CHARS = 60
# Pages with fewer are lists or titles.
MIN_SENTENCES = 5
SENTENCE_END = re.compile(rf"(?<=[.!?…:;{FOREIGN_SENTENCE_ENDS}])\s+|\n+")
MODELS_FOLDER = f"{WORK}/languages"


def check_words(campaign: Campaign, memo: Memo | None = None) -> Iterator[Problem]:
    """Yield notes on differing translations and long sentences. `memo` caches results."""
    memo = memo or Memo(None)
    names = [(code, language.name) for code, language in campaign.languages.items()]
    shared = hash_text(f"words {campaign.glossary!r}{names!r}")
    keys = {key: _key(campaign, key, shared) for key in campaign.pages}
    results = {key: memo.get(memo_key) for key, memo_key in keys.items()}
    new = [key for key, cached in results.items() if cached is None]
    # A changed page still has most of its lines.
    cache, lines = memo.namespace("spoken", MAX_CACHED_PAGES), {key: hash_text(f"{shared} {key}") for key in new}
    jobs = [(key, dict(cache.get(lines[key]) or {})) for key in new]
    if len(new) > PARALLEL_THRESHOLD_PAGES:
        languages.unpack(campaign.root / MODELS_FOLDER)  # once, not in each worker
    batches = [jobs[index : index + PAGES_PER_JOB] for index in range(0, len(jobs), PAGES_PER_JOB)]
    checked = map_in_workers(_check_pages, campaign, batches, is_parallel=len(new) > PARALLEL_THRESHOLD_PAGES)
    for key, (rows, cached) in zip(new, chain.from_iterable(checked), strict=True):
        results[key] = rows
        memo.put(keys[key], rows)
        cache.put(lines[key], cached)
    for problems in results.values():
        yield from (Problem(*problem) for problem in problems or ())
    yield from _check_word_files(campaign)


def _original(campaign: Campaign, key: tuple[str, str]) -> Page | None:
    source = campaign.source_language.code
    return campaign.pages.get((source, key[1])) if key[0] != source else None


def _key(campaign: Campaign, key: tuple[str, str], shared: str) -> str:
    page, original = campaign.pages[key], _original(campaign, key)
    is_whole = campaign.languages[key[0]].is_whole
    parts = [f"{item.digest}\0{front_texts(item)}" for item in (page, original) if item]
    return hash_text("\0".join((shared, page.where, str(is_whole), *parts)))


_Job = tuple[tuple[str, str], dict[str, str]]
_Checked = tuple[list[list[Any]], dict[str, str]]


def _check_pages(campaign: Campaign, jobs: list[_Job]) -> list[_Checked]:
    """Return the problems of each page, and the languages of its lines as far as known."""
    for code in dict.fromkeys(language for (language, _), _ in jobs):
        new = []
        for key, cached in jobs:
            if key[0] == code:
                lines = {hash_text(line): line for line in text_of(campaign.pages[key]).splitlines()}
                new.append((cached, {digest: line for digest, line in lines.items() if digest not in cached}))
        lines_by_digest = {digest: line for _, lines in new for digest, line in lines.items()}
        own_lines = languages.find_own_lines(lines_by_digest, code, campaign.languages, campaign.root / MODELS_FOLDER)
        for cached, lines in new:
            cached.update(dict.fromkeys(lines.keys() & own_lines, ""))
    return [_check_page(campaign, job) for job in jobs]


def _check_page(campaign: Campaign, job: _Job) -> _Checked:
    key, cached = job
    page, original = campaign.pages[key], _original(campaign, key)
    problems = [*_check_length(page), *_check_untranslated(campaign, page, original, cached)]
    if original and page.document.blocks and (campaign.languages[page.language].is_whole or page.formats):
        problems += [*_check_structure(page, original), *_check_glossary(page, original, campaign.glossary)]
    return [[problem.id, problem.where, problem.message, problem.fix] for problem in problems], cached


def text_of(page: Page) -> str:
    """Return the visible text of a page, one block per line, without footnotes."""
    return _text(page.tree)


# Several checks read the same pages together.
@lru_cache(maxsize=3 * PAGES_PER_JOB)
def _text(tree: str) -> str:
    return plain_text(msgspec.json.decode(tree, type=Document).blocks) if tree else ""


@dataclass(frozen=True)
class Length:
    """The length of a text's sentences; all 0 if words can't be counted."""

    sentences: int = 0
    words: float = 0  # in a sentence, on average
    longest: int = 0  # words of the longest sentence
    letters: float = 0  # in a word, on average


def measure(text: str) -> Length:
    """Measure sentences of two or more words, in scripts with spaces."""
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
    """Return the averages of each language."""
    texts = {
        code: [text_of(page) for page in campaign.pages.values() if page.language == code]
        for code in campaign.languages
    }
    return {code: measure("\n".join(text)) for code, text in texts.items()}


def hardest_pages(campaign: Campaign, max_pages: int = 5) -> Iterator[tuple[Page, Length, str]]:
    """Yield the pages with the longest sentences of each language, with the beginning of the longest one."""
    for code in campaign.languages:
        results = [(measure(text_of(page)), page) for page in campaign.pages.values() if page.language == code]
        lengths = [(length, page) for length, page in results if length.sentences >= MIN_SENTENCES]
        for length, page in sorted(lengths, key=lambda item: -item[0].words)[:max_pages]:
            longest = max(_sentences(text_of(page)), key=len)
            yield page, length, _begin(" ".join(longest))


def _sentences(text: str) -> list[list[str]]:
    spaceless = 0 if text.isascii() else len(NO_SPACES.findall(text))
    if spaceless and spaceless * 2 > sum(map(str.isalpha, text)):
        return []
    return [words for part in SENTENCE_END.split(text) if len(words := _words(part)) > 1]


def _words(sentence: str) -> list[str]:
    return [word for word in sentence.split() if word[0].isalpha() or any(map(str.isalpha, word))]


def _check_length(page: Page) -> Iterator[Problem]:
    sentences = _sentences(text_of(page))
    words = sum(map(len, sentences)) / (len(sentences) or 1)
    max_words = MAX_WORDS_IN_PIECES if page.formats else MAX_WORDS_IN_PAGES
    if words > max_words:
        message = f"Sentences have {words:.0f} words on average; {max_words} are easy to read."
        yield Problem("sentences-long", page.where, message, "Make two of one.")


def _check_untranslated(
    campaign: Campaign, page: Page, original: Page | None, model_languages: dict[str, str]
) -> Iterator[Problem]:
    source_lines = {line for line in text_of(original).splitlines() if _is_long(line)} if original else set()
    lines = text_of(page).splitlines()
    untranslated = [line for line in lines if line in source_lines]
    if untranslated:
        message = f"Words of the source are left untranslated ({len(untranslated)} times): “{_begin(untranslated[0])}”"
        yield Problem("translation-same", page.find(untranslated[0]), message, "Translate them.")
    own_lines = [line for line in lines if line not in source_lines]
    source = original.language if original else ""
    models_folder = campaign.root / MODELS_FOLDER
    foreign = languages.find_foreign(
        own_lines, page.language, source, campaign.languages, models_folder, model_languages
    )
    if foreign and not (untranslated and not foreign.is_dominant):
        name = campaign.languages[foreign.code].name if foreign.code in campaign.languages else "English"
        message = f"This reads as {name} ({len(foreign.lines)} times): “{_begin(foreign.lines[0])}”"
        fix = f"The folder docs/{page.language}/ is for {campaign.languages[page.language].name}: write it in that."
        yield Problem("language-other", page.find(foreign.lines[0]), message, fix)


def _is_long(line: str) -> bool:
    return len(_words(line)) >= MIN_WORDS or len(NO_SPACES.findall(line)) >= MIN_LETTERS


def _begin(line: str) -> str:
    return line if len(line) <= QUOTED_CHARS else f"{line[:QUOTED_CHARS].rstrip()} …"


def _check_structure(page: Page, original: Page) -> Iterator[Problem]:
    for rule, (name, read) in COMPARED_PARTS.items():
        if differences := differing(read(original), read(page), "this page"):
            message = f"The {name} differ from {original.where}: {differences}."
            yield Problem(rule, page.where, message, "Make the two match.")
    if differences := differing_numbers(text_of(original), text_of(page), "this page"):
        message = f"The numbers differ from {original.where}: {differences}."
        yield Problem("translation-numbers", page.where, message, "Make the two match.")
    yield from check_named_numbers(front_texts(original), front_texts(page), page.where, original.where)


def _ids(page: Page) -> list[str]:
    """Return typed ids; derived ones differ between languages."""
    return ["#" * heading.level if heading.is_made else heading.to for heading in page.outline.headings]


def _links(page: Page) -> list[str]:
    return [SCHEME_SEPARATOR if SCHEME_SEPARATOR in link.to else link.to for link in page.outline.links if link.to]


def _shortcodes(page: Page) -> list[str]:
    codes = page.outline.shortcodes
    return [" ".join((code.to, *(f"{key}={value}" for key, value in code.arguments.items()))) for code in codes]


COMPARED_PARTS = {
    "translation-headings": ("headings", _ids),
    "translation-links": ("links", _links),
    "translation-shortcodes": ("shortcodes", _shortcodes),
    "translation-pictograms": ("pictograms", lambda page: [pictogram.to for pictogram in page.outline.pictograms]),
    "translation-sources": ("sources cited", lambda page: list(page.cites)),
}


def _check_glossary(page: Page, original: Page, glossary: tuple[Term, ...]) -> Iterator[Problem]:
    source_text, translated_text = (
        _fold(original.title + "\n" + text_of(original)),
        _fold(page.title + "\n" + text_of(page)),
    )
    for term in glossary:
        forms = term.forms.get(page.language)
        source_form = next(
            (form for form in term.forms.get(original.language, ()) if _contains_phrase(source_text, form)), None
        )
        # A name may stay in the source language.
        if source_form and forms and not any(_fold(form) in translated_text for form in (*forms, source_form)):
            message = (
                f"The source says “{source_form}”; the translation has none of its accepted forms: {', '.join(forms)}."
            )
            fix = "Use one of them, or add the form to docs/_glossary.yml."
            yield Problem("translation-glossary", page.where, message, fix)


def _contains_phrase(text: str, form: str) -> bool:
    """Return whether a text contains a phrase; from four letters on, also with two more letters."""
    suffix = r"\w{0,2}" if len(form) > 3 else ""
    return bool(re.search(rf"(?<!\w){re.escape(_fold(form))}{suffix}(?!\w)", text))


def _fold(text: str) -> str:
    return re.sub("[’ʼ‘`]", "'", text).casefold()


def _check_word_files(campaign: Campaign) -> Iterator[Problem]:
    """Yield a note for each text whose numbers differ from its source's."""
    source, files = campaign.source_language.code, _files_of_words(campaign)
    for code in campaign.languages:
        if code != source:
            for name, texts in files.items():
                where, original = f"docs/{code}/{name}", f"docs/{source}/{name}"
                yield from check_named_numbers(texts.get(source, {}), texts.get(code, {}), where, original)


def _files_of_words(campaign: Campaign) -> dict[str, dict[str, dict[str, str]]]:
    """Return file -> language -> name -> text."""
    photos: dict[str, dict[str, str]] = {}
    for photo in campaign.photos.values():
        for kind, texts in (("caption", photo.captions), ("alt", photo.alts)):
            for code, text in texts.items():
                photos.setdefault(code, {})[f"{photo.name}.{kind}"] = text
    messages: dict[str, dict[str, str]] = {}
    for (code, name), message in campaign.messages.items():
        texts = {f"{name}.{kind}": getattr(message, kind) for kind in ("post", "sms", "plain")}
        messages.setdefault(code, {}).update(texts)
    source = campaign.source_language.strings
    strings = {
        code: {
            key: text
            for key, text in language.strings.items()
            if language.is_source or not is_spelt(source.get(key, ""), text)
        }
        for code, language in campaign.languages.items()
    }
    return {STRINGS: strings, PHOTOS: photos, MESSAGES: messages}
