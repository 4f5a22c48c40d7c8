"""The look as tokens: assets/identity.yml, for site and print."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial
from pathlib import Path

from campaign.content.contrast import check_contrast
from campaign.content.misnamed import rename_or
from campaign.models.band import NONE, PATTERNS, WOVEN
from campaign.models.problem import Problem
from campaign.models.shipped import PACKAGE
from campaign.models.theme import Colour, Identity, Profile
from campaign.schema.declaration import bind
from campaign.schema.kinds import ColourToken, IdentityFile, Press
from campaign.schema.yaml_reader import Fields, read_yaml

FILE = "assets/identity.yml"
COLOURS = ("night", "band", "marigold", "leaf", "paper", "sand")
SIZES = ("text", "small")
FOLDER = PACKAGE / "printing" / "profiles"
# Both from Debian's colord-data (CC0 1.0); ink limits as printers ask for on such paper.
SHIPPED_PROFILES = {
    "FOGRA39": Profile(
        "FOGRA39", "Offset on coated paper, ISO 12647-2, types 1 and 2", FOLDER / "FOGRA39L_coated.icc", 300
    ),
    "FOGRA47": Profile(
        "FOGRA47", "Offset on uncoated white paper, ISO 12647-2, type 4", FOLDER / "FOGRA47L_uncoated.icc", 280
    ),
}
DEFAULT_PROFILE = SHIPPED_PROFILES["FOGRA39"]
# Any offset paper takes this.
SAFE_INK_LIMIT = 280
MAX_BYTES = 5_000_000


def read_identity(root: Path, problems: list[Problem]) -> Identity:
    """Return the tokens; missing required ones are problems."""
    if not (root / FILE).is_file():
        fix = rename_or(root / FILE, "Copy the file from a new campaign (`campaign new`).")
        problems.append(Problem("identity-missing", FILE, "The look is missing.", fix))
        return Identity({}, {}, {}, (), DEFAULT_PROFILE)
    file = bind(IdentityFile, read_yaml(root / FILE, FILE, problems), FILE, problems)
    for required, values, key in (
        (COLOURS, file.colours, "colours"),
        (COLOURS, file.dark, "dark"),
        (SIZES, file.type, "type"),
    ):
        missing = [name for name in required if name not in values]
        if missing:
            file.complain("identity-incomplete", key, f"`{key}` lacks {', '.join(missing)}.", "Add a line for each.")
    profile = _read_profile(file.print, root)
    problem_count = len(problems)
    by_day = {name: _colour(token, profile.ink_limit) for name, token in file.colours.items()}
    dark = Fields(file.value("dark"), FILE, problems)
    after_dark = {
        name: _hex(raw, partial(dark.complain, "colour-wrong", dark.keys[name])) for name, raw in file.dark.items()
    }
    if len(problems) == problem_count:
        check_contrast(by_day, after_dark, {"colours": Fields(file.value("colours"), FILE, problems), "dark": dark})
    return Identity(by_day, after_dark, file.type, file.fonts, profile, _pattern(file, root))


def _pattern(file: IdentityFile, root: Path) -> str:
    name = file.pattern or WOVEN
    if name in (WOVEN, NONE, *PATTERNS):
        return name
    from campaign.content.pattern import drawn_pattern  # with lxml, which other patterns don't need

    return drawn_pattern(file, root)


def _hex(raw: str, on_problem: Callable[[str, str], None]) -> str:
    if raw and not re.fullmatch(r"#[0-9a-fA-F]{6}", raw):
        on_problem(f"`{raw}` is not a colour.", 'Write six digits: "#14213d", in quotes.')
        return "#000000"
    return (raw or "#000000").lower()


def _colour(token: ColourToken, ink_limit: int) -> Colour:
    inks = _inks(token) if token.has("cmyk") else ()
    if sum(inks) > ink_limit:
        message = f"The inks add up to {sum(inks)} %, more than the paper takes ({ink_limit} %)."
        token.complain("ink-heavy", "cmyk", message, "Lower them, or leave `cmyk` out.")
    grey = 100 if token.grey is None else int(token.grey)
    return Colour(_hex(token.hex, partial(token.complain, "colour-wrong", "hex")), inks, grey)


def _inks(token: ColourToken) -> tuple[int, ...]:
    try:
        inks = tuple(int(ink) for ink in token.cmyk)
        if len(inks) != 4 or not all(0 <= ink <= 100 for ink in inks):
            raise ValueError
    except ValueError:
        token.complain("inks-wrong", "cmyk", "`cmyk` takes four percentages.", "As in [90, 70, 30, 40].")
        return ()
    return inks


def _read_profile(press: Press | None, root: Path) -> Profile:
    """Return the profile of `print: {profile: …}`, by default or if unusable FOGRA39."""
    if press is None:
        return DEFAULT_PROFILE
    name = press.profile or DEFAULT_PROFILE.condition
    path = SHIPPED_PROFILES.get(name)
    limit = press.ink_limit or (path.ink_limit if path else SAFE_INK_LIMIT)
    if not 100 <= limit <= 400:
        press.complain("value-not-number", "ink-limit", "`ink-limit` is a percentage from 100 to 400.", "As in 300.")
        return DEFAULT_PROFILE
    if path:
        return Profile(path.condition, path.about, path.file, int(limit))
    file = root / "assets" / name
    fault = _fault(file, root / "assets")
    if fault:
        names = ", ".join(SHIPPED_PROFILES)
        fix = f"Choose from {names}, or put the profile of your print shop below assets/ and name its file."
        press.complain("profile-wrong", "profile", f"`{name}` {fault}.", fix)
        return DEFAULT_PROFILE
    condition = press.condition or file.stem
    return Profile(condition, condition, file, int(limit))


def _fault(file: Path, folder: Path) -> str:
    """Return why a file is no press profile, or '' (ICC.1:2022, 7.2)."""
    if not file.resolve().is_relative_to(folder.resolve()) or not file.is_file():
        return "is neither a known profile nor a file below assets/"
    data = file.read_bytes() if file.stat().st_size <= MAX_BYTES else b""
    if len(data) < 132 or data[36:40] != b"acsp":
        return "is not an ICC profile"
    if data[12:16] != b"prtr" or data[16:20] != b"CMYK":
        return "is not a profile of a press with four inks"
    return ""
