"""Settings for nginx and Caddy on a small board that serves the site without internet access.

Every name resolves to the board. Unknown names get a 302 redirect, so that phones open their captive portal page
(RFC 8952); a 301 would be cached. Plain HTTP, because there are no certificates offline, and only gzip, because
browsers accept nothing else over HTTP.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from campaign.models.campaign import Language
from campaign.website.landing_page import OLD_CODES
from campaign.website.texts import fill

# A name reserved for home networks (RFC 8375), which says nothing about the content.
# For networks at home (RFC 8375).
HOME = "home.arpa"
HOST = f"notes.{HOME}"
FOLDER = "/srv/hotspot"
NGINX = "nginx.conf"
CADDY = "Caddyfile"
SITE = "site"
# The same as in texts/hotspot-*.
NOT_FOUND_PAGE = "404.html"
START = "index.html"
# Files that are sent compressed.
COMPRESSED_SUFFIXES = (".html", ".js", ".css", ".svg", ".json", ".xml", ".txt")
HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
SERVER_PATH = re.compile(r"(/[\w .+-]+)+")
HEADERS = {"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer"}


def languages_by_weight(languages: Iterable[Language]) -> list[str]:
    """Return patterns for `Accept-Language` (RFC 9110, 12.5.4), highest weight first; group 1 is the language."""
    codes = "|".join(sorted(map(re.escape, accepted_codes(languages)), key=len, reverse=True))
    weights = [r"(;\s*q=1(\.0*)?\s*)?", *(rf";\s*q=0?\.{tenth}\d*\s*" for tenth in range(9, 0, -1))]
    weights.append(r";\s*q=0?\.0\d*[1-9]\d*\s*")  # not 0, which means "not this one"
    return [rf"(?:^|,)\s*({codes})(?:-[a-z0-9]+)*\s*{weight}(?:,|$)" for weight in weights]


def accepted_codes(languages: Iterable[Language]) -> dict[str, str]:
    """Return the codes that phones send, with their folders, except languages that the start page asks about."""
    codes = {language.code.lower(): language.code for language in languages if not language.is_asked}
    return {**{OLD_CODES[code]: code for code in codes.values() if code in OLD_CODES}, **codes}


def nginx_conf(languages: list[Language], host: str, folder: str) -> str:
    """Return a file for /etc/nginx/conf.d; the copy is in `folder` on the board."""
    return _filled("hotspot-nginx.txt", languages, host, folder)


def caddyfile(languages: list[Language], host: str, folder: str) -> str:
    """Return a Caddyfile; arguments as for `nginx_conf`."""
    return _filled("hotspot-caddy.txt", languages, host, folder)


def _filled(template: str, languages: list[Language], host: str, folder: str) -> str:
    patterns, codes = languages_by_weight(languages), accepted_codes(languages)
    return fill(template, patterns=patterns, codes=codes, host=host, folder=folder, site=SITE, headers=HEADERS)
