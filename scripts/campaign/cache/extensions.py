"""Load the extensions of installed packages from entry points: `campaign.formats`, `campaign.targets` and so on.

Installed packages are trusted like the generator itself. Extensions in a campaign's own folder are loaded elsewhere and
need `content.trust`.
"""

from __future__ import annotations

import sys
from functools import cache
from importlib.metadata import EntryPoint, entry_points
from pathlib import Path
from typing import Any

from campaign.models.problem import CampaignError, Problem

GROUPS = ("formats", "shortcodes", "checks", "targets", "copies")
# How a group is written in entry_points.txt.
GROUP_PREFIX = b"[campaign."


@cache
def extensions(group: str) -> dict[str, Any]:
    """Return what packages add to a group, by name, sorted.

    Raises:
        CampaignError: a package can't be loaded.
    """
    result = entry_points(group=f"campaign.{group}") if extension_stamps() else ()
    return {item.name: _load(item) for item in sorted(result, key=lambda entry: entry.name)}


def extension_folders(group: str) -> list[Path]:
    """Return the folders of data that packages add to a group: each entry point names a Python package."""
    return [
        Path(extension.__file__).parent
        for extension in extensions(group).values()
        if getattr(extension, "__file__", None)
    ]


@cache
def extension_stamps() -> tuple[str, ...]:
    """Return the installed packages that add something, with their versions and what they add.

    Reading files takes 2 ms; importlib.metadata would take ten times as long in every run.
    """
    results = set()
    for folder in filter(None, dict.fromkeys(sys.path)):
        for file in Path(folder).glob("*.dist-info/entry_points.txt"):
            data = file.read_bytes()
            if GROUP_PREFIX in data:
                results.add(f"{file.parent.name} {data.decode(errors='replace')}")
    return tuple(sorted(results))


def _load(entry: EntryPoint) -> Any:
    try:
        return entry.load()
    except Exception as error:  # an extension may raise anything
        message = f"The extension `{entry.name}` ({entry.value}) can't be loaded: {type(error).__name__}: {error}."
        fix = "Update or uninstall the package that brings it."
        raise CampaignError([Problem("extension-broken", entry.group, message, fix)]) from None
