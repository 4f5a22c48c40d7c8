"""A build that is killed at any point leaves the last good site/ and dist/, and hinders the next build in nothing."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from conftest import HERE, IS_WHOLE

sys.path.insert(0, str(HERE / "faults"))
from kills import KILLED, POINTS

# Where the folders are exchanged, one may be away or new; a journal says so, and the next run of any command ends it.
EXCHANGED = {
    "the old site/ is away and the old dist/ is not": ["gone", "old"],
    "both are away and nothing is there": ["gone", "gone"],
    "the new site/ is there and the new dist/ is not": ["new", "gone"],
    "both are there and the journal is too": ["new", "new"],
    "both are there and nobody noted it": ["new", "new"],
}
# Each is near one that is tried in `make test`; `make test-long` tries all.
LIKE_OTHERS = {
    "notes of pages are half written",
    "a piece is there and its note is not",
    "what nobody needs is half thrown away",
    "site/ is made and dist/ is not",
    "dist/ is half filled",
    "what was replaced is half swept",
    "the journal is half written",
    "the journal is there and half of it is missing",
    "both are there and nobody noted it",
}


@pytest.mark.skipif(sys.platform == "win32", reason="processes are not forked there")
def test_build_that_is_killed_leaves_what_stood_and_the_next_is_as_if_nothing_had_happened(small, tmp_path):
    points = [point for point in POINTS if IS_WHOLE or point not in LIKE_OTHERS]
    done = subprocess.run(
        [sys.executable, HERE / "faults/kills.py", small, tmp_path, *points],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    expected = {
        point: {
            "ended": KILLED,
            "left": EXCHANGED.get(point, ["old", "old"]),
            "next": 0,
            "is_as_clean": True,
            "stale": [],
        }
        for point in points
    }
    assert json.loads(done.stdout) == expected, done.stderr
