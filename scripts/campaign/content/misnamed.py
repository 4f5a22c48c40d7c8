"""Find a file that was saved under almost the name that the program reads."""

from __future__ import annotations

import re
from pathlib import Path

# Another ending of YAML, and what editors add to an unknown ending.
OTHER_ENDINGS = re.compile(r"\.yaml$|(?<=\.yml)\.(?:txt|yml|yaml)$|(?<=\.yaml)\.txt$|(?<=\.svg)\.(?:txt|xml|svg)$")


def plain_name(name: str) -> str:
    """Return a name or path as the program reads it: in lower case, with `.yml`."""
    while (plain := OTHER_ENDINGS.sub(lambda match: ".yml" if match[0] == ".yaml" else "", name.lower())) != name:
        name = plain
    return name


def rename_or(path: Path, otherwise: str) -> str:
    """Return the remedy for a missing file: rename a file of the same folder with almost its name, else `otherwise`."""
    names = sorted(other.name for other in path.parent.iterdir()) if path.parent.is_dir() else []
    misnamed = next((name for name in names if name != path.name and plain_name(name) == path.name), "")
    return f"Rename `{misnamed}`, in the same folder, to `{path.name}`." if misnamed else otherwise
