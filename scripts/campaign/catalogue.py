"""Every file that will be made, decided before any is made: links, packs, progress and checks all read this list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from html import unescape
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote

from campaign.content.pages import line_of
from campaign.formats import FORMATS, SITE_WIDTHS
from campaign.model import OFFICE, PRINT_SHOP, Campaign, Made, Output, Page

FLAT_ENDINGS = ("webp", "png")
PHOTO_ENDINGS = ("avif", "jpeg")
# Where the texts for the press are, and what all of it is packed into.
PRESS_FOLDER, PRESS_KIT = "press/", "press-kit"
# The row of destinations that newspapers print from, and the width on screens.
PRESS_PICTURE, SCREEN_WIDTH = "press", 1280
# What a page may show by `![]()`, and in which endings it is served: flat art, or a photo.
RASTERS = {
    ".jpg": PHOTO_ENDINGS,
    ".jpeg": PHOTO_ENDINGS,
    ".png": FLAT_ENDINGS,
    ".webp": FLAT_ENDINGS,
    ".gif": FLAT_ENDINGS,
}
IMAGE = re.compile(r'<img [^>]*?src="([^"]+)"')


@dataclass(frozen=True)
class Image:
    """A picture that pages show by Markdown's own `![]()`. path: below the root; where: the first page with it."""

    path: str
    where: str

    @property
    def name(self) -> str:
        """The start of the names of all that is made of it: the folders below docs/ joined by hyphens."""
        return self.path.removeprefix("docs/").rsplit(".", 1)[0].replace("/", "-").replace(" ", "-").lower()


def piece_name(output: Output) -> str:
    """A file's name without its ending: piece, language, place, format, part, flavour."""
    parts = (output.name, output.language, output.place, output.format, output.part, output.flavour)
    return "-".join(part for part in parts if part and part != OFFICE)


def catalogue(campaign: Campaign) -> list[Output]:
    """All outputs in the order in which they are made: pieces, previews, then pictures of the previews."""
    pieces = [piece for page in _pieces(campaign) for piece in _outputs(campaign, page)]
    previews = [_preview(page) for page in _pieces(campaign) if FORMATS[page.formats[0]].has_preview]
    shown = (picture for preview in previews for picture in preview_pictures(preview))
    pasted = (picture for image in images(campaign) for picture in image_pictures(image))
    return [*pieces, *previews, *logos(campaign), *shown, *pasted, *kits(campaign)]


def images(campaign: Campaign) -> list[Image]:
    """The raster files that pages show, each once."""
    found: dict[str, Image] = {}
    for page in campaign.pages.values():
        for source in IMAGE.findall(page.html):
            path = image_path(page, unescape(source))
            if path and path not in found and (campaign.root / path).is_file():
                found[path] = Image(path, line_of(page, f"]({source}"))
    return list(found.values())


def image_path(page: Page, source: str) -> str:
    """Where a page's picture lies below the root; '' where it is no raster below docs/."""
    path = normpath(join("docs", page.language, dirname(page.path), unquote(source)))
    return path if path.startswith("docs/") and Path(path).suffix.lower() in RASTERS else ""


def image_pictures(image: Image) -> list[Output]:
    """The pictures that the site serves of an image, in every width."""
    endings = RASTERS[Path(image.path).suffix.lower()]
    return [_picture(image.name, None, ending, width) for ending in endings for width in SITE_WIDTHS]


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


@dataclass(frozen=True)
class PressPicture:
    """A picture that newspapers may print. large: for paper; screen: for screens, or None."""

    title: str
    caption: str
    credit: str
    licence: str
    stem: str
    large: Made
    screen: Made | None


def press_pictures(campaign: Campaign, code: str, made: Iterable[Made]) -> list[PressPicture]:
    """Posters and photos that newspapers may print, with their words in a language."""
    large = {
        each.output.name: each
        for each in made
        if each.output.destination == PRESS_PICTURE and each.output.language == code
    }
    screen = {
        each.output.name: each
        for each in made
        if each.output.kind == "picture" and not each.output.destination and each.output.width == SCREEN_WIDTH
        if each.output.format in ("png", "jpeg")
    }
    found = []
    for (language, _), page in campaign.pages.items():
        poster = campaign.posters.get(str(page.options.get("art", page.stem)))
        if language == code and page.stem in large and poster and page.formats:
            stem, alt = f"{page.stem}-{code}-{page.formats[0]}", str(page.options.get("alt", ""))
            words = (page.title, alt, poster.credit, poster.licence)
            found.append(PressPicture(*words, stem, large[page.stem], screen.get(stem)))
    return found


def is_in_kit(campaign: Campaign, output: Output) -> bool:
    """Whether a press kit holds an output, or needs it to be made of."""
    if output.kind in ("release", "logo") or output.destination == PRESS_PICTURE:
        return True
    if output.kind == "picture":
        return output.language is not None and output.width == SCREEN_WIDTH and output.format == "png"
    page = f"{PRESS_FOLDER}{output.name}.md"
    return output.kind == "handout" and bool(output.public) and (output.language, page) in campaign.pages


def is_withheld(campaign: Campaign, path: str) -> bool:
    """Whether a file below docs/ belongs to releases under embargo alone: text, recording, or a picture in it."""
    code, _, rest = path.partition("/")
    if (code, f"{rest.rsplit('.', 1)[0]}.md") in campaign.withheld:
        return True
    held = replace(campaign, pages=campaign.withheld) if campaign.withheld else None
    return bool(
        held
        and any(image.path == f"docs/{path}" for image in images(held))
        and not any(image.path == f"docs/{path}" for image in images(campaign))
    )


def _pieces(campaign: Campaign) -> list[Page]:
    return [page for page in campaign.pages.values() if page.formats and page.panels]


def _outputs(campaign: Campaign, page: Page) -> Iterator[Output]:
    for name in page.formats:
        format = FORMATS[name]
        places = (None, *campaign.places) if format.has_places and page.has_places else (None,)
        for flavour in format.flavours:
            # What stands beside a piece, notes or sheets, is made for the first of those who print it.
            parts = format.parts if flavour == format.flavours[0] else ("",)
            yield from (_output(page, name, flavour, place, part) for place in places for part in parts)


def _output(page: Page, format: str, flavour: str, place: str | None, part: str) -> Output:
    """One file of a piece. What a print shop needs is handed over, not published; a picture may be both."""
    kind = FORMATS[format].kind
    bare = Output(kind, page.stem, page.language, place, format, flavour, part=part)
    file = f"{piece_name(bare)}.{bare.ending}"
    return replace(
        bare,
        path=f"{kind}s/{flavour}/{page.language}/{file}",
        public=f"files/{page.language}/{file}" if flavour != PRINT_SHOP or part == "picture" else "",
    )


def _preview(page: Page) -> Output:
    return Output("preview", page.stem, page.language, None, page.formats[0])


def preview_pictures(preview: Output) -> list[Output]:
    """The pictures that the site shows of a piece: flat art, so lossless WebP, and PNG for old browsers."""
    stem = f"{preview.name}-{preview.language}-{preview.format}"
    widths = SITE_WIDTHS if FORMATS[preview.format].kind == "poster" else SITE_WIDTHS[:2]
    return [_picture(stem, preview.language, ending, width) for ending in FLAT_ENDINGS for width in widths]


def _picture(name: str, language: str | None, ending: str, width: int) -> Output:
    public = f"pictures/{name}-{width}.{ending}"
    return Output("picture", name, language, None, ending, width=width, path=public, public=public)
