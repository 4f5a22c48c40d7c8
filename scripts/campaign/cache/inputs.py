"""What a build looks at in a campaign's folder, by names and hashes that are taken before it reads anything."""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from campaign.cache.atomic import is_text
from campaign.cache.memo import Memo
from campaign.cache.program import hash_program
from campaign.cache.store import hash_stamped
from campaign.models.leftovers import is_leftover

FOLDERS = ("docs", "assets", "overrides", "public", "formats", "shortcodes", "checks")
# What hosts read, where a key may stand that nobody should see.
WORKFLOWS = ".github/workflows"
SETTINGS = "mkdocs.yml"
# In mkdocs.yml: the folder of a campaign's own templates, and programs that it brings along.
OWN_TEMPLATES = re.compile(r"^\s*custom_dir:\s*[\"']?([^\"'#\n]+)", re.MULTILINE)
PROGRAM = re.compile(r"^\s*-\s*[\"']?([\w][\w./-]*\.py)\b", re.MULTILINE)
BESIDE_SETTINGS = re.compile(r"mkdocs\.yml|.*\.csv|LICEN[CS]E.*|COPYING.*")
# Files that are read with the campaign, and folders whose files are read again when pieces are made.
TEXT_SUFFIXES = (".md", ".yml", ".yaml", ".csv")
PICTURE_FOLDERS = ("assets/pictograms/", "assets/posters/", "assets/photos/", "assets/logos/", "assets/partners/")
# Listed with the files: the fingerprint of the program.
PROGRAMS = "the programs"
HASH_LENGTH = 64


@dataclass(frozen=True)
class Inputs:
    """What a build reads, known by hashes that are taken first.

    What is made from a file that somebody changes meanwhile is known under the hash of what was there before, so that
    the next build makes it again; `changed` says so once all is read.

    Attributes:
        seen: whatever is in the folders, see `entries_seen`.
        hashes: of what people wrote, by the path from the root, and of the programs.
    """

    root: Path
    seen: Mapping[str, str]
    hashes: Mapping[str, str]

    @staticmethod
    def look(root: Path, memo: Memo) -> Inputs:
        """Takes the hashes.

        Args:
            root: the campaign's folder.
            memo: hashes of files from before; new ones are added, and whoever gave them saves.
        """
        seen, read = entries_seen(root, memo), dict[str, str]()
        folders, programs = folders_read(root), PROGRAM.findall(_settings(root))
        for name, what in seen.items():
            if not what.startswith(" ") and _is_read(name, folders, programs):
                read[name] = what[:HASH_LENGTH]
        return Inputs(root, seen, {**read, PROGRAMS: hash_program("outputs")})

    def around(self) -> dict[str, str]:
        """The hashes of all files but the texts of pages."""
        return {name: digest for name, digest in self.hashes.items() if not is_page(name) and name != PROGRAMS}

    def changed(self, memo: Memo) -> list[str]:
        """What is not as it was: changed, gone or new."""
        now = Inputs.look(self.root, memo).hashes
        return sorted(name for name in self.hashes.keys() | now.keys() if self.hashes.get(name) != now.get(name))

    def is_read_late(self, name: str) -> bool:
        """Return whether pieces may read a changed file after the campaign was read; new pictures cannot be in any."""
        if name.endswith(TEXT_SUFFIXES):
            return False
        return name in self.hashes or not name.startswith(PICTURE_FOLDERS)


def entries_seen(root: Path, memo: Memo) -> dict[str, str]:
    """What each name in the folders of a campaign is, and beside its settings; in the order of names.

    That is the hash of a file, or its size and time where nobody may read it; the kind of anything else, after a space;
    behind it where a link leads.
    """
    found: dict[str, str] = {}
    for folder in (*folders_read(root), WORKFLOWS):
        if (root / folder).is_symlink():
            found[folder] = f" -> {(root / folder).readlink()}"
        found.update(_below(str(root / folder), f"{folder}/", memo))
    with os.scandir(root) as entries:
        found.update((entry.name, _one(entry, entry.name, memo)) for entry in entries if entry.is_file())
    for name in PROGRAM.findall(_settings(root)):
        if name not in found and (root / name).is_file():
            found[name] = hash_stamped(root / name, name, (root / name).stat(), memo)
    return dict(sorted(found.items()))


def _below(folder: str, above: str, memo: Memo) -> Iterator[tuple[str, str]]:
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as entries:
        for entry in entries:
            name = above + entry.name
            yield name, _one(entry, name, memo)
            if entry.is_dir(follow_symlinks=False):
                yield from _below(entry.path, f"{name}/", memo)


def _one(entry: os.DirEntry[str], name: str, memo: Memo) -> str:
    link = f" -> {Path(entry.path).readlink()}" if entry.is_symlink() else ""
    try:
        found = entry.stat()
    except OSError:
        return f" nothing{link}"
    if not stat.S_ISREG(found.st_mode):
        return f" {stat.S_IFMT(found.st_mode)}{link}"
    try:
        return hash_stamped(entry.path, name, found, memo) + link
    except OSError:  # whoever needs it says why
        return f"unreadable {found.st_size} {found.st_mtime_ns}".ljust(HASH_LENGTH) + link


def is_page(name: str) -> bool:
    """Whether a file has the text of a page, by its name from the root."""
    return name.startswith("docs/") and name.endswith(".md") and not name.rpartition("/")[2].startswith("_")


def beside_settings(root: Path) -> list[Path]:
    """mkdocs.yml, and tables beside it."""
    return [path for path in (root / SETTINGS, *sorted(root.glob("*.csv"))) if path.is_file() and is_text(path.name)]


def folders_read(root: Path) -> list[str]:
    """The folders whose files a build reads, from the root: those of every campaign, and that of its own templates."""
    own = (name.strip().rstrip("/") for name in OWN_TEMPLATES.findall(_settings(root)))
    # Not the campaign's folder itself, nor one that it lies in: all that is made would count.
    return list(dict.fromkeys((*FOLDERS, *(name for name in own if not root.is_relative_to(root / name)))))


def _is_read(name: str, folders: list[str], programs: list[str]) -> bool:
    """Whether a build reads a file, by its name from the root."""
    if not is_text(name):
        return False
    for folder in folders:
        if name.startswith(f"{folder}/"):
            return not is_leftover(name.removeprefix(f"{folder}/"))
    return name in programs or bool("/" not in name and BESIDE_SETTINGS.fullmatch(name))


def _settings(root: Path) -> str:
    try:
        return (root / SETTINGS).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""  # whoever needs it says why
