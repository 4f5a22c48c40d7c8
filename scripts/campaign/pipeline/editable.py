"""Editable files in dist/editable/: Word files, slides, and forms to fill in on a computer. Made by a command only."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from campaign import printing
from campaign.cache.atomic import work_folder, write_whole
from campaign.cache.memo import Memo
from campaign.cache.output_files import refuse_foreign_links, replace_file
from campaign.content import load
from campaign.content.languages import as_built
from campaign.content.page_formats import with_chosen_formats
from campaign.models.campaign import Campaign, freshness
from campaign.models.page import Page
from campaign.models.problem import CampaignError, Problem, unsilenced
from campaign.pipeline.locking import lock
from campaign.pipeline.report import Progress, quiet
from campaign.pipeline.unchanged_build import forget_unchanged
from campaign.plan.editable import (
    EDITABLE,
    FORM,
    SLIDES,
    WORD,
    EditableFile,
    editable_files,
    editable_path,
    pages_by_piece,
)

# Of each file as it was made, the hash, to notice those that people have changed, and its page's, to notice old ones.
RECORD = "editable.json"


@dataclass
class EditableReport:
    """The result: paths below dist/.

    Attributes:
        kept: files changed since they were made, which are left as they are.
        problems: why others couldn't be made.
    """

    made: list[str] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def make_editable(
    root: Path, languages: Collection[str] = (), names: Collection[str] = (), progress: Progress = quiet
) -> EditableReport:
    """Make editable files, without replacing those that were changed.

    Args:
        root: the campaign's folder.
        languages: codes; () for all.
        names: of pieces; () for all.
        progress: gets the number of files.

    Raises:
        CampaignError: a problem stops the build.
    """
    campaign, problems = load(root)
    if any(problem.stops for problem in problems):
        raise CampaignError(unsilenced(problems, campaign.silence))
    campaign = with_chosen_formats(as_built(campaign))
    report = EditableReport()
    with lock(root):
        refuse_foreign_links(root)
        record = _read_record(root)
        files, hashes = [*editable_files(campaign, languages, names)], _PageHashes(campaign)
        try:
            for number, file in enumerate(files, 1):
                _make_one(campaign, file, record, hashes, report)
                progress("Editable files", number, len(files))
        finally:
            write_whole(work_folder(root) / RECORD, json.dumps(record, sort_keys=True).encode())
            # Its note about old files may be out of date.
            memo = Memo.of(root)
            forget_unchanged(memo)
            memo.save()
    return report


def _make_one(
    campaign: Campaign, file: EditableFile, record: dict[str, str], hashes: _PageHashes, report: EditableReport
) -> None:
    target = campaign.root / "dist" / file.path
    recorded, _, _ = record.get(file.path, "").partition(" ")
    if target.is_file() and recorded != sha256(target.read_bytes()).hexdigest():
        report.kept.append(file.path)
        return
    try:
        data = _data(campaign, file)
        if isinstance(data, list):
            report.problems += data
        elif data:
            replace_file(campaign.root, file.path, data)
            record[file.path] = f"{sha256(data).hexdigest()} {hashes.of(file.page)}"
            report.made.append(file.path)
    except CampaignError as error:
        report.problems += error.problems


def _data(campaign: Campaign, file: EditableFile) -> bytes | list[Problem]:
    """Return a file; b"" for a form without empty cells."""
    from campaign.printing import editable as typeset  # Typst and the libraries of offices, in this command only

    if file.kind == FORM:
        return typeset.make_form(campaign, file.output)
    draft = printing.describe(campaign, file.output)["draft"]
    if file.kind != SLIDES:
        from campaign.packs.page_word import page_document

        return page_document(campaign, file.page, draft["line"])
    from campaign.packs.slides import Draft, slides_document

    pictures = typeset.draw_slide_pictures(campaign, file.output)
    if isinstance(pictures, list):
        return pictures
    return slides_document(campaign, file.page, pictures, Draft(draft["line"], draft["across"]))


def _read_record(root: Path) -> dict[str, str]:
    try:
        data = json.loads((work_folder(root) / RECORD).read_bytes())
    except (OSError, ValueError):
        return {}
    return {str(name): str(value) for name, value in data.items()} if isinstance(data, dict) else {}


class _PageHashes:
    """Hashes of pages with the look, and the words and contacts of their language, which their files show."""

    def __init__(self, campaign: Campaign) -> None:
        look = (campaign.identity.colours, campaign.identity.fonts, campaign.identity.type, campaign.identity.pattern)
        contacts = (campaign.all_contacts, freshness(campaign.all_contacts), campaign.is_published)
        self._shared = {
            code: sha256(repr((sorted(language.strings.items()), contacts, look)).encode()).hexdigest()
            for code, language in campaign.languages.items()
        }

    def of(self, page: Page) -> str:
        """Return the hash of a page."""
        parts = (page.title, page.tree, page.options, page.translation, page.formats, self._shared[page.language])
        return sha256(repr(parts).encode()).hexdigest()


def check_editable(campaign: Campaign) -> Iterator[Problem]:
    """Yield a note about the files whose page, or a number on it, changed after they were made."""
    folder, record = campaign.root / "dist", _read_record(campaign.root)
    if not record or not (folder / EDITABLE).is_dir():
        return
    hashes, old = _PageHashes(campaign), []
    for page in pages_by_piece(campaign).values():
        for path in (editable_path(page, kind) for kind in (WORD, SLIDES, FORM)):
            _, _, made_from = record.get(path, "").partition(" ")
            if made_from and made_from != hashes.of(page) and (folder / path).is_file():
                old.append(path)
    if old:
        count = "1 file is" if len(old) == 1 else f"{len(old)} files are"
        message = f"{count} older than their pages or the numbers on them, such as {min(old)}."
        fix = "Run: campaign editable. Files that you changed are kept: move them elsewhere first."
        yield Problem("editable-old", f"dist/{EDITABLE}", message, fix)


def kept_files(root: Path) -> dict[str, bytes]:
    """Return the files of dist/editable/, which a build keeps, by path below dist/."""
    dist = root / "dist"
    paths = (path for path in (dist / EDITABLE).rglob("*") if path.is_file() and not path.is_symlink())
    # Office programs lock open files by hidden ones.
    return {
        path.relative_to(dist).as_posix(): path.read_bytes() for path in paths if not path.name.startswith((".", "~$"))
    }
