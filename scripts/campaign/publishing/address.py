"""Validate the addresses of `publish`, `stick`, `hotspot` and the desk.

Refuse what could be an option, run a command or leak a password, and folder names that look like addresses.
`registry.parse_target` reads the addresses of targets.
"""

from __future__ import annotations

import re
import unicodedata
from pathlib import Path

from campaign.models.problem import CampaignError, failure
from campaign.publishing.local_path import refuse_campaign_path, refuse_special, typed_path

BRANCH = "gh-pages"
# Addresses are shown, logged and stored. The part before @ may be a token (web addresses) or a key (buckets).
SECRET = re.compile(
    r"(?<=//)[^/?#@]*:[^/?#]*@|(?<=https://)[^/?#]*@|(?<=http://)[^/?#]*@|(?<=s3://)[^/]*@"
    r"|^git:[^/@:]+:[^/@]+@|^(?!git:)[^/@:]+:[^/@]+@",
    re.I,
)
SCHEME = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]+):(?P<rest>.*)", re.I | re.S)
# A scheme without its colon: `ssh//host/folder`.
HALF_SCHEME = re.compile(r"(?:ssh|sftp|scp|git|s3|gs|ftps?|https?|file|rsync)/{1,2}[^/]", re.I)
USER = r"[A-Za-z0-9_][A-Za-z0-9_.+-]*"
NAME = r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?|\[[0-9A-Fa-f:.]+\]"
LOGIN = rf"(?:(?P<user>{USER})@)?(?P<name>{NAME})(?::(?P<port>[0-9]{{1,5}}))?"
SCP = re.compile(rf"(?:{USER}@)?(?:{NAME}):(?P<path>.*)")
QUOTES = "\"'<“”‘’«»`"


def parse_folder(root: Path | None, raw: str) -> Path:
    """Parse an output folder, which must not touch the campaign's (`root`, if there is one).

    Raise CampaignError if it looks like an address, isn't a folder, or belongs to the campaign.
    """
    refuse_unsafe(raw)
    refuse_other_address(raw)
    path = typed_path(raw)
    if root is not None:
        refuse_campaign_path(root, raw, path)
    refuse_special(raw, path)
    return path


def parse_file(raw: str) -> Path:
    """Parse an output file. Raise CampaignError if it looks like an address, or is a folder, pipe or device."""
    refuse_unsafe(raw)
    refuse_other_address(raw)
    path = typed_path(raw)
    refuse_special(raw, path, is_folder=False)
    return path


def is_address(raw: str) -> bool:
    """Return whether a text is an address rather than a local folder."""
    return bool(SCHEME.fullmatch(raw))


def has_secret(raw: str) -> bool:
    """Return whether an address contains a password or token."""
    return bool(SECRET.search(raw))


def refuse_unsafe(raw: str) -> None:
    """Refuse what would leak a secret or be parsed as an option."""
    if has_secret(raw):
        message = "The address contains a password or a key, and addresses are shown and stored."
        fix = "Change that password. Leave it out: ssh, git and AWS_SECRET_ACCESS_KEY keep it."
        raise failure("target-password", SECRET.sub("", raw), message, fix)
    if not raw.strip():
        raise refused("(empty)", "No address was given.", "Name a folder, a zip, ssh://…, git:… or s3://….")
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") for letter in raw):
        quoted = ascii(raw)
        raise refused(quoted, "The address contains invisible or control characters.", "Type it again by hand.")
    if raw != raw.strip():
        raise refused(repr(raw), "The address has a space before or after it.", f"Write {raw.strip()}")
    if raw.startswith("-"):
        raise refused(raw, "The address begins with `-`, so it looks like an option.", "Put ./ before a folder.")
    if raw[0] in QUOTES:
        raise refused(raw, "The address begins with a quote.", "Leave out the quotes and brackets around it.")
    normalised = unicodedata.normalize("NFKC", raw)
    if normalised != raw and SCHEME.match(normalised) and not SCHEME.match(raw):
        raise refused(raw, "The address contains look-alike characters.", f"Write {normalised}")


def refuse_other_address(raw: str) -> None:
    """Refuse addresses of unsupported kinds."""
    if match := SCHEME.fullmatch(raw):
        scheme, rest = match["scheme"].lower(), match["rest"].lstrip("/")
        if scheme == "file":
            raise refused(raw, "file:// addresses aren't supported.", f"Write the folder itself: /{rest}")
        if scheme in ("sftp", "scp", "rsync"):
            fix = f"Write ssh://{rest}; SFTP is used when rsync is missing."
            raise refused(raw, f"{scheme}:// addresses aren't supported.", fix)
        if scheme in ("http", "https") and "." in rest:
            fix = f"For a git repository, write git:https://{rest}#{BRANCH}"
            raise refused(raw, "A web address isn't a place to publish to.", fix)
        if "//" in raw[len(scheme) : len(scheme) + 3] or scheme in ("ftp", "ftps", "gs", "az", "http", "https"):
            fix = "Use a folder, a zip, ssh://user@host/folder, git:ADDRESS#BRANCH or s3://bucket."
            raise refused(raw, f"{scheme}: addresses aren't supported.", fix)
    if match := SCP.fullmatch(raw):
        path, login = match["path"], raw[: -len(match["path"]) - 1]
        if path.endswith(".git"):
            raise refused(raw, "A git address begins with `git:`.", f"Write git:{raw}#{BRANCH}")
        if len(login) > 1:
            place = "home/folder" if path.startswith("~") else path.lstrip("/") or "folder"
            fix = f"Write ssh://{login}/{place}, with the whole path."
            raise refused(raw, "This is a host's address without ssh://.", fix)
    if HALF_SCHEME.match(raw):
        fix = "Write ssh://user@host/folder, or ./ before a folder."
        raise refused(raw, "This looks like an address without its colon.", fix)


def refused(where: str, message: str, fix: str) -> CampaignError:
    """Return the error for an unusable address."""
    return failure("target-address", where, message, fix)
