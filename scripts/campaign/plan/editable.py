"""Editable files of pages: which pages have them, and their names below dist/."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from campaign.models.campaign import Campaign
from campaign.models.filled_form import FORM_SUFFIX
from campaign.models.outputs import OFFICE, Output
from campaign.models.page import Page
from campaign.plan.outputs import catalogue

# The folder below dist/; builds keep it, because people may have changed its files.
EDITABLE = "editable"
WORD = "docx"
SLIDES = "pptx"
FORM = f"{FORM_SUFFIX}.pdf"
# The kinds of file by the design of a page's format.
KINDS_BY_DESIGN = {"handout": (WORD, FORM), "booklet": (WORD,), "slides": (SLIDES,)}


@dataclass(frozen=True)
class EditableFile:
    """A file to make: its page, the printed output that it comes from, WORD, SLIDES or FORM, and its path."""

    page: Page
    output: Output
    kind: str
    path: str  # below dist/


def editable_files(
    campaign: Campaign, languages: Collection[str] = (), names: Collection[str] = ()
) -> Iterator[EditableFile]:
    """Yield the editable files of pages.

    Args:
        campaign: the campaign.
        languages: codes; () for all.
        names: of pieces; () for all.
    """
    pages = pages_by_piece(campaign)
    for output in catalogue(campaign, (None,)):
        page = pages.get((output.language or "", output.name))
        format = campaign.formats.get(output.format)
        is_printed = output.flavour == OFFICE and output.ending == "pdf" and not output.part
        if not page or not format or not is_printed or output.is_drawn_from:
            continue
        if (languages and page.language not in languages) or (names and page.stem not in names):
            continue
        for kind in KINDS_BY_DESIGN.get(format.design, ()):
            yield EditableFile(page, output, kind, editable_path(page, kind))


def editable_path(page: Page, kind: str) -> str:
    """Return the path below dist/ of a page's file of a kind."""
    ending = f"-{kind}" if kind == FORM else f".{kind}"
    return f"{EDITABLE}/{page.language}/{page.stem}-{page.language}{ending}"


def pages_by_piece(campaign: Campaign) -> dict[tuple[str, str], Page]:
    """Return the printed pages by language and stem; the first of several with one name."""
    return {(page.language, page.stem): page for page in reversed([*campaign.pages.values()]) if page.formats}
