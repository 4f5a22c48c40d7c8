"""Read the addresses of `publish`, `stick`, `hotspot` and the desk: one parser, so that all of them refuse the same.

An address names a folder, a zip, a host, a git branch or a bucket. Whatever is incomplete, unsupported or could be
taken for an option is refused with what to write instead; no folder is ever made whose name looks like an address.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from campaign.models.problem import CampaignError, Problem
from campaign.publishing.local_path import WINDOWS_PATH, refuse_own, refuse_special, typed_path

ZIP = ".zip"
BRANCH = "gh-pages"
# Addresses are shown, logged and stored. In a web address the part before @ is a token, in a bucket's a key.
SECRET = re.compile(
    r"(?<=//)[^/?#@]*:[^/?#]*@|(?<=https://)[^/?#]*@|(?<=http://)[^/?#]*@|(?<=s3://)[^/]*@"
    r"|^git:[^/@:]+:[^/@]+@|^(?!git:)[^/@:]+:[^/@]+@",
    re.I,
)
SCHEME = re.compile(r"(?P<scheme>[a-z][a-z0-9+.-]+):(?P<rest>.*)", re.I | re.S)
# A scheme with its colon lost: `ssh//host/folder`.
HALF_SCHEME = re.compile(r"(?:ssh|sftp|scp|git|s3|gs|ftps?|https?|file|rsync)/{1,2}[^/]", re.I)
USER, NAME = r"[A-Za-z0-9_][A-Za-z0-9_.+-]*", r"[A-Za-z0-9_](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?|\[[0-9A-Fa-f:.]+\]"
LOGIN = rf"(?:(?P<user>{USER})@)?(?P<name>{NAME})(?::(?P<port>[0-9]{{1,5}}))?"
HOST = re.compile(rf"//{LOGIN}(?P<folder>/.*)")
SCP = re.compile(rf"(?:{USER}@)?(?:{NAME}):(?P<path>.*)")
WEB_REMOTE = re.compile(rf"https://(?:{NAME})(?::[0-9]{{1,5}})?/[^\s?#]+", re.I)
SSH_REMOTE = re.compile(rf"ssh://{LOGIN}/[^\s?#]+", re.I)
BUCKET = re.compile(r"//(?P<bucket>[a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/(?P<prefix>[^?#]*))?")
BRANCH_NAME = re.compile(r"\w[\w.-]*(?:/\w[\w.-]*)*")
# In a host's folder: what a shell there could act on, and rsync splits at.
SHELL = re.compile(r"[$`;&|<>*?!(){}\[\]'\"\\~]")
QUOTES = "\"'<“”‘’«»`"


@dataclass(frozen=True)
class FolderTarget:
    """A folder of this computer."""

    path: Path


@dataclass(frozen=True)
class ZipTarget:
    """A zip file on this computer."""

    path: Path


@dataclass(frozen=True)
class HostTarget:
    """A folder of a host that is reached by ssh. port: 0 for the one that ssh chooses."""

    user: str
    name: str
    port: int
    folder: str

    @property
    def login(self) -> str:
        """The host as ssh takes it."""
        return f"{self.user}@{self.name}" if self.user else self.name


@dataclass(frozen=True)
class GitTarget:
    """A branch of a git repository."""

    remote: str
    branch: str


@dataclass(frozen=True)
class BucketTarget:
    """A folder of an S3-compatible bucket."""

    bucket: str
    prefix: str

    @property
    def address(self) -> str:
        """As messages show it."""
        return f"s3://{self.bucket}/{self.prefix}".rstrip("/")


Target = FolderTarget | ZipTarget | HostTarget | GitTarget | BucketTarget


def parse_target(root: Path, typed: str) -> Target:
    """Read an address that `publish` was given.

    Args:
        root: the campaign's folder, into which nothing is published.
        typed: the address.

    Raises:
        CampaignError: it is incomplete, unsupported, unsafe, has a password in it, or leads into the campaign.
    """
    _refuse_unsafe(typed)
    found = SCHEME.fullmatch(typed)
    scheme, rest = (found["scheme"].lower(), found["rest"]) if found else ("", "")
    if scheme == "git":
        return _git(root, typed, rest)
    if scheme == "ssh":
        return _host(typed, rest)
    if scheme == "s3":
        return _bucket(typed, rest)
    _refuse_other_address(typed)
    if typed.lower().endswith(ZIP):
        path = typed_path(typed)
        refuse_own(root, typed, path.parent, is_file=True)
        refuse_special(typed, path, is_folder=False)
        return ZipTarget(path)
    return FolderTarget(parse_folder(root, typed))


def parse_folder(root: Path | None, typed: str) -> Path:
    """Read the name of a folder to write to; root: the campaign's folder, which it must not touch, if there is one.

    Raises:
        CampaignError: it looks like an address, isn't a folder, or belongs to the campaign.
    """
    _refuse_unsafe(typed)
    _refuse_other_address(typed)
    path = typed_path(typed)
    if root is not None:
        refuse_own(root, typed, path)
    refuse_special(typed, path)
    return path


def parse_file(typed: str) -> Path:
    """Read the name of a file to write.

    Raises:
        CampaignError: it looks like an address, or is a folder, pipe or device.
    """
    _refuse_unsafe(typed)
    _refuse_other_address(typed)
    path = typed_path(typed)
    refuse_special(typed, path, is_folder=False)
    return path


def is_address(typed: str) -> bool:
    """Whether something is meant as an address rather than as a folder of this computer."""
    return bool(SCHEME.fullmatch(typed))


def has_secret(typed: str) -> bool:
    """Whether an address has a password or a token in it."""
    return bool(SECRET.search(typed))


def _refuse_unsafe(typed: str) -> None:
    """Refuse what would leak, or be taken for an option, before anything else looks at it."""
    if has_secret(typed):
        what = "The address contains a password or a key, and addresses are shown and stored."
        fix = "Change that password. Leave it out: ssh, git and AWS_SECRET_ACCESS_KEY keep it."
        raise CampaignError([Problem("target-password", SECRET.sub("", typed), what, fix)])
    if not typed.strip():
        raise _refused("(empty)", "No address was given.", "Name a folder, a zip, ssh://…, git:… or s3://….")
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Zl", "Zp") for letter in typed):
        shown = ascii(typed)
        raise _refused(shown, "The address contains invisible or control characters.", "Type it again by hand.")
    if typed != typed.strip():
        raise _refused(repr(typed), "The address has a space before or after it.", f"Write {typed.strip()}")
    if typed.startswith("-"):
        raise _refused(typed, "The address begins with `-`, so it looks like an option.", "Put ./ before a folder.")
    if typed[0] in QUOTES:
        raise _refused(typed, "The address begins with a quote.", "Leave out the quotes and brackets around it.")
    plain = unicodedata.normalize("NFKC", typed)
    if plain != typed and SCHEME.match(plain) and not SCHEME.match(typed):
        raise _refused(typed, "The address contains look-alike characters.", f"Write {plain}")


def _refuse_other_address(typed: str) -> None:
    """Refuse what is no folder but the address of something we don't publish to."""
    if found := SCHEME.fullmatch(typed):
        scheme, rest = found["scheme"].lower(), found["rest"].lstrip("/")
        if scheme == "file":
            raise _refused(typed, "file:// addresses aren't supported.", f"Write the folder itself: /{rest}")
        if scheme in ("sftp", "scp", "rsync"):
            fix = f"Write ssh://{rest}; SFTP is used when rsync is missing."
            raise _refused(typed, f"{scheme}:// addresses aren't supported.", fix)
        if scheme in ("http", "https") and "." in rest:
            fix = f"For a git repository, write git:https://{rest}#{BRANCH}"
            raise _refused(typed, "A web address isn't a place to publish to.", fix)
        if "//" in typed[len(scheme) : len(scheme) + 3] or scheme in ("ftp", "ftps", "gs", "az", "http", "https"):
            fix = "Use a folder, a zip, ssh://user@host/folder, git:ADDRESS#BRANCH or s3://bucket."
            raise _refused(typed, f"{scheme}: addresses aren't supported.", fix)
    if found := SCP.fullmatch(typed):
        path, login = found["path"], typed[: -len(found["path"]) - 1]
        if path.endswith(".git"):
            raise _refused(typed, "A git address begins with `git:`.", f"Write git:{typed}#{BRANCH}")
        if len(login) > 1:
            place = "home/folder" if path.startswith("~") else path.lstrip("/") or "folder"
            fix = f"Write ssh://{login}/{place}, with the whole path."
            raise _refused(typed, "This is a host's address without ssh://.", fix)
    if HALF_SCHEME.match(typed):
        fix = "Write ssh://user@host/folder, or ./ before a folder."
        raise _refused(typed, "This looks like an address without its colon.", fix)


def _host(typed: str, rest: str) -> HostTarget:
    fix = "Write ssh://user@host/folder, with the whole path of the folder."
    if not rest.startswith("//") or not rest.strip("/"):
        raise _refused(typed, "The host is missing.", fix)
    if "/" not in rest[2:].rstrip("/"):
        raise _refused(typed, "The folder on the host is missing.", fix)
    found = HOST.fullmatch(rest)
    if not found or int(found["port"] or 1) not in range(1, 65536):
        raise _refused(typed, "The user, host or port isn't a valid one.", fix)
    parts = found["folder"].strip("/").split("/")
    if any(part in ("", ".", "..") or part.startswith("-") for part in parts) or SHELL.search(found["folder"]):
        raise _refused(typed, "The folder on the host isn't a plain path.", fix)
    return HostTarget(found["user"] or "", found["name"].strip("[]"), int(found["port"] or 0), "/" + "/".join(parts))


def _bucket(typed: str, rest: str) -> BucketTarget:
    found = BUCKET.fullmatch(rest)
    prefix = (found["prefix"] or "").strip("/") if found else ""
    if not found or any(part in (".", "..", "") or part.startswith("-") for part in prefix.split("/") if prefix):
        raise _refused(typed, "No bucket has such a name.", "Write s3://bucket or s3://bucket/folder.")
    return BucketTarget(found["bucket"], prefix)


def _git(root: Path, typed: str, rest: str) -> GitTarget:
    remote, mark, branch = rest.rpartition("#") if "#" in rest else (rest, "", BRANCH)
    example = f"Write git:https://host.example/site.git#{BRANCH}"
    if not remote:
        raise _refused(typed, "The repository is missing.", example)
    if mark and not branch:
        raise _refused(typed, "The branch after # is missing.", example)
    is_name = BRANCH_NAME.fullmatch(branch) and not re.search(r"\.\.|\.lock(?:/|$)|\.(?:/|$)|^HEAD$|^refs/", branch)
    if not is_name:
        raise _refused(typed, f"`{branch}` can't be the name of a branch.", f"Write a name such as {BRANCH}.")
    return GitTarget(_remote(root, typed, remote), branch)


def _remote(root: Path, typed: str, remote: str) -> str:
    """The repository, if it is reached by https, by ssh or on this computer."""
    fix = "Use https://, ssh://, user@host:path or a repository's folder."
    if remote.startswith("-") or "::" in remote.partition("/")[0]:
        raise _refused(typed, "This isn't a repository's address.", fix)
    if "://" in remote:
        scheme, _, rest = remote.partition("://")
        remote = f"{scheme.lower()}://{rest}"
        found = SSH_REMOTE.fullmatch(remote)
        if "%" in remote or "/-" in remote or not (WEB_REMOTE.fullmatch(remote) or found):
            raise _refused(typed, f"`{remote}` isn't an address that git may use here.", fix)
        return remote
    if (found := SCP.fullmatch(remote)) and not WINDOWS_PATH.match(remote):
        if not found["path"] or found["path"].startswith("-") or "/-" in found["path"]:
            raise _refused(typed, "The path on the host is missing or isn't plain.", fix)
        return remote
    path = typed_path(remote)
    if not path.is_dir():
        raise _refused(typed, "There is no repository of that name on this computer.", fix)
    refuse_own(root, typed, path)
    return str(path)


def _refused(where: str, what: str, fix: str) -> CampaignError:
    return CampaignError([Problem("target-address", where, what, fix)])
