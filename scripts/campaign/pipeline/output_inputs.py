"""Records the inputs of each file in dist/ and why it was last made, only for `campaign why`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from campaign.cache.memo import Memo
from campaign.cache.store import hash_text
from campaign.graph.traces import MAX_REASONS
from campaign.models.outputs import Output

SPACE = "made of"
# Rows kept even if a run doesn't use them, so that rarely made files can be explained.
MAX_ROWS = 10_000_000
HASH_DIGITS = 12


def record_output_inputs(memo: Memo, output: Output, inputs: Mapping[str, str]) -> None:
    """Record an output's inputs, and which of them have changed since the last time.

    Args:
        memo: the campaign's cache; the caller saves it.
        output: the output that was made.
        inputs: by name.
    """
    if output.path:
        space = memo.namespace(SPACE, MAX_ROWS)
        current_hashes = {name: hash_text(text)[:HASH_DIGITS] for name, text in inputs.items()}
        old_row: dict[str, Any] | None = space.get(output.path)
        space.put(
            output.path,
            {
                "inputs": current_hashes,
                "reasons": _reasons(old_row["inputs"], current_hashes) if old_row else NEW_OUTPUT_REASONS,
            },
        )


NEW_OUTPUT_REASONS = ["It was not built before."]


def _reasons(old_hashes: Mapping[str, str], current_hashes: Mapping[str, str]) -> list[str]:
    reasons = [
        f"{name}: changed"
        for name in current_hashes
        if old_hashes.get(name, current_hashes[name]) != current_hashes[name]
    ]
    reasons += [f"{name}: new" for name in current_hashes.keys() - old_hashes.keys()]
    reasons += [f"{name}: gone" for name in old_hashes.keys() - current_hashes.keys()]
    return sorted(reasons)[:MAX_REASONS] or ["Its cached file was missing or damaged."]


def read_output_inputs(memo: Memo, path: str) -> dict[str, Any] | None:
    """Return the record of a file by its path below dist/: `inputs` and `reasons`."""
    results: dict[str, Any] | None = memo.namespace(SPACE, MAX_ROWS).get(path)
    return results
