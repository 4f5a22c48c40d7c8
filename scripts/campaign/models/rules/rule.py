"""A kind of mistake, as whoever made it may want to know it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """One row of the registry.

    Attributes:
        id: what a message ends with, as in `link-dead`.
        stops: whether nothing may be moved into place while it stands; else it is a note, which can be silenced.
        hint: why it matters.
        wrong: what somebody typed, or what was found.
        right: what it should be.
    """

    id: str
    stops: bool
    hint: str
    wrong: str
    right: str

    @property
    def level(self) -> str:
        """`stop` or `note`."""
        return "stop" if self.stops else "note"


def stop(id: str, hint: str, wrong: str, right: str) -> Rule:
    """A rule that holds a build up."""
    return Rule(id, True, hint, wrong, right)


def note(id: str, hint: str, wrong: str, right: str) -> Rule:
    """A rule that a build goes on after."""
    return Rule(id, False, hint, wrong, right)
