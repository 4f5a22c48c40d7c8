"""The public core of a language as one HTML file, to be sent between phones and opened offline.

Android's viewer runs no scripts, loads nothing else and opens links in other apps, so the file contains only text,
phone links and internal links; "Leave" links to an empty section.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from posixpath import dirname, join, normpath

from markupsafe import Markup
from PIL import Image
from selectolax.lexbor import LexborHTMLParser, LexborNode

from campaign.cache.memo import Memo
from campaign.cache.store import hash_content
from campaign.content.answers import answers
from campaign.content.number_doubts import number_doubt
from campaign.models.campaign import SAFETY, Campaign, Language
from campaign.models.page import Page, address_of
from campaign.website.inline_css import StyleInliner
from campaign.website.shortening import shorten
from campaign.website.texts import fill
from campaign.website.theme_css import head_styles, theme_folders
from campaign.website.view import HOME, SOURCES

TEMPLATE_FOLDER = Path(__file__).parent / "handover"
# Needs a script, a server or another file; is repeated once at the end; isn't needed on small screens.
EXCLUDED_ELEMENTS = (
    "form, script, template, audio, iframe, button, .contents, .share, .downloads, .ways, .finds, .map, .recording,"
    " .place-band, [hidden], .footnotes, sup[id], .small-button, .letters, .notice, figure.poster figcaption, .way-on,"
    " .offline-copy, #forget"
)
# The one that depends on another page: the note about an outdated translation.
NOTICE = re.compile(r"""<p class=(?:notice|"notice")[ >].*?</p>""", re.DOTALL)
# Classes for the layout on wide screens (later.css).
LAYOUT = re.compile(r" (?:listed|split|pictured)\b")
# Shortcodes of pages for other audiences, or of generated lists.
EXCLUDED_SHORTCODES = ("downloads", "press", "sources", "contacts-table")
# Presentation attributes of a pictogram.
PAINT_ATTRIBUTE = re.compile(r'\b(fill|stroke(?:-[a-z]+)?)="([^"]*)"')
PICTURE_WIDTH = 240
QUALITY = 55
# For all pictures of a file, as text.
PICTURES_BYTES = 48_000
# How the addresses of all pictures in a file begin.
PICTURE_URL = "data:image/webp;base64,"
# Small pictures kept between builds.
MAX_SMALL_PICTURES = 1_000
# How the names of copies begin if readers may be watched.
NEUTRAL_NAME = "notes"


def copy_name(campaign: Campaign) -> str:
    """Return how the names of copies begin."""
    return NEUTRAL_NAME if campaign.may_be_watched else campaign.slug


def copy_title(campaign: Campaign, language: Language) -> str:
    """Return the title of a copy."""
    return language.strings["neutral-title"] if campaign.may_be_watched else campaign.name_in(language.code)


def core_pages(campaign: Campaign, language: Language) -> list[Page]:
    """Return the front page and the one on getting help, the answers, the menu's other public pages, and leaving."""
    first = [path for path in (HOME, campaign.help_page) if path in campaign.navigation]
    asked = (page.path for page in answers(campaign))
    paths = dict.fromkeys((*first, *asked, *campaign.navigation, SAFETY))
    results = (campaign.pages.get((language.code, path)) for path in paths if path != SOURCES)
    return [
        page
        for page in results
        if page and campaign.is_public(page) and not any(map(page.outline.has_shortcode, EXCLUDED_SHORTCODES))
    ]


def article_of(page: str) -> str:
    """Return the part of a finished page that copies contain."""
    return NOTICE.sub("", page.partition("<article")[2].rpartition("</article>")[0])


def one_file(campaign: Campaign, site: Path, language: Language, has_pictures: bool, memo: Memo | None = None) -> str:
    """Return the file. Pictures are small WebPs. `memo` caches styles and pictures; the caller saves it."""
    pages = {address_of(language.code, page.path): page for page in core_pages(campaign, language)}
    numbers = {address: f"p{n}" for n, address in enumerate(pages, 1)}
    symbols: dict[str, str] = {}
    small = (memo or Memo(None)).namespace("small pictures", MAX_SMALL_PICTURES)
    parts, room = [], PICTURES_BYTES if has_pictures else 0
    for address in pages:
        tree = LexborHTMLParser((site / address).read_text(encoding="utf-8"))
        article = tree.css_first("article")
        if article is None:
            continue
        repeat_drawings(article)
        # All articles are one below the other here.
        article.attrs["class"] = LAYOUT.sub("", article.attributes["class"] or "")
        room = _strip(article, site, address, room, small)
        _relink(article, address, numbers)
        parts.append((numbers[address], _lowered(_with_symbols(article, symbols))))
    needed_ids = {*numbers.values(), *(id for _, html in parts for id in re.findall(r'href="#([^"]+)"', html))}
    cited = dict.fromkeys(id for page in pages.values() for id in page.cites if id in campaign.sources)
    own_css = (TEMPLATE_FOLDER / "one-file.css").read_text(encoding="utf-8")
    symbols_html = _drawn_alike(symbols)
    html_text = fill(
        "one-file.html",
        language=language,
        words=language.strings,
        title=copy_title(campaign, language),
        has_exit=campaign.may_be_watched,
        styles=Markup(head_styles(campaign) + own_css + _as_style(symbols_html)),
        contents=[(numbers[address], page.title) for address, page in pages.items() if page.path != HOME],
        parts=[(number, Markup(_without_idle_ids(html, needed_ids))) for number, html in parts],
        symbols=[(name, Markup(drawing.replace(symbols_html, "", 1))) for drawing, name in symbols.items()],
        emergency=campaign.emergency,
        doubt=number_doubt(language, campaign.emergency),
        sources=[campaign.sources[id].localised(language.code) for id in cited],
        is_machine=any(page.translation and not page.translation.is_reviewed for page in pages.values()),
        version=language.strings["version"].format(version=campaign.version, date=campaign.date.isoformat()),
    )
    return shorten(StyleInliner(theme_folders(campaign), memo).inline(html_text))


def repeat_drawings(article: LexborNode) -> None:
    """Put each drawing instead of references to it, because ids of several pages may be the same."""
    for reference in article.css("svg.pictogram use"):
        drawing = article.css_first(reference.attributes.get("href") or "#-")
        copy = LexborHTMLParser(f"<svg>{drawing.html}</svg>").css_first("g") if drawing is not None else None
        if copy is not None:
            reference.replace_with(copy)
    for drawing in article.css("svg.pictogram g[id]"):
        drawing.unwrap()


def _strip(article: LexborNode, site: Path, address: str, room: int, memo: Memo) -> int:
    """Remove what the file doesn't need and shrink pictures; return the bytes that are left of `room`."""
    for item in article.css(EXCLUDED_ELEMENTS):
        item.decompose()
    for picture in article.css("picture, img"):
        image = picture.css_first("img") if picture.tag == "picture" else picture
        source = image.attributes.get("src") if image is not None else None
        if image is None or picture.parent is None or (picture.tag == "img" and picture.parent.tag == "picture"):
            continue
        small = _small(site / normpath(join(dirname(address), source)), memo) if source and room else ""
        if not small or len(small) > room:
            picture.decompose()
            continue
        room -= len(small)
        tree = LexborHTMLParser(f'<img src="{small}" width="{PICTURE_WIDTH}" alt="">').css_first("img")
        assert tree is not None
        tree.attrs["alt"] = image.attributes.get("alt") or ""
        picture.replace_with(tree)
    # Elements follow the elements that contain them.
    for item in reversed(article.css("figure, div")):
        if not item.css_first("img") and not item.text(strip=True):
            item.decompose()
    return room


def _small(file: Path, memo: Memo) -> str:
    """Return a picture as a data URL of a few kB, '' for a drawing or a missing file."""
    if file.suffix not in (".png", ".webp", ".jpeg", ".jpg") or not file.is_file():
        return ""
    text: str = memo.get_or_make(hash_content(file), lambda: _small_jpeg(file))
    return text


def _small_jpeg(file: Path) -> str:
    with Image.open(file) as image:
        picture = image.convert("RGB")
    picture.thumbnail((PICTURE_WIDTH, PICTURE_WIDTH * 2), Image.Resampling.LANCZOS)
    data = io.BytesIO()
    picture.save(data, "WEBP", quality=QUALITY, method=6)
    return f"{PICTURE_URL}{base64.b64encode(data.getvalue()).decode()}"


def _relink(article: LexborNode, address: str, numbers: Mapping[str, str]) -> None:
    """Make ids unique and links internal; other links become text, and cards that lead elsewhere are removed."""
    own_number = numbers[address]
    for item in article.css("[id]"):
        item.attrs["id"] = f"{own_number}-{item.attributes['id']}"
    article.attrs["id"] = own_number

    def target(link: LexborNode) -> str:
        """Return the new address, '' if it isn't in the file."""
        href = link.attributes["href"] or ""
        if href.startswith(("tel:", "sms:")):
            return href
        path, _, anchor = href.partition("#")
        number = numbers.get(normpath(join(dirname(address), path))) if path else own_number
        return f"#{number}-{anchor}" if number and anchor else f"#{number}" if number else ""

    for need in article.css(".doors > li"):
        link = need.css_first("a[href]")
        if link is not None and not target(link):
            need.decompose()
    for link in article.css("a[href]"):
        result = target(link)
        if result:
            link.attrs["href"] = result
        else:
            link.unwrap()


def _with_symbols(article: LexborNode, symbols: dict[str, str]) -> str:
    """Return a page's HTML with each pictogram replaced by a reference to a shared symbol."""
    for item in article.css("*"):
        for name in [name for name in item.attributes if name.startswith(("data-", "tabindex"))]:
            del item.attrs[name]
    html = article.html or ""

    def used(result: re.Match[str]) -> str:
        opening, inner = result[1], result[2]
        box = re.search(r'viewbox="([^"]*)"', opening, re.IGNORECASE)
        if "pictogram" not in opening or not box:
            return result[0]
        attributes = "".join(f' {name}="{value}"' for name, value in PAINT_ATTRIBUTE.findall(opening))
        drawing = f'viewBox="{box[1]}"{attributes}>{inner}'
        name = symbols.setdefault(drawing, f"s{len(symbols) + 1}")
        return f'<svg class="pictogram" aria-hidden="true"><use href="#{name}"/></svg>'

    return re.sub(r"(<svg[^>]*>)(.*?)</svg>", used, html, flags=re.DOTALL)


def _drawn_alike(symbols: Iterable[str]) -> str:
    """Return the common attributes of all symbols, '' if they differ."""
    attribute_sets = {symbol.partition(">")[0].partition('"')[2].partition('"')[2] for symbol in symbols}
    return attribute_sets.pop() if len(attribute_sets) == 1 else ""


def _as_style(css: str) -> str:
    return f".pictogram{{{';'.join(f'{name}:{value}' for name, value in PAINT_ATTRIBUTE.findall(css))}}}"


def _without_idle_ids(html: str, needed_ids: Collection[str]) -> str:
    """Remove ids without links."""
    return re.sub(r' id="([^"]*)"', lambda match: match[0] if match[1] in needed_ids else "", html)


def _lowered(html: str) -> str:
    """Lower headings by one level; the file has its own h1."""
    return re.sub(r"<(/?)h([1-5])\b", lambda match: f"<{match[1]}h{int(match[2]) + 1}", html)
