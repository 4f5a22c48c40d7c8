"""Addresses that dial a number of no contact get the question that the number gets as words."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from campaign.checks.unfinished import check_sentence
from campaign.content import load
from campaign.content.links import dialled_numbers
from campaign.pipeline.reading import read

TINY = Path(__file__).parent / "campaigns/tiny"
NUMBER = "67077234567"
ADDRESSES = [
    *("tel:+67077234567", "TEL:+670-7723-4567", "tel:%2B67077234567", "sms:+67077234567?body=hi", "smsto:+67077234567"),
    *("https://wa.me/67077234567", "HTTPS://WA.ME/67077234567?text=hi", "wa.me/+67077234567"),
    *("https://api.whatsapp.com/send?phone=67077234567&text=hi", "whatsapp://send/?phone=%252B67077234567"),
    *("viber://chat?number=%2B67077234567", "https://signal.me/#p/+67077234567", "https://t.me/+67077234567"),
    *("callto:+67077234567", "FaceTime:+67077234567", "facetime-audio://+67077234567", "&#116;el:+67077234567"),
]


@pytest.fixture
def root(tmp_path):
    return shutil.copytree(TINY, tmp_path / "tiny")


def asked_at(root):
    """file -> numbers of no contact that are asked about there."""
    results = [item for item in read(root)[1] if item.id == "number-not-kept"]
    return {
        (item.where.partition(":")[0], item.message.partition(" is in no contact")[0].split()[-1]) for item in results
    }


def change(root, name, old, new):
    path = root / name
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


@pytest.mark.parametrize("address", ADDRESSES)
def test_number_is_found_in_each_address_that_dials(address):
    assert list(dialled_numbers(address)) == [f"+{NUMBER}"]
    assert list(dialled_numbers(f"Write to us ({address}), or come.")) == [f"+{NUMBER}"]


@pytest.mark.parametrize(
    "address",
    [
        *("https://t.me/+AbCd123456", "https://signal.me/#eu/AbC123456d", "https://chat.whatsapp.com/AbC1234567"),
        *("https://www.who.int/2023/123456", "https://water.example/t.me/123456", "hotel:123456", "a/b 123456"),
    ],
)
def test_address_that_dials_no_number_has_none(address):
    assert list(dialled_numbers(address)) == []


@pytest.mark.parametrize(
    "words",
    [
        "[Tumawag](tel:+67077234567)",
        "[Tumawag][us]\n\n[us]: tel:+67077234567",
        "<https://wa.me/67077234567>",
        "https://wa.me/67077234567",
        "wa.me/67077234567",
        "[Tumawag](https://api.whatsapp.com/send?phone=%2B67077234567)",
        "| [Tumawag](tel:+67077234567) |\n|---|\n| a |",
        "- [**Tumawag**](TEL:+67077234567)",
    ],
)
def test_link_of_a_page_is_asked_about(root, words):
    path = root / "docs/fil/boil.md"
    path.write_text(path.read_text("utf-8") + f"\n\n{words}\n", encoding="utf-8")
    assert asked_at(root) == {("docs/fil/boil.md", f"+{NUMBER}")}


def test_link_to_a_contact_is_not_asked_about(root):
    path = root / "docs/fil/boil.md"
    links = "[Tumawag](tel:07700900112), [klinika](https://wa.me/442079460018), [ito](sms:+44%2020%207946%200018)"
    path.write_text(path.read_text("utf-8") + f"\n\n{links}\n", encoding="utf-8")
    assert asked_at(root) == set()


def test_texts_besides_pages_are_asked_about(root):
    front, strings, captions = "docs/fil/boil.md", "docs/ar/_strings.yml", "docs/fil/_photos.yml"
    release, contacts, sources = "docs/fil/press/start.md", "assets/contacts/hill.yml", "docs/_sources.yml"
    change(root, front, "description: ", "description: wa.me/67077234567 ")
    change(root, strings, "emergency:", "service-x: tel:+67077234567\nemergency:")
    change(root, captions, 'alt: "', 'alt: "https://wa.me/67077234567 ')
    change(root, release, 'headline: "', 'headline: "Tumawag sa +670 7723 4567. ')
    change(root, contacts, "name: Klinika ng Burol", "name: Klinika ng Burol\n    web: wa.me/67077234567")
    change(root, sources, "publisher: ", "publisher: sms:+67077234567 ")
    assert {name for name, _ in asked_at(root)} == {front, strings, captions, release, contacts, sources}


def test_link_of_a_translated_sentence_is_asked_about(root):
    campaign, _ = load(root)
    problems = check_sentence(campaign, "ar", "[x](sms:+67077234567)", "docs/ar/boil.md:9")
    assert [problem.id for problem in problems] == ["number-not-kept"]


def test_real_campaigns_get_no_question():
    for name in ("tiny", "full"):
        assert asked_at(TINY.parent / name) == set()
