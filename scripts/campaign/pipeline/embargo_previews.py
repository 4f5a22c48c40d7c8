"""Releases under embargo for named partners, kept apart from public files and marked with the partner's name."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from pathlib import Path

from campaign import packs, printing
from campaign.cache.output_files import refuse_foreign_links, replace_file
from campaign.content import load
from campaign.content.languages import as_built
from campaign.models.campaign import Campaign
from campaign.models.names import plain_name
from campaign.models.outputs import Artifact, Output
from campaign.models.problem import CampaignError, Problem, unsilenced
from campaign.packs.press_kit import preview_bytes
from campaign.plan.outputs import catalogue
from campaign.plan.press_kits import PREVIEW_FOLDER


def make_previews(root: Path, partners: tuple[str, ...]) -> list[Path]:
    """Make a zip for each partner and language in dist/press-preview/<partner>/, replacing earlier ones.

    Args:
        root: the campaign's folder.
        partners: their names, printed on every page.

    Returns:
        The written files.

    Raises:
        CampaignError: no release is under embargo, or one of them can't be made.
    """
    campaign, problems = load(root)
    if any(problem.stops for problem in problems):
        raise CampaignError(unsilenced(problems, campaign.silence))
    campaign = as_built(campaign)
    if not campaign.withheld:
        fix = "Set `embargo:` in its front matter to a moment to come; what is public needs no preview."
        raise CampaignError([Problem("embargo-none", "docs", "No release is under embargo.", fix)])
    refuse_foreign_links(root)
    shutil.rmtree(root / "dist" / PREVIEW_FOLDER, ignore_errors=True)
    paths = []
    for number, partner in enumerate(partners, 1):
        folder = root / "dist" / PREVIEW_FOLDER / (plain_name(partner) or f"partner-{number}")
        for code, data in _zips(campaign, partner).items():
            target = folder / f"{PREVIEW_FOLDER}-{code}.zip"
            replace_file(root, target.relative_to(root / "dist").as_posix(), data)
            paths.append(target)
    return paths


def _zips(campaign: Campaign, partner: str) -> dict[str, bytes]:
    preview_campaign = replace(
        campaign, pages={**campaign.pages, **campaign.withheld}, withheld={}, preview_for=partner
    )
    withheld_keys = {(code, page.stem) for (code, _), page in campaign.withheld.items()}
    members: dict[str, dict[str, bytes]] = {}
    problems: list[Problem] = []
    with tempfile.TemporaryDirectory(prefix="campaign-") as folder:
        for output in catalogue(preview_campaign):
            if output.kind != "release" or (output.language, output.name) not in withheld_keys:
                continue
            archive = _make(preview_campaign, output, Path(folder) / f"{output.name}.{output.ending}")
            if isinstance(archive, Artifact):
                name = f"{output.name}.{output.ending}"
                members.setdefault(str(output.language), {})[name] = archive.file.read_bytes()
            else:
                problems += archive
    if problems:
        raise CampaignError(problems)
    return {code: preview_bytes(preview_campaign, code, member) for code, member in members.items()}


def _make(campaign: Campaign, output: Output, target: Path) -> Artifact | list[Problem]:
    if output.part in packs.TEXTS:
        return packs.make(campaign, output, target)
    return printing.make(campaign, output, target)
