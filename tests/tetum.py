"""Tetum at test time: a model that identifies the language, and a word list to look words up in.

Both are the work of others: PyPI's tetun-lid, and the list of 7,560 entries in PyPI's tetumnlp (GPL, never shipped).
The list spells nh and lh and no apostrophes, so words are folded before they are looked up.
"""

from __future__ import annotations

import csv
import re
import unicodedata
import warnings
from functools import cache
from importlib.util import find_spec
from pathlib import Path

WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


def fold(word: str) -> str:
    """A word as the list would spell it."""
    word = re.sub("['’]", "", unicodedata.normalize("NFC", word).lower()).replace("ñ", "nh").replace("ll", "lh")
    word = "".join(letter for letter in unicodedata.normalize("NFD", word) if not unicodedata.combining(letter))
    return re.sub(r"([aeiou])\1+", r"\1", word)


@cache
def listed() -> frozenset[str]:
    """Every word of the list, folded."""
    path = Path(find_spec("tetumnlp").submodule_search_locations[0]) / "wordlist"
    with path.open(encoding="utf-8") as lines:
        rows = [row for row in csv.reader(lines, delimiter="\t") if len(row) > 6][1:]
    return frozenset(fold(word) for row in rows for word in WORD.findall(f"{row[1]} {row[6]}"))


def unlisted(text: str, accepted: frozenset[str]) -> list[str]:
    """The words of a text that neither the list nor `accepted` (folded) has, as typed, in lower case."""
    known = listed() | accepted
    return [word.lower() for word in WORD.findall(text) if fold(word) not in known]


@cache
def model():
    """The model. It was made with an older scikit-learn, which warns of it at each load: allowed by name."""
    with warnings.catch_warnings():
        from sklearn.exceptions import InconsistentVersionWarning
        from tetunlid import lid

        warnings.simplefilter("ignore", InconsistentVersionWarning)
        return lid.load_model()


def likelihood(text: str) -> float:
    """How sure the model is that a text is Tetum, from 0 to 1."""
    result = model()
    return float(result.predict_proba([text])[0][list(result.classes_).index("tet")])
