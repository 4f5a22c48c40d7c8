"""Identify the language that a text is really written in: English sent out as Portuguese helps no one."""

from __future__ import annotations

import hashlib
import math
import mmap
import os
from array import array
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.metadata import version
from multiprocessing import parent_process
from pathlib import Path
from struct import Struct, calcsize
from tempfile import TemporaryFile
from typing import IO
from unicodedata import normalize

import msgspec

from campaign.cache.atomic import write_whole
from campaign.cache.store import hash_content, hash_text

# The model's different codes.
CODES = {"cmn": "zh", "fil": "tl", "nb": "no", "prs": "fa", "zsm": "ms"}
# Shorter lines are names and commands in any language.
MIN_WORDS = 8
MIN_LETTERS = 60
# Required probability. In 3,800 lines of nine languages it was never wrong.
MIN_PROBABILITY = 0.99
# Below it the line is in no known language.
MIN_OWN_PROBABILITY = 0.3
# The same as a difference of scores, less the error of 32-bit sums.
MIN_SCORE_DISTANCE = math.log(MIN_PROBABILITY / (1 - MIN_PROBABILITY)) - 0.1
# Fewer lines may be quotations.
MIN_LINES = 3
# Fewer lines aren't worth loading numpy.
BATCH_THRESHOLD_LINES = 500
# Drafts and error messages are in English, in any campaign.
ENGLISH = "en"

# Files of the unpacked model.
STEPS = "steps"
ROWS = "rows"
FEATURES = "features"
PROBABILITIES = "chances"
METADATA = "rest.json"


@dataclass(frozen=True)
class Foreign:
    """Lines in another language."""

    code: str  # in the campaign, or ENGLISH
    lines: tuple[str, ...]  # in that language
    is_dominant: bool  # most of the text


def find_foreign(
    lines: Iterable[str],
    own_code: str,
    source: str,
    languages: Iterable[str],
    path: Path | None = None,
    cached: dict[str, str] | None = None,
) -> Foreign | None:
    """Return lines in another language of the campaign or English, or None.

    Single lines are only compared with the language `source`. `cached` caches the language of lines by hash, and is
    replaced by this text's. `path` is the folder for the unpacked model.
    """
    codes_by_model = {_code(code): code for code in (ENGLISH, *languages) if _code(code) != _code(own_code)}
    long = list(filter(_is_long, lines))
    hashes, cached = list(map(hash_text, long)), {} if cached is None else cached
    reused = {digest: cached[digest] for digest in hashes if digest in cached}
    cached.clear()
    cached.update(reused)
    if not source and not _may_be_foreign([reused.get(digest) for digest in hashes]):
        return None
    if len(reused) < len({*hashes}):
        its_own = 0
        for digest, line in zip(hashes, long, strict=True):
            if digest not in cached:
                cached[digest] = codes_by_model.get(_identify(line, _code(own_code), set(codes_by_model), path), "")
            its_own += not cached[digest]
            if not source and its_own * 2 >= len(long):
                break  # no other language is in most lines
        # Workers end soon and rarely see a line twice.
        if not parent_process():
            release_tables()
        if not source and its_own * 2 >= len(long):
            return None
    results = [(line.strip(), cached[digest]) for digest, line in zip(hashes, long, strict=True)]
    counts = Counter(code for _, code in results if code)
    for code, count in counts.most_common(1):
        if count >= MIN_LINES and count * 2 > len(long):
            return Foreign(code, tuple(line for line, locale in results if locale == code), True)
    single_lines = tuple(line for line, code in results if source and code == source)
    return Foreign(source, single_lines, False) if single_lines else None


def _is_long(line: str) -> bool:
    return len(line) >= MIN_LETTERS or len(line.split()) >= MIN_WORDS


def _may_be_foreign(results: list[str | None]) -> bool:
    counts = Counter(code for code in results if code)
    max_count = results.count(None) + max(counts.values(), default=0)
    return max_count >= MIN_LINES and max_count * 2 > len(results)


def _code(code: str) -> str:
    """Return the model's code of a language."""
    short = code.replace("_", "-").partition("-")[0].lower()
    return CODES.get(short, short)


# Open tables.
_tables: list[mmap.mmap] = []


class _Model(msgspec.Struct, dict=True):
    """py3langid's model.

    Its tables (68 MB) are memory-mapped, because a text needs little of them. `tables`: STEPS leads from a state and a
    byte to the next state, ROWS says where a state's features begin, FEATURES names them (-1: none), CHANCES has a
    number for each feature and language.
    """

    by: str
    letters: dict[str, str]
    priors: list[float]
    classes: list[str]
    sums: dict[str, str] = {}
    tables: dict[str, memoryview] = {}

    @cached_property
    def columns(self) -> dict[str, int]:
        return {code: index for index, code in reversed([*enumerate(self.classes)])}

    @cached_property
    def twins(self) -> list[tuple[int, int]]:
        places = [(self.columns[code], index) for index, code in enumerate(self.classes)]
        return [(first, second) for first, second in places if first != second]


@cache
def _model(path: Path | None) -> _Model:
    folder = path if path and path.parent.is_dir() else None
    return (_cached_model(folder) if folder else None) or _unpack(folder)


def _unpack(folder: Path | None) -> _Model:
    from py3langid.langid import MODEL_DIR, MODEL_FILE
    from py3langid.modelio import load_model

    chances, priors, classes, steps, rows, features = load_model(MODEL_DIR / MODEL_FILE)
    starts = array("I", (row << 8 for row in rows))
    tables = {STEPS: steps, ROWS: starts, FEATURES: array("i", features), PROBABILITIES: chances}
    letters = {STEPS: steps.typecode, ROWS: "I", FEATURES: "i", PROBABILITIES: chances.dtype.char}
    model = _Model(version("py3langid"), letters, priors.tolist(), classes)
    if folder:
        with suppress(OSError):
            folder.mkdir(exist_ok=True)
            for name, table in tables.items():
                temporary = folder / f"{name}.{os.getpid()}"
                temporary.write_bytes(memoryview(table).cast("B"))
                temporary.replace(folder / name)
                model.sums[name] = hash_content(folder / name)
            data = msgspec.json.encode(model)
            write_whole(folder / METADATA, hashlib.sha256(data).hexdigest().encode() + data)
            return _with_tables(model, folder)
    for name, table in tables.items():
        with TemporaryFile() as file:
            file.write(table)
            file.flush()
            model.tables[name] = _mapped(file, letters[name])
    return model


def _cached_model(folder: Path) -> _Model | None:
    """Return the model unpacked by an earlier build, or None."""
    try:
        data = (folder / METADATA).read_bytes()
        model = msgspec.json.decode(data[64:], type=_Model)
        if hashlib.sha256(data[64:]).hexdigest().encode() != data[:64] or model.by != version("py3langid"):
            return None
        if model.sums != {name: hash_content(folder / name) for name in model.letters}:
            return None
        return _with_tables(model, folder)
    except (OSError, ValueError):
        return None


def _with_tables(model: _Model, folder: Path) -> _Model:
    for name, letter in model.letters.items():
        with (folder / name).open("rb") as file:
            model.tables[name] = _mapped(file, letter)
    return model


def _mapped(file: IO[bytes], letter: str) -> memoryview:
    table = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    _tables.append(table)
    return memoryview(table).cast("B" if letter == "e" else letter)  # type: ignore[call-overload, no-any-return]


def unpack(path: Path) -> None:
    """Prepare the model for this process and its workers; a second of work if it isn't cached."""
    _model(path)
    release_tables()


def release_tables() -> None:
    """Release the memory of the tables; the system caches the file."""
    for table in _tables if hasattr(mmap, "MADV_DONTNEED") else ():
        table.madvise(mmap.MADV_DONTNEED)


def how_likely(line: str, path: Path | None = None) -> dict[str, float]:
    """Return the probability of each language of the model: `rank` of py3langid, without loading it."""
    model, text = _model(path), _bytes_of(line)
    features = _features(model, text)
    if not features:
        return {}
    scores = _scores(model, features, tuple(range(len(model.classes))))
    best = max(scores)
    parts = [math.exp((score - best) / math.sqrt(len(text))) for score in scores]
    for first, second in model.twins:
        parts[first] += parts[second]
        parts[second] = 0
    total = sum(parts)
    return {code: parts[column] / total for code, column in model.columns.items()}


def _bytes_of(line: str) -> bytes:
    return normalize("NFC", line.lower() if line.isupper() else line).encode(errors="surrogatepass")


def _features(model: _Model, text: bytes) -> Counter[int]:
    steps, rows, features = (model.tables[name] for name in (STEPS, ROWS, FEATURES))
    state, result = 0, []
    for letter in text:
        state = steps[rows[state] + letter]
        result.append(features[state])
    counts = Counter(result)
    del counts[-1]
    return counts


def _scores(model: _Model, features: Mapping[int, int], columns: tuple[int, ...]) -> list[float]:
    row, chances = (
        _row(model.letters[PROBABILITIES], len(model.classes), columns),
        model.tables[PROBABILITIES].cast("B"),
    )
    scores = [model.priors[column] for column in columns]
    for times in {*features.values()}:
        rows = (row.unpack_from(chances, item * row.size) for item, count in features.items() if count == times)
        weight, checksums = math.log1p(times), map(sum, zip(*rows, strict=True))
        scores = [score + weight * item for score, item in zip(scores, checksums, strict=True)]
    return scores


@cache
def _row(letter: str, width: int, columns: tuple[int, ...]) -> Struct:
    gap = f"{calcsize(letter)}x"
    return Struct("=" + "".join(letter if index in columns else gap for index in range(width)))


def _identify(line: str, own_code: str, other_codes: set[str], path: Path | None) -> str:
    """Return the other language of a line, or ''.

    Each is only compared with the text's own: related languages, like Egyptian Arabic, would share its probability.
    """
    model = _model(path)
    columns, text = model.columns, _bytes_of(line)
    features, candidates = _features(model, text), {own_code, *other_codes} & model.columns.keys()
    if not features or not candidates - {own_code}:
        return ""
    candidate_columns = tuple(sorted(columns[code] for code in candidates))
    if not {first for first, _ in model.twins} & {*candidate_columns}:
        # A few languages often suffice to rule out the others.
        scores_by_column = dict(zip(candidate_columns, _scores(model, features, candidate_columns), strict=True))
        best = max((columns[code] for code in candidates - {own_code}), key=lambda index: scores_by_column[index])
        rivals = [columns[own_code]] if own_code in columns else [index for index in candidate_columns if index != best]
        if any(
            (scores_by_column[best] - scores_by_column[rival]) / math.sqrt(len(text)) < MIN_SCORE_DISTANCE
            for rival in rivals
        ):
            return ""
    likely = how_likely(line, path)
    result = max(sorted(candidates - {own_code}), key=lambda code: likely[code])
    total = likely[result] + likely[own_code] if own_code in likely else 1.0
    return result if likely[result] >= MIN_PROBABILITY * total and likely[result] >= MIN_OWN_PROBABILITY else ""


def find_own_lines(
    lines: Mapping[str, str], own_code: str, languages: Iterable[str], path: Path | None = None
) -> set[str]:
    """Return those lines that are in no other language, as far as the model can tell.

    Many lines are processed side by side, a byte of each at a time, in half the time. The rest must be identified.
    """
    long = {digest: line for digest, line in lines.items() if _is_long(line)}
    if len(long) < BATCH_THRESHOLD_LINES:
        return set()
    model = _model(path)
    columns = model.columns
    other_codes = sorted({_code(code) for code in (ENGLISH, *languages)} & columns.keys() - {_code(own_code)})
    candidate_columns = [columns[code] for code in (_code(own_code), *other_codes) if code in columns]
    if not other_codes or len(candidate_columns) < 2 or {first for first, _ in model.twins} & {*candidate_columns}:
        return set()
    import numpy as np

    steps, rows, features, flat_chances = (
        np.frombuffer(model.tables[name], model.letters[name]) for name in (STEPS, ROWS, FEATURES, PROBABILITIES)
    )
    chances = flat_chances.reshape(-1, len(model.classes))
    width = len(chances)
    texts = sorted(((_bytes_of(line), digest) for digest, line in long.items()), key=lambda item: -len(item[0]))
    letters, lengths = np.frombuffer(b"".join(text for text, _ in texts), np.uint8), [len(text) for text, _ in texts]
    starts, row_of_feature = (
        np.cumsum([0, *lengths[:-1]]),
        np.searchsorted(np.negative(lengths), -np.arange(lengths[0])),
    )
    state, visited = np.zeros(len(texts), np.intp), []
    for index, feature_count in enumerate(row_of_feature):
        state = steps[rows[state[:feature_count]] + letters[starts[:feature_count] + index]]
        visited.append(state)
    # Frequencies of features by line, as line number and feature in one integer.
    seen = features[np.concatenate(visited)]
    which = np.concatenate([np.arange(feature_count) for feature_count in row_of_feature])[seen >= 0]
    keys, counts = np.unique(which * width + seen[seen >= 0], return_counts=True)
    which, result = np.divmod(keys, width)
    scores = chances[result[:, None], candidate_columns] * np.log1p(counts.astype(np.float32))[:, None]
    unique_rows, first = np.unique(which, return_index=True)
    totals = np.add.reduceat(scores, first) + np.array(model.priors, np.float32)[candidate_columns]
    # If the model doesn't know the text's language, compare the others with each other.
    rivals = totals[:, 0] if _code(own_code) in columns else np.sort(totals)[:, -2]
    is_distant = (totals[:, -len(other_codes) :].max(1) - rivals) / np.sqrt(
        np.array(lengths)[unique_rows]
    ) >= MIN_SCORE_DISTANCE
    return {digest for _, digest in texts} - {texts[index][1] for index in unique_rows[is_distant]}
