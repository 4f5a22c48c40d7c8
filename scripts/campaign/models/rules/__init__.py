"""The rules: one for each kind of problem that messages report, read from the TOML files next to this module."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal


@dataclass(frozen=True)
class Rule:
    """One kind of problem, with the reason why it matters and an example."""

    id: str  # shown in brackets after each message, such as `link-dead`
    level: Literal["stop", "output", "note"]  # what happens: no publication, one output is left out, nothing
    hint: str
    wrong: str
    right: str

    @property
    def stops(self) -> bool:
        """Whether it stops the build."""
        return self.level == "stop"

    @property
    def is_note(self) -> bool:
        """Whether it needn't be fixed, and can be silenced."""
        return self.level == "note"


@cache
def load_rules() -> Mapping[str, Rule]:
    """Return every rule by its id."""
    tables = (tomllib.loads(path.read_text("utf-8")) for path in sorted(Path(__file__).parent.glob("*.toml")))
    return {id: Rule(id, **row) for table in tables for id, row in table.items()}
