"""Forty leaflets for one place, three for thirty places, in six scripts: tests/test_full.py makes a tenth of them."""

from __future__ import annotations

from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from multiprocessing import get_context

import pytest
from full_campaign import full_campaign
from test_full import full, leaflets_of, problems_of  # noqa: F401

from campaign.content import load
from campaign.printing import describe


def test_every_leaflet_holds_what_an_office_has(full, tmp_path):  # noqa: F811
    outputs = leaflets_of(full)
    counts = Counter(output.kind for output in outputs)
    assert counts["leaflet"] + counts["flyer"] >= 780
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as pool:  # Typst may have run in this process
        result = pool.map(partial(problems_of, full, folder=tmp_path), outputs, chunksize=31)
        assert [said for item in result for said in item] == []


LONG = {
    61: "https://after-the-flood.safe-water-2.national-health.example/",
    89: "https://after-the-flood.safe-water-and-first-care-for-all-of.national-health.gov.example/",
}


@pytest.mark.parametrize("letters", LONG)
def test_long_address_fits_beside_numbers_that_were_all_checked(letters, tmp_path):
    """So that it has an expiry date."""
    assert len(LONG[letters]) == letters
    root = full_campaign(tmp_path / "campaign", address=LONG[letters])
    for path in (root / "assets/contacts").glob("*.yml"):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(map(_checked, lines)), encoding="utf-8")
    campaign, _ = load(root)
    outputs = leaflets_of(campaign)
    assert all(describe(campaign, output)["imprint"]["valid"] for output in outputs)
    assert [said for output in outputs for said in problems_of(campaign, output, tmp_path)] == []


def _checked(line: str) -> str:
    is_unchecked = line.lstrip().startswith("- {phone") and "checked:" not in line
    return line.replace("}\n", ", checked: {on: 2026-11-20, how: official-source}}\n") if is_unchecked else line
