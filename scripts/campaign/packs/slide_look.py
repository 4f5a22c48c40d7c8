"""The look of editable slides: size, colours, typeface and two layouts, set once for all slides of a file."""

from __future__ import annotations

import io
from collections.abc import Mapping

from lxml import etree
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.enum.shapes import MSO_SHAPE
from pptx.opc.constants import RELATIONSHIP_TYPE
from pptx.oxml.ns import qn
from pptx.oxml.shapes.picture import CT_Picture
from pptx.presentation import Presentation as Slides
from pptx.shapes.base import BaseShape
from pptx.slide import SlideLayout
from pptx.util import Emu, Mm

from campaign.models.campaign import Campaign
from campaign.models.theme import Identity

WIDTH = Mm(338.667)
HEIGHT = Mm(190.5)
# The dark panel with the title, and the area for words.
PANEL = Mm(108)
SEAM = Mm(5)
SIDE = Mm(15)
EDGE = Mm(11)
TOP = Mm(16)
FOOT = Mm(14)
BODY_LEFT = Emu(PANEL + SEAM + SIDE)
BODY_WIDTH = Emu(WIDTH - BODY_LEFT - SIDE)
BODY_HEIGHT = Emu(HEIGHT - TOP - FOOT)
TITLE_WIDTH = Emu(PANEL - 2 * EDGE)
TITLE_HEIGHT = Mm(66)
COVER_LEFT = Mm(22)
CLOTH = Mm(38)
COVER_WIDTH = Emu(WIDTH - COVER_LEFT - CLOTH - Mm(16))
TITLE_PT = 30
COVER_PT = 60
BODY_PT = 28
COVER = 0
CONTENT = 1
# Slots of a theme for the colours of an identity.
THEME = {
    "dk1": "night",
    "lt1": "paper",
    "dk2": "indigo",
    "lt2": "sand",
    "accent1": "band",
    "accent2": "marigold",
    "accent3": "leaf",
    "accent4": "clay",
}
NIGHT = "night"
PAPER = "paper"
FALLBACKS = {NIGHT: "#14213d", PAPER: "#ffffff"}


def colour(identity: Identity, name: str) -> RGBColor:
    """Return a colour of the look; one that it lacks is dark."""
    row = identity.colours.get(name)
    return RGBColor.from_string((row.hex if row else FALLBACKS.get(name, FALLBACKS[NIGHT])).lstrip("#").upper())


def new_slides(campaign: Campaign, rtl: bool, pictures: Mapping[str, bytes]) -> Slides:
    """Return a file without slides and with two layouts, COVER and CONTENT."""
    slides = Presentation()
    slides.slide_width, slides.slide_height = WIDTH, HEIGHT
    for layout in list(slides.slide_layouts)[CONTENT + 1 :]:
        slides.slide_layouts.remove(layout)
    _set_theme(slides, campaign.identity)
    cover, content = slides.slide_layouts
    for shape in [
        shape for layout in (cover, content) for shape in layout.placeholders if shape.placeholder_format.idx > 1
    ]:
        shape._element.getparent().remove(shape._element)
    night = colour(campaign.identity, NIGHT)
    title, subtitle = cover.placeholders
    place(title, COVER_LEFT, Mm(52), COVER_WIDTH, Mm(62), rtl)
    place(subtitle, COVER_LEFT, Mm(118), COVER_WIDTH, Mm(56), rtl)
    _set_text(title, COVER_PT, "b", rtl, "lt1", is_bold=True)
    _set_text(subtitle, BODY_PT, "t", rtl, "lt1")
    _add_ground(slides, cover, night, WIDTH, rtl)
    _add_band(cover, pictures.get("cloth"), Emu(WIDTH - CLOTH), CLOTH, rtl)
    title, body = content.placeholders
    place(title, EDGE, TOP, TITLE_WIDTH, TITLE_HEIGHT, rtl)
    place(body, BODY_LEFT, TOP, BODY_WIDTH, BODY_HEIGHT, rtl)
    _set_text(title, TITLE_PT, "t", rtl, "lt1", is_bold=True)
    _set_text(body, BODY_PT, "ctr", rtl, "dk1")
    _add_ground(slides, content, night, PANEL, rtl)
    _add_band(content, pictures.get("seam"), PANEL, SEAM, rtl)
    return slides


def place(shape: BaseShape, left: int, top: int, width: int, height: int, rtl: bool) -> None:
    """Place a shape, mirrored for scripts from right to left."""
    shape.left, shape.top = Emu(WIDTH - left - width if rtl else left), Emu(top)
    shape.width, shape.height = Emu(width), Emu(height)


def _set_theme(slides: Slides, identity: Identity) -> None:
    """Set colours and typeface, so that new text and shapes have them too."""
    part = slides.slide_masters[0].part.part_related_by(RELATIONSHIP_TYPE.THEME)
    root = etree.fromstring(part.blob)
    for slot, name in THEME.items():
        for element in root.iter(qn(f"a:{slot}")):
            for child in list(element):
                element.remove(child)
            etree.SubElement(element, qn("a:srgbClr")).set("val", str(colour(identity, name)))
    if family := next(iter(identity.fonts), ""):
        for kind in ("a:majorFont", "a:minorFont"):
            for element in root.iter(qn(kind)):
                element.find(qn("a:latin")).set("typeface", family)
    part._blob = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


def _set_text(shape: BaseShape, points: int, anchor: str, rtl: bool, ink: str, is_bold: bool = False) -> None:
    """Set how text in a placeholder looks, for the first two levels."""
    body = shape._element.txBody
    body.bodyPr.set("anchor", anchor)
    for name in ("lIns", "rIns", "tIns", "bIns"):
        body.bodyPr.set(name, "0")
    for child in list(body.bodyPr):
        body.bodyPr.remove(child)
    etree.SubElement(body.bodyPr, qn("a:normAutofit"))
    styles = body.find(qn("a:lstStyle"))
    for child in list(styles):
        styles.remove(child)
    for level in (1, 2):
        style = etree.SubElement(styles, qn(f"a:lvl{level}pPr"))
        style.set("algn", "r" if rtl else "l")
        style.set("rtl", "1" if rtl else "0")
        spacing = etree.SubElement(etree.SubElement(style, qn("a:spcBef")), qn("a:spcPts"))
        spacing.set("val", str(points * 30))
        run = etree.SubElement(style, qn("a:defRPr"))
        run.set("sz", str(points * 100 - (level - 1) * 400))
        run.set("b", "1" if is_bold else "0")
        etree.SubElement(etree.SubElement(run, qn("a:solidFill")), qn("a:schemeClr")).set(
            "val", ink.replace("lt", "bg").replace("dk", "tx")
        )


def _add_ground(slides: Slides, layout: SlideLayout, ink: RGBColor, width: int, rtl: bool) -> None:
    """Add a dark ground below everything else: drawn on a slide, because layouts can't draw, then moved."""
    slide = slides.slides.add_slide(layout)
    ground = slide.shapes.add_shape(MSO_SHAPE.RECTANGLE, 0, 0, Emu(width), HEIGHT)
    place(ground, 0, 0, width, HEIGHT, rtl)
    ground.fill.solid()
    ground.fill.fore_color.rgb = ink
    ground.line.fill.background()
    ground.shadow.inherit = False
    ground.name = "ground"
    layout.shapes._spTree.insert(2, ground._element)
    (reference,) = slides.slides._sldIdLst
    slides.part.drop_rel(reference.rId)
    slides.slides._sldIdLst.remove(reference)


def _add_band(layout: SlideLayout, picture: bytes | None, left: int, width: int, rtl: bool) -> None:
    """Add the woven band, as high as the slide."""
    if picture is None:
        return
    _, relation = layout.part.get_or_add_image_part(io.BytesIO(picture))
    left = WIDTH - left - width if rtl else left
    layout.shapes._spTree.insert(3, CT_Picture.new_pic(90, "band", "", relation, left, 0, width, HEIGHT))


def points(length: int) -> float:
    """Return a length in points."""
    return float(Emu(length).pt)


def size_for(texts: list[str], width: int, height: int, sizes: tuple[int, ...]) -> int:
    """Return the largest size at which paragraphs probably fit, with letters as wide as half their height."""
    for size in sizes:
        per_line = max(1.0, points(width) / (size * 0.54))
        lines = sum(max(1, -int(-len(text) // per_line)) for text in texts)
        if lines * size * 1.22 + len(texts) * size * 0.3 <= points(height):
            return size
    return sizes[-1]
