"""How search compares words in a language, and which words lead to one page above all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class SearchRules:
    """The rules of a language: built-in ones with those of the campaign."""

    prefixes: tuple[str, ...] = ()  # beginnings that don't change what a word is about
    suffixes: tuple[str, ...] = ()  # endings that don't
    alike: Mapping[str, str] = field(default_factory=dict)  # letters that people confuse -> the one to compare
    same: tuple[tuple[str, ...], ...] = ()  # groups of words with one meaning
    first: Mapping[str, tuple[str, ...]] = field(default_factory=dict)  # page -> words that put it first
