"""Addresses that only work inside an office: local networks, and documents that need an account."""

from __future__ import annotations

import re
from collections.abc import Iterator
from ipaddress import ip_address
from urllib.parse import urlsplit

from campaign.content.dialling_links import decoded

ADDRESS = re.compile(r"(?:https?|ftp|smb|nfs)://(?:\[[\da-f:.]+\])?[^\s<>()\"'`\]]+", re.IGNORECASE)
FILE = re.compile(r"(?<![\w/])(?:file:/{1,3}\S+|[A-Za-z]:\\[^\s\\]+\\?\S*|\\\\[\w.-]+\\\S+|(?:smb|nfs|content)://\S+)")
PRIVATE_ENDS = (
    ".local",
    ".localhost",
    ".lan",
    ".internal",
    ".intranet",
    ".home",
    ".corp",
    ".home.arpa",
    ".localdomain",
)
ACCOUNTS = re.compile(
    r"^(?:[\w-]+\.)*(?:sharepoint\.com|onedrive\.live\.com|1drv\.ms|mail\.google\.com|outlook\.(?:live|office|office365)\.com"
    r"|teams\.microsoft\.com)$"
    r"|^docs\.google\.com/(?:document|spreadsheets|presentation)/(?:u/\d+/)?d/[^/]+/edit|^drive\.google\.com/drive/"
    r"|^(?:www\.)?dropbox\.com/(?:home|work|personal|paper/doc)\b|^(?:www\.)?icloud\.com/(?:iclouddrive|notes|photos)/?$"
    r"|^docs\.google\.com/forms/(?:u/\d+/)?d/[^/]+/edit",
    re.IGNORECASE,
)


def private_links(text: str) -> Iterator[str]:
    """Yield each of them in a text, as typed."""
    if ":" not in text and "\\\\" not in text and "%" not in text:
        return
    yield from (found[0] for found in FILE.finditer(text))
    for found in ADDRESS.finditer(text):
        if is_private(found[0]):
            yield found[0]


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
