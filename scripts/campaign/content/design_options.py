"""Options of a design in the front matter, such as the order of sections.

`order` reorders sections (on a folded leaflet, panels that swap), `without` leaves out sections or `credit`, `sources`,
`partners`, and `colours` replaces colours, as in {band: indigo}.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from campaign.content.contrast import PRINT, luminance, too_weak
from campaign.models.formats import Format
from campaign.models.page import DesignOptions, Page
from campaign.models.problem import Problem
from campaign.models.theme import Colour
from campaign.schema.declaration import declared_fields
from campaign.schema.kinds import DesignOptions as DesignOptionsNote
from campaign.schema.kinds import PageFront
from campaign.schema.yaml_reader import Value

SMALL_PRINT = ("credit", "sources", "partners")


def read_options(front: PageFront, formats: Sequence[Format]) -> DesignOptions:
    """Return the options; those that no format of the page knows are problems."""
    typed = front.options
    if typed is None:
        return DesignOptions()
    known = {option for format in formats for option in format.options}
    given = tuple(key for key in typed.keys if key in declared_fields(DesignOptionsNote))
    for key in given if formats else ():
        if key not in known:
            fix = f"Take it out; what it may ask: {', '.join(sorted(known)) or 'nothing'}."
            what = f"`options: {key}` means nothing to what this page is printed as."
            typed.complain("option-useless", key, what, fix)
    colours = typed.colours.plain() if typed.colours else {}
    if not isinstance(colours, Mapping):
        fix = "As in {band: indigo}."
        typed.complain("value-not-lines", "colours", "`options: colours` takes `name: other` pairs.", fix)
        colours = {}
    return DesignOptions(
        art=typed.art,
        link=typed.link,
        has_places=typed.places is not False,
        order=_words(typed.order),
        without=_words(typed.without),
        colours=tuple((str(name), str(other)) for name, other in colours.items()),
        inks=_words(typed.inks),
        spots=_words(typed.spots),
        given=given,
    )


def _words(typed: Value | None) -> tuple[str, ...]:
    if typed is None:
        return ()
    if typed.items is not None:
        return tuple(item.text or "" for item in typed.items)
    return tuple(part.strip() for part in (typed.text or "").split(",") if part.strip())


def ordered(page: Page, names: Sequence[str]) -> list[str]:
    """Return the design's section names, with those in `order` swapped among their positions."""
    wished = iter([name for name in page.options.order if name in names])
    moved = {*page.options.order}
    return [next(wished) if name in moved else name for name in names]


def check_options(page: Page, formats: Sequence[Format], tokens: Mapping[str, Colour]) -> Iterator[Problem]:
    """Yield a problem for each option that the page's formats can't apply. `tokens`: colours by name."""
    sections = [panel.id for panel in page.panels]
    needed = {id for format in formats for id in format.panels}
    optional = [*(id for id in sections if id not in needed), *SMALL_PRINT]
    is_folded = any(format.sheets for format in formats)
    movable = [id for id in sections if not (is_folded and id == "cover")]
    options = page.options
    for option, named, known in (
        ("order", options.order, movable),
        ("without", options.without, optional),
        ("colours", [name for pair in options.colours for name in pair], list(tokens)),
        ("inks", options.inks, list(tokens)),
    ):
        for name in named:
            if name not in known:
                what = f"`options: {option}` names `{name}`, which it cannot."
                yield Problem("value-unknown", page.where, what, f"Choose from: {', '.join(known)}.")
        if option == "order" and len(set(named)) < len(named):
            yield Problem("option-twice", page.where, "`options: order` names a section twice.", "Name each once.")
    wished = dict(page.options.colours)
    values = {
        name: luminance(tokens[wished.get(name, name)].hex) for name in tokens if wished.get(name, name) in tokens
    }
    for name, ground, found in too_weak(values, PRINT if wished else {}):
        what = f"With `options: colours`, `{name}` cannot be read on `{ground}`: their contrast is {found:.1f}:1"
        fix = "Choose other colours."
        yield Problem("contrast-low", page.where, f"{what}, and {PRINT[name, ground]:g}:1 is the least.", fix)
