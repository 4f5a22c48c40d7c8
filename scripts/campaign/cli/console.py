"""Output of the commands: progress bars, tables, problems."""

from __future__ import annotations

import json
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from os.path import commonpath, dirname
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from campaign.models.outputs import PROBLEMS_PAGE, Artifact
from campaign.models.problem import Problem, reason_of_silence, unsilenced
from campaign.models.rules import load_rules
from campaign.pipeline.report import LEFT_OUT, PROGRESS_AS_LINES, as_line

if TYPE_CHECKING:
    from rich.progress import TaskID

    from campaign.models.formats import Destination
    from campaign.pipeline.report import Progress as Show
    from campaign.pipeline.report import Report

QUIET = "quiet"  # levels of detail besides the default
# Seconds between two lines of progress in a log.
LOG_INTERVAL_S = 10.0
VERBOSE = "verbose"
PLAIN = "campaign.plain"
ASCII_LOOKALIKES = {
    **{**dict.fromkeys("“”„", '"'), **dict.fromkeys("‘’", "'"), **dict.fromkeys("–—−·", "-")},
    **{"×": "x", "…": "..."},
}
MAX_LISTED_FILES = 20  # files named in the last lines
# Don't replace a typed `:phone:` by an emoji.
console = Console(highlight=False, soft_wrap=True, emoji=False)
STEPS = {
    "read": "Reading",
    "list": "Listing",
    "fit": "Trying layouts",
    "print": "Printing",
    "pictures": "Pictures",
    "pack": "Packing",
    "website": "Website",
    "check": "Checking",
    "copy": "Copying",
    "zim": "Writing for Kiwix",
}


def example(text: str) -> str:
    """Return the end of a command's help."""
    return f"Example:  {text}"


def plain_letters(error: UnicodeError) -> tuple[str, int]:
    """Replace characters that an old terminal lacks (cp437, ASCII): quotes and dashes by plain ones, others by code."""
    if not isinstance(error, UnicodeEncodeError):
        raise error
    ascii_text = "".join(ASCII_LOOKALIKES.get(letter, letter) for letter in error.object[error.start : error.end])
    return ascii_text.encode(error.encoding, "backslashreplace").decode(error.encoding), error.end


@contextmanager
def show_progress(detail: str | None = None) -> Iterator[Show]:
    """Show a progress bar on standard error, if that is a terminal."""
    if PROGRESS_AS_LINES in os.environ:
        yield lambda *progress: print(as_line(*progress), file=sys.stderr, flush=True)
        return
    watcher = Console(stderr=True)
    if detail == QUIET:
        yield lambda *_: None
        return
    if not watcher.is_terminal:
        yield _logged()
        return
    from rich.progress import BarColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.completed}/{task.total}"))
    tasks: dict[str, TaskID] = {}

    def show(step: str, done: int, total: int) -> None:
        if step not in tasks:
            tasks[step] = bar.add_task(STEPS.get(step, step), total=total)
        bar.update(tasks[step], completed=done, total=total)

    with Progress(*columns, console=watcher, transient=True) as bar:
        yield show


def _logged() -> Show:
    """Return a function that shows progress in a log: a line every ten seconds."""
    next_s = time.monotonic() + LOG_INTERVAL_S

    def show(step: str, done: int, total: int) -> None:
        nonlocal next_s
        if time.monotonic() >= next_s:
            next_s = time.monotonic() + LOG_INTERVAL_S
            count = f": {done:,} of {total:,}" if total > 1 else ""
            print(f"{STEPS.get(step, step)}{count}", file=sys.stderr, flush=True)

    return show


def show_destinations(destinations: Mapping[str, Destination], made: list[Artifact]) -> None:
    """Show the size of the pictures for each destination, and its limit."""
    table = Table("Destination", "Pixels", "Pictures", "Largest", "Limit", box=None)
    for name, row in destinations.items():
        sizes = [artifact.bytes for artifact in made if artifact.output.destination == name]
        if sizes:
            limit = f"{row.most_bytes:,} bytes" if row.most_bytes else ""
            table.add_row(name, f"{row.width} × {row.height}", str(len(sizes)), f"{max(sizes):,} bytes", limit)
    if table.rows:
        console.print(table)


def finish(report: Report, seconds: float, detail: str | None = None) -> None:
    """Show the results and the problems; exit with 1 if one stops. `detail`: QUIET or VERBOSE."""
    if (report.stops or report.refused) and not (report.is_placed or report.has_outdated or report.is_site_new):
        show_problems(report.problems, report.silence, detail=detail)
        console.print("[bold]Nothing was changed in site/ and dist/.[/bold]")
        sys.exit(1)
    if detail != QUIET:
        _show_made(report, is_all=detail == VERBOSE)
    for artifact in sorted(report.made, key=lambda made: made.output.path or "") if detail == VERBOSE else ():
        state = "new" if artifact.output in report.new else "as before"
        console.print(f"dist/{escape(artifact.output.path or '')}  {artifact.bytes:,} bytes, {state}")
    show_problems(report.problems, report.silence, detail=detail)
    if report.has_problems:
        console.print("[bold]These problems stopped some outputs. The others are in dist/.[/bold]")
        if report.left_out and report.is_site_new:
            console.print(f"Left out: {len(report.refused):,} files. Open dist/{PROBLEMS_PAGE} to see which, and why.")
        else:
            _show_refused(report)
        _tell_left_out(len(report.refused) or 1)
        sys.exit(1)
    if report.has_outdated:
        console.print("Outdated print queues moved to dist/outdated/. The next build makes new ones.")
    if detail == QUIET:
        return
    summary = (
        f"Nothing to do: everything is up to date ({seconds:.1f} s)."
        if report.is_noop
        else f"Done in {seconds:.1f} s{_counts(report)}."
    )
    console.print(f"{summary} {_opening(report)}".rstrip())


def _tell_left_out(count: int) -> None:
    """Tell a program that runs this command that only some outputs failed."""
    if PROGRESS_AS_LINES in os.environ:
        print(as_line(LEFT_OUT, count, count), file=sys.stderr, flush=True)


def _counts(report: Report) -> str:
    return f": {len(report.built):,} built, {len(report.changed):,} changed" if report.is_site_new else ""


def _opening(report: Report) -> str:
    if report.site_pages:
        return "Open site/index.html in a browser. Prints, pictures and files to hand over are in dist/."
    files = [f"dist/{artifact.output.path}" for artifact in report.made if artifact.output.path]
    if not files:
        return ""
    return f"Open {escape(files[0] if len(files) == 1 else commonpath(map(dirname, files)))}"


def _show_made(report: Report, is_all: bool) -> None:
    """Print a table of the outputs. `is_all`: include kinds without new outputs."""
    table = Table("Kind", "Language", "Made now", "In all", "Size", "Seconds of work", box=None)
    groups: dict[tuple[str, str], list[Artifact]] = {}
    for artifact in report.made:
        groups.setdefault((artifact.output.kind, artifact.output.language or ""), []).append(artifact)
    new_counts = Counter((output.kind, output.language or "") for output in report.new)
    for (kind, language), members in sorted(groups.items()):
        if not is_all and not new_counts[kind, language]:
            continue
        size = sum(member.bytes for member in members)
        work_seconds = report.seconds.get((kind, language), 0.0)
        counts = str(new_counts[kind, language]), str(len(members))
        table.add_row(kind, language, *counts, f"{size / 1e6:.1f} MB", f"{work_seconds:.1f}")
    if report.is_site_new:
        pages = sum(name.startswith("site/") and name.endswith(".html") for name in report.built)
        table.add_row("page", "", str(pages), str(report.site_pages), "", "")
    if table.rows:
        console.print(table)


def _show_refused(report: Report) -> None:
    if report.has_outdated:
        console.print("[bold]The previous files are out of date and now in dist/outdated/. Don't use them.[/bold]")
    for path in report.refused[:MAX_LISTED_FILES]:
        console.print(f"Not made: dist/{escape(path)}")
    if report.refused[MAX_LISTED_FILES:]:
        console.print(f"Not made: {len(report.refused) - MAX_LISTED_FILES} more like these")


def show_problems(
    problems: list[Problem], silence: Mapping[str, str] | None = None, is_all: bool = False, detail: str | None = None
) -> None:
    """Print problems, worst first, with many of a kind in a file abbreviated.

    `is_all`: include silenced ones, with the reason. `detail`: VERBOSE adds why each kind matters, QUIET leaves out
    notes.
    """
    silence = silence or {}
    shown_problems = [item for item in unsilenced(problems, silence) if detail != QUIET or not item.is_note]
    for problem, repeats in _without_repeats(shown_problems, detail):
        others = f" [dim]And {repeats - 1} more like this.[/dim]" if repeats > 1 else ""
        _show(problem, "[yellow]note[/yellow]" if problem.is_note else "[bold red]problem[/bold red]", others)
    silenced = [problem for problem in unsilenced(problems, {}) if reason_of_silence(problem, silence)]
    for problem in silenced if is_all else ():
        _show(problem, "[dim]silenced[/dim]", escape(f" Silenced: {reason_of_silence(problem, silence)}"))
    for id_ in sorted({problem.id for problem in shown_problems}) if detail == VERBOSE else ():
        console.print(f"[bold]{id_}[/bold] {escape(load_rules()[id_].hint)}")
    if silenced and not is_all and detail != QUIET:
        count = "1 note is" if len(silenced) == 1 else f"{len(silenced)} notes are"
        console.print(f"{count} silenced in mkdocs.yml: `campaign check --all` shows which, and why.")


def _without_repeats(problems: list[Problem], detail: str | None) -> Iterator[tuple[Problem, int]]:
    """Yield problems and how often each occurs: of problems of outputs, only the first about a place in a file."""
    counts = Counter(_repeat_key(problem) if detail != VERBOSE else problem for problem in problems)
    for problem in problems:
        if count := counts.pop(_repeat_key(problem) if detail != VERBOSE else problem, 0):
            yield problem, count


def _repeat_key(problem: Problem) -> object:
    return (problem.id, problem.where) if load_rules()[problem.id].level == "output" else problem


def print_json(
    problems: list[Problem],
    silence: Mapping[str, str],
    made: list[str] | None = None,
    files: list[dict[str, str]] | None = None,
) -> None:
    """Print problems as ASCII JSON. `made`: all outputs below dist/. `files`: outputs that would be made."""
    rows = []
    for problem in unsilenced(problems, silence):
        path, _, line = problem.where.rpartition(":")
        has_line = bool(path) and line.isdecimal()
        rows.append(
            {
                "id": problem.id,
                "level": problem.effect,
                "file": path if has_line else problem.where,
                "line": int(line) if has_line else None,
                "what": problem.message,
                "fix": problem.fix,
            }
        )
    data: dict[str, object] = {"problems": rows}
    if made is not None:
        data["made"] = sorted(filter(None, made))
    if files is not None:
        data["files"] = files
    print(json.dumps(data, indent=1))


def _show(problem: Problem, mark: str, ending: str = "") -> None:
    message = f"{escape(problem.message)} {escape(problem.fix)} [dim]({problem.id})[/dim]{ending}"
    console.print(f"{mark} [bold]{escape(problem.where)}[/bold] {message}")
