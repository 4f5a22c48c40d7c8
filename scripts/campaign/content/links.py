"""Special links: those that dial or work only inside an office, and those in files outside the site."""

from __future__ import annotations

import re
from collections.abc import Iterator
from posixpath import dirname
from urllib.parse import urljoin

from campaign.models.addresses import decoded, is_private
from campaign.models.campaign import Campaign
from campaign.models.nodes import Block, Heading, Link, Paragraph, Text, words
from campaign.models.page import Page

SCHEMES = (
    "tel|sms|smsto|mms|mmsto|callto|facetime|facetime-audio|whatsapp|viber|signal|sgnl|tg|skype|imo|zalo|sips?|intent"
)
HOSTS = (
    r"wa\.me|(?:\w+\.)?whatsapp\.com|signal\.me|t\.me|telegram\.me|(?:\w+\.)?viber\.(?:com|me|click)|zalo\.me|imo\.im"
    r"|line\.me|msng\.link|call\.me"
)
# An address in running text, after a slash, bracket or space.
ADDRESS = re.compile(
    rf"(?<![\w./-])(?:(?P<scheme>{SCHEMES}):(?://)?|(?:(?:https?:)?//)?(?:www\.)?(?:{HOSTS})/)"
    r"(?P<rest>\S+(?: [\d(][\d().-]*)*)"
)
NUMBER = re.compile(r"(?<![\w+])\+?\(?\d[\d().\- ]*\d(?![\w])")
# Fewer digits name groups and stickers; `tel:` and `sms:` may dial 112.
MIN_DIGITS = 6
SHORT_DIGITS = 2
SHORT_SCHEMES = ("tel", "sms", "smsto", "callto")
WEB_ADDRESS = re.compile(r"(?:https?|ftp|smb|nfs)://(?:\[[\da-f:.]+\])?[^\s<>()\"'`\]]+", re.IGNORECASE)
FILE = re.compile(r"(?<![\w/])(?:file:/{1,3}\S+|[A-Za-z]:\\[^\s\\]+\\?\S*|\\\\[\w.-]+\\\S+|(?:smb|nfs|content)://\S+)")
SEPARATORS = " \n·|•–—/,"  # between the links of a line of navigation


def dialled_numbers(text: str) -> Iterator[str]:
    """Yield the numbers that the links in a text dial, with a plus where the link implies it."""
    if ":" not in text and "/" not in text and "%" not in text:
        return
    for match in ADDRESS.finditer(decoded(text).lower()):
        number = NUMBER.search(match["rest"])
        digits = re.sub(r"\D", "", number[0]) if number else ""
        is_short = match["scheme"] in SHORT_SCHEMES
        if number and len(digits) >= (SHORT_DIGITS if is_short else MIN_DIGITS):
            is_abroad = number[0].startswith("+") or not is_short
            yield f"+{digits.removeprefix('00')}" if is_abroad else digits


def private_links(text: str) -> Iterator[str]:
    """Yield each of them in a text, as typed."""
    if "://" not in text and "\\" not in text and "file:/" not in text:
        return
    yield from (match[0] for match in FILE.finditer(text))
    for match in WEB_ADDRESS.finditer(text):
        if is_private(match[0]):
            yield match[0]


def folder_address(campaign: Campaign, page: Page) -> str:
    """Return the address of a page's folder, with a slash at its end."""
    folder = f"{page.language}/{dirname(page.path)}".rstrip("/")
    return f"{campaign.site_url.rstrip('/')}/{folder}/"


def full_address(folder: str, to: str) -> str:
    """Return a link in a page of `folder` with its full address, if it leads to a page of the site."""
    path, hash_sign, anchor = to.partition("#")
    if not path.endswith(".md") or "://" in path:
        return to
    return urljoin(folder, path.removesuffix(".md") + ".html") + hash_sign + anchor


def without_navigation(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Return blocks without a last line of links to other pages, which is for screens only.

    Links stay if they are all that a heading or a sentence with a colon introduces.
    """
    if len(blocks) < 2 or not _is_navigation(blocks[-1]):
        return blocks
    is_introduced = isinstance(blocks[-2], Heading) or words([blocks[-2]]).rstrip().endswith((":", "："))
    return blocks if is_introduced else blocks[:-1]


def _is_navigation(block: Block) -> bool:
    if not isinstance(block, Paragraph) or not any(isinstance(inline, Link) for inline in block.children):
        return False
    return all(
        inline.to.partition("#")[0].endswith(".md")
        if isinstance(inline, Link)
        else isinstance(inline, Text) and not inline.text.strip(SEPARATORS)
        for inline in block.children
    )
