"""The parts of editable files that are typeset: a form with fields, the pictures of slides."""

from __future__ import annotations

from campaign.models.campaign import Campaign
from campaign.models.formats import least_stroke
from campaign.models.outputs import Output
from campaign.models.problem import Problem
from campaign.printing import typeset as engine
from campaign.printing.finishing import finish
from campaign.printing.form_fields import add_fields, mark_fields
from campaign.printing.pieces import misfit_problems, prepare

SCENE_WIDTH_IN = 5.0
ICON_WIDTH_IN = 2.0
PPI = 220.0
MM_PER_IN = 25.4
BANDS = ("cloth", "seam")


def make_form(campaign: Campaign, output: Output) -> bytes | list[Problem]:
    """Return a PDF with a field in each empty cell, b"" if there is none, or what is wrong."""
    ready = prepare(campaign, output)
    if isinstance(ready, list):
        return ready
    data, fields = mark_fields(ready.data)
    if not fields.by_name:
        return b""
    try:
        pdf = engine.typeset(data, ready.files, campaign.date, engine.FORM_STANDARDS)
    except engine.TypesettingError as error:
        return misfit_problems(ready.piece, data, ready.files, error)
    return add_fields(finish(pdf, least_stroke(output.flavour), ready.piece.format), fields)


def draw_slide_pictures(campaign: Campaign, output: Output) -> dict[str, bytes] | list[Problem]:
    """Return the PNG of each scene, pictogram and band of some slides, or what is wrong."""
    ready = prepare(campaign, output)
    if isinstance(ready, list):
        return ready
    data, colours = ready.data, campaign.identity.colours
    drawings = {
        f"scene-{name}": (scene["svg"], SCENE_WIDTH_IN, SCENE_WIDTH_IN / scene["ratio"])
        for name, (scene, *_) in data["scenes"].items()
    }
    for name, svg in data["icons"].items():
        # On the dark panel.
        pale = svg.replace(colours["night"].hex, colours["paper"].hex)
        drawings[f"icon-{name}"] = (pale, ICON_WIDTH_IN, ICON_WIDTH_IN)
    for name in BANDS:
        if name in data and data[name]["height"]:
            band = data[name]
            drawings[name] = (band["svg"], band["height"] / MM_PER_IN, band["width"] / MM_PER_IN)
    return {name: engine.draw_alone(*drawing, campaign.date, PPI) for name, drawing in drawings.items()}
