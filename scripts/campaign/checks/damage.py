"""Predicts which pictures a build can't read, by decoding them as small as their formats can."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple
from functools import partial
from pathlib import Path

from PIL import Image

from campaign.cache.memo import Memo
from campaign.cache.store import hash_file
from campaign.checks.strays import used_files
from campaign.models.campaign import Campaign
from campaign.models.problem import Problem
from campaign.plan.outputs import RASTERS

DECODED_WIDTH_PX = 64


def check_damage(campaign: Campaign, memo: Memo) -> Iterator[Problem]:
    """Yield the photos and the pictures of pages that can't be decoded. `memo` caches results."""
    paths = [campaign.root / name for name in used_files(campaign) if Path(name).suffix.lower() in RASTERS]
    for path in sorted({*paths, *(photo.file for photo in campaign.photos.values())}):
        where = path.relative_to(campaign.root).as_posix()
        try:
            key = f"damage {where} {hash_file(path, where, memo)}"
        except OSError:
            continue  # reported elsewhere
        yield from (Problem(*row) for row in memo.get_or_make(key, partial(_decode, campaign.root, path)))


def _decode(root: Path, path: Path) -> list[tuple[str, ...]]:
    """Return the row of a picture's problem, or nothing."""
    from campaign.images.open import open_picture  # 0.1 s to import, and most files are cached

    decoded = open_picture(root, path, path.relative_to(root).as_posix(), DECODED_WIDTH_PX, Image.Resampling.BOX)
    return [astuple(decoded)] if isinstance(decoded, Problem) else []
