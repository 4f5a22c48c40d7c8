"""The bench of exits: it hides our site in every case, and shows one whose exit is a plain link."""

from __future__ import annotations

import sys

import pytest
from conftest import HERE, chromium_path

sys.path.append(str(HERE / "leaving"))

from bench import CASES, HIDDEN, SECOND_TAB, SHOWN, Target, elsewhere, walk
from compare import served

PAGE = '<!doctype html><title>Advice for {name}</title><h1>Nobody may see this</h1><a id="exit" href="{to}">Exit</a>'


@pytest.fixture
def walked(playwright):
    """What a walk of the cases finds for a site in a folder."""

    def walk_site(folder, start, inside, selector):
        with elsewhere() as other, served(folder) as address:
            for name in (start, inside):
                if not (folder / name).exists():
                    (folder / name).write_text(PAGE.format(name=name, to=other), encoding="utf-8")
            return walk(playwright, chromium_path(), Target(address + start, address + inside, selector, other))

    return walk_site


def test_our_site_is_hidden_in_every_case(help_campaign, walked):
    results = walked(help_campaign / "site", "en/index.html", "en/signs.html", ".row .leave")
    assert set(results.values()) == {HIDDEN}, results


def test_site_with_a_plain_link_is_shown(tmp_path, walked):
    results = walked(tmp_path, "a.html", "b.html", "#exit")
    assert {results[case] for case in (*CASES, SECOND_TAB)} == {SHOWN}, results
