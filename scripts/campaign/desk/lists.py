"""Long lists in parts, and what is found in them: a country of 450 places has thousands of rows."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from starlette.requests import Request

# Rows of a part: a list that an office of a few places has is shown whole.
MOST = 100
T = TypeVar("T")


@dataclass(frozen=True)
class Part(Generic[T]):
    """A part of a list.

    Attributes:
        first: how many rows stand before it.
        whole: how many there are in all.
        before, after: the queries of the parts beside it; '' where there is none.
    """

    rows: Sequence[T]
    first: int
    whole: int
    before: str
    after: str


def part_of(rows: Sequence[T], request: Request, most: int = MOST) -> Part[T]:
    """The part of a list that an address asks for (`part=2`), of so many rows."""
    asked = request.query_params.get("part", "")
    last = max(1, -(-len(rows) // most))
    at = min(max(1, int(asked)), last) if asked.isdecimal() and len(asked) < 9 else 1
    first = (at - 1) * most

    def query(number: int) -> str:
        return f"?{request.url.include_query_params(part=number).query}" if 1 <= number <= last else ""

    return Part(rows[first : first + most], first, len(rows), query(at - 1), query(at + 1))


def matches(words: str, *texts: str) -> bool:
    """Whether each of some words stands in one of the texts, whatever its case and accents."""
    told = _plain(" ".join(texts))
    return all(word in told for word in _plain(words).split())


def _plain(text: str) -> str:
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in split if not unicodedata.combining(letter))
