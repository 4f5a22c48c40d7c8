"""The contents of press kits, one per language, and the pictures that newspapers may print."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from campaign.content.picture_metadata import PictureMetadata, photo_notice
from campaign.models.campaign import Campaign
from campaign.models.formats import PHONE
from campaign.models.media import Rights
from campaign.models.outputs import PRESS_KIT, Artifact, Output

# The folder of press texts.
PRESS_FOLDER = "press/"
# The folder of embargo previews below dist/.
PREVIEW_FOLDER = "press-preview"
# The destination for newspapers, and the width on screens.
PRESS_PICTURE = "press"
SCREEN_WIDTH = 1280
# The destination of posters for screens; unlike previews, these show the publisher and the draft line.
SCREEN_PICTURE = PHONE


def kits(campaign: Campaign) -> list[Output]:
    """Return the press kit of each language that has a complete site and press texts."""
    speaking = {code for (code, path), page in campaign.pages.items() if path.startswith(PRESS_FOLDER)}
    return [
        Output(
            PRESS_KIT,
            PRESS_KIT,
            language.code,
            None,
            "zip",
            path=f"press/{language.code}/{PRESS_KIT}-{language.code}.zip",
            public=f"files/{language.code}/{PRESS_KIT}-{language.code}.zip",
        )
        for language in campaign.languages.values()
        if language.is_whole and language.code in speaking
    ]


def logos(campaign: Campaign) -> list[Output]:
    """Return each logo as a raster picture, for press kits only."""
    return [Output("logo", name, None, None, "png") for name in campaign.logos] if kits(campaign) else []


def art(campaign: Campaign) -> list[Output]:
    """Return each poster's drawing without text, as SVG and as a picture."""
    if not kits(campaign):
        return []
    return [Output("art", name, None, None, suffix) for name in campaign.posters for suffix in ("svg", "png")]


@dataclass(frozen=True)
class PressPicture:
    """A picture that newspapers may print.

    Attributes:
        title: '' for photos.
        rights: the credit.
        stem: of its pictures on pages.
        large: for print.
        screen: for screens, or None.
        notice: metadata for a picture that is the same file in all languages, or None.
    """

    title: str
    caption: str
    alt: str
    rights: Rights
    stem: str
    large: Artifact
    screen: Artifact | None
    notice: PictureMetadata | None = None


def press_pictures(campaign: Campaign, code: str, artifacts: Iterable[Artifact]) -> list[PressPicture]:
    """Return the posters and photos that newspapers may print, with texts in a language.

    Kits are published on the site, so photos with consent for the press only are left out.
    """
    large = {
        artifact.output.name: artifact
        for artifact in artifacts
        if artifact.output.destination == PRESS_PICTURE and artifact.output.language == code
    }
    screen = {
        artifact.output.name: artifact
        for artifact in artifacts
        if artifact.output.destination == SCREEN_PICTURE and artifact.output.language == code
    }
    pictures = {
        artifact.output.name: artifact
        for artifact in artifacts
        if artifact.output.kind == "picture"
        and not artifact.output.destination
        and artifact.output.width == SCREEN_WIDTH
        if artifact.output.format in ("png", "jpeg")
    }
    results = []
    for (language, _), page in campaign.pages.items():
        poster = campaign.posters.get(page.art)
        is_poster = any(campaign.formats[name].needs_drawing for name in page.formats)
        if language == code and page.stem in large and poster and is_poster:
            stem, alt = f"{page.stem}-{code}-{page.formats[0]}", page.alt
            words = (page.title, alt, alt, poster.rights)
            results.append(PressPicture(*words, stem, large[page.stem], screen.get(page.stem)))
    for photo in campaign.photos.values():
        if photo.name in large and photo.allows("site"):
            stem, caption = f"photos-{photo.name}", photo.captions.get(code, "")
            words = ("", caption, photo.alts.get(code, ""), photo.rights)
            notice = photo_notice(campaign, photo, code)
            results.append(PressPicture(*words, stem, large[photo.name], pictures.get(stem), notice))
    return results


def is_kit_piece(campaign: Campaign, output: Output) -> bool:
    """Return whether an output is printed, published, and in a format for press kits."""
    format = campaign.formats.get(output.format)
    return bool(format and format.is_in_press_kit and output.kind == format.kind and output.public)


def is_in_kit(campaign: Campaign, output: Output) -> bool:
    """Return whether a press kit contains an output or is made from it."""
    if output.kind in ("release", "logo", "art") or output.destination in (PRESS_PICTURE, SCREEN_PICTURE):
        return True
    page = f"{PRESS_FOLDER}{output.name}.md"
    return is_kit_piece(campaign, output) and (output.language, page) in campaign.pages
