"""Releases of the press: what their front matter has to say, and which of them are withheld until their time.

A release under embargo is taken out of the campaign as it is read, so that nothing that makes a page, a list, an index
or a pack can know of it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime

from campaign.models.campaign import Campaign
from campaign.models.page import RELEASE, Page
from campaign.models.problem import Problem
from campaign.schema.yaml_reader import Fields

# What a release says of itself, kept in Page.options under the same names.
TEXTS = ("headline", "dateline", "contact")
MOMENTS = ("release_date", "embargo")
KEYS = (*TEXTS, *MOMENTS, "languages")
FORMAT = RELEASE
MOMENT = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2})?(Z|[+-]\d{2}:\d{2})")

Pages = Mapping[tuple[str, str], Page]


def parse_moment(typed: str) -> datetime | None:
    """`2026-11-25T09:00+09:00` as a moment; None where it is none, or has no zone."""
    try:
        return datetime.fromisoformat(typed) if MOMENT.fullmatch(typed) else None
    except ValueError:
        return None


def now() -> datetime:
    """When this build is made: SOURCE_DATE_EPOCH (reproducible-builds.org) where it is set, else the clock."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    return datetime.fromtimestamp(int(epoch), UTC) if epoch.isdigit() else datetime.now(UTC)


def is_release(fields: Fields) -> bool:
    """Whether a page's front matter makes it a release."""
    return fields.text("layout") == "release" or any(fields.text(key) for key in ("headline", *MOMENTS))


def read_release(fields: Fields) -> dict[str, object]:
    """What a release says of itself; a problem for each thing that is missing or wrong."""
    for key in (*TEXTS, "release_date"):
        fields.text(key, required=True)
    moments = {key: _moment(fields, key) for key in MOMENTS}
    issued, embargo = (moments[key] for key in MOMENTS)
    if issued and embargo and embargo < issued:
        what = "The embargo ends before the release is issued."
        fields.complain(fields.keys["embargo"], what, "Put the later of the two moments into `embargo:`.")
    found: dict[str, object] = {key: fields.text(key) for key in (*TEXTS, *MOMENTS) if fields.text(key)}
    languages = fields.texts("languages")
    return {**found, **({"languages": list(languages)} if languages else {})}


def _moment(fields: Fields, key: str) -> datetime | None:
    typed = fields.text(key)
    found = parse_moment(typed)
    if typed and not found:
        fix = "Write day, hour and zone, as in 2026-11-25T09:00+09:00."
        fields.complain(fields.keys[key], f"`{typed}` is no moment that everybody understands alike.", fix)
    return found


def issued_at(page: Page) -> datetime | None:
    """When a release is issued."""
    return parse_moment(str(page.options.get("release_date", "")))


def embargo_of(page: Page) -> datetime | None:
    """Until when a release is withheld."""
    return parse_moment(str(page.options.get("embargo", "")))


def withhold(pages: Pages, moment: datetime) -> tuple[dict[tuple[str, str], Page], dict[tuple[str, str], Page]]:
    """(what may be published at a moment, what may not). One language under embargo withholds all of a release."""
    held = {path for (_, path), page in pages.items() if (until := embargo_of(page)) and moment < until}
    return (
        {key: page for key, page in pages.items() if key[1] not in held},
        {key: page for key, page in pages.items() if key[1] in held},
    )


def with_withheld(campaign: Campaign) -> Campaign:
    """The campaign with all its releases: for checks and previews, never for what is published."""
    return replace(campaign, pages={**campaign.pages, **campaign.withheld}, withheld={})


def releases(campaign: Campaign, language: str) -> list[Page]:
    """A language's own releases, newest first."""
    found = [page for (code, _), page in campaign.pages.items() if code == language and FORMAT in page.formats]
    return sorted(
        found, key=lambda page: (issued_at(page) or datetime.min.replace(tzinfo=UTC), page.path), reverse=True
    )


def check_releases(campaign: Campaign) -> Iterator[Problem]:
    """What does not agree between the languages of a release. campaign: with what is withheld."""
    source = campaign.source_language.code
    for page in campaign.pages.values():
        if FORMAT not in page.formats:
            continue
        original = campaign.pages.get((source, page.path))
        if original and embargo_of(page) != embargo_of(original):
            what = "The embargo is not that of the source language."
            yield Problem(page.where, what, f"Copy `embargo:` and `release_date:` from {original.where}.")
        yield from _check_languages(campaign, page, original or page)


def _check_languages(campaign: Campaign, page: Page, original: Page) -> Iterator[Problem]:
    named = original.options.get("languages")
    if not isinstance(named, list):
        return
    whole = [code for code, language in campaign.languages.items() if language.is_whole]
    if page is not original:
        if page.language not in named:
            fix = f"Add it to `languages:` in {original.where}, or delete this file."
            yield Problem(page.where, f"The release is not meant to be issued in `{page.language}`.", fix)
        return
    for code in named:
        if code not in whole:
            yield Problem(page.where, f"`languages` names `{code}`.", f"Choose from: {', '.join(whole)}.")
        elif (code, page.path) not in campaign.pages:
            what = f"The release is to be issued in `{code}`, and there is no docs/{code}/{page.path}."
            yield Problem(page.where, what, "Translate it, or take the language off the list.")
