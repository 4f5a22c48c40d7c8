"""The order of work: read, check, list, make what changed, build the website, check it, move it into place."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

from campaign.cache import atomic as placing
from campaign.cache.cluster import Cluster
from campaign.cache.inputs import Inputs, is_page, is_read_once
from campaign.cache.memo import Memo
from campaign.cache.standing import Standing, note_rows
from campaign.cache.store import Store
from campaign.checks.built import check_site
from campaign.checks.embargo import check_embargo
from campaign.checks.release import check_release
from campaign.content import clock
from campaign.content.messages import message_files
from campaign.content.releases import next_embargo
from campaign.content.trust import check_trust, theme_folder
from campaign.exchange.counting_forms import blank_forms
from campaign.exchange.recordings import recording_folders
from campaign.models.campaign import Campaign
from campaign.models.outputs import PLACEHOLDER, PRINT_SHOP, Made
from campaign.models.problem import CampaignError, Problem, heard
from campaign.pipeline.jobs import Known, make_all
from campaign.pipeline.keys import Fingerprint
from campaign.pipeline.locking import lock
from campaign.pipeline.placed import (
    around_of,
    beside,
    is_in_place,
    key_of,
    note_made,
    note_placed,
    notes_in_place,
    read_made,
    wish_of,
)
from campaign.pipeline.reading import read
from campaign.pipeline.report import Progress, Report, Wanted, quiet
from campaign.pipeline.untouched import forget_untouched, look, note_untouched
from campaign.plan.packs import CORRECTIONS
from campaign.plan.press_kits import PREVIEW_FOLDER
from campaign.website import build_site, copies_in_hand, handover_pages
from campaign.website.inline_css import known_styles
from campaign.website.mkdocs.incremental import forget
from campaign.website.mkdocs.plugin import SitePlugin

SECOND = 1_000_000_000  # nanoseconds


def check(root: Path, is_trusted: bool = False) -> tuple[Campaign, list[Problem]]:
    """Return what was written, and what is wrong with it and with the site that was built last, if there is one.

    is_trusted: whether `build` may run the programs and templates that the campaign brings along; else it refuses them.
    """
    campaign, problems = read(root)
    if not is_trusted:
        problems += check_trust(root)
    if not (root / "site").is_dir():
        return campaign, problems
    return campaign, [
        *problems,
        *_check_site(campaign, root / "site", _audits(Memo.of(root))),
        *check_embargo(campaign, (root / "site", root / "dist"), PREVIEW_FOLDER),
    ]


def _audits(memo: Memo) -> Memo:
    """The audits of finished pages."""
    return memo.beside("audits")


def _check_site(campaign: Campaign, site: Path, memo: Memo, is_release: bool = False) -> list[Problem]:
    problems = list(check_site(site, campaign.site_url, memo, is_release))
    memo.save()
    return problems


def _check_places(root: Path) -> None:
    """Raises CampaignError where something of somebody's own lies where a build puts what it makes."""
    fix = "Rename it, or delete it if nobody needs it; the build makes a folder there."
    problems = [
        Problem("output-not-folder", name, "This is not a folder, but a file or a link that leads nowhere.", fix)
        for name in placing.OUTPUTS
        if os.path.lexists(root / name) and not (root / name).is_dir()
    ]
    if problems:
        raise CampaignError(problems)


def build(
    root: Path,
    progress: Progress = quiet,
    is_release: bool = False,
    is_trusted: bool = False,
    cluster: Cluster | None = None,
) -> Report:
    """Makes `site/` and `dist/`; where a problem stops it, the last good ones stay as they are.

    Args:
        root: the campaign's folder.
        progress: told of each step.
        is_release: refuse what rests on translations that nobody reviewed or numbers that nobody checked, and pages
            that are too heavy.
        is_trusted: run the programs and templates that the campaign brings along, instead of refusing them.
        cluster: where pieces are made; None for this computer.

    Raises:
        CampaignError: there is no campaign to speak of, or another build of it is running.
    """
    report = Report()
    # Clocks of disks tick slowly.
    begun = time.time_ns() - SECOND
    with lock(root):
        _check_places(root)
        placing.finish_publishing(root)
        progress("read", 0, 1)
        memo = Memo.of(root)
        moment, looked = clock.now(), look(root, memo)
        inputs = Inputs.look(root, memo)
        campaign, report.problems = read(root, memo)
        read_by_now = inputs.names_now()
        report.silence = campaign.silence
        if not is_trusted:
            report.problems += check_trust(root)
        # What runs may read anything.
        has_programs = is_trusted and any(check_trust(root))
        if is_release:
            report.problems += check_release(campaign)
        if report.stops:
            return report
        wish = wish_of(campaign, inputs)
        told = tuple(report.problems)

        def note_all(notes: list[Problem]) -> None:
            """So that the next build need not read what it finds as it was."""
            if not is_release and not has_programs and theme_folder(root) in ("", "overrides"):
                when, said = (moment, next_embargo(campaign, moment)), (*told, *notes)
                note_untouched(root, memo, looked, is_trusted, said, campaign.silence, when, beside(campaign))

        notes = None if has_programs else notes_in_place(root, wish, memo)
        if notes is not None:
            note_all(notes)
            report.problems += notes
            report.made = read_made(root, memo)
            return _looked_at(campaign, report, is_release, memo)
        standing = {name: Standing(root, name, memo) for name in placing.OUTPUTS}
        fingerprint = Fingerprint(around_of(campaign, inputs), lambda: not inputs.changed(memo))
        known = Known(memo, fingerprint, partial(_is_placed, campaign, standing))
        make_all(campaign, Wanted(), report, progress, cluster, known)
        if report.stops:
            return report
        notes = report.problems[len(told) :]
        note_made(root, report.made, memo)
        key = key_of(campaign, report.made, inputs)
        if not has_programs and is_in_place(root, key, memo):
            note_placed(wish, key, notes, memo)
            note_all(notes)
            return _looked_at(campaign, report, is_release, memo)
        progress("website", 0, 1)
        site = standing["site"].new
        audits, built = _audits(memo), set[str]()
        report.problems += build_site(campaign, report.made, site, audits, inputs, standing["site"], built)
        progress("check", 0, 1)
        report.problems += _check_site(campaign, site, audits, is_release)
        changed = inputs.changed(memo)
        report.problems += _told(changed)
        if not all(map(is_page, changed)):
            forget(root)
        # A drawing or a photo may have been one thing when its key was worked out, and another when it was set.
        if any(name in read_by_now and not is_read_once(name) for name in changed):
            Store(root, memo).forget(made for made in report.made if made.output in report.new)
        if report.stops:
            return report
        _fill_dist(campaign, report.made, site, standing["dist"], memo)
        report.problems += check_embargo(campaign, (site, site.with_name("dist")))
        if report.stops:
            return report
        placing.publish(root, [path for folder in standing.values() for path in folder.close()], begun)
        # What the build before was made of does not stand there any more, whatever is noted of this one.
        forget_untouched(memo)
        placed = {name: folder.rows() for name, folder in standing.items()}
        report.built |= {f"site/{address}" for address in built}
        report.changed = set().union(*(folder.changed(placed[name]) for name, folder in standing.items()))
        for name, folder in standing.items():
            note_rows(memo, name, placed[name])
            folder.trim()
        note_placed(*(("", "") if changed else (wish, key)), notes, memo)
        if not changed:
            note_all(notes)
        report.is_site_new = True
        report.site_pages = sum(name.endswith(".html") for name in placed["site"])
    return report


def _fill_dist(campaign: Campaign, made: list[Made], site: Path, standing: Standing, memo: Memo) -> None:
    for each in made:
        if each.output.path:
            standing.place(each.output.path, each.file, each.sha256)
    texts = {**message_files(campaign), **blank_forms(campaign)}
    files = {**{name: text.encode() for name, text in texts.items()}, **copies_in_hand(campaign, site)}
    files |= recording_folders(campaign)
    if (campaign.root / "dist" / CORRECTIONS).is_dir():
        from campaign.packs.correction import kept_corrections  # made by themselves, and seldom there

        files |= kept_corrections(campaign)
    for name, data in files.items():
        standing.write(name, data)
    if campaign.print_run:
        from campaign.pipeline.job_tickets import tickets

        for name, text in tickets(campaign, made).items():
            standing.write(name, text.encode())
    for name, text in handover_pages(campaign, made, standing.folders, known_styles(memo)).items():
        standing.write(name, text.encode())
    standing.sweep()


def _looked_at(campaign: Campaign, report: Report, is_release: bool, memo: Memo) -> Report:
    """The report on what stands already; for a release with what is wrong with the site."""
    if is_release:
        report.problems += _check_site(campaign, campaign.root / "site", _audits(memo), is_release)
    return report


def _is_placed(campaign: Campaign, standing: dict[str, Standing], made: Made) -> bool:
    output = made.output
    # Pages hold the one, and job tickets look into the other.
    if output.part == PLACEHOLDER or (campaign.print_run and output.flavour == PRINT_SHOP):
        return False
    places = (("dist", output.path), ("site", output.public))
    return all(standing[name].holds(path, made.sha256) for name, path in places if path)


def _told(changed: list[str]) -> Iterator[Problem]:
    """changed: files that are not as they were before they were read."""
    if changed:
        more = f" and {len(changed) - 1} more" if changed[1:] else ""
        what = "The file was changed while this was made, which may hold the text from before."
        yield Problem("changed-during-build", f"{changed[0]}{more}", what, "Build again.")


class CampaignPlugin(SitePlugin):
    """What mkdocs.yml names: plain `mkdocs build` and `serve` make pieces and pictures as `campaign build` does."""

    def prepare(self, root: Path) -> tuple[Campaign, list[Made]]:
        """Reads the campaign below `root` and makes its outputs.

        Raises:
            CampaignError: a problem stops it.
        """
        campaign, problems = read(root)
        report = Report(problems=problems)
        if not report.stops:
            with lock(root):
                make_all(campaign, Wanted(), report, quiet)
        if report.stops:
            raise CampaignError(heard(report.problems, campaign.silence))
        return campaign, report.made
