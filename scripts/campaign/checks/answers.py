"""Answers: what they declare, whether they help at a glance, and whether posters, leaflets and signs lead to one."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from posixpath import dirname, join, normpath

from campaign.content.answers import answer_of_sign, answers, answers_in, code_target, parts_of, tells_number
from campaign.models.campaign import Campaign
from campaign.models.nodes import Block, Heading, Item, Items, Link, Paragraph, Pictogram, Strong, walk, words
from campaign.models.page import ANSWERS, Answer, Page
from campaign.models.problem import Problem

# An answer should take at most this many screens of a small phone (360 by 640 pixels).
MAX_SCREENS = 2
SCREEN_PX = 640
# Around its text: name and languages, title, call button, labels of folded paragraphs.
FRAME_PX = 330
LETTERS_PER_LINE = 36  # of Latin text; half as many of Chinese, Japanese or Korean
LINE_PX = 23
GAP_PX = 8  # below a paragraph or an item
PIECES = ("poster", "leaflet")
SIGNS = "signs"


def check_answers(campaign: Campaign) -> Iterator[Problem]:
    """Yield what is wrong with a campaign's answers; nothing if it has none."""
    for page in answers(campaign):
        if page.answer:
            yield from _check_declared(campaign, page.answer)
    for code in campaign.languages:
        for page, answer in answers_in(campaign, code):
            if page.language == code:
                yield from _check_complete(campaign, page, answer)
                yield from _check_length(page)
    codes = {code for code in campaign.languages if next(answers_in(campaign, code), None)}
    for page in campaign.pages.values():
        if page.language in codes:
            yield from _check_code(campaign, page)
            yield from _check_signs(campaign, page)


def _check_declared(campaign: Campaign, answer: Answer) -> Iterator[Problem]:
    source = campaign.source_language
    if answer.pictogram and answer.pictogram not in campaign.pictograms:
        fix = f"Choose from: {', '.join(campaign.pictograms)}."
        message = f"`answer: pictogram` names an unknown pictogram: `{answer.pictogram}`."
        yield Problem("value-unknown", answer.where, message, fix)
    if answer.group and f"answers-{answer.group}" not in source.strings:
        fix = f"Add `answers-{answer.group}` to each _strings.yml, or take it out."
        yield Problem("need-no-words", answer.where, f"The group `{answer.group}` has no words for readers.", fix)
    codes = {code for contact in campaign.contacts for code in (contact.id, contact.kind)}
    if answer.call and answer.call not in codes:
        message = f"`answer: call` names no contact of the country: `{answer.call}`."
        yield Problem("value-unknown", answer.where, message, f"Choose from: {', '.join(sorted(codes))}.")
    for name in answer.sources:
        path, _, section = name.partition("#")
        target = campaign.pages.get((source.code, path))
        if not target:
            message = f"`answer: from` names a page that doesn't exist: `{path}`."
            yield Problem("link-dead", answer.where, message, "Name a file such as posters/ask-first.md.")
        elif section and section not in [heading.to for heading in target.outline.headings]:
            message = f"`answer: from` names a section that doesn't exist: `{name}`."
            yield Problem("link-dead", answer.where, message, "Name the id of a heading of that page.")


def _check_complete(campaign: Campaign, page: Page, answer: Answer) -> Iterator[Problem]:
    is_source = page.language == campaign.source_language.code
    lacks = {
        "pictogram": is_source and not answer.pictogram,
        "steps": not parts_of(page).steps,
        "number to call": not tells_number(page),
        "search terms": not page.search,
    }
    if missing := [name for name, is_missing in lacks.items() if is_missing]:
        message = f"The answer “{page.title}” has no {', no '.join(missing)}."
        fix = "Add what it lacks, so that everyone can find and use it."
        yield Problem("answer-incomplete", page.where, message, fix)


def _check_length(page: Page) -> Iterator[Problem]:
    screens = estimated_height(page) / SCREEN_PX
    if screens > MAX_SCREENS:
        message = f"The answer “{page.title}” takes about {screens:.1f} screens of a small phone."
        yield Problem("answer-long", page.where, message, f"Shorten it to {MAX_SCREENS} screens, or divide it.")


def estimated_height(page: Page) -> float:
    """Return the height of an answer above its sources on a small phone, in pixels, estimated from its letters."""
    folded = parts_of(page).folded
    blocks = (block for block in page.document.blocks if block not in folded)
    return FRAME_PX + sum(map(_block_height, blocks))


def _block_height(block: Block) -> float:
    if isinstance(block, Items):
        return sum(_text_height(words(_inlines(item)), indent=4) for item in block.children)
    if isinstance(block, Heading | Paragraph):
        return _text_height(words(block.children))
    texts = [words(node.children) for node in walk((block,)) if isinstance(node, Paragraph)]
    return sum(map(_text_height, texts)) or LINE_PX + GAP_PX


def _inlines(item: Item) -> list[Paragraph]:
    return [node for node in walk((item,)) if isinstance(node, Paragraph)]


def _text_height(text: str, indent: int = 0) -> float:
    width = sum(_letter_width(letter) for letter in text)
    lines = -(-width // (LETTERS_PER_LINE - indent))
    return lines * LINE_PX + GAP_PX


def _letter_width(letter: str) -> int:
    if unicodedata.combining(letter) or unicodedata.category(letter) in ("Mn", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


def _check_code(campaign: Campaign, page: Page) -> Iterator[Problem]:
    kinds = [campaign.formats[name].kind for name in page.formats]
    kind = next((kind for kind in kinds if kind in PIECES), "")
    if not kind:
        return
    target = campaign.page(page.language, code_target(campaign, page))
    if target and not (_is_answer(target.path) or (kind != PIECES[0] and _leads_on(target, page))):
        message = f"The code of this {kind} leads to {target.path}, which answers nothing."
        fix = f"Name {page.path} in the `answer: from` of an answer."
        yield Problem("answer-missing", page.where, message, fix)


def _is_answer(path: str) -> bool:
    return path.startswith(ANSWERS)


def _leads_on(target: Page, piece: Page) -> bool:
    """Return whether a page other than the piece's own lists answers or links to one."""
    links = (_linked_path(target, link.to) for link in target.outline.links)
    return target.path != piece.path and (target.outline.has_shortcode("answers") or any(map(_is_answer, links)))


def _check_signs(campaign: Campaign, page: Page) -> Iterator[Problem]:
    """Yield signs without an answer in lists where others have one."""
    section = ""
    for block in page.document.blocks:
        if isinstance(block, Heading):
            section = block.id
        if isinstance(block, Items) and SIGNS in block.classes and block.begin_with_pictograms:
            signs = [(item, _leads_to_answer(campaign, page, section, item)) for item in block.children]
            if any(leads for _, leads in signs):
                yield from (_lost_sign(page, item) for item, leads in signs if not leads)


def _leads_to_answer(campaign: Campaign, page: Page, section: str, item: Item) -> bool:
    """Return whether a sign's words in bold lead to an answer."""
    sign, *inlines = _inlines(item)[0].children
    strong = [node for node in inlines if isinstance(node, Strong)][:1]
    links = [node.to for node in walk(strong) if isinstance(node, Link)]
    if not any(isinstance(node, Link) for node in walk(inlines)) and isinstance(sign, Pictogram):
        return bool(answer_of_sign(campaign, page.path, section, sign.name))
    return any(_is_answer(_linked_path(page, to)) for to in links)


def _lost_sign(page: Page, item: Item) -> Problem:
    text = words(_inlines(item)[0].children[1:]).strip()[:40]
    fix = "Link its words in bold to a page in answers/."
    return Problem("answer-missing", page.line(item.start), f"The sign “{text}” leads to no answer.", fix)


def _linked_path(page: Page, to: str) -> str:
    return normpath(join(dirname(page.path), to.partition("#")[0]))
