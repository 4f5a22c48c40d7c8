"""Files in docs/ and assets/ that nothing uses: never published, only reported."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterable, Iterator
from pathlib import Path
from posixpath import basename, dirname, join, normpath
from urllib.parse import unquote

from campaign.content.leftovers import leftovers, second_versions
from campaign.content.misnamed import plain_name
from campaign.content.photos import ENDINGS as PHOTOS
from campaign.content.places import is_table
from campaign.content.releases import with_withheld
from campaign.content.settings import FILE
from campaign.models.campaign import Campaign
from campaign.models.leftovers import original_of
from campaign.models.problem import Problem
from campaign.plan.site_files import files_of_pages

SNIFFED_BYTES = 4096  # bytes
MAX_NAMED = 3
# Files with a meaning anywhere: about a folder, licences, version control.
USED_ANYWHERE = re.compile(
    r"(?:.*[-_])?(?:readme|licen[cs]e|copying|notice|ofl|authors|credits)(?:\.(?:md|txt))?"
    r"|\.git(?:ignore|attributes|keep|modules)",
    re.IGNORECASE,
)
KNOWN_FILES = re.compile(
    r"docs/_(?:sources|glossary|country|questions)\.yml|docs/_[^/]+(?:/.*)?\.json"
    r"|docs/[^/]+/_(?:strings|photos|messages|search)\.yml"
    r"|docs/[^/]+/(?:.*/)?[^/]+\.md"
    r"|assets/(?:identity|print-run)\.yml|assets/contacts/[^/]+\.yml|assets/[^/]+\.ic[cm]"
    r"|assets/partners/[^/]+\.(?:yml|svg|png)|assets/(?:pictograms|logos)/[^/]+\.svg"
    r"|assets/posters/[^/]+/(?:poster\.yml|[^/]+\.svg)|assets/fonts/[^/]+\.(?i:ttf|otf|ttc)"
    rf"|assets/photos/[^/]+(?:\.yml|(?i:{'|'.join(map(re.escape, PHOTOS))}))",
)
# Kinds with personal data: tables, office files, mail, keys, databases, chats, archives, positions.
PRIVATE_FILES = re.compile(
    r".*\.(?:csv|tsv|tab|xls[xmb]?|xlt[xm]?|ods|fods|numbers|doc[xm]?|dot[xm]?|rtf|od[tp]|fodt|pages|ppt[xm]?|pps[xm]?|key"
    r"|wps|wpd|one|pub|vsdx?|eml|emlx|msg|mbox|pst|ost|vcf|ics|pem|p12|pfx|ppk|crt|cer|der|gpg|asc|pgp|jks|keystore"
    r"|kdbx?|ovpn|mdb|accdb|db|sqlite3?|sav|dta|zip|rar|7z|tar|t?gz|tgz|bz2|xz|crypt\d*|json|jsonl|xml|html?|log|bak|sql)"
    r"|.*\.(?:km[lz]|gpx|geojson|nmea|gdoc|gsheet|gslides|p8|wallet)"
    r"|(?:id_(?:rsa|dsa|ecdsa|ed25519)\w*|known_hosts|authorized_keys|\.env.*|\.netrc|\.npmrc|\.pypirc|\.pgpass|\.htpasswd"
    r"|\.git-credentials|credentials.*|secrets?\b.*)"
    r"|.*(?:whatsapp|telegram|signal|viber|messenger|\bwa[-_ ]|\bchat).*\.txt",
    re.IGNORECASE,
)
# The same kinds by their first bytes.
BEGINS = re.compile(
    rb"-----BEGIN |PuTTY-User-Key-File|openssh-key-v1|PK\x03\x04|\xd0\xcf\x11\xe0|SQLite format 3|\{\\rtf|From \S+@"
    rb"|Rar!|7z\xbc\xaf|\x1f\x8b|BEGIN:V(?:CARD|CALENDAR)"
    rb"|(?:[\w-]+: [^\n]*\r?\n)*(?:Received|Return-Path|Message-ID|Delivered-To|MIME-Version): ",
    re.IGNORECASE,
)
CHAT = re.compile(
    rb"(?m)^\W{0,3}\[?\d{1,4}[./-]\d{1,2}[./-]\d{2,4},? \W?\d{1,2}[:.]\d{2}[^\n]{0,20}?(?:\] ?| - )[^\n:]{1,40}: "
)
MIN_CHAT_LINES = 2
BLANK = b"\xef\xbb\xbf \r\n\t"
# Kinds that may be meant for readers.
READER_SUFFIXES = (".csv", ".xlsx", ".xls", ".ods", ".docx", ".doc", ".odt", ".pptx", ".ppt", ".odp", ".rtf", ".zip")
NAME_FIX = "If it belongs to the campaign, rename it to `{name}`."
OUT_FIX = "Move it out of the campaign."
PUBLIC_FIX = (
    "Move it out of the campaign. Only if it names nobody, and everyone may read all of it, put it into public/ and "
    "link to `/{name}`."
)


def used_files(campaign: Campaign) -> set[str]:
    """Return the files that pages show, play or link to, also in embargoed releases, by path."""
    full_campaign = with_withheld(campaign)
    paths = files_of_pages(full_campaign)
    images = ((page, unquote(image.to)) for page in full_campaign.pages.values() for image in page.outline.images)
    return paths | {normpath(join("docs", page.language, dirname(page.path), to)) for page, to in images}


def check_strays(campaign: Campaign, files: Iterable[str], used_paths: Container[str]) -> Iterator[Problem]:
    """Yield each unused file of `files`, and one note on leftovers of programs."""
    for name in files:
        if (
            name in used_paths
            or KNOWN_FILES.fullmatch(name)
            or USED_ANYWHERE.fullmatch(basename(name))
            or _is_table(campaign, name)
        ):
            continue
        if not (campaign.root / name).is_file():
            continue  # a link or pipe, reported elsewhere
        is_among_pages = name.startswith("docs/")
        if is_among_pages and _is_private(campaign.root / name, basename(name)):
            message = f"`{basename(name)}` may hold private data (a table, office file, message or key)."
            fix = PUBLIC_FIX.format(name=basename(name)) if name.lower().endswith(READER_SUFFIXES) else OUT_FIX
            yield Problem("file-private", name, message, fix)
        else:
            message = f"`{basename(name)}` isn't used by any page and won't be published."
            fix = PUBLIC_FIX.format(name=basename(name)) if is_among_pages else OUT_FIX
            if KNOWN_FILES.fullmatch(plain_name(name)):
                fix = NAME_FIX.format(name=plain_name(name))
            yield Problem("file-stray", name, message, fix)
    yield from _check_leftovers(campaign.root)


def _check_leftovers(root: Path) -> Iterator[Problem]:
    if result := leftovers(root):
        names = ", ".join(f"`{basename(name)}`" for name in result[:MAX_NAMED])
        suffix = f" and {len(result) - MAX_NAMED} more" if result[MAX_NAMED:] else ""
        message = f"Files left behind by systems or editors are ignored: {names}{suffix}."
        yield Problem(
            "file-leftover", result[0], message, "Clear them away with `campaign tidy`. (At the desk: Today.)"
        )
    for name in second_versions(root):
        original = basename(original_of(name))
        message = f"This is a second version of `{original}`, which a sync program kept. It isn't read."
        fix = f"Compare the two, put what is right into `{original}`, then delete this one."
        yield Problem("file-second-version", name, message, fix)


def _is_table(campaign: Campaign, name: str) -> bool:
    if not (name.startswith("assets/") and is_table(name)):
        return False
    return basename(name) in (campaign.root / FILE).read_text(encoding="utf-8", errors="replace")


def _is_private(path: Path, name: str) -> bool:
    if PRIVATE_FILES.fullmatch(unicodedata.normalize("NFKC", name).strip(" .")) or PRIVATE_FILES.fullmatch(name):
        return True
    try:
        with path.open("rb") as file:
            start = file.read(SNIFFED_BYTES)
    except OSError:
        return False  # reported elsewhere
    return bool(BEGINS.match(start.lstrip(BLANK))) or is_chat(start)


def is_chat(start: bytes) -> bool:
    """Return whether a file with this beginning is an exported chat."""
    return len(CHAT.findall(start)) >= MIN_CHAT_LINES
