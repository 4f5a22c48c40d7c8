"""Links that dial (`tel:`, `sms:`, wa.me, signal.me), however they are typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from unicodedata import normalize
from urllib.parse import unquote

SCHEMES = (
    "tel|sms|smsto|mms|mmsto|callto|facetime|facetime-audio|whatsapp|viber|signal|sgnl|tg|skype|imo|zalo|sips?|intent"
)
HOSTS = (
    r"wa\.me|(?:\w+\.)?whatsapp\.com|signal\.me|t\.me|telegram\.me|(?:\w+\.)?viber\.(?:com|me|click)|zalo\.me|imo\.im"
    r"|line\.me|msng\.link|call\.me"
)
# As in running text, after a slash, bracket or space.
ADDRESS = re.compile(
    rf"(?<![\w./-])(?:(?P<scheme>{SCHEMES}):(?://)?|(?:(?:https?:)?//)?(?:www\.)?(?:{HOSTS})/)"
    r"(?P<rest>\S+(?: [\d(][\d().-]*)*)"
)
NUMBER = re.compile(r"(?<![\w+])\+?\(?\d[\d().\- ]*\d(?![\w])")
# Fewer digits name groups and stickers; `tel:` and `sms:` may dial 112.
MIN_DIGITS, SHORT_DIGITS = 6, 2
SHORT_SCHEMES = ("tel", "sms", "smsto", "callto")
MAX_DECODINGS = 3


def dialled_numbers(text: str) -> Iterator[str]:
    """Yield the numbers that the links in a text dial, with a plus where the link implies it."""
    if ":" not in text and "/" not in text and "%" not in text:
        return
    for found in ADDRESS.finditer(decoded(text).lower()):
        number = NUMBER.search(found["rest"])
        digits = re.sub(r"\D", "", number[0]) if number else ""
        is_short = found["scheme"] in SHORT_SCHEMES
        if number and len(digits) >= (SHORT_DIGITS if is_short else MIN_DIGITS):
            is_abroad = number[0].startswith("+") or not is_short
            yield f"+{digits.removeprefix('00')}" if is_abroad else digits


def decoded(text: str) -> str:
    """Return a link as browsers understand it: percent-decoded, in ASCII forms."""
    for _ in range(MAX_DECODINGS):
        plain = normalize("NFKC", unescape(unquote(text)))
        if plain == text:
            break
        text = plain
    return text
