"""The content security policy of each page, and files that tell hosts to send it.

A page's policy holds the hashes of its inline scripts and styles, so nothing else can run. The files for hosts only
hold the scripts' hashes, because styles differ from page to page. Browsers apply both policies.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from urllib.parse import urlsplit

from campaign.models.campaign import Campaign
from campaign.website.page_audit import digest, script_digests
from campaign.website.quick_exit import NEUTRAL

STYLE = re.compile(r"<style[^>]*>(?P<text>[^<]*(?:<(?!/style>)[^<]*)*)</style>")
CHARSET = re.compile(r"<meta charset=[^>]*>", re.IGNORECASE)
SHARED = {
    "img-src": "'self' data:",
    "media-src": "'self'",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
}
# Only in hosts' headers: in pages default-src covers it, and workers follow script-src.
ELSE = dict.fromkeys(("font-src", "manifest-src", "frame-src", "object-src", "frame-ancestors"), "'none'")
# What no page of a campaign needs. Only features that browsers know: they complain about others.
DENIED = (
    *("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone", "midi"),
    *("payment", "publickey-credentials-get", "screen-wake-lock", "usb", "xr-spatial-tracking"),
)
WEEK = 604_800


def with_policy(html: str) -> str:
    """Return the page with its policy before everything that it covers.

    Raises:
        ValueError: the page declares no character set, after which the policy belongs.
    """
    styles = [digest(m["text"]) for m in STYLE.finditer(html)]
    if re.search(r"<link[^>]*\brel=[\"']?stylesheet", html):
        styles.insert(0, "'self'")
    directives = {
        "default-src": "'none'",
        "script-src": " ".join(["'self'", *dict.fromkeys(script_digests(html))]),
        "style-src": " ".join(dict.fromkeys(styles)) or "'none'",
        **SHARED,
    }
    if "<audio" not in html:
        del directives["media-src"]
    charset = CHARSET.search(html)
    if not charset:
        raise ValueError("a page without <meta charset>")
    meta = f'<meta http-equiv="Content-Security-Policy" content="{_write(directives)}">'
    return html[: charset.end()] + meta + html[charset.end() :]


def _write(directives: dict[str, str]) -> str:
    return "; ".join(f"{name} {value}" for name, value in directives.items())


def headers(scripts: Iterable[str]) -> dict[str, str]:
    """Return the headers that a host should send with every file. `scripts`: hashes of inline scripts."""
    directives = {"script-src": " ".join(["'self'", *sorted(set(scripts))]), "style-src-attr": "'none'"}
    return {
        "Content-Security-Policy": _write({**directives, **SHARED, **ELSE}),
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": ", ".join(f"{name}=()" for name in DENIED),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
    }


def host_files(campaign: Campaign, scripts: Iterable[str]) -> dict[str, str]:
    """Return the files for hosts: _headers (Netlify, Cloudflare Pages), .htaccess (Apache), _nginx.conf."""
    shared = headers(scripts)
    base = urlsplit(campaign.site_url).path or "/"
    return {
        "_headers": _netlify(campaign, base, shared),
        ".htaccess": _apache(base, shared),
        "_nginx.conf": _nginx(base, shared),
    }


# Comments in the hosts' files.
NO_HSTS = (
    "# No Strict-Transport-Security: it writes the site's name to the phone's disk, where nobody can take it away."
)
NO_LOGS = "# Who read these pages, and when, is written down nowhere."
# The hosts' files themselves aren't served.
FOR_HOSTS = r"_headers|_nginx\.conf|\.htaccess"
# Pages must not be in the browser's cache, which "Forget" can't reach. The neutral page must, to open offline. The
# response to gone.txt clears the cache.
NO_STORE, KEPT, GONE = "no-store", f"max-age={WEEK}", '"cache"'


def _netlify(campaign: Campaign, base: str, shared: dict[str, str]) -> str:
    blocks = [("/*", shared)]
    fresh = ("", "index.html", "404.html", *(f"{code}/*" for code in campaign.languages))
    blocks += [(path, {"Cache-Control": NO_STORE}) for path in fresh]
    blocks.append((f"{NEUTRAL}/*", {"Cache-Control": KEPT}))
    blocks.append(("gone.txt", {"Clear-Site-Data": GONE, "Cache-Control": NO_STORE}))
    lines = [NO_HSTS]
    for path, fields in blocks:
        lines.append(f"{base}{path.removeprefix('/')}")
        lines += [f"  {name}: {value}" for name, value in fields.items()]
    return "\n".join(lines) + "\n"


def _apache(base: str, shared: dict[str, str]) -> str:
    lines = [
        *(NO_HSTS, NO_LOGS, "# Only the server's own settings can stop its log: CustomLog ... env=!dontlog"),
        *("<IfModule mod_setenvif.c>", "  SetEnvIf Request_URI . dontlog", "</IfModule>"),
        *(f'<FilesMatch "^({FOR_HOSTS})$">', "  Require all denied", "</FilesMatch>"),
        *(f"ErrorDocument 404 {base}404.html", "<IfModule mod_headers.c>"),
    ]
    lines += [f'  Header always set {name} "{value}"' for name, value in shared.items()]
    lines += ['  <FilesMatch "\\.(html|json)$|^gone\\.txt$">', f'    Header always set Cache-Control "{NO_STORE}"']
    lines += ["  </FilesMatch>"]
    lines += [
        f'  <If "%{{REQUEST_URI}} =~ m#/{NEUTRAL}/[^/]+$#">',
        f'    Header always set Cache-Control "{KEPT}"',
        "  </If>",
    ]
    gone = GONE.replace('"', '\\"')
    lines += ['  <Files "gone.txt">', f'    Header set Clear-Site-Data "{gone}"', "  </Files>", "</IfModule>"]
    return "\n".join(lines) + "\n"


def _nginx(base: str, shared: dict[str, str]) -> str:
    # nginx: one add_header in a location drops all of the server's, so each location has them all.
    def block(location: str, fields: dict[str, str]) -> list[str]:
        lines = [f"  add_header {name} {_quoted(value)} always;" for name, value in {**shared, **fields}.items()]
        return [f"location {location} {{", *lines, "}"]

    lines = [
        *("# Inside `server { }`:  include /path/to/this/site/_nginx.conf;", NO_HSTS, NO_LOGS, "access_log off;"),
        *(f"error_page 404 {base}404.html;", f"location ~ /({FOR_HOSTS})$ {{ return 404; }}"),
    ]
    lines += block(f"^~ {base}{NEUTRAL}/", {"Cache-Control": KEPT})
    lines += block(f"= {base}gone.txt", {"Cache-Control": NO_STORE, "Clear-Site-Data": GONE})
    lines += block(r"~ (\.html|\.json|/)$", {"Cache-Control": NO_STORE})
    lines += block(base, {})
    return "\n".join(lines) + "\n"


def _quoted(value: str) -> str:
    mark = "'" if '"' in value else '"'
    return f"{mark}{value}{mark}"
