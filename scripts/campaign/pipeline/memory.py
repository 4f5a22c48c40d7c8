"""Limits the memory that a worker keeps between pieces, for computers with little of it."""

from __future__ import annotations

from functools import cache

from campaign import printing
from campaign.cache.workers import cpu_count, give_back, memory_size, resident
from campaign.models.campaign import Campaign
from campaign.models.outputs import Output

# Bytes that a worker may keep between pieces, beyond those before its first one: a forked worker begins with more.
KEPT_MEMORY_BYTES = 400_000_000
# Share of the computer's memory that all workers together may keep.
KEPT_SHARE = 1 / 4
# Growth in bytes since the last release after which memory is released again.
RELEASE_STEP_BYTES = 25_000_000
# Beyond the limit times this, nothing is kept; below, the edition of the whole country is reused for places.
MAX_FACTOR = 1.4
# The last piece of this process, its memory before the first one, and what it had beyond that after the last release.
_piece: tuple[str | None, ...] = ()
_bytes_before = 0
_kept_bytes = 0


def forget_other_pieces(campaign: Campaign, output: Output) -> None:
    """Make Typst forget other pieces, which share little, because each run searches its whole cache."""
    global _piece, _bytes_before
    _bytes_before = _bytes_before or resident()
    last_piece, _piece = _piece, (output.name, output.language, output.format)
    if last_piece not in ((), _piece):
        printing.forget_drawn(campaign, kept_count=1)


def limit_memory(campaign: Campaign) -> None:
    """Release memory if a process uses a lot: first freed memory, then Typst's cache."""
    global _kept_bytes
    limit = kept_memory()
    if _used_bytes() < max(limit, _kept_bytes + RELEASE_STEP_BYTES):
        return
    give_back()
    if _used_bytes() > limit:
        printing.forget_drawn(campaign)
        if _used_bytes() > limit * MAX_FACTOR:  # the first call keeps entries that the last but one piece didn't use
            printing.forget_drawn(campaign)
        give_back()
    _kept_bytes = _used_bytes()


@cache
def kept_memory() -> int:
    """Return how many bytes a worker may keep between pieces."""
    return min(KEPT_MEMORY_BYTES, int(memory_size() * KEPT_SHARE / cpu_count()))


def _used_bytes() -> int:
    return resident() - _bytes_before
