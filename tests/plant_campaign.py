"""The tiny campaign with marks in every place where people and programs may leave data."""

# ruff: noqa: E501  a table of files is read in its own lines

from __future__ import annotations

import shutil
from pathlib import Path

import planted
import recorded

RELEASE = """---
title: PLANTED-embargo-title of a release
release_date: 2026-12-24T09:00+08:00
embargo: 2026-12-24T10:00+08:00
for: [public]
languages: [fil]
contact: "PLANTED-embargo-contact"
dateline: PLANTED-embargo-dateline
headline: PLANTED-embargo-front  # PLANTED-embargo-yaml
---

The PLANTED-embargo-text speaks of a day to come, and must not be read before it.
"""
STRAYS = ("notes.pdf", "old.png", "song.mp3", "sheet.css", "PLANTED-name-stray.pdf", "deep/er/page.opus")
LEFTOVERS = (
    *("Thumbs.db", ".DS_Store", "desktop.ini", "._boil.md", "~$boil.docx", "boil.md~", "boil.md.bak", "x.part"),
    *("boil.sync-conflict-20261130-101500-ABCDEFG.md", "boil (Ana's conflicted copy 2026-11-30).md", "boil.md.orig"),
    *("boil (copia en conflicto de Ana 2026-11-30).md", "boil_conflict-20261130-101500.md", ".boil.md.swp"),
)


def plant(root: Path) -> None:
    """Mark the files of a copy of the tiny campaign."""
    photos, posters, fil = root / "assets/photos", root / "assets/posters/boil-the-water", root / "docs/fil"
    for name, data in {
        "hills.jpg": planted.jpeg("jpeg", 1500), "river.png": planted.png("photo-png", 1500), "well.webp": planted.webp("photo-webp"),
        "field.tif": planted.tiff("photo-tiff"), "coast.heic": planted.heic("photo-heic"),
    }.items():  # fmt: skip
        (photos / name).write_bytes(data)
        text = (photos / "hills.yml").read_text("utf-8")
        (photos / name).with_suffix(".yml").write_text(f"# PLANTED-yaml-comment\n{text}", "utf-8")
    for words in root.glob("docs/*/_photos.yml"):
        lines = "".join(f'{name}: {{caption: "-", alt: "-"}}\n' for name in ("river", "well", "field", "coast"))
        words.write_text(f"{words.read_text('utf-8')}# PLANTED-yaml-words\n{lines}", "utf-8")
    box = "-5 -5 307 430"
    for name, size in (("art", box), ("cover", "0 0 200 200"), ("hero", "0 0 1200 400")):
        before = (posters / f"{name}.svg").read_text("utf-8")
        size = before.partition('viewBox="')[2].partition('"')[0]
        inner = before.partition(">")[2].rpartition("</svg>")[0]
        (posters / f"{name}.svg").write_bytes(planted.svg(f"poster-{name}", size, inner, name != "cover"))
    drawn = (("logos", ["water"], planted.svg), ("pictograms", ["boil", "cup", "hands", "download"], planted.pictogram))
    for kind, names, draw in drawn:
        for name in names:
            (root / f"assets/{kind}/{name}.svg").write_bytes(draw(f"{kind}-{name}"))
    (root / "assets/partners").mkdir()
    (root / "assets/partners/water.png").write_bytes(planted.png("partner", 900))
    (root / "assets/partners/water.yml").write_text(
        "name: Water\ncredit: Water\nlicence: CC0-1.0  # PLANTED-yaml-partner\n"
    )
    (fil / "pot-on-the-fire.png").write_bytes(planted.png("page-png"))
    (fil / "boil.mp3").write_bytes(recorded.mp3(20_000, marks=True))
    (fil / "boil.opus").write_bytes(recorded.ogg("opus", 20_000, marks=True))
    (root / "docs/ar/boil.ogg").write_bytes(recorded.ogg("vorbis", 20_000, marks=True))
    (fil / "table.pdf").write_bytes(planted.pdf("linked-pdf"))
    with (fil / "boil.md").open("a", encoding="utf-8") as page:
        page.write("\n[Table](table.pdf)\n")
    public = root / "public/wells"
    public.mkdir(parents=True)
    for name, data in {
        "PHONE.JPG": planted.jpeg("public-jpeg"), "map.png": planted.png("public-png"), "well.webp": planted.webp("public-webp"),
        "rules.pdf": planted.pdf("public-pdf"), "song.mp3": recorded.mp3(20_000, marks=True), "cup.svg": planted.pictogram("public-svg"),
        "form.docx": planted.office("docx"), "prices.xlsx": planted.office("xlsx"), "talk.pptx": planted.office("pptx"),
    }.items():  # fmt: skip
        (public / name).write_bytes(data)
    (fil / "press/embargoed.md").write_text(RELEASE, "utf-8")
    (fil / "press/embargoed.mp3").write_bytes(recorded.mp3(marks=True) + b"PLANTED-embargo-sound")
    (root / "assets/fonts").mkdir()
    here = Path(__file__).parents[1] / "assets/fonts"
    (root / "assets/fonts/Marked.ttf").write_bytes(planted.font(here / "Andika-Regular.ttf"))
    for top in ("docs/fil", "assets/photos", "assets/posters/boil-the-water", "assets/contacts", "docs/ar", "public"):
        (root / top).mkdir(exist_ok=True)
        for name in LEFTOVERS:
            (root / top / name).write_bytes(b"---\ntitle: PLANTED-leftover\n---\nPLANTED-leftover\n")
    for name in STRAYS:
        (fil / name).parent.mkdir(parents=True, exist_ok=True)
        (fil / name).write_bytes(b"PLANTED-stray")
    settings = root / "mkdocs.yml"
    text = settings.read_text("utf-8").replace(
        "      audiences:",
        "      partners: [water]\n      packs: {health: {for: [health-workers, public], press_kit: yes}}\n      audiences:",
    )
    settings.write_text(f"# PLANTED-yaml-settings\n{text}", "utf-8")


def copy_planted(tiny: Path, target: Path) -> Path:
    """A marked copy."""
    for part in ("docs", "assets", "mkdocs.yml"):
        source = tiny / part
        shutil.copytree(source, target / part) if source.is_dir() else (
            target.mkdir(exist_ok=True),
            shutil.copy(source, target),
        )
    plant(target)
    return target
