"""Contacts come from tables and go to other programs, and nothing is lost on the way."""

from __future__ import annotations

import json
from time import process_time

import pytest
import yaml
from conftest import HERE, copy_campaign, run
from openpyxl import Workbook
from vobject import readComponents

from campaign.content import load
from campaign.exchange.contacts_table import COLUMNS, contact_rows, write_csv
from campaign.exchange.take_contacts import compare
from campaign.schema import yaml_edit

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
    output = run(root, "contacts", "take", str(tmp_path / "out/contacts.csv"))
    assert "Nothing to change." in output
    assert "by hand" not in output


def test_table_of_an_office_changes_lines_and_loses_nothing(root, tmp_path):
    before = (root / CLINIC).read_text(encoding="utf-8")
    table = xlsx(
        tmp_path / "office.xlsx",
        ["hill", "hill-clinic", "health", "", "", "+44 20 7946 0019", "", "", "", "", "drama-numbers"],
        ["coast", "coast-1", "health", "Klinika: Bago", "care", "07700 900151", "12", "yes", HOURS, "fil, ar", BOOK],
        ["coast", "coast-1", "health", "Klinika: Bago", "care", "07700 900152", "", "", "", "", "drama-numbers"],
    )
    output = run(root, "contacts", "take", str(table))
    assert "hill-clinic: phone: +44 20 7946 0018 -> +44 20 7946 0019" in output
    assert "its check of 2026-01-10 was of +44 20 7946 0018, and is set aside" in output
    assert "new in assets/contacts/coast.yml: coast-1, Klinika: Bago, 07700 900151" in output
    assert "not in the table, and kept: rescue" in output
    assert (root / CLINIC).read_text(encoding="utf-8") == before
    run(root, "contacts", "take", str(table), "--write")
    after = (root / CLINIC).read_text(encoding="utf-8")
    assert after.startswith(before.split("names:")[0])
    assert "# of the number before: checked: {on: 2026-01-10, how: official-source}" in after
    campaign, problems = load(root)
    assert not [problem for problem in problems if problem.stops], problems
    assert campaign.places["hill"].contacts[0].former[0].phone == "+44 20 7946 0018"
    clinic, coast = campaign.places["hill"].contacts[0], campaign.places["coast"].contacts[0]
    assert (clinic.phone, clinic.checked, clinic.name) == ("+44 20 7946 0019", None, "Klinika ng Burol")
    assert [(number.phone, number.extension) for number in coast.numbers] == [
        ("07700 900151", "12"),
        ("07700 900152", ""),
    ]
    assert coast.hours[0].times == ("8:00-12:00", "13:00-17:00")
    assert "Nothing to change." in run(root, "contacts", "take", str(table))


SEVERAL = """names: {fil: Burol, ar: التل, km: ភ្នំ}
contacts:
  - id: clinic   # in the new house
    kind: health
    name: {fil: Klinika, km: គ្លីនិក}
    numbers:
      - phone: "07700 900112"   # by day
        calls: [{on: 2026-11-01, by: Ana, answered: yes}]
        again: {phone: "07700 900112", by: Ana, first: Rui}
      - {phone: "07700 900113", extension: "12", for: {fil: sa gabi}, calls: [{on: 2026-11-02, by: Ana, answered: yes}]}
    source: drama-numbers
  - {id: well, kind: water, source: drama-numbers, phone: "07700 900120",
     calls: [{on: 2026-11-01, by: A, answered: yes}]}
  # the last one
  - id: pump
    kind: water
    phone: "07700 900130"   # at the pump
    free: yes
    does: [water]
    source: drama-numbers
"""


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_contacts_with_several_numbers_are_changed_number_by_number(root, tmp_path, kind):
    """An exported table comes back without a difference; then numbers are changed and added, and none is lost."""
    (root / CLINIC).write_text(SEVERAL, encoding="utf-8")
    rows = [dict(row) for row in contact_rows(load(root)[0])]
    table = tmp_path / f"table.{kind}"

    def taken(*options):
        if kind == "csv":
            table.write_text(write_csv(rows), encoding="utf-8", newline="")
        else:
            book = Workbook()
            for line in (COLUMNS, *([row[column] for column in COLUMNS] for row in rows)):
                book.active.append(line)
            book.save(table)
        return run(root, "contacts", "take", str(table), *options)

    text = taken("--write")
    assert "Nothing to change." in text
    assert "by hand" not in text
    assert (root / CLINIC).read_text(encoding="utf-8") == SEVERAL
    of = {row["phone"]: row for row in rows}
    of["07700 900112"] |= {"phone": "07700 900119", "email": "a@klinika.example", "checked on": "", "checked how": ""}
    of["07700 900113"]["for"] = "tuwing gabi"
    new = {"free": "", "for": "", "checked on": "", "checked how": ""}
    for old, phone in (
        ("07700 900113", "07700 900114"),
        ("07700 900120", "07700 900121"),
        ("07700 900130", "07700 900131"),
    ):
        rows.append({**of[old], **new, "extension": "", "phone": phone})
    text = taken("--write")
    assert "clinic: 07700 900112: phone: 07700 900112 -> 07700 900119" in text
    assert "clinic: 07700 900113: for: sa gabi -> tuwing gabi" in text
    assert "well: a further number: 07700 900121" in text
    after = (root / CLINIC).read_text(encoding="utf-8")
    for line in ("# in the new house", "# by day", "# the last one", "# at the pump", "km: គ្លីនិក"):
        assert line in after
    assert "# of the number before: calls: [{on: 2026-11-01, by: Ana, answered: yes}]" in after
    campaign, problems = load(root)
    assert not [problem for problem in problems if problem.stops], problems
    clinic, well, pump = campaign.places["hill"].contacts
    facts = [(number.phone, number.extension, number.checked and number.checked.on.day) for number in clinic.numbers]
    assert facts == [
        ("07700 900119", "", None), ("07700 900113", "12", 2), ("07700 900114", "", None),
    ]  # fmt: skip
    assert (clinic.numbers[1].uses, clinic.email) == ({"fil": "tuwing gabi"}, "a@klinika.example")
    assert [number.phone for number in well.numbers] == ["07700 900120", "07700 900121"]
    assert [(number.phone, number.free) for number in pump.numbers] == [("07700 900130", True), ("07700 900131", None)]
    assert "Nothing to change." in taken()
    # With another extension, someone else answers.
    rows = [dict(row) for row in contact_rows(campaign)]
    next(row for row in rows if row["extension"])["extension"] = "13"
    assert "its check of 2026-11-02 was of 07700 900113, and is set aside" in taken("--write")
    assert load(root)[0].places["hill"].contacts[0].numbers[1].checked is None


def test_number_that_was_changed_is_not_checked_by_an_old_table(root, tmp_path):
    """The same table a second time: its check was of the number before."""
    row = ["hill", "hill-clinic", "health", "", "", "+44 20 7946 0019", "", "", "", "", BOOK, "2026-01-10"]
    book = Workbook()
    for line in ([*HEAD, "checked on"], row):
        book.active.append(line)
    book.save(tmp_path / "old.xlsx")
    run(root, "contacts", "take", str(tmp_path / "old.xlsx"), "--write")
    assert "Nothing to change." in run(root, "contacts", "take", str(tmp_path / "old.xlsx"), "--write")
    assert load(root)[0].places["hill"].contacts[0].checked is None


@pytest.mark.parametrize("how", ["called", "official-source", ""])
def test_table_verifies_no_number_and_its_dates_stay_the_senders(root, tmp_path, how):
    """A number of ours, a new one, a contact's first, one that replaces another, and a row without a number."""
    (root / CLINIC).write_text(
        "names: {fil: Burol, ar: التل, km: ភ្នំ}\ncontacts:\n"
        '  - {id: known, kind: health, name: A, phone: "07700 900151", source: drama-numbers}\n'
        '  - {id: called, kind: health, name: B, phone: "07700 900152", source: drama-numbers,\n'
        "     calls: [{on: 2026-11-20, by: Ana, answered: yes}]}\n"
        "  - id: first\n    kind: health\n    name: C\n    checked: {on: 2026-11-20, how: official-source}\n"
        "    source: drama-numbers\n",
        "utf-8",
    )
    numbers = {"known": "07700 900151", "called": "07700 900159", "first": "07700 900153", "new": "07700 900154"}
    book = Workbook()
    book.active.append([*HEAD, "checked on", "checked how"])
    for id, phone in {**numbers, "none": "", "odd": "07700 900155", "ahead": "07700 900156"}.items():
        day = {"odd": "in March", "ahead": "2099-01-01"}.get(id, "2026-11-25")
        book.active.append(["hill", id, "health", id, "", phone, "", "", "", "", BOOK, day, how])
    book.save(tmp_path / "office.xlsx")
    output = run(root, "contacts", "take", str(tmp_path / "office.xlsx"), "--write")
    assert "line 7: `in March` is no day of a check" in output
    assert "line 8: `2099-01-01` is no day of a check" in output
    assert "known: reported: nothing -> 2026-11-25" in output
    contacts = {contact.id: contact for contact in load(root)[0].places["hill"].contacts}
    assert {id: contacts[id].phone for id in numbers} == numbers
    for contact in contacts.values():
        assert contact.checked is None
        assert not any(number.is_fresh for number in contact.numbers)
    days = {id: [str(number.reported) for number in contact.numbers] for id, contact in contacts.items()}
    assert days == {**{id: ["2026-11-25"] for id in numbers}, "none": [], "odd": ["None"], "ahead": ["None"]}
    sheet = unwrapped(run(root, "contacts", "due"))
    for id, phone in numbers.items():
        assert f"## {id}, Burol: {phone}" in sheet
        assert f"`{id}`; never checked; reported as checked on 2026-11-25;" in sheet
    assert "Nothing to change." in run(root, "contacts", "take", str(tmp_path / "office.xlsx"))


def test_number_that_a_table_keeps_as_an_amount_is_refused(root, tmp_path):
    table = xlsx(tmp_path / "bad.xlsx", ["hill", "hill-clinic", "health", "", "", 7700900151, "", "", "", "", "x"])
    assert "(table-wrong)" in run(root, "contacts", "take", str(table), code=1)
    (tmp_path / "no.xlsx").write_text("no table", encoding="utf-8")
    assert "The file is no XLSX table." in run(root, "contacts", "take", str(tmp_path / "no.xlsx"), code=1)
    (tmp_path / "no.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    assert "No column looks like `name` or `phone`" in run(root, "contacts", "take", str(tmp_path / "no.csv"), code=1)


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
    whole = cards.decode()
    read = {card.fn.value: card for card in readComponents(whole)}
    assert "Klinika ng Burol" in read
    name = "Klinika, Malayo; ng Tubig at ng Kalusugan ng mga Ina"
    assert (read[name].tel.value, read[name].email.value) == ("07700900177,9", "a@klinika.example")
    assert read["Klinika ng Burol"].tel.value == "tel:+442079460018"
    services = json.loads((tmp_path / "out/contacts-hsds.json").read_text(encoding="utf-8"))
    far = next(service for service in services if service["name"].startswith("Klinika, Malayo"))
    assert far["schedules"][0]["byday"] == "MO,TU,WE,TH,FR"
    assert (far["schedules"][0]["opens_at"], far["phones"][0]["extension"]) == ("08:00", 9)
    assert "Ana" not in whole + json.dumps(services) + (tmp_path / "out/contacts.csv").read_text(encoding="utf-8")


def test_files_of_contacts_that_a_table_leaves_as_they_are_are_read_once(tmp_path, monkeypatch):
    """A table of 600 contacts took minutes: each row read its whole file again."""
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "tiny")
    run(root, "contacts", "give", str(tmp_path / "given"))
    [table] = (tmp_path / "given").glob("*.csv")
    read: list[str] = []
    monkeypatch.setattr(yaml_edit, "compose", lambda text: read.append(text) or yaml.compose(text))
    assert "Nothing to change." in run(root, "contacts", "take", str(table))
    assert len(read) == len({*read}) > 1


def changed_by_table(folder, count):
    """(seconds of computing that a table with other numbers for all contacts of a file takes, the file after it)."""
    root = copy_campaign(HERE / "campaigns/tiny", folder / str(count))
    file = root / CLINIC
    contacts = [
        f'  - id: post-{n}\n    kind: health\n    name: Post {n}\n    phone: "07700 900{n % 1000:03d}"\n'
        f"    source: {BOOK}\n    checked: {{on: 2026-01-10, how: official-source}}  # at noon\n\n"
        for n in range(count)
    ]
    file.write_text(f"{file.read_text(encoding='utf-8').rstrip()}\n{''.join(contacts)}", encoding="utf-8")
    campaign, problems = load(root)
    assert not problems
    rows = [row | {"line": "2", "phone": row["phone"].replace("900", "901")} for row in contact_rows(campaign)]
    begun = process_time()
    changes = compare(campaign, [row for row in rows if row["id"].startswith("post-")])
    (after,) = changes.files().values()
    assert len(changes.differences) == 2 * count
    return process_time() - begun, after


def test_each_row_of_a_table_costs_the_same_however_many_there_are(tmp_path):
    few, _ = changed_by_table(tmp_path, 100)
    many, after = changed_by_table(tmp_path, 1000)
    assert many < 25 * few
    assert after.count("# of the number before: checked: {on: 2026-01-10, how: official-source}  # at noon") == 1000
    assert after.count('    former:\n      - phone: "07700 900') == 1000


def office_table(path, *rows):
    book = Workbook()
    for row in (["Distrito", "Name of service", "Type", "Telephone", "Hours", "Remarks"], *rows):
        book.active.append(row)
    book.save(path)
    return path


def test_table_with_headings_of_an_office_is_guessed_shown_and_remembered(root, tmp_path):
    """A place by a name, a kind by the campaign's words, a number that lost its zero, an id from the name."""
    settings = root / "mkdocs.yml"
    settings.write_text(
        settings.read_text("utf-8").replace("      version:", "      country: GB\n      version:"), "utf-8"
    )
    campaign, _ = load(root)
    place = next(iter(campaign.places))
    name = campaign.places[place].names["ar"]
    kind = campaign.languages["ar"].strings["kind-health"]
    rows = (
        [name, "Klinika ng Bagong Buhay", kind, 2079460019, "always", "nice"],
        ["National", "Second", "health", "", "", ""],
    )
    table = office_table(tmp_path / "office.xlsx", *rows)
    asked = ("contacts", "take", str(table), "--source", "drama-numbers")
    output = run(root, *asked)
    for line in ("Distrito: place", "Type: kind", "Telephone: phone", "Hours: hours", "Remarks: left out"):
        assert line in output
    assert f"new in assets/contacts/{place}.yml: klinika-ng-bagong-buhay" in output
    assert "020 7946 0019" in output
    assert "new in assets/contacts/national.yml: second" in output
    run(root, *asked, "--write")
    campaign, _ = load(root)
    contact = next(item for item in campaign.all_contacts if item.id == "klinika-ng-bagong-buhay")
    assert (contact.place, contact.kind, contact.source, contact.hours) == (place, "health", "drama-numbers", "always")
    # The second time, the contact is the same one.
    assert "Nothing to change." in run(root, *asked)
    assert "Remarks: service" in run(root, *asked, "--column", "Remarks=service")
    assert "Remarks: service" in run(root, *asked)


def unwrapped(output: str) -> str:
    """Return printed text without line ends, which depend on the length of the table's path."""
    return " ".join(output.split())


def test_table_of_a_ministry_gives_numbers_that_a_mobile_dials(root, tmp_path):
    settings = root / "mkdocs.yml"
    settings.write_text(
        settings.read_text("utf-8").replace("      version:", "      country: IN\n      version:"), "utf-8"
    )
    book = Workbook()
    for row in (
        ["Government of Bihar"],
        ["List of help desks, as on 1 April"],
        [],
        ["S. No.", "Name of service", "Type", "STD Code", "Telephone", "Mobile", "Timings", "Languages"],
        [1, "Nalanda desk", "health", "06112", "234528", "9431818343", "24x7", "Telugu, Urdu"],
        [2, "Patna desk", "health", 612, "2219810 / 2219811", "", "Mon-Fri 8-5", "hi"],
        [3, "Control room", "health", "", "112", "", "", ""],
    ):
        book.active.append(row)
    book.save(tmp_path / "desks.xlsx")
    asked = ("contacts", "take", str(tmp_path / "desks.xlsx"), "--source", "drama-numbers")
    output = run(root, *asked)
    for line in ("STD Code: area", "Mobile: phone", "Timings: hours", "Languages: languages"):
        assert line in output
    run(root, *asked, "--write")
    contacts = {contact.id: contact for contact in load(root)[0].all_contacts}
    dialled = {id: [number.dial for number in contacts[id].numbers] for id in contacts if "desk" in id or "room" in id}
    assert dialled == {
        "nalanda-desk": ["+916112234528", "+919431818343"],
        "patna-desk": ["+916122219810", "+916122219811"],
        "control-room": ["112"],
    }
    assert contacts["nalanda-desk"].languages == ("te", "ur")
    assert contacts["nalanda-desk"].hours == "always"
    for column, cell, said in (
        (3, "", "`234528` has no area code: a mobile can't dial it."),
        (4, "234528/29", "seems to be several numbers with a common beginning"),
        (7, "Klingon-ish", "No language is called `Klingon-ish`."),
    ):
        changed = Workbook()
        for index, row in enumerate(book.active.iter_rows(values_only=True)):
            cells = list(row)
            if index == 4:
                cells[column] = cell
                cells[5] = ""
            changed.active.append(cells)
        changed.save(tmp_path / "wrong.xlsx")
        wrong = run(root, "contacts", "take", str(tmp_path / "wrong.xlsx"), "--source", "drama-numbers", code=1)
        assert said in unwrapped(wrong)
        assert "wrong.xlsx:5" in unwrapped(wrong)


def test_all_that_cannot_be_read_of_an_office_table_is_told_at_once_before_anything_is_written(root, tmp_path):
    before = {path: path.read_bytes() for path in (root / "assets/contacts").iterdir()}
    table = office_table(
        tmp_path / "office.xlsx",
        ["Atlantis", "A clinic", "health", "07700 900151", "", ""],
        ["National", "", "dentistry", "07700 900152", "", ""],
    )
    output = unwrapped(run(root, "contacts", "take", str(table), "--write", code=1))
    for text in ("`Atlantis` is not known", "There is no name.", "`dentistry` is not known", "There is no source."):
        assert text in output
    assert f"{table.name}:2" in output
    assert f"{table.name}:3" in output
    wrong = unwrapped(
        run(root, "contacts", "take", str(table), "--column", "Fax=phone", "--column", "Type=colour", code=1)
    )
    assert "no column `Fax`" in wrong
    assert "`colour` is not known" in wrong
    # Two columns of one kind would hide each other's cells.
    double = unwrapped(
        run(root, "contacts", "take", str(table), "--column", "Remarks=kind", "--column", "Type=kind", code=1)
    )
    assert "The columns `Type` and `Remarks` are both read as `kind`." in double
    assert {path: path.read_bytes() for path in (root / "assets/contacts").iterdir()} == before
