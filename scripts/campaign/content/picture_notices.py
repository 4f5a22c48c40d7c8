"""Metadata of photos and drawings in a language: caption, credit, sender, and whether anything is a draft."""

from __future__ import annotations

from campaign.content.number_doubts import with_doubts
from campaign.content.picture_metadata import CAPTURED_SOURCE, DRAWN_SOURCE, PictureMetadata
from campaign.models.campaign import Campaign
from campaign.models.media import Photo, Rights
from campaign.models.page import Page, Translation

# Metadata of a JPEG has at most 64 kB, in which each text is stored twice and some characters take six bytes.
MAX_TEXT_LENGTH = 2000


def warnings_of(campaign: Campaign, code: str, *origins: Translation | None) -> list[str]:
    """Return the lines about pictures that are drafts, or have words that no one has checked.

    `origins`: the translations that the words come from.
    """
    words = campaign.languages[code].strings
    unreviewed = [origin for origin in origins if origin and not origin.is_reviewed]
    is_by_machine = any(origin.is_by_machine for origin in unreviewed)
    lines = [words["draft-picture"]] if unreviewed or not campaign.is_published else []
    return [*lines, *([words["machine-translation"]] if is_by_machine else [])]


def photo_notice(campaign: Campaign, photo: Photo, code: str) -> PictureMetadata:
    """Return the metadata of a photo that is sent to readers of a language."""
    code = code if code in photo.captions else campaign.source_language.code
    caption = with_doubts(campaign, campaign.languages[code], photo.captions.get(code, ""))
    origin = campaign.caption_origins.get(code)
    return PictureMetadata(
        language=code,
        rights=photo.rights,
        caption=caption[:MAX_TEXT_LENGTH],
        alt=photo.alts.get(code, "")[:MAX_TEXT_LENGTH],
        source=campaign.name,
        taken=photo.taken,
        kind=CAPTURED_SOURCE,
        instructions=_instructions(campaign, code, origin),
    )


def drawing_notice(campaign: Campaign, code: str, rights: Rights, page: Page | None) -> PictureMetadata:
    """Return the metadata of a drawing without words, described by the page that shows it."""
    return PictureMetadata(
        language=code,
        rights=rights,
        caption=(page.alt or page.title)[:MAX_TEXT_LENGTH] if page else "",
        alt=page.alt[:MAX_TEXT_LENGTH] if page else "",
        source=campaign.name,
        kind=DRAWN_SOURCE,
        instructions=_instructions(campaign, code, page.translation if page else None),
    )


def _instructions(campaign: Campaign, code: str, origin: Translation | None) -> str:
    sender = campaign.languages[code].strings["imprint-short"]
    return " ".join((*warnings_of(campaign, code, origin), sender))
