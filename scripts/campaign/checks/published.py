"""Files of public/, which are published unchanged: keys, mailboxes, repositories, and photo metadata.

Tables and office files may be meant for readers there.
"""

from __future__ import annotations

import re
from pathlib import Path

from campaign.checks.strays import BLANK, SNIFFED, is_chat
from campaign.cleaning.photo import traces
from campaign.models.problem import Problem

SECRET_NAME = re.compile(
    r"(?:id_(?:rsa|dsa|ecdsa|ed25519)\w*|known_hosts|authorized_keys|\.env.*|\.netrc|_netrc|\.npmrc|\.pypirc|\.pgpass"
    r"|\.my\.cnf|\.git-credentials|\.htpasswd|\.(?:bash|zsh|sh|python|mysql|psql|sqlite)_history|wp-config\.php.*"
    r"|credentials?(?:\.(?!html?$).*)?|secrets?(?:\.(?!html?$).*)?)"
    r"|.*\.(?:pem|p12|pfx|ppk|jks|keystore|kdbx?|ovpn|eml|emlx|msg|mbox|pst|ost|sqlite3?|mdb|accdb|crypt\d+|sql)"
    r"|.*(?:whatsapp|telegram|signal|viber|messenger|\bwa[-_ ]|\bchat).*\.(?:txt|zip)",
    re.IGNORECASE,
)
SECRET_FOLDERS = frozenset([".git", ".svn", ".hg", ".bzr", ".ssh", ".gnupg", ".aws", ".azure", ".kube", ".docker"])
SECRET_BEGIN = re.compile(
    rb"-----BEGIN [A-Z ]*PRIVATE KEY|PuTTY-User-Key-File|openssh-key-v1|SQLite format 3|From \S+@"
    rb"|(?:[\w-]+: [^\n]*\r?\n)*(?:Received|Return-Path|Message-ID|Delivered-To): ",
    re.IGNORECASE,
)
SECRET_INSIDE = re.compile(
    rb"-----BEGIN [A-Z ]*PRIVATE KEY|\b(?:AKIA|ASIA)[0-9A-Z]{16}\b|\b(?:gh[opsur]_|github_pat_|glpat-|nfp_)\w{20,}"
)
PICTURES = (".jpg", ".jpeg", ".png", ".webp", ".heic", ".heif", ".tif", ".tiff", ".avif")


def check_published(path: Path, where: str) -> list[Problem]:
    """Return what is wrong with publishing a file. `where`: its path from the campaign's root."""
    folders, name = where.lower().split("/")[:-1], path.name
    if SECRET_FOLDERS & {*folders} or SECRET_NAME.fullmatch(name) or _holds_secret(path):
        what = f"`{name}` may be a key, password, message or database, and all of public/ is published."
        fix = "Move it out of the campaign, and change what it opens if it was published."
        return [Problem("file-private", where, what, fix)]
    if path.suffix.lower() in PICTURES and (said := traces(path.read_bytes())):
        what = f"The picture still holds {', '.join(said)}, and is published unchanged."
        return [Problem("photo-metadata", where, what, "Export it again without metadata, or delete it.")]
    return []


def _holds_secret(path: Path) -> bool:
    with path.open("rb") as file:
        begin = file.read(SNIFFED)
    return bool(SECRET_BEGIN.match(begin.lstrip(BLANK)) or SECRET_INSIDE.search(begin)) or is_chat(begin)
