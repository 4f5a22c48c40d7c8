"""Start other programs: the only module that does, so that no argument can be taken for an option or a shell command.

Programs are found only in absolute folders of PATH: a `git.exe` in a campaign folder from a stranger is never run.
Addresses and names go after `--` if the program supports it; `publishing.address` refuses those that begin with `-`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import webbrowser
from collections.abc import Mapping, Sequence
from pathlib import Path

import click

# Pages of the desk and the preview; nothing else is handed to the browser.
LOCAL_ADDRESS = "http://127.0.0.1:"
Process = subprocess.Popen[str]


class ProgramTimeout(Exception):
    """A program didn't finish in time."""


def find_program(name: str) -> str:
    """Return the path of an installed program, or ''."""
    folders = [folder for folder in os.get_exec_path() if Path(folder).is_absolute()]
    result = shutil.which(name, path=os.pathsep.join(folders))
    return result if result and Path(result).is_absolute() else ""


def run_program(
    command: Sequence[str],
    stdin_data: bytes = b"",
    source: Path | None = None,
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
    timeout_s: float | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run a program to its end and collect its output, without a shell.

    Args:
        command: the program's name or path, then its arguments.
        stdin_data: bytes for its standard input.
        source: a file for its standard input instead.
        folder: its working directory.
        environment: variables added to ours.
        timeout_s: seconds after which it is killed.

    Raises:
        FileNotFoundError: the program isn't installed.
        ProgramTimeout: it took longer than `timeout_s`.
    """
    resolved, variables = _resolved(command), {**os.environ, **(environment or {})}
    try:
        if source is None:
            return subprocess.run(
                resolved,
                cwd=folder,
                env=variables,
                input=stdin_data,
                capture_output=True,
                timeout=timeout_s,
                check=False,
            )
        with source.open("rb") as file:
            return subprocess.run(
                resolved, cwd=folder, env=variables, stdin=file, capture_output=True, timeout=timeout_s, check=False
            )
    except subprocess.TimeoutExpired:
        raise ProgramTimeout(command[0]) from None


def start_program(command: Sequence[str], folder: Path, environment: Mapping[str, str]) -> Process:
    """Start a program whose output is read line by line while it runs."""
    return subprocess.Popen(
        _resolved(command),
        cwd=folder,
        env={**os.environ, **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        encoding="utf-8",
        errors="replace",
    )


def open_in_browser(address: str) -> None:
    """Open a page of this computer's own desk or preview."""
    if address.startswith(LOCAL_ADDRESS):
        webbrowser.open(address)


def show_in_folder(file: Path) -> None:
    """Show a file in the system's file manager."""
    click.launch(str(file.absolute()), locate=True)


def last_line(data: bytes) -> str:
    """Return the last line that a program wrote, for a message."""
    lines = data.decode(errors="replace").strip().splitlines()
    return lines[-1] if lines else "no reason given"


def _resolved(command: Sequence[str]) -> list[str]:
    program = command[0] if Path(command[0]).is_absolute() else find_program(command[0])
    if not program or any("\0" in argument for argument in command):
        raise FileNotFoundError(command[0])
    return [program, *command[1:]]
