"""Get the fonts for a language: `campaign doctor --get`."""

from __future__ import annotations

import sys

from campaign.cache.external_programs import run_program
from campaign.content.shipped_strings import shipped_strings
from campaign.document.text import script_of
from campaign.models.campaign import Campaign
from campaign.models.problem import CampaignError, Problem
from campaign.printing import fonts
from campaign.printing.scripts import SCRIPTS, sample_letters

INSTALL = ("-m", "pip", "install", "--disable-pip-version-check", "--only-binary", ":all:")


def get_fonts(campaign: Campaign, code: str) -> list[str]:
    """Install the packages with the letters that a language lacks here; return their names.

    Raise LookupError if the language is unknown; CampaignError if a package can't be installed, or there is none for a
    script.
    """
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
