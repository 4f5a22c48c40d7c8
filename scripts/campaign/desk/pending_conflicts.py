"""Decisions that a returned translation file waits for: conflicting translations and guessed encodings."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from campaign.cache.atomic import WORK, write_whole
from campaign.content.translating import read_file
from campaign.desk.notes import read_note, write_note
from campaign.desk.page_file import decoded
from campaign.exchange.translation_file import MAX_BYTES, Conflict, Entry, sent_hash
from campaign.models.campaign import Campaign
from campaign.schema.yaml_edit import CannotEdit

# On this computer, where the file was imported.
FILE = f"{WORK}/desk/came-back.json"
MAX_SHOWN_SENTENCES = 60


@dataclass(frozen=True)
class GuessedTable:
    """A table that isn't UTF-8, before anything of it is imported."""

    name: str
    encoding: str
    sentences: Sequence[Entry]
    count: int  # sentences in all; `sentences` has some of them


@dataclass(frozen=True)
class PendingConflict:
    """A sentence with two translations, see Conflict."""

    language: str
    path: str
    key: str
    source: str
    came: str
    by: str  # who made the one that came back
    stands: str = ""


def guessed_file(root: Path, language: str) -> Path:
    """Return where a table of guessed encoding is kept as UTF-8 until the user confirms it."""
    return root / f"{WORK}/desk/came-back-{language}.csv"


def guess(file: Path, name: str, path: Path) -> GuessedTable | None:
    """Convert a table that isn't UTF-8 from its likely encoding; None for any other file."""
    if file.suffix != ".csv":
        return None
    try:
        text, encoding = decoded(file.read_bytes()[:MAX_BYTES])
    except CannotEdit:
        return None
    if not encoding:
        return None
    from campaign.exchange.translation_tables import read_csv  # loads libraries for documents

    write_whole(path, text.encode())
    new = [item for item in read_csv(path) if item.target and item.sent != sent_hash(item.target)]
    new.sort(key=lambda item: not any(letter.isalpha() and not letter.isascii() for letter in item.target))
    return GuessedTable(name, encoding, new[:MAX_SHOWN_SENTENCES], len(new))


def store_conflicts(root: Path, language: str, conflicts: Iterable[Conflict], author: str) -> None:
    """Store conflicts, the latest for each sentence."""
    new = [
        PendingConflict(language, conflict.path, conflict.key, conflict.source, conflict.came, author)
        for conflict in conflicts
    ]
    if new:
        new_keys = {(item.path, item.key) for item in new}
        old_conflicts = [
            item
            for item in _stored_conflicts(root)
            if item.language != language or (item.path, item.key) not in new_keys
        ]
        _write(root, [*old_conflicts, *new])


def waiting(campaign: Campaign, language: str) -> list[PendingConflict]:
    """Return the conflicts of a language that are still open, with the current translations."""
    result, files = [], {}
    for item in _stored_conflicts(campaign.root):
        if item.language != language:
            continue
        if item.path not in files:
            try:
                rows = read_file(campaign, language, item.path).rows
            except (LookupError, CannotEdit):
                rows = ()
            files[item.path] = {row.unit.key: row.text for row in rows}
        current_text = files[item.path].get(item.key, "")
        if current_text and current_text != item.came:
            result.append(PendingConflict(**{**asdict(item), "stands": current_text}))
    return result


def resolve(root: Path, language: str, path: str, key: str) -> None:
    """Forget a conflict that was decided."""
    _write(
        root,
        [item for item in _stored_conflicts(root) if (item.language, item.path, item.key) != (language, path, key)],
    )


def _stored_conflicts(root: Path) -> list[PendingConflict]:
    try:
        return [
            PendingConflict(**{name: str(value) for name, value in item.items()}) for item in read_note(root / FILE, [])
        ]
    except (TypeError, AttributeError):
        return []


def _write(root: Path, rows: list[PendingConflict]) -> None:
    write_note(root / FILE, [asdict(row) for row in rows])
