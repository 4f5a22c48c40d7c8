"""The books, checked by epubcheck: in Latin, Arabic and Khmer letters, and in Burmese."""

from __future__ import annotations

import subprocess

import pytest
from needed_tools import require


@pytest.mark.parametrize(("name", "code"), [("tiny", "fil"), ("tiny", "ar"), ("tiny", "km"), ("help_campaign", "my")])
def test_epubcheck_finds_nothing_in_a_book(request, name, code):
    book = request.getfixturevalue(name) / f"dist/copies/notes-{code}.epub"
    done = subprocess.run(["java", "-jar", require("epubcheck"), book], capture_output=True, text=True, check=False)
    assert "No errors or warnings detected." in done.stdout + done.stderr, done.stdout + done.stderr
