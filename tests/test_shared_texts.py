"""The parts of a saved copy: the same whether all pages are read or only those that changed."""

from __future__ import annotations

from hypothesis import given, settings, strategies

from campaign.cache.memo import Memo
from campaign.cache.store import hash_text
from campaign.website.shared_texts import PAGES_IN_PART, SavedPages

WORDS = strategies.sampled_from(["<p>", "</p>", "<b>", "a>", "b>", "c>", "d>", "{e}", "{f}", "g"])
PAGES = strategies.lists(strategies.lists(WORDS, max_size=6).map("".join), min_size=1, max_size=25)


def saved(pages: dict[str, str], memo: Memo, read: list[str]) -> SavedPages:
    def take(page: str) -> str:
        read.append(page)
        return pages[page]

    return SavedPages({page: hash_text(html) for page, html in pages.items()}, take, memo)


def parts(pages: dict[str, str], memo: Memo) -> dict[str, tuple[str, str]]:
    return {address: (key, write()) for address, (key, write) in saved(pages, memo, []).parts("en").items()}


def numbered(texts: list[str]) -> dict[str, str]:
    return {f"en/{number:02}.html": text for number, text in enumerate(texts)}


@settings(deadline=None)
@given(versions=strategies.lists(PAGES, min_size=2, max_size=4))
def test_parts_after_any_changes_are_those_of_a_first_build(versions):
    memo = Memo(None)
    for texts in versions:
        assert parts(numbered(texts), memo) == parts(numbered(texts), Memo(None))


@settings(deadline=None)
@given(texts=PAGES, position=strategies.integers(min_value=0), text=strategies.lists(WORDS, max_size=6).map("".join))
def test_parts_after_one_change_are_those_of_a_first_build(texts, position, text):
    memo = Memo(None)
    parts(numbered(texts), memo)
    changed = [*texts]
    changed[position % len(texts)] = text
    assert parts(numbered(changed), memo) == parts(numbered(changed), Memo(None))


def test_sentence_of_one_page_changes_its_part_only_and_no_other_page_is_read():
    memo, read = Memo(None), []
    before = numbered([f"<p>A shared line.</p><p>Page {n}.</p>" for n in range(3 * PAGES_IN_PART)])
    old = parts(before, memo)
    after = before | {"en/12.html": before["en/12.html"] + "<p>One more sentence.</p>"}
    new = saved(after, memo, read).parts("en")
    assert [address for address in new if new[address][0] != old[address][0]] == ["en/saved-2.json"]
    assert read == ["en/12.html"]


def test_line_that_a_second_page_takes_over_is_shared_from_then_on():
    memo = Memo(None)
    pages = numbered(["<p>One.</p>", "<p>Two.</p>", "<p>Three.</p>"])
    parts(pages, memo)
    pages["en/02.html"] = "<p>One.</p>"
    assert "One.</p>" in saved(pages, memo, []).shared
