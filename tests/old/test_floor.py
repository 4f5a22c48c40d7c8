"""More pages without what old browsers lack, on the smallest screen (emulated: tests/floor.py)."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import pytest
from floor import FAULTS, faults_by_keys, open_on_the_floor
from test_chromium_65 import PAGES

HREF = re.compile(r'href=(?:"([^"]*)"|([^\s>]+))')


@pytest.mark.parametrize(("name", "address"), PAGES, ids=[address for _, address in PAGES])
def test_page_is_read_and_used_by_keys(help_campaign, tiny, browser, name, address):
    page = open_on_the_floor(browser, (help_campaign if name == "help" else tiny) / "site", address)
    assert page.evaluate(FAULTS) == []
    assert faults_by_keys(page) == []
    page.context.close()


def test_no_page_is_wider_than_the_screen_has_small_letters_or_words_over_one_another(help_campaign, tiny, browser):
    faults = []
    for site in (help_campaign / "site", tiny / "site"):
        page = open_on_the_floor(browser, site, "index.html")
        for path in sorted(site.rglob("*.html")):
            page.goto(urljoin(page.url, f"/{path.relative_to(site).as_posix()}"))
            faults += [(page.url, fault) for fault in page.evaluate(FAULTS)]
        page.context.close()
    assert faults == []


@pytest.mark.parametrize("code", ["en", "tet"])
def test_call_leave_and_everything_by_a_to_z(help_campaign, browser, code):
    site = help_campaign / "site"
    page = open_on_the_floor(browser, site, f"{code}/index.html")
    page.focus(".row .to-call")
    assert page.evaluate("document.activeElement.href").startswith("tel:")
    page.focus(".finding a[href='a-z.html']")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/{code}/a-z.html")
    page.focus(".row .leave")
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/w/{code}.html")
    page.context.close()
    # From there every page is at most three clicks away, without a script.
    near = seen = {f"{code}/a-z.html"}
    for _ in range(3):
        near = {link for address in near for link in links(site, address) if link.startswith(f"{code}/")} - seen
        seen = seen | near
    assert {path.relative_to(site).as_posix() for path in (site / code).rglob("*.html")} - seen == {
        f"{code}/not-saved.html"
    }


def links(site, address):
    """Pages that a page links to."""
    text = (site / address).read_text("utf-8")
    found = (urljoin(address, (quoted or plain).split("#")[0]) for quoted, plain in HREF.findall(text))
    return {link for link in found if link.endswith(".html") and (site / link).is_file()}
