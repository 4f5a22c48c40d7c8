"""In which language a text is really written: what is sent out as Portuguese and is English helps nobody."""

from __future__ import annotations

import hashlib
import math
import mmap
import os
from collections import Counter
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from importlib.metadata import version
from multiprocessing import parent_process
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, Any

import msgspec

from campaign.cache.atomic import write_whole
from campaign.cache.store import hash_content, hash_text

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

# The model knows languages by these codes; most are the same.
CODES = {"cmn": "zh", "fil": "tl", "nb": "no", "prs": "fa", "zsm": "ms"}
# Shorter lines are names and commands, of which nobody can tell the language.
FEWEST_WORDS, FEWEST_LETTERS = 8, 60
# How sure the model has to be. Of 3,800 lines of nine languages it took none for another language of their campaign.
SURE = 0.99
# Below it the line is in none of them.
LIKELY = 0.3
# The same as a distance of scores, less what sums of 32 bits may be off.
FAR = math.log(SURE / (1 - SURE)) - 0.1
# So many lines make a page: one may be a quotation.
FEWEST_LINES = 3
# From so many on lines are looked at side by side.
MANY_LINES = 200
# In which texts are drafted and programs answer, also where it is no language of the campaign.
ENGLISH = "en"

# Of the model as it is kept: its two tables, and all else.
STEPS, CHANCES, REST = "steps", "chances", "rest.json"


@dataclass(frozen=True)
class Foreign:
    """Lines in another language.

    Attributes:
        code: of that language in the campaign, or ENGLISH.
        lines: that are written in it.
        is_most: whether most of the text is.
    """

    code: str
    lines: tuple[str, ...]
    is_most: bool


def find_foreign(
    lines: Iterable[str],
    own: str,
    source: str,
    languages: Iterable[str],
    unpacked: Path | None = None,
    known: dict[str, str] | None = None,
) -> Foreign | None:
    """What stands in a text in another language than its own.

    Args:
        lines: of the text.
        own: the language that it should be in.
        source: the language that it is translated from; '' for none. Single lines are looked at for it alone.
        languages: of the campaign; English is looked for in any.
        unpacked: where what knows them is kept from one build to the next.
        known: lines whose language was found before, by their hashes; those of this text take their place.

    Returns:
        None where all is as it should be, or nobody can tell.
    """
    theirs = {_code(code): code for code in (ENGLISH, *languages) if _code(code) != _code(own)}
    long = list(filter(_is_long, lines))
    hashes, known = list(map(hash_text, long)), {} if known is None else known
    before = {digest: known[digest] for digest in hashes if digest in known}
    known.clear()
    known.update(before)
    if not source and not _may_be_foreign([before.get(digest) for digest in hashes]):
        return None
    if len(before) < len({*hashes}):
        its_own = 0
        for digest, line in zip(hashes, long, strict=True):
            if digest not in known:
                known[digest] = theirs.get(_identify(line, _code(own), set(theirs), unpacked), "")
            its_own += not known[digest]
            if not source and its_own * 2 >= len(long):
                break  # no other language has most
        # Not in a worker, which looks at many texts and ends soon: to ask for the same again would be half of its time.
        if not parent_process():
            release_tables()
        if not source and its_own * 2 >= len(long):
            return None
    found = [(line.strip(), known[digest]) for digest, line in zip(hashes, long, strict=True)]
    counted = Counter(code for _, code in found if code)
    for code, count in counted.most_common(1):
        if count >= FEWEST_LINES and count * 2 > len(long):
            return Foreign(code, tuple(line for line, each in found if each == code), True)
    single = tuple(line for line, code in found if source and code == source)
    return Foreign(source, single, False) if single else None


def _is_long(line: str) -> bool:
    return len(line) >= FEWEST_LETTERS or len(line.split()) >= FEWEST_WORDS


def _may_be_foreign(found: list[str | None]) -> bool:
    """Whether most lines may be in another language. found: that of each, '' for the text's own, None: unknown."""
    others = Counter(code for code in found if code)
    most = found.count(None) + max(others.values(), default=0)
    return most >= FEWEST_LINES and most * 2 > len(found)


def _code(code: str) -> str:
    """As the model writes a language: without region and script."""
    short = code.replace("_", "-").partition("-")[0].lower()
    return CODES.get(short, short)


# The tables that were read.
_tables: list[mmap.mmap] = []


@cache
def _model(unpacked: Path | None) -> tuple[LanguageIdentifier, tuple[mmap.mmap, ...]]:
    """What knows languages: unpacking takes 0.4 s, hence once, and not before somebody asks.

    Of its two tables of 68 MB a text needs little: that is read from a file; see `release_tables`.
    """
    import numpy as np
    from py3langid.langid import LanguageIdentifier

    kept = unpacked if unpacked and unpacked.parent.is_dir() else None
    known = (_kept(kept) if kept else None) or _unpack(kept)
    tables = known.tables
    model = LanguageIdentifier(
        np.frombuffer(tables[1], known.likely).reshape(known.shape),
        np.array(known.priors, np.float32),
        known.classes,
        memoryview(tables[0]).cast(known.steps),  # type: ignore[call-overload]
        known.features,
        norm_probs=True,
        tk_row=known.rows,
    )
    _tables.extend(tables)
    return model, tables


class _Unpacked(msgspec.Struct):
    """The model but for its tables: of those types and sizes, and what they hold.

    by: of which version of the library; steps, likely, shape: of the tables.
    """

    by: str
    steps: str
    likely: str
    shape: tuple[int, int]
    priors: list[float]
    classes: list[str]
    rows: list[int]
    features: list[int]
    sums: dict[str, str]
    tables: tuple[Any, ...] = ()


def _unpack(folder: Path | None) -> _Unpacked:
    """The model as its library has it; kept in a folder, where one is given and can be written."""
    from py3langid.langid import MODEL_DIR, MODEL_FILE
    from py3langid.modelio import load_model

    likely, priors, classes, steps, rows, features = load_model(MODEL_DIR / MODEL_FILE)
    known = _Unpacked(
        version("py3langid"),
        steps.typecode,
        str(likely.dtype),
        likely.shape,
        priors.tolist(),
        classes,
        list(rows),
        features,
        {},
    )
    if folder:
        with suppress(OSError):
            folder.mkdir(exist_ok=True)
            for name, table in ((STEPS, steps), (CHANCES, likely)):
                aside = folder / f"{name}.{os.getpid()}"
                aside.write_bytes(memoryview(table).cast("B"))
                aside.replace(folder / name)
                known.sums[name] = hash_content(folder / name)
            data = msgspec.json.encode(known)
            write_whole(folder / REST, hashlib.sha256(data).hexdigest().encode() + data)
            if found := _kept(folder):
                return found
    known.tables = (_on_disk(steps), _on_disk(likely))
    return known


def _kept(folder: Path) -> _Unpacked | None:
    """The model as an earlier build unpacked it; None where it is not as that did."""
    try:
        data = (folder / REST).read_bytes()
        known = msgspec.json.decode(data[64:], type=_Unpacked)
        if hashlib.sha256(data[64:]).hexdigest().encode() != data[:64] or known.by != version("py3langid"):
            return None
        if known.sums != {name: hash_content(folder / name) for name in (STEPS, CHANCES)}:
            return None
        known.tables = tuple(_mapped(folder / name) for name in (STEPS, CHANCES))
        return known
    except (OSError, ValueError):
        return None


def _mapped(file: Path) -> mmap.mmap:
    with file.open("rb") as opened:
        return mmap.mmap(opened.fileno(), 0, access=mmap.ACCESS_READ)


@cache
def _columns(unpacked: Path | None) -> dict[str, int]:
    """Where the model's scores have each language: of those that are called alike the first has what all are worth."""
    columns: dict[str, int] = {}
    for at, code in enumerate(_model(unpacked)[0].nb_classes):
        columns.setdefault(code, at)
    return columns


def _on_disk(table: Any) -> mmap.mmap:
    with TemporaryFile() as file:
        file.write(table)
        file.flush()
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def unpack(unpacked: Path) -> None:
    """Makes what knows languages ready, in this process and for its workers; a second of work where nothing is kept."""
    _model(unpacked)
    release_tables()


def release_tables() -> None:
    """Gives back what texts needed of the tables; the system's own copy of the file stays while it has room."""
    for table in _tables if hasattr(mmap, "MADV_DONTNEED") else ():
        table.madvise(mmap.MADV_DONTNEED)


def _identify(line: str, own: str, others: set[str], unpacked: Path | None) -> str:
    """Which of the other languages a line is in; '' for none, or where nobody can tell.

    A language that the model knows is weighed against each of the others alone: beside all of the world's it would
    share its likelihood with its nearest kin, as Arabic does with that of Egypt and of Morocco.
    """
    import numpy as np
    from py3langid.langid import visit_counts

    model, columns = _model(unpacked)[0], _columns(unpacked)
    known = [code for code in (own, *sorted(others)) if code in columns]
    text = model._encode(line)
    visits = visit_counts(model.tk_nextmove, model._rowbase, model.tk_output, text)
    if not visits or not others & set(known):
        return ""
    features = np.fromiter(visits, np.intp, len(visits))
    weights = np.log1p(np.fromiter(visits.values(), np.float32, len(visits)))
    spread = 1.0 / math.sqrt(len(text))
    is_alone = not {first for first, _ in model._alias_pairs} & {columns[code] for code in known}
    if own in columns and is_alone:
        # Few of the world's languages say already that none of the others can be sure.
        few = [columns[code] for code in known]
        near = weights @ model.nb_ptc[features[:, None], few] + model.nb_pc[few]
        if (near[1:].max() - near[0]) * spread < FAR:
            return ""
    # As `rank` has it, without sorting all of the world's languages for each line.
    scores = weights @ model.nb_ptc[features] + model.nb_pc
    scores *= spread
    np.exp(scores - scores.max(), out=scores)
    scores /= scores.sum()
    for first, other in model._alias_pairs:
        scores[first] += scores[other]
    likely = {code: float(scores[columns[code]]) for code in known}
    best = max(others & likely.keys(), key=lambda code: likely[code])
    whole = likely[best] + likely[own] if own in likely else 1.0
    return best if likely[best] >= SURE * whole and likely[best] >= LIKELY else ""


def surely_own(lines: Mapping[str, str], own: str, languages: Iterable[str], unpacked: Path | None = None) -> set[str]:
    """Those of the lines of many texts that are in no other language as far as anybody can tell.

    All of them are looked at side by side, a byte of each at a time, in a third of the time that one after the other
    would take; of few lines it is longer, and none is. What is not among them has to be looked at by itself.

    Args:
        lines: by their hashes.
        own: the language that they should be in.
        languages: of the campaign; English is looked for in any.
        unpacked: where what knows them is kept from one build to the next.
    """
    import numpy as np

    long = {digest: line for digest, line in lines.items() if _is_long(line)}
    if len(long) < MANY_LINES:
        return set()
    model, columns = _model(unpacked)[0], _columns(unpacked)
    others = sorted({_code(code) for code in (ENGLISH, *languages)} & columns.keys() - {_code(own)})
    few = [columns[code] for code in (_code(own), *others) if code in columns]
    if not others or _code(own) not in columns or {first for first, _ in model._alias_pairs} & {*few}:
        return set()
    texts = sorted(((model._encode(line), digest) for digest, line in long.items()), key=lambda each: -len(each[0]))
    letters, lengths = np.frombuffer(b"".join(text for text, _ in texts), np.uint8), [len(text) for text, _ in texts]
    begins, standing = np.cumsum([0, *lengths[:-1]]), np.searchsorted(np.negative(lengths), -np.arange(lengths[0]))
    steps, rows, features = _as_arrays(unpacked)
    state, visited = np.zeros(len(texts), np.intp), []
    for at, many in enumerate(standing):
        state = steps[rows[state[:many]] + letters[begins[:many] + at]]
        visited.append(state)
    # How often each line has each feature, as one number each: the line's, then the feature's.
    seen, width = features[np.concatenate(visited)], len(model.nb_ptc)
    which = np.concatenate([np.arange(many) for many in standing])[seen >= 0]
    keys, counts = np.unique(which * width + seen[seen >= 0], return_counts=True)
    which, found = np.divmod(keys, width)
    scores = model.nb_ptc[found[:, None], few] * np.log1p(counts.astype(np.float32))[:, None]
    told, first = np.unique(which, return_index=True)
    near = np.add.reduceat(scores, first) + model.nb_pc[few]
    is_far = (near[:, 1:].max(1) - near[:, 0]) / np.sqrt(np.array(lengths)[told]) >= FAR
    return {digest for _, digest in texts} - {texts[at][1] for at in told[is_far]}


@cache
def _as_arrays(unpacked: Path | None) -> tuple[Any, Any, Any]:
    """What goes through a text by bytes: its steps, where those of a state begin, what a state tells (-1: nothing)."""
    import numpy as np

    model = _model(unpacked)[0]
    steps = np.frombuffer(model.tk_nextmove, model.tk_nextmove.format)
    return steps, np.array(model._rowbase, np.intp), np.array(model.tk_output, np.intp)
