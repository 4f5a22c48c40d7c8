"""Find names of a country in everything that a build made: file names, and the texts of pages, prints and packs."""

from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pypdfium2

# The archives whose entries are texts or archives themselves.
ARCHIVES = (".zip", ".docx", ".epub", ".xlsx", ".odt")
TEXTS = re.compile(r"\.(html?|txt|json|xml|js|css|csv|md|svg|webmanifest|xhtml|opf|rels|yml)")


def find_names(names: list[str], *folders: Path) -> dict[str, Counter[str]]:
    """The names that are left, and in which files; whole words, in their own case."""
    pattern = re.compile("|".join(map(_as_word, sorted(names, key=len, reverse=True))))
    results: dict[str, Counter[str]] = {}
    for folder in folders:
        for path in sorted(file for file in folder.rglob("*") if file.is_file()):
            name = path.relative_to(folder.parent).as_posix()
            for text in (name, *_texts(path.name, path.read_bytes())):
                for match in pattern.finditer(text):
                    results.setdefault(match[0], Counter())[name] += 1
    return results


def _as_word(name: str) -> str:
    is_ascii = name[0].isascii() and name[-1].isascii()
    return rf"(?<![^\W_]){re.escape(name)}(?![^\W_])" if is_ascii else re.escape(name)


def _texts(name: str, data: bytes) -> Iterator[str]:
    suffix = Path(name).suffix
    if suffix in ARCHIVES:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            for entry in archive.namelist():
                yield entry
                yield from _texts(entry, archive.read(entry))
    elif suffix == ".pdf":
        with pypdfium2.PdfDocument(data) as document:
            yield " ".join(document.get_metadata_dict().values())
            for page in document:
                yield page.get_textpage().get_text_bounded()
    elif TEXTS.fullmatch(suffix):
        yield data.decode("utf-8", errors="replace")
