"""`campaign stick`: the site and printed pieces on a USB stick, usable without a network or installation."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Collection, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from campaign.cache.atomic import OUTDATED, files_below
from campaign.cache.regular_files import read_regular
from campaign.checks.sums import CHECKSUM_FILE, LINE, MAX_LIST_BYTES, UNFINISHED_LIST
from campaign.content import load
from campaign.content.languages import as_built
from campaign.content.releases import refuse_withheld
from campaign.models.campaign import Campaign, Language
from campaign.models.outputs import PROBLEMS_PAGE
from campaign.models.problem import CampaignError, Problem, unsilenced
from campaign.pipeline.locking import lock
from campaign.pipeline.report import Progress, quiet
from campaign.plan.editable import EDITABLE
from campaign.plan.packs import CORRECTIONS, PACKS
from campaign.plan.press_kits import PREVIEW_FOLDER
from campaign.publishing.address import parse_folder
from campaign.website import site_copy, start_page

START_PAGE = "START-HERE.html"
SITE = "site"
PRINTS = "print"
# Folders of dist/ that are not for everybody with the stick.
NOT_ON_STICKS = (PACKS, CORRECTIONS, EDITABLE, PREVIEW_FOLDER, OUTDATED, PROBLEMS_PAGE)
# The checksum list while it is incomplete, and the checksum of a file that hasn't been read back yet.
PARTIAL_CHECKSUM_FILE = f"{CHECKSUM_FILE}.new"
UNVERIFIED_CHECKSUM = "0" * 64


@dataclass(frozen=True)
class Stick:
    """The contents of a stick: files, bytes, and the number of files written by this run."""

    files: int
    bytes: int
    written: int


def make_stick(
    root: Path, raw: str, languages: Collection[str] = (), has_prints: bool = False, progress: Progress = quiet
) -> Stick:
    """Copy the last build, verify the copy, and write the checksum list last.

    Args:
        root: the campaign folder.
        raw: a new or empty folder, or an earlier stick, on which only changed files are replaced.
        languages: codes; () for all.
        has_prints: whether to include dist/ and the site's downloads.
        progress: called at each step.

    Raises:
        CampaignError: nothing was built, the folder has other files or is the campaign's own, or the stick
            loses data.
    """
    folder = parse_folder(root, raw)
    campaign, problems = load(root)
    if any(problem.stops for problem in problems):
        raise CampaignError(unsilenced(problems, campaign.silence))
    old_checksums = checksums_of(folder, START_PAGE)
    with lock(root):
        if not (root / SITE / "index.html").is_file():
            raise CampaignError([Problem("stick-nothing", SITE, "No site was built yet.", "Run: campaign build")])
        refuse_withheld(campaign, root / SITE)
        campaign = as_built(campaign)
        selected_languages = [
            language for code, language in campaign.languages.items() if not languages or code in languages
        ]
        contents = stick_contents(campaign, selected_languages, has_prints)
        if has_prints:
            contents |= {
                f"{PRINTS}/{name}": Path(entry.path)
                for name, entry in files_below(root / "dist")
                if name.partition("/")[0] not in NOT_ON_STICKS
            }
        return write_copy(folder, contents, old_checksums, progress)


def stick_contents(campaign: Campaign, languages: list[Language], has_prints: bool = False) -> dict[str, bytes | Path]:
    """Return the files of a stick: bytes, or paths of files, by path on the stick.

    Args:
        campaign: the campaign.
        languages: the languages.
        has_prints: whether to include dist/ and the site's downloads.
    """
    copy = site_copy(campaign.root / SITE, [item.code for item in languages], [*campaign.languages], has_prints)
    return {
        START_PAGE: start_page(campaign, languages, f"{SITE}/", has_prints).encode(),
        **{f"{SITE}/{name}": content for name, content in copy.items()},
    }


def checksums_of(folder: Path, mark: str) -> dict[str, str]:
    """Return the checksums of an earlier copy, complete or not; {} for a new one.

    Args:
        folder: of the copy.
        mark: a file that identifies such a copy.

    Raises:
        CampaignError: the folder has other files.
    """
    if not folder.exists() or not any(item for item in folder.iterdir() if not item.name.startswith(".")):
        return {}
    if not any((folder / name).is_file() for name in (mark, UNFINISHED_LIST)):
        message = "This folder contains other files."
        raise CampaignError(
            [
                Problem(
                    "folder-not-empty", str(folder), message, "Choose an empty folder, or one that this command filled."
                )
            ]
        )
    results: dict[str, str] = {}
    for name in (CHECKSUM_FILE, UNFINISHED_LIST):
        with suppress(OSError, UnicodeDecodeError):
            lines = read_regular(folder / name, MAX_LIST_BYTES).decode("utf-8").splitlines()
            results |= {line[2]: line[1] for line in map(LINE.fullmatch, lines) if line}
    return results


def _write_list(folder: Path, name: str, sums: Mapping[str, str]) -> None:
    with (folder / name).open("w", encoding="utf-8", newline="\n") as file:
        file.write("".join(f"{sums[name]}  {name}\n" for name in sorted(sums)))
        file.flush()
        os.fsync(file.fileno())


def write_copy(
    folder: Path, contents: Mapping[str, bytes | Path], old_checksums: Mapping[str, str], progress: Progress
) -> Stick:
    """Write changed files, read them back, delete old ones, and write the checksum list last.

    Args:
        folder: the target.
        contents: bytes, or paths of files, by path below the folder.
        old_checksums: checksums of the existing files.
        progress: called for each file.

    Raises:
        CampaignError: the folder loses written data.
    """
    folder.mkdir(parents=True, exist_ok=True)
    # Without the checksum list, a stick that is unplugged too early doesn't look complete. The next run uses the list
    # of the incomplete copy to know what to delete.
    _write_list(folder, UNFINISHED_LIST, {**dict.fromkeys(contents, UNVERIFIED_CHECKSUM), **old_checksums})
    (folder / CHECKSUM_FILE).unlink(missing_ok=True)
    sums, size, sums_written = dict[str, str](), 0, 0
    for count, (name, content) in enumerate(sorted(contents.items()), 1):
        progress("copy", count, len(contents))
        data = content if isinstance(content, bytes) else content.read_bytes()
        sums[name] = digest = hashlib.sha256(data).hexdigest()
        size += len(data)
        target = folder / name
        if old_checksums.get(name) == digest and _sum(target) == digest:
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
            if hasattr(os, "posix_fadvise"):  # otherwise the data read back may come from the page cache
                os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        sums_written += 1
        if _sum(target) != digest:
            failure = f"The stick does not keep what is written: {name}."
            raise CampaignError([Problem("stick-damaged", str(folder), failure, "Take another stick.")])
    for name in old_checksums.keys() - sums.keys() - {CHECKSUM_FILE, UNFINISHED_LIST, PARTIAL_CHECKSUM_FILE}:
        path = folder / name
        if path.resolve().is_relative_to(folder.resolve()):
            path.unlink(missing_ok=True)
            with suppress(OSError):
                for parent in path.relative_to(folder).parents[:-1]:
                    (folder / parent).rmdir()  # up to the first non-empty folder
    _write_list(folder, PARTIAL_CHECKSUM_FILE, sums)
    (folder / PARTIAL_CHECKSUM_FILE).replace(folder / CHECKSUM_FILE)
    (folder / UNFINISHED_LIST).unlink()
    return Stick(len(sums), size, sums_written)


def _sum(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
