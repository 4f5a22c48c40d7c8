"""`campaign why`: why a file was last built and what it depends on, from the build's database."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
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

# Patterns of files without a record -> their inputs.
INPUTS_WITHOUT_RECORD = {
    ("site/sitemap.xml",): ("the addresses and dates of all pages",),
    ("site/*/saved*.json",): ("every file that the language's pages need without a network",),
    ("site/*/offline-copy.js", "site/*/listen.js"): ("the language's interface words", "the program"),
    ("site/finder*.js", "site/*/finder*.js", "dist/finder/*", "dist/finder/*/*"): (
        "the page with the finder",
        "all contacts",
        "the interface words",
        "the list of files",
    ),
    ("site/files/*/*.htm", "site/files/*/*.epub"): ("the file of the same name in dist/copies/",),
    ("dist/pictures/messages/*/*",): ("the language's _messages.yml", "all contacts", "the program"),
    ("site/pictures/*-hero.svg",): ("the poster's hero.svg in assets/posters/",),
    ("site/later*.css",): ("the campaign's colours", "the program"),
    ("site/favicon.svg",): ("the campaign's colours",),
    ("site/sw.js", "site/deferred.js", "site/gone.txt", "site/robots.txt"): ("mkdocs.yml", "the program"),
    ("site/.htaccess", "site/_headers", "site/_nginx.conf"): ("mkdocs.yml", "the scripts on all pages"),
    ("dist/copies/*",): ("the language's main pages, with their pictures and sources",),
    ("dist/forms/*/*",): ("the language's interface words",),
    ("dist/index.html",): ("the list of all files in dist/",),
    ("dist/problems.html",): ("the problems of the last build",),
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
    return recorded or _explain_output(memo, name.removeprefix(DIST)) or _explain_rest(root, memo, name)


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


def _explain_rest(root: Path, memo: Memo, name: str) -> Explanation | None:
    """Explain a file without a record: its inputs; None for files of other commands, and before the first build."""
    path, address = PurePosixPath(name), name.removeprefix(SITE)
    originals = [original for folder in ("public", "docs") if (root / (original := f"{folder}/{address}")).is_file()]
    known = [inputs for patterns, inputs in INPUTS_WITHOUT_RECORD.items() if any(map(path.match, patterns))]
    inputs = [*(originals[:1] if name.startswith(SITE) else ()), *chain(*known)]
    if not inputs or not memo.namespace(NAMESPACE).get("placed"):
        return None
    return Explanation(["The build doesn't record why it makes this file."], inputs)


def _spaces(address: str) -> tuple[str, ...]:
    code = address.partition("/")[0]
    return f"pages/{code}", f"texts/{code}"
