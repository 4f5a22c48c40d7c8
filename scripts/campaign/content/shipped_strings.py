"""Interface strings that ship with the program: campaigns override them one by one in docs/<code>/_strings.yml.

English is that of `campaign new`. The other files name their origin in their first lines.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from campaign.schema.interface_words import needed_strings
from campaign.schema.yaml_reader import parse_yaml

FOLDER = Path(__file__).parent / "interface_strings"
# Strings for codes. A campaign that writes one of a group writes all that it needs, and may add its own.
OPEN_GROUPS = ("kind-", "does-", "format-", "audience-", "need-", "count-", "answers-")
# Strings about the campaign itself.
OWN_STRINGS = frozenset({"tagline", "imprint", "imprint-short"})


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
