"""Paths on the command line: regular files to read, files and folders to write; no pipes, devices or addresses."""

from __future__ import annotations

import stat
from pathlib import Path
from typing import Any

import click

from campaign.publishing.address import parse_file, parse_folder


class InputFile(click.Path):
    """An existing regular file: a pipe would block, and a device has no end."""

    def __init__(self, has_folders: bool = False) -> None:
        super().__init__(exists=True, dir_okay=has_folders)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Check the path."""
        path = Path(str(super().convert(value, param, ctx)))
        if not (path.is_dir() or stat.S_ISREG(path.stat().st_mode)):
            self.fail(f"{str(value)!r} isn't a regular file. Name a file.", param, ctx)
        return path


class OutputFile(click.Path):
    """A file to write, new or regular."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ARG002
        """Check the path; it stays as typed."""
        parse_file(str(value))
        return Path(value).expanduser()


class OutputFolder(click.Path):
    """A folder to write to, which may not exist yet."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:  # noqa: ARG002
        """Check the path; it stays as typed."""
        parse_folder(None, str(value))
        return Path(value).expanduser()
