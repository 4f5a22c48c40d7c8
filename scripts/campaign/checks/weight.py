"""The weight of a page on a phone, compared with its budget, and its heaviest parts.

Bytes count as transferred: text gzipped, pictures unchanged; 1 KB is 1,024 bytes. A picture counts in the size for
a common small phone (360 px wide, two dots a pixel) and in its heaviest format, the only one that old phones know.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from campaign.models.problem import Problem
from campaign.website.page_audit import MIN_BUDGET_BYTES, PageAudit, packed_size

TEXTS = {".html", ".css", ".js", ".svg", ".json", ".xml", ".txt", ".webmanifest"}
FIX = "Shorten or split the text, or use a smaller picture."
SCRIPT_FIX = "This is a bug in the generator: report it."


@dataclass(frozen=True)
class Budget:
    """The maximum in bytes, and in requests that block the first paint; `extra` bytes for three-byte scripts."""

    first: int
    total: int | None
    blocking: int
    extra: int


HOME_BUDGET = Budget(first=7_500, total=45 * 1024, blocking=2, extra=1_000)
PAGE_BUDGET = Budget(first=MIN_BUDGET_BYTES, total=None, blocking=2, extra=512)
MAX_SCRIPT_BYTES = 6 * 1024
# From this many bytes beyond one per letter, a page counts as one in such a script.
MIN_EXTRA_BYTES = 1000
Size = Callable[[str], int]


def check_weight(
    site: Path, name: str, audit: PageAudit, is_home: bool, size: Size, is_release: bool = False
) -> Iterator[Problem]:
    """Check a page's budget, which is smaller for a front page. Only releases stop for a heavy page."""
    budget = HOME_BUDGET if is_home else PAGE_BUDGET
    if audit["extra"] > MIN_EXTRA_BYTES:
        budget = replace(budget, first=budget.first + budget.extra)
    for is_own_fault, message in _too_heavy(site, name, audit, budget, size):
        if is_own_fault:
            rule = "page-slow-release" if is_release else "page-slow"
        else:
            rule = "page-heavy-release" if is_release else "page-heavy"
        yield Problem(rule, f"site/{name}", message, SCRIPT_FIX if is_own_fault else FIX)


def _too_heavy(site: Path, name: str, audit: PageAudit, budget: Budget, size: Size) -> Iterator[tuple[bool, str]]:
    """Yield whether the generator is at fault, and what is over budget."""

    def weights(targets: list[str]) -> list[tuple[int, str]]:
        return [(size(target), target) for target in targets]

    first = [(audit["travels"], "the page itself"), *weights(audit["blocking"])]
    # The audit's estimate is slightly above the real weight.
    if budget.total or _total(first) > budget.first:
        first[0] = file_size(site / name), "the page itself"
    if _total(first) > budget.first:
        inline_parts = _parts((site / name).read_text(encoding="utf-8"))
        message = f"The page weighs {_total(first):,} bytes before it shows anything; {budget.first:,} is its budget."
        yield False, f"{message} It is: {_list(inline_parts + first[1:])}."
    if len(first) > budget.blocking:
        message = f"{len(first)} requests hold up the page; {budget.blocking} is its budget: {_list(first)}."
        yield True, message
    script = [(audit["script"], "inside the page"), *weights(audit["scripts"])]
    if _total(script) > MAX_SCRIPT_BYTES:
        message = f"The scripts weigh {_total(script):,} bytes; {MAX_SCRIPT_BYTES:,} is their budget: {_list(script)}."
        yield True, message
    if budget.total:
        heaviest = [max(weights(suffixes), default=(0, "")) for suffixes in audit["pictures"]]
        late = weights([*audit["scripts"], *audit["others"]])
        files = [*first, *dict.fromkeys([*(item for item in late if item not in first), *heaviest])]
        if _total(files) > budget.total:
            message = f"The page weighs {_total(files):,} bytes with its pictures; {budget.total:,} is its budget."
            yield False, f"{message} It is: {_list(files)}."


def file_size(path: Path) -> int:
    """Return the transferred bytes of a file, or 0."""
    if not path.is_file():
        return 0
    return packed_size(path.read_bytes()) if path.suffix in TEXTS else path.stat().st_size


def _total(weights: list[tuple[int, str]]) -> int:
    return sum(size for size, _ in weights)


def _list(weights: list[tuple[int, str]]) -> str:
    return ", ".join(f"{name} {size:,}" for size, name in sorted(weights, reverse=True) if size)


def _parts(html: str) -> list[tuple[int, str]]:
    """Return the gzipped sizes of a page's parts, which add up to slightly more than the page."""
    parts, rest = [], html
    for title, tag in (("styles", "style"), ("scripts", "script"), ("drawings", "svg")):
        result = re.compile(rf"<{tag}\b.*?</{tag}>", re.DOTALL)
        inline_text = "".join(result.findall(rest))
        rest = result.sub("", rest)
        if inline_text:
            parts.append((packed_size(inline_text.encode()), title))
    return [*parts, (packed_size(rest.encode()), "text and frame")]
