"""Leaflets with eight real numbers: text stays large, panels are about equally full, pictures and numbers are kept."""

from __future__ import annotations

import re
from itertools import accumulate, groupby, pairwise
from pathlib import Path

import numpy
import pypdfium2
import pytest
from conftest import read_help, run
from printed_text import Printed, letters
from real_numbers import PLACE, with_real_numbers
from test_full import localised

from campaign.models.campaign import Campaign
from campaign.models.outputs import Output
from campaign.plan.outputs import catalogue
from campaign.printing import describe, make, score_of
from campaign.printing.scores import describe_score, score_entry, score_text

LANGUAGES = ("en", "tet", "pt", "id")
WANTED_PT = 13
ROUNDING_TOLERANCE_PT = 0.06
LEAST_FULL = 0.5
MOST_FULL = 0.95
PPI = 36
MM = PPI / 25.4
# From the end of the bands to the end of text, and next to folds, in millimetres.
TOP, BOTTOM, GUTTER = 14, 200, 7
SIDE_FOOT = 25  # the band on the outside


@pytest.fixture(scope="module")
def office(tmp_path_factory) -> Campaign:
    return with_real_numbers(read_help(), tmp_path_factory.mktemp("numbers"))


def leaflets(campaign: Campaign, *names: str) -> list[Output]:
    return [
        output
        for output in catalogue(campaign, (PLACE,))
        if output.format == "tri-fold" and output.flavour == "office" and output.language in LANGUAGES
        if output.kind == "leaflet" and not output.part and (not names or output.name in names)
    ]


def longest_blank(rows: numpy.ndarray) -> int:
    return max((len([*run]) for is_blank, run in groupby(rows.tolist()) if is_blank), default=0)


def fills(pdf: Path, sheets: list) -> list[list[float]]:
    """How much of each panel isn't one blank strip, without the cover; side by side."""
    results = []
    with pypdfium2.PdfDocument(pdf) as document:
        for page, side in zip(document, sheets, strict=True):
            picture = numpy.asarray(page.render(scale=PPI / 72).to_pil().convert("RGB"), dtype=numpy.int16)
            bottom = BOTTOM - (SIDE_FOOT if any(name == "cover" for name, _ in side) else 0)
            found = []
            ends = accumulate((width for _, width in side), initial=0)
            for (name, _), (left, right) in zip(side, pairwise(ends), strict=True):
                part = picture[int(TOP * MM) : int(bottom * MM), int((left + GUTTER) * MM) : int((right - GUTTER) * MM)]
                is_blank = (numpy.ptp(part, axis=1) < 12).all(axis=1)
                if name != "cover":
                    found.append(1 - longest_blank(is_blank) / len(part))
            results.append(found)
    return results


def faults(campaign: Campaign, output: Output, folder: Path) -> list[str]:
    target = folder / "leaflet.pdf"
    artifact = make(campaign, output, target)
    assert not isinstance(artifact, list), artifact
    described, printed = describe(campaign, output), Printed(target)
    results = []
    for name in ("left", "middle", "right"):
        for words in localised(described["panels"][name]["blocks"]):
            if letters(words) and printed.size(words) < WANTED_PT - ROUNDING_TOLERANCE_PT:
                results.append(f"`{words}` is printed at {printed.size(words)} points")
    for side in fills(target, described["sheets"]):
        if min(side) < LEAST_FULL and max(side) > MOST_FULL:
            results.append(f"panels are filled to {[round(each, 2) for each in side]}")
    contacts = [*described["contacts"]["national"], *described["contacts"]["local"]]
    assert len(contacts) == 1 + 7
    results += [f"{each['phone']} is missing" for each in contacts if not printed.size(each["phone"])]
    return [f"{output.name} {output.language}: {result}" for result in results]


@pytest.mark.long
def test_leaflet_with_eight_numbers_keeps_large_text_and_even_panels(office, tmp_path):
    outputs = leaflets(office, "know-the-signs")
    assert len(outputs) == len(LANGUAGES)
    assert [fault for output in outputs for fault in faults(office, output, tmp_path)] == []


@pytest.mark.long
def test_every_leaflet_with_eight_numbers_keeps_large_text_and_even_panels(office, tmp_path):
    outputs = leaflets(office)
    assert len(outputs) == 4 * len(LANGUAGES)
    assert [fault for output in outputs for fault in faults(office, output, tmp_path)] == []


def test_pictures_are_kept_next_to_eight_numbers(office):
    (output,) = (output for output in leaflets(office, "if-you-meet-someone") if output.language == "pt")
    assert "2 of 2 pictures, 8 of 8 numbers" in score_of(office, output)


def test_score_is_told_in_one_line():
    row = {"score": 92.0, "size": 13.5, "fills": [86.0, 100.0], "pictures": [1, 2], "numbers": [0, 0]}
    line = "score 92: 13.5 pt, 86–100 % full, 1 of 2 pictures"
    assert describe_score(row) == line
    assert score_text(["code", score_entry(row)]) == line
    assert score_text(["code"]) == ""


def test_list_shows_the_score_of_pieces_of_the_last_build(tiny):
    rows = run(tiny, "list", "--language", "fil", "--flavour", "office", "--verbose").splitlines()
    scored = [row for row in rows if "  score " in row]
    assert any("tri-fold" in row for row in scored)
    assert all(re.search(r"  score \d+: [\d.]+ pt, \d+(–\d+)? % full", row) for row in scored)
