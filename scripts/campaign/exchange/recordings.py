"""Recordings as radios and car stereos play them: a folder for each language, numbered names in the menu's order.

Such players know ASCII, sort by name, show eight letters, and play MP3; other kinds are copied where there is no MP3.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from campaign.cleaning.recording import clean_recording
from campaign.models.campaign import Campaign, Language
from campaign.models.names import plain_name
from campaign.models.page import Page

FOLDER = "recordings"
# The first that there is: what every player knows.
ENDINGS = (".mp3", ".ogg", ".opus")
# Number, hyphen and name: eight letters in all, as the oldest file system of cards has room for.
LONGEST = 8


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
            tags = {
                "TITLE": title,
                "TRACKNUMBER": f"{number}/{len(tracks)}",
                "ALBUM": campaign.name_in(language.code),
            }
            data = clean_recording(file.read_bytes(), file.name, tags)
            files[f"{FOLDER}/{plain_name(language.code)[:LONGEST]}/{name}{file.suffix}"] = data
    return files
