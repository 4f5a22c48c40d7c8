"""Read tables and translations that somebody sent, each in a process of its own that has limits.

A small file can ask for hours of work or for all memory: millions of empty cells, one cell in the last column, text
that expands a thousand times. Such a process ends without harm to the command or the desk that started it.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import msgspec

from campaign.cache.external_programs import ProgramTimeout, run_program
from campaign.cache.regular_files import read_regular
from campaign.models.problem import CampaignError, Problem

MAX_BYTES = 40_000_000
MAX_CPU_S = 7
MAX_MEMORY_BYTES = 1_000_000_000
# A process that waits instead of computing; long enough for a busy computer.
MAX_WALL_S = 120
# Kind of file -> the function that reads it: (path, problems, *arguments) -> what JSON can hold.
READERS = {
    "sheet": "campaign.exchange.tables:read_sheet",
    "translation": "campaign.exchange.sending:read_translation",
}
MakeError = Callable[[str, str], CampaignError]


class Answer(msgspec.Struct):
    """What the process found: a value with problems, or that the file is refused.

    Attributes:
        value: what the reader returned.
        problems: (id, where, what, fix) of what is wrong in the file.
        is_refused: whether the problems are why the file can't be read at all.
    """

    value: Any = None
    problems: list[tuple[str, str, str, str]] = []
    is_refused: bool = False


def read_foreign(
    kind: str, path: Path, problems: list[Problem], error_of: MakeError, arguments: Sequence[str] = ()
) -> Any:
    """Return what a file holds, as its reader in READERS says it.

    Args:
        kind: a key of READERS.
        path: the file.
        problems: receives what is wrong in the file.
        error_of: makes the error from what is wrong and how to fix it.
        arguments: for the reader.

    Raises:
        CampaignError: the file is refused.
    """
    check_foreign(path, error_of)
    command = [sys.executable, "-P", "-m", __name__, kind, str(path.absolute()), *arguments]
    try:
        done = run_program(command, timeout_s=MAX_WALL_S)
        answer = msgspec.json.decode(done.stdout, type=Answer) if done.returncode == 0 else None
    except (ProgramTimeout, msgspec.DecodeError):
        answer = None
    if answer is None:
        what = f"Reading the file takes more than {MAX_CPU_S} seconds or {MAX_MEMORY_BYTES // 1_000_000} MB of memory."
        raise error_of(what, "Copy the rows you need into a new file.")
    found = [Problem(*each) for each in answer.problems]
    if answer.is_refused:
        raise CampaignError(found)
    problems += found
    return answer.value


def check_foreign(path: Path, error_of: MakeError) -> None:
    """Refuse what isn't an ordinary file, or is too large.

    Raises:
        CampaignError: it is refused.
    """
    try:
        read_regular(path, MAX_BYTES)
    except OSError as error:
        raise error_of(f"The file can't be read ({error.strerror}).", "Name an ordinary file of a few MB.") from None


def limit_this_process() -> None:
    """End this process when it exceeds the limits, where the system has such limits (not Windows)."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_S, MAX_CPU_S))
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))


def main(kind: str, path: str, *arguments: str) -> None:
    """Read one file and print an Answer."""
    limit_this_process()
    module, _, name = READERS[kind].partition(":")
    problems: list[Problem] = []
    try:
        answer = Answer(getattr(importlib.import_module(module), name)(Path(path), problems, *arguments))
    except CampaignError as error:
        problems, answer = [*error.problems], Answer(is_refused=True)
    answer.problems = [(each.id, each.where, each.what, each.fix) for each in problems]
    sys.stdout.buffer.write(msgspec.json.encode(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
