"""The packages that make pieces: one makes texts to paste, the other everything that is printed."""

from __future__ import annotations

from pathlib import Path
from typing import Protocol

from campaign.models.campaign import Campaign
from campaign.models.outputs import Artifact, Output
from campaign.models.problem import Problem


class Maker(Protocol):
    """Makes pieces of a kind: packs or printing."""

    def key_and_drawings(self, campaign: Campaign, output: Output) -> tuple[str, dict[str, str]]:
        """Return the key of a piece, and the hashes of its drawings by name."""

    def inputs(self, campaign: Campaign, output: Output) -> dict[str, str]:
        """Return what a piece is made from, by name."""

    def make(self, campaign: Campaign, output: Output, target: Path) -> Artifact | list[Problem]:
        """Write a piece's file, or return what is wrong."""


def maker_of(output: Output) -> Maker:
    """Return what builds a part of a piece: texts are packed, everything else is printed."""
    from campaign import packs, printing

    if output.part in packs.TEXTS:
        return packs
    return printing


def key_of(campaign: Campaign, output: Output) -> str:
    """Return the key of a piece."""
    return key_and_drawings(campaign, output)[0]


def key_and_drawings(campaign: Campaign, output: Output) -> tuple[str, dict[str, str]]:
    """Return the key of a piece, and the hashes of its drawings by name."""
    return maker_of(output).key_and_drawings(campaign, output)


def load_makers() -> str:
    """Import what workers use, so that forked ones have it; return how to start them."""
    import campaign.checks.prints  # noqa: F401
    from campaign.printing import forget_hashes, has_run_typst

    # Each worker hashes the files again, to see whether one has changed since its key was made.
    forget_hashes()
    # Typst's threads don't survive a fork.
    return "spawn" if has_run_typst() else ""
