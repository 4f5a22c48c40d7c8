"""Entries that go to a translator and come back, in any file format.

Each is identified by file and key, and carries a hash of the translation that was sent (`sent`), so that files of one
page merge and newer work is kept.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from campaign.content.translated_numbers import check_sentence_numbers
from campaign.content.translating import WORD_FILES, Row, TextFile, paths_of, read_file, save_translations
from campaign.content.units import one_line
from campaign.content.writing import all_or_none
from campaign.models.campaign import Campaign
from campaign.models.problem import CampaignError, Problem, failure

# Most bytes and entries of a returned file.
MAX_BYTES = 40_000_000
MAX_ENTRIES = 200_000


@dataclass(frozen=True)
class Entry:
    """A text to translate."""

    path: str  # below the language's folder
    key: str  # of its source text
    source: str
    target: str = ""
    old_source: str = ""  # the source text that `target` translates, if it has changed
    about: str = ""  # where readers see it
    sent: str = ""  # hash of the translation that was sent, or ''
    is_open: bool = True  # still to do; in a returned file, not marked as done
    is_fuzzy: bool = False  # in a returned file: marked as unfinished by the translator's program


@dataclass(frozen=True)
class Conflict:
    """A sentence that was also changed by another person."""

    path: str
    key: str
    source: str
    stands: str
    came: str

    @property
    def where(self) -> str:
        """For messages."""
        return f"{self.path}: {_shortened(self.source)}"


@dataclass
class ImportResult:
    """The result of an import."""

    changed: dict[str, int] = field(default_factory=dict)  # path -> number of texts
    finished: list[str] = field(default_factory=list)  # files that are complete now
    rejected: list[tuple[str, str]] = field(default_factory=list)  # (where, why)
    conflicts: list[Conflict] = field(default_factory=list)  # left unchanged
    # imported texts whose numbers differ from the source's
    numbers: list[tuple[str, str, str, Problem]] = field(default_factory=list)
    outdated: list[str] = field(default_factory=list)  # texts whose source has changed
    unfinished: list[str] = field(default_factory=list)  # changed texts that are marked as unfinished, not imported
    unchanged: int = 0  # number of texts that were there already
    untranslated: int = 0  # number of texts without a translation
    foreign: int = 0  # number of texts that belong to no file


def sent_hash(text: str) -> str:
    """Return a hash of a translation."""
    return hashlib.sha256(one_line(text).encode()).hexdigest()[:8]


def entries(campaign: Campaign, language: str, is_core: bool = False, paths: Iterable[str] = ()) -> list[Entry]:
    """Return the texts for a translator, of all `paths` or only riskiest pages. Raise CannotEdit if one is broken."""
    file_paths = list(paths) or paths_of(campaign, language)
    if is_core:
        from campaign.exchange.review_bundle import public_pages  # loads libraries for documents

        # No page of a language can be shown without its strings.
        words = [name for name in WORD_FILES if name in file_paths]
        public = [source.path for source, _ in public_pages(campaign, language)]
        file_paths = [*words[:1], *(path for path in public if path in file_paths), *words[1:]]
    results = []
    for path in file_paths:
        file = read_file(campaign, language, path)
        page = campaign.pages.get((campaign.source_language.code, path))
        context = ", ".join(page.formats) if page else ""
        results += [_entry(file, row, context) for row in file.rows]
    return results


def _entry(file: TextFile, row: Row, context: str) -> Entry:
    unit = row.unit
    about = "; ".join(filter(None, (unit.kind, unit.section, f"printed as {context}" if context else "")))
    return Entry(file.path, unit.key, unit.text, row.text, row.old_source, about, sent_hash(row.text), row.is_open)


def accepted_paths(campaign: Campaign, language: str) -> set[str]:
    """Return the files that a returned file may change: all, because the sender may have had more of them."""
    source = campaign.source_language.code
    words = (name for name in WORD_FILES if (campaign.root / "docs" / source / name).is_file())
    return {*paths_of(campaign, language), *words, *(path for code, path in campaign.pages if code == source)}


def take(
    campaign: Campaign, language: str, rows: Iterable[Entry], by: str, takes_unfinished: bool = False
) -> ImportResult:
    """Import returned translations; conflicts are reported, not overwritten.

    `takes_unfinished`: also texts that the translator changed but whose program marks them as unfinished.
    """
    import_result = ImportResult()
    if takes_unfinished:
        rows = [replace(entry, is_fuzzy=False, is_open=entry.is_open and not entry.is_fuzzy) for entry in rows]
    with all_or_none(campaign.root):
        _take_all(campaign, language, rows, by, import_result)
    return import_result


def _take_all(
    campaign: Campaign, language: str, rows: Iterable[Entry], author: str, import_result: ImportResult
) -> None:
    by_path: dict[str, list[Entry]] = {}
    for entry in rows:
        if entry.path and entry.key:
            by_path.setdefault(entry.path, []).append(entry)
        else:
            import_result.foreign += 1
    paths = accepted_paths(campaign, language)
    for path, file_rows in by_path.items():
        if path not in paths:
            import_result.rejected.append((path, "is no file of this campaign"))
            continue
        _take_file(campaign, language, path, file_rows, author, import_result)


def _take_file(
    campaign: Campaign, language: str, path: str, own_rows: list[Entry], author: str, import_result: ImportResult
) -> None:
    file = read_file(campaign, language, path)
    rows = {row.unit.key: row for row in file.rows}
    texts: dict[str, str] = {}
    for entry in own_rows:
        text, row = one_line(entry.target), rows.get(entry.key)
        where = f"{path}: {_shortened(entry.source)}"
        if not text:
            import_result.untranslated += 1
        elif entry.is_fuzzy:
            if entry.sent in ("", sent_hash(text)):
                import_result.unchanged += 1
            else:
                import_result.unfinished.append(where)
        elif row is None:
            if sent_hash(text) == entry.sent:
                import_result.unchanged += 1
            else:
                import_result.outdated.append(where)
        elif text == row.text:
            # The translator may confirm a text whose source has changed.
            if row.is_open and not entry.is_open:
                texts[entry.key] = text
            else:
                import_result.unchanged += 1
        elif entry.sent == sent_hash(text):
            import_result.unchanged += 1  # unchanged by the translator; the current text is another person's
        elif row.text and entry.sent != sent_hash(row.text):
            import_result.conflicts.append(Conflict(path, entry.key, row.unit.text, row.text, text))
        else:
            texts[entry.key] = text
    if not texts:
        return
    was_open = bool(file.open_rows)
    file, rejections = save_translations(campaign, language, path, texts, author)
    import_result.rejected += [(f"{path}: {_shortened(rows[key].unit.text)}", why) for key, why in rejections.items()]
    import_result.changed[path] = len(texts) - len(rejections)
    for key, text in texts.items():
        if key not in rejections:
            unit = rows[key].unit
            result = check_sentence_numbers(unit, text, file.name)
            import_result.numbers += [(path, key, _shortened(unit.text), item) for item in result]
    if was_open and not file.open_rows:
        import_result.finished.append(file.name)


def _shortened(text: str) -> str:
    return text if len(text) <= 60 else text[:57].rstrip() + "…"


def not_a_file(name: str, message: str) -> CampaignError:
    """Return the error for a file that can't be imported."""
    fix = "Take the file that `campaign translate send` wrote, as the translator's program saved it."
    return failure("translation-file", name, message, fix)


def as_entries(rows: Iterable[Mapping[str, str]]) -> list[Entry]:
    """Return entries of a table with `file`, `key`, `source`, `translation` and `sent`."""
    return [
        Entry(
            row.get("file", ""),
            row.get("key", ""),
            row.get("source", ""),
            row.get("translation", ""),
            sent=row.get("sent", ""),
        )
        for row in rows
        if any(row.values())
    ]
