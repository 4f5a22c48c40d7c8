"""Reads off a finished page what `describe` says that it shows."""

from __future__ import annotations

from posixpath import dirname, join, normpath
from typing import Any

from selectolax.lexbor import LexborHTMLParser, LexborNode

HEADINGS = ("h2", "h3", "h4", "h5", "h6")
# The class of a contact's line -> what `describe` calls it.
LINES = {
    "contact-kind": "kind",
    "contact-name": "name",
    "contact-does": "does",
    "contact-number": "number",
    "no-number": "unknown",
    "contact-facts": "facts",
    "contact-source": "source",
    "doubt": "doubt",
    "checked": "checked",
}
# Visual only, or repeated: note marks, the list of headings, what scripts fill, copies.
IGNORED_ELEMENTS = (
    "sup a, a.footnote-backref, details.contents a, img.hero, img.under, form *, .share *, li.contact *, .copies a"
)


def read_page(html: str, address: str) -> dict[str, Any]:
    """What a page shows, in the shape of `describe`. address: below the site's root."""
    page = LexborHTMLParser(html.replace("<wbr>", ""))  # where a line may end is no word
    root, article = page.css_first("html").attributes, page.css_first("article")
    call = page.css_first("header a.to-call")
    canonical = page.css_first("link[rel=canonical]").attributes["href"]
    return {
        "language": root["lang"],
        "direction": root["dir"],
        "text-language": article.attributes.get("lang", root["lang"]),
        "text-direction": article.attributes.get("dir", root["dir"]),
        "title": words(article.css_first("h1")),
        "notices": [words(item) for item in article.css(".notice")],
        "canonical": canonical,
        "alternates": {item.attributes["hreflang"]: item.attributes["href"] for item in page.css("link[hreflang]")},
        "emergency": {"number": words(call), "dials": dialled(call)} if call else {},
        "languages": {words(item): item.attributes["href"] for item in page.css("nav.languages a[hreflang]")},
        "menu": {words(item): item.attributes["href"] for item in page.css("nav.menu a")},
        "text": read_text(article, dirname(address)),
    }


def read_text(article: LexborNode, folder: str) -> list[dict[str, Any]]:
    """Return the text of a page, in order. folder: the page's, below the site's root."""
    beside = {node.mem_id for node in article.css(IGNORED_ELEMENTS)}
    nodes = (node for node in article.traverse() if node.mem_id not in beside)
    return [fact for node in nodes if (fact := _fact(node, folder))]


def _fact(node: LexborNode, folder: str) -> dict[str, Any]:
    kind, to = node.attributes.get("class") or "", node.attributes.get("href") or ""
    if node.tag in HEADINGS:
        return {"heading": words(node), "level": int(node.tag[1])}
    if node.tag == "img":
        source = node.attributes["src"] or ""
        return {"picture": normpath(join(folder, source)), "alt": node.attributes["alt"] or ""}
    if node.tag == "li" and kind.startswith("contact "):
        return _contact(node)
    if node.tag == "bdi" and node.parent and node.parent.tag == "li" and not node.parent.css("p"):
        return {"name": words(node)}
    if kind == "no-number":
        return {"unknown": squeeze(node.text(deep=False))}
    if kind == "press-contact":
        return {"press": [squeeze(line) for line in node.text(separator="\n").split("\n")]}
    if to.startswith("tel:"):
        return {"number": words(node.css_first(".number")), "dials": dialled(node)}
    if node.tag == "a" and "download" in node.attributes:
        return {"download": words(node), "to": to}
    return {"link": node.attributes.get("aria-label") or words(node), "to": to} if to else {}


def _contact(item: LexborNode) -> dict[str, Any]:
    data = {LINES[line.attributes["class"] or ""]: words(line) for line in item.css("p, .contact-number")}
    call, source = item.css_first(".contact-number a"), item.css_first(".contact-source a")
    data |= {"dials": dialled(call)} if call else {}
    return data | ({"to": source.attributes["href"]} if source else {})


def dialled(link: LexborNode) -> str:
    return (link.attributes["href"] or "").removeprefix("tel:")


def words(node: LexborNode) -> str:
    """The words of an element, without the signs of notes."""
    signs = {text.mem_id for sign in node.css("sup") for text in sign.traverse(include_text=True)}
    texts = (item for item in node.traverse(include_text=True) if item.tag == "-text" and item.mem_id not in signs)
    return squeeze("".join(text.text(deep=False) for text in texts))


def squeeze(text: str) -> str:
    """A text whose white space counts once, as browsers show it."""
    return " ".join(text.split())
