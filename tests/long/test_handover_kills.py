"""Packs and sticks that are killed while they are written: the damage is noticed, and the next run finishes."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from conftest import HERE

SCRIPT = HERE / "faults/handover_kills.py"


@pytest.mark.usefixtures("unix")
def test_what_is_killed_is_noticed_and_the_next_run_finishes(tiny, tmp_path):
    command = [sys.executable, SCRIPT, tiny, tmp_path, "0", "0", "stick", "packs"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    nothing = {"unnoticed": [], "unfinished": [], "unharmed": []}
    assert json.loads(done.stdout) == {"stick": nothing, "packs": nothing}, done.stderr
