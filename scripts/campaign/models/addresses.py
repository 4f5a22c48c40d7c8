"""Web addresses: those that only some people can open."""

from __future__ import annotations

import re
from html import unescape
from ipaddress import ip_address
from unicodedata import normalize
from urllib.parse import unquote, urlsplit

MAX_DECODINGS = 3
PRIVATE_ENDS = (
    *(".local", ".localhost", ".lan", ".internal", ".intranet"),
    *(".home", ".corp", ".home.arpa", ".localdomain"),
)
ACCOUNTS = re.compile(
    r"^(?:[\w-]+\.)*(?:sharepoint\.com|onedrive\.live\.com|1drv\.ms|mail\.google\.com|outlook\.(?:live|office|office365)\.com"
    r"|teams\.microsoft\.com)$"
    r"|^docs\.google\.com/(?:document|spreadsheets|presentation)/(?:u/\d+/)?d/[^/]+/edit|^drive\.google\.com/drive/"
    r"|^(?:www\.)?dropbox\.com/(?:home|work|personal|paper/doc)\b|^(?:www\.)?icloud\.com/(?:iclouddrive|notes|photos)/?$"
    r"|^docs\.google\.com/forms/(?:u/\d+/)?d/[^/]+/edit",
    re.IGNORECASE,
)


def decoded(text: str) -> str:
    """Return a link as browsers understand it: percent-decoded, in ASCII forms."""
    for _ in range(MAX_DECODINGS):
        normalised = normalize("NFKC", unescape(unquote(text)))
        if normalised == text:
            break
        text = normalised
    return text


def is_private(address: str) -> bool:
    """Return whether an address leads to this computer, a private network, or a document that needs an account."""
    try:
        parts = urlsplit(decoded(address))
        host = (parts.hostname or "").rstrip(".").lower()
    except ValueError:
        return False
    if "." not in host and ":" not in host and not host.isdecimal():
        return bool(host)
    try:
        return not ip_address(int(host) if host.isdecimal() else host).is_global
    except ValueError:
        return host.endswith(PRIVATE_ENDS) or bool(ACCOUNTS.match(host) or ACCOUNTS.match(f"{host}{parts.path}"))
