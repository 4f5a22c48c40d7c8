"""Pages: the Markdown files of docs/<language>/, with their front matter."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from campaign.content import releases
from campaign.content.markdown import CITATION, split_panels, to_html
from campaign.content.plain_yaml import EMPTY, Fields, Value, parse_yaml, read_text
from campaign.content.translation import fingerprint, parse_translation
from campaign.formats import FORMATS
from campaign.model import LAYOUTS, Page, Source
from campaign.problems import Problem

KEYS = ("title", "description", "for", "formats", "options", "alt", "layout", "translation", *releases.KEYS)
# Runs that make Markdown readers quadratic or recursive; nobody writes them.
RUNAWAY = re.compile(r"[\[\](){}!*_`~<>#|^$-]{300,}|^(?:[ \t]*>){40,}", re.MULTILINE)


@dataclass(frozen=True)
class Typed:
    """A page as typed: front matter read, body not yet. first_line: the body's, in the file."""

    path: str
    where: str
    fields: Fields
    body: str
    first_line: int

    @property
    def fingerprint(self) -> str:
        """Of all that a translator translates."""
        words = [self.fields.text(key) for key in ("title", "description", "alt")]
        return fingerprint(*words, *filter(None, [self.fields.text("headline")]), self.body)


def read_typed(root: Path, language: str, path: Path, problems: list[Problem]) -> Typed | None:
    """A file split into front matter and body; None and a problem where it is no text."""
    relative = path.relative_to(root / "docs" / language).as_posix()
    where = f"docs/{language}/{relative}"
    if not lies_inside(path, root / "docs"):
        problems.append(Problem(where, "This is a link out of docs/.", "Put the text itself here."))
        return None
    text = read_text(path, where, problems)
    if text is None:
        return None
    front, body, first_line = _split(text, where, problems)
    return Typed(relative, where, Fields(front, where, problems, KEYS), body, first_line)


def lies_inside(path: Path, folder: Path) -> bool:
    """Whether a file itself stands below a folder, and no link leads out of it."""
    real = path.resolve() if path.is_symlink() else _real(path.parent)
    return real.is_relative_to(_real(folder))


@cache
def _real(folder: Path) -> Path:
    return folder.resolve()


def _split(text: str, where: str, problems: list[Problem]) -> tuple[Value, str, int]:
    found = re.match(r"---[ \t]*\n(.*?)^---[ \t]*(?:\n|\Z)", text, re.DOTALL | re.MULTILINE)
    if not found:
        fix = "Begin the file with ---, then `title: ...`, then --- again."
        problems.append(Problem(f"{where}:1", "The page has no front matter.", fix))
        return EMPTY, text, 1
    value = parse_yaml(found.group(1), where, problems, first_line=2)
    if value.keys is None:
        problems.append(Problem(f"{where}:2", "The front matter is not `key: value` lines.", "Write one key a line."))
        value = EMPTY
    return value, text[found.end() :], text[: found.end()].count("\n") + 1


def build_page(
    typed: Typed,
    language: str,
    audiences: tuple[str, ...],
    sources: dict[str, Source],
    source_fingerprint: str | None,
    is_source: bool,
) -> Page:
    """The page, its body turned to safe HTML."""
    fields = typed.fields
    title = fields.text("title") if fields.value is EMPTY else fields.text("title", required=True)
    formats = fields.texts("formats")
    for name in formats:
        if name not in FORMATS:
            fix = f"Choose from: {', '.join(FORMATS)}."
            fields.complain(fields.keys["formats"], f"The format `{name}` is not known.", fix)
    for audience in fields.texts("for"):
        if audience not in audiences:
            fix = f"mkdocs.yml names: {', '.join(audiences)}."
            fields.complain(fields.keys["for"], f"The audience `{audience}` is not known.", fix)
    options = {key: value.plain() for key, value in (fields.mapping("options").keys or {}).items()}
    layout = fields.choice("layout", LAYOUTS)
    is_release = releases.is_release(fields) or typed.path.startswith("releases/")
    # Each release is printed as the trade prints it.
    formats = tuple(dict.fromkeys((*formats, *([releases.FORMAT] if is_release else ()))))
    html = _html(typed, sources)
    return Page(
        language=language,
        path=typed.path,
        title=title or typed.path,
        description=fields.text("description"),
        audiences=fields.texts("for"),
        formats=tuple(name for name in formats if name in FORMATS),
        options={
            **options,
            **({"layout": layout} if layout else {}),
            **({"alt": fields.text("alt")} if fields.text("alt") else {}),
            **(releases.read_release(fields) if is_release else {}),
        },
        body=typed.body,
        html=html,
        panels=split_panels(html, typed.body, typed.first_line, is_release) if formats and html else (),
        cites=tuple(dict.fromkeys(CITATION.findall(typed.body))),
        translation=None if is_source else parse_translation(fields, source_fingerprint),
        where=typed.where,
        first_line=typed.first_line,
    )


def _html(typed: Typed, sources: dict[str, Source]) -> str:
    runaway = RUNAWAY.search(typed.body)
    try:
        if not runaway:
            return to_html(typed.body, sources)
        line = typed.first_line + typed.body[: runaway.start()].count("\n")
    except RecursionError:
        line = typed.first_line
    what = "Signs are nested or repeated here beyond all reading."
    typed.fields.problems.append(Problem(f"{typed.where}:{line}", what, "Delete the run of brackets, stars or arrows."))
    return ""


def line_of(page: Page, text: str) -> str:
    """Where a text stands in a page, for a problem: path and line, or the path alone."""
    at = page.body.find(text)
    return page.where if at < 0 else f"{page.where}:{page.first_line + page.body[:at].count(chr(10))}"
