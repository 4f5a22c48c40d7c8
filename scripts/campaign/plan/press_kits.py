"""What is in the press kits: one for each language, and the pictures that newspapers may print."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from campaign.models.campaign import Campaign
from campaign.models.formats import PHONE
from campaign.models.media import Rights
from campaign.models.outputs import Made, Output

# Where the texts for the press are, and what all of it is packed into.
PRESS_FOLDER, PRESS_KIT = "press/", "press-kit"
# Where below dist/ partners find what is under embargo.
PREVIEW_FOLDER = "press-preview"
# The row of destinations that newspapers print from, and the width on screens.
PRESS_PICTURE, SCREEN_WIDTH = "press", 1280
# The row of destinations whose pictures of posters are for screens: unlike previews they bear sender and draft line.
SCREEN_PICTURE = PHONE


def kits(campaign: Campaign) -> list[Output]:
    """The press kit of each language that has the whole site and something to say to the press."""
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
    """Each logo as a picture, for whoever cannot use drawings. Press kits hold them; nothing else does."""
    return [Output("logo", name, None, None, "png") for name in campaign.logos] if kits(campaign) else []


def art(campaign: Campaign) -> list[Output]:
    """The drawing of each poster without words, as a drawing and as a picture: for whoever sets words of their own."""
    if not kits(campaign):
        return []
    return [Output("art", name, None, None, ending) for name in campaign.posters for ending in ("svg", "png")]


@dataclass(frozen=True)
class PressPicture:
    """A picture that newspapers may print.

    Attributes:
        title: '' of a photo.
        rights: whose it is.
        stem: of the pictures that pages show of it.
        large: for paper.
        screen: for screens, or None.
    """

    title: str
    caption: str
    alt: str
    rights: Rights
    stem: str
    large: Made
    screen: Made | None


def press_pictures(campaign: Campaign, code: str, made: Iterable[Made]) -> list[PressPicture]:
    """Posters and photos that newspapers may print, with their words in a language.

    Kits are on the site: a photo for the press alone is handed over by hand.
    """
    large = {
        each.output.name: each
        for each in made
        if each.output.destination == PRESS_PICTURE and each.output.language == code
    }
    screen = {
        each.output.name: each
        for each in made
        if each.output.destination == SCREEN_PICTURE and each.output.language == code
    }
    shown = {
        each.output.name: each
        for each in made
        if each.output.kind == "picture" and not each.output.destination and each.output.width == SCREEN_WIDTH
        if each.output.format in ("png", "jpeg")
    }
    found = []
    for (language, _), page in campaign.pages.items():
        poster = campaign.posters.get(page.art)
        is_poster = any(campaign.formats[name].needs_drawing for name in page.formats)
        if language == code and page.stem in large and poster and is_poster:
            stem, alt = f"{page.stem}-{code}-{page.formats[0]}", page.alt
            words = (page.title, alt, alt, poster.rights)
            found.append(PressPicture(*words, stem, large[page.stem], screen.get(page.stem)))
    for photo in campaign.photos.values():
        if photo.name in large and photo.may_be("site"):
            stem, caption = f"photos-{photo.name}", photo.captions.get(code, "")
            words = ("", caption, photo.alts.get(code, ""), photo.rights)
            found.append(PressPicture(*words, stem, large[photo.name], shown.get(stem)))
    return found


def is_kit_piece(campaign: Campaign, output: Output) -> bool:
    """Whether an output is printed and published in a format that press kits hold."""
    format = campaign.formats.get(output.format)
    return bool(format and format.is_in_press_kit and output.kind == format.kind and output.public)


def is_in_kit(campaign: Campaign, output: Output) -> bool:
    """Whether a press kit holds an output, or needs it to be made of."""
    if output.kind in ("release", "logo", "art") or output.destination in (PRESS_PICTURE, SCREEN_PICTURE):
        return True
    page = f"{PRESS_FOLDER}{output.name}.md"
    return is_kit_piece(campaign, output) and (output.language, page) in campaign.pages
