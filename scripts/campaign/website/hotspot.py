"""Settings for nginx and Caddy on a small board that serves the site without internet access.

Every name resolves to the board. Unknown names get a 302 redirect, so that phones open their captive portal page
(RFC 8952); a 301 would be cached. Plain HTTP, because there are no certificates offline, and only gzip, because
browsers accept nothing else over HTTP.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from campaign.models.campaign import Language
from campaign.website.landing_page import OLD_CODES

# A name reserved for home networks (RFC 8375), which says nothing about the content.
HOST, FOLDER = "notes.home.arpa", "/srv/hotspot"
NGINX, CADDY, SITE = "nginx.conf", "Caddyfile", "site"
MISSING, START = "404.html", "index.html"
# What travels packed.
COMPRESSED_SUFFIXES = (".html", ".js", ".css", ".svg", ".json", ".xml", ".txt")
HOST_NAME = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
SERVER_PATH = re.compile(r"(/[\w .+-]+)+")
HEADERS = {"X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY", "Referrer-Policy": "no-referrer"}
# Pages are not kept by browsers: see csp.py.
NOT_KEPT = r"(\.html|\.json|/)$"
ABOUT = (
    "# Written by `campaign hotspot`. Every name leads to this board; phones that look whether they are online hear",
    "# where the site is. Who reads it, and when, is written down nowhere.",
)


def languages_by_weight(languages: Iterable[Language]) -> list[str]:
    """Return patterns for `Accept-Language` (RFC 9110, 12.5.4), highest weight first; group 1 is the language."""
    codes = "|".join(sorted(map(re.escape, accepted_codes(languages)), key=len, reverse=True))
    weights = [r"(;\s*q=1(\.0*)?\s*)?", *(rf";\s*q=0?\.{tenth}\d*\s*" for tenth in range(9, 0, -1))]
    weights.append(r";\s*q=0?\.0\d*[1-9]\d*\s*")  # not 0, which means "not this one"
    return [rf"(?:^|,)\s*({codes})(?:-[a-z0-9]+)*\s*{weight}(?:,|$)" for weight in weights]


def accepted_codes(languages: Iterable[Language]) -> dict[str, str]:
    """Return the codes that phones send, with their folders, except languages that the start page asks about."""
    known = {language.code.lower(): language.code for language in languages if not language.is_asked}
    return {**{OLD_CODES[code]: code for code in known.values() if code in OLD_CODES}, **known}


def nginx_conf(languages: list[Language], host: str, folder: str) -> str:
    """Return a file for /etc/nginx/conf.d; the copy is in `folder` on the board."""
    quiet = ["  access_log off;", "  error_log /dev/null crit;", "  server_tokens off;"]
    lines = [
        *ABOUT,
        "map $http_accept_language $said_language {",
        '  default "";',
        *(f'  "~*{pattern}" $1;' for pattern in languages_by_weight(languages)),
        "}",
        "map $said_language $own_language {",
        '  default "";',
        *(f'  "~*^{code}$" "{own}";' for code, own in accepted_codes(languages).items()),
        "}",
        "map $uri $how_kept {",
        '  default "";',
        f'  "~{NOT_KEPT}" "no-store";',
        "}",
        "server {  # names of others",
        *("  listen 80 default_server;", "  server_name _;", *quiet),
        '  add_header Cache-Control "no-store" always;',
        f"  return 302 http://{host}/;",
        "}",
        "server {",
        *("  listen 80;", f"  server_name {host};", *quiet),
        f'  root "{folder}/{SITE}";',
        "  charset utf-8;",
        "  gzip_static on;  # what lies packed beside the files; nobody asks for that by its own name",
        "  absolute_redirect off;",
        "  add_header Cache-Control $how_kept always;",
        *(f'  add_header {name} "{value}" always;' for name, value in HEADERS.items()),
        f"  error_page 404 /{MISSING};",
        "  location = / {",
        "    if ($own_language) { return 302 /$own_language/index.html; }",
        f"    try_files /{START} =404;",
        "  }",
        r"  location ~ \.gz$ { return 404; }",
        "}",
    ]
    return "\n".join(lines) + "\n"


def caddyfile(languages: list[Language], host: str, folder: str) -> str:
    """Return a Caddyfile; arguments as for `nginx_conf`."""
    lines = [
        *ABOUT,
        "{",
        "\tadmin off",
        "\tauto_https off",
        "\tlog {",
        "\t\texclude http.log.access http.log.error",
        "\t}",
        "}",
        "http:// {",
        "\theader Cache-Control no-store",
        f"\tredir http://{host}/ 302",
        "}",
        f"http://{host} {{",
        f'\troot * "{folder}/{SITE}"',
        "\tmap {http.request.header.Accept-Language} {said_language} {",
        *(f'\t\t"~(?i){pattern}" "${{1}}"' for pattern in languages_by_weight(languages)),
        '\t\tdefault ""',
        "\t}",
        "\tmap {said_language} {own_language} {",
        *(f'\t\t"~(?i)^{code}$" "{own}"' for code, own in accepted_codes(languages).items()),
        '\t\tdefault ""',
        "\t}",
        *(f'\theader {name} "{value}"' for name, value in HEADERS.items()),
        f'\t@pages path_regexp "{NOT_KEPT}"',
        "\theader @pages Cache-Control no-store",
        "\t@front {",
        "\t\tpath /",
        "\t\texpression {own_language} != ''",
        "\t}",
        "\tredir @front /{own_language}/index.html 302",
        *_caddy_files("\t"),
        "\thandle_errors {",
        f"\t\trewrite * /{MISSING}",
        *_caddy_files("\t\t"),
        "\t}",
        "}",
    ]
    return "\n".join(lines) + "\n"


def _caddy_files(indent: str) -> Iterator[str]:
    yield f"{indent}file_server {{"
    yield f"{indent}\tprecompressed gzip"
    yield f"{indent}\thide *.gz"
    yield f"{indent}}}"
