"""What a process remembers from one piece to the next: as much as helps, and no more than a cheap computer has."""

from __future__ import annotations

from campaign import printing
from campaign.cache.workers import give_back, resident
from campaign.models.campaign import Campaign
from campaign.models.outputs import Output

# Bytes that a worker may keep from one piece to the next.
MOST_MEMORY = 330_000_000
# So much more than when it last forgot: what it keeps by then is what it needs, and programs.
WORTH_FORGETTING = 25_000_000
# From here on it keeps no piece at all: one of a whole country is remembered for many others.
TOO_MUCH_MEMORY = 450_000_000
# What this process has set last, and how much memory it had when it had given some back.
_piece: tuple[str | None, ...] = ()
_kept = 0


def forget_other_pieces(campaign: Campaign, output: Output) -> None:
    """One piece shares few words with the next, and each run of Typst looks through all that it remembers."""
    global _piece
    before, _piece = _piece, (output.name, output.language, output.format)
    if before not in ((), _piece):
        printing.forget_drawn(campaign, kept=1)


def limit_memory(campaign: Campaign) -> None:
    """Gives memory back, where there is much and it is worth it: what was freed, then what Typst remembers.

    That is worth less than the memory of a cheap computer.
    """
    global _kept
    if resident() < max(MOST_MEMORY, _kept + WORTH_FORGETTING):
        return
    give_back()
    if resident() > MOST_MEMORY:
        printing.forget_drawn(campaign)
        if resident() > TOO_MUCH_MEMORY:  # a first time keeps what the piece before last did not need
            printing.forget_drawn(campaign)
        give_back()
    _kept = resident()
