"""The site's descriptions of a number, a notice, a fallback, a picture: as a dict, and read from the built page."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml
from conftest import HERE
from selectolax.lexbor import LexborHTMLParser
from shown_page import read_page, read_text, squeeze

from campaign.models.campaign import Campaign
from campaign.models.page import address_of
from campaign.pipeline.build import read
from campaign.pipeline.jobs import make_all
from campaign.pipeline.report import Report, Selection, quiet
from campaign.website.describe import describe
from campaign.website.page_writer import PageWriter
from campaign.website.pictures import PublicAssets
from campaign.website.view import page_view

# Fresh, old, unchecked and missing numbers; a machine translation; a fallback; pictures, downloads.
GOLDEN = [("fil", "get-help.md"), ("ar", "boil.md"), ("km", "boil.md"), ("fil", "downloads.md")]


@pytest.fixture(scope="module")
def site(tiny) -> tuple[Campaign, PublicAssets]:
    return read_site(tiny)


def read_site(root: Path) -> tuple[Campaign, PublicAssets]:
    """A campaign, and what its site offers."""
    campaign, report = read(root)[0], Report()
    make_all(campaign, Selection(places=frozenset((None, *campaign.places))), report, quiet)
    return campaign, PublicAssets(report.made)


def golden_pages(campaign: Campaign, assets: PublicAssets) -> dict[str, str]:
    """Name in tests/golden/ -> content."""
    return {
        f"page-{code}-{path.removesuffix('.md')}.yml": yaml.safe_dump(
            describe(campaign, assets, code, path), allow_unicode=True, sort_keys=False, width=110
        )
        for code, path in GOLDEN
    }


def test_telling_pages_show_what_they_should(site):
    for name, text in golden_pages(*site).items():
        assert text == (HERE / "golden" / name).read_text(encoding="utf-8"), name


def test_built_pages_show_what_they_are_said_to_show(site, tiny):
    campaign, assets = site
    paths = {path for _, path in campaign.pages}
    for code in campaign.languages:
        for path in sorted(paths):
            address = address_of(code, path)
            built = read_page((tiny / "site" / address).read_text(encoding="utf-8"), address)
            assert built == as_shown(describe(campaign, assets, code, path)), address


def as_shown(said: dict[str, Any]) -> dict[str, Any]:
    """As read from a page: white space counts once, notices are on one line."""
    return {
        **said,
        "notices": [" ".join(said["notices"])] if said["notices"] else [],
        "text": [
            {key: squeeze(value) if isinstance(value, str) else value for key, value in fact.items()}
            for fact in said["text"]
        ],
    }


def test_whatever_somebody_types_is_shown_as_typed(site):
    """Names, numbers and hours of contacts, sources, places: none of it becomes a part of the page."""
    campaign, assets = site
    raw = "<img src=x onerror=alert(1)> & {languages} {source} \"'"
    first = campaign.contacts[0]
    number = replace(first.numbers[0], phone=raw)
    contact = replace(first, name=raw, numbers=(number,), hours=raw, does=(raw,), languages=(raw,))
    river = replace(campaign.places["river"], names={"fil": raw}, contacts=(contact,))
    hostile = replace(
        campaign,
        contacts=(contact,),
        places={"river": river},
        sources={id: replace(source, short=raw, title=raw) for id, source in campaign.sources.items()},
    )
    for path in ("get-help.md", "services.md", "sources.md", "boil.md"):
        view = page_view(hostile, hostile.languages["fil"], path)
        html = "".join(PageWriter(hostile, assets, view).write_page())
        shown = read_text(LexborHTMLParser(f"<article>{html}</article>").css_first("article"), "fil")
        assert shown == as_shown({"notices": [], "text": view.facts})["text"], path
        assert any(raw in value for fact in shown for value in fact.values() if isinstance(value, str)), path
