"""The website as a visitor sees it, in a real browser: phone and desk, every language, from a server and a stick."""

from __future__ import annotations

import re
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from conftest import IS_WHOLE, OFFICE, REPOSITORY
from PIL import Image

from campaign.content import load

WIDTHS = (360, 1280)
# The smallest phones, tried on the smaller campaign.
NARROW = 320
SHARES = 3
# Every n-th of HELP's pages: `make test-long` opens all of them.
STEP = 1 if IS_WHOLE else 12


def pages_of(root):
    """Return all pages except 404.html, whose links start at site_url, and neutral pages, which leave at once."""
    names = (path.relative_to(root / "site").as_posix() for path in (root / "site").rglob("*.html"))
    return sorted(name for name in names if name != "404.html" and not name.startswith("w/"))


@pytest.mark.parametrize("share", range(SHARES))
@pytest.mark.parametrize("name", ["help", "tiny"])
def test_pages_fit_every_screen_ask_nobody_and_have_no_error(request, served, browser, name, share):
    """In one language of HELP: content that is too wide there is part of the frame, or too wide for a phone as well."""
    root = request.getfixturevalue("help_campaign" if name == "help" else "tiny")
    faults = []
    context = browser.new_context(locale="xx-XX")
    page = context.new_page()
    # A thing that a page's own policy forbids is an error on the console as well.
    page.on("console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("request", lambda item: None if item.url.startswith(served[name]) else faults.append(item.url))
    page.on("response", lambda item: faults.append(f"{item.status} {item.url}") if item.status >= 400 else None)
    # Khmer has the layout of Filipino.
    paths = [path for path in pages_of(root) if IS_WHOLE or not path.startswith("km/")]
    for path in paths[share :: SHARES * (STEP if name == "help" else 1)]:
        page.set_viewport_size({"width": WIDTHS[0], "height": 740})
        page.goto(served[name] + path)
        for width in (*WIDTHS, NARROW) if name == "tiny" else WIDTHS if path.startswith("en/") else WIDTHS[:1]:
            page.set_viewport_size({"width": width, "height": 740})
            scrolled = page.evaluate("document.documentElement.scrollWidth")
            if scrolled > width:
                faults.append(f"{path} is {scrolled} px wide at {width}")
    assert context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    context.close()
    assert faults == []


def test_international_number_fits_its_button_and_its_contact(tiny, browser):
    page, result = browser.new_page(), []
    for name in ("index.html", "get-help.html"):
        page.goto((tiny / "site/fil" / name).as_uri())
        numbers = page.locator(".call-button .number, .contact-number .number")
        assert numbers.count(), name
        for typed in ("+44 7700 900123", "+94 (0)11 213 6136 ext. 4421"):
            numbers.evaluate_all(f"all => all.forEach(number => {{ number.textContent = '{typed}'; }})")
            for width in (240, *range(320, 440, 20)):
                page.set_viewport_size({"width": width, "height": 740})
                if (scrolled := page.evaluate("document.documentElement.scrollWidth")) > width:
                    result.append((name, typed, width, scrolled))
    page.close()
    assert result == []


def test_language_and_direction_of_every_page_are_said(tiny, browser, served):
    campaign, _ = load(tiny)
    page = browser.new_page()
    for code, language in campaign.languages.items():
        page.goto(f"{served['tiny']}{code}/index.html")
        assert page.evaluate("[document.documentElement.lang, getComputedStyle(document.body).direction]") == [
            code,
            language.direction,
        ]
    page.close()


def test_page_without_translation_shows_the_source_with_a_notice(tiny, browser, served):
    campaign, _ = load(tiny)
    page = browser.new_page()
    page.goto(f"{served['tiny']}km/boil.html")
    notice = campaign.languages["km"].strings["not-translated"].format(language=campaign.languages["fil"].name)
    assert notice in page.inner_text("body")
    assert page.get_attribute("article", "lang") == "fil"
    assert page.get_attribute("html", "lang") == "km"
    page.close()


# The screen, and the ends of the call and the first door on it. Languages are in one row.
# (window, the lowest that the button to call may end, the same of the first door), in pixels.
FIRST_VIEWS = (((360, 640), 600, 630), ((320, 480), 460, None))


def test_first_view_of_a_phone_says_what_this_is_and_helps(help_campaign, browser):
    result, homes = [], sorted((help_campaign / "site").glob("*/index.html"))
    assert len(homes) >= 3
    for (width, height), most_call, most_door in FIRST_VIEWS:
        page = browser.new_page(viewport={"width": width, "height": height})
        for home in homes:
            page.goto(home.as_uri())
            lead, call, door, row = page.evaluate(
                "['.lead', '.call-button', '.text > .doors:first-child a', '.languages']"
                ".map(s => document.querySelector(s)?.getBoundingClientRect()).map(b => b && [b.bottom, b.height])"
            )
            if not (lead[0] < call[0] <= most_call and row[1] < 50) or (door and most_door and door[0] > most_door):
                result.append((home.parent.name, width, call, door, row))
        page.close()
    assert result == []


@pytest.mark.parametrize("how", ["served", "file"])
def test_language_switch_stays_on_the_page(help_campaign, served, browser, how):
    start = served["help"] if how == "served" else f"{(help_campaign / 'site').as_uri()}/"
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto(f"{start}en/signs.html")
    for code in ("tet", "en"):
        page.click(f"nav a[hreflang={code}], footer a[hreflang={code}], header a[hreflang={code}]")
        page.wait_for_url(f"{start}{code}/signs.html")
    page.close()


def test_everything_is_reached_from_a_stick_in_a_folder_with_an_odd_name(help_campaign, browser, tmp_path):
    folder = tmp_path / "ünï 100% #1"
    folder.symlink_to(help_campaign / "site")
    start = f"{folder.as_uri()}/"
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="xx-XX")
    page, faults, front = context.new_page(), [], f"{start}tet/index.html"
    seen = {f"{start}index.html", front}
    # What a page was still asking for when the next one was opened is no fault of it.
    page.on("requestfailed", lambda request: faults.append(request.url) if "ABORTED" not in request.failure else None)
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    queue = sorted(seen)
    while queue:
        page.goto(queue.pop())
        faults += page.evaluate("[...document.images].filter(i => i.complete && !i.naturalWidth).map(i => i.src)")
        # A link of a drawing, as on the map of tiles, tells its address in another way.
        links = "all => all.map(a => new URL(a.getAttribute('href'), document.baseURI).href)"
        for link in page.eval_on_selector_all("a[href^='../'], a:not([href*=':'])", links):
            target = link.split("#")[0]
            if not target.startswith(start) or not Path(unquote(urlsplit(target).path)).is_file():
                faults.append(f"{page.url}: {link}")
            elif page.url == front and target not in seen and target.endswith(".html"):
                queue.append(target)
            seen.add(target)
    assert faults == []
    assert len(seen) > 100  # `campaign check` covers links of deeper pages
    page.goto(f"{start}tet/signs.html")
    page.fill("form.search input", "trafiku")
    page.wait_for_selector(".found a >> nth=0")
    page.click(".found a >> nth=0")
    page.wait_for_url(f"{start}tet/**")
    page.click(".row .leave")
    page.wait_for_url(f"{start}w/tet.html")
    context.close()


@pytest.mark.parametrize(
    ("locale", "arrives"),
    [("en-GB", ""), ("my", "my/index.html"), ("fr-FR", ""), ("tet", "tet/index.html")],
)
def test_first_page_sends_a_phone_to_its_language_and_others_choose(served, browser, locale, arrives):
    context = browser.new_context(locale=locale)
    page = context.new_page()
    page.goto(served["help"] + "index.html")
    if arrives:
        page.wait_for_url(served["help"] + arrives)
    assert page.url == served["help"] + (arrives or "index.html")
    context.close()


def test_first_page_offers_the_first_language_first_without_script(served, browser):
    context = browser.new_context(java_script_enabled=False, locale="id-ID", viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(served["help"] + "index.html")
    links = page.eval_on_selector_all("a[hreflang]", "all => all.map(a => [a.hreflang, a.textContent.trim()])")
    assert links[0] == ["tet", "Tetun"]
    assert {code for code, _ in links} >= {"en", "tet"}
    page.click("a[hreflang=en]")
    assert page.url.endswith("/en/index.html")
    context.close()


def test_number_to_call_is_a_link_and_the_largest_thing_on_the_page(served, browser):
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto(served["help"] + "tet/numbers.html")
    sizes = page.eval_on_selector_all(
        "main *", "all => all.map(e => [parseFloat(getComputedStyle(e).fontSize), e.textContent.trim()])"
    )
    assert "112" in max(sizes)[1]
    assert page.locator("main a[href='tel:112']").first.is_visible()
    page.close()


def test_number_inside_arabic_reads_from_left_to_right(tiny, served, browser):
    number = next(contact.phone for contact in load(tiny)[0].contacts if contact.phone)
    page = browser.new_page()
    page.goto(f"{served['tiny']}ar/get-help.html")
    lefts = page.evaluate(
        """number => {
            const walker = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
            for (let node; (node = walker.nextNode());) {
                const at = node.data.indexOf(number);
                if (at < 0) continue;
                return [...number].map((_, i) => {
                    const range = document.createRange();
                    range.setStart(node, at + i); range.setEnd(node, at + i + 1);
                    return range.getBoundingClientRect().left;
                });
            }
        }""",
        number,
    )
    assert lefts == sorted(lefts)
    page.close()


def test_downloads_page_shows_each_piece_with_a_picture_its_use_and_its_size(served, browser):
    page = browser.new_page()
    for code in ("en", "tet"):
        page.goto(f"{served['help']}{code}/downloads.html")
        links = page.eval_on_selector_all("main a[download]", "all => all.map(a => a.href)")
        assert any(link.endswith(f"know-the-signs-{code}-tri-fold.pdf") for link in links)
        assert page.locator("main picture img").count() >= 2
        assert re.search(r"\d+ k[Bb]", page.inner_text("main"))
    page.close()


def test_pictures_come_in_widths_with_sizes_and_without_metadata(served, browser):
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto(f"{served['help']}en/downloads.html")
    result = page.eval_on_selector_all(
        "main img",
        "all => all.map(i => [i.width > 0, i.hasAttribute('width'), i.hasAttribute('height'), i.hasAttribute('alt')])",
    )
    assert result
    assert any(page.eval_on_selector_all("main img", "all => all.map(i => i.alt.length > 20)"))
    assert all(all(item) for item in result)
    sets = page.eval_on_selector_all("main source", "all => all.map(s => s.srcset.split(',').length)")
    assert min(sets) >= 2
    page.close()


def test_facts_lead_to_their_sources(served, browser):
    page = browser.new_page()
    page.goto(f"{served['help']}tet/what-it-is.html")
    assert page.locator("main sup a").count() >= 3
    page.click("main sup a >> nth=0")
    target = re.sub(r".*#", "", page.url)
    assert page.locator(f"[id='{target}'] a[href^=http]").count() >= 1
    page.close()


def test_sitemap_has_every_language_and_alternates_those_that_search_engines_know(help_campaign):
    """Tetum has no code of two letters; engines report others as mistakes."""
    page = (help_campaign / "site/tet/signs.html").read_text(encoding="utf-8")
    assert (
        {"en", "x-default"}
        <= set(re.findall(r"<link href=\S+ hreflang=(\S+) rel=alternate>", page))
        <= {
            *("en", "id", "pt", "x-default"),
        }
    )
    sitemap = (help_campaign / "site/sitemap.xml").read_text(encoding="utf-8")
    for code in ("en", "tet"):
        assert f"{OFFICE}{code}/signs.html" in sitemap


def test_nothing_of_the_theme_is_left_over(help_campaign):
    site = help_campaign / "site"
    suffixes = {path.suffix for path in site.rglob("*") if path.is_file()}
    assert suffixes <= {
        "",  # _headers, .htaccess
        ".epub",
        ".htm",  # copies to be saved
        ".conf",
        ".json",
        ".html",
        ".css",
        ".js",
        ".xml",
        ".txt",
        ".svg",
        ".pdf",
        ".png",
        ".webp",
        ".avif",
        ".jpeg",
        ".jpg",
        ".zip",  # press kits, and releases to edit
        ".docx",
        ".ico",
    }
    assert not list(site.rglob("*.js.map"))
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        left = [
            mark for mark in ('name="generator"', "name=generator", "mkdocs", str(REPOSITORY)) if mark in text.lower()
        ]
        assert left == [], path.relative_to(site)


def test_every_page_leads_to_help_in_one_step(help_campaign):
    site = help_campaign / "site"
    for path in site.rglob("*.html"):
        if path.parent.name == "w":  # the page behind Leave says nothing of the campaign
            continue
        html = path.read_text(encoding="utf-8")
        assert re.search(r'href="?(tel:|(\.\./)*numbers\.html)', html), path.relative_to(site)
        if (path.relative_to(site).parts[0] in ("en", "tet") or path.parent == site) and "tel:" in html:
            assert re.search(r'href="?[\w./]*numbers\.html#no-answer', html.split("<footer")[-1]), path.relative_to(
                site
            )


@pytest.mark.parametrize("code", ["en", "tet"])
def test_journalist_is_three_clicks_from_a_credited_picture_and_a_fact_with_its_source(help_campaign, browser, code):
    site = help_campaign / "site"
    page = browser.new_page(viewport={"width": 360, "height": 740})
    page.goto((site / code / "index.html").as_uri())
    page.click(".doors a[href='press.html']")
    pictures = page.locator(".press-pictures li:has(figure)")
    posters = 0
    for shown in pictures.all():
        caption = shown.locator("figcaption").inner_text()
        assert len(caption) > 60
        assert "CC0-1.0" in caption
        picture = site / code / (shown.locator("ul.files a").first.get_attribute("href") or "")
        with Image.open(picture) as opened:
            assert [round(dots) for dots in opened.info["dpi"]] == [300, 300]
            posters += opened.width == 2480 and "HELP. CC0-1.0" in caption
    assert posters == 9
    assert pictures.count() == 10  # and a photo
    page.locator(".text > ul > li sup a").first.click()
    assert len(page.locator(":target").inner_text()) > 20
    kit = page.locator(".kit-title a").get_attribute("href")
    assert (site / code / kit).is_file()
    page.close()
