"""Create a campaign: a copy of the skeleton, with the parts that suit its readers and its source language."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

from campaign.cache.atomic import WORK
from campaign.content.languages import OWN_STRINGS, shipped_strings
from campaign.content.settings import CODE, FILE
from campaign.content.writing import new_folder, write_files
from campaign.models.campaign import Readers
from campaign.models.names import is_portable
from campaign.models.problem import failure
from campaign.schema.interface_words import SKELETON, STRINGS
from campaign.schema.json_schema import json_schemas

# Files in place of the skeleton's, for readers other than private.
BY_READERS = SKELETON.with_name("skeleton_by_readers")
ENGLISH = "en"
TRANSLATION = re.compile(r"^translation: \{[^}]*\}\n", re.MULTILINE)
LANGUAGE_LINE = re.compile(r"^ +- \{locale: .*\n", re.MULTILINE)
ABOUT_PORTUGUESE = re.compile(r"^`docs/pt/` .*?\n\n", re.MULTILINE | re.DOTALL)
NAME_IN_ENGLISH = re.compile(r"(?<=\{)en(?=: )")


def create_campaign(folder: Path, readers: Readers, source: str = ENGLISH, name: str = "") -> None:
    """Create a small campaign in a new folder, for another source language with its own name if given."""
    if source != ENGLISH:
        check_source(source, name)
    with new_folder(folder) as part:
        for skeleton in (SKELETON, BY_READERS / readers):
            if skeleton.is_dir():
                shutil.copytree(skeleton, part, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", WORK))
        settings = (part / FILE).read_text(encoding="utf-8").replace("readers: private", f"readers: {readers:7}", 1)
        schemas = {part / "schemas" / name: text.encode() for name, text in json_schemas().items()}
        write_files(part, {part / FILE: settings.encode(), **schemas})
        if source != ENGLISH:
            _change_source(part, source, name)


def check_source(code: str, name: str) -> None:
    """Raise CampaignError if the code is invalid, or the language has no name."""
    if not CODE.fullmatch(code) or not is_portable(code):
        fix = "Write two or three letters, as in fr or fil."
        raise failure("value-unknown", "--source", f"`{code}` is no code of a language.", fix)
    if not re.fullmatch(r"[^\s\"'#:,\[\]{}&*!|>%@`]([^\"#:,\[\]{}]*[^\s\"#:,\[\]{}])?", name):
        fix = f"Add what the language calls itself: --source {code} --name Français"
        raise failure("value-unknown", "--name", f"The language `{code}` needs a plain name.", fix)


def _change_source(root: Path, code: str, name: str) -> None:
    """Make a language the only one of a new campaign: its own texts if there are some, otherwise the English ones."""
    docs = root / "docs"
    folder = docs / code
    if not folder.is_dir():
        (docs / ENGLISH).rename(folder)
    for other in docs.iterdir():
        if other.is_dir() and other != folder:
            shutil.rmtree(other)
    texts = {path: path.read_text(encoding="utf-8") for path in folder.rglob("*") if path.is_file()}
    texts = {path: TRANSLATION.sub("", text) for path, text in texts.items()}
    if shipped_strings(code):
        texts[folder / STRINGS] = _own_strings(texts[folder / STRINGS])
    for path in (root / "assets/contacts").glob("*.yml"):
        texts[path] = NAME_IN_ENGLISH.sub(code, path.read_text(encoding="utf-8")).replace("docs/en/", f"docs/{code}/")
    readme = root / "README.md"
    texts[readme] = ABOUT_PORTUGUESE.sub("", readme.read_text(encoding="utf-8")).replace("docs/en/", f"docs/{code}/")
    settings = (root / FILE).read_text(encoding="utf-8").replace("first_language: en", f"first_language: {code}", 1)
    line = f"        - {{locale: {code}, name: {name}, default: true}}\n"
    lines = iter((line, ""))
    texts[root / FILE] = LANGUAGE_LINE.sub(lambda _: next(lines), settings)
    write_files(root, {path: text.encode() for path, text in texts.items()})


def _own_strings(text: str) -> str:
    """Return only the campaign's own strings; the others ship."""
    head = text.partition("\n")[0]
    kept = re.findall(rf"^(?:{'|'.join(sorted(OWN_STRINGS))}): .*\n", text, re.MULTILINE)
    note = (
        "# The campaign's own words. Those of buttons and notices come with the program: write a line to change one.\n"
    )
    return f"{head}\n{note}\n{''.join(kept)}"
