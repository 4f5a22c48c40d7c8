"""Each edit at each moment of a build; cached results of the edit do no harm after it is undone."""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from itertools import cycle, islice
from pathlib import Path

import pytest
from conftest import copy_campaign, run
from test_sound import files_of, unlike

from campaign.cache.memo import Memo
from campaign.pipeline.build import build
from campaign.pipeline.reading import last_artifacts

# A file of each kind with a change to it, and the moments of a build when it happens.
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


def edit_while_building(small: Path, edited: Path, tmp_path: Path, moments: dict[str, str]) -> None:
    """moments: when each of EDITS is made."""
    root = copy_campaign(small, tmp_path / "campaign", is_warm=True)
    store = root / ".build/store"
    next(store.glob("*/*.pdf")).unlink()
    Memo.of(root).forget("pages", "texts")
    left = dict(moments)

    def progress(*step: str | int) -> None:
        due = [name for name, moment in left.items() if moment == step[0]]
        edit(root, due)
        for name in due:
            del left[name]

    report = build(root, progress)
    texts = [problem.message for problem in report.problems]
    # A piece whose drawing changes while it is set is refused, and the build ends there: later moments don't happen.
    assert not left or report.stops
    edit(root, left)
    assert [text for text in texts if "was changed" in text]
    taken_back = shutil.copytree(root, tmp_path / "taken-back")
    for folder, states in (root, (edited,)), (taken_back, (small, edited)):
        for state in states:
            for path in (edited, small):  # made from both texts, so that not everything is made again
                shutil.copytree(path / ".build/store", folder / ".build/store", dirs_exist_ok=True)
            for name, *_ in EDITS.values():
                shutil.copyfile(state / name, folder / name)
            run(folder, "build")
            assert unlike(files_of(state), files_of(folder)) == []


@pytest.mark.parametrize("shift", range(len(MOMENTS)))
def test_what_is_edited_at_any_moment_is_published_by_the_next_build(small, edited, tmp_path, shift):
    moments = islice(cycle(MOMENTS), shift, None)
    edit_while_building(small, edited, tmp_path, dict(zip(EDITS, moments, strict=False)))


def test_change_that_fell_into_a_build_and_is_taken_back_leaves_no_key_behind(small, tmp_path):
    """Pieces are found by keys that earlier builds recorded; a drawing that existed only briefly gets none."""
    root = copy_campaign(small, tmp_path / "campaign", is_warm=True)
    edit(root, ("name",))
    drawing = root / EDITS["drawing"][0]
    before = drawing.read_bytes()

    def progress(*step: str | int) -> None:
        if step[0] == "list" and drawing.read_bytes() == before:
            edit(root, ("drawing",))

    assert "changed-during-build" in {problem.id for problem in build(root, progress).problems}
    drawing.write_bytes(before)
    report = build(root)
    assert not report.stops, report.problems
    clean = copy_campaign(root, tmp_path / "clean")
    run(clean, "build")
    assert unlike(files_of(clean), files_of(root)) == []


def test_words_that_are_written_while_a_build_goes_on_make_it_do_nothing_twice(small, tmp_path):
    root = copy_campaign(small, tmp_path / "campaign", is_warm=True)
    national = next(
        artifact for artifact in last_artifacts(root) if artifact.output.kind == "leaflet" and not artifact.output.place
    )
    national.file.unlink()

    def progress(*step: str | int) -> None:
        if step[0] == "website":
            edit(root, ("number",))
            (root / "assets/pictograms/new.svg").write_bytes((root / EDITS["drawing"][0]).read_bytes())

    report = build(root, progress)
    assert "changed-during-build" in {problem.id for problem in report.problems}
    assert national.output in report.new
    again = build(root)
    assert {output.place for output in again.new if output.kind != "press-kit"} == {"hill"}
