"""Every printed piece and its preview: description, cache key, file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from campaign.content.meaning import DRAWING_FIX, WHOLE_FIX, hidden_meaning
from campaign.document.shortcodes import check_shortcodes
from campaign.models.campaign import Campaign
from campaign.models.formats import Format, least_stroke
from campaign.models.outputs import CODE, OFFICE, PRINT_SHOP, Artifact, Output
from campaign.models.problem import Problem
from campaign.plan.outputs import poster_format
from campaign.printing import fonts, imposition, logos, reductions, scores, small_meaning, titles
from campaign.printing import pdfx as prepress
from campaign.printing import render_context as materials
from campaign.printing import typeset as engine
from campaign.printing.blocks import texts
from campaign.printing.finishing import finish, has_figure
from campaign.printing.layout import characters, for_design
from campaign.printing.layout import describe as describe
from campaign.printing.piece import NoPiece, Piece
from campaign.printing.piece import find_piece as find_piece
from campaign.printing.piece_inputs import choose_fonts
from campaign.printing.piece_inputs import forget_hashes as forget_hashes
from campaign.printing.piece_inputs import inputs as inputs
from campaign.printing.piece_inputs import key as key
from campaign.printing.piece_inputs import key_and_drawings as key_and_drawings
from campaign.printing.typeset import has_run_typst as has_run_typst

# With more numbers than this, the numbers make the panel too long.
MAX_PANEL_NUMBERS = 4
PICTURE_PPI = 300
# In typst/parts.typ, as errors quote it: the template of a campaign's own shortcode.
OWN_SHORTCODE = "eval(node.typst"
SETTINGS = "mkdocs.yml"
SHORT_ADDRESS = "name.org/en"


def make(campaign: Campaign, output: Output, target: Path) -> Artifact | list[Problem]:
    """Write a PDF, or a PNG (a logo, a picture of 300 dpi), or return the problems."""
    if output.kind in logos.KINDS:
        return logos.make(campaign, output, target)
    ready = prepare(campaign, output)
    if isinstance(ready, list):
        return ready
    result = _typeset(ready.piece, ready.data, ready.files)
    if isinstance(result, list):
        return result
    target.write_bytes(result)
    return replace(
        _write_artifact(ready.piece.format, output, target, result),
        lacks=(
            *_missing_entries(campaign, output, ready.data, result),
            *_small_title(ready),
            *_layout(ready),
            *_small_boxes(ready),
        ),
    )


def draw_sides(campaign: Campaign, output: Output) -> tuple[list[bytes], list[Problem]]:
    """Return (every page of an output as SVG, problems as from `make`).

    Text that doesn't fit is drawn too, with the excess marked. Other problems leave no pages.
    """
    ready = prepare(campaign, output)
    if isinstance(ready, list):
        return [], ready
    try:
        pages = engine.draw_sides(ready.data, ready.files, campaign.date)
        return pages, [titles.small_title(ready.piece.page, entry) for entry in _small_title(ready)]
    except engine.TypesettingError as error:
        problems = list(_refusals(ready.piece, error))
        if not error.misfits:
            return [], problems
    try:
        return engine.draw_sides(ready.data | {"shows-excess": True}, ready.files, campaign.date), problems
    except engine.TypesettingError:  # too long for the design to draw at all
        return [], problems


def draw_excess(campaign: Campaign, output: Output, ppi: float) -> list[bytes]:
    """Return every page of an output whose text doesn't fit as PNG, with the excess marked; [] if it can't be drawn."""
    ready = prepare(campaign, output)
    if isinstance(ready, list):
        return []
    try:
        return engine.draw_pages(ready.data | {"shows-excess": True}, ready.files, campaign.date, ppi)
    except engine.TypesettingError:
        return []


def count_lines(campaign: Campaign, output: Output) -> dict[str, tuple[int, int]]:
    """Return how full panels are at the smallest type size: panel -> (lines taken, lines available)."""
    if not engine.has_bounds(campaign.formats[output.format]):
        return {}
    ready = prepare(campaign, output)
    if isinstance(ready, list):
        return {}
    rows = engine.count_lines(ready.data, ready.files)
    return {str(row["panel"]): (int(row["takes"]), int(row["holds"])) for row in rows}


def forget_drawn(campaign: Campaign, kept_count: int = 4) -> None:
    """Free Typst's memory, except for the last pieces, which are likely to be typeset again."""
    engine.forget_old(campaign.date, kept_count)


@dataclass(frozen=True)
class Ready:
    """A piece with its data and font files."""

    piece: Piece
    data: dict[str, Any]
    files: tuple[Path, ...]


def prepare(campaign: Campaign, output: Output) -> Ready | list[Problem]:
    """Return everything that an output is typeset from, or its problems."""
    try:
        piece = find_piece(campaign, output)
    except NoPiece as error:
        return [Problem("piece-unknown", "docs", str(error), "Add the page, or its format.")]
    try:
        description = for_design(piece.format, describe(campaign, output))
    except LookupError:  # from unsaved input, which hasn't been checked
        if faults := [shortcode for shortcode in check_shortcodes(campaign, piece.page) if not shortcode.is_note]:
            return faults
        raise
    families, missing = choose_fonts(campaign, output, characters(description))
    problems = [*_unprintable(piece, description), *fonts.missing({*missing}, texts(description), piece.page.find)]
    data = materials.render_context(campaign, description, families)
    if isinstance(data, list):
        problems += data
    if problems or isinstance(data, list):
        return problems
    return Ready(piece, data, tuple(path for family in families for path in family.files))


def _missing_entries(campaign: Campaign, output: Output, description: dict[str, Any], pdf: bytes) -> tuple[str, ...]:
    """Return what a poster left out to make room for its words."""
    is_reported = (
        campaign.formats[output.format].needs_drawing and not output.is_drawn_from and output.flavour == OFFICE
    )
    return (CODE,) if is_reported and not has_figure(pdf, description["link"]["url"]) else ()


def _small_title(ready: Ready) -> Iterator[str]:
    """Yield the cache entry of a poster's title that is too small."""
    piece = ready.piece
    if _speaks_for_all(piece) and piece.output.format == poster_format(piece.campaign, piece.page):
        result = engine.title_of(ready.data, ready.files, titles.MIN_SIZE_PT)
        if result and (entry := titles.title_entry(*result)):
            yield entry


def _speaks_for_all(piece: Piece) -> bool:
    """Return whether a piece is the country's in its first flavour: flavours are equal, and places hardly differ."""
    output = piece.output
    return output.flavour == piece.format.flavours[0] and not (output.is_drawn_from or output.part or output.place)


def _layout(ready: Ready) -> Iterator[str]:
    """Yield the cache entries of a piece's score and of what it gave up."""
    rows = _layout_rows(ready) if _speaks_for_all(ready.piece) else []
    yield from (scores.score_entry(row) for row in rows if scores.SCORED in row)
    if reduced := [row for row in rows if scores.SCORED not in row]:
        yield reductions.reduction_entry(reduced)


def _layout_rows(ready: Ready) -> list[dict[str, Any]]:
    if not engine.has_layout(ready.piece.format):
        return []
    return engine.layout_of(ready.data, ready.files)


def score_of(campaign: Campaign, output: Output) -> str:
    """Return the score of an output's arrangement with the facts behind it; '' if its design has none."""
    ready = prepare(campaign, output)
    rows = [] if isinstance(ready, list) else _layout_rows(ready)
    return scores.score_text(scores.score_entry(row) for row in rows if scores.SCORED in row)


def _small_boxes(ready: Ready) -> Iterator[str]:
    """Yield a cache entry if a layout makes a box of `meaning:` hard to see."""
    piece, output = ready.piece, ready.piece.output
    is_first = output.flavour == piece.format.flavours[0] and not (output.part or output.place)
    if (output.kind == "screen" or is_first) and _has_meaning(ready.data):
        rows = engine.meaning_of(ready.data, ready.files)
        yield from small_meaning.small_entry(piece.campaign, output, rows)


def draw(campaign: Campaign, output: Output, ppi: float) -> list[bytes]:
    """Return every page of an output as PNG, with marks; [] if `make` reports a problem."""
    ready = prepare(campaign, output)
    try:
        return [] if isinstance(ready, list) else engine.draw_pages(ready.data, ready.files, campaign.date, ppi)
    except engine.TypesettingError:
        return []


def _typeset(piece: Piece, data: dict[str, Any], files: tuple[Path, ...]) -> bytes | list[Problem]:
    campaign, output = piece.campaign, piece.output
    is_press = output.flavour == PRINT_SHOP and output.ending == "pdf"
    standards = engine.PRINT_SHOP_STANDARDS if is_press else engine.OFFICE_STANDARDS
    try:
        if output.is_drawn_from:
            return engine.typeset(data, files, campaign.date, engine.DRAWN_STANDARDS)
        result = engine.typeset(data, files, campaign.date, standards, PICTURE_PPI if output.ending == "png" else None)
        if output.ending == "pdf" and not is_press:
            result = finish(result, least_stroke(output.flavour), piece.format)
        if is_press:
            result = prepress.to_pdfx(
                result,
                materials.inks(campaign),
                campaign.identity.profile,
                campaign.date,
                least_stroke(output.flavour),
                materials.spots(campaign, data),
            )
        if piece.format.is_imposed and (is_press or output.part == "sheets"):
            result = imposition.impose(result, rtl=piece.language.direction == "rtl", single=is_press)
        return result
    except engine.TypesettingError as error:
        return misfit_problems(piece, data, files, error)
    except prepress.PrepressError as error:
        where = materials.art_path(campaign, data).relative_to(campaign.root).as_posix()
        return [Problem("drawing-not-printable", where, str(error), "Draw it with plain fills.")]


def measure(campaign: Campaign, output: Output) -> list[Problem]:
    """Return the problems that `make` would report of a text, without making a file."""
    ready = prepare(campaign, output)
    if isinstance(ready, list):
        return ready
    if not ready.piece.format.panels and not ready.piece.format.needs_drawing:
        return []  # it may have any number of pages
    try:
        engine.draw_sides(ready.data, ready.files, campaign.date)
    except engine.TypesettingError as error:
        return misfit_problems(ready.piece, ready.data, ready.files, error)
    return []


def measure_meaning(campaign: Campaign, output: Output) -> list[dict[str, Any]]:
    """Return how much an output shows of what carries its drawings' meaning, each box once: the least visible.

    Rows have `label`, `where`, `share`, and `width` and `height` in points.
    """
    ready = prepare(campaign, output)
    if isinstance(ready, list) or not _has_meaning(ready.data):
        return []
    rows = sorted(engine.meaning_of(ready.data, ready.files), key=lambda row: -float(row["share"]))
    return [*{row["where"]: row for row in rows}.values()]


def _has_meaning(data: Mapping[str, Any]) -> bool:
    views = [view for views in (data["art-views"], *data["scenes"].values()) for view in views]
    return bool(data.get("art-boxes")) or any(view["boxes"] or view["lacks"] for view in views)


def misfit_problems(
    piece: Piece, data: dict[str, Any], files: tuple[Path, ...], error: engine.TypesettingError
) -> list[Problem]:
    """Return the problems of a piece that can't be typeset."""
    if error.misfits and _fits_by_short_address(piece, data, files):
        return [_long_address(piece)]
    return list(_refusals(piece, error))


def _fits_by_short_address(piece: Piece, data: dict[str, Any], files: tuple[Path, ...]) -> bool:
    """Return whether a piece would fit with a short address."""
    short = dict.fromkeys(("typed", "short", "home"), SHORT_ADDRESS)
    try:
        engine.typeset({**data, "link": {**data["link"], **short}}, files, piece.campaign.date, ppi=72)
    except engine.TypesettingError:
        return False
    return True


def _long_address(piece: Piece) -> Problem:
    address = piece.campaign.site_url
    lines = (piece.campaign.root / SETTINGS).read_text(encoding="utf-8").splitlines()
    line = next((number for number, line in enumerate(lines, 1) if line.startswith("site_url:")), 1)
    place = f", {piece.output.place}" if piece.output.place else ""
    paper = f"{piece.page.where} ({piece.output.format}{place})"
    message = f"The address `{address}` ({len(address)} letters) does not fit on {paper}."
    fix = "Ask for a shorter address that leads there, or shorten the words of that page."
    return Problem("address-long", f"{SETTINGS}:{line}", message, fix)


def _unprintable(piece: Piece, description: dict[str, Any]) -> Iterator[Problem]:
    """Yield what paper can't show, and what a piece lacks. Releases just leave it out."""
    for panel in description["panels"].values() if description["kind"] != "release" else ():
        for item in panel["unprintable"]:
            fix = "Take it out of this panel; panels print words, lists, pictograms, `call` and `contacts`."
            message = f"Paper cannot show {item}."
            yield Problem("panel-not-for-paper", f"{piece.page.where}:{panel['line']}", message, fix)
    format = piece.format
    if format.needs_drawing and not description["alt"]:
        fix = "Add `alt:` to the front matter: one sentence that says what the picture shows."
        message = "The poster's picture is not described for people who cannot see it."
        yield Problem("alt-missing", piece.page.where, message, fix)
    if (
        format.drawing
        and (piece.page.options.art or piece.page.covers)
        and description["art"] not in piece.campaign.posters
    ):
        poster_names = ", ".join(piece.campaign.posters) or "none yet"
        fix = f"In assets/posters: {poster_names}."
        yield Problem("art-missing", piece.page.where, f"There is no drawing `{description['art']}`.", fix)


def _wide_number(piece: Piece, phone: str) -> Problem:
    """Return the problem of a number wider than its box at any readable size."""
    emergency = piece.campaign.emergency
    where = emergency.where if emergency else piece.page.where
    message = f"The number `{phone}` is wider than its room on {piece.page.where}{_where(piece)}."
    fix = "Write it in groups, with spaces between them; or make `slot-call` of that poster's art.svg wider."
    return Problem("word-wide", where, message, fix)


def _refusals(piece: Piece, error: engine.TypesettingError) -> Iterator[Problem]:
    """Yield a problem for each panel that is too long, otherwise Typst's message."""
    lines = {panel.id: panel.line for panel in piece.page.panels}
    for misfit in error.misfits:
        if "meaning" in misfit:
            fix = WHOLE_FIX if piece.format.has_spot_inks else DRAWING_FIX
            yield hidden_meaning(_shape_of(piece), misfit["meaning"], misfit["share"], misfit["where"], fix)
            continue
        name = misfit["panel"]
        where = f"{piece.page.where}:{lines[name]}" if name in lines else piece.page.where
        place = _where(piece)
        if "word" in misfit:
            message = f"The word `{misfit['word'][:60]}` is wider than the panel `{name}`{place}."
            fix = "Choose another word, or divide it with a hyphen."
            yield Problem("word-wide", piece.page.find(misfit["word"]), message, fix)
            continue
        if "number" in misfit:
            yield _wide_number(piece, misfit["number"].strip("\u2066\u2069").replace("\u2060", "").replace("\xa0", " "))
            continue
        excess = f"{misfit['lines']} {'line' if misfit['lines'] == 1 else 'lines'}"
        message = f"The panel `{name}` is {excess} too long at the smallest text size{place}."
        has_others = not piece.format.needs_drawing and len(piece.format.panels) > 1
        fix = "Shorten its text, or move some of it to another panel." if has_others else "Shorten its words."
        numbers = sum(bool(contact.phone) for contact in piece.campaign.contacts_for(piece.output.place))
        if name == "back" and numbers > MAX_PANEL_NUMBERS:
            message += f" It has to hold {numbers} telephone numbers."
            fix = "Show fewer of them on this leaflet (`{{ contacts kind=... }}`), or shorten its other words."
        yield Problem("panel-long", where, message, fix)
    if error.missing_parts:
        design = piece.format.design
        missing_parts = ", ".join(error.missing_parts)
        message = f"The design `{design}` of the format {piece.output.format} does not place: {missing_parts}."
        file = f"printing/formats/{design}/design.typ"
        fix = f"Place them in {file} (typst/parts.typ has each), or let the format's row say why not (`waives`)."
        yield Problem("design-forgets", piece.page.where, message, fix)
    elif any(OWN_SHORTCODE in note for note in error.notes):
        names = {item.to for item in piece.page.outline.shortcodes} & piece.campaign.shortcodes.keys()
        files = ", ".join(f"shortcodes/{name}.typ" for name in sorted(names) if piece.campaign.shortcodes[name].typst)
        message = f"Typst stops in a template of a shortcode on {piece.page.where}: {error.notes[0]}."
        yield Problem("shortcode-wrong", files, message, "Correct the template, or delete it to leave it out on paper.")
    elif not error.misfits:
        message = f"Typesetting stopped: {' '.join(error.notes)}."
        fix = "Check the last change to this file, its drawing or its fonts."
        yield Problem("typesetting-stopped", piece.page.where, message, fix)


def _shape_of(piece: Piece) -> str:
    """Return the name that messages about a picture or a format use."""
    return piece.output.destination or f"{piece.page.where} ({piece.output.format})"


def _where(piece: Piece) -> str:
    """Return the place or the picture's shape in brackets, or ''."""
    row = piece.campaign.destinations.get(piece.output.destination)
    location = f"{piece.output.destination}, {row.width} × {row.height} pixels" if row else piece.output.place
    return f" ({location})" if location else ""


def _write_artifact(format: Format, output: Output, target: Path, data: bytes) -> Artifact:
    size = (format.width, format.height)
    if output.ending == "png":
        size = (int.from_bytes(data[16:20], "big"), int.from_bytes(data[20:24], "big"))
    return Artifact(output, target, len(data), hashlib.sha256(data).hexdigest(), *size)
