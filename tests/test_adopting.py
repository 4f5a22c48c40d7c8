"""Another country takes a campaign over: what holds in the first one alone becomes a question."""

from __future__ import annotations

import json
import os
import re

import pytest
import yaml
from conftest import HERE, copy_campaign, run_here

from campaign.checks.release import check_release
from campaign.content import load
from campaign.content.adopting import HELPER, with_holes
from campaign.document.reader import read_document
from campaign.models.nodes import Strong, walk, words

LAW, TOLD = "Which law?", "Who says so?"
QUESTIONS = {"law": LAW, "report": TOLD}
FRONT = "---\ntitle: Law[^law]\n---\n\n"


@pytest.mark.parametrize(
    ("typed", "wanted"),
    [
        ("All know it.[^world] It is a crime.[^law] Ask.", "All know it.[^world] {{ ask: Which law? }} Ask."),
        ("- :book: **Law.** It is so.[^law]\n- Two.\n", "- :book: **Law.** {{ ask: Which law? }}\n- Two.\n"),
        ("It is.[^law] And this.[^law] [^report] End.", "{{ ask: Which law? }} End."),
        ("It is.[^report] And this.[^world][^law]", "{{ ask: Who says so? }} {{ ask: Which law? }}"),
        ("It is **so.[^law] Or not**, they say.", "{{ ask: Which law? }}"),
        ("- :book: **Water Trust.** It helps.[^law]\n", "- :book: {{ ask: Which law? }}\n"),
        ("| a | b |\n|---|---|\n| It is.[^law] | 2 |\n", "| a | b |\n|---|---|\n| {{ ask: Which law? }} | 2 |\n"),
        ("Ask the Water Trust.", f"{{{{ ask: {HELPER} }}}}"),
        ("Water Trusts help. `[^law]`\n\n```\nx[^law]\n```\n", ""),
    ],
)
def test_what_rests_on_a_source_of_one_country_becomes_its_question(typed, wanted):
    made, taken = with_holes(f"{FRONT}{typed}".encode(), QUESTIONS, re.compile(r"\bWater Trust\b"))
    assert made.decode() == FRONT + (wanted or typed)
    assert bool(taken) == bool(wanted)
    said = read_document(wanted)
    assert not said.faults
    # Readers see the question.
    shown = [words(node.children) for node in walk(said.blocks) if isinstance(node, Strong)]
    assert (f"[? {LAW}]" in shown) == (LAW in wanted)


@pytest.fixture(scope="module")
def adopted(tmp_path_factory):
    above = tmp_path_factory.mktemp("adopted")
    root = copy_campaign(HERE / "campaigns/tiny", above / "first")
    sources = root / "docs/_sources.yml"
    sources.write_text(sources.read_text().replace("cdc-safe-water:\n", f'cdc-safe-water:\n  ask: "{LAW}"\n'))
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    said = run_here(root, "adopt", os.path.relpath(above / "ours 100% #1"))
    assert {path: path.read_bytes() for path in before} == before
    return above / "ours 100% #1", said


def test_contacts_places_and_issuer_are_asked_for_and_translations_follow(adopted):
    root, said = adopted
    assert re.search(r"\d\d texts wait for an answer; \d contacts and 3 places were left out", said)
    contacts = {path.name: yaml.safe_load(path.read_text()) for path in (root / "assets/contacts").iterdir()}
    assert contacts == {"national.yml": {"contacts": []}}
    assert "places: []" in (root / "mkdocs.yml").read_text()
    campaign, problems = load(root)
    assert not [problem for problem in problems if problem.stops]
    assert all(language.strings["imprint"].startswith("[? ") for language in campaign.languages.values())
    assert not [page for page in campaign.pages.values() if page.translation and page.translation.is_outdated]
    # Whoever answers can read what stood there.
    replaced = json.loads((root / "docs/_adopted.json").read_text())
    assert all(asked in (LAW, HELPER) and said for rows in replaced.values() for asked, said in rows)


def test_holes_are_listed_named_by_check_and_stop_a_release(adopted):
    root, _ = adopted
    listed = run_here(root, "adopt", "--status")
    assert re.search(rf"docs/fil/leaflets/boil-the-water.md:\d+  {re.escape(LAW)}", listed)
    campaign, _ = load(root)
    stopping = [problem for problem in check_release(campaign) if problem.id == "hole-open-release"]
    assert any(problem.stops and "docs/ar/_strings.yml" in problem.where for problem in stopping)
    page = root / "docs/fil/leaflets/boil-the-water.md"
    page.write_text(re.sub(r"\{\{ ask: .*? \}\}", "Bago.", page.read_text()))
    assert "docs/fil/leaflets/boil-the-water.md" not in run_here(root, "adopt", "--status")


def test_campaign_is_not_copied_into_itself_or_over_something(adopted):
    root, _ = adopted
    for folder in (root / "docs/other", root):
        assert "new folder is needed" in run_here(root, "adopt", str(folder), code=1)
