"""Markdown as a tree: its meaning, the position of each node, and that none of it can do harm."""

from __future__ import annotations

import random
import re

import pytest
from conftest import HERE, REPOSITORY
from document_dump import dump

from campaign.content.pages import FRONT_MATTER
from campaign.document.events import read_events
from campaign.document.faults import FAULTS, explain
from campaign.document.html import HtmlWriter
from campaign.document.reader import read_document, slugify
from campaign.document.safety import clean, is_safe
from campaign.document.text import plain_text
from campaign.models.campaign import Source
from campaign.models.nodes import Heading, Link, Pictogram, Strong, Text, walk, words

SAMPLE = HERE / "golden/document.md"
PAGES = sorted(
    path
    for folder in (REPOSITORY / "docs", HERE / "campaigns/tiny/docs", REPOSITORY / "scripts/campaign/skeleton/docs")
    for path in folder.rglob("*.md")
)
SOURCES = {"book": Source("book", "A *Book*", "A House", "2020", "https://house.example/b?x=1&y=2", "")}


def html_of(text: str) -> str:
    return HtmlWriter(read_document(text), SOURCES).write()


def test_every_kind_of_node_and_of_fault_is_read_as_the_golden_tree_says():
    assert dump(read_document(SAMPLE.read_text(encoding="utf-8"))) == (HERE / "golden/document.txt").read_text(
        encoding="utf-8"
    )


def test_words_of_each_node_stand_at_its_bytes_in_the_file():
    for path in PAGES:
        data = path.read_bytes()
        front = FRONT_MATTER.match(data.decode())
        start = front.end() if front else 0
        document = read_document(
            data.decode()[start:], len(data.decode()[:start].encode()), data.decode()[:start].count("\n") + 1
        )
        for node in walk((*document.blocks, *document.notes)):
            text = data[node.start : node.end].decode()
            if isinstance(node, Pictogram):
                assert text == f":{node.name}:", path
            elif isinstance(node, Text) and "\\" not in text and "\n" not in text and "&" not in text:
                assert node.text in text, path
            elif isinstance(node, Heading):
                assert data.splitlines()[document.line(node.start) - 1].startswith(b"#"), path


def test_offsets_and_lines_are_those_of_the_file_after_windows_line_ends_and_front_matter():
    text = "Eins\r\nzwei\r\n\r\n## Größe :phone:\r\n\r\n- à\r\n"
    document = read_document(text, offset=100, first_line=11)
    heading = next(node for node in document.blocks if isinstance(node, Heading))
    pictogram = next(node for node in walk(document.blocks) if isinstance(node, Pictogram))
    data = text.encode()
    assert document.line(heading.start) == 14
    assert data[pictogram.start - 100 : pictogram.end - 100] == b":phone:"
    assert plain_text(document.blocks) == "Eins\nzwei\nGröße \nà"


@pytest.mark.parametrize(
    ("text", "bold"),
    [
        ("看**[名](u.md)**是 和**", ["名"]),
        ("**打电话。**号码在背面。", ["打电话。"]),
        ("他说**“不要去”**然后", ["“不要去”"]),
        ("ကူညီ**“ပါ”**သူ", ["“ပါ”"]),
        ("ထား**ပါ။**သူတို့", ["ပါ။"]),
        ("a**b**c and 2 * 3 * 4", ["b"]),
    ],
)
def test_bold_begins_and_ends_where_scripts_have_no_spaces(text, bold):
    document = read_document(text)
    assert [words(node.children) for node in walk(document.blocks) if isinstance(node, Strong)] == bold
    assert plain_text(document.blocks).replace("*", "") == text.replace("*", "").replace("[名](u.md)", "名")


def test_markdown_of_an_editor_never_becomes_script():
    hostile = """
<script>alert(1)</script> <img src=x onerror=alert(1)> [click](javascript:alert(1)) ![x](data:text/html,1)
[a](java&#x73;cript:alert(1)) [b](//evil.example) [c](\\\\evil) [d]( vbscript:x) <javascript:alert(1)>

# Title {onclick=alert(1) style="position:fixed"}

<https://ok.example/> [mail](mailto:a@ok.example "title")

[^"><script>]: x
"""
    html = html_of(hostile)
    addresses = [node.to for node in walk(read_document(hostile).blocks) if isinstance(node, Link)]
    assert set(addresses) == {"", "https://ok.example/", "mailto:a@ok.example"}
    assert "<script" not in html
    assert "onclick" not in html
    assert "<img src" not in html
    assert clean(html) == html


def test_sanitiser_finds_nothing_in_texts_made_of_everything_that_markdown_has():
    rng = random.Random(20261126)
    parts = [
        *"<>&\"'`*_[](){}\\|a \t\u00a0\u202e看စာ",
        *(
            "**",
            "![",
            "](",
            "{{",
            "}}",
            "[^a]",
            "\n[^a]: ",
            ":phone:",
            "{.note}",
            "{#id}",
            "```",
            "---",
            "~~",
            "data-x=",
        ),
        *(
            "\n",
            "\n\n",
            "\n> ",
            "\n- ",
            "\n1. ",
            "\n# ",
            "\n| a | b |\n|--|--|\n",
            "{{ call }}",
            "{{ contacts place=x }}",
        ),
        *("javascript:", "https://", "&#x3c;", "&quot;", "<svg/onload=x>", "<!--", "-->", '"onclick="x'),
    ]
    for _ in range(3000):
        text = "".join(rng.choices(parts, k=rng.randint(1, 40)))
        document = read_document(text)
        assert is_safe(document), text
        for fault in document.faults:
            assert explain(fault)


@pytest.mark.parametrize("sign", ["[", "*", "`", "> ", "(", "- ", "_", "<", "![", "{", "|", "[^", ":a"])
def test_runs_of_signs_are_read_in_no_time_or_named(sign):
    document = read_document(sign * 20_000)
    assert HtmlWriter(document, {}).write()


def test_text_nested_beyond_reading_is_named():
    assert {fault.rule for fault in read_document("> " * 300 + "x").faults} == {"text-nesting"}


def test_every_fault_says_what_and_how_to_mend_it():
    results = {fault.rule for fault in read_document(SAMPLE.read_text(encoding="utf-8")).faults}
    results |= {"text-nesting", "text-direction", "heading-attribute"}
    assert results == set(FAULTS)


def test_shortcodes_pictograms_and_classes_become_marks():
    html = html_of("{.doors}\n\n- :phone: [Call](get-help.md)\n- :home: Home\n\n{{ contacts place=dili }}\n")
    assert '<ul class="doors pictograms">' in html
    assert '<span class="pictogram" data-name="phone"></span> <a href="get-help.md">Call</a>' in html
    assert '<div class="shortcode" data-name="contacts" data-place="dili"></div>' in html


def test_times_and_addresses_are_not_pictograms():
    assert "pictogram" not in html_of("From 8:30:15 to https://a.example:80:90 and a:b:c")


def test_footnote_text_comes_from_the_sources():
    html = html_of("A fact.[^book]\n")
    assert 'href="https://house.example/b?x=1&amp;y=2">A *Book*</a>, A House, 2020.' in html


def test_anchor_keeps_the_letters_of_every_script():
    assert slugify("Tráfiku: saida?") == "tráfiku-saida"
    assert slugify("ទឹកស្អាត") == "ទឹកស្អាត"
    assert slugify("ماء نظيف!") == "ماء-نظيف"


def test_events_of_a_text_never_reach_beyond_it():
    text = "A fact.[^book] and **看。**是"
    for _, start, end in read_events(text, print):
        assert 0 <= start <= end <= len(text.encode())


def test_column_below_an_empty_heading_names_the_rows():
    html = re.sub(r"\s+", "", html_of("| | No | Yes |\n| --- | --- | --- |\n| Safe | | |\n| | 1 | 2 |\n"))
    assert "<th></th><th>No</th><th>Yes</th>" in html
    assert "<tr><th>Safe</th><td></td><td></td></tr><tr><td></td><td>1</td><td>2</td></tr>" in html
    assert "<tbody><tr><td>Safe</td>" in re.sub(r"\s+", "", html_of("| What | No |\n| --- | --- |\n| Safe | |\n"))
