"""What a page weighs on its way to a phone, against its budget, and what of it weighs most.

Bytes are those that travel: text gzipped, pictures as they are; 1 KB is 1,024 bytes. A picture in several sizes counts
in the one that a common small phone takes, 360 px wide with two dots a pixel, and in the heaviest of its endings, since
an old phone may know that one alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from campaign.models.problem import Problem
from campaign.website.page_audit import LIGHT, PageAudit, packed_size

TEXTS = {".html", ".css", ".js", ".svg", ".json", ".xml", ".txt", ".webmanifest"}
FIX = "Shorten or split the text, or use a smaller picture."
SCRIPT_FIX = "This is a bug in the generator: report it."


@dataclass(frozen=True)
class Budget:
    """The most that a page may weigh. Bytes, and requests that hold up the first paint, the page itself included.

    more: added to `first` where letters take three bytes, and the same words weigh more: Burmese, Thai, Chinese, Khmer.
    """

    first: int
    whole: int | None
    blocking: int
    more: int


HOME = Budget(first=7_500, whole=45 * 1024, blocking=2, more=1_000)
PAGE = Budget(first=LIGHT, whole=None, blocking=2, more=512)
SCRIPT = 6 * 1024
# So many bytes beyond one for each letter, and a page is in such a script.
EXTRA = 1000
Size = Callable[[str], int]


def check_weight(
    site: Path, name: str, audit: PageAudit, is_home: bool, size: Size, is_release: bool = False
) -> Iterator[Problem]:
    """Whether a page keeps its budget.

    Args:
        site: the folder of the finished site.
        name: the page's address below it.
        audit: what is known of the page (website.page_audit).
        is_home: whether it is the front page of a language, whose budget is smaller.
        size: bytes that travel of a file below `site`, 0 where there is none.
        is_release: whether a page that is too heavy stops the build, or is only named: an office that adds a name to
            its site has to see it before it can shorten anything.
    """
    budget = HOME if is_home else PAGE
    if audit["extra"] > EXTRA:
        budget = replace(budget, first=budget.first + budget.more)
    for is_ours, what in _too_heavy(site, name, audit, budget, size):
        if is_ours:
            rule = "page-slow-release" if is_release else "page-slow"
        else:
            rule = "page-heavy-release" if is_release else "page-heavy"
        yield Problem(rule, f"site/{name}", what, SCRIPT_FIX if is_ours else FIX)


def _too_heavy(site: Path, name: str, audit: PageAudit, budget: Budget, size: Size) -> Iterator[tuple[bool, str]]:
    """(whether it is a fault of the generator, what is over the budget, with what weighs most)."""

    def weights(targets: list[str]) -> list[tuple[int, str]]:
        return [(size(target), target) for target in targets]

    first = [(audit["travels"], "the page itself"), *weights(audit["blocking"])]
    # What is known of the page is a little more than it weighs.
    if budget.whole or _sum(first) > budget.first:
        first[0] = file_size(site / name), "the page itself"
    if _sum(first) > budget.first:
        inside = _parts((site / name).read_text(encoding="utf-8"))
        what = f"The page weighs {_sum(first):,} bytes before it shows anything; {budget.first:,} are its budget."
        yield False, f"{what} It is: {_list(inside + first[1:])}."
    if len(first) > budget.blocking:
        what = f"{len(first)} requests hold up the page; {budget.blocking} are its budget: {_list(first)}."
        yield True, what
    script = [(audit["script"], "inside the page"), *weights(audit["scripts"])]
    if _sum(script) > SCRIPT:
        what = f"The scripts weigh {_sum(script):,} bytes; {SCRIPT:,} are their budget: {_list(script)}."
        yield True, what
    if budget.whole:
        heaviest = [max(weights(endings), default=(0, "")) for endings in audit["pictures"]]
        late = weights([*audit["scripts"], *audit["others"]])
        whole = [*first, *dict.fromkeys([*(each for each in late if each not in first), *heaviest])]
        if _sum(whole) > budget.whole:
            what = f"The page weighs {_sum(whole):,} bytes with its pictures; {budget.whole:,} are its budget."
            yield False, f"{what} It is: {_list(whole)}."


def file_size(path: Path) -> int:
    """Bytes that travel of a file; 0 where there is none."""
    if not path.is_file():
        return 0
    return packed_size(path.read_bytes()) if path.suffix in TEXTS else path.stat().st_size


def _sum(weights: list[tuple[int, str]]) -> int:
    return sum(size for size, _ in weights)


def _list(weights: list[tuple[int, str]]) -> str:
    """The heaviest first."""
    return ", ".join(f"{name} {size:,}" for size, name in sorted(weights, reverse=True) if size)


def _parts(html: str) -> list[tuple[int, str]]:
    """What a page's HTML is made of, each part gzipped by itself: together a little more than the whole."""
    parts, rest = [], html
    for title, tag in (("styles", "style"), ("scripts", "script"), ("drawings", "svg")):
        found = re.compile(rf"<{tag}\b.*?</{tag}>", re.DOTALL)
        inside = "".join(found.findall(rest))
        rest = found.sub("", rest)
        if inside:
            parts.append((packed_size(inside.encode()), title))
    return [*parts, (packed_size(rest.encode()), "text and frame")]
