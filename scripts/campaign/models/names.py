"""Names for files and addresses on every system: lower-case ASCII letters, digits and hyphens."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# Windows reserves these device names with any suffix, these characters, and a final dot.
RESERVED = re.compile(r"(con|prn|aux|nul|conin\$|conout\$|clock\$|com[0-9¹²³]|lpt[0-9¹²³])\s*(\..*)?", re.IGNORECASE)
FORBIDDEN = re.compile(r'[<>:"|?*/\\\x00-\x1f\x7f-\x9f\u200b\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]|[. ]$|^ |^$')
# Outputs have longer names, with language, place, format and size.
MAX_NAME_BYTES = 80
PLAIN_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
# Of Latin, Greek and Cyrillic; combining marks of other scripts are letters.
ACCENTS = re.compile("[\u0300-\u036f]")


def plain_name(raw: str) -> str:
    """Return such a name for typed text, or ''."""
    ascii_text = unicodedata.normalize("NFKD", raw).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "-", ascii_text).strip("-")


def is_portable(name: str) -> bool:
    """Return whether Windows, macOS and Linux can all have a file of this name."""
    return (
        not RESERVED.fullmatch(name)
        and not FORBIDDEN.search(name)
        and len(name.encode(errors="replace")) <= MAX_NAME_BYTES
    )


def is_same_person(text: str, other_name: str) -> bool:
    """Return whether two names may be one person's: "Maria Ximenes", "M. Ximénes", "Ximenes, Maria"."""
    first, second = (sorted(_words_of(name)) for name in (text, other_name))
    if first == second:
        return True
    short, long = ([*first], [*second])
    for word in first:
        if word in long:
            short.remove(word)
            long.remove(word)
    # The rest are initials; a single name identifies no one.
    is_named = len(short) < len(first)
    initials = all(min(len(a), len(b)) == 1 and a[0] == b[0] for a, b in zip(short, long, strict=False))
    return is_named and len(short) == len(long) and initials


def is_among(name: str, people: str) -> bool:
    """Return whether a person is among those in a text: "Maria Soares, João Pereira", "Soares, Maria"."""
    words = _words_of(name)
    is_inside = len(words) > 1 and set(words) <= set(_words_of(people))
    return is_inside or any(is_same_person(name, item) for item in (people, *re.split(r"[,;/&+|]", people)))


def _words_of(name: str) -> list[str]:
    split = ACCENTS.sub("", unicodedata.normalize("NFKD", name)).casefold()
    return re.findall(r"[^\W_]+(?:['’][^\W_]+)*", unicodedata.normalize("NFC", split))


def free_name(name: str, used_names: Iterable[str]) -> str:
    """Return the name, with a number if it is taken."""
    candidate, number, used = name, 2, set(used_names)
    while candidate in used:
        candidate, number = f"{name}-{number}", number + 1
    return candidate
