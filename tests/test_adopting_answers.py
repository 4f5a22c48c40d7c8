"""A campaign is adopted with choices and answers: each question once, in every language that is kept."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest
import yaml
from conftest import HERE, copy_campaign, run

from campaign.content import load
from campaign.content.questions import read_answers
from campaign.content.translating import read_file

LAW = "Which law?"
COUNTRY_FILE = """
cooking:
  names: [kaldero]
  ask: "Which pot do people use?"
  in_place: yes
village:
  becomes: {fil: {gasolina: krudo}, ar: {الغاز: الوقود}}
khmer:
  language: km
  becomes: {fil: {lason: kemikal}}
"""
ANSWERS = """
languages: [fil, ar]
new_languages: {sw: Kiswahili}
first: ar
readers: open
pattern: dots
questions:
  which-law:
    answer: {fil: "Batas 1 {x} | [^y] *z*", ar: "القانون 1"}
    source: {title: "Batas 1: \\"tubig\\"", publisher: "Testland", url: "https://testland.example/"}
  which-pot-do-people-use: {answer: {fil: palayok}}
  what-is-your-country-called: {answer: "no"}
  in-which-town-are-press-releases-written: {answer: "Testville: #1"}
  no-such-question: {answer: x}
"""


@pytest.fixture(scope="module")
def first(tmp_path_factory):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path_factory.mktemp("answered") / "first")
    sources = root / "docs/_sources.yml"
    sources.write_text(sources.read_text().replace("cdc-safe-water:\n", f'cdc-safe-water:\n  ask: "{LAW}"\n'))
    settings = root / "mkdocs.yml"
    text = settings.read_text("utf-8").replace("      version:", "      country_words: [Ilog]\n      version:")
    settings.write_text(text, "utf-8")
    (root / "docs/_country.yml").write_text(COUNTRY_FILE, "utf-8")
    (root.parent / "answers.yml").write_text(ANSWERS, "utf-8")
    return root


@pytest.fixture(scope="module")
def adopted(first):
    output = run(first, "adopt", "../ours", "--answers", "../answers.yml")
    return first.parent / "ours", output


def test_choices_are_in_the_copy(adopted):
    root, output = adopted
    campaign, problems = load(root)
    assert not [problem for problem in problems if problem.stops]
    assert list(campaign.languages) == ["fil", "ar", "sw"]
    assert (campaign.first_language.code, campaign.readers, campaign.identity.pattern) == ("ar", "open", "dots")
    assert not (root / "docs/km").exists()
    assert "km" not in yaml.safe_load((root / "docs/_sources.yml").read_text("utf-8"))
    assert "No question has the id `no-such-question`" in output


def test_answer_is_in_every_language_with_its_source_and_others_are_left_to_translators(adopted):
    root, _ = adopted
    page = (root / "docs/fil/boil.md").read_text("utf-8")
    assert page.count(r"Batas 1 (x) \| \[\^y\] \*z\*[^which-law]") == 4
    assert "![Isang palayok sa" in page
    assert "krudo, langis at" not in page  # its sentence was a fact, and asked for
    assert (root / "docs/ar/boil.md").read_text("utf-8").count("القانون 1[^which-law]") == 4
    sources = yaml.safe_load((root / "docs/_sources.yml").read_text("utf-8"))
    assert sources["which-law"]["title"] == 'Batas 1: "tubig"'
    campaign, _ = load(root)
    # This page has an answer in Arabic to every question.
    assert not campaign.pages["ar", "leaflets/boil-the-water.md"].translation.is_outdated
    release = (root / "docs/fil/press/start.md").read_text("utf-8")
    assert yaml.safe_load(release.split("---")[1])["dateline"] == "Testville: #1"
    assert "Sinimulan ngayon" not in release
    assert not re.search(r"(?i)ilog", "".join(path.read_text("utf-8") for path in (root / "docs/fil").rglob("*.md")))


def test_open_list_is_renewed_and_answers_are_taken_from_the_file_of_questions(adopted):
    root, _ = adopted
    page = (root / "open-questions.md").read_text("utf-8")
    assert "**Who issues this campaign?**" in page
    assert "- Contacts and places: 2" in page
    assert "assets/posters/boil-the-water/art.svg" in page
    questions = root / "docs/_questions.yml"
    text = questions.read_text("utf-8")
    issuer = re.search(r'(who-issues-this-campaign:\n.*\n    answer: )""', text)
    questions.write_text(text.replace(issuer[0], f"{issuer[1]}{{fil: Tanggapan}}"), "utf-8")
    assert "Questions: " in run(root, "adopt")
    campaign, _ = load(root)
    assert {campaign.languages[code].strings["imprint"] for code in ("fil", "ar")} == {"Tanggapan"}
    # There is no answer in Arabic.
    changed = [row.unit.kind for row in read_file(campaign, "ar", "_strings.yml").rows if row.state == "changed"]
    assert changed == ["imprint", "imprint-short"]
    assert "Who issues" not in (root / "open-questions.md").read_text("utf-8")
    # Nothing is written twice.
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    run(root, "adopt")
    assert {path: path.read_bytes() for path in before} == before
    assert json.loads((root / "docs/_upstream/_taken.json").read_text("utf-8"))["names"]


def test_only_what_changes_later_upstream_is_a_change(adopted, first):
    assert "Nothing changed there." in run(adopted[0], "adopt", "--from", str(first))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("languages: [xx]", "`xx` isn't a valid value of `languages`"),
        ("pattern: ../../etc/passwd", "isn't a valid value of `pattern`"),
        ("source: km\nlanguages: [fil]", "`km` isn't a valid value of `source`"),
        ("country: Testland", "`TESTLAND` isn't a valid value of `country`"),
        (f"questions: {{which-law: {{answer: {'x' * 10_000}}}}}", "longer than 2000 characters"),
        ('questions: {which-law: {answer: "a\\u202Eb"}}', "invisible character (U+202E)"),
        ("questions: {which-law: {answer: [a, b]}}", "An answer is a text"),
        ("questions: {which-law: {anser: a}}", "anser"),
        ("questions: [", "problem"),
    ],
)
def test_wrong_answers_are_named_and_nothing_is_made(first, tmp_path, text, wanted):
    (tmp_path / "answers.yml").write_text(text, "utf-8")
    output = run(first, "adopt", str(tmp_path / "ours"), "--answers", str(tmp_path / "answers.yml"), code=1)
    assert wanted in " ".join(output.split())
    assert not (tmp_path / "ours").exists()


@pytest.mark.parametrize("text", ["a: b", "a: {names: {b: c}}", "a: {becomes: {fil: [b]}}", "a: {nams: [b]}", "a: ["])
def test_wrong_words_of_a_country_are_named(first, tmp_path, text):
    root = copy_campaign(first, tmp_path / "first")
    (root / "docs/_country.yml").write_text(text, "utf-8")
    assert "docs/_country.yml:1" in run(root, "adopt", str(tmp_path / "ours"), code=1)
    assert not (tmp_path / "ours").exists()


def test_another_source_language_is_chosen(first, tmp_path):
    (tmp_path / "answers.yml").write_text("languages: [ar, fil]\nsource: ar\n", "utf-8")
    run(first, "adopt", str(tmp_path / "ours"), "--answers", str(tmp_path / "answers.yml"))
    campaign, problems = load(tmp_path / "ours")
    assert not [problem for problem in problems if problem.stops]
    assert campaign.source_language.code == "ar"
    page = campaign.pages["ar", "leaflets/boil-the-water.md"]
    assert page.translation is None
    assert page.formats
    assert campaign.pages["fil", "boil.md"].translation


TYPED = "xx\nfil, ar\n\nfr=Français\nar\n\nopen\ndots\nTanggapan\n\nBatas 1.\nBatas\n\n\n"


@pytest.mark.long
@pytest.mark.usefixtures("unix")
def test_in_a_terminal_choices_and_questions_are_asked_in_turn(first, tmp_path):
    controller, terminal = os.openpty()
    os.write(controller, f"{TYPED}{chr(10) * 9}".encode())
    command = [sys.executable, "-m", "campaign", "adopt", str(tmp_path / "ours")]
    done = subprocess.run(command, cwd=first, stdin=terminal, capture_output=True, timeout=120)
    os.close(controller)
    os.close(terminal)
    output = done.stdout.decode()
    assert done.returncode == 0, output + done.stderr.decode()
    assert "Not known: xx" in output
    campaign, _ = load(tmp_path / "ours")
    assert list(campaign.languages) == ["fil", "ar", "fr"]
    assert (campaign.first_language.code, campaign.readers, campaign.identity.pattern) == ("ar", "open", "dots")
    assert campaign.languages["fil"].strings["imprint"] == "Tanggapan"
    questions = {question.ask: question for question in read_answers(tmp_path / "ours/docs/_questions.yml")[1]}
    assert questions[LAW].answer == {"fil": "Batas 1."}
    assert questions[LAW].source.title == "Batas"
