"""The record of what an adopted campaign took over, in docs/_upstream/, to detect later changes upstream."""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from campaign.cache.atomic import files_below
from campaign.content.adopted_files import ShownFiles
from campaign.content.drafts import read_json, write_json
from campaign.content.glossary import FILE as GLOSSARY
from campaign.content.sources import FILE as SOURCES
from campaign.content.translating import WORD_FILES, words_of
from campaign.content.units import Unit, key_of, read_units
from campaign.models.leftovers import is_leftover
from campaign.schema.yaml_edit import CannotEdit

BASE_FOLDER = "docs/_upstream"
# The first country's own words, and a hash of every file that isn't text.
ADOPTED_FILE = f"{BASE_FOLDER}/_taken.json"
# For all languages.
SHARED_FILES = (SOURCES.removeprefix("docs/"), GLOSSARY.removeprefix("docs/"))
TOP_FOLDERS = ("docs", "assets", "overrides", "public", "formats", "shortcodes", "checks")
OWN_PREFIXES = ("assets/contacts/", "docs/_")  # the office has its own


def keep_base(root: Path, origin: ShownFiles, source: str, record: Mapping[str, Any]) -> None:
    """Store the adopted texts, in full those of `source`, hashes of its other files, and `record`."""
    shutil.rmtree(root / BASE_FOLDER, ignore_errors=True)  # the campaign was adopted itself
    base: dict[str, dict[str, list[str]]] = {}
    for language, path in texts_of(root):
        if not (origin.root / "docs" / language).is_dir():  # a new language
            continue
        units = units_of(path, (root / "docs" / language / path).read_bytes())
        if units is not None:
            base.setdefault(path, {})[language] = [signature(unit, path, language in (source, "")) for unit in units]
    for path, texts in base.items():
        write_base(root, path, texts)
    contents = {name: origin.read(name) for name in files_of(origin.root)}
    files = {name: sum_of(data) for name, data in contents.items() if data is not None}
    write_json(root, root / ADOPTED_FILE, {**record, "files": files})


def texts_of(root: Path) -> Iterator[tuple[str, str]]:
    """Yield (language, path) of each file read by sentences; '' for all languages."""
    docs = root / "docs"
    for folder in sorted(docs.iterdir()):
        if not folder.is_dir() or folder.is_symlink() or folder.name.startswith("_"):
            continue
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(folder).as_posix()
            is_words = path.suffix == ".md" or name in WORD_FILES
            if path.is_file() and not path.is_symlink() and is_words and not is_leftover(name):
                yield folder.name, name
    yield from (("", name) for name in SHARED_FILES if (docs / name).is_file())


def files_of(root: Path) -> Iterator[str]:
    """Yield every other file: pictures, drawings, templates."""
    texts = {f"docs/{language}/{path}" for language, path in texts_of(root) if language}
    for top in TOP_FOLDERS:
        for name, entry in sorted(files_below(root / top)) if (root / top).is_dir() else ():
            full_path = f"{top}/{name}"
            if (
                full_path not in texts
                and not full_path.startswith(OWN_PREFIXES)
                and not entry.is_symlink()
                and not name.endswith(".csv")
                and not is_leftover(name)
            ):
                yield full_path


def units_of(path: str, data: bytes) -> Sequence[Unit] | None:
    """Return a file's sentences, or a YAML file's values; None if it can't be read."""
    try:
        if path.endswith(".yml"):
            return [unit for unit in words_of(data.decode("utf-8-sig")) if unit.kind]
        return read_units(data).units
    except (UnicodeDecodeError, CannotEdit):
        return None


def signature(unit: Unit, path: str, is_whole: bool) -> str:
    """Return the stored form of a sentence, in full or as its key."""
    text = unit.text if is_whole else key_of(unit.text)
    return f"{unit.kind}: {text}" if path.endswith(".yml") else text


def read_base(root: Path, path: str) -> dict[str, list[str]]:
    """Return the stored sentences of a file by language."""
    results: Mapping[str, Any] = read_json(root / BASE_FOLDER / f"{path}.json")
    return {code: [str(item) for item in texts] for code, texts in results.items() if isinstance(texts, list)}


def write_base(root: Path, path: str, texts: Mapping[str, Sequence[str]]) -> None:
    """Store the sentences of a file by language."""
    write_json(root, root / BASE_FOLDER / f"{path}.json", texts)


def sum_of(data: bytes) -> str:
    """Return the hash of a file's content."""
    return hashlib.sha256(data).hexdigest()[:16]
