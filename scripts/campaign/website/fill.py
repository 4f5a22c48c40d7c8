"""Fills what Markdown left open: shortcodes, pictograms, pictures, footnotes. Works on HTML that is safe already."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from functools import cache
from html import escape, unescape
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote

from lxml import etree

from campaign.catalogue import image_path
from campaign.content.releases import FORMAT as RELEASE
from campaign.model import Campaign
from campaign.website.contacts import call_button, contact_lists, place_lists
from campaign.website.directory import directory
from campaign.website.downloads import download_list, piece_downloads
from campaign.website.pictures import IN_TEXT, Shelf
from campaign.website.press import press_panel, release_files
from campaign.website.saving import forget_link, saving_panel
from campaign.website.view import SAFETY, View
from campaign.website.words import date_text

SHORTCODE = re.compile(r'<div (?=[^>]*class="shortcode")([^>]*)></div>')
PICTOGRAM = re.compile(r'<span (?=[^>]*class="pictogram")[^>]*data-name="([a-z-]+)"[^>]*></span>')
IMAGE = re.compile(r"<img ([^>]*)>")
LONELY_IMAGE = re.compile(r"<p>(<picture>(?:(?!</p>).)*</picture>)</p>")
FOOTNOTES = re.compile(r'<div class="footnote"[^>]*>\s*<hr>\s*(.*?)</div>', re.DOTALL)
BACK = re.compile(r'<a (?=[^>]*class="footnote-backref")([^>]*)>')
TABLE = re.compile(r"<table>.*?</table>", re.DOTALL)
ATTRIBUTE = re.compile(r'([\w-]+)="([^"]*)"')
HEADING = re.compile(r"<h([2-5])\b")
NAMED_HEADING = re.compile(r'<h[2-5] [^>]*?id="([^"]*)"')
LEAD = re.compile(r'\s*<p class="lead">.*?</p>(?:\s*<p class="call">.*?</p>)?', re.DOTALL)
# The corner of a table: it heads nothing.
EMPTY_HEAD = re.compile(r"<th([^>]*)>\s*</th>")
ALIGN = re.compile(r' align="(left|right|center)"')


PAGE = re.compile(r'(<a [^>]*?href=")([^":?#]+\.md)(#[^"]*)?"')


def with_addresses(view: View) -> str:
    """A page's safe HTML with the addresses of the pages that it links to, instead of their files' names."""
    folder = dirname(view.page.path)

    def address(found: re.Match[str]) -> str:
        begin, path, anchor = found.groups("")
        href = view.page_link(normpath(join(folder, unquote(path)))) or path
        return f'{begin}{href}{anchor}"'

    return PAGE.sub(address, view.page.html)


def split_lead(html: str) -> tuple[str, str]:
    """What stands with a page's title, its lead and a call that follows at once, and the rest of the page."""
    found = LEAD.match(html)
    return (found.group(0), html[found.end() :]) if found else ("", html)


@cache
def _drawing(path: Path, changed: float) -> str:  # noqa: ARG001
    """A pictogram's SVG as it stands inside a page. changed: when the file was, so that a new drawing is read."""
    root = etree.fromstring(path.read_bytes(), etree.XMLParser(resolve_entities=False, no_network=True))
    for node in root.iter(etree.Comment):
        node.getparent().remove(node)
    inner = "".join(etree.tostring(child, encoding="unicode", with_tail=False) for child in root)
    kept = "".join(f' {key}="{escape(value)}"' for key, value in root.attrib.items() if key in DRAWN)
    inner = re.sub(r' xmlns(:\w+)?="[^"]*"', "", inner)
    box = root.get("viewBox", "0 0 24 24")
    return f'<svg class="pictogram" viewBox="{box}"{kept} aria-hidden="true" focusable="false">{inner}</svg>'


DRAWN = ("fill", "stroke", "stroke-width", "stroke-linecap", "stroke-linejoin", "fill-rule")


def pictogram(campaign: Campaign, name: str) -> str:
    """A pictogram for the inside of a page; nothing where the campaign has none of that name."""
    path = campaign.pictograms.get(name)
    return _drawing(path, path.stat().st_mtime) if path else ""


class Filler:
    """Fills one page."""

    def __init__(self, campaign: Campaign, shelf: Shelf, view: View, today: date) -> None:
        self.campaign, self.shelf, self.view, self.today = campaign, shelf, view, today
        self.words, self.text_words = view.language.strings, view.text_language.strings
        self.shown = 0
        self.codes: dict[str, Callable[[dict[str, str], int], str]] = {
            "call": lambda _arguments, _level: call_button(view, self._pictogram),
            "contacts": lambda arguments, level: contact_lists(view, arguments, today, self._pictogram, level),
            "places": lambda _arguments, level: place_lists(view, today, self._pictogram, level),
            "directory": lambda _arguments, level: directory(view, today, self._pictogram, level),
            "poster": lambda arguments, _level: self._poster(arguments.get("which", "")),
            "photo": lambda arguments, _level: self._photo(arguments.get("which", "")),
            "downloads": lambda arguments, level: download_list(view, shelf, arguments.get("for"), level),
            "sources": lambda _arguments, _level: self._sources(),
            "saving": lambda _arguments, _level: saving_panel(view.language),
            "forgetting": lambda _arguments, _level: forget_link(view.language, view.page_link(SAFETY, "forget")),
            "press-kit": lambda _arguments, level: press_panel(view, shelf, level),
            "imprint": lambda _arguments, _level: f'<div class="imprint">{imprint(view)}</div>',
        }

    def fill(self, html: str) -> str:
        """The page's text, complete."""
        html = LONELY_IMAGE.sub(r"<figure>\1</figure>", IMAGE.sub(self._image, html))
        html = PICTOGRAM.sub(lambda found: self._pictogram(found.group(1)), html)
        html = SHORTCODE.sub(lambda found: self._shortcode(found, found.string), html)
        html = TABLE.sub(self._table, html)
        html = BACK.sub(self._back, FOOTNOTES.sub(self._footnotes, html))
        if RELEASE in self.view.page.formats:
            lead, rest = split_lead(html)
            html = lead + release_files(self.view, self.shelf, self.view.page) + rest
        elif self.view.page.formats:
            html = piece_downloads(self.view, self.shelf) + html
        return html

    def _pictogram(self, name: str) -> str:
        return pictogram(self.campaign, name)

    def _shortcode(self, found: re.Match[str], html: str) -> str:
        attributes = {key: unescape(value) for key, value in ATTRIBUTE.findall(found.group(1))}
        arguments = {key.removeprefix("data-"): value for key, value in attributes.items() if key != "data-name"}
        before = HEADING.findall(html[: found.start()])
        level = min(int(before[-1]) + 1, 6) if before else 2
        fill = self.codes.get(attributes.get("data-name", ""))
        made = fill(arguments, level) if fill else ""
        if not self.view.is_translated:
            # The text around it is the source's, but whoever reads this needs to know whom to call.
            language = self.view.language
            made = re.sub(r"<(\w+)", rf'<\1 lang="{language.code}" dir="{language.direction}"', made, count=1)
        return made

    def _image(self, found: re.Match[str]) -> str:
        attributes = {key: unescape(value) for key, value in ATTRIBUTE.findall(found.group(1))}
        source = attributes.get("src", "")
        if "alt" not in attributes or "://" in source:
            return found.group(0)
        name = self.shelf.picture_name(image_path(self.view.page, source))
        self.shown += 1
        # The first picture may be what a reader sees first; later ones wait until they come near.
        title = attributes.get("title", "")
        return self.shelf.picture(self.view, name, attributes["alt"], IN_TEXT, self.shown > 1, title) or found.group(0)

    def _photo(self, name: str) -> str:
        photo = self.campaign.photos.get(name)
        self.shown += 1
        return self.shelf.figure(self.view, photo, self.shown > 1) if photo else ""

    def _poster(self, name: str) -> str:
        page = self.campaign.page(self.view.language.code, f"posters/{name}.md")
        if not page or not page.formats:
            return ""
        stem = f"{page.stem}-{page.language}-{page.formats[0]}"
        picture = self.shelf.picture(self.view, stem, str(page.options.get("alt", "")), IN_TEXT, self.view.is_home)
        poster = self.campaign.posters.get(name)
        if not picture or not poster:
            return picture
        rights = poster.rights
        credit = self.words["credit"].format(credit=escape(rights.credit), licence=escape(rights.licence))
        return f'<figure class="poster">{picture}<figcaption>{credit}</figcaption></figure>'

    def _sources(self) -> str:
        items = []
        for source in self.campaign.sources.values():
            lang = f' lang="{source.language}"' if source.language else ""
            title = f"<cite{lang}>{escape(source.title)}</cite>"
            if source.url:
                title = f'<a href="{escape(source.url)}" rel="noreferrer">{title}</a>'
            rest = ", ".join(escape(part) for part in (source.publisher, source.date) if part)
            items.append(f'<li id="{escape(source.id)}">{title}<br>{rest}</li>')
        return f'<ol class="sources">{"".join(items)}</ol>' if items else ""

    def _footnotes(self, found: re.Match[str]) -> str:
        heading = f'<h2 id="page-footnotes">{escape(self.text_words["sources"])}</h2>'
        return f'<section class="footnotes" aria-labelledby="page-footnotes">{heading}{found.group(1)}</section>'

    def _back(self, found: re.Match[str]) -> str:
        kept = re.sub(r' ?title="[^"]*"', "", found.group(1))
        return f'<a {kept} aria-label="{escape(self.text_words["footnote-back"])}">'

    def _table(self, found: re.Match[str]) -> str:
        """In a box that scrolls where the screen is narrow, by keys too; it is called as the heading above it."""
        above = NAMED_HEADING.findall(found.string, 0, found.start())
        name = f' aria-labelledby="{above[-1]}"' if above else f' aria-label="{escape(self.view.title)}"'
        table = ALIGN.sub(self._alignment, EMPTY_HEAD.sub(r"<td\1></td>", found.group(0)))
        return f'<div class="table" role="group" tabindex="0"{name}>{table}</div>'

    def _alignment(self, found: re.Match[str]) -> str:
        return f' class="align-{ {"left": "start", "right": "end"}.get(found.group(1), "center") }"'


def imprint(view: View) -> str:
    """Who issues the campaign, which version of it this is."""
    campaign, words = view.campaign, view.language.strings
    version = words["version"].format(version=escape(campaign.version), date=date_text(view.language, campaign.date))
    return f"<p>{escape(words['imprint'])}</p><p>{version}</p>"
