"""Formats of print, picture widths and destinations. Lengths are millimetres unless said."""

from __future__ import annotations

from dataclasses import dataclass

from campaign.models.outputs import INSIDE

# What every piece says somewhere: that it is a draft, who issues it, whose it is, where to read more.
OWED = ("draft", "imprint", "sender", "link")
# What travels as a picture comes with a message, and on the smallest phones its small print has room for little.
SCREEN_OWES = ("draft", "sender")
# Sheets that office printers take, with their sides in millimetres, the smallest first.
PAPERS = {"a4": (210, 297), "a3": (297, 420), "a2": (420, 594), "a1": (594, 841)}


@dataclass(frozen=True)
class Format:
    """How a piece is laid out: a row of a design's `format.yml` (see content/formats.py).

    Attributes:
        name: as pages write it in `formats:`.
        kind: a group of formats, such as 'leaflet' or 'poster'.
        design: the folder of its design.
        width: of the trimmed page, in millimetres.
        height: likewise.
        sides: pages of the trimmed piece; 0: as many as the words need.
        panels: sections that its words have to have.
        is_free: whether they may have any others, in any order.
        sheets: per side, the panels from left to right with their widths in millimetres; mirrored where writing runs
            from the right.
        small_print: the panel that has the imprint at its foot.
        drawing: the file of its art that it shows; '' for none.
        has_places: whether it is made for each place.
        names_place: whether its design says which place it is for; else that stands beside contacts alone.
        flavours: for whom it is made.
        parts: the files of one piece; '' is the piece itself.
        turn: the edge on which an office printer turns the paper.
        has_preview: whether a picture of it is shown.
        options: what `options:` of a page may ask of its design.
        waives: what of OWED it does not place, each with the reason.
        least_text: points: nothing that is printed on it is smaller; 0 where small print may be.
        least_ppi: dots to an inch of its pictures, fewer on a sheet that is looked at from further away.
        is_clear: whether what it is printed on shows through its pictures.
        queue: its position in print queues, by kind; 0 where it is printed by itself, on request.
        is_in_press_kit: whether press kits hold it, where a page for the press is printed so.
        is_imposed: whether print shops and staplers get its pages in another order.
        has_spot_inks: whether it is printed in a few inks of its own.
        is_taught: whether people learn from it, so that a machine's translation is marked across it.
        finishing: what a print shop does with it, in English.
        shows: long content that its design has room for: of LISTS and SCENES.
        bands: woven bands that its design draws: name -> height in millimetres.
        band_ends: where bands end: a key of printing.render_context.BAND_ENDS.
        upright_bands: bands from top to foot: name -> width in millimetres.
        has_partner_marks: whether its design has a place for marks of partners.
        has_campaign_mark: and one for the campaign's own.
        tells_addresses: whether addresses of links are printed.
        names: what it is called, by language; of formats that a campaign or a package brings along.
        design_text: the Typst of a design that a campaign or a package brings along; '' for one of ours.
    """

    name: str
    kind: str
    design: str
    width: float
    height: float
    sides: int = 0
    panels: tuple[str, ...] = ()
    is_free: bool = False
    sheets: tuple[tuple[tuple[str, float], ...], ...] = ()
    small_print: str = ""
    drawing: str = ""
    has_places: bool = False
    names_place: bool = True
    flavours: tuple[str, ...] = ("office", "print-shop")
    parts: tuple[str, ...] = ("",)
    turn: str = ""
    has_preview: bool = True
    options: tuple[str, ...] = ("art", "link", "places", "order", "without", "colours")
    waives: tuple[tuple[str, str], ...] = ()
    least_text: float = 0
    least_ppi: int = 250
    is_clear: bool = False
    queue: int = 50
    is_in_press_kit: bool = True
    is_imposed: bool = False
    has_spot_inks: bool = False
    is_taught: bool = False
    finishing: str = ""
    shows: tuple[str, ...] = ()
    bands: tuple[tuple[str, float], ...] = ()
    band_ends: str = "paper"
    upright_bands: tuple[tuple[str, float], ...] = ()
    has_partner_marks: bool = False
    has_campaign_mark: bool = False
    tells_addresses: bool = False
    names: tuple[tuple[str, str], ...] = ()
    design_text: str = ""

    @property
    def panel_count(self) -> int:
        """Of what is folded, how many panels it has on both sides."""
        return sum(map(len, self.sheets))

    @property
    def travelling(self) -> list[str]:
        """What is a picture by itself: each panel by its number, the second side where it is read as a whole."""
        numbers = [str(number) for number in range(1, self.panel_count + 1)]
        return [*numbers, INSIDE] if len(self.sheets) > 1 and len(self.sheets[-1]) > 1 else numbers

    @property
    def cell(self) -> float:
        """Of what is folded, how wide its widest panel is, in millimetres."""
        return max(breadth for side in self.sheets for _, breadth in side)

    @property
    def needs_drawing(self) -> bool:
        """Whether it is a poster: one that cannot do without its art."""
        return self.drawing == "art.svg"

    @property
    def paper(self) -> str:
        """The smallest sheet of an office printer that it fits on: 'a4'."""
        short, long = sorted((self.width, self.height))
        fitting = (name for name, (width, height) in PAPERS.items() if short <= width and long <= height)
        return next(fitting, [*PAPERS][-1])

    @property
    def owes(self) -> list[str]:
        """What its design has to place; the engine refuses one that does not."""
        waived = dict(self.waives)
        return [what for what in OWED if what not in waived]


LISTS, SCENES = "lists", "scenes"
# The key of a piece's description with Format.design_text.
DESIGN_TEXT = "design-text"

# Points: thinner strokes are lost in the second copy, or by a printing plate.
LEAST_STROKES = {"print-shop": 0.5}
LEAST_STROKE = 0.75


def least_stroke(flavour: str | None) -> float:
    """How thin a stroke of a piece may be at its final size, in points."""
    return LEAST_STROKES.get(flavour or "", LEAST_STROKE)


BLEED = 3.0
MARKS_BLEED = 10.0
OFFICE_MARGIN = 10.0
# 80 g/m² paper is about 0.1 mm thick: each folded sheet of a booklet pushes the next one out by so much.
CREEP = 0.1

SITE_WIDTHS = (320, 640, 960, 1280)
# Of a piece in a list, where it stands 80 px wide on a phone with two dots a pixel.
THUMBNAIL_WIDTH = 160
# Of a piece. In these all flat art is PNG too: for browsers that know no WebP (phones with keys by KaiOS 2.5, iPhones
# that end at iOS 12, Macs before 2020), and in the last width for the press. 960 px would be 10 % lighter than 1280.
PREVIEW_WIDTHS = (THUMBNAIL_WIDTH, 320, 640, 1280)
PLACEHOLDER_WIDTH = 16
# The longest side that chat apps keep.
INSIDE_WIDTH = 1600


@dataclass(frozen=True)
class Destination:
    """Where a picture goes, and so what it has to be. Lengths are pixels.

    Attributes:
        endings: for a poster, for a photo: 'jpeg' or 'png'.
        most_bytes: what the network or the phone takes; 0: any. The best quality that fits is searched for.
        quality: of a JPEG that nothing limits, from 1 to 95.
        is_baseline: no progressive JPEG: old phones cannot show it.
        use: what a photo's consent has to cover: one of USES.
        clear: shares of the height and width, top, right, bottom, left, that an app or a television set covers.
        keeps_shape: a poster is the sheet itself, a photo is not cropped: width and height are the longest sides.
        dpi: dots to an inch for whoever prints it; 0: not said.
        is_public: whether the site serves it too.
        is_panels: no posters and photos: a picture for each panel of what is folded, as high as the panel needs.
    """

    width: int
    height: int
    endings: tuple[str, str] = ("jpeg", "jpeg")
    most_bytes: int = 0
    quality: int = 86
    is_baseline: bool = False
    use: str = "social"
    clear: tuple[float, float, float, float] = (0, 0, 0, 0)
    keeps_shape: bool = False
    dpi: int = 0
    is_public: bool = False
    is_panels: bool = False


# What people may consent to, for a photo of them.
USES = ("site", "social", "press", "print")
SCREEN_EDGE = (0.05, 0.05, 0.05, 0.05)

# What the site offers for phones: a poster; what is folded, panel by panel.
PHONE, PANELS = "whatsapp-telegram", "leaflet-panels"
# mkdocs.yml adds rows and changes them (`destinations:`). Names are folders: sorted, ASCII, nothing to be ashamed of.
DESTINATIONS = {
    "facebook-instagram-portrait": Destination(1080, 1350, ("png", "jpeg")),
    "facebook-instagram-square": Destination(1080, 1080, ("png", "jpeg")),
    "feature-phone": Destination(240, 320, most_bytes=30_000, is_baseline=True),
    PANELS: Destination(1080, 2500, ("png", "png"), is_public=True, is_panels=True),
    "mms": Destination(640, 800, most_bytes=100_000, is_baseline=True),
    "open-graph": Destination(1200, 630, most_bytes=300_000, use="site", is_public=True),
    "press": Destination(
        2480, 3508, ("png", "jpeg"), quality=90, use="press", keeps_shape=True, dpi=300, is_public=True
    ),
    "projector": Destination(1920, 1080, ("png", "jpeg"), use="print", clear=SCREEN_EDGE),
    "radio-tv-still": Destination(1920, 1080, ("png", "jpeg"), quality=92, use="press", clear=SCREEN_EDGE),
    # What apps lay over it: the name above, 250 px, the field to answer below, 340 px.
    "status-story": Destination(1080, 1920, ("png", "jpeg"), most_bytes=200_000, clear=(250 / 1920, 0, 340 / 1920, 0)),
    PHONE: Destination(1080, 1350, ("png", "jpeg"), most_bytes=100_000, is_public=True),
    # The account's own picture covers the lower left.
    "x-header": Destination(1500, 500, ("png", "jpeg"), clear=(0, 0, 0, 0.2)),
}
