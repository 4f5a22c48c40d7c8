"""A second build without caches is byte-identical to the first."""

from __future__ import annotations

from conftest import copy_campaign, run


def test_made_twice_is_the_same_bytes(tiny, tmp_path):
    """Each kind of piece and picture, in one language. Pages: test_build.py, test_growth.py; kits: test_press.py."""
    again = copy_campaign(tiny, tmp_path / "again")
    run(again, "prints", "--language", "ar", "--place", "national", "--place", "coast")
    run(again, "pictures", "--language", "ar")
    folders = (again / "dist", again / ".build/store")
    names = [path.relative_to(again) for folder in folders for path in folder.rglob("*") if path.is_file()]
    assert {path.name for path in folders[0].iterdir()} == {"national", "coast", "pictures", "thumbnails"}
    assert {name.suffix for name in names} >= {".pdf", ".png", ".avif", ".webp", ".jpeg", ".docx", ".txt"}
    assert [name for name in names if (again / name).read_bytes() != (tiny / name).read_bytes()] == []
