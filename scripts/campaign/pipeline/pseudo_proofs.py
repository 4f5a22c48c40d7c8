"""Pieces in a pseudo-language with longer texts, to see what wouldn't fit in translation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from campaign import printing
from campaign.content.pages import build_page, parse_typed
from campaign.content.pseudo_language import pseudo_page, with_pseudo_words
from campaign.models.campaign import Campaign
from campaign.models.outputs import Output
from campaign.models.page import Page
from campaign.models.problem import Problem


@dataclass(frozen=True)
class Proof:
    """A drawn piece: its sides as SVG, and what doesn't fit."""

    output: Output
    sides: list[bytes]
    problems: list[Problem]


def pseudo_proofs(campaign: Campaign, on_progress: Callable[[int, int], None]) -> Iterator[Proof]:
    """Draw each piece of the source language for the whole country, without writing files.

    Args:
        campaign: the campaign.
        on_progress: called with the number done and the total.
    """
    code = campaign.source_language.code
    pages = [page for (language, _), page in sorted(campaign.pages.items()) if language == code and page.formats]
    pseudo_campaign = with_pseudo_words(campaign, code)
    pieces = [(page, name) for page in pages for name in page.formats]
    for index, (page, name) in enumerate(pieces):
        on_progress(index, len(pieces))
        row = campaign.formats[name]
        output = Output(row.kind, page.stem, code, None, name, row.flavours[0])
        with_page = replace(pseudo_campaign, pages={**campaign.pages, (code, page.path): _translated(campaign, page)})
        sides, problems = printing.draw_sides(with_page, output)
        yield Proof(output, sides, problems)
        printing.forget_drawn(campaign)
    on_progress(len(pieces), len(pieces))


def _translated(campaign: Campaign, page: Page) -> Page:
    text = (campaign.root / page.where).read_text(encoding="utf-8-sig")
    parsed = parse_typed(pseudo_page(text), page.language, page.path, [])
    return build_page(parsed, page.language, campaign.audiences, campaign.formats, None, True)
