"""Telephone numbers and hours as people type them: dialled, refused or doubted."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from campaign.content import load
from campaign.content.contacts import ContactReader
from campaign.content.phones import read_phone
from campaign.exchange.contacts_out import outward_files
from campaign.exchange.take_contacts import compare
from campaign.models.campaign import Source
from campaign.pipeline.reading import read

TINY = Path(__file__).parent / "campaigns/tiny"
WORDS = {"kind-health": "Health", "does-care": "care"}
SOURCES = {"book": Source("book", "A Book", "A House", "2020", "https://house.example/", "Book")}


@pytest.fixture
def root(tmp_path):
    return shutil.copytree(TINY, tmp_path / "tiny")


def read_contact(folder, lines, country="TL"):
    """The contact that these lines of YAML make, and the problems with it."""
    path = folder / "assets/contacts/national.yml"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"contacts:\n  - id: a\n    kind: health\n    source: book\n{lines}", encoding="utf-8")
    problems = []
    reader = ContactReader(folder, WORDS, SOURCES, problems, date(2026, 11, 25), ("en",), "en", country)
    return reader.read_national()[0], problems


@pytest.mark.parametrize(
    ("raw", "country", "shown", "dial", "extension"),
    [
        ("+670 (0) 331 2345", "TL", "+670 331 2345", "+6703312345", ""),
        ("+670(0)331 2345", "", "+670 331 2345", "+6703312345", ""),
        ("+670-0-331 2345", "TL", "+670 331 2345", "+6703312345", ""),
        ("+670 0331 2345", "", "+670 331 2345", "+6703312345", ""),
        ("00670 0331 2345", "TL", "+670 331 2345", "+6703312345", ""),
        ("0331 2345", "TL", "331 2345", "+6703312345", ""),
        ("+225 01 23 45 67 89", "TL", "+225 01 23 45 67 89", "+2250123456789", ""),
        ("+378 0549 882 312", "TL", "+378 0549 882 312", "+3780549882312", ""),
        ("+94 (0)11 213 6136", "TL", "+94 11 213 6136", "+94112136136", ""),
        ("+39 (0)6 1234 5678", "TL", "+39 06 1234 5678", "+390612345678", ""),
        ("(+670) 331 2345", "", "+670 331 2345", "+6703312345", ""),
        ("(011) 2 584 984", "LK", "(011) 2 584 984", "+94112584984", ""),
        ("(011) 2 584 984", "", "(011) 2 584 984", "0112584984", ""),
        ("00670 331 2345", "TL", "+670 331 2345", "+6703312345", ""),
        ("00 670 331 2345", "", "+670 331 2345", "+6703312345", ""),
        ("011 670 331 2345", "US", "+670 331 2345", "+6703312345", ""),
        ("331-2345", "TL", "331-2345", "+6703312345", ""),
        ("８００ ４５６７", "TL", "800 4567", "8004567", ""),
        ("٣٣١ ٢٣٤٥", "TL", "331 2345", "+6703312345", ""),
        ("३३१ २३४५", "", "331 2345", "3312345", ""),
        ("၃၃၁ ၂၃၄၅", "TL", "331 2345", "+6703312345", ""),
        ("\u202a+670\u00a0331\u20112345\u202c", "", "+670 331-2345", "+6703312345", ""),
        ("tel:+670-331-2345", "", "+670-331-2345", "+6703312345", ""),
        ("Tel.: 331 2345", "", "331 2345", "3312345", ""),
        ("331 2345 ext. 12", "TL", "331 2345", "+6703312345", "12"),
        ("331 2345 x12", "", "331 2345", "3312345", "12"),
        ("331 2345 #12", "", "331 2345", "3312345", "12"),
        ("331 2345 ramal 12", "", "331 2345", "3312345", "12"),
        ("tel:+670-331-2345;ext=12", "", "+670-331-2345", "+6703312345", "12"),
        ("112", "TL", "112", "112", ""),
        ("1-1-2", "TL", "1-1-2", "112", ""),
        ("07700 900112", "", "07700 900112", "07700900112", ""),
        ("0800 157 0142", "GB", "0800 157 0142", "08001570142", ""),
    ],
)
def test_number_is_read_as_people_type_it(raw, country, shown, dial, extension):
    phone = read_phone(raw, country)
    assert (phone.shown, phone.dial, phone.extension, phone.fault, phone.doubt) == (shown, dial, extension, "", "")


@pytest.mark.parametrize("raw", ["ll2", "O112", "11O", "0800 WATER", "+670 331 2345 (Ana)", "x12"])
def test_number_with_letters_is_refused(tmp_path, raw):
    contact, problems = read_contact(tmp_path, f'    phone: "{raw}"\n')
    assert ([problem.id for problem in problems], contact.numbers) == (["number-wrong"], ())
    assert "It has letters" in problems[0].fix


@pytest.mark.parametrize(
    "raw", ["331 2345 / 6", "331 2345, 331 2346", "331 2345;331 2346", "331 2345 or 6", "+670 331 2345 +670 331 2346"]
)
def test_two_numbers_in_one_field_are_refused(tmp_path, raw):
    contact, problems = read_contact(tmp_path, f'    phone: "{raw}"\n')
    assert ([problem.message for problem in problems], contact.numbers) == ([f"`{raw}` is more than one number."], ())


@pytest.mark.parametrize("raw", ["*123#", "()", "+", "-", "123-", "+-+"])
def test_field_without_a_number_is_refused(tmp_path, raw):
    _, problems = read_contact(tmp_path, f'    phone: "{raw}"\n')
    assert [problem.id for problem in problems] == ["number-wrong"]


@pytest.mark.parametrize(
    ("raw", "doubt"),
    [
        ("331 234", "few"),
        ("+670 331 23", "few"),
        ("(011) 2 584 984", "many"),
        ("+670 670 331 2345", "many"),
        ("+999 123 4567", "country"),
        ("+0 123 456 789", "country"),
    ],
)
def test_number_that_no_country_has_is_doubted(raw, doubt):
    assert read_phone(raw, "TL").doubt == doubt


def test_what_is_dialled_is_told_where_it_is_not_what_was_typed(tmp_path):
    contact, problems = read_contact(tmp_path, '    phone: "+670 (0) 331 2345"\n')
    assert (contact.phone, contact.dial) == ("+670 331 2345", "+6703312345")
    assert [(problem.id, problem.message) for problem in problems] == [
        ("number-understood", "`+670 (0) 331 2345` is read as +670 331 2345, and dials +6703312345.")
    ]
    assert not problems[0].stops
    assert read_contact(tmp_path, '    phone: "331 2345"\n')[1] == []


@pytest.mark.parametrize("raw", ["25:00-26:00", "8:60-9:00", "8:00-24:30", "17:00-8:00", "12:00-12:00", "99:99"])
def test_hours_that_no_day_has_are_refused(tmp_path, raw):
    for lines in (f'    hours: "{raw}"\n', f'    hours: [{{days: mon-fri, open: ["{raw}"]}}]\n'):
        assert [item.id for item in read_contact(tmp_path, lines)[1]] == ["hours-wrong"], lines


@pytest.mark.parametrize(
    "raw", ["8:00-16:00", "0:00-8:00, 17:00-24:00", "12:30", "from 8 to 4", "8h30-12h00", "always"]
)
def test_hours_of_a_day_and_of_a_night_are_kept(tmp_path, raw):
    assert read_contact(tmp_path, f'    hours: "{raw}"\n')[1] == []


def test_every_link_and_export_dials_what_was_understood(root):
    path = root / "assets/contacts/national.yml"
    path.write_text(path.read_text().replace("07700 900112", '"+44 (0)20 7946 0112 ext. 5"'), encoding="utf-8")
    campaign, _ = load(root)
    files = outward_files(campaign, campaign.source_language)
    assert campaign.emergency.dial == "+442079460112,5"
    assert "TEL;VALUE=uri;TYPE=voice;PREF=1:tel:+442079460112;ext=5" in files["contacts.vcf"]
    assert '"number": "+44 20 7946 0112"' in files["contacts-hsds.json"]
    assert "(0)" not in files["contacts.csv"]


def test_number_of_another_length_than_the_country_has_is_noted(root):
    settings = root / "mkdocs.yml"
    settings.write_text(settings.read_text().replace('      version: "1"', '      country: gb\n      version: "1"', 1))
    path = root / "assets/contacts/national.yml"
    path.write_text(path.read_text().replace("07700 900112", '"07700 9001123456"'), encoding="utf-8")
    notes = [item for item in read(root)[1] if item.id == "number-odd"]
    assert ["more digits than any number of its country" in note.message for note in notes] == [True]


def test_table_tells_what_each_new_number_dials(root):
    campaign, _ = load(root)
    row = {"line": "2", "place": "coast", "id": "new", "kind": "health", "name": "New", "source": "drama-numbers"}
    taking = compare(campaign, [{**row, "phone": "+44 (0)20 7946 0018"}, {**row, "id": "wrong", "phone": "ll2"}])
    assert str(taking.differences[0]).endswith("new, New, +44 20 7946 0018 (dials +442079460018)")
    assert "+44 20 7946 0018" in taking.files()["assets/contacts/coast.yml"]
    assert any("`ll2` is not a telephone number" in item for item in taking.by_hand)


def test_country_that_is_none_is_refused(root):
    settings = root / "mkdocs.yml"
    settings.write_text(settings.read_text().replace('      version: "1"', '      country: XX\n      version: "1"', 1))
    assert "value-unknown" in [item.id for item in load(root)[1]]
