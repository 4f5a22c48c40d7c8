"""Today's button that clears away what programs left behind, and cleans the files of photos."""

from __future__ import annotations

from pathlib import Path

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from campaign.content.leftovers import leftovers, tidy_leftovers
from campaign.content.originals import ORIGINALS
from campaign.content.photos import FOLDER
from campaign.desk.desk import SAME, Desk
from campaign.models.media import Photo
from campaign.models.problem import CampaignError
from campaign.pipeline.tidying import tidy_photos, untidy_photos


def routes(desk: Desk) -> list[Route]:
    """What the button asks for."""

    def tidy(request: Request, form: FormData) -> Response:  # noqa: ARG001
        root = desk.workspace.root
        deleted, moved = tidy_leftovers(root, leftovers(root))
        campaign, photos = untidy_photos(root)
        title = desk.words(request).say("did-tidy", count=len(deleted) + len(moved) + len(photos))

        def clean() -> None:
            _, problems = tidy_photos(campaign, photos)
            if problems:
                raise CampaignError(problems)

        posters = [each.where.partition(":")[0] for each in campaign.posters.values() if each.photo]
        names = [*(name for photo in photos for name in _files(root, photo)), *posters]
        _, saved = desk.workspace.files.record(title, desk.you, names, clean)
        return desk.go("/", saved or SAME)

    return [desk.post("/tidy", tidy)]


def _files(root: Path, photo: Photo) -> list[str]:
    """All that cleaning a photo may change."""
    endings = dict.fromkeys((photo.file.suffix, ".jpg", ".png", ".webp"))
    own = [f"{FOLDER}/{photo.name}{ending}" for ending in endings]
    return [*own, f"{ORIGINALS}/{photo.file.relative_to(root / FOLDER).name}"]
