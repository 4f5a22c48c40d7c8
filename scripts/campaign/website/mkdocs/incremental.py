"""How a large site stays quick: only what changed is made again, and much of it by several processes at once.

A page is known again by its text, by what stands around the text of every page (titles in menus, words, contacts,
pictures, look), and by the programs. New ones are made by the plugin without MkDocs' own rounds through all files, yet
the result equals that of plain `mkdocs build` byte for byte (tests/test_growth.py holds it to that).
"""

from __future__ import annotations

import shutil
from base64 import b64decode
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property, partial
from itertools import chain
from pathlib import Path
from typing import Any

from mkdocs.commands.build import build as run_mkdocs
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException
from mkdocs.structure.files import Files
from mkdocs.utils import clean_directory

from campaign.cache.atomic import work_folder
from campaign.cache.inputs import Inputs
from campaign.cache.memo import NAME, Memo
from campaign.cache.standing import Standing
from campaign.cache.store import hash_content, hash_text, remember_hash
from campaign.cache.workers import map_in_workers
from campaign.content.trust import foreign_files
from campaign.models.campaign import Campaign
from campaign.models.outputs import Made
from campaign.models.page import address_of
from campaign.models.problem import Problem
from campaign.website.finish import Site, finish
from campaign.website.frame import Frame
from campaign.website.inline_css import known_styles
from campaign.website.mkdocs.fingerprint import site_fingerprint
from campaign.website.mkdocs.plugin import SitePlugin, site_plugin
from campaign.website.mkdocs.runner import gathered, open_config, problem_of
from campaign.website.mkdocs.undocumented import i18n_plugin
from campaign.website.page_audit import PageAudit, audit_page, recall_audit, remember_audit
from campaign.website.page_cache import PageCache, write_kept
from campaign.website.words import size_words

# From so many new pages on, processes save more time than they cost.
MANY, CHUNK = 60, 25
# Where pages, what is made of all texts, and what lies beside pages are kept.
PAGES, TEXTS, BESIDE, FRAMES = "pages", "texts", "beside", "frames"


def can_grow(config: MkDocsConfig) -> bool:
    """Whether all that makes a page is known here.

    A plugin, a hook or a template that somebody added may read anything.
    """
    is_ours = set(config.plugins) <= {"campaign", "i18n"} and not config.hooks and not config.extra_templates
    return is_ours and not (config.theme.custom_dir and foreign_files(Path(config.theme.custom_dir)))


def forget(root: Path) -> None:
    """Lets the next build make every page anew."""
    for name in (PAGES, TEXTS):
        shutil.rmtree(work_folder(root) / name, ignore_errors=True)
    Memo.of(root).forget(f"{PAGES}/", f"{TEXTS}/", BESIDE, FRAMES)


def build_languages(
    campaign: Campaign,
    made: list[Made],
    site_dir: Path,
    memo: Memo,
    inputs: Inputs,
    standing: Standing | None = None,
    config: MkDocsConfig | None = None,
) -> list[Problem]:
    """Builds the finished site into `site_dir`, emptied first; returns what MkDocs warns of.

    Args:
        campaign: whose site it is.
        made: every output that stands.
        site_dir: the folder to fill.
        memo: what is known of pages already; what is new is added.
        inputs: the files that the campaign was read from, as they were before.
        standing: the site as it stands now; None where its files are all written anew.
        config: MkDocs' settings, where they are at hand.
    """
    if not standing:
        clean_directory(str(site_dir))
    work = Work(campaign, made, site_dir, site_fingerprint(campaign, made, inputs), standing)
    problems = _publish_static_files(work)
    if any(problem.stops for problem in problems):
        return problems
    if config:
        open_plugin(work, config)
    audits, new = _place_pages(work, memo)
    put = finish(
        Site(
            folder=site_dir,
            campaign=campaign,
            made=made,
            audits=audits,
            open=partial(open_plugin, work),
            cache_folder=work.cache_folder(TEXTS),
            fingerprint=work.fingerprint,
            is_much=new > MANY,
            standing=standing,
        )
    )
    for address, there in put.items():
        remember_audit(address, b64decode(there["hash"]).hex(), campaign.base, memo, there)
    if _opened and _opened[0] is work:
        _opened[1].inliner.memo.save()
        _opened[1].frames.save()
    return problems


@dataclass(frozen=True)
class Work:
    """What makes pages, shared by the processes that do.

    Attributes:
        fingerprint: the hash of all that more than one page shows.
        standing: the site as it stands now.
    """

    campaign: Campaign
    made: list[Made]
    site_dir: Path
    fingerprint: str
    standing: Standing | None = None

    def cache_folder(self, name: str) -> Path:
        """Where something is kept from one build to the next."""
        return work_folder(self.campaign.root) / name

    def paths(self, code: str) -> list[str]:
        """The pages of a language, those included that stand in for a translation."""
        paths = dict.fromkeys(path for _, path in self.campaign.pages)
        return [path for path in paths if self.campaign.page(code, path)]

    @cached_property
    def _bytes(self) -> dict[str, int]:
        return {each.output.public: each.bytes for each in reversed(self.made)}

    def is_told(self, code: str, sizes: Mapping[str, str]) -> bool:
        """Whether files are as large as a page of a language says. sizes: see `Shelf.told`."""
        language = self.campaign.languages[code]
        return all(size_words(language, self._bytes[address]) == words for address, words in sizes.items())

    def key(self, code: str, path: str) -> str:
        """The hash of all that a page of a language is made from, but for the sizes of files that it tells."""
        page = self.campaign.page(code, path)
        assert page is not None
        # Whether a translation is out of date is told on that page alone: a source text may change without the rest.
        own = [
            code,
            page.language,
            path,
            page.audiences,
            page.translation,
            page.options,
            page.alt,
            page.layout,
            page.release,
        ]
        others = [each for each in self.campaign.languages if (each, path) in self.campaign.pages]
        return hash_text("\0".join((self.fingerprint, repr(own), *others, page.digest)))


def _publish_static_files(work: Work) -> list[Problem]:
    """Puts what lies beside pages (pictures, recordings) into place: MkDocs and its plugins say what that is."""
    memo = Memo(work.cache_folder(NAME), BESIDE)
    problems: list[Problem] = []
    keys = {code: hash_text(f"{work.fingerprint} {code}") for code in work.campaign.languages}
    new = [code for code, key in keys.items() if memo.get(key) is None]
    if new and work.standing:
        work.standing.sweep()  # MkDocs writes into what it finds
    for beside in filter(None, map(memo.get, keys.values())):
        for address, file in beside.items():
            path = work.campaign.root / file
            if work.standing:
                work.standing.place(address, path, hash_content(path))
            else:
                (work.site_dir / address).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, work.site_dir / address)
    made = map_in_workers(_run_mkdocs, work, new, is_much=len(work.campaign.pages) > MANY)
    for code, (beside, found) in zip(new, made, strict=True):
        problems += [problem for problem in found if problem not in problems]
        # Not kept after a warning: it has to come back each time, until somebody mends it.
        if beside is not None and not found:
            memo.put(keys[code], beside)
    memo.save()
    return problems


def _run_mkdocs(work: Work, code: str) -> tuple[dict[str, str] | None, list[Problem]]:
    """What MkDocs has put beside the pages of a language, and what it warns of.

    The first is address -> file below the root; None: it cannot be told.
    """
    with gathered() as handler:
        try:
            config = open_config(work.campaign, work.made, work.site_dir)
            plugin, i18n = site_plugin(config), i18n_plugin(config)
            plugin.is_static_only = True
            # As i18n has it while it builds the languages after the first.
            i18n.current_language, i18n.building = code, True
            run_mkdocs(config, dirty=True)
        except MkDocsException as error:
            return None, [*handler.problems(), problem_of(error)]
    return plugin.static_files, handler.problems()


def _place_pages(work: Work, memo: Memo) -> tuple[dict[str, dict[str, PageAudit]], int]:
    """Puts all pages into place, the known as they were, the others made anew.

    Returns:
        What is known of each by language and address, and how many are new.
    """
    audits: dict[str, dict[str, PageAudit]] = {}
    base = work.campaign.base
    kept = {code: PageCache(work.cache_folder(PAGES) / code) for code in work.campaign.languages}
    new: list[_Job] = []
    for code in work.campaign.languages:
        found = audits[code] = {}
        for path in work.paths(code):
            key, address = work.key(code, path), address_of(code, path)
            noted = _take_page(work, kept[code], key, address)
            is_so = noted and work.is_told(code, noted["sizes"])
            there = noted and is_so and recall_audit(address, noted["hash"], base, memo)
            if there:
                found[address] = there
            else:
                new.append((code, path, key))
                if work.standing:
                    work.standing.make_room(address)
    # The first is made here, so that processes forked later have templates and styles at hand.
    made = chain(
        (_make_page(work, job) for job in new[:1]), map_in_workers(_make_page, work, new[1:], CHUNK, len(new) > MANY)
    )
    for (code, path, key), (there, copied, styles, frames) in zip(new, made, strict=True):
        address = address_of(code, path)
        audits[code][address] = there
        kept[code].memo.put(key, copied)
        remember_audit(address, copied["hash"], base, memo, there)
        remember_hash(f"site/{address}", copied["size"], copied["time"], copied["hash"], memo)
        if work.standing:
            work.standing.note(address, copied["hash"], [copied["size"], copied["time"]])
        open_plugin(work).inliner.take(styles)
        open_plugin(work).frames.new |= frames
    for each in kept.values():
        each.save()
    return audits, len(new)


def _take_page(work: Work, kept: PageCache, key: str, address: str) -> dict[str, Any] | None:
    """Puts a page of a key into place that stands there or is kept; what was noted of it, or None."""
    standing, noted = work.standing, kept.memo.get(key)
    if not standing or not noted:
        return kept.take(key, work.site_dir / address)
    if standing.keep(address, noted["hash"]):
        return dict(noted)
    standing.make_room(address)
    standing.note(address, noted["hash"], [noted["size"], noted["time"]])
    return kept.take(key, work.site_dir / address)


_Job = tuple[str, str, str]


def _make_page(work: Work, job: _Job) -> tuple[PageAudit, dict[str, Any], dict[str, Any], dict[str, Frame]]:
    """Makes a page, in its place and to be kept.

    Returns:
        What is known of it, what tells it again, the styles that are new, the frames that are.
    """
    code, path, _ = job
    address = address_of(code, path)
    plugin = open_plugin(work)
    plugin.shelf.told.clear()
    html = plugin.framed(code, path)
    copied = write_kept(work.cache_folder(PAGES) / code, work.site_dir / address, html)
    copied["sizes"] = dict(plugin.shelf.told)
    styles, plugin.inliner.new = plugin.inliner.new, {}
    frames, plugin.frames.new = plugin.frames.new, {}
    return audit_page(address, html, work.campaign.base), copied, styles, frames


_opened: tuple[Work, SitePlugin] | None = None


def open_plugin(work: Work, config: MkDocsConfig | None = None) -> SitePlugin:
    """What makes pages: the plugin, with MkDocs' settings and templates in its hands. Opened once in each process.

    config: those settings, where they are at hand.
    """
    global _opened
    if not _opened or _opened[0] is not work:
        config = config or open_config(work.campaign, work.made, work.site_dir)
        config = config.plugins.on_config(config)
        env = config.theme.get_env()
        config.plugins.on_env(env, config=config, files=Files([]))
        plugin = site_plugin(config)
        plugin.has_own_templates = True
        plugin.inliner.memo = known_styles(Memo(work.cache_folder(NAME)))
        plugin.frames.keep(Memo(work.cache_folder(NAME), FRAMES), work.fingerprint)
        _opened = (work, plugin)
    return _opened[1]
