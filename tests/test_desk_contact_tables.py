"""Contacts from an office's table at the desk: guessed columns, all problems at once, a preview before any change."""

from __future__ import annotations

import zipfile
from io import BytesIO

import pytest
from conftest import HERE, copy_campaign
from opened_desk import check_access
from openpyxl import Workbook
from playwright.sync_api import expect
from starlette.datastructures import FormData, Headers, UploadFile
from starlette.requests import Request

from campaign.content import load
from campaign.desk.app import application
from campaign.desk.desk import Desk
from campaign.desk.panel import Refused
from campaign.desk.panels.contact_tables import UPLOADS, ContactTables
from campaign.desk.words import languages
from campaign.desk.workspace import Workspace
from campaign.exchange.foreign_table import IGNORED, remember_columns

HEADINGS = ("Lugar", "Name of service", "Type", "Telephone", "Hours", "Fax")
ROWS = (
    ("hill", "Bahay Tuluyan", "health", "07700 900161", "always", "1"),
    ("National", "Second", "health", "112 00", "", ""),
)


def csv_of(*rows: tuple[str, ...]) -> bytes:
    return "".join(";".join(row) + "\n" for row in (HEADINGS, *rows)).encode()


def ods_of(*rows: str) -> bytes:
    """A sheet as LibreOffice writes it, with the empty rows at its end."""
    names = "".join(
        f' xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    data = BytesIO()
    with zipfile.ZipFile(data, "w") as parts:
        parts.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        parts.writestr(
            "content.xml",
            f"<office:document-content{names}><office:body><office:spreadsheet><table:table>{''.join(rows)}"
            '<table:table-row table:number-rows-repeated="1048000"><table:table-cell'
            ' table:number-columns-repeated="16384"/></table:table-row>'
            "</table:table></office:spreadsheet></office:body></office:document-content>",
        )
    return data.getvalue()


REPEATED = 'table:number-rows-repeated="2000000000"'


def ods_row(*cells: str) -> str:
    texts = (f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in cells)
    return f"<table:table-row>{''.join(texts)}</table:table-row>"


def contact_files(root) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (root / "assets/contacts").iterdir()}


@pytest.fixture
def desk(tmp_path):
    workspace = Workspace(copy_campaign(HERE / "campaigns/tiny", tmp_path / "campaign"))
    desk = Desk(workspace)
    application(desk, 1)  # gives its pages their addresses
    yield desk
    workspace.end()


def panel_of(desk: Desk, kept: str = "", query: str = "", **form: object) -> ContactTables:
    scope = {"type": "http", "method": "POST", "path": "/contacts/table", "query_string": query.encode(), "headers": []}
    values = [(key, item) for key, value in form.items() for item in (value if isinstance(value, list) else [value])]
    return ContactTables(desk, Request(scope | {"path_params": {"kept": kept} if kept else {}}), FormData(values))


def uploaded(desk: Desk, name: str, data: bytes) -> str:
    """The name under which the desk keeps an uploaded table, or its refusal."""
    file = UploadFile(BytesIO(data), filename=name, headers=Headers())
    return panel_of(desk, file=file).receive().headers["location"].rpartition("/")[2]


def test_an_editor_takes_a_table_and_takes_it_back(opened, home):
    page, base = home
    before = contact_files(opened.root)
    remember_columns(opened.root, {"Fax": IGNORED})
    page.goto(f"{base}contacts")
    page.click("text=Contacts from a table")
    page.set_input_files("#file", {"name": "Office 2026.csv", "mimeType": "text/csv", "buffer": csv_of(*ROWS)})
    page.click("text=Look at it")
    expect(page.locator("h1")).to_have_text("office-2026.csv")
    expect(page.get_by_label("Lugar")).to_have_value("place")
    expect(page.get_by_label("Fax")).to_have_value("-")
    expect(page.locator("#changes .problems li")).to_have_count(1)
    expect(page.locator("#changes")).to_contain_text("office-2026.csv, rows: 2, 3")
    page.select_option("#source", "drama-numbers")
    page.get_by_label("Fax").select_option("service")
    page.click("text=Read it this way")
    expect(page.locator("#changes")).to_contain_text("New contacts")
    check_access(page, page.url)
    assert contact_files(opened.root) == before
    page.click("main .save button")
    expect(page.locator("#saved")).to_contain_text("Contacts taken from office-2026.csv")
    assert "id: bahay-tuluyan" in opened.text()
    assert not list((opened.root / UPLOADS).iterdir())
    page.click("#saved button")
    expect(page.locator("h1")).to_have_text("History")
    assert contact_files(opened.root) == before


def test_everything_that_is_wrong_is_told_at_once_and_nothing_is_written(desk):
    before = contact_files(desk.workspace.root)
    rows = (("Atlantis", "", "dentistry", "07700 900162", "", ""), ("Mu", "A", "", "07700 900163", "", ""))
    kept = uploaded(desk, "Office.csv", csv_of(*rows, *ROWS))
    text = panel_of(desk, kept).show().body.decode()
    for told in ("`Atlantis`", "`Mu`", "`dentistry`", "There is no name", "There is no kind", "rows: 2, 3, 4, 5"):
        assert told in text
    assert "Choose the source of these rows above." in text
    # Two columns of one kind would hide each other's cells.
    with pytest.raises(Refused) as refused:
        panel_of(desk, kept, heading=[*HEADINGS], column=["place", "name", "kind", "phone", "hours", "kind"]).map()
    assert "are both read as `kind`" in refused.value.context["preview"].problems[0].message
    with pytest.raises(Refused):
        panel_of(desk, kept, version="0").take()
    # A source that isn't in the register would stop every build.
    ours = uploaded(desk, "ours.csv", b"id,source,name,kind,phone\nnew,no-such,New,health,07700 900164\n")
    assert "no-such" in panel_of(desk, ours).show().body.decode()
    with pytest.raises(Refused):
        panel_of(desk, ours, version="0").take()
    assert contact_files(desk.workspace.root) == before


def test_columns_that_were_chosen_are_remembered_and_a_changed_campaign_is_shown_again(desk):
    root = desk.workspace.root
    kept = uploaded(desk, "office.ods", ods_of(ods_row(*HEADINGS), *(ods_row(*row) for row in ROWS)))
    columns = ["place", "name", "kind", "phone", "hours", "keeper"]
    answer = panel_of(desk, kept, heading=[*HEADINGS], column=columns, source="drama-numbers").map()
    assert "source=drama-numbers" in answer.headers["location"]
    again = uploaded(desk, "second.csv", csv_of(*ROWS))
    text = panel_of(desk, again, "source=drama-numbers").show().body.decode()
    assert '<option value="keeper" selected>' in text
    version = text.split('name="version" value="')[1].split('"')[0]
    hill = root / "assets/contacts/hill.yml"
    hill.write_text(hill.read_text("utf-8") + "# called today\n", "utf-8")
    with pytest.raises(Refused) as refused:
        panel_of(desk, again, "source=drama-numbers", version=version).take()
    assert refused.value.status == 409
    text = panel_of(desk, again, "source=drama-numbers").show().body.decode()
    version = text.split('name="version" value="')[1].split('"')[0]
    panel_of(desk, again, "source=drama-numbers", version=version).take()
    assert {contact.keeper for contact in load(root)[0].all_contacts if contact.id == "bahay-tuluyan"} == {"1"}


def workbook(cell: str) -> bytes:
    book, data = Workbook(), BytesIO()
    for row in (HEADINGS, ("hill", "Bahay", "health", "07700 900161", "", cell)):
        book.active.append(row)
    book.save(data)
    return data.getvalue()


def bomb() -> bytes:
    data = BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("content.xml", b"0" * 101_000_000)
    return data.getvalue()


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        ("photo.jpg", b"\xff\xd8\xff", "The file is no table."),
        ("photo.xlsx", b"\xff\xd8\xff", "The file is no XLSX table."),
        ("bomb.ods", bomb(), "over 100 MB when it is unpacked"),
        ("large.csv", b"a;b\n" + b"1;2\n" * 2_600_000, "over 10 MB"),
        ("long.csv", b"a;b\n" + b"1;2\n" * 5001, "more than 5000 rows"),
        ("long.ods", ods_of(*([ods_row("a", "b")] * 5002)), "more than 5000 rows"),
        ("repeated.ods", ods_of(ods_row("a", "b").replace("row>", f"row {REPEATED}>", 1)), "more than 5000 rows"),
        ("empty.csv", b"", "The table is empty."),
        ("formula.csv", csv_of(("hill", "=HYPERLINK(\"x\")", "", "", "", "")), "formulas or HTML"),
        ("formula.xlsx", workbook("=1+1"), "formulas or HTML"),
        ("formula.ods", ods_of(ods_row(*HEADINGS), '<table:table-row><table:table-cell table:formula="of:=[.A1]"/>'
         "</table:table-row>"), "formulas or HTML"),
        ("html.xlsx", workbook("<script>alert(1)</script>"), "formulas or HTML"),
    ],
)  # fmt: skip
def test_file_that_is_no_table_of_contacts_is_refused_with_one_message(desk, name, data, told):
    with pytest.raises(Refused) as refused:
        uploaded(desk, name, data)
    [problem] = refused.value.problems
    assert told in problem.message
    assert problem.where.startswith(name)
    assert not (desk.workspace.root / UPLOADS).exists()


@pytest.mark.parametrize("kept", ["..", "../../../mkdocs.yml", f"{'0' * 20}-x.csv", f"{'0' * 20}-../../x.csv"])
def test_only_uploaded_tables_are_opened(desk, kept):
    with pytest.raises(LookupError):
        panel_of(desk, kept).show()


def test_every_language_of_the_desk_says_the_same(desk):
    kept = uploaded(desk, "office.csv", csv_of(*ROWS))
    for code in languages():
        desk.workspace.choose(type(desk.workspace.choices)("Ana", code))
        assert languages()[code]["table-columns"] in panel_of(desk, kept).show().body.decode()
