"""The document for reviewing a translation, and a release's problems about untested pieces."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date

import pytest
from conftest import HERE
from docx import Document

from campaign.checks.release import check_release
from campaign.content import load
from campaign.exchange.review_bundle import HEADS, bundle, core_pages
from campaign.models.page import Cover, Pretest


@pytest.fixture(scope="module")
def campaign():
    return load(HERE / "campaigns/tiny")[0]


def test_reviewer_gets_what_the_public_reads_beside_its_source_where_to_call_first(campaign):
    pages = core_pages(campaign, "ar")
    assert pages[0][1].path == campaign.help_page
    document = Document(io.BytesIO(bundle(campaign, "ar")))
    assert len(document.tables) == len(pages)
    head, title, *_ = ([cell.text for cell in row.cells] for row in document.tables[0].rows)
    assert head == list(HEADS)
    assert title == [pages[0][0].title, pages[0][1].title, "", ""]


def test_release_names_pieces_that_nobody_tried_out_or_too_few_understood(campaign):
    key = next(key for key, page in campaign.pages.items() if page.formats and key[0] == "fil")
    page = campaign.pages[key]

    def messages_for(tested: Pretest | None) -> str:
        pages = {**campaign.pages, key: replace(page, tested=tested, audiences=campaign.audiences)}
        return "\n".join(map(str, check_release(replace(campaign, pages=pages))))

    assert page.stem in messages_for(None).partition("docs/fil: No test is recorded for ")[2].partition("\n")[0]
    assert "(piece-not-understood)" in messages_for(Pretest(date(2026, 11, 1), 15, 20, page.where))
    assert "(piece-not-understood)" not in messages_for(Pretest(date(2026, 11, 1), 16, 20, page.where))

    def tried(*covers: tuple[str, Pretest | None]) -> str:
        named = tuple(Cover(letter, page.art, tested) for letter, tested in covers)
        pages = {**campaign.pages, key: replace(page, covers=named, audiences=campaign.audiences)}
        return "\n".join(map(str, check_release(replace(campaign, pages=pages))))

    passed = Pretest(date(2026, 11, 1), 17, 20, page.where)
    assert f"{page.stem} (cover B)" in tried(("a", passed), ("b", None))
    assert f"{page.stem} (cover A)" not in tried(("a", passed), ("b", None))
    assert "(piece-not-understood)" in tried(("a", passed), ("b", replace(passed, understood=15)))
