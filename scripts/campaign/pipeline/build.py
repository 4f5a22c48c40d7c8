"""One build: read, check, plan, make what changed, finish the website, inspect it, move both folders into place."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterator
from pathlib import Path

from campaign.cache import atomic as placing
from campaign.cache.cluster import Cluster
from campaign.cache.inputs import Inputs, is_page
from campaign.cache.memo import Memo
from campaign.cache.output_tree import OutputTree, record_rows
from campaign.cache.store import Store
from campaign.checks.art_under_words import check_art_under_words
from campaign.checks.built import check_site
from campaign.checks.damage import check_damage
from campaign.checks.embargo import check_embargo
from campaign.checks.meaning import check_contrast, check_crops
from campaign.checks.release import check_release
from campaign.content import clock
from campaign.content.messages import message_files
from campaign.content.releases import next_embargo
from campaign.content.trust import check_trust, theme_folder
from campaign.exchange.counting_forms import blank_forms
from campaign.exchange.recordings import recording_folders
from campaign.models.campaign import Campaign
from campaign.models.outputs import PLACEHOLDER, PRINT_SHOP, PROBLEMS_PAGE, Artifact
from campaign.models.problem import CampaignError, Problem, unsilenced
from campaign.pipeline.editable import check_editable, kept_files
from campaign.pipeline.jobs import BuildCache, make_all
from campaign.pipeline.keys import Fingerprint
from campaign.pipeline.last_build import external_files, key_of, note_made, note_placed, shared_key
from campaign.pipeline.left_out import last_versions, problems_page, refused_outputs
from campaign.pipeline.locking import lock
from campaign.pipeline.misfits import predict, with_fitting_formats
from campaign.pipeline.reading import read
from campaign.pipeline.report import Progress, Report, Selection, quiet
from campaign.pipeline.unchanged_build import forget_unchanged, record_built, record_unchanged, report_if_unchanged
from campaign.pipeline.unfinished_pages import left_out_pieces
from campaign.plan.editable import EDITABLE
from campaign.plan.packs import CORRECTIONS
from campaign.plan.press_kits import PREVIEW_FOLDER
from campaign.website import build_site, check_settings, existing_copies, handover_pages
from campaign.website.inline_css import known_styles
from campaign.website.mkdocs.incremental import forget
from campaign.website.mkdocs.plugin import SitePlugin

SECOND_NS = 1_000_000_000  # nanoseconds
LOG = logging.getLogger("mkdocs.plugins.campaign")
# The cache namespace of page audits.
AUDITS = "audits"


def check(root: Path, is_trusted: bool = False, progress: Progress = quiet) -> tuple[Campaign, list[Problem]]:
    """Return the campaign, and the problems of its files, of texts that won't fit, and of the last built site.

    Args:
        is_trusted: whether `build` may run the campaign's own programs and templates.
        progress: called at each step.
    """
    memo = Memo.of(root)
    inputs = Inputs.scan(root, memo)
    campaign, problems = read(root, memo)
    if refused := list(check_trust(root)):
        problems += [] if is_trusted else refused
    else:  # plugins run while MkDocs reads their settings
        problems += check_settings(campaign)
    if not any(problem.stops for problem in problems):
        fingerprint = _fingerprint(campaign, inputs, memo)
        campaign, notes = with_fitting_formats(campaign, memo, fingerprint, progress)
        problems += [*notes, *predict(campaign, memo, fingerprint, progress), *check_damage(campaign, memo)]
        problems += [
            *check_editable(campaign),
            *check_crops(campaign),
            *check_art_under_words(campaign, memo),
            *check_contrast(campaign, memo),
        ]
        memo.save()
    if not (root / "site").is_dir():
        return campaign, problems
    problems += check_site(root / "site", campaign.site_url, memo.namespace(AUDITS))
    memo.save()
    return campaign, [*problems, *check_embargo(campaign, (root / "site", root / "dist"), PREVIEW_FOLDER)]


def build(
    root: Path,
    progress: Progress = quiet,
    is_release: bool = False,
    is_trusted: bool = False,
    cluster: Cluster | None = None,
) -> Report:
    """Make `site/` and `dist/`; if a problem stops the build, the last good ones are left untouched.

    Args:
        root: the campaign's folder.
        progress: called at each step.
        is_release: refuse unreviewed translations, unverified numbers and pages over their weight budget.
        is_trusted: run the campaign's own programs and templates instead of refusing them.
        cluster: address of a cluster that makes pieces; None for this computer.

    Raises:
        CampaignError: the campaign can't be read, or another build is running.
    """
    with lock(root):
        _check_places(root)
        placing.finish_publishing(root)
        if not is_release and (unchanged := report_if_unchanged(root, is_trusted)):
            return unchanged
        run = _Build(root, progress, is_release, is_trusted, cluster)
        # Steps in one group report their problems together.
        for steps in ((run.read, run.check), (run.make,), (run.finish, run.inspect), (run.place,)):
            for step in steps:
                step()
            if run.report.stops:
                break
    return run.report


class _Build:
    """A build; each method is a step, and its results are attributes for the next steps."""

    def __init__(
        self, root: Path, progress: Progress, is_release: bool, is_trusted: bool, cluster: Cluster | None
    ) -> None:
        self.root, self.progress, self.cluster = root, progress, cluster
        self.is_release, self.is_trusted = is_release, is_trusted
        self.report, self.memo = Report(), Memo.of(root)
        self.audits = self.memo.namespace(AUDITS)

    def read(self) -> None:
        """Read the campaign, after recording the state of its files."""
        self.progress("read", 0, 1)
        # File systems have coarse timestamps.
        self.start_ns = time.time_ns() - SECOND_NS
        self.moment = clock.now()
        self.inputs = Inputs.scan(self.root, self.memo)
        self.campaign, self.report.problems = read(self.root, self.memo)
        self.report.problems += check_editable(self.campaign)
        self.report.silence = self.campaign.silence

    def check(self) -> None:
        """Find what must not be built; the checks of the sources ran while reading."""
        trust_problems = list(check_trust(self.root))
        if not self.is_trusted:
            self.report.problems += trust_problems
        # The campaign's own programs may read any file.
        self.has_programs = self.is_trusted and bool(trust_problems)
        if self.is_release:
            self.report.problems += check_release(self.campaign)

    def make(self) -> None:
        """Plan all outputs, and make missing pieces and pictures."""
        self.folders = {name: OutputTree(self.root, name, self.memo) for name in placing.OUTPUTS}
        fingerprint = _fingerprint(self.campaign, self.inputs, self.memo)
        self.campaign, notes = with_fitting_formats(self.campaign, self.memo, fingerprint, self.progress)
        self.report.problems += notes
        build_cache = BuildCache(self.memo, fingerprint, self._is_placed)
        make_all(self.campaign, Selection(), self.report, self.progress, self.cluster, build_cache)
        self.report.left_out |= left_out_pieces(self.campaign, self.report.problems)
        if not self.report.stops:
            note_made(self.root, self.report.made, self.memo)

    def finish(self) -> None:
        """Build the website."""
        self.progress("website", 0, 1)
        built, tree = set[str](), self.folders["site"]
        self.report.problems += build_site(
            self.campaign, self.report.made, tree.new, self.audits, self.inputs, tree, built
        )
        self.report.built |= {f"site/{address}" for address in built}

    def inspect(self) -> None:
        """Check the finished site, and whether a source changed during the build."""
        self.progress("check", 0, 1)
        site = self.folders["site"].new
        self.report.problems += check_site(site, self.campaign.site_url, self.audits, self.is_release)
        self.memo.save()
        self.changed = self.inputs.changed(self.memo)
        self.report.problems += _changed_warnings(self.changed)
        if not all(map(is_page, self.changed)):
            forget(self.root)
        # A drawing or photo may have changed between computing its key and using it.
        if any(map(self.inputs.is_read_late, self.changed)):
            Store(self.root, self.memo).forget(
                artifact for artifact in self.report.made if artifact.output in self.report.new
            )

    def place(self) -> None:
        """Fill dist/, search it for embargoed texts, and move both folders into place."""
        campaign, artifacts, (site, dist) = self.campaign, self.report.made, self.folders.values()
        _fill_dist(campaign, artifacts, site.new, dist, self.memo)
        if self.report.left_out:
            self._put_left_out(dist)
        self.report.problems += check_embargo(campaign, (site.new, dist.new))
        if self.report.stops:
            return
        new = [path for folder in (site, dist) for path in folder.close()]
        if new or not all(folder.is_unchanged() for folder in (site, dist)):
            self._publish(new)
        record_built(self.memo, self.inputs.entries)
        if not self.changed:
            note_placed(key_of(campaign, artifacts, self.inputs), self.memo)
            self._record_unchanged()

    def _put_left_out(self, dist: OutputTree) -> None:
        refused = refused_outputs(self.campaign, self.report.left_out)
        versions = last_versions(self.campaign, refused)
        for name, data in versions.items():
            dist.write(name, data)
        dist.write(PROBLEMS_PAGE, problems_page(self.campaign, self.report.left_out, refused).encode())
        self.report.refused = [str(output.path) for output in refused]
        self.report.has_outdated = bool(versions)

    def _publish(self, new: list[str]) -> None:
        placing.publish(self.root, new, self.start_ns)
        # The previous build's inputs are no longer those of the outputs, even if the notes below fail.
        forget_unchanged(self.memo)
        for name, folder in self.folders.items():
            rows = folder.rows()
            self.report.changed |= folder.changed(rows)
            record_rows(self.memo, name, rows)
            if name == "site":
                self.report.site_pages = sum(address.endswith(".html") for address in rows)
        note_placed("", self.memo)
        self.report.is_site_new = True

    def _record_unchanged(self) -> None:
        if self.is_release or self.has_programs or theme_folder(self.root) not in ("", "overrides"):
            return
        campaign, notes = self.campaign, self.report.problems
        validity = self.moment, next_embargo(campaign, self.moment)
        entries, files = self.inputs.entries, external_files(campaign)
        record_unchanged(self.root, self.memo, entries, self.is_trusted, notes, campaign.silence, validity, files)

    def _is_placed(self, artifact: Artifact) -> bool:
        output = artifact.output
        # Pages contain the first, and job tickets read the second.
        if output.part == PLACEHOLDER or (self.campaign.print_run and output.flavour == PRINT_SHOP):
            return False
        places = (("dist", output.path), ("site", output.public))
        return all(self.folders[name].is_current(path, artifact.sha256) for name, path in places if path)


def _fingerprint(campaign: Campaign, inputs: Inputs, memo: Memo) -> Fingerprint:
    return Fingerprint(shared_key(campaign, inputs), inputs.hashes, lambda: not inputs.changed(memo))


def _check_places(root: Path) -> None:
    """Raise CampaignError if files of other origin are where a build writes its outputs."""
    fix = "Rename it, or delete it if it isn't needed; the build creates a folder there."
    problems = [
        Problem("output-not-folder", name, "This is not a folder, but a file or a link that leads nowhere.", fix)
        for name in placing.OUTPUTS
        if os.path.lexists(root / name) and not (root / name).is_dir()
    ]
    if problems:
        raise CampaignError(problems)


def _fill_dist(campaign: Campaign, artifacts: list[Artifact], site: Path, tree: OutputTree, memo: Memo) -> None:
    for artifact in artifacts:
        if artifact.output.path:
            tree.place(artifact.output.path, artifact.file, artifact.sha256)
    texts = {**message_files(campaign), **blank_forms(campaign)}
    files = {**{name: text.encode() for name, text in texts.items()}, **existing_copies(campaign, site)}
    files |= recording_folders(campaign)
    if (campaign.root / "dist" / CORRECTIONS).is_dir():
        from campaign.packs.correction import kept_corrections  # made separately, and often missing

        files |= kept_corrections(campaign)
    if (campaign.root / "dist" / EDITABLE).is_dir():
        files |= kept_files(campaign.root)
    for name, data in files.items():
        tree.write(name, data)
    if campaign.print_run:
        from campaign.pipeline.job_tickets import tickets

        for name, text in tickets(campaign, artifacts).items():
            tree.write(name, text.encode())
    for name, text in handover_pages(campaign, artifacts, tree.folders, known_styles(memo)).items():
        tree.write(name, text.encode())


def _changed_warnings(names: list[str]) -> Iterator[Problem]:
    """Yield a warning if files (`names`) changed during the build."""
    if names:
        suffix = f" and {len(names) - 1} more" if names[1:] else ""
        message = "The file was changed during the build; this output may contain its old text."
        yield Problem("changed-during-build", f"{names[0]}{suffix}", message, "Build again.")


class CampaignPlugin(SitePlugin):
    """The plugin in mkdocs.yml: plain `mkdocs build` and `serve` make pieces and pictures like `campaign build`."""

    def prepare(self, root: Path) -> tuple[Campaign, list[Artifact]]:
        """Read the campaign in `root` and make its outputs.

        Raises:
            CampaignError: a problem stops the build.
        """
        campaign, problems = read(root)
        report = Report(problems=problems)
        if not report.stops:
            with lock(root):
                make_all(campaign, Selection(), report, quiet)
        if report.stops:
            raise CampaignError(unsilenced(report.problems, campaign.silence))
        for problem in unsilenced(report.problems, campaign.silence):
            if not problem.is_note:
                LOG.warning("%s", problem)
        return campaign, report.made
