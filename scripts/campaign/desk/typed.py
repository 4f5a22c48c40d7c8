"""What a form holds, given back where a save fails: nobody types anything twice."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from campaign.desk.filled import DRAFT

# What a form says besides what people typed into it.
OURS = ("token", "version", "way", "back", "key", "sent", "sure", "at", "lasting", DRAFT)
# Letters from which on a text is taken for pasted by mistake, and nobody saves it unasked.
MAX_UNASKED = 200_000
# Of a long text so much is shown: a browser takes seconds to lay out all of it.
SHOWN = 2_000


@dataclass(frozen=True)
class TypedField:
    """A field of a form that came in.

    Attributes:
        is_ours: whether nobody typed it.
        is_long: whether it is shown in part only, and carried along unseen.
    """

    name: str
    value: str
    is_ours: bool = False

    @property
    def is_long(self) -> bool:
        """Whether nobody would read all of it."""
        return len(self.value) > MAX_UNASKED

    @property
    def beginning(self) -> str:
        """What is shown of a long one."""
        return f"{self.value[:SHOWN]} …"


def typed_fields(values: Iterable[tuple[str, object]]) -> list[TypedField]:
    """The fields of a form, in their order; files have to be chosen again."""
    fields = [TypedField(name, value, name in OURS) for name, value in values if isinstance(value, str)]
    return [each for each in fields if each.name != "token" and each.value]


def has_typed(fields: list[TypedField]) -> bool:
    """Whether somebody typed into a form."""
    return any(not each.is_ours for each in fields)
