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
from campaign.website.quick_exit import NEUTRAL_PAGE_NAME
from campaign.website.texts import fill

STYLE = re.compile(r"<style[^>]*>(?P<text>[^<]*(?:<(?!/style>)[^<]*)*)</style>")
CHARSET = re.compile(r"<meta charset=[^>]*>", re.IGNORECASE)
SHARED_DIRECTIVES = {
    "img-src": "'self' data:",
    "media-src": "'self'",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'self'",
}
# Only in hosts' headers: in pages default-src covers it, and workers follow script-src.
DEFAULT_DIRECTIVES = dict.fromkeys(("font-src", "manifest-src", "frame-src", "object-src", "frame-ancestors"), "'none'")
# Features that no page of a campaign needs. Browsers complain about features that they don't know.
DENIED_FEATURES = (
    *("accelerometer", "camera", "display-capture", "geolocation", "gyroscope", "magnetometer", "microphone", "midi"),
    *("payment", "publickey-credentials-get", "screen-wake-lock", "usb", "xr-spatial-tracking"),
)
WEEK = 604_800
# Its response clears the browser's cache.
PURGE_FILE = "gone.txt"
# The hosts' files themselves aren't served.
HOST_FILES = r"_headers|_nginx\.conf|\.htaccess"


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
        **SHARED_DIRECTIVES,
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
        "Content-Security-Policy": _write({**directives, **SHARED_DIRECTIVES, **DEFAULT_DIRECTIVES}),
        "Referrer-Policy": "no-referrer",
        "Permissions-Policy": ", ".join(f"{name}=()" for name in DENIED_FEATURES),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Opener-Policy": "same-origin",
    }


def host_files(campaign: Campaign, scripts: Iterable[str]) -> dict[str, str]:
    """Return the files for hosts: _headers (Netlify, Cloudflare Pages), .htaccess (Apache), _nginx.conf.

    If readers share devices, pages aren't cached, because "Forget" can't reach the browser's cache; the neutral page
    is, to open offline; and the response to PURGE_FILE clears the cache. Otherwise browsers ask whether a page has
    changed.
    """
    values = {
        "base": urlsplit(campaign.site_url).path or "/",
        "headers": headers(scripts),
        "neutral": NEUTRAL_PAGE_NAME if campaign.may_be_watched else "",
        "purge": PURGE_FILE if campaign.shares_devices else "",
        "caching": "no-store" if campaign.shares_devices else "no-cache",
        "kept": f"max-age={WEEK}",
        "for_hosts": HOST_FILES,
        "pages": ("", "index.html", "404.html", *(f"{code}/*" for code in campaign.languages)),
    }
    files = {"_headers": "headers.txt", ".htaccess": "htaccess.txt", "_nginx.conf": "nginx-site.txt"}
    return {name: fill(template, **values) for name, template in files.items()}
