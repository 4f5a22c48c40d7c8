"""Markdown to safe HTML, in the one place from which site, print and checks all start.

Raw HTML is shown as text, never obeyed. Beyond Python-Markdown's tables, footnotes, definition lists and attribute
lists there are: shortcodes alone in a paragraph, pictograms as `:name:`, and `{.class}` alone before a block.
"""

from __future__ import annotations

import re
import unicodedata
import xml.etree.ElementTree as etree
from collections.abc import Mapping
from functools import cache

import nh3
from lxml import html as lxml_html
from markdown import Markdown
from markdown.blockprocessors import BlockProcessor
from markdown.extensions import Extension
from markdown.inlinepatterns import InlineProcessor
from markdown.treeprocessors import InlineProcessor as InlineTreeprocessor
from markdown.treeprocessors import Treeprocessor

from campaign.model import Panel, Source

CLASSES = ("lead", "note", "doors", "signs", "steps", "path")
SHORTCODE = re.compile(r"^\{\{\s*([a-z][a-z-]*)((?:\s+[a-z]+=[^\s{}\"'<>]+)*)\s*\}\}$")
ANY_SHORTCODE = re.compile(r"\{\{.*?\}\}", re.DOTALL)
PICTOGRAM = r"(?<![\w:]):([a-z]+(?:-[a-z]+)*):(?!\w)"
# What every pattern of inline Markdown begins with; a line that ends in two spaces is a break.
SIGNS = re.compile(r"[`\\\[!<&*_:]|  \n")
CITATION = re.compile(r"\[\^([^\]\s]+)\]")


def slugify(text: str, separator: str = "-") -> str:
    """An anchor that keeps the letters and the vowel signs of every script."""
    kept = "".join(c if unicodedata.category(c)[0] in "LNM" else " " for c in unicodedata.normalize("NFC", text))
    return separator.join(kept.lower().split())


def parse_arguments(typed: str) -> dict[str, str]:
    """`place=dili kind=police` as a dict."""
    return dict(pair.split("=", 1) for pair in typed.split())


class _ShortcodeBlock(BlockProcessor):
    def test(self, parent, block):  # noqa: ARG002
        return bool(SHORTCODE.match(block.strip()))

    def run(self, parent, blocks):
        name, arguments = SHORTCODE.match(blocks.pop(0).strip()).groups()
        division = etree.SubElement(parent, "div", {"class": "shortcode", "data-name": name})
        for key, value in parse_arguments(arguments).items():
            # data-name is the shortcode's own.
            division.set("data-which" if key == "name" else f"data-{key}", value)


class _Pictogram(InlineProcessor):
    def handleMatch(self, m, data):  # noqa: ARG002
        return etree.Element("span", {"class": "pictogram", "data-name": m.group(1)}), m.start(0), m.end(0)


class _Classes(Treeprocessor):
    """`{.doors}` alone before a block gives that block the class; a list of pictograms is marked as one."""

    alone = re.compile(r"^\{\.([a-z]+)\}$")

    def run(self, root):
        for parent in list(root.iter()):
            for child, following in list(zip(list(parent), list(parent)[1:], strict=False)):
                found = self.alone.match((child.text or "").strip()) if child.tag == "p" and not len(child) else None
                if found:
                    following.set("class", f"{following.get('class', '')} {found.group(1)}".strip())
                    parent.remove(child)


class _PictogramLists(Treeprocessor):
    def run(self, root):
        for found in root.iter("ul"):
            items = [item[0] if len(item) and item[0].tag == "p" else item for item in found]
            if items and all(self.begins(item) for item in items):
                found.set("class", f"{found.get('class', '')} pictograms".strip())

    def begins(self, item) -> bool:
        return not (item.text or "").strip() and len(item) > 0 and item[0].get("class") == "pictogram"


class _QuickInline(InlineTreeprocessor):
    """Leaves words alone in which no pattern can find anything: each would look through them once.

    The name is that of a private method of Python-Markdown 3: should it change, all are looked through again.
    """

    def _InlineProcessor__handleInline(self, data, patternIndex=0):
        return super()._InlineProcessor__handleInline(data, patternIndex) if SIGNS.search(data) else data


class CampaignExtension(Extension):
    """What Markdown means here; see the module's docstring."""

    def extendMarkdown(self, md):
        # A list there, and asked of for every element.
        md.block_level_elements = frozenset(md.block_level_elements)
        md.preprocessors.deregister("html_block")
        md.inlinePatterns.deregister("html")
        md.parser.blockprocessors.register(_ShortcodeBlock(md.parser), "shortcode", 95)
        md.inlinePatterns.register(_Pictogram(PICTOGRAM, md), "pictogram", 35)
        md.treeprocessors.register(_QuickInline(md), "inline", 20)
        md.treeprocessors.register(_Classes(md), "classes", 25)
        md.treeprocessors.register(_PictogramLists(md), "pictogram-lists", 15)


def makeExtension(**options):
    """Lets mkdocs.yml, and plain Python-Markdown, load this module by its name."""
    return CampaignExtension(**options)


EXTENSIONS = ["tables", "footnotes", "attr_list", "def_list", "sane_lists", "toc", "campaign.content.markdown"]
# Of `toc` the anchors of headings alone: its lists of them would be made for nobody.
CONFIGS = {"toc": {"slugify": slugify, "marker": "", "toc_depth": 0}, "footnotes": {"BACKLINK_TEXT": "↑"}}

_TAGS = {
    *(
        "a",
        "abbr",
        "b",
        "blockquote",
        "br",
        "caption",
        "cite",
        "code",
        "dd",
        "del",
        "div",
        "dl",
        "dt",
        "em",
        "h1",
        "h2",
    ),
    *(
        "h3",
        "h4",
        "h5",
        "h6",
        "hr",
        "i",
        "img",
        "li",
        "ol",
        "p",
        "pre",
        "q",
        "s",
        "small",
        "span",
        "strong",
        "sub",
        "sup",
    ),
    *("table", "tbody", "td", "th", "thead", "tr", "ul"),
}
_ATTRIBUTES = {
    "*": {"id", "lang"},
    "a": {"href", "title", "role"},
    "img": {"src", "alt", "title"},
    "th": {"align", "scope"},
    "td": {"align"},
    "ol": {"start"},
    "div": {"data-name", "data-place", "data-kind", "data-for", "data-which", "role"},
    "span": {"data-name"},
}
_BUILT_IN = {"shortcode", "pictogram", "pictograms", "footnote", "footnote-ref", "footnote-backref"}
# Made once: it takes twice as long as cleaning a page.
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    allowed_classes=dict.fromkeys(_TAGS, _BUILT_IN | set(CLASSES)),
    url_schemes={"http", "https", "tel", "mailto"},
    link_rel=None,
)


def safe(html: str) -> str:
    """The same HTML with only what a campaign needs: no scripts, handlers, styles or strange links."""
    html = re.sub(r'style="text-align: (left|right|center);"', r'align="\1"', html)
    return _CLEANER.clean(html)


def with_footnotes(text: str, sources: Mapping[str, Source]) -> str:
    """The text with a footnote's definition for each source it cites: translators never copy one."""
    cited = [id for id in dict.fromkeys(CITATION.findall(text)) if id in sources]
    return text + "".join(f"\n\n[^{id}]: {_footnote(sources[id])}" for id in cited) + "\n"


def _footnote(source: Source) -> str:
    title = _escape(source.title)
    link = f"[{title}]({source.url})" if source.url else f"*{title}*"
    link += f"{{lang={source.language}}}" if source.language else ""
    return ", ".join(part for part in (link, _escape(source.publisher), _escape(source.date)) if part) + "."


def _escape(text: str) -> str:
    return re.sub(r"([\\`*_{}\[\]>#!])", r"\\\1", text)


def to_html(text: str, sources: Mapping[str, Source]) -> str:
    """Safe HTML of a page's body.

    Raises:
        RecursionError: the text nests deeper than Python-Markdown can follow.
    """
    try:
        return safe(_converter().reset().convert(with_footnotes(text, sources)))
    except BaseException:
        # What it was in the midst of would show on the next page.
        _converter.cache_clear()
        raise


@cache
def _converter() -> Markdown:
    return Markdown(extensions=EXTENSIONS, extension_configs=CONFIGS, output_format="html")


OPENING = "opening"


def split_panels(html: str, body: str, first_line: int, has_opening: bool = False) -> tuple[Panel, ...]:
    """The `## Title {#id}` sections of a piece. body and first_line: for the line of each heading.

    has_opening: whether what stands above the first heading is a section too, without a title.
    """
    panels: list[Panel] = []
    title, id = "", OPENING if has_opening else ""
    parts: list[str] = []
    lines = {
        m.group(1): first_line + body[: m.start()].count("\n") for m in re.finditer(r"^##\s.*\{#([^}\s]+)", body, re.M)
    }

    def close() -> None:
        if id and (title or parts):
            panels.append(Panel(id, title, "".join(parts).strip(), lines.get(id, first_line)))

    for node in lxml_html.fragments_fromstring(html):
        if isinstance(node, str):
            continue
        if node.tag == "h2":
            close()
            id, title, parts = node.get("id") or "", (node.text_content() or "").strip(), []
        elif node.get("class") != "footnote":
            parts.append(lxml_html.tostring(node, encoding="unicode", with_tail=False))
    close()
    return tuple(panels)
