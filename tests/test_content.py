"""Content is read as typed, and mistakes are reported."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from campaign.content import load
from campaign.content.contacts import ContactReader
from campaign.content.languages import direction_of
from campaign.content.translation import fingerprint
from campaign.models.campaign import Source
from campaign.schema.yaml_reader import EMPTY_VALUE, Fields, parse_yaml

WORDS = {"kind-emergency": "Emergency", "kind-shelter": "Safe house", "kind-health": "Health", "does-care": "care"}
TODAY = date(2026, 11, 25)
SOURCES = {"book": Source("book", "A *Book*", "A House", "2020", "https://house.example/b?x=1&y=2", "Book")}


def read_contacts(tmp_path: Path, text: str, place: str = "national"):
    folder = tmp_path / "assets/contacts"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{place}.yml").write_text(text, encoding="utf-8")
    problems = []
    reader = ContactReader(tmp_path, WORDS, SOURCES, problems, TODAY)
    if place == "national":
        return reader.read_national(), problems
    return reader.read_place(place, ("en",), "mkdocs.yml").contacts, problems


def what(problems):
    return [problem.message for problem in problems]


def test_phone_number_keeps_its_leading_zero(tmp_path):
    contacts, problems = read_contacts(
        tmp_path, "contacts:\n  - {id: a, kind: health, phone: 0711234567, hours: 12:30, source: book}\n"
    )
    assert problems == []
    assert (contacts[0].phone, contacts[0].dial, contacts[0].hours) == ("0711234567", "0711234567", "12:30")


def test_phone_number_with_letters_is_a_problem_with_its_line(tmp_path):
    _, problems = read_contacts(tmp_path, "contacts:\n  - id: a\n    kind: health\n    phone: 11O\n    source: book\n")
    assert [problem.where for problem in problems] == ["assets/contacts/national.yml:4"]
    assert what(problems) == ["`11O` is not a telephone number."]


def test_shelter_may_not_be_located(tmp_path):
    _, in_place = read_contacts(
        tmp_path, "names: {en: North}\ncontacts: [{id: a, kind: shelter, source: book}]\n", "north"
    )
    _, with_town = read_contacts(tmp_path, "contacts: [{id: a, kind: shelter, town: Dili, source: book}]\n")
    assert what(in_place) == ["A shelter may not be located: this one has a place."]
    assert what(with_town) == ["A shelter may not be located: this one has town."]


def test_emergency_number_is_not_tested_by_calling(tmp_path):
    checked = "{on: 2026-11-01, how: called}"
    _, problems = read_contacts(
        tmp_path, f'contacts: [{{id: a, kind: emergency, phone: "1", source: book, checked: {checked}}}]\n'
    )
    assert what(problems) == ["An emergency number is never tested by calling it."]


@pytest.mark.parametrize(
    ("days", "fresh"),
    [(0, True), (180, True), (181, False), (-1, True), (-2, False)],
    ids=["today", "edge", "old", "tomorrow somewhere", "to come"],
)
def test_check_of_a_number_counts_for_180_days(tmp_path, days, fresh):
    checked = f"{{on: {TODAY - timedelta(days)}, how: official-source}}"
    contacts, _ = read_contacts(
        tmp_path, f'contacts: [{{id: a, kind: health, phone: "1", source: book, checked: {checked}}}]\n'
    )
    assert contacts[0].is_fresh is fresh


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: 1\na: 2\n", "The key `a` is given twice."),
        ("a: &x 1\nb: *x\n", "Anchors (&) and aliases (*) are not used here."),
        ("a: !!python/object/apply:os.system [ls]\n", "The tag tag:yaml.org,2002:python/object/apply:os.system is not"),
        ("a: " + "[" * 400, "Lists are nested too deeply."),
        ("a: 'open\n", "A quotation mark in this line is never closed."),
        ("a: 1\n---\nb: 2\n", "A second document begins here (---)."),
    ],
    ids=["key twice", "alias", "python tag", "deep", "open quote", "two documents"],
)
def test_clever_yaml_is_refused(text, said):
    problems = []
    assert parse_yaml(text, "x.yml", problems) is EMPTY_VALUE
    assert len(problems) == 1
    assert problems[0].message.startswith(said)


def test_unknown_key_names_the_one_that_was_meant():
    problems = []
    Fields(parse_yaml("titel: x\n", "x.yml", problems), "x.yml", problems, ("title", "for"))
    assert str(problems[0]) == "x.yml:1: The key `titel` is not known. Did you mean `title`? (key-unknown)"


def test_direction_is_that_of_the_languages_own_name():
    assert [direction_of(name) for name in ("العربية", "עברית", "Tetun", "ភាសាខ្មែរ", "中文")] == [
        "rtl",
        "rtl",
        "ltr",
        "ltr",
        "ltr",
    ]


def test_fingerprint_follows_the_words_and_not_the_spaces():
    assert fingerprint("Know  the\nsigns") == fingerprint("Know the signs")
    assert fingerprint("Know the signs") != fingerprint("Know the sign")


def test_names_and_titles_of_a_language_come_before_those_that_stand_in(tiny):
    campaign, _ = load(tiny)
    assert [campaign.name_in(code) for code in ("fil", "km", "ar")] == [
        "Ligtas na tubig",
        "ទឹកស្អាត",
        "Ligtas na tubig",
    ]
    # If they differ by language, a fallback says which it is: invisible to readers, but heard by screen readers.
    arabic, khmer = ((tiny / f"site/{code}/index.html").read_text(encoding="utf-8") for code in ("ar", "km"))
    assert re.search(r"<a [^>]*class=name[^>]*lang=fil[^>]*>Ligtas na tubig</a>", arabic.replace('"', ""))
    assert re.search(r"<a [^>]*class=name[^>]*>ទឹក(<wbr>)?ស្អាត</a>", khmer.replace('"', ""))
    source = campaign.sources["who-drinking-water"]
    assert (source.localised("ar").short, source.localised("ar").language) == ("دلائل جودة مياه الشرب", "ar")
    assert (source.localised("km").title, source.localised("km").language) == (source.title, "en")
