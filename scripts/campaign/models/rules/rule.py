"""A rule: one kind of mistake, with its level, the reason why it matters, and an example."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """One row of the registry.

    Attributes:
        id: the word in brackets at the end of a message, such as `link-dead`.
        stops: whether it stops the build; otherwise it is a note, which can be silenced.
        hint: why it matters to readers or staff.
        wrong: an example of the mistake.
        right: the corrected example.
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
    """Return a rule that stops the build."""
    return Rule(id, True, hint, wrong, right)


def note(id: str, hint: str, wrong: str, right: str) -> Rule:
    """Return a rule that lets the build go on."""
    return Rule(id, False, hint, wrong, right)
