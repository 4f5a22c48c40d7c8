"""Options of a design in the front matter, such as the order of sections.

`order` reorders sections (on a folded leaflet, panels that swap), `without` leaves out sections or `credit`, `sources`,
`partners`, and `colours` replaces colours, as in {band: indigo}.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from campaign.content.contrast import PRINT_PAIRS, luminance, too_weak
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
    raw = front.options
    if raw is None:
        return DesignOptions()
    option_names_of_formats = {option for format in formats for option in format.options}
    option_names = tuple(key for key in raw.keys if key in declared_fields(DesignOptionsNote))
    for key in option_names if formats else ():
        if key not in option_names_of_formats:
            fix = f"Take it out; possible options: {', '.join(sorted(option_names_of_formats)) or 'nothing'}."
            message = f"`options: {key}` has no effect on this page's formats."
            raw.complain("option-useless", key, message, fix)
    colours = raw.colours.plain() if raw.colours else {}
    if not isinstance(colours, Mapping):
        fix = "As in {band: indigo}."
        raw.complain("value-not-lines", "colours", "`options: colours` takes `name: other` pairs.", fix)
        colours = {}
    return DesignOptions(
        art=raw.art,
        link=raw.link,
        has_places=raw.places is not False,
        order=_words(raw.order),
        without=_words(raw.without),
        colours=tuple((str(name), str(colour)) for name, colour in colours.items()),
        inks=_words(raw.inks),
        spots=_words(raw.spots),
        typed_keys=option_names,
    )


def _words(value: Value | None) -> tuple[str, ...]:
    if value is None:
        return ()
    if value.items is not None:
        return tuple(item.text or "" for item in value.items)
    return tuple(part.strip() for part in (value.text or "").split(",") if part.strip())


def ordered(page: Page, names: Sequence[str]) -> list[str]:
    """Return the design's section names, with those in `order` swapped among their positions."""
    order = iter([name for name in page.options.order if name in names])
    ordered_names = {*page.options.order}
    return [next(order) if name in ordered_names else name for name in names]


def check_options(page: Page, formats: Sequence[Format], tokens: Mapping[str, Colour]) -> Iterator[Problem]:
    """Yield a problem for each option that the page's formats can't apply. `tokens`: colours by name."""
    sections = [panel.id for panel in page.panels]
    required = {id for format in formats for id in format.panels}
    optional = [*(id for id in sections if id not in required), *SMALL_PRINT]
    is_folded = any(format.sheets for format in formats)
    movable = [id for id in sections if not (is_folded and id == "cover")]
    options = page.options
    for option, option_names, allowed in (
        ("order", options.order, movable),
        ("without", options.without, optional),
        ("colours", [name for pair in options.colours for name in pair], list(tokens)),
        ("inks", options.inks, list(tokens)),
    ):
        for name in option_names:
            if name not in allowed:
                message = f"`options: {option}` can't contain `{name}`."
                yield Problem("value-unknown", page.where, message, f"Choose from: {', '.join(allowed)}.")
        if option == "order" and len(set(option_names)) < len(option_names):
            yield Problem("option-twice", page.where, "`options: order` names a section twice.", "Name each once.")
    colours = dict(page.options.colours)
    if not colours:
        return
    values = {
        name: luminance(tokens[colours.get(name, name)].hex) for name in tokens if colours.get(name, name) in tokens
    }
    for name, ground, ratio in too_weak(values, PRINT_PAIRS):
        message = f"With `options: colours`, `{name}` cannot be read on `{ground}`: their contrast is {ratio:.1f}:1"
        fix = "Choose other colours."
        yield Problem(
            "contrast-low", page.where, f"{message}, and {PRINT_PAIRS[name, ground]:g}:1 is the minimum.", fix
        )
