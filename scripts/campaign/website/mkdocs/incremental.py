"""Build only changed pages, and many in parallel.

Each page is a node of the build graph: its view of the campaign records the values it uses, and it is made again only
if one of them changes. Pages are made without MkDocs' own passes over all files, but equal those of plain
`mkdocs build` byte for byte (tests/test_growth.py).
"""

from __future__ import annotations

import shutil
from base64 import b64decode
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from mkdocs.commands.build import build as run_mkdocs
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException
from mkdocs.structure.files import Files
from mkdocs.utils import clean_directory

from campaign.cache.atomic import WORK, work_folder
from campaign.cache.inputs import Inputs
from campaign.cache.memo import NAME, Memo
from campaign.cache.output_tree import OutputTree
from campaign.cache.store import hash_content, hash_text, remember_hash
from campaign.cache.workers import map_in_workers
from campaign.content.trust import foreign_files
from campaign.graph.traces import INPUTS, InputTable, Nodes
from campaign.graph.tracking import Trace, Tracker, recording
from campaign.models.campaign import Campaign
from campaign.models.outputs import Artifact
from campaign.models.page import address_of
from campaign.models.problem import Problem
from campaign.website.finish import finish
from campaign.website.frame import NewFrame
from campaign.website.inline_css import known_styles
from campaign.website.inputs import ASSETS, CAMPAIGN, shared_inputs, site_tracker
from campaign.website.mkdocs.plugin import SitePlugin, site_plugin
from campaign.website.mkdocs.runner import gathered, open_config
from campaign.website.mkdocs.undocumented import i18n_plugin
from campaign.website.page_audit import PageAudit, audit_key, audit_page
from campaign.website.page_cache import PageCache, write_kept
from campaign.website.pictures import PublicAssets
from campaign.website.site import Site

# With fewer new pages, starting processes costs more time than it saves.
PARALLEL_THRESHOLD_PAGES = 60
PAGES_PER_JOB = 25
# Kept between builds: pages, files made from all texts, and static files.
PAGES = "pages"
TEXTS = "texts"
STATIC_FILES = "beside"
FRAMES = "frames"


def supports_incremental(config: MkDocsConfig) -> bool:
    """Return whether all inputs of pages are known.

    A third-party plugin, hook or template may read anything.
    """
    is_supported = set(config.plugins) <= {"campaign", "i18n"} and not config.hooks and not config.extra_templates
    return is_supported and not (config.theme.custom_dir and foreign_files(Path(config.theme.custom_dir)))


def forget(root: Path) -> None:
    """Make the next build render every page."""
    for name in (PAGES, TEXTS):
        shutil.rmtree(work_folder(root) / name, ignore_errors=True)
    Memo.of(root).forget(f"{PAGES}/", f"{TEXTS}/", STATIC_FILES, FRAMES, INPUTS)


def build_site(
    campaign: Campaign,
    artifacts: list[Artifact],
    site_dir: Path,
    memo: Memo | None = None,
    inputs: Inputs | None = None,
    tree: OutputTree | None = None,
    built: set[str] | None = None,
) -> list[Problem]:
    """Build the finished site into `site_dir`, emptied first; return its problems.

    Args:
        campaign: the campaign.
        artifacts: every finished output; those with `output.public` are copied into the site.
        site_dir: the folder to fill.
        memo: page audits; new ones are added, and the caller saves them. None makes every page.
        inputs: the files that the campaign was read from, hashed before reading.
        tree: current and new site folder; None to write all files.
        built: addresses of new files are added.
    """
    with gathered() as handler:
        try:
            config = open_config(campaign, artifacts, site_dir)
            if not supports_incremental(config):
                run_mkdocs(config)
                return handler.problems(campaign.root)
            memo = memo or Memo(None)
            inputs = inputs or Inputs.scan(campaign.root, memo)
            if not tree:
                clean_directory(str(site_dir))
            work = Work(campaign, artifacts, site_dir, shared_inputs(campaign, inputs), tree)
            problems = _publish_static_files(work)
            if not any(problem.stops for problem in problems):
                opened(work, config)
                new = _build_pages(work, memo)
                if built is not None:
                    built.update(new)
            return problems
        except MkDocsException as error:
            return handler.problems(campaign.root, error)


def _build_pages(work: Work, memo: Memo) -> list[str]:
    """Put all pages and what belongs to them into the site; return the addresses of new files."""
    campaign, tracker, inputs = work.campaign, opened(work).tracker, opened(work).inputs
    audits, new = _place_pages(work, memo)
    inputs.save()
    finished = finish(
        Site(
            folder=work.site_dir,
            campaign=tracker.view(CAMPAIGN, Campaign),
            unrecorded=campaign,
            assets=tracker.view(ASSETS, PublicAssets),
            audits=audits,
            open=partial(open_plugin, work),
            cache_folder=work.cache_folder(TEXTS),
            inputs=inputs,
            shared=work.shared,
            is_parallel=len(new) > PARALLEL_THRESHOLD_PAGES,
            tree=work.tree,
        )
    )
    for address, audit in finished.audits.items():
        memo.put(audit_key(address, b64decode(audit["hash"]).hex(), campaign.base), audit)
    plugin = open_plugin(work)
    for kind, frame in finished.frames.items():
        plugin.frames.add(kind, frame)
    plugin.inliner.memo.save()
    plugin.frames.save()
    inputs.save(is_last=True)
    return [*new, *finished.made]


@dataclass(frozen=True)
class Work:
    """The inputs of page makers, shared by worker processes."""

    campaign: Campaign
    made: list[Artifact]
    site_dir: Path
    shared: str  # fingerprint of the inputs that all pages share
    tree: OutputTree | None = None  # current and new site folder

    def cache_folder(self, name: str) -> Path:
        """Return a folder of the cache."""
        return self.campaign.root / WORK / name

    def paths(self, code: str) -> list[str]:
        """Return the pages of a language, including fallback pages."""
        paths = dict.fromkeys(path for _, path in self.campaign.pages)
        return [path for path in paths if self.campaign.page(code, path)]


def _publish_static_files(work: Work) -> list[Problem]:
    """Put static files into the site. MkDocs lists them once; other languages add none."""
    memo, key = Memo(work.cache_folder(NAME), STATIC_FILES), hash_text(work.shared)
    files: dict[str, str] | None = memo.get(key)
    if files is None:
        files, problems = _run_mkdocs(work)
        # Not kept after a warning, so that it is reported each time until it is fixed.
        if files is not None and not problems:
            memo.put(key, files)
            memo.save()
        return problems
    for address, file in files.items():
        path = work.campaign.root / file
        if work.tree:
            work.tree.place(address, path, hash_content(path))
        else:
            (work.site_dir / address).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, work.site_dir / address)
    return []


def _run_mkdocs(work: Work) -> tuple[dict[str, str] | None, list[Problem]]:
    """Return MkDocs' static files as address -> file in the campaign (None: unknown), and its warnings."""
    with gathered() as handler:
        try:
            config = open_config(work.campaign, work.made, work.site_dir)
            plugin, i18n = site_plugin(config), i18n_plugin(config)
            plugin.is_static_only = True
            # The state of i18n while it builds the languages after the first.
            i18n.current_language, i18n.building = work.campaign.source_language.code, True
            run_mkdocs(config, dirty=True)
        except MkDocsException as error:
            return None, handler.problems(work.campaign.root, error)
    return plugin.static_files, handler.problems(work.campaign.root)


class _Job(NamedTuple):
    """A page to make."""

    code: str
    path: str

    @property
    def address(self) -> str:
        return address_of(self.code, self.path)


class _Page(NamedTuple):
    """A new page."""

    audit: PageAudit
    copied: dict[str, Any]  # size, time and hash of its file
    trace: Trace
    styles: dict[str, Any]  # new ones
    frames: dict[str, NewFrame]  # new ones


class _Pages:
    """The pages of a site while they are put into place; `audits` are by language and address."""

    def __init__(self, work: Work, memo: Memo) -> None:
        self.work, self.memo = work, memo
        self.caches = {code: self._cache(code) for code in work.campaign.languages}
        self.audits: dict[str, dict[str, PageAudit]] = {code: {} for code in work.campaign.languages}

    def _cache(self, code: str) -> PageCache:
        work = self.work
        return PageCache(work.cache_folder(PAGES) / code, work.site_dir, work.tree, opened(work).inputs, work.shared)

    @property
    def made(self) -> list[str]:
        """The addresses of new pages."""
        return [address for page_cache in self.caches.values() for address in page_cache.made]

    def is_kept(self, job: _Job) -> bool:
        """Return whether a page is unchanged, and so was put into place from the cache."""
        row = self.caches[job.code].take(job.address, job.address)
        audit = self.memo.get(audit_key(job.address, row["hash"], self.work.campaign.base)) if row else None
        if audit is not None:
            self.audits[job.code][job.address] = audit
        return audit is not None

    def make(self, jobs: list[_Job]) -> None:
        """Make pages, in parallel if there are many."""
        work = self.work
        # The first is rendered here, so that forked workers inherit loaded templates and styles.
        results = chain(
            (_make_page(work, job) for job in jobs[:1]),
            map_in_workers(_make_page, work, jobs[1:], PAGES_PER_JOB, len(jobs) > PARALLEL_THRESHOLD_PAGES),
        )
        for job, page in zip(jobs, results, strict=True):
            self._take(job, page)

    def _take(self, job: _Job, page: _Page) -> None:
        address, copied, plugin = job.address, page.copied, open_plugin(self.work)
        self.audits[job.code][address] = page.audit
        self.caches[job.code].note(address, address, copied, page.trace)
        self.memo.put(audit_key(address, copied["hash"], self.work.campaign.base), page.audit)
        remember_hash(f"site/{address}", copied["size"], copied["time"], copied["hash"], self.memo)
        plugin.inliner.take(page.styles)
        for kind, frame in page.frames.items():
            plugin.frames.add(kind, frame)

    def save(self) -> None:
        """Save the cache."""
        for item in self.caches.values():
            item.save()
            if self.work.tree and item.tree:
                self.work.tree.merge(item.tree.placed_files)


def _place_pages(work: Work, memo: Memo) -> tuple[dict[str, dict[str, PageAudit]], list[str]]:
    """Put all pages into the site; return audits by language and address, and the addresses of new pages."""
    pages = _Pages(work, memo)
    jobs = [_Job(code, path) for code in work.campaign.languages for path in work.paths(code)]
    # Pages whose frames may have changed come first, because other pages depend on those frames.
    first = {_Job(*page) for page in opened(work).stale_frames}
    pages.make([job for job in jobs if job in first])
    pages.make([job for job in jobs if job not in first and not pages.is_kept(job)])
    pages.save()
    return _in_order(pages.audits, jobs), pages.made


def _in_order(audits: dict[str, dict[str, PageAudit]], jobs: list[_Job]) -> dict[str, dict[str, PageAudit]]:
    """Return the audits in the order of the pages."""
    for code, audit in audits.items():
        audits[code] = {job.address: audit[job.address] for job in jobs if job.code == code}
    return audits


def _make_page(work: Work, job: _Job) -> _Page:
    """Make a page and its cached copy."""
    plugin = open_plugin(work)
    with recording() as trace:
        html = plugin.framed(job.code, job.path)
    copied = write_kept(work.cache_folder(PAGES) / job.code, work.site_dir / job.address, html)
    styles, plugin.inliner.new = plugin.inliner.new, {}
    audit = audit_page(job.address, html, work.campaign.base)
    return _Page(audit, copied, trace, styles, plugin.frames.take_new())


@dataclass(frozen=True)
class OpenSite:
    """Data that a process needs to make pages."""

    work: Work
    plugin: SitePlugin
    tracker: Tracker
    inputs: InputTable
    stale_frames: list[tuple[str, str]]  # pages, as (language, path), whose frames may have changed


_opened: OpenSite | None = None


def open_plugin(work: Work) -> SitePlugin:
    """Return this process's plugin."""
    return opened(work).plugin


def opened(work: Work, config: MkDocsConfig | None = None) -> OpenSite:
    """Return what makes pages in this process. `config`: MkDocs' settings, if loaded."""
    global _opened
    if not _opened or _opened.work is not work:
        config = config or open_config(work.campaign, work.made, work.site_dir)
        config = config.plugins.on_config(config)
        config.plugins.on_env(config.theme.get_env(), config=config, files=Files([]))
        plugin, hashes = site_plugin(config), dict[str, str]()
        plugin.has_own_templates = True
        plugin.inliner.memo = known_styles(Memo(work.cache_folder(NAME)))
        tracker = site_tracker(work.campaign, work.made, hashes)
        plugin.track(tracker)
        inputs = InputTable(work.cache_folder(NAME), tracker)
        nodes = Nodes(Memo(work.cache_folder(NAME), FRAMES), inputs, work.shared)
        _opened = OpenSite(work, plugin, tracker, inputs, plugin.frames.load(nodes, tracker, hashes))
    return _opened
