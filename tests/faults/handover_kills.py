"""Kill processes that write packs and sticks, at random or named moments, and report the state then and after a rerun.

Run directly (`python handover_kills.py CAMPAIGN FOLDER SEED TIMES KIND...`), so that the process that is forked again
and again has never run Typst, whose threads do not survive a fork. TIMES: the number of random moments; 0: POINTS.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sys
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

from click.testing import CliRunner
from kills import after, files_of, kill, moved

from campaign.checks.sums import CHECKSUM_FILE, check_packs
from campaign.cli.commands import main as campaign
from campaign.pipeline import packs, stick

PACK = ["health-workers"]
POINTS: dict[str, dict[str, Callable[[], None]]] = {
    "stick": {
        "only the list of expected files is written": lambda: kill(Path, "unlink", named(CHECKSUM_FILE)),
        "half of the files are written": lambda: kill(os, "fsync", after(30)),
        "the checksum list is half written": lambda: kill(stick, "_write_list", after(1), cut),
        "removed files are half deleted": lambda: kill(Path, "unlink", named("safety.html")),
        "everything is done except the end": lambda: kill(Path, "unlink", named(stick.UNFINISHED_LIST)),
    },
    "packs": {
        "a zip is half written": lambda: kill(zipfile.ZipFile, "writestr", after(5)),
        "the earlier pack has been moved away": lambda: kill(Path, "replace", moved(".part")),
        "the pack's content isn't recorded": lambda: kill(packs, "write_whole"),
    },
}  # fmt: skip


def named(name: str) -> Callable[..., bool]:
    return lambda path, *_: path.name == name


def cut(folder: Path, name: str, sums: dict[str, str]) -> None:
    """The beginning of a list."""
    (folder / name).write_text("".join(f"{sums[each]}  {each}\n" for each in sorted(sums))[:700])


def in_child(work: Callable[[], object], seconds: float | None = None) -> int:
    """How a process ended; seconds: after how long it and its children are killed."""
    child = os.fork()
    if child:
        if seconds is not None:
            time.sleep(seconds)
            try:
                os.killpg(child, signal.SIGKILL)
            except ProcessLookupError:  # it has not started
                os.kill(child, signal.SIGKILL)
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 1
    try:
        os.setsid()
        work()
        code = 0
    finally:
        os._exit(code)


def verified(folder: Path) -> bool:
    return CliRunner().invoke(campaign, ["verify", str(folder)]).exit_code == 0


def try_stick(root: Path, folder: Path, moments: list) -> dict[str, object]:
    """A stick of one language, then of two, then of one: every time there is something to write or delete."""
    kinds = (["fil"], ["fil", "km"])
    for number, languages in enumerate(kinds):
        assert (
            in_child(lambda at=number, some=languages: stick.make_stick(root, str(folder / f"clean-{at}"), some, True))
            == 0
        )
    clean = [files_of(folder / f"clean-{number}") for number in range(2)]
    target, found = folder / "stick", {"unnoticed": [], "unfinished": [], "unharmed": []}
    stands = 1
    for number, moment in enumerate(moments):
        at = 1 - stands

        def work(at=at, moment=moment):
            if callable(moment):
                moment()
            stick.make_stick(root, str(target), kinds[at], True)

        if in_child(work, None if callable(moment) else moment) == 0 and callable(moment):
            found["unharmed"].append(number)
        files = files_of(target)
        if files and files not in clean and verified(target):
            found["unnoticed"].append(number)
        # The rerun may use other arguments.
        stands = stands if number % 3 == 2 else at
        code = in_child(lambda at=stands: stick.make_stick(root, str(target), kinds[at], True))
        if code or files_of(target) != clean[stands] or not verified(target):
            found["unfinished"].append(number)
    return found


def try_packs(root: Path, moments: list) -> dict[str, object]:
    """One pack; the description of a poster makes one of its zips different each time."""
    target, words, clean = root / "dist/packs", root / "docs/fil/posters/boil-the-water.md", []
    before = words.read_text(encoding="utf-8")
    texts = [before.replace("\nalt: ", f"\nalt: {each} ") for each in ("Una.", "Ikalawa.")]
    for text in texts:
        words.write_text(text, encoding="utf-8")
        assert in_child(lambda: packs.make_packs(root, PACK, ["fil"], ["hill"])) == 0
        clean.append(files_of(target))
    found = {"unnoticed": [], "unfinished": [], "unharmed": []}
    for number, moment in enumerate(moments):
        text = number % 2
        words.write_text(texts[text], encoding="utf-8")

        def work(moment=moment):
            if callable(moment):
                moment()
            packs.make_packs(root, PACK, ["fil"], ["hill"])

        if in_child(work, None if callable(moment) else moment) == 0 and callable(moment):
            found["unharmed"].append(number)
        files = files_of(target)
        shown = {name: data for name, data in files.items() if not name.startswith(".")}
        if shown and shown not in clean and not [*check_packs(target)]:
            found["unnoticed"].append(number)
        code = in_child(lambda: packs.make_packs(root, PACK, ["fil"], ["hill"]))
        if code or files_of(target) != clean[text] or not verified(target):
            found["unfinished"].append(number)
    return found


def main(built: Path, folder: Path, seed: int, times: int, kinds: list[str]) -> None:
    """Print the faults, by kind."""
    root = shutil.copytree(built, folder / "campaign")
    dice, found = random.Random(seed), {}
    for kind in kinds:
        moments: list = [*POINTS[kind].values()]
        if times:
            begun = time.monotonic()
            if kind == "stick":
                assert in_child(lambda: stick.make_stick(root, str(folder / "first"), ["fil", "km"], True)) == 0
            else:
                assert in_child(lambda: packs.make_packs(root, PACK, ["fil"], ["hill"])) == 0
            whole = time.monotonic() - begun
            moments = [dice.uniform(0, whole) for _ in range(times)]
        found[kind] = try_stick(root, folder, moments) if kind == "stick" else try_packs(root, moments)
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), sys.argv[5:])
