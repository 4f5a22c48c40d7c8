"""`campaign why`: why a file was last built and what it depends on, from the build's database."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from campaign.cache.memo import Memo
from campaign.cache.output_tree import NAMESPACE
from campaign.graph.traces import InputTable, Row, words_of
from campaign.pipeline.last_build import read_made
from campaign.pipeline.output_inputs import read_output_inputs

SITE = "site/"
DIST = "dist/"
# Namespaces with nodes named by address; those of each language are separate.
SHARED_NAMESPACES = ("texts/whole",)

_FINDER = ["the page with the finder", "all contacts", "the interface words", "the list of files"]
# Files that every build makes, because comparing their inputs would take longer: pattern -> inputs.
MADE_EACH_TIME = {
    "site/sitemap.xml": ["the addresses and dates of all pages"],
    "site/*/saved*.json": ["every file that the language's pages need without a network"],
    "site/*/*-copy.js": ["the language's interface words", "the program"],
    "site/*/listen.js": ["the language's interface words", "the program"],
    **dict.fromkeys(("site/finder*.js", "site/*/finder*.js", "dist/finder/*", "dist/finder/*/*"), _FINDER),
    "site/files/*/*": ["the file of the same name in dist/"],
    "site/pictures/*.svg": ["the drawing of the same name in assets/posters/"],
    "site/*.css": ["the campaign's colours", "the program"],
    "site/*.svg": ["the campaign's colours"],
    "site/*.js": ["mkdocs.yml", "the program"],
    "site/*": ["mkdocs.yml", "the scripts on all pages"],
    "dist/copies/*": ["the language's main pages, with their pictures and sources"],
    "dist/forms/*/*": ["the language's interface words"],
    "dist/*": ["the list of all files in dist/"],
}


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
    memo = Memo.of(root)
    recorded = _explain_page(root, memo, name.removeprefix(SITE)) if name.startswith(SITE) else None
    return recorded or _explain_output(memo, name.removeprefix(DIST)) or _explain_rest(memo, name)


def _explain_page(root: Path, memo: Memo, address: str) -> Explanation | None:
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


def _explain_rest(memo: Memo, name: str) -> Explanation | None:
    """Explain a file without a node; None before the first build by this program."""
    path = PurePosixPath(name)
    inputs = next((inputs for pattern, inputs in MADE_EACH_TIME.items() if path.match(pattern)), None)
    if inputs is None or not memo.namespace(NAMESPACE).get("placed"):
        return None
    return Explanation(["Every build makes it."], inputs)


def _spaces(address: str) -> tuple[str, ...]:
    code = address.partition("/")[0]
    return f"pages/{code}", f"texts/{code}"
