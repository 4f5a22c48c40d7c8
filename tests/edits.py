"""Random edits of a small campaign, as editors make them, and a comparison with a full build of the same files."""

from __future__ import annotations

import hashlib
import io
import os
import re
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pytest
from conftest import (
    HERE,
    built_once,
    copy_campaign,
    copy_or_link,
    keep_only_pieces,
    leave_languages,
    leave_one_place,
)
from hypothesis import strategies as st
from PIL import Image
from recorded import mp3

from campaign.pipeline.build import build
from campaign.pipeline.report import Report

DAY = 1795694400  # of tests: see conftest.py
LANGUAGES = ("fil", "ar")
# Arguments of edits, so that each does something else.
TIMES = 6


@dataclass(frozen=True)
class Edit:
    """One edit: its kind, and which of several like it."""

    kind: str
    time: int = 0

    def __call__(self, root: Path) -> None:
        EDITS[self.kind](root, self.time)


def sequences(most: int = 4) -> st.SearchStrategy[list[Edit]]:
    """A sequence of edits."""
    return st.lists(
        st.builds(Edit, st.sampled_from(sorted(EDITS)), st.integers(0, TIMES - 1)), min_size=1, max_size=most
    )


def smallest_campaign(
    tiny: Path, root: Path, destinations: Sequence[str] = ("open-graph",), has_leaflet: bool = False
) -> Path:
    """The tiny campaign in two languages, with one place, few shapes of pictures, and few pages."""
    copy_campaign(tiny, root)
    leave_languages(root, LANGUAGES)
    leave_one_place(root, *destinations)
    hill = (tiny / "assets/contacts/hill.yml").read_text("utf-8")  # as typed, without the other language
    rewrite(root / "assets/contacts/hill.yml", re.sub(r", km(: [^,}\]]+)?(?=[\]}])", "", hill))
    swap("mkdocs.yml", r" +names: .*\n", "")(root, 0)
    for code in LANGUAGES if not has_leaflet else ():  # typesetting leaflets takes longest
        shutil.rmtree(root / f"docs/{code}/leaflets")
    for name in ("fil/bago", "ar/bago", "fil/luma"):
        write_page(root, name)
    return root


def smallest_built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of that campaign for this process, built."""

    def make(root: Path) -> None:
        smallest_campaign(HERE / "campaigns/tiny", root)
        report = build(root)
        assert not report.stops, report.problems

    shared, own = built_once(tmp_path_factory, "smallest", make)
    return own if own.exists() else shutil.copytree(shared, own, copy_function=copy_or_link)


def swap(name: str, old: str, new: str) -> Callable[[Path, int], None]:
    """Replace a text in a file.

    `{time}` in it is the number of the edit, and `{month}` the same from 1 on.
    """

    def edit(root: Path, time: int) -> None:
        path, filled = root / name, new.replace("{time}", str(time)).replace("{month}", str(time + 1))
        if path.is_file() and re.search(old, text := path.read_text("utf-8")):
            rewrite(path, re.sub(old, lambda match: match.expand(filled), text, count=1))

    return edit


def rewrite(path: Path, text: str) -> None:
    """Write a file again, so that it shares no inode with the same file of another copy."""
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def write_page(root: Path, name: str, title: str = "Bago", audience: str = "public") -> None:
    result = "" if name.startswith(LANGUAGES[0]) else "translation: {source: '', by: machine, reviewed: no}\n"
    front = f"title: {title}\ndescription: Isang pahina.\nfor: [{audience}]\n{result}"
    rewrite(root / f"docs/{name}.md", f"---\n{front}---\n\n## Una {{#una}}\n\nTubig.\n")


def page_of(root: Path, time: int) -> Path:
    """One of the pages."""
    pages = sorted(path for path in (root / "docs").rglob("*.md") if not path.name.startswith("_"))
    return pages[time * 7 % len(pages)]


def edit_page(old: str, new: str) -> Callable[[Path, int], None]:
    def edit(root: Path, time: int) -> None:
        path = page_of(root, time)
        swap(path.relative_to(root).as_posix(), old, new)(root, time)

    return edit


def remove(*names: str) -> Callable[[Path, int], None]:
    return lambda root, time: (root / names[time % len(names)]).unlink(missing_ok=True)


def remove_hero(root: Path, time: int) -> None:
    """Remove the drawing and its boxes."""
    remove(f"{POSTER}/hero.svg")(root, 0)
    for _ in range(2):
        swap(f"{POSTER}/poster.yml", r',\s*{[^{}]*"hero"[^{}]*}', "")(root, time)


def rename_page(root: Path, time: int) -> None:
    old, new = (root / f"docs/fil/{name}.md" for name in (("iba-0", "lima") if time % 2 else ("luma", "anim")))
    if old.is_file() and not new.exists():
        old.rename(new)


def age(_: Path, time: int) -> None:
    os.environ["SOURCE_DATE_EPOCH"] = str(DAY + (time + 1) * 95 * 86_400)


def replace_photo(root: Path, time: int) -> None:
    path = root / "assets/photos/hills.jpg"
    with Image.open(path) as photo:
        data = io.BytesIO()
        photo.convert("RGB").rotate(time * 90).save(data, "JPEG", quality=70 + time)
    path.unlink()
    path.write_bytes(data.getvalue())


def change_fonts(root: Path, time: int) -> None:
    """Add a font of the campaign, another one, or take it away."""
    path = root / "assets/fonts/Own.ttf"
    path.unlink(missing_ok=True)
    if time % 3:
        path.parent.mkdir(exist_ok=True)
        shutil.copyfile(HERE.parent / f"assets/fonts/Andika-{'Regular' if time % 3 == 1 else 'Bold'}.ttf", path)


def record(root: Path, time: int) -> None:
    path = root / f"docs/fil/{('boil', 'bago', 'services')[time % 3]}.mp3"
    path.unlink(missing_ok=True)
    if time < 3:
        path.write_bytes(mp3())


HILL, NATIONAL = "assets/contacts/hill.yml", "assets/contacts/national.yml"
POSTER = "assets/posters/boil-the-water"
NEW_CONTACT = (
    "  - id: new-{time}\n    kind: water\n    name: Bago {time}\n    does: [water]\n    source: drama-numbers\n"
)
EDITS: dict[str, Callable[[Path, int], None]] = {
    "sentence": edit_page(r"\n\n## ", r"\n\nTubig {time}.\n\n## "),
    "title": edit_page('\ntitle: "?', r"\g<0>Bago {time} "),
    "description": edit_page("\ndescription: ", r"\ndescription: Bago {time} "),
    "heading": edit_page(r"\n## ", r"\n## Bago {time} "),
    "audience": swap("docs/fil/luma.md", r"for: \[[a-z-]+\]", "for: [health-workers]"),
    "audience again": swap("docs/fil/luma.md", r"for: \[[a-z-]+\]", "for: [public]"),
    "new page": lambda root, time: write_page(root, f"fil/iba-{time}", f"Iba {time}"),
    "new translation": lambda root, _: write_page(root, "ar/luma", "جديد"),
    "page that goes": remove("docs/ar/bago.md", "docs/fil/luma.md", "docs/ar/luma.md", "docs/fil/iba-0.md"),
    "translation that goes": remove("docs/ar/get-help.md", "docs/ar/boil.md", "docs/ar/sources.md"),
    "page with another name": rename_page,
    "word": swap("docs/ar/_strings.yml", r'(menu|home|sources|search|version): "', r'\1: "x{time} '),
    "another word": swap("docs/fil/_strings.yml", r'(free|call|national|download|share): "', r'\1: "x{time} '),
    "word of contacts": swap("docs/ar/_strings.yml", r'(does-care|kind-health|no-number): "', r'\1: "x{time} '),
    "word of kilobytes": swap("docs/fil/_strings.yml", r'kilobytes: "', 'kilobytes: "x{time} '),
    "number": swap(HILL, r"946 00\d\d", "946 001{time}"),
    "name of a contact": swap(HILL, "name: Klinika", "name: Bago{time} Klinika"),
    "hours": swap(HILL, r"7:\d0-16:00", "7:{time}0-16:00"),
    "day of a check": swap(HILL, r"on: 2026-\d\d-", "on: 2026-0{month}-"),
    "contact that goes": swap(HILL, r"(?s)  - id: hill-water.*", ""),
    "new contact": swap(HILL, r"contacts:\n", f"contacts:\n{NEW_CONTACT}"),
    "main number": swap(NATIONAL, r"07700 90011\d", "07700 90011{time}"),
    "name of a place": swap(HILL, "fil: Burol", "fil: Burol {time}"),
    "source": swap("docs/_sources.yml", r'("?title"?: ")', r"\1Re{time}: "),
    "pictogram": swap("assets/pictograms/phone.svg", r'stroke-width="[\d.]+"', 'stroke-width="2.{time}"'),
    "another pictogram": swap("assets/pictograms/boil.svg", r'stroke-width="[\d.]+"', 'stroke-width="2.{time}"'),
    "drawing": swap(f"{POSTER}/art.svg", "#6fb0a.", "#6fb0a{time}"),
    "drawing of the front page": swap(f"{POSTER}/hero.svg", "<svg ", '<svg id="x{time}" '),
    "drawing of the front page that goes": remove_hero,
    "box of the front page": swap(f"{POSTER}/poster.yml", r'("hero",\s+"x": ")[\d.]+', r"\g<1>{time}.5"),
    "logo": swap("assets/logos/water.svg", "#0b5d8.", "#0b5d8{time}"),
    "fonts": change_fonts,
    "words that lead to a page": lambda root, time: rewrite(
        root / "docs/fil/_search.yml", f"first:\n  get-help.md: [uhaw {time}]\n"
    ),
    "credit": swap(f"{POSTER}/poster.yml", r'("?credit"?: "?)', r"\1Bago {time} "),
    "photo": replace_photo,
    "caption": swap("docs/fil/_photos.yml", "Mga burol", "Mga burol {time}"),
    "colour": swap("assets/identity.yml", "#b4d0c.", "#b4d0c{time}"),
    "version": swap("mkdocs.yml", 'version: "[^"]*"', 'version: "{time}"'),
    "name of the campaign": swap("mkdocs.yml", "site_name: ", "site_name: Bago{time} "),
    "address": swap("mkdocs.yml", r"https://water\.example/[a-z0-9/]*", "https://water.example/w{time}/"),
    "menu": swap("mkdocs.yml", "  - boil.md\n  - get-help.md\n", "  - get-help.md\n  - boil.md\n"),
    "day": age,
    "recording": record,
    "file for the host": lambda root, time: rewrite(root / "public/robots.txt", f"User-agent: {time}\n"),
    "template folder": lambda root, time: rewrite(root / "overrides/README", f"not a template {time}\n"),
}


def tree(root: Path) -> dict[str, str]:
    """The hash of each file of site/ and dist/, by its name."""
    paths = (path for name in ("site", "dist") for path in (root / name).rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def copy_built(built: Path, root: Path) -> Path:
    """A copy of a built campaign; it shares files that no test writes into."""
    shutil.copytree(built, root, copy_function=os.link, symlinks=True)
    for path in (root / ".build").glob("memo.sqlite*"):
        data = path.read_bytes()
        path.unlink()
        path.write_bytes(data)
    return root


def differences(built: Path, folder: Path, edits: list[Edit], caches: Sequence[str] = ()) -> list[str] | None:
    """Build a campaign again after some edits; return the files that differ from those of a full build.

    Args:
        built: the campaign, built.
        folder: an empty folder.
        edits: the changes to make.
        caches: names of caches that the full build may use. It typesets every piece again: a piece of the same key
            would hide what the key lacks.

    Returns:
        Names of files; None if a problem stops the build, as it should for a mistake.
    """
    before = os.environ["SOURCE_DATE_EPOCH"]
    try:
        warm = copy_built(built, folder / "warm")
        for edit in edits:
            edit(warm)
        report = build(warm)
        if report.stops:
            return None
        result = tree(warm)
        forget(warm, is_all=True, caches=caches)
        assert not build(warm).stops
        expected = tree(warm)
        return sorted(name for name in result.keys() | expected.keys() if result.get(name) != expected.get(name))
    finally:
        os.environ["SOURCE_DATE_EPOCH"] = before
        shutil.rmtree(folder, ignore_errors=True)


def forget(root: Path, is_all: bool = False, caches: Sequence[str] = ()) -> None:
    """Delete outputs and the caches of builds, except those named, and finished pieces unless `is_all`."""
    for name in ("site", "dist"):
        shutil.rmtree(root / name)
    keep_only_pieces(root, *caches)
    if is_all:
        shutil.rmtree(root / ".build/store")


def built_and_changed(built: Path, folder: Path, edit: Callable[[Path], None]) -> Report:
    """The report of a build after one edit."""
    root = copy_built(built, folder)
    edit(root)
    return build(root)
