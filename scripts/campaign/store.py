"""What has been made before, by the hash of all that it is made from: only what changed is made again."""

from __future__ import annotations

import hashlib
import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from campaign.model import Made, Output
from campaign.placing import write_whole


@dataclass(frozen=True)
class Store:
    """A folder of finished files, each under its key, with its size and hash beside it."""

    folder: Path

    def file(self, key: str, output: Output) -> Path:
        """Where the file of an output with this key stands, or will."""
        return self.folder / key[:2] / f"{key}.{output.ending}"

    def find(self, key: str, output: Output) -> Made | None:
        """What was made under this key, if it still stands whole."""
        file = self.file(key, output)
        try:
            known = json.loads(file.with_suffix(".json").read_bytes())
            if file.stat().st_size == known["bytes"]:
                return Made(output, file, known["bytes"], known["sha256"], known["width"], known["height"])
        except (OSError, ValueError, KeyError):
            return None
        return None

    def keep(self, made: Made) -> None:
        """Notes what was made; call it once the file stands."""
        known = {"bytes": made.bytes, "sha256": made.sha256, "width": made.width, "height": made.height}
        write_whole(made.file.with_suffix(".json"), json.dumps(known).encode())

    def prune(self, keys: set[str]) -> int:
        """Deletes what no output has any more; how many files."""
        gone = 0
        for path in self.folder.glob("*/*"):
            if path.stem not in keys:
                path.unlink(missing_ok=True)
                gone += path.suffix != ".json"
        return gone


def hash_files(paths: list[Path]) -> str:
    """One hash of many files' names and contents, in the order given."""
    whole = hashlib.sha256()
    for path in paths:
        whole.update(path.name.encode() + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()


def hash_text(text: str) -> str:
    """The hash of a text."""
    return hashlib.sha256(text.encode()).hexdigest()


class Notes:
    """What was worked out before, by the hash of all that it was worked out from; plain JSON, in one file.

    What a run did not ask for is forgotten when it saves, or as soon as there are too many.
    """

    def __init__(self, file: Path | None, most: int = 0) -> None:
        """file: None for notes that nobody keeps; most: how many stay, whether a run asks for them or not."""
        self.file, self.most = file, most
        self._known: dict[str, Any] = {}
        self._used: dict[str, Any] = {}
        self._is_new = False
        try:
            known = json.loads(file.read_bytes()) if file else {}
        except (OSError, ValueError):
            known = {}
        if isinstance(known, dict):
            self._known = known

    def get(self, key: str) -> Any | None:
        """What was noted under a key, or None."""
        value = self._used.get(key) or self._known.get(key)
        if value is not None:
            self._used[key] = value
        return value

    def has_used(self, key: str) -> bool:
        """Whether this run asked for a key that is known, or noted it."""
        return key in self._used

    def put(self, key: str, value: Any) -> None:
        """Notes a value of plain dicts, lists, texts and numbers."""
        self._used[key] = value
        self._is_new = True

    def save(self) -> None:
        """Writes what this run used; nothing where that is what stands there. A disk that refuses is no harm."""
        if self.file and (self._is_new or (not self.most and len(self._used) != len(self._known))):
            kept = dict([*self._known.items(), *self._used.items()][-self.most :]) if self.most else self._used
            with suppress(OSError):
                write_whole(self.file, json.dumps(kept, ensure_ascii=False, separators=(",", ":")).encode())
