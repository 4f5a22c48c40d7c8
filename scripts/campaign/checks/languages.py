"""In which language a text is really written: what is sent out as Portuguese and is English helps nobody."""

from __future__ import annotations

import mmap
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from tempfile import TemporaryFile
from typing import Any

import numpy as np
from py3langid.langid import MODEL_FILE, LanguageIdentifier

# The model knows languages by these codes; most are the same.
CODES = {"cmn": "zh", "fil": "tl", "nb": "no", "prs": "fa", "zsm": "ms"}
# Shorter lines are names and commands, of which nobody can tell the language.
FEWEST_WORDS, FEWEST_LETTERS = 8, 60
# How sure the model has to be. Of 3,800 lines of nine languages it took none for another language of their campaign.
SURE = 0.99
# Below it the line is in none of them.
LIKELY = 0.3
# So many lines make a page: one may be a quotation.
FEWEST_LINES = 3
# In which texts are drafted and programs answer, also where it is no language of the campaign.
ENGLISH = "en"


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


def find_foreign(lines: Iterable[str], own: str, source: str, languages: Iterable[str]) -> Foreign | None:
    """What stands in a text in another language than its own.

    Args:
        lines: of the text.
        own: the language that it should be in.
        source: the language that it is translated from; '' for none. Single lines are looked at for it alone.
        languages: of the campaign; English is looked for in any.

    Returns:
        None where all is as it should be, or nobody can tell.
    """
    theirs = {_code(code): code for code in (ENGLISH, *languages) if _code(code) != _code(own)}
    long = [line for line in lines if len(line.split()) >= FEWEST_WORDS or len(line) >= FEWEST_LETTERS]
    found = [(line.strip(), theirs.get(_identify(line, _code(own), set(theirs)), "")) for line in long]
    if long:
        _give_back()
    counted = Counter(code for _, code in found if code)
    for code, count in counted.most_common(1):
        if count >= FEWEST_LINES and count * 2 > len(long):
            return Foreign(code, tuple(line for line, each in found if each == code), True)
    single = tuple(line for line, code in found if source and code == source)
    return Foreign(source, single, False) if single else None


def _code(code: str) -> str:
    """As the model writes a language: without region and script."""
    short = code.replace("_", "-").partition("-")[0].lower()
    return CODES.get(short, short)


@cache
def _model() -> tuple[LanguageIdentifier, tuple[mmap.mmap, ...]]:
    """Takes 0.4 s to read, hence once, and not before somebody asks.

    Of its two tables of 68 MB a text needs little: the system reads that from a file, and `find_foreign` gives it back.
    """
    model = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    steps, likely = _on_disk(model.tk_nextmove), _on_disk(model.nb_ptc)
    model.tk_nextmove = memoryview(steps).cast(model.tk_nextmove.typecode)
    model.nb_ptc = np.frombuffer(likely, model.nb_ptc.dtype).reshape(model.nb_ptc.shape)
    model._full_model = (model.nb_ptc, *model._full_model[1:])
    return model, (steps, likely)


@cache
def _columns() -> dict[str, int]:
    """Where the model's scores have each language: of those that are called alike the first has what all are worth."""
    columns: dict[str, int] = {}
    for at, code in enumerate(_model()[0].nb_classes):
        columns.setdefault(code, at)
    return columns


def _on_disk(table: Any) -> mmap.mmap:
    with TemporaryFile() as file:
        file.write(table)
        file.flush()
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def _give_back() -> None:
    """The memory of what texts needed of the tables; the system's own copy of the file stays as long as it has room."""
    for table in _model()[1] if hasattr(mmap, "MADV_DONTNEED") else ():
        table.madvise(mmap.MADV_DONTNEED)


def _identify(line: str, own: str, others: set[str]) -> str:
    """Which of the other languages a line is in; '' for none, or where nobody can tell.

    A language that the model knows is weighed against each of the others alone: beside all of the world's it would
    share its likelihood with its nearest kin, as Arabic does with that of Egypt and of Morocco.
    """
    model, columns = _model()[0], _columns()
    # As `rank` has it, without sorting all of the world's languages for each line.
    scores = model._decide(line)
    likely = {code: float(scores[columns[code]]) for code in (own, *sorted(others)) if code in columns}
    best = max(others & likely.keys(), key=lambda code: likely[code], default="")
    if not best:
        return ""
    whole = likely[best] + likely[own] if own in likely else 1.0
    return best if likely[best] >= SURE * whole and likely[best] >= LIKELY else ""
