"""Names that every system, address and player takes: ASCII letters in lower case, digits, hyphens between them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

PLAIN = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def plain_name(typed: str) -> str:
    """What somebody typed as such a name, without accents; '' where it has none of these letters."""
    bare = unicodedata.normalize("NFKD", typed).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", bare).strip("-")


def free_name(name: str, taken: Iterable[str]) -> str:
    """The name, with a number behind it where others have it."""
    free, at, known = name, 2, set(taken)
    while free in known:
        free, at = f"{name}-{at}", at + 1
    return free
