"""Words beyond the edge of a page: no design may print them, with any text and at any size."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pypdfium2
import pytest
import yaml
from conftest import HERE, copy_campaign, mostly_long, run

from campaign.content import load
from campaign.content.formats import shipped_formats
from campaign.models.campaign import Campaign
from campaign.models.formats import Format
from campaign.models.outputs import Artifact, Output
from campaign.models.problem import Problem
from campaign.pipeline.jobs import _checked
from campaign.plan.outputs import catalogue
from campaign.printing import typeset

LONG_WORD = "Donaudampfschifffahrtselektrizitaetenhauptbetriebswerkbauunterbeamtengesellschaft"
MISFITS = {"word-wide", "words-outside", "panel-long"}
# Edits of the text of a page.
WITH_LONG_WORD: dict[str, Callable[[str], str]] = {
    "heading": lambda line: re.sub(r"^(#+) .*?(?=\{|$)", rf"\1 {LONG_WORD} ", line),
    "paragraph": lambda line: f"{LONG_WORD} {line}" if line[:1].isalpha() else line,
    "list": lambda line: line.replace("- ", f"- {LONG_WORD} ", 1) if line.startswith("- ") else line,
}
# Factors of the width and height of the design's first format.
SIZES = {"third": (0.34, 0.34), "narrow": (0.6, 1.3), "wide": (1.5, 0.6), "double": (2, 2)}


def first_formats() -> dict[str, Format]:
    """The first format of each design."""
    result: dict[str, Format] = {}
    for format in shipped_formats().values():
        result.setdefault(format.design, format)
    return result


def new_campaign(folder: Path, edit: Callable[[str, str], str]) -> Path:
    """A campaign with the samples of all designs. edit: gets a design and the text of its sample."""
    run(folder, "new", "campaign")
    samples = folder / "campaign/docs/en/samples"
    samples.mkdir()
    for design in first_formats():
        text = (typeset.FORMATS / design / "sample.md").read_text(encoding="utf-8")
        (samples / f"{design}.md").write_text(edit(design, text), encoding="utf-8")
    return folder / "campaign"


def letters_outside(path: Path) -> list[str]:
    """The visible characters of a PDF that aren't on their page; those below a trimmed page are of its slug line."""
    result = []
    with pypdfium2.PdfDocument(path) as pdf:
        for page in pdf:
            text, trim, media = page.get_textpage(), page.get_trimbox(), page.get_mediabox()
            for number in range(text.count_chars()):
                letter = text.get_text_range(number, 1)
                left, bottom, right, top = text.get_charbox(number)
                edges = media if top < trim[1] - 3 else trim
                excess = max(edges[0] - left, edges[1] - bottom, right - edges[2], top - edges[3])
                result += [letter] if letter.strip() and excess > 0.5 else []
    return result


def made(campaign: Campaign, file: Path) -> Iterator[tuple[Output, list[Problem | Artifact]]]:
    """What comes of each sample that is printed for the whole country."""
    for output in catalogue(campaign, frozenset({None})):
        if output.name in first_formats() and output.is_piece and output.part in ("", "notes"):
            yield output, list(_checked(campaign, output, file.with_name("made.pdf")))


def assert_whole(campaign: Campaign, file: Path) -> dict[str, set[str]]:
    """Each piece is refused for a reason that people can mend, or whole; return the reasons by design."""
    reasons: dict[str, set[str]] = {}
    for output, results in made(campaign, file):
        ids = {result.id for result in results if isinstance(result, Problem)}
        assert ids <= MISFITS, results
        assert ids or letters_outside(file.with_name("made.pdf")) == [], output
        reasons.setdefault(campaign.formats[output.format].design, set()).update(ids)
    assert len(reasons) >= 10
    return reasons


@pytest.fixture
def key_of_any_piece(monkeypatch):
    """`_checked` compares a piece's key with its name in the store."""
    monkeypatch.setattr("campaign.pipeline.jobs.key_of", lambda *_: "made")


@pytest.mark.usefixtures("key_of_any_piece")
@pytest.mark.parametrize("where", mostly_long(WITH_LONG_WORD, "heading"))
def test_long_word_is_on_the_page_or_refused(tmp_path, where):
    def edit(_: str, text: str) -> str:
        front, mark, body = text.partition("\n---\n")
        return front + mark + "\n".join(map(WITH_LONG_WORD[where], body.split("\n")))

    campaign, problems = load(new_campaign(tmp_path, edit))
    assert not [problem for problem in problems if problem.stops]
    reasons = assert_whole(campaign, tmp_path / "made.pdf")
    assert any("words-outside" in ids for ids in reasons.values())


@pytest.mark.usefixtures("key_of_any_piece")
@pytest.mark.parametrize("size", mostly_long(SIZES, "narrow"))
def test_design_at_any_size_is_whole_or_refused(tmp_path, size):
    across, down = SIZES[size]
    added = {name: format for name, format in first_formats().items() if not format.sheets}

    def edit(design: str, text: str) -> str:
        return re.sub("^formats:.*$", f"formats: [own-{design}]", text, flags=re.M) if design in added else text

    root = new_campaign(tmp_path, edit)
    for design, format in added.items():
        size_in_mm = {"width": round(format.width * across), "height": max(20, round(format.height * down))}
        row = {"kind": format.kind, "design": design, "names": {"en": design}, **size_in_mm}
        (root / f"formats/own-{design}").mkdir(parents=True)
        (root / f"formats/own-{design}/format.yml").write_text(yaml.safe_dump({"formats": {f"own-{design}": row}}))
    campaign, problems = load(root)
    assert not [problem for problem in problems if problem.stops]
    assert_whole(campaign, tmp_path / "made.pdf")


@pytest.mark.long
@pytest.mark.usefixtures("key_of_any_piece")
def test_place_with_a_long_name_has_no_edition_with_half_of_it(tmp_path):
    root = new_campaign(tmp_path, lambda _, text: text)
    place = root / "assets/contacts/north.yml"
    name = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
    place.write_text(re.sub("names: .*", f"names: {{en: {name}}}", place.read_text("utf-8")), encoding="utf-8")
    campaign, refused = load(root)[0], 0
    for output in catalogue(campaign, frozenset({"north"})):
        if output.place == "north" and output.is_piece and output.part == "":
            results = list(_checked(campaign, output, tmp_path / "made.pdf"))
            ids = {result.id for result in results if isinstance(result, Problem)}
            assert ids or letters_outside(tmp_path / "made.pdf") == [], output
            refused += ids == {"words-outside"}
    assert refused > 3


def test_piece_with_words_outside_is_left_out_and_its_page_named(tmp_path):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "campaign")
    page = root / "docs/fil/handouts/water.md"
    page.parent.mkdir()
    shutil.copy(typeset.FORMATS / "handout/sample.md", page)
    text = page.read_text("utf-8")
    page.write_text(re.sub(r"^## .*?(\{|$)", rf"## {LONG_WORD} \1", text, count=1, flags=re.M), encoding="utf-8")
    for _ in range(2):  # the second time it is remembered
        output = run(root, "prints", "--format", "handout", "--flavour", "office", "--language", "fil", code=1)
        assert "docs/fil/handouts/water.md Words reach beyond the edge of page 1 (handout): `Donaudampf" in output
        assert not (root / "dist").exists()
