"""An address to type, as long as offices have them, is printed completely on every piece, or reported."""

from __future__ import annotations

import pytest
from conftest import HERE, copy_campaign
from test_prints import tool

from campaign.content import load
from campaign.plan.outputs import catalogue
from campaign.printing import make

HOST = "kampanya-ng-malinis-na-tubig.kagawaran-ng-kalusugan-at-tubig.gov"
LONG_ADDRESS = f"{HOST}/mga-kampanya/"


@pytest.fixture
def pieces(tmp_path):
    """Make the office pieces of a campaign with some address: file -> its text, or problems."""
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "campaign")

    def made_with(address: str, kinds: tuple[str, ...]):
        settings = root / "mkdocs.yml"
        lines = settings.read_text(encoding="utf-8").splitlines(keepends=True)
        address_line = f"site_url: https://{address}\n"
        settings.write_text(
            "".join(address_line if line.startswith("site_url:") else line for line in lines), encoding="utf-8"
        )
        campaign, problems = load(root)
        assert not [problem for problem in problems if problem.stops], problems
        results = {}
        for output in catalogue(campaign):
            if (
                output.kind in kinds
                and output.flavour == "office"
                and not output.part
                and output.place in (None, "hill")
            ):
                target = root / output.path.rpartition("/")[2]
                result = make(campaign, output, target)
                results[target.name] = result if isinstance(result, list) else tool("pdftotext", target, "-")
        return results

    return made_with


@pytest.mark.long
def test_long_address_stands_whole_on_every_piece(pieces):
    result = pieces(LONG_ADDRESS, ("leaflet", "poster", "release"))
    assert len(result) == 11
    for name, text in result.items():
        assert isinstance(text, str), (name, text)
        if "-fil-" not in name:
            continue  # poppler returns lines side by side in another order
        # Nothing is added where a line ends, and the path is not left out.
        assert LONG_ADDRESS.rstrip("/") in "".join(text.split()).replace("\u2066", "").replace("\u2069", ""), (
            name,
            text,
        )


def test_address_that_fits_nowhere_is_named_as_what_is_too_long(pieces):
    long = ".".join(["kampanya-ng-malinis-na-tubig-para-sa-lahat"] * 25)
    (problem, *_) = next(piece for piece in pieces(f"{long}/", ("leaflet",)).values() if isinstance(piece, list))
    assert (problem.id, problem.where.partition(":")[0]) == ("address-long", "mkdocs.yml")
    assert long in problem.message
