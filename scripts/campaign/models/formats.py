"""Formats of print, picture widths and destinations. Lengths are in millimetres unless noted."""

from __future__ import annotations

from dataclasses import dataclass

from campaign.models.outputs import INSIDE_SUFFIX

# Required on every piece: the draft mark, the imprint, the publisher, the link.
REQUIRED_PARTS = ("draft", "imprint", "sender", "link")
SCREEN_REQUIRED_PARTS = ("draft", "sender")  # pictures have little room, and come with a message
# Office paper in millimetres, smallest first.
PAPERS = {"a4": (210, 297), "a3": (297, 420), "a2": (420, 594), "a1": (594, 841)}


@dataclass(frozen=True)
class Format:
    """The layout of a piece: a row of a design's `format.yml` (see content/formats.py)."""

    name: str  # as in `formats:` of pages
    kind: str  # group of formats, such as 'leaflet' or 'poster'
    design: str  # folder of its design
    width: float  # of the trimmed page, in millimetres
    height: float  # in millimetres
    sides: int = 0  # pages of the trimmed piece; 0 for as many as needed
    panels: tuple[str, ...] = ()  # required sections
    is_free: bool = False  # any other sections, in any order
    # per side, panels with widths in millimetres, left to right; mirrored for right-to-left scripts
    sheets: tuple[tuple[tuple[str, float], ...], ...] = ()
    runs: tuple[tuple[str, ...], ...] = ()  # panels among which sections are divided, in reading order
    small_print: str = ""  # panel with the imprint
    drawing: str = ""  # the file of its art, or ''
    has_places: bool = False  # made for each place
    names_place: bool = True  # the design names its place; otherwise only contacts do
    flavours: tuple[str, ...] = ("office", "print-shop")  # for whom it is made
    parts: tuple[str, ...] = ("",)  # files of a piece; '' is the piece itself
    turn: str = ""  # edge on which office printers turn the paper
    has_preview: bool = True  # shown as a picture
    # allowed in `options:` of a page
    options: tuple[str, ...] = ("art", "link", "places", "order", "without", "colours")
    waives: tuple[tuple[str, str], ...] = ()  # parts of REQUIRED_PARTS that it leaves out -> reason
    least_text: float = 0  # smallest type in points, or 0
    least_ppi: int = 250  # of its pictures; less for sheets seen from afar
    is_clear: bool = False  # the printed surface shows through its pictures
    queue: int = 50  # position in print queues; 0 for none
    is_in_press_kit: bool = True  # included in press kits
    is_imposed: bool = False  # print shops and staplers get its pages in another order
    has_spot_inks: bool = False  # printed in a few spot colours
    is_taught: bool = False  # for learning, so a machine translation is marked across it
    finishing: str = ""  # for the print shop, in English
    shows: tuple[str, ...] = ()  # long content with room in the design: of LISTS, SCENES and ANSWERS
    bands: tuple[tuple[str, float], ...] = ()  # woven bands: name -> height in millimetres
    band_ends: str = "paper"  # a key of printing.render_context.BAND_ENDS
    upright_bands: tuple[tuple[str, float], ...] = ()  # vertical bands: name -> width in millimetres
    has_partner_marks: bool = False  # room for logos of partners
    has_campaign_mark: bool = False  # room for the campaign's
    tells_addresses: bool = False  # link addresses are printed
    names: tuple[tuple[str, str], ...] = ()  # by language, for added formats
    design_text: str = ""  # Typst of an added design, or ''

    @property
    def panel_count(self) -> int:
        """The panels of a folded piece, on both sides."""
        return sum(map(len, self.sheets))

    @property
    def panel_images(self) -> list[str]:
        """Return the panels of a folded piece that are rendered as pictures; an undivided second side is one."""
        numbers = [str(number) for number in range(1, self.panel_count + 1)]
        return [*numbers, INSIDE_SUFFIX] if len(self.sheets) > 1 and len(self.sheets[-1]) > 1 else numbers

    @property
    def cell(self) -> float:
        """The width of a folded piece's widest panel, in millimetres."""
        return max(breadth for side in self.sheets for _, breadth in side)

    @property
    def needs_drawing(self) -> bool:
        """Whether it needs art, as posters do."""
        return self.drawing == "art.svg"

    @property
    def paper(self) -> str:
        """The smallest office paper that it fits on: 'a4'."""
        short, long = sorted((self.width, self.height))
        fitting = (name for name, (width, height) in PAPERS.items() if short <= width and long <= height)
        return next(fitting, [*PAPERS][-1])

    @property
    def requires(self) -> list[str]:
        """The parts that its design must place."""
        waived = dict(self.waives)
        return [part for part in REQUIRED_PARTS if part not in waived]


def is_for_releases(format: Format) -> bool:
    """Return whether its design prints the frame of a press release."""
    return "release" in (format.kind, format.design)


LISTS = "lists"
SCENES = "scenes"
ANSWERS = "answers"
DESIGN_TEXT = "design-text"

# Points: thinner strokes disappear in photocopies and on plates.
MIN_STROKES = {"print-shop": 0.5}
MIN_STROKE = 0.75


def least_stroke(flavour: str | None) -> float:
    """Return the thinnest stroke of a piece at its final size, in points."""
    return MIN_STROKES.get(flavour or "", MIN_STROKE)


BLEED = 3.0
CREEP = 0.1  # 80 g/m² paper is 0.1 mm thick: each sheet of a booklet pushes the next one out by as much

SITE_WIDTHS = (320, 640, 960, 1280)
THUMBNAIL_WIDTH = 160  # 80 px wide on a phone with two dots a pixel
# Flat art is PNG too: browsers without WebP (KaiOS 2.5, iOS 12, old Macs) and the press need it. 960 px would be 10 %
# lighter than 1280.
PREVIEW_WIDTHS = (THUMBNAIL_WIDTH, 320, 640, 1280)
PLACEHOLDER_WIDTH = 16
INSIDE_WIDTH = 1600  # the longest side that chat apps keep


@dataclass(frozen=True)
class Destination:
    """A destination of pictures, with its technical limits. Lengths are pixels."""

    width: int
    height: int
    endings: tuple[str, str] = ("jpeg", "jpeg")  # for a poster, for a photo: 'jpeg' or 'png'
    most_bytes: int = 0  # 0 for any; the best quality that fits is used
    quality: int = 86  # of a JPEG without a limit, 1 to 95
    is_baseline: bool = False  # old phones can't show progressive JPEG
    use: str = "social"  # required consent, one of USES
    clear: tuple[float, float, float, float] = (0, 0, 0, 0)  # shares covered by apps: top, right, bottom, left
    keeps_shape: bool = False  # no crop: width and height are the longest sides
    dpi: int = 0  # for printing, or 0
    is_public: bool = False  # also on the site
    is_panels: bool = False  # a picture for each panel of a folded piece


# Uses that a photo's consent covers.
USES = ("site", "social", "press", "print")
SCREEN_EDGE = (0.05, 0.05, 0.05, 0.05)

# Destinations that the site offers for phones: posters, and folded pieces by panel.
PHONE = "whatsapp-telegram"
PANELS = "leaflet-panels"
# Rows for `destinations:` in mkdocs.yml. Names are folder names: sorted, ASCII, unremarkable.
DESTINATIONS = {
    "facebook-instagram-portrait": Destination(1080, 1350, ("png", "jpeg")),
    "facebook-instagram-square": Destination(1080, 1080, ("png", "jpeg")),
    "feature-phone": Destination(240, 320, most_bytes=30_000, is_baseline=True),
    PANELS: Destination(1080, 2500, ("png", "png"), is_public=True, is_panels=True),
    "mms": Destination(640, 800, most_bytes=100_000, is_baseline=True),
    "open-graph": Destination(1200, 630, most_bytes=300_000, use="site", is_public=True),
    "press": Destination(
        2480, 3508, ("png", "jpeg"), quality=92, use="press", keeps_shape=True, dpi=300, is_public=True
    ),
    "projector": Destination(1920, 1080, ("png", "jpeg"), use="print", clear=SCREEN_EDGE),
    "radio-tv-still": Destination(1920, 1080, ("png", "jpeg"), quality=92, use="press", clear=SCREEN_EDGE),
    # Apps cover the top (name, 250 px) and the bottom (reply field, 340 px).
    "status-story": Destination(1080, 1920, ("png", "jpeg"), most_bytes=200_000, clear=(250 / 1920, 0, 340 / 1920, 0)),
    PHONE: Destination(1080, 1350, ("png", "jpeg"), most_bytes=100_000, is_public=True),
    # The profile picture covers the lower left.
    "x-header": Destination(1500, 500, ("png", "jpeg"), clear=(0, 0, 0, 0.2)),
}
