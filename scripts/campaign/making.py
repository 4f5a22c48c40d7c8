"""Makes every wanted output that is not in the store: pieces in parallel, then pictures."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from itertools import chain, groupby
from multiprocessing import get_context
from pathlib import Path
from typing import TypeVar

from campaign import packs, pictures, printing
from campaign.catalogue import (
    catalogue,
    image_pictures,
    images,
    photo_pictures,
    poster_format,
    preview_pictures,
    screen_pictures,
)
from campaign.checks import check_print
from campaign.formats import KINDS
from campaign.kits import PRESS_KIT, is_in_kit, kits
from campaign.model import Campaign, Made, Output, Page
from campaign.placing import work_folder
from campaign.problems import Problem
from campaign.store import Store

Job = TypeVar("Job")
Progress = Callable[[str, int, int], None]
PRINTED = (*KINDS, "preview", "screen", "logo")


def quiet(step: str, done: int, total: int) -> None:
    """A progress that shows nothing."""


@dataclass(frozen=True)
class Wanted:
    """Which outputs a command is for; an empty set means all of them."""

    kinds: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    places: frozenset[str | None] = frozenset()
    flavours: frozenset[str] = frozenset()
    formats: frozenset[str] = frozenset()
    destinations: frozenset[str] = frozenset()

    def wants(self, output: Output) -> bool:
        return (
            (not self.kinds or output.kind in self.kinds)
            and (not self.languages or output.language in self.languages or output.language is None)
            and (not self.places or output.place in self.places)
            and (not self.flavours or output.flavour in self.flavours or output.flavour is None)
            and (not self.formats or output.format in self.formats)
            and (not self.destinations or output.destination in self.destinations)
        )


@dataclass
class Report:
    """What a run did. new: the outputs made by it; seconds: of work, by (kind, language)."""

    made: list[Made] = field(default_factory=list)
    new: set[Output] = field(default_factory=set)
    seconds: dict[tuple[str, str], float] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    site_pages: int = 0
    is_site_new: bool = False
    is_placed: bool = False

    @property
    def stops(self) -> bool:
        return any(problem.stops for problem in self.problems)

    @property
    def did_nothing(self) -> bool:
        return not self.new and not self.is_site_new and not self.stops

    def take(self, results: list[Made | Problem], store: Store, output: Output, seconds: float) -> None:
        """Adds what a maker gave back, and the seconds it worked, to the account of the output's kind."""
        key = (output.kind, output.language or "")
        self.seconds[key] = self.seconds.get(key, 0.0) + seconds
        for result in results:
            if isinstance(result, Made):
                store.keep(result)
                self.made.append(result)
                self.new.add(result.output)
            elif result not in self.problems:
                self.problems.append(result)


def make_all(campaign: Campaign, wanted: Wanted, report: Report, progress: Progress) -> None:
    """Makes every wanted output that is not in the store, into the store; fills the report."""
    store = Store(work_folder(campaign.root) / "store")
    outputs = catalogue(campaign)
    printed = [output for output in outputs if output.kind in PRINTED and _is_needed(campaign, output, wanted)]
    keys = _make_printed(campaign, printed, store, report, progress)
    if not wanted.kinds or {"picture", PRESS_KIT} & wanted.kinds:
        keys |= _make_pictures(campaign, store, wanted, report, progress)
    if (not wanted.kinds or PRESS_KIT in wanted.kinds) and not report.stops:
        keys |= _make_kits(campaign, store, wanted, report, progress)
    if wanted == Wanted() and not report.stops:
        store.prune(keys)
    report.problems += _too_small(campaign, report.made)
    # Pages list what was made: in one order, whatever was made now and whatever before.
    order = {output: number for number, output in enumerate(outputs)}
    report.made.sort(key=lambda made: order.get(made.output, len(order)))


def _too_small(campaign: Campaign, made: list[Made]) -> Iterator[Problem]:
    """A photo that a destination wants larger than it is: told once, with the sizes."""
    lacking: dict[str, dict[str, str]] = {}
    for each in made:
        row = campaign.destinations.get(each.output.destination)
        photo = campaign.photos.get(each.output.name)
        if (
            row
            and photo
            and row.use in ("press", "print")
            and max(each.width, each.height) < min(row.width, row.height)
        ):
            size = f"{each.output.destination} ({each.width:.0f} × {each.height:.0f} pixels)"
            lacking.setdefault(photo.where, {})[each.output.destination] = size
    for where, sizes in lacking.items():
        what = f"The photo is small for {', '.join(sizes.values())}: pictures are never made larger."
        yield Problem(where, what, "Use the original as the camera wrote it, if there is one.", stops=False)


def _is_needed(campaign: Campaign, output: Output, wanted: Wanted) -> bool:
    """Pictures are made from previews and screens, kits of much else: whoever wants the one needs the other."""
    if output.kind == "preview":
        return any(_is_needed(campaign, picture, wanted) for picture in preview_pictures(output))
    if output.kind == "screen":
        return any(_is_needed(campaign, picture, wanted) for picture in screen_pictures(campaign, output))
    is_packed = PRESS_KIT in wanted.kinds and is_in_kit(campaign, output)
    return wanted.wants(replace(output, kind=PRESS_KIT, flavour=None) if is_packed else output)


def _make_printed(
    campaign: Campaign, outputs: list[Output], store: Store, report: Report, progress: Progress
) -> set[str]:
    progress("list", 0, len(outputs))
    keys = {output: _room(output).key(campaign, output) for output in outputs}
    missing = []
    for output in outputs:
        made = store.find(keys[output], output)
        if made:
            report.made.append(made)
        else:
            missing.append((output, store.file(keys[output], output)))
    batches = [list(batch) for _, batch in groupby(missing, key=lambda job: _likeness(job[0]))]
    for count, ((output, _), results, seconds) in enumerate(_in_processes(_print, campaign, batches), 1):
        progress("print", count, len(missing))
        report.take(results, store, output, seconds)
    return set(keys.values())


def _likeness(output: Output) -> tuple:
    """What a piece has in common with itself in other places: Typst remembers those words from one to the next."""
    return output.name, output.language, output.format, output.flavour, output.part


def _make_kits(campaign: Campaign, store: Store, wanted: Wanted, report: Report, progress: Progress) -> set[str]:
    """Press kits, of what was made before them."""
    kept = set()
    wished = [output for output in kits(campaign) if wanted.wants(output)]
    for count, output in enumerate(wished, 1):
        begun = time.process_time()
        members = packs.plan_kit(campaign, str(output.language), report.made)
        key = packs.kit_key(output, members)
        kept.add(key)
        made = store.find(key, output)
        if made:
            report.made.append(made)
            continue
        progress("pack", count, len(wished))
        made = packs.make_kit(campaign, output, members, store.file(key, output))
        report.take([made], store, output, time.process_time() - begun)
    return kept


@dataclass(frozen=True)
class _Source:
    """A file that pictures are made of, all of them together. where: for a problem; redact: see Photo."""

    file: Path
    where: str
    outputs: tuple[Output, ...]
    orders: tuple[tuple[Output, pictures.Order], ...] = ()
    redact: tuple[tuple[float, float, float, float], ...] = ()
    targets: tuple[Path, ...] = ()


def _sources(campaign: Campaign, report: Report) -> Iterator[_Source]:
    """Previews and posters laid out that were made, images on pages, photos."""
    for made in report.made:
        output = made.output
        if output.kind == "preview":
            yield _Source(made.file, output.name, tuple(preview_pictures(output)))
        elif output.kind == "screen":
            page = next(page for page in campaign.pages.values() if _is_poster(page, output))
            sent = tuple(screen_pictures(campaign, output))
            orders = pictures.poster_orders(campaign, page, sent)
            yield _Source(made.file, page.where, sent, tuple(orders.items()))
    for image in images(campaign):
        yield _Source(campaign.root / image.path, image.where, tuple(image_pictures(image)))
    for photo in campaign.photos.values():
        taken = tuple(photo_pictures(campaign, photo))
        where = photo.file.relative_to(campaign.root).as_posix()
        orders = pictures.photo_orders(campaign, photo, taken)
        yield _Source(photo.file, where, taken, tuple(orders.items()), photo.redact)


def _is_poster(page: Page, screen: Output) -> bool:
    return (page.language, page.stem) == (screen.language, screen.name) and poster_format(page) == screen.format


def _make_pictures(campaign: Campaign, store: Store, wanted: Wanted, report: Report, progress: Progress) -> set[str]:
    """Pictures of all sources, each source whole or not at all."""
    kept: set[str] = set()
    missing = []
    for source in list(_sources(campaign, report)):
        # All or none: each picture of a photo is made from the one before it.
        if not any(_is_needed(campaign, output, wanted) for output in source.outputs):
            continue
        outputs, orders = source.outputs, dict(source.orders)
        keys = {output: pictures.key(source.file, output, orders, source.redact) for output in outputs}
        kept |= set(keys.values())
        found = [store.find(key, output) for output, key in keys.items()]
        if all(found):
            report.made += [made for made in found if made]
        else:
            targets = tuple(store.file(keys[output], output) for output in outputs)
            missing.append(replace(source, targets=targets))
    for count, (source, results, seconds) in enumerate(
        _in_processes(_resize, campaign, [[source] for source in missing]), 1
    ):
        progress("pictures", count, len(missing))
        report.take(results, store, source.outputs[0], seconds)
    return kept


Result = list[Made | Problem]


def _room(output: Output):
    """Who makes a part of a piece: what is text is packed, the rest is printed."""
    return packs if output.part in packs.TEXTS else printing


def _print(campaign: Campaign, job: tuple[Output, Path]) -> Result:
    output, target = job
    target.parent.mkdir(parents=True, exist_ok=True)
    result = _room(output).make(campaign, output, target)
    if not isinstance(result, Made):
        return list(result)
    if output.ending == "pdf":
        faults = list(check_print(target, output, output.language or "", campaign.identity.profile))
        return [*faults] if faults else [result]
    return [result]


def _resize(campaign: Campaign, source: _Source) -> Result:
    for target in source.targets:
        target.parent.mkdir(parents=True, exist_ok=True)
    outputs, targets = list(source.outputs), list(source.targets)
    orders = dict(source.orders)
    return pictures.make_all(campaign.root, source.file, source.where, outputs, targets, orders, source.redact)


def _in_processes(
    work: Callable[[Campaign, Job], Result], campaign: Campaign, batches: list[list[Job]]
) -> Iterator[tuple[Job, Result, float]]:
    """(job, results, seconds of work) of each; what a dying worker took with it is done again in this process.

    batches: jobs that one worker does one after the other.
    """
    left = dict.fromkeys(job for batch in batches for job in batch)
    if len(left) > 3:
        try:
            # Not forked: Typst's threads do not survive a fork of a process in which it has run.
            fresh = get_context("spawn")
            with ProcessPoolExecutor(os.cpu_count(), fresh, _remember, (campaign, work)) as pool:
                for result in chain.from_iterable(pool.map(_work_remembered, batches)):
                    left.pop(result[0])
                    yield result
        except BrokenProcessPool:
            pass
    for job in left:
        yield _timed(work, campaign, job)


_remembered: tuple[Callable, Campaign] | None = None


def _remember(campaign: Campaign, work: Callable) -> None:
    """Gives a worker its campaign once, rather than with every job."""
    global _remembered
    _remembered = (work, campaign)


def _work_remembered(batch: list[Job]) -> list[tuple[Job, Result, float]]:
    assert _remembered is not None
    return [_timed(*_remembered, job) for job in batch]


def _timed(work: Callable[[Campaign, Job], Result], campaign: Campaign, job: Job) -> tuple[Job, Result, float]:
    begun = time.process_time()
    return job, work(campaign, job), time.process_time() - begun
