"""The page of the desk for fixing each problem: a form, an editor, or the file as text."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import quote

from campaign.content.contacts import FOLDER
from campaign.content.sources import FILE as SOURCES
from campaign.desk.files import EDITABLE_FOLDERS, PLACES_TABLE, SETTINGS
from campaign.models.campaign import Campaign
from campaign.models.media import ART
from campaign.models.problem import Problem

TEXT_SUFFIXES = (".yml", ".yaml", ".md", ".csv")
# Problems that keep a form from showing its file.
UNREADABLE = frozenset(
    (
        *("yaml-broken", "yaml-tab", "yaml-not-plain", "quotes-open", "quotes-curly", "key-twice", "value-not-lines"),
        *("text-direction", "file-control-character", "file-not-utf8"),
    )
)

# Problems of boxes that can be read.
MEANING_PROBLEMS = frozenset(("meaning-hidden", "meaning-pale", "meaning-small", "meaning-undeclared"))
FOLDER_PROBLEMS = frozenset(("folder-no-language", "language-no-folder", "front-page-missing"))


def is_written(name: str) -> bool:
    """Return whether people write a file as text."""
    parts = PurePosixPath(name).parts
    is_there = name == SETTINGS or PLACES_TABLE.fullmatch(name) or (len(parts) > 1 and parts[0] in EDITABLE_FOLDERS)
    return bool(is_there) and name.endswith(TEXT_SUFFIXES) and "[U+" not in name


def as_text(name: str, line: str = "") -> str:
    """Return the page for editing a file as text, or ''."""
    return f"/file/{quote(name)}{_line_query(line)}" if is_written(name) else ""


def fix_url(problem: Problem, campaign: Campaign | None) -> str:
    """Return the page for fixing a problem, or ''; without a readable campaign no form is available."""
    return fix_url_at(problem.where, campaign, problem.id)


def fix_url_at(where: str, campaign: Campaign | None, id: str = "") -> str:
    """Return the same for a file and line. `id`: of the problem."""
    name, _, line = where.partition(":")
    parts = name.split("/")
    if name.startswith(f"{FOLDER}/") and name.endswith(".yml"):
        place = name.removeprefix(f"{FOLDER}/").removesuffix(".yml")
        return f"/contacts/{quote(place)}{_line_query(line)}" if campaign else as_text(name, line)
    if campaign is None or (id in UNREADABLE and not name.endswith(".md")):
        return as_text(name, line)
    if name == SOURCES:
        return f"/sources{_line_query(line)}"
    if name == "assets/identity.yml":
        return "/look"
    if name.startswith("assets/photos/"):
        return f"/photos/{quote(parts[-1].rpartition('.')[0])}"
    if (
        id in MEANING_PROBLEMS
        and (poster := campaign.posters.get(PurePosixPath(name).parent.name))
        and name == poster.where
    ):
        drawing = next((box.drawing for box in poster.meaning if box.where == where), ART)
        return f"/poster-boxes/{quote(poster.name)}/{quote(drawing)}"
    is_language = parts[0] == "docs" and len(parts) > 1 and parts[1] in campaign.languages
    if is_language and parts[1] != campaign.source_language.code and id.startswith(("translation-", "words-")):
        return quote("/".join(("/translate", *parts[1:])))
    if is_language and name.endswith(".md") and len(parts) > 2 and not parts[-1].startswith("_"):
        return f"/texts/{quote(name.removeprefix('docs/'))}{_line_query(line)}"
    if id in FOLDER_PROBLEMS or (id == "name-changed" and not is_written(name)):
        return f"/folder/{quote(name)}"
    return as_text(name, line)


def _line_query(line: str) -> str:
    return f"?line={line}" if line.isdecimal() else ""
