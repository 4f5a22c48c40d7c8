"""Begins a language: its folder, the words of its interface to translate, its line in mkdocs.yml."""

from __future__ import annotations

from pathlib import Path

from campaign.content.settings import CODE, FILE, read_settings
from campaign.content.writing import write_files
from campaign.models.names import is_portable
from campaign.models.problem import CampaignError, Problem
from campaign.schema.interface_words import STRINGS
from campaign.schema.yaml_edit import CannotEdit
from campaign.schema.yaml_splice import said_by, set_value

# A language that begins has pages in the source language until its own are there.
UNSIGNED = "translation: {source: '', by: unknown, reviewed: no}\n"


def start_language(root: Path, code: str, name: str) -> list[str]:
    """Adds a language to a campaign.

    Args:
        root: the campaign's folder.
        code: of the language (BCP 47: fr, fil, pt-BR).
        name: what it calls itself.

    Returns:
        What was made and changed, from the campaign's folder.

    Raises:
        CampaignError: there is one of that code, the code is none, or mkdocs.yml is written in a way that a person has
            to change.
    """
    problems: list[Problem] = []
    settings = read_settings(root, problems)
    if not CODE.fullmatch(code) or not is_portable(code):
        fix = "Write two or three letters, as in fr or fil."
        raise CampaignError([Problem("value-unknown", "LANGUAGE", f"`{code}` is no code of a language.", fix)])
    if code in [each for each, _ in settings.languages]:
        fix = f"Run `campaign translate status --language {code}` to see how far it is."
        raise CampaignError([Problem("name-taken", FILE, f"The language `{code}` is there already.", fix)])
    text = (root / FILE).read_bytes().decode("utf-8")
    try:
        plugins = said_by(text).get("plugins", [])
        at = next(n for n, each in enumerate(plugins) if isinstance(each, dict) and "i18n" in each)
        count = len(plugins[at]["i18n"]["languages"])
        text = set_value(text, ("plugins", at, "i18n", "languages", count), {"locale": code, "name": name})
    except (CannotEdit, StopIteration, KeyError, TypeError):
        fix = f"Add `- {{locale: {code}, name: {name}}}` below `languages:` by hand."
        raise CampaignError([Problem("yaml-not-plain", FILE, "A person has to add the language.", fix)]) from None
    words = root / "docs" / code / STRINGS
    files = {root / FILE: text.encode()} | ({} if words.exists() else {words: UNSIGNED.encode()})
    write_files(root, files)
    return [f"docs/{code}/{STRINGS}", FILE]


def begun_languages(root: Path) -> list[tuple[str, str]]:
    """(code, own name) of languages of which no word is translated yet: readers would see the source's."""
    settings = read_settings(root, [])
    others = [each for each in settings.languages if each[0] != settings.source_language]
    return [(code, name) for code, name in others if not _has_words(root / "docs" / code / STRINGS)]


def _has_words(file: Path) -> bool:
    try:
        said = said_by(file.read_bytes().decode("utf-8"))
    except (OSError, ValueError, CannotEdit):
        return True  # what is wrong with it is said elsewhere, and stops a build
    return any(text for key, text in said.items() if key != "translation")
