"""List and hash the files that a build reads, before it reads any of them."""

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
# Read by hosts; may contain a key.
WORKFLOWS = ".github/workflows"
SETTINGS = "mkdocs.yml"
# In mkdocs.yml: the folder of the campaign's own templates, and its Python files.
OWN_TEMPLATES = re.compile(r"^\s*custom_dir:\s*[\"']?([^\"'#\n]+)", re.MULTILINE)
PROGRAM = re.compile(r"^\s*-\s*[\"']?([\w][\w./-]*\.py)\b", re.MULTILINE)
ROOT_FILE = re.compile(r"mkdocs\.yml|.*\.csv|LICEN[CS]E.*|COPYING.*")
# Files that are read with the campaign, and folders whose files are read again when pieces are built.
TEXT_SUFFIXES = (".md", ".yml", ".yaml", ".csv")
PICTURE_FOLDERS = ("assets/pictograms/", "assets/posters/", "assets/photos/", "assets/logos/", "assets/partners/")
# Listed with the files: the fingerprint of the program.
PROGRAMS = "the programs"
HASH_LENGTH = 64


@dataclass(frozen=True)
class Inputs:
    """The files that a build reads, hashed before it starts.

    If a file changes during the build, outputs are recorded under its earlier hash, so that the next build makes them
    again; `changed` reports it.

    Attributes:
        entries: every entry of the folders, see `describe_entries`.
        hashes: of the campaign's files by relative path, and of the program.
    """

    root: Path
    entries: Mapping[str, str]
    hashes: Mapping[str, str]

    @staticmethod
    def scan(root: Path, memo: Memo) -> Inputs:
        """List and hash the files.

        Args:
            root: the campaign folder.
            memo: known hashes of files; new ones are added, and the caller saves.
        """
        entries, read = describe_entries(root, memo), dict[str, str]()
        folders, programs = folders_read(root), PROGRAM.findall(_settings(root))
        for name, description in entries.items():
            if not description.startswith(" ") and _is_read(name, folders, programs):
                read[name] = description[:HASH_LENGTH]
        return Inputs(root, entries, {**read, PROGRAMS: hash_program("outputs")})

    def shared_hashes(self) -> dict[str, str]:
        """Return the hashes of all files except pages."""
        return {name: digest for name, digest in self.hashes.items() if not is_page(name) and name != PROGRAMS}

    def changed(self, memo: Memo) -> list[str]:
        """Return the names of files that were changed, deleted or added since."""
        current = Inputs.scan(self.root, memo).hashes
        return sorted(
            name for name in self.hashes.keys() | current.keys() if self.hashes.get(name) != current.get(name)
        )

    def is_read_late(self, name: str) -> bool:
        """Return whether pieces may read a changed file after the campaign was read; new pictures cannot be in any."""
        if name.endswith(TEXT_SUFFIXES):
            return False
        return name in self.hashes or not name.startswith(PICTURE_FOLDERS)


def describe_entries(root: Path, memo: Memo) -> dict[str, str]:
    """Describe every entry of a campaign's folders and every file next to its settings, sorted by name.

    Returns:
        By name: a file's hash (size and time if it isn't readable), otherwise a space and the entry's type; then the
        target if it is a link.
    """
    results: dict[str, str] = {}
    for folder in (*folders_read(root), WORKFLOWS):
        if (root / folder).is_symlink():
            results[folder] = f" -> {(root / folder).readlink()}"
        results.update(_entries_below(str(root / folder), f"{folder}/", memo))
    with os.scandir(root) as entries:
        results.update((entry.name, _entry_stamp(entry, entry.name, memo)) for entry in entries if entry.is_file())
    for name in PROGRAM.findall(_settings(root)):
        if name not in results and (root / name).is_file():
            results[name] = hash_stamped(root / name, name, (root / name).stat(), memo)
    return dict(sorted(results.items()))


def _entries_below(folder: str, parent: str, memo: Memo) -> Iterator[tuple[str, str]]:
    with suppress(FileNotFoundError, NotADirectoryError), os.scandir(folder) as entries:
        for entry in entries:
            name = parent + entry.name
            yield name, _entry_stamp(entry, name, memo)
            if entry.is_dir(follow_symlinks=False):
                yield from _entries_below(entry.path, f"{name}/", memo)


def _entry_stamp(entry: os.DirEntry[str], name: str, memo: Memo) -> str:
    link = f" -> {Path(entry.path).readlink()}" if entry.is_symlink() else ""
    try:
        info = entry.stat()
    except OSError:
        return f" nothing{link}"
    if not stat.S_ISREG(info.st_mode):
        return f" {stat.S_IFMT(info.st_mode)}{link}"
    try:
        return hash_stamped(entry.path, name, info, memo) + link
    except OSError:  # reported when the file is read
        return f"unreadable {info.st_size} {info.st_mtime_ns}".ljust(HASH_LENGTH) + link


def is_page(name: str) -> bool:
    """Return whether a file is a page, by its path relative to the campaign."""
    return name.startswith("docs/") and name.endswith(".md") and not name.rpartition("/")[2].startswith("_")


def root_files(root: Path) -> list[Path]:
    """Return mkdocs.yml and the CSV files next to it."""
    return [path for path in (root / SETTINGS, *sorted(root.glob("*.csv"))) if path.is_file() and is_text(path.name)]


def folders_read(root: Path) -> list[str]:
    """Return the folders that a build reads, relative to the campaign, including its template folder."""
    template_folders = (name.strip().rstrip("/") for name in OWN_TEMPLATES.findall(_settings(root)))
    # Not the campaign folder or a parent of it: outputs would count as inputs.
    return list(dict.fromkeys((*FOLDERS, *(name for name in template_folders if not root.is_relative_to(root / name)))))


def _is_read(name: str, folders: list[str], programs: list[str]) -> bool:
    """Return whether a build reads a file, by its path relative to the campaign."""
    if not is_text(name):
        return False
    for folder in folders:
        if name.startswith(f"{folder}/"):
            return not is_leftover(name.removeprefix(f"{folder}/"))
    return name in programs or bool("/" not in name and ROOT_FILE.fullmatch(name))


def _settings(root: Path) -> str:
    try:
        return (root / SETTINGS).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""  # reported when the file is read
