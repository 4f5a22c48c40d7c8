"""Metadata of the pictures we publish: written from an allow-list, never copied from the source.

XMP in every format, and IIM in a JPEG's APP13 for older newsroom systems. No place, person, day or device.
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from html import escape  # xml.sax would import the network modules in every worker.

from campaign.content.number_doubts import with_doubts
from campaign.models.campaign import Campaign
from campaign.models.media import Photo, Rights
from campaign.models.page import Page, Translation

CAPTURED_SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCapture"
DRAWN_SOURCE = "http://cv.iptc.org/newscodes/digitalsourcetype/digitalCreation"
PUBLIC_DOMAIN = ("https://creativecommons.org/publicdomain/",)
NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "photoshop": "http://ns.adobe.com/photoshop/1.0/",
    "xmpRights": "http://ns.adobe.com/xap/1.0/rights/",
    "Iptc4xmpCore": "http://iptc.org/std/Iptc4xmpCore/1.0/xmlns/",
    "Iptc4xmpExt": "http://iptc.org/std/Iptc4xmpExt/2008-02-29/",
}
JPEG_START = b"\xff\xd8"
PNG_START = b"\x89PNG\r\n\x1a\n"
# The signature and the first chunk of a PNG, in bytes.
PNG_HEAD_BYTES = 33
XMP_START = '<x:xmpmeta xmlns:x="adobe:ns:meta/">'
XMP_END = "</x:xmpmeta>"
XMP_SEGMENT = b"http://ns.adobe.com/xap/1.0/\0"
XMP_KEYWORD = b"XML:com.adobe.xmp"
# Record and number of an IIM data set, and its maximum size in bytes (IIM 4.2).
IIM_LIMITS = {
    "headline": (105, 256),
    "caption": (120, 2000),
    "creator": (80, 32),
    "credit": (110, 32),
    "source": (115, 32),
    "rights": (116, 128),
    "terms": (40, 256),
}
# Metadata of a JPEG has at most 64 kB, in which each text is stored twice and some characters take six bytes.
MAX_TEXT_LENGTH = 2000


@dataclass(frozen=True)
class PictureMetadata:
    """The metadata of a picture; empty fields are left out."""

    language: str  # code, of headline, caption and alt
    rights: Rights
    headline: str = ""
    caption: str = ""
    alt: str = ""
    source: str = ""
    taken: str = ""  # '2026-05' or '2026'
    kind: str = CAPTURED_SOURCE  # CAPTURED or DRAWN
    instructions: str = ""  # what to know before publishing it: that it is a draft, who sends it


def to_xmp(notice: PictureMetadata) -> bytes:
    """Return an XMP packet (ISO 16684-1) in UTF-8, without padding."""
    rights = notice.rights
    is_free = rights.url.startswith(PUBLIC_DOMAIN)
    simple = {
        "photoshop:Headline": notice.headline,
        "photoshop:Credit": rights.credit,
        "photoshop:Source": notice.source,
        "photoshop:DateCreated": notice.taken,
        "photoshop:Instructions": notice.instructions,
        "xmpRights:Marked": "" if not rights.licence else "False" if is_free else "True",
        "xmpRights:WebStatement": rights.url,
        "Iptc4xmpExt:DigitalSourceType": notice.kind,
    }
    values = {
        "dc:title": notice.headline,
        "dc:description": notice.caption,
        "dc:rights": rights.line,
        "xmpRights:UsageTerms": rights.licence,
        "Iptc4xmpCore:AltTextAccessibility": notice.alt,
    }
    spaces = "".join(_attribute(f"xmlns:{name}", uri) for name, uri in NAMESPACES.items())
    attributes = "".join(_attribute(name, text) for name, text in simple.items() if text)
    elements = "".join(_language_alternatives(name, text, notice.language) for name, text in values.items() if text)
    if rights.credit:
        elements += f"<dc:creator><rdf:Seq><rdf:li>{escape(rights.credit)}</rdf:li></rdf:Seq></dc:creator>"
    return (
        f'<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>{XMP_START}'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about=""{spaces}{attributes}>{elements}</rdf:Description>'
        f'</rdf:RDF>{XMP_END}<?xpacket end="r"?>'
    ).encode()


def _attribute(name: str, text: str) -> str:
    return f' {name}="{escape(text)}"'


def _language_alternatives(name: str, text: str, language: str) -> str:
    """Return a text with its language, and as the default that readers expect."""
    codes = ("x-default", language)
    items = "".join(f"<rdf:li{_attribute('xml:lang', code)}>{escape(text)}</rdf:li>" for code in codes)
    return f"<{name}><rdf:Alt>{items}</rdf:Alt></{name}>"


def _to_iim(notice: PictureMetadata) -> bytes:
    values = {
        "headline": notice.headline,
        "caption": notice.caption,
        "creator": notice.rights.credit,
        "credit": notice.rights.credit,
        "source": notice.source,
        "rights": notice.rights.line,
        "terms": " ".join(filter(None, (notice.instructions, notice.rights.licence))),
    }
    # 1:90: UTF-8; 2:00: version 4.
    data = _data_set(1, 90, b"\x1b%G") + _data_set(2, 0, b"\0\4")
    for name, text in sorted(values.items(), key=lambda item: IIM_LIMITS[item[0]]):
        number, max_bytes = IIM_LIMITS[name]
        if text:
            data += _data_set(2, number, _cut(text, max_bytes))
    block = b"8BIM\x04\x04\0\0" + len(data).to_bytes(4) + data + b"\0" * (len(data) % 2)
    body = b"Photoshop 3.0\0" + block
    return b"\xff\xed" + (len(body) + 2).to_bytes(2) + body


def _data_set(record: int, number: int, data: bytes) -> bytes:
    return bytes((0x1C, record, number)) + len(data).to_bytes(2) + data


def _cut(text: str, max_bytes: int) -> bytes:
    """Cut bytes of UTF-8 to a length without splitting a character."""
    return text.encode()[:max_bytes].decode(errors="ignore").encode()


def with_iim(jpeg: bytes, notice: PictureMetadata) -> bytes:
    """Insert APP13 after the leading segments of a JPEG."""
    position = _end_of_leading_segments(jpeg)
    return jpeg[:position] + _to_iim(notice) + jpeg[position:]


def with_metadata(picture: bytes, notice: PictureMetadata) -> bytes:
    """Return a finished JPEG, PNG or SVG with other metadata and the same image data."""
    if picture.startswith(JPEG_START):
        return _with_metadata_in_jpeg(picture, notice)
    xmp = to_xmp(notice)
    if picture.startswith(PNG_START):
        body = b"iTXt" + XMP_KEYWORD + b"\0" * 5 + xmp
        chunk = (len(body) - 4).to_bytes(4) + body + zlib.crc32(body).to_bytes(4)
        return picture[:PNG_HEAD_BYTES] + chunk + picture[PNG_HEAD_BYTES:]
    start, end = xmp.index(XMP_START.encode()), xmp.index(XMP_END.encode()) + len(XMP_END)
    # XMP packets have processing instructions, which cleaners of SVG files take out.
    head = picture.index(b">", picture.index(b"<svg")) + 1
    return picture[:head] + b"<metadata>" + xmp[start:end] + b"</metadata>" + picture[head:]


def _with_metadata_in_jpeg(jpeg: bytes, notice: PictureMetadata) -> bytes:
    """Replace XMP and IIM, and keep the other leading segments."""
    position, end, kept = len(JPEG_START), _end_of_leading_segments(jpeg), [JPEG_START]
    while position < end:
        after = position + 2 + int.from_bytes(jpeg[position + 2 : position + 4])
        is_replaced = jpeg[position + 1] == 0xED or jpeg[position + 4 : after].startswith(XMP_SEGMENT)
        kept += [] if is_replaced else [jpeg[position:after]]
        position = after
    xmp = XMP_SEGMENT + to_xmp(notice)
    return b"".join((*kept, b"\xff\xe1", (len(xmp) + 2).to_bytes(2), xmp, _to_iim(notice), jpeg[end:]))


def _end_of_leading_segments(jpeg: bytes) -> int:
    position = len(JPEG_START)
    while jpeg[position] == 0xFF and 0xE0 <= jpeg[position + 1] <= 0xEF:
        position += 2 + int.from_bytes(jpeg[position + 2 : position + 4])
    return position


def warnings_of(campaign: Campaign, code: str, *origins: Translation | None) -> list[str]:
    """Return the lines about drafts, and words (translated in `origins`) that no one has checked."""
    words = campaign.languages[code].strings
    unreviewed = [origin for origin in origins if origin and not origin.is_reviewed]
    is_by_machine = any(origin.is_by_machine for origin in unreviewed)
    lines = [words["draft-picture"]] if unreviewed or not campaign.is_published else []
    return [*lines, *([words["machine-translation"]] if is_by_machine else [])]


def photo_notice(campaign: Campaign, photo: Photo, code: str) -> PictureMetadata:
    """Return the metadata of a photo that is sent to readers of a language."""
    code = code if code in photo.captions else campaign.source_language.code
    caption = with_doubts(campaign, campaign.languages[code], photo.captions.get(code, ""))
    origin = campaign.caption_origins.get(code)
    return PictureMetadata(
        language=code,
        rights=photo.rights,
        caption=caption[:MAX_TEXT_LENGTH],
        alt=photo.alts.get(code, "")[:MAX_TEXT_LENGTH],
        source=campaign.name,
        taken=photo.taken,
        kind=CAPTURED_SOURCE,
        instructions=_instructions(campaign, code, origin),
    )


def drawing_notice(campaign: Campaign, code: str, rights: Rights, page: Page | None) -> PictureMetadata:
    """Return the metadata of a drawing without words, described by the page that shows it."""
    return PictureMetadata(
        language=code,
        rights=rights,
        caption=(page.alt or page.title)[:MAX_TEXT_LENGTH] if page else "",
        alt=page.alt[:MAX_TEXT_LENGTH] if page else "",
        source=campaign.name,
        kind=DRAWN_SOURCE,
        instructions=_instructions(campaign, code, page.translation if page else None),
    )


def _instructions(campaign: Campaign, code: str, origin: Translation | None) -> str:
    sender = campaign.languages[code].strings["imprint-short"]
    return " ".join((*warnings_of(campaign, code, origin), sender))
