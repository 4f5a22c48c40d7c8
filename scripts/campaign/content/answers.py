"""Answers: pages about what to do in one situation, declared once (`answer:`), and the pieces about them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TypeVar

from msgspec.structs import replace

from campaign.graph.tracking import derived
from campaign.models.campaign import Campaign
from campaign.models.contact import Contact
from campaign.models.nodes import Items, Link, Node, Note, Paragraph, Strong, walk
from campaign.models.page import ANSWERS, Answer, Page

# The list of steps, and the sentence above it.
STEPS = "steps"
LEAD = "lead"
N = TypeVar("N", bound=Node)


@dataclass(frozen=True)
class Parts:
    """An answer's text, by what it is for."""

    lead: tuple[Paragraph, ...]
    steps: tuple[Items, ...]
    say: tuple[Paragraph, ...]  # the words for the phone: the first paragraph after the steps that begins in bold
    folded: tuple[Paragraph, ...]  # the others that begin so, except the last: what to do if that isn't safe


def parts_of(page: Page) -> Parts:
    """Return an answer's text in parts."""
    blocks = page.document.blocks
    steps = [block for block in blocks if isinstance(block, Items) and STEPS in block.classes]
    lead = [block for block in blocks if isinstance(block, Paragraph) and LEAD in block.classes]
    after = blocks[blocks.index(steps[0]) :] if steps else ()
    labelled = [block for block in after if isinstance(block, Paragraph) and _is_labelled(block)]
    return Parts(tuple(lead), tuple(steps), tuple(labelled[:1]), tuple(labelled[1:-1]))


def _is_labelled(paragraph: Paragraph) -> bool:
    """Return whether a paragraph begins with a label in bold, such as `**What to say:**`."""
    return bool(paragraph.children) and isinstance(paragraph.children[0], Strong)


def answers(campaign: Campaign) -> list[Page]:
    """Return the source language's answers that declare something, in the order of lists."""
    return [campaign.pages[campaign.source_language.code, path] for path in _answer_paths(campaign)]


@derived
def _answer_paths(campaign: Campaign) -> tuple[str, ...]:
    source = campaign.source_language
    groups = {key.removeprefix("answers-"): n for n, key in enumerate(source.strings) if key.startswith("answers-")}

    def position(page: Page, answer: Answer) -> tuple[int, bool, int, str]:
        return groups.get(answer.group, len(source.strings)), answer.order is None, answer.order or 0, page.path

    declared = [(page, page.answer) for (code, _), page in campaign.pages.items() if code == source.code]
    return tuple(page.path for page, _ in sorted(((p, a) for p, a in declared if a), key=lambda pair: position(*pair)))


def answers_in(campaign: Campaign, code: str) -> Iterator[tuple[Page, Answer]]:
    """Yield the answers as a language shows them, each with what it declares."""
    for source in answers(campaign):
        page = campaign.page(code, source.path)
        if page and source.answer:
            yield page, source.answer


def answers_on_cards(campaign: Campaign, code: str, group: str = "") -> list[tuple[Page, Answer]]:
    """Return the translated answers with steps and one number to call, or those of a group: they fit on a card."""
    return [
        (page, answer)
        for page, answer in answers_in(campaign, code)
        if page.language == code and group in ("", answer.group) and _fits_a_card(page)
    ]


def cards_of(campaign: Campaign, piece: Page) -> list[Page]:
    """Return the answers of a piece's cards, in order."""
    groups = [each.arguments.get("group", "") for each in piece.outline.shortcodes if each.to == "answers"]
    return [page for group in groups for page, _ in answers_on_cards(campaign, piece.language, group)]


def _fits_a_card(page: Page) -> bool:
    parts = parts_of(page)
    links = (node.to for node in walk((*parts.lead, *parts.steps)) if isinstance(node, Link))
    return page.outline.has_shortcode("call") and bool(parts.steps) and not any(to.startswith("tel:") for to in links)


def without_notes(node: N) -> N:
    """Return a node without references to sources, for texts that are heard, or shown without sources."""
    children = getattr(node, "children", None)
    if children is None:
        return node
    return replace(node, children=tuple(without_notes(child) for child in children if not isinstance(child, Note)))


def declared_answer(campaign: Campaign, path: str) -> Answer | None:
    """Return what an answer declares; None for other pages."""
    page = campaign.pages.get((campaign.source_language.code, path)) if path.startswith(ANSWERS) else None
    return page.answer if page else None


def contact_of(campaign: Campaign, answer: Answer | None) -> Contact | None:
    """Return whom an answer tells to call: its contact with a printable number, otherwise the main number."""
    wanted = answer.call if answer else ""
    printable = [contact for contact in campaign.contacts if contact.is_printed and wanted]
    named = (contact for contact in printable if contact.id == wanted)
    of_kind = (contact for contact in printable if contact.kind == wanted)
    return next(named, None) or next(of_kind, None) or campaign.emergency


def answer_for(campaign: Campaign, path: str) -> str:
    """Return the path of the first answer that names a piece, or ''."""
    return _answers_by_piece(campaign).get(path, "")


def code_target(campaign: Campaign, page: Page) -> str:
    """Return the path of the page that a piece's code leads to: typed, or its answer, or itself."""
    answer = answer_for(campaign, page.path)
    return page.options.link or (answer if answer and campaign.page(page.language, answer) else page.path)


@derived
def _answers_by_piece(campaign: Campaign) -> dict[str, str]:
    pairs = [(source, page.path) for page in answers(campaign) if page.answer for source in page.answer.sources]
    return dict(reversed(pairs))


def answer_of_sign(campaign: Campaign, path: str, section: str, pictogram: str) -> str:
    """Return the path of the answer that names a page or section for the sign with its pictogram, or ''."""
    names = {path, f"{path}#{section}"}
    pairs = ((page.path, page.answer) for page in answers(campaign) if page.answer)
    paths = (path for path, answer in pairs if answer.pictogram == pictogram and not names.isdisjoint(answer.sources))
    return next(paths, "")


def tells_number(page: Page) -> bool:
    """Return whether an answer gives a number to call."""
    outline = page.outline
    has_contact = outline.has_shortcode("call") or outline.has_shortcode("contacts")
    return has_contact or any(link.to.startswith("tel:") for link in outline.links)
