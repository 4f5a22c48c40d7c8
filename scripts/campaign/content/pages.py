"""Pages: the Markdown files of docs/<language>/, with their front matter."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from string import ascii_lowercase

import msgspec
from msgspec.structs import replace

from campaign.content import releases
from campaign.content.design_options import read_options
from campaign.content.translation import fingerprint, parse_translation
from campaign.content.units import FRONT_MATTER
from campaign.document.outline import outline
from campaign.document.reader import read_document
from campaign.document.safety import is_safe
from campaign.models.formats import Format
from campaign.models.nodes import Document
from campaign.models.page import Cover, Page, Pretest
from campaign.models.problem import Problem
from campaign.schema.declaration import bind
from campaign.schema.kinds import PageFront, TestedNote
from campaign.schema.yaml_reader import EMPTY, Value, parse_yaml, read_text

UNSAFE = (
    "Something in this text cannot be shown safely.",
    "This is a bug in the generator: remove your last change, and report it.",
)


@dataclass(frozen=True)
class Typed:
    """A page as typed: front matter read, body not yet.

    Attributes:
        first_line: the line of the file at which the body begins, from 1.
        offset: the byte of the file at which it begins.
    """

    path: str
    where: str
    front: PageFront
    problems: list[Problem]
    body: str
    first_line: int
    offset: int

    @property
    def fingerprint(self) -> str:
        """Of all that a translator translates."""
        front = self.front
        return fingerprint(front.title, front.description, front.alt, *filter(None, [front.headline]), self.body)


def read_typed(root: Path, language: str, path: Path, problems: list[Problem]) -> Typed | None:
    """A file split into front matter and body; None and a problem where it is no text."""
    relative = path.relative_to(root / "docs" / language).as_posix()
    text = read_text(path, f"docs/{language}/{relative}", problems, as_typed=True)
    return None if text is None else parse_typed(text, language, relative, problems)


def parse_typed(text: str, language: str, relative: str, problems: list[Problem]) -> Typed:
    """A page's text split into front matter and body. relative: the file, from its language's folder."""
    where = f"docs/{language}/{relative}"
    before = len(problems)
    front, at, first_line = _split(text, where, problems)
    offset = len(text[:at].encode())
    # A page whose front matter is missing or broken is named once, and lacks no title besides.
    declared = bind(PageFront, front, where, problems if len(problems) == before else [])
    return Typed(relative, where, declared, problems, text[at:], first_line, offset)


@cache
def is_inside(folder: Path, docs: Path) -> bool:
    """Whether a folder is `docs` or below it, wherever links lead."""
    return folder.resolve().is_relative_to(docs.resolve())


def forget_folders() -> None:
    """Lets folders be looked at again, in a process that reads a campaign more than once."""
    is_inside.cache_clear()


def _split(text: str, where: str, problems: list[Problem]) -> tuple[Value, int, int]:
    """(front matter, where the body begins in the text, on which line)."""
    found = FRONT_MATTER.match(text)
    if not found:
        fix = "Begin the file with ---, then `title: ...`, then --- again."
        what = "The page has no front matter."
        if text.lstrip("\ufeff").startswith("---"):
            what = "The front matter that begins here has no end."
            fix = "Write --- on its own line below it, above the text."
        problems.append(Problem("front-matter-missing", f"{where}:1", what, fix))
        return EMPTY, 0, 1
    value = parse_yaml(found.group(1), where, problems, first_line=2)
    if value.keys is None:
        problems.append(
            Problem(
                "value-not-lines", f"{where}:2", "The front matter is not `key: value` lines.", "Write one key a line."
            )
        )
        value = EMPTY
    return value, found.end(), text[: found.end()].count("\n") + 1


def _tested(note: TestedNote | None) -> Pretest | None:
    """What `tested:` says; None where it says nothing, or not how many of how many understood."""
    if note is None:
        return None
    found = re.fullmatch(r"(\d{1,4}) ?/ ?(\d{1,4})", note.understood)
    understood, asked = (int(found[1]), int(found[2])) if found else (0, 0)
    if found and note.on and 0 < asked >= understood:
        return Pretest(note.on, understood, asked, note.line("understood"))
    if note.understood:
        what = f"`{note.understood}` does not say how many of how many understood it."
        note.complain("tested-wrong", "understood", what, "Write both numbers, as in 17/20.")
    return None


def _covers(front: PageFront, known: Mapping[str, Format]) -> tuple[Cover, ...]:
    """Covers with their letters; nobody compares more of them than there are letters."""
    if front.covers and not any(known[name].drawing for name in front.formats if name in known):
        what = "`covers` means nothing to what this page is printed as: it shows no drawing."
        front.complain("option-useless", "covers", what, "Take it out.")
    return tuple(
        Cover(letter, note.art, _tested(note.tested))
        for letter, note in zip(ascii_lowercase, front.covers, strict=False)
    )


def build_page(
    typed: Typed,
    language: str,
    audiences: tuple[str, ...],
    known: Mapping[str, Format],
    source_fingerprint: str | None,
    is_source: bool,
) -> Page:
    """The page, its body read into a tree.

    Args:
        typed: the file.
        language: its code.
        audiences: those that mkdocs.yml names.
        known: the formats that pages can be printed as.
        source_fingerprint: of the page that it is translated from, as that is now; None where there is none.
        is_source: whether it is in the source language.
    """
    front, problems = typed.front, typed.problems
    for name in front.formats:
        if name not in known:
            front.complain(
                "value-unknown", "formats", f"The format `{name}` is not known.", f"Choose from: {', '.join(known)}."
            )
    if front.has("title") and not front.title.strip():
        front.complain("title-empty", "title", "The title has no letters.", "Write what the page is called.")
    for audience in front.audiences:
        if audience not in audiences:
            front.complain(
                "value-unknown",
                "for",
                f"The audience `{audience}` is not known.",
                f"mkdocs.yml names: {', '.join(audiences)}.",
            )
    is_release = releases.is_release(front) or typed.path.startswith("releases/")
    # Each release is printed as the trade prints it.
    formats = tuple(dict.fromkeys((*front.formats, *([releases.FORMAT] if is_release else ()))))
    formats = tuple(name for name in formats if name in known)
    document = read_document(typed.body, typed.offset, typed.first_line)
    if typed.first_line == 1:  # without front matter a first heading is meant as the title
        document = replace(document, faults=tuple(each for each in document.faults if each.rule != "heading-title"))
    if not is_safe(document):
        problems.append(Problem("text-unsafe", typed.where, *UNSAFE))
        document = Document()
    return Page(
        language=language,
        path=typed.path,
        title=front.title or typed.path,
        description=front.description,
        audiences=front.audiences,
        needs=front.needs,
        tested=_tested(front.tested),
        covers=_covers(front, known),
        formats=formats,
        options=read_options(front, [known[name] for name in formats]),
        translation=None if is_source else parse_translation(front, source_fingerprint),
        where=typed.where,
        alt=front.alt,
        layout_name=front.layout or "",
        release=releases.read_release(front) if is_release else None,
        tree=msgspec.json.encode(document).decode(),
        outline=outline(document),
    )
