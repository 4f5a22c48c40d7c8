"""Contacts come from tables and go to other programs, and nothing is lost on the way."""

from __future__ import annotations

import json

import pytest
from conftest import HERE, copy_campaign, run
from openpyxl import Workbook

from campaign.content import load

HEAD = ["place", "id", "kind", "name", "does", "phone", "extension", "free", "hours", "languages", "source"]
HOURS, BOOK = "mon-fri 8:00-12:00, 13:00-17:00; sat 8:00-12:00", "drama-numbers"
CLINIC = "assets/contacts/hill.yml"


@pytest.fixture
def root(tmp_path):
    return copy_campaign(HERE / "campaigns/tiny", tmp_path / "campaign")


def xlsx(path, *rows):
    book = Workbook()
    for row in (HEAD, *rows):
        book.active.append(row)
    book.save(path)
    return path


def test_what_is_given_out_can_be_taken_back_without_a_difference(root, tmp_path):
    run(root, "contacts", "give", str(tmp_path / "out"))
    said = run(root, "contacts", "take", str(tmp_path / "out/contacts.csv"))
    assert "Nothing to change." in said
    assert "by hand" not in said


def test_table_of_an_office_changes_lines_and_loses_nothing(root, tmp_path):
    before = (root / CLINIC).read_text(encoding="utf-8")
    table = xlsx(
        tmp_path / "office.xlsx",
        ["hill", "hill-clinic", "health", "", "", "+44 20 7946 0019", "", "", "", "", "drama-numbers"],
        ["coast", "coast-1", "health", "Klinika: Bago", "care", "07700 900151", "12", "yes", HOURS, "fil, ar", BOOK],
        ["coast", "coast-1", "health", "Klinika: Bago", "care", "07700 900152", "", "", "", "", "drama-numbers"],
    )
    said = run(root, "contacts", "take", str(table))
    assert "hill-clinic: phone: +44 20 7946 0018 -> +44 20 7946 0019" in said
    assert "its check of 2026-01-10 was of +44 20 7946 0018, and is set aside" in said
    assert "new in assets/contacts/coast.yml: coast-1, Klinika: Bago, 07700 900151" in said
    assert "not in the table, and kept: rescue" in said
    assert (root / CLINIC).read_text(encoding="utf-8") == before
    run(root, "contacts", "take", str(table), "--write")
    after = (root / CLINIC).read_text(encoding="utf-8")
    assert after.startswith(before.split("names:")[0])
    assert "# of the number before: checked: {on: 2026-01-10, how: official-source}" in after
    campaign, problems = load(root)
    assert not [problem for problem in problems if problem.stops], problems
    clinic, coast = campaign.places["hill"].contacts[0], campaign.places["coast"].contacts[0]
    assert (clinic.phone, clinic.checked, clinic.name) == ("+44 20 7946 0019", None, "Klinika ng Burol")
    assert [(number.phone, number.extension) for number in coast.numbers] == [
        ("07700 900151", "12"),
        ("07700 900152", ""),
    ]
    assert coast.hours[0].times == ("8:00-12:00", "13:00-17:00")
    assert "Nothing to change." in run(root, "contacts", "take", str(table))


def test_number_that_a_table_keeps_as_an_amount_is_refused(root, tmp_path):
    table = xlsx(tmp_path / "bad.xlsx", ["hill", "hill-clinic", "health", "", "", 7700900151, "", "", "", "", "x"])
    assert "(table-wrong)" in run(root, "contacts", "take", str(table), code=1)
    (tmp_path / "no.xlsx").write_text("no table", encoding="utf-8")
    assert "The file is no XLSX table." in run(root, "contacts", "take", str(tmp_path / "no.xlsx"), code=1)
    (tmp_path / "no.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert "does not name the columns" in run(root, "contacts", "take", str(tmp_path / "no.csv"), code=1)


def test_address_books_and_directories_get_what_they_read(root, tmp_path):
    with (root / CLINIC).open("a", encoding="utf-8") as file:
        file.write(
            "  - id: far\n    kind: health\n    name: 'Klinika, Malayo; ng Tubig at ng Kalusugan ng mga Ina'\n"
            '    phone: "07700 900177"\n    extension: "9"\n    source: drama-numbers\n    keeper: Ana\n'
            "    hours: [{days: mon-fri, open: [8:00-12:00]}]\n    email: a@klinika.example\n"
        )
    run(root, "contacts", "give", str(tmp_path / "out"))
    cards = (tmp_path / "out/contacts.vcf").read_bytes()
    assert all(len(line) <= 75 for line in cards.split(b"\r\n"))
    whole = cards.decode().replace("\r\n ", "")
    assert "FN:Klinika\\, Malayo\\; ng Tubig" in whole
    assert 'TEL;VALUE=uri;TYPE="voice";PREF=1:tel:07700900177;ext=9' in whole
    services = json.loads((tmp_path / "out/contacts-hsds.json").read_text(encoding="utf-8"))
    far = next(each for each in services if each["name"].startswith("Klinika, Malayo"))
    assert far["schedules"][0]["byday"] == "MO,TU,WE,TH,FR"
    assert (far["schedules"][0]["opens_at"], far["phones"][0]["extension"]) == ("08:00", 9)
    assert "Ana" not in whole + json.dumps(services) + (tmp_path / "out/contacts.csv").read_text(encoding="utf-8")
