"""Every file that will be made, decided before any is made: links, packs, progress and checks all read this list."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote

from campaign.models.campaign import NATIONAL, Campaign
from campaign.models.formats import (
    INSIDE_WIDTH,
    PLACEHOLDER_WIDTH,
    PREVIEW_WIDTHS,
    SITE_WIDTHS,
    Destination,
    Format,
)
from campaign.models.media import Photo
from campaign.models.outputs import INSIDE, OFFICE, PANELS, PLACEHOLDER, PRINT_SHOP, Output
from campaign.models.page import DesignOptions, Page
from campaign.plan.press_kits import art, kits, logos
from campaign.plan.print_queues import print_queues

CONTACT_SHEET = "contact-sheet"
# Below dist/: what lists show of pieces, apart from pictures to send.
THUMBNAILS = "thumbnails"
FLAT_ENDINGS = ("webp", "png")
PHOTO_ENDINGS = ("avif", "jpeg")
# What a page may show by `![]()`: flat art. Photos have consent, so they are in assets/photos/.
RASTERS = (".png", ".webp", ".gif")


@dataclass(frozen=True)
class Image:
    """A picture that pages show by Markdown's own `![]()`.

    Attributes:
        path: below the root.
        where: the first page with it.
    """

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


def catalogue(campaign: Campaign, places: Collection[str | None] = ()) -> list[Output]:
    """All outputs in the order in which they are made: pieces, previews, screens, then all that is made of those.

    Args:
        campaign: what is planned.
        places: codes, None for the whole country; only their pieces and print queues are listed. () for all.
    """
    wanted = [place for place in (None, *campaign.places) if not places or place in places]
    sheets = list(contact_sheets(campaign, wanted))
    printed = [piece for page in _pieces(campaign) for piece in _outputs(campaign, page, wanted)]
    pieces = [*printed, *(sheet for sheet in sheets if sheet.place in wanted)]
    shown_pages = (*_pieces(campaign), *_sheet_pages(campaign, sheets))
    previews = [preview for page in shown_pages for preview in _previews(campaign, page)]
    laid_out = screens(campaign)
    shown = (
        picture
        for output in (*previews, *laid_out)
        for pictures in drawn_pages(campaign, output)
        for picture in pictures
    )
    pasted = (picture for image in images(campaign) for picture in image_pictures(image))
    taken = (picture for photo in campaign.photos.values() for picture in photo_pictures(campaign, photo))
    drawn = (*logos(campaign), *art(campaign))
    packed = (*print_queues(campaign, pieces), *kits(campaign))
    return [*pieces, *previews, *laid_out, *drawn, *shown, *pasted, *taken, *packed]


def contact_sheets(campaign: Campaign, places: Collection[str | None]) -> Iterator[Output]:
    """A sheet with all numbers for each language and place whose leaflets have no room for them.

    That of the whole country comes first and is always among them, since pictures are made of it.
    """
    for code in campaign.languages:
        pages = [page for page in _pieces(campaign) if page.language == code]
        if not any(campaign.formats[name].sheets for page in pages for name in page.formats):
            continue
        sheet = sheet_page(campaign, code)
        for place in dict.fromkeys((None, *places)):
            if campaign.needs_sheet(place):
                for flavour in campaign.formats[CONTACT_SHEET].flavours:
                    yield _output(campaign, sheet, CONTACT_SHEET, flavour, place, "")


def _sheet_pages(campaign: Campaign, sheets: list[Output]) -> list[Page]:
    """What stands for the sheets of the whole country, which pictures are shown of."""
    return [sheet_page(campaign, str(each.language)) for each in sheets if not each.place and each.flavour == OFFICE]


def sheet_page(campaign: Campaign, language: str) -> Page:
    """What the contact sheet of a language says besides contacts: its title."""
    title, where = campaign.languages[language].strings.get(CONTACT_SHEET, ""), "assets/contacts"
    origin = campaign.word_origins.get(language)
    path, audiences = f"{CONTACT_SHEET}.md", campaign.audiences
    return Page(language, path, title, "", audiences, (CONTACT_SHEET,), DesignOptions(), origin, where)


def is_sheet(page: Page) -> bool:
    """Whether a page stands for contact sheets alone: the site has none of its own."""
    return page.path == f"{CONTACT_SHEET}.md"


def images(campaign: Campaign) -> list[Image]:
    """The raster files that pages show, each once."""
    found: dict[str, Image] = {}
    for page in campaign.pages.values():
        for image in page.outline.images:
            path = image_path(page, image.to)
            if path and path not in found and (campaign.root / path).is_file():
                found[path] = Image(path, page.line(image.at))
    return list(found.values())


def image_path(page: Page, source: str) -> str:
    """Where a page's picture lies below the root; '' where it is no raster below docs/.

    Args:
        page: that shows it.
        source: its address as typed.
    """
    path = normpath(join("docs", page.language, dirname(page.path), unquote(source)))
    return path if path.startswith("docs/") and Path(path).suffix.lower() in RASTERS else ""


def image_pictures(image: Image) -> list[Output]:
    """The pictures that the site serves of an image, in every width."""
    return _flat(image.name, None, SITE_WIDTHS)


def screens(campaign: Campaign) -> list[Output]:
    """Each poster laid out anew, once for all destinations of one shape: PDFs that nobody is handed."""
    largest = [group[0] for group in _shapes(campaign.destinations)]
    posters = (page for page in _pieces(campaign) if poster_format(campaign, page))
    folded = ((page, name) for page in _pieces(campaign) for name in page.formats if campaign.formats[name].sheets)
    panels = [name for name, row in campaign.destinations.items() if row.is_panels]
    return [
        *(
            Output("screen", page.stem, page.language, None, poster_format(campaign, page), destination=name)
            for page in posters
            for name in largest
        ),
        *(
            Output("screen", page.stem, page.language, None, format, destination=name, part=PANELS)
            for page, format in {page.address: (page, format) for page, format in folded}.values()
            for name in panels
        ),
    ]


def poster_format(campaign: Campaign, page: Page) -> str:
    """The first of a page's formats that is a poster; '' where none is."""
    return next((name for name in page.formats if campaign.formats[name].needs_drawing), "")


def _shapes(destinations: Mapping[str, Destination]) -> list[list[str]]:
    """Destinations for which one layout will do, the largest of each first."""
    groups: dict[tuple[object, ...], list[str]] = {}
    for name, row in sorted(destinations.items(), key=lambda item: -item[1].width):
        if row.is_panels:
            continue
        groups.setdefault((row.keeps_shape, row.clear, Fraction(row.width, row.height)), []).append(name)
    return list(groups.values())


def drawn_pages(campaign: Campaign, output: Output) -> list[list[Output]]:
    """The pictures that are drawn from a preview or a screen, page by page; none from pages after those."""
    return _preview_pages(campaign, output) if output.kind == "preview" else _screen_pages(campaign, output)


def _screen_pages(campaign: Campaign, screen: Output) -> list[list[Output]]:
    """Of a poster its pictures for all destinations of its shape; of each panel of what is folded the one."""
    if screen.part:
        row, panels = campaign.destinations[screen.destination], campaign.formats[screen.format].travelling
        name, language = screen.name, str(screen.language)
        sent = [_sent(screen.destination, row, row.endings[0], f"{name}-{panel}", language) for panel in panels]
        return [
            [replace(each, width=INSIDE_WIDTH) if panel == INSIDE else each]
            for panel, each in zip(panels, sent, strict=True)
        ]
    group = next(group for group in _shapes(campaign.destinations) if group[0] == screen.destination)
    rows = ((name, campaign.destinations[name]) for name in group)
    return [[_sent(name, row, row.endings[0], screen.name, str(screen.language)) for name, row in rows]]


def names_of_piece(formats: Mapping[str, Format], piece: str) -> set[str]:
    """What outputs of a piece are called: itself, and each picture of what is folded."""
    return {piece, *(f"{piece}-{panel}" for row in formats.values() if row.sheets for panel in row.travelling)}


def inside_name(piece: str) -> str:
    """The name of the picture of the inside of what is folded."""
    return f"{piece}-{INSIDE}"


def photo_pictures(campaign: Campaign, photo: Photo) -> list[Output]:
    """What is made of a photo, as far as those whom it shows have agreed: for pages, and for each destination."""
    rows = [(name, row) for name, row in campaign.destinations.items() if photo.is_for(row.use) and not row.is_panels]
    languages = [language.code for language in campaign.languages.values() if language.is_whole]
    sent = [_sent(to, row, row.endings[1], photo.name, language) for language in languages for to, row in rows]
    if not photo.may_be("site"):
        # Who agreed to be in the newspaper has not agreed to be on the site.
        return [replace(output, public="") for output in sent]
    # The page for the press shows what it offers.
    return [*_shown(photo), *sent] if {"site", "press"} & {*photo.use} else sent


def _shown(photo: Photo) -> Iterator[Output]:
    """What the site serves of a photo, and what stands there until it has come."""
    name = photo_name(photo)
    for ending in PHOTO_ENDINGS:
        yield from (_picture(name, None, ending, width) for width in SITE_WIDTHS)
    yield Output("picture", name, None, None, "webp", width=PLACEHOLDER_WIDTH, part=PLACEHOLDER)


def photo_name(photo: Photo) -> str:
    """The name under which pages find the pictures of a photo."""
    return f"photos-{photo.name}"


def _sent(destination: str, row: Destination, ending: str, name: str, language: str) -> Output:
    """A picture for a destination. Its file is `.jpg`: some phones know no other name for a JPEG."""
    file = f"{destination}/{language}/{name}-{language}.{ending.replace('jpeg', 'jpg')}"
    public = f"pictures/{file}" if row.is_public else ""
    return Output(
        "picture",
        name,
        language,
        None,
        ending,
        width=row.width,
        path=f"pictures/{file}",
        public=public,
        destination=destination,
    )


def _pieces(campaign: Campaign) -> list[Page]:
    return [page for page in campaign.pages.values() if page.formats and page.panels]


def _outputs(campaign: Campaign, page: Page, wanted: Collection[str | None]) -> Iterator[Output]:
    for name in page.formats:
        format = campaign.formats[name]
        places = editions(campaign, page, name, wanted)
        for flavour in format.flavours:
            # What stands beside a piece, notes or sheets, is made for the first of those who print it.
            parts = format.parts if flavour == format.flavours[0] else ("",)
            for place in places:
                yield from (_output(campaign, page, name, flavour, place, part) for part in parts)
        # Covers to be tried are printed by hand, for some twenty people, and are nothing to be found and passed on.
        if format.drawing and None in wanted:
            covers = (_output(campaign, page, name, format.flavours[0], None, cover.letter) for cover in page.covers)
            yield from (replace(cover, public="") for cover in covers)


def editions(
    campaign: Campaign, page: Page, name: str, wanted: Collection[str | None] | None = None
) -> tuple[str | None, ...]:
    """The places that a piece is made for, None for the country first: where nothing would differ, it is one file.

    A design that names no place differs by contacts alone: those of a place, of its region, or the box for them.

    Args:
        campaign: whose piece it is.
        page: that is printed.
        name: of its format.
        wanted: the places that are looked at, in this order; None for all.
    """
    asked = (None, *campaign.places) if wanted is None else wanted
    format = campaign.formats[name]
    if not format.has_places or not page.options.has_places:
        return tuple(place for place in asked if place is None)
    if format.names_place:
        return tuple(asked)
    shown = [panel for panel in page.panels if panel.id not in page.options.without]
    if not any(panel.id == "back" for panel in shown) and not page.outline.has_shortcode("contacts"):
        return tuple(place for place in asked if place is None)
    return tuple(place for place in asked if place is None or _has_own_contacts(campaign, place))


def _has_own_contacts(campaign: Campaign, place: str) -> bool:
    """Whether a piece that shows contacts differs from those of the places that a place is part of."""
    return bool(campaign.places[place].contacts) or not any(each.contacts for each in campaign.regions_of(place))


def _output(campaign: Campaign, page: Page, format: str, flavour: str, place: str | None, part: str) -> Output:
    """One file of a piece. What a print shop needs is handed over, not published; a picture may be both."""
    is_public = campaign.is_on_site(place) and (flavour != PRINT_SHOP or part == "picture")
    kind = campaign.formats[format].kind
    bare = Output(kind, page.stem, page.language, place, format, flavour, part=part)
    file = f"{piece_name(bare)}.{bare.ending}"
    return replace(
        bare,
        path=f"{place or NATIONAL}/{page.language}/{flavour}/{file}",
        public=f"files/{page.language}/{file}" if is_public else "",
    )


def _previews(campaign: Campaign, page: Page) -> Iterator[Output]:
    """What the site shows of a piece."""
    if campaign.formats[page.formats[0]].has_preview:
        yield Output("preview", page.stem, page.language, None, page.formats[0])


def preview_stems(campaign: Campaign, page: Page) -> list[str]:
    """The start of the names of all pictures of a piece, for each side that is shown."""
    return [stem for preview in _previews(campaign, page) for stem in _preview_stems(campaign, preview)]


def _preview_stems(campaign: Campaign, preview: Output) -> list[str]:
    """Of its first page; of what is folded, of its inside too."""
    stem = f"{preview.name}-{preview.language}-{preview.format}"
    return [stem, f"{stem}-{INSIDE}"] if len(campaign.formats[preview.format].sheets) > 1 else [stem]


def _preview_pages(campaign: Campaign, preview: Output) -> list[list[Output]]:
    """The pictures that the site shows of a piece: flat art, so lossless WebP, and PNG for old browsers."""
    widths = PREVIEW_WIDTHS if campaign.formats[preview.format].needs_drawing else PREVIEW_WIDTHS[:-1]
    return [_flat(stem, preview.language, widths) for stem in _preview_stems(campaign, preview)]


def _flat(name: str, language: str | None, widths: Sequence[int]) -> list[Output]:
    old = [width for width in widths if width in PREVIEW_WIDTHS]
    rows = ((ending, each) for ending, some in zip(FLAT_ENDINGS, (widths, old), strict=True) for each in some)
    return [_picture(name, language, ending, width) for ending, width in rows]


def _picture(name: str, language: str | None, ending: str, width: int) -> Output:
    file = f"{name}-{width}.{ending}"
    path, public = f"{THUMBNAILS}/{file}", f"pictures/{file}"
    return Output("picture", name, language, None, ending, width=width, path=path, public=public)
