"""Makes every wanted output that is not in the store: pieces in parallel, then pictures."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from pathlib import Path

from campaign import pictures, printing
from campaign.catalogue import catalogue, image_pictures, images, preview_pictures
from campaign.model import Campaign, Made, Output
from campaign.placing import work_folder
from campaign.problems import Problem
from campaign.store import Store

Progress = Callable[[str, int, int], None]
PRINTED = ("leaflet", "poster", "preview")


def quiet(step: str, done: int, total: int) -> None:
    """A progress that shows nothing."""


@dataclass(frozen=True)
class Wanted:
    """Which outputs a command is for; an empty set means all of them."""

    kinds: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    places: frozenset[str | None] = frozenset()
    flavours: frozenset[str] = frozenset()

    def wants(self, output: Output) -> bool:
        return (
            (not self.kinds or output.kind in self.kinds)
            and (not self.languages or output.language in self.languages or output.language is None)
            and (not self.places or output.place in self.places)
            and (not self.flavours or output.flavour in self.flavours or output.flavour is None)
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

    @property
    def stops(self) -> bool:
        return any(problem.stops for problem in self.problems)

    @property
    def did_nothing(self) -> bool:
        return not self.new and not self.is_site_new and not self.stops

    def spend(self, output: Output, seconds: float) -> None:
        key = (output.kind, output.language or "")
        self.seconds[key] = self.seconds.get(key, 0.0) + seconds


def make_all(campaign: Campaign, wanted: Wanted, report: Report, progress: Progress) -> None:
    """Makes every wanted output that is not in the store, into the store; fills the report."""
    store = Store(work_folder(campaign.root) / "store")
    outputs = catalogue(campaign)
    printed = [output for output in outputs if output.kind in PRINTED and _is_needed(output, wanted)]
    keys = _make_printed(campaign, printed, store, report, progress)
    if not wanted.kinds or "picture" in wanted.kinds:
        keys |= _make_pictures(campaign, store, wanted, report, progress)
    if wanted == Wanted() and not report.stops:
        store.prune(keys)


def _is_needed(output: Output, wanted: Wanted) -> bool:
    """Pictures of pieces are made from previews: whoever wants the one needs the other."""
    if output.kind == "preview" and wanted.kinds:
        return "picture" in wanted.kinds and wanted.wants(replace(output, kind="picture"))
    return wanted.wants(output)


def _make_printed(
    campaign: Campaign, outputs: list[Output], store: Store, report: Report, progress: Progress
) -> set[str]:
    progress("list", 0, len(outputs))
    keys = {output: printing.key(campaign, output) for output in outputs}
    missing = []
    for output in outputs:
        made = store.find(keys[output], output)
        if made:
            report.made.append(made)
        else:
            missing.append((output, store.file(keys[output], output)))
    for count, (output, result, seconds) in enumerate(_in_processes(campaign, missing), 1):
        progress("print", count, len(missing))
        report.spend(output, seconds)
        _take(result, store, report)
    return set(keys.values())


def _take(result: Made | list[Problem], store: Store, report: Report) -> None:
    if isinstance(result, Made):
        store.keep(result)
        report.made.append(result)
        report.new.add(result.output)
    else:
        report.problems += [problem for problem in result if problem not in report.problems]


def _in_processes(
    campaign: Campaign, missing: list[tuple[Output, Path]]
) -> Iterator[tuple[Output, Made | list[Problem], float]]:
    """Prints in parallel; what a dying worker took with it is done again in this process."""
    for _, target in missing:
        target.parent.mkdir(parents=True, exist_ok=True)
    if len(missing) < 4:
        yield from (_print(campaign, *job) for job in missing)
        return
    left = dict(missing)
    try:
        with ProcessPoolExecutor(os.cpu_count(), initializer=_remember, initargs=(campaign,)) as pool:
            size = max(1, min(8, len(missing) // 8))
            for result in pool.map(_print_remembered, missing, chunksize=size):
                left.pop(result[0])
                yield result
    except BrokenProcessPool:
        yield from (_print(campaign, *job) for job in left.items())


_campaign: Campaign | None = None


def _remember(campaign: Campaign) -> None:
    """Gives a worker its campaign once, rather than with every job."""
    global _campaign
    _campaign = campaign


def _print_remembered(job: tuple[Output, Path]) -> tuple[Output, Made | list[Problem], float]:
    assert _campaign is not None
    return _print(_campaign, *job)


def _print(campaign: Campaign, output: Output, target: Path) -> tuple[Output, Made | list[Problem], float]:
    begun = time.process_time()
    return output, printing.make(campaign, output, target), time.process_time() - begun


def _make_pictures(campaign: Campaign, store: Store, wanted: Wanted, report: Report, progress: Progress) -> set[str]:
    """Pictures of the previews that were made, and of the images on pages."""
    previews = [made for made in report.made if made.output.kind == "preview"]
    jobs = [(made.file, made.file.name, preview_pictures(made.output)) for made in previews]
    jobs += [(campaign.root / image.path, image.where, image_pictures(image)) for image in images(campaign)]
    jobs = [(file, where, [output for output in outputs if wanted.wants(output)]) for file, where, outputs in jobs]
    kept: set[str] = set()
    for count, (file, where, outputs) in enumerate(jobs, 1):
        progress("pictures", count, len(jobs))
        keys = {output: pictures.key(file, output) for output in outputs}
        kept |= set(keys.values())
        found = {output: store.find(key, output) for output, key in keys.items()}
        report.made += [made for made in found.values() if made]
        missing = [output for output, made in found.items() if not made]
        if missing:
            _make_picture(
                campaign, store, report, file, where, {output: store.file(keys[output], output) for output in missing}
            )
    return kept


def _make_picture(
    campaign: Campaign, store: Store, report: Report, file: Path, where: str, targets: dict[Output, Path]
) -> None:
    begun = time.process_time()
    for target in targets.values():
        target.parent.mkdir(parents=True, exist_ok=True)
    for result in pictures.make_all(campaign.root, file, where, list(targets), list(targets.values())):
        _take(result if isinstance(result, Made) else [result], store, report)
    report.spend(next(iter(targets)), time.process_time() - begun)
