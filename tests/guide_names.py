"""Find the keys, files, options, targets and identifiers that a document mentions and that don't exist."""

from __future__ import annotations

import functools
import re
import subprocess
import textwrap
from collections.abc import Iterator, Set

import click
import yaml
from conftest import HERE, REPOSITORY

from campaign.cli.commands import main
from campaign.schema.reference import files_reference

FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```", re.DOTALL | re.MULTILINE)
SPAN = re.compile(r"`([^`\n]+)`")
KEY = re.compile(r"([a-z][\w-]*):(?: |$)")
PLACEHOLDER = re.compile(r"<[\w -]+>|…|\*")
ENDINGS = "bat command css csv epub htm html json md mp3 ogg opus pdf py sh svg toml txt typ webp yaml yml zim zip"
FILE = re.compile(rf"[.]?[\w.<>*…][\w.<>/*…-]*(?:/|/[\w.<>*…-]+|\.(?:{ENDINGS.replace(' ', '|')}))")
# Constants, functions and classes.
NAME = re.compile(r"[A-Z]+_[A-Z0-9_]+|[a-z]+(?:_[a-z]+)+(?=[(=]|$)|[A-Z][a-z]+(?=\(|$)")
OPTION = re.compile(r"(--[a-z][\w-]+)")
MAKE = re.compile(r"(?:^|\s)make ([a-z-]+)(?![\w/])")
# Keys below these are names that people choose.
NAMED_BY_PEOPLE = {
    *("alike", "becomes", "destinations", "en", "first", "formats", "name", "names", "new_languages", "packs", "pt"),
    "questions",
}
# Files and keys that the guide makes up as examples, and options of other programs.
EXAMPLES = re.compile(
    r"gate-sign|dist/(?:laga|north)/|my-campaign-online|phone\.mp3|01-signs|^radio|^tel:"
    r"|--(?:tls|upload)-|^pytest |NO_MKDOCS"
)
# Outputs that a plain build of a small campaign doesn't have.
OTHER_OUTPUTS = {
    *("dist/copies/notes-<language>.zim", "dist/forms/", "dist/job-tickets/", "dist/press-preview/"),
    *("dist/editable/", "dist/editable/<language>/", "hand-out-<language>-form.pdf"),
    "dist/editable/<language>/hand-out-<language>-form.pdf",
    *("dist/packs/", "dist/packs/<pack>/", "dist/recordings/<language>/", "site-<language>.zip"),
    *("dist/<place>/<language>/print-queue/", "dist/outdated/", "dist/problems.html"),
}


def unknown_names(text: str, outputs: Set[str]) -> list[str]:
    """Return the names in a page that don't exist.

    Args:
        text: the page.
        outputs: paths of a built campaign, such as `site/index.html`.
    """
    spans = [span for span in SPAN.findall(FENCE.sub("", text)) if not EXAMPLES.search(span)]
    blocks = "\n".join(block for _, _, block in FENCE.findall(text))
    found = [key for key in _keys(text, spans) if key not in _known_keys()]
    found += [span for span in spans if FILE.fullmatch(span) and not _is_file(span, outputs)]
    names = [name[0] for span in spans if span not in _tracked() and (name := NAME.match(span))]
    found += [name for name in names if not _is_word(name, _written_in("scripts/", "tests/", "Makefile"))]
    found += [each for span in spans for each in OPTION.findall(span) if each not in _options()]
    makefile = _written_in("Makefile")
    return found + [each for each in MAKE.findall("\n".join((*spans, blocks))) if f"\n{each}:" not in makefile]


def _keys(text: str, spans: list[str]) -> Iterator[str]:
    yield from (found[1] for span in spans if (found := KEY.match(span)))
    for _, language, block in FENCE.findall(text):
        if language == "yaml":
            yield from _keys_in(yaml.load(textwrap.dedent(block), yaml.BaseLoader))


def _keys_in(node: object, above: str = "") -> Iterator[str]:
    if isinstance(node, list):
        for each in node:
            yield from _keys_in(each, above)
    if isinstance(node, dict):
        for key, value in node.items():
            yield from () if above in NAMED_BY_PEOPLE else (key,)
            yield from _keys_in(value, key)


def _is_file(name: str, outputs: Set[str]) -> bool:
    """Return whether the repository or a built campaign has this file or folder."""
    path = name.strip("/")
    pattern = re.compile("(?:^|/)" + "[^/]+".join(map(re.escape, PLACEHOLDER.split(path))) + "(?:/|$)")
    if name in OTHER_OUTPUTS or any(map(pattern.search, outputs)) or any(map(pattern.search, _tracked())):
        return True
    # A file that people or a command make: each part of its path is a name of the program.
    parts = [part.strip(".") for part in path.split("/")]
    if path.startswith(("site/", "dist/")) or (len(parts) == 1 and PLACEHOLDER.search(path)):
        return False
    return all(_is_word(part, _written_in("scripts/", "overrides/")) for part in parts if not PLACEHOLDER.search(part))


def _is_word(name: str, text: str) -> bool:
    return re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", text) is not None


@functools.cache
def _known_keys() -> set[str]:
    """Return the keys of the generated reference, with those in its examples, and of MkDocs."""
    reference, settings = files_reference(), (HERE / "campaigns/tiny/mkdocs.yml").read_text(encoding="utf-8")
    examples = "\n".join((settings, *SPAN.findall(reference)))
    return {*re.findall(r"^\| `([\w-]+)`", reference, re.MULTILINE), *re.findall(r"([\w-]+):", examples)}


@functools.cache
def _options() -> set[str]:
    def below(command: click.Command) -> Iterator[str]:
        yield from (option for each in command.params for option in each.opts)
        for each in command.commands.values() if isinstance(command, click.Group) else ():
            yield from below(each)

    return {*below(main), "--help"}


@functools.cache
def _tracked() -> list[str]:
    command = ["git", "ls-files"]
    return subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=True).stdout.split("\n")


@functools.cache
def _written_in(*folders: str) -> str:
    """Return the text of the files in some folders, where names are defined, without the names that tests plant."""
    kinds = (".py", ".html", ".toml", ".yml", ".typ", ".bat", ".sh", "Makefile", ".gitignore", ".txt")
    names = (
        name for name in _tracked() if name.startswith(folders) and name.endswith(kinds) and "test_guide" not in name
    )
    return "\n".join((REPOSITORY / name).read_text(encoding="utf-8") for name in names)
