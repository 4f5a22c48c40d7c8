"""Cached files are only used undamaged, and made again otherwise."""

from __future__ import annotations

import os
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from conftest import IS_WHOLE, run

MEMO = "memo.sqlite"
# The contents of .build, by glob patterns. Each file of the store is compared separately: one that is
# damaged repairs no other.
STORED_ENDINGS = ("pdf", "docx", "txt", "zip", "png", "webp", "jpeg", "avif")
KINDS = {
    "finished pieces": [f"store/*/*.{ending}" for ending in STORED_ENDINGS],
    "pages": ["pages/*/*"],
    "files from all texts": ["texts/*/*"],
    "rows of the cache": [MEMO],
    "pages of the cache": [f"{MEMO}*"],
}
# Several at once: files that are made again by nothing but their own damage, and the notes that lead to them.
TOGETHER = (
    ("finished pieces", "pages", "files from all texts"),
    ("rows of the cache", "pages of the cache"),
)
# Every n-th file of a kind: they are checked one by one.
STEP = 1 if IS_WHOLE else 9


@pytest.fixture
def whole(small, tmp_path) -> Path:
    """A campaign with everything that its build left, in a separate folder."""
    return shutil.copytree(small, tmp_path / "whole")


def files_of(root: Path) -> dict[str, bytes]:
    """Every file of site/ and dist/."""
    paths = (path for name in ("site", "dist") for path in (root / name).rglob("*") if path.is_file())
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in paths}


def unlike(first: dict[str, bytes], second: dict[str, bytes]) -> list[str]:
    return sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))


def flip(path: Path) -> None:
    """One byte in the middle, of a memo in each page of it, as a disk fails: the file's time stays."""
    before, data = path.stat(), path.read_bytes()
    size = 4096 if path.name == MEMO else len(data)
    parts = [data[index : index + size] for index in range(0, len(data), size)]
    path.unlink()  # pages in site/ may be the same file
    path.write_bytes(b"".join(map(flipped, parts)))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def flipped(data: bytes) -> bytes:
    middle = len(data) // 2
    return data[:middle] + bytes([data[middle] ^ 1]) + data[middle + 1 :]


def flip_rows(path: Path) -> None:
    """Each row of a memo says another thing, so that the file is sound and nothing in it is."""
    with closing(sqlite3.connect(path)) as db:
        rows = db.execute("SELECT value, rowid FROM known").fetchall()
        db.executemany("UPDATE known SET value = ? WHERE rowid = ?", [(flipped(value), row) for value, row in rows])
        db.commit()


@pytest.mark.parametrize("kinds", [(kind,) for kind in KINDS] if IS_WHOLE else TOGETHER, ids=", ".join)
def test_what_is_damaged_is_made_again(whole, kinds):
    expected = files_of(whole)
    for pattern in (pattern for kind in kinds for pattern in KINDS[kind]):
        damaged = sorted(path for path in (whole / ".build").glob(pattern) if path.is_file())
        assert damaged, pattern
        for path in damaged[::STEP]:
            (flip_rows if kinds == ("rows of the cache",) else flip)(path)
    for name in ("site", "dist"):
        shutil.rmtree(whole / name)
    run(whole, "build")
    assert unlike(expected, files_of(whole)) == []
    assert "Nothing to do" in run(whole, "build")


def test_damaged_piece_is_not_handed_over_by_itself(whole):
    expected = files_of(whole)
    for path in whole.glob(".build/store/*/*.pdf"):
        flip(path)
    shutil.rmtree(whole / "dist")
    run(whole, "leaflets", "--language", "km", "--place", "hill")
    results = {name: data for name, data in files_of(whole).items() if name.startswith("dist/")}
    assert len(results) == 3
    assert [name for name, data in results.items() if data != expected[name]] == []
