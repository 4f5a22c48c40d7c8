"""HELP's words: in step in every language, short, and Tetum where they say so."""

from __future__ import annotations

import re

from conftest import HERE, REPOSITORY, copy_campaign, run
from tetum import fold, likelihood, unlisted

from campaign.checks.words import measure, text_of
from campaign.content import load

LOOKED_AT = HERE / "golden/tetum-words.txt"


def tetum_pages():
    campaign, _ = load(REPOSITORY)
    return [page for (code, _), page in campaign.pages.items() if code == "tet"]


def accepted_words() -> frozenset[str]:
    """Folded words of the glossary and names: places, organisations, what stands in a source's title."""
    campaign, _ = load(REPOSITORY)
    texts = [form for term in campaign.glossary for form in term.forms.get("tet", ())]
    texts += [name for place in campaign.places.values() for name in place.names.values()]
    texts += [contact.name for contact in campaign.contacts]
    texts += [f"{source.title} {source.publisher}" for source in campaign.sources.values()]
    return frozenset(fold(word) for text in texts for word in re.findall(r"[^\W\d_]+(?:['’][^\W\d_]+)*", text))


def words_to_look_at() -> list[str]:
    """Words of Tetum pages that no list has, in the order of the alphabet."""
    accepted = accepted_words()
    return sorted({word for page in tetum_pages() for word in unlisted(text_of(page), accepted)})


def test_nothing_in_help_is_left_to_mend():
    assert run(REPOSITORY, "check").strip().endswith("Nothing to mend.")


def test_every_tetum_page_is_identified_as_tetum():
    faults = {page.path: likelihood(text_of(page)) for page in tetum_pages() if len(text_of(page).split()) > 8}
    assert {path: sure for path, sure in faults.items() if sure < 0.95} == {}


def test_every_tetum_word_outside_the_lists_was_looked_at():
    """Renew the golden file with tests/renew_golden.py, then look each new word up or ask a speaker."""
    known = set(LOOKED_AT.read_text(encoding="utf-8").split("\n"))
    assert [word for word in words_to_look_at() if word not in known] == []


def test_translation_that_fell_out_of_step_is_named(tmp_path):
    root = copy_campaign(REPOSITORY, tmp_path / "help")
    page = root / "docs/pt/what-it-is.md"
    text = page.read_text(encoding="utf-8")
    for old, new in (
        ("{#", "{#x-"),
        ("tráfico de pessoas", "comércio"),
        ("tráfico", "comércio"),
        ("Tráfico", "Comércio"),
    ):
        text = text.replace(old, new)
    page.write_text(text + "\n\n" + "palavra " * 40 + "77.\n\n:phone:\n", encoding="utf-8")
    said = run(root, "check")
    for what in (
        "The headings differ",
        "The numbers differ",
        "The pictograms differ",
        "The source says “trafficking",
    ):
        assert re.search(rf"note docs/pt/what-it-is.md {what}", said), (what, said)


def test_sentences_are_counted_and_scripts_without_spaces_are_not():
    length = measure("One two three. Four five!\nSix seven eight nine ten\n")
    assert (length.sentences, length.longest, round(length.words, 2)) == (3, 5, 3.33)
    assert not measure("ទឹកជំនន់នាំមកនូវធូលីនិងសំណល់មនុស្សជាច្រើន ចូលទៅក្នុងអណ្តូងទឹករបស់យើងទាំងអស់គ្នា។").has_words
