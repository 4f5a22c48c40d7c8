"""Build every output that isn't in the store: pieces in parallel, then pictures.

Printing and packing libraries are imported only when there is work for them: rebuilding just the site is faster.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from campaign.cache.cluster import Cluster
from campaign.cache.memo import Memo
from campaign.cache.store import DamagedFilesError, Store
from campaign.content.page_strings import without_page_strings
from campaign.models.campaign import Campaign
from campaign.models.outputs import CODE, PRESS_KIT, Artifact, Output
from campaign.models.problem import CampaignError, Problem
from campaign.pipeline.cluster_jobs import run_on_cluster
from campaign.pipeline.image_jobs import is_needed, is_page_of, make_pictures, too_small
from campaign.pipeline.keys import NO_FINGERPRINT, Fingerprint, piece_keys
from campaign.pipeline.makers import key_and_drawings, key_of, load_makers, maker_of
from campaign.pipeline.memory import forget_other_pieces, limit_memory
from campaign.pipeline.misfits import Misfits
from campaign.pipeline.output_inputs import record_output_inputs
from campaign.pipeline.report import Progress, Report, Selection
from campaign.pipeline.timed_jobs import Result, run_jobs
from campaign.plan.outputs import catalogue
from campaign.plan.print_queues import PRINT_QUEUE
from campaign.printing.scores import SCORED

PACK_KINDS = (PRESS_KIT, PRINT_QUEUE)
# Kinds that Typst typesets in addition to pieces.
DRAWN_KINDS = ("preview", "screen", "logo", "art")
# Places of one piece that a worker gets at once.
MAX_PLACES_PER_JOB = 40
# A worker takes 0.8 s of a processor to start, a piece 0.15 s.
PARALLEL_THRESHOLD_PIECES = 12
# Retries after damage in the store; several, since pictures and kits are made from other stored files.
MAX_ROUNDS = 5


@dataclass(frozen=True)
class BuildCache:
    """Data that a complete build has before it makes anything.

    Attributes:
        memo: the campaign's database.
        fingerprint: of the inputs that pieces share.
        is_placed: whether the file is in `dist/` already, so that the stored one isn't needed.
    """

    memo: Memo
    fingerprint: Fingerprint = NO_FINGERPRINT
    is_placed: Callable[[Artifact], bool] = lambda _: False


def make_all(
    campaign: Campaign,
    selection: Selection,
    report: Report,
    progress: Progress,
    cluster: Cluster | None = None,
    build_cache: BuildCache | None = None,
) -> None:
    """Build every output that the store lacks or holds damaged, and fill the report.

    Args:
        campaign: the campaign.
        selection: its outputs to build.
        report: outputs and problems are added here.
        progress: called at each step.
        cluster: where to build pieces; None for this computer.
        build_cache: saved work; None to check everything.

    Raises:
        CampaignError: the disk loses written data.
    """
    build_cache = build_cache or BuildCache(Memo.of(campaign.root))
    store = Store(campaign.root, build_cache.memo)
    for _ in range(MAX_ROUNDS):
        try:
            _make_all(campaign, selection, store, report, progress, cluster, build_cache.fingerprint)
            old = (artifact for artifact in report.made if artifact.output not in report.new)
            store.check(artifact for artifact in old if not build_cache.is_placed(artifact))
            return
        except DamagedFilesError:
            report.made.clear()
        finally:
            store.save()
    message = "The disk damages new files."
    raise CampaignError(
        [Problem("disk-damaged", ".build/store", message, "Copy the campaign to another disk, and build there.")]
    )


def _make_all(
    campaign: Campaign,
    selection: Selection,
    store: Store,
    report: Report,
    progress: Progress,
    cluster: Cluster | None,
    fingerprint: Fingerprint,
) -> None:
    outputs = catalogue(campaign, selection.places)
    waiting = waiting_places(campaign) if selection == Selection() else frozenset[str]()
    set_by_typst = (output for output in outputs if output.is_piece or output.kind in DRAWN_KINDS)
    outputs_needed = [output for output in set_by_typst if is_needed(campaign, output, selection)]
    printed_outputs = [output for output in outputs_needed if output.place not in waiting]
    keys = _make_printed(campaign, printed_outputs, store, report, progress, cluster, fingerprint)
    if not selection.kinds or {"picture", PRESS_KIT} & selection.kinds:
        keys |= make_pictures(campaign, store, selection, report, progress)
    pack_outputs = [output for output in outputs if output.kind in PACK_KINDS and selection.includes(output)]
    if pack_outputs and not report.stops:
        keys |= _make_packs(campaign, pack_outputs, store, report, progress)
    if selection == Selection() and not report.stops:
        store.prune(keys)
    report.problems += [*too_small(campaign, report.made), *_without_code(campaign, report.made)]
    report.problems += _reduced(campaign, report.made)
    # Pages list the outputs, so their order must not depend on which are new.
    order = {output: number for number, output in enumerate(outputs)}
    report.made.sort(key=lambda made: order.get(made.output, len(order)))


def waiting_places(campaign: Campaign) -> frozenset[str]:
    """Return the places whose editions are built on request and haven't been requested.

    Requested editions in dist/ are kept current until the place's folder there is deleted.
    """
    if campaign.place_editions != "when-asked":
        return frozenset()
    ordered = {order.place for order in campaign.print_run}
    return frozenset(
        code
        for code in campaign.places
        if not campaign.is_on_site(code) and code not in ordered and not (campaign.root / "dist" / code).is_dir()
    )


def _without_code(campaign: Campaign, artifacts: list[Artifact]) -> Iterator[Problem]:
    """Posters whose words left no room for the QR code, each once."""
    pieces: dict[str, list[str]] = {}
    for artifact in artifacts:
        if CODE in artifact.lacks:
            page = next(page for page in campaign.pages.values() if is_page_of(page, artifact.output))
            pieces.setdefault(page.where, []).append(artifact.output.format)
    for where, formats in pieces.items():
        message = f"The poster has no room for its QR code, and is made without it ({', '.join(formats)})."
        fix = "Shorten the lowest text, such as a number with an extension, or widen its slot in art.svg."
        yield Problem("code-left-out", where, message, fix)


def _reduced(campaign: Campaign, artifacts: list[Artifact]) -> Iterator[Problem]:
    """Yield a problem for each poster with a small title or small meaning, and folded piece that gave something up."""
    for artifact in artifacts:
        for lack in artifact.lacks:
            if lack == CODE or lack.startswith(f"{SCORED}:"):
                continue
            from campaign.printing.reductions import REDUCED, reduced_piece
            from campaign.printing.small_meaning import SMALL, small_box
            from campaign.printing.titles import small_title

            if lack.startswith(f"{SMALL}:"):
                yield small_box(lack)
                continue
            page = next(page for page in campaign.pages.values() if is_page_of(page, artifact.output))
            is_reduced = lack.startswith(f"{REDUCED}:")
            yield reduced_piece(page, artifact.output.format, lack) if is_reduced else small_title(page, lack)


def _make_printed(
    campaign: Campaign,
    outputs: list[Output],
    store: Store,
    report: Report,
    progress: Progress,
    cluster: Cluster | None,
    fingerprint: Fingerprint,
) -> set[str]:
    progress("list", 0, len(outputs))
    campaign = without_page_strings(campaign)
    keys = piece_keys(campaign, outputs, key_and_drawings, fingerprint, store.memo)
    missing, misfits = [], Misfits(campaign, store.memo)
    for output in outputs:
        artifact = store.find(keys[output], output)
        if artifact:
            report.made.append(artifact)
        elif problems := misfits.find(keys[output], output):
            report.record([*problems], store, (output,), 0.0)
        else:
            missing.append((output, store.file(keys[output], output)))
    batches = _batches(missing)
    if cluster and missing:
        jobs = run_on_cluster(_print, key_of, campaign, batches, cluster, report.problems)
    else:
        jobs = run_jobs(_print, campaign, batches, PARALLEL_THRESHOLD_PIECES, load_makers() if missing else "")
    for count, ((output, _), results, seconds) in enumerate(jobs, 1):
        progress("print", count, len(missing))
        report.record(results, store, (output,), seconds)
        if output in report.left_out:
            misfits.record(keys[output], output, report.left_out[output])
        if output in report.new:
            record_output_inputs(store.memo, output, maker_of(output).inputs(campaign, output))
    return set(keys.values())


_Job = tuple[Output, Path]


def _batches(jobs: list[_Job]) -> list[list[_Job]]:
    """Return batches of jobs for one worker each, in which Typst can reuse text from piece to piece.

    A batch has one piece for all printers, with its pictures, which show no place. Many places are split into batches.
    The largest come first, so that no worker waits long for the last one.
    """
    pieces: dict[tuple[str | None, ...], dict[str | None, list[_Job]]] = defaultdict(lambda: defaultdict(list))
    for job in jobs:
        pieces[job[0].name, job[0].language, job[0].format][job[0].place].append(job)
    results = []
    for places in pieces.values():
        editions = [*places.values()]
        for index in range(0, len(editions), MAX_PLACES_PER_JOB):
            results.append([job for edition in editions[index : index + MAX_PLACES_PER_JOB] for job in edition])
    return sorted(results, key=len, reverse=True)


def _make_packs(
    campaign: Campaign, outputs: list[Output], store: Store, report: Report, progress: Progress
) -> set[str]:
    """Build press kits and print queues from the finished pieces."""
    from campaign import packs

    used_keys = set()
    editions: dict[tuple[str | None, str | None], list[Artifact]] = defaultdict(list)
    for artifact in report.made:
        editions[artifact.output.place, artifact.output.language].append(artifact)
    for count, output in enumerate(outputs, 1):
        start_time = time.process_time()
        # A queue contains only its own place and language; a country has thousands.
        place_pieces = editions[output.place, output.language] if output.kind == PRINT_QUEUE else report.made
        members = packs.plan_pack(campaign, output, place_pieces)
        key = packs.pack_key(campaign, output, members)
        used_keys.add(key)
        result = store.find(key, output)
        if result:
            report.made.append(result)
            continue
        store.check(member.made for member in members.values() if member.made)
        progress("pack", count, len(outputs))
        result = packs.make_pack(campaign, output, members, store.file(key, output))
        report.record([result], store, (output,), time.process_time() - start_time)
        record_output_inputs(store.memo, output, packs.pack_inputs(campaign, output, members))
    return used_keys


def _print(campaign: Campaign, job: tuple[Output, Path]) -> Result:
    forget_other_pieces(campaign, job[0])
    try:
        return _checked(campaign, *job)
    finally:
        limit_memory(campaign)


def _checked(campaign: Campaign, output: Output, target: Path) -> Result:
    from campaign.checks.outside import check_outside, may_have_words_outside
    from campaign.checks.prints import check_print

    target.parent.mkdir(parents=True, exist_ok=True)
    result = maker_of(output).make(campaign, output, target)
    if not isinstance(result, Artifact):
        return list(result)
    if key_of(campaign, output) != target.stem:
        return [
            Problem(
                "changed-while-made",
                output.path or output.name,
                "A drawing in it was changed while it was made.",
                "Build again.",
            )
        ]
    if output.ending == "pdf" and not output.is_drawn_from:
        format, profile = campaign.formats[output.format], campaign.identity.profile
        faults = list(check_print(target, output, format, output.language or "", profile))
        where = next((page.where for page in campaign.pages.values() if is_page_of(page, output)), "")
        if may_have_words_outside(campaign, output, is_of_page=bool(where)):
            faults += check_outside(target, output, where or f"dist/{output.path}")
        return [*faults] if faults else [result]
    return [result]
