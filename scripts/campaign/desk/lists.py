"""Paginate and search long lists: a country of 450 places has thousands of rows."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from starlette.requests import Request

ROWS_PER_PAGE = 100
T = TypeVar("T")


@dataclass(frozen=True)
class ListPage(Generic[T]):
    """A page of a list."""

    rows: Sequence[T]
    first: int  # rows before it
    total: int  # rows in all
    previous: str  # queries of the neighbouring pages, or ''
    next: str


def paginate(rows: Sequence[T], request: Request, page_size: int = ROWS_PER_PAGE) -> ListPage[T]:
    """Return the page of a list that the address asks for (`part=2`)."""
    page_number = request.query_params.get("part", "")
    last = max(1, -(-len(rows) // page_size))
    position = min(max(1, int(page_number)), last) if page_number.isdecimal() and len(page_number) < 9 else 1
    first = (position - 1) * page_size

    def query(number: int) -> str:
        return f"?{request.url.include_query_params(part=number).query}" if 1 <= number <= last else ""

    return ListPage(rows[first : first + page_size], first, len(rows), query(position - 1), query(position + 1))


def matches(words: str, *texts: str) -> bool:
    """Return whether every word is in one of the texts, ignoring case and accents."""
    haystack = _plain(" ".join(texts))
    return all(word in haystack for word in _plain(words).split())


def _plain(text: str) -> str:
    split = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in split if not unicodedata.combining(letter))
