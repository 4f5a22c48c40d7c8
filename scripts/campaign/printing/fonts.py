"""Finds font files, the characters they contain, and the families that a text needs."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from hashlib import sha256
from importlib.metadata import entry_points
from importlib.util import find_spec
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from campaign.document.text import script_of
from campaign.models.problem import Problem
from campaign.models.shipped import shipped_folder
from campaign.printing.line_breaking import DIVIDER, JOINER
from campaign.printing.scripts import CJK, ENDINGS, SCRIPTS, Script, local_faces_first, system_fonts

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

SOURCE = "fonts.google.com/noto"
INVISIBLE_CHARACTERS = re.compile(f"[{DIVIDER}{JOINER}\u2066-\u2069]")
# Entry points of `fontpkg-…` (fonts in files/) and `justmytype-…` (fonts in fonts/, which has folders).
PACKAGE_GROUPS = ("fontpkg.family", "justmytype.packs")
# Characters that fonts need not contain: breaks, joiners, isolates.
INVISIBLE_CATEGORIES = ("Cc", "Cf", "Zl", "Zp")


@dataclass(frozen=True)
class Family:
    """A font family and its files."""

    name: str
    files: tuple[Path, ...]

    @cached_property
    def letters(self) -> frozenset[int]:
        """Return the characters in every upright face, so that bold text is possible."""
        faces = (face for path in self.files for face in _stamped(path).faces if face.family == self.name)
        return _common_characters(tuple(face.letters for face in faces if face.letters))

    @property
    def is_slanted(self) -> bool:
        """Return whether it has an italic face."""
        faces = (face for path in self.files for face in _stamped(path).faces)
        return not all(face.is_upright for face in faces if face.family == self.name)


@lru_cache(maxsize=1)
def _installed() -> tuple[Path, ...]:
    """Return the font files of installed packages of fonts, and of this package."""
    paths: list[Path] = sorted(shipped_folder("fonts").glob("*"))
    entries = [entry for group in PACKAGE_GROUPS for entry in entry_points(group=group)]
    for entry in sorted(entries, key=lambda entry: entry.value):
        spec = find_spec(entry.module)
        for folder in spec.submodule_search_locations or () if spec else ():
            paths += sorted(Path(folder).glob("f*/**/*"))
    return tuple(path for path in paths if path.suffix.lower() in ENDINGS)


@dataclass(frozen=True)
class Face:
    """One face of a font file; `number` is its index."""

    family: str
    is_upright: bool
    file: Path
    number: int

    @cached_property
    def letters(self) -> frozenset[int]:
        """Return its characters, read on demand because that is slow; none for italics."""
        from fontTools.ttLib import TTFont

        if not self.is_upright:
            return frozenset()
        with TTFont(self.file, lazy=True, fontNumber=self.number) as font:
            return frozenset(font.getBestCmap() or ())


@dataclass(frozen=True)
class FontFile:
    """The contents of a font file; `fault` is why it can't be used, or ''."""

    faces: tuple[Face, ...]
    sha256: str
    fault: str = ""


@lru_cache(maxsize=256)
def _read(path: Path, stamp: tuple[int, int]) -> FontFile:  # noqa: ARG001
    """Read a font file; `stamp` (size and time) makes the cache read a changed file again."""
    from fontTools.ttLib import TTCollection, TTFont

    data = path.read_bytes()
    digest = sha256(data).hexdigest()
    if data[:4] in (b"wOFF", b"wOF2"):
        return FontFile((), digest, "it is packed for the web (WOFF), and prints need it as .ttf or .otf")
    try:
        file = BytesIO(data)
        faces = TTCollection(file, lazy=True).fonts if data[:4] == b"ttcf" else [TTFont(file, lazy=True)]
        for font in faces:
            if any(table.offset + table.length > len(data) for table in font.reader.tables.values()):
                return FontFile((), digest, "it is cut off: its end is missing")
            if not {"glyf", "CFF ", "CFF2"} & {*font.keys()}:
                return FontFile((), digest, "it holds no outlines of letters")
        return FontFile(tuple(_face(font, path, number) for number, font in enumerate(faces)), digest)
    # fontTools raises different exceptions depending on the damage.
    except Exception as error:
        return FontFile((), digest, f"it is damaged ({error or type(error).__name__})")


def _face(font: TTFont, path: Path, number: int) -> Face:
    is_upright = not font["head"].macStyle & 2
    # Typst uses name ID 1, which contains the weight for other faces than these two.
    is_plain = font["OS/2"].usWeightClass in (400, 700)
    name = (is_plain and font["name"].getDebugName(1)) or font["name"].getBestFamilyName() or path.stem
    return Face(name, is_upright, path, number)


def _stamped(path: Path) -> FontFile:
    stat = path.stat()
    return _read(path, (stat.st_size, stat.st_mtime_ns))


def font_fault(path: Path) -> str:
    """Return why a font file can't be used, or ''."""
    result = _stamped(path)
    try:
        for face in result.faces:
            _ = face.letters
        return result.fault
    except Exception as error:  # as above
        return f"it is damaged ({error or type(error).__name__})"


def families(campaign_fonts: Iterable[Path]) -> dict[str, Family]:
    """Return all available families by name; `campaign_fonts` override installed ones."""
    campaign_fonts = tuple(campaign_fonts)
    groups: dict[str, list[Path]] = {}
    for path in campaign_fonts:
        for name in _names(path):
            groups.setdefault(name, []).append(path)
    found = set(groups)
    for path in _installed():
        for name in _names(path) if path not in campaign_fonts else ():
            if name not in found:
                groups.setdefault(name, []).append(path)
    return {name: Family(name, tuple(paths)) for name, paths in groups.items()}


def _names(path: Path) -> list[str]:
    return list(dict.fromkeys(face.family for face in _stamped(path).faces))


@lru_cache(maxsize=64)
def _common_characters(sets: tuple[frozenset[int], ...]) -> frozenset[int]:
    return frozenset.intersection(*sets) if sets else frozenset()


def choose(
    characters: set[str],
    family_names: Iterable[str],
    families_by_name: Mapping[str, Family],
    paths: Iterable[Path] = (),
    language: str = "",
) -> tuple[list[Family], set[str]]:
    """Choose the fonts for a text: preferred families first, then bundled ones, then the system's Noto fonts.

    Returns:
        The families, and the characters that no font has.
    """
    family_names = tuple(family_names)
    chosen, unsupported = _choose(characters, family_names, families_by_name, language)
    system_families = system_fonts(unsupported) if unsupported else ()
    return (
        _choose(characters, family_names, families((*paths, *system_families)), language)
        if system_families
        else (chosen, unsupported)
    )


def _choose(
    characters: set[str], family_names: tuple[str, ...], families_by_name: Mapping[str, Family], language: str
) -> tuple[list[Family], set[str]]:
    order = [name for name in family_names if name in families_by_name]
    order += [
        name
        for name in sorted(families_by_name, key=lambda name: local_faces_first(name, language))
        if name not in order
    ]
    uncovered = {c for c in characters if unicodedata.category(c) not in INVISIBLE_CATEGORIES and not c.isspace()} | {
        " "
    }
    chosen_families: list[Family] = []
    for name in order:
        if chosen_families and not uncovered:
            break
        covered = {c for c in uncovered if ord(c) in families_by_name[name].letters}
        if covered or not chosen_families:
            chosen_families.append(families_by_name[name])
            uncovered -= covered
    return chosen_families, uncovered


def missing(characters: set[str], texts: Iterable[str], find: Callable[[str], str]) -> list[Problem]:
    """Return a problem for each script with missing characters. `find` returns the location of a character."""
    words = [word for text in texts for word in text.split()] if characters else []
    groups: dict[Script | None, list[str]] = {}
    for character in sorted(characters):
        groups.setdefault(SCRIPTS.get(script_of(character)), []).append(character)
    return [_lacking(script, letters, words, find) for script, letters in groups.items()]


def _lacking(script: Script | None, letters: list[str], words: list[str], find: Callable[[str], str]) -> Problem:
    character_list = ", ".join(f"{c} (U+{ord(c):04X} {unicodedata.name(c, 'without a name')})" for c in letters[:3])
    more = f" and {len(letters) - 3} more like them" if len(letters) > 3 else ""
    word = next((INVISIBLE_CHARACTERS.sub("", word) for word in words if letters[0] in word), "")
    where = f", in `{word[:40]}`" if len(word) > 1 else ""
    if script is None:
        fix = "Remove it (or use a pictogram, `:name:`), or put a font that has it into assets/fonts/."
    else:
        suffix = "ttc" if script == CJK else "ttf"
        file = f"{script.file}-Regular.{suffix} and {script.file}-Bold.{suffix}"
        wheel = f"`pip install {script.wheel}`, or " if script.wheel else ""
        fix = (
            f"Get Noto's font: {wheel}`apt install {script.package}`, or put {file} into assets/fonts/ "
            f"(free, from {SOURCE})."
        )
    return Problem("character-no-font", find(letters[0]), f"No font has {character_list}{more}{where}.", fix)


def hash_font(path: Path) -> str:
    """Return the hash of a font file."""
    return _stamped(path).sha256
