"""Check this computer for everything that a campaign may need, and get fonts for a language (`--get`)."""

from __future__ import annotations

import locale
import os
import platform
import shutil
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import NamedTuple

import click
from rich.markup import escape
from rich.table import Column, Table

from campaign.cache.external_programs import find_program, run_program
from campaign.cli.console import console, example
from campaign.content import load
from campaign.content.languages import shipped_strings
from campaign.document.text import script_of
from campaign.models.campaign import Campaign
from campaign.models.optional_parts import PARTS
from campaign.models.problem import CampaignError, Problem
from campaign.models.systems import FIRST_PYTHON, LAST_PYTHON, PYTHONS
from campaign.printing import fonts
from campaign.printing.scripts import SCRIPTS, sample_letters

MIN_FREE_BYTES = 1_000_000_000  # bytes: twice what the first campaign takes
# See docs-dev/decisions/0030-material-by-one-line.md.
MKDOCS = "1.6"
MATERIAL_ENDS = "Material ends on 5 May 2027: see “MkDocs and its future” in the guide."
# System programs with one use each: the use, and how to install them.
TOOLS = {
    "minisign": ("signing and checking press kits", "get minisign from your system"),
    "ssh-keygen": ("signing and checking press kits by SSH keys", "get OpenSSH from your system"),
}
INSTALL = ("-m", "pip", "install", "--disable-pip-version-check", "--only-binary", ":all:")


class Finding(NamedTuple):
    """A row of the report."""

    part: str
    state: str  # 'good', 'optional' or 'wrong'
    value: str
    advice: str = ""  # what to do, or ''


@click.command(epilog=example("campaign doctor --get ta"))
@click.option("--get", "language", metavar="LANGUAGE", help="Install the fonts of a language, such as `ta`.")
@click.pass_obj
def doctor(root: Path, language: str | None) -> None:
    """Show which parts and fonts this computer has, or get fonts."""
    if language:
        _get_fonts(root, language)
        return
    table = Table("Part", "", "Found", Column("What to do", overflow="fold"), box=None)  # commands are copied from here
    results = list(examine(root))
    marks = {
        "good": "[green]good[/green]",
        "optional": "[yellow]optional[/yellow]",
        "wrong": "[bold red]wrong[/bold red]",
    }
    for item in results:
        table.add_row(escape(item.part), marks[item.state], escape(item.value), escape(item.advice))
    console.print(table)
    if any(item.state == "wrong" for item in results):
        sys.exit(1)


def _get_fonts(root: Path, language: str) -> None:
    campaign, _ = load(root)
    try:
        packages = get_fonts(campaign, language)
    except LookupError:
        codes = ", ".join(campaign.languages)
        raise click.BadParameter(f"No language has the code {language}. This campaign has: {codes}.") from None
    if packages:
        console.print(f"Installed: {escape(', '.join(packages))}.")
    else:
        console.print(f"This computer has all letters of {escape(language)}.")


def examine(root: Path) -> Iterator[Finding]:
    """Yield everything that may keep a campaign from building here, and optional parts."""
    is_supported = FIRST_PYTHON <= sys.version_info[:2] <= LAST_PYTHON
    fix = "" if is_supported else f"Use {PYTHONS[0]} to {PYTHONS[-1]}."
    yield Finding("Python", "good" if is_supported else "wrong", platform.python_version(), fix)
    yield Finding(
        "campaign", "good", f"{version('campaign')}, Typst {version('typst')}, {platform.system()} {platform.machine()}"
    )
    yield _page_maker()
    free = shutil.disk_usage(root).free
    fix = "" if free > MIN_FREE_BYTES else "Free some space: a build takes up to 1 GB."
    yield Finding("disk space", "wrong" if fix else "good", f"{free / 1e9:.1f} GB free", fix)
    fix = "" if os.access(root, os.W_OK) else "This folder is read-only: copy it to a folder of yours."
    yield Finding("this folder", "wrong" if fix else "good", str(root), fix)
    encoding = (sys.stdout.encoding or locale.getpreferredencoding(False)).lower().replace("-", "")
    is_wide = encoding in ("utf8", "utf8sig", "cp65001")
    fix = "" if is_wide else "Some characters of messages are shown as codes. Set PYTHONUTF8=1 to see them."
    yield Finding("text in the terminal", "good" if is_wide else "optional", encoding, fix)
    for part in PARTS.values():
        yield _optional(part.package, _version(part.package), part.purpose, part.remedy)
    for name, (purpose, advice) in TOOLS.items():
        yield _optional(name, find_program(name), purpose, advice)
    campaign, _ = load(root)
    yield from _letters(campaign)


def _page_maker() -> Finding:
    result = _version("mkdocs")
    is_mkdocs = result.startswith(f"{MKDOCS}.")
    advice = MATERIAL_ENDS if is_mkdocs else f'Install version {MKDOCS}: python -m pip install "mkdocs=={MKDOCS}.*"'
    versions = f"MkDocs {result}, Material {_version('mkdocs-material')}"
    return Finding("pages", "good" if is_mkdocs else "wrong", versions, advice)


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _optional(name: str, value: str, purpose: str, advice: str) -> Finding:
    state = "good" if value else "optional"
    return Finding(name, state, value or "not installed", "" if value else f"Only for {purpose}: {advice}.")


def _letters(campaign: Campaign) -> Iterator[Finding]:
    families_by_name = fonts.families(campaign.fonts)
    for code, language in campaign.languages.items():
        printed_pages = (page for page in campaign.pages.values() if page.language == code and page.formats)
        texts = [page.title + page.tree for page in printed_pages]
        texts += language.strings.values() if language.is_whole else ()
        # The JSON of a tree adds only ASCII, which every font has.
        letters = {letter for text in texts for letter in text if not letter.isascii()}
        families, missing = fonts.choose(letters, campaign.identity.fonts, families_by_name, campaign.fonts, code)
        problems = fonts.missing(missing, texts, str)
        names = ", ".join(family.name for family in families)
        fix = " ".join(problem.fix for problem in problems)
        yield Finding(f"fonts for {language.name}", "wrong" if problems else "good", names, fix)


def get_fonts(campaign: Campaign, code: str) -> list[str]:
    """Install fonts for a language; return packages. Raise LookupError for unknown ones, or CampaignError."""
    texts = _texts(campaign, code)
    missing = _missing_letters(campaign, code, texts)
    scripts = [SCRIPTS.get(script_of(letter)) for letter in sorted(missing)]
    packages = list(dict.fromkeys(script.wheel for script in scripts if script and script.wheel))
    if packages:
        _install(packages)
        # Those that the packages don't have, as far as known: a new process looks into the new files.
        missing = {letter for letter in missing if not (row := SCRIPTS.get(script_of(letter))) or not row.wheel}
    if missing:
        raise CampaignError(fonts.missing(missing, texts, lambda _: f"docs/{code}"))
    return packages


def _texts(campaign: Campaign, code: str) -> list[str]:
    language = campaign.languages.get(code)
    strings = language.strings if language else shipped_strings(code)
    sample = sample_letters(code)
    if not strings and not sample:
        raise LookupError(code)
    pages = [page.title + page.tree for page in campaign.pages.values() if page.language == code]
    return [*strings.values(), *pages, sample]


def _missing_letters(campaign: Campaign, code: str, texts: list[str]) -> set[str]:
    letters = {letter for text in texts for letter in text if not letter.isascii()}
    identity = campaign.identity.fonts
    return fonts.choose(letters, identity, fonts.families(campaign.fonts), campaign.fonts, code)[1]


def _install(packages: list[str]) -> None:
    done = run_program([sys.executable, *INSTALL, *packages])
    if done.returncode:
        names = " ".join(packages)
        reason = (done.stderr or done.stdout).decode(errors="replace").strip().rpartition("\n")[2]
        fix = (
            f"Without a network, run `python -m pip download {names}` on another computer, bring the files here, "
            "and run `python -m pip install` with their names."
        )
        problem = Problem("font-not-installed", names, f"The package can't be installed: {reason}", fix)
        raise CampaignError([problem])
