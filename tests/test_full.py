"""As much as an office really has, in six scripts: nothing is left out, cut, small, or copied wrong.

A tenth of it for each language; tests/long/test_every_leaflet.py makes the whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import accumulate
from pathlib import Path

import pypdfium2
import pytest
from conftest import mostly_long, read_help
from full_campaign import WORDS, full_campaign
from printed_text import Printed, edges, letters
from test_prints import tool

from campaign.content import load
from campaign.content.formats import shipped_formats
from campaign.models.campaign import Campaign
from campaign.models.contact import order_for
from campaign.models.outputs import Output
from campaign.plan.outputs import catalogue
from campaign.printing import describe, make
from campaign.printing.layout import TEXT_FLOOR

LEAST_NUMBER = 16
# What pdfium makes of a size that Typst rounded.
ROUNDING_TOLERANCE_PT = 0.06
# Millimetres, and a little less, since italics and marks reach out.
COLUMN, EDGE = 6, 9
BOX = re.compile(r'xMin="(.+?)" yMin="(.+?)" xMax="(.+?)" yMax="(.+?)"')


def leaflets_of(campaign: Campaign) -> list[Output]:
    """Forty leaflets for the harbour, three for each of thirty places, and what they have no room for."""
    results = [o for o in catalogue(campaign) if o.flavour == "office" and o.place]
    sheets = [o for o in results if o.kind == "contact-sheet"]
    folded = [o for o in results if o.kind in ("leaflet", "flyer")]
    return [*(o for o in folded if o.place == "harbour" or not o.name.startswith("mixed")), *sheets]


def localised(node: object) -> Iterator[str]:
    """The words of panels in print order, without those in characters, contacts or codes."""
    if isinstance(node, str):
        yield node
    elif isinstance(node, list):
        for item in node:
            yield from localised(item)
    elif isinstance(node, dict) and node.get("t") not in ("sup", "contacts", "call", "icon"):
        yield from localised(node.get("c", []))


def problems_of(campaign: Campaign, output: Output, folder: Path) -> list[str]:
    """The faults of a newly made piece: always ''."""
    target = folder / Path(output.path).name
    result = make(campaign, output, target)
    if isinstance(result, list):
        return [f"{output.path}: {problem.message}" for problem in result]
    printed, described = Printed(target), describe(campaign, output)
    results = (*lost_words(printed, described), *wrong_numbers(printed, described), *strays(target, described))
    return [f"{output.path}: {what}" for what in results]


def strays(path: Path, described: dict) -> Iterator[str]:
    """Letters of folded pieces outside their column: 6.5 mm next to folds, 10 mm next to edges."""
    sheets = [[width for _, width in side] for side in described["sheets"]] if described["small-print"] else []
    for page, widths in enumerate(sheets):
        order = widths[::-1] if described["language"]["direction"] == "rtl" else widths
        folds = list(accumulate(order))
        for letter, left, right in edges(path, page):
            near = [fold for fold in folds[:-1] if left < fold + COLUMN and right > fold - COLUMN]
            if near or left < EDGE or (right > folds[-1] - EDGE and described["format"] != "flyer"):
                yield f"`{letter}` stands at {left:.1f} to {right:.1f} mm of page {page + 1}, outside of its column"


def lost_words(printed: Printed, described: dict) -> Iterator[str]:
    """Words of panels that aren't copied letter by letter, or are small; the address to type."""
    panels = described["panels"].values()
    for words in (
        *(panel["title"] for panel in panels),
        *(said for panel in panels for said in localised(panel["blocks"])),
    ):
        size = printed.size(words)
        if not size and described["language"]["direction"] == "rtl":
            # The mark of a note can be between two halves of a line, which pdfium then reads in another order.
            size = min(map(printed.size, words.split()), default=0)
        if letters(words) and not size >= TEXT_FLOOR - ROUNDING_TOLERANCE_PT:
            yield f"`{words}` is printed at {size}"
    # On the contact sheet it is small print.
    if described["small-print"] and not printed.size(described["link"]["typed"]):
        yield f"{described['link']['typed']} is missing"


def wrong_numbers(printed: Printed, described: dict) -> Iterator[str]:
    """Numbers that are missing, small, larger than the main one, or run into the digits to dial after them."""
    contacts = [*described["contacts"]["national"], *described["contacts"]["local"]]
    main = next(printed.size(contact["phone"]) for contact in contacts if contact["main"])
    texts = [number for contact in contacts for number in (contact, *contact["more"])]
    shown = [number for number in texts if printed.size(number["phone"])]
    for number in shown:
        if not LEAST_NUMBER - ROUNDING_TOLERANCE_PT <= printed.size(number["phone"]) <= main + ROUNDING_TOLERANCE_PT:
            yield f"{number['phone']} is printed at {printed.size(number['phone'])}, the main one at {main}"
        if number["extension"] and not printed.size(number["phone"] + number["extension"]):
            yield f"{number['phone']} has lost {number['extension']}"
    if described["kind"] == "contact-sheet":
        addresses = [
            line for contact in contacts for line in (*contact["reach"], *contact["addresses"], *contact["times"])
        ]
        yield from (
            f"{line} is missing" for line in addresses if not printed.size(line) >= TEXT_FLOOR - ROUNDING_TOLERANCE_PT
        )
    elif len(shown) < len(texts) and not printed.size(described["contacts"]["more"]):
        yield f"{len(texts) - len(shown)} numbers are left out without saying where they are"
    if described["kind"] == "contact-sheet" and len(shown) < len(texts):
        yield f"{len(texts) - len(shown)} numbers are missing"


# The long test tries every one.
STEP = 60


@pytest.fixture(scope="module")
def full(tmp_path_factory) -> Campaign:
    campaign, problems = load(full_campaign(tmp_path_factory.mktemp("full") / "campaign", leaflets=40, places=30))
    assert not [problem for problem in problems if problem.stops]
    return campaign


@pytest.mark.long
@pytest.mark.parametrize("language", WORDS)
def test_some_leaflets_of_each_language_hold_what_an_office_has(full, language, tmp_path):
    every = [output for output in leaflets_of(full) if output.language == language]
    # Others of each language; a contact sheet is like the next.
    some = every[list(WORDS).index(language) : -31 : STEP] + every[-1:]
    assert [said for output in some for said in problems_of(full, output, tmp_path)] == []


@pytest.mark.parametrize("language", mostly_long(WORDS, "my"))
def test_nothing_of_large_print_is_small(full, language, tmp_path):
    """Signs of notes, small print and the foot of each page as well; every number is there."""
    expected = ("large-print", language, "harbour", "office")
    leaflet = next(o for o in catalogue(full) if (o.kind, o.language, o.place, o.flavour) == expected)
    assert not isinstance(result := make(full, leaflet, tmp_path / "large.pdf"), list), result
    printed, described = Printed(tmp_path / "large.pdf", smallest=0), describe(full, leaflet)
    assert min(printed.sizes) >= shipped_formats()["large-print"].least_text - ROUNDING_TOLERANCE_PT
    contacts = [*described["contacts"]["national"], *described["contacts"]["local"]]
    numbers = [number["phone"] for contact in contacts for number in (contact, *contact["more"])]
    assert [number for number in numbers if not printed.size(number)] == []


# Of HELP's pieces, those that ended in large print on a page with nothing but small print.
SHORT_OF_WORDS = (
    ("id", "leaflets/know-the-signs.md"),
    ("tet", "leaflets/know-the-signs.md"),
    ("zh", "leaflets/good-to-know.md"),
    ("fil", "leaflets/good-to-know.md"),
)


@pytest.mark.long
def test_last_page_has_words_above_its_small_print(tmp_path):
    campaign = read_help()
    pages = {key: replace(campaign.pages[key], formats=("large-print",)) for key in SHORT_OF_WORDS}
    campaign = replace(campaign, pages={**campaign.pages, **pages})
    for language, path in SHORT_OF_WORDS:
        output = Output("large-print", Path(path).stem, language, "viqueque", "large-print", "office")
        assert not isinstance(result := make(campaign, output, tmp_path / "large.pdf"), list), result
        with pypdfium2.PdfDocument(tmp_path / "large.pdf") as document:
            last = letters(document[len(document) - 1].get_textpage().get_text_range())
        words = campaign.languages[language].strings
        # The foot of each page is read first.
        above, _, _ = last.partition(letters(words["scan"]))
        assert len(above) > len(letters(words["draft"] + words["page-of"])) + 20, (language, path, above)


def test_card_has_the_number_on_the_side_that_names_it(full, tmp_path):
    card = next(output for output in catalogue(full) if output.kind == "card" and output.flavour == "office")
    assert not isinstance(make(full, card, tmp_path / "card.pdf"), list)
    assert Printed(tmp_path / "card.pdf").size("0808 157 0142") >= LEAST_NUMBER


@pytest.mark.parametrize("language", ["en", "zh"])
def test_three_short_sentences_and_a_long_chinese_one_fit_every_screen(full, language, tmp_path):
    """Sentences run on if there is no line for each; Chinese lines end after any letter."""
    for output in catalogue(full):
        # The smallest and the tallest: those that leave the least room for words.
        is_narrow = output.destination in ("feature-phone", "status-story", "facebook-instagram-portrait")
        if output.kind == "screen" and output.language == language and is_narrow:
            assert not isinstance(result := make(full, output, tmp_path / "screen.png"), list), result


def test_nearest_urgent_free_and_spoken_come_first_after_the_main_contact(full):
    order = [contact.id for contact in order_for(full.contacts_for("harbour"), full.emergency, "en")]
    assert order[:5] == ["helpline", "harbour-rescue", "harbour-clinic", "harbour-water", "harbour-animals"]
    assert order[5:9] == ["rabies-centre", "poison-line", "oral-rehydration", "electricity"]


def test_signs_beside_numbers_are_explained_and_no_word_of_a_flyer_lies_on_another(full, tmp_path):
    """Its back is on the inside of the sheet, at its own size, and its small print on the cover."""
    flyer = next(o for o in leaflets_of(full) if o.kind == "flyer" and o.language == "en")
    assert problems_of(full, flyer, tmp_path) == []
    path = tmp_path / Path(flyer.path).name
    text = " ".join(tool("pdftotext", path, "-").split())
    assert "Number from: Ofcom, Numbers for drama." in text
    assert "Nobody has checked this number yet." in text
    boxes = [list(map(float, found)) for found in BOX.findall(tool("pdftotext", "-f", "2", "-bbox", path, "-"))]
    # Boxes of large letters are higher than these.
    boxes = [box for box in boxes if box[3] - box[1] < 24]
    assert len(boxes) > 50
    for index, (left, top, right, bottom) in enumerate(boxes):
        for x, y, x_end, y_end in boxes[index + 1 :]:
            # Boxes of lines touch; half a line is too much.
            across, down = min(right, x_end) - max(left, x), min(bottom, y_end) - max(top, y)
            assert across < 2 or down < 0.6 * min(bottom - top, y_end - y), (left, top)
