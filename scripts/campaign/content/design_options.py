"""What a piece asks of its design, in the front matter: `options: {order: ..., without: ..., colours: ...}`.

order: sections in the order wished; of a folded leaflet, panels that change places with one another
without: sections that stand on the page only, and of the small print `credit` or `sources`
colours: tokens of the look that take the colour of others, as in {band: indigo}
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from campaign.models.formats import FORMATS
from campaign.models.page import Page
from campaign.models.problem import Problem

SMALL_PRINT = ("credit", "sources")


def words_of(option: object) -> list[str]:
    """A list of words, or words with commas between them."""
    if isinstance(option, list | tuple):
        return [str(part) for part in option]
    return [part.strip() for part in str(option).split(",")] if option else []


def is_without(page: Page, name: str) -> bool:
    """Whether a section, or a part of the small print, is left out on paper."""
    return name in words_of(page.options.get("without"))


def ordered(page: Page, names: Sequence[str]) -> list[str]:
    """Names of sections, those of `order` exchanged among the places that they hold."""
    wished = iter([name for name in words_of(page.options.get("order")) if name in names])
    moved = {*words_of(page.options.get("order"))}
    return [next(wished) if name in moved else name for name in names]


def recolouring(page: Page) -> dict[str, str]:
    """Token by token that it takes its colour from."""
    wished = page.options.get("colours")
    return {str(name): str(other) for name, other in wished.items()} if isinstance(wished, Mapping) else {}


def check_wishes(page: Page, tokens: Collection[str]) -> Iterator[Problem]:
    """A problem for each wish that nobody can fulfil. tokens: the colours of the look."""
    sections = [panel.id for panel in page.panels]
    needed = {id for format in page.formats for id in FORMATS[format].panels}
    optional = [*(id for id in sections if id not in needed), *SMALL_PRINT]
    is_folded = any(FORMATS[format].sheets for format in page.formats)
    movable = [id for id in sections if not (is_folded and id == "cover")]
    colours = page.options.get("colours", {})
    pairs = [name for pair in recolouring(page).items() for name in pair]
    if not isinstance(colours, Mapping):
        yield Problem(page.where, "`options: colours` takes `name: other` pairs.", "As in {band: indigo}.")
    for option, named, known in (
        ("order", words_of(page.options.get("order")), movable),
        ("without", words_of(page.options.get("without")), optional),
        ("colours", pairs, list(tokens)),
        ("inks", words_of(page.options.get("inks")), list(tokens)),
    ):
        for name in named:
            if name not in known:
                what = f"`options: {option}` names `{name}`, which it cannot."
                yield Problem(page.where, what, f"Choose from: {', '.join(known)}.")
        if option == "order" and len(set(named)) < len(named):
            yield Problem(page.where, "`options: order` names a section twice.", "Name each once.")
