"""Files next to translations: sentences of unfinished files, and the sources that translations were made from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from campaign.content.writing import write_file, write_files

STAMPED, OPEN = "docs/_stamped", "docs/_open"


def read_json(path: Path) -> dict[str, Any]:
    """Return a file's content; {} if it is missing or damaged."""
    try:
        found = json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (ValueError, OSError):
        return {}  # changes can't be shown then, but nothing else is lost
    return found if isinstance(found, dict) else {}


def write_json(root: Path, path: Path, said: Mapping[str, Any]) -> None:
    """Write a file, or delete it if there is nothing to keep."""
    if not said:
        write_files(root, {path: None})
        return
    write_file(root, path, (json.dumps(said, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode())


def open_texts(root: Path, language: str, path: str) -> dict[str, dict[str, str]]:
    """Return the drafts of an unfinished file: key of the source text -> source, text, by."""
    found = read_json(root / OPEN / language / f"{path}.json")
    wanted = ("source", "text", "by")
    return {
        key: {name: str(each.get(name, "")) for name in wanted}
        for key, each in found.items()
        if isinstance(each, dict) and each.get("text")
    }
