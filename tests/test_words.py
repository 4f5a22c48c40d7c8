"""HELP's words: in step in every language, short, and in real Tetum."""

from __future__ import annotations

import re
from functools import cache

import pytest
from conftest import HERE, REPOSITORY, copy_campaign, run
from py3langid.langid import MODEL_FILE, LanguageIdentifier
from tetum import WORD, fold, likelihood, unlisted

from campaign.cache.store import hash_text
from campaign.checks.languages import find_foreign, find_own_lines, how_likely
from campaign.checks.words import (
    COMPARED_PARTS,
    MAX_WORDS_IN_PAGES,
    MAX_WORDS_IN_PIECES,
    Length,
    measure,
    text_of,
)
from campaign.content import load
from campaign.content.translated_numbers import differing_numbers
from campaign.models.problem import unsilenced
from campaign.pipeline import build
from campaign.pipeline.reading import read

LOOKED_AT = HERE / "golden/tetum-words.txt"
SHARES = HERE / "golden/tetum-pages.txt"


@cache
def read_help():
    return load(REPOSITORY)[0]


def tetum_pages():
    return [page for (code, _), page in read_help().pages.items() if code == "tet"]


def accepted_words() -> frozenset[str]:
    """Folded words of the glossary and names: places, organisations, titles of sources."""
    read = read_help()
    texts = [form for term in read.glossary for form in term.forms.get("tet", ())]
    texts += [name for place in read.places.values() for name in place.names.values()]
    texts += [contact.name for contact in read.contacts]
    texts += [f"{source.title} {source.publisher}" for source in read.sources.values()]
    return frozenset(fold(word) for text in texts for word in re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", text))


def words_to_look_at() -> list[str]:
    """Words of Tetum pages that no list has, in the order of the alphabet."""
    accepted = accepted_words()
    return sorted({word for page in tetum_pages() for word in unlisted(text_of(page), accepted)})


def shares() -> dict[str, float]:
    """How many of a Tetum page's words no list has, in per cent, by path; the most first."""
    accepted, result = accepted_words(), {}
    for page in tetum_pages():
        text = text_of(page)
        result[page.path] = 100 * len(unlisted(text, accepted)) / max(1, len(WORD.findall(text)))
    return dict(sorted(result.items(), key=lambda item: (-item[1], item[0])))


def report_shares() -> str:
    """The golden file of shares: a line for each page."""
    return "".join(f"{share:4.1f} %  {path}\n" for path, share in shares().items())


@pytest.mark.parametrize("is_typeset", [False, pytest.param(True, marks=pytest.mark.long)])
def test_nothing_in_help_is_left_to_mend(tmp_path, monkeypatch, is_typeset):
    if not is_typeset:
        monkeypatch.setattr(build, "predict", lambda *_: [])
    output = run(copy_campaign(REPOSITORY, tmp_path / "help"), "check")
    assert output.strip().endswith("Nothing to fix.")
    assert re.search(r"^ tet +\d,\d{3} +\d\.\d +\d\d +\d\.\d *$", output, re.MULTILINE), output
    assert re.search(r"^ my +no spaces between words *$", output, re.MULTILINE), output


@pytest.mark.long
def test_every_tetum_page_is_identified_as_tetum():
    faults = {page.path: likelihood(text_of(page)) for page in tetum_pages() if len(text_of(page).split()) > 8}
    assert {path: sure for path, sure in faults.items() if sure < 0.95} == {}


def test_every_tetum_word_outside_the_lists_was_looked_at():
    """Renew the golden file with tests/renew_golden.py, then look each new word up or ask a speaker."""
    known = set(LOOKED_AT.read_text(encoding="utf-8").split("\n"))
    assert [word for word in words_to_look_at() if word not in known] == []


def test_share_of_unlisted_words_is_as_reported_for_each_page():
    """Two per cent may change before the report needs renewing."""
    lines = SHARES.read_text(encoding="utf-8").splitlines()
    reported = {path: float(share) for share, path in (line.split(" %  ") for line in lines)}
    assert shares() == pytest.approx(reported, abs=2)


@pytest.mark.long
def test_translation_that_fell_out_of_step_is_named(tmp_path):
    root = copy_campaign(REPOSITORY, tmp_path / "help")
    page, piece = root / "docs/pt/what-it-is.md", root / "docs/pt/leaflets/good-to-know.md"
    text = re.sub("tráfico(?: de pessoas)?", "comércio", page.read_text(encoding="utf-8"), flags=re.IGNORECASE)
    text = text.replace("{#", "{#x-").replace("[^palermo]", "")
    long = "palavra " * 2000
    page.write_text(f"{text}\n\n{long} 77.\n\n:phone:\n\n{{{{ call }}}}\n\n[Mais](signs.md)\n", encoding="utf-8")
    piece.write_text(f"{piece.read_text(encoding='utf-8')}\n\n{long}\n", encoding="utf-8")
    release, words = root / "docs/pt/press/release-start.md", root / "docs/pt/_strings.yml"
    text = release.read_text(encoding="utf-8")
    text = re.sub(r'^(title|headline): "', r'\1: "2072 ', text, flags=re.MULTILINE)
    text = text.replace("description: Um", "description: 2072, um")
    release.write_text(text, encoding="utf-8")
    words.write_text(words.read_text("utf-8").replace("Início", "Início 2072", 1), "utf-8")
    campaign, problems = read(root)
    shown = unsilenced(problems, campaign.silence)
    output = "\n".join(f"{'note' if item.is_note else 'problem'} {str(item).replace(': ', ' ', 1)}" for item in shown)
    for name, _ in COMPARED_PARTS.values():
        assert re.search(rf"note docs/pt/what-it-is.md The {name} differ", output), (name, output)
    for name in (
        "press/release-start.md The numbers of `title`",
        "press/release-start.md The numbers of `headline`",
        "press/release-start.md The numbers of `description`",
        "_strings.yml The numbers of `home`",
    ):
        assert re.search(rf"note docs/pt/{name} differ from docs/en/\S+: this text adds `2072`", output), name
    assert "note docs/pt/what-it-is.md The source says “trafficking" in output
    for where, most in (("what-it-is", MAX_WORDS_IN_PAGES), ("leaflets/good-to-know", MAX_WORDS_IN_PIECES)):
        assert re.search(rf"note docs/pt/{where}.md Sentences have \d+ words on average; {most} are easy", output), (
            output
        )


def test_sentences_are_counted_and_scripts_without_spaces_are_not():
    length = measure("One two three. Four five!\nSix seven eight nine ten\n")
    assert (length.sentences, length.longest, round(length.words, 2)) == (3, 5, 3.33)
    assert round(length.letters, 2) == 3.9
    for text in ("ទឹកជំនន់នាំមក សំណល់មនុស្សជាច្រើន។", "ကူညီပါ။ ရှိနေတဲ့ နေရာက ဒီမှာ။", "请帮帮我。 我在 这里。"):
        assert measure(text) == Length(), text


def test_text_in_another_language_than_its_folder_is_named():
    """Of a language that no model knows (Tetum) too. HELP has no such line: `check` has nothing to say of it."""
    read = read_help()
    codes = tuple(read.languages)

    def lines(code: str, path: str = "signs.md") -> list[str]:
        return text_of(read.pages[code, path]).splitlines()

    for own, code in (("tet", "en"), ("tet", "pt"), ("id", "pt"), ("en", "id"), ("pt", "en")):
        result = find_foreign(lines(code), own, "" if own == "en" else "en", codes)
        assert (result.code, result.is_dominant) == (code, True)
    sentence = "Keep your passport with you at all times, and do not give it to anybody who says he will look after it."
    result = find_foreign([*lines("tet"), sentence], "tet", "en", codes)
    assert (result.lines, result.is_dominant) == ((sentence,), False)
    # Cached lines come first; one new line of a source text decides nothing, three may.
    known: dict[str, str] = {}
    assert find_foreign(lines("pt"), "en", "", codes, cached=known).code == "pt"
    own, two = dict.fromkeys(map(hash_text, lines("tet")), ""), [sentence, f"{sentence} Again."]
    assert find_foreign([*lines("tet"), *two], "tet", "", codes, cached=dict(own)) is None
    assert find_foreign([*lines("pt"), sentence], "en", "", codes, cached=known).is_dominant
    assert find_foreign([*two, f"{sentence} Now."], "tet", "", codes, cached={}).code == "en"
    # Lines identified in parallel get the same result as one by one.
    every = {hash_text(line): line for page in read.pages.values() for line in text_of(page).splitlines()}
    for own in ("pt", "id", "tet"):
        sure = find_own_lines(every, own, codes)
        assert len(sure) > len(every) / 10
        assert find_foreign([every[digest] for digest in sorted(sure)], own, "en", codes) is None


def test_a_line_is_as_likely_in_each_language_as_the_library_has_it():
    """In capitals, in composed letters and in other scripts too; reading each separately gives the same."""
    library = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    for line in (
        "Keep your passport with you.",
        "NOBODY MAY TAKE YOUR PASSPORT AWAY.",
        "Guardate il passaporto: e\u0301 vostro, e\u0301 vostro.",
        "Никто не имеет права забрать ваш паспорт.",
        "Чувајте свој пасош код себе.",
        "ទឹកជំនន់នាំមក សំណល់មនុស្សជាច្រើន។",
        "请帮帮我。 我在 这里。",
    ):
        assert how_likely(line) == pytest.approx(dict(library.rank(line)), abs=1e-5), line


def test_a_number_is_the_same_whichever_space_parts_it():
    source = "Britain 08000\u00a0121\u00a0700, in 2026 120 people"
    assert not differing_numbers(source, "Bretagne 08000 121 700, en 2026 120 gens", "this")
    assert not differing_numbers("Bretagne 08000 121 700", "Britain 08000\u202f121\u202f700", "this")
    for typed in ("08000 121 701", "08000\u2009121\u2009701", "0800 0121 701"):
        text = differing_numbers(source, f"120 gens en 2026 : {typed}", "this")
        assert text == "this lacks `8000121700` and adds `8000121701`"
    assert not differing_numbers("in 2019 300 people", "300 personnes en 2019", "this")
    assert differing_numbers("9" * 5000, "77", "this").endswith(" and adds `77`")
    assert "adds `700`" in differing_numbers("in 2026", "en 2026 700", "this")
