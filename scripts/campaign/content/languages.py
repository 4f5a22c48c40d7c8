"""Languages and their interface strings: docs/<code>/_strings.yml, and those that ship with the program."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

from campaign.content.drafts import open_texts
from campaign.content.locale_format import PLURAL_SEPARATOR
from campaign.content.misnamed import rename_or
from campaign.content.settings import Settings
from campaign.content.translation import outdated_translation, parse_translation, strings_fingerprint
from campaign.models.campaign import Campaign, Language
from campaign.models.formats import Format
from campaign.models.page import MACHINE_TRANSLATOR, Translation
from campaign.models.problem import Problem
from campaign.schema.declaration import Declared, bind, declared_fields
from campaign.schema.interface_words import STRINGS, needed_strings
from campaign.schema.kinds import InterfaceWords
from campaign.schema.yaml_reader import EMPTY_VALUE, Fields, parse_yaml, read_yaml

# Names listed in one line.
MAX_NAMED = 12
PLACEHOLDER = re.compile(r"\{\w+\}")
PRESS_GROUPS = ("kit-", "count-", "copies-", "answers-")  # strings that languages with only pieces don't need
# Strings for readers who may be watched, and of "Forget this site".
LEAVE_STRINGS = frozenset(
    {"leave", "leave-long", "leave-once-more", "leave-twice-more", "leave-too-late", "leave-now"}
    | {"about-leaving", "skip-to-leave", "neutral-title", "card", "card-name"}
)
FORGET_STRINGS = frozenset(
    {"forget", "forgotten", "forgotten-but", "not-forgotten", "forget-cannot"}
    | {"save-kept", "save-leaves", "save-requests"}
)
FOLDER = Path(__file__).parent / "interface_strings"
# Strings for codes. A campaign that writes one of a group writes all that it needs, and may add its own.
OPEN_GROUPS = ("kind-", "does-", "format-", "audience-", "need-", "count-", "answers-")
OWN_STRINGS = frozenset({"tagline", "imprint", "imprint-short"})  # strings about the campaign itself


def direction_of(name: str) -> str:
    """Return 'rtl' or 'ltr', from the first letter of a language's own name (Unicode bidi class)."""
    for letter in name:
        bidi = unicodedata.bidirectional(letter)
        if bidi in ("R", "AL"):
            return "rtl"
        if bidi == "L":
            return "ltr"
    return "ltr"


def read_languages(
    root: Path, settings: Settings, problems: list[Problem]
) -> tuple[dict[str, Language], dict[str, Translation | None]]:
    """Return the languages with their strings, and the origins of the translations."""
    languages: dict[str, Language] = {}
    translations: dict[str, Translation | None] = {}
    source_code = settings.source_language
    order = sorted(settings.languages, key=lambda item: item[0] != source_code)
    source: Mapping[str, str] = needed_strings()
    fallback = source
    source_direction = direction_of(order[0][1]) if order else ""
    for code, name in order:
        is_source = code == source_code
        shipped = usable_strings(code, source_code, {} if is_source else source)
        strings, translations[code] = _read_strings(root, code, source, shipped, settings, problems)
        typed = {key: text for key, text in strings.items() if text}
        if is_source:
            # The order of the campaign's lines is that of its lists.
            shipped = usable_strings(code, source_code, typed)
            source, fallback = strings, {**strings, **shipped, **typed}
        direction = direction_of(name)
        languages[code] = Language(
            code=code,
            name=name,
            direction=direction,
            is_source=is_source,
            is_first=code == settings.first_language,
            strings={**(fallback if direction == source_direction else _isolated(fallback)), **shipped, **typed},
            is_whole=code not in settings.pieces_only,
            is_asked=code in settings.ask_phones_in,
            has_words=is_source or bool(typed) or bool(shipped and _has_pages(root, code)),
            country=settings.country,
        )
    return {code: languages[code] for code, _ in settings.languages}, translations


def _isolated(strings: Mapping[str, str]) -> dict[str, str]:
    """Isolate strings that aren't translated yet, so that their full stops stay at their ends (Unicode's FSI, PDI)."""

    def isolated(text: str) -> str:
        forms = text.split(PLURAL_SEPARATOR)
        return PLURAL_SEPARATOR.join(f"\u2068{form}\u2069" for form in forms)

    return {
        key: isolated(text) if any(map(str.isalpha, PLACEHOLDER.sub("", text))) else text
        for key, text in strings.items()
    }


def read_source_strings(root: Path, settings: Settings) -> Mapping[str, str]:
    """Return the strings of the source language's file, as translations are stamped with them."""
    code = settings.source_language
    return _read_strings(root, code, needed_strings(), usable_strings(code, code, {}), settings, [])[0]


def with_format_names(languages: Mapping[str, Language], formats: Iterable[Format]) -> dict[str, Language]:
    """Add names for formats of a campaign or package: from the source language, otherwise from the format."""
    source = next(language.code for language in languages.values() if language.is_source)
    results = {}
    for code, language in languages.items():
        added_strings: dict[str, str] = {}
        for format in formats:
            names = dict(format.names)
            name = names.get(code) or names.get(source) or next(iter(names.values()), format.name)
            added_strings |= {
                key: name for key in (f"format-{format.name}", f"pieces-{format.kind}") if key not in added_strings
            }
        results[code] = replace(language, strings={**added_strings, **language.strings})
    return results


def as_built(campaign: Campaign) -> Campaign:
    """Return the campaign without languages that have no translated string; the source may become the default."""
    if all(language.has_words for language in campaign.languages.values()):
        return campaign
    is_first = not campaign.first_language.has_words
    languages = {
        code: replace(language, is_first=language.is_first or (is_first and language.is_source))
        for code, language in campaign.languages.items()
        if language.has_words
    }
    return replace(
        campaign,
        languages=languages,
        pages={key: page for key, page in campaign.pages.items() if key[0] in languages},
        withheld={key: page for key, page in campaign.withheld.items() if key[0] in languages},
        messages={key: message for key, message in campaign.messages.items() if key[0] in languages},
        word_origins={code: word_origin for code, word_origin in campaign.word_origins.items() if code in languages},
        caption_origins={
            code: caption_origin for code, caption_origin in campaign.caption_origins.items() if code in languages
        },
        message_origins={
            code: message_origin for code, message_origin in campaign.message_origins.items() if code in languages
        },
        print_run=tuple(order for order in campaign.print_run if order.language in languages),
    )


def _has_pages(root: Path, code: str) -> bool:
    return next((root / "docs" / code).rglob("*.md"), None) is not None


def _read_strings(
    root: Path,
    code: str,
    source: Mapping[str, str],
    shipped: Mapping[str, str],
    settings: Settings,
    problems: list[Problem],
) -> tuple[dict[str, str], Translation | None]:
    """Return the strings of a language's file, and their origin; report those that `shipped` doesn't have either."""
    is_source = code == settings.source_language
    where = f"docs/{code}/{STRINGS}"
    path = root / where
    value = read_yaml(path, where, problems) if path.is_file() else EMPTY_VALUE
    if value is EMPTY_VALUE and (is_source or not shipped):
        if not path.is_file():
            fix = rename_or(path, f"Copy the source language's {STRINGS} into docs/{code}/ and translate it.")
            problem = Problem("words-missing", where, f"The language `{code}` has no words for the interface.", fix)
            problems.append(problem)
        return dict(source), None
    words = bind(InterfaceWords, value, where, problems, value.keys or ())
    strings = _texts_of(words, Fields(value, where, problems))
    if not is_source:
        known = {*source, *usable_strings(settings.source_language, settings.source_language, source)}
        for key in sorted(set(strings) - known):
            message = f"The key `{key}` is not in the source language."
            problems.append(Problem("words-not-in-source", words.line(key), message, "Remove the line."))
    required = _required_strings(settings, code, () if is_source else source)
    missing = sorted(key for key in required if not strings.get(key) and key not in shipped)
    if not is_source and not any(strings.values()) and not (_has_pages(root, code) if shipped else not missing):
        problems.append(_begun_language(root, code, len(source), bool(shipped)))
    elif missing:
        problems.append(_missing_strings(where, missing, bool(shipped), "" if is_source else settings.source_language))
    _compare_braces(strings, source, words, problems)
    if is_source:
        return strings, None
    if shipped and not any(strings.values()):
        # English is written by people.
        return strings, None if code.startswith("en") else Translation("", MACHINE_TRANSLATOR)
    translation = parse_translation(words, strings_fingerprint(source))
    if translation and translation.is_outdated and any(strings.values()):
        problems.append(outdated_translation(where))
    return strings, translation


def _required_strings(settings: Settings, code: str, source: Iterable[str]) -> set[str]:
    """Return the keys that a language's file must have; `source`: the keys of the source language's file."""
    required = {*source, *(key for key in needed_strings() if not key.startswith(OPEN_GROUPS))}
    if settings.readers != "private":
        required -= LEAVE_STRINGS
    if settings.readers == "open":
        required -= FORGET_STRINGS
    return {key for key in required if code not in settings.pieces_only or not key.startswith(PRESS_GROUPS)}


def _begun_language(root: Path, code: str, source_count: int, is_shipped: bool) -> Problem:
    """Return the note that a language is left out: pages under its name would be in the source language."""
    name = "page" if is_shipped else "word"
    message = f"No {name} of the language `{code}` is translated yet: it is left out of the website and prints."
    if (drafts := len(open_texts(root, code, STRINGS))) and not is_shipped:
        count = f"{drafts} of its {source_count} words"
        message = f"The language `{code}` has {count}; once it has all, it is not left out."
    fix = f"Translate {'its pages' if is_shipped else 'this file'} (`campaign translate send {code} --core`)."
    return Problem("words-begun", f"docs/{code}/{STRINGS}", message, fix)


def _missing_strings(where: str, missing: list[str], is_shipped: bool, fallback: str) -> Problem:
    """Return the problem of missing strings; `fallback`: the language that they are shown in, '' for that language."""
    suffix = f" and {len(missing) - MAX_NAMED} more" if len(missing) > MAX_NAMED else ""
    keys = f"{', '.join(missing[:MAX_NAMED])}{suffix}"
    if not fallback:
        fix = "Add a line for each; the `_strings.yml` of a new campaign explains each."
        return Problem("words-missing", where, f"Words are missing: {keys}.", fix)
    fix = "Add them to this file; the others come with the program." if is_shipped else "Translate them in this file."
    return Problem("words-fallback", where, f"Words are missing and shown in `{fallback}`: {keys}.", fix)


def _texts_of(words: Declared, fields: Fields) -> dict[str, str]:
    names = {key: field.name for key, field in declared_fields(InterfaceWords).items()}
    values = (key for key in words.keys if key != "translation")
    return {key: getattr(words, names[key]) if key in names else fields.text(key) for key in values}


def _compare_braces(
    strings: dict[str, str], source: Mapping[str, str], words: Declared, problems: list[Problem]
) -> None:
    """Report placeholders that differ from the source's."""
    for key, text in strings.items():
        if key not in source or not ("{" in text or "}" in text or "{" in source[key]):
            continue
        expected, actual = (set(re.findall(r"\{(\w*)\}", item)) for item in (source.get(key, text), text))
        if (
            expected != actual
            or text.count("{") != text.count("}")
            or text.count("{") != len(re.findall(r"\{\w+\}", text))
        ):
            names = ", ".join(f"{{{name}}}" for name in sorted(expected)) or "no word in braces"
            message = f"`{key}` has other words in braces than the source."
            problems.append(Problem("braces-wrong", words.line(key), message, f"Keep {names}."))
            strings[key] = source.get(key, "")


@cache
def shipped_strings(code: str) -> Mapping[str, str]:
    """Return the strings of a language by key, {} if none ship. `pt-BR` gets those of `pt`; `zh-Hant` isn't `zh`."""
    base, _, variant = code.partition("-")
    # A subtag of four letters is another script (BCP 47).
    name = base if len(variant) < len("Hant") else code
    if name == "en":
        return {key: text for key, text in needed_strings().items() if key not in OWN_STRINGS}
    path = FOLDER / f"{name}.yml"
    if not path.is_file():
        return {}
    value = parse_yaml(path.read_text(encoding="utf-8"), path.name, [])
    return {key: item.text or "" for key, item in (value.keys or {}).items()}


def usable_strings(code: str, source_code: str, source: Mapping[str, str]) -> Mapping[str, str]:
    """Return the shipped strings of a language that a campaign can use.

    If the campaign's source language has strings of a group for codes, the others of that group need a line there.
    Where that language is worded differently from the shipped one, a shipped translation may mean something else.
    """
    original = shipped_strings(source_code)
    own_groups = tuple(group for group in OPEN_GROUPS if any(key.startswith(group) for key in source))
    return {
        key: text
        for key, text in shipped_strings(code).items()
        if (source[key] == original.get(key, source[key]) if key in source else not key.startswith(own_groups))
    }
