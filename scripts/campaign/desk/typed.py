"""The values of a form that couldn't be saved, to show them again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from campaign.desk.filled import DRAFT

# Fields that nobody types into.
OURS = ("token", "version", "way", "back", "key", "sent", "sure", "at", "lasting", DRAFT)
# Longer texts may be pasted by mistake: ask first.
MAX_UNASKED = 200_000
# Browsers take seconds to lay out a long text.
SHOWN = 2_000


@dataclass(frozen=True)
class TypedField:
    """A submitted field."""

    name: str
    value: str
    is_ours: bool = False  # nobody typed it

    @property
    def is_long(self) -> bool:
        """Whether it may have been pasted by mistake."""
        return len(self.value) > MAX_UNASKED

    @property
    def beginning(self) -> str:
        """The part that is shown of a long one."""
        return f"{self.value[:SHOWN]} …"


def typed_fields(values: Iterable[tuple[str, object]]) -> list[TypedField]:
    """Return the fields of a form, without its files and token."""
    fields = [TypedField(name, value, name in OURS) for name, value in values if isinstance(value, str)]
    return [each for each in fields if each.name != "token" and each.value]


def has_typed(fields: list[TypedField]) -> bool:
    """Return whether somebody typed into a form."""
    return any(not each.is_ours for each in fields)
