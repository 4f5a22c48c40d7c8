"""Files from other people: with any content, a command ends in time with one clear message."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import zipfile
import zlib
from pathlib import Path
from time import process_time

import pikepdf
import pytest
from conftest import HERE, copy_campaign, mostly_long, run
from docx import Document
from openpyxl import Workbook
from PIL import Image

from campaign.cache.external_programs import ProgramTimeout
from campaign.content import foreign_files
from campaign.exchange.contacts_table import read_table
from campaign.images.open import open_picture
from campaign.models.problem import CampaignError, Problem

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
NAMESPACE = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def workbook(path: Path, replaced: dict[str, bytes]) -> Path:
    """A real XLSX file with some of its parts replaced."""
    book, data = Workbook(), io.BytesIO()
    book.active.append(["id", "source", "phone"])
    book.save(data)
    with zipfile.ZipFile(data) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in {*old.namelist(), *replaced}:
            new.writestr(name, replaced[name] if name in replaced else old.read(name))
    return path


def sheet(rows: str) -> bytes:
    return f'<?xml version="1.0"?><worksheet {NAMESPACE}><sheetData>{rows}</sheetData></worksheet>'.encode()


def empty_cells(path: Path) -> Path:
    row = "<row>" + "<c/>" * 4500 + "</row>"
    return workbook(path, {SHEET: sheet(row * 5000)})


def last_column(path: Path) -> Path:
    rows = "".join(f'<row r="{index}"><c r="XFD{index}"><v>1</v></c></row>' for index in range(1, 5000))
    return workbook(path, {SHEET: sheet(rows)})


def shared_strings(path: Path) -> Path:
    text = f"<sst {NAMESPACE}>{'<si><t>' + 'a' * 200 + '</t></si>' * 1}" + "<si><t>b</t></si>" * 5_000_000 + "</sst>"
    cell = '<row><c t="s"><v>1</v></c></row>'
    return workbook(path, {SHEET: sheet(cell), STRINGS: text.encode()})


def large_po(path: Path) -> Path:
    entry = 'msgctxt "index.md#0123456789"\nmsgid "{0}"\nmsgstr "{0}"\n\n'
    path.write_text("".join(entry.format(number) for number in range(900_000)), encoding="utf-8")
    return path


def expanding_docx(path: Path) -> Path:
    document, data = Document(), io.BytesIO()
    document.add_table(1, 3)
    document.save(data)
    with zipfile.ZipFile(data) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            body = old.read(name)
            if name == "word/document.xml":
                body = body.replace(b"</w:tbl>", b"</w:tbl>" + b"<w:p><w:r><w:t>a</w:t></w:r></w:p>" * 10_000_000)
            new.writestr(name, body)
    return path


def damaged_docx(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as new:
        new.writestr("[Content_Types].xml", "<Types><")
        new.writestr("word/document.xml", "<w:document")
    return path


def pipe(path: Path) -> Path:
    os.mkfifo(path)
    return path


def endless(path: Path) -> Path:
    path.symlink_to("/dev/zero")
    return path


TABLES = {
    "millions of empty cells.xlsx": empty_cells,
    "a cell in the last column.xlsx": last_column,
    "millions of shared strings.xlsx": shared_strings,
    "a pipe.csv": pipe,
    "a pipe.xlsx": pipe,
    "an endless file.csv": endless,
    "an endless file.xlsx": endless,
    "a folder.csv": lambda path: path.mkdir() or path,
}
TRANSLATIONS = {
    "too many entries.po": large_po,
    "expands to 350 MB.docx": expanding_docx,
    "damaged.docx": damaged_docx,
    "a pipe.po": pipe,
    "an endless file.xliff": endless,
    "a pipe.docx": pipe,
}


# Runs Python with the arguments given, then says what that process and its own took: seconds, and kB of the largest.
MEASURING_SCRIPT = """
import resource, subprocess, sys
code = subprocess.run([sys.executable, *sys.argv[1:]]).returncode
took = resource.getrusage(resource.RUSAGE_CHILDREN)
print("measured", took.ru_utime + took.ru_stime, took.ru_maxrss, file=sys.stderr)
sys.exit(code)
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    return copy_campaign(HERE / "campaigns/tiny", tmp_path_factory.mktemp("foreign") / "campaign")


def refused(root: Path, *arguments: str) -> str:
    """What a command says of a file that it refuses, within its limits of computing time and memory."""
    done = subprocess.run(
        [sys.executable, "-c", MEASURING_SCRIPT, "-m", "campaign", *arguments], cwd=root, capture_output=True, text=True
    )
    text, _, measured = (done.stdout + done.stderr).rpartition("measured ")
    spent, largest = map(float, measured.split())
    assert done.returncode in (1, 2), text
    assert "Traceback" not in text
    assert spent < 15, f"{spent:.1f} s of computing"
    assert largest < 1_000_000, f"{largest} kB"
    return text


@pytest.mark.parametrize("name", mostly_long(TABLES, *list(TABLES)[1::2], "a folder.csv"))
def test_no_table_that_somebody_sent_hangs_or_breaks_a_command(root, tmp_path, name):
    file = TABLES[name](tmp_path / name)
    text = refused(root, "contacts", "take", str(file))
    assert name in text or "does not exist" in text or "is a directory" in text


@pytest.mark.parametrize("name", mostly_long(TRANSLATIONS, *list(TRANSLATIONS)[::2]))
def test_no_translation_that_somebody_sent_hangs_or_breaks_a_command(root, tmp_path, name):
    file = TRANSLATIONS[name](tmp_path / name)
    text = refused(root, "translate", "take", str(file), "--language", "ar", "--by", "Ana")
    assert name in text or "is a directory" in text


def test_busy_computer_is_not_taken_for_a_bad_file(tmp_path, monkeypatch):
    def wait(*_args: object, **_options: object) -> None:
        raise ProgramTimeout("python")

    monkeypatch.setattr(foreign_files, "run_program", wait)
    with pytest.raises(CampaignError, match=r"took more than \d+ seconds, perhaps because the computer is busy"):
        read_table(workbook(tmp_path / "services.xlsx", {}))


def test_list_of_sums_may_be_a_pipe_or_endless(root, tmp_path):
    for number, make in enumerate((pipe, endless)):
        folder = tmp_path / str(number)
        folder.mkdir()
        make(folder / "SHA256SUMS")
        assert "SHA256SUMS" in refused(root, "verify", str(folder))


@pytest.mark.long
def test_ordinary_workbook_is_read_as_before(root, tmp_path):
    output = run(root, "contacts", "give", str(tmp_path))
    table = next(tmp_path.glob("*.csv"))
    assert output
    rows = [line.split(",") for line in table.read_text("utf-8-sig").splitlines()]
    book = Workbook()
    for row in rows[:1]:
        book.active.append(row)
    book.save(tmp_path / "in.xlsx")
    assert "Traceback" not in run(root, "contacts", "take", str(tmp_path / "in.xlsx"))


def test_jpeg_with_a_thousand_passes_is_refused_at_once(tmp_path):
    data = io.BytesIO()
    Image.new("RGB", (8000, 6000), (120, 60, 30)).save(data, "JPEG", progressive=True)
    image = data.getvalue()
    last = image[image.rfind(b"\xff\xda") : -2]
    (tmp_path / "a.jpg").write_bytes(image[:-2] + last * 1000 + b"\xff\xd9")
    result = open_picture(tmp_path, tmp_path / "a.jpg", "a.jpg")
    assert isinstance(result, Problem)
    assert "more passes" in result.message
    (tmp_path / "b.jpg").write_bytes(image)
    assert not isinstance(open_picture(tmp_path, tmp_path / "b.jpg", "b.jpg", width=64), Problem)


def pdf_of(content=0, password=""):
    """A PDF whose page has so many operators."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.pages[0].Contents = pdf.make_stream(zlib.compress(b"0 0 m\n" * content), Filter=pikepdf.Name.FlateDecode)
        file = io.BytesIO()
        pdf.save(file, encryption=pikepdf.Encryption(owner="a", user=password) if password else False)
        return file.getvalue()


CHAIN = '<linearGradient id="g0"><stop offset="0" stop-color="#ff0000"/></linearGradient>' + "".join(
    f'<linearGradient id="g{n}" xlink:href="#g{n - 1}" xmlns:xlink="http://www.w3.org/1999/xlink"/>'
    for n in range(1, 30_000)
)
BLURRED = '<rect width="90" height="90" fill="#ff0000" filter="url(#b)"/>' * 3000
HOSTILE = {
    "a PDF with a password": ("t.pdf", {"password": "x"}, "protected"),
    "a PDF that unpacks to 600 MB": ("t.pdf", {"content": 100_000_000}, "metadata can't be removed"),
    "gradients in a chain": ("art.svg", f'<defs>{CHAIN}</defs><path d="M0 0h9v9z" fill="url(#g29999)"/>', "in a chain"),
    "thousands of blurred shapes": ("art.svg", BLURRED, "3,000 blurred or otherwise filtered shapes"),
    "brackets in brackets": ("docs/fil/_strings.yml", "a: " + "[" * 100_000, "nested too deeply"),
    "a table of a million letters": ("page", "\n| a | b |\n|---|---|\n" + "| x | y |\n" * 90_000, "over 500 kB"),
    "shortcodes without end": ("page", "{{ call }} " * 100_000, "over 500 kB"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_file_of_a_stranger_is_refused_in_one_sentence_before_it_costs_much(tmp_path, name):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "campaign")
    file, content, sentence = HOSTILE[name]
    page, art = root / "docs/fil/boil.md", root / "assets/posters/boil-the-water/art.svg"
    if file == "t.pdf":
        (root / "docs/fil/t.pdf").write_bytes(pdf_of(**content))
        page.write_text(page.read_text("utf-8") + "\n[Table](t.pdf)\n", "utf-8")
    elif file == "page":
        page.write_text(page.read_text("utf-8") + content, "utf-8")
    elif file == "art.svg":
        before, tag, after = art.read_text("utf-8").partition("<svg ")
        head, _, inner = after.partition(">")
        art.write_text(f"{before}{tag}{head}>{content}{inner}", "utf-8")
    else:
        (root / file).write_text(content, "utf-8")
    begun = process_time()
    said = run(root, "check", code=1)
    assert process_time() - begun < 30  # seconds of this process; it took minutes
    assert sum(sentence in line for line in said.splitlines()) == 1
    assert "Traceback" not in said
