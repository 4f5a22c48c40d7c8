"""Access: axe on every layout in every language and state, and what axe does not see, by the keyboard alone."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from selectolax.lexbor import LexborHTMLParser

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
AXE = f"""() => axe.run({{runOnly: {RULES}, resultTypes: ["violations"]}}).then(all => all.violations.flatMap(
    fault => fault.nodes.map(node => fault.id + ": " + node.html.slice(0, 120) + " | "
        + [...node.any, ...node.all, ...node.none].map(each => each.message).join("; ").slice(0, 200))))"""
PHONE, DESK = {"width": 360, "height": 740}, {"width": 1280, "height": 800}
# The smallest side that a finger can hit, in CSS pixels: of any control, and of those that somebody in fear looks for.
TARGET, LARGE_TARGET = 24, 48
LARGE = "a[href^='tel:'], .leave"


def layouts(site: Path) -> list[str]:
    """Pages that have between them every element and class that the site has, in each folder of a language."""
    chosen: list[str] = []
    seen: dict[str, set[str]] = {}
    names = sorted(path.relative_to(site).as_posix() for path in site.rglob("*.html"))
    for name in sorted(names, key=lambda name: -(site / name).stat().st_size):
        tree = LexborHTMLParser((site / name).read_text(encoding="utf-8"))
        parts = {node.tag or "" for node in tree.css("body *")}
        parts |= {f".{each}" for node in tree.css("[class]") for each in (node.attributes["class"] or "").split()}
        known = seen.setdefault(name.split("/")[0] if "/" in name else name, set())
        if parts - known:
            known |= parts
            chosen.append(name)
    return sorted(chosen)


@pytest.fixture(scope="module")
def sites(request):
    """Name -> folder of the built site."""
    return {name: request.getfixturevalue(name) / "site" for name in ("help_campaign", "tiny")}


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ["help_campaign", "tiny"])
def test_axe_finds_nothing_on_any_layout(sites, browser, name, scheme):
    site, faults = sites[name], []
    context = browser.new_context(viewport=PHONE, color_scheme=scheme, bypass_csp=True, locale="xx-XX")
    page = context.new_page()
    for path in layouts(site):
        page.goto((site / path).as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        page.evaluate(AXE_SCRIPT)
        faults += [f"{path} {scheme}: {fault}" for fault in page.evaluate(AXE)]
    context.close()
    assert faults == []


WALK = """() => {
    const style = node => { const s = getComputedStyle(node);
        return [s.outlineStyle, s.outlineWidth, s.outlineColor, s.backgroundColor, s.color, s.boxShadow].join(); };
    window.controls = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
        .filter(node => node.checkVisibility({visibilityProperty: true}) && !node.disabled && node.tabIndex >= 0);
    window.plain = controls.map(style);
    window.visited = [];
    window.say = node => node.tagName.toLowerCase() + " " + (node.getAttribute("href") || "") + " “"
        + (node.getAttribute("aria-label") || node.textContent).trim().slice(0, 40) + "”";
    window.look = () => {
        const node = document.activeElement, at = controls.indexOf(node);
        if (at < 0) return node === document.body ? null : [-1, "no control: " + say(node)];
        const faults = [];
        if (style(node) === plain[at]) faults.push("its focus is not seen");
        const boxes = [...node.getClientRects()].filter(box => box.width && box.height);
        const seen = boxes.some(box => {
            const x = (box.left + box.right) / 2;
            return [0.15, 0.5, 0.85].every(part => {
                const hit = document.elementFromPoint(x, box.top + box.height * part);
                return hit && (node.contains(hit) || hit.contains(node));
            });
        });
        if (!seen) faults.push("it is covered or out of sight");
        return [at, faults.map(fault => fault + ": " + say(node)).join("; ")];
    };
    return controls.map(say);
}"""


@pytest.mark.parametrize("screen", [PHONE, DESK], ids=["phone", "desk"])
@pytest.mark.parametrize(("name", "folder"), [("help_campaign", "en"), ("tiny", "ar")])
def test_tab_reaches_every_control_in_order_and_each_is_seen(sites, browser, name, folder, screen):
    site, faults = sites[name], []
    page = browser.new_page(viewport=screen, locale="xx-XX")
    for path in [path for path in layouts(site) if path.startswith(f"{folder}/") or "/" not in path]:
        page.goto((site / path).as_uri())
        controls = page.evaluate(WALK)
        order = []
        for _ in range(len(controls) + 1):
            page.keyboard.press("Tab")
            found = page.evaluate("look()")
            if found is None:
                break
            order.append(found[0])
            if found[1]:
                faults.append(f"{path}: {found[1]}")
        faults += [f"{path}: Tab does not reach {controls[n]}" for n in range(len(controls)) if n not in order]
        if order != sorted(order):
            faults.append(f"{path}: the order of Tab is not that of reading: {order}")
    page.close()
    assert faults == []


CONTROLS = """([target, large, wide]) => {
    const faults = [], say = node => node.outerHTML.slice(0, 110);
    const control = "a[href], button, input, select, textarea, summary, label";
    for (const node of document.querySelectorAll("body *")) {
        if (!node.getClientRects().length || node.closest("svg svg, svg > *")) continue;
        const acts = node.onclick || node.hasAttribute("onclick") || node.tabIndex >= 0
            || /^(button|link|tab|menuitem|checkbox|switch)$/.test(node.getAttribute("role") || "");
        if (acts && !node.matches(control) && node.tagName != "IFRAME")
            faults.push("acts, but is no control: " + say(node));
        if (getComputedStyle(node).cursor == "pointer" && !node.closest(control))
            faults.push("looks as if it acts: " + say(node));
        if (node.tabIndex > 0) faults.push("jumps the queue of Tab: " + say(node));
    }
    for (const node of document.querySelectorAll("a[href], button, input, select, summary")) {
        if (!node.getClientRects().length || node.classList.contains("skip")) continue;
        const box = node.getBoundingClientRect(), least = node.matches(large) ? wide : target;
        // A link in the midst of a sentence is as high as its line (WCAG 2.5.8, inline).
        let block = node.parentElement;
        while (getComputedStyle(block).display == "inline") block = block.parentElement;
        const inline = getComputedStyle(node).display == "inline"
            && block.textContent.trim() !== node.textContent.trim();
        if (Math.round(box.height) < least && !(inline && least == target))
            faults.push(Math.round(box.height) + " px high, not " + least + ": " + say(node));
        if (Math.round(box.width) < least && !(inline && least == target))
            faults.push(Math.round(box.width) + " px wide, not " + least + ": " + say(node));
    }
    const levels = [...document.querySelectorAll("h1, h2, h3, h4, h5, h6")]
        .filter(node => node.getClientRects().length).map(node => +node.tagName[1]);
    if (levels[0] !== 1 || levels.filter(level => level == 1).length !== 1) faults.push("not one h1, first of all");
    levels.forEach((level, n) => {
        if (n && level > levels[n - 1] + 1) faults.push("a heading skips a level: " + levels);
    });
    return faults;
}"""


@pytest.mark.parametrize("name", ["help_campaign", "tiny"])
def test_controls_are_links_and_buttons_of_a_size_to_hit_under_headings_in_order(sites, browser, name):
    site, faults = sites[name], []
    page = browser.new_page(viewport=PHONE, locale="xx-XX")
    for path in layouts(site):
        page.goto((site / path).as_uri())
        page.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
        faults += [f"{path}: {fault}" for fault in page.evaluate(CONTROLS, [TARGET, LARGE, LARGE_TARGET])]
    page.close()
    assert faults == []


# Words in letters that the script of a language has not: a phrase, not a name of one or two words.
PHRASES = {"ar": r"(?:[A-Za-z]{2,}[ ,.]+){3}[A-Za-z]{2,}", "km": r"(?:[A-Za-z]{2,}[ ,.]+){3}[A-Za-z]{2,}"}
PHRASES |= dict.fromkeys(["fil", "en", "tet", "pt", "id"], r"[\u0600-\u06ff\u1780-\u17ff]{2,}")
LANGUAGES = """() => {
    const found = [], walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    for (let node; (node = walker.nextNode());) {
        const parent = node.parentElement;
        if (/^(SCRIPT|STYLE)$/.test(parent.tagName)) continue;
        const near = parent.closest("[lang]");
        if (node.data.trim()) found.push([near ? near.lang : "", node.data.trim()]);
    }
    return found;
}"""


def test_words_of_another_script_say_which_language_they_are(sites, browser):
    site, faults = sites["tiny"], []
    page = browser.new_page(viewport=PHONE, locale="xx-XX")
    for path in layouts(site):
        page.goto((site / path).as_uri())
        for language, text in page.evaluate(LANGUAGES):
            if not language or re.search(PHRASES.get(language, "$^"), text):
                faults.append(f"{path}: {language or 'no language'}: {text[:80]}")
    page.close()
    assert faults == []


def test_page_at_twice_the_size_fits_a_phone_and_nothing_moves_for_those_who_ask(sites, browser):
    site, faults = sites["help_campaign"], []
    # What a phone 360 px wide has left at a zoom of 200 %.
    context = browser.new_context(viewport={"width": 180, "height": 370}, reduced_motion="reduce", locale="xx-XX")
    page = context.new_page()
    for path in layouts(site):
        page.goto((site / path).as_uri())
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > 180:
            faults.append(f"{path} is {wide} px wide at 180 px")
        if page.evaluate("document.getAnimations().length"):
            faults.append(f"{path} moves")
    context.close()
    assert faults == []
