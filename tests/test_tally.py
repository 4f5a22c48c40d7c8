"""Forms that were filled in, as people and Excel leave them, and what `campaign tally` makes of them."""

from __future__ import annotations

import csv
import io
import random
import re

import pytest
from click.testing import CliRunner
from conftest import REPOSITORY, read_help
from openpyxl import Workbook

from campaign.cli.commands import main
from campaign.exchange.counting_forms import FORMS, blank_forms, label
from campaign.exchange.tally import join_small, parse_number

PLACES = ("Dili", "baucau", "Ermera", "Oecusse", "Viqueque")


@pytest.fixture(scope="module")
def campaign():
    return read_help()


def table(campaign, code, form, rows, separator=","):
    """A table with the headings of a language."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\r\n")
    writer.writerow([label(campaign.languages[code], column.key) for column in FORMS[form]])
    writer.writerows(rows)
    return text.getvalue()


def tally(folder, code=0, *more):
    done = CliRunner().invoke(main, ["--root", str(REPOSITORY), "tally", str(folder), *more])
    assert done.exit_code == code, done.output
    return done.output


def test_printed_forms_have_the_headings_of_the_blank_ones(campaign):
    files = blank_forms(campaign)
    assert "forms/tet/stock-tet.csv" in files
    for code in ("en", "tet", "pt", "id"):
        printed = (REPOSITORY / f"docs/{code}/counting/hand-out.md").read_text(encoding="utf-8")
        printed += (REPOSITORY / f"docs/{code}/counting/test.md").read_text(encoding="utf-8")
        for name in FORMS:
            (head,) = csv.reader(io.StringIO(files[f"forms/{code}/{name}-{code}.csv"].removeprefix("\ufeff")))
            assert [cell for cell in head if cell not in printed] == []


@pytest.mark.long
def test_tables_in_three_languages_and_ten_places_are_added_up(campaign, tmp_path):
    """Some 6,000 rows, ten times what one office writes in a year; commas, semicolons, a byte order mark, XLSX."""
    chance, whole = random.Random(1), 0
    for index, code in enumerate(("en", "tet", "pt") * 10):
        rows = []
        for day in range(200):
            number = chance.randrange(1, 300)
            whole += number
            values = (f"{day % 28 + 1}/{index % 11 + 1}/2025", f"2025-{index % 11 + 1:02}-{day % 28 + 1:02}")[day % 2]
            group = campaign.languages[code].strings["audience-students"]
            rows.append([values, chance.choice(PLACES), "before-you-go", code, "2026.1", group, f" {number} "])
        text = table(campaign, code, "hand-out", rows, ",;"[index % 2])
        (tmp_path / f"{index}.csv").write_text("\ufeff" * (index % 2) + text, encoding="utf-8")
    book = Workbook()
    for row in csv.reader(io.StringIO(table(campaign, "tet", "stock", []))):
        book.active.append(row)
    book.active.append(["Díli", "2026-03", "wallet-card", "Tetun", "", 100, None, 100, 0])
    book.save(tmp_path / "stock.xlsx")
    (tmp_path / "test.csv").write_text(
        table(
            campaign,
            "pt",
            "test",
            [["Baucau", "3.2.2026", "Antes", 20, 5, 2, 1], ["Baucau", "3.2.2026", "Depois", 20, 15, 9, 8]],
        ),
        encoding="utf-8",
    )
    said = tally(tmp_path, 0, "--language", "pt")
    assert "Read: hand-out 30, stock 1, test 1." in said
    page = (tmp_path / "tally.html").read_text(encoding="utf-8")
    first = page.partition("</table>")[0]
    assert sum(map(int, re.findall(r"<td class=n>(\d+)", first))) == whole
    assert "5 / 20" in page
    assert ">75<" in page
    assert "O que se esgotou" in page
    assert "http:" not in page
    assert "https:" not in page


def test_every_row_that_cannot_be_counted_is_named_and_nothing_runs(campaign, tmp_path):
    rows = [
        ["2025-02-01", "Dili", "=cmd|'/c calc'!A1", "en", "", "students", "5"],
        ["2025-02-31x", "Atlantis", "wallet-card", "en", "", "<script>", "12,5"],
        ["", "", "", "", "", "", ""],
        ["2999-01-01", "Dili", "wallet-card", "en", "<img src=x>", "students", "about 40"],
    ]
    (tmp_path / "a.csv").write_text(table(campaign, "en", "hand-out", rows), encoding="utf-8")
    (tmp_path / "copy of a.csv").write_bytes((tmp_path / "a.csv").read_bytes())
    (tmp_path / "b.csv").write_text(
        table(campaign, "id", "stock", [["Dili", "Mar-26", "no-pay", "id", "", 9, 1, 2, 7]]), encoding="utf-8"
    )
    (tmp_path / "c.csv").write_text("Name,Story\nAna,x\n", encoding="utf-8")
    (tmp_path / "d.csv").write_bytes("Dia;Lugar\nMar\xe7o".encode("latin-1"))
    (tmp_path / "e.csv").write_text(
        table(campaign, "en", "hand-out", [["2025-02-01", "Dili", "know-the-signs", "en", "", "camps", 5]]),
        encoding="utf-8",
    )
    text = tally(tmp_path, 1)
    for line in (
        "e.csv:2 `know-the-signs` is the name of several pieces (`Piece`). Write which: leaflets/know-the-signs,",
        "a.csv:2 `=cmd|'/c calc'!A1` is not known (`Piece`).",
        "a.csv:3 `Atlantis` is not known (`Place`).",
        "a.csv:3 `<script>` is not known (`Group`).",
        "a.csv:3 `12,5` is not a whole number (`Number`).",
        "a.csv:5 `2999-01-01` is no day until today (`Day`).",
        "b.csv:2 9 + 1 - 2 is 8, not 7.",
        "c.csv:1 Its first line is the head of no form.",
        "d.csv The table is not UTF-8 text.",
        "copy of a.csv The file is the same as",
    ):
        assert line in text
    assert not (tmp_path / "tally.html").exists()
    for bad in ("a", "copy of a", "b", "c", "d", "e"):
        (tmp_path / f"{bad}.csv").unlink()
    (tmp_path / "a.csv").write_text(
        table(campaign, "en", "hand-out", [["2025-02-01", "Dili", "no-pay", "en", "<img src=x>", "students", "5"]]),
        encoding="utf-8",
    )
    tally(tmp_path)
    assert "<img" not in (tmp_path / "tally.html").read_text(encoding="utf-8")


def test_small_numbers_of_people_cannot_be_read_or_worked_out():
    assert join_small({("a",): 40, ("b",): 3, ("c",): 7}.items()) == ([(("a",), 40)], 10)
    assert join_small({("a",): 40, ("b",): 3, ("c",): 4}.items()) == ([(("a",), 40)], 7)
    assert join_small({("b",): 3}.items()) == ([], 3)


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("1.200", 1200),
        ("1 200", 1200),
        ("12.0", 12),
        ("0", 0),
        ("12,5", None),
        ("-3", None),
        ("=1+1", None),
        ("1e3", None),
    ],
)
def test_numbers_as_programs_for_tables_write_them(raw, number):
    assert parse_number(raw) == number
