"""Delete leftovers of programs and clean the files of photos."""

from __future__ import annotations

from pathlib import Path

from starlette.responses import Response

from campaign.content.leftovers import leftovers, tidy_leftovers
from campaign.content.originals import ORIGINALS
from campaign.content.photos import FOLDER
from campaign.desk.desk import NOTICE_UNCHANGED
from campaign.desk.panel import Panel, post
from campaign.models.media import Photo
from campaign.models.problem import CampaignError
from campaign.pipeline.tidying import tidy_photos, untidy_photos


class Tidying(Panel):
    """The button that tidies up."""

    @post("/tidy")
    def tidy(self) -> Response:
        root = self.root
        deleted, moved = tidy_leftovers(root, leftovers(root))
        campaign, photos = untidy_photos(root)
        title = self.words.say("did-tidy", count=len(deleted) + len(moved) + len(photos))

        def clean() -> None:
            _, problems = tidy_photos(campaign, photos)
            if problems:
                raise CampaignError(problems)

        posters = [each.where.partition(":")[0] for each in campaign.posters.values() if each.photo]
        names = [*(name for photo in photos for name in _files(root, photo)), *posters]
        _, saved = self.files.record(title, self.desk.you, names, clean)
        return self.go("/", saved or NOTICE_UNCHANGED)


def _files(root: Path, photo: Photo) -> list[str]:
    endings = dict.fromkeys((photo.file.suffix, ".jpg", ".png", ".webp"))
    own = [f"{FOLDER}/{photo.name}{ending}" for ending in endings]
    return [*own, f"{ORIGINALS}/{photo.file.relative_to(root / FOLDER).name}"]
