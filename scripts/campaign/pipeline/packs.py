"""Packs for partners: dist/packs/<pack>/ with a zip per place, one with shared files, and a cover page."""

from __future__ import annotations

import json
import os
import shutil
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from hashlib import sha256
from pathlib import Path

from campaign import printing
from campaign.cache.archive import write_zip
from campaign.cache.atomic import fresh_folder, work_folder, write_whole
from campaign.cache.inputs import Inputs
from campaign.cache.memo import Memo
from campaign.cache.store import hash_text
from campaign.content.originals import check_originals, refuse_exposed
from campaign.exchange.counting_forms import blank_forms
from campaign.models.campaign import Campaign, Language, Pack
from campaign.models.names import plain_name
from campaign.models.outputs import OFFICE, Artifact, Output
from campaign.models.problem import CampaignError, Problem, unsilenced
from campaign.packs.handover import COVER, Zip, cover_page, pack_members, with_manifest
from campaign.packs.member import Member
from campaign.pipeline.jobs import make_all
from campaign.pipeline.last_build import is_site_in_place, key_of
from campaign.pipeline.locking import lock
from campaign.pipeline.packed_before import PackState, packs_key
from campaign.pipeline.reading import read
from campaign.pipeline.report import Progress, Report, Selection, quiet
from campaign.pipeline.stick import stick_contents
from campaign.plan.packs import PACKS, SHARED, packed

# The members of a version's packs and their hashes, by pack and zip, for `since`.
ZipContents = dict[str, dict[str, str]]


@dataclass
class PackRun:
    """The result of a run.

    Attributes:
        files: below dist/, with their sizes in bytes.
        bytes: disk usage; identical files are stored once.
        report: of the outputs made for it.
        is_noop: whether the packs already existed.
    """

    files: dict[str, int] = field(default_factory=dict)
    bytes: int = 0
    report: Report = field(default_factory=Report)
    is_noop: bool = False


def make_packs(
    root: Path,
    names: Collection[str] = (),
    languages: Collection[str] = (),
    places: Collection[str] | None = None,
    since: str = "",
    progress: Progress = quiet,
) -> PackRun:
    """Make packs from the current outputs, replacing earlier packs of the same name.

    Args:
        root: the campaign's folder.
        names: of packs; () for all.
        languages: codes; () for all.
        places: codes; None for all.
        since: a version; files that its packs contained are left out.
        progress: called at each step.

    Raises:
        CampaignError: something can't be made, or the version is unknown.
    """
    run = PackRun()
    with lock(root):
        campaign, run.report.problems = read(root)
        run.report.silence = campaign.silence
        before = _recorded_contents(root, since) if since else {}
        refuse_exposed(check_originals(root))
        _refuse(run.report)
        selected_packs = [campaign.packs[name] for name in names or campaign.packs]
        memo = Memo.of(root)
        inputs, packed_before = Inputs.scan(root, memo), PackState.of(memo)
        selection = [[*names], [*languages], None if places is None else [*places], since, before]
        key = packs_key(campaign, inputs, memo, selection)
        run.is_noop = packed_before.is_current(root, key) and _note(root, campaign.version).is_file()
        if not run.is_noop:
            make_all(campaign, Selection(), run.report, progress)
            _refuse(run.report)
            packed_before.key = key
            packed_before.has_site = is_site_in_place(root, key_of(campaign, run.report.made, inputs), memo)
            packer = _Packer(
                campaign,
                run.report.made,
                languages or tuple(campaign.languages),
                before,
                since,
                packed_before,
                fresh_folder(root, PACKS),
                blank_forms(campaign),
            )
            packer.written |= packed_before.current_zips(root)
            for count, pack in enumerate(selected_packs, 1):
                progress("pack", count, len(selected_packs))
                packer.pack(pack, tuple(campaign.places) if places is None else places)
            _put_all(campaign, selected_packs, packer)
            packed_before.note(root, memo)
        run.report.problems += _without_site(packed_before, selected_packs)
    stats = {path.relative_to(root / "dist").as_posix(): path.stat() for path in _files(root, selected_packs)}
    run.files = {name: stat.st_size for name, stat in stats.items()}
    run.bytes = sum({stat.st_ino: stat.st_size for stat in stats.values()}.values())
    return run


def _refuse(report: Report) -> None:
    if report.stops:
        raise CampaignError(unsilenced(report.problems, report.silence))


def _without_site(packed_before: PackState, packs: list[Pack]) -> Iterator[Problem]:
    if not packed_before.has_site and any(pack.has_site for pack in packs):
        message = "The site was not built since something changed, so it is in no pack."
        yield Problem("pack-no-site", "site", message, "Run: campaign build, then pack again.")


def _put_all(campaign: Campaign, packs: list[Pack], packer: _Packer) -> None:
    """Move packs into place, and record their members for `since`."""
    root = campaign.root
    for leftover in (root / "dist" / PACKS).glob(".*"):  # left by a killed run
        shutil.rmtree(leftover, ignore_errors=True)
    for pack in packs:
        _replace_file(packer.folder / pack.name, root / "dist" / PACKS / pack.name)
    contents = _recorded_contents(root, campaign.version, {}) | packer.contents
    note = json.dumps({"version": campaign.version, "packs": contents})
    write_whole(_note(root, campaign.version), note.encode())


def _files(root: Path, packs: list[Pack]) -> Iterator[Path]:
    for pack in packs:
        yield from sorted((root / "dist" / PACKS / pack.name).iterdir())


def _replace_file(new: Path, target: Path) -> None:
    """Replace a pack; the earlier one is missing only for a moment."""
    target.parent.mkdir(parents=True, exist_ok=True)
    # Copying to another disk is slow, and a half-copied folder must not look like a pack.
    part, old = (target.with_name(f".{target.name}.{end}") for end in ("part", "old"))
    shutil.move(new, part)
    if target.exists():
        target.replace(old)
    part.replace(target)
    shutil.rmtree(old, ignore_errors=True)


def _note(root: Path, version: str) -> Path:
    return work_folder(root) / PACKS / f"{sha256(version.encode()).hexdigest()[:16]}.json"


def _recorded_contents(root: Path, version: str, missing: ZipContents | None = None) -> ZipContents:
    """Return the members of a version's packs."""
    try:
        held: ZipContents = json.loads(_note(root, version).read_bytes())["packs"]
    except (OSError, ValueError, KeyError):
        if missing is None:
            message = f"Version {version} was never packed on this computer."
            fix = "Name a version whose packs were made here, or leave --since out."
            raise CampaignError([Problem("version-unknown", "--since", message, fix)]) from None
        return missing
    return held


@dataclass
class _Packer:
    """Writes packs into a folder; identical zips are hard links to one file."""

    campaign: Campaign
    made: list[Artifact]
    languages: Collection[str]
    old_contents: ZipContents
    since: str
    state: PackState
    folder: Path
    forms: Mapping[str, str]
    contents: ZipContents = field(default_factory=dict)
    written: dict[str, Path] = field(default_factory=dict)
    sites: dict[str, dict[str, Member]] = field(default_factory=dict)
    sums: dict[str, dict[str, str]] = field(default_factory=dict)

    @cached_property
    def _editions(self) -> dict[str | None, list[Artifact]]:
        """Return outputs by place, since a country has thousands."""
        artifacts: dict[str | None, list[Artifact]] = defaultdict(list)
        for artifact in self.made:
            artifacts[artifact.output.place].append(artifact)
        return dict(artifacts)

    def pack(self, pack: Pack, places: Collection[str]) -> None:
        """Write all files of a pack."""
        (self.folder / pack.name).mkdir()
        shared = self._zip(pack, None)
        site = self._site(pack) if pack.has_site and self.state.has_site else None
        zips: dict[str | None, Zip | None] = {
            place: place_zip for place in places if (place_zip := self._zip(pack, place))
        }
        for language in self._readers():
            for place, place_zip in zips.items() or ((None, None),):
                self._cover(pack, place, language, [item for item in (shared, place_zip, site) if item])

    def _readers(self) -> list[Language]:
        """Return the languages of cover pages: the first and the source language, or the one asked for."""
        languages = [self.campaign.languages[code] for code in self.languages]
        return [language for language in languages if language.is_first or language.is_source] or languages

    def _zip(self, pack: Pack, place: str | None) -> Zip | None:
        place_codes = (place, *(item.code for item in (self.campaign.regions_of(place) if place else ())))
        editions = [item for code in place_codes for item in self._editions.get(code, ())]
        artifacts = packed(self.campaign, pack, place, self.languages, editions)
        members = pack_members(self.campaign, place, artifacts, self.languages, self.forms)
        folder = place or SHARED
        self.contents[f"{pack.name}/{folder}"] = checksums = {name: member.sha256 for name, member in members.items()}
        hashes_before = self.old_contents.get(f"{pack.name}/{folder}", {})
        members = {name: member for name, member in members.items() if hashes_before.get(name) != checksums[name]}
        if not members:
            return None
        name = f"{folder}-since-{plain_name(self.since)}" if self.since else folder
        target = self.folder / pack.name / f"{name}.zip"
        self._write(target, with_manifest(self.campaign, members), folder)
        return Zip(target.name, place, len(members), target.stat().st_size)

    def _site(self, pack: Pack) -> Zip | None:
        """Return a zip of the site for a USB stick, or nothing if no file has changed."""
        count, size = 0, 0
        for code in self.languages:
            folder, target = f"site-{code}", self.folder / pack.name / f"site-{code}.zip"
            if code not in self.sites:
                contents = stick_contents(self.campaign, [self.campaign.languages[code]])
                self.sites[code] = {
                    name: Member(text=content.decode()) if isinstance(content, bytes) else Member(file=content)
                    for name, content in contents.items()
                }
                self.sums[code] = {name: member.sha256 for name, member in self.sites[code].items()}
            self.contents[f"{pack.name}/{folder}"] = self.sums[code]
            if self.old_contents.get(f"{pack.name}/{folder}") != self.sums[code]:
                self._write(target, self.sites[code], folder)
                count, size = count + len(self.sites[code]), size + target.stat().st_size
        return Zip("site-*.zip", None, count, size, is_site=True) if count else None

    def _write(self, target: Path, members: Mapping[str, Member], folder: str) -> None:
        digests = sorted((name, member.sha256) for name, member in members.items())
        key = hash_text(json.dumps([folder, str(self.campaign.date), digests]))
        self.state.zips[target.relative_to(self.folder).as_posix()] = key
        if key in self.written:
            try:
                os.link(self.written[key], target)
            except OSError:  # a file system without hard links
                shutil.copyfile(self.written[key], target)
            return
        write_zip(target, members, folder, self.campaign.date)
        self.written[key] = target

    def _cover(self, pack: Pack, place: str | None, language: Language, zips: list[Zip]) -> None:
        page = cover_page(self.campaign, pack, place, language, zips)
        campaign = replace(self.campaign, pages={**self.campaign.pages, (language.code, page.path): page})
        output = Output("handout", page.stem, language.code, None, "handout", OFFICE)
        name = "-".join(filter(None, (COVER, language.code, place)))
        result = printing.make(campaign, output, self.folder / pack.name / f"{name}.pdf")
        if not isinstance(result, Artifact):
            raise CampaignError(result)
