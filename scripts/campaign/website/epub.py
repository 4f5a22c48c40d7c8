"""The public core of a language as EPUB 3.2: one chapter per page, phone links, no scripts.

Libraries for EPUB don't sanitise content and aren't reproducible (https://www.w3.org/publishing/epub32/).
"""

from __future__ import annotations

import re
import uuid
import zipfile
from io import BytesIO
from pathlib import Path
from posixpath import dirname, join, normpath

from lxml import etree, html
from selectolax.lexbor import LexborHTMLParser

from campaign.content.number_doubts import doubt_sentences, unchecked_numbers
from campaign.models.campaign import Campaign, Language
from campaign.models.page import address_of
from campaign.website.one_file import EXCLUDED_ELEMENTS, copy_title, core_pages, repeat_drawings
from campaign.website.texts import fill

SVG = "http://www.w3.org/2000/svg"
# The earliest time that zip files support, so that builds are reproducible.
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)
STYLE = (
    "body{line-height:1.5}h1{line-height:1.2}ul.signs,ul.pictograms{list-style:none;padding:0}"
    "svg{width:1.5em;height:1.5em;vertical-align:middle}.number{white-space:nowrap}"
)
# HTML elements that EPUB's XHTML lacks, or that need scripts or the website.
ATTRIBUTES = re.compile(
    r"data-.*|on.*|tabindex|rel|draggable|role|hreflang|download|loading|decoding|sizes|srcset|open"
)


def epub(campaign: Campaign, site: Path, language: Language) -> bytes:
    """Return the book of a language."""
    pages = core_pages(campaign, language)
    names = {address_of(language.code, page.path): f"{n}.xhtml" for n, page in enumerate(pages, 1)}
    chapters = {
        name: _chapter(campaign, site, address, names, language, page.title)
        for (address, name), page in zip(names.items(), pages, strict=True)
    }
    cited = dict.fromkeys(id for page in pages for id in page.cites if id in campaign.sources)
    sources = [campaign.sources[id].localised(language.code) for id in cited]
    titles = [page.title for page in pages]
    if sources:
        title = language.strings["sources"]
        titles.append(title)
        chapters["sources.xhtml"] = _page(language, title, fill("book-sources.xml", title=title, sources=sources))
    files = {
        "META-INF/container.xml": fill("book-container.xml"),
        "book.opf": _package(campaign, language, chapters),
        "nav.xhtml": _navigation(language, dict(zip(chapters, titles, strict=True))),
        "style.css": STYLE,
        **chapters,
    }
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(zipfile.ZipInfo("mimetype", ZIP_EPOCH), "application/epub+zip", zipfile.ZIP_STORED)
        for name, text in files.items():
            archive.writestr(zipfile.ZipInfo(name, ZIP_EPOCH), text.encode(), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _chapter(
    campaign: Campaign, site: Path, address: str, names: dict[str, str], language: Language, title: str
) -> str:
    tree = LexborHTMLParser((site / address).read_text(encoding="utf-8"))
    article = tree.css_first("article")
    if article is None:
        return _page(language, title, "")
    repeat_drawings(article)
    for item in article.css(f"{EXCLUDED_ELEMENTS}, picture, img, iframe"):
        item.decompose()
    # libxml2 doesn't know that <wbr> is empty; U+200B has the same effect.
    body = html.fragment_fromstring((article.html or "").replace("<wbr>", "\u200b"), create_parent="div")
    for item in body.iter(etree.Element):
        _clean_element(item, address, names)
    for doubt in doubt_sentences(unchecked_numbers(campaign, language, body.text_content())):
        etree.SubElement(body, "p").text = doubt
    content = "".join(etree.tostring(child, encoding="unicode", method="xml", with_tail=False) for child in body)
    return _page(language, title, content.replace("<svg ", f'<svg xmlns="{SVG}" '))


def _clean_element(element: html.HtmlElement, address: str, names: dict[str, str]) -> None:
    """Change an element to EPUB's XHTML: no script attributes, links that dial or stay within the book."""
    for name in [name for name in element.attrib if ATTRIBUTES.fullmatch(name)]:
        del element.attrib[name]
    if "viewbox" in element.attrib:
        element.attrib["viewBox"] = element.attrib.pop("viewbox")
    if element.tag in ("article", "details", "summary"):
        element.tag = "div"
    if "lang" in element.attrib:
        element.attrib["{http://www.w3.org/XML/1998/namespace}lang"] = element.attrib["lang"]
    link = element.attrib.get("href", "") if element.tag == "a" else ""
    if not link or link.startswith(("tel:", "sms:", "#")):
        return
    path, _, anchor = link.partition("#")
    target = names.get(normpath(join(dirname(address), path)))
    if target:
        element.attrib["href"] = f"{target}#{anchor}" if anchor else target
    else:
        element.tag = "span"
        del element.attrib["href"]


def _page(language: Language, title: str, body: str) -> str:
    return fill("book-page.xhtml", language=language, title=title, body=body)


def _navigation(language: Language, titles: dict[str, str]) -> str:
    title = language.strings["on-this-page"]
    return _page(language, title, fill("book-navigation.xml", title=title, titles=titles))


def _package(campaign: Campaign, language: Language, chapters: dict[str, str]) -> str:
    book = uuid.uuid5(uuid.NAMESPACE_URL, f"{campaign.site_url}{language.code}/{campaign.version}")
    title, date = copy_title(campaign, language), campaign.date.isoformat()
    return fill("book.opf", language=language, book=book, title=title, date=date, chapters=chapters)
