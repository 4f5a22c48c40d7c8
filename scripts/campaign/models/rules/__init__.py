"""The rules: one for each kind of problem that messages report, read from the TOML files next to this module."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

# Effect of a problem: the first five stop the build or command, each for its reason; then one page with its pieces or
# one output is left out; a note stops nothing.
Level = Literal["danger", "private", "unreadable", "release", "command", "page", "output", "note"]


@dataclass(frozen=True)
class Rule:
    """One kind of problem, with the reason why it matters and an example."""

    id: str  # shown in brackets after each message, such as `link-dead`
    level: Level
    hint: str
    wrong: str
    right: str

    @property
    def stops(self) -> bool:
        """Whether it stops the build, unless it is in the file of one page (`Problem.leaves_out_page`)."""
        return self.level not in ("output", "note")

    @property
    def is_note(self) -> bool:
        """Whether it needn't be fixed, and can be silenced."""
        return self.level == "note"


@cache
def load_rules() -> Mapping[str, Rule]:
    """Return every rule by its id."""
    tables = (tomllib.loads(path.read_text("utf-8")) for path in sorted(Path(__file__).parent.glob("*.toml")))
    return {id: Rule(id, **row) for table in tables for id, row in table.items()}
