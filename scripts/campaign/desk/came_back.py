"""What of a file that came back waits for a choice: sentences that others translated too, letters that were guessed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from campaign.cache.atomic import WORK, write_whole
from campaign.content.translating import read_file
from campaign.desk.decoded import decoded
from campaign.desk.notes import read_note, write_note
from campaign.exchange.translation_file import LARGEST, Conflict, Entry, sent_hash
from campaign.models.campaign import Campaign
from campaign.schema.yaml_edit import CannotEdit

# On this computer, where the file was taken.
FILE = f"{WORK}/desk/came-back.json"
# So many sentences of a table are shown, those first whose letters may have been guessed wrong.
SHOWN = 60


@dataclass(frozen=True)
class Guessed:
    """A table that is not UTF-8, before anything of it is taken.

    Attributes:
        name: as it was sent.
        encoding: what it was read as.
        sentences: some of what it would bring.
        count: how many it would.
    """

    name: str
    encoding: str
    sentences: Sequence[Entry]
    count: int


@dataclass(frozen=True)
class Waiting:
    """A sentence of which two translations are there; see Conflict. by: who made the one that came."""

    language: str
    path: str
    key: str
    source: str
    came: str
    by: str
    stands: str = ""


def guessed_file(root: Path, language: str) -> Path:
    """Where a table of guessed letters is kept as UTF-8 until somebody has looked at it."""
    return root / f"{WORK}/desk/came-back-{language}.csv"


def guess(file: Path, name: str, kept: Path) -> Guessed | None:
    """Keeps a table that is not UTF-8 as what its letters are likely to be; None of any other file."""
    if file.suffix != ".csv":
        return None
    try:
        text, encoding = decoded(file.read_bytes()[:LARGEST])
    except CannotEdit:
        return None
    if not encoding:
        return None
    from campaign.exchange.translation_tables import read_csv  # it loads what reads documents

    write_whole(kept, text.encode())
    new = [each for each in read_csv(kept) if each.target and each.sent != sent_hash(each.target)]
    new.sort(key=lambda each: not any(letter.isalpha() and not letter.isascii() for letter in each.target))
    return Guessed(name, encoding, new[:SHOWN], len(new))


def keep_waiting(root: Path, language: str, conflicts: Iterable[Conflict], by: str) -> None:
    """Remembers what came; the latest for each sentence."""
    new = [Waiting(language, each.path, each.key, each.source, each.came, by) for each in conflicts]
    if new:
        taken = {(each.path, each.key) for each in new}
        before = [each for each in _all(root) if each.language != language or (each.path, each.key) not in taken]
        _write(root, [*before, *new])


def waiting(campaign: Campaign, language: str) -> list[Waiting]:
    """What waits in a language, with what stands there now; what says the same by now, or is gone, waits no more."""
    found, files = [], {}
    for each in _all(campaign.root):
        if each.language != language:
            continue
        if each.path not in files:
            try:
                rows = read_file(campaign, language, each.path).rows
            except (LookupError, CannotEdit):
                rows = ()
            files[each.path] = {row.unit.key: row.text for row in rows}
        stands = files[each.path].get(each.key, "")
        if stands and stands != each.came:
            found.append(Waiting(**{**asdict(each), "stands": stands}))
    return found


def settle(root: Path, language: str, path: str, key: str) -> None:
    """Somebody has chosen."""
    _write(root, [each for each in _all(root) if (each.language, each.path, each.key) != (language, path, key)])


def _all(root: Path) -> list[Waiting]:
    try:
        return [Waiting(**{name: str(said) for name, said in each.items()}) for each in read_note(root / FILE, [])]
    except (TypeError, AttributeError):
        return []


def _write(root: Path, rows: list[Waiting]) -> None:
    write_note(root / FILE, [asdict(each) for each in rows])
