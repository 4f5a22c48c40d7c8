"""After each of forty kinds of change site/ and dist/ equal a build from nothing, byte for byte."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

from conftest import run
from recorded import mp3

Change = Callable[[Path], None]
DAY = int(os.environ["SOURCE_DATE_EPOCH"])


def replace(name: str, old: str, new: str) -> Change:
    def change(root: Path) -> None:
        text = (root / name).read_text(encoding="utf-8")
        assert old in text, (name, old)
        (root / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def write(name: str, text: str) -> Change:
    def change(root: Path) -> None:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")

    return change


def copy(old: str, new: str) -> Change:
    return lambda root: shutil.copyfile(root / old, root / new) and None


def move(old: str, new: str) -> Change:
    return lambda root: (root / old).rename(root / new) and None


def remove(name: str) -> Change:
    return lambda root: (root / name).unlink()


def both(*changes: Change) -> Change:
    def change(root: Path) -> None:
        for each in changes:
            each(root)

    return change


PAGE = "---\ntitle: {title}\ndescription: Isang pahina.\nfor: [{audience}]\n{more}---\n\n## Una {{#una}}\n\nTubig.\n"
RELEASE = (
    'layout: release\nheadline: "Tubig"\ndateline: "Ilog, Nobyembre 2026"\ncontact: "office"\n'
    "release_date: 2026-11-20T09:00+09:00\nembargo: 2027-01-01T09:00+09:00\n"
)
# Each change builds on the ones before.
CHANGES: dict[str, Change] = {
    "a sentence on a page": replace("docs/fil/boil.md", "\n\n## ", "\n\nMalinis na tubig.\n\n## "),
    "a sentence that goes": replace("docs/fil/boil.md", "\n\nMalinis na tubig.\n\n## ", "\n\n## "),
    "a title in the menu": replace("docs/ar/get-help.md", "title: ", "title: ١ "),
    "a description": replace("docs/fil/boil.md", "description: ", "description: Bago. "),
    "a word of a leaflet": replace("docs/ar/leaflets/boil-the-water.md", "{#left}\n", "{#left}\n\nماء نظيف.\n"),
    "the title of a poster": replace("docs/km/posters/boil-the-water.md", "title: ", "title: ១ "),
    "what a picture shows": replace("docs/fil/posters/boil-the-water.md", "alt: ", "alt: Bago. "),
    "a word of the interface": replace("docs/ar/_strings.yml", 'menu: "', 'menu: "ال'),
    "a word on paper": replace("docs/fil/_strings.yml", 'national: "', 'national: "Ang '),
    "a source": replace("docs/_sources.yml", 'title: "', 'title: "Re: '),
    "the number of a place": replace("assets/contacts/hill.yml", "946 0018", "946 0019"),
    "a national number": replace("assets/contacts/national.yml", "07700 900112", "07700 900113"),
    "when somebody answers": replace("assets/contacts/hill.yml", "7:30-16:00", "7:30-17:00"),
    "a number that was made sure of": replace("assets/contacts/hill.yml", "2026-01-10", "2026-11-20"),
    "a contact that goes": lambda root: (
        (root / "assets/contacts/hill.yml").write_text(
            (root / "assets/contacts/hill.yml").read_text("utf-8").partition("  - id: hill-water")[0], "utf-8"
        )
        and None
    ),
    "the name of a place": replace("assets/contacts/hill.yml", "fil: Burol", "fil: Bundok"),
    "another place": both(
        write("assets/contacts/lake.yml", "names: {fil: Lawa, ar: بحيرة, km: បឹង}\niso: ''\ncontacts: []\n"),
        replace("mkdocs.yml", "places: [hill]", "places: [hill, lake]"),
    ),
    "a place that goes": both(
        remove("assets/contacts/lake.yml"), replace("mkdocs.yml", "places: [hill, lake]", "places: [hill]")
    ),
    "the campaign's name": replace("mkdocs.yml", "site_name: Ligtas", "site_name: Napakaligtas"),
    "its version": replace("mkdocs.yml", 'version: "1"', 'version: "2"'),
    "its date": replace("mkdocs.yml", "date: 2026-11-25", "date: 2026-11-26"),
    "its address": replace("mkdocs.yml", "https://water.example/", "https://water.example/tubig/"),
    "the order of the menu": replace("mkdocs.yml", "  - boil.md\n  - get-help.md\n", "  - get-help.md\n  - boil.md\n"),
    "a colour": replace("assets/identity.yml", "#b4d0cd", "#b5d0cd"),
    "a pictogram": replace("assets/pictograms/phone.svg", 'stroke-width="2"', 'stroke-width="3"'),
    "the drawing of a poster": replace("assets/posters/boil-the-water/art.svg", "#6fb0aa", "#6fb0ab"),
    "whose drawing it is": replace("assets/posters/boil-the-water/poster.yml", "credit: ", "credit: Bago, "),
    "a logo": copy("assets/pictograms/cup.svg", "assets/logos/cup.svg"),
    "the caption of a photo": replace("docs/fil/_photos.yml", "Mga burol", "Ang mga burol"),
    "a picture on a page": both(
        copy("docs/fil/pot-on-the-fire.png", "docs/fil/pot.png"),
        replace("docs/fil/boil.md", "pot-on-the-fire.png", "pot.png"),
    ),
    "a new page": write("docs/fil/bago.md", PAGE.format(title="Bago", audience="public", more="")),
    "whom a page is for": replace("docs/fil/bago.md", "for: [public]", "for: [health-workers]"),
    "a page with another name": move("docs/fil/bago.md", "docs/fil/luma.md"),
    "a page that goes": remove("docs/fil/luma.md"),
    "a translation that goes": remove("docs/km/get-help.md"),
    "a release under embargo": write(
        "docs/fil/press/una.md", PAGE.format(title="Una", audience="public", more=RELEASE)
    ),
    "a recording": lambda root: (root / "docs/fil/boil.mp3").write_bytes(mp3()) and None,
    "a file for the host": write("public/.well-known/security.txt", "Contact: mailto:water@water.example\n"),
    "the licence of the campaign": write("LICENSE", "Free for everybody.\n"),
    "a number that two looked up": replace(
        "assets/contacts/national.yml",
        "    source: drama-numbers\n",
        "    source: drama-numbers\n    checked: {on: 2026-11-20, how: official-source}\n"
        "    again: {phone: 07700 900113, by: Berta, first: Ana}\n",
    ),
    "orders for the print shop": write(
        "assets/print-run.yml",
        "boil-the-water:\n  tri-fold:\n    paper: 115 g\n    copies:\n      fil: {national: 500}\n",
    ),
    "how the site looks": write("overrides/README", "not a template\n"),
    "half a year": both(
        remove("assets/print-run.yml"), lambda _: os.environ.update(SOURCE_DATE_EPOCH=str(DAY + 190 * 86_400))
    ),
}


def made_at(root: Path) -> Callable[[str, list[str]], set[str]]:
    """Left out of a copy: all outputs."""
    return lambda folder, _: {"site", "dist", ".build"} if folder == str(root) else set()


def tree(root: Path) -> dict[str, str]:
    paths = (path for name in ("site", "dist") for path in (root / name).rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in paths}


def test_built_after_each_change_as_from_nothing(small, tmp_path, monkeypatch):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(DAY))
    root = shutil.copytree(small, tmp_path / "warm")
    assert len(CHANGES) >= 40
    wrong = {}
    for number, (what, change) in enumerate(CHANGES.items()):
        change(root)
        output = run(root, "build", code=None)
        nothing = tmp_path / f"cold-{number}"
        shutil.copytree(root, nothing, ignore=made_at(root))
        fresh = run(nothing, "build", code=None)
        if ("problem " in output, tree(root)) != ("problem " in fresh, tree(nothing)):
            first, second = tree(root), tree(nothing)
            wrong[what] = sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))
        assert "problem " not in output, (what, output)
        assert "Nothing to do" in run(root, "build"), what
        shutil.rmtree(nothing)
    assert wrong == {}
