"""Whatever is edited, a build that makes only what changed gives the same bytes as one from nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import HERE, built_once
from edits import Edit, differences, sequences, smallest_campaign
from hypothesis import HealthCheck, given, settings

from campaign.cache import workers
from campaign.graph.tracking import Tracker
from campaign.pipeline.build import build


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    def make(root: Path) -> None:
        smallest_campaign(HERE / "campaigns/tiny", root)
        report = build(root)
        assert not report.stops, report.problems

    shared, own = built_once(tmp_path_factory, "smallest", make)
    return own if own.exists() else shutil.copytree(shared, own)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    numbers = iter(range(10_000))
    return lambda: tmp_path_factory.getbasetemp() / f"edited-{next(numbers)}"


@pytest.fixture(scope="module", autouse=True)
def one_process():
    """Builds this small take longer in several."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workers, "cpu_count", lambda: 1)
        yield


@settings(max_examples=15, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(edits=sequences())
def test_any_edits_are_built_as_from_nothing(built, folders, edits):
    assert not differences(built, folders(), edits), edits


# What is not recorded any more, and an edit that then leaves something stale.
REMOVED = {
    "words": ('"strings"', Edit("word")),
    "contacts": ('"places"', Edit("number", 5)),
}


@pytest.mark.parametrize("what", REMOVED)
def test_dependency_that_is_removed_is_found(built, folders, monkeypatch, what):
    part, edit = REMOVED[what]
    record = Tracker.record
    name = part.strip('"')
    monkeypatch.setattr(
        Tracker,
        "record",
        lambda self, path: None if name in {step[1] for step in path[1:] if step[1:]} else record(self, path),
    )
    # The first of the two builds records without it; the second goes by that.
    assert differences(rebuilt_without(built, folders()), folders(), [edit])


def rebuilt_without(built: Path, folder: Path) -> Path:
    from edits import copy_built, forget

    root = copy_built(built, folder)
    forget(root, False)
    shutil.rmtree(root / "site")
    build(root)
    return root
