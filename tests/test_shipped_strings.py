"""Interface strings that ship with the program."""

from __future__ import annotations

import re
import shutil
import unicodedata

import pytest
from conftest import HERE, REPOSITORY, copy_campaign, run

from campaign.content import load
from campaign.content.languages import FOLDER, OWN_STRINGS, shipped_strings, usable_strings
from campaign.schema.interface_words import needed_strings

FILES = [
    *FOLDER.glob("*.yml"),
    *(path for folder in ("docs", "scripts", "tests") for path in (REPOSITORY / folder).rglob("docs/*/_strings.yml")),
    *(REPOSITORY / "docs").glob("*/_strings.yml"),
]
CODES = sorted(path.stem for path in FOLDER.glob("*.yml"))
SCRIPTS = {
    **dict.fromkeys(("ar", "fa", "ur", "ps", "ckb"), "ARABIC"),
    **{"am": "ETHIOPIC", "bn": "BENGALI", "km": "KHMER", "lo": "LAO", "my": "MYANMAR", "ru": "CYRILLIC"},
    **{"hi": "DEVANAGARI", "ne": "DEVANAGARI", "si": "SINHALA", "ta": "TAMIL", "th": "THAI"},
    **{"uk": "CYRILLIC", "zh": "CJK"},
}  # fmt: skip
# Strings that a reader of the public pages meets, of at least this length in English.
LONG_LETTERS = 25


def test_at_least_thirty_languages_ship():
    assert len(CODES) + 1 >= 30
    assert {
        *[
            "ar",
            "fr",
            "es",
            "sw",
            "am",
            "so",
            "ha",
            "ur",
            "hi",
            "bn",
            "ne",
            "si",
            "ta",
            "km",
            "lo",
            "fa",
            "ps",
            "ckb",
            "tr",
            "uk",
            "ru",
            "ht",
            "mg",
        ]
    } <= {*CODES}


@pytest.mark.parametrize("code", CODES)
def test_shipped_strings_are_whole_and_sound(code):
    needed, strings = needed_strings(), shipped_strings(code)
    assert set(strings) <= set(needed) - OWN_STRINGS
    assert len(strings) >= 0.8 * (len(needed) - len(OWN_STRINGS))
    braces = re.compile(r"\{\w+\}")
    assert {key for key, text in strings.items() if {*braces.findall(text)} != {*braces.findall(needed[key])}} == set()
    assert [key for key, text in strings.items() if text == needed[key] and len(text) > LONG_LETTERS] == []
    assert [
        key for key, text in strings.items() if "\ufffd" in text or text != unicodedata.normalize("NFC", text)
    ] == []


@pytest.mark.parametrize("file", FILES, ids=lambda path: path.relative_to(REPOSITORY).as_posix())
def test_button_is_called_by_its_name_where_another_string_quotes_it(file):
    lines = dict(re.findall(r'^([a-z-]+): "(.*)"$', file.read_text(encoding="utf-8"), re.MULTILINE))
    quoted = {"about-leaving": "leave", "save-kept": "forget"}
    assert {text for text, button in quoted.items() if text in lines and lines[button] not in lines[text]} == set()


@pytest.mark.parametrize("code", SCRIPTS)
def test_longer_strings_are_in_the_letters_of_the_language(code):
    needed = needed_strings()
    strange = [
        key
        for key, text in shipped_strings(code).items()
        if len(needed[key]) > LONG_LETTERS
        and not any(unicodedata.name(letter, "").startswith(SCRIPTS[code]) for letter in text)
    ]
    assert strange == []


def test_code_with_a_region_has_the_strings_of_its_language_and_another_script_does_not():
    assert shipped_strings("pt-BR") == shipped_strings("pt")
    assert shipped_strings("zh-Hant") == {}
    assert shipped_strings("xx") == {}


def test_string_that_a_campaign_words_differently_is_not_used():
    needed = needed_strings()
    usable = usable_strings("ta", "en", {**needed, "kind-shelter": "Evacuation centre"})
    assert "kind-shelter" not in usable
    assert usable["leave"] == shipped_strings("ta")["leave"]


@pytest.fixture
def new_campaign(tmp_path):
    """A new campaign in English alone."""
    run(tmp_path, "new", "flood")
    root = tmp_path / "flood"
    settings = root / "mkdocs.yml"
    settings.write_text(re.sub(r".*locale: pt.*\n", "", settings.read_text("utf-8")), "utf-8")
    for path in sorted((root / "docs/pt").rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    (root / "docs/pt").rmdir()
    return root


def start_tamil(root) -> None:
    run(root, "translate", "start", "ta", "--name", "தமிழ்")


def translate_page(root, name: str) -> None:
    """A page in Tamil, short."""
    front = "---\ntitle: உதவி பெறுங்கள்\ndescription: யாரை அழைப்பது\n"
    origin = "translation: {source: '', by: machine, reviewed: no}\n---\n"
    (root / "docs/ta" / name).write_text(front + origin + "\nஉங்களுக்கு உதவி தேவையா? அழையுங்கள்.\n", "utf-8")
    run(root, "translate", "stamp", f"docs/ta/{name}")


def test_language_without_a_page_is_left_out_with_the_next_step(new_campaign):
    start_tamil(new_campaign)
    notes = [problem for problem in load(new_campaign)[1] if problem.where.startswith("docs/ta")]
    (begun,) = (problem for problem in notes if problem.id == "words-begun")
    assert not begun.stops
    assert "No page of the language `ta`" in begun.message
    assert "translate send ta --core" in begun.fix
    run(new_campaign, "translate", "send", "ta", "--to", "po", "--core")


def test_language_with_one_page_has_its_words_at_once_and_says_that_a_machine_made_them(new_campaign):
    start_tamil(new_campaign)
    translate_page(new_campaign, "get-help.md")
    campaign, problems = load(new_campaign)
    assert [problem for problem in problems if problem.stops] == []
    tamil = campaign.languages["ta"]
    assert (tamil.has_words, tamil.strings["leave"]) == (True, shipped_strings("ta")["leave"])
    assert tamil.strings["tagline"] == campaign.source_language.strings["tagline"]
    assert campaign.word_origins["ta"].is_by_machine
    (fallback,) = (problem for problem in problems if problem.id == "words-fallback")
    assert "imprint, imprint-short, tagline." in fallback.message


def test_line_of_the_campaign_comes_before_the_shipped_one(new_campaign):
    start_tamil(new_campaign)
    translate_page(new_campaign, "get-help.md")
    file = new_campaign / "docs/ta/_strings.yml"
    file.write_text(file.read_text("utf-8") + 'leave: "போ"\n', "utf-8")
    strings = load(new_campaign)[0].languages["ta"].strings
    assert (strings["leave"], strings["menu"]) == ("போ", shipped_strings("ta")["menu"])


def test_source_that_lacks_new_strings_is_built_with_those_of_the_program(tmp_path):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "campaign")
    file = root / "docs/fil/_strings.yml"
    file.write_text(re.sub(r"^(?:listen-button|search):.*\n", "", file.read_text("utf-8"), flags=re.MULTILINE), "utf-8")
    campaign, problems = load(root)
    assert "words-missing" not in {problem.id for problem in problems}
    assert campaign.languages["fil"].strings["search"] == shipped_strings("fil")["search"]


def test_language_that_ships_no_strings_needs_a_file(new_campaign):
    settings = new_campaign / "mkdocs.yml"
    line = re.compile("( *- ){locale: en,.*\n")
    settings.write_text(line.sub(r"\g<0>\1{locale: tpi, name: Tok Pisin}\n", settings.read_text("utf-8")), "utf-8")
    (new_campaign / "docs/tpi").mkdir()
    (missing,) = (problem for problem in load(new_campaign)[1] if problem.id == "words-missing")
    assert missing.where == "docs/tpi/_strings.yml"
    assert missing.stops


@pytest.fixture
def amharic(tmp_path):
    """A new campaign whose source language is Amharic, with its own words only."""
    run(tmp_path, "new", "campaign", "--readers", "open")
    root = tmp_path / "campaign"
    for name in ("pt", "_stamped"):
        shutil.rmtree(root / "docs" / name)
    (root / "docs/en").rename(root / "docs/am")
    settings = root / "mkdocs.yml"
    text = re.sub(r" *- \{locale: pt.*\n", "", settings.read_text("utf-8"))
    text = text.replace("{locale: en, name: English,", "{locale: am, name: አማርኛ,")
    settings.write_text(text.replace("first_language: en", "first_language: am"), "utf-8")
    for place in ("north", "south"):
        file = root / f"assets/contacts/{place}.yml"
        file.write_text(re.sub(r"\ben:", "am:", file.read_text("utf-8")), "utf-8")
    own = [*OWN_STRINGS, "audience-public", "audience-teachers", "answers-daily"]
    lines = "".join(f'{key}: "ቃል"\n' for key in own)
    (root / "docs/am/_strings.yml").write_text(lines, "utf-8")
    return root


def test_source_language_needs_only_the_words_of_the_campaign_itself(amharic):
    campaign, problems = load(amharic)
    assert [str(problem) for problem in problems if problem.stops] == []
    strings = campaign.source_language.strings
    assert strings["leave"] == shipped_strings("am")["leave"]
    # The campaign has no own line for a kind of contact.
    assert strings["kind-emergency"] == shipped_strings("am")["kind-emergency"]


def test_code_that_a_source_language_writes_ends_the_shipped_ones_of_its_group(amharic):
    file = amharic / "docs/am/_strings.yml"
    file.write_text(f'{file.read_text("utf-8")}kind-well: "ጉድጓድ"\n', "utf-8")
    campaign, problems = load(amharic)
    assert "kind-emergency" not in campaign.source_language.strings
    assert any("`emergency` isn't a valid value of `kind`" in problem.message for problem in problems)


def test_language_of_which_nothing_ships_may_have_every_word(amharic):
    settings = amharic / "mkdocs.yml"
    line = "- {locale: am"
    settings.write_text(
        settings.read_text("utf-8").replace(line, f"- {{locale: om, name: Oromoo}}\n        {line}"), "utf-8"
    )
    (amharic / "docs/om").mkdir()
    words = "".join(f'{key}: "{text}"\n' for key, text in needed_strings().items() if '"' not in text)
    (amharic / "docs/om/_strings.yml").write_text(
        f"translation: {{source: '', by: machine, reviewed: no}}\n{words}", "utf-8"
    )
    campaign, problems = load(amharic)
    assert [str(problem) for problem in problems if problem.id == "words-not-in-source"] == []
    assert campaign.languages["om"].strings["leave"] == "Leave"
