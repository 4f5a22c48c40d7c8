"""What is kept is used only as it was made, and made of what the files say: damage, and changes while a build runs."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterable
from itertools import cycle
from pathlib import Path

import pytest
from conftest import copy_campaign, run

from campaign.pipeline.build import build

# What lies below .build, by the patterns that find it there. Each file of the store is compared by itself: one that is
# damaged mends no other.
STORED = ("pdf", "docx", "txt", "zip", "png", "webp", "jpeg", "avif")
KINDS = {
    "what is handed over": [f"store/*/*.{ending}" for ending in STORED],
    "notes of the store": ["store/*/*.json"],
    "pages": ["pages/*/*"],
    "what is made of all texts": ["texts/*/*"],
    "notes of pages": ["pages/*.json"],
    "notes of texts": ["texts/*.json"],
    "notes": ["*.json"],
}


@pytest.fixture
def whole(small, tmp_path) -> Path:
    """A campaign with all that its build left, in a folder of its own."""
    return shutil.copytree(small, tmp_path / "whole")


def files_of(root: Path) -> dict[str, bytes]:
    """Every file of site/ and dist/."""
    paths = (path for name in ("site", "dist") for path in (root / name).rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def unlike(first: dict[str, bytes], second: dict[str, bytes]) -> list[str]:
    return sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))


def flip(path: Path) -> None:
    """One byte in the middle, of notes in the middle of each line, as a disk fails: the file's time stays."""
    before, lines = path.stat(), path.read_bytes().splitlines(keepends=True)
    parts = lines if path.suffix == ".json" else [b"".join(lines)]
    damaged = [part[: (n := len(part) // 2)] + bytes([part[n] ^ 1]) + part[n + 1 :] for part in parts]
    path.unlink()  # pages in site/ may be the same file
    path.write_bytes(b"".join(damaged))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize("kind", KINDS)
def test_what_is_damaged_is_made_again(whole, kind):
    wanted = files_of(whole)
    for pattern in KINDS[kind]:
        damaged = [path for path in (whole / ".build").glob(pattern) if path.is_file()]
        assert damaged, pattern
        for path in damaged:
            flip(path)
    for name in ("site", "dist"):
        shutil.rmtree(whole / name)
    run(whole, "build")
    assert unlike(wanted, files_of(whole)) == []
    assert "Nothing to do" in run(whole, "build")


def test_damaged_piece_is_not_handed_over_by_itself(whole):
    wanted = files_of(whole)
    for path in whole.glob(".build/store/*/*.pdf"):
        flip(path)
    shutil.rmtree(whole / "dist")
    run(whole, "leaflets", "--language", "km", "--place", "hill")
    found = {name: data for name, data in files_of(whole).items() if name.startswith("dist/")}
    assert len(found) == 3
    assert [name for name, data in found.items() if data != wanted[name]] == []


# A file of each sort, and a change to it; and the moments of a build that one falls into.
MOMENTS = ("list", "print", "website", "check")
EDITS = {
    "page": ("docs/fil/boil.md", "\n\n", "\n\nBAGO.\n\n"),
    "words": ("docs/ar/_strings.yml", 'menu: "', 'menu: "BAGO'),
    "number": ("assets/contacts/hill.yml", "946 0018", "946 0019"),
    "name": ("mkdocs.yml", "site_name: ", "site_name: BAGO "),
    "look": ("assets/identity.yml", "#b4d0cd", "#b5d0cd"),
    "drawing": ("assets/pictograms/phone.svg", 'stroke-width="2"', 'stroke-width="3"'),
}


def edit(root: Path, which: Iterable[str] = EDITS) -> None:
    for name, old, new in map(EDITS.__getitem__, which):
        text = (root / name).read_text(encoding="utf-8")
        assert old in text, name
        (root / name).write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.fixture(scope="module")
def edited(small, tmp_path_factory) -> Path:
    """The same campaign with every edit, built."""
    root = copy_campaign(small, tmp_path_factory.mktemp("edited") / "campaign", is_warm=True)
    edit(root)
    run(root, "build")
    return root


def test_what_is_edited_while_a_build_runs_is_published_by_the_next(small, edited, tmp_path):
    """And what was kept meanwhile is no harm to whoever takes the edit back. Other moments: tests/long."""
    edit_while_building(small, edited, tmp_path, dict(zip(EDITS, cycle(MOMENTS), strict=False)))


def edit_while_building(small: Path, edited: Path, tmp_path: Path, moments: dict[str, str]) -> None:
    """moments: when each of EDITS is made."""
    root = copy_campaign(small, tmp_path / "campaign", is_warm=True)
    store = root / ".build/store"
    next(store.glob("*/*.pdf")).unlink()
    for name in ("pages", "texts"):
        shutil.rmtree(root / ".build" / name)
    left = dict(moments)

    def progress(*step: str | int) -> None:
        due = [name for name, moment in left.items() if moment == step[0]]
        edit(root, due)
        for name in due:
            del left[name]

    said = [problem.what for problem in build(root, progress).problems]
    assert not left
    assert [what for what in said if "was changed while" in what]
    taken_back = shutil.copytree(root, tmp_path / "taken-back")
    for folder, states in (root, (edited,)), (taken_back, (small, edited)):
        for state in states:
            for path in (edited, small):  # what was made of both texts, lest all of it is made once more
                shutil.copytree(path / ".build/store", folder / ".build/store", dirs_exist_ok=True)
            for name, *_ in EDITS.values():
                shutil.copyfile(state / name, folder / name)
            run(folder, "build")
            assert unlike(files_of(state), files_of(folder)) == []
