"""Recordings for radios and car stereos, which sort by name, show eight ASCII characters and play MP3."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from posixpath import basename, dirname, join

from campaign.cleaning.recording import clean_recording
from campaign.graph.disk import endings_of
from campaign.models.campaign import Campaign, Language
from campaign.models.names import plain_name
from campaign.models.page import Page

FOLDER = "recordings"
ENDINGS = (".mp3", ".ogg", ".opus")  # preferred first
MAX_NAME_CHARS = 8  # number, hyphen and name in eight characters (FAT)


def recorded(campaign: Campaign, language: Language) -> list[tuple[str, Path]]:
    """Return (title, file) of a language's recordings: pages in menu order, then others by name."""
    order = {path: index for index, path in enumerate(campaign.navigation)}
    pages = [page for (code, _), page in campaign.pages.items() if code == language.code]
    results: dict[Path, str] = {}
    for page in sorted(pages, key=lambda page: (order.get(page.path, len(order)), page.path)):
        for name, title in _recording_names(page):
            # A name must not lead to another folder.
            stem = join("docs", page.language, dirname(page.path), basename(name))
            for ending in endings_of(campaign.root, stem, ENDINGS)[:1]:
                results.setdefault(campaign.root / f"{stem}{ending}", title)
    return [(title, file) for file, title in results.items()]


def _recording_names(page: Page) -> Iterator[tuple[str, str]]:
    """Yield names of recordings for a page: its own, and those that it plays."""
    yield page.stem, page.title
    for shortcode in page.outline.shortcodes:
        if shortcode.to == "recording" and (name := dict(shortcode.pairs).get("name")):
            yield name, f"{page.title}: {name}"


def recording_folders(campaign: Campaign) -> dict[str, bytes]:
    """Return the files by path below dist/."""
    files: dict[str, bytes] = {}
    for language in campaign.languages.values():
        tracks = recorded(campaign, language)
        digits = max(2, len(str(len(tracks))))
        for number, (title, file) in enumerate(tracks, 1):
            start = str(number).zfill(digits)
            name = f"{start}-{plain_name(file.stem)}"[:MAX_NAME_CHARS].rstrip("-")
            tags = {"TITLE": title, "TRACKNUMBER": f"{number}/{len(tracks)}", "ALBUM": campaign.name_in(language.code)}
            data = clean_recording(file.read_bytes(), file.name, tags)
            files[f"{FOLDER}/{plain_name(language.code)[:MAX_NAME_CHARS]}/{name}{file.suffix}"] = data
    return files
