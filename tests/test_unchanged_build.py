"""A build without changes reads nothing; any changed input makes it read again."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from datetime import timedelta
from itertools import groupby
from pathlib import Path
from typing import cast

import pytest
from conftest import copy_campaign
from edits import DAY

from campaign.cache import memo, program
from campaign.cache.inputs import describe_entries
from campaign.content import clock
from campaign.models.page import Page
from campaign.pipeline import unchanged_build as module
from campaign.pipeline.build import build
from campaign.pipeline.jobs import DRAWN_KINDS
from campaign.pipeline.makers import key_of
from campaign.pipeline.reading import read
from campaign.pipeline.unchanged_build import report_if_unchanged
from campaign.plan.outputs import catalogue


@pytest.fixture(scope="module")
def built(small, tmp_path_factory) -> Path:
    """Built in place: files are recognised by their times."""
    root = copy_campaign(small, tmp_path_factory.mktemp("unchanged") / "campaign", is_warm=True)
    assert not build(root).stops
    for path in (root / "docs").rglob("*"):  # as if it had been written long ago
        os.utime(path, (1.7e9, 1.7e9))
    build(root)
    return root


@pytest.fixture
def root(built, tmp_path) -> Path:
    """A copy of hard links: tests replace files instead of writing into them. Builds write into the database."""
    copy = shutil.copytree(built, tmp_path / "campaign", symlinks=True, copy_function=os.link)
    for path in (copy / ".build").glob(f"{memo.NAME}*"):
        path.unlink()
        shutil.copy2(built / ".build" / path.name, path)
    return copy


def test_report_is_what_the_whole_build_says(built):
    known, whole = report_if_unchanged(built, False), build(built)
    assert known is not None
    assert known.is_noop
    assert (known.problems, known.made, known.silence) == (whole.problems, whole.made, whole.silence)


def write(name: str, text: str = "x"):
    def change(root: Path) -> None:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        before = (root / name).read_text(encoding="utf-8") if (root / name).exists() else ""
        (root / name).unlink(missing_ok=True)
        (root / name).write_text(before + text, encoding="utf-8")

    return change


def damage(root: Path) -> None:
    file = root / ".build" / memo.NAME
    file.write_bytes(file.read_bytes()[:5000])


CHANGES = {
    "a sentence": write("docs/fil/boil.md", "\nTubig.\n"),
    "a word": write("docs/ar/_strings.yml", "\n# new\n"),
    "a setting": write("mkdocs.yml", "\n"),
    "a table beside it": write("places.csv"),
    "a licence that kits hold": write("LICENSE"),
    "what a host reads": write("netlify.toml", 'token = "abcdefghijklmnop"\n'),
    "a workflow": write(".github/workflows/site.yml"),
    "a file for the host": write("public/CNAME"),
    "an empty folder that no other computer could have": lambda root: (root / "docs/fil/aux").mkdir(),
    "a link": lambda root: (root / "docs/fil/link.md").symlink_to("boil.md"),
    "a page that goes": lambda root: (root / "docs/ar/get-help.md").unlink(),
    "a drawing": write("assets/pictograms/phone.svg", "<!-- -->"),
    "a file of the site": write("site/index.html"),
    "a file of dist/ that goes": lambda root: next((root / "dist").rglob("*.pdf")).unlink(),
    "a file of someone else": write("dist/mine.txt"),
    "a folder that asks for a place": lambda root: (root / "dist/hill-2").mkdir(),
    "what was being moved": write(".build/journal.json"),
    "a memo that is damaged": damage,
    "no memo": lambda root: (root / ".build" / memo.NAME).unlink(),
}


def test_copy_is_unchanged_too(root):
    assert report_if_unchanged(root, False) is not None


@pytest.mark.parametrize("what", CHANGES)
def test_whatever_changed_is_seen(root, what):
    CHANGES[what](root)
    assert report_if_unchanged(root, False) is None


def test_another_day_other_programs_and_trust_are_seen(built, monkeypatch):
    assert report_if_unchanged(built, True) is None
    with monkeypatch.context() as patch:
        patch.setenv("SOURCE_DATE_EPOCH", str(int(os.environ["SOURCE_DATE_EPOCH"]) + 86_400))
        assert report_if_unchanged(built, False) is None
    with monkeypatch.context() as patch:
        for item in (memo, module):
            patch.setattr(item, "program_hash", lambda *_: "another")
        assert report_if_unchanged(built, False) is None
    assert program.hash_program() == program.program_hash()
    assert report_if_unchanged(built, False) is not None


def test_end_of_an_embargo_is_seen_at_its_hour(root, monkeypatch):
    database, times = memo.Memo.of(root), (clock.now(), clock.now() + timedelta(hours=1))
    module.record_unchanged(root, database, describe_entries(root, database), False, (), {}, times, ())
    for seconds, is_seen in ((3599, False), (3600, True)):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(DAY + seconds))
        assert (report_if_unchanged(root, False) is None) == is_seen


def test_font_of_the_system_that_was_replaced_is_seen(built, tmp_path):
    font = tmp_path / "font.ttf"
    font.write_bytes(b"old")
    stamps = module._external_stamps(built, {str(font): []})
    assert module._external_stamps(built, stamps) == stamps
    font.write_bytes(b"new")
    os.utime(font, (1, 1))
    assert module._external_stamps(built, stamps) != stamps


def test_build_that_makes_what_stands_moves_nothing(root, monkeypatch):
    """Everything is read again on another day, and after a change that no output shows."""
    numbers = {path: path.stat().st_ino for name in ("site", "dist") for path in (root / name).rglob("*")}
    write("docs/fil/_words_to_come.txt")(root)
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(int(os.environ["SOURCE_DATE_EPOCH"]) + 86_400))
    assert report_if_unchanged(root, False) is None
    report = build(root)
    assert report.is_noop, report.problems
    assert (report.built, report.changed) == (set(), set())
    assert {path: path.stat().st_ino for name in ("site", "dist") for path in (root / name).rglob("*")} == numbers
    assert report_if_unchanged(root, False) is not None


class _Shut:
    """A page that can be listed but not read."""

    def __init__(self, page: Page) -> None:
        self.language, self.path, self.stem, self.formats = page.language, page.path, page.stem, page.formats
        self.answer = page.answer


def test_pieces_are_made_of_their_own_page_and_of_no_other(built):
    """Keys are recorded by it: pipeline/keys.py."""
    campaign, _ = read(built)
    printed = [output for output in catalogue(campaign) if output.is_piece or output.kind in DRAWN_KINDS]
    assert len(printed) > 20
    for (language, name), own in groupby(printed, key=lambda item: (item.language, item.name)):
        pages = {
            key: page if (page.language, page.stem) == (language, name) else cast(Page, _Shut(page))
            for key, page in campaign.pages.items()
        }
        alone = replace(campaign, pages=pages)
        for output in own:
            assert key_of(alone, output) == key_of(campaign, output)
