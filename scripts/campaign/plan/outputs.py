"""Plans every output before any is made; links, packs, progress and checks use this list."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote

from campaign.content.answers import cards_of
from campaign.models.campaign import NATIONAL, Campaign
from campaign.models.formats import (
    INSIDE_WIDTH,
    PHONE,
    PLACEHOLDER_WIDTH,
    PREVIEW_WIDTHS,
    SITE_WIDTHS,
    Destination,
    Format,
)
from campaign.models.media import Photo
from campaign.models.outputs import ANSWERS, INSIDE_SUFFIX, OFFICE, PANELS, PLACEHOLDER, PRINT_SHOP, Output
from campaign.models.page import DesignOptions, Page
from campaign.plan.press_kits import art, kits, logos
from campaign.plan.print_queues import print_queues

CONTACT_SHEET = "contact-sheet"
# Below dist/: thumbnails of pieces, apart from pictures to send.
THUMBNAILS = "thumbnails"
FLAT_ENDINGS = ("webp", "png")
PHOTO_ENDINGS = ("avif", "jpeg")
# Raster formats for `![]()`: flat art. Photos need consent, so they are in assets/photos/.
RASTERS = (".png", ".webp", ".gif")


@dataclass(frozen=True)
class Image:
    """A picture that pages show with Markdown's `![]()`.

    Attributes:
        path: below the root.
        where: the first page that shows it.
    """

    path: str
    where: str

    @property
    def name(self) -> str:
        """Return the stem of its outputs' names: the path below docs/ with hyphens."""
        return self.path.removeprefix("docs/").rsplit(".", 1)[0].replace("/", "-").replace(" ", "-").lower()


def piece_name(output: Output) -> str:
    """Return a file's name without extension: piece, language, place, format, part, flavour."""
    parts = (output.name, output.language, output.place, output.format, output.part, output.flavour)
    return "-".join(part for part in parts if part and part != OFFICE)


def catalogue(campaign: Campaign, places: Collection[str | None] = ()) -> list[Output]:
    """Return all outputs in build order: pieces, previews, screens, then what is made from those.

    Args:
        campaign: the campaign.
        places: codes, None for the whole country: list only their pieces and print queues. () for all.
    """
    codes = (None,) if campaign.place_editions == "none" else (None, *campaign.places)
    place_codes = [place for place in codes if not places or place in places]
    sheets = list(contact_sheets(campaign, place_codes))
    printed_outputs = [piece for page in _pieces(campaign) for piece in _outputs(campaign, page, place_codes)]
    pieces = [*printed_outputs, *(sheet for sheet in sheets if sheet.place in place_codes)]
    shown_pages = (*_pieces(campaign), *_sheet_pages(campaign, sheets))
    previews = [preview for page in shown_pages for preview in _previews(campaign, page)]
    laid_out = screens(campaign)
    screen_pictures = (
        picture
        for output in (*previews, *laid_out)
        for pictures in drawn_pages(campaign, output)
        for picture in pictures
    )
    pasted = (picture for image in images(campaign) for picture in image_pictures(image))
    photo_outputs = (picture for photo in campaign.photos.values() for picture in photo_pictures(campaign, photo))
    logos_and_art = (*logos(campaign), *art(campaign))
    queues_and_kits = (*print_queues(campaign, pieces), *kits(campaign))
    return [*pieces, *previews, *laid_out, *logos_and_art, *screen_pictures, *pasted, *photo_outputs, *queues_and_kits]


def contact_sheets(campaign: Campaign, places: Collection[str | None]) -> Iterator[Output]:
    """Yield a sheet with all numbers for each language and place whose leaflets have no room for them.

    The sheet of the whole country comes first and always exists, because pictures are made from it.
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
    """Return the pages of the sheets for the whole country, whose pictures are shown."""
    return [
        sheet_page(campaign, str(sheet.language)) for sheet in sheets if not sheet.place and sheet.flavour == OFFICE
    ]


def sheet_page(campaign: Campaign, language: str) -> Page:
    """Return the page of a language's contact sheet, which has only a title."""
    title, where = campaign.languages[language].strings.get(CONTACT_SHEET, ""), "assets/contacts"
    origin = campaign.word_origins.get(language)
    path, audiences = f"{CONTACT_SHEET}.md", campaign.audiences
    return Page(language, path, title, "", audiences, (CONTACT_SHEET,), DesignOptions(), origin, where)


def is_sheet(page: Page) -> bool:
    """Return whether a page exists only for contact sheets and is not on the site."""
    return page.path == f"{CONTACT_SHEET}.md"


def images(campaign: Campaign) -> list[Image]:
    """Return the raster files that pages show, each once."""
    result: dict[str, Image] = {}
    for page in campaign.pages.values():
        for image in page.outline.images:
            path = image_path(page, image.to)
            if path and path not in result and (campaign.root / path).is_file():
                result[path] = Image(path, page.line(image.start))
    return list(result.values())


def image_path(page: Page, source: str) -> str:
    """Return the path of a page's picture below the root; '' if it isn't a raster file in docs/.

    Args:
        page: the page that shows it.
        source: its address as typed.
    """
    path = normpath(join("docs", page.language, dirname(page.path), unquote(source)))
    return path if path.startswith("docs/") and Path(path).suffix.lower() in RASTERS else ""


def image_pictures(image: Image) -> list[Output]:
    """Return the website's pictures of an image, in every width."""
    return _flat(image.name, None, SITE_WIDTHS)


def screens(campaign: Campaign) -> list[Output]:
    """Return the screen layouts of posters, one for all destinations of a shape; these PDFs are not handed out."""
    largest = [group[0] for group in _shapes(campaign.destinations)]
    posters = (page for page in _pieces(campaign) if poster_format(campaign, page))
    folded_pages = (
        (page, name) for page in _pieces(campaign) for name in page.formats if campaign.formats[name].sheets
    )
    panels = [name for name, row in campaign.destinations.items() if row.is_panels]
    with_answers = (
        (page, name) for page in _pieces(campaign) for name in page.formats if ANSWERS in campaign.formats[name].shows
    )
    return [
        *(
            Output("screen", page.stem, page.language, None, poster_format(campaign, page), destination=name)
            for page in posters
            for name in largest
        ),
        *(
            Output("screen", page.stem, page.language, None, format, destination=name, part=PANELS)
            for page, format in {page.address: (page, format) for page, format in folded_pages}.values()
            for name in panels
        ),
        *(
            Output("screen", page.stem, page.language, None, format, destination=PHONE, part=ANSWERS)
            for page, format in with_answers
            if PHONE in campaign.destinations and cards_of(campaign, page)
        ),
    ]


def poster_format(campaign: Campaign, page: Page) -> str:
    """Return the first poster format of a page, or ''."""
    return next((name for name in page.formats if campaign.formats[name].needs_drawing), "")


def _shapes(destinations: Mapping[str, Destination]) -> list[list[str]]:
    """Group destinations that can share a layout, the largest first."""
    groups: dict[tuple[object, ...], list[str]] = {}
    for name, row in sorted(destinations.items(), key=lambda item: -item[1].width):
        if row.is_panels:
            continue
        groups.setdefault((row.keeps_shape, row.clear, Fraction(row.width, row.height)), []).append(name)
    return list(groups.values())


def drawn_pages(campaign: Campaign, output: Output) -> list[list[Output]]:
    """Return the pictures drawn from a preview or a screen, page by page."""
    return _preview_pages(campaign, output) if output.kind == "preview" else _screen_pages(campaign, output)


def _screen_pages(campaign: Campaign, screen: Output) -> list[list[Output]]:
    """Return the pictures of a poster for all destinations of its shape, or of each panel of a folded piece."""
    if screen.part == ANSWERS:
        row, language = campaign.destinations[screen.destination], str(screen.language)
        pieces = (page for page in _pieces(campaign) if (page.language, page.stem) == (language, screen.name))
        names = [f"{screen.name}-{page.stem}" for piece in pieces for page in cards_of(campaign, piece)]
        return [[_sent(screen.destination, row, row.endings[0], name, language)] for name in names]
    if screen.part:
        row, panels = campaign.destinations[screen.destination], campaign.formats[screen.format].panel_images
        name, language = screen.name, str(screen.language)
        outputs_sent = [_sent(screen.destination, row, row.endings[0], f"{name}-{panel}", language) for panel in panels]
        return [
            [replace(outputs, width=INSIDE_WIDTH) if panel == INSIDE_SUFFIX else outputs]
            for panel, outputs in zip(panels, outputs_sent, strict=True)
        ]
    group = next(group for group in _shapes(campaign.destinations) if group[0] == screen.destination)
    rows = ((name, campaign.destinations[name]) for name in group)
    return [[_sent(name, row, row.endings[0], screen.name, str(screen.language)) for name, row in rows]]


def names_of_piece(formats: Mapping[str, Format], piece: str) -> set[str]:
    """Return the names of a piece's outputs: its own, and one per picture of a folded piece."""
    return {piece, *(f"{piece}-{panel}" for row in formats.values() if row.sheets for panel in row.panel_images)}


def inside_name(piece: str) -> str:
    """Return the name of the picture of a folded piece's inside."""
    return f"{piece}-{INSIDE_SUFFIX}"


def photo_pictures(campaign: Campaign, photo: Photo) -> list[Output]:
    """Return the pictures of a photo, for pages and destinations, as far as consent allows."""
    rows = [(name, row) for name, row in campaign.destinations.items() if photo.is_for(row.use) and not row.is_panels]
    languages = [language.code for language in campaign.languages.values() if language.is_whole]
    pictures = [_sent(to, row, row.endings[1], photo.name, language) for language in languages for to, row in rows]
    if not photo.allows("site"):
        # Consent for newspapers is not consent for the website.
        return [replace(output, public="") for output in pictures]
    # Press pages show the photos that they offer.
    return [*_photo_outputs(photo), *pictures] if {"site", "press"} & {*photo.use} else pictures


def _photo_outputs(photo: Photo) -> Iterator[Output]:
    """Yield the website's pictures of a photo, and its placeholder."""
    name = photo_name(photo)
    for suffix in PHOTO_ENDINGS:
        yield from (_picture(name, None, suffix, width) for width in SITE_WIDTHS)
    yield Output("picture", name, None, None, "webp", width=PLACEHOLDER_WIDTH, part=PLACEHOLDER)


def photo_name(photo: Photo) -> str:
    """Return the name of a photo's pictures."""
    return f"photos-{photo.name}"


def _sent(destination: str, row: Destination, suffix: str, name: str, language: str) -> Output:
    """Return a picture for a destination, named `.jpg` because some phones don't recognise `.jpeg`."""
    file = f"{destination}/{language}/{name}-{language}.{suffix.replace('jpeg', 'jpg')}"
    public = f"pictures/{file}" if row.is_public else ""
    return Output(
        "picture",
        name,
        language,
        None,
        suffix,
        width=row.width,
        path=f"pictures/{file}",
        public=public,
        destination=destination,
    )


def _pieces(campaign: Campaign) -> list[Page]:
    return [page for page in campaign.pages.values() if page.formats and page.panels]


def _outputs(campaign: Campaign, page: Page, place_codes: Collection[str | None]) -> Iterator[Output]:
    for name in page.formats:
        format = campaign.formats[name]
        places = editions(campaign, page, name, place_codes)
        for flavour in format.flavours:
            # Notes and sheets that accompany a piece are made for its first flavour only.
            parts = format.parts if flavour == format.flavours[0] else ("",)
            for place in places:
                yield from (_output(campaign, page, name, flavour, place, part) for part in parts)
        # Test covers are printed by hand for about twenty people and are not offered for download.
        if format.drawing and None in place_codes:
            covers = (_output(campaign, page, name, format.flavours[0], None, cover.letter) for cover in page.covers)
            yield from (replace(cover, public="") for cover in covers)


def editions(
    campaign: Campaign, page: Page, name: str, codes: Collection[str | None] | None = None
) -> tuple[str | None, ...]:
    """Return the places that a piece is made for, None (the country) first; places without differences share one file.

    A design that shows no place name differs only by contacts: of the place, of its region, or an empty box.

    Args:
        campaign: the campaign.
        page: the piece's source.
        name: of its format.
        codes: the places to consider, in order; None for all.
    """
    place_codes = (None, *campaign.places) if codes is None else codes
    format = campaign.formats[name]
    if not format.has_places or not page.options.has_places:
        return tuple(place for place in place_codes if place is None)
    if format.names_place:
        return tuple(place_codes)
    panels = [panel for panel in page.panels if panel.id not in page.options.without]
    if not any(panel.id == "back" for panel in panels) and not page.outline.has_shortcode("contacts"):
        return tuple(place for place in place_codes if place is None)
    return tuple(place for place in place_codes if place is None or _has_own_contacts(campaign, place))


def _has_own_contacts(campaign: Campaign, place: str) -> bool:
    """Return whether a piece with contacts differs from those of the regions that a place belongs to."""
    return bool(campaign.places[place].contacts) or not any(item.contacts for item in campaign.regions_of(place))


def _output(campaign: Campaign, page: Page, format: str, flavour: str, place: str | None, part: str) -> Output:
    """Return one output of a piece. Print-shop files are handed over, not published; pictures may be both."""
    is_public = campaign.is_on_site(place) and (flavour != PRINT_SHOP or part == "picture")
    kind = campaign.formats[format].kind
    output = Output(kind, page.stem, page.language, place, format, flavour, part=part)
    file = f"{piece_name(output)}.{output.ending}"
    return replace(
        output,
        path=f"{place or NATIONAL}/{page.language}/{flavour}/{file}",
        public=f"files/{page.language}/{file}" if is_public else "",
    )


def _previews(campaign: Campaign, page: Page) -> Iterator[Output]:
    """Return the previews of a piece on the website."""
    if campaign.formats[page.formats[0]].has_preview:
        yield Output("preview", page.stem, page.language, None, page.formats[0])


def preview_stems(campaign: Campaign, page: Page) -> list[str]:
    """Return the stems of a piece's picture names, one per side shown."""
    return [stem for preview in _previews(campaign, page) for stem in _preview_stems(campaign, preview)]


def _preview_stems(campaign: Campaign, preview: Output) -> list[str]:
    """Return the stems for the first page and, for folded pieces, the inside."""
    stem = f"{preview.name}-{preview.language}-{preview.format}"
    return [stem, f"{stem}-{INSIDE_SUFFIX}"] if len(campaign.formats[preview.format].sheets) > 1 else [stem]


def _preview_pages(campaign: Campaign, preview: Output) -> list[list[Output]]:
    """Return the website's pictures of a piece: lossless WebP, since it is flat art, and PNG for old browsers."""
    widths = PREVIEW_WIDTHS if campaign.formats[preview.format].needs_drawing else PREVIEW_WIDTHS[:-1]
    return [_flat(stem, preview.language, widths) for stem in _preview_stems(campaign, preview)]


def _flat(name: str, language: str | None, widths: Sequence[int]) -> list[Output]:
    old = [width for width in widths if width in PREVIEW_WIDTHS]
    rows = (
        (suffix, item)
        for suffix, pixel_widths in zip(FLAT_ENDINGS, (widths, old), strict=True)
        for item in pixel_widths
    )
    return [_picture(name, language, suffix, width) for suffix, width in rows]


def _picture(name: str, language: str | None, suffix: str, width: int) -> Output:
    file = f"{name}-{width}.{suffix}"
    path, public = f"{THUMBNAILS}/{file}", f"pictures/{file}"
    return Output("picture", name, language, None, suffix, width=width, path=path, public=public)
