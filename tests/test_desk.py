"""The desk: non-programmers keep a campaign's files, next to editors and git, and other people can't get in."""

from __future__ import annotations

import ast
import asyncio
import csv
import http.client
import http.server
import json
import os
import re
import shutil
import socket
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from urllib.parse import quote, urlsplit

import pypdfium2
import pytest
import yaml
from conftest import HERE, IS_WHOLE, MAX_WAIT_S, REPOSITORY, copy_campaign, run, run_process
from filelock import FileLock
from opened_desk import HILL, check_access, reload_until
from PIL import Image
from playwright.sync_api import expect
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.routing import Route

from campaign.checks.contacts import check_contacts as check_source
from campaign.cli.commands import main
from campaign.cli.selection import kinds_of, names_of, select
from campaign.content import clock, load, writing
from campaign.content.contacts import hours_text
from campaign.content.formats import shipped_formats
from campaign.content.sources import read_sources
from campaign.content.translating import WORD_FILES, read_file
from campaign.content.typed_hours import read_hours
from campaign.content.units import FRONT_TEXTS, read_units, refusal
from campaign.desk.app import application
from campaign.desk.contact_fields import check_contacts
from campaign.desk.contact_file import ContactFile
from campaign.desk.desk import Desk
from campaign.desk.files import NO_FILE, Change, ConflictError, Files, ForeignFileError, version_of
from campaign.desk.fix_urls import fix_url
from campaign.desk.forms import Edit
from campaign.desk.jobs import Jobs, with_titles
from campaign.desk.measurements import Fit
from campaign.desk.naming import file_name
from campaign.desk.notes import built_at
from campaign.desk.panels.one_piece import OnePiece, outputs_of
from campaign.desk.panels.printing import PrintableItem, Printing
from campaign.desk.panels.translate import Translate
from campaign.desk.print_drafts import OutdatedNumber, absent_releases, differing, draft_of, on_paper
from campaign.desk.print_paper import Paper, PrintSettings, paper_of, with_print_settings
from campaign.desk.words import AT_DESK, EntityName, languages
from campaign.desk.words import WORDS_FOLDER as WORDS
from campaign.desk.workspace import Workspace
from campaign.exchange.translation_file import sent_hash
from campaign.models.formats import DESTINATIONS
from campaign.models.outputs import OFFICE, Output
from campaign.models.page import Translation
from campaign.models.problem import Problem
from campaign.models.rules import load_rules
from campaign.pipeline.report import as_line
from campaign.plan.outputs import catalogue
from campaign.plan.print_queues import PRINT_QUEUE
from campaign.printing.contacts import describe_contact
from campaign.schema.yaml_edit import CannotEdit
from campaign.schema.yaml_splice import parse, remove, set_value


def test_a_keeper_adds_a_contact_changes_its_number_and_takes_it_back(opened, home):
    page, base = home
    before = opened.text()
    # The first page lists a place without contacts, with a link to the form.
    page.goto(base)
    page.click("#today >> text=Dalampasigan")
    page.wait_for_url("**/contacts/coast/new")
    page.goto(f"{base}contacts")
    page.click('text="Burol"')
    page.click("text=Add a contact")
    page.fill("[name='contacts.2.id']", "PNTL Burol")
    page.select_option("[name='contacts.2.kind']", "water")
    page.fill("[name='contacts.2.hours']", "when there is light")
    page.click("main .save button")
    expect(page.locator(".wrong .problem")).to_have_text(
        [
            "A short name has lower-case letters, digits and hyphens. This would work: pntl-burol",
            "Days and times, a line for each group of days: mon-fri 8:00-12:00, 13:00-17:00; or every day 8:00-17:00. "
            "Or: always.",
        ]
    )
    expect(page.locator("[name='contacts.2.id']")).to_have_value("pntl-burol")
    # An empty id is made from the name.
    page.fill("[name='contacts.2.id']", "")
    page.fill("[name='contacts.2.hours']", "")
    page.fill("[name='contacts.2.name.fil']", 'Pulis: "Burol" #1')
    page.check("[name='contacts.2.does'][value=water]")
    # A missing value is reported next to its field.
    page.click("main .save button")
    wrong = page.locator(".wrong", has=page.locator("[name='contacts.2.source']"))
    expect(wrong).to_contain_text("is required")
    page.select_option("[name='contacts.2.source']", "drama-numbers")
    page.fill("[name='contacts.2.phone']", "07700 90x")
    page.click("main .save button")
    expect(page.locator(".wrong .problem")).to_contain_text("is not a telephone number")
    assert opened.text() == before
    page.fill("[name='contacts.2.phone']", "07700 900155")
    page.click("main .save button")
    expect(page.locator("h1")).to_have_text('Pulis: "Burol" #1')
    expect(page.get_by_role("status")).to_have_text('Saved: Contact Pulis: "Burol" #1 added.')
    added = (
        before + "  - id: pulis-burol-1\n    kind: water\n"
        '    name: "Pulis: \\"Burol\\" #1"\n    does: [water]\n    source: drama-numbers\n    phone: "07700 900155"\n'
    )
    assert opened.text() == added

    # A call needs a person and an answer; only "called" is refused.
    page.click("text=Record a call")
    page.fill("#call-by-0", "Ana José")
    page.check("[name=answered][value=yes]")
    page.fill("#call-on-0", "2026-11-25")
    page.click("text=Save this call")
    expect(page.get_by_role("alert")).to_contain_text("also enter the languages")
    # The input is still there, in the open fold.
    expect(page.locator("#call-by-0")).to_have_value("Ana José")
    expect(page.locator("[name=answered][value=yes]")).to_be_checked()
    page.check("[name=languages][value=km]")
    page.fill("#call-said-0", "They answer on workdays.")
    # A future day would count as the latest call for ever.
    page.evaluate("document.querySelector('#call-on-0').max = ''")
    page.fill("#call-on-0", "2062-11-25")
    page.click("text=Save this call")
    expect(page.get_by_role("alert")).to_contain_text("in the future")
    expect(page.get_by_role("alert")).to_be_focused()
    page.fill("#call-on-0", "2026-11-25")
    page.click("text=Save this call")
    expect(page.locator(".known")).to_contain_text("Verified on 2026-11-25 (called)")
    expect(page.get_by_role("status")).to_have_text('Saved: Call to Pulis: "Burol" #1 saved.')
    page.click("main .form > .save button")
    expect(page.get_by_role("status")).to_contain_text("Nothing changed")

    # Another number: the verification of the old one is set aside, and prints can be corrected.
    # The desk asks whether the source has the new one too, and whether it is free; it assumes neither.
    page.fill("[name='contacts.2.phone']", "07700 900156")
    page.click("main .form > .save button")
    expect(page.get_by_role("alert").first).to_contain_text("the number was 07700 900155")
    assert "900156" not in opened.text()
    page.check("#moved [name=holds][value='contacts.2.source']")
    page.click("main .form > .save button")
    expect(page.locator("form.message")).to_contain_text("The number was 07700 900155")
    assert 'phone: "07700 900156"' in opened.text()
    assert "# of the number before: - on: 2026-11-25" in opened.text()
    assert "They answer" not in str(parse(opened.text()))
    # No correction has been made for the prints: Today reports it until there is one.
    page.goto(base)
    expect(page.locator(".problems .note", has_text="no longer uses 07700 900155")).to_be_visible()
    for chart in ("Numbers checked recently", "Translations that a person", "Sources read recently"):
        expect(page.locator("section", has_text=chart).locator("meter").first).to_be_visible()
    page.go_back()
    page.reload()
    expect(page.locator("form.message")).to_contain_text("The number was 07700 900155")
    assert '    former:\n      - phone: "07700 900155"\n        until: 20' in opened.text()

    # The second person reads the source.
    page.click("text=A second person types the number")
    page.fill("#again-first-0", "Ana José")
    page.fill("#again-by-0", "jose  ANA")
    page.fill("#again-phone-0", "07700 900156")
    page.locator("details[open] .save button").click()
    expect(page.locator("details[open]").get_by_role("alert")).to_contain_text("Two different people")
    expect(page.locator("#again-first-0")).to_have_value("Ana José")
    expect(page.locator("#again-phone-0")).to_have_value("07700 900156")
    expect(page.locator("#again-phone-0")).to_be_in_viewport()
    # Pieces with the old number can still be found; their correction is there to open.
    expect(page.locator("form.message")).to_contain_text("The number was 07700 900155")
    name = "pulis-burol-1-07700900155"
    kit = opened.root / "dist/corrections" / name
    kit.mkdir(parents=True)
    (kit / "what-bears-it.csv").write_text(
        "piece,text to mend\nboil,\nboil,docs/fil/leaflets/boil-the-water.md:9\n", encoding="utf-8-sig"
    )
    about = {"contact": "pulis-burol-1", "was": "07700 900155", "now": "", "on": str(clock.now().date())}
    (kit / "correction.json").write_text(json.dumps(about), encoding="utf-8")
    # Without labels, which need a verified number, nothing is done yet.
    page.goto(f"{base}corrections/{name}")
    expect(page.locator("main")).to_contain_text("The wrong number that was printed: 07700 900155")
    expect(page.locator("main")).to_contain_text("There are no labels")
    expect(page.get_by_role("button", name="Labels and notices are in place")).to_have_count(0)
    (kit / "labels-fil.pdf").write_bytes(b"%PDF")
    # Nor if the number has changed since.
    (kit / "correction.json").write_text(json.dumps(about | {"now": "07700 900177"}), encoding="utf-8")
    page.reload()
    expect(page.locator("main")).to_contain_text("Use none of these: the labels show 07700 900177")
    expect(page.get_by_role("button", name="Labels and notices are in place")).to_have_count(0)
    (kit / "correction.json").write_text(json.dumps(about | {"now": "07700 900156"}), encoding="utf-8")
    page.goto(f"{base}corrections/{name}")
    expect(page.locator("h1")).to_contain_text('Pulis: "Burol" #1')
    expect(page.locator("main")).to_contain_text("Files that show the wrong number: 2.")
    raw = page.get_by_role("link", name="docs/fil/leaflets/boil-the-water.md:9")
    assert raw.get_attribute("href").endswith("/texts/fil/leaflets/boil-the-water.md?line=9")
    expect(page.get_by_role("link", name="Open: Labels to stick over it")).to_be_visible()
    assert opened.ask(f"/{opened.key}/corrections/..%2f..")[0] == 404
    # It is reported until someone confirms that labels and notices are in place.
    page.goto(base)
    page.locator(".problems .note", has_text="Labels and a notice are ready").locator("a").click()
    page.click("text=Labels and notices are in place")
    expect(page.get_by_role("status")).to_contain_text("corrected")
    page.goto(base)
    expect(page.locator(".problems .note", has_text="no longer uses 07700 900155")).to_have_count(0)
    assert "        corrected: 20" in opened.text()
    # A very short number needs confirmation, and each former number keeps its line and its correction.
    page.goto(f"{base}contacts/hill/pulis-burol-1")
    for raw, said in (
        ("12" * 8, "is very long (digits: 16)"),
        ("0000000", "one digit, 7 times"),
        ("12", "12 is very short (digits: 2). Is it right?"),
    ):
        page.fill("[name='contacts.2.phone']", raw)
        page.click("main .form > .save button:not(.plain)")
        expect(page.locator("#f-contacts-2-phone-problem")).to_contain_text(said)
        assert f'"{raw}"' not in opened.text()
    page.click("text=It is right: save it")
    page.check("#moved [name=holds]")
    page.click("main .form > .save button")
    expect(page.locator("form.message")).to_contain_text("The number was 07700 900156")
    page.fill("[name='contacts.2.phone']", "07700 900156")
    for _ in range(2):
        with page.expect_navigation():
            page.click("main .form > .save button")
    # The source isn't confirmed for it.
    assert "source: drama-numbers" in opened.text().rpartition("former:")[2]
    with page.expect_navigation():
        page.click("text=I found this number in that source")
    assert "source: drama-numbers" not in opened.text().rpartition("former:")[2]
    expect(page.locator("form.message")).to_contain_text("The number was 12.")
    page.click("text=A wrong number was printed")
    position = page.locator("#correct li", has_text="07700 900155").get_by_role("link")
    assert position.get_attribute("href").endswith(f"/corrections/{name}")
    page.get_by_role("button", name="Nothing was printed with it: 12").click()
    expect(page.get_by_role("status")).to_contain_text("Nothing was printed with 12")
    expect(page.locator("form.message")).to_have_count(0)
    # A number that it never had must be confirmed, and its former one is listed already.
    page.goto(f"{base}contacts/hill/pulis-burol-1")
    page.click("text=A wrong number was printed")
    expect(page.locator("#was")).to_have_value("07700 900155")
    page.fill("#was", "07700 999155")
    page.locator("#correct > form button").first.click()
    never = "07700 999155 was never this contact's number"
    expect(page.locator("#correct").get_by_role("alert")).to_contain_text(never)
    expect(page.locator("#correct button[name=sure]")).to_be_visible()
    page.goto(f"{base}contacts/national/rescue")
    expect(page.locator("main > .advice")).to_contain_text("a second person has to type it.")

    page.goto(f"{base}history")
    name = 'Pulis: "Burol" #1'
    for title in (
        *(f"Nothing was printed with 12, a former number of {name}", f"Number of {name} found in its source"),
        *(f"Contact {name} changed", f"Contact {name} changed"),
        f"Prints with the wrong number of {name} corrected",
        f"Contact {name} changed",
        f"Call to {name} saved",
        f"Contact {name} added",
    ):
        page.get_by_label(f"Undo: {title}", exact=True).click()
        expect(page.get_by_role("status")).to_have_text(f"Undone: {title}")
        expect(page.locator(".saves strong").first).to_have_text(f"Undone: {title}")
    assert opened.text() == before
    # An undone save has no dead button; it can be redone, and undone again.
    begun = page.locator(".saves li", has=page.get_by_text(title, exact=True)).first
    expect(begun.locator(".tag")).to_have_text("undone")
    page.get_by_label(f"Redo: Undone: {title}").click()
    expect(page.get_by_role("status")).to_have_text(f"Redone: {title}")
    assert opened.text() == added
    page.get_by_label(f"Undo: {title}", exact=True).click()
    expect(page.get_by_role("status")).to_have_text(f"Undone: {title}")
    assert opened.text() == before

    # An id edited in the file is fixed with one press.
    (opened.root / HILL).write_text(before.replace("id: hill-clinic", "id: Hill Clinic"), encoding="utf-8", newline="")
    page.goto(f"{base}contacts/hill/Hill%20Clinic")
    expect(page.locator(".wrong .problem")).to_contain_text("This would work: hill-clinic")
    page.click("main .form > .save button")
    page.wait_for_url("**/contacts/hill/hill-clinic*")
    assert opened.text() == before
    # An unreadable file is fixed as text, and saved once it is readable; until then lists name the missing contacts.
    broken = before.replace("contacts:", "contacts: {", 1)
    (opened.root / HILL).write_text(broken, encoding="utf-8", newline="")
    lost = page.locator("p.message a", has_text="assets/contacts/hill.yml can't be read")
    reload_until(page, f"{base}print", lost)
    lost.click()
    expect(page.locator("#line")).to_contain_text("Line ")
    page.wait_for_load_state()  # its script puts the cursor into that line
    page.fill("#text", broken.replace("id: hill", "id: hill-"))
    page.click("main .save button")
    expect(page.locator("#text")).to_have_value(broken.replace("id: hill", "id: hill-"))
    assert opened.text() == broken
    page.wait_for_load_state()
    page.fill("#text", before)
    page.click("main .save button")
    expect(page.get_by_role("status")).to_have_text("Saved: Contacts: Burol fixed.")
    assert opened.text() == before
    # A key without a form field is reported next to the form, and fixed in the file as text.
    (opened.root / HILL).write_text(before.replace("2026-01-10", "2026-02-30"), encoding="utf-8", newline="")
    told = page.locator(".problems .where a", has_text="assets/contacts/hill.yml:16")
    reload_until(page, f"{base}contacts/hill/hill-clinic", told)
    told.first.click()
    page.fill("#text", before)
    page.click("main .save button")
    expect(page.get_by_role("status")).to_have_text(re.compile("Saved: Contacts: .* fixed"))
    assert opened.text() == before
    # Two contacts with one id have separate forms: no number is typed for the other.
    doubled = before.replace("id: hill-water", "id: hill-clinic")
    (opened.root / HILL).write_text(doubled, encoding="utf-8", newline="")
    page.goto(f"{base}contacts/hill")
    page.click("text=Tubig Para sa Lahat")
    expect(page.locator("h1")).to_have_text("Tubig Para sa Lahat")
    expect(page.locator(".wrong .problem")).to_contain_text("Another contact already has this short name.")
    page.fill("[name='contacts.1.id']", "hill-water")
    page.click("main .form > .save button")
    page.wait_for_url("**/contacts/hill/hill-water*")
    assert opened.text() == before


@pytest.mark.parametrize(
    ("raw", "read"),
    [
        ("monday to friday 8-17", [{"days": "mon-fri", "open": ["8:00-17:00"]}]),
        ("Mon–Fri: 8.00–12.00 and 1pm-5:30pm\nSat 9h-12h", [
            {"days": "mon-fri", "open": ["8:00-12:00", "13:00-17:30"]}, {"days": "sat", "open": ["9:00-12:00"]},
        ]),
        ("Tuesdays, Thurs. from 12am-12pm", [{"days": each, "open": ["0:00-12:00"]} for each in ("tue", "thu")]),
        ("Daily 0-24", [{"days": "mon-sun", "open": ["0:00-24:00"]}]),
        ("7:30-16:00", "7:30-16:00"),
        *((day_and_night, "always") for day_and_night in ("24/7", "24x7", "24 hours", "Open 24 hours", "24 h")),
        ("9 AM - 6 PM", "9:00-18:00"),
        ("Mon-Fri 8-5", [{"days": "mon-fri", "open": ["8:00-17:00"]}]),
        ("8h-17h", "8:00-17:00"),
        ("08.00–16.00", "8:00-16:00"),
        *((unclear, None) for unclear in ("mo 8-17", "mon 8-5pm", "ask", "8-12\n13-17", "mon 8-25")),
        *((afternoon, None) for afternoon in ("1-5", "mon-fri 8-12, 1-5", "mon 8:00-12:00, 1:00-5:00")),
    ],
)  # fmt: skip
def test_hours_are_read_as_people_write_them_where_they_can_be_read_in_one_way(raw, read):
    assert read_hours(raw) == read


def test_hours_as_offices_type_them_are_read_in_files_and_keep_their_direction(tmp_path):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "campaign")
    file, before = root / HILL, (root / HILL).read_text("utf-8")
    for typed, expected in (
        ("24x7", hours_text(load(root)[0].languages["ar"], "always")),
        ("Mon-Fri 8-5", "17:00"),
        ("ring 24 x 6", "\u2068ring 24 x 6\u2069"),
        ("9 AM - 6 PM", "\u20689:00-18:00\u2069"),
    ):
        file.write_text(before.replace("hours: 7:30-16:00", f"hours: {typed}"), "utf-8")
        campaign, problems = load(root)
        assert not [problem for problem in problems if "hours" in problem.id]
        contact = next(item for item in campaign.all_contacts if item.id == "hill-clinic")
        printed = describe_contact(campaign, campaign.languages["ar"], contact)["times"]
        shown = hours_text(campaign.languages["ar"], contact.hours)
        assert expected in shown
        if "\u2068" in expected:
            assert any("\u2068" in line for line in printed)
        else:
            assert typed not in shown


def test_number_that_lost_digits_is_noted(tmp_path):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "campaign")
    with (root / "assets/contacts/national.yml").open("a", encoding="utf-8") as file:
        for id, phone in (("one", "7799 0022"), ("two", "7799 00"), ("short", "115")):
            file.write(f'  - {{id: {id}, kind: water, name: {id}, phone: "{phone}", source: drama-numbers}}\n')
    results = [item.message for item in check_source(load(root)[0]) if item.id == "number-shorter"]
    # Nor is a very short one, until a second person has typed it: "15" is one in some countries.
    odd = '  - {id: tiny, kind: water, name: tiny, phone: "15", source: drama-numbers}\n'
    with (root / "assets/contacts/national.yml").open("a", encoding="utf-8") as file:
        file.write(odd)
    assert [item.message for item in check_source(load(root)[0]) if item.id == "number-odd"] == [
        "The number 15 (tiny) has 2 digits."
    ]
    assert results == [
        "The number 7799 00 (two) has 6 digits, fewer than every other that begins like it: 7799 0022 (one)."
    ]


def test_a_source_is_added_for_a_contact_and_changed_and_nothing_else_of_the_file_is(opened, home):
    page, base = home
    name = "docs/_sources.yml"
    before = opened.text(name)
    page.goto(f"{base}contacts/hill/new")
    page.fill("[name='contacts.2.keeper']", "Ana")
    page.fill("[name='contacts.2.phone']", "07700 900155")
    page.click("text=Add a source")
    page.fill("#f-id", "x: {title: y}")
    page.click("main .save button")
    expect(page.locator("#f-id-problem")).to_contain_text("A short name has lower-case letters")
    expect(page.locator("#f--title-problem")).to_contain_text("Enter its title")
    page.fill("#f-id", "drama-numbers")
    page.fill("[name='.title']", "Ofcom: numbers #2")
    page.click("main .save button")
    expect(page.locator("#f-id-problem")).to_contain_text("Another source has this short name")
    page.fill("#f-id", "clinic-site")
    page.fill("[name='.url']", "water.example")
    page.click("main .save button")
    expect(page.get_by_role("alert")).to_contain_text("is not a web address")
    assert opened.text(name) == before
    page.fill("[name='.url']", "https://water.example/clinic")
    page.click("main .save button")
    expect(page.get_by_role("status")).to_have_text("Saved: Source Ofcom: numbers #2 added.")
    # Back at the contact, with its input and the source chosen.
    expect(page.locator("[name='contacts.2.source']")).to_have_value("clinic-site")
    expect(page.locator("[name='contacts.2.keeper']")).to_have_value("Ana")
    expect(page.locator("[name='contacts.2.phone']")).to_have_value("07700 900155")
    added = before + 'clinic-site:\n  title: "Ofcom: numbers #2"\n  url: https://water.example/clinic\n'
    assert opened.text(name) == added
    page.goto(f"{base}sources/clinic-site")
    expect(page.locator(".advice")).to_have_count(2)
    page.fill("[name='clinic-site.publisher']", "Ofcom")
    page.click("main .save button")
    expect(page.get_by_role("status")).to_have_text("Saved: Source Ofcom: numbers #2 changed.")
    page.wait_for_url("**/sources/clinic-site")  # loaded again, it would say so again
    expect(page.locator(".advice")).to_have_count(1)
    assert opened.text(name) == added + "  publisher: Ofcom\n"
    page.goto(f"{base}sources/cdc-safe-water")
    expect(page.locator("main")).to_contain_text("docs/ar/boil.md")
    # An invalid day is reported, and Today leads to its very field.
    (opened.root / name).write_text(before + 'clinic:\n  title: A\n  date: "2009-02-30"\n', encoding="utf-8")
    problems: list[Problem] = []
    read_sources(opened.root, problems)
    assert [(problem.id, problem.message) for problem in problems] == [
        ("value-not-date", "`2009-02-30` is not a date.")
    ]
    page.goto(base + fix_url(problems[0], load(opened.root)[0]).removeprefix("/"))
    expect(page.locator("#f-clinic-date-problem")).to_contain_text("`2009-02-30` is not a date. Write the date")
    (opened.root / name).write_bytes(before.encode())


def test_what_somebody_else_wrote_meanwhile_is_shown_and_not_overwritten(opened, home):
    page, base = home
    before = opened.text()
    page.goto(f"{base}contacts/hill/hill-clinic")
    page.fill("[name='contacts.0.hours']", "mon-fri 8:00-12:00, 13:00-17:00\nsat 8:00-12:00")
    page.fill("[name='contacts.0.keeper']", "Ana")
    other_text = before.replace("hours: 7:30-16:00", "hours: 9:00-10:00")
    (opened.root / HILL).write_bytes(other_text.encode())
    page.click("main .form > .save button")
    expect(page.get_by_role("alert").first).to_contain_text("Nothing was overwritten")
    expect(page.locator(".rows")).to_contain_text("9:00-10:00")
    assert opened.text() == other_text
    page.click("main .form > .save button")
    page.wait_for_url("**/hill-clinic")
    assert "hours: [{days: mon-fri" in opened.text()
    run(opened.root, "check")
    (opened.root / HILL).write_bytes(before.encode())


def test_a_translator_goes_from_sentence_to_sentence_and_the_page_changes_once_it_is_whole(opened, home):
    page, base = home
    name, source = "docs/ar/boil.md", opened.root / "docs/fil/boil.md"
    before, origin = opened.text(name), source.read_text("utf-8")
    run(opened.root, "translate", "keep")
    source.write_text(origin.replace("Pagpapakulo ang", "Ang pagpapakulo ang") + "\nBagong pangungusap.\n", "utf-8")
    page.goto(f"{base}translate")
    page.click("text=العربية")
    with page.expect_navigation():
        page.get_by_role("link", name="boil.md").or_(page.locator("a[href$='/ar/boil.md']")).first.click()
    expect(page.locator(".sentence")).to_have_count(2)
    expect(page.locator(".sentence ins").first).to_have_text("Ang pagpapakulo")
    first, second = page.locator(".sentence textarea").all()
    kept = first.input_value()
    first.press("Control+Enter")
    expect(page.locator(".problem")).to_contain_text("Enter your name first")
    page.click(".you summary")
    page.fill("#you", "Layla")
    with page.expect_navigation():
        page.click(".you button")
    first, second = page.locator(".sentence textarea").all()
    second.fill("جملة [^x]")
    second.press("Control+Enter")
    expect(page.locator(".problem")).to_contain_text("different notes")
    # The rule for texts reports an unknown number at its line.
    second.fill("جملة 07700 900113.")
    second.press("Control+Enter")
    expect(page.locator("#file-state[role=status]")).to_contain_text("Saved. 1 of")
    mistyped = "07700 900113 is in no contact; did you mean 07700 900112"
    expect(page.locator(".sentence .advice")).to_contain_text([mistyped, "numbers differ"])
    key = page.locator(".sentence", has=page.locator(".advice")).locator("[name=key]").input_value()
    assert mistyped in page.request.get(f"{base}translate/ar/boil.md?key={key}").text()
    second.fill("جملة جديدة.")
    second.press("Control+Enter")
    expect(page.locator(".sentence .advice")).to_have_count(0)
    assert opened.text(name) == before
    page.locator(".sentence textarea").first.press("Control+Enter")
    expect(page.locator("#file-state")).to_contain_text("Nothing is left to do")
    assert opened.text(name).rstrip().endswith("جملة جديدة.")
    assert kept in opened.text(name)
    # Nothing waits any longer, and the page can be seen and accepted.
    expect(page.locator("#saved")).to_contain_text(re.compile(r"Saved: Sentence of .* \(العربية\) translated"))
    expect(page.locator(".sentence")).to_have_count(0)
    expect(page.locator("text=See the page")).to_have_attribute("href", re.compile("texts/ar/boil.md$"))
    page.fill("main #by", "Omar")
    # The page's notes are next to the button, which asks for confirmation.
    expect(page.locator("main form .advice")).to_contain_text("numbers differ")
    page.click("text=I have read it")
    expect(page.get_by_role("alert")).to_contain_text("press the button again")
    page.get_by_role("button", name="everything is right").click()
    expect(page.locator("main")).to_contain_text("Omar reviewed it on")
    expect(page.locator("#saved")).to_contain_text(re.compile(r"Saved: .* \(العربية\) reviewed\."))
    page.goto(f"{base}history")
    for _ in range(2):
        with page.expect_navigation():
            page.locator(".saves li").filter(has_not_text="Undone").get_by_role("button").first.click()
        page.goto(f"{base}history")
    source.write_text(origin, "utf-8")
    (opened.root / name).write_bytes(before.encode())


def test_a_file_that_came_back_names_numbers_and_what_two_translated_waits_for_a_choice(opened, home, tmp_path):
    page, base = home
    name = "docs/ar/boil.md"
    before = opened.text(name)
    rows = read_file(load(opened.root)[0], "ar", "boil.md").rows
    one, other = [row for row in rows if row.now and not refusal(row.unit, "x")][-2:]
    sheet = tmp_path / "ar.csv"
    with sheet.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(("file", "key", "source", "translation", "sent"))
        writer.writerow(("boil.md", one.unit.key, one.unit.text, f"{one.now} 2072", sent_hash(one.now)))
        writer.writerow(("boil.md", other.unit.key, other.unit.text, "هناك", sent_hash("what stood there then")))
    page.goto(f"{base}translate/ar")
    page.set_input_files("#file", sheet)
    page.fill("#by", "Omar")
    page.get_by_role("button", name="Import", exact=True).click()
    told = page.get_by_role("status").get_by_role("listitem")
    expect(told).to_contain_text("2072")
    expect(told.get_by_role("link")).to_have_attribute("href", re.compile(f"ar/boil.md\\?all#s-{one.unit.key}$"))
    page.goto(base)
    expect(page.locator("#today")).to_contain_text("with two translations to choose from: 1.")
    for button, written in (("Use the returned text", "هناك"), ("", "")):
        page.goto(f"{base}translate/ar")
        waits = page.locator("section", has_text="Two translations of one sentence")
        expect(waits).to_have_count(len(button[:1]))
        if button:
            expect(waits).to_contain_text(other.now)
            with page.expect_navigation():
                waits.get_by_role("button", name=button).click()
        assert written in opened.text(name)
    (opened.root / name).write_bytes(before.encode())


def test_a_language_is_begun_and_told_of_before_it_is_published(opened, home):
    page, base = home
    before = opened.text("mkdocs.yml")
    page.goto(f"{base}translate")
    page.fill("#language-name", "Français")
    for code, said in (
        ("../fr", "isn't a language code"),
        ("pt-br", "isn't a language code"),
        ("ar", "already has"),
        ("fr", ""),
    ):
        page.fill("#language-code", code)
        with page.expect_navigation():
            page.click("main >> button:text('Start a language')")
        if said:
            expect(page.get_by_role("alert")).to_contain_text(said)
            assert opened.text("mkdocs.yml") == before
    expect(page.locator("h1")).to_have_text("Français")
    expect(page.locator(".rows a[href$='/fr/boil.md']")).to_be_visible()
    page.goto(f"{base}publish")
    expect(page.locator("main")).to_contain_text("Français (fr/) is left out until its words are translated")
    page.goto(f"{base}history")
    with page.expect_navigation():
        page.get_by_label("Undo: Français started").click()
    page.goto(f"{base}publish")
    assert "Français" not in page.inner_text("main")
    assert opened.text("mkdocs.yml") == before


@pytest.mark.long
def test_an_officer_prints_for_a_place_and_writes_down_what_was_handed_out(opened, home):
    page, base = home
    page.goto(f"{base}print")
    page.select_option("#place", "hill")
    page.select_option("#language", "fil")
    page.select_option("#what", "leaflet")
    page.fill("#copies", "30")
    page.click('text="Show"')
    expect(page.locator(".piece .unknown").first).to_have_text("not made yet")
    expect(page.locator(".piece .draft")).to_contain_text("do not hand out. Not checked: 07700 900112, +44")
    assert page.locator(".draft a").nth(1).get_attribute("href").endswith("/contacts/hill/hill-clinic")
    page.click("text=Update them")
    page.wait_for_selector(".done")
    page.click("main a.button")
    expect(page.locator(".piece .unknown")).to_have_count(0)
    path = page.locator(".piece a.button").first.get_attribute("href")
    expect(page.locator(".piece .how").first).to_contain_text("Copies: 30. Sheets of A4: 30.In the printer's window")
    asked = page.request.get(f"http://127.0.0.1:{opened.port}{path}")
    assert b"/NumCopies 30" in asked.body()
    assert asked.headers["content-type"] == "application/pdf"
    assert asked.body().startswith(b"%PDF")
    # Pieces older than the latest change are built again first, because they may show an old number. Unchanged ones
    # aren't reported as old.
    before = opened.text()
    assert 'phone: "+44 20 7946 0018"' in before
    changed = 'phone: "+44 20 7946 0019"\n    former: [{phone: "+44 20 7946 0018", until: 2026-11-26}]'
    (opened.root / HILL).write_text(before.replace('phone: "+44 20 7946 0018"', changed), encoding="utf-8")
    page.reload()
    old = page.locator(".piece").first
    expect(old.locator(".differing")).to_have_text(
        re.compile(
            "^Klinika.*: the print shows .*; the number is now .44 20 7946 0019. As far as we know, .* never checked.$"
        )
    )
    # Logging it as handed out asks for confirmation first.
    shown = page.url
    old.locator("text=Record where they go").click()
    page.select_option("#log-place", "hill")
    page.click('text="Save entry"')
    expect(page.locator(".differing").first).to_contain_text("the number is now +44 20 7946 0019. As far as we know,")
    assert not (opened.root / "handed-out").exists()
    page.goto(base)
    expect(page.locator("#today")).to_contain_text("Now it is +44 20 7946 0019.")
    (opened.root / HILL).write_text(before, encoding="utf-8")
    page.goto(shown)
    expect(old.locator(".differing")).to_have_count(0)
    expect(old.locator(".draft")).to_contain_text("After updating: Draft")
    expect(old.locator("a.button")).to_have_text("Open the old file")
    old.locator("form button:not(.plain)").click()
    page.wait_for_selector(".done")
    page.click("main a.button")
    expect(page.locator(".piece .unknown")).to_have_count(0)
    out = ("dist/../mkdocs.yml", "dist/..%2fmkdocs.yml", "dist/%2e%2e/mkdocs.yml", "dist//etc/passwd", "dist/hill")
    assert {opened.ask(f"/{opened.key}/{item}")[0] for item in out} == {404}

    page.locator(".piece >> text=Record where they go").first.click()
    expect(page.locator("#log-number")).to_have_value("30")
    expect(page.locator("#log-piece")).to_have_value("leaflets/boil-the-water")
    for number, text in (("many", "couldn't be saved"), ("30", "")):
        page.select_option("#log-place", "hill")
        page.fill("#log-number", number)
        with page.expect_navigation():
            page.click('text="Save entry"')
        if text:
            expect(page.get_by_role("alert")).to_contain_text(text)
    # It is marked as a draft: the desk asks for confirmation, and records it.
    assert not (opened.root / "handed-out").exists()
    expect(page.locator(".draft")).to_contain_text("Not checked: 07700 900112")
    page.click("text=They were handed out as drafts: save that")
    expect(page.locator(".rows")).to_contain_text("30")
    expect(page.locator(".rows")).to_contain_text("(draft)")
    assert "place=hill" in page.url  # the choice is kept
    expect(page.locator(".rows")).to_contain_text("Burol")
    expect(page.locator("section", has=page.locator("#log-number")).get_by_role("status")).to_contain_text(
        "Saved: 30 of"
    )
    text = run(opened.root, "tally", str(opened.root / "handed-out"))
    assert "30" in text
    assert "(draft)" in text


def test_what_stands_on_paper_is_asked_about_and_not_what_would_stand_there_now(tmp_path, monkeypatch):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "campaign")
    today, old, new = clock.now().date(), "+44 20 7946 0018", "+44 20 7946 0019"
    hill = (root / HILL).read_text("utf-8").replace("2026-01-10", str(today))
    (root / HILL).write_text(hill, "utf-8")
    file = ContactFile.read(Files(root), "hill")
    way, _ = file.numbers("hill-clinic")[0]
    (root / HILL).write_text(file.edited("hill-clinic", [Edit((*way, "phone"), new, was=old)]), "utf-8")
    campaign, pdf = load(root)[0], tmp_path / "a.pdf"
    pdf.write_bytes(b"")
    os.utime(root / HILL, (time.time() + 9, time.time() + 9))
    texts = [f"Tumawag: {old}"]
    monkeypatch.setattr("campaign.desk.print_drafts.opened_pdf", lambda _: nullcontext([FakePage(texts[0])]))
    source = campaign.source_language
    page = campaign.pages["fil", "leaflets/boil-the-water.md"]
    result = [item for item in outputs_of(campaign, page, "hill") if item.is_piece][:1]
    # The number on it was verified; the one that would replace it was not.
    assert new in dict(draft_of(campaign, result).numbers)
    paper = on_paper([pdf], source)
    assert "unchecked-number" not in draft_of(campaign, result, paper).reasons
    assert not paper.is_draft
    assert OutdatedNumber("Klinika ng Burol", old, new, today, is_sure=True) in differing(campaign, source, result, pdf)
    # A print marked as a draft is one, wherever its lines break.
    texts[0] = source.strings["draft"].replace(" ", "\n")
    os.utime(pdf, (1, 1))
    assert on_paper([pdf], source).is_draft
    # A removed contact keeps the data of its number.
    assert f"checked: {today}" in ContactFile.read(Files(root), "hill").without_contact("hill-clinic")


class FakePage:
    def __init__(self, text: str) -> None:
        self.text = text

    def get_textpage(self):
        return self

    def get_text_range(self) -> str:
        return self.text


def test_a_translation_too_long_for_its_poster_is_told_and_asked_about(tmp_path):
    workspace = Workspace(copy_campaign(HERE / "campaigns/tiny", tmp_path / "campaign"))
    try:
        where, request = "docs/ar/posters/boil-the-water.md", Request({"type": "http", "headers": []})
        panel = Translate(Desk(workspace), request)
        campaign = panel.campaign
        long = "The panel `title` is 2 lines too long at the smallest text size."
        workspace.measured.measure = lambda *_: Fit("", (Problem("panel-long", where, long, ""),))
        file = replace(read_file(campaign, "ar", "posters/boil-the-water.md"), rows=())
        (told,) = panel._misfits(file)
        assert "2" in told
        assert told in panel._notes_to_check(file)
    finally:
        workspace.end()


def test_all_that_is_made_of_a_poster_is_made_shown_and_taken_in_one_place(opened, home):
    page, base = home
    workspace = Workspace(opened.root)
    desk, asked = Desk(workspace), []
    poster = workspace.campaign.pages["fil", "posters/boil-the-water.md"]
    desk.jobs.start = lambda _, *commands, **__: asked.extend(commands) or desk.jobs.find(1)
    address = {"type": "http", "path_params": {"language": "fil", "path": poster.path}, "headers": []}
    with pytest.raises(LookupError):  # there is no job
        OnePiece(desk, Request(address), FormData({"place": "national"})).make()
    workspace.end()
    # The commands would make the outputs that the page shows, and of no other piece.
    chosen = [wanted(opened.root, command) for command in asked]
    result = {
        output.path for output in catalogue(workspace.campaign) if any(item.includes(output) for item in chosen)
    } - {""}
    assert result == {item.path for item in outputs_of(workspace.campaign, poster, "national")}
    assert {path.rpartition("/")[2].removesuffix("-print-shop.pdf") for path in result} == {
        *("boil-the-water-fil.png", "boil-the-water-fil.jpg", "boil-the-water-fil-a3.pdf", "boil-the-water-fil-a3")
    }
    picture, sheet = (
        opened.root / "dist" / next(artifact for artifact in result if name in artifact) for name in ("mms/", "office")
    )
    for path in (picture, sheet):
        path.parent.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (640, 800), "teal").save(picture)
    document = pypdfium2.PdfDocument.new()
    document.new_page(842, 1191)
    document.save(sheet)
    page.goto(f"{base}texts/fil/posters/boil-the-water.md")
    page.click("text=Make it, open it, send it")
    shown = page.locator(".piece", has_text="MMS: a message with a picture")
    expect(shown).to_contain_text(f"640 × 800 · {-(-picture.stat().st_size // 1000)} kB")
    # The name of the download still says its purpose.
    expect(shown.locator("a[download]")).to_have_attribute("download", "boil-the-water-fil-mms.jpg")
    with page.expect_download() as loaded:
        shown.locator("a[download]").click()
    assert loaded.value.suggested_filename == "boil-the-water-fil-mms.jpg"
    expect(page.locator(".piece", has_text="Phones with keys")).to_contain_text("not made yet")
    for item in (shown, page.locator(".piece", has_text="for an office printer")):
        item.locator("img").scroll_into_view_if_needed()
        assert item.locator("img").evaluate("each => each.decode().then(() => each.naturalWidth)") > 0
        expect(item.locator("a")).to_have_count(2)
        expect(item.get_by_role("button", name="Show in its folder")).to_have_count(1)
    check_access(page, page.url, IS_WHOLE)
    shutil.rmtree(opened.root / "dist")


def wanted(root, command):
    """Return the outputs that a command of the desk selects."""
    given = dict.fromkeys(("--piece", "--language", "--place", "--format", "--destination"), ())
    for option, value in zip(command[1::2], command[2::2], strict=True):
        given[option] += (value,)
    kinds = kinds_of(root, ()) if command[0] == "prints" else ("picture",)
    chosen = select(
        root, given["--language"], given["--place"], (), frozenset(kinds), frozenset(given["--destination"])
    )
    return replace(chosen, formats=frozenset(given["--format"]), names=names_of(root, given["--piece"]))


def test_what_is_printed_in_one_go_says_what_it_holds_and_how_much_paper_it_takes(tmp_path):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "campaign")
    (root / "dist").mkdir()
    sheets = pypdfium2.PdfDocument.new()
    for _ in range(6):
        sheets.new_page(595, 842)
    sheets.save(root / "dist/queue.pdf")
    workspace = Workspace(root)
    campaign = workspace.campaign
    here = [
        output
        for output in catalogue(campaign)
        if (output.place, output.language, output.flavour) == ("hill", "fil", OFFICE)
    ]
    for turn, sides, how, count in (
        ("short-edge", "both", "short-edge", 90),
        ("short-edge", "one", "by-hand-short-edge", 90),
        ("one-side", "both", "one-side", 180),
    ):
        queue = Output(PRINT_QUEUE, PRINT_QUEUE, "fil", "hill", f"a4-{turn}", OFFICE, path="queue.pdf")
        chosen = PrintSettings.of(campaign, {"copies": "30", "sides": sides})
        printable_item = PrintableItem(queue, None, "A4", "", here)
        piece = Printing(Desk(workspace), Request({"type": "http"}))._piece(
            campaign, campaign.languages["fil"], chosen, printable_item, 0.0
        )
        assert (piece.paper, piece.holds) == (Paper(f"how-{how}", 30, 1, count, "A4"), ("Mga polyeto", len(here)))
        assert piece.draft.numbers[0] == ("07700 900112", "/contacts/national/rescue")
    # A sheet has ten cards; a handout on one side takes a sheet for each page.
    for format, sides, paper in (
        ("card", "both", Paper("how-long-edge", 4, 10, 12, "A4")),
        ("handout", "one", Paper("how-one-side", 31, 1, 186, "A4")),
    ):
        output = Output(format, format, "fil", None, format, OFFICE, path="queue.pdf")
        assert paper_of(shipped_formats()[format], output, root / "dist/queue.pdf", 31, sides) == paper
    # It opens the print dialog; the file itself is unchanged.
    pdf_document = pypdfium2.PdfDocument(with_print_settings(root / "dist/queue.pdf", {"runs": "30", "sides": "one"}))
    raw = pypdfium2.raw
    assert (raw.FPDF_VIEWERREF_GetNumCopies(pdf_document), raw.FPDF_VIEWERREF_GetDuplex(pdf_document)) == (
        30,
        raw.Simplex,
    )
    assert not raw.FPDF_VIEWERREF_GetPrintScaling(pdf_document)
    assert with_print_settings(root / "dist/queue.pdf", {"runs": "1", "sides": "both"}) is None
    workspace.end()


@pytest.mark.long
def test_somebody_publishes_to_a_folder_and_takes_it_back(opened, home, tmp_path):
    page, base = home
    shutil.rmtree(opened.root / "site", ignore_errors=True)
    for name in ("index.html", "fil/index.html"):
        file = opened.root / "site" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("<!doctype html><html lang=fil><title>1</title>")
    target = tmp_path / "web"

    def press(button):
        page.goto(f"{base}publish")
        page.fill("#target", str(target))
        page.get_by_role("button", name=button, exact=True).click()
        page.wait_for_selector(".done, .failed")
        return page.text_content("main")

    page.goto(f"{base}publish")
    page.get_by_role("button", name="Publish", exact=True).click()
    expect(page.get_by_role("alert")).to_contain_text("Say where")
    # A part of a name is not a target, and the campaign's own folder is for its texts only.
    for raw, said in (("web", "only part of a path"), (str(opened.root / "docs"), "own folder, inside it")):
        for field, button in (("#target", "See what would change"), ("#folder", "Copy to the stick")):
            page.fill(field, raw)
            page.get_by_role("button", name=button).last.click()
            expect(page.get_by_role("alert")).to_contain_text(said)
            expect(page.locator(field)).to_have_value(raw)
    # A site older than the latest change is published after confirmation, which the result repeats.
    os.utime(opened.root / HILL)
    page.goto(f"{base}publish")
    expect(page.locator(".message.large")).to_contain_text("before your latest change")
    expect(page.get_by_role("button", name="Build first, then publish")).to_be_visible()
    expect(page.get_by_role("button", name="Publish", exact=True)).to_have_count(0)
    # The changes of an older site are only listed with that notice, and with a link to the latest.
    told = press("See what would change")
    assert "Nothing was published: this was a dry run." in told
    assert "your latest change" in told
    # By titles, not by file names.
    expect(page.locator("#job section", has=page.get_by_role("heading", name="Would be new"))).to_contain_text(
        "(Filipino)"
    )
    assert not target.exists() or not list(target.iterdir())
    expect(page.get_by_role("alert")).to_contain_text("This is the website as built on 20")
    expect(
        page.locator("#job form", has_text="Build first, then see what would change").locator("[name=way]")
    ).to_have_value("look-build")
    told = press(re.compile("Publish the build of 20"))
    assert "Published in" in told
    assert "your latest change" in told
    expect(page.get_by_role("alert")).to_contain_text("doesn't include your latest change")
    # A command's output is folded; its result is one sentence.
    expect(page.get_by_text("Published in")).to_be_hidden()
    page.get_by_role("link", name="Back: Publish").click()
    expect(page.get_by_role("listitem").filter(has_text=str(target))).to_contain_text("since 20")
    first = (target / "current/index.html").read_bytes()
    (opened.root / "site/index.html").write_bytes(first.replace(b"1", b"2"))
    with FileLock(opened.root / ".build/lock"):  # even during a build
        assert "1 changed" in press("Publish")
        expect(page.locator(".message.good")).to_have_text(f"Online at {target}.")
        expect(page.get_by_role("alert")).to_have_count(0)
        assert "Back to" in press("Back to the previous version")
    page.get_by_role("link", name="Back: Publish").click()
    expect(page.get_by_role("listitem").filter(has_text=str(target))).to_contain_text("the previous version, since 20")
    assert (target / "current/index.html").read_bytes() == first
    os.utime(opened.root / HILL)
    # The same for a stick, which can't be undone once it is handed over.
    page.goto(f"{base}publish")
    page.fill("#folder", str(tmp_path / "stick"))
    page.get_by_role("button", name=re.compile("Copy the build of 20")).click()
    expect(page.get_by_role("alert").first).to_contain_text("build, then copy again")
    page.goto(f"{base}publish")
    expect(page.get_by_role("button", name="Build first, then copy")).to_be_visible()
    assert page.input_value("#target") == str(target)
    page.fill("#target", "--rollback")
    page.get_by_role("button", name="Build first, then publish").click()
    expect(page.get_by_role("alert")).to_contain_text("looks like an option")
    # A release build refuses unverified content, and nothing is published.
    online = (target / "current/index.html").read_bytes()
    page.fill("#target", str(target))
    page.get_by_label("Build first, then publish: For release").check()
    page.get_by_role("button", name="Build first, then publish").click()
    expect(page.locator(".problems .must a", has_text="docs/ar/boil.md").first).to_be_visible()
    expect(page.get_by_role("link", name="Back: Publish")).to_be_visible()
    assert (target / "current/index.html").read_bytes() == online


def test_what_going_back_would_bring_back_is_named_by_titles():
    campaign = load(HERE / "campaigns/tiny")[0]
    problem = Problem("rollback-withheld", "--rollback", "It would bring back: fil/boil.html, x/y.html.", "")
    title = next(page.title for page in campaign.pages.values() if page.address == "fil/boil.html")
    assert languages()["tet"].names(with_titles(campaign, problem)) == [f"{title} (Filipino)", "x/y.html"]


def test_a_long_build_says_how_far_it_is_and_going_back_does_not_wait_for_it(tmp_path, monkeypatch):
    told = ["Some words.", as_line("list", 0, 9), as_line("print", 0, 2689), as_line("print", 412, 2689)]
    goes_on = threading.Event()

    def work(_, job):
        if job.arguments[0] == "build":
            for line in told:
                job.parse_line(line)
            goes_on.wait(MAX_WAIT_S)
        return 0

    monkeypatch.setattr(Jobs, "_run", work)
    jobs, ended = Jobs(tmp_path), threading.Event()
    build = jobs.start("Build", ["build"], ["publish", "web"], on_end=lambda _: ended.set())
    until(lambda: build.step == ("print", 412, 2689))
    assert (jobs.building, build.state, build.lines, build.minutes) == (build, "working", told[:1], 0)
    build.since = time.monotonic() - 60, 0
    assert build.minutes == round((2689 - 412) / 412)
    waits = jobs.start("Prints", ["prints"])
    # Nor does a build bring back removed data.
    jobs.cancel_pending(["publish", "other"], "kept")
    assert not build.is_cancelled
    jobs.cancel_pending(["publish", "web"], "Not published.")
    back = jobs.start("Back", ["publish", "--rollback", "web"], is_exclusive=False)
    until(lambda: back.state == "done")
    assert waits.state == "waiting"
    jobs.stop(waits.number)
    assert waits.state == "unchanged"
    assert not ended.is_set()
    goes_on.set()
    until(lambda: build.is_done)
    assert (build.state, build.arguments, ended.is_set(), jobs.building) == ("done", ("build",), True, None)
    assert (build.note, build.is_warning) == ("Not published.", True)
    whole = jobs.start("Build", ["build"], ["publish", "web"])
    until(lambda: whole.is_done)
    assert whole.arguments == ("publish", "web")


def test_build_that_leaves_out_outputs_is_published_and_says_how_many(tmp_path, monkeypatch):
    problem = "problem docs/km/posters/a.md:3 The word `x` is too wide. Divide it. (word-wide)"
    left_out = {"build": as_line("left-out", 3, 3), "publish": ""}

    def work(_, job):
        for line in (problem, left_out[job.arguments[0]]):
            job.parse_line(line)
        return 1 if job.arguments[0] in failing else 0

    monkeypatch.setattr(Jobs, "_run", work)
    failing = {"build"}
    jobs = Jobs(tmp_path)
    both = jobs.start("Build", ["build"], ["publish", "web"])
    until(lambda: both.is_done)
    assert (both.state, both.arguments, both.left_out) == ("partial", ("publish", "web"), 3)
    assert [item.id for item in both.problems] == ["word-wide"]
    failing.add("publish")
    refused = jobs.start("Build", ["build"], ["publish", "web"])
    until(lambda: refused.is_done)
    assert refused.state == "failed"
    left_out["build"] = ""
    broken = jobs.start("Build", ["build"], ["publish", "web"])
    until(lambda: broken.is_done)
    assert (broken.state, broken.arguments) == ("failed", ("build",))


def until(is_so) -> None:
    """Wait for another thread."""
    start_time = time.monotonic()
    while not is_so():
        assert time.monotonic() - start_time < MAX_WAIT_S
        time.sleep(0.01)


def test_where_the_computer_refuses_nothing_changes_and_the_desk_goes_on(opened, home):
    page, base = home
    before, history = opened.text(), opened.root / ".build/desk/history"
    kept = history.rename(history.with_name("kept")) if history.exists() else None
    history.write_text("in the way of a folder")
    page.goto(f"{base}contacts/hill/hill-clinic")
    page.fill("[name='contacts.0.keeper']", "Ana")
    page.click("main .form > .save button")
    expect(page.locator("#failed")).to_contain_text("Nothing changed. The computer says")
    expect(page.locator("[name='contacts.0.keeper']")).to_have_value("Ana")
    assert opened.text() == before
    history.unlink()
    if kept:
        kept.rename(history)
    page.goto(f"{base}contacts/hill/hill-clinic")
    expect(page.locator("h1")).to_have_text("Klinika ng Burol")


def test_nobody_else_reads_or_writes(opened, home, browser):
    page, base = home
    start, ours = f"/{opened.key}/", f"127.0.0.1:{opened.port}"
    origin = f"http://{ours}"
    page.goto(base)
    token = page.locator("meta[name=desk-token]").get_attribute("content")
    you = f"you=Eve&language=&back=/&token={token}"
    assert opened.ask(start)[0] == 200
    assert opened.ask(opened.ticket)[0] == 403, "a ticket opens once"
    assert opened.ask("/")[0] == opened.ask(f"/{'x' * 32}/")[0] == opened.ask("/client/desk.css")[0] == 403
    assert opened.ask(start, Host=f"evil.example:{opened.port}")[0] == 403
    assert opened.ask(start, Host=f"localhost:{opened.port}")[0] == 403
    assert opened.ask(start, **{"Sec-Fetch-Site": "same-site"})[0] == 403
    assert opened.ask(start, Origin="http://127.0.0.1:1")[0] == opened.ask(start, Origin="null")[0] == 403
    assert opened.ask(f"{start}you", "POST", you)[0] == 403, "no Origin"
    assert opened.ask(f"{start}you", "POST", you.replace(token, "x"), Origin=origin)[0] == 403
    assert opened.ask(f"{start}you", "POST", you, Origin="http://127.0.0.1:1")[0] == 403
    choices = opened.root / ".build/desk/choices.json"
    assert not choices.exists() or "Eve" not in choices.read_text()
    out = ("contacts/..%2f..%2f..%2fetc%2fpasswd", "contacts/%00", "client/..%2fguard.py", "contacts/.git", "//etc")
    assert {opened.ask(start + path)[0] for path in out} == {404}
    assert (opened.root / ".build/desk/running.json").stat().st_mode & 0o077 == 0

    # Another program of this computer that serves pages: nothing of ours reaches them, and they change nothing.
    class Other(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<!doctype html><title>other</title><p>x")

        def log_message(self, *_):
            """Nothing."""

    other = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Other)
    threading.Thread(target=other.serve_forever, daemon=True).start()
    other_text = browser.new_page()
    other_text.goto(f"http://127.0.0.1:{other.server_port}/")
    tried = other_text.evaluate(
        """async ([base, body]) => {
          const ask = (how) => fetch(base, how).then((answer) => answer.text(), () => "kept out");
          const frame = document.createElement("iframe"); frame.src = base; document.body.append(frame);
          await new Promise((done) => { frame.onload = done; });
          const style = document.createElement("link"); style.rel = "stylesheet"; style.href = base + "client/desk.css";
          const styled = await new Promise((done) => { style.onload = () => done("styled");
            style.onerror = () => done("kept out"); document.head.append(style); });
          return [await ask({}), await ask({credentials: "include"}), await ask({method: "POST", body,
            headers: {"Content-Type": "application/x-www-form-urlencoded"}}), styled];
        }""",
        [base, you],
    )
    assert tried == ["kept out"] * 4
    # Chromium loads an error in place of a page that refuses frames.
    assert [frame.url for frame in other_text.frames[1:]] == ["chrome-error://chromewebdata/"]
    other_text.close()
    other.shutdown()
    other.server_close()


def test_a_second_start_opens_the_desk_that_runs(opened):
    output = run_process(opened.root, "desk", "--no-open")
    address = output.split("\n")[1].strip()
    assert address.startswith(f"http://127.0.0.1:{opened.port}/open/")
    assert opened.ask(urlsplit(address).path)[0] == 303


def asked_by_ours(opened, path, method="GET"):
    """The status of a request that a page of the desk sends."""
    noted = json.loads((opened.root / ".build/desk/running.json").read_text())
    fields = {"Origin": f"http://{opened.host}:{opened.port}", "X-Desk-Token": noted["token"]}
    return opened.ask(f"/{opened.key}{path}", method, "a=b" if method == "POST" else "", **fields)[0]


def test_no_address_is_a_fault_of_the_desk(opened, tmp_path):
    workspace = Workspace(copy_campaign(HERE / "campaigns/tiny", tmp_path / "campaign"))
    try:
        desk = Desk(workspace)
        application(desk, 1)
    finally:
        workspace.end()
    routes = [route for route in desk.routes if isinstance(route, Route) and "{" in route.path]
    assert len(routes) > 40
    for route in routes:
        method = "POST" if "POST" in route.methods else "GET"
        for segment in ("x" * 250, quote("é" * 200), "%00", "%ff"):
            path = re.sub(r"\{[^}]*\}", segment, re.sub(r"\{[^}]*:int\}", "7", route.path))
            assert asked_by_ours(opened, path, method) < 500, (method, path)


def test_desk_whose_window_nobody_reads_stays_awake_after_uploads_that_are_cut_off(opened):
    head = (
        f"POST /{opened.key}/photos HTTP/1.1\r\nHost: {opened.host}:{opened.port}\r\n"
        f"Origin: http://{opened.host}:{opened.port}\r\nContent-Length: 3000000\r\n"
        "Content-Type: multipart/form-data; boundary=x\r\n\r\n"
        '--x\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n'
    )
    uploads = [socket.create_connection((opened.host, opened.port)) for _ in range(60)]
    for upload in uploads:
        upload.sendall(head.encode() + b"a" * 50_000)
    # Later uploads are read after earlier ones: once this is answered, all have been begun.
    assert asked_by_ours(opened, "/alive") == 204
    for upload in uploads:
        upload.close()
    begun = time.monotonic()
    assert asked_by_ours(opened, "/alive") == 204
    assert time.monotonic() - begun < MAX_WAIT_S / 4


@pytest.mark.parametrize("code", languages())
def test_everybody_can_use_the_desk_in_their_language(home, code):
    page, base = home
    page.goto(base)
    page.click(".you summary")
    page.select_option("#desk-language", code)
    with page.expect_navigation():
        page.click(".you button")
    paths = [
        "",
        "contacts",
        "contacts/hill/hill-clinic",
        "contacts/sheet",
        "sources",
        # The same fields as for existing ones.
        *(("contacts/hill/new", "sources/new") if IS_WHOLE else ()),
    ]
    paths += [
        "history",
        "publish",
        "print?place=hill&language=fil",
        "translate",
        "translate/ar",
        "translate/ar/boil.md?all",
    ]
    # A fault in one language is one in each, except for overflow.
    for path in paths if IS_WHOLE else paths[::4] if code == "en" else paths[2:3]:
        check_access(page, base + path, IS_WHOLE)
        assert page.locator("html").get_attribute("lang") == code
    # The campaign has none of these languages: the desk has its own words for prints.
    assert f"{languages()[code]['pieces-leaflet']}</option>" in page.request.get(f"{base}print").text()


# Commands that the desk doesn't offer: clusters, Kiwix, hotspots, Weblate, signatures, wheels.
OF_TERMINAL = {
    *("wheels-missing", "cluster-open", "cluster-unreachable", "cluster-differs", "weblate-not-taken"),
    "cluster-worker-differs",
    *("sums-missing", "sums-broken", "sums-outside", "copy-incomplete", "copy-changed", "copy-added", "sums-unsigned"),
    *("signature-missing", "signature-unchecked", "signature-unproven", "signature-no-key", "signature-no-tool"),
    *("answer-wrong", "format-wrong", "format-nameless", "shortcode-wrong", "extension-broken"),
    *("signature-bad", "hotspot-name", "hotspot-nothing", "zim-missing", "zim-nothing", "zim-failed"),
}


def test_every_language_of_the_desk_says_everything():
    spoken = languages()
    english = spoken["en"]
    assert {"en", "tet", "pt", "id"} <= spoken.keys()
    for code, words in spoken.items():
        assert set(words) == set(english), code
        for key in english:
            given = {
                "name",
                "count",
                "whole",
                "date",
                "how",
                "by",
                "answer",
                "said",
                "was",
                "now",
                "id",
                "title",
                "why",
                "where",
            }
            wanted = {name for name in given if f"{{{name}}}" in english[key]}
            assert {name for name in given if f"{{{name}}}" in words[key]} == wanted, (code, key)
        assert all(words[f"sent-{name}"] for name in DESTINATIONS), code
    # Problems also have a short text, by existing ids, the same ones in each language.
    rules = set(load_rules())
    named = {code: {id for id in rules if words.of_problem(id)} for code, words in spoken.items() if code != "en"}
    files = {path.stem: set(yaml.safe_load(path.read_text("utf-8"))) for path in WORDS.glob("problems/*.yml")}
    assert named == files
    assert named["tet"] == named["pt"] == named["id"]
    assert rules - named["tet"] == OF_TERMINAL, "Say it in each desk/words/problems/*.yml, or name it in OF_TERMINAL"
    assert not any(spoken["en"].of_problem(id) for id in rules)
    # Names that only the full message has are next to the short text.
    number = "The number 7799 00 (two) has 6 digits, fewer than every other that begins like it: 7799 0022 (one)."
    lost = "The id `x` is taken by assets/contacts/hill.yml:12, “so it is”, since 2026-01-02."
    assert spoken["tet"].names(Problem("number-shorter", "x", number, "")) == ["7799 00", "two", "7799 0022", "one"]
    assert spoken["tet"].names(Problem("name-taken", "x", lost, "")) == [
        *("x", "assets/contacts/hill.yml", "so it is", "2026-01-02")
    ]
    begun = "No word of the language `xx` is translated yet: readers see the source language's."
    assert spoken["tet"].names(Problem("words-begun", "x", begun, "")) == ["xx"]
    # At the desk a button fixes it, not a command.
    for code, words in spoken.items():
        told = {id: words.localise(Problem(id, "x", "So it is.", "Run `campaign x`.")) for id in AT_DESK}
        assert "campaign x" not in str(told), (code, told)
        panels = [words[name] for name in ("translate", "contacts", "publish", "texts")]
        # A table of contacts is fixed on the page that shows its problems.
        elsewhere = {id: said for id, said in told.items() if id != "program-refused" and not id.startswith("table-")}
        assert all(any(name in said for name in panels) for said in elsewhere.values()), code
        assert f"“{words['official-found']}”" in told["main-number-due"]
        long = "The panel `text` is 2 lines too long at the smallest text size (x-header, 1500 × 500 pixels)."
        assert f"({words['sent-x-header']}, 1500 × 500)" in words.localise(Problem("panel-long", "x", long, "")), code
        assert f"“{words['save-sentence']}”" in told["translation-unstamped"]
        assert (words.rejection("is no file of this campaign") == "is no file of this campaign") == (code == "en")


# A message that names a command for the terminal: the desk has a form for the same, or doesn't offer it.
# Today shows the button next to these.
WITH_BUTTON = {"file-leftover", "photo-metadata", "photo-uncovered"}
COMMANDS_ALONE = {"campaign-missing", "identity-missing", "editable-old"}
OF_COMMANDS = {
    *("contacts_table.read_table", "new_language.start_language", "rules.explain", "packs._recorded_contents"),
    *("corrections._right", "corrections._contact"),
}


def test_advice_that_names_a_command_says_at_the_desk_which_button_it_is():
    command = re.compile(rf"\bcampaign ({'|'.join(main.commands)})\b|(?<![\w-])--(by|now|was|since|language)\b")
    results = {}
    for path in (REPOSITORY / "scripts/campaign").rglob("*.py"):
        text = path.read_text("utf-8")
        if path.parts[-2] in ("cli", "rules", "schema", "office") or "Problem" not in text or not command.search(text):
            continue
        for function in ast.walk(ast.parse(text)):
            if isinstance(function, ast.FunctionDef):
                written = (item.value for item in ast.walk(function) if isinstance(item, ast.Constant))
                data = {item for item in written if isinstance(item, str)} - {ast.get_docstring(function, clean=False)}
                ids = {*load_rules()} & data
                if ids and any(command.search(item) for item in data):
                    results[f"{path.stem}.{function.name}"] = ids
    alone = {
        name for name, ids in results.items() if not ids & ({*AT_DESK} | OF_TERMINAL | COMMANDS_ALONE | WITH_BUTTON)
    }
    assert alone == OF_COMMANDS


def test_sentences_are_named_and_refused_in_each_language_of_the_desk():
    kinds, texts = set(FRONT_TEXTS), {}
    for path in (HERE / "campaigns/tiny/docs/fil").rglob("*.md"):
        for unit in read_units(path.read_bytes()).units:
            kinds.add(unit.kind)
            texts[unit.kind] = unit
    plain = replace(texts["paragraph"], text="One {name} [a](b.md)[^c].")
    wrong = (
        "",
        "a\u202e",
        "a\nb",
        "a",
        "# {name}",
        "{name}\n\nb",
        "{name} :x:",
        "{name} [a](c.md)[^c]",
        "{name} [a](b.md)",
    )
    reasons = [*(refusal(plain, text) for text in wrong), refusal(replace(plain, kind="cell"), "{name} |")]
    assert all(reasons)
    for code, words in languages().items():
        assert {f"kind-{kind}" for kind in kinds} <= set(words)
        assert {f"file-of-{name}" for name in WORD_FILES} <= set(words)
        assert all((words.rejection(why) == why) == (code == "en") for why in reasons)
    # The translator of a page isn't its reviewer.
    assert [Translation("x", "Ana José, Layla").is_translated_by(name) for name in ("layla", "Ana José", "Ana")] == [
        *(True, True, False)
    ]
    assert languages()["pt"].rejection(refusal(plain, "{name} [a](b.md)")).endswith("notas do que a fonte (c)")


def test_a_save_is_whole_or_not_at_all_and_names_lead_nowhere_else(tmp_path, monkeypatch):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "campaign")
    secret = tmp_path / "secret.yml"
    secret.write_text("secret: yes")
    (root / "assets/contacts/link.yml").symlink_to(secret)
    (root / "assets/out").symlink_to(tmp_path)
    files = Files(root)
    for name in (
        *("../secret.yml", "/etc/passwd", "docs/../../secret.yml", "docs//x", "assets/contacts/link.yml", "docs"),
        *("assets/out/secret.yml", ".git/config", "docs/.hidden", "docs/a\0b", "docs/a\\b", "overrides/x.css", ""),
    ):
        with pytest.raises(ForeignFileError):
            files.read(name)
    first, second = "docs/ar/boil.md", HILL
    old = {name: files.read(name) for name in (first, second)}
    with pytest.raises(ConflictError):
        files.save("x", "me", {first: Change(version_of(b"other"), b"x")})

    # The disk is full at the second file; then the power goes there.
    move = writing.move

    def full(source, target, until):
        if target == root / second and source.read_bytes() == b"2":
            raise OSError(28, "No space left on device")
        move(source, target, until)

    both = {name: Change(version_of(old[name]), str(index).encode()) for index, name in enumerate(old, 1)}
    monkeypatch.setattr(writing, "move", full)
    with pytest.raises(OSError, match="No space"):
        files.save("x", "me", both)
    assert {name: files.read(name) for name in old} == old
    assert not files.history()
    monkeypatch.setattr(writing, "_restore", lambda *_: None)
    monkeypatch.setattr(writing, "_forget", lambda _: None)
    with pytest.raises(OSError, match="No space"):
        files.save("x", "me", both)
    monkeypatch.undo()
    assert (root / first).read_bytes() == b"1"
    assert {name: Files(root).read(name) for name in old} == old

    files.save("x", "me", {first: Change(version_of(old[first]), b"3")})
    number = files.save("x", "me", {first: Change(version_of(b"3"), None)})
    assert not (root / first).exists()
    # A file that a later save removed isn't reported as gone: that save is undone first.
    assert [(item.can_be_undone, item.missing_file) for item in files.history()[:2]] == [(True, ""), (False, "")]
    Files(root).undo(number, "undo", "me")
    assert files.read(first) == b"3"
    (root / first).unlink()
    assert files.history()[0].missing_file == first


def test_a_place_of_a_table_has_its_file_from_its_first_contact_on(tmp_path):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "campaign")
    campaign, files = load(root)[0], Files(root)
    far = replace(campaign.places["coast"], code="far", where="places.csv:2")
    campaign = replace(campaign, places={**campaign.places, "far": far})
    begun = ContactFile.read(files, "far", campaign.places)
    values = {
        "id": "far-clinic",
        "kind": "health",
        "does": ["care"],
        "source": "drama-numbers",
        "phone": "07700 900155",
    }
    text = begun.with_new([Edit(("contacts", 0, key), value) for key, value in values.items()])
    assert begun.version == NO_FILE
    assert text.startswith("contacts:\n  - id: far-clinic\n")
    assert check_contacts(campaign, begun, text) == []
    with pytest.raises(LookupError):
        ContactFile.read(files, "nowhere", campaign.places)


def ways(node, way=()):
    """Return every text of a file, by its key path."""
    pairs = node.items() if isinstance(node, dict) else enumerate(node) if isinstance(node, list) else ()
    for step, inner in pairs:
        yield from ways(inner, (*way, step))
    if isinstance(node, str):
        yield way


def test_each_value_of_real_files_is_changed_alone():
    """A form that changes one value leaves the rest of the file byte-identical."""
    tried = 0
    files = sorted([*REPOSITORY.glob("assets/**/*.yml"), *HERE.glob("campaigns/*/assets/**/*.yml")])
    for index, path in enumerate(files):
        for end in ("\n", "\r\n") if IS_WHOLE else ("\n", "\r\n")[index % 2 :: 2]:
            text = path.read_text("utf-8").replace("\n", end)
            results = list(ways(parse(text)))
            for way in results if IS_WHOLE else results[index % 3 :: max(1, len(results) // 5)]:
                changed = set_value(text, way, "0112: #x")
                assert parse(set_value(changed, way, "y"))
                lines = set(text.split(end)) ^ set(changed.split(end))
                assert len(lines) <= 2 or "|" in text or ">" in text, (path, way)
                assert end == "\n" or "\n" not in changed.replace("\r\n", "")
                remove(text, way)
                tried += 1
    assert tried > 150


def test_comments_order_quotes_and_zeros_stay():
    text = """# kept
contacts:   # whom to call
  - id: one   # the first
    'phone': '0112'
    x-own: {a: 1,  b: "2"}

  # the next
  - {id: two, phone: "007"}
"""
    assert set_value(text, ("contacts", 0, "phone"), "0113") == text.replace("'0112'", "'0113'")
    assert set_value(text, ("contacts", 1, "phone"), "7: #") == text.replace('"007"', '"7: #"')
    assert set_value(text, ("contacts", 1, "name"), {"en": "no"}) == text.replace('"007"}', '"007", name: {en: "no"}}')
    assert remove(text, ("contacts", 1, "phone")) == text.replace(', phone: "007"', "")
    assert yaml.safe_load(remove(text, ("contacts", 0)))["contacts"] == [{"id": "two", "phone": "007"}]
    for broken in ("a: &x 1\nb: *x\n", "a: 1\na: 2\n", "- a\n", "a: [\n"):
        with pytest.raises(CannotEdit):
            set_value(broken, ("a",), "2")


def test_a_large_campaign_that_is_read_for_the_first_time_says_how_far_it_is(tmp_path, monkeypatch):
    may_go_on = threading.Event()

    def slowly(root, memo, progress):
        progress(3, 4000)
        may_go_on.wait(MAX_WAIT_S)
        return load(root, memo, progress)

    monkeypatch.setattr("campaign.desk.workspace.load", slowly)
    monkeypatch.setattr("campaign.desk.panel.READING_NOTICE_AFTER_S", 0.05)
    workspace = Workspace(copy_campaign(HERE / "campaigns/tiny", tmp_path / "campaign"))
    desk = Desk(workspace)
    guard = application(desk, 18020)
    try:

        def response_to(path: str, **fields: str):
            headers = [(name.replace("_", "-").encode(), value.encode()) for name, value in fields.items()]
            scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": headers}
            route = next(route for route in guard.app.routes if route.path == path)
            # Outside the event loop that Playwright runs in this thread.
            with ThreadPoolExecutor(1) as beside:
                return beside.submit(asyncio.run, route.endpoint(Request(scope))).result()

        text = response_to("/contacts", accept="text/html", sec_fetch_dest="document").body.decode()
        assert "Reading the campaign" in text
        assert "3 of 4000 pages" in text
        may_go_on.set()
        assert workspace.is_read_within(MAX_WAIT_S)
        # Its script opens the page, not a header: that would redirect users on their way to another page.
        assert "data-read" in response_to("/reading").body.decode()
        assert "hx-refresh" not in response_to("/reading").headers
        assert "Burol" in response_to("/contacts", accept="text/html", sec_fetch_dest="document").body.decode()
        # A file that is no longer a campaign is reported, not read for ever.
        (workspace.root / "mkdocs.yml").unlink()
        workspace._version += 1
        assert workspace.is_read_within(MAX_WAIT_S)
        assert response_to("/contacts", accept="text/html").status_code == 409
    finally:
        workspace.end()


def test_what_was_saved_is_told_in_the_language_of_whoever_reads_it(tmp_path):
    workspace = Workspace(copy_campaign(HERE / "campaigns/tiny", tmp_path / "campaign"))
    files, name, spoken = workspace.files, "docs/fil/boil.md", languages()
    try:
        was = files.read(name)
        saved = files.save(spoken["en"].say("did-look"), "", {name: Change(version_of(was), was + b"\n")})
        back = files.undo(saved, spoken["id"].say("undone", title="Look changed"), "")
        again = files.undo(back, "Redone: Look changed", "")
        old = files.save("From before", "", {name: Change(version_of(was + b"\n"), was + b"\n\n")})
        titles = [Desk(workspace).title_of(item, spoken["pt"]) for item in files.history()]
        look = spoken["pt"]["did-look"]
        assert titles == ["From before", *(spoken["pt"].say(key, title=look) for key in ("redone", "undone")), look]
        assert (again, old) == (back + 1, back + 2)
        for file, said in {
            name: "Paano pakuluan ang tubig (Filipino)",
            "assets/contacts/hill.yml": "Contactos: Burol",
            "docs/_sources.yml": "Fontes",
            "assets/elsewhere.txt": "assets/elsewhere.txt",
        }.items():
            assert file_name(workspace.campaign, spoken["pt"], file) == said
        # The same for the names in it; names of things that are gone stay as saved.
        hill, told = files.read(HILL), []
        for key, given in (
            ("did-mend", {"name": EntityName.by("Contacts: Burol", f"file:{HILL}")}),
            ("did-changed", {"id": EntityName.by("Hill clinic", "contact:hill-clinic")}),
            ("did-changed", {"id": EntityName.by("Gone", "contact:gone")}),
        ):
            change, hill = Change(version_of(hill), hill + b"\n"), hill + b"\n"
            number = files.save(spoken["en"].say(key, **given), "", {HILL: change})
            told.append(Desk(workspace).title_of(files.find(number), spoken["pt"]))
        assert told == [
            spoken["pt"].say("did-mend", name="Contactos: Burol"),
            *(spoken["pt"].say("did-changed", id=item) for item in ("Klinika ng Burol", "Gone")),
        ]
    finally:
        workspace.end()


def test_an_embargo_ends_at_the_open_desk_by_the_clock(tmp_path, monkeypatch):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "campaign")
    release, until = root / "docs/fil/press/start.md", "2099-01-01T06:00+08:00"
    release.write_text(release.read_text(encoding="utf-8").replace('embargo: ""', f"embargo: {until}"), "utf-8")
    (root / "site").mkdir()
    (root / "site/index.html").write_text("<!doctype html>")
    moment = datetime.fromisoformat(until)
    monkeypatch.setattr(clock, "now", lambda: moment - timedelta(minutes=1))
    workspace = Workspace(root)
    try:
        assert ("fil", "press/start.md") in workspace.campaign.withheld
        assert next(absent_releases(workspace.campaign, "fil")).until == moment
        before, seen = workspace.revision, workspace.version
        monkeypatch.setattr(clock, "now", lambda: moment)
        assert (workspace.version, workspace.revision == before) == (seen + 1, False)
        assert ("fil", "press/start.md") in workspace.campaign.pages
        assert not list(absent_releases(workspace.campaign, "fil"))
        # Only the clock changed the campaign, and the site is older than that.
        assert workspace.version == seen + 1
        assert built_at(root) < workspace.changed_at == moment.timestamp()
    finally:
        workspace.end()
