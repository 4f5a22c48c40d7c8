"""Pages: the Markdown files of docs/<language>/ with their front matter."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import chain
from pathlib import Path
from string import ascii_lowercase

import msgspec
from msgspec.structs import replace

from campaign.content import releases
from campaign.content.design_options import read_options
from campaign.content.page_formats import read_page_formats
from campaign.content.translation import fingerprint, parse_translation
from campaign.content.units import FRONT_MATTER
from campaign.document.outline import outline
from campaign.document.reader import read_document
from campaign.document.safety import is_safe
from campaign.models.formats import Format, is_for_releases
from campaign.models.nodes import Document
from campaign.models.page import ANSWERS, Answer, Cover, Page, Pretest
from campaign.models.problem import Problem
from campaign.schema.declaration import bind
from campaign.schema.kinds import PageFront, TestedNote
from campaign.schema.yaml_reader import EMPTY_VALUE, Value, parse_yaml, read_text

UNSAFE_ADDRESS = (
    "Something in this text cannot be shown safely.",
    "This is a bug in the generator: remove your last change, and report it.",
)


@dataclass(frozen=True)
class PageHead:
    """A page whose front matter is read but not its body."""

    path: str
    where: str
    front: PageFront
    problems: list[Problem]
    body: str
    first_line: int  # line of the body in the file, from 1
    offset: int  # byte of the body in the file

    @property
    def fingerprint(self) -> str:
        """The fingerprint of all translatable text."""
        front = self.front
        return fingerprint(front.title, front.description, front.alt, *filter(None, [front.headline]), self.body)


def read_typed(root: Path, language: str, path: Path, problems: list[Problem]) -> PageHead | None:
    """Split a file into front matter and body; None and a problem if it isn't text."""
    relative = path.relative_to(root / "docs" / language).as_posix()
    text = read_text(path, f"docs/{language}/{relative}", problems, as_typed=True)
    return None if text is None else parse_typed(text, language, relative, problems)


def parse_typed(text: str, language: str, relative: str, problems: list[Problem]) -> PageHead:
    """Split a page's text into front matter and body. `relative`: its path below the language's folder."""
    where = f"docs/{language}/{relative}"
    problem_count = len(problems)
    front, position, first_line = _split(text, where, problems)
    offset = len(text[:position].encode())
    # A page with broken front matter gets one problem, and none for its missing title.
    page_front = bind(PageFront, front, where, problems if len(problems) == problem_count else [])
    return PageHead(relative, where, page_front, problems, text[position:], first_line, offset)


@cache
def is_inside(folder: Path | str, docs: Path) -> bool:
    """Return whether a folder is in `docs` once links are resolved."""
    return Path(folder).resolve().is_relative_to(docs.resolve())


def forget_folders() -> None:
    """Clear the cache of folders, for processes that read a campaign repeatedly."""
    is_inside.cache_clear()


def _split(text: str, where: str, problems: list[Problem]) -> tuple[Value, int, int]:
    """Return the front matter, and the body's offset and line."""
    match = FRONT_MATTER.match(text)
    if not match:
        fix = "Begin the file with ---, then `title: ...`, then --- again."
        message = "The page has no front matter."
        if text.lstrip("\ufeff").startswith("---"):
            message = "The front matter that begins here has no end."
            fix = "Write --- on its own line below it, above the text."
        problems.append(Problem("front-matter-missing", f"{where}:1", message, fix))
        return EMPTY_VALUE, 0, 1
    value = parse_yaml(match.group(1), where, problems, first_line=2)
    if value.keys is None:
        fix = "Write one key a line."
        problems.append(Problem("value-not-lines", f"{where}:2", "The front matter is not `key: value` lines.", fix))
        value = EMPTY_VALUE
    return value, match.end(), text[: match.end()].count("\n") + 1


def _pretest(note: TestedNote | None) -> Pretest | None:
    """Return the pretest, or None if it is missing or incomplete."""
    if note is None:
        return None
    match = re.fullmatch(r"(\d{1,4}) ?/ ?(\d{1,4})", note.understood)
    understood, counts = (int(match[1]), int(match[2])) if match else (0, 0)
    if match and note.on and 0 < counts >= understood:
        return Pretest(note.on, understood, counts, note.line("understood"))
    if note.understood:
        message = f"`{note.understood}` doesn't say how many of how many readers understood it."
        note.complain("tested-wrong", "understood", message, "Write both numbers, as in 17/20.")
    return None


def _answer(front: PageFront, path: str, is_source: bool) -> Answer | None:
    """Return what an answer declares, or None."""
    note = front.answer
    if note is None:
        return None
    if not is_source:
        message = "`answer` has no effect in a translation: the source language's page declares it."
        front.complain("option-useless", "answer", message, "Take it out.")
        return None
    if not path.startswith(ANSWERS):
        message = f"`answer` has no effect outside of {ANSWERS}."
        front.complain("option-useless", "answer", message, f"Move the page to {ANSWERS}, or take it out.")
        return None
    return Answer(note.pictogram, note.group, note.order, note.call, note.sources, front.line("answer"))


def _covers(front: PageFront, formats: Iterable[Format]) -> tuple[Cover, ...]:
    if front.covers and not any(format.drawing for format in formats):
        message = "`covers` has no effect: this page's formats show no drawing."
        front.complain("option-useless", "covers", message, "Take it out.")
    return tuple(
        Cover(letter, note.art, _pretest(note.tested))
        for letter, note in zip(ascii_lowercase, front.covers, strict=False)
    )


def _check_front(front: PageFront, audiences: tuple[str, ...]) -> None:
    if front.has("title") and not front.title.strip():
        front.complain("title-empty", "title", "The title has no letters.", "Write what the page is called.")
    if front.has("for") and not front.audiences:
        fix = f"Name some of {', '.join(audiences)}; or delete the line, if the page is for everyone."
        front.complain("audience-none", "for", "`for` names nobody, but the page would be published.", fix)
    for audience in front.audiences:
        if audience not in audiences:
            fix = f"mkdocs.yml names: {', '.join(audiences)}."
            front.complain("value-unknown", "for", f"The audience `{audience}` is not known.", fix)


def _check_releases(front: PageFront, formats: list[Format]) -> None:
    """Refuse formats for press releases on another page."""
    for format in formats:
        if is_for_releases(format):
            message = f"The format `{format.name}` is only for press releases."
            front.complain("value-unknown", "formats", message, "Take it out, or write `layout: release`.")


def build_page(
    value: PageHead,
    language: str,
    audiences: tuple[str, ...],
    known_formats: Mapping[str, Format],
    source_fingerprint: str | None,
    is_source: bool,
) -> Page:
    """Parse a page's body and return the page."""
    front, problems = value.front, value.problems
    chains = read_page_formats(front, known_formats)
    _check_front(front, audiences)
    is_release = releases.is_release(front) or value.path.startswith("releases/")
    # Releases are always printed in the press format.
    if not is_release:
        _check_releases(front, [known_formats[name] for name in chain.from_iterable(chains)])
    formats = tuple(dict.fromkeys((*(names[0] for names in chains), *([releases.FORMAT] if is_release else ()))))
    all_formats = [known_formats[name] for name in dict.fromkeys((*chain.from_iterable(chains), *formats))]
    document = read_document(value.body, value.offset, value.first_line)
    if value.first_line == 1:  # without front matter the first heading is the title
        document = replace(document, faults=tuple(fault for fault in document.faults if fault.rule != "heading-title"))
    if not is_safe(document):
        problems.append(Problem("text-unsafe", value.where, *UNSAFE_ADDRESS))
        document = Document()
    return Page(
        language=language,
        path=value.path,
        title=front.title or value.path,
        description=front.description,
        audiences=front.audiences,
        search=front.search,
        needs=front.needs,
        answer=_answer(front, value.path, is_source),
        tested=_pretest(front.tested),
        covers=_covers(front, all_formats),
        formats=formats,
        fallbacks=chains if any(len(names) > 1 for names in chains) else (),
        options=read_options(front, all_formats),
        translation=None if is_source else parse_translation(front, source_fingerprint),
        where=value.where,
        alt=front.alt,
        layout_name=front.layout or "",
        release=releases.read_release(front) if is_release else None,
        tree=msgspec.json.encode(document).decode(),
        outline=outline(document),
    )
