"""Each edit at each moment of a build: tests/test_sound.py tries each at one of them."""

from __future__ import annotations

from itertools import cycle, islice

import pytest
from test_sound import EDITS, MOMENTS, edit_while_building, edited  # noqa: F401


@pytest.mark.parametrize("shift", range(1, len(MOMENTS)))
def test_what_is_edited_at_any_moment_is_published_by_the_next_build(small, edited, tmp_path, shift):  # noqa: F811
    moments = islice(cycle(MOMENTS), shift, None)
    edit_while_building(small, edited, tmp_path, dict(zip(EDITS, moments, strict=False)))
