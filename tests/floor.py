"""A finished page in browsers without custom properties, grid, gap, logical properties, :is() or WebP, on a screen of
240 x 320 pixels, by keyboard only.

Emulated: today's browser gets a page without these, like Opera Mini, UC, Android 5 and KaiOS, which don't
run on our computers.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import tinycss2

ADDRESS = "http://floor.example/"
STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)
SOURCE = re.compile(r"<source\b[^>]*>")
NEWER_ATTRIBUTES = re.compile(r' (?:loading|srcset|sizes|decoding)=(?:"[^"]*"|[^\s>]+)')
SCRIPT = re.compile(r"<script\b[^>]*>.*?</script>", re.DOTALL)
POLICY = re.compile(r"<meta http-equiv=.?Content-Security-Policy[^>]*>")
# Prefixes of names, and words in values, that an old browser ignores.
NEWER = (
    "--", "grid", "gap", "row-gap", "column-gap", "inset", "inline-size", "block-size", "text-underline",
    "text-decoration-thickness", "text-wrap", "overflow-wrap", "place-", "accent-color", "appearance", "aspect-ratio",
    "scroll-", "break-", "object-", "contain", "order",
)  # fmt: skip
LOGICAL = re.compile(r"(margin|padding|border)-(inline|block)")
VALUES = re.compile(r"var\(|\bgrid\b|sticky|min\(|max\(|clamp\(|^start$|^end$|min-content")
SELECTORS = re.compile(r":(is|where|has|focus-visible|focus-within|not\([^)]*[ ,])|::marker")
CONDITIONS = re.compile(r"prefers-|forced-colors|hover|pointer|[<>]")


def on_the_floor(page: str) -> str:
    """The page without scripts, and only with PNG, JPEG and SVG pictures."""
    page = STYLE.sub(lambda match: f"<style>{''.join(_rules(match[1]))}</style>", POLICY.sub("", page))
    return NEWER_ATTRIBUTES.sub("", SOURCE.sub("", SCRIPT.sub("", page)))


def _rules(styles: str | list[Any]) -> Iterator[str]:
    parse = tinycss2.parse_stylesheet if isinstance(styles, str) else tinycss2.parse_rule_list
    for node in parse(styles, skip_comments=True, skip_whitespace=True):
        prelude = tinycss2.serialize(node.prelude)
        if node.type == "at-rule":
            if node.lower_at_keyword == "media" and not CONDITIONS.search(prelude):
                yield f"@media{prelude}{{{''.join(_rules(node.content))}}}"
            elif node.lower_at_keyword == "supports" and "not" in prelude:
                yield from _rules(
                    node.content
                )  # Android 5 and KaiOS know this rule, but none of the features that it tests
        elif not SELECTORS.search(prelude):
            yield f"{prelude}{{{';'.join(_known(node.content))}}}"


def _known(content: list[Any]) -> Iterator[str]:
    for item in tinycss2.parse_declaration_list(content, skip_comments=True, skip_whitespace=True):
        if item.type != "declaration" or item.lower_name.startswith(NEWER) or LOGICAL.match(item.lower_name):
            continue
        value = tinycss2.serialize(item.value).strip()
        if not VALUES.search(value):
            yield f"{item.name}:{value}{'!important' * item.important}"


def open_on_the_floor(browser: Any, site: Path, address: str) -> Any:
    """A tab with a page of a finished site. Its address doesn't exist; the network isn't used."""
    page = browser.new_context(viewport={"width": 240, "height": 320}).new_page()

    def answer(route: Any) -> None:
        file = site / route.request.url.removeprefix(ADDRESS).split("#")[0].split("?")[0]
        if file.suffix == ".html":
            route.fulfill(body=on_the_floor(file.read_text("utf-8")), content_type="text/html")
        elif file.suffix in (".webp", ".avif", ".js") or not file.is_file():
            route.abort()
        else:
            route.fulfill(path=file)

    page.route("**/*", answer)
    page.goto(ADDRESS + address)
    return page


def faults_by_keys(page: Any) -> list[str]:
    """Return what a keyboard user lacks: each link visible and focused, and Leave among the first ones."""
    links, faults = page.locator("a[href]:visible").count(), []
    reached = set()
    for presses in range(2 * links):
        page.keyboard.press("Tab")
        here = page.evaluate(FOCUSED_SCRIPT)
        if here is None:
            break
        if not (here["isSeen"] and here["isMarked"]):
            faults.append(f"not seen: {here['name']}")
        if here["class"] == "leave" and "leave" not in reached and presses > 7:
            faults.append("Leave is late")
        reached |= {here["href"], here["class"]}
    expected = {
        "leave",
        *page.eval_on_selector_all("a[href]:visible", "all => all.map(each => each.getAttribute('href'))"),
    }
    return faults + [f"not reached: {item}" for item in sorted(expected - reached)]


# The focused link: whether its relevant part is visible, uncovered and outlined.
FOCUSED_SCRIPT = """() => {
    const it = document.activeElement, style = getComputedStyle(it);
    if (it === document.body) return null;
    const line = it.getClientRects()[0] || it.getBoundingClientRect();
    const at = document.elementFromPoint(line.x + line.width / 2, line.y + line.height / 2);
    return {
        name: it.outerHTML.slice(0, 120), href: it.getAttribute('href') || '', class: it.getAttribute('class') || '',
        isSeen: !it.matches('a')
            || !!at && (it.contains(at) || at.contains(it)) && line.top > -1 && line.bottom < innerHeight + 1,
        isMarked: style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2
            || it.matches('svg a') && parseFloat(getComputedStyle(it.querySelector('rect')).strokeWidth) >= 5,
    };
}"""
# Faults of a drawn page, in browsers of 2018 too: wider than the screen; letters smaller than 14 px,
# except for note marks; words or pictograms that overlap visibly.
FAULTS = """(() => {
    const faults = [], boxes = [], wide = document.documentElement.scrollWidth;
    if (wide > innerWidth) faults.push(`${wide} px wide`);
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), range = document.createRange();
    const hidden = '.skip, .leave-said, script, style, template, details:not([open]) > :not(summary), [hidden]';
    const put = (name, box, isText) => { if (box.width > 1 && box.height > 1) boxes.push([name, box, isText]); };
    while (texts.nextNode()) {
        const it = texts.currentNode, words = it.textContent.trim(), around = it.parentElement;
        if (!words || around.closest(hidden)) continue;
        range.selectNodeContents(it);
        const lines = range.getClientRects();
        if (lines.length && parseFloat(getComputedStyle(around).fontSize) < 14 && !around.closest('sup, svg'))
            faults.push(`small: ${words}`);
        for (const box of lines) put(words.slice(0, 40), box, true);
    }
    for (const each of document.querySelectorAll('svg.pictogram'))
        if (!each.closest(hidden))
            put(`pictogram of ${each.parentElement.textContent.trim()}`, each.getBoundingClientRect(), false);
    boxes.sort((a, b) => a[1].top - b[1].top);
    boxes.forEach(([name, box, isText], n) => {
        for (let i = n + 1; i < boxes.length && boxes[i][1].top < box.bottom; i++) {
            const [other, neighbour, isWords] = boxes[i];
            const across = Math.min(box.right, neighbour.right) - Math.max(box.left, neighbour.left);
            const down = Math.min(box.bottom, neighbour.bottom) - neighbour.top;
            // Lines of one text lie as close as their font makes them: tall letters reach into the line above.
            const least = isText && isWords ? 0.45 * Math.min(box.height, neighbour.height) : 1;
            if (across > 1 && down > least) faults.push(`over one another: ${name} | ${other}`);
        }
    });
    return faults;
})()"""
