"""The files that a build reads, known by hashes that are taken before it reads any."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from campaign.cache.atomic import files_below, is_text
from campaign.cache.memo import Memo
from campaign.cache.program import hash_program
from campaign.cache.store import hash_file
from campaign.models.leftovers import is_leftover

FOLDERS = ("docs", "assets", "overrides", "public", "formats", "shortcodes", "checks")
SETTINGS = "mkdocs.yml"
# In mkdocs.yml: the folder of a campaign's own templates, and programs that it brings along.
OWN_TEMPLATES = re.compile(r"^\s*custom_dir:\s*[\"']?([^\"'#\n]+)", re.MULTILINE)
PROGRAM = re.compile(r"^\s*-\s*[\"']?([\w][\w./-]*\.py)\b", re.MULTILINE)
# Listed with the files: the fingerprint of the program.
PROGRAMS = "the programs"


@dataclass(frozen=True)
class Inputs:
    """What a build reads, known by hashes that are taken first.

    What is made from a file that somebody changes meanwhile is known under the hash of what was there before, so that
    the next build makes it again; `changed` says so once all is read.

    Attributes:
        hashes: of what people wrote, by the path from the root, and of the programs.
    """

    root: Path
    hashes: Mapping[str, str]

    @staticmethod
    def look(root: Path, memo: Memo) -> Inputs:
        """Takes the hashes.

        Args:
            root: the campaign's folder.
            memo: hashes of files from before; new ones are added, and whoever gave them saves.
        """
        hashes = {name: _hash(path, name, memo) for name, path in sorted(_files(root))}
        return Inputs(root, {**hashes, PROGRAMS: hash_program("outputs")})

    def around(self) -> dict[str, str]:
        """The hashes of all files but the texts of pages."""
        return {name: digest for name, digest in self.hashes.items() if not is_page(name) and name != PROGRAMS}

    def names_now(self) -> frozenset[str]:
        """All that is there by now, by the path from the root; nothing is read."""
        return frozenset(name for name, _ in _files(self.root)) | self.hashes.keys()

    def changed(self, memo: Memo) -> list[str]:
        """What is not as it was: changed, gone or new."""
        now = Inputs.look(self.root, memo).hashes
        return sorted(name for name in self.hashes.keys() | now.keys() if self.hashes.get(name) != now.get(name))


def is_page(name: str) -> bool:
    """Whether a file has the text of a page, by its name from the root."""
    return name.startswith("docs/") and name.endswith(".md") and not name.rpartition("/")[2].startswith("_")


def is_read_once(name: str) -> bool:
    """Whether a file is read with the campaign alone: what is made of its words is known by those that were read."""
    return name.endswith((".md", ".yml", ".yaml", ".csv"))


def beside_settings(root: Path) -> list[Path]:
    """mkdocs.yml, and tables beside it."""
    return [path for path in (root / SETTINGS, *sorted(root.glob("*.csv"))) if path.is_file() and is_text(path.name)]


def folders_read(root: Path) -> list[str]:
    """The folders whose files a build reads, from the root: those of every campaign, and that of its own templates."""
    own = (name.strip().rstrip("/") for name in OWN_TEMPLATES.findall(_settings(root)))
    # Not the campaign's folder itself, nor one that it lies in: all that is made would count.
    return list(dict.fromkeys((*FOLDERS, *(name for name in own if not root.is_relative_to(root / name)))))


def _files(root: Path) -> Iterator[tuple[str, str]]:
    for start in folders_read(root):
        for name, entry in files_below(root / start):
            if is_text(name) and not is_leftover(name):
                yield f"{start}/{name}", entry.path
    beside = (*beside_settings(root), *root.glob("LICEN[CS]E*"), *root.glob("COPYING*"))
    for path in (*beside, *(root / name for name in PROGRAM.findall(_settings(root)))):
        if path.is_file():
            yield path.relative_to(root).as_posix(), str(path)


def _settings(root: Path) -> str:
    try:
        return (root / SETTINGS).read_text(encoding="utf-8", errors="replace")
    except OSError:
        return ""  # whoever needs it says why


def _hash(path: str, name: str, memo: Memo) -> str:
    try:
        return hash_file(path, name, memo)
    except OSError:
        return ""  # whoever needs it says why
