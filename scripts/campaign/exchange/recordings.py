"""Recordings as radios and car stereos play them: a folder for each language, numbered names in the menu's order.

Such players know ASCII, sort by name, show eight letters, and play MP3; other kinds are copied where there is no MP3.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from campaign.models.campaign import Campaign, Language
from campaign.models.names import plain_name
from campaign.models.page import Page

FOLDER = "recordings"
# The first that there is: what every player knows.
ENDINGS = (".mp3", ".ogg", ".opus")
# Number, hyphen and name: eight letters in all, as the oldest file system of cards has room for.
LONGEST = 8
# What players show of an MP3 stands before it: ID3v2.3, in whose frames words are UTF-16 with a byte order mark.
TITLE, TRACK, ALBUM = b"TIT2", b"TRCK", b"TALB"


def recorded(campaign: Campaign, language: Language) -> list[tuple[str, Path]]:
    """(title, file) of each recording of a language: pages as the menu has them, then others by name."""
    order = {path: at for at, path in enumerate(campaign.navigation)}
    pages = [page for (code, _), page in campaign.pages.items() if code == language.code]
    found: dict[Path, str] = {}
    for page in sorted(pages, key=lambda page: (order.get(page.path, len(order)), page.path)):
        for name, title in _named(page):
            stem = campaign.root / "docs" / page.language / page.path
            files = (stem.with_name(f"{name}{ending}") for ending in ENDINGS)
            file = next((file for file in files if file.is_file()), None)
            if file is not None:
                found.setdefault(file, title)
    return [(title, file) for file, title in found.items()]


def _named(page: Page) -> Iterator[tuple[str, str]]:
    """The names beside a page under which recordings may lie: its own, and those that it plays."""
    yield page.stem, page.title
    for each in page.outline.shortcodes:
        if each.to == "recording" and (name := dict(each.pairs).get("name")):
            yield name, f"{page.title}: {name}"


def recording_folders(campaign: Campaign) -> dict[str, bytes]:
    """The files by their paths below dist/; nothing where nobody has recorded anything."""
    files: dict[str, bytes] = {}
    for language in campaign.languages.values():
        tracks = recorded(campaign, language)
        digits = max(2, len(str(len(tracks))))
        for number, (title, file) in enumerate(tracks, 1):
            start = str(number).zfill(digits)
            name = f"{start}-{plain_name(file.stem)}"[:LONGEST].rstrip("-")
            data = file.read_bytes()
            if file.suffix == ".mp3":
                data = tagged(data, title, f"{number}/{len(tracks)}", campaign.name_in(language.code))
            files[f"{FOLDER}/{plain_name(language.code)[:LONGEST]}/{name}{file.suffix}"] = data
    return files


def tagged(data: bytes, title: str, track: str, album: str) -> bytes:
    """An MP3 with what players show of it; what it says itself is left (ID3v2.3.0, https://id3.org/id3v2.3.0)."""
    if data.startswith(b"ID3"):
        return data
    frames = b"".join(_frame(name, text) for name, text in ((TITLE, title), (TRACK, track), (ALBUM, album)))
    size = len(frames)
    safe = bytes((size >> shift) & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\x00\x00" + safe + frames + data


def _frame(name: bytes, text: str) -> bytes:
    body = b"\x01" + text.encode("utf-16")
    return name + len(body).to_bytes(4, "big") + b"\x00\x00" + body
