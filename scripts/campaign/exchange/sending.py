"""Export and import files for translators, by kind."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from pathlib import Path

import msgspec
from docx import Document
from lxml import etree

from campaign.cache.atomic import write_whole
from campaign.content.foreign_files import read_foreign
from campaign.exchange.po import as_po, read_po
from campaign.exchange.translation_file import Entry, ImportResult, entries, not_a_file, take
from campaign.exchange.translation_tables import COLUMN_PREFIX, as_csv, as_docx, read_csv, read_docx
from campaign.exchange.xliff import as_xliff, read_xliff
from campaign.models.campaign import Campaign
from campaign.models.problem import CampaignError, Problem, failure

READERS: dict[str, Callable[[Path], list[Entry]]] = {
    ".po": read_po,
    ".xlf": read_xliff,
    ".xliff": read_xliff,
    ".docx": read_docx,
    ".csv": read_csv,
}
LANGUAGE_IN_PO = re.compile(r'^"Language: ([A-Za-z-]+)\\n"', re.MULTILINE)


def write_file(
    campaign: Campaign, language: str, kind: str, target: Path, is_core: bool, is_back: bool, paths: Iterable[str]
) -> tuple[int, int]:
    """Write a file of all `paths` or only riskiest pages, and return the number of texts, and of open ones."""
    result = entries(campaign, language, is_core, paths)
    write_whole(target, _data(campaign, language, kind, result, is_back))
    return len(result), sum(item.is_open for item in result)


def as_bytes(campaign: Campaign, language: str, kind: str, is_core: bool, is_back: bool) -> bytes:
    """Return the same as bytes."""
    return _data(campaign, language, kind, entries(campaign, language, is_core), is_back)


def _data(campaign: Campaign, language: str, kind: str, rows: list[Entry], is_back: bool) -> bytes:
    if kind == "po":
        return as_po(rows, language, campaign.name, campaign.version, campaign.date.isoformat()).encode()
    if kind == "xliff":
        return as_xliff(rows, campaign.source_language.code, language)
    if kind == "docx":
        return as_docx(rows, f"{campaign.name}: {campaign.languages[language].name}", language, is_back)
    return as_csv(rows, is_back)


def take_file(
    campaign: Campaign, file: Path, language: str, author: str, takes_unfinished: bool = False
) -> ImportResult:
    """Import a returned file, by default with its own language and translator, or raise CampaignError."""
    reader = READERS.get(file.suffix.lower())
    if reader is None:
        raise not_a_file(file.name, f"Files of translators end in {', '.join(READERS)}.")
    rows, its_language = read_foreign("translation", file, [], lambda message, _: not_a_file(file.name, message))
    result, locale = msgspec.convert(rows, list[Entry]), language or its_language
    codes = [code for code in campaign.languages if code != campaign.source_language.code]
    if locale not in codes:
        raise not_a_file(file.name, f"Its language is unclear: add --language, one of {', '.join(codes)}.")
    # The name of a table is no proof.
    if its_language in codes and its_language != locale and file.suffix.lower() != ".csv":
        raise _other_language(file.name, its_language, locale)
    return take(campaign, locale, result, author or "unknown", takes_unfinished)


def _other_language(name: str, its_language: str, locale: str) -> CampaignError:
    message = f"This file is a translation into `{its_language}`, not into `{locale}`."
    return failure("translation-language", name, message, "Import it for its own language.")


def read_translation(path: Path, _: list[Problem]) -> tuple[list[Entry], str]:
    """Return a returned file's entries and language ('' if unknown), or raise CampaignError."""
    kind = path.suffix.lower()
    try:
        return READERS[kind](path), _language_of(path)
    except CampaignError:
        raise
    except Exception as error:  # damaged files break lxml, docx and zlib in many ways, with one remedy
        raise not_a_file(path.name, f"The file is damaged ({type(error).__name__}).") from None


def _language_of(file: Path) -> str:
    """Return the language in a file, else in its name (help-pt.csv)."""
    kind = file.suffix.lower()
    if kind == ".po":
        match = LANGUAGE_IN_PO.search(file.read_text(encoding="utf-8-sig", errors="replace"))
        return match[1] if match else ""
    if kind in (".xlf", ".xliff"):
        parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
        return str(etree.parse(file, parser).getroot().get("trgLang", ""))
    if kind == ".docx":
        return (Document(str(file)).core_properties.subject or "").removeprefix(COLUMN_PREFIX)
    return file.stem.removesuffix("-core").rpartition("-")[2]
