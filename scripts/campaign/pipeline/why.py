"""`campaign why`: why a file was last built and what it depends on, from the build's database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from campaign.cache.memo import Memo
from campaign.graph.traces import InputTable, Row, words_of
from campaign.pipeline.last_build import read_made
from campaign.pipeline.output_inputs import read_output_inputs

SITE = "site/"
DIST = "dist/"
# Namespaces with nodes named by address; those of each language are separate.
SHARED_NAMESPACES = ("texts/whole",)


@dataclass(frozen=True)
class Explanation:
    """The record of a node.

    Attributes:
        reasons: why it was last made: changed inputs, or that it was new.
        inputs: the values it depends on.
    """

    reasons: list[str]
    inputs: list[str]


def explain_output(root: Path, name: str) -> Explanation | None:
    """Return why a file was last built and what it depends on; None if it has no node.

    Args:
        root: the campaign's folder.
        name: path from there: 'site/en/index.html', 'dist/national/en/office/leaflet-en-tri-fold.pdf'.
    """
    memo, address = Memo.of(root), name.removeprefix(SITE)
    if not name.startswith(SITE):
        return _explain_output(memo, name.removeprefix(DIST)) if name.startswith(DIST) else None
    for space in (*_spaces(address), *SHARED_NAMESPACES):
        row: Row | None = memo.namespace(space).get(address)
        if row and "trace" in row:
            inputs = InputTable(memo.file, None).by_id
            results = sorted(words_of(inputs[id][0]) for id in row["trace"] if id in inputs)
            return Explanation(row.get("reasons", []), results)
    public = (item.output.path for item in read_made(root, memo) if item.output.public == address)
    return _explain_output(memo, next(public, ""))


def _explain_output(memo: Memo, path: str) -> Explanation | None:
    """Explain a piece, picture, kit or queue by its path below dist/."""
    row = read_output_inputs(memo, path)
    return Explanation(row["reasons"], sorted(row["inputs"])) if row else None


def _spaces(address: str) -> tuple[str, ...]:
    code = address.partition("/")[0]
    return f"pages/{code}", f"texts/{code}"
