"""Every published text outside page bodies, so that a caption is checked like a paragraph."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from campaign.content.settings import FILE
from campaign.models.campaign import Campaign
from campaign.models.contact import Contact
from campaign.models.page import Page
from campaign.schema.yaml_reader import Value, read_yaml

# Keys with unpublished or wordless content: who translated and reviewed, ids, tokens. ISO dates aren't text or numbers
# to call.
ISO_DAY = re.compile(r"\d{4}-\d\d-\d\d")
UNPUBLISHED = frozenset(
    {"by", "translation", "approved", "made_by", "made", "agreed", "ask", "with", "silence", "avoid_in_file_names"}
)
SETTINGS = ("site_name", "site_description", "names")


@dataclass(frozen=True)
class PublishedText:
    """A text with its language and position."""

    where: str
    language: str
    text: str


@dataclass(frozen=True)
class PublishedTexts:
    """The texts of a language, and a hash of them for caching."""

    texts: tuple[PublishedText, ...]
    hash: str


@lru_cache(maxsize=1)
def published_texts(campaign: Campaign) -> dict[str, PublishedTexts]:
    """Return every text outside page bodies by language."""
    texts_by_language: dict[str, list[PublishedText]] = {code: [] for code in campaign.languages}
    for text in _published_texts(campaign):
        texts_by_language[text.language].append(text)
    return {
        code: PublishedTexts(tuple(texts), sha256(repr(texts).encode("utf-8", "surrogatepass")).hexdigest())
        for code, texts in texts_by_language.items()
    }


def _published_texts(campaign: Campaign) -> Iterator[PublishedText]:
    for page in campaign.pages.values():
        yield from (PublishedText(f"{page.where}:1", page.language, text) for text in front_texts(page))
    for contact in (*campaign.all_contacts, *campaign.press_contacts, *campaign.offices):
        yield from _contact_texts(campaign, contact)
    source = campaign.source_language.code
    for path in _word_files(campaign):
        where = path.relative_to(campaign.root).as_posix()
        language = path.parent.name if path.parent.name in campaign.languages else source
        yield from _values(campaign, read_yaml(path, where, []), where, language)
    settings = read_yaml(campaign.root / FILE, FILE, []).keys or {}
    for key in SETTINGS:
        if key in settings:
            yield from _values(campaign, settings[key], FILE, source)


def front_texts(page: Page) -> Iterator[str]:
    """Yield the published texts of a page's front matter."""
    frame_texts = (page.release.headline, page.release.dateline, page.release.contact) if page.release else ()
    texts = (page.title, page.description, page.alt, *page.search, *frame_texts)
    yield from dict.fromkeys(filter(None, texts))


def _contact_texts(campaign: Campaign, contact: Contact) -> Iterator[PublishedText]:
    source = campaign.source_language.code
    texts = [(source, contact.name), *contact.names.items(), *contact.services.items()]
    texts += [purpose for number in contact.numbers for purpose in number.uses.items()]
    hours = contact.hours if isinstance(contact.hours, str) else ""
    texts += [(source, text) for text in (hours, contact.town, contact.address, contact.web, contact.email)]
    texts += [(source, name) for name in contact.messengers.values() if "/" in name]
    yield from (PublishedText(contact.where, code, text) for code, text in dict.fromkeys(texts) if text)


def _word_files(campaign: Campaign) -> Iterator[Path]:
    docs, assets = campaign.root / "docs", campaign.root / "assets"
    yield from sorted(docs.glob("_*.yml"))
    for code in campaign.languages:
        yield from sorted((docs / code).glob("_*.yml"))
    yield from sorted({*assets.glob("posters/*/*.yml"), *assets.glob("photos/*.yml"), *assets.glob("partners/*.yml")})


def _values(campaign: Campaign, value: Value, where: str, language: str) -> Iterator[PublishedText]:
    if value.text and not ISO_DAY.fullmatch(value.text):
        yield PublishedText(f"{where}:{value.line}", language, value.text)
    for item in value.items or ():
        yield from _values(campaign, item, where, language)
    for key, inner in (value.keys or {}).items():
        if key not in UNPUBLISHED:
            yield from _values(campaign, inner, where, key if key in campaign.languages else language)
