"""Outputs move into place completely, on Windows too, where a file that is open holds its folder; and what cannot be
made any more does not lie among what can.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import time
from pathlib import Path

import pytest
from conftest import built_once, copy_or_link, run

from campaign.cache import atomic as placing
from campaign.cache.memo import Memo
from campaign.cache.output_tree import OutputTree, record_rows
from campaign.cache.store import hash_file
from campaign.models.problem import CampaignError
from campaign.pipeline.build import build
from campaign.pipeline.report import Selection
from campaign.pipeline.selected import make_pieces
from campaign.website.page_cache import write_new


@pytest.fixture
def root(small, tmp_path) -> Path:
    """A campaign with one place, built."""
    return shutil.copytree(small, tmp_path / "campaign", copy_function=copy_or_link)


@pytest.fixture
def opened(monkeypatch) -> set[Path]:
    """Files that a program has open, as on Windows: neither they nor a folder above them can be moved or replaced."""
    held: set[Path] = set()

    def as_on_windows(action):
        def act(source, target):
            paths = (Path(source), Path(target))
            if any(file.is_relative_to(path) for file in held if file.exists() for path in paths):
                raise PermissionError(13, "The process cannot access the file: another process uses it")
            action(source, target)

        return act

    for name in ("rename", "replace"):
        monkeypatch.setattr(os, name, as_on_windows(getattr(os, name)))
    monkeypatch.setattr(placing, "RETRY_TIMEOUT_S", 0.1)
    return held


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def change(root: Path, name: str, old: str, new: str) -> None:
    text = (root / name).read_text(encoding="utf-8")
    assert old in text
    (root / name).write_text(text.replace(old, new, 1), encoding="utf-8")


def new_word(root: Path, times: int = 1) -> None:
    """Into one Arabic leaflet, so that it and its page change; repeated until it no longer fits."""
    change(root, "docs/ar/leaflets/boil-the-water.md", "{#left}\n", "{#left}\n\n" + "ماء نظيف.\n\n" * times)


def renamed_place(root: Path) -> None:
    """So that files go, others come, and most stay."""
    (root / "assets/contacts/hill.yml").rename(root / "assets/contacts/mound.yml")
    change(root, "mkdocs.yml", "hill", "mound")


LEAFLET = "national/ar/office/boil-the-water-ar-tri-fold.pdf"
LEAFLET_OF_PLACE = "hill/ar/office/boil-the-water-ar-hill-tri-fold.pdf"


@pytest.fixture(scope="module")
def as_it_should_be(small, tmp_path_factory) -> dict[str, bytes]:
    """site/ and dist/ after both changes, built where nothing is open."""

    def make(root: Path) -> None:
        shutil.copytree(small, root, copy_function=copy_or_link)
        new_word(root)
        renamed_place(root)
        run(root, "build")

    return placed(built_once(tmp_path_factory, "placed", make)[0])


def placed(root: Path) -> dict[str, bytes]:
    return {f"{name}/{file}": data for name in placing.OUTPUTS for file, data in files_of(root / name).items()}


@pytest.mark.long
def test_open_file_that_stays_as_it_is_hinders_no_build(root, opened, as_it_should_be):
    opened |= {root / "dist/national/fil/office/boil-the-water-fil-tri-fold.pdf", root / "site/favicon.svg"}
    new_word(root)
    renamed_place(root)
    report = build(root)
    assert not report.stops
    assert placed(root) == as_it_should_be
    assert not [path for path in root.glob("dist/**/*") if path.is_dir() and not any(path.iterdir())]
    assert build(root).is_noop


@pytest.mark.long
def test_open_file_that_would_be_replaced_is_named_and_all_stays(root, opened, as_it_should_be):
    before = placed(root)
    opened |= {
        root / "dist" / LEAFLET,
        root / "site/ar/leaflets/boil-the-water.html",
        root / "dist" / LEAFLET_OF_PLACE,
    }
    new_word(root)
    renamed_place(root)
    with pytest.raises(CampaignError) as refused:
        build(root)
    assert {root / problem.where for problem in refused.value.problems} == opened
    assert placed(root) == before
    opened.clear()
    build(root)
    assert placed(root) == as_it_should_be


@pytest.mark.long
def test_open_leaflet_is_named_and_the_others_are_made(root, opened):
    before = files_of(root / "dist")
    opened.add(root / "dist" / LEAFLET)
    new_word(root)
    report = make_pieces(root, Selection(kinds=frozenset({"leaflet"})))
    after = files_of(root / "dist")
    assert [problem.where for problem in report.problems if problem.stops] == [f"dist/{LEAFLET}"]
    assert after[LEAFLET] == before[LEAFLET]
    assert after[LEAFLET_OF_PLACE] != before[LEAFLET_OF_PLACE]
    assert after.keys() == before.keys()


@pytest.mark.long
def test_interrupted_exchange_of_files_is_finished_by_the_next_run(root, opened, as_it_should_be, monkeypatch):
    opened.add(root / "dist/national/fil/office/boil-the-water-fil-tri-fold.pdf")
    new_word(root)
    renamed_place(root)

    def interrupted(source, target):
        raise KeyboardInterrupt(source, target)

    with monkeypatch.context() as patch:
        patch.setattr(shutil, "copy2", interrupted)
        with pytest.raises(KeyboardInterrupt):
            build(root)
    assert placed(root) != as_it_should_be
    build(root)
    assert placed(root) == as_it_should_be


@pytest.mark.long
def test_next_build_writes_into_nothing_that_stands_and_leaves_nothing_of_what_was_replaced(
    root, as_it_should_be, monkeypatch
):
    """Unchanged files are linked: the same inode before and after."""
    new_word(root)
    build(root)
    renamed_place(root)
    before = placed(root)
    with monkeypatch.context() as patch:
        patch.setattr(placing, "publish", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            build(root)
    assert placed(root) == before
    numbers = {name: (root / name).stat().st_ino for name in before}
    build(root)
    assert placed(root) == as_it_should_be
    stayed = [name for name in numbers if as_it_should_be.get(name) == before[name]]
    assert len(stayed) > 40
    assert [name for name in stayed if (root / name).stat().st_ino != numbers[name]] == []
    assert not (root / ".build/old").exists()


def test_what_another_process_puts_into_a_folder_is_known_and_linked_files_are_never_written_into(tmp_path):
    memo = Memo(None)
    tree = OutputTree(tmp_path, "site", memo)
    for name in ("a.html", "b.html", "c.html"):
        tree.write(name, b"one")
    placing.publish(tmp_path, tree.close())
    record_rows(memo, "site", tree.rows())
    again = OutputTree(tmp_path, "site", memo)
    again.write("a.html", b"one")
    again.write("b.html", b"one")
    other = again.part()
    other.write("b.html", b"two")
    other.write("c.html", b"one")
    again.merge(other.placed_files)
    assert again.close() == [f"{again.new}/b.html"]
    assert (tmp_path / "site/b.html").read_bytes() == b"one"
    assert not again.is_unchanged()
    other.write("b.html", b"one")
    again.merge(other.placed_files)
    assert again.close() == []
    assert again.is_unchanged()
    assert again.changed(again.rows()) == set()
    # What only some may read isn't the output that was placed.
    (tmp_path / "site/a.html").chmod(0o600)
    last = OutputTree(tmp_path, "site", memo)
    last.write("a.html", b"one")
    last.write("b.html", b"one")
    assert last.close() == [f"{last.new}/a.html"]
    # Nor does the cache of pages write into a file that has a second name.
    write_new(last.new / "b.html", b"two")
    assert [(folder / "b.html").read_bytes() for folder in (tmp_path / "site", last.new)] == [b"one", b"two"]


@pytest.mark.parametrize("is_moved", [False, True])
def test_half_a_journal_brings_the_old_files_back(tmp_path, is_moved):
    new, journal = tmp_path / ".build/new/site/a.html", tmp_path / ".build/journal.json"
    old = tmp_path / (".build/old/site/a.html" if is_moved else "site/a.html")
    for path, data in ((new, b"half"), (old, b"old"), (journal, b'["si')):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    assert placing.finish_publishing(tmp_path)
    assert (tmp_path / "site/a.html").read_bytes() == b"old"
    assert not journal.exists()


def test_new_files_are_on_the_disk_before_old_ones_go_and_nothing_is_left_of_those(tmp_path, monkeypatch):
    """A power cut leaves the old files or the new ones, never empty ones."""
    events, sync, replace = [], os.fsync, os.replace

    def synced(number: int) -> None:
        events.append(os.fstat(number).st_ino)
        sync(number)

    def replaced(source, target) -> None:
        replace(source, target)
        events.append(Path(target).relative_to(tmp_path).as_posix())

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(os, "replace", replaced)
    for text, moves in ((b"old", ["site"]), (b"new", [".build/old/site", "site"])):
        tree = OutputTree(tmp_path, "site", Memo(None))
        tree.write("a.html", text)
        events.clear()
        placing.publish(tmp_path, tree.close())
        page, journal = (tmp_path / "site/a.html").stat().st_ino, events[1]
        assert events == [page, journal, ".build/journal.json", *moves]
        assert isinstance(journal, int), "the journal is written like the files"
        assert (tmp_path / "site/a.html").read_bytes() == text
    assert not (tmp_path / ".build/old").exists(), "a withdrawn number is kept"


@pytest.mark.long
def test_what_no_piece_is_made_of_any_more_leaves_the_store(root):
    new_word(root)
    report = build(root)
    stored = {path.stem for path in (root / ".build/store").glob("*/*")}
    assert stored == {artifact.file.stem for artifact in report.made}


def test_file_with_another_time_is_read_again_though_its_size_is_the_same(tmp_path):
    memo, file = Memo(None), tmp_path / "a.txt"
    hashes = []
    for day, text in enumerate((b"one", b"two")):
        file.write_bytes(text)
        os.utime(file, (day * 86_400, day * 86_400))
        hashes.append(hash_file(file, "a.txt", memo))
    assert hashes == [hashlib.sha256(text).hexdigest() for text in (b"one", b"two")]


def test_file_whose_old_time_is_set_again_is_read_again(tmp_path):
    memo, file, old = Memo(None), tmp_path / "a.txt", (86_400, 86_400)
    for text in (b"one", b"two"):
        file.write_bytes(text)
        os.utime(file, old)
        assert hash_file(file, "a.txt", memo) == hashlib.sha256(text).hexdigest()
        time.sleep(0.02)  # longer than a tick of the file system's clock


def test_source_that_changes_before_it_is_copied_is_recorded_as_copied(tmp_path):
    tree, source = OutputTree(tmp_path, "site", Memo(None)), tmp_path / "a.txt"
    source.write_bytes(b"new")
    tree.place("a.txt", source, hashlib.sha256(b"old").hexdigest())
    assert tree.placed_files.hashes["a.txt"] == hashlib.sha256(b"new").hexdigest()


def test_file_written_twice_in_one_tick_of_the_clock_is_read_twice(tmp_path):
    """Size and time of both are alike."""
    file, memo = tmp_path / "words.md", Memo(None)
    file.write_text("before")
    times = file.stat()
    before = hash_file(file, "words.md", memo)
    file.write_text("behind")
    os.utime(file, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert hash_file(file, "words.md", memo) != before


def test_piece_that_is_refused_lies_apart_as_outdated_until_it_is_made(root):
    before, text = files_of(root / "dist"), root / "docs/ar/leaflets/boil-the-water.md"
    fitting = text.read_bytes()
    new_word(root, times=400)
    output = run(root, "leaflets", "--language", "ar", "--language", "km", code=1)
    refused = {name for name in before if "-tri-fold" in name and "/ar/" in name and name.endswith(".pdf")}
    after = files_of(root / "dist")
    assert refused
    assert {name for name in after if not name.startswith("outdated/")} == before.keys() - refused
    assert {name: after[f"outdated/{name}"] for name in refused} == {name: before[name] for name in refused}
    assert f"Not made: dist/{LEAFLET}" in output.splitlines()[-20:]
    assert "dist/outdated/" in output
    text.write_bytes(fitting)
    run(root, "leaflets", "--language", "ar")
    assert files_of(root / "dist") == before
