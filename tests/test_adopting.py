"""Another country takes a campaign over: what holds in the first one alone becomes a question."""

from __future__ import annotations

import json
import os
import re
import shutil

import pytest
import yaml
from conftest import HERE, copy_campaign, run_here

from campaign.checks.release import check_release
from campaign.content import load
from campaign.content.adopting import CALLED, HELPER, _as_word, with_holes
from campaign.document.reader import read_document
from campaign.models.nodes import Strong, walk, words
from campaign.schema.yaml_splice import said_by

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
        ("## The Water Trust {#trust}\n", f"## The {{{{ ask: {CALLED} }}}} {{#trust}}\n"),
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


def test_in_titles_a_name_alone_becomes_a_question_and_words_of_scripts_without_spaces_are_found():
    typed = "---\ntitle: Ask the Water Trust\ndescription: ในติมอร์-เลสเต\n---\n\nA text.\n"
    names = re.compile("|".join(_as_word(name) for name in ("Water Trust", "ติมอร์-เลสเต")))
    made, taken = with_holes(typed.encode(), {}, names)
    assert said_by(made.decode().split("---")[1]) == {
        "title": f"Ask the [? {CALLED}]",
        "description": f"ใน[? {CALLED}]",
    }
    assert taken == [(CALLED, "Ask the Water Trust"), (CALLED, "ในติมอร์-เลสเต")]


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
    # A source that was asked for instead is in no list of sources any more; the others stay, byte for byte.
    assert "1 sources that nothing cites" in said
    first = (root.parent / "first/docs/_sources.yml").read_text()
    assert (root / "docs/_sources.yml").read_text() == re.sub(r"cdc-safe-water:\n(?: .*\n)+", "", first)
    campaign, problems = load(root)
    assert not [problem for problem in problems if problem.stops]
    assert all(language.strings["imprint"].startswith("[? ") for language in campaign.languages.values())
    assert not [page for page in campaign.pages.values() if page.translation and page.translation.is_outdated]
    # Whoever answers can read what stood there.
    replaced = json.loads((root / "docs/_adopted.json").read_text())
    assert all(asked in (LAW, HELPER, CALLED) and said for rows in replaced.values() for asked, said in rows)


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


BAG, LID = "- Itago sa malinis na lalagyan na may mahigpit na takip.\n", "- احفظه في وعاء نظيف له غطاء محكم.\n"


def test_what_changes_upstream_later_is_taken_sentence_by_sentence_and_never_over_what_the_office_wrote(
    adopted, tmp_path
):
    above = adopted[0].parent
    first, ours = (shutil.copytree(above / name, tmp_path / name) for name in ("first", "ours 100% #1"))
    assert "Nothing changed there." in run_here(ours, "adopt", "--from", str(first))

    def edit(root, name, *pairs):
        text = (root / name).read_text("utf-8")
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new)
        (root / name).write_text(text, "utf-8")

    edit(
        first,
        "docs/fil/boil.md",
        ("mag-isa. Huwag lagyan", "mag-isa. Huwag kailanman lagyan"),
        (BAG, f"{BAG}- Hugasan ang takip.\n"),
        ("- Ibuhos ang tubig palabas. Huwag isawsaw ang kamay o maruming baso.\n", ""),
        ("| 1 minuto |\n", "| 1 minuto |\n| Sa gitna | 2 minuto |\n"),
        ("description: Mula sa", "description: Galing sa"),
    )
    edit(
        first,
        "docs/ar/boil.md",
        (LID, f"{LID}- اغسل الغطاء.\n"),
        ("وحده. لا تضف", "وحده. لا تضف أبدًا"),
        ("- صُبّ الماء من الوعاء. لا تغمس فيه يدك ولا كوبًا متسخًا.\n", ""),
        ("| دقيقة واحدة |\n", "| دقيقة واحدة |\n| في الوسط | دقيقتان |\n"),
    )
    edit(first, "docs/fil/safety.md", ("sa telepono mo?", "sa iyong telepono?"))
    (first / "docs/fil/well.md").write_text("---\ntitle: Balon\nfor: [public]\n---\n\nIsang balon.\n", "utf-8")
    (first / "assets/new.svg").write_text("<svg/>")
    run_here(first, "translate", "stamp", str(first / "docs/ar/boil.md"))
    edit(ours, "docs/fil/safety.md", ("May tumitingin ba", "Mayroon bang tumitingin"))

    said = run_here(ours, "adopt", "--from", str(first))
    assert "+ Hugasan ang takip." in said
    assert "- Mula sa malabong" in said
    (clash,) = (line for line in said.splitlines() if line.endswith("changed here too"))
    before = {path: path.read_bytes() for path in (ours / "docs").rglob("*.md")}

    # One sentence.
    added = re.search(r"new {2}(\w{8})\n\+ Hugasan", said)[1]
    assert "1 taken" in run_here(ours, "adopt", "--from", str(first), "--take", added)
    now = (ours / "docs/fil/boil.md").read_bytes()
    assert now == before[ours / "docs/fil/boil.md"].replace(BAG.encode(), f"{BAG}- Hugasan ang takip.\n".encode())

    # All that the office had not changed; the translation follows its source again, since it is upstream's.
    said = run_here(ours, "adopt", "--from", str(first), "--take", "all")
    assert "docs/ar/boil.md follows its source." in said
    text = (ours / "docs/fil/boil.md").read_text("utf-8")
    assert "Mayroon bang tumitingin sa telepono mo?" in (ours / "docs/fil/safety.md").read_text("utf-8")
    assert "| 1 minuto |\n| Sa gitna | 2 minuto |\n| Mas" in text
    assert "isawsaw" not in text
    assert "description: Galing sa" in text
    assert "- اغسل الغطاء.\n" in (ours / "docs/ar/boil.md").read_text("utf-8")
    assert (ours / "docs/fil/well.md").is_file()
    assert (ours / "assets/new.svg").is_file()
    said = run_here(ours, "adopt", "--from", str(first))
    assert "1 changes, 1 of what you changed too." in said
    key = clash.split("  ")[2]
    assert "1 left" in run_here(ours, "adopt", "--from", str(first), "--leave", key)
    assert "Nothing changed there." in run_here(ours, "adopt", "--from", str(first))
    assert not [problem for problem in load(ours)[1] if problem.stops]
