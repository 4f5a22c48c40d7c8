"""Another country adopts a campaign: facts that are only true in the first one become questions."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shutil
import warnings
import zipfile
from concurrent.futures import ThreadPoolExecutor

import pytest
import yaml
from conftest import HERE, copy_campaign, run
from edits import smallest_campaign
from plant_campaign import copy_planted
from searched import marks_in
from starlette.requests import Request

from campaign.checks.release import check_release
from campaign.content import load
from campaign.content.asking import DATELINE_QUESTION, with_placeholders
from campaign.content.country_words import HELP_QUESTION, NAME_QUESTION, Country, Words, one_of
from campaign.content.questions import as_markdown
from campaign.desk.app import application
from campaign.desk.desk import Desk
from campaign.desk.received_campaign import unpack_campaign
from campaign.desk.workspace import Workspace
from campaign.document.reader import read_document
from campaign.models.nodes import Strong, walk, words
from campaign.models.problem import CampaignError
from campaign.schema.yaml_splice import parse

SHAPES = ("open-graph", "press", "mms", "whatsapp-telegram", "leaflet-panels")
LAW, TOLD = "Which law?", "Who says so?"
QUESTIONS = {"law": LAW, "report": TOLD}
FRONT = "---\ntitle: Law[^law]\n---\n\n"


def country(questions, *names):
    return Country(questions, dict.fromkeys(names, HELP_QUESTION), pattern=one_of(names))


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("All know it.[^world] It is a crime.[^law] Ask.", "All know it.[^world] {{ ask: Which law? }} Ask."),
        ("- :book: **Law.** It is so.[^law]\n- Two.\n", "- :book: **Law.** {{ ask: Which law? }}\n- Two.\n"),
        ("It is.[^law] And this.[^law] [^report] End.", "{{ ask: Which law? }} End."),
        ("It is.[^report] And this.[^world][^law]", "{{ ask: Who says so? }} {{ ask: Which law? }}"),
        ("It is **so.[^law] Or not**, they say.", "{{ ask: Which law? }}"),
        ("- :book: **Water Trust.** It helps.[^law]\n", "- :book: {{ ask: Which law? }}\n"),
        ("- **[112](tel:112)** Call.[^law]\n", "- {{ ask: Which law? }}\n"),
        ("| a | b |\n|---|---|\n| It is.[^law] | 2 |\n", "| a | b |\n|---|---|\n| {{ ask: Which law? }} | 2 |\n"),
        ("Ask the Water Trust.", f"{{{{ ask: {HELP_QUESTION} }}}}"),
        ("## The Water Trust {#trust}\n", f"## The {{{{ ask: {NAME_QUESTION} }}}} {{#trust}}\n"),
        ("Water Trusts help. `[^law]`\n\n```\nx[^law]\n```\n", ""),
    ],
)
def test_what_rests_on_a_source_of_one_country_becomes_its_question(raw, wanted):
    made, taken = with_placeholders(f"{FRONT}{raw}".encode(), country(QUESTIONS, "Water Trust"))
    assert made.decode() == FRONT + (wanted or raw)
    assert bool(taken) == bool(wanted)
    text = read_document(wanted)
    assert not text.faults
    # Readers see the question.
    shown = [words(node.children) for node in walk(text.blocks) if isinstance(node, Strong)]
    assert (f"[? {LAW}]" in shown) == (LAW in wanted)


def test_in_titles_a_name_alone_becomes_a_question_and_words_of_scripts_without_spaces_are_found():
    raw = "---\ntitle: Ask the Water Trust\ndescription: ในติมอร์-เลสเต\n---\n\nA text.\n"
    made, taken = with_placeholders(raw.encode(), country({}, "Water Trust", "ติมอร์-เลสเต"))
    assert parse(made.decode().split("---")[1]) == {
        "title": f"Ask the [? {NAME_QUESTION}]",
        "description": f"ใน[? {NAME_QUESTION}]",
    }
    assert taken == [(NAME_QUESTION, "Ask the Water Trust"), (NAME_QUESTION, "ในติมอร์-เลสเต")]


@pytest.mark.parametrize(
    ("raw", "wanted"),
    [
        ("A suco chief. Suco, sucos.", "A village chief. Village, sucos."),
        ("**Suco.** In [the suco](in-suco.md#the-suco).", "**Village.** In [the village](in-suco.md#the-here)."),
        ("Call **[112](tel:112)** or 1120.", "Call **{{ ask: Which number? }}** or 1120."),
        ("## A suco {#suco-1}", "## A village {#here-1}"),
        ("Not `suco`, nor https://suco.example/suco.", "Not `suco`, nor https://suco.example/suco."),
        ("```\nsuco\n```\n\n| 112 |\n|---|\n", "```\nsuco\n```\n\n| {{ ask: Which number? }} |\n|---|\n"),
    ],
)
def test_words_of_a_country_become_neutral_ones_or_a_question_in_place(raw, wanted):
    becomes, questions = {"suco chief": "village chief", "suco": "village"}, {"112": "Which number?"}
    words = Words.of(becomes, questions)
    made, _ = with_placeholders(raw.encode(), Country({}, by_language={"en": words}), "en")
    assert made.decode() == wanted


HOSTILE = [
    "{{ place=x }} {name} | a [^law] *b* `c` <b>d</b> # :book: [x](y) ![z](w) ~~e~~ &amp; \\",
    "- not an item",
    "1. not a number",
    "# not a heading",
    "=== & --- + >",
    "القانون يمنع ذلك: 'نعم' \"لا\" # x",
    "กฎหมายห้าม - key: value, [a], {b}, !tag &anchor *alias @ %",
    "no",
    "x" * 1999,
]


@pytest.mark.parametrize("text", HOSTILE)
def test_answers_are_shown_as_typed(text):
    for raw in (as_markdown(text), f"| {as_markdown(text)} | b |\n|---|---|\n"):
        document = read_document(raw)
        assert not document.faults
        shown = "".join(words((block,)) for block in document.blocks)
        plain = re.sub(r":(?=[a-z-]+:)", ": ", text.replace("{", "(").replace("}", ")"))
        assert " ".join(plain.split()) in " ".join(shown.split())
    assert not [node for node in walk(read_document(as_markdown(text)).blocks) if isinstance(node, Strong)]


@pytest.fixture(scope="module")
def adopted(tmp_path_factory):
    above = tmp_path_factory.mktemp("adopted")
    root = copy_campaign(HERE / "campaigns/tiny", above / "first")
    sources = root / "docs/_sources.yml"
    sources.write_text(sources.read_text().replace("cdc-safe-water:\n", f'cdc-safe-water:\n  ask: "{LAW}"\n'))
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    output = run(root, "adopt", os.path.relpath(above / "ours 100% #1", root))
    assert {path: path.read_bytes() for path in before} == before
    return above / "ours 100% #1", output


def test_contacts_places_and_issuer_are_asked_for_and_translations_follow(adopted):
    root, text = adopted
    assert re.search(r"Questions in texts: \d\d\. Left out: contacts \(\d\), places \(3\)", text)
    contacts = {path.name: yaml.safe_load(path.read_text()) for path in (root / "assets/contacts").iterdir()}
    assert contacts == {"national.yml": {"contacts": []}}
    assert "places: []" in (root / "mkdocs.yml").read_text()
    # A source that was replaced by a question isn't listed any longer; the others stay, byte for byte.
    assert "sources that nothing cites now (1)." in text
    first = (root.parent / "first/docs/_sources.yml").read_text()
    assert (root / "docs/_sources.yml").read_text() == re.sub(r"#.*\n|cdc-safe-water:\n(?: .*\n)+", "", first)
    campaign, problems = load(root)
    assert not [problem for problem in problems if problem.stops]
    assert all(language.strings["imprint"].startswith("[? ") for language in campaign.languages.values())
    assert not [page for page in campaign.pages.values() if page.translation and page.translation.is_outdated]
    # The old text is shown to those who answer.
    replaced = json.loads((root / "docs/_adopted.json").read_text())
    assert all(
        asked in (LAW, HELP_QUESTION, NAME_QUESTION, DATELINE_QUESTION) and said
        for rows in replaced.values()
        for asked, said in rows
    )


def test_other_organisation_gets_what_the_site_shows_and_nothing_private(tmp_path):
    source = smallest_campaign(
        HERE / "campaigns/tiny",
        tmp_path / "tiny",
        ("open-graph", "whatsapp-telegram", "press", "mms", "leaflet-panels"),
        has_leaflet=True,
    )
    first = copy_planted(source, tmp_path / "first")
    planted = {
        "assets/consents/PLANTED-name-of-a-person.jpg": b"PLANTED-signed-paper",
        "assets/notes.docx": b"PLANTED-office",
        "docs/fil/_notes.md": b"PLANTED-note",
        "docs/fil/unfinished/_draft.md": b"PLANTED-draft",
    }
    for name, data in planted.items():
        (first / name).parent.mkdir(parents=True, exist_ok=True)
        (first / name).write_bytes(data)
    page = first / "docs/fil/boil.md"
    tested = "tested: {on: 2026-11-20, with: PLANTED-testers, understood: 17/20}"
    text = page.read_text("utf-8").replace("---\n", f"---\n{tested}\n", 1)
    page.write_text(f"{text}\n<!-- PLANTED-remark of an\neditor -->\n", "utf-8")
    translated = first / "docs/ar/boil.md"
    names = "by: PLANTED-translator, reviewed: {by: PLANTED-reviewer, on: 2026-11-20}}"
    translated.write_text(re.sub(r"by: [\w-]+, reviewed: .*\}", names, translated.read_text("utf-8"), count=1), "utf-8")
    assert "PLANTED-reviewer" in translated.read_text("utf-8")
    output = run(first, "adopt", "../ours")
    ours = tmp_path / "ours"
    assert [mark for mark in marks_in(ours) if not mark.startswith("assets/fonts/")] == []
    for name in (*planted, "assets/photos/hills.jpg", "docs/fil/press/embargoed.md"):
        assert name in output
    assert not [problem for problem in load(ours)[1] if problem.stops]
    shutil.copy(HERE / "campaigns/tiny/assets/contacts/national.yml", ours / "assets/contacts/national.yml")
    run(ours, "build")
    assert (ours / "site/fil/table.pdf").is_file()
    assert "{{ photo" not in (ours / "docs/fil/boil.md").read_text("utf-8")


def test_names_of_the_contacts_of_the_first_country_are_asked_for_wherever_they_are_written(tmp_path):
    first = copy_campaign(HERE / "campaigns/tiny", tmp_path / "first")
    page = first / "docs/fil/boil.md"
    page.write_text(f"{page.read_text('utf-8')}\nPumunta sa Klinika ng Burol bukas.\n", "utf-8")
    run(first, "adopt", "../ours")
    assert "Klinika ng Burol" not in (tmp_path / "ours/docs/fil/boil.md").read_text("utf-8")


def test_holes_are_listed_named_by_check_and_stop_a_release(adopted):
    root, _ = adopted
    listed = run(root, "adopt", "--status")
    assert re.search(rf"docs/fil/leaflets/boil-the-water.md:\d+  {re.escape(LAW)}", listed)
    campaign, _ = load(root)
    stopping = [problem for problem in check_release(campaign) if problem.id == "placeholder-open-release"]
    assert any(problem.stops and "docs/ar/_strings.yml" in problem.where for problem in stopping)
    page = root / "docs/fil/leaflets/boil-the-water.md"
    page.write_text(re.sub(r"\{\{ ask: .*? \}\}", "Bago.", page.read_text()))
    assert "docs/fil/leaflets/boil-the-water.md" not in run(root, "adopt", "--status")


def test_campaign_is_not_copied_into_itself_or_over_something(adopted):
    root, _ = adopted
    for folder in (root / "docs/other", root):
        assert "needs a new folder" in run(root, "adopt", str(folder), code=1)


BAG, LID = "- Itago sa malinis na lalagyan na may mahigpit na takip.\n", "- احفظه في وعاء نظيف له غطاء محكم.\n"


def test_what_changes_upstream_later_is_taken_sentence_by_sentence_and_never_over_what_the_office_wrote(
    adopted, tmp_path
):
    above = adopted[0].parent
    first, ours = (shutil.copytree(above / name, tmp_path / name) for name in ("first", "ours 100% #1"))
    assert "Nothing changed there." in run(ours, "adopt", "--from", str(first))

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
    (first / "assets/pictograms/new.svg").write_text("<svg/>")
    run(first, "translate", "stamp", str(first / "docs/ar/boil.md"))
    edit(ours, "docs/fil/safety.md", ("May tumitingin ba", "Mayroon bang tumitingin"))

    output = run(ours, "adopt", "--from", str(first))
    assert "+ Hugasan ang takip." in output
    assert "- Mula sa malabong" in output
    (clash,) = (line for line in output.splitlines() if line.endswith("changed here too"))
    before = {path: path.read_bytes() for path in (ours / "docs").rglob("*.md")}

    # One sentence.
    added = re.search(r"new {2}(\w{8})\n\+ Hugasan", output)[1]
    assert "1 taken" in run(ours, "adopt", "--from", str(first), "--take", added)
    now = (ours / "docs/fil/boil.md").read_bytes()
    assert now == before[ours / "docs/fil/boil.md"].replace(BAG.encode(), f"{BAG}- Hugasan ang takip.\n".encode())

    # Everything that the office hadn't changed; the translation follows its source again, since both are upstream's.
    output = run(ours, "adopt", "--from", str(first), "--take", "all")
    assert "docs/ar/boil.md follows its source." in output
    text = (ours / "docs/fil/boil.md").read_text("utf-8")
    assert "Mayroon bang tumitingin sa telepono mo?" in (ours / "docs/fil/safety.md").read_text("utf-8")
    assert "| 1 minuto |\n| Sa gitna | 2 minuto |\n| Mas" in text
    assert "isawsaw" not in text
    assert "description: Galing sa" in text
    assert "- اغسل الغطاء.\n" in (ours / "docs/ar/boil.md").read_text("utf-8")
    assert (ours / "docs/fil/well.md").is_file()
    assert (ours / "assets/pictograms/new.svg").is_file()
    output = run(ours, "adopt", "--from", str(first))
    assert "1 changes, 1 in texts that you changed too." in output
    key = clash.split("  ")[2]
    assert "1 left" in run(ours, "adopt", "--from", str(first), "--leave", key)
    assert "Nothing changed there." in run(ours, "adopt", "--from", str(first))
    assert not [problem for problem in load(ours)[1] if problem.stops]


def as_zip(root, target, *more):
    """A campaign's folder as code hosts pack it, with further entries: (name, bytes, mode)."""
    with zipfile.ZipFile(target, "w") as packed:
        for path in sorted(
            item
            for item in (root / "mkdocs.yml", *root.glob("docs/**/*"), *root.glob("assets/contacts/*"))
            if item.is_file()
        ):
            packed.write(path, f"theirs-main/{path.relative_to(root).as_posix()}")
        for name, data, mode in more:
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = mode << 16
            packed.writestr(entry, data)
    return target


@pytest.mark.parametrize(
    ("name", "mode", "text"),
    [
        ("../../start.sh", 0, "leads elsewhere"),
        ("/etc/start", 0, "leads elsewhere"),
        ("theirs-main/docs/..\\x.md", 0, "leads elsewhere"),
        ("theirs-main/docs/fil/link.md", 0o120777, "is a link"),
        ("theirs-main/docs/fil/boil.md", 0, "is in it twice"),
    ],
)
def test_hostile_zip_of_a_campaign_is_refused_and_leaves_nothing(adopted, tmp_path, name, mode, text):
    first = adopted[0].parent / "first"
    with warnings.catch_warnings(action="ignore"):
        sent = as_zip(first, tmp_path / "sent.zip", (name, b"x", mode))
    with pytest.raises(CampaignError) as refused:
        unpack_campaign(sent, tmp_path / "in/folder")
    assert text in refused.value.problems[0].message
    assert [path.name for path in tmp_path.rglob("*") if path.is_file()] == ["sent.zip"]


def test_zip_that_unpacks_to_more_than_it_says_or_than_fits_is_refused(adopted, tmp_path, monkeypatch):
    first = adopted[0].parent / "first"
    page = b"theirs-main/docs/fil/long.md"
    data = as_zip(first, tmp_path / "sent.zip", (page.decode(), b"a" * 40_000, 0)).read_bytes()
    position = data.rindex(page) - 46 + 24  # the size according to the list of files
    (tmp_path / "lies.zip").write_bytes(data[:position] + (9).to_bytes(4, "little") + data[position + 4 :])
    for sent in ("lies.zip", "sent.zip"):
        with pytest.raises(CampaignError):
            unpack_campaign(tmp_path / sent, tmp_path / "folder")
        assert not (tmp_path / "folder").exists()
        monkeypatch.setattr("campaign.desk.received_campaign.MAX_BYTES", 30_000)

    packed = bytearray(data)
    prefixes = data.index(page) + len(page)
    packed[prefixes : prefixes + 9] = b"\xff" * 9  # invalid for every decompressor
    (tmp_path / "damaged.zip").write_bytes(packed)
    (tmp_path / "none.zip").write_bytes(b"PK no zip")
    with zipfile.ZipFile(tmp_path / "uncommon.zip", "w", zipfile.ZIP_LZMA) as uncommon:
        uncommon.writestr("mkdocs.yml", "site_name: x")
    monkeypatch.undo()
    for sent in ("damaged.zip", "none.zip", "uncommon.zip"):
        with pytest.raises(CampaignError):
            unpack_campaign(tmp_path / sent, tmp_path / "folder")
        assert not (tmp_path / "folder").exists()


def test_at_the_desk_a_change_upstream_is_taken_left_and_taken_back(adopted, tmp_path):
    above = adopted[0].parent
    first, ours = (shutil.copytree(above / name, tmp_path / name) for name in ("first", "ours 100% #1"))
    page, own = first / "docs/fil/boil.md", ours / "docs/fil/boil.md"
    page.write_text(page.read_text().replace(BAG, f"{BAG}- Hugasan ang <b>takip</b>.\n"))
    safety = first / "docs/fil/safety.md"
    safety.write_text(safety.read_text().replace("sa telepono mo?", "sa iyong telepono?"))
    before, workspace = own.read_bytes(), Workspace(ours)
    desk = Desk(workspace)
    try:
        application(desk, 18020)
        assert ("/upstream", "upstream") in desk.menu
        template = "theirs-main/overrides/main.html", b"{{ theirs }}", 0
        unpack_campaign(as_zip(first, tmp_path / "sent.zip", template), ours / ".build/desk/upstream")
        while "hx-trigger" in (text := ask_desk(desk, "/upstream")):
            pass
        assert "Hugasan ang &lt;b&gt;takip" in text
        assert f'href="{desk.link("/texts/fil/boil.md")}"' in text
        keys = dict(re.findall(r'<li id="c-(\w+)">.*?docs/fil/(\w+).md', text))
        taken, left = ({v: k for k, v in keys.items()}[name] for name in ("boil", "safety"))
        assert "Taken" in ask_desk(desk, "/upstream/take", f"key={taken}&do=take")
        assert "Skipped" in ask_desk(desk, "/upstream/take", f"key={left}&do=leave")
        assert b"- Hugasan ang <b>takip</b>." in own.read_bytes()
        # A template is a program: it is shown, and stays where it is.
        [(key, name)] = re.findall(r'<li id="c-(\w+)">.*?(overrides/\w+.html)', ask_desk(desk, "/upstream"), re.DOTALL)
        for typed in (f"key={key}&do=take", "do=all"):
            ask_desk(desk, "/upstream/take", typed)
            assert not (ours / name).exists()
        ask_desk(desk, "/upstream/take", f"key={key}&do=leave")
        assert "Nothing changed there" in ask_desk(desk, "/upstream")
        saves = workspace.files.history()
        assert len(saves) == 3
        workspace.files.undo(saves[2].number, "undone", "")
        assert own.read_bytes() == before
    finally:
        workspace.end()


def ask_desk(desk, path, typed=""):
    """What the desk answers to a browser that requests a page, or that sends a form."""
    headers = [(b"content-type", b"application/x-www-form-urlencoded"), (b"hx-request", b"true")]
    headers.append((b"x-desk-token", desk.guard.token.encode()))
    method = "POST" if typed else "GET"
    scope = {"type": "http", "method": method, "path": path, "query_string": b"", "headers": headers}

    async def receive():
        return {"type": "http.request", "body": typed.encode(), "more_body": False}

    route = next(route for route in desk.guard.app.routes if route.path == path and method in (route.methods or ()))
    with ThreadPoolExecutor(1) as beside:
        return beside.submit(asyncio.run, route.endpoint(Request(scope, receive))).result().body.decode()
