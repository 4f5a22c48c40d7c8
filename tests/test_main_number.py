"""The reach and cost of the main number are stated as in a source, in one sentence from the contact's record."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from conftest import REPOSITORY, read_help

from campaign.content.number_doubts import about_number
from campaign.document.reader import read_document
from campaign.packs.blocks import read_text

# Numbers of other countries, each with its own source.
ABROAD = ("abroad.md", "cards/abroad.md")
# A line for another need, told with its own source.
OTHER_LINE = "12123"
# Words that make a text a report of decisions: "was approved as".
DECISION_WORDS = {"en": "approved", "tet": "aprova", "pt": "aprov", "id": "disetujui|menyetujui"}
FREE = {
    "en": r"free (call|number|line)|call is free|it is free",
    "tet": r"(telefone|númeru|liña)( ne'e)? gratis|/ gratis",
    "pt": r"(chamada|número|linha)( telefónica)?( é)? (grátis|gratuit)|/ é grátis",
    "id": r"(telepon|nomor|saluran)(nya)? gratis|/ gratis",
    "my": "ဖုန်းခ အခမဲ့",
    "fil": "libre",
}


@pytest.fixture(scope="module")
def campaign():
    return read_help()


def written(language: str):
    """(file, line) of each line that is read in a language, without questions."""
    folder = REPOSITORY / "docs" / language
    for path in sorted((*folder.rglob("*.md"), *folder.glob("_[mp]*.yml"))):
        name = path.relative_to(folder).as_posix()
        for line in path.read_text(encoding="utf-8").splitlines():
            if name not in ABROAD and not re.search(r"\?( \{#[\w-]+\})?$", line) and OTHER_LINE not in line:
                yield name, line


def first_word(service: str) -> str:
    """What names a service briefly: "fire" for "fire brigade"; all of it where words are not parted by spaces alike."""
    return service.split()[0] if service.isascii() else service


def test_no_text_says_what_the_main_number_reaches_or_costs_but_the_record(campaign):
    told = []
    for code, language in campaign.languages.items():
        words = language.strings
        services = [first_word(words[f"does-{service}"].casefold()) for service in campaign.emergency.does[1:]]
        free = re.compile(f"{re.escape(words['free'])}|{FREE.get(code, '(?!)')}", re.IGNORECASE)
        for name, line in written(code):
            names_services = all(service in line.casefold() for service in services)
            is_report = code in DECISION_WORDS and re.search(DECISION_WORDS[code], line)
            if (names_services or free.search(line)) and not is_report:
                told.append((code, name, line))
    assert told == []


def test_record_is_told_as_its_source_tells_it_in_every_language(campaign):
    for language in campaign.languages.values():
        text = about_number(campaign, language, campaign.emergency)
        assert "Tatoli" in text
        assert language.strings["does-ambulance"] in text
        assert text.endswith(language.strings["not-checked"])
    english = campaign.source_language
    (number,) = campaign.emergency.numbers
    unsourced = replace(campaign.emergency, source="")
    assert about_number(campaign, english, unsourced) == english.strings["not-checked"]
    paid = about_number(campaign, english, replace(campaign.emergency, numbers=(replace(number, free=None),)))
    assert paid.startswith("According to Tatoli, 2022-03-09: police, ambulance, fire brigade. ")


def test_release_as_text_and_card_show_that_sentence(campaign):
    page = replace(campaign.pages["en", "press/release-start.md"])
    texts = [block.text for block in read_text(campaign, page, read_document("{{ call }}").blocks).blocks]
    assert texts == [f"Call 112 · {about_number(campaign, campaign.source_language, campaign.emergency)}"]
