"""Renamed folders and files, and what still uses their old names."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from posixpath import basename, dirname, join, normpath

from campaign.content.contacts import FOLDER
from campaign.content.drafts import STAMPS_FOLDER
from campaign.content.folder import folders_of_no_language
from campaign.content.posters import arts_of, needs_art
from campaign.content.settings import read_settings
from campaign.models.campaign import NATIONAL, Campaign
from campaign.models.problem import Problem

# Similarity of names, without other evidence.
MIN_SIMILARITY = 0.6


@dataclass(frozen=True)
class NameChange:
    """Something that seems to be renamed; `is_reported` if another check reports it."""

    now: str
    was: str
    is_reported: bool = True


@lru_cache(maxsize=1)
def renames(campaign: Campaign) -> tuple[NameChange, ...]:
    """Return everything that seems to be renamed and whose old name is free."""
    results = [*_languages(campaign), *_pages(campaign), *_places(campaign), *_art(campaign)]
    unique = {(item.now, item.was): item for item in results}.values()
    existing = [
        item
        for item in unique
        if _exists_exactly(campaign.root / item.now) and not _exists_exactly(campaign.root / item.was)
    ]
    # Ambiguous pairs are skipped.
    new_names, old = [item.now for item in existing], [item.was for item in existing]
    return tuple(item for item in existing if new_names.count(item.now) == old.count(item.was) == 1)


def renamed_at(campaign: Campaign, name: str) -> NameChange | None:
    """Return the rename that a file is affected by."""
    source = campaign.source_language.code
    original = join("docs", source, *name.split("/")[2:]) if name.startswith("docs/") else name
    for rename in renames(campaign):
        if any(_is_below(*pair) for pair in ((name, rename.now), (name, rename.was), (original, rename.was))):
            return rename
    return None


def check_renamed(campaign: Campaign) -> Iterator[Problem]:
    """Yield renames that no other check reports."""
    source = f"docs/{campaign.source_language.code}/"
    for rename in renames(campaign):
        if not rename.is_reported:
            subject = "The other languages have" if rename.now.startswith(source) else "The source language has"
            message = f"{subject} this as `{_basename(rename.was)}`; here it is called `{_basename(rename.now)}`."
            fix = f"Call it {rename.was} again, or give it the new name in every language."
            if rename.now.startswith("assets/"):
                message = f"A page asks for the drawing `{basename(rename.was)}`, and none for this one."
                fix = f"Call it {rename.was} again, or let the page ask for this one."
            yield Problem("name-changed", rename.now, message, fix)


def moved_to(campaign: Campaign, path: str) -> str:
    """Return the source page that may be this one under another name, or ''."""
    source = campaign.source_language.code
    other_paths = {path for code, path in campaign.pages if code != source}
    similar_path = _most_similar(
        path, [path for code, path in campaign.pages if code == source and path not in other_paths]
    )
    return f"docs/{source}/{similar_path}" if similar_path else ""


def comes_from(name_change: NameChange, problem: Problem, source: str) -> bool:
    """Return whether a rename explains a problem."""
    where = problem.where.partition(":")[0]
    parts = where.split("/")
    if _is_below(where, name_change.was):
        return True
    if problem.id == "source-page-missing":
        return _is_below(join("docs", source, *parts[2:]), name_change.was) or _is_below(where, name_change.now)
    targets = [item.partition("#")[0] for item in problem.message.split("`")[1::2]]
    if problem.id in ("link-dead", "nav-dead"):
        folder = f"docs/{source}" if problem.id == "nav-dead" else dirname(where)
        return any(_is_below(normpath(join(folder, item)), name_change.was) for item in targets)
    if problem.id in ("art-missing", "shortcode-value", "place-no-file"):
        return basename(name_change.was).removesuffix(".yml") in targets
    return False


def _languages(campaign: Campaign) -> Iterator[NameChange]:
    for item in folders_of_no_language(campaign.root, campaign.languages):
        if item.suggestion and item.is_lost:
            yield NameChange(f"docs/{item.name}", f"docs/{item.suggestion}")


def _pages(campaign: Campaign) -> Iterator[NameChange]:
    source = campaign.source_language.code
    pages = {**campaign.pages, **campaign.withheld}
    source_paths = {path for code, path in pages if code == source}
    paths_by_language = {
        code: {path for other, path in pages if other == code} for code in campaign.languages if code != source
    }
    all_paths = set().union(*paths_by_language.values())
    for path in sorted(all_paths - source_paths):
        languages_with_file = [code for code, paths in paths_by_language.items() if path in paths]
        is_stamped = (campaign.root / STAMPS_FOLDER / f"{path}.json").is_file()
        is_source = len(languages_with_file) > 1 or path in campaign.navigation or is_stamped
        if is_source and (similar_path := _most_similar(path, source_paths - all_paths)):
            yield _pair(source, similar_path, path)
        elif not is_source and (
            similar_path := _most_similar(path, source_paths - paths_by_language[languages_with_file[0]])
        ):
            yield _pair(languages_with_file[0], path, similar_path)


def _most_similar(path: str, candidates: set[str] | list[str]) -> str:
    same_basename = [item for item in candidates if basename(item) == basename(path)] or candidates
    return next(iter(difflib.get_close_matches(path, sorted(same_basename), n=1, cutoff=0.8)), "")


def _pair(language: str, new_path: str, old: str) -> NameChange:
    new_parts, old_parts = new_path.split("/"), old.split("/")
    while len(new_parts) > 1 and len(old_parts) > 1 and new_parts[-1] == old_parts[-1]:
        new_parts, old_parts = new_parts[:-1], old_parts[:-1]
    return NameChange(join("docs", language, *new_parts), join("docs", language, *old_parts), is_reported=False)


def _places(campaign: Campaign) -> Iterator[NameChange]:
    files = {path.stem for path in (campaign.root / FOLDER).glob("*.yml")} - {NATIONAL}
    if files <= {*campaign.places}:
        return
    settings = read_settings(campaign.root, [])
    missing = [code for code in settings.places if code not in files and code not in settings.place_rows]
    for name in sorted(files - {*settings.places}):
        for closest in difflib.get_close_matches(name, missing, n=1, cutoff=MIN_SIMILARITY):
            yield NameChange(f"{FOLDER}/{name}.yml", f"{FOLDER}/{closest}.yml")


def _art(campaign: Campaign) -> Iterator[NameChange]:
    rows = campaign.formats
    pages_with_art = (
        page for page in campaign.pages.values() if any(needs_art(page, rows[name]) for name in page.formats)
    )
    used_names = {name for page in pages_with_art for name in arts_of(page)}
    for name in sorted({*campaign.posters} - used_names):
        for closest in difflib.get_close_matches(
            name, sorted(used_names - {*campaign.posters}), n=1, cutoff=MIN_SIMILARITY
        ):
            yield NameChange(f"assets/posters/{name}", f"assets/posters/{closest}", is_reported=False)


def _exists_exactly(path: Path) -> bool:
    """Return whether this exact name exists, with its case, on every system."""
    return path.parent.is_dir() and any(item.name == path.name for item in path.parent.iterdir())


def _is_below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(f"{folder}/")


def _basename(name: str) -> str:
    return name.split("/", 2)[-1]
