"""Two hundred sequences of edits; tests/test_incremental_builds.py tries fifteen of them."""

from __future__ import annotations

from edits import EDITS, Edit, built_and_changed, differences, sequences
from hypothesis import HealthCheck, given, settings
from test_incremental_builds import built, new_folder, one_process

__all__ = ["built", "new_folder", "one_process"]


@settings(max_examples=200, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(edits=sequences(most=6))
def test_any_edits_are_built_as_from_nothing(built, new_folder, edits):
    assert not differences(built, new_folder(), edits), edits


def test_all_kinds_of_edits_build_at_most_twice_what_differs(built, new_folder):
    counts = {}
    for kind in sorted(EDITS):
        report = built_and_changed(built, new_folder(), Edit(kind, 1))
        counts[kind] = (len(report.built), len(report.changed))
    print(counts)
    assert sum(artifact for artifact, _ in counts.values()) <= 2 * sum(changed for _, changed in counts.values()), (
        counts
    )
