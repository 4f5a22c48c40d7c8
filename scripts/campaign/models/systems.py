"""Operating systems for office folders: their wheels, and their starters."""

from __future__ import annotations

import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from campaign.models.shipped import read_data

FIRST_PYTHON = (3, 11)
LAST_PYTHON = (3, 14)
PYTHONS = tuple(f"3.{minor}" for minor in range(FIRST_PYTHON[1], LAST_PYTHON[1] + 1))


@dataclass(frozen=True)
class System:
    """An operating system."""

    name: str  # as typed
    title: str  # for people
    platforms: tuple[str, ...]  # for pip's `--platform`
    environment: Mapping[str, str]  # for markers of requirements
    starters: tuple[str, ...]  # files in starters/, the one to double-click first
    platform_pattern: tuple[str, str]  # beginning and end of Python's `sysconfig.get_platform()`


def _system(name: str, row: dict[str, Any]) -> System:
    values: dict[str, Any] = {key: tuple(value) if isinstance(value, list) else value for key, value in row.items()}
    return System(name, **values)


SYSTEMS = {name: _system(name, row) for name, row in read_data(__file__, "systems.toml").items()}


def this_system() -> str:
    """Return the name of this system, or ''."""
    machine = platform.machine().lower()
    names = {
        ("win32", "amd64"): "windows-x64",
        ("darwin", "x86_64"): "macos-x86_64",
        ("darwin", "arm64"): "macos-arm64",
        ("linux", "x86_64"): "linux-x86_64",
        ("linux", "aarch64"): "linux-arm64",
    }
    return names.get((sys.platform, machine), "")
