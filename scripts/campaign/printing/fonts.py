"""Which font files there are, which letters they have, and which families a text needs."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path

from fontTools.ttLib import TTFont, TTLibError

from campaign.models.problem import Problem
from campaign.models.shipped import shipped_folder

ENDINGS = (".ttf", ".otf")
# What fonts need not draw: breaks, joiners, isolates.
INVISIBLE = ("Cc", "Cf", "Zl", "Zp")


@dataclass(frozen=True)
class Family:
    """A typeface: its files and the letters that every upright one of them has."""

    name: str
    files: tuple[Path, ...]
    letters: frozenset[int]


@lru_cache(maxsize=1)
def _installed() -> tuple[Path, ...]:
    """Font files of installed `fontpkg-…` wheels, and those that this package ships."""
    found: list[Path] = sorted(shipped_folder("fonts").glob("*"))
    for entry in sorted(entry_points(group="fontpkg.family"), key=lambda entry: entry.value):
        spec = find_spec(entry.value)
        for folder in spec.submodule_search_locations or () if spec else ():
            found += sorted((Path(folder) / "files").glob("*"))
    return tuple(path for path in found if path.suffix.lower() in ENDINGS)


@lru_cache(maxsize=256)
def _read(path: Path, stamp: tuple[int, int]) -> tuple[str, frozenset[int], str] | None:  # noqa: ARG001
    """Family, letters (none of italics) and hash of a font file; None where it is none.

    stamp: size and time, so that a new file is read.
    """
    try:
        with TTFont(path, lazy=True) as font:
            name = font["name"].getBestFamilyName() or path.stem
            upright = not font["head"].macStyle & 2
            letters = frozenset(font.getBestCmap() or ()) if upright else frozenset()
    except (TTLibError, OSError, KeyError):
        return None
    return name, letters, sha256(path.read_bytes()).hexdigest()


def _stamped(path: Path) -> tuple[str, frozenset[int], str] | None:
    stat = path.stat()
    return _read(path, (stat.st_size, stat.st_mtime_ns))


def families(own: Iterable[Path]) -> dict[str, Family]:
    """Every family at hand by name.

    Args:
        own: font files that the campaign brings; one of them hides an installed family of the same name.
    """
    own = tuple(own)
    groups: dict[str, list[Path]] = {}
    for path in own:
        if read := _stamped(path):
            groups.setdefault(read[0], []).append(path)
    brought = set(groups)
    for path in _installed():
        if path not in own and (read := _stamped(path)) and read[0] not in brought:
            groups.setdefault(read[0], []).append(path)
    return {name: Family(name, tuple(paths), _common_letters(paths)) for name, paths in groups.items()}


def _common_letters(paths: Iterable[Path]) -> frozenset[int]:
    """The letters of every upright file: what bold lacks cannot be set bold."""
    return _in_all(tuple(read[1] for path in paths if (read := _stamped(path)) and read[1]))


@lru_cache(maxsize=64)
def _in_all(sets: tuple[frozenset[int], ...]) -> frozenset[int]:
    return frozenset.intersection(*sets) if sets else frozenset()


def choose(characters: set[str], wished: Iterable[str], known: Mapping[str, Family]) -> tuple[list[Family], set[str]]:
    """The fonts that a text needs.

    Args:
        characters: all that the text holds.
        wished: names of families, the best first.
        known: see `families`.

    Returns:
        The families, the wished ones first, and the characters that none of them has.
    """
    order = [name for name in wished if name in known]
    order += [name for name in sorted(known) if name not in order]
    left = {c for c in characters if unicodedata.category(c) not in INVISIBLE and not c.isspace()} | {" "}
    chosen: list[Family] = []
    for name in order:
        has = {c for c in left if ord(c) in known[name].letters}
        if has or not chosen:
            chosen.append(known[name])
            left -= has
    return chosen, left


def missing(characters: set[str], find: Callable[[str], str]) -> list[Problem]:
    """A problem for the characters of each script that no font has.

    Args:
        characters: those that are missing.
        find: says where a character stands, as problems name it.
    """
    scripts: dict[str, list[str]] = {}
    for character in sorted(characters):
        scripts.setdefault(unicodedata.name(character, "UNNAMED").split()[0].lower(), []).append(character)
    return [_lacking(script, letters, find) for script, letters in scripts.items()]


def _lacking(script: str, letters: list[str], find: Callable[[str], str]) -> Problem:
    named = ", ".join(f"{c} (U+{ord(c):04X} {unicodedata.name(c, '')})" for c in letters[:3])
    more = f" and {len(letters) - 3} more of this script" if len(letters) > 3 else ""
    fix = f"Put a font that has it into assets/fonts/, or install one (`pip install fontpkg-noto-sans-{script}`)."
    return Problem("character-no-font", find(letters[0]), f"No font has the character {named}{more}.", fix)


def hash_font(path: Path) -> str:
    """The hash of a font file; '' where it is none."""
    read = _stamped(path)
    return read[2] if read else ""
