"""The campaign read and checked, before anything is made: all that whoever only shows it needs of this room."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain
from pathlib import Path

from campaign.cache.memo import Memo
from campaign.checks.broken_text import check_broken_text
from campaign.checks.embargo import check_linked
from campaign.checks.files import check_files
from campaign.checks.photos import check_photos
from campaign.checks.source import check_source
from campaign.checks.structure import check_structure
from campaign.checks.unfinished import check_unfinished
from campaign.checks.words import check_words
from campaign.content import load
from campaign.content.idle_settings import check_idle_settings
from campaign.content.languages import as_built
from campaign.content.messages import check_messages
from campaign.content.releases import check_releases, with_withheld
from campaign.models.campaign import Campaign
from campaign.models.outputs import Made
from campaign.models.problem import Problem
from campaign.pipeline.placed import read_made
from campaign.pipeline.report import ALL, Wanted


def read(root: Path, memo: Memo | None = None, wanted: Wanted = ALL) -> tuple[Campaign, list[Problem]]:
    """The campaign as it is made, and every problem that can be seen before anything is.

    Args:
        root: the campaign's folder.
        memo: what was read before: hashes of files, and what became of them; those in .build/ where none are given.
        wanted: what is made of it. Unless that is all of it, the words of other pages are not looked through, and
            translations are not compared with their source, which gives notes only.
    """
    memo = memo or Memo.of(root)
    campaign, problems = load(root, memo)
    problems += chain.from_iterable(check_all(campaign, memo, wanted))
    memo.save()
    return as_built(campaign), problems


def check_all(campaign: Campaign, memo: Memo, wanted: Wanted = ALL) -> Iterator[Iterable[Problem]]:
    """What each check says of a campaign, one after the other. wanted: see `read`."""
    # What is withheld has to be right on the day on which nobody looks at it any more.
    whole = with_withheld(campaign)
    made = replace(whole, pages={key: page for key, page in whole.pages.items() if wanted.wants_page(page)})
    yield check_files(campaign, memo)
    yield check_idle_settings(campaign.root)
    yield check_photos(campaign, memo)
    yield check_source(whole)
    yield check_structure(whole)
    yield check_unfinished(whole, memo)
    yield check_broken_text(made, memo)
    yield check_releases(whole)
    if wanted == ALL:
        yield check_words(whole, memo)
    yield check_messages(campaign)
    yield check_linked(campaign)


def made_before(root: Path) -> list[Made]:
    """What stood when the last build had made all of it; [] where none has."""
    return read_made(root, Memo.of(root))
