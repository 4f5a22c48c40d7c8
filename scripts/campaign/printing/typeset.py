"""Typst: the only file that knows it. Content goes in as data, a PDF or a PNG comes out."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, date, datetime
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Literal

import typst

from campaign.cache.store import hash_text
from campaign.models.formats import DESIGN_TEXT, Format
from campaign.models.outputs import OFFICE, PHOTOCOPY
from campaign.printing.scripts import SYSTEM_FOLDERS

if TYPE_CHECKING:
    from typst import PDFStandard

# What all designs share, and a folder for each: its design.typ and a page to try it with.
SHARED = Path(__file__).parent / "typst"
FORMATS = Path(__file__).parent / "formats"
PARTS = "parts.typ"


def _texts_of_designs() -> dict[str, str]:
    """Each design by its name, with what it shares with some others."""
    found = {}
    for path in FORMATS.glob("*/design.typ"):
        text = path.read_text("utf-8")
        shared = (name for name in re.findall(r'#import "([\w-]+\.typ)"', text) if name != PARTS)
        found[path.parent.name] = "\n".join((text, *((SHARED / name).read_text("utf-8") for name in shared)))
    return found


_DESIGNS = _texts_of_designs()
# What stands in designs whose panels have bounds.
ASKS_LINES = "asks-lines"
# Designs that measure much do so by a copy of what they share, whose data name no printer: so what was measured for one
# printer is remembered for the next.
PLAIN, PLAIN_FILES = "plain", (PARTS, "sections.typ", "panels.typ")
MEASURES = f'"{PLAIN}/'
# How a design is called here that a campaign or a package brought along.
OWN_DESIGN = "own-"
# What of a piece may differ from place to place. Each stands in a file of its own, as do panels and the drawings of
# bands: what a design makes without reading them is made once for all places.
OWN = ("place", "contacts", "legend", "draft", "imprint", "slug", "check", "long-words", "fonts")
OWN_FOLDER = "own"
BANDS = ("band", "slim", "upright", "seam", "cloth")
NOTHING = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
Standards = list["PDFStandard"]
# Office: for archives and screen readers. Print shop: the same tags, in inks, before prepress makes it PDF/X-4.
OFFICE_STANDARDS: Standards = ["ua-1", "a-2a"]
PRINT_SHOP_STANDARDS: Standards = ["ua-1", "1.6"]
# Pictures are drawn from it, and nobody reads it.
TO_BE_DRAWN: Standards = ["1.7"]
# What designs write into a panic: `panicked with: does-not-fit:[…]`.
MISFIT, FORGOTTEN, LINES = "does-not-fit:", "does-not-place:", "takes-lines:"
# Where something went wrong, and the line as it stands there, then each line that called it, in what Typst says.
PLACE = re.compile(r"┌─ (?:.*/)?([\w-]+)\.typ:(\d+):\d+\n *│\n *\d+ │ (.*)")
NO_DESIGN = re.compile(r"\(searched at .*?([\w-]+)\.typ\)")


class TypesettingError(Exception):
    """Typst refused or warned.

    Attributes:
        notes: what Typst says, with file, line and excerpt where it tells them.
        misfits: what a design measured as too long.
        forgotten: what of formats.OWED a design has not placed.
        lines: how many each panel takes and holds, or how its title stands; see `count_lines`, `title_of`.
    """

    lines: tuple[dict[str, Any], ...] = ()

    def __init__(
        self, notes: list[str], misfits: list[dict[str, Any]] | None = None, forgotten: list[str] | None = None
    ) -> None:
        self.notes = notes
        self.forgotten = forgotten or []
        self.misfits = misfits or []
        super().__init__("\n".join(notes))


_process: int | None = None


def _mind_forks() -> None:
    """Typst's threads do not live on in a forked process, where it would wait for them for ever."""
    global _process
    if _process not in (None, os.getpid()):
        raise RuntimeError(
            "Typst has run before this process was forked off: start workers by 'spawn' or 'forkserver'."
        )
    _process = os.getpid()


@lru_cache(maxsize=1)
def _desk() -> TemporaryDirectory[str]:
    """Where this process sets type: the designs, and beside them the data of the piece in hand.

    Data from a file leaves Typst its memory of the last pieces; by `sys_inputs` it would forget all of it.
    """
    desk = TemporaryDirectory(prefix="campaign-")
    for path in SHARED.glob("*.typ"):
        shutil.copyfile(path, Path(desk.name, path.name))
    for path in FORMATS.glob("*/design.typ"):
        shutil.copyfile(path, Path(desk.name, f"{path.parent.name}.typ"))
    for name in (OWN_FOLDER, PLAIN):
        Path(desk.name, name).mkdir()
    for name in PLAIN_FILES:
        shutil.copyfile(SHARED / name, Path(desk.name, PLAIN, name))
    return desk


def _font_folders(font_files: tuple[Path, ...]) -> tuple[str, ...]:
    """The folders that Typst reads to find fonts.

    Files of several folders, or of the system, each get a folder of their own: beside them may lie another file of the
    same family with fewer letters, or 1,800 others.
    """
    folders = {path.parent for path in font_files}
    if len(folders) < 2 and not folders & {*SYSTEM_FOLDERS}:
        return tuple(map(str, folders))
    return tuple(_linked(path) for path in font_files)


def _linked(font_file: Path) -> str:
    folder = Path(_desk().name, "fonts", hash_text(str(font_file))[:16])
    link = folder / font_file.name
    if not link.exists():
        folder.mkdir(parents=True, exist_ok=True)
        try:
            link.symlink_to(font_file)
        except OSError:  # Windows asks for a right to make links
            shutil.copyfile(font_file, link)
    return str(folder)


@lru_cache(maxsize=12)
def _compiler(font_folders: tuple[str, ...]) -> typst.Compiler:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(font_folders))
    return typst.Compiler(root=_desk().name, font_paths=fonts)


def typeset(
    data: dict[str, Any],
    font_files: tuple[Path, ...],
    day: date,
    standards: Standards | None = None,
    ppi: float | None = None,
    main: str = "main.typ",
) -> bytes:
    """A PDF, or with ppi the first page as PNG.

    Args:
        data: what the design is given: plain JSON.
        font_files: all that may be used; no others are.
        day: the date that the file carries.
        standards: what the PDF has to conform to, as Typst names it; None for OFFICE_STANDARDS.
        ppi: dots to an inch of a PNG; None for a PDF.
        main: the file of typst/ that it is set by.

    Raises:
        TypesettingError: the text does not fit, or Typst has anything to say, be it only a warning.
    """
    made = _compile(data, font_files, day, standards, ppi, main)
    return made[0] if isinstance(made, list) else made


def draw_pages(data: dict[str, Any], font_files: tuple[Path, ...], day: date, ppi: float) -> list[bytes]:
    """Every page as PNG.

    Args:
        data: what the design is given: plain JSON.
        font_files: all that may be used; no others are.
        day: the date that the design is given.
        ppi: dots to an inch.

    Raises:
        TypesettingError: as `typeset` does.
    """
    made = _compile(data, font_files, day, None, ppi)
    return made if isinstance(made, list) else [made]


def draw_sides(data: dict[str, Any], font_files: tuple[Path, ...], day: date) -> list[bytes]:
    """Every page as SVG, which is set in a third of the time that PNG takes.

    Args:
        data: what the design is given: plain JSON.
        font_files: all that may be used; no others are.
        day: the date that the design is given.

    Raises:
        TypesettingError: as `typeset` does.
    """
    made = _compile(data, font_files, day, None, None, ending="svg")
    return made if isinstance(made, list) else [made]


def count_lines(data: dict[str, Any], font_files: tuple[Path, ...], day: date) -> list[dict[str, Any]]:
    """How full the panels of a piece are at their smallest letters: `panel`, `takes` and `holds`, in lines.

    Args:
        data: what the design is given: plain JSON.
        font_files: all that may be used; no others are.
        day: the date that the design is given.

    Returns:
        A row for each panel; [] where the design has no such bounds.
    """
    try:
        _compile(data | {"asks-lines": True}, font_files, day, None, None, ending="svg")
    except TypesettingError as error:
        return list(error.lines)
    return []


def title_of(
    data: dict[str, Any], font_files: tuple[Path, ...], day: date, least: float
) -> tuple[float, int, int] | None:
    """How a poster's title stands.

    Args:
        data: what the design is given: plain JSON.
        font_files: all that may be used; no others are.
        day: the date that the design is given.
        least: a size in points, as is each here: of a sheet of A3, in proportion on others.

    Returns:
        Its size, how many of its words would stand at the size that is asked for, and how many they are.
    """
    try:
        _compile(data | {"asks-title": least}, font_files, day, None, None, ending="svg")
    except TypesettingError as error:
        for row in error.lines:
            return float(row["size"]), int(row["fits"]), int(row["words"])
    return None


def forget_old(day: date, kept: int = 4) -> None:
    """Lets Typst forget all but the last few pieces, for whoever sets one piece again and again.

    It keeps what any of its last ten runs used: of a leaflet that is being typed, 300 MB that nobody needs; and each
    run looks through all of it. Runs of nothing, 1 to 6 ms each, let it grow old. They go when typst-py lets one say
    how old what is kept may be.

    Args:
        day: as for `typeset`.
        kept: how many pieces, from 1 to 10.
    """
    for _ in range(10 - kept):
        draw_alone(NOTHING, 1, 1, day, 10)


def draw_alone(svg: str, width: float, height: float, day: date, ppi: float) -> bytes:
    """A drawing by itself on a clear ground, as PNG.

    Args:
        svg: the drawing.
        width: inches.
        height: inches.
        day: as for `typeset`.
        ppi: dots to an inch.

    Raises:
        TypesettingError: as `typeset` does.
    """
    made = _compile({"svg": svg, "size": [width, height]}, (), day, None, ppi, "alone.typ")
    return made[0] if isinstance(made, list) else made


def _compile(
    data: dict[str, Any],
    font_files: tuple[Path, ...],
    day: date,
    standards: Standards | None,
    ppi: float | None,
    main: str = "main.typ",
    ending: Literal["pdf", "svg"] = "pdf",
) -> bytes | list[bytes]:
    _mind_forks()
    data = _with_own_design(data)
    folders = _font_folders(font_files)
    timestamp = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
    desk = Path(_desk().name)
    shared = _without_own(desk / OWN_FOLDER, data) if "panels" in data else data
    is_measuring = MEASURES in _DESIGNS.get(str(data.get("design")), "")
    _write_data(desk / "data.json", shared | {"measures-plain": is_measuring})
    if is_measuring:
        _write_data(desk / PLAIN / "data.json", shared | _of_no_printer(data))
    try:
        made, warnings = _compiler(folders).compile_with_warnings(
            str(desk / main),
            format="png" if ppi else ending,
            ppi=ppi,
            pdf_standards=None if ppi or ending == "svg" else standards or OFFICE_STANDARDS,
            pdf_tags=standards != TO_BE_DRAWN,
            timestamp=timestamp,
        )
    except typst.TypstError as error:
        raise _refusal(error) from None
    if warnings:
        raise TypesettingError([str(warning.message) for warning in warnings])
    assert made is not None  # it is only where Typst writes a file itself
    return made


def _with_own_design(data: dict[str, Any]) -> dict[str, Any]:
    """Put a design that the data brings along next to ours, under a name that none of ours has."""
    if DESIGN_TEXT not in data:
        return data
    name, text = f"{OWN_DESIGN}{data['design']}", str(data[DESIGN_TEXT])
    file = Path(_desk().name, f"{name}.typ")
    if not file.exists() or file.read_text("utf-8") != text:
        file.write_text(text, encoding="utf-8")
    return {key: value for key, value in data.items() if key != DESIGN_TEXT} | {"design": name}


def has_bounds(format: Format) -> bool:
    """Whether a design's panels have bounds, so that it answers when it is asked how full those are."""
    return ASKS_LINES in (format.design_text or _DESIGNS[format.design])


def _of_no_printer(data: dict[str, Any]) -> dict[str, Any]:
    """What the copy in `plain/` is given instead. On photocopies partners' names take another room than their marks."""
    is_apart = data["flavour"] == PHOTOCOPY and bool(data.get("partners"))
    icons = dict.fromkeys(data["icons"], NOTHING)
    return {"measures-plain": True, "flavour": PHOTOCOPY if is_apart else OFFICE, "icons": icons}


def _without_own(folder: Path, data: dict[str, Any]) -> dict[str, Any]:
    """The data of a piece without what may differ from place to place, which is written into a folder."""
    panels, bands = data["panels"], {name: data[name] for name in BANDS if name in data}
    own = {name: data.get(name) for name in OWN}
    own |= {f"panel-{at}": panel for at, panel in enumerate(panels.values())}
    own |= {name: band["svg"] for name, band in bands.items()}
    for name, value in own.items():
        _write_data(folder / f"{name}.json", value)
    shared = {key: value for key, value in data.items() if key not in own}
    sizes = {name: {key: value for key, value in band.items() if key != "svg"} for name, band in bands.items()}
    return shared | {"panels": [*panels], "bands": sizes}


def _write_data(path: Path, data: object) -> None:
    """Writes over a file. Emptied first, as `write_bytes` does, ext4 would bring each state to the disk, in 2 ms."""
    with path.open("r+b" if path.exists() else "wb") as file:
        file.write(json.dumps(data, ensure_ascii=False).encode())
        file.truncate()


def _refusal(error: typst.TypstError) -> TypesettingError:
    """What Typst refused: words that do not fit, something that a design forgot, or a fault, with its place."""
    forgotten = json.loads(error.message.partition(FORGOTTEN)[2].rstrip(".")) if FORGOTTEN in error.message else []
    if forgotten:
        return TypesettingError([f"the design does not place {', '.join(forgotten)}"], forgotten=forgotten)
    if LINES in error.message:
        told = TypesettingError([error.message])
        told.lines = tuple(json.loads(error.message.partition(LINES)[2]))
        return told
    message = NO_DESIGN.sub(r"(printing/formats/\1/design.typ)", error.message)
    return TypesettingError([message, *error.hints, *_places(error.diagnostic or "")], _misfits(error.message))


def _places(diagnostic: str) -> Iterator[str]:
    """The line that went wrong, and where that is in no design, the line of the design that led there."""
    files = {path.parent.name: f"formats/{path.parent.name}/design.typ" for path in FORMATS.glob("*/design.typ")}
    found = PLACE.findall(diagnostic)
    in_design = [each for each in found if each[0] in files]
    for name, line, words in dict.fromkeys((*found[:1], *in_design[:1])):
        own = f"formats/{name.removeprefix(OWN_DESIGN)}/design.typ" if name.startswith(OWN_DESIGN) else ""
        yield f"{own or 'printing/' + files.get(name, f'typst/{name}.typ')}, line {line}: `{words.strip()}`"


def _misfits(message: str) -> list[dict[str, Any]]:
    """What a design wrote into its panic: `panicked with: does-not-fit:[…]`."""
    return json.loads(message.partition(MISFIT)[2]) if MISFIT in message else []
