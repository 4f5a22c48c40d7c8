"""Makes selected outputs and puts them into dist/, without loading anything of the website."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from campaign.cache import atomic as placing
from campaign.cache.cluster import Cluster
from campaign.cache.memo import Memo
from campaign.cache.output_files import move_to_outdated, replace_file
from campaign.content import load
from campaign.content.languages import as_built
from campaign.content.messages import check_messages, message_files
from campaign.models.campaign import Campaign
from campaign.models.problem import CampaignError, Problem
from campaign.pipeline.jobs import make_all
from campaign.pipeline.keys import NO_FINGERPRINT
from campaign.pipeline.locking import lock
from campaign.pipeline.misfits import with_fitting_formats
from campaign.pipeline.reading import read
from campaign.pipeline.report import Progress, Report, Selection, quiet
from campaign.plan.outputs import catalogue
from campaign.plan.print_queues import PRINT_QUEUE, queue_name


def make_pieces(root: Path, selection: Selection, progress: Progress = quiet, cluster: Cluster | None = None) -> Report:
    """Make some outputs and put them into `dist/`, without touching other files; a failure doesn't stop the others."""
    report = Report()
    with lock(root):
        placing.finish_publishing(root)
        memo = Memo.of(root)
        campaign, report.problems = read(root, memo, selection)
        report.silence = campaign.silence
        if report.stops:
            return report
        campaign, notes = with_fitting_formats(campaign, memo, NO_FINGERPRINT, progress)
        report.problems += notes
        make_all(campaign, selection, report, progress, cluster=cluster)
        _hand_over(campaign, selection, report)
    return report


def _hand_over(campaign: Campaign, selection: Selection, report: Report) -> None:
    """Put wanted outputs into `dist/`, and move older versions of refused pieces out of it."""
    files = {artifact.output: artifact.file for artifact in report.made}
    outputs = catalogue(campaign.with_left_out(), selection.places)
    changed_names = []
    for output in outputs:
        if not output.path or not selection.includes(output):
            continue
        try:
            if output in files:
                if replace_file(campaign.root, output.path, files[output].read_bytes()):
                    changed_names.append(output)
                report.is_placed = True
            else:
                report.refused.append(output.path)
                report.has_outdated |= move_to_outdated(campaign.root, output.path)
        except CampaignError as error:
            report.problems += error.problems
    # The next build makes them again; until then the old pieces can't be printed.
    queue_keys = {(item.place, item.language, queue_name(campaign, item)) for item in changed_names}
    for queue in outputs:
        is_old = (queue.place, queue.language, queue.format) in queue_keys
        if queue.kind == PRINT_QUEUE and not selection.includes(queue) and is_old:
            report.has_outdated |= move_to_outdated(campaign.root, queue.path)


def make_messages(root: Path, languages: Collection[str] = ()) -> tuple[Campaign, list[Problem], list[str]]:
    """Write the messages that accompany pictures into dist/.

    Args:
        root: the campaign's folder.
        languages: codes; () for all.

    Returns:
        The campaign, problems of its messages, and the files by path below dist/.
    """
    campaign, problems = load(root)
    campaign = as_built(campaign)
    messages = {key: text for key, text in campaign.messages.items() if not languages or key[0] in languages}
    campaign = replace(campaign, messages=messages)
    problems_found = [*(problem for problem in problems if not problem.is_note), *check_messages(campaign)]
    files = message_files(campaign)
    with lock(root):
        for name, text in files.items():
            replace_file(root, name, text.encode())
    return campaign, problems_found, list(files)
