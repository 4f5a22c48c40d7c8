"""Options that select outputs: their values, and the selection."""

from __future__ import annotations

from pathlib import Path

from campaign.content.formats import read_formats
from campaign.content.photos import find_photo
from campaign.content.settings import read_settings
from campaign.models.campaign import Campaign, Language
from campaign.models.problem import CampaignError, Problem, failure
from campaign.pipeline.report import Selection
from campaign.plan.outputs import CONTACT_SHEET, names_of_piece

Names = tuple[str, ...]  # values of a repeatable option


def chosen_language(campaign: Campaign, code: str) -> Language:
    """Return the language of `--language`, by default the source. Raise CampaignError for others."""
    language = campaign.languages.get(code or campaign.source_language.code)
    if language is None:
        fix = f"Choose from: {', '.join(campaign.languages)}."
        raise failure("value-unknown", "--language", f"`{code}` isn't a valid value of `--language`.", fix)
    return language


def select(
    root: Path,
    languages: Names,
    places: Names,
    flavours: Names,
    kinds: frozenset[str] = frozenset(),
    destinations: frozenset[str] = frozenset(),
) -> Selection:
    """Return the selection of outputs. Raise CampaignError if a language, place or destination is unknown."""
    known = known_values(root)
    problems = [
        Problem(
            "value-unknown", option, f"`{value}` is not in mkdocs.yml.", f"Choose from: {', '.join(known[option])}."
        )
        for option, values in (("--language", languages), ("--place", places), ("--destination", destinations))
        for value in values
        if value not in known[option]
    ]
    named_places = [place for place in places if place != "national" and place in known["--place"]]
    if named_places and read_settings(root, []).place_editions == "none":
        message = f"This campaign prints no editions for places such as `{named_places[0]}`: `place_editions: none`."
        fix = "Write `place_editions: own-contacts` in mkdocs.yml, or leave --place out."
        problems.append(Problem("value-unknown", "--place", message, fix))
    if problems:
        raise CampaignError(problems)
    codes = frozenset(None if place == "national" else place for place in places)
    return Selection(kinds, frozenset(languages), codes, frozenset(flavours), destinations=destinations)


def kinds_of(root: Path, formats: Names) -> tuple[str, ...]:
    """Return the kinds of all formats. Raise CampaignError if a requested format is unknown."""
    known_formats = read_formats(root, [])
    unknown = [f"The format `{name}` is not known." for name in formats if name not in known_formats]
    _refuse("--format", unknown, f"Choose from: {', '.join(known_formats)}.")
    return tuple(dict.fromkeys(format.kind for format in known_formats.values()))


def names_of(root: Path, pieces: Names) -> frozenset[str]:
    """Return the names of outputs of some pieces, with their pictures. Raise CampaignError without any."""
    formats = read_formats(root, [])
    names = {CONTACT_SHEET, *(path.stem for path in (root / "docs").rglob("*.md"))}
    unknown = [piece for piece in pieces if piece not in names and not find_photo(root, piece)]
    fix = "It is the name of its text's file, without `.md`: `ask-first` of docs/en/posters/ask-first.md."
    _refuse("--piece", [f"No text of docs/ or photo is called `{piece}`." for piece in unknown], fix)
    return frozenset(name for piece in pieces for name in names_of_piece(formats, piece))


def _refuse(option: str, messages: list[str], fix: str) -> None:
    if messages:
        raise CampaignError([Problem("value-unknown", option, message, fix) for message in messages])


def known_values(root: Path) -> dict[str, list[str]]:
    """Return the values of each option for selecting, from mkdocs.yml."""
    settings = read_settings(root, [])
    return {
        "--language": [code for code, _ in settings.languages],
        "--place": ["national", *settings.places],
        "--destination": list(settings.destinations),
    }
