"""HELP, adopted in another country with every question answered: no text names the first country."""

from __future__ import annotations

import json
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import yaml
from conftest import HERE, REPOSITORY, SOME_LANGUAGES, copy_campaign, leave_languages, run

from campaign.content import load

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


def test_help_taken_over_and_answered_names_the_first_country_nowhere(tmp_path):
    first = copy_campaign(REPOSITORY, tmp_path / "first")
    leave_languages(first, SOME_LANGUAGES)
    ours = tmp_path / "ours"
    run(first, "adopt", "../ours")
    output = run(ours, "build", "--release", code=1)
    assert "still to be answered" in output
    answered(ours)
    assert "There are no open questions" in run(ours, "adopt", "--status")
    codes = [code for code in yaml.safe_load((ours / "docs/_upstream/about.md.json").read_text()) if code != "en"]
    campaign, problems = load(ours)
    assert not [problem for problem in problems if problem.stops], problems
    files = [str(page.where) for page in campaign.pages.values() if page.language in codes]
    run(ours, "translate", "stamp", *files, "docs/tet/_strings.yml", "docs/tet/_photos.yml", "docs/tet/_messages.yml")
    output = run(ours, "build", "--release", code=1)
    assert "still to be answered" not in output
    texts = [*(ours / "docs").glob("*/**/*.md"), *(ours / "docs").glob("*/_*.yml")]
    named = [path for path in texts if re.search(r"Timor|\[\? ", path.read_text("utf-8"))]
    # Ids of headings stay, since links lead to them.
    assert not [path for path in named if re.search(r"Timor(?!-leste\})", path.read_text("utf-8"))]


def test_small_campaign_taken_over_and_answered_is_built_for_release(tmp_path):
    """With a long number to call, which no poster refuses."""
    first, ours = copy_campaign(HERE / "campaigns/tiny", tmp_path / "first"), tmp_path / "ours"
    sources = first / "docs/_sources.yml"
    sources.write_text(sources.read_text().replace("cdc-safe-water:\n", "cdc-safe-water:\n  ask: Which law?\n"))
    leave_languages(first, ("fil",))
    settings = re.sub(r"(?m)^ *(names|first_language): .*\n", "", (first / "mkdocs.yml").read_text())
    settings = re.sub(r"site_url: .*", "site_url: https://water.testland.org/", settings)
    (first / "mkdocs.yml").write_text(settings)
    release = first / "docs/fil/press/start.md"
    release.write_text(re.sub(r"(?m)^languages: .*\n", "", release.read_text()))
    run(first, "adopt", "../ours")
    assert "still to be answered" in run(ours, "build", "--release", code=1)
    answered(ours, does="rescue, ambulance")
    run(ours, "build", "--release")
    site = "".join(page.read_text("utf-8") for page in (ours / "site").rglob("*.html"))
    assert "Testland" in site
    assert "[? " not in site
    assert "Centers for Disease" not in site
    assert [*(ours / "dist").rglob("boil-the-water-fil-a3.pdf")]
