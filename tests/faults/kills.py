"""Kill a build at named points, each in a separate process, and report the state then and after the next build.

Run directly (`python kills.py CAMPAIGN FOLDER POINT...`), so that the process that is forked again and again has never
run Typst, whose threads do not survive a fork.
"""

from __future__ import annotations

import gc
import json
import os
import shutil
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent))
from conftest import keep_only_pieces

from campaign.cache import atomic, memo, output_tree, store
from campaign.pipeline import build
from campaign.website import finish

KILLED = 9
PAGE = "docs/fil/boil.md"
# A stored file that no output uses any longer, for the store to delete.
STALE = ("0" * 64, "1" * 64)


def kill(owner: Any, name: str, when: Callable[..., bool] = lambda *_: True, first: Callable[..., None] | None = None):
    """Kill the process at a call of a function, as kill -9 does; `first` leaves something half done."""
    really = getattr(owner, name)

    def dying(*arguments, **settings):
        if when(*arguments):
            if first:
                first(*arguments)
            os._exit(KILLED)
        return really(*arguments, **settings)

    setattr(owner, name, dying)


def half(path: Path) -> None:
    """A file whose writer was killed halfway."""
    os.truncate(path, path.stat().st_size // 2)


def after(times: int) -> Callable[..., bool]:
    """True at a later call."""
    calls = iter(range(times))
    return lambda *_: next(calls, None) is None


def in_dist(times: int) -> Callable[..., bool]:
    """True at a later file of dist/."""
    later = after(times)
    return lambda folder, *_: folder.name == "dist" and later()


def moved(name: str) -> Callable[..., bool]:
    return lambda source, *_: Path(source).as_posix().endswith(name)


def save_half(kept: memo.Memo) -> None:
    Memo_save(kept)
    if kept.file:
        half(kept.file)


Memo_save = memo.Memo.save
POINTS: dict[str, Callable[[], None]] = {
    "the cache of read files is half written": lambda: kill(memo.Memo, "save", first=save_half),
    "notes of pages are half written": lambda: kill(memo.Memo, "save", after(2), save_half),
    "a piece is half written": lambda: kill(store.Store, "keep", first=lambda _, made: half(made.file)),
    "a piece is there and its note is not": lambda: kill(store.Store, "keep"),
    "unneeded files are half deleted": lambda: kill(Path, "unlink", lambda path, *_: path.stem == STALE[1]),
    "pages are made and the site is not finished": lambda: kill(finish, "map_in_workers"),
    "site/ is made and dist/ is not": lambda: kill(build, "_fill_dist"),
    "dist/ is half filled": lambda: kill(output_tree.OutputTree, "place", in_dist(20)),
    "both are there and so are the replaced ones": lambda: kill(atomic, "_clear", lambda path: path.name == "old"),
    "the journal is half written": lambda: kill(atomic, "move", moved(".new"), lambda source, *_: half(Path(source))),
    "the journal is written and nothing is moved": lambda: kill(atomic, "_place"),
    "the journal is there and half of it is missing": lambda: kill(
        atomic, "_place", first=lambda root: half(root / ".build/journal.json")
    ),
    "the old site/ is away and the old dist/ is not": lambda: kill(atomic, "move", moved("/dist")),
    "both are away and nothing is there": lambda: kill(atomic, "move", moved("new/site")),
    "the new site/ is there and the new dist/ is not": lambda: kill(atomic, "move", moved("new/dist")),
    "both are there and the journal is too": lambda: kill(Path, "unlink", lambda path, *_: path.name == "journal.json"),
    "both are there and the record is missing": lambda: kill(build, "note_placed"),
}


State = dict[str, dict[str, bytes]]


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def in_child(work: Callable[[], object]) -> int:
    """How a working process ended: KILLED, 0, or 1 if it reported a problem."""
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 1
    try:
        code = bool(getattr(work(), "stops", False))
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)


def write(root: Path, before: str, word: str) -> None:
    """Another word in a page, and an unused piece in the store."""
    page, store_folder = root / PAGE, root / ".build/store"
    page.write_text(page.read_text(encoding="utf-8").replace("\n\n" + before, "\n\n" + word, 1), encoding="utf-8")
    for key in STALE:
        (store_folder / key[:2]).mkdir(exist_ok=True)
        (store_folder / key[:2] / f"{key}.pdf").write_bytes(b"stale")


def try_point(root: Path, point: str, old: State, new: State) -> dict[str, object]:
    """The state after a kill, and after the next build."""

    def dying() -> object:
        POINTS[point]()
        return build.build(root)

    ended = in_child(dying)
    left = {name: files_of(root / name) for name in atomic.OUTPUTS}
    code = in_child(lambda: build.build(root))
    return {
        "ended": ended,
        "left": [
            "old" if whole == old[name] else "new" if whole == new[name] else "broken" if whole else "gone"
            for name, whole in left.items()
        ],
        "next": code,
        "is_as_clean": {name: files_of(root / name) for name in atomic.OUTPUTS} == new,
        "stale": [key for key in STALE if list(root.glob(f".build/store/*/{key}.*"))],
    }


def main(built: Path, folder: Path, names: list[str]) -> None:
    """Try some points in turn, from one state of the campaign to the other and back."""
    # A file of dist/ that differs like the page: with a real one, many prints or all pages would be made each time.
    build.message_files = lambda campaign: {"word.txt": (campaign.root / PAGE).read_text(encoding="utf-8")}
    root, states = folder / "campaign", {}
    shutil.copytree(built, root)
    words, before = ("UNA.\n\n", "IKALAWA.\n\n"), ""
    for word in words:
        write(root, before, word)
        before = word
        keep_only_pieces(root)
        # In this process, so that forked ones have all modules; no piece needs to be printed for it.
        assert not build.build(root).stops
        states[word] = {name: files_of(root / name) for name in atomic.OUTPUTS}
    gc.disable()  # like `campaign`: garbage collection would copy all memory into each process
    results = {}
    for number, point in enumerate(names):
        old, new = words[1 - number % 2], words[number % 2]
        write(root, old, new)
        if "piece" in point:
            min(path for path in root.glob(".build/store/*/*.pdf") if path.stem not in STALE).unlink()
        results[point] = try_point(root, point, states[old], states[new])
    print(json.dumps(results))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3:])
