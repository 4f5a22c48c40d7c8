"""Write a page's HTML from its tree, with shortcodes filled in."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from html import escape
from pathlib import Path
from posixpath import dirname, join, normpath, relpath
from urllib.parse import quote, unquote

from lxml import etree
from markupsafe import Markup
from msgspec.structs import replace

from campaign.cleaning.svg import clean_svg, parse_svg
from campaign.content.answers import answer_of_sign, parts_of
from campaign.content.releases import FORMAT as RELEASE
from campaign.document.html import HtmlWriter, attribute, reference_id
from campaign.document.shortcodes import SHORTCODES, load_form
from campaign.graph.disk import record_content
from campaign.models.campaign import Campaign
from campaign.models.nodes import (
    Block,
    Cell,
    Heading,
    Image,
    Inline,
    Item,
    Items,
    Link,
    Paragraph,
    Pictogram,
    Shortcode,
    Strong,
    Table,
    Text,
    walk,
    words,
)
from campaign.models.page import ANSWER
from campaign.plan.outputs import image_path
from campaign.plan.site_files import linked_file
from campaign.website.components import draw, draw_own
from campaign.website.components.downloads import piece_downloads
from campaign.website.components.press import release_files
from campaign.website.elements import heading
from campaign.website.pictures import TEXT_SIZES, PublicAssets
from campaign.website.view import View

# The end of a label such as `What to say:`, in any script.
LABEL_ENDS = ":：︓؛;.。．:;۔  "
# Thai, Lao, Burmese and Khmer sentences may end with a space.
SPACED_SENTENCE = re.compile(r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]\s+$")
# Lists whose pictograms are parts of links.
LINKED_LISTS = frozenset(["signs", "doors"])
CSS_ALIGNMENTS = {"left": "start", "right": "end", "center": "center"}


@cache
def _drawing(path: Path, mtime: float) -> str:  # noqa: ARG001
    """Return a pictogram's SVG for a page. `mtime`: modification time, for the cache."""
    root = parse_svg(clean_svg(parse_svg(path.read_bytes())).encode())
    inner = "".join(etree.tostring(child, encoding="unicode") for child in root)
    attributes = "".join(f' {key}="{escape(value)}"' for key, value in root.attrib.items() if key in PAINT_ATTRIBUTES)
    inner = re.sub(r' xmlns(:\w+)?="[^"]*"', "", inner)
    box = root.get("viewBox", "0 0 24 24")
    # Its size for browsers without our styles; with them, styles say.
    return f'<svg class="pictogram" width="24" height="24" viewBox="{box}"{attributes} aria-hidden="true">{inner}</svg>'


PAINT_ATTRIBUTES = ("fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "fill-rule")


def pictogram(campaign: Campaign, name: str) -> str:
    """Return a pictogram's SVG, or '' if no pictogram has that name."""
    path = campaign.pictograms.get(name)
    if not path:
        return ""
    record_content(path)
    return _drawing(path, path.stat().st_mtime)


def _has_bold_in_sentence(item: Item) -> bool:
    """Return whether bold words continue a sentence, as verbs do in many languages: they can't be a separate line."""
    first = item.children[0]
    inlines = first.children if isinstance(first, Paragraph) else ()
    place = next((index for index, node in enumerate(inlines) if isinstance(node, Strong)), 0)
    before = words(inlines[:place])
    if SPACED_SENTENCE.search(before):
        return False
    return unicodedata.category((before.rstrip() or ".")[-1])[0] in "LMN"


class PageWriter(HtmlWriter):
    """Writes one page of the site."""

    def __init__(self, campaign: Campaign, assets: PublicAssets, view: View) -> None:
        document, sources, language = view.page.document, campaign.sources, view.page.language
        super().__init__(document, {id: sources[id].localised(language) for id in document.cites if id in sources})
        self.campaign, self.assets, self.view = campaign, assets, view
        self.folder = dirname(view.page.path)
        self.text_words = view.text_language.strings
        self.shown = 0
        # The level of the last heading.
        self.level, self.heading_id = 1, ""
        # An answer's paragraphs that are folded.
        self.folded = parts_of(view.page).folded if view.layout == ANSWER else ()
        # Its words, and the number of tables below it.
        self.heading_words, self.tables = view.title, 0

    def write_page(self) -> tuple[str, str]:
        """Return (HTML next to the title: lead and a call right after it; the rest of the page)."""
        page, blocks = self.view.page, self.document.blocks
        is_release = RELEASE in page.formats
        lead = self._lead(blocks) if is_release or not page.formats else []
        links_above = release_files(self.view, self.assets, page) if is_release else ""
        links_above = piece_downloads(self.view, self.assets) if page.formats and not is_release else links_above
        rest = self.blocks(blocks[len(lead) :])
        return "\n".join(lead), "\n".join(filter(None, (links_above, rest, self.notes())))

    def _lead(self, blocks: tuple[Block, ...]) -> list[str]:
        first = blocks[0] if blocks else None
        if not isinstance(first, Paragraph) or first.classes != ("lead",):
            return []
        second = blocks[1] if len(blocks) > 1 else None
        if isinstance(second, Shortcode) and second.name == "call" and self.view.is_translated:
            return [self.paragraph(first), self.shortcode(second)]
        return [self.paragraph(first)]

    def address(self, to: str) -> str:
        """Return a link's target from this page."""
        path, sign, anchor = to.partition("#")
        if file := linked_file(self.campaign, self.view.page, to):
            return self.view.link(quote(file.partition("/")[2])) + sign + anchor
        if not path.endswith(".md") or ":" in path or "?" in path:
            return to
        return (self.view.page_link(normpath(join(self.folder, unquote(path)))) or path) + sign + anchor

    def heading(self, node: Heading) -> str:
        if 1 < node.level < 6:
            self.level, self.heading_id = node.level, node.id
            self.heading_words, self.tables = words(node.children).strip(), 0
        self.view.record(heading=words(node.children).strip(), level=node.level)
        return super().heading(node)

    def link(self, node: Link) -> str:
        if node.to:
            self.view.record(link=words(node.children), to=self.address(node.to))
        return super().link(node)

    def pictogram(self, node: Pictogram) -> str:
        return self.draw(node.name)

    def draw(self, name: str) -> str:
        """Return a pictogram of the campaign."""
        return pictogram(self.campaign, name)

    def is_further_picture(self) -> bool:
        """Count a picture; all but the first are loaded lazily."""
        self.shown += 1
        return self.shown > 1

    def shortcode(self, node: Shortcode) -> str:
        row, own_shortcode = SHORTCODES.get(node.name), self.campaign.shortcodes.get(node.name)
        if own_shortcode:
            return draw_own(self.campaign, self.view.language, own_shortcode, node.arguments)
        rendered = load_form(row.site)(self, node.arguments) if row else ""
        if not self.view.is_translated:
            # The text around it is in the source language, but its readers need to know who to call.
            language = self.view.language
            rendered = re.sub(r"<(\w+)", rf'<\1 lang="{language.code}" dir="{language.direction}"', rendered, count=1)
        return rendered

    def paragraph(self, node: Paragraph) -> str:
        if node in self.folded:
            return self._fold(node)
        if len(node.children) == 1 and isinstance(node.children[0], Image) and not node.classes:
            picture = self.image(node.children[0])
            data = {"picture": Markup(picture), "is_figure": picture.startswith("<picture>")}
            return draw(self.campaign, "picture/figure", data)
        return super().paragraph(node)

    def _fold(self, node: Paragraph) -> str:
        """Return a paragraph that opens below its label in bold."""
        label, *rest = node.children
        if rest and isinstance(rest[0], Text):
            rest[0] = replace(rest[0], text=rest[0].text.lstrip())
        title = words([label]).strip().rstrip(LABEL_ENDS)
        return draw(self.campaign, "answers/fold", {"title": title, "text": Markup(self.inlines(rest))})

    def items(self, node: Items) -> str:
        if LINKED_LISTS.intersection(node.classes) and node.begin_with_pictograms:
            linked = replace(node, children=tuple(map(self._linked_sign, node.children)))
            has_class = linked.begin_with_pictograms
            node = linked if has_class else replace(linked, classes=(*node.classes, "pictograms"))
        if "signs" in node.classes and any(map(_has_bold_in_sentence, node.children)):
            node = replace(node, classes=(*node.classes, "running"))
        return super().items(node)

    def _linked_sign(self, item: Item) -> Item:
        """Return a sign or door whose pictogram is part of its link, so that those who don't read can follow it.

        A sign's words in bold lead to the answer that names it, if they have no link.
        """
        first = item.children[0]
        assert isinstance(first, Paragraph)
        sign, *inlines = first.children
        assert isinstance(sign, Pictogram)
        main = next((child for child in inlines if isinstance(child, Strong | Link)), None)
        link = self._link_of(sign, main, inlines) if isinstance(main, Strong) else main
        if not main or not link:
            return item
        link = replace(link, children=(sign, *link.children))
        new_main = link if isinstance(main, Link) else replace(main, children=(link,))
        linked = [new_main if child is main else child for child in inlines]
        return replace(item, children=(replace(first, children=tuple(linked)), *item.children[1:]))

    def _link_of(self, sign: Pictogram, strong: Strong, inlines: list[Inline]) -> Link | None:
        """Return the link that is all of a sign's words in bold, or the one to its answer."""
        if len(strong.children) == 1 and isinstance(strong.children[0], Link):
            return strong.children[0]
        if any(isinstance(node, Link) for node in walk(inlines)):
            return None
        path = answer_of_sign(self.campaign, self.view.page.path, self.heading_id, sign.name)
        if not self.view.page_link(path):
            return None
        return Link(strong.start, strong.end, relpath(path, self.folder or "."), "", strong.children)

    def image(self, node: Image) -> str:
        if "://" in node.source:
            return self._plain_image(node)
        name = self.assets.picture_name(image_path(self.view.page, node.source))
        picture_html = self.assets.picture(self.view, name, node.alt, TEXT_SIZES, self.is_further_picture(), node.title)
        return picture_html or self._plain_image(node)

    def _plain_image(self, node: Image) -> str:
        self.view.record(picture=node.source, alt=node.alt)
        return super().image(node)

    def table(self, node: Table) -> str:
        """Return a table in a focusable box that scrolls, with a unique name after the heading above it."""
        self.tables += 1
        if self.heading_id and self.tables == 1:
            label, name = "labelledby", self.heading_id
        else:
            label, name = "label", f"{self.heading_words} ({self.tables})" if self.tables > 1 else self.heading_words
        box = f'<div class="table" role="region" tabindex="0" aria-{label}="{attribute(name)}">'
        return f"{box}{super().table(node)}</div>"

    def cell(self, cell: Cell, tag: str, align: str) -> str:
        # The corner of a table heads nothing.
        tag = tag if cell.children else "td"
        aligned = f' class="align-{CSS_ALIGNMENTS[align]}"' if align else ""
        return f"<{tag}{aligned}>{self.inlines(cell.children)}</{tag}>"

    def notes(self) -> str:
        if not self.numbers:
            return ""
        title = heading(self.view, 2, self.text_words["sources"], "page-footnotes")
        data = {"title": title, "notes": Markup(self.note_list()), "is_folded": self.view.layout == ANSWER}
        return draw(self.campaign, "sources/notes", data)

    def note_body(self, id: str) -> str:
        source = self.sources.get(id)
        if source and source.url:
            self.view.record(link=source.title, to=source.url)
        return super().note_body(id)

    def back_link(self, id: str, nth: int) -> str:
        label = attribute(self.text_words["footnote-back"])
        return f'<a class="footnote-backref" href="#{reference_id(id, nth)}" aria-label="{label}">↑</a>'
