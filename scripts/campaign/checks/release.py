"""Check the requirements of a release: reviewed translations, verified numbers, no placeholders."""

from __future__ import annotations

from collections.abc import Iterator

from campaign.checks.broken_text import check_private_texts
from campaign.checks.contacts import check_released_contacts
from campaign.checks.photos import check_exposed
from campaign.checks.sources import check_unread_sources
from campaign.checks.unfinished import check_released_numbers
from campaign.content.messages import WORDS as MESSAGES
from campaign.content.photos import WORDS as CAPTIONS
from campaign.content.placeholders import check_placeholders
from campaign.content.releases import FORMAT, gaps
from campaign.models.campaign import Campaign
from campaign.models.page import Page, Translation
from campaign.models.problem import Problem
from campaign.schema.interface_words import STRINGS


def check_release(campaign: Campaign) -> Iterator[Problem]:
    """Yield every reason to refuse a release."""
    if not campaign.is_published:
        fix = "Set the address where the website will be: QR codes on paper lead there."
        yield Problem("site-url-reserved", "mkdocs.yml", f"`site_url` leads nowhere: {campaign.site_url}.", fix)
    origins = {STRINGS: campaign.word_origins, CAPTIONS: campaign.caption_origins, MESSAGES: campaign.message_origins}
    for file, origin in origins.items():
        for code, translation in origin.items():
            if translation is not None:
                yield from _check_translation(f"docs/{code}/{file}", translation)
    for page in campaign.pages.values():
        if page.translation is not None:
            yield from _check_translation(page.where, page.translation)
        if FORMAT in page.formats:
            yield from _check_gaps(page)
    yield from check_exposed(campaign)
    yield from check_placeholders(campaign, is_release=True)
    yield from check_private_texts(campaign)
    yield from check_released_numbers(campaign)
    yield from _check_tested(campaign)
    yield from check_released_contacts(campaign)
    yield from check_unread_sources(campaign)
    yield from _check_missing(campaign)


def _check_missing(campaign: Campaign) -> Iterator[Problem]:
    source = campaign.source_language.code
    for code, language in campaign.languages.items():
        if language.is_whole and code != source:
            for path in (path for code, path in campaign.pages if code == source):
                if (code, path) not in campaign.pages:
                    message = f"This language has no page `{path}`, so readers get the source language's."
                    yield Problem(
                        "page-untranslated", f"docs/{code}/{path}", message, f"Translate docs/{source}/{path}."
                    )
    for place in campaign.places.values():
        if not any(contact.numbers for contact in campaign.local_contacts(place.code)):
            message = "This place has no contact with a number."
            yield Problem("place-no-number", place.where, message, "Add one, if there is one.")


def _check_tested(campaign: Campaign) -> Iterator[Problem]:
    names_by_problem: dict[str, list[str]] = {}
    for page in campaign.pages.values():
        needs_pretest = page.formats and FORMAT not in page.formats and campaign.is_public(page)
        tests = {f"{page.stem} (cover {cover.letter.upper()})": cover.tested for cover in page.covers}
        for name, names in (tests if tests and not page.tested else {page.stem: page.tested}).items():
            if names and not names.is_passed:
                message = f"{names.understood} of {names.asked} understood it: fewer than 16 of 20."
                fix = "Change it, and try it out again with others."
                yield Problem("piece-not-understood", names.where, message, fix)
            elif needs_pretest and not names:
                names_by_problem.setdefault(page.language, []).append(name)
    for code, stems in names_by_problem.items():
        message = f"No test is recorded for {', '.join(stems)}."
        fix = "Try them out, then write `tested: {on: 2026-11-20, with: two groups of ten, understood: 17/20}`."
        yield Problem("piece-untested", f"docs/{code}", message, fix)


def _check_gaps(page: Page) -> Iterator[Problem]:
    for gap in gaps(page):
        fix = "Write what belongs there."
        yield Problem("gap-unfilled", page.find(gap), f"There is a gap to fill in: {gap[:60]}", fix)


def _check_translation(where: str, translation: Translation) -> Iterator[Problem]:
    if translation.is_outdated:
        message = "The source text has changed since this was translated."
        yield Problem("translation-outdated-release", where, message, "Fix the translation, then have it reviewed.")
    elif translation.is_own_review:
        message = f"`{translation.reviewed_by}` reviewed their own translation."
        yield Problem("review-own", where, message, "Ask another person to read it against its source.")
    elif not translation.is_reviewed:
        message = f"This translation hasn't been reviewed (made by: {translation.by or 'unknown'})."
        fix = "Read it against its source, then run `campaign translate accept` on it."
        yield Problem("translation-unreviewed", where, message, fix)
