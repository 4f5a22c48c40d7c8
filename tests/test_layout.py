"""The page's layout: long names, large text and tables on phones; two columns and the search on wide screens."""

from __future__ import annotations

import io
import os
import re
import shutil
from itertools import product

import pytest
from conftest import IS_WHOLE, copy_campaign
from PIL import Image
from typefaces import set_in

from campaign.content import load
from campaign.serve.pages import Pages
from campaign.website.later_css import later_sheets
from campaign.website.page_audit import packed_size

# Long names in scripts with wide letters, and one that fits.
NAMES = ["HELP", "ආරක්ෂිත සංක්‍රමණය", "பாதுகாப்பான இடம்பெயர்வு", "Internationalisierungsbeauftragte"]
NARROW = (240, 320, 360, 412)
# Boxes of the words in the top row that reach into each other or out of the screen.
OVERLAPS = """() => {
    const range = document.createRange(), boxes = [...document.querySelectorAll('.row > a')].flatMap(each => {
        range.selectNodeContents(each);
        const words = [...range.getClientRects()].filter(box => box.width);
        const isName = each.matches('.name');
        return isName ? words.map(box => ['name', box]) : [[each.className, each.getBoundingClientRect()]];
    });
    const cut = boxes.filter(([, box]) => box.left < 0 || box.right > innerWidth + 0.5);
    const faults = cut.map(([name]) => `${name} is cut`);
    boxes.forEach(([name, box], n) => boxes.slice(n + 1).forEach(([other, it]) => {
        if (name !== other && Math.min(box.right, it.right) - Math.max(box.left, it.left) > 0.5
            && Math.min(box.bottom, it.bottom) - Math.max(box.top, it.top) > 0.5) faults.push(`${name} over ${other}`);
    }));
    return faults;
}"""
# How far down the title begins, and whether something in the first view calls.
FIRST_VIEW = """() => [document.querySelector('h1').getBoundingClientRect().top / innerHeight,
    [...document.querySelectorAll("a[href^='tel:']")].some(each => {
        const box = each.getBoundingClientRect();
        return box.width && box.top >= 0 && box.bottom <= innerHeight && box.left >= 0 && box.right <= innerWidth;
    }), document.documentElement.scrollWidth - innerWidth]"""
# Left and right end of a page without its frame, and the longest line of a paragraph in letters.
EXTENT = """() => {
    const range = document.createRange(), seen = [];
    const walker = document.createTreeWalker(document.querySelector('article'), NodeFilter.SHOW_TEXT);
    let longest = 0;
    for (let node; node = walker.nextNode();) {
        if (!node.data.trim() || !node.parentElement.checkVisibility()) continue;
        range.selectNodeContents(node);
        seen.push(...range.getClientRects());
    }
    for (const each of document.querySelectorAll('.text > p, .text > ol > li, .text > ul > li')) {
        const lines = Math.round(each.getBoundingClientRect().height / parseFloat(getComputedStyle(each).lineHeight));
        if (lines > 2) longest = Math.max(longest, each.textContent.trim().length / (lines - 0.5));
    }
    const pictures = [...document.querySelectorAll('article img')].map(each => each.getBoundingClientRect());
    const boxes = [...seen, ...pictures].filter(box => box.width);
    return [Math.min(...boxes.map(box => box.left)), Math.max(...boxes.map(box => box.right)), longest];
}"""
# The words of the title that are on two lines.
BROKEN_WORDS = """() => {
    const range = document.createRange(), node = document.querySelector('h1').firstChild;
    return [...node.data.matchAll(/[^\\s-]+/g)].filter(word => {
        range.setStart(node, word.index);
        range.setEnd(node, word.index + word[0].length);
        return new Set([...range.getClientRects()].map(box => box.top)).size > 1;
    }).map(String);
}"""
BELOW_LISTEN = """['h1', '.text'].map(name => document.querySelector(name).getBoundingClientRect().top)"""
WIDE_PAGES = [
    ("help", "en/index.html"),
    ("help", "en/numbers.html"),
    ("help", "tet/answers/papers.html"),
    ("help", "en/law.html"),
    ("help", "tet/press.html"),
    ("help", "en/posters/job-offer.html"),
    ("help", "tet/signs.html"),
    ("tiny", "ar/get-help.html"),
    ("tiny", "ar/boil.html"),
]


def page_of(browser, address, width, height=640, **options):
    page = browser.new_page(viewport={"width": width, "height": height}, locale="xx-XX", **options)
    page.goto(address)
    return page


@pytest.fixture(scope="module")
def named(tiny, tmp_path_factory):
    """Makes the page on getting help of a campaign with a name, in a language; returns its address."""
    root = copy_campaign(tiny, tmp_path_factory.mktemp("named") / "campaign", is_warm=True)
    settings = root / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8")

    def address(name: str, code: str) -> str:
        changed = re.sub("^site_name: .*", f"site_name: {name}", text, flags=re.MULTILINE)
        settings.write_text(changed, encoding="utf-8")
        pages, path = Pages(root, True), root / f"site/{code}/get-help.html"
        pages.read()
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(pages.page(f"{code}/get-help.html"), encoding="utf-8")
        return path.as_uri()

    return address


@pytest.mark.parametrize(
    ("name", "code"), [*product(NAMES, ("fil", "ar"))] if IS_WHOLE else [(NAMES[0], "ar"), (NAMES[-1], "fil")]
)
def test_name_of_a_campaign_never_lies_over_the_menu(named, browser, name, code):
    """In any font and at any width, also where the estimate of its width is wrong."""
    page, faults = page_of(browser, named(name, code), 360), []
    for font, width, is_tall in product(("Noto", "wide"), NARROW, (True, False)):
        set_in(page, font)
        page.set_viewport_size({"width": width, "height": 640})
        page.evaluate("is => document.querySelector('.top').classList.toggle('tall', is)", is_tall)
        faults += [(font, width, is_tall, fault) for fault in page.evaluate(OVERLAPS)]
    page.close()
    assert faults == []


@pytest.mark.parametrize(("name", "is_long"), [(NAMES[0], False), (NAMES[2], True), (NAMES[3], True)])
def test_long_name_has_a_row_that_scrolls_away(named, browser, name, is_long):
    page = page_of(browser, named(name, "fil"), 320)
    assert page.locator(".top.tall").count() == is_long
    page.evaluate("scrollTo(0, 900)")
    # The lines of the longest name don't all scroll away.
    assert page.evaluate("document.querySelector('.top').getBoundingClientRect().bottom") < 90
    assert page.locator(".row .leave").bounding_box()["y"] >= 0
    page.close()


@pytest.mark.parametrize(
    ("title", "is_long"),
    [
        ("Lahat, pati para sa mga kawani at mamamahayag", True),
        ("Acompanhamento jurídico", True),
        ("எச்சரிக்கை அறிகுறிகளைப் பாருங்கள்", True),
        ("Международное сотрудничество", True),
        ("Information for organisations", False),
        ("แรงงานต่างด้าวที่ถูกหลอกลวง", False),
    ],
)
def test_no_word_of_a_title_breaks(tiny, tmp_path, browser, title, is_long):
    root = copy_campaign(tiny, tmp_path / "campaign", is_warm=True)
    shutil.copytree(tiny / "site", root / "site", copy_function=os.link)
    source, path = root / "docs/fil/get-help.md", root / "site/fil/get-help.html"
    source.write_text(re.sub("^title: .*", f"title: {title}", source.read_text("utf-8"), flags=re.M), "utf-8")
    pages = Pages(root, True)
    pages.read()
    path.unlink()  # the other campaign's, too
    path.write_text(pages.page("fil/get-help.html"), "utf-8")
    for width in (320, 360, 1280):
        page = page_of(browser, path.as_uri(), width)
        assert page.locator("h1").inner_text() == title
        # Thai has no spaces: its lines end between words.
        assert title.startswith("แ") or page.evaluate(BROKEN_WORDS) == [], width
        assert bool(page.locator("h1.long-words").count()) == is_long
        page.close()


@pytest.mark.parametrize("how", ["letters", "page"])
def test_text_twice_as_large_shows_title_and_a_way_to_call_first(served, browser, how):
    """Larger letters, or a page of half the width, as browsers enlarge it."""
    faults = []
    page = page_of(browser, served["help"] + "en/index.html", *((360, 640) if how == "letters" else (180, 320)))
    for path in ("en/index.html", "tet/index.html", "en/numbers.html", "tet/answers/papers.html", "en/law.html"):
        page.goto(served["help"] + path)
        if how == "letters":
            page.evaluate("document.documentElement.style.fontSize = '200%'")
        top, calls, excess = page.evaluate(FIRST_VIEW)
        if not (top < 0.9 and calls and excess <= 0):
            faults.append((path, top, calls, excess))
    page.close()
    assert faults == []


def test_languages_without_room_are_behind_a_word(served, browser):
    for path in ("en/index.html", "tet/index.html"):
        page = page_of(browser, served["help"] + path, 320)
        more = page.locator(".languages .more a")
        # The accessible name begins with the visible words (WCAG 2.5.3).
        assert more.get_attribute("aria-label").startswith(more.inner_text())
        assert more.inner_text().isalpha()
        assert page.locator(".languages").bounding_box()["height"] < 50
        assert page.locator(".languages .rest:visible").count() == 0
        more.click()
        assert page.locator(".languages .rest:visible").count() > 0
        page.close()


def pixels_at(page, side: str) -> int:
    """The darkest pixel at an end of the table, between its words and rules."""
    box = page.locator(".table").first.bounding_box()
    x = box["x"] + (box["width"] - 4 if side == "right" else 1)
    taken = page.screenshot(clip={"x": x, "y": box["y"] + 4, "width": 3, "height": 8})
    return Image.open(io.BytesIO(taken)).convert("L").getextrema()[0]


def test_table_that_goes_on_has_a_shadow_there(served, browser):
    page = page_of(browser, served["help"] + "en/law.html", 360)
    table = page.locator(".table").first
    table.evaluate("each => each.scrollIntoView()")
    assert table.evaluate("each => each.scrollWidth > each.clientWidth")
    assert (pixels_at(page, "left"), pixels_at(page, "right") < 200) == (255, True)
    table.evaluate("each => { each.scrollLeft = 9999; }")
    assert (pixels_at(page, "left") < 200, pixels_at(page, "right")) == (True, 255)
    page.close()


@pytest.mark.parametrize(("name", "path"), WIDE_PAGES, ids=[path for _, path in WIDE_PAGES])
def test_wide_screen_has_no_empty_half_and_lines_that_can_be_read(served, browser, name, path):
    for width in (900, 1280, 1600) if IS_WHOLE else (1280,):
        page = page_of(browser, served[name] + path, width, 800)
        left, right, longest = page.evaluate(EXTENT)
        # Both halves hold something, and the margins are alike.
        assert right - left > min(0.6 * width, 700)
        assert left < 0.3 * width
        assert right > 0.7 * width
        assert longest < 85
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        page.close()


def test_contents_stay_beside_the_text(served, browser):
    page = page_of(browser, served["help"] + "en/law.html", 1280, 800)
    page.wait_for_selector(".contents[open]")
    page.evaluate("scrollTo(0, 1500)")
    box, text = page.locator(".contents").bounding_box(), page.locator(".text").bounding_box()
    assert 0 <= box["y"] < 200
    assert box["x"] + box["width"] <= text["x"]
    page.close()


@pytest.mark.parametrize(
    ("name", "path", "is_left"), [("help", "en/answers/papers.html", True), ("tiny", "ar/get-help.html", False)]
)
def test_title_is_beside_a_text_without_contents_at_the_start_of_lines(served, browser, name, path, is_left):
    page = page_of(browser, served[name] + path, 1280, 800)
    head, text = page.locator(".head").bounding_box(), page.locator(".text").bounding_box()
    first, second = (head, text) if is_left else (text, head)
    assert first["x"] + first["width"] <= second["x"] + 1
    page.close()


def test_search_is_in_the_row_that_stays_and_finds_there(served, browser):
    page = page_of(browser, served["help"] + "en/law.html", 1280, 800)
    page.wait_for_selector(".row form.search")
    page.evaluate("scrollTo(0, 1500)")
    page.fill(".row form.search input", "112")
    page.wait_for_selector(".row .found li")
    assert page.locator(".row .found a").first.bounding_box()["y"] < 200
    # A zoomed page has it at the foot again.
    page.set_viewport_size({"width": 360, "height": 640})
    page.wait_for_selector(".foot form.search")
    assert page.locator(".row form.search").count() == 0
    page.close()


def test_buttons_are_seen_in_forced_colours(served, browser):
    page = page_of(browser, served["help"] + "en/numbers.html", 360, forced_colors="active")
    page.wait_for_function("() => [...document.styleSheets].some(each => /later/.test(each.href))")
    widths = page.eval_on_selector_all(
        ".to-call, .row .leave, .call-button, .field button, .field input",
        "all => all.map(each => [each.className || each.tagName, parseFloat(getComputedStyle(each).borderTopWidth)])",
    )
    assert len(widths) >= 5
    assert [name for name, width in widths if width < 1] == []
    page.close()


def test_styles_that_phones_fetch_last_are_small_and_need_no_colour_of_a_page(tiny):
    sheets = later_sheets(load(tiny)[0])
    assert list(sheets) == ["later.css", "later-rtl.css"]
    for address, text in sheets.items():
        assert "var(" not in text
        assert packed_size(text.encode()) < 2_000
        assert (tiny / "site" / address).read_text(encoding="utf-8") == text


def test_phone_waits_for_no_styles_of_other_media_before_its_first_paint(served, browser):
    page, held = browser.new_page(viewport={"width": 360, "height": 640}, screen={"width": 360, "height": 640}), []
    page.route("**/later.css", lambda route: held.append(route))
    with page.expect_request("**/later.css"):
        page.goto(served["help"] + "en/numbers.html", wait_until="commit")
    page.wait_for_function("() => performance.getEntriesByName('first-contentful-paint').length")
    held.pop().continue_()
    # Pages printed from a phone have them.
    page.emulate_media(media="print")
    page.wait_for_function("() => getComputedStyle(document.querySelector('.top')).display === 'none'")
    page.close()


@pytest.mark.parametrize(("width", "is_beside"), [(1280, True), (360, False)])
def test_wide_screen_needs_no_script_for_its_layout(served, browser, width, is_beside):
    page = page_of(browser, served["help"] + "en/law.html", width, java_script_enabled=False)
    contents, text = (page.locator(name).bounding_box() for name in (".contents", ".text"))
    assert (contents["x"] + contents["width"] <= text["x"] + 1) is is_beside
    page.close()


@pytest.mark.parametrize("width", [360, 1280])
def test_button_that_reads_aloud_moves_nothing_and_hides_no_title(served, browser, width):
    """In each layout it covers the band above the title."""
    faults = []
    for path in (
        "en/index.html",
        "tet/numbers.html",
        "en/answers/papers.html",
        "en/law.html",
        "tet/posters/job-offer.html",
    ):
        page = page_of(browser, served["help"] + path, width)
        # All at once: the page's own script hides the button where no voice is installed.
        before, after, box = page.evaluate(f"""() => {{
            const listen = document.querySelector('.listen'), before = {BELOW_LISTEN};
            listen.hidden = false;
            return [before, {BELOW_LISTEN}, listen.querySelector('button').getBoundingClientRect().toJSON()];
        }}""")
        if before != after or box["y"] + box["height"] > after[0] + 1 or box["x"] + box["width"] > width:
            faults.append((path, before, after, box))
        page.close()
    assert faults == []
