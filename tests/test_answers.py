"""Answers: what to do, on one screen, from the poster, the sign and the list of what readers ask."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pikepdf
import pytest
from conftest import HERE, IS_WHOLE, copy_campaign, read_help, run

from campaign import packs
from campaign.cache.memo import Memo
from campaign.checks.answers import SCREEN_PX, estimated_height
from campaign.content import load
from campaign.content.answers import answers, answers_in, answers_on_cards, code_target, contact_of
from campaign.content.messages import filled
from campaign.pipeline.keys import Fingerprint, piece_keys
from campaign.plan.outputs import catalogue, drawn_pages
from campaign.printing.pieces import describe, key_and_drawings, make
from campaign.website.page_audit import packed_size

PHONE = {"width": 360, "height": SCREEN_PX}
# Positions on the page: the end of the first step, the first number in the text, the end of the text above its sources.
MEASURES = """() => {
    const box = node => node.getBoundingClientRect()
    const shown = [...document.querySelectorAll('a[href^="tel:"]')].filter(node => node.offsetParent)
    const end = document.querySelector('.footnotes') || document.querySelector('footer')
    const step = document.querySelector('.steps li')
    return {
        step: step ? box(step).bottom + scrollY : Infinity,
        number: Math.min(...shown.map(node => box(node).bottom)),
        end: box(end).top + scrollY,
        wide: document.documentElement.scrollWidth,
    }
}"""
# Lists by letter and of files and sources are divided into pages. (Lessons are used on paper.)
GENERATED = ("a-z", "files-", "sources")
# Everyday tasks, each with the answer that solves it.
TASKS = {
    "they keep my passport": "papers",
    "I get no pay": "pay",
    "I can't go out": "door",
    "somebody hit me": "care",
    "is this offer true?": "job-check",
    "a child is missing": "missing-child",
    "my debt grows": "debt",
    "they want pictures": "online",
    "I want to help somebody": "friend",
    "work in Portugal": "portugal",
}


@pytest.fixture
def phone(browser):
    context = browser.new_context(viewport=PHONE, locale="xx-XX")
    yield context.new_page()
    context.close()


def languages(root: Path) -> list[str]:
    """The languages of a built HELP that have answers; only the one with the longest words in `make test`."""
    codes = [path.parent.parent.name for path in sorted((root / "site").glob("*/answers/papers.html"))]
    return codes if IS_WHOLE else ["tet"]


def test_first_step_and_number_are_in_the_first_view_and_the_answer_on_one_and_a_half_screens(help_campaign, phone):
    """And so it is as long as `check` estimates."""
    campaign = read_help()
    scrolled = {}
    for code in languages(help_campaign):
        for path in sorted((help_campaign / f"site/{code}/answers").glob("*.html")):
            phone.goto(path.as_uri())
            is_at = phone.evaluate(MEASURES)
            if is_at["step"] > SCREEN_PX or is_at["number"] > SCREEN_PX or is_at["end"] > 1.5 * SCREEN_PX:
                scrolled[f"{code}/{path.name}"] = is_at
            assert is_at["wide"] <= PHONE["width"], path
            estimated = estimated_height(campaign.pages[code, f"answers/{path.stem}.md"])
            assert 0.75 < estimated / is_at["end"] < 1.25, path
    assert scrolled == {}


@pytest.mark.long
def test_scanning_a_poster_shows_the_first_step_without_scrolling(help_campaign, phone):
    campaign = read_help()
    count = 0
    for (code, path), page in campaign.pages.items():
        if path.startswith("posters/") and code in languages(help_campaign):
            target = help_campaign / f"site/{code}/{code_target(campaign, page).replace('.md', '.html')}"
            phone.goto(target.as_uri())
            assert phone.evaluate(MEASURES)["step"] <= SCREEN_PX, path
            count += 1
    assert count == 9 * len(languages(help_campaign))


@pytest.mark.parametrize("code", ["en", "tet"] if IS_WHOLE else ["tet"])
def test_each_of_ten_tasks_takes_at_most_three_taps_and_no_search(help_campaign, phone, code):
    for task, answer in TASKS.items():
        phone.goto((help_campaign / f"site/{code}/index.html").as_uri())
        taps, direct = 0, f"main a[href$='answers/{answer}.html']"
        while not phone.url.endswith(f"{answer}.html"):
            there = phone.locator(direct)
            (there if there.count() else phone.locator("main .doors a[href='numbers.html']")).first.click()
            taps += 1
            assert taps <= 3, task
        is_at = phone.evaluate(MEASURES)
        assert max(is_at["step"], is_at["number"]) <= SCREEN_PX, task


def tap(page, picture):
    """A tap on the middle of a picture, whatever is drawn there."""
    picture.scroll_into_view_if_needed()
    box = picture.bounding_box()
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


@pytest.mark.parametrize("width", [240, 360, 1280] if IS_WHOLE else [360])
def test_who_cannot_read_reaches_the_answer_about_papers_in_two_taps_by_pictures(help_campaign, phone, width):
    phone.set_viewport_size({"width": width, "height": SCREEN_PX})
    for code in languages(help_campaign):
        home = (help_campaign / f"site/{code}/index.html").as_uri()
        phone.goto(home)
        tap(phone, phone.locator("main .doors svg").first)
        phone.wait_for_url("**/numbers.html")
        tap(phone, phone.locator("a[href='answers/papers.html'] svg"))
        phone.wait_for_url("**/papers.html")
        phone.goto(home)
        tap(phone, phone.locator("main .signs svg").nth(1))
        phone.wait_for_url("**/papers.html")


def test_list_of_what_readers_ask_has_a_picture_for_each_and_is_short(help_campaign, phone):
    for code in languages(help_campaign):
        path = help_campaign / f"site/{code}/numbers.html"
        phone.goto(path.as_uri())
        assert phone.locator(".asked a").count() == phone.locator(".asked a svg").count() > 30
        assert phone.evaluate("document.querySelector('footer').getBoundingClientRect().top") <= 6 * SCREEN_PX
        sizes = phone.eval_on_selector_all(".asked svg", "all => all.map(svg => svg.getBBox().width)")
        assert min(sizes) > 0
        assert packed_size(path.read_bytes()) <= 9_000, code
        assert phone.locator(".text a[href='services.html']").count()


@pytest.mark.long
def test_pages_that_fill_more_than_six_screens_have_a_list_of_their_sections(help_campaign, phone):
    long = {}
    for code in languages(help_campaign):
        for path in sorted((help_campaign / f"site/{code}").rglob("*.html")):
            if path.name.startswith(GENERATED) or "courses" in path.parts:
                continue
            phone.goto(path.as_uri())
            foot = phone.locator("footer")
            screens = foot.first.bounding_box()["y"] / SCREEN_PX if foot.count() else 0
            # Four sections have a list; three of them may be longer.
            limit = 6 if phone.locator(".text > h2").count() > 3 else 7.5
            if screens > limit and not phone.locator(".contents, .directory, .finder").count():
                long[f"{code}/{path.name}"] = round(screens, 1)
    assert long == {}


def test_what_is_folded_opens_without_script(help_campaign, browser):
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto((help_campaign / "site/en/answers/papers.html").as_uri())
    folded = page.locator("details.fold")
    assert folded.count() == 2  # what happens next, and the sources
    assert not folded.first.locator("p").is_visible()
    folded.first.locator("summary").click()
    assert folded.first.locator("p").is_visible()
    context.close()


def test_what_to_do_if_that_is_not_safe_is_open(help_campaign, browser):
    context = browser.new_context(viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    labels = {"en": "If that isn't safe:", "tet": "Se ne'e la seguru:", "pt": "Se isso não for seguro:"}
    for code, label in (labels | {"id": "Kalau itu tidak aman:"}).items():
        for path in sorted((help_campaign / "site" / code / "answers").glob("*.html")):
            page.goto(path.as_uri())
            assert not page.locator("details.fold").filter(has_text=label).count(), path.name
            assert page.get_by_text(label).first.is_visible() == (label in path.read_text("utf-8")), path.name
    context.close()


def test_number_of_a_source_opens_the_folded_sources(help_campaign, phone):
    with phone.expect_request_finished(lambda request: "deferred.js" in request.url):
        phone.goto((help_campaign / "site/en/answers/papers.html").as_uri())
    assert not phone.locator(".footnotes li").first.is_visible()
    phone.locator("sup a").first.evaluate("link => { link.closest('.fold').open = true; link.click() }")
    phone.locator(".footnotes li").first.wait_for()


def test_what_is_folded_is_printed_open_by_older_browsers_too(help_campaign, phone):
    with phone.expect_request_finished(lambda request: "deferred.js" in request.url):
        phone.goto((help_campaign / "site/en/answers/papers.html").as_uri())
    phone.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert phone.locator("details.fold[open]").count() == 2


# Another campaign

GROUPS = ("water", "fire")


def ask(root: Path, name: str, more: str = "", group: str = "water") -> None:
    """An answer in the source language of the tiny campaign, with its translation into Arabic."""
    front = f"title: Tanong {name}\nfor: [public]\nsearch: [{name}]\nanswer: {{pictogram: jar, group: {group}{more}}}"
    steps = "{.lead}\n\nTumawag.\n\n{{ call }}\n\n{.steps}\n\n1. Una.\n2. Ikalawa."
    body = f"{steps}\n\n**Sabihin:** “Oo.”\n\n**Pagkatapos:** Wala."
    for code, head in (
        ("fil", front),
        ("ar", f"title: سؤال {name}\ntranslation: {{source: '', by: machine, reviewed: no}}"),
    ):
        path = root / f"docs/{code}/answers/{name}.md"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"---\n{head}\n---\n\n{body}\n", encoding="utf-8")


@pytest.fixture
def asking(tmp_path):
    """The tiny campaign with two answers in each of two groups, and a list of them."""
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "campaign")
    with (root / "docs/fil/_strings.yml").open("a", encoding="utf-8") as file:
        file.write("".join(f'answers-{group}: "Pangkat {group}"\n' for group in GROUPS))
    pieces = [path.relative_to(root / "docs/fil").as_posix() for path in (root / "docs/fil").glob("[lp]*ers/*.md")]
    leaflets = [path.relative_to(root / "docs/fil").as_posix() for path in (root / "docs/fil/leaflets").glob("*.md")]
    named = ", ".join(dict.fromkeys([*pieces, *leaflets]))
    ask(root, "b", ", order: 2")
    ask(root, "a", f", order: 10, from: [index.md, {named}]")
    ask(root, "d", group="fire")
    ask(root, "c", ", order: 1, call: rescue", group="fire")
    for help_page in root.glob("docs/*/get-help.md"):
        text = help_page.read_text(encoding="utf-8")
        help_page.write_text(f"{text}\n## Mga tanong {{#ask}}\n\n{{{{ answers }}}}\n", "utf-8")
    return root


def test_lists_follow_the_order_of_groups_then_that_of_answers(asking):
    campaign, _ = load(asking)
    assert [page.path[8] for page in answers(campaign)] == ["b", "a", "c", "d"]
    assert [page.title for page, _ in answers_in(campaign, "ar")] == ["سؤال b", "سؤال a", "سؤال c", "سؤال d"]


def test_code_of_a_piece_leads_where_its_options_say_and_otherwise_to_its_answer(asking):
    campaign, _ = load(asking)
    posters = [page for page in campaign.pages.values() if page.path.startswith("posters/")]
    assert {code_target(campaign, page) for page in posters} == {"answers/a.md"}
    assert filled(campaign, "ar", posters[0].stem, "{link}") == "https://water.example/ar/answers/a.html"
    path = asking / "docs/fil" / posters[0].path
    path.write_text(path.read_text("utf-8").replace("formats:", "options: {link: boil.md}\nformats:", 1), "utf-8")
    campaign, _ = load(asking)
    assert code_target(campaign, campaign.pages["fil", posters[0].path]) == "boil.md"


def test_number_of_an_answer_is_its_own_or_the_main_one(asking):
    campaign, _ = load(asking)
    named = {page.path: contact_of(campaign, answer) for page, answer in answers_in(campaign, "fil")}
    assert named["answers/a.md"] == campaign.emergency


def test_answer_never_names_a_number_that_must_not_be_printed(asking):
    contacts = asking / "assets/contacts/national.yml"
    text = contacts.read_text("utf-8")
    contacts.write_text(text + OLD_CONTACT, "utf-8")
    answer = asking / "docs/fil/answers/c.md"
    for call in ("closed", "shelter"):
        answer.write_text(re.sub(r"call: [a-z]+", f"call: {call}", answer.read_text("utf-8")), "utf-8")
        campaign, _ = load(asking)
        (closed,) = (contact for contact in campaign.contacts if contact.id == "closed")
        assert not closed.is_printed
        named = {page.path: contact_of(campaign, declared) for page, declared in answers_in(campaign, "fil")}
        assert named["answers/c.md"] == campaign.emergency


# Verified too long ago to be printed.
OLD_CONTACT = """
  - id: closed
    kind: shelter
    name: Bahay
    phone: "07700 900177"
    source: drama-numbers
    calls: [{on: 2020-01-10, by: Ana, answered: yes}]
"""
CARDS = """---
title: "Kard: mga sagot"
description: Mga kard.
for: [public]
formats: [answer-cards]
alt: Mga kard.
---

## Mga kard {#cards}

{{ answers group=fire }}
"""


def test_each_answer_becomes_a_card_a_picture_for_chats_and_words_to_read_aloud(asking, tmp_path):
    card = asking / "docs/fil/cards/answers.md"
    card.parent.mkdir(exist_ok=True)
    card.write_text(CARDS, encoding="utf-8")
    answer = asking / "docs/fil/answers/c.md"
    answer.write_text(answer.read_text("utf-8").replace("1. Una.", "1. Una.[^who-boil]"), "utf-8")
    campaign, _ = load(asking)
    outputs = [
        output for output in catalogue(campaign) if output.name.startswith("answers") and output.language == "fil"
    ]
    printed = next(output for output in outputs if output.kind == "card" and not output.part)
    shown = "".join(map(str, describe(campaign, printed)["panels"]["cards"]["blocks"]))
    assert re.findall(r"Tanong (\w)", shown.replace("\u00a0", " ")) == ["c", "d"]
    assert "'t': 'sup'" not in shown
    made = make(campaign, printed, tmp_path / "cards.pdf")
    assert not isinstance(made, list), made
    screen = next(output for output in outputs if output.kind == "screen")
    made = make(campaign, screen, tmp_path / "pictures.pdf")
    assert not isinstance(made, list), made
    with pikepdf.open(tmp_path / "pictures.pdf") as pdf:
        assert len(pdf.pages) == 2
    pictures = [output.path for page in drawn_pages(campaign, screen) for output in page]
    assert pictures == [f"pictures/whatsapp-telegram/fil/answers-{name}-fil.png" for name in "cd"]
    script = packs.TEXTS["script"](campaign, campaign.pages["fil", "cards/answers.md"]).decode()
    assert [line for line in script.splitlines() if line.startswith("TANONG")] == [
        f"TANONG {n.upper()}" for n in "bacd"
    ]
    assert "[1]" not in script


def test_answer_with_several_numbers_has_no_card_that_would_give_another(asking):
    answer = asking / "docs/fil/answers/c.md"
    text = answer.read_text("utf-8")
    answer.write_text(text.replace("{{ call }}", "- [07700 900143](tel:07700900143)"), "utf-8")
    campaign, _ = load(asking)
    assert [page.path for page, _ in answers_on_cards(campaign, "fil", "fire")] == ["answers/d.md"]


def test_key_of_a_piece_changes_with_the_answers_that_it_shows_or_leads_to(asking):
    """Otherwise a second build would keep a code that leads somewhere else."""
    (asking / "docs/fil/cards").mkdir()
    (asking / "docs/fil/cards/answers.md").write_text(CARDS, encoding="utf-8")
    before = keys_of(asking)
    answer = asking / "docs/fil/answers/a.md"
    answer.write_text(answer.read_text("utf-8").replace("posters/boil-the-water.md, ", ""), "utf-8")
    after = keys_of(asking)
    assert {name for name in before if before[name] != after[name]} == {"boil-the-water"}
    answer = asking / "docs/fil/answers/d.md"
    answer.write_text(answer.read_text("utf-8").replace("Ikalawa", "Pangalawa"), "utf-8")
    last = keys_of(asking)
    assert {name for name in after if after[name] != last[name]} == {"answers"}


def type_link(root: Path) -> None:
    for path in root.glob("docs/*/posters/boil-the-water.md"):
        path.write_text(path.read_text("utf-8").replace("formats:", "options: {link: boil.md}\nformats:", 1), "utf-8")


def name_in_another_answer(root: Path) -> None:
    for name, old, new in (
        ("a", "posters/boil-the-water.md, ", ""),
        ("b", "order: 2", "order: 2, from: [posters/boil-the-water.md]"),
    ):
        path = root / f"docs/fil/answers/{name}.md"
        path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")


@pytest.mark.parametrize("edit", [type_link, name_in_another_answer])
def test_key_of_a_piece_changes_with_where_its_code_leads(asking, edit):
    for folder in asking.glob("docs/*/leaflets"):
        shutil.rmtree(folder)
    before, codes = keys_of(asking), codes_of(asking)
    edit(asking)
    assert not {*codes_of(asking)} & {*codes}
    after = keys_of(asking)
    assert not {*before["boil-the-water"]} & {*after["boil-the-water"]}


def codes_of(root: Path) -> list[str]:
    """Where the codes of posters lead."""
    campaign, _ = load(root)
    return [code_target(campaign, page) for page in campaign.pages.values() if page.path.startswith("posters/")]


def keys_of(root: Path) -> dict[str, list[str]]:
    """The keys of pieces by name, kept from one call to the next as builds do."""
    campaign, _ = load(root)
    memo = Memo.of(root)
    outputs = [output for output in catalogue(campaign) if output.is_piece and output.part != "script"]
    fingerprint = Fingerprint(dict.fromkeys(campaign.languages, "same"), {}, lambda: True)
    keys = piece_keys(campaign, outputs, key_and_drawings, fingerprint, memo)
    memo.save()
    return {
        name: sorted(key for output, key in keys.items() if output.name == name) for name in {o.name for o in outputs}
    }


@pytest.mark.long
def test_two_hundred_answers_in_a_script_from_right_to_left(asking, browser):
    for number in range(200):
        ask(asking, f"n{number}", f", order: {number + 20}", GROUPS[number % 2])
    for path in (asking / "docs").glob("*/leaflets/*.md"):
        path.write_text(path.read_text("utf-8").replace(", link: boil.md", "").replace("link: boil.md, ", ""), "utf-8")
    for name, pictogram in (("b", "boil"), ("d", "cool")):
        path = asking / f"docs/fil/answers/{name}.md"
        text = path.read_text("utf-8").replace("pictogram: jar", f"pictogram: {pictogram}")
        path.write_text(text.replace("answer: {", "answer: {from: [index.md], "), "utf-8")
    run(asking, "build")
    context = browser.new_context(viewport=PHONE, locale="xx-XX")
    page = context.new_page()
    page.goto((asking / "site/ar/get-help.html").as_uri())
    assert page.locator(".asked a").count() == 204
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    # The pictogram is drawn once, at the start of the line.
    assert page.locator(".asked svg path").count() < 20
    picture, words = page.evaluate(
        "() => { const a = document.querySelector('.asked a'), s = a.querySelector('svg').getBoundingClientRect();"
        "return [s.right, a.getBoundingClientRect().right] }"
    )
    assert abs(picture - words) < 2
    page.locator(".asked a").nth(3).click()
    assert page.evaluate(MEASURES)["step"] <= SCREEN_PX
    home = (asking / "site/ar/index.html").read_text(encoding="utf-8")
    assert {*re.findall(r'href="?(answers/\w+)', home)} == {"answers/a", "answers/b", "answers/d"}
    context.close()
