"""A folder for a Weblate server: translations as PO, and the component file for `weblate import_json`."""

from __future__ import annotations

import json
from pathlib import Path

from campaign.content.writing import write_files
from campaign.exchange.po import as_po, read_po
from campaign.exchange.translation_file import Entry, entries, sent_hash
from campaign.models.campaign import Campaign
from campaign.models.problem import failure

FOLDER = "weblate"
COMPONENT = f"{FOLDER}/component.json"
TEMPLATE = f"{FOLDER}/template.pot"


def write_weblate(campaign: Campaign, repository: str, branch: str) -> list[str]:
    """Write the folder, and return paths. Raise CampaignError if translations of Weblate aren't imported yet."""
    root, source = campaign.root, campaign.source_language.code
    files: dict[str, bytes] = {}
    for code in campaign.languages:
        if code != source:
            result = entries(campaign, code)
            _check_taken(root / FOLDER / f"{code}.po", result)
            files[f"{FOLDER}/{code}.po"] = _po(campaign, result, code)
    empty = [
        Entry(entry.path, entry.key, entry.source, about=entry.about, sent=sent_hash(""))
        for entry in entries(campaign, source)
    ]
    files[TEMPLATE] = _po(campaign, empty, "")
    files[COMPONENT] = (
        json.dumps([_component(campaign, repository, branch)], ensure_ascii=False, indent=2) + "\n"
    ).encode()
    write_files(root, {root / name: data for name, data in files.items()})
    return list(files)


def _po(campaign: Campaign, rows: list[Entry], language: str) -> bytes:
    return as_po(rows, language, campaign.name, campaign.version, campaign.date.isoformat()).encode()


def _check_taken(file: Path, rows: list[Entry]) -> None:
    if not file.is_file():
        return
    current_targets = {(item.path, item.key): item.target for item in rows}
    conflicts = [item for item in read_po(file) if item.target and sent_hash(item.target) != item.sent]
    lost_count = sum(current_targets.get((item.path, item.key), item.target) != item.target for item in conflicts)
    if lost_count:
        where = f"{FOLDER}/{file.name}"
        message = f"{lost_count} translations that were made in Weblate would be lost."
        fix = f"First run `campaign translate take {where}`, and resolve the conflicts that it reports."
        raise failure("weblate-not-taken", where, message, fix)


def _component(campaign: Campaign, repository: str, branch: str) -> dict[str, object]:
    return {
        "name": campaign.name,
        "slug": "texts",
        "vcs": "git",
        "repo": repository,
        "branch": branch,
        "filemask": f"{FOLDER}/*.po",
        "new_base": TEMPLATE,
        "file_format": "po",
        "source_language": campaign.source_language.code,
        "new_lang": "contact",  # languages are added by `campaign translate start`
        "check_flags": "md-text",
        "manage_units": False,
        "edit_template": False,
        "merge_style": "rebase",
    }
