"""Typesetting with Typst: content goes in as data, a PDF or a PNG comes out. No other module imports Typst."""

from __future__ import annotations

import json
import os
import re
import shutil
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from functools import lru_cache
from multiprocessing.util import Finalize
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

# Shared Typst code, and a folder per format with its design.typ.
SHARED_FOLDER = Path(__file__).parent / "typst"
FORMATS = Path(__file__).parent / "formats"
PARTS = "parts.typ"
MAIN = "main.typ"


def _texts_of_designs() -> dict[str, str]:
    """Return the designs by name, with the code they share."""
    results = {}
    for path in FORMATS.glob("*/design.typ"):
        text = path.read_text("utf-8")
        shared = (name for name in re.findall(r'#import "([\w-]+\.typ)"', text) if name != PARTS)
        results[path.parent.name] = "\n".join((text, *((SHARED_FOLDER / name).read_text("utf-8") for name in shared)))
    return results


_DESIGNS = _texts_of_designs()
# Found in designs whose panels have bounds; the second one is a file that designs of sheets of panels import.
LINE_COUNTERS = ('asked("lines")', "arrangements.typ")
# Found in designs that say what they gave up.
LAYOUT_QUESTION = 'asked("layout")'
# Designs that measure a lot use a copy of the shared code whose data doesn't depend on the flavour, so that Typst
# reuses the measurements for the next flavour.
PLAIN = "plain"
PLAIN_FILES = (PARTS, "meaning.typ", "score.typ", "sections.typ", "panels.typ", "arrangements.typ")
PLAIN_IMPORT = f'"{PLAIN}/'
# The file name of a design from a campaign or package.
OWN_DESIGN = "own-"
QUESTIONS = "questions"
# Data that may differ between places. Each is in a separate file, like panels and the drawings of bands: Typst reuses
# what a design makes without reading them.
PER_PLACE_KEYS = (
    "place",
    "contacts",
    "legend",
    "draft",
    "imprint",
    "slug",
    "check",
    "long-words",
    "fonts",
    QUESTIONS,
)
OWN_FOLDER = "own"
BANDS = ("band", "slim", "upright", "seam", "cloth")
EMPTY_SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>'
Standards = list["PDFStandard"]
# Office: PDF/A and PDF/UA. Print shops: the same tags, in CMYK, before prepress turns it into PDF/X-4.
OFFICE_STANDARDS: Standards = ["ua-1", "a-2a"]
PRINT_SHOP_STANDARDS: Standards = ["ua-1", "1.6"]
# Fields of a form aren't PDF/A once they are filled in.
FORM_STANDARDS: Standards = ["ua-1", "1.7"]
# Only drawn as pictures, never read.
DRAWN_STANDARDS: Standards = ["1.7"]
PANIC = "panicked with: "
# The panic of a design whose text doesn't fit.
MISFIT = "does-not-fit:"
MISSING_PART_PREFIX = "does-not-place:"
# The panic of a design with the answer to a question.
ANSWER = "answers:"
# Typst's message: location, source line, then each caller.
ERROR_LOCATION = re.compile(r"┌─ (?:.*/)?([\w-]+)\.typ:(\d+):\d+\n *│\n *\d+ │ (.*)")
NO_DESIGN = re.compile(r"\(searched at .*?([\w-]+)\.typ\)")


class TypesettingError(Exception):
    """Typst failed or warned.

    Attributes:
        notes: Typst's messages, with file, line and excerpt if known.
        misfits: texts that don't fit.
        missing_parts: parts of `formats.REQUIRED_PARTS` that a design hasn't placed.
    """

    def __init__(
        self, notes: list[str], misfits: Sequence[dict[str, Any]] = (), missing_parts: Sequence[str] = ()
    ) -> None:
        self.notes, self.misfits, self.missing_parts = notes, misfits, missing_parts
        super().__init__("\n".join(notes))


_process: int | None = None


def has_run_typst() -> bool:
    """Return whether Typst has run in this process, which can't fork workers for Typst any more."""
    return _process is not None


def _assert_not_forked() -> None:
    """Refuse to run in a forked process, where Typst would wait forever for threads that don't exist."""
    global _process
    if _process not in (None, os.getpid()):
        raise RuntimeError(
            "Typst has run before this process was forked off: start workers by 'spawn' or 'forkserver'."
        )
    _process = os.getpid()


@lru_cache(maxsize=1)
def _work_dir() -> TemporaryDirectory[str]:
    """Return this process's work folder: the designs, and the data of the current piece.

    Data comes from files because Typst drops its cache when `sys_inputs` change.
    """
    desk = TemporaryDirectory(prefix="campaign-")
    # Forked workers end without calling Python's own exit functions.
    Finalize(None, desk.cleanup, exitpriority=0)
    for path in SHARED_FOLDER.glob("*.typ"):
        shutil.copyfile(path, Path(desk.name, path.name))
    for path in FORMATS.glob("*/design.typ"):
        shutil.copyfile(path, Path(desk.name, f"{path.parent.name}.typ"))
    for name in (OWN_FOLDER, PLAIN):
        Path(desk.name, name).mkdir()
    for name in PLAIN_FILES:
        shutil.copyfile(SHARED_FOLDER / name, Path(desk.name, PLAIN, name))
    return desk


def _font_folders(font_files: tuple[Path, ...]) -> tuple[str, ...]:
    """Return the font folders for Typst.

    Files from several folders, or of the system, each get their own folder, because the original one may contain a file
    of the same family with fewer characters, or 1,800 others.
    """
    folders = {path.parent for path in font_files}
    if len(folders) < 2 and not folders & {*SYSTEM_FOLDERS}:
        return tuple(map(str, folders))
    return tuple(_linked(path) for path in font_files)


def _linked(font_file: Path) -> str:
    folder = Path(_work_dir().name, "fonts", hash_text(str(font_file))[:16])
    link = folder / font_file.name
    if not link.exists():
        folder.mkdir(parents=True, exist_ok=True)
        try:
            link.symlink_to(font_file)
        except OSError:  # Windows requires a privilege for links
            shutil.copyfile(font_file, link)
    return str(folder)


@lru_cache(maxsize=12)
def _compiler(font_folders: tuple[str, ...], main: str) -> typst.Compiler:
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=list(font_folders))
    return typst.Compiler(str(Path(_work_dir().name, main)), root=_work_dir().name, font_paths=fonts)


def typeset(
    data: dict[str, Any],
    font_files: tuple[Path, ...],
    day: date,
    standards: Standards | None = None,
    ppi: float | None = None,
    main: str = MAIN,
) -> bytes:
    """Typeset a PDF, or with `ppi` the first page as PNG. `main` is the main file in typst/.

    Raises:
        TypesettingError: the text doesn't fit, or Typst reported an error or warning.
    """
    return _compile(data, font_files, day, standards, ppi, main)[0]


def draw_pages(data: dict[str, Any], font_files: tuple[Path, ...], day: date, ppi: float) -> list[bytes]:
    """Return every page as PNG; arguments and errors as for `typeset`."""
    return _compile(data, font_files, day, None, ppi)


def draw_sides(data: dict[str, Any], font_files: tuple[Path, ...], day: date) -> list[bytes]:
    """Return every page as SVG, in a third of PNG's time; arguments and errors as for `typeset`."""
    return _compile(data, font_files, day, None, None, ending="svg")


def count_lines(data: dict[str, Any], font_files: tuple[Path, ...]) -> list[dict[str, Any]]:
    """Return how full each panel is at the smallest type size: `panel`, `takes` and `holds`, in lines.

    Arguments as for `typeset`; [] if the design's panels have no bounds.
    """
    return _ask(data, font_files, "lines")


def title_of(data: dict[str, Any], font_files: tuple[Path, ...], least: float) -> tuple[float, int, int] | None:
    """Return a poster title's size, how many words would fit at `least` points on A3, and its number of words."""
    for row in _ask(data, font_files, "title", least):
        return float(row["size"]), int(row["fits"]), int(row["words"])
    return None


def meaning_of(data: dict[str, Any], font_files: tuple[Path, ...]) -> list[dict[str, Any]]:
    """Return how much is visible of what carries the meaning of a piece's drawings: rows of `seen` (meaning.typ)."""
    return _ask(data, font_files, "meaning")


def has_layout(format: Format) -> bool:
    """Return whether a design answers `layout_of`."""
    return LAYOUT_QUESTION in (format.design_text or _DESIGNS.get(format.design, ""))


def layout_of(data: dict[str, Any], font_files: tuple[Path, ...]) -> list[dict[str, Any]]:
    """Return what a piece gave up so that its text fits: rows of `tell-layout` (parts.typ)."""
    return _ask(data, font_files, "layout")


def _ask(
    data: dict[str, Any], font_files: tuple[Path, ...], question: str, value: float | bool = True
) -> list[dict[str, Any]]:
    """Return a design's answer to a question (parts.typ), without making a file; [] if it has none.

    Unlike compiling, this doesn't age Typst's cache, which takes longer than most answers.
    """
    compiler = _prepare(data | {QUESTIONS: {question: value}}, font_files, MAIN)
    try:
        compiler.query("<placed>")
    except RuntimeError as error:
        return _rows_of_panic(str(error), ANSWER)
    return []


def forget_old(day: date, max_pieces: int = 4) -> None:
    """Make Typst's cache forget all but the last pieces (1 to 10), for repeated typesetting of one piece.

    Typst keeps what any of its last ten runs used: 300 MB for a leaflet that is being typed. Empty runs (1 to 6 ms
    each) age the cache. Remove this when typst-py exposes the cache's age limit.
    """
    for _ in range(10 - max_pieces):
        draw_alone(EMPTY_SVG, 1, 1, day, 10)


def draw_alone(svg: str, width: float, height: float, day: date, ppi: float) -> bytes:
    """Return a drawing on a transparent background as PNG; width and height in inches.

    Raises:
        TypesettingError: as for `typeset`.
    """
    return _compile({"svg": svg, "size": [width, height]}, (), day, None, ppi, "alone.typ")[0]


def _compile(
    data: dict[str, Any],
    font_files: tuple[Path, ...],
    day: date,
    standards: Standards | None,
    ppi: float | None,
    main: str = MAIN,
    ending: Literal["pdf", "svg"] = "pdf",
) -> list[bytes]:
    """Return one file, or one for each page of several."""
    compiler = _prepare(data, font_files, main)
    timestamp = int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp())
    try:
        output, warnings = compiler.compile_with_warnings(
            format="png" if ppi else ending,
            ppi=ppi,
            pdf_standards=None if ppi or ending == "svg" else standards or OFFICE_STANDARDS,
            pdf_tags=standards != DRAWN_STANDARDS,
            timestamp=timestamp,
        )
    except typst.TypstError as error:
        raise _refusal(error) from None
    if warnings:
        raise TypesettingError([str(warning.message) for warning in warnings])
    assert output is not None  # None only if Typst writes a file itself
    return output if isinstance(output, list) else [output]


def _prepare(data: dict[str, Any], font_files: tuple[Path, ...], main: str) -> typst.Compiler:
    """Write a piece's data, and return the compiler with its fonts."""
    _assert_not_forked()
    data = _with_own_design(data)
    desk = Path(_work_dir().name)
    shared = _write_place_data(desk / OWN_FOLDER, data) if "panels" in data else data
    is_measuring = PLAIN_IMPORT in _DESIGNS.get(str(data.get("design")), "")
    _write_data(desk / "data.json", shared | {"measures-plain": is_measuring})
    if is_measuring:
        _write_data(desk / PLAIN / "data.json", shared | _without_flavour(data))
    return _compiler(_font_folders(font_files), main)


def _with_own_design(data: dict[str, Any]) -> dict[str, Any]:
    """Write a design that comes with the data next to ours, under a unique name."""
    if DESIGN_TEXT not in data:
        return data
    name, text = f"{OWN_DESIGN}{data['design']}", str(data[DESIGN_TEXT])
    file = Path(_work_dir().name, f"{name}.typ")
    if not file.exists() or file.read_text("utf-8") != text:
        file.write_text(text, encoding="utf-8")
    return {key: value for key, value in data.items() if key != DESIGN_TEXT} | {"design": name}


def has_bounds(format: Format) -> bool:
    """Return whether a design's panels have bounds, so that `count_lines` works."""
    text = format.design_text or _DESIGNS[format.design]
    return any(name in text for name in LINE_COUNTERS)


def _without_flavour(data: dict[str, Any]) -> dict[str, Any]:
    """Return the data for the copy in `plain/`, the same for all flavours except for partners on photocopies."""
    is_apart = data["flavour"] == PHOTOCOPY and bool(data.get("partners"))
    icons = dict.fromkeys(data["icons"], EMPTY_SVG)
    return {"measures-plain": True, "flavour": PHOTOCOPY if is_apart else OFFICE, "icons": icons}


def _write_place_data(folder: Path, data: dict[str, Any]) -> dict[str, Any]:
    """Write the data that may differ between places into a folder, and return the rest."""
    panels, bands = data["panels"], {name: data[name] for name in BANDS if name in data}
    place_data = {name: data.get(name) for name in PER_PLACE_KEYS}
    place_data |= {f"panel-{index}": panel for index, panel in enumerate(panels.values())}
    place_data |= {name: band["svg"] for name, band in bands.items()}
    for name, value in place_data.items():
        _write_data(folder / f"{name}.json", value)
    shared = {key: value for key, value in data.items() if key not in place_data}
    sizes = {name: {key: value for key, value in band.items() if key != "svg"} for name, band in bands.items()}
    return shared | {"panels": [*panels], "bands": sizes}


# The data in this process's work folder.
_written: dict[Path, bytes] = {}


def _write_data(path: Path, data: object) -> None:
    """Overwrite a file that differs, without truncating it first, which would make ext4 flush it to disk (2 ms)."""
    content = json.dumps(data, ensure_ascii=False).encode()
    if _written.get(path) == content:
        return
    # Forgotten before it is written, in case that fails halfway.
    with path.open("r+b" if _written.pop(path, b"") else "wb") as file:
        file.write(content)
        file.truncate()
    _written[path] = content


def _refusal(error: typst.TypstError) -> TypesettingError:
    """Return the error: a text that doesn't fit, a missing part, or a fault with its location."""
    if missing_parts := _rows_of_panic(error.message, MISSING_PART_PREFIX):
        return TypesettingError([f"the design does not place {', '.join(missing_parts)}"], missing_parts=missing_parts)
    message = NO_DESIGN.sub(r"(printing/formats/\1/design.typ)", error.message)
    misfits = _rows_of_panic(error.message, MISFIT)
    return TypesettingError([message, *error.hints, *_places(error.diagnostic or "")], misfits)


def _rows_of_panic(message: str, prefix: str) -> list[Any]:
    """Return the rows of a design's panic: `panicked with: does-not-fit:[…]`. [] if the first one has another prefix.

    The rows may contain any text, even such a prefix.
    """
    panic = message.partition(PANIC)[2]
    return list(json.JSONDecoder().raw_decode(panic.removeprefix(prefix))[0]) if panic.startswith(prefix) else []


def _places(diagnostic: str) -> Iterator[str]:
    """Return the failing line and, if it isn't in a design, the design's line that called it."""
    files = {path.parent.name: f"formats/{path.parent.name}/design.typ" for path in FORMATS.glob("*/design.typ")}
    result = ERROR_LOCATION.findall(diagnostic)
    in_design = [item for item in result if item[0] in files]
    for name, line, words in dict.fromkeys((*result[:1], *in_design[:1])):
        design_path = f"formats/{name.removeprefix(OWN_DESIGN)}/design.typ" if name.startswith(OWN_DESIGN) else ""
        yield f"{design_path or 'printing/' + files.get(name, f'typst/{name}.typ')}, line {line}: `{words.strip()}`"
