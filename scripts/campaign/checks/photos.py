"""Photos that still contain metadata, or show what should be covered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from campaign.cache.memo import Memo
from campaign.cache.store import hash_file
from campaign.cleaning.photo import traces
from campaign.content.originals import check_originals
from campaign.models.campaign import Campaign
from campaign.models.media import Photo
from campaign.models.problem import Problem

TIDY = "Run `campaign tidy`. (At the desk: Today.)"


def check_photos(campaign: Campaign, memo: Memo) -> Iterator[Problem]:
    """Yield photos with metadata. `memo` caches results."""
    for photo in campaign.photos.values():
        metadata, is_open = _inspect(campaign.root, photo, memo)
        where = photo.file.relative_to(campaign.root).as_posix()
        if metadata:
            message = f"The photo still holds {', '.join(metadata)}, which may reveal place, camera and names."
            yield Problem("photo-metadata", where, message, f"{TIDY} Pictures made from it don't contain that.")
        if is_open:
            message = "The photo file still shows what `redact` covers, and travels with the campaign's folder."
            yield Problem("photo-uncovered", where, message, f"{TIDY} It keeps the original in originals/.")
    yield from check_originals(campaign.root)


def check_exposed(campaign: Campaign) -> Iterator[Problem]:
    """Yield files that must not be handed over: originals in git, and uncovered photos."""
    yield from check_originals(campaign.root)
    for photo in campaign.photos.values():
        if _inspect(campaign.root, photo, Memo(None))[1]:
            where = photo.file.relative_to(campaign.root).as_posix()
            message = "The photo file still shows what `redact` covers."
            yield Problem("original-exposed", where, message, f"{TIDY} It keeps the original in originals/.")


def _inspect(root: Path, photo: Photo, memo: Memo) -> tuple[list[str], bool]:
    def inspect() -> list[Any]:
        from campaign.images.stored import is_covered  # 0.1 s to import

        return [traces(photo.file.read_bytes()), not is_covered(root, photo.file, photo.redact)]

    where = photo.file.relative_to(root).as_posix()
    try:
        result = memo.get_or_make(f"photo {where} {hash_file(photo.file, where, memo)} {photo.redact}", inspect)
    except OSError:
        return [], False  # reported elsewhere
    return result[0], result[1]
