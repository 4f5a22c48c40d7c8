"""Files next to translations: sentences of unfinished files, and the sources that translations were made from."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from campaign.content.writing import write_file, write_files

STAMPS_FOLDER = "docs/_stamped"
CONFLICTS_FOLDER = "docs/_open"


def read_json(path: Path) -> dict[str, Any]:
    """Return a file's content; {} if it is missing or damaged."""
    try:
        data = json.loads(path.read_bytes())
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except (ValueError, OSError):
        return {}  # changes can't be shown then, but nothing else is lost
    return data if isinstance(data, dict) else {}


def write_json(root: Path, path: Path, data: Mapping[str, Any]) -> None:
    """Write a file, or delete it if there is nothing to keep."""
    if not data:
        write_files(root, {path: None})
        return
    write_file(root, path, (json.dumps(data, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode())


def open_texts(root: Path, language: str, path: str) -> dict[str, dict[str, str]]:
    """Return the drafts of an unfinished file: key of the source text -> source, text, by."""
    data = read_json(root / CONFLICTS_FOLDER / language / f"{path}.json")
    keys = ("source", "text", "by")
    return {
        key: {name: str(item.get(name, "")) for name in keys}
        for key, item in data.items()
        if isinstance(item, dict) and item.get("text")
    }
