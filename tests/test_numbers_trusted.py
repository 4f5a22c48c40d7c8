"""A number is printed while it is verified; the main one is typed twice and called in time."""

from __future__ import annotations

import json
import re
from datetime import timedelta

import pytest
from conftest import HERE, copy_campaign, run
from test_content import TODAY, read_contacts, what
from test_prints import tool

from campaign.checks.contacts import check_contacts
from campaign.content import load
from campaign.desk.print_drafts import draft_of
from campaign.exchange.call_sheet import call_sheets
from campaign.models.names import is_same_person
from campaign.plan.outputs import catalogue
from campaign.printing import describe, make

MAIN = """contacts:
  - id: rescue
    kind: water
    name: Tulong
    main: yes
    does: [water]
    phone: "07700 900112"
    {more}
    source: drama-numbers
  - id: flood
    kind: emergency
    does: [rescue]
    phone: "07700 900113"
    checked: {{on: 2026-11-20, how: official-source}}
    source: drama-numbers
"""
SECOND_READER_LINE = 'again: {phone: "07700-900112", by: Ana, first: Jose}'
CALLS_LINE = "calls: [{on: 2026-11-10, by: Ana, answered: yes, languages: [fil]}]"
RUN = "boil-the-water:\n  tri-fold:\n    copies: {fil: {national: 500}}\n"


def contact(more: str) -> str:
    return f'contacts: [{{id: a, kind: health, phone: "0800 92837", source: book, {more}}}]\n'


@pytest.mark.parametrize(
    ("days", "more", "fresh", "printed"),
    [
        (179, "", True, True),
        (181, "", False, True),
        (366, "", False, False),
        # The last caller reached no answer and knows no better.
        (10, ", {on: 2026-11-25, by: Bea, answered: no}", False, True),
        (400, ", {on: 2026-11-25, by: Bea, answered: yes}", True, True),
    ],
)
def test_calls_make_a_number_fresh_until_one_is_not_answered(tmp_path, days, more, fresh, printed):
    first = f"{{on: {TODAY - timedelta(days)}, by: Ana, answered: yes}}"
    contacts, problems = read_contacts(tmp_path, contact(f"calls: [{first}{more}]"))
    assert problems == []
    assert (contacts[0].is_fresh, contacts[0].is_printed) == (fresh, printed)


CALLED = "checked: {on: 2026-11-20, how: called}"
ANSWERED = "calls: [{on: 2026-11-20, by: Ana, answered: yes}]"


@pytest.mark.parametrize(
    ("entry", "fresh", "printed", "noted"),
    [
        (f'phone: "0800 92837", {CALLED}', False, True, "No call of 2026-11-20 is recorded"),
        (f'phone: "0800 92837", {CALLED}, {ANSWERED.replace("-20", "-19")}', True, True, "No call of 2026-11-20"),
        (f'phone: "0800 92837", {CALLED}, {ANSWERED.replace("yes", "no")}', False, True, "No call of 2026-11-20"),
        (f'phone: "0800 92837", {CALLED}, {ANSWERED}', True, True, ""),
        ('phone: "0800 92837", checked: {on: 2024-11-20, how: called}', False, False, "No call of 2024-11-20"),
        ('phone: "0800 92837", reported: 2026-11-20', False, True, ""),
        ('phone: "0800 92837", reported: 2024-11-20', False, False, ""),
        (f'phone: "0800 92837", {ANSWERED.replace("2026", "2024")}, reported: 2026-11-20', False, False, ""),
        ('phone: "0800 92837", checked: {on: 2026-11-20, how: official-source}', True, True, ""),
        (f'numbers: [{{phone: "0800 92837"}}], {ANSWERED}', False, True, "`calls` belongs to no number"),
        ('numbers: [{phone: "0800 92837"}], checked: {on: 2026-11-20, how: official-source}', False, True, "`checked`"),
        (ANSWERED, False, False, "`calls` belongs to no number"),
    ],
)
def test_only_a_recorded_call_or_an_official_source_verifies_a_number(tmp_path, entry, fresh, printed, noted):
    contacts, problems = read_contacts(tmp_path, f"contacts: [{{id: a, kind: health, source: book, {entry}}}]\n")
    assert (contacts[0].is_fresh, contacts[0].is_printed) == (fresh, printed)
    assert [(item.id, item.message.startswith(noted)) for item in problems] == [("check-unproven", True)] * bool(noted)


@pytest.mark.parametrize(
    ("more", "text"),
    [
        ("letters: 0800 WATTER", "`0800 WATTER` is dialled 0800928837, which is not 0800 92837."),
        ('again: {phone: "0800 92873", by: Bea, first: Ana}', "Typed by Ana as 0800 92837, by Bea as 0800 92873."),
        ('again: {phone: "0800 92837", by: Ana, first: Ana}', "The number was typed twice by the same person."),
        ("hours: [{days: workdays, open: [8:00-9:00]}]", "`workdays` names no days."),
        ("hours: [{days: mon-fri, open: [13:00-12:00]}]", "`13:00-12:00` is no time from one hour to a later one."),
        ("email: help at clinic", "`help at clinic` is no address of this kind."),
    ],
)
def test_slips_are_named(tmp_path, more, text):
    assert what(read_contacts(tmp_path, contact(more))[1]) == [text]


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Maria Ximenes", "maria  XIMÉNES", True),
        ("Maria Ximenes", "Ximenes, M.", True),
        ("Maria Ximenes", "Maria Soares", False),
        ("Ana", "Ana José", False),
        ("M. Ximenes", "J. Ximenes", False),
        ("สมชาย", "สมชาย ", True),
        ("", "Ana", False),
    ],
)
def test_one_person_is_one_however_the_name_is_typed(one, other, same):
    assert is_same_person(one, other) == is_same_person(other, one) == same


def test_source_check_and_messenger_of_a_number_before_are_not_said_of_the_new_one(tmp_path):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "tiny")
    place = root / "assets/contacts/hill.yml"
    text = place.read_text(encoding="utf-8").replace("+44 20 7946 0018", "+44 20 7946 0019")
    before = "former: [{phone: '+44 20 7946 0018', until: 2026-02-01, checked: 2026-01-10, source: drama-numbers}]"
    told = "    source: drama-numbers\n    checked"
    place.write_text(text.replace(told, f"    messenger: {{Signal: +44 20 7946 0018}}\n    {before}\n{told}"), "utf-8")
    campaign, _ = load(root)
    results = [
        check_contact.message for check_contact in check_contacts(campaign) if check_contact.id == "number-of-before"
    ]
    assert [item.split(" (")[0] for item in results] == [
        "The source `drama-numbers`",
        "The check of 2026-01-10",
        "The number at Signal",
    ]
    assert campaign.places["hill"].contacts[0].shown_source == ""
    assert campaign.emergency.shown_source
    # Without the country's code it is the same number still.
    place.write_text(
        place.read_text("utf-8").replace("[{phone: '+44 20 7946 0018'", "[{phone: '020 7946 0019'"), "utf-8"
    )
    campaign, _ = load(root)
    assert campaign.places["hill"].contacts[0].shown_source == "drama-numbers"
    assert not campaign.places["hill"].contacts[0].former_numbers


def test_letters_that_agree_are_kept(tmp_path):
    contacts, problems = read_contacts(tmp_path, contact("letters: 0800 WATER"))
    assert (contacts[0].numbers[0].letters, problems) == ("0800 WATER", [])


def campaign_with(root, more: str, table: str = ""):
    copy_campaign(HERE / "campaigns/tiny", root)
    (root / "assets/contacts/national.yml").write_text(MAIN.format(more=more), encoding="utf-8")
    (root / "assets/print-run.yml").write_text(table, encoding="utf-8")
    return root


@pytest.mark.long
def test_large_run_waits_for_a_second_typing_and_a_call(tmp_path):
    output = run(campaign_with(tmp_path / "unsure", "", RUN), "check", code=1)
    assert "(rescue) has never been checked, not within 30 days. assets/print-run.yml orders 500 copies." in output
    assert "(rescue) was typed by one person only" in output
    sure = run(campaign_with(tmp_path / "sure", f"{SECOND_READER_LINE}\n    {CALLS_LINE}", RUN), "check")
    assert "main-number" not in sure
    few = run(campaign_with(tmp_path / "few", "", RUN.replace("500", "100")), "check")
    assert "main-number" not in few


def test_old_main_number_stops_everything(tmp_path):
    root = campaign_with(tmp_path / "old", "calls: [{on: 2025-10-01, by: Ana, answered: yes}]")
    assert "(main-number-old)" in run(root, "check", code=1)


def test_piece_says_that_a_number_is_too_old_not_that_there_is_none(tmp_path):
    """Both are on one line; the site, unlike a print, shows the number with its doubt."""
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "tiny")
    place = root / "assets/contacts/hill.yml"
    place.write_text(place.read_text(encoding="utf-8").replace("2026-01-10", "2025-01-10"), encoding="utf-8")
    campaign, _ = load(root)
    for output in catalogue(campaign):
        if output.kind == "leaflet" and output.place == "hill" and output.flavour == "office":
            text, words = (
                json.dumps(describe(campaign, output), ensure_ascii=False),
                campaign.languages[output.language].strings,
            )
            assert "7946" not in text
            assert plain_words(words["number-too-old"]) in plain_words(text)
            assert plain_words(words["no-number"]) in plain_words(text)


def plain_words(text: str) -> str:
    """Only letters: joiners are part of the typeset text."""
    return "".join(sign for sign in text if sign.isalnum())


def test_full_leaflets_are_one_note_for_each_cause(tmp_path):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "tiny")
    row = '  - {{id: {0}-{1}, kind: health, phone: "07700 90012{1}", source: drama-numbers}}\n'

    def notes(place, count):
        with (root / f"assets/contacts/{place}.yml").open("a", encoding="utf-8") as file:
            file.writelines(row.format(place, index) for index in range(count))
        return [
            check_contact for check_contact in check_contacts(load(root)[0]) if check_contact.id == "contacts-on-sheet"
        ]

    assert notes("river", 2) == []
    notes("river", 1)
    (places,) = notes("hill", 3)
    assert places.where.startswith("assets/contacts/river.yml")
    assert "In river, 5 have numbers. On leaflets first: rescue, river-clinic" in places.message
    assert "; in hill, 5 have numbers." in places.message
    (country,) = notes("national", 4)
    assert country.where.startswith("assets/contacts/national.yml")


def test_piece_says_until_when_its_numbers_are_valid(tmp_path):
    campaign, _ = load(campaign_with(tmp_path / "sure", f"{SECOND_READER_LINE}\n    {CALLS_LINE}"))
    for kind in ("leaflet", "screen"):
        output = next(
            output
            for output in catalogue(campaign)
            if output.kind == kind and output.language == "fil" and output.flavour in ("office", None)
        )
        assert "2027" in describe(campaign, output)["imprint"]["valid"]
    target = tmp_path / "leaflet.pdf"
    leaflet = next(output for output in catalogue(campaign) if output.kind == "leaflet" and output.language == "fil")
    assert not isinstance(make(campaign, leaflet, target), list)
    text = " ".join(tool("pdftotext", target, "-").split())
    assert re.search(r"May-bisa ang mga numero hanggang Mayo 9, 2027", text), text
    # The main contact is the one that says so, not the first emergency number.
    assert campaign.emergency.id == "rescue"


def test_call_sheet_asks_each_keeper_for_what_is_due(tmp_path):
    root = campaign_with(tmp_path / "due", "keeper: Ana")
    campaign, _ = load(root)
    text = call_sheets(campaign, TODAY)
    assert "# To verify: Ana" in text
    assert "## Tulong: 07700 900112" in text
    assert "07700 900113" not in text
    assert "# To verify: Ana" in run(root, "contacts", "due", "--keeper", "Ana")


@pytest.mark.parametrize(
    ("raw", "is_draft"),
    [
        ("07700 900112", True),  # a contact's unverified number
        ("07700 900188", True),  # an unknown number
        ("07700 900143", False),  # a contact's number that was called recently
        ("07700 900188[^drama-numbers]", False),
        ("25 11 2026", False),
    ],
)
def test_number_typed_by_hand_is_as_good_as_what_is_known_of_it(tmp_path, raw, is_draft):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "tiny")
    poster = next((root / "docs/fil/posters").glob("*.md"))
    text = poster.read_text(encoding="utf-8")
    position = text.index("{{ call }}")
    poster.write_text(text[:position] + f"Tumawag: {raw}." + text[position + len("{{ call }}") :], encoding="utf-8")
    campaign, _ = load(root)
    name = poster.stem
    output = next(
        output
        for output in catalogue(campaign)
        if (output.kind, output.name, output.language) == ("poster", name, "fil")
    )
    assert ("unchecked-number" in describe(campaign, output)["draft"]["reasons"]) is is_draft
    assert [number for number, where in draft_of(campaign, [output]).numbers if "/texts/fil/" in where] == [
        raw
    ] * is_draft
