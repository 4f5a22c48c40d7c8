"""Releases that can't be printed in a language, with the reason and a link to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from campaign.content import clock
from campaign.content.releases import embargo_of
from campaign.models.campaign import Campaign
from campaign.models.page import Page

WITHHELD, UNTRANSLATED, NOT_MEANT = "absent-withheld", "absent-untranslated", "absent-not-meant"


@dataclass(frozen=True)
class Absent:
    """A release that is missing; `why` is a key of the desk's words, `to` a link."""

    title: str
    why: str
    to: str
    until: datetime | None = None


def absent_releases(campaign: Campaign, language: str) -> Iterator[Absent]:
    """Yield releases that are embargoed or missing in a language."""
    source, now = campaign.source_language.code, clock.now()
    pages = {**campaign.pages, **campaign.withheld}
    for path in sorted({path for (_, path), page in pages.items() if page.release}):
        original = pages.get((source, path))
        page = pages.get((language, path)) or original
        if page is None:
            continue
        # An embargo in one language withholds the release in all.
        held = (each for (_, other), each in campaign.withheld.items() if other == path)
        late = ((each, until) for each in (page, *held) if (until := embargo_of(each)) and until > now)
        if found := next(late, None):
            why, until = found
            yield Absent(page.title, WITHHELD, _way(campaign, why, "embargo"), until)
        elif (language, path) not in pages and original and original.release:
            named = original.release.languages
            if named and language not in named:
                yield Absent(page.title, NOT_MEANT, _way(campaign, original, "languages"))
            elif campaign.languages[language].is_whole:
                yield Absent(page.title, UNTRANSLATED, f"/translate/{language}/{quote(path)}")


def _way(campaign: Campaign, page: Page, key: str) -> str:
    lines = (campaign.root / page.where).read_text(encoding="utf-8-sig", errors="replace").splitlines()
    at = next((number for number, line in enumerate(lines, 1) if line.startswith(f"{key}:")), 1)
    return f"/texts/{page.language}/{quote(page.path)}?line={at}"
