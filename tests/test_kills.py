"""A build that is killed at any point leaves the last good site/ and dist/, and hinders the next build in nothing."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from conftest import HERE

sys.path.insert(0, str(HERE / "faults"))
from kills import KILLED, POINTS

# Where the folders are exchanged, one may be away or new; a journal says so, and the next run of any command ends it.
EXCHANGE_STATES = {
    "the old site/ is away and the old dist/ is not": ["gone", "old"],
    "both are away and nothing is there": ["gone", "gone"],
    "the new site/ is there and the new dist/ is not": ["new", "gone"],
    "both are there and the journal is too": ["new", "new"],
    "both are there and the record is missing": ["new", "new"],
}


@pytest.mark.long
@pytest.mark.usefixtures("unix")
def test_build_that_is_killed_leaves_what_stood_and_the_next_is_as_if_nothing_had_happened(small, tmp_path):
    done = subprocess.run(
        [sys.executable, HERE / "faults/kills.py", small, tmp_path, *POINTS],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    expected = {
        point: {
            "ended": KILLED,
            "left": EXCHANGE_STATES.get(point, ["old", "old"]),
            "next": 0,
            "is_as_clean": True,
            "stale": [],
        }
        for point in POINTS
    }
    assert json.loads(done.stdout) == expected, done.stderr
