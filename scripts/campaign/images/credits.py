"""Requests for all pictures of a photo or poster: metadata in the right language, and the destination."""

from __future__ import annotations

from collections.abc import Iterable

from campaign.content.picture_metadata import CAPTURED_SOURCE, DRAWN_SOURCE, PictureMetadata, photo_notice
from campaign.images.recipes import PictureRequest
from campaign.models.campaign import Campaign
from campaign.models.media import Photo, Rights
from campaign.models.outputs import Output
from campaign.models.page import Page


def photo_requests(campaign: Campaign, photo: Photo, outputs: Iterable[Output]) -> dict[Output, PictureRequest]:
    """Return the requests for a photo. Pictures of the website serve all languages, so they carry only the credit."""
    return {
        output: PictureRequest(
            notice=_photo_notice(campaign, photo, output),
            destination=campaign.destinations.get(output.destination),
            focus=photo.focus,
            meaning=photo.meaning,
        )
        for output in outputs
    }


def _photo_notice(campaign: Campaign, photo: Photo, output: Output) -> PictureMetadata:
    source = campaign.source_language.code
    if output.destination:
        return photo_notice(campaign, photo, output.language or source)
    return PictureMetadata(source, photo.rights, taken=photo.taken, kind=CAPTURED_SOURCE)


def poster_requests(campaign: Campaign, page: Page, outputs: Iterable[Output]) -> dict[Output, PictureRequest]:
    """Return the requests for pictures of a poster laid out for a destination, and of the panels of a folded piece."""
    poster = campaign.posters.get(page.art)
    notice = PictureMetadata(
        language=page.language,
        rights=poster.rights if poster else Rights(),
        headline=page.title,
        caption=page.description,
        alt=page.alt,
        source=campaign.name,
        kind=DRAWN_SOURCE,
    )
    return {
        output: PictureRequest(notice, campaign.destinations[output.destination], is_drawn=True) for output in outputs
    }
