"""Press releases: their front matter, and embargoes, which keep them out of everything."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from campaign.content import clock
from campaign.document.text import plain_text
from campaign.models.campaign import Campaign
from campaign.models.page import RELEASE, Page, Release
from campaign.models.problem import CampaignError, Problem
from campaign.schema.kinds import PageFront

# Required fields.
REQUIRED_FIELDS = ("headline", "dateline", "contact", "release_date")
FORMAT = RELEASE
# A placeholder.
GAP = re.compile(r"\[[^\[\]\n]+\]")
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})")
END_OF_TIME = datetime(9999, 1, 1, tzinfo=UTC)  # far enough in the future, and still valid in every time zone

Pages = Mapping[tuple[str, str], Page]


def _parse_moment(raw: str) -> datetime | None:
    """Parse `2026-11-25T09:00+09:00`; None if it is invalid or has no zone."""
    try:
        return datetime.fromisoformat(raw) if MOMENT.fullmatch(raw) else None
    except ValueError:
        return None


def is_release(front: PageFront) -> bool:
    """Return whether a page is a release."""
    return front.layout == "release" or bool(front.headline or front.release_date or front.embargo)


def read_release(front: PageFront) -> Release:
    """Return the data of a release; missing or invalid fields are problems."""
    for key in REQUIRED_FIELDS:
        if not getattr(front, key):
            front.complain("key-missing", key, f"`{key}` is missing.", f"Add a line `{key}: ...`.")
    issued, embargo = _moment(front, "release_date"), _moment(front, "embargo")
    if front.embargo and embargo is None:  # with an invalid date it stays withheld
        embargo = END_OF_TIME
    if issued and embargo and embargo < issued:
        message = "The embargo ends before the release is issued."
        front.complain("embargo-early", "embargo", message, "Put the later of the two moments into `embargo:`.")
    return Release(front.headline, front.dateline, front.contact, issued, embargo, front.languages)


def _moment(front: PageFront, key: str) -> datetime | None:
    raw: str = getattr(front, key)
    result = _parse_moment(raw)
    if raw and not result:
        fix = "Write day, hour and zone, as in 2026-11-25T09:00+09:00."
        front.complain("moment-wrong", key, f"`{raw}` isn't an unambiguous date and time.", fix)
    return result


def issued_at(page: Page) -> datetime | None:
    """Return when a release is issued."""
    return page.release.issued if page.release else None


def embargo_of(page: Page) -> datetime | None:
    """Return the end of a page's embargo, if it has one."""
    return page.release.embargo if page.release else None


def next_embargo(campaign: Campaign, moment: datetime) -> datetime | None:
    """Return when the next embargo ends."""
    waiting = (embargo_of(page) for page in campaign.withheld.values())
    return min((until for until in waiting if until and until > moment), default=None)


def withhold(pages: Pages, moment: datetime) -> tuple[dict[tuple[str, str], Page], dict[tuple[str, str], Page]]:
    """Split pages into publishable ones and others. An embargo in one language withholds all of a release."""
    withheld_paths = {path for (_, path), page in pages.items() if (until := embargo_of(page)) and moment < until}
    return (
        {key: page for key, page in pages.items() if key[1] not in withheld_paths},
        {key: page for key, page in pages.items() if key[1] in withheld_paths},
    )


def refuse_withheld(campaign: Campaign, site: Path) -> None:
    """Refuse a site that was built before an embargo was set.

    Raise CampaignError if it contains a release that is withheld now.
    """
    withheld_pages = [page for page in campaign.withheld.values() if (site / page.address).exists()]
    if withheld_pages:
        fix = "Build again, which leaves it out: campaign build."
        message = "It is under embargo, and the site that was built before has it: {}."
        raise CampaignError(
            [Problem("release-built", item.where, message.format(item.address), fix) for item in withheld_pages]
        )


def with_withheld(campaign: Campaign) -> Campaign:
    """Return the campaign with embargoed releases, for checks and previews only."""
    return replace(campaign, pages={**campaign.pages, **campaign.withheld}, withheld={})


def releases(campaign: Campaign, language: str) -> list[Page]:
    """Return a language's releases, newest first."""
    results = [page for (code, _), page in campaign.pages.items() if code == language and FORMAT in page.formats]
    return sorted(
        results, key=lambda page: (issued_at(page) or datetime.min.replace(tzinfo=UTC), page.path), reverse=True
    )


def gaps(page: Page) -> list[str]:
    """Return the [placeholders] that a release still has."""
    return [*dict.fromkeys(GAP.findall(plain_text(page.document.blocks)))]


def is_example(page: Page) -> bool:
    """Return whether a release still has placeholders."""
    return FORMAT in page.formats and bool(gaps(page))


def check_releases(campaign: Campaign) -> Iterator[Problem]:
    """Yield differences between the languages of a release. `campaign`: see `with_withheld`."""
    source = campaign.source_language.code
    for page in campaign.pages.values():
        if FORMAT not in page.formats:
            continue
        original = campaign.pages.get((source, page.path))
        if original and embargo_of(page) != embargo_of(original):
            message = "The embargo is not that of the source language."
            fix = f"Copy `embargo:` and `release_date:` from {original.where}."
            yield Problem("embargo-differs", page.where, message, fix)
        yield from _check_languages(campaign, page, original or page)
        issued, now = issued_at(page), clock.now()
        is_ahead = issued and issued.date() > now.astimezone(issued.tzinfo).date()
        if issued and is_ahead and embargo_of(page) is None and not is_example(page):
            message = f"It is dated {issued.date().isoformat()}, and has no embargo: the next build publishes it."
            fix = "Add `embargo:` with the same moment, or put the day of today into `release_date:`."
            yield Problem("release-ahead", page.where, message, fix)


def _check_languages(campaign: Campaign, page: Page, original: Page) -> Iterator[Problem]:
    language_codes = original.release.languages if original.release else ()
    if not language_codes:
        return
    site_codes = [code for code, language in campaign.languages.items() if language.is_whole]
    if page is not original:
        if page.language not in language_codes:
            fix = f"Add it to `languages:` in {original.where}, or delete this file."
            message = f"The release is not meant to be issued in `{page.language}`."
            yield Problem("release-not-meant", page.where, message, fix)
        return
    for code in language_codes:
        if code not in site_codes:
            fix = f"Choose from: {', '.join(site_codes)}."
            yield Problem("value-unknown", page.where, f"`languages` names `{code}`.", fix)
        elif (code, page.path) not in campaign.pages:
            message = f"The release must be issued in `{code}`, and there is no docs/{code}/{page.path}."
            fix = "Translate it, or take the language off the list."
            yield Problem("release-untranslated", page.where, message, fix)
