"""Read and check the campaign before a build; previews need nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

from campaign.cache.memo import Memo
from campaign.checks.answers import check_answers
from campaign.checks.broken_text import check_broken_text
from campaign.checks.embargo import check_linked
from campaign.checks.files import check_files
from campaign.checks.meaning import check_undeclared
from campaign.checks.photos import check_photos
from campaign.checks.source import check_source
from campaign.checks.structure import check_structure
from campaign.checks.unfinished import check_unfinished
from campaign.checks.words import check_words
from campaign.content import load
from campaign.content.idle_settings import check_held_back, check_idle_settings
from campaign.content.languages import as_built
from campaign.content.messages import check_messages
from campaign.content.releases import check_releases, with_withheld
from campaign.models.campaign import Campaign
from campaign.models.outputs import Artifact
from campaign.models.problem import Problem
from campaign.pipeline.last_build import read_made
from campaign.pipeline.report import ALL_OUTPUTS, Selection
from campaign.pipeline.unfinished_pages import without_unfinished
from campaign.website.hero import check_heroes


def read(root: Path, memo: Memo | None = None, selection: Selection = ALL_OUTPUTS) -> tuple[Campaign, list[Problem]]:
    """Return the campaign, and every problem that is visible before anything is made.

    Args:
        root: the campaign's folder.
        memo: cache of file hashes and parsed files; None for the one in .build/.
        selection: the outputs to make. If not all, the text of other pages isn't checked, and translations aren't
            compared with their source, which only yields notes.
    """
    memo = memo or Memo.of(root)
    campaign, problems = load(root, memo)
    problems += chain.from_iterable(check_all(campaign, memo, selection))
    memo.save()
    return without_unfinished(as_built(campaign), problems), problems


def check_all(campaign: Campaign, memo: Memo, selection: Selection = ALL_OUTPUTS) -> Iterator[Iterable[Problem]]:
    """Yield the problems of all checks; `selection` as for `read`."""
    # Embargoed releases are checked now, because they are published later without another look.
    full_campaign = with_withheld(campaign)
    printed_campaign = full_campaign
    if selection != ALL_OUTPUTS:  # otherwise the same object, whose texts are collected once for all checks
        pages = {key: page for key, page in full_campaign.pages.items() if selection.includes_page(page)}
        printed_campaign = replace(full_campaign, pages=pages)
    yield check_files(campaign, memo)
    yield check_idle_settings(campaign.root)
    yield check_held_back(campaign.root)
    yield check_photos(campaign, memo)
    yield check_undeclared(campaign)
    yield check_heroes(campaign)
    yield check_source(full_campaign)
    yield check_structure(full_campaign)
    yield check_answers(full_campaign)
    yield check_unfinished(full_campaign, memo)
    yield check_broken_text(printed_campaign, memo)
    yield check_releases(full_campaign)
    if selection == ALL_OUTPUTS:
        yield check_words(full_campaign, memo)
    yield check_messages(campaign)
    yield check_linked(campaign)


def last_artifacts(root: Path) -> list[Artifact]:
    """Return the outputs of the last complete build, or []."""
    return read_made(root, Memo.of(root))
