"""HELP, adopted in another country with every question answered: no text names the first country."""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml
from conftest import HERE, REPOSITORY, copy_campaign, leave_languages, run
from old_names import find_names

# Reserved for drama by the United Kingdom's regulator: they reach no subscriber.
URGENT = "07700 900112"
# The day of every build of the tests.
TODAY = datetime.fromtimestamp(int(os.environ["SOURCE_DATE_EPOCH"]), UTC).date()
ANSWERS = {
    "fil": "Ganito iyon sa Testland.[^test-office]",
    "en": "It is so in Testland.[^test-office]",
    "tet": "Ne'e iha Testland.[^test-office]",
    "my": "Testland မှာ ဒီလိုပါ။[^test-office]",
}
SOURCE = {"title": "Invented for a test", "publisher": "Testland", "url": "https://testland.example/"}
CONTACTS = """contacts:
  - id: emergency
    kind: emergency
    does: [{does}]
    free: true
    source: test-office
    numbers:
      - phone: "{number}"
        checked: {{on: {day}, how: official-source}}
        agreed: {{by: Testland, on: {day}}}
        again: {{phone: "{number}", by: João Maria, first: Ana José}}
"""


def answered(root: Path, does: str = "police, ambulance, fire") -> None:
    """An office answers every question with made-up facts."""
    for page in (root / "docs").glob("*/**/*.md"):
        text = page.read_text("utf-8")
        said = ANSWERS[page.relative_to(root / "docs").parts[0]]
        text = re.sub(r"^(#.*?)\{\{ ask: .*? \}\}", r"\1Testland", text, flags=re.MULTILINE)
        page.write_text(re.sub(r"\[\? [^\]]*\]", "Testland", re.sub(r"\{\{ ask: .*? \}\}", said, text)), "utf-8")
    for words in (root / "docs").glob("*/_*.yml"):
        words.write_text(re.sub(r"\[\? [^\]]*\]", "The office of Testland", words.read_text("utf-8")), "utf-8")
    sources = root / "docs/_sources.yml"
    known = yaml.load(sources.read_text("utf-8"), yaml.BaseLoader)
    sources.write_text(json.dumps(known | {"test-office": SOURCE}, ensure_ascii=False), "utf-8")
    (root / "assets/contacts/national.yml").write_text(
        CONTACTS.format(number=URGENT, does=does, day=TODAY - timedelta(days=2)), "utf-8"
    )


def test_help_adopted_with_answers_names_the_first_country_nowhere(tmp_path):
    first = copy_campaign(REPOSITORY, tmp_path / "first")
    ours = tmp_path / "ours"
    (tmp_path / "answers.yml").write_text("languages: [en, fil]\ncountry: GB\npattern: steps\n", "utf-8")
    run(first, "adopt", "../ours", "--answers", "../answers.yml")
    assert "still to be answered" in run(ours, "build", "--release", code=1)
    questions = yaml.safe_load((ours / "docs/_questions.yml").read_text("utf-8"))["questions"]
    assert len(questions) < 20
    for question in questions.values():
        is_fact = question["ask"].startswith(("What is known", "Who does", "What does", "How do", "Where"))
        question["answer"] = {"en": "It is so in Testland."} if is_fact else "Testland"
        question |= {"source": SOURCE} if is_fact else {}
    (ours / "docs/_questions.yml").write_text(json.dumps({"questions": questions}), "utf-8")
    assert "Questions: 0" in run(ours, "adopt")
    assert "Old names: 0" in run(ours, "adopt", "--status")
    (ours / "assets/contacts/national.yml").write_text(
        CONTACTS.format(number=URGENT, does="police", day=TODAY - timedelta(days=2)).replace(
            "test-office", next(id for id, question in questions.items() if "source" in question)
        ),
        "utf-8",
    )
    # English pages are left to translators.
    assert "docs/fil/index.md" in (ours / "open-questions.md").read_text("utf-8")
    run(ours, "build")
    lines = (HERE / "timorese_names.txt").read_text("utf-8").splitlines()
    names = [line for line in lines if not line.startswith("#")]
    assert len(names) >= 60
    assert find_names(["Testland"], ours / "site")
    assert not find_names(names, ours / "site", ours / "dist")


def test_small_campaign_taken_over_and_answered_is_built_for_release(tmp_path):
    """With a long number to call, which no poster refuses."""
    first, ours = copy_campaign(HERE / "campaigns/tiny", tmp_path / "first"), tmp_path / "ours"
    sources = first / "docs/_sources.yml"
    sources.write_text(sources.read_text().replace("cdc-safe-water:\n", "cdc-safe-water:\n  ask: Which law?\n"))
    leave_languages(first, ("fil",))
    settings = re.sub(r"(?m)^ *(names|first_language): .*\n", "", (first / "mkdocs.yml").read_text())
    (first / "mkdocs.yml").write_text(settings)
    release = first / "docs/fil/press/start.md"
    release.write_text(re.sub(r"(?m)^languages: .*\n", "", release.read_text()))
    run(first, "adopt", "../ours")
    settings = (ours / "mkdocs.yml").read_text()
    (ours / "mkdocs.yml").write_text(re.sub(r"site_url: \S+", "site_url: https://water.testland.org/", settings))
    assert "still to be answered" in run(ours, "build", "--release", code=1)
    answered(ours, does="rescue, ambulance")
    run(ours, "build", "--release")
    site = "".join(page.read_text("utf-8") for page in (ours / "site").rglob("*.html"))
    assert "Testland" in site
    assert "[? " not in site
    assert "Centers for Disease" not in site
    assert [*(ours / "dist").rglob("boil-the-water-fil-a3.pdf")]
