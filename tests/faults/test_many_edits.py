"""Two hundred sequences of edits: what tests/test_incremental_builds.py tries fifteen of."""

from __future__ import annotations

from edits import differences, sequences
from hypothesis import HealthCheck, given, settings
from test_incremental_builds import built, new_folder, one_process

__all__ = ["built", "new_folder", "one_process"]


@settings(max_examples=200, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(edits=sequences(most=6))
def test_any_edits_are_built_as_from_nothing(built, new_folder, edits):
    assert not differences(built, new_folder(), edits), edits
