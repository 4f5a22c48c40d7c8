"""Files that offices change: Word files with locked numbers, slides, and forms that are filled in and read back."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest
from click.testing import CliRunner
from conftest import REPOSITORY, copy_campaign, run
from docx import Document
from docx.oxml.ns import qn
from pptx import Presentation

from campaign.cli.commands import main
from campaign.content import load
from campaign.content.languages import as_built
from campaign.models.filled_form import RECORD_FIELD
from campaign.packs.page_word import page_document
from campaign.packs.slides import Draft, slides_document
from campaign.plan.editable import FORM, SLIDES, WORD, editable_files
from campaign.printing.editable import draw_slide_pictures, make_form

TINY = REPOSITORY / "tests/campaigns/tiny"
LOG = {
    **{"1.1.1": "2026-11-20", "1.1.2": "Dili", "1.1.3": "posters/say-no", "1.1.4": "en", "1.1.6": "students"},
    "1.1.7": "120",
}
STOCK = {
    **{"2.1.1": "posters/say-no", "2.1.2": "en", "2.1.4": "100", "2.1.5": "50", "2.1.6": "120", "2.1.7": "30"},
    **{"3.1.1": "Dili", "3.1.2": "2026-11"},
}
MONTH = {"3.1.1": "Dili", "3.1.2": "2026-11", "4.1.2": "120", "4.2.2": "7", "5.1.1": "posters/say-no"}
TEST = {"1.1.2": "Dili", "1.1.3": "2026-11-20", "4.1.2": "20", "4.2.2": "5", "4.1.3": "19", "4.2.3": "15"}
HANDOUT = """---
title: {title}
formats: [handout]
---

## {title} {{#use}}

1. {text}
2. {text}

{text}

1. {text}

| {text} | {text} {{.tick}} |
| --- | --- |
| {text} | |

| {text} | |
| --- | --- |
| | |

{{{{ call }}}}
"""


@pytest.fixture(scope="module")
def campaign():
    return as_built(load(REPOSITORY)[0])


def file_of(campaign, code, name, kind):
    (file,) = [file for file in editable_files(campaign, (code,), (name,)) if file.kind == kind]
    return file


@pytest.fixture(scope="module")
def forms(campaign) -> dict[tuple[str, str], bytes]:
    """Forms to fill in: (language, name) -> PDF."""
    names = (("en", "hand-out"), ("tet", "hand-out"), ("en", "test"))
    return {key: make_form(campaign, file_of(campaign, *key, FORM).output) for key in names}


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


def tally(folder: Path, code=0) -> str:
    done = CliRunner().invoke(main, ["--root", str(REPOSITORY), "tally", str(folder)])
    assert done.exit_code == code, done.output
    return " ".join(done.output.split())


def put(folder: Path, **files: bytes) -> Path:
    for name, data in files.items():
        (folder / f"{name}.pdf").write_bytes(data)
    return folder


def test_each_empty_cell_is_a_field_with_its_headings(forms):
    with pikepdf.open(io.BytesIO(forms["en", "test"])) as document:
        fields = dict(widgets(document))
        assert str(fields["2.2.3"].TU) == "2 One sign proves that an offer is false., True"
        assert {name for name, item in fields.items() if item.FT == "/Btn"} == {
            f"2.{row}.{column}" for row in range(1, 11) for column in (3, 4, 5)
        }
        # Each is tagged as a part of a form, in the order of the text.
        tags = [item for item in document.objects if isinstance(item, pikepdf.Dictionary) and item.get("/S") == "/Form"]
        assert len(tags) == len(fields) == 44
        assert not [item for item in document.objects if isinstance(item, pikepdf.Dictionary) and "/URI" in item]
        assert {str(page.Tabs) for page in document.pages} == {"/S"}
    with pdfium.PdfDocument(forms["en", "test"]) as document:
        assert document.get_formtype() == pdfium.raw.FORMTYPE_ACRO_FORM


def test_forms_are_read_back_in_two_languages(forms, tmp_path):
    put(
        tmp_path,
        a=filled(forms["en", "hand-out"], LOG | STOCK | MONTH),
        b=filled(forms["tet", "hand-out"], LOG | {"1.1.2": "Baucau"}),
        c=filled(forms["en", "test"], TEST),
    )
    output = tally(tmp_path)
    assert "Read: hand-out 2, month-sheet 1, stock 1, test 2." in output
    assert re.search(r"Baucau, 2026-11 .* Students .* 120", output)
    assert "Before 5 / 20 25 Dili After 15 / 19 79" in output
    assert "Meetings held Place Month Dili 2026-11 7" in output


def test_wrong_cells_are_named_by_table_and_row(forms, tmp_path):
    put(tmp_path, a=filled(forms["en", "hand-out"], LOG | STOCK | {"1.1.7": "many", "2.1.7": "31", "3.1.1": "Dili"}))
    output = tally(tmp_path, 1)
    assert "a.pdf (table 1):1 `many` is not a whole number" in output
    assert "a.pdf (table 2):1 100 + 50 - 120 is 30, not 31." in output


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


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda pdf: pdf, "Nothing is filled in."),
        (lambda pdf: pdf[:2000], "The PDF is damaged."),
        (lambda _: b"%PDF-1.7\n", "The PDF is damaged."),
        (encrypted, "The PDF is protected by a password."),
        (with_program, "The PDF contains a program (JavaScript)"),
        (lambda pdf: with_record(pdf, '{"tables": 1}'), "The PDF is damaged."),
        (lambda pdf: with_record(pdf, "null"), "The PDF is no form to fill in of a campaign."),
        (lambda pdf: with_record(pdf, '{"piece":"","language":"","tables":[[],[[]],[["a"]]]}'), "No table of this PDF"),
    ],
    ids=["empty", "cut", "nothing", "encrypted", "program", "wrong record", "no record", "other tables"],
)
def test_other_pdfs_get_one_message(forms, tmp_path, change, message):
    put(tmp_path, a=change(forms["en", "hand-out"]))
    output = tally(tmp_path, 1)
    assert message in output
    assert output.count("problem ") == 1


def locked_texts(document) -> list[str]:
    return [
        "".join(text.text for text in control.iter(qn("w:t")))
        for control in document.element.body.iter(qn("w:sdt"))
        if control.find(f"{qn('w:sdtPr')}/{qn('w:lock')}") is not None
        and control.find(f"{qn('w:sdtPr')}/{qn('w:lock')}").get(qn("w:val")) == "sdtContentLocked"
    ]


def test_word_files_have_the_words_and_locked_numbers(campaign):
    page = campaign.pages["en", "meetings/students/handout.md"]
    data = page_document(campaign, page, "A draft.")
    assert data == page_document(campaign, page, "A draft.")
    document = Document(io.BytesIO(data))
    assert document.paragraphs[0].text == "A draft."
    assert document.paragraphs[1].style.name == "Title"
    # A number that isn't locked would be in a run of a paragraph.
    assert "112" in locked_texts(document)
    assert "112" not in " ".join(run.text for paragraph in document.paragraphs for run in paragraph.runs)
    rows = [row for table in document.tables for row in table.rows]
    assert any(row._tr.trPr.find(qn("w:tblHeader")) is not None for row in rows)
    assert any(row.height and row.height.mm > 8 for row in rows)
    assert campaign.languages["en"].strings["imprint"] in [paragraph.text for paragraph in document.paragraphs]


def test_word_files_run_from_right_to_left_and_count_each_list_from_one(tmp_path):
    root = copy_campaign(TINY, tmp_path / "campaign")
    for code, title in (("ar", "ماء"), ("fil", "Tubig")):
        text = HANDOUT.format(title=title, text=title)
        (root / f"docs/{code}/water.md").write_text(text, encoding="utf-8")
    campaign = load(root)[0]
    document = Document(io.BytesIO(page_document(campaign, campaign.pages["ar", "water.md"], "")))
    assert all(table._tbl.tblPr.find(qn("w:bidiVisual")) is not None for table in document.tables)
    assert len(document.tables) == 2  # not joined
    assert [item for item in document.element.body.iter() if str(item.tag).endswith("wordml}checkbox")]
    numbers = [
        paragraph._p.pPr.numPr.numId.val for paragraph in document.paragraphs if paragraph.style.name == "List Number"
    ]
    assert numbers[0] == numbers[1] != numbers[2]


def test_slides_have_titles_notes_pictures_and_the_number(campaign):
    file = file_of(campaign, "en", "camps-slides", SLIDES)
    pictures = draw_slide_pictures(campaign, file.output)
    data = slides_document(campaign, file.page, pictures, Draft("A draft.", "Draft"))
    assert data == slides_document(campaign, file.page, pictures, Draft("A draft.", "Draft"))
    slides = Presentation(io.BytesIO(data)).slides
    assert [slide.shapes.title.text for slide in slides][:-1] == [panel.title for panel in file.page.panels]
    assert "Greet the oldest first." in slides[0].notes_slide.notes_text_frame.text
    assert all("Draft" in [shape.text for shape in slide.shapes if shape.has_text_frame] for slide in slides)
    texts = [shape.text for shape in slides[-2].shapes if shape.has_text_frame]
    assert "112" in texts
    (alt,) = [
        shape._element.nvPicPr.cNvPr.get("descr") for shape in slides[3].shapes if shape._element.tag.endswith("}pic")
    ]
    assert alt == campaign.pages["en", "posters/job-offer.md"].alt
    closing = slides[-1].placeholders[1].text_frame.text
    assert campaign.languages["en"].strings["imprint"] in closing
    assert {
        run._r.rPr.get("lang")
        for paragraph in slides[1].placeholders[1].text_frame.paragraphs
        for run in paragraph.runs
    } == {"en"}


def test_the_command_keeps_what_somebody_has_changed(tmp_path):
    root = copy_campaign(TINY, tmp_path / "campaign")
    (root / "docs/fil/water.md").write_text(HANDOUT.format(title="Tubig", text="Pakuluan"), encoding="utf-8")
    output = run(root, "editable", "--language", "fil", "--piece", "water")
    folder = root / "dist/editable/fil"
    assert sorted(path.name for path in folder.iterdir()) == ["water-fil-form.pdf", "water-fil.docx"]
    assert "Files in dist/editable/: 2 made." in output
    (folder / "water-fil.docx").write_bytes(b"changed")
    output = run(root, "editable", "--language", "fil", "--piece", "water")
    assert "water-fil.docx was changed and is kept." in output
    assert (folder / "water-fil.docx").read_bytes() == b"changed"


@pytest.mark.long
def test_builds_keep_editable_files_and_sticks_leave_them_out(small, tmp_path):
    root = copy_campaign(small, tmp_path / "campaign", is_warm=True)
    (root / "docs/fil/water.md").write_text(HANDOUT.format(title="Tubig", text="Pakuluan"), encoding="utf-8")
    run(root, "editable", "--language", "fil", "--piece", "water")
    before = {path.name: path.read_bytes() for path in (root / "dist/editable/fil").iterdir()}
    run(root, "build")
    run(root, "build")
    assert {path.name: path.read_bytes() for path in (root / "dist/editable/fil").iterdir()} == before
    run(root, "stick", str(tmp_path / "stick"), "--prints")
    assert not [path for path in (tmp_path / "stick").rglob("*") if path.name.startswith("water-fil.docx")]


def test_files_of_pages_are_planned_by_their_formats(campaign):
    kinds = {}
    for file in editable_files(campaign, ("en",)):
        kinds.setdefault(file.kind, set()).add(file.page.path)
    assert "meetings/camps/slides.md" in kinds[SLIDES]
    assert "counting/hand-out.md" in kinds[WORD] & kinds[FORM]
    assert "meetings/camps/guide.md" in kinds[WORD] - kinds[FORM]
    assert not [path for paths in kinds.values() for path in paths if path.startswith(("posters/", "leaflets/"))]
