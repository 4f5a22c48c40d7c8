"""Read files that anyone may have made in a process with limits: a small file can use up all memory."""

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
# For a process that waits instead of computing, on a busy computer; the only limit where there is none on computing.
MAX_WALL_S = 120 if sys.platform == "win32" else 1200
# Kind -> reader: (path, problems, *arguments) -> JSON data.
READERS = {
    "cleaned": "campaign.content.clean_files:clean_here",
    "form": "campaign.exchange.filled_forms:read_form",
    "sheet": "campaign.exchange.workbooks:read_sheet",
    "translation": "campaign.exchange.sending:read_translation",
}
MakeError = Callable[[str, str], CampaignError]


class Answer(msgspec.Struct):
    """The result of the process."""

    value: Any = None  # what the reader returned
    problems: list[tuple[str, str, str, str]] = []  # (id, where, what, fix)
    is_refused: bool = False  # the file can't be read at all


def read_foreign(
    kind: str, path: Path, problems: list[Problem], error_of: MakeError, arguments: Sequence[str] = ()
) -> Any:
    """Read a file with its reader in READERS, or raise CampaignError, which `error_of` makes from texts."""
    check_foreign(path, error_of)
    command = [sys.executable, "-P", "-m", __name__, kind, str(path.absolute()), *arguments]
    try:
        completed = run_program(command, timeout_s=MAX_WALL_S)
        answer = msgspec.json.decode(completed.stdout, type=Answer) if completed.returncode == 0 else None
    except ProgramTimeout:
        message = f"Reading the file took more than {MAX_WALL_S} seconds, perhaps because the computer is busy."
        raise error_of(message, "Try again later.") from None
    except msgspec.DecodeError:
        answer = None
    if answer is None:
        message = (
            f"Reading the file takes more than {MAX_CPU_S} seconds or {MAX_MEMORY_BYTES // 1_000_000} MB of memory."
        )
        raise error_of(message, "Copy the rows you need into a new file.")
    results = [Problem(*problem) for problem in answer.problems]
    if answer.is_refused:
        raise CampaignError(results)
    problems += results
    return answer.value


def check_foreign(path: Path, error_of: MakeError) -> None:
    """Refuse special and large files. Raise CampaignError if it is refused."""
    try:
        read_regular(path, MAX_BYTES)
    except OSError as error:
        raise error_of(f"The file can't be read ({error.strerror}).", "Name an ordinary file of a few MB.") from None


def _limit_this_process() -> None:
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_CPU, (MAX_CPU_S, MAX_CPU_S))
        resource.setrlimit(resource.RLIMIT_AS, (MAX_MEMORY_BYTES, MAX_MEMORY_BYTES))


def main(kind: str, path: str, *arguments: str) -> None:
    """Read one file and print an Answer."""
    _limit_this_process()
    module, _, name = READERS[kind].partition(":")
    problems: list[Problem] = []
    try:
        answer = Answer(getattr(importlib.import_module(module), name)(Path(path), problems, *arguments))
    except CampaignError as error:
        problems, answer = [*error.problems], Answer(is_refused=True)
    answer.problems = [(problem.id, problem.where, problem.message, problem.fix) for problem in problems]
    sys.stdout.buffer.write(msgspec.json.encode(answer))


if __name__ == "__main__":
    main(*sys.argv[1:])
