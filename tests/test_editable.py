"""Files that offices change: Word files with locked numbers, slides, and forms that are filled in and read back."""

from __future__ import annotations

import io
import shutil
from datetime import date
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest
from conftest import REPOSITORY, copy_campaign, read_help, run
from docx import Document
from docx.oxml.ns import qn
from pptx import Presentation

from campaign.content import load
from campaign.content.languages import as_built
from campaign.exchange.counting_forms import label
from campaign.exchange.filled_forms import COLUMN_KINDS
from campaign.exchange.tally import tally
from campaign.exchange.tally_page import counted
from campaign.models.filled_form import RECORD_FIELD
from campaign.models.problem import CampaignError
from campaign.packs.page_word import page_document
from campaign.packs.slides import Draft, slides_document
from campaign.pipeline.editable import check_editable, make_editable
from campaign.plan.editable import FORM, SLIDES, WORD, editable_files
from campaign.printing.editable import draw_slide_pictures, make_form

TINY = REPOSITORY / "tests/campaigns/tiny"
HANDOUT = """---
title: {title}
formats: [handout]{more}
---

## {title} {{#use}}

1. {title}
2. {title}

{title}

1. {title}

| {title} | {title} {{.tick}} |
| --- | --- |
| {title} | |

| {title} | |
| --- | --- |
| | |

{{{{ call }}}}
"""
MACHINE = "\ntranslation: {source: 642fca9bc478, by: machine, reviewed: no}"
COUNTING = """---
title: Counting
formats: [handout]
---

## Counting {{#log}}

| {day} | {place} | {piece} | {language} | {version} | {group} | {number} {{.number}} |
| --- | --- | --- | --- | --- | --- | --- |
| | | | | | | |
| | | | | | | |

| {piece} | {language} | {version} | {had} {{.number}} | {came} {{.number}} | {went} {{.number}} | {left} {{.number}} |
| --- | --- | --- | --- | --- | --- | --- |
| | | | | | | |

| {place} | {month} | Who |
| --- | --- | --- |
| | | |

| What | {number} {{.number}} |
| --- | --- |
| {handed-out}[^1] | |
| {meetings} | |

| {ran-out} | What else? |
| --- | --- |
| | |
| | |

## Test {{#test}}

| A sentence | True {{.tick}} |
| --- | --- |
| One sign proves nothing | |

| Sum | {before} {{.number}} | {after} {{.number}} |
| --- | --- | --- |
| {sheets} | | |
| {right} | | |

| {day} |
| --- |
| |

[^1]: A note.
"""
SLIDES_PAGE = """---
title: Slides
formats: [slides]
---

## Water {#start}

Good day.

> Greet the oldest first.

## Boil it {#boil}

{{ scene name=boil-the-water }}

- One minute
- **Always**

## Danger? {#call}

{{ call }}
"""
PIECE = {"3": "posters/boil-the-water", "4": "fil"}
LOG = {"1.1.1": "2026-11-20", "1.1.2": "hill", "1.1.6": "public", "1.1.7": "120"} | {
    f"1.1.{column}": text for column, text in PIECE.items()
}
STOCK = {"2.1.1": PIECE["3"], "2.1.2": "fil", "2.1.4": "100", "2.1.5": "50", "2.1.6": "120", "2.1.7": "30"}
MONTH = {"3.1.1": "hill", "3.1.2": "2026-11", "4.1.2": "120", "4.2.2": "7", "5.1.1": PIECE["3"]}
SUMS = {"7.1.2": "20", "7.2.2": "5", "7.1.3": "19", "7.2.3": "15", "8.1.1": "2026-11-20"}
TODAY = date(2026, 12, 1)


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    root = copy_campaign(TINY, tmp_path_factory.mktemp("editable") / "campaign")
    language = load(root)[0].languages["fil"]
    words = {key: label(language, key) for key in (*COLUMN_KINDS, "before", "after")}
    pages = {"fil/counting": COUNTING.format(**words), "fil/slides": SLIDES_PAGE}
    pages["fil/water"] = HANDOUT.format(title="Tubig", more="")
    pages["ar/water"] = HANDOUT.format(title="ماء", more=MACHINE)
    for name, text in pages.items():
        (root / f"docs/{name}.md").write_text(text, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def campaign(root):
    return as_built(load(root)[0])


def file_of(campaign, code, name, kind):
    (file,) = [file for file in editable_files(campaign, (code,), (name,)) if file.kind == kind]
    return file


@pytest.fixture(scope="module")
def form(campaign) -> bytes:
    return make_form(campaign, file_of(campaign, "fil", "counting", FORM).output)


def widgets(document):
    """Full name -> field, without the record."""
    for page in document.pages:
        for item in page.obj.get("/Annots", []):
            if item.get("/Subtype") == "/Widget" and "/Parent" in item:
                yield f"{item.Parent.Parent.T}.{item.Parent.T}.{item['/T']}", item


def filled(pdf: bytes, values: dict[str, str]) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        fields = dict(widgets(document))
        for name, value in values.items():
            fields[name].V = pikepdf.String(value)
        target = io.BytesIO()
        document.save(target)
    return target.getvalue()


def put(folder: Path, **files: bytes) -> Path:
    for name, data in files.items():
        (folder / f"{name}.pdf").write_bytes(data)
    return folder


def problems_of(campaign, folder: Path) -> list[str]:
    with pytest.raises(CampaignError) as caught:
        tally(campaign, folder, TODAY)
    return [f"{Path(problem.where).name} {problem.message}" for problem in caught.value.problems]


def test_each_empty_cell_is_a_field_with_its_headings(campaign, form):
    with pikepdf.open(io.BytesIO(form)) as document:
        fields = dict(widgets(document))
        words = [label(campaign.languages["fil"], key) for key in ("handed-out", "number")]
        assert str(fields["4.1.2"].TU) == ", ".join(words)
        assert [name for name, item in fields.items() if item.FT == "/Btn"] == ["6.1.2"]
        # Each is tagged as a part of a form.
        items = [item for item in document.objects if isinstance(item, pikepdf.Dictionary)]
        assert len([item for item in items if item.get("/S") == "/Form"]) == len(fields)
        assert not [item for item in items if "field.invalid" in str(item.get("/URI", ""))]
        assert {str(page.Tabs) for page in document.pages if "/Annots" in page} == {"/S"}
    with pdfium.PdfDocument(form) as document:
        assert document.get_formtype() == pdfium.raw.FORMTYPE_ACRO_FORM


def test_forms_are_read_back(campaign, form, tmp_path):
    result = tally(campaign, put(tmp_path, a=filled(form, LOG | STOCK | MONTH | SUMS)), TODAY)
    place, month = "hill", "2026-11"
    assert result.files == {"hand-out": 1, "stock": 1, "month-sheet": 1, "test": 2}
    assert result.handed_out == {(place, month, "public", PIECE["3"], "fil", ""): 120}
    assert result.monthly[place, month, "meetings"] == 7
    assert result.run_out == {(place, month, PIECE["3"], "", "")}
    assert (result.tested[place, "before", "right"], result.tested[place, "after", "sheets"]) == (5, 19)


def test_ticks_of_forms_without_sums_are_counted(campaign, form, tmp_path):
    names = ("Ana", "Rosa", "Zé", "Tina", "Rui")
    forms = {f"form-{at}": filled(form, {"6.1.2": "/Yes", "3.1.3": name}) for at, name in enumerate(names)}
    result = tally(campaign, put(tmp_path, **forms), TODAY)
    assert result.ticked == {("counting", "fil", "One sign proves nothing", "True"): 5}
    assert (result.files, result.ticked_files) == ({}, {"counting": 5})
    shown = [*counted(campaign, result, campaign.languages["fil"])]
    assert [(table.title, table.rows[0][1]) for table in shown] == [("Counting (5)", 5)]
    # Four people could be known.
    result.ticked -= {next(iter(result.ticked)): 1}
    assert [table.rows[0][1] for table in counted(campaign, result, campaign.languages["fil"])] == [None]


def test_wrong_cells_are_named_by_table_and_row(campaign, form, tmp_path):
    values = LOG | STOCK | {"1.1.7": "many", "2.1.7": "31", "3.1.1": "hill", "3.1.2": "2026-11"}
    assert problems_of(campaign, put(tmp_path, a=filled(form, values))) == [
        "a.pdf (table 1):1 `many` is not a whole number (`Bilang`).",
        "a.pdf (table 2):1 100 + 50 - 120 is 30, not 31.",
    ]


def encrypted(pdf: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        target = io.BytesIO()
        document.save(target, encryption=pikepdf.Encryption(owner="a", user="b"))
    return target.getvalue()


def with_program(pdf: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        document.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
        target = io.BytesIO()
        document.save(target)
    return target.getvalue()


def with_record(pdf: bytes, record: str) -> bytes:
    with pikepdf.open(io.BytesIO(pdf)) as document:
        (item,) = [item for item in document.Root.AcroForm.Fields if str(item.get("/T")) == RECORD_FIELD]
        item.V = pikepdf.String(record)
        target = io.BytesIO()
        document.save(target)
    return target.getvalue()


@pytest.mark.long
def test_other_pdfs_get_one_message_each(campaign, form, tmp_path):
    messages = {
        "cut": (form[:2000], "The PDF is damaged."),
        "empty": (form, "Nothing is filled in."),
        "locked": (encrypted(form), "The PDF is protected by a password."),
        "program": (with_program(form), "The PDF contains a program (JavaScript), which our forms don't."),
        "record": (with_record(form, '{"tables": 1}'), "The PDF is damaged."),
        "tables": (
            with_record(form, '{"piece":"","language":"","tables":[[],[[]],[["a"]]]}'),
            "No table of this PDF is counted.",
        ),
        "void": (with_record(form, "null"), "The PDF isn't a form that a campaign made."),
    }
    put(tmp_path, **{name: data for name, (data, _) in messages.items()})
    assert problems_of(campaign, tmp_path) == [f"{name}.pdf {message}" for name, (_, message) in messages.items()]


def locked_texts(document) -> list[str]:
    return [
        "".join(text.text for text in control.iter(qn("w:t")))
        for control in document.element.body.iter(qn("w:sdt"))
        if control.find(f"{qn('w:sdtPr')}/{qn('w:lock')}") is not None
        and control.find(f"{qn('w:sdtPr')}/{qn('w:lock')}").get(qn("w:val")) == "sdtContentLocked"
    ]


def test_word_files_have_the_words_and_locked_numbers(campaign):
    page = campaign.pages["fil", "water.md"]
    data = page_document(campaign, page, "A draft.")
    assert data == page_document(campaign, page, "A draft.")
    document = Document(io.BytesIO(data))
    assert document.paragraphs[0].text == "A draft."
    assert document.paragraphs[1].style.name == "Title"
    phone = campaign.emergency.phone
    assert phone in locked_texts(document)
    # A number that isn't locked would be in a run of a paragraph.
    assert phone not in " ".join(run.text for paragraph in document.paragraphs for run in paragraph.runs)
    first, second = document.tables  # not joined
    assert first.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert second.rows[1].height.mm > 8
    assert [item for item in document.element.body.iter() if str(item.tag).endswith("wordml}checkbox")]
    numbered = [item for item in document.paragraphs if item.style.name == "List Number"]
    numbers = [paragraph._p.pPr.numPr.numId.val for paragraph in numbered]
    assert numbers[0] == numbers[1] != numbers[2]
    assert campaign.languages["fil"].strings["imprint"] in [paragraph.text for paragraph in document.paragraphs]


def test_word_files_run_from_right_to_left(campaign):
    document = Document(io.BytesIO(page_document(campaign, campaign.pages["ar", "water.md"], "")))
    assert all(table._tbl.tblPr[1].tag == qn("w:bidiVisual") for table in document.tables)
    assert all(paragraph._p.pPr.find(qn("w:bidi")) is not None for paragraph in document.paragraphs if paragraph.text)


def test_slides_have_titles_notes_pictures_and_the_number(campaign):
    file = file_of(campaign, "fil", "slides", SLIDES)
    pictures = draw_slide_pictures(campaign, file.output)
    data = slides_document(campaign, file.page, pictures, Draft("A draft.", "Draft"))
    assert data == slides_document(campaign, file.page, pictures, Draft("A draft.", "Draft"))
    slides = Presentation(io.BytesIO(data)).slides
    assert [slide.shapes.title.text for slide in slides] == ["Water", "Boil it", "Danger?", campaign.name_in("fil")]
    assert slides[0].notes_slide.notes_text_frame.text == "Greet the oldest first."
    texts = [[shape.text for shape in slide.shapes if shape.has_text_frame] for slide in slides]
    assert all("Draft" in shown for shown in texts)
    assert "Greet the oldest first." not in texts[0]
    assert campaign.emergency.phone in texts[2]
    assert "A draft." in texts[3][1]
    assert campaign.languages["fil"].strings["imprint"] in texts[3][1]
    (picture,) = [shape for shape in slides[1].shapes if shape._element.tag.endswith("}pic")]
    assert picture._element.nvPicPr.cNvPr.get("descr") == campaign.pages["fil", "posters/boil-the-water.md"].alt
    body = slides[1].placeholders[1].text_frame
    assert {run._r.rPr.get("lang") for paragraph in body.paragraphs for run in paragraph.runs} == {"fil"}


def test_the_command_keeps_what_somebody_has_changed(root):
    output = run(root, "editable", "--language", "fil", "--piece", "water")
    folder = root / "dist/editable/fil"
    assert sorted(path.name for path in folder.iterdir()) == ["water-fil-form.pdf", "water-fil.docx"]
    assert "Files in dist/editable/: 2 made." in output
    (folder / "water-fil.docx").write_bytes(b"changed")
    output = run(root, "editable", "--language", "fil", "--piece", "water")
    assert "water-fil.docx was changed and is kept." in output
    assert (folder / "water-fil.docx").read_bytes() == b"changed"
    shutil.rmtree(root / "dist")


def old_files(root: Path) -> list[str]:
    return [problem.message for problem in check_editable(as_built(load(root)[0]))]


@pytest.mark.parametrize("edited", ["docs/fil/water.md", "assets/contacts/national.yml"])
def test_files_older_than_their_page_or_its_numbers_are_named(root, tmp_path, edited):
    root = copy_campaign(root, tmp_path / "campaign")
    assert old_files(root) == []
    make_editable(root, ["fil"], ["water"])
    (root / "docs/fil/slides.md").write_text(SLIDES_PAGE + "\nMore.\n", encoding="utf-8")
    assert old_files(root) == []
    changed = (
        (root / edited).read_text(encoding="utf-8").replace("Tubig", "Malinis na tubig").replace("phone: ", "phone: 1")
    )
    (root / edited).write_text(changed, encoding="utf-8")
    (message,) = old_files(root)
    assert message.startswith("2 files are older than their pages or the numbers on them, such as editable/fil/water")
    make_editable(root, ["fil"], ["water"])
    assert old_files(root) == []


@pytest.mark.long
def test_builds_keep_editable_files_and_sticks_leave_them_out(small, tmp_path):
    root = copy_campaign(small, tmp_path / "campaign", is_warm=True)
    (root / "docs/fil/water.md").write_text(HANDOUT.format(title="Tubig", more=""), encoding="utf-8")
    run(root, "editable", "--language", "fil", "--piece", "water")
    before = {path.name: path.read_bytes() for path in (root / "dist/editable/fil").iterdir()}
    run(root, "build")
    run(root, "build")
    assert {path.name: path.read_bytes() for path in (root / "dist/editable/fil").iterdir()} == before
    (root / "docs/fil/water.md").write_text(HANDOUT.format(title="Malinis", more=""), encoding="utf-8")
    for command in ("build", "build", "check"):
        assert "2 files are older than their pages" in run(root, command)
    run(root, "editable", "--language", "fil", "--piece", "water")
    assert "are older than their pages" not in run(root, "build")
    run(root, "stick", str(tmp_path / "stick"), "--prints")
    assert not [path for path in (tmp_path / "stick").rglob("*") if path.name == "water-fil.docx"]


@pytest.mark.long
def test_forms_of_help_are_read_back_in_four_languages(tmp_path):
    campaign = as_built(read_help())
    place = {"1.1.2": "Dili", "3.1.1": "Dili", "1.1.6": "students"}
    for code in ("en", "tet", "pt", "id"):
        form = make_form(campaign, file_of(campaign, code, "hand-out", FORM).output)
        piece = {"1.1.3": "posters/say-no", "2.1.1": "posters/say-no", "5.1.1": "posters/say-no"}
        put(tmp_path, **{code: filled(form, LOG | STOCK | MONTH | place | piece | {"1.1.4": code, "2.1.2": code})})
        sums = {"1.1.2": "Dili", "1.1.3": "2026-11-20", "4.1.2": "20", "4.2.2": "5"}
        test = make_form(campaign, file_of(campaign, code, "test", FORM).output)
        put(tmp_path, **{f"test-{code}": filled(test, sums)})
    result = tally(campaign, tmp_path, TODAY)
    assert result.files == {"hand-out": 4, "stock": 4, "month-sheet": 4, "test": 4}
    assert result.monthly["dili", "2026-11", "meetings"] == 28


def test_files_of_pages_are_planned_by_their_formats(campaign):
    kinds = [(file.page.path, file.kind) for file in editable_files(campaign, ("fil",))]
    assert kinds == [
        ("counting.md", WORD),
        ("counting.md", FORM),
        ("slides.md", SLIDES),
        ("water.md", WORD),
        ("water.md", FORM),
    ]
