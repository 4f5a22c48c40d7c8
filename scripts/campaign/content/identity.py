"""The look as tokens: assets/identity.yml, which site and print both read."""

from __future__ import annotations

import re
from pathlib import Path

from campaign.content.profiles import DEFAULT, read_profile
from campaign.models.problem import Problem
from campaign.models.theme import Colour, Identity
from campaign.schema.yaml_reader import Fields, read_yaml

FILE = "assets/identity.yml"
COLOURS = ("night", "band", "marigold", "leaf", "paper", "sand")
SIZES = ("text", "small")


def read_identity(root: Path, problems: list[Problem]) -> Identity:
    """The tokens; the problems name those that every campaign needs and this one lacks."""
    if not (root / FILE).is_file():
        problems.append(Problem(FILE, "The look is missing.", "Copy the file from a new campaign (`campaign new`)."))
    fields = Fields(read_yaml(root / FILE, FILE, problems), FILE, problems) if (root / FILE).is_file() else None
    if fields is None:
        return Identity({}, {}, {}, (), DEFAULT)
    colours = Fields(fields.mapping("colours"), FILE, problems)
    dark = Fields(fields.mapping("dark"), FILE, problems)
    sizes = Fields(fields.mapping("type"), FILE, problems)
    for needed, given, key in ((COLOURS, colours, "colours"), (COLOURS, dark, "dark"), (SIZES, sizes, "type")):
        missing = [name for name in needed if name not in given.keys]
        if missing:
            problems.append(Problem(fields.line(key), f"`{key}` lacks {', '.join(missing)}.", "Add a line for each."))
    profile = read_profile(fields, root)
    return Identity(
        colours={
            name: _colour(Fields(colours.mapping(name), FILE, problems, ("hex", "cmyk", "grey")), profile.ink_limit)
            for name in colours.keys
        },
        dark={name: _hex(dark, name) for name in dark.keys},
        type={name: sizes.number(name, 11.0) or 11.0 for name in sizes.keys},
        fonts=fields.texts("fonts"),
        profile=profile,
    )


def _hex(fields: Fields, key: str) -> str:
    typed = fields.text(key, required=True)
    if typed and not re.fullmatch(r"#[0-9a-fA-F]{6}", typed):
        fields.complain(fields.keys[key], f"`{typed}` is not a colour.", 'Write six digits: "#14213d", in quotes.')
        return "#000000"
    return (typed or "#000000").lower()


def _colour(fields: Fields, ink_limit: int) -> Colour:
    """cmyk stays empty where it is left out: the profile says then which inks make the colour."""
    inks = _inks(fields) if "cmyk" in fields.keys else ()
    if sum(inks) > ink_limit:
        what = f"The inks come to {sum(inks)} %, more than the paper takes ({ink_limit} %)."
        fields.complain(fields.keys["cmyk"], what, "Lower them, or leave `cmyk` out.")
    return Colour(_hex(fields, "hex"), inks, int(fields.number("grey", 100) or 0))


def _inks(fields: Fields) -> tuple[int, ...]:
    try:
        inks = tuple(int(ink) for ink in fields.texts("cmyk"))
        if len(inks) != 4 or not all(0 <= ink <= 100 for ink in inks):
            raise ValueError
    except ValueError:
        fields.complain(fields.keys["cmyk"], "`cmyk` takes four percentages.", "As in [90, 70, 30, 40].")
        return ()
    return inks
