"""Read everything that people wrote, once, into a frozen Campaign."""

from __future__ import annotations

import difflib
from collections.abc import Collection
from dataclasses import dataclass, fields, replace
from pathlib import Path

from campaign.cache.memo import Memo
from campaign.content import clock, releases
from campaign.content.contacts import ContactReader, read_places
from campaign.content.formats import read_formats
from campaign.content.glossary import read_glossary, terms_in
from campaign.content.identity import read_identity
from campaign.content.languages import read_languages, with_format_names
from campaign.content.messages import read_messages
from campaign.content.own_shortcodes import read_shortcodes
from campaign.content.page_formats import with_chosen_formats
from campaign.content.partners import read_partners
from campaign.content.photos import read_photos
from campaign.content.posters import read_drawings, read_fonts, read_posters
from campaign.content.print_run import read_print_run
from campaign.content.reading import Progress, Reading, no_progress, read_pages
from campaign.content.search_rules import read_search_rules
from campaign.content.settings import FILE, read_settings
from campaign.content.sources import read_sources
from campaign.content.trust import check_links, check_secrets, refuse_names
from campaign.content.writing import finish_writing
from campaign.models.campaign import Campaign, Language, MainSettings
from campaign.models.contact import OFFICE, PRESS
from campaign.models.leftovers import is_leftover
from campaign.models.page import Page
from campaign.models.problem import Problem
from campaign.schema.interface_words import STRINGS

MIN_SIMILARITY = 0.6  # similarity of names


def load(root: Path, memo: Memo | None = None, progress: Progress = no_progress) -> tuple[Campaign, list[Problem]]:
    """Read the campaign in a folder, with all problems of its files. The caller saves `memo`, a cache of pages.

    Raise CampaignError without mkdocs.yml or a language, and with an invalid SOURCE_DATE_EPOCH, or an undecodable name.
    """
    finish_writing(root)
    refuse_names(root)
    moment = clock.now()
    problems: list[Problem] = [*check_links(root), *check_secrets(root)]
    settings = read_settings(root, problems)
    sources, readings = read_sources(root, problems)
    languages, word_origins = read_languages(root, settings, problems)
    words = languages[settings.source_language].strings
    glossary = read_glossary(root, tuple(languages), sources, problems)
    languages = {
        code: replace(item, terms=terms_in(glossary, code), search=read_search_rules(root, code, problems))
        for code, item in languages.items()
    }
    reader = ContactReader(
        root, words, sources, problems, moment.date(), tuple(languages), settings.source_language, settings.country
    )
    national = reader.read_national()
    formats = read_formats(root, problems, languages.values())
    languages = with_format_names(languages, formats.values())
    reading = Reading(root, settings.source_language, settings.audiences, formats)
    photos, caption_origins = read_photos(root, settings, problems, moment.date())
    pages, withheld = releases.withhold(_read_pages(reading, languages, problems, memo, progress), moment)
    messages, message_origins = read_messages(root, settings, pages.values(), photos, problems)
    campaign = Campaign(
        **{item.name: getattr(settings, item.name) for item in fields(MainSettings)},
        root=root,
        languages=languages,
        places=read_places(reader, settings.places, tuple(languages), FILE, settings.place_rows),
        contacts=tuple(contact for contact in national if contact.kind not in (PRESS, OFFICE)),
        press_contacts=tuple(contact for contact in national if contact.kind == PRESS),
        retired=tuple(reader.retired),
        offices=tuple(contact for contact in national if contact.kind == OFFICE),
        pages=pages,
        withheld=withheld,
        sources=sources,
        readings=readings,
        posters=read_posters(root, problems),
        pictograms=read_drawings(root, "pictograms"),
        logos=read_drawings(root, "logos"),
        identity=read_identity(root, problems),
        fonts=read_fonts(root),
        word_origins=word_origins,
        photos=photos,
        caption_origins=caption_origins,
        messages=messages,
        message_origins=message_origins,
        glossary=glossary,
        print_run=read_print_run(root, pages, settings.places, formats, problems),
        partners=read_partners(root, settings.partners, problems),
        formats=formats,
        shortcodes=read_shortcodes(root, problems),
    )
    return with_chosen_formats(campaign), problems


def _read_pages(
    reading: Reading, languages: dict[str, Language], problems: list[Problem], memo: Memo | None, progress: Progress
) -> dict[tuple[str, str], Page]:
    unknown_folders = list(folders_of_no_language(reading.root, languages))
    for code in languages:
        if not (reading.root / "docs" / code).is_dir():
            fix = f"Add the folder with {STRINGS} and the pages, or take the language out of {FILE}."
            if unknown_folders:
                names = ", ".join(f"docs/{item.name}" for item in unknown_folders)
                fix = (
                    f"If its texts are in {names}, rename that folder to docs/{code}. Otherwise add it, with {STRINGS}."
                )
            problems.append(Problem("language-no-folder", f"docs/{code}", f"The language `{code}` has no folder.", fix))
    for item in unknown_folders:
        message = f"No language is called `{item.name}`, and its folder has texts ({item.first}) that no one sees."
        if item.is_lost:
            fix = f"Did you mean docs/{item.suggestion}/, which is not there? Rename the folder, or"
        elif item.suggestion:
            fix = f"Did you mean docs/{item.suggestion}/? Move there what it lacks, or"
        else:
            fix = "Rename the folder, or"
        fix += f" add the language to {FILE}."
        problems.append(Problem("folder-no-language", f"docs/{item.name}", message, fix))
    return read_pages(reading, languages, problems, memo or Memo(None), progress)


@dataclass(frozen=True)
class UnknownFolder:
    """A folder of texts that belongs to no language."""

    name: str
    first: str  # one of its texts
    suggestion: str  # the language that may be meant, or ''
    is_lost: bool  # whether that language has no folder


def folders_of_no_language(root: Path, languages: Collection[str]) -> list[UnknownFolder]:
    """Return folders of texts under mistyped or unlisted codes, which are ignored."""
    folders = sorted((root / "docs").iterdir()) if (root / "docs").is_dir() else []
    languages_without_folder = [code for code in languages if not (root / "docs" / code).is_dir()]
    results = []
    for folder in folders:
        is_text = not folder.name.startswith(("_", ".")) and folder.name not in languages and folder.is_dir()
        texts = (path for path in sorted(folder.rglob("*.md")) if not is_leftover(path.relative_to(root).as_posix()))
        first = next(texts, None) if is_text else None
        if first:
            known, cutoff = languages_without_folder or languages, 0.5 if languages_without_folder else MIN_SIMILARITY
            suggestion = next(iter(difflib.get_close_matches(folder.name, known, 1, cutoff)), "")
            is_lost = bool(suggestion and languages_without_folder)
            results.append(UnknownFolder(folder.name, first.relative_to(folder).as_posix(), suggestion, is_lost))
    if len(results) == len(languages_without_folder) == 1:  # no other language can be meant
        return [replace(results[0], suggestion=languages_without_folder[0], is_lost=True)]
    return results
