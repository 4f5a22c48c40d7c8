"""Operating systems for office folders: their wheels, and their starters."""

from __future__ import annotations

import platform
import sys
from collections.abc import Mapping
from dataclasses import dataclass

FIRST_PYTHON = (3, 11)
LAST_PYTHON = (3, 14)
PYTHONS = tuple(f"3.{minor}" for minor in range(FIRST_PYTHON[1], LAST_PYTHON[1] + 1))
# glibc versions (PEP 600), from Debian 8's to Debian 10's.
MANYLINUX = range(17, 29)


@dataclass(frozen=True)
class System:
    """An operating system."""

    name: str  # as typed
    title: str  # for people
    platforms: tuple[str, ...]  # for pip's `--platform`
    environment: Mapping[str, str]  # for markers of requirements
    starters: tuple[str, ...]  # files in starters/, the one to double-click first
    platform_pattern: tuple[str, str]  # beginning and end of Python's `sysconfig.get_platform()`


def _windows() -> System:
    environment = {"os_name": "nt", "sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64"}
    return System(
        "windows-x64", "Windows (64 bit)", ("win_amd64",), environment, ("Start the desk.bat",), ("win", "amd64")
    )


def _mac(machine: str, title: str) -> System:
    environment = {"os_name": "posix", "sys_platform": "darwin", "platform_system": "Darwin"}
    return System(
        f"macos-{machine}",
        title,
        (f"macosx_13_0_{machine}", f"macosx_14_0_{machine}"),
        environment | {"platform_machine": machine},
        ("Start the desk.command",),
        ("macosx", ""),  # python.org's Python runs on both processors
    )


def _linux(name: str, machine: str, title: str) -> System:
    environment = {"os_name": "posix", "sys_platform": "linux", "platform_system": "Linux"}
    return System(
        name,
        title,
        (*(f"manylinux_2_{minor}_{machine}" for minor in reversed(MANYLINUX)), f"manylinux2014_{machine}"),
        environment | {"platform_machine": machine},
        ("start-the-desk.sh", "start-the-desk.desktop"),
        ("linux", machine),
    )


SYSTEMS = {
    system.name: system
    for system in (
        _windows(),
        _mac("x86_64", "macOS 13 or later on Intel"),
        _mac("arm64", "macOS 13 or later on Apple's processors"),
        _linux("linux-x86_64", "x86_64", "Linux on PCs"),
        _linux("linux-arm64", "aarch64", "Linux on ARM (64 bit)"),
    )
}


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
