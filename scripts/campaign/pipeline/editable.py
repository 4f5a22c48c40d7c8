"""Editable files in dist/editable/: Word files, slides, and forms to fill in on a computer. Made by a command only."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from campaign import printing
from campaign.cache.atomic import work_folder, write_whole
from campaign.cache.output_files import refuse_foreign_links, replace_file
from campaign.content import load
from campaign.content.languages import as_built
from campaign.content.page_formats import with_chosen_formats
from campaign.models.campaign import Campaign
from campaign.models.problem import CampaignError, Problem, unsilenced
from campaign.pipeline.locking import lock
from campaign.pipeline.report import Progress, quiet
from campaign.plan.editable import EDITABLE, FORM, SLIDES, EditableFile, editable_files

# The hashes of the files as they were made, to notice those that people have changed.
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
        files = [*editable_files(campaign, languages, names)]
        try:
            for number, file in enumerate(files, 1):
                _make_one(campaign, file, record, report)
                progress("Editable files", number, len(files))
        finally:
            write_whole(work_folder(root) / RECORD, json.dumps(record, sort_keys=True).encode())
    return report


def _make_one(campaign: Campaign, file: EditableFile, record: dict[str, str], report: EditableReport) -> None:
    target = campaign.root / "dist" / file.path
    if target.is_file() and record.get(file.path) != sha256(target.read_bytes()).hexdigest():
        report.kept.append(file.path)
        return
    try:
        data = _data(campaign, file)
        if isinstance(data, list):
            report.problems += data
        elif data:
            replace_file(campaign.root, file.path, data)
            record[file.path] = sha256(data).hexdigest()
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


def kept_files(root: Path) -> dict[str, bytes]:
    """Return the files of dist/editable/, which a build keeps, by path below dist/."""
    dist = root / "dist"
    paths = (path for path in (dist / EDITABLE).rglob("*") if path.is_file() and not path.is_symlink())
    # Office programs lock open files by hidden ones.
    return {
        path.relative_to(dist).as_posix(): path.read_bytes() for path in paths if not path.name.startswith((".", "~$"))
    }
