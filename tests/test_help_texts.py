"""HELP's words that could harm a reader if they were wrong: numbers abroad, time limits, quotations, corrections."""

from __future__ import annotations

import re

import pikepdf
import pytest
from conftest import REPOSITORY, mostly_long, read_help

from campaign.content.answers import answers, code_target

DOCS = REPOSITORY / "docs"
LANGUAGES = ("en", "tet", "pt", "id")
# Section of "Abroad" -> the number that it gives first.
EMERGENCY = {
    "portugal": "112",
    "britain": "999",
    "ireland": "112",
    "australia": "000",
    "new-zealand": "111",
    "korea": "112",
    "japan": "110",
    "malaysia": "999",
}
# (page, the correction, what it replaced), as a reader of Tetum asked for them.
TETUM_CORRECTIONS = [
    ("meetings/students/slides.md", "La konta istória kona-ba ema ne'ebé ita koñese", "La konta ema"),
    ("meetings/students/slides.md", "Buat Ita-nian, Ita-nian nafatin", "Ita-nian hela Ita-nian"),
    ("press.md", "Enkuantu ne'e seidauk iha organizasaun", "Seidauk iha ema ne'ebé fó sai"),
    ("meetings/camps/guide.md", "Minutu sanulu la dada atensaun hanesan oras ida", "Minutu sanulu di'ak liu oras ida"),
    ("meetings/camps/guide.md", "sira husu ema na'in 404", "404 hetan pergunta"),
    ("meetings/camps/guide.md", "Kumu liman", "Taka liman"),
    ("meetings/camps/slides.md", "Kumu liman", "Taka liman"),
    ("meetings/camps/questions.md", "na'in hitu mak vítima ba servisu forsadu", "hitu hetan servisu"),
    ("meetings/journalists/questions.md", "na'in hitu mak vítima ba servisu forsadu", "hitu hetan servisu"),
    ("meetings/camps/questions.md", "Ami labele garante", "Ami la hatene ema ne'ebé haree"),
    ("for-partners/organisations.md", "hala'o kampaña", "lori kampaña"),
    ("meetings/journalists/guide.md", "Buat importante", "la lakon buat ida ne'ebé importante"),
    ("meetings/journalists/guide.md", "Fulan ida liutiha", "Fulan ida depois"),
    ("_strings.yml", "Kampaña ezemplu. La iha organizasaun ida mak responsavel.", "Seidauk iha ema ne'ebé fó sai"),
]


def read(language: str, page: str) -> str:
    return (DOCS / language / page).read_text(encoding="utf-8")


def section(text: str, anchor: str) -> str:
    """The text below the heading with an anchor, up to the next heading."""
    return text.split(f"{{#{anchor}}}\n", 1)[1].split("\n## ", 1)[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_country_abroad_begins_with_its_emergency_number_and_a_source(language):
    text = read(language, "abroad.md")
    for anchor, number in EMERGENCY.items():
        first = next(line for line in section(text, anchor).splitlines() if "](tel:" in line)
        assert re.search(r"\[([\d ]+)\]\(tel:", first)[1] == number, anchor
        assert "[^" in first, f"{anchor}: no source"
    britain = section(text, "britain")
    assert "Dungannon" in britain
    assert "1800 666 111" not in britain


@pytest.mark.parametrize("language", LANGUAGES)
def test_card_abroad_has_one_row_for_each_country(language):
    rows = re.findall(r"^\| (.+?) \| \*\*(.+?)\*\* \| (.+?) \|$", read(language, "cards/abroad.md"), re.MULTILINE)
    assert [number for _, number, _ in rows] == ["112", "999", "999", "112", "000", "111", "112", "110", "999", "–"]
    # Northern Ireland has the line of the United Kingdom, never the Irish one.
    assert rows[2][2] == rows[1][2] == "08000 121 700"


@pytest.mark.parametrize("language", ["en", "tet"])
def test_numbers_on_the_card_abroad_are_11_points_or_larger(help_campaign, language):
    sizes = []
    with pikepdf.open(help_campaign / f"dist/national/{language}/office/abroad-{language}-card.pdf") as pdf:
        for page in pdf.pages:
            size = 0.0
            for operands, operator in pikepdf.parse_content_stream(page):
                if str(operator) == "Tf":
                    size = float(operands[1])
                elif str(operator) in ("Tj", "TJ"):
                    sizes.append(size)
    # Only the imprint is smaller: 8.5 points.
    assert min(size for size in sizes if size > 8.5) >= 11


def test_england_is_named_in_tetum_only_as_a_part_of_the_united_kingdom():
    for path in (DOCS / "tet").rglob("*.md"):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert "Inglaterra" not in line.replace("Inglaterra, Gales, Eskósia no Irlanda Norte", ""), path


@pytest.mark.parametrize("language", LANGUAGES)
def test_rule_of_one_programme_is_quoted_in_full_and_for_one_country(language):
    full = {
        "en": "You do not need to pay or give gifts to anyone to join the PALM scheme.",
        "tet": "Ita la presiza selu ka fó prezente ba ema ida atu tama iha programa PALM.",
        "pt": "Não é preciso pagar nem dar presentes a ninguém para entrar no programa PALM.",
        "id": "Anda tidak perlu membayar atau memberi hadiah kepada siapa pun untuk ikut program PALM.",
    }[language]
    for page in ("voice/pages.md", "voice/spot-30.md", "voice/more-pages.md", "before-you-go.md"):
        assert full.lower().rstrip(".") in read(language, page).replace(" /", "").lower(), page
    leaflet = section(read(language, "leaflets/before-you-go.md"), "left")
    assert "PALM" in leaflet
    if language == "en":
        assert f"“{full}”" in leaflet


@pytest.mark.parametrize("language", LANGUAGES)
def test_care_after_forced_sex_says_why_today_matters(language):
    lines = read(language, "answers/care.md").splitlines()
    limits = [line for line in lines if "[^after-rape-times]" in line]
    numbers = re.findall(r"\d+", " ".join(line.split("[^after-rape-times]")[0] for line in limits))
    assert {"72", "5", "3"} <= {*numbers}
    assert any("[^after-rape-later]" in line for line in lines)


@pytest.mark.parametrize("language", LANGUAGES)
def test_wish_to_die_leads_to_a_person_nearby_before_a_number(language):
    lead = read(language, "answers/hard-days.md").split("{.lead}\n\n", 1)[1].splitlines()[0]
    assert not re.search(r"\d{3}", lead)
    # The button for 112 follows the sentence that sends the reader to a person, and asks whether there is one.
    assert re.search(r"\. .*\? \w+\.$", lead)


@pytest.mark.parametrize("language", LANGUAGES)
def test_plain_definition_names_every_means_and_purpose(language):
    rows = [line for line in section(read(language, "what-it-is.md"), "plain-words").splitlines() if "**" in line]
    assert "[^palermo]" in rows[1], "abuse of vulnerability, payment to someone who controls the person"
    assert "[^ilo-child-labour]" in rows[2], "begging and crimes"
    assert "[^forced-marriage]" in rows[2]


def test_no_poster_can_be_read_as_a_question_to_the_person_who_keeps_the_passports():
    assert "## Ask the worker, alone. {#text}" in read("en", "posters/hotel-bar-port.md")
    for language, old in (("en", "quietly"), ("tet", "Husu neineik"), ("pt", "baixinho"), ("id", "Tanya pelan")):
        for page in ("posters/hotel-bar-port.md", "posters/the-door.md", "_messages.yml"):
            assert old not in read(language, page), page


@pytest.mark.parametrize(("page", "correction", "replaced"), TETUM_CORRECTIONS)
def test_corrections_of_tetum_are_made(page, correction, replaced):
    text = read("tet", page)
    assert correction in text
    assert replaced not in text


@pytest.mark.parametrize("language", mostly_long(LANGUAGES, "tet"))
def test_code_of_each_poster_leads_to_an_answer(language):
    campaign = read_help()
    posters = [
        page for (code, path), page in campaign.pages.items() if code == language and path.startswith("posters/")
    ]
    assert len(posters) == 9
    targets = {page.path: code_target(campaign, page) for page in posters}
    assert all(target.startswith("answers/") and (DOCS / language / target).is_file() for target in targets.values())


@pytest.mark.parametrize("language", mostly_long(LANGUAGES, "tet"))
def test_each_answer_is_on_the_list_of_needs_and_exists_in_every_language(language):
    campaign = read_help()
    names = {f"answers/{path.name}" for path in (DOCS / language / "answers").glob("*.md")}
    assert names == {page.path for page in answers(campaign)}
    assert len(names) > 30
    assert "{{ answers }}" in read(language, "numbers.md")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_sign_leads_to_an_answer(language):
    items = re.findall(r"^- :[a-z-]+: .*", read(language, "signs.md"), re.MULTILINE)
    assert len(items) > 20
    assert [item for item in items if not re.match(r"- :[a-z-]+: \*\*\[.+?\]\(answers/[a-z-]+\.md\)\*\*", item)] == []
