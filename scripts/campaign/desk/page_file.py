"""A page's file as a text area shows it, and back: lines that weren't edited stay byte for byte."""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass
from posixpath import dirname, join, normpath, relpath
from urllib.parse import unquote

from campaign.content.drafts import CONFLICTS_FOLDER, STAMPS_FOLDER
from campaign.content.writing import encoded_like
from campaign.desk.files import SETTINGS, Change, Files, version_of
from campaign.models.campaign import Campaign
from campaign.models.names import plain_name
from campaign.schema.yaml_edit import CannotEdit
from campaign.schema.yaml_reader import DOCUMENTS

BYTE_ORDER_MARK = "\ufeff"
UTF_16 = "UTF-16"
WINDOWS = "Windows-1252"
BYTE_ORDER_MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
# In UTF-16 text of Latin letters every second byte is zero.
MIN_ZERO_SHARE = 0.3
_BY_BYTE = "campaign-windows"
PATH = re.compile(r"(?:[^/]+/)*[^/]+\.md")
# The target of a Markdown link, and its fragment.
LINK = re.compile(r"(?<=\]\()(?:<([^<>#]+)(#[^<>]*)?>|([^()<>#\s]+)(#[^()\s]*)?)(?=\))")


@dataclass(frozen=True)
class PageFile:
    """A page's file."""

    name: str
    text: str  # with \n line ends
    version: str
    like: bytes  # its content as UTF-8, whose byte order mark and line ends stay
    was: str = ""  # original encoding if not UTF-8; saving converts it

    @staticmethod
    def read(files: Files, campaign: Campaign, language: str, path: str) -> PageFile:
        """Return a page's file."""
        if language not in campaign.languages or not PATH.fullmatch(path) or "/_" in f"/{path}":
            raise LookupError(path)
        name = f"docs/{language}/{path}"
        data = files.read(name)
        if data is None:
            raise LookupError(path)
        return PageFile.of(name, data)

    @staticmethod
    def of(name: str, data: bytes) -> PageFile:
        """Decode a file."""
        text, encoding = decoded(data)
        if "\0" in text:
            raise CannotEdit("it is no text")
        text = text.removeprefix(BYTE_ORDER_MARK) if encoding else text
        return PageFile(
            name, _plain(text.removeprefix(BYTE_ORDER_MARK)), version_of(data), text.encode(errors="replace"), encoding
        )

    def encoded(self, raw: str) -> bytes:
        """Return the file's bytes for a text that a browser sent."""
        data = _plain(raw).replace("\0", "").encode(errors="replace")
        return encoded_like(self.like, data.decode())


def decoded(data: bytes) -> tuple[str, str]:
    """Return the text and '' for UTF-8, otherwise its encoding: other bytes are Windows-1252, one by one."""
    kind = next((kind for start, kind in DOCUMENTS.items() if data.startswith(start)), "")
    if kind:
        raise CannotEdit(f"it is {kind}")
    encoding = next((name for mark, name in BYTE_ORDER_MARKS.items() if data.startswith(mark)), "")
    if not encoding and data.count(b"\0") > len(data) * MIN_ZERO_SHARE:
        encoding = "utf-16-le" if data[1::2].count(0) > data[::2].count(0) else "utf-16-be"
    try:
        if encoding:
            return data.decode(encoding), UTF_16
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        if encoding:
            raise CannotEdit("it is not UTF-8 text") from None
        return data.decode("utf-8", errors=_BY_BYTE), WINDOWS


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    invalid_bytes = error.object[error.start : error.end]
    return "".join(bytes([item]).decode("cp1252", errors="ignore") or chr(item) for item in invalid_bytes), error.end


codecs.register_error(_BY_BYTE, _as_windows)


def _plain(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def plain_path(campaign: Campaign, path: str) -> str:
    """Return a page's plain path below its language, or '' if it has one or it is taken."""
    *folders, name = path.split("/")
    parts = [*map(plain_name, folders), plain_name(name.removesuffix(".md"))]
    name = f"{'/'.join(parts)}.md"
    used_paths = {
        other_path.casefold() for _, other_path in (*campaign.pages, *campaign.withheld) if other_path != path
    }
    return name if all(parts) and name != path and name not in used_paths else ""


def renamed_page(campaign: Campaign, files: Files, path: str, new_path: str) -> dict[str, Change]:
    """Return the changes that rename a page and its media in every language, and the links to it."""
    own_folders = {f"docs/{code}/": code for code in campaign.languages}
    moves = {f"{folder}{path}": f"{folder}{new_path}" for folder in own_folders}
    moves |= {f"{STAMPS_FOLDER}/{path}.json": f"{STAMPS_FOLDER}/{new_path}.json"}
    moves |= {
        f"{CONFLICTS_FOLDER}/{code}/{path}.json": f"{CONFLICTS_FOLDER}/{code}/{new_path}.json"
        for code in own_folders.values()
    }
    for folder in own_folders:  # recordings
        source_folder = files.root / folder / dirname(path)
        stem = path.rpartition("/")[2].removesuffix(".md")
        for item in source_folder.iterdir() if source_folder.is_dir() else ():
            if item.is_file() and item.stem == stem and item.suffix != ".md":
                moves[join(folder, dirname(path), item.name)] = folder + new_path.removesuffix(".md") + item.suffix
    changes: dict[str, Change] = {}
    for old, move in moves.items():
        if (data := files.read(old)) is not None:
            changes[old] = Change(version_of(data), None)
            changes[move] = Change(version_of(files.read(move)), data)
    for code, page_path in (*campaign.pages, *campaign.withheld):
        name = f"docs/{code}/{page_path}"
        data = files.read(name)
        if page_path == path or data is None:
            continue
        text_with_links = _linked(data.decode(errors="surrogateescape"), page_path, path, new_path).encode(
            errors="surrogateescape"
        )
        if text_with_links != data:
            changes[name] = Change(version_of(data), text_with_links)
    settings = files.read(SETTINGS)
    if settings is not None and path in campaign.navigation:
        replacement = re.sub(rf"(?<![\w/-]){re.escape(path)}(?!\w)", new_path, settings.decode())
        changes[SETTINGS] = Change(version_of(settings), replacement.encode())
    return changes


def _linked(text: str, page: str, path: str, new_path: str) -> str:
    def relinked(link: re.Match[str]) -> str:
        target = unquote(link[1] or link[3])
        if "://" in target or normpath(join(dirname(page), target)) != path:
            return link[0]
        return relpath(new_path, dirname(page) or ".") + (link[2] or link[4] or "")

    return LINK.sub(relinked, text)
