"""How a large site stays quick: a process for each language, and only pages that changed are made again.

Each language is still built by MkDocs, set up as mkdocs-static-i18n would have it for its turn, so that the result
equals that of plain `mkdocs build` byte for byte (tests/test_growth.py holds it to that). A page is known again by its
text, by what stands around the text of every page (titles, words, contacts, pictures, look), and by the programs.
"""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from mkdocs.commands.build import build as run_mkdocs
from mkdocs.config.defaults import MkDocsConfig
from mkdocs.exceptions import MkDocsException
from mkdocs.structure.files import Files
from mkdocs.utils import clean_directory

from campaign.model import Campaign, Made, Page
from campaign.placing import work_folder
from campaign.problems import Problem
from campaign.processes import spread
from campaign.shipped import PACKAGE, shipped_folder
from campaign.store import Notes, hash_files, hash_text
from campaign.website.running import FILE, gathered, open_config, problem_of
from campaign.website.view import address_of

# From so many pages in all on, processes save more time than they cost.
MANY = 100
PROGRAMS = ("mkdocs", "mkdocs-material", "mkdocs-static-i18n", "jinja2", "minify-html", "lxml", "tinycss2")
FOLDER = "pages"


def can_grow(config: MkDocsConfig) -> bool:
    """Whether all that makes a page is known here: a plugin or a hook that somebody added may read anything."""
    return set(config.plugins) <= {"campaign", "i18n"} and not config.hooks and not config.extra_templates


def build_languages(config: MkDocsConfig, campaign: Campaign, made: list[Made], site_dir: Path) -> list[Problem]:
    """Builds the finished site into `site_dir`, emptied first; returns what MkDocs warns of.

    config: MkDocs' settings, fresh; what becomes of them here is used for the parts that no language has alone.
    """
    clean_directory(str(site_dir))
    custom = [Path(config.theme.custom_dir)] if config.theme.custom_dir else []
    work = _Work(campaign, made, site_dir, _surroundings(campaign, made, custom))
    is_much = sum(len(work.paths(code)) for code in campaign.languages) > MANY
    problems: list[Problem] = []
    for found in spread(_build_language, work, list(campaign.languages), is_much=is_much):
        problems += [problem for problem in found if problem not in problems]
    if any(problem.stops for problem in problems):
        return problems
    with gathered() as handler:
        config = config.plugins.on_config(config)
        config.plugins.on_env(config.theme.get_env(), config=config, files=Files([]))
        config.plugins["campaign"].finish(site_dir)
    return [*problems, *handler.problems()]


@dataclass(frozen=True)
class _Work:
    """What the processes share. surroundings: the hash of all that more than one page shows."""

    campaign: Campaign
    made: list[Made]
    site_dir: Path
    surroundings: str

    def paths(self, code: str) -> list[str]:
        """The pages of a language, those included that stand in for a translation."""
        paths = dict.fromkeys(path for _, path in self.campaign.pages)
        return [path for path in paths if self.campaign.page(code, path)]

    def key(self, code: str, path: str) -> str:
        page = self.campaign.page(code, path)
        assert page is not None
        # Whether a translation is out of date is told on that page alone: a source text may change without the rest.
        own = json.dumps(page.translation, default=str)
        return hash_text("\0".join((self.surroundings, code, page.language, path, own, page.html)))


def _build_language(work: _Work, code: str) -> list[Problem]:
    """Writes the pages of one language: the known as they were, the others by MkDocs."""
    notes = Notes(work_folder(work.campaign.root) / FOLDER / f"{code}.json")
    keys = {path: work.key(code, path) for path in work.paths(code)}
    beside_key = hash_text(f"{work.surroundings} {code}")
    beside = notes.get(beside_key)
    new = set()
    for path, key in keys.items():
        html = notes.get(key)
        if html is None:
            new.add(path)
        else:
            _write(work.site_dir / address_of(code, path), html)
    if new or beside is None:
        made = _run_mkdocs(work, code, frozenset(new))
        if made.problems:
            # Not kept: a warning has to come back each time, until somebody mends it.
            return made.problems
        for path in new & made.pages.keys():
            notes.put(keys[path], made.pages[path])
        if made.beside is not None:
            notes.put(beside_key, made.beside)
    else:
        for address, file in beside.items():
            target = work.site_dir / address
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(work.campaign.root / file, target)
    notes.save()
    return []


@dataclass
class _Language:
    """What MkDocs made. beside: address -> file below the root, of what lies beside pages; None: it cannot be told."""

    pages: dict[str, str]
    beside: dict[str, str] | None
    problems: list[Problem]


def _run_mkdocs(work: _Work, code: str, wanted: frozenset[str]) -> _Language:
    with gathered() as handler:
        try:
            config = open_config(work.campaign, work.made, work.site_dir)
            plugin, i18n = config.plugins["campaign"], config.plugins["i18n"]
            plugin.wanted = wanted
            # As i18n has it while it builds the languages after the first.
            i18n.current_language, i18n.building = code, True
            run_mkdocs(config, dirty=True)
        except MkDocsException as error:
            return _Language({}, None, [*handler.problems(), problem_of(error)])
    return _Language(plugin.finished, plugin.beside, handler.problems())


def _write(path: Path, html: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(html.encode("utf-8", errors="xmlcharrefreplace"))


def _surroundings(campaign: Campaign, made: list[Made], custom: list[Path]) -> str:
    """A hash of everything but the pages' own texts."""
    root = campaign.root
    folders = [PACKAGE, shipped_folder("overrides"), root / "assets", *custom]
    files = {path for folder in folders for path in folder.rglob("*") if "__pycache__" not in path.parts}
    files |= {path for path in (root / "docs").rglob("*") if path.suffix != ".md" or path.name.startswith("_")}
    whole = [
        *(version(name) for name in PROGRAMS),
        os.environ.get("SOURCE_DATE_EPOCH", ""),
        hash_files([root / FILE, *sorted(path for path in files if path.is_file())]),
        *(f"{each.output.public} {each.width} {each.height} {each.sha256}" for each in made if each.output.public),
        *(json.dumps(_around(page), default=str) for page in campaign.pages.values()),
    ]
    return hash_text("\0".join(whole))


def _around(page: Page) -> list:
    """What other pages may show of a page: in menus, lists and rows of languages."""
    shown = (page.language, page.path, page.title, page.description, page.audiences, page.formats)
    return [*shown, sorted(page.options.items())]
