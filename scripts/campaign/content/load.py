"""Reads everything that people wrote, once, into a frozen Campaign."""

from __future__ import annotations

from pathlib import Path

from campaign.content.contacts import ContactReader, read_places
from campaign.content.glossary import read_glossary
from campaign.content.identity import read_identity
from campaign.content.languages import STRINGS, read_languages
from campaign.content.pages import Typed, build_page, read_typed
from campaign.content.posters import read_fonts, read_pictograms, read_posters
from campaign.content.settings import FILE, Settings, read_settings
from campaign.content.sources import read_sources
from campaign.model import Campaign, Language, Page, Source
from campaign.problems import Problem


def find_root(start: Path) -> Path:
    """The folder with mkdocs.yml, here or above; `start` itself where there is none."""
    for folder in (start, *start.parents):
        if (folder / FILE).is_file():
            return folder
    return start


def load(root: Path) -> tuple[Campaign, list[Problem]]:
    """The campaign in a folder, and all that is wrong with its files.

    Raises:
        CampaignError: there is no campaign to speak of (no mkdocs.yml, no language).
    """
    problems: list[Problem] = []
    settings = read_settings(root, problems)
    sources = read_sources(root, problems)
    languages, word_origins = read_languages(root, settings, problems)
    words = languages[settings.source_language].strings
    reader = ContactReader(root, words, sources, problems)
    campaign = Campaign(
        root=root,
        name=settings.name,
        version=settings.version,
        date=settings.date,
        site_url=settings.site_url,
        languages=languages,
        places=read_places(reader, settings.places, tuple(languages), FILE),
        contacts=reader.read_national(),
        audiences=settings.audiences,
        avoided_words=settings.avoided_words,
        pages=_read_pages(root, settings, languages, sources, problems),
        navigation=settings.navigation,
        sources=sources,
        posters=read_posters(root, problems),
        pictograms=read_pictograms(root),
        identity=read_identity(root, problems),
        fonts=read_fonts(root),
        word_origins=word_origins,
        glossary=read_glossary(root, tuple(languages), sources, problems),
    )
    return campaign, problems


def _read_pages(
    root: Path,
    settings: Settings,
    languages: dict[str, Language],
    sources: dict[str, Source],
    problems: list[Problem],
) -> dict[tuple[str, str], Page]:
    typed = {code: _read_folder(root, code, problems) for code in languages}
    originals = typed[settings.source_language]
    fingerprints = {path: page.fingerprint for path, page in originals.items()}

    def build(code: str, path: str) -> Page:
        page = typed[code][path]
        # A plain page of a language that has pieces only is its own, not the translation of a page of that name.
        follows = languages[code].is_whole or page.fields.texts("formats")
        made_from = fingerprints.get(path) if follows else None
        return build_page(page, code, settings.audiences, sources, made_from, code == settings.source_language)

    return {(code, path): build(code, path) for code in languages for path in typed[code]}


def _read_folder(root: Path, code: str, problems: list[Problem]) -> dict[str, Typed]:
    folder = root / "docs" / code
    if not folder.is_dir():
        fix = f"Add the folder with {STRINGS} and the pages, or take the language out of {FILE}."
        problems.append(Problem(f"docs/{code}", f"The language `{code}` has no folder.", fix))
        return {}
    files = (path for path in sorted(folder.rglob("*.md")) if not path.name.startswith("_"))
    pages = (read_typed(root, code, path, problems) for path in files)
    return {page.path: page for page in pages if page}
