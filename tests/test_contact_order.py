"""Contacts in the order that a person in danger needs, the same on the website and on paper."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from conftest import read_help
from real_numbers import contact_reader, national_text

from campaign.models.campaign import Campaign
from campaign.models.contact import order_for
from campaign.models.outputs import Output
from campaign.models.problem import Problem
from campaign.plan.outputs import CONTACT_SHEET
from campaign.printing.piece import find_piece
from campaign.printing.services import contacts_block


@pytest.fixture(scope="module")
def base() -> Campaign:
    return read_help()


def with_order(base: Campaign, root: Path, order: str) -> tuple[Campaign, list[Problem]]:
    """HELP with five national numbers and this line at the top of its contacts."""
    file = root / "assets/contacts/national.yml"
    file.parent.mkdir(parents=True)
    file.write_text(national_text(order), "utf-8")
    problems: list[Problem] = []
    return replace(base, contacts=contact_reader(base, root, problems).read_national()), problems


@pytest.mark.parametrize(
    ("order", "kinds"),
    [
        ("", ["emergency", "police", "health", "shelter", "legal"]),
        ("order: [legal, health]", ["legal", "health", "emergency", "police", "shelter"]),
        ("order: []", ["emergency", "police", "health", "legal", "shelter"]),
    ],
)
def test_website_and_prints_have_the_same_order(base, tmp_path, order, kinds):
    campaign, _ = with_order(base, tmp_path, order)
    on_site = [contact for contact in campaign.contacts if contact.phone]
    assert [contact.kind for contact in on_site] == kinds
    piece = find_piece(campaign, Output(CONTACT_SHEET, CONTACT_SHEET, "en", None, CONTACT_SHEET))
    printed = [contact["id"] for contact in contacts_block(piece, {})["national"]]
    # The main number is always first on paper.
    assert printed == sorted((contact.id for contact in on_site), key=lambda id: id != "emergency")
    assert [c.id for c in order_for(campaign.contacts, campaign.emergency, "en")] == printed


def test_unknown_kind_in_the_order_is_a_problem(base, tmp_path):
    _, problems = with_order(base, tmp_path, "order: [police, ghosts]")
    assert [(problem.id, problem.where) for problem in problems if not problem.is_note] == [
        ("value-unknown", "assets/contacts/national.yml:1")
    ]


def test_free_call_is_marked_only_where_the_data_say_so(base, tmp_path):
    campaign, _ = with_order(base, tmp_path, "")
    piece = find_piece(campaign, Output(CONTACT_SHEET, CONTACT_SHEET, "tet", None, CONTACT_SHEET))
    national = contacts_block(piece, {})["national"]
    marked = [contact["id"] for contact in national if any("gratis" in note for note in contact["times"])]
    assert marked == ["emergency"]
