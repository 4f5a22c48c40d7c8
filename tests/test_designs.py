"""A campaign's own design: forgotten parts are refused by name, faults have file, line and excerpt."""

from __future__ import annotations

import io
import json
import re
import shutil
from collections import defaultdict
from dataclasses import replace

import pytest
from conftest import HERE, IS_WHOLE, run

from campaign.content import load
from campaign.content.formats import shipped_formats
from campaign.models.formats import REQUIRED_PARTS, Format
from campaign.models.outputs import Output
from campaign.plan.outputs import catalogue
from campaign.printing import make, pieces, typeset


class FullDisk(io.FileIO):
    """A file of which only the beginning can be written."""

    def write(self, data):
        super().write(data[:3])
        raise OSError("full")


STICKER = Format("made-up", "made-up", "made-up", 100, 60, 1, is_free=True, flavours=("office",))
BEGIN = '#import "parts.typ": *\n#let pages() = page(width: 100mm, height: 60mm, '
WORDS = "title(1, 20pt, data.title)"


def clear_desk() -> None:
    """Copy the designs again before the next piece is set."""
    typeset._work_dir().cleanup()
    typeset._work_dir.cache_clear()
    typeset._compiler.cache_clear()


@pytest.fixture
def sticker(tmp_path, monkeypatch):
    """Typeset a sticker with a given design; return the result of `make`."""
    designs = tmp_path / "formats"
    shutil.copytree(typeset.FORMATS, designs)
    (designs / "made-up").mkdir()
    monkeypatch.setattr(typeset, "FORMATS", designs)
    campaign = load(HERE / "campaigns/tiny")[0]
    key = ("fil", "leaflets/boil-the-water.md")
    campaign = replace(campaign, pages={**campaign.pages, key: replace(campaign.pages[key], formats=("made-up",))})

    def make_by(design: str | None, waives: tuple[tuple[str, str], ...] = ()):
        if design is not None:
            (designs / "made-up/design.typ").write_text(design, encoding="utf-8")
        formats = {**campaign.formats, "made-up": replace(STICKER, waives=waives)}
        clear_desk()
        output = Output("made-up", "boil-the-water", "fil", None, "made-up", "office")
        return make(replace(campaign, formats=formats), output, tmp_path / "sticker.pdf")

    yield make_by
    clear_desk()


def test_design_that_forgets_what_every_piece_owes_is_refused_by_name(sticker):
    (problem,) = sticker(BEGIN + WORDS + ")")
    assert problem.message.endswith("does not place: draft, imprint, sender, link.")
    assert "formats/made-up/design.typ" in problem.fix
    placed = (
        BEGIN + "{" + WORDS + "; small(par(sender)); small(par(typed-address)); small(par(imprint-lines().first())) })"
    )
    (problem,) = sticker(placed)
    assert problem.message.endswith("does not place: draft.")


def test_design_is_let_off_where_its_format_says_why(sticker, tmp_path):
    result = sticker(BEGIN + WORDS + ")", tuple((what, "a sticker of two words") for what in REQUIRED_PARTS))
    assert not isinstance(result, list), result
    assert (tmp_path / "sticker.pdf").stat().st_size == result.bytes


def test_fault_in_a_design_is_told_with_its_file_line_and_words(sticker):
    (problem,) = sticker(BEGIN + '\n  1 + "a")\n')
    assert 'printing/formats/made-up/design.typ, line 3: `1 + "a")`' in problem.message


def test_fault_below_a_design_is_told_with_the_line_of_the_design_that_led_there(sticker):
    (problem,) = sticker('#import "parts.typ": *\n#let pages() = page(own("platz").name)\n')
    assert "printing/typst/parts.typ, line " in problem.message
    assert 'printing/formats/made-up/design.typ, line 2: `#let pages() = page(own("platz").name)`' in problem.message


def test_format_without_a_design_is_told_which_file_is_missing(sticker):
    (problem,) = sticker(None)
    assert "file not found (printing/formats/made-up/design.typ)" in problem.message


def test_no_format_waives_what_is_not_owed_or_without_a_reason():
    for name, format in shipped_formats().items():
        for what, why in format.waives:
            assert what in REQUIRED_PARTS, name
            assert len(why.split()) > 5, name


@pytest.mark.long
def test_every_design_sets_the_sample_beside_it(tmp_path):
    root = tmp_path / "campaign"
    run(tmp_path, "new", "campaign")
    designs = {path.parent.name for path in typeset.FORMATS.glob("*/design.typ")}
    assert designs == {format.design for format in shipped_formats().values()} | {"screen"}
    for design in sorted(designs - {"screen"}):
        target = root / f"docs/en/samples/{design}.md"
        target.parent.mkdir(exist_ok=True)
        shutil.copyfile(typeset.FORMATS / design / "sample.md", target)
    campaign, problems = load(root)
    assert not [problem for problem in problems if problem.stops]
    result = {}
    for output in catalogue(campaign):
        if (
            output.kind != "picture"
            and output.name in designs
            and output.place is None
            and (IS_WHOLE or output.flavour in ("office", None))
            and output.part in ("", "notes")
        ):
            result[output] = make(campaign, output, tmp_path / "out.pdf")
    assert not [artifact for artifact in result.values() if isinstance(artifact, list)]
    assert {shipped_formats()[output.format].design for output in result} == designs - {"screen"}


def test_no_function_of_a_design_knows_all_of_the_data():
    """Typst caches a function by everything that it names: with the data in it, nothing is reused between places."""
    shared = [typeset.SHARED_FOLDER / f"{name}.typ" for name in ("parts", "sections", "flow", "marks")]
    sources = [path.read_text("utf-8") for path in (*shared, *typeset.FORMATS.glob("*/design.typ"))]
    lines = [line.partition("//")[0] for source in sources for line in source.splitlines()]
    named = [line for line in lines if re.search(r"(?<![-.\w])data(?![-\w])", line) and not line.startswith("#import")]
    assert len(named) > 20
    assert [line for line in named if not re.match(r"#let (\(.*\)|[\w-]+) = (data\b(?!.*\bdata\b)|json\()", line)] == []
    contexts = (typeset.SHARED_FOLDER / "main.typ").read_text("utf-8").split("#context")
    assert not [context for context in contexts if "pages()" in context and "owed()" in context]


def test_patterns_of_designs_are_compiled_once_for_all_pieces():
    """They depend on no data: elsewhere, Typst compiles each again whenever the data changes (1.6 ms for a handout)."""
    sources = [*typeset.SHARED_FOLDER.glob("*.typ"), *typeset.FORMATS.glob("*/design.typ")]
    users = {path.name for path in sources if "regex(" in path.read_text("utf-8")}
    assert users == {"patterns.typ"}
    lines = (typeset.SHARED_FOLDER / "patterns.typ").read_text("utf-8").splitlines()
    assert all(re.match(r'(#let [\w-]+ = regex\(".*"\)|//.*)?$', line) for line in lines)


def test_a_question_about_a_piece_changes_nothing_that_is_measured(tmp_path):
    before, after = tmp_path / "before", tmp_path / "after"
    campaign = load(HERE / "campaigns/tiny")[0]
    output = next(output for output in catalogue(campaign) if output.kind == "leaflet")
    data = pieces.prepare(campaign, output).data
    for folder in (before, after):
        folder.mkdir()
    asked = data | {typeset.QUESTIONS: {"layout": True}}
    assert typeset._write_place_data(before, data) == typeset._write_place_data(after, asked)
    changed = [path.name for path in before.iterdir() if path.read_bytes() != (after / path.name).read_bytes()]
    assert changed == ["questions.json"]


@pytest.mark.parametrize("prefix", [typeset.ANSWER, typeset.MISSING_PART_PREFIX, typeset.MISFIT])
def test_text_that_reads_like_an_answer_of_a_design_is_only_text(sticker, prefix):
    words = f"panicked with: {prefix}[1"
    design = BEGIN + "refuse(((panel: WORDS, lines: 2),)))"
    (problem,) = sticker(design.replace("WORDS", json.dumps(words)))
    assert (problem.id, f"`{words}`" in problem.message) == ("panel-long", True)


def test_data_that_could_not_be_written_is_written_again(tmp_path, monkeypatch):
    file = tmp_path / "data.json"
    typeset._write_data(file, "first")
    with monkeypatch.context() as patch:
        patch.setattr(type(file), "open", lambda path, mode: FullDisk(path, mode))
        with pytest.raises(OSError, match="full"):
            typeset._write_data(file, "second")
    typeset._write_data(file, "first")
    assert json.loads(file.read_text("utf-8")) == "first"


def test_what_designs_share_is_the_same_for_every_place(tmp_path):
    """Otherwise all of parts.typ and of the design runs again for each place, which doubles the cost of a leaflet."""
    campaign = load(HERE / "campaigns/tiny")[0]
    leaflets = [output for output in catalogue(campaign) if output.kind == "leaflet" and output.place]
    shared = defaultdict(list)
    for output in leaflets:
        data = pieces.prepare(campaign, output).data
        result = typeset._write_place_data(tmp_path, data)
        shared[output.name, output.language, output.flavour].append(json.dumps(result))
        assert json.loads((tmp_path / "place.json").read_text("utf-8")) == data["place"]
    assert len(shared) < len(leaflets)
    assert all(len(set(item)) == 1 for item in shared.values())
