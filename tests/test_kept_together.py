"""No finished piece separates a signature, rule, lead-in or heading from what it belongs to (kept_together.py)."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from conftest import read_help
from kept_together import separated

from campaign.models.campaign import Campaign
from campaign.models.outputs import Output
from campaign.plan.outputs import catalogue
from campaign.printing import describe, make

FLOWING = ("handout", "booklet", "directory", "large-print", "release")
# Forms, a guide and a release that were separated before.
SOME = ("police-consent", "return-risk-assessment", "return-follow-up", "students-guide", "release-materials")


@pytest.fixture(scope="module")
def campaign() -> Campaign:
    return read_help()


def pieces(campaign: Campaign, languages: tuple[str, ...], names: tuple[str, ...] = ()) -> list[Output]:
    return [
        output
        for output in catalogue(campaign, (None,))
        if output.format in FLOWING and output.flavour == "office" and output.ending == "pdf" and not output.part
        if output.language in languages and (not names or output.name in names)
    ]


def made(campaign: Campaign, output: Output, folder: Path) -> Path:
    target = folder / f"{output.name}-{output.language}-{output.format}.pdf"
    artifact = make(campaign, output, target)
    assert not isinstance(artifact, list), artifact
    return target


def faults(campaign: Campaign, outputs: list[Output], folder: Path) -> dict[str, list[str]]:
    found = {
        f"{output.name} {output.language}": separated(describe(campaign, output), made(campaign, output, folder))
        for output in outputs
    }
    return {name: rows for name, rows in found.items() if rows}


def test_nothing_that_belongs_together_is_on_two_pages(campaign, tmp_path):
    assert faults(campaign, pieces(campaign, ("en",), SOME), tmp_path) == {}


@pytest.mark.long
def test_no_piece_in_any_language_separates_what_belongs_together(campaign, tmp_path):
    assert faults(campaign, pieces(campaign, tuple(campaign.languages)), tmp_path) == {}


def test_form_to_sign_is_on_one_page(campaign, tmp_path):
    for output in pieces(campaign, ("en", "tet", "pt", "id"), ("police-consent",)):
        with pypdfium2.PdfDocument(made(campaign, output, tmp_path)) as pdf:
            assert len(pdf) == 1, output.language


def test_separated_texts_are_found(tmp_path):
    """The finder itself: a heading, a lead-in and a rule on other pages than what they belong to."""
    import typst

    blocks = [
        {"t": "p", "c": ["Bring these:"]},
        {"t": "ul", "c": [{"c": [{"t": "p", "c": ["Water and food"]}]}, {"c": [{"t": "p", "c": ["Your papers"]}]}]},
        {"t": "table", "head": True, "c": [[["Asked"], ["Yes"]], [["Is the well clean"], []], [["Is it deep"], []]]},
        {"t": "p", "c": ["One no: boil it."]},
    ]
    description = {"format": "handout", "panels": {"one": {"title": "Before you leave", "blocks": blocks}}}
    pages = (
        "Before you leave",
        "Bring these:",
        "Water and food. Your papers. Asked Yes. Is the well clean. Is it deep.",
    )
    source = tmp_path / "separated.typ"
    source.write_text("\n#pagebreak()\n".join((*pages, "One no: boil it.")), "utf-8")
    target = tmp_path / "separated.pdf"
    target.write_bytes(typst.compile(source))
    assert [fault.split("'")[1] for fault in separated(description, target)[:-1]] == [
        "Beforeyouleave",
        "Bringthese:",
        "Bringthese:",
        "Isitdeep",
    ]
    assert separated(description, target)[-1].startswith("the last page is filled to")
