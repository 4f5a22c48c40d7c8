"""Search forgives: phrases that people type find the answer first, in four languages, and other languages too."""

from __future__ import annotations

import random
from dataclasses import replace
from types import SimpleNamespace

import pytest
import yaml
from conftest import HERE, MAX_WAIT_S, copy_campaign, mostly_long, read_help, run
from playwright.sync_api import expect

from campaign.cache.memo import Memo
from campaign.content import load
from campaign.content.search_rules import read_search_rules
from campaign.models.search_rules import SearchRules
from campaign.website.page_audit import packed_size
from campaign.website.search.entries import Entry, entries
from campaign.website.search.index import search_file
from campaign.website.search.normalise import Stemmer, words_of

PHRASES = yaml.safe_load((HERE / "searches/phrases.yml").read_text(encoding="utf-8"))
HELD_OUT = yaml.safe_load((HERE / "searches/held_out.yml").read_text(encoding="utf-8"))
MAX_INDEX_BYTES = 20 * 1024
PAGE = '<!doctype html><meta charset="utf-8"><form class="search"><input></form><script src="search.js"></script>'
# The processor's time for one keystroke on a phone, and how much slower it is than this computer.
MAX_KEYSTROKE_MS = 50
SLOWER = 6


def index_of(campaign, code):
    """The index of a language: made from the texts, as the site of the tests may have fewer languages."""
    language, memo = campaign.languages[code], Memo(None)
    listed = entries(campaign, language, SimpleNamespace(pieces=lambda _: {}), memo)
    return search_file(campaign, language, [entry for entry in listed if entry.is_public], memo)


@pytest.fixture(scope="module")
def campaign():
    return read_help()


@pytest.fixture(scope="module", params=PHRASES)
def opened_index(request, campaign, browser, tmp_path_factory):
    """(language, index, a page that has loaded it)."""
    folder, index = tmp_path_factory.mktemp("index"), index_of(campaign, request.param)
    (folder / "search.js").write_text(index, encoding="utf-8")
    (folder / "index.html").write_text(PAGE, encoding="utf-8")
    page = browser.new_page()
    page.goto((folder / "index.html").as_uri())
    yield request.param, index, page
    page.close()


def open_entries(browser, folder, rows, rules=None):
    """A page that searches invented entries: rows of (title, words of its text)."""
    campaign, _ = load(HERE / "campaigns/tiny")
    language = replace(campaign.first_language, search=rules or SearchRules())
    stemmer = Stemmer(language.search)
    listed = [
        Entry("page", title, f"{language.code}/p{n}.html", "", "", False, "", " ".join(sorted(stemmer.stems(text))))
        for n, (title, text) in enumerate(rows)
    ]
    (folder / "search.js").write_text(search_file(campaign, language, listed, Memo(None)), encoding="utf-8")
    (folder / "index.html").write_text(PAGE, encoding="utf-8")
    page = browser.new_page()
    page.goto((folder / "index.html").as_uri())
    return page


def firsts(page, typed):
    """Typed text -> the address of the first result."""
    found = page.evaluate("all => all.map(text => (FIND(text)[0] || [])[1] || '')", list(typed))
    return dict(zip(typed, found, strict=True))


def misses(page, phrases):
    """What the phrases find first that don't find their answer."""
    found = firsts(page, phrases)
    return {
        typed: found[typed]
        for typed, answers in phrases.items()
        if found[typed]
        not in [f"answers/{answer}.html" for answer in ([answers] if isinstance(answers, str) else answers)]
    }


def test_what_people_type_finds_the_answer_first(opened_index):
    code, _, page = opened_index
    assert len(PHRASES[code]) >= 50
    assert misses(page, PHRASES[code]) == {}


WITHOUT_ANSWER = {
    "en": "lost passport|I lost my passport|my brother in Malaysia does not answer|my husband abroad went silent"
    "|bleeding|I am bleeding|tricked|I was tricked|help|missing adult",
    "tet": "ajuda|presiza ajuda|pasaporte lakon|lakon pasaporte|ema lakon|raan sai|sira lohi ha'u"
    "|maun iha Malázia la hatán telefone",
    "pt": "ajuda|preciso de ajuda|passaporte perdido|perdi o passaporte|irmão no estrangeiro não responde"
    "|estou a sangrar|fui enganada",
    "id": "tolong|minta bantuan|paspor hilang|paspor ilang|kakak di luar negeri tidak menjawab|berdarah|ditipu",
}


def test_needs_without_an_answer_of_their_own_lead_to_get_help(opened_index):
    code, _, page = opened_index
    assert set(firsts(page, WITHOUT_ANSWER[code].split("|")).values()) == {"numbers.html"}


def test_phrases_that_were_held_out_find_the_answer_too(opened_index):
    """Written before the search was tuned; 57 of 60 on 2026-12-01, 50 with no rules for any language."""
    code, _, page = opened_index
    assert len(misses(page, HELD_OUT[code])) <= 2


def test_index_is_small(opened_index):
    """With its script, and the pictograms of answers."""
    _, index, _ = opened_index
    assert packed_size(index.encode()) <= MAX_INDEX_BYTES


def thread_s(session) -> float:
    """CPU seconds of the page's main thread so far."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    return next(each["value"] for each in metrics if each["name"] == "ThreadTime")


def slowest_keystroke_ms(page, texts) -> float:
    """The slowest keystroke while texts are typed on a phone: the least of three times, each on a fresh page.

    A page caches the words that it has looked up.
    """
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    keystrokes = [text[:end] for text in texts for end in range(1, len(text) + 1)]
    spent_s: dict[str, list[float]] = {typed: [] for typed in keystrokes}
    for _ in range(3):
        page.reload()
        for typed in keystrokes:
            start_s = thread_s(session)
            page.evaluate("typed => void FIND(typed)", typed)
            spent_s[typed].append(thread_s(session) - start_s)
    session.detach()
    return max(map(min, spent_s.values())) * 1000 * SLOWER


@pytest.mark.parametrize("opened_index", mostly_long(PHRASES, "tet"), indirect=True)
def test_keystroke_is_quick_on_a_slow_phone(opened_index):
    code, _, page = opened_index
    assert slowest_keystroke_ms(page, sorted(PHRASES[code], key=len)[-5:]) <= MAX_KEYSTROKE_MS


@pytest.mark.long
def test_keystroke_is_quick_in_an_index_of_ten_times_the_size(browser, tmp_path):
    chance = random.Random(1)
    letters = "abcdefghijklmnoprstuvz"
    vocabulary = ["".join(chance.choices(letters, k=chance.randrange(4, 11))) for _ in range(9000)]
    rows = [
        (" ".join(chance.choices(vocabulary, k=4)), " ".join(chance.choices(vocabulary, k=80))) for _ in range(1600)
    ]
    page = open_entries(browser, tmp_path, rows)
    assert slowest_keystroke_ms(page, [f"{rows[n][0]}x" for n in range(5)]) <= MAX_KEYSTROKE_MS
    page.close()


@pytest.mark.parametrize(
    ("typed", "finds"),
    [
        ("harbor", 0),  # one letter missing
        ("harbuor", 0),  # two swapped
        ("hsrbour", 0),  # one wrong
        ("safehouse", 1),  # two words joined
        ("light house", 2),  # one word split
        ("Creche", 3),  # no accent
        ("creches", 3),  # an ending
        ("rewalks", 4),  # a beginning and an ending
        ("ambling", 4),  # a word with the same meaning, inflected
        ("kolera", 5),  # letters that sound alike
        ("anything at all, and urgent", 5),
    ],
)
def test_search_forgives(browser, tmp_path, typed, finds):
    rules = SearchRules(
        prefixes=("re",), suffixes=("s", "e", "ing", "ed"), alike={"k": "c"}, same=(("walk", "amble"), ("x", "y")),
        first={"p5.md": ("urgent",)},
    )  # fmt: skip
    titles = ["Harbour", "A safe house", "Lighthouse", "Crèche", "How to walk", "Colera"]
    page = open_entries(browser, tmp_path, [(title, "and all else") for title in titles], rules)
    assert firsts(page, [typed]) == {typed: f"p{finds}.html"}
    page.close()


def test_short_words_and_scripts_without_spaces_are_not_guessed(browser, tmp_path):
    page = open_entries(browser, tmp_path, [("Tea", ""), ("人口贩运", ""), ("مساعدة للأطفال", "")])
    assert firsts(page, ["sea", "人日", "贩运", "مساعده"]) == {
        "sea": "", "人日": "", "贩运": "p1.html", "مساعده": "p2.html"
    }  # fmt: skip
    page.close()


def test_browser_and_build_compare_the_same_stems(opened_index, campaign):
    """If the stems differ, a search for a word from a page doesn't find that page."""
    code, _, page = opened_index
    texts = [" ".join(page.search) for (language, _), page in campaign.pages.items() if language == code]
    words = sorted({word for text in texts for word in words_of(text)})
    stemmer = Stemmer(campaign.languages[code].search)
    assert page.evaluate("all => all.map(FIND.stem)", words) == [stemmer.stem(word) for word in words]


def test_campaign_replaces_affixes_and_adds_words_with_one_meaning(tmp_path):
    (tmp_path / "docs/en").mkdir(parents=True)
    built_in = read_search_rules(tmp_path, "en", [])
    assert "ing" in built_in.suffixes
    (tmp_path / "docs/en/_search.yml").write_text(
        "suffixes: [zz]\nsame: [one uno]\nfirst: {get-help.md: [die]}\n", encoding="utf-8"
    )
    rules = read_search_rules(tmp_path, "en", [])
    assert rules.suffixes == ("zz",)
    assert rules.prefixes == built_in.prefixes
    assert rules.same == (*built_in.same, ("one", "uno"))
    assert rules.first == {"get-help.md": ("die",)}
    assert read_search_rules(tmp_path, "xx", []) == SearchRules()
    # A variety of a language has the language's own rules.
    assert read_search_rules(tmp_path, "pt-BR", []) == read_search_rules(tmp_path, "pt", [])


def test_urgent_words_that_lead_nowhere_are_reported(tmp_path):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "tiny")
    (root / "docs/fil/_search.yml").write_text("first: {no-such.md: [mamatay]}\nsufixes: [s]\n", encoding="utf-8")
    said = run(root, "check", code=1)
    assert "`no-such.md`" in said
    assert "sufixes" in said


def test_nothing_found_offers_the_call_the_needs_and_everything(tiny, browser):
    page = browser.new_page(viewport={"width": 360, "height": 640})
    page.goto((tiny / "site/fil/index.html").as_uri())
    page.fill("form.search input", "xyzzyq")
    page.press("form.search input", "Enter")
    page.wait_for_selector(".help a")
    links = page.eval_on_selector_all(".help a", "all => all.map(a => a.getAttribute('href').replace(/.*\\//, ''))")
    assert links[0].startswith("tel:")
    # The answers of the list in between, each with its picture.
    assert page.locator(".help svg").count() == len(links) - 3
    assert links[-2:] == ["get-help.html", "a-z.html"]
    page.press("form.search input", "Escape")
    assert page.input_value("form.search input") == ""
    assert page.is_hidden(".results")
    page.close()


def test_search_is_one_tap_away_on_phones_and_names_the_page_of_a_section(tiny, browser):
    page = browser.new_page(viewport={"width": 360, "height": 640})
    page.goto((tiny / "site/fil/index.html").as_uri())
    page.click(".to-menu")
    expect(page.locator("form.search input")).to_be_in_viewport(timeout=MAX_WAIT_S * 1000)
    page.fill("form.search input", "tubig")
    page.press("form.search input", "Enter")
    page.wait_for_selector(".found a")
    shown = page.locator(".results").bounding_box()
    assert shown["x"] >= 0
    assert shown["x"] + shown["width"] <= 360
    assert any("›" in text for text in page.locator(".found a").all_inner_texts())
    page.close()
