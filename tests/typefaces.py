"""Fonts that tests bring along, since what fits must not hang on those that a machine has: Noto Sans, as most phones
have it, and the same letters narrower and wider than those of any font that a phone comes with."""

from __future__ import annotations

import base64
import io
from functools import cache

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

from campaign.printing.fonts import families

# How wide each letter is, Noto's own being 1: those of DejaVu Sans and Verdana come to 1.15, of condensed ones to 0.8.
WIDTHS = {"narrow": 0.75, "Noto": 1, "wide": 1.2}
WEIGHTS = (400, 700)
LATIN = range(0x20, 0x250)
# Fonts out of memory and constructed style sheets are no business of a page's policy.
SCRIPT = """async ([family, faces]) => {
    for (const [weight, data] of faces) {
        const bytes = Uint8Array.from(atob(data), letter => letter.charCodeAt(0));
        document.fonts.add(await new FontFace(family, bytes.buffer, { weight }).load());
    }
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(`* { font-family: ${family} !important; }`);
    document.adoptedStyleSheets = [sheet];
}"""


def set_in(page, name):
    """Sets all of a page in the font of this name."""
    page.evaluate(SCRIPT, [name, [(str(weight), _face(weight, WIDTHS[name])) for weight in WEIGHTS]])


@cache
def _face(weight: int, width: float) -> str:
    """A font file in base64. width: of its letters, by that of Noto's."""
    font = TTFont(next(path for path in families(())["Noto Sans"].files if "Italic" not in path.name))
    subsetter = Subsetter(Options(layout_features=[], hinting=False))
    subsetter.populate(unicodes=LATIN)
    subsetter.subset(font)
    instantiateVariableFont(font, {"wght": weight, "wdth": 100}, inplace=True)
    metrics = font["hmtx"].metrics
    metrics.update({glyph: (round(advance * width), side) for glyph, (advance, side) in metrics.items()})
    file = io.BytesIO()
    font.save(file)
    return base64.b64encode(file.getvalue()).decode()
