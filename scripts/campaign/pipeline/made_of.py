"""What each file in dist/ was made from, and why it was made last: for `campaign why`; no build decides by it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from campaign.cache.memo import Memo
from campaign.cache.store import hash_text
from campaign.graph.traces import MAX_REASONS
from campaign.models.outputs import Output

SPACE = "made of"
# Rows that are kept whether a run asks for them or not: what is made seldom is explained too.
MAX_ROWS = 10_000_000
DIGITS = 12


def note_made_of(memo: Memo, output: Output, inputs: Mapping[str, str]) -> None:
    """Note what an output has been made from, and what of that is not as it was the time before.

    Args:
        memo: that of the campaign; whoever gave it saves.
        output: that was made.
        inputs: what it was made from, by names.
    """
    if output.path:
        space = memo.beside(SPACE, MAX_ROWS)
        now = {name: hash_text(text)[:DIGITS] for name, text in inputs.items()}
        before: dict[str, Any] | None = space.get(output.path)
        space.put(output.path, {"inputs": now, "reasons": _reasons(before["inputs"], now) if before else NEW})


NEW = ["It was not built before."]


def _reasons(before: Mapping[str, str], now: Mapping[str, str]) -> list[str]:
    changed = [f"{name}: changed" for name in now if before.get(name, now[name]) != now[name]]
    changed += [f"{name}: new" for name in now.keys() - before.keys()]
    changed += [f"{name}: gone" for name in before.keys() - now.keys()]
    return sorted(changed)[:MAX_REASONS] or ["Its kept file was missing or damaged."]


def read_made_of(memo: Memo, path: str) -> dict[str, Any] | None:
    """The row of a file by its path from dist/: `inputs` and `reasons`."""
    found: dict[str, Any] | None = memo.beside(SPACE, MAX_ROWS).get(path)
    return found
