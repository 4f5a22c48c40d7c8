"""HELP for a whole country: its municipalities as regions, and invented villages in them.

    .venv/bin/python tests/benchmarks/country.py [PLACES ...] [--planned 3000] [--build 452]

PLACES: number of places whose leaflets in one language are typeset for an office printer (default 14 100 452); then the
same without a change, and for a single place. --planned: number of places that are planned, keyed, stored and looked
up, with links instead of typesetting. --build: a complete build with this number of places, with links for their own
files; then the same without a change. The cost of 80,000 places is extrapolated and was never measured.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import re
import resource
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from measured import CAMPAIGN, REPOSITORY, Run, measure

from campaign.cache.atomic import work_folder
from campaign.cache.memo import Memo
from campaign.content.formats import shipped_formats
from campaign.models.outputs import Artifact
from campaign.pipeline import jobs
from campaign.pipeline.build import build
from campaign.pipeline.makers import key_of
from campaign.pipeline.reading import read
from campaign.pipeline.report import Report, Selection, quiet
from campaign.plan.outputs import catalogue

LANGUAGE, VILLAGES = "en", 80_000
PRINTS_COMMAND = ("prints", "--format", "tri-fold", "--language", LANGUAGE, "--flavour", "office")


def country(root: Path, places: int) -> Path:
    """HELP with this many places: its own, then numbered villages, each inside one of them."""
    for part in ("docs", "assets", "overrides"):
        shutil.copytree(REPOSITORY / part, root / part)
    text = (REPOSITORY / "mkdocs.yml").read_text(encoding="utf-8")
    regions = re.search(r"places: \[(.*)\]", text)[1].split(", ")
    (root / "mkdocs.yml").write_text(text.replace(f"[{', '.join(regions)}]", "places.csv"), encoding="utf-8")
    rows = [f"{region},," for region in regions]
    rows += [f"village-{n},Village {n},{regions[n % len(regions)]}" for n in range(places - len(regions))]
    (root / "places.csv").write_text("\n".join(["id,name,region", *rows]) + "\n", encoding="utf-8")
    return root


def tell(what: str, count: int, run: Run) -> None:
    each = f"{run.cpu / count * 1000:.2f} ms each" if count else ""
    print(f"{what:44} {count:8,} {run.wall:8.1f} s {run.cpu:8.1f} s CPU {run.memory:6.0f} MB  {each}", flush=True)


def set_really(places: int, folder: Path) -> float:
    """Seconds of processors for a piece."""
    root = country(folder / f"set-{places}", places)
    run = measure(*CAMPAIGN, *PRINTS_COMMAND, at=root)
    count = len([*(root / "dist").glob("*/*/*/*.pdf")])
    tell(f"{places} places set", count, run)
    tell(f"{places} places, nothing changed", count, measure(*CAMPAIGN, *PRINTS_COMMAND, at=root))
    tell("one place asked for", 0, measure(*CAMPAIGN, *PRINTS_COMMAND, "--place", "baucau", at=root))
    size = sum(path.stat().st_size for path in (root / "dist").glob("*/*/*/*.pdf"))
    print(f"{'':44} {size / count / 1000:8.0f} kB each")
    return run.cpu / count


def timed(what: str, count: int, work: Callable[[], object]) -> float:
    begun, clock = time.process_time(), time.monotonic()
    work()
    spent = time.process_time() - begun
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    tell(what, count, Run(time.monotonic() - clock, spent, memory, 0))
    return spent / max(count, 1)


def plan(places: int, folder: Path) -> float:
    """Seconds for a piece that is planned and keyed, and exists already."""
    root = country(folder / f"planned-{places}", places)
    campaign, _ = read(root)
    expected = Selection(
        frozenset(shipped_format.kind for shipped_format in shipped_formats().values()), frozenset({LANGUAGE})
    )
    outputs = [output for output in catalogue(campaign) if expected.includes(output)]
    timed(f"{places} places planned", len(outputs), lambda: catalogue(campaign))
    timed("keyed", len(outputs), lambda: [key_of(campaign, output) for output in outputs])
    jobs.run_jobs = linked(work_folder(root))
    build_cache = jobs.BuildCache(Memo.of(root), is_placed=lambda _: True)
    all_of_it = (campaign, expected, Report(), quiet, None, build_cache)
    timed("keyed and linked", len(outputs), lambda: jobs.make_all(*all_of_it))
    report = Report()
    spent = timed(
        "unchanged", len(outputs), lambda: jobs.make_all(campaign, expected, report, quiet, None, build_cache)
    )
    assert len(report.made) == len(outputs)
    assert not report.new
    return spent


def linked(folder: Path, really: Callable[..., Iterator] | None = None) -> Callable[..., Iterator]:
    """Replace the making of each piece by a link; really: make those that belong to no place."""
    data = b"%PDF-1.7 a placeholder\n"
    source = folder / "placeholder.pdf"
    source.write_bytes(data)
    digest = hashlib.sha256(data).hexdigest()

    def run_jobs(work, campaign, batches, *threshold) -> Iterator:
        def is_linked(job: object) -> bool:
            return isinstance(job, tuple) and (job[0].place is not None or not really)

        for output, file in filter(is_linked, (job for batch in batches for job in batch)):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.unlink(missing_ok=True)
            os.link(source, file)
            yield (output, file), [Artifact(output, file, len(data), digest, 297, 210)], 0.0
        if really:
            rest = [[job for job in batch if not is_linked(job)] for batch in batches]
            yield from really(work, campaign, [batch for batch in rest if batch], *threshold)

    return run_jobs


def build_all(places: int, folder: Path) -> None:
    root = country(folder / f"built-{places}", places)
    really = jobs.run_jobs
    jobs.run_jobs = linked(work_folder(root), really)
    report = Report()
    timed(f"{places} places built, places' own as links", 0, lambda: report.made.extend(build(root).made))
    jobs.run_jobs = really
    assert report.made
    tell("nothing changed", len(report.made), measure(*CAMPAIGN, "build", at=root))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("places", nargs="*", type=int, default=[14, 100, 452])
    parser.add_argument("--planned", type=int, default=3000)
    parser.add_argument("--build", type=int, default=0)
    chosen = parser.parse_args()
    print(f"load {os.getloadavg()[0]:.1f}, {os.cpu_count()} processors")
    with TemporaryDirectory() as folder:
        setting = [set_really(places, Path(folder)) for places in chosen.places]
        keeping = plan(chosen.planned, Path(folder)) if chosen.planned else 0.0
        if chosen.build:
            build_all(chosen.build, Path(folder))
    if setting and keeping:
        hours, seconds = setting[-1] * VILLAGES / 3600, keeping * VILLAGES
        print(
            f"On paper, never run: {VILLAGES:,} places take {hours:.1f} hours of processors for each leaflet in each "
            f"language, and {seconds:.0f} s for each to check it, if the files themselves don't tell."
        )


if __name__ == "__main__":
    main()
