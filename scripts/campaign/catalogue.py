"""Every file that will be made, decided before any is made: links, packs, progress and checks all read this list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote

from campaign.content.pages import line_of
from campaign.formats import FORMATS, SITE_WIDTHS
from campaign.model import FLAVOURS, OFFICE, PRINT_SHOP, Campaign, Output, Page

FLAT_ENDINGS = ("webp", "png")
PHOTO_ENDINGS = ("avif", "jpeg")
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
    """A file's name without its ending: piece, language, place, format, flavour."""
    parts = (output.name, output.language, output.place, output.format, output.flavour)
    return "-".join(part for part in parts if part and part != OFFICE)


def catalogue(campaign: Campaign) -> list[Output]:
    """All outputs in the order in which they are made: pieces, previews, then pictures of the previews."""
    pieces = [piece for page in _pieces(campaign) for piece in _outputs(campaign, page)]
    previews = [_preview(page) for page in _pieces(campaign) if page.formats]
    shown = (picture for preview in previews for picture in preview_pictures(preview))
    return [*pieces, *previews, *shown, *(picture for image in images(campaign) for picture in image_pictures(image))]


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


def _pieces(campaign: Campaign) -> list[Page]:
    return [page for page in campaign.pages.values() if page.formats and page.panels]


def _outputs(campaign: Campaign, page: Page) -> Iterator[Output]:
    for name in page.formats:
        kind = FORMATS[name].kind
        places = (None, *campaign.places) if kind == "leaflet" else (None,)
        for flavour in FLAVOURS:
            for place in places:
                bare = Output(kind, page.stem, page.language, place, name, flavour)
                file = f"{piece_name(bare)}.pdf"
                yield Output(
                    kind=kind,
                    name=page.stem,
                    language=page.language,
                    place=place,
                    format=name,
                    flavour=flavour,
                    path=f"{kind}s/{flavour}/{page.language}/{file}",
                    public=f"files/{page.language}/{file}" if flavour != PRINT_SHOP else "",
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
