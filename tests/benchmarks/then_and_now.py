"""HELP of an earlier commit, built alternately by that commit's programs and by today's, after every kind of change.

    python tests/benchmarks/then_and_now.py fb5e5200 [--runs 2]

The speed of a machine varies from hour to hour by half, so each change is built by both, one after the other. Both get
the same texts and drawings; today's programs need words and pictograms that those of that day didn't have, and make
more of the rest, as the number of files shows. It takes a quarter of an hour, with nothing else to do.
"""

from __future__ import annotations

import argparse
import io
import os
import shutil
import statistics
import subprocess
import sys
import tarfile
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from bench import changes
from measured import REPOSITORY, Run, measure, middle

PARTS = ("docs", "assets")
Change = Callable[[Path], None]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("commit", help="a commit or tag to compare with")
    parser.add_argument("--runs", type=int, default=2)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        then = Path(folder, "programs")
        archive = subprocess.run(["git", "archive", given.commit], cwd=REPOSITORY, check=True, capture_output=True)
        with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as tar:
            tar.extractall(then, filter="data")
        sides = {"then": then, "now": REPOSITORY}
        programs = {side: (_set_up(at, Path(folder, f"python {side}")), at / "scripts") for side, at in sides.items()}
        found: dict[str, dict[str, list[Run]]] = defaultdict(lambda: defaultdict(list))
        files: dict[str, int] = {}
        for turn in range(given.runs):
            roots = {side: _campaign(then, Path(folder, side), is_now=side == "now") for side in programs}
            for name, change in _with_further_sentences(changes(turn)):
                for side, (python, scripts) in programs.items():
                    change(roots[side])
                    run = measure(python, "-m", "campaign", "build", at=roots[side], scripts=scripts)
                    found[name][side].append(run)
                    print(name, side, run, flush=True)
            files = {side: sum(path.is_file() for path in (root / "dist").rglob("*")) for side, root in roots.items()}
    print(f"\nload {os.getloadavg()[0]:.1f}; files in dist: {files['then']} then, {files['now']} now")
    print("change | then | now | now / then | MB written then, now")
    for name, sides in found.items():
        cpu = {side: [run.cpu for run in runs] for side, runs in sides.items()}
        written = [statistics.median(run.written for run in runs) for runs in sides.values()]
        ratio = statistics.median(cpu["now"]) / statistics.median(cpu["then"])
        print(
            f"{name} | {middle(cpu['then'])} | {middle(cpu['now'])} | {ratio:.2f} | {written[0]:.1f}, {written[1]:.1f}"
        )


def _with_further_sentences(paths: Iterable[tuple[str, Change]]) -> Iterator[tuple[str, Change]]:
    """The first sentence makes a page's translations outdated, once for all the following edits."""
    for name, change in paths:
        yield name, change
        if name == "a sentence on a page":
            yield from [("another on that page", change)] * 3


def _set_up(programs: Path, folder: Path) -> str:
    """The Python of a separate environment, with the libraries of the programs and no others: a library that
    only tests need can slow another one down.
    """
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    python = str(folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python"))
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--require-hashes", "-r", programs / "requirements/run.txt"], check=True)
    subprocess.run([*pip, "--no-deps", "--no-build-isolation", "--editable", programs], check=True)
    subprocess.run([python, "-m", "compileall", "-q", programs / "scripts"], check=True)
    return python


def _campaign(programs: Path, root: Path, is_now: bool) -> Path:
    """HELP of that day; is_now: with the words, cards and pictograms that today's programs need."""
    shutil.rmtree(root, ignore_errors=True)
    root.mkdir()
    for part in PARTS:
        shutil.copytree(programs / part, root / part)
    shutil.copyfile(programs / "mkdocs.yml", root / "mkdocs.yml")
    shutil.copytree((REPOSITORY if is_now else programs) / "overrides", root / "overrides")
    if is_now:
        shutil.copytree(REPOSITORY / "assets/pictograms", root / "assets/pictograms", dirs_exist_ok=True)
        # The cards of that day have more words than fit today.
        for words in (*root.glob("docs/*/_strings.yml"), *root.glob("docs/*/cards/*.md")):
            if (today := REPOSITORY / words.relative_to(root)).is_file():
                shutil.copyfile(today, words)
    return root


if __name__ == "__main__":
    main()
