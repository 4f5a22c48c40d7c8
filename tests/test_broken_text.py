"""Broken text is reported wherever it is published; the texts of real campaigns are sound."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest
from conftest import copy_campaign, read_help
from ftfy.badness import MOJIBAKE_CATEGORIES, is_bad
from hypothesis import given, settings, strategies

from campaign.checks.broken_text import SUSPICIOUS, broken_lines, mistakes
from campaign.checks.release import check_release
from campaign.content.links import is_private, private_links
from campaign.pipeline.reading import read

REPOSITORY = Path(__file__).parent.parent
TODAY = date(2026, 11, 26)
TINY = REPOSITORY / "tests/campaigns/tiny"
RULES = {
    *("merge-conflict", "text-damaged", "letters-mixed", "program-leftover", "link-reversed", "link-private"),
    *("date-impossible", "date-weekday", "table-empty"),
}


@pytest.fixture
def root(tmp_path):
    return shutil.copytree(TINY, tmp_path / "tiny")


@pytest.fixture(scope="module")
def languages():
    return read_help().languages


def reported(root, rules=RULES):
    return {(item.where.partition(":")[0], item.id) for item in read(root)[1] if item.id in rules}


def write_page(root, text, name="docs/fil/boil.md"):
    path = root / name
    path.write_text(f"{path.read_text('utf-8')}\n\n{text}\n", encoding="utf-8")


@pytest.mark.parametrize(
    ("code", "line", "rule"),
    [
        ("pt", "A informaÃ§Ã£o Ã© falsa.", "text-damaged"),
        ("en", "Itâ€™s free.", "text-damaged"),
        ("en", "ÐŸÑ€Ð¸Ð²ÐµÑ‚", "text-damaged"),
        ("en", "A na\ufffdve reader.", "text-damaged"),
        ("en", "Keep your p\u0430ssport.", "letters-mixed"),  # Cyrillic а
        ("en", "Keep your passp\u03bfrt.", "letters-mixed"),  # Greek ο
        ("en", "<<<<<<< HEAD", "merge-conflict"),
        ("en", ">>>>>>> 5c7a9f7d (Mend)", "merge-conflict"),
        ("en", "See Error! Reference source not found. for more.", "program-leftover"),
        ("pt", "Veja Erro! Fonte de referência não encontrada.", "program-leftover"),
        ("en", "Fehler! Verweisquelle konnte nicht gefunden werden.", "program-leftover"),
        ("en", "¡Error! No se encuentra el origen de la referencia.", "program-leftover"),
        ("zh", "错误!未找到引用源。", "program-leftover"),
        ("id", "Kesalahan! Sumber referensi tidak ditemukan.", "program-leftover"),
        ("en", "Total: #REF!", "program-leftover"),
        ("en", "As an AI language model, I cannot check this.", "program-leftover"),
        ("en", "Certainly! Here is the translation:", "program-leftover"),
        ("pt", "Como um modelo de linguagem, não posso.", "program-leftover"),
        ("pt", "Como modelo de linguagem de IA, não posso.", "program-leftover"),
        ("id", "Berikut adalah terjemahannya:", "program-leftover"),
        ("en", "Read it.:contentReference[oaicite:2]{index=2}", "program-leftover"),
        ("en", "(Get help)[get-help.md]", "link-reversed"),
        ("en", "(Read)[https://water.example/a]", "link-reversed"),
        ("en", "[a](http://localhost:8000/x)", "link-private"),
        ("en", "[a](http://192.168.1.20/plan.pdf)", "link-private"),
        ("en", "[a](http://nas.local/x) b", "link-private"),
        ("en", "[a](https://office.sharepoint.com/:w:/r/x)", "link-private"),
        ("en", "https://docs.google.com/document/d/1AbC/edit?usp=sharing", "link-private"),
        ("en", "It is in C:\\Users\\Ana\\plan.docx", "link-private"),
        ("en", "file:///home/ana/plan.pdf", "link-private"),
        ("en", "Come on 31 February.", "date-impossible"),
        ("en", "Come on the 31st of February.", "date-impossible"),
        ("en", "Come on February 30th, 2026.", "date-impossible"),
        ("en", "Come on Monday, 25th November 2026.", "date-weekday"),
        ("en", "Come on February 30, 2026.", "date-impossible"),
        ("pt", "Dia 31 de abril de 2026.", "date-impossible"),
        ("tet", "Iha loron 31 Juñu 2026.", "date-impossible"),
        ("id", "Tanggal 31 September 2026.", "date-impossible"),
        ("en", "On 2026-02-29.", "date-impossible"),
        ("en", "On 31/11/2026.", "date-impossible"),
        ("en", "Monday, 25 November 2026", "date-weekday"),
        ("pt", "segunda-feira, 25 de novembro de 2026", "date-weekday"),
        ("id", "Senin, 25 November 2026", "date-weekday"),
        ("en", "We meet on 03/04/2027.", "date-ambiguous"),
        ("en", "Join us on 3 May 2025.", "event-over"),
        ("pt", "Participe no dia 3 de maio de 2026.", "event-over"),
    ],
)
def test_broken_line_is_reported(languages, code, line, rule):
    text = f"A sound line.\n\n{line}\nAnd another."
    assert [(at, found.rule) for at, found in broken_lines(text, languages[code], TODAY)] == [(3, rule)]


@pytest.mark.parametrize(
    ("code", "line"),
    [
        ("en", "Wednesday, 25 November 2026, 29 February 2028, 31/12/2026, 2026-11-25"),
        ("pt", "SÃO PAULO, É É, ÀS 8H; quarta-feira, 25 de novembro de 2026"),
        ("zh", "维生素C片、卡拉OK、T恤衫 25 日"),
        ("en", "A 5 kΩ resistor, 3 μg, and the α-helix; Ελληνικά and Русский are languages."),
        ("th", "ใช้WhatsAppได้"),
        ("en", "An error! Reference books help. Sure! Come here. Let me know (soon) [1]. Here is the list."),
        ("en", "Look (page 4)[^source] at https://docs.google.com/forms/d/e/1AbC/viewform and https://8.8.8.8/x"),
        ("en", "The ratio is 3:1\\2; he may 31 times; Article 31 March"),
        ("en", "======="),
    ],
)
def test_sound_line_is_not_reported(languages, code, line):
    assert list(broken_lines(line, languages[code], TODAY)) == []


@pytest.mark.parametrize("mistake", mistakes(), ids=lambda mistake: mistake.found[:30])
def test_each_slip_is_found_and_what_looks_like_it_is_not(languages, mistake):
    assert mistake.rule in {found.rule for _, found in broken_lines(mistake.found, languages["en"], TODAY)}
    assert mistake.rule not in {found.rule for _, found in broken_lines(mistake.sound, languages["en"], TODAY)}


@pytest.mark.parametrize("mistake", mistakes(), ids=lambda mistake: mistake.found[:30])
@given(data=strategies.data())
@settings(max_examples=20, deadline=None, derandomize=True)
def test_every_match_of_a_slip_has_one_of_its_signs(mistake, data):
    match = data.draw(strategies.from_regex(mistake.pattern).filter(mistake.pattern.search))
    found = mistake.pattern.search(match)[0]
    assert any(sign in found.casefold() or sign in found for sign in mistake.signs)


TIRED = """Call 2O2 555 Ol43 today.

Call ٠٧٧٠٠ ٩٠٠١٥٥ today.

Call 07700\u200b900155 today.

Write to anna@@example.org now.

Wash&nbsp;your hands

Is this right? Comment [MS1] Yes.

Click here to enter text

Join us: https://chat.whatsapp.com/AbCdEfGhIjKlMnOpQrStUv

Talk: https://us02web.zoom.us/j/81234567890?pwd=QWxhZGRpbjpvcGVu

Maria Lopez, born 03.05.1991, passport AB1234567, is missing.

On 03/04/2027 there is a meeting.

1986. was a hard year.

(get-help.md)[Get help]

[Get help](get-help.md
"""


def test_each_line_that_a_tired_person_typed_is_noted_and_private_ones_stop_a_release(root):
    write_page(root, TIRED)
    first = (root / "docs/fil/boil.md").read_text("utf-8").splitlines().index("Call 2O2 555 Ol43 today.") + 1
    noted = {int(item.where.split(":")[1]) for item in read(root)[1] if item.where.startswith("docs/fil/boil.md:")}
    assert noted >= {*range(first, first + 27, 2)}
    stopping = {item.id for item in check_release(read(root)[0]) if item.where.startswith("docs/fil/boil.md:")}
    assert stopping >= {"link-private-release", "data-private-release"}


def test_text_with_letters_of_damage_is_suspicious():
    ranges = re.compile(f"[{''.join(MOJIBAKE_CATEGORIES.values())}]")
    letters = [*filter(ranges.match, map(chr, range(0x80, 0x2800))), *"aZ ."]
    pairs = [f"a {one}{other}b" for one in letters for other in letters]
    assert [text for text in pairs if is_bad(text) and not SUSPICIOUS.search(text)] == []
    assert not SUSPICIOUS.search("A “nação” não é só a população, à noite – às 9.")


@pytest.mark.parametrize(
    "address",
    [
        "http://[::1]/",
        "http://0x7f000001x/",
        "http://10.0.0.1",
        "http://172.20.1.1",
        "http://intranet/a",
        "http://2130706433/",
        "HTTP://LOCALHOST/",
        "http://localhost./",
        "https://www.dropbox.com/home/x",
    ],
)
def test_address_of_an_office_is_private(address):
    assert is_private(address)
    assert list(private_links(f"See {address} for more.")) == [address]


def test_every_text_that_is_published_is_looked_at(root):
    broken = "informaÃ§Ã£o"
    for name, old in (
        ("docs/ar/_strings.yml", 'tagline: "'),
        ("docs/fil/_photos.yml", 'caption: "'),
        ("docs/_sources.yml", 'publisher: "'),
        ("assets/contacts/hill.yml", "name: "),
        ("docs/fil/press/start.md", 'headline: "'),
        ("docs/ar/boil.md", "description: "),
        ("mkdocs.yml", "site_description: "),
    ):
        path = root / name
        text = path.read_text("utf-8")
        assert old in text, name
        path.write_text(text.replace(old, f"{old}{broken} ", 1), encoding="utf-8")
    (root / "docs/_glossary.yml").write_text(f"water:\n  fil: [{broken}]\n", encoding="utf-8")
    files = {name for name, rule in reported(root) if rule == "text-damaged"}
    assert files == {
        *("docs/ar/_strings.yml", "docs/fil/_photos.yml", "docs/_sources.yml", "assets/contacts/hill.yml"),
        *("docs/fil/press/start.md", "docs/ar/boil.md", "mkdocs.yml", "docs/_glossary.yml"),
    }


def test_merge_conflict_stops_and_is_no_second_title(root):
    write_page(root, "<<<<<<< HEAD\nIsa\n=======\nDalawa\n>>>>>>> b")
    results = [item for item in read(root)[1] if item.where.startswith("docs/fil/boil.md")]
    assert "merge-conflict" in {item.id for item in results if not item.is_note}
    assert "heading-title" not in {item.id for item in results}


def test_table_without_rows_is_reported(root):
    write_page(root, "| a | b |\n|---|---|")
    assert reported(root) == {("docs/fil/boil.md", "table-empty")}


def test_front_matter_without_an_end_is_called_so(root):
    (root / "docs/fil/new.md").write_text("---\ntitle: Bago\nfor: [public]\n\nTubig.\n", encoding="utf-8")
    results = [item.message for item in read(root)[1] if item.where == "docs/fil/new.md:1"]
    assert results == ["The front matter that begins here has no end."]


@pytest.mark.parametrize("raw", ["tbd", "t.b.d.", "xx/xx", "xx.xx.xxxx", "lorem ipsum", "[insert name]", "dd/mm/yyyy"])
def test_placeholder_is_reported_in_a_page_and_in_a_caption(root, raw):
    write_page(root, f"Sa {raw} ito.")
    path = root / "docs/fil/_photos.yml"
    path.write_text(path.read_text("utf-8").replace('caption: "', f'caption: "{raw} ', 1), encoding="utf-8")
    assert {name for name, _ in reported(root, {"placeholder-left"})} == {"docs/fil/boil.md", "docs/fil/_photos.yml"}


@pytest.mark.parametrize("raw", ["{no code}", "a {b} c", "{ }", "{x = 3}"])
def test_braces_in_running_text_are_words(root, raw):
    write_page(root, f"Isulat {raw} dito.")
    assert [item for item in read(root)[1] if item.where.startswith("docs/fil/boil.md:")] == []


@pytest.mark.parametrize(
    "raw", ["[a](boil.md){.button}", "## Title {: #x}", "Text {#id}", "![](a.png){width=50%}", "{% include x %}"]
)
def test_attributes_of_other_systems_are_still_named(root, raw):
    write_page(root, raw)
    assert any(not item.is_note for item in read(root)[1])


REAL = (REPOSITORY, TINY, REPOSITORY / "tests/campaigns/full", REPOSITORY / "scripts/campaign/skeleton")


@pytest.mark.long
@pytest.mark.parametrize("folder", REAL, ids=lambda path: path.name)
def test_texts_of_real_campaigns_are_sound(tmp_path, folder):
    """In a copy: a `.build/` in the skeleton would be part of the program."""
    assert reported(copy_campaign(folder, tmp_path / "copy")) == set()


def test_words_of_a_contact_that_stand_in_another_language_are_reported(root):
    path = root / "assets/contacts/hill.yml"
    text = path.read_text("utf-8").replace("    does: [care]\n", "    service: {fil: Gamutan}\n", 1)
    path.write_text(text, encoding="utf-8")
    results = [item.message for item in read(root)[1] if item.id == "contact-words-missing"]
    assert results == ["`service` of `hill-clinic` has no words in ar, km: it is in another language."]
    path.write_text(text.replace("{fil: Gamutan}", "{fil: Gamutan, ar: علاج, km: ព្យាបាល}"), encoding="utf-8")
    assert reported(root, {"contact-words-missing"}) == set()


@pytest.mark.long
@pytest.mark.parametrize("folder", REAL[:3], ids=lambda path: path.name)
def test_every_contact_of_real_campaigns_has_words_in_each_language(tmp_path, folder):
    assert reported(copy_campaign(folder, tmp_path / "copy"), {"contact-words-missing"}) == set()
