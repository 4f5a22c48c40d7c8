"""Titles, cards and structured data: what search engines and messages show, and what they must not."""

from __future__ import annotations

import json
from datetime import date
from types import SimpleNamespace
from typing import Any

import pytest
from conftest import OFFICE, copy_campaign
from selectolax.lexbor import LexborHTMLParser

from campaign.content import load
from campaign.models.contact import Checked, Contact, Number
from campaign.website.structured_data import _organisations
from campaign.website.view import front_title, page_view

# Types of schema.org -> properties that they have, as far as pages use them, and the required ones.
# Source: schema.org/version/latest, and developers.google.com/search/docs/appearance/structured-data.
TYPES: dict[str, tuple[set[str], set[str]]] = {
    "WebPage": ({"name", "description", "inLanguage", "isPartOf", "url", "image"}, {"name"}),
    "NewsArticle": (
        {"headline", "description", "inLanguage", "isPartOf", "url", "image", "datePublished", "dateline"},
        {"headline", "datePublished"},
    ),
    "WebSite": ({"name", "url"}, {"name"}),
    "BreadcrumbList": ({"itemListElement"}, {"itemListElement"}),
    "ListItem": ({"position", "name", "item"}, {"position", "name", "item"}),
    "ImageObject": (
        {*("contentUrl", "caption", "creditText", "creator", "copyrightNotice", "license", "acquireLicensePage"),
         *("width", "height")},
        {"contentUrl", "license", "creditText"},
    ),
    "Organization": ({"name", "url", "contactPoint"}, {"name"}),
    "Person": ({"name"}, {"name"}),
    "ContactPoint": ({"telephone", "contactType", "availableLanguage"}, {"telephone", "contactType"}),
}  # fmt: skip


def nodes_in(value: Any) -> list[dict[str, Any]]:
    """Every object in JSON-LD that has a type."""
    children = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    own = [value] if isinstance(value, dict) and "@type" in value else []
    return [*own, *(node for child in children for node in nodes_in(child))]


def faults_of(node: dict[str, Any]) -> set[str]:
    known, required = TYPES[node["@type"]]
    keys = node.keys() - {"@type"}
    return {f"{node['@type']} {key}" for key in (keys - known) | (required - keys)}


def meta_of(page: LexborHTMLParser) -> dict[str, str]:
    nodes = page.css("meta[property], meta[name]")
    return {str(n.attributes.get("property") or n.attributes["name"]): n.attributes["content"] or "" for n in nodes}


def test_structured_data_of_every_page_has_known_shapes_and_absolute_addresses(help_campaign):
    site, seen = help_campaign / "site", set()
    for path in site.rglob("*.html"):
        page = LexborHTMLParser(path.read_text(encoding="utf-8"))
        for script in page.css("script[type='application/ld+json']"):
            data = json.loads(script.text())
            assert data["@context"] == "https://schema.org"
            for node in nodes_in(data["@graph"]):
                seen.add(node["@type"])
                assert faults_of(node) == set(), path
                for key in {"url", "item", "contentUrl", "acquireLicensePage"} & node.keys():
                    assert node[key].startswith(OFFICE)
                    assert (site / node[key].removeprefix(OFFICE)).is_file(), node[key]
                if node["@type"] == "BreadcrumbList":
                    positions = [item["position"] for item in node["itemListElement"]]
                    assert positions == list(range(1, len(positions) + 1))
                    assert len(positions) > 1
    assert {"WebPage", "BreadcrumbList", "ListItem", "ImageObject"} <= seen
    # Nobody has verified a number of HELP.
    assert "ContactPoint" not in seen


def test_answers_name_their_subject_in_no_title_card_or_structured_data(help_campaign):
    pages = sorted((help_campaign / "site").glob("*/answers/*.html"))
    assert pages
    for path in pages:
        page = LexborHTMLParser(path.read_text(encoding="utf-8"))
        heading, meta = page.css_first("h1").text(strip=True), meta_of(page)
        assert page.css("script[type='application/ld+json']") == []
        assert page.css_first("title").text() == meta["og:title"] == "HELP"
        assert heading not in "".join(value for key, value in meta.items() if key.startswith("og:"))
        assert meta["og:description"] != meta["description"]


def test_root_has_title_description_picture_and_address(help_campaign):
    page = LexborHTMLParser((help_campaign / "site/index.html").read_text(encoding="utf-8"))
    campaign, _ = load(help_campaign)
    meta, tagline = meta_of(page), campaign.first_language.strings["tagline"]
    assert page.css_first("title").text() == f"HELP – {tagline}"
    assert meta["description"] == meta["og:description"] == tagline
    assert page.css_first("link[rel=canonical]").attributes["href"] == f"{OFFICE}index.html"
    assert (help_campaign / "site" / meta["og:image"].removeprefix(OFFICE)).is_file()
    assert meta["og:image"].startswith(OFFICE)
    assert "og:type" not in meta  # by default a website (ogp.me)


@pytest.mark.parametrize(
    ("name", "tagline", "title"),
    [
        ("HELP", "Know the signs. Ask for help.", "HELP – Know the signs. Ask for help."),
        ("Safe water", "Safe water for all", "Safe water for all"),
    ],
)
def test_title_of_a_front_page_says_the_name_once(name, tagline, title):
    campaign = SimpleNamespace(name_in=lambda _: name)
    assert front_title(campaign, SimpleNamespace(code="en", strings={"tagline": tagline})) == title


def test_only_verified_numbers_are_contact_points(tiny, tmp_path):
    campaign, _ = load(copy_campaign(tiny, tmp_path / "campaign"))
    view = page_view(campaign, campaign.languages["fil"], "get-help.md")

    def contact(**number: Any) -> Contact:
        numbers = (Number("07700 900112", **number),)
        return Contact("a", "health", "A Clinic", (), numbers, "", ("fil",), "", None, "", web="https://a.example/")

    checked = Checked(date(2026, 11, 20), "called")
    found = [*_organisations(view, [contact(), contact(checked=checked, is_fresh=True, dialled="+447700900112")])]
    assert [faults_of(node) for node in nodes_in(found)] == [set(), set()]
    (point,) = found[0]["contactPoint"]
    assert (point["telephone"], point["contactType"]) == ("+447700900112", "health")
    extension = contact(is_fresh=True, dialled="+447700900112", extension="5")
    assert next(_organisations(view, [extension]))["contactPoint"][0]["telephone"] == "+447700900112;ext=5"
