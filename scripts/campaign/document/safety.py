"""Compare a document's HTML with what a sanitiser (Ammonia, by nh3) leaves of it; they must be equal.

Nodes are an allow-list and everything is escaped, so a difference is a bug, and the page isn't published.
"""

from __future__ import annotations

import nh3

from campaign.document.html import HtmlWriter
from campaign.document.reader import CLASSES
from campaign.models.nodes import Document

_TAGS = {
    *("a", "blockquote", "br", "code", "dd", "div", "dl", "dt", "em", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "img"),
    *("li", "ol", "p", "pre", "span", "strong", "sup", "table", "tbody", "td", "th", "thead", "tr", "ul"),
}
_ATTRIBUTES = {
    "*": {"id", "lang"},
    "a": {"href", "title"},
    "img": {"src", "alt", "title"},
    "th": {"align"},
    "td": {"align"},
    "ol": {"start"},
    "div": {"data-name", "data-place", "data-kind", "data-for", "data-which"},
    "span": {"data-name"},
}
_BUILT_IN = {"upright", "shortcode", "pictogram", "pictograms", "footnote", "footnote-ref", "footnote-backref"}
# Made once: it takes twice as long as cleaning a page.
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    generic_attribute_prefixes=None,
    allowed_classes=dict.fromkeys(_TAGS, _BUILT_IN | set(CLASSES)),
    url_schemes={"http", "https", "tel", "mailto"},
    link_rel=None,
)


def clean(html: str) -> str:
    """Remove scripts, handlers, styles and unknown links from HTML."""
    return _CLEANER.clean(html)


def is_safe(document: Document) -> bool:
    """Return whether the sanitiser leaves a document's HTML unchanged."""
    html = HtmlWriter(document, {}).write()
    return clean(html) == html
