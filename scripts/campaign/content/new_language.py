"""Begin a language: its folder, its strings to translate, its line in mkdocs.yml."""

from __future__ import annotations

from pathlib import Path

from campaign.content.settings import CODE, FILE, read_settings
from campaign.content.writing import write_files
from campaign.models.names import is_portable
from campaign.models.problem import Problem, failure
from campaign.schema.interface_words import STRINGS
from campaign.schema.yaml_edit import CannotEdit
from campaign.schema.yaml_splice import parse, set_value

# Pages are in the source language until they are translated.
UNSTAMPED_LINE = "translation: {source: '', by: unknown, reviewed: no}\n"


def start_language(root: Path, code: str, name: str) -> list[str]:
    """Add a language and return the changed paths. Raise CampaignError if that isn't possible."""
    problems: list[Problem] = []
    settings = read_settings(root, problems)
    if not CODE.fullmatch(code) or not is_portable(code):
        fix = "Write two or three letters, as in fr or fil."
        raise failure("value-unknown", "LANGUAGE", f"`{code}` is no code of a language.", fix)
    if code in [locale for locale, _ in settings.languages]:
        fix = f"Run `campaign translate status --language {code}` to see how far it is."
        raise failure("name-taken", FILE, f"The language `{code}` is there already.", fix)
    text = (root / FILE).read_bytes().decode("utf-8")
    try:
        plugins = parse(text).get("plugins", [])
        index = next(n for n, locale in enumerate(plugins) if isinstance(locale, dict) and "i18n" in locale)
        count = len(plugins[index]["i18n"]["languages"])
        text = set_value(text, ("plugins", index, "i18n", "languages", count), {"locale": code, "name": name})
    except (CannotEdit, StopIteration, KeyError, TypeError):
        fix = f"Add `- {{locale: {code}, name: {name}}}` below `languages:` by hand."
        raise failure("yaml-not-plain", FILE, "A person has to add the language.", fix) from None
    words = root / "docs" / code / STRINGS
    files = {root / FILE: text.encode()} | ({} if words.exists() else {words: UNSTAMPED_LINE.encode()})
    write_files(root, files)
    return [f"docs/{code}/{STRINGS}", FILE]


def begun_languages(root: Path) -> list[tuple[str, str]]:
    """Return (code, name) of languages without a translated string."""
    settings = read_settings(root, [])
    other_languages = [language for language in settings.languages if language[0] != settings.source_language]
    return [(code, name) for code, name in other_languages if not _has_words(root / "docs" / code / STRINGS)]


def _has_words(file: Path) -> bool:
    try:
        parsed = parse(file.read_bytes().decode("utf-8"))
    except (OSError, ValueError, CannotEdit):
        return True  # the problem is reported elsewhere, and stops the build
    return any(text for key, text in parsed.items() if key != "translation")
