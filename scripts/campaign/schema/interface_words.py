"""The interface strings, docs/<code>/_strings.yml: one key for each line of the skeleton's file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from msgspec import defstruct

from campaign.schema.declaration import Declared
from campaign.schema.yaml_reader import parse_yaml

STRINGS = "_strings.yml"
SKELETON = Path(__file__).parent.parent / "skeleton"
# The comment above a key says where readers see the string.
LINE = re.compile(r"^((?:# .*\n)*)([a-z0-9-]+):", re.MULTILINE)


@cache
def needed_strings() -> Mapping[str, str]:
    """Return the English strings that the code needs: those in the skeleton that `campaign new` copies."""
    value = parse_yaml(_skeleton_file(), STRINGS, [])
    return {key: item.text or "" for key, item in (value.keys or {}).items()}


@cache
def described_words() -> dict[str, list[str]]:
    """Return the English text of each string, after where readers see it."""
    comments = {key: " ".join(comment.replace("# ", "").split()) for comment, key in LINE.findall(_skeleton_file())}
    return {key: [f"{comments[key].rstrip('.')}.", text] for key, text in needed_strings().items()}


def declare_words(base: type[Declared]) -> type[Declared]:
    """Return a declaration with the keys of `base`, and a field of a neutral name for each string."""
    fields = {f"word_{number}": key for number, key in enumerate(needed_strings())}
    kind = defstruct(
        "InterfaceWords",
        [(name, str, "") for name in fields],
        bases=(base,),
        namespace={"__doc__": "docs/<language>/_strings.yml: the words of the interface, one line each."},
        module=__name__,
        frozen=True,
        kw_only=True,
        rename=fields,
    )
    assert issubclass(kind, Declared)
    return kind


@cache
def _skeleton_file() -> str:
    return (SKELETON / "docs" / "en" / STRINGS).read_text(encoding="utf-8")
