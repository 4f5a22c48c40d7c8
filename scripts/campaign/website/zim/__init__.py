"""A language of the site as a ZIM file for Kiwix, with reproducible bytes.

Format: https://wiki.openzim.org/wiki/ZIM_file_format, metadata: https://wiki.openzim.org/wiki/Metadata
"""

from __future__ import annotations

import hashlib
import io
import re
import unicodedata
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any

from icu4py.breakers import WordBreaker
from PIL import Image
from selectolax.lexbor import LexborHTMLParser, LexborNode

from campaign.models.band import COLOUR_NAMES, ROWS, band_cells
from campaign.models.campaign import FRONT, Campaign, Language
from campaign.models.page import address_of
from campaign.website.search.normalise import BIGRAM_SCRIPTS, TRIGRAM_SCRIPTS

WRITER = Path(__file__).with_name("writer.py")
# Two letters, then three. By the tables of the registrar: https://iso639-3.sil.org/code_tables/download_tables
PAIRS = (
    "aaaar ababk aeave afafr akaka amamh anarg arara asasm avava ayaym azaze babak bebel bgbul bibis bmbam bnben "
    "bobod brbre bsbos cacat ceche chcha cocos crcre csces cuchu cvchv cycym dadan dedeu dvdiv dzdzo eeewe elell "
    "eneng eoepo esspa etest eueus fafas ffful fifin fjfij fofao frfra fyfry gagle gdgla glglg gngrn guguj gvglv "
    "hahau heheb hihin hohmo hrhrv hthat huhun hyhye hzher iaina idind ieile igibo iiiii ikipk ioido isisl itita "
    "iuiku jajpn jvjav kakat kgkon kikik kjkua kkkaz klkal kmkhm knkan kokor krkau kskas kukur kvkom kwcor kykir "
    "lalat lbltz lglug lilim lnlin lolao ltlit lulub lvlav mgmlg mhmah mimri mkmkd mlmal mnmon mrmar msmsa mtmlt "
    "mymya nanau nbnob ndnde nenep ngndo nlnld nnnno nonor nrnbl nvnav nynya ococi ojoji omorm orori ososs papan "
    "pipli plpol pspus ptpor quque rmroh rnrun roron rurus rwkin sasan scsrd sdsnd sesme sgsag sisin skslk slslv "
    "smsmo snsna sosom sqsqi srsrp ssssw stsot susun svswe swswa tatam tetel tgtgk ththa titir tktuk tltgl tntsn "
    "toton trtur tstso tttat twtwi tytah uguig ukukr ururd uzuzb veven vivie vovol wawln wowol xhxho yiyid yoyor "
    "zazha zhzho zuzul "
)
SUFFIXES_BY_PREFIX = {pair[:2]: pair[2:] for pair in PAIRS.split()}
# Needs a script, exists in Kiwix itself, or is for hosts and robots.
EXCLUDED_ELEMENTS = "script, template, form, [hidden], meta[http-equiv], meta[property], meta[name^=twitter], .share"
KINDS = {".html": "text/html", ".svg": "image/svg+xml", ".png": "image/png", ".webp": "image/webp"}
KINDS |= {".jpeg": "image/jpeg", ".jpg": "image/jpeg", ".avif": "image/avif", ".gif": "image/gif", ".css": "text/css"}
KINDS |= {".mp3": "audio/mpeg", ".ogg": "audio/ogg", ".opus": "audio/ogg"}
# The widest picture in a column of text, in pixels.
PICTURE_WIDTH = 640
# Metadata that a library shows (openZIM).
TITLE = 30
DESCRIPTION = 80
LONG_DESCRIPTION = 4000
ILLUSTRATION = 48
# Words of a script without spaces that can be found as one.
MAX_WORDS_PER_TERM = 4
UNSPACED_RUN = re.compile(f"[{BIGRAM_SCRIPTS}{TRIGRAM_SCRIPTS}]{{2,}}")
# Random ids of a file: in its own header and in the header of each search index.
HEAD = 8
INDEXED = 2
INDEX_HEAD = b"\x0f\rXapian Glass"
CHECKSUM_BYTES = 16


@dataclass(frozen=True)
class Book:
    """The content of a ZIM file."""

    language: str  # ISO 639-3
    main: str  # address of the first page
    metadata: Mapping[str, str]
    illustration: bytes  # PNG of 48 x 48 pixels for libraries
    entries: tuple[Mapping[str, Any], ...]  # for the writer


def zim_book(campaign: Campaign, language: Language, copy: Mapping[str, bytes | Path]) -> Book | None:
    """Return a language's pages as in `copy`, or None without a front page."""
    main = address_of(language.code, FRONT)
    if main not in copy:
        return None
    used_files: set[str] = set()
    pages = []
    for address, content in sorted(copy.items()):
        if isinstance(content, bytes) and address.endswith(".html"):
            pages.append(_page(address, content.decode(), used_files))
    files = [
        {"path": name, "title": "", "type": KINDS[path.suffix], "text": None, "file": str(path), "words": "",
         "found_title": ""}
        for name, path in sorted(copy.items())
        if isinstance(path, Path) and path.suffix in KINDS and name in used_files
    ]  # fmt: skip
    return Book(
        three_letters(language.code), main, _metadata(campaign, language), _illustration(campaign), (*pages, *files)
    )


def _metadata(campaign: Campaign, language: Language) -> dict[str, str]:
    front = campaign.page(language.code, FRONT)
    name, title = campaign.name_in(language.code), front.description if front else ""
    title = title or language.strings["tagline"]
    code = three_letters(language.code)
    results = {
        "Name": f"{campaign.slug}_{code}",
        "Title": _cut(name, TITLE),
        "Description": _cut(title, DESCRIPTION),
        "LongDescription": _cut(title, LONG_DESCRIPTION),
        "Language": code,
        "Creator": campaign.name,
        "Publisher": campaign.name,
        "Date": campaign.date.isoformat(),
        "Tags": "_ftindex:yes;_pictures:yes;_videos:no;_details:yes",
    }
    if results["LongDescription"] == results["Description"]:
        del results["LongDescription"]
    return results


def _cut(text: str, max_bytes: int) -> str:
    """Cut a text between words."""
    if len(text) <= max_bytes:
        return text
    end = 0
    for word in WordBreaker(text, "en"):
        if end + len(word) >= max_bytes:
            break
        end += len(word)
    return f"{text[:end].rstrip()}…"


def _illustration(campaign: Campaign) -> bytes:
    """Return a square of the campaign's band, like the favicon."""
    colours = {letter: campaign.identity.colours.get(name) for letter, name in COLOUR_NAMES.items()}
    inks = {letter: colour.hex if colour else "" for letter, colour in colours.items()}
    inks = {letter: ink or inks["m" if letter == "c" else "n"] for letter, ink in inks.items()}
    square = Image.new("RGB", (ROWS, ROWS))
    for y, row in enumerate(band_cells("", campaign.identity.pattern)):
        for x, letter in enumerate(row[:ROWS]):
            ink = inks[letter].lstrip("#")
            square.putpixel((x, y), (int(ink[:2], 16), int(ink[2:4], 16), int(ink[4:6], 16)))
    data = io.BytesIO()
    square.resize((ILLUSTRATION, ILLUSTRATION), Image.Resampling.NEAREST).save(data, "PNG", optimize=True)
    return data.getvalue()


def _page(address: str, html: str, used_files: set[str]) -> dict[str, Any]:
    """Return a page without scripts; the files that it shows or links are added to `used_files`."""
    tree = LexborHTMLParser(html)
    for item in tree.css(EXCLUDED_ELEMENTS):
        item.decompose()
    for item in tree.css("noscript"):
        item.unwrap()
    for picture in tree.css("picture"):
        _one_file(picture)
    for item in tree.css("img[srcset]"):
        del item.attrs["srcset"]
    # A style sheet or icon may be left out: keep only references to existing files.
    for item in tree.css("[src], a[href], link[href]"):
        link = item.attributes.get("src") or item.attributes.get("href") or ""
        if not re.match(r"[a-z]+:|#|//|$", link):
            used_files.add(normpath(join(dirname(address), link.partition("#")[0])))
    html_text = tree.html or html
    # Line breaks aren't always at the ends of words.
    text_tree = LexborHTMLParser(html_text.replace("<wbr>", ""))
    heading, text = text_tree.css_first("h1"), text_tree.css_first("main")
    title = heading or text_tree.css_first("title")
    name = " ".join(title.text().split()) if title else address
    # The blank page behind "Leave" isn't searched for.
    words = divided(text.text(separator=" ")) if heading and text else ""
    return {
        "path": address, "title": name, "type": "text/html", "text": html_text, "file": "", "words": words,
        "found_title": divided(name),
    }  # fmt: skip


def _one_file(picture: LexborNode) -> None:
    """Replace a picture by one file for old browsers, as wide as a column of text."""
    image = picture.css_first("img")
    if image is None:
        return
    offers = [source.attributes.get("srcset") or "" for source in picture.css("source[type='image/webp']")]
    offers.append(image.attributes.get("srcset") or "")
    widths = {int(width): name for name, width in re.findall(r"(\S+) (\d+)w", next(filter(None, offers), ""))}
    if widths:
        image.attrs["src"] = widths[min((width for width in widths if width >= PICTURE_WIDTH), default=max(widths))]
    picture.replace_with(image)


def divided(text: str) -> str:
    """Return a text for the search index: words of scripts without spaces, and sequences of some.

    People type several such words without spaces, and Kiwix searches for what they typed.
    """
    return _fold(" ".join(UNSPACED_RUN.sub(lambda run: f" {' '.join(_words(run[0]))} ", text).split()))


def _fold(text: str) -> str:
    """Fold letters like libzim (`Lower; NFD; [:M:] remove; NFC`)."""
    decomposed = unicodedata.normalize("NFD", text.lower())
    return unicodedata.normalize("NFC", "".join(item for item in decomposed if unicodedata.category(item)[0] != "M"))


def _words(run: str) -> Iterator[str]:
    words = list(map(str, WordBreaker(run, "en")))  # the dictionary is chosen by the letters
    for count in range(1, MAX_WORDS_PER_TERM + 1):
        for index in range(len(words) - count + 1):
            phrase = words[index : index + count]
            if all(any(map(str.isalnum, word)) for word in phrase):
                yield "".join(phrase)


def with_one_identity(data: bytes) -> bytes:
    """Replace the random identity in libzim's file by one made from its content."""
    buffer = bytearray(data)
    places = [HEAD, *(match.end() + INDEXED for match in re.finditer(re.escape(INDEX_HEAD), data))]
    for place in places:
        buffer[place : place + 16] = bytes(16)
    del buffer[-CHECKSUM_BYTES:]
    identity = uuid.uuid5(uuid.NAMESPACE_OID, hashlib.sha256(buffer).hexdigest()).bytes
    for place in places:
        buffer[place : place + 16] = identity
    return bytes(buffer + hashlib.md5(buffer, usedforsecurity=False).digest())


def three_letters(code: str) -> str:
    """Return Kiwix' code of a language: 'mya' for `my`, 'zho' for `zh-Hant`, 'haw' for `haw`."""
    language = code.partition("-")[0].lower()
    return SUFFIXES_BY_PREFIX.get(language, language)
