"""What goes out to a translator and comes back: entries, whatever kind of file they travel in.

Each entry names its text by the file and key of its source sentence, and carries a hash of the translation that went
out with it (`sent`): what comes back is compared with that, so that two files of one page merge, and nobody undoes
what somebody else did meanwhile.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from campaign.content.translated_numbers import check_sentence_numbers
from campaign.content.translating import WORD_FILES, Row, TextFile, paths_of, read_file, save_translations
from campaign.content.units import one_line
from campaign.content.writing import all_or_none
from campaign.models.campaign import Campaign
from campaign.models.problem import CampaignError, Problem

# A file that somebody sends holds at most so much.
LARGEST, MOST_ENTRIES = 40_000_000, 200_000


@dataclass(frozen=True)
class Entry:
    """A text that is to be translated.

    Attributes:
        path: of its file, from a language's folder.
        key: of its source text.
        source: the source text.
        target: the translation, as far as it is.
        then: the source text that the translation was made from, where that was another one.
        about: where readers see it, for the translator.
        sent: a hash of the translation that went out; '' where the file that came back does not tell.
        is_open: whether something has to be done; of what came back, whether nobody has said that it is done.
    """

    path: str
    key: str
    source: str
    target: str = ""
    then: str = ""
    about: str = ""
    sent: str = ""
    is_open: bool = True


@dataclass(frozen=True)
class Conflict:
    """A sentence that somebody else changed meanwhile: what stands there, and what came. See Entry."""

    path: str
    key: str
    source: str
    stands: str
    came: str

    @property
    def where(self) -> str:
        """As it is told."""
        return f"{self.path}: {_short(self.source)}"


@dataclass
class Taken:
    """What a file that came back came to.

    Attributes:
        changed: path -> how many of its texts were taken.
        finished: files that are whole now.
        refused: where, and why a text was not taken.
        conflicts: what was left as it stands.
        numbers: path, key and source of what was taken, and that its numbers are not those of the source.
        outdated: where the source is another by now.
        same: how many texts stood there already.
    """

    changed: dict[str, int] = field(default_factory=dict)
    finished: list[str] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    conflicts: list[Conflict] = field(default_factory=list)
    numbers: list[tuple[str, str, str, Problem]] = field(default_factory=list)
    outdated: list[str] = field(default_factory=list)
    same: int = 0


def sent_hash(text: str) -> str:
    """What tells two states of a translation apart."""
    return hashlib.sha256(one_line(text).encode()).hexdigest()[:8]


def entries(campaign: Campaign, language: str, is_core: bool = False, paths: Iterable[str] = ()) -> list[Entry]:
    """What a translator of a language gets.

    Args:
        campaign: whose texts.
        language: its code.
        is_core: what the public reads and nobody has reviewed alone, riskiest first.
        paths: files, from a language's folder; all where none are named.

    Raises:
        CannotEdit: a file cannot be read.
    """
    wanted = list(paths) or paths_of(campaign, language)
    if is_core:
        from campaign.exchange.review_bundle import public_pages  # it loads what writes documents

        # Without the words of its interface no page of a language can be shown.
        words = [name for name in WORD_FILES if name in wanted]
        public = [source.path for source, _ in public_pages(campaign, language)]
        wanted = [*words[:1], *(path for path in public if path in wanted), *words[1:]]
    found = []
    for path in wanted:
        file = read_file(campaign, language, path)
        page = campaign.pages.get((campaign.source_language.code, path))
        seen = ", ".join(page.formats) if page else ""
        found += [_entry(file, row, seen) for row in file.rows]
    return found


def _entry(file: TextFile, row: Row, seen: str) -> Entry:
    unit = row.unit
    about = "; ".join(filter(None, (unit.kind, unit.section, f"printed as {seen}" if seen else "")))
    return Entry(file.path, unit.key, unit.text, row.text, row.then, about, sent_hash(row.text), row.is_open)


def take(campaign: Campaign, language: str, came: Iterable[Entry], by: str) -> Taken:
    """Takes translations that came back. What is not taken is told; nothing is overwritten that is not known.

    Args:
        campaign: as it is on the disk.
        language: code of the translation.
        came: what a file holds.
        by: who translated.
    """
    taken = Taken()
    with all_or_none(campaign.root):
        _take_all(campaign, language, came, by, taken)
    return taken


def _take_all(campaign: Campaign, language: str, came: Iterable[Entry], by: str, taken: Taken) -> None:
    by_path: dict[str, list[Entry]] = {}
    for entry in came:
        by_path.setdefault(entry.path, []).append(entry)
    source = campaign.source_language.code
    # Of a language of pieces alone too: what was sent may hold more than it has.
    words = (name for name in WORD_FILES if (campaign.root / "docs" / source / name).is_file())
    known = {*paths_of(campaign, language), *words, *(path for code, path in campaign.pages if code == source)}
    for path, its in by_path.items():
        if path not in known:
            taken.refused.append((path, "is no file of this campaign"))
            continue
        _take_file(campaign, language, path, its, by, taken)


def _take_file(campaign: Campaign, language: str, path: str, its: list[Entry], by: str, taken: Taken) -> None:
    file = read_file(campaign, language, path)
    rows = {row.unit.key: row for row in file.rows}
    texts: dict[str, str] = {}
    for entry in its:
        text, row = one_line(entry.target), rows.get(entry.key)
        where = f"{path}: {_short(entry.source)}"
        if not text:
            continue
        if row is None:
            if sent_hash(text) != entry.sent:
                taken.outdated.append(where)
        elif text == row.text:
            # A sentence whose source changed may still hold: somebody has looked at it, and said so.
            if row.is_open and not entry.is_open:
                texts[entry.key] = text
            else:
                taken.same += 1
        elif entry.sent == sent_hash(text):
            taken.same += 1  # it went out so and came back so; what stands there now is somebody else's
        elif row.text and entry.sent != sent_hash(row.text):
            taken.conflicts.append(Conflict(path, entry.key, row.unit.text, row.text, text))
        else:
            texts[entry.key] = text
    if not texts:
        return
    was_open = bool(file.open_rows)
    file, refused = save_translations(campaign, language, path, texts, by)
    taken.refused += [(f"{path}: {_short(rows[key].unit.text)}", why) for key, why in refused.items()]
    taken.changed[path] = len(texts) - len(refused)
    for key, text in texts.items():
        if key not in refused:
            unit = rows[key].unit
            found = check_sentence_numbers(unit, text, file.name)
            taken.numbers += [(path, key, _short(unit.text), each) for each in found]
    if was_open and not file.open_rows:
        taken.finished.append(file.name)


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:57].rstrip() + "…"


def not_a_file(name: str, what: str) -> CampaignError:
    """What is said of a file that cannot be taken."""
    fix = "Take the file that `campaign translate send` wrote, as the translator's program saved it."
    return CampaignError([Problem("translation-file", name, what, fix)])


def as_entries(rows: Iterable[Mapping[str, str]]) -> list[Entry]:
    """Entries of a table's rows, whose columns are `file`, `key`, `source`, `translation` and `sent`."""
    named = (row for row in rows if row.get("file") and row.get("key"))
    return [
        Entry(row["file"], row["key"], row.get("source", ""), row.get("translation", ""), sent=row.get("sent", ""))
        for row in named
    ]
