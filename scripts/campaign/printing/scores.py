"""The score of a piece's arrangement, 0 to 100 (typst/score.typ), as text for people.

Designs tell it by `tell-layout`; it is kept with the finished piece, and shown by `campaign list --verbose` and in the
proofs.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

# Prefix of the cache entry of a piece's score.
SCORED = "score"


def score_entry(row: Mapping[str, Any]) -> str:
    """Return the cache entry for a row of `layout_of` with a score."""
    return f"{SCORED}:{json.dumps(row, sort_keys=True)}"


def score_text(entries: Iterable[str]) -> str:
    """Return the score among a piece's cache entries: `score 92: 13 pt, 86–100 % full, 1 of 2 pictures`; '' if none."""
    for entry in entries:
        if entry.startswith(f"{SCORED}:"):
            return describe_score(json.loads(entry.removeprefix(f"{SCORED}:")))
    return ""


def describe_score(row: Mapping[str, Any]) -> str:
    """Return a score with the facts behind it."""
    low, high = min(row["fills"], default=0), max(row["fills"], default=0)
    filled = f"{low:.0f} % full" if low == high else f"{low:.0f}–{high:.0f} % full"
    counts = [f"{shown} of {total} {name}" for name in ("pictures", "numbers") for shown, total in [row[name]] if total]
    return ", ".join((f"score {row['score']:.0f}: {row['size']:g} pt", filled, *counts))
