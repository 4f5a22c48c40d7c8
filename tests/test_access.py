"""The website for everybody: axe on every layout, script and state, and checks that axe lacks."""

from __future__ import annotations

from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from conftest import IS_WHOLE, wait_for_deferred
from lxml import html
from typefaces import WIDTHS, set_in

# Every rule, including those that axe leaves out by default: the experimental ones, best practices and level AAA.
RULES = """Object.fromEntries(axe.getRules().map(rule => [rule.ruleId, { enabled: true }]))"""
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}


def go_to_menu(page):
    page.click(".to-menu")


def search(page):
    page.fill("form.search input", "112")
    page.wait_for_selector(".results li >> visible=true")


def open_saving(page):
    page.wait_for_selector(".offline-copy button:not([hidden])")
    page.click(".offline-copy button")
    page.wait_for_selector(".offline-copy-state:not(:empty)")


def forget(page):
    wait_for_deferred(page)
    page.click(".phone a.forget")
    page.wait_for_selector(".told:not([hidden])")


def narrow(page):
    page.select_option("#page-need", index=1)
    page.wait_for_selector(".choices-of .said:not(:empty)")


def open_all(page):
    page.eval_on_selector_all("details", "all => all.forEach(each => { each.open = true })")


def leave(page):
    page.click(".row .leave")
    page.wait_for_url("**/w/*.html")


# Site, page, state, colours, screen. Each layout once in each direction or kind of writing, each state once.
LOOKS = [
    ("help", "index.html", None, "light", PHONE),
    ("help", "404.html", None, "dark", PHONE),
    ("help", "tet/index.html", None, "light", DESK),
    ("help", "en/index.html", go_to_menu, "dark", PHONE),
    ("help", "en/a-z.html", search, "light", PHONE),
    ("help", "en/safety.html", open_saving, "light", PHONE),
    ("help", "tet/safety.html", forget, "dark", PHONE),
    ("help", "en/services.html", narrow, "dark", PHONE),
    ("help", "en/leaflets/know-the-signs.html", open_all, "light", DESK),
    ("help", "tet/posters/job-offer.html", None, "dark", DESK),
    ("help", "tet/press/release-start.html", None, "light", PHONE),
    ("help", "tet/courses/police/sessions.html", open_all, "dark", PHONE),
    ("help", "en/workshop/referral.html", None, "dark", PHONE),
    ("help", "en/downloads.html", open_all, "light", PHONE),
    ("help", "tet/sources.html", None, "dark", PHONE),
    ("help", "en/not-saved.html", None, "light", PHONE),
    ("help", "my/index.html", leave, "dark", PHONE),
    ("tiny", "ar/index.html", search, "dark", PHONE),
    ("tiny", "ar/boil.html", None, "light", DESK),
]
# The same in another language.
if IS_WHOLE:
    LOOKS += [
        ("help", "my/index.html", None, "light", PHONE),
        ("tiny", "ar/services.html", narrow, "light", PHONE),
        ("tiny", "km/boil.html", None, "dark", PHONE),
    ]


@pytest.fixture(scope="module")
def axe():
    return Axe()


@pytest.mark.parametrize(
    ("name", "path", "state", "colours", "screen"),
    LOOKS,
    ids=[f"{name}/{path} {state.__name__ if state else ''}".strip() for name, path, state, *_ in LOOKS],
)
def test_axe_finds_nothing(served, browser, axe, name, path, state, colours, screen):
    context = browser.new_context(bypass_csp=True, viewport=screen, color_scheme=colours, locale="xx-XX")
    page = context.new_page()
    page.goto(served[name] + path)
    if state:
        state(page)
        page.evaluate("scrollTo(0, 0)")  # if no row that stays covers anything
    assert violations(page, axe) == []
    context.close()


def violations(page, axe):
    """Return what all rules of axe report: rule, first element, reason."""
    page.evaluate(axe.axe_script)
    found = page.evaluate(f"axe.run(document, {{ rules: {RULES}, resultTypes: ['violations'] }})")["violations"]
    return [(item["id"], item["nodes"][0]["html"], item["nodes"][0]["failureSummary"]) for item in found]


# HELP's four languages and two fixtures', ten pages each.
SITES = {"help": ("en", "tet", "pt", "id"), "tiny": ("ar", "km")}
PAGES_PER_LANGUAGE = 10


@pytest.mark.long
@pytest.mark.parametrize(("name", "code"), [(name, code) for name, codes in SITES.items() for code in codes])
def test_axe_finds_nothing_on_pages_of_every_kind(request, served, browser, axe, name, code):
    """A page of each folder first, then as many others, on a phone and on a wide screen by turns."""
    site = request.getfixturevalue("help_campaign" if name == "help" else "tiny") / "site"
    paths = sorted(path.relative_to(site) for path in (site / code).rglob("*.html"))
    kinds = {path.parent: path for path in reversed(paths)}
    chosen = dict.fromkeys([*kinds.values(), *paths[:: max(1, len(paths) // PAGES_PER_LANGUAGE)], *paths])
    pages, faults = [*chosen][: max(PAGES_PER_LANGUAGE, len(kinds))], []
    assert len(pages) >= PAGES_PER_LANGUAGE
    for number, path in enumerate(pages):
        context = browser.new_context(
            bypass_csp=True,
            viewport=(PHONE, DESK)[number % 2],
            color_scheme=("light", "dark")[number // 2 % 2],
            locale="xx-XX",
        )
        page = context.new_page()
        page.goto(f"{served[name]}{path.as_posix()}")
        faults += [(path.as_posix(), *fault) for fault in violations(page, axe)]
        context.close()
    assert faults == []


# The focused element: its size, whether all of it is visible and uncovered, and how it is marked.
FOCUSED_SCRIPT = """() => {
    const it = document.activeElement, box = it.getBoundingClientRect(), style = getComputedStyle(it);
    if (it === document.body || it === document.documentElement) return null;
    const lines = [...it.getClientRects()], line = lines[0];
    const at = document.elementFromPoint(line.x + line.width / 2, line.y + line.height / 2);
    const field = it.closest('svg a') ? it.querySelector('rect') : it;
    const marked = getComputedStyle(field);
    const block = it.closest('p, li, td, figcaption');
    const words = block && block.textContent.trim().length > it.textContent.trim().length + 2;
    return {
        name: it.outerHTML.slice(0, 120), tag: it.tagName, width: box.width, height: box.height,
        isInText: !!words && style.display === 'inline',
        isSeen: box.bottom > 0 && box.top < innerHeight && !!at && (it.contains(at) || at.contains(it)),
        isMarked: parseFloat(marked.strokeWidth) >= 5
            || (style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2),
        number: [...document.querySelectorAll(CONTROLS)].indexOf(it),
    };
}"""
# Of the buttons of one choice the chosen one is reached; arrows lead to the others. `.more` comes with the search.
BUTTONS = "button:not(.more), input:not([type=radio]:not(:checked))"
CONTROLS = f"a[href], {BUTTONS}, select, textarea, summary, audio, [tabindex='0']"
VISIBLE = """() => [...document.querySelectorAll(CONTROLS)].map((each, n) => [n, each])
    .filter(([, each]) => each.checkVisibility({ checkVisibilityCSS: true }) && !each.disabled).map(([n]) => n)"""


def walked(page, quoted):
    """Press Tab through a page: the controls by number, and those that are hidden, small or without a focus mark."""
    reached, faults = [], []
    while len(reached) < 400:
        page.keyboard.press("Tab")
        it = page.evaluate(f"() => {{ {quoted}{FOCUSED_SCRIPT})() }}")
        if it is None or it["number"] in reached:
            break
        reached.append(it["number"])
        least = 0 if it["isInText"] else 24
        if not (it["isSeen"] and it["isMarked"] and it["width"] >= least and it["height"] >= least):
            faults.append(it)
    return reached, faults


@pytest.mark.parametrize(
    ("name", "path"),
    [
        ("help", "tet/index.html"),
        ("help", "en/services.html"),
        ("help", "tet/leaflets/know-the-signs.html"),
        ("help", "en/safety.html"),
        ("help", "en/downloads.html"),
        ("help", "404.html"),
        ("tiny", "ar/get-help.html"),
    ],
)
def test_keyboard_reaches_every_control_in_order_and_its_place_is_seen(served, browser, name, path):
    context = browser.new_context(viewport=PHONE, locale="xx-XX")
    page = context.new_page()
    quoted = f"const CONTROLS = `{CONTROLS}`; return ("
    for _ in range(20):
        page.goto(served[name] + path, wait_until="networkidle")
        expected = page.evaluate(f"() => {{ {quoted}{VISIBLE})() }}")
        reached, faults = walked(page, quoted)
        if page.evaluate(f"() => {{ {quoted}{VISIBLE})() }}") == expected:
            break  # otherwise scripts have added controls meanwhile
    assert faults == []
    assert reached == expected
    context.close()


@pytest.mark.long
def test_calling_and_leaving_are_large_in_any_font_and_every_control_is_a_real_one(served, browser):
    context = browser.new_context(viewport=PHONE, locale="xx-XX")
    page = context.new_page()
    for address in (
        served["help"] + "tet/numbers.html",
        served["help"] + "en/index.html",
        served["tiny"] + "ar/index.html",
    ):
        page.goto(address)
        for font in WIDTHS:
            set_in(page, font)
            boxes = page.eval_on_selector_all(
                ".to-call, .row .leave, .call-button, .contact-number a",
                "all => all.map(each => [each.getBoundingClientRect().width, each.getBoundingClientRect().height])",
            )
            assert len(boxes) >= 3
            assert min(min(box) for box in boxes) >= 48, (address, font)
        assert (
            page.locator(
                "[onclick], [role=button], a:not([href]):visible, [tabindex]:not([tabindex='-1'], .table)"
            ).count()
            == 0
        )
    context.close()


def test_headings_are_in_order_and_parts_in_another_language_say_so(help_campaign, tiny):
    for root in (help_campaign, tiny):
        for page in (root / "site").rglob("*.html"):
            tree = html.document_fromstring(page.read_text(encoding="utf-8"))
            levels = [int(heading.tag[1]) for heading in tree.iter("h1", "h2", "h3", "h4", "h5", "h6")]
            assert levels.count(1) == 1, page
            assert max(after - before for before, after in pairwise([0, *levels])) == 1, (page, levels)
            for link in tree.xpath("//a[@hreflang]"):
                text = next(item.get("lang") for item in (link, *link.iterancestors()) if item.get("lang"))
                assert text == link.get("hreflang"), (page, link.text)
