"""What people type by mistake, and files that are none: said with file, line and remedy, and nothing is lost."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest
from conftest import HERE, run

sys.path.insert(0, str(HERE / "faults"))
from mistakes import MISTAKES

from campaign.models.problem import CampaignError, heard
from campaign.pipeline import build

GOLDEN = HERE / "golden/faults.txt"


INTRO = "What `campaign check` says of each mistake (tests/faults/mistakes.py) in a new campaign.\n\n"


def new_campaign(folder: Path) -> Path:
    """A new campaign, read once."""
    run(folder, "new", "fresh")
    assert build.read(folder / "fresh")[1] == []
    return folder / "fresh"


@pytest.fixture(scope="module")
def fresh(tmp_path_factory) -> Path:
    return new_campaign(tmp_path_factory.mktemp("faults"))


def said_of(fresh: Path, root: Path, name: str) -> list[str]:
    """What `check` says of a new campaign with a mistake in it."""
    shutil.copytree(fresh, root)
    for change in MISTAKES[name]:
        change(root)
    try:
        problems = build.read(root)[1]
    except CampaignError as error:
        problems = list(error.problems)
    return [f"{'problem' if each.stops else 'note'} {each}" for each in heard(problems, {})]


def golden() -> dict[str, list[str]]:
    """name -> what is said."""
    rows = GOLDEN.read_text(encoding="utf-8").split("\n## ")[1:]
    return {row.split("\n")[0]: [line for line in row.split("\n")[1:] if line] for row in rows}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistake_is_said_with_file_line_and_remedy(fresh, tmp_path, name):
    assert said_of(fresh, tmp_path / "campaign", name) == golden()[name]


def test_golden_file_has_no_row_without_a_mistake():
    assert set(golden()) == set(MISTAKES)
