"""Formats of print: one folder each, with a declaration (`format.yml`), a `design.typ` and a sample.

Built-in ones are in printing/formats/; packages add folders through the entry point `campaign.formats`, and a campaign
in its own `formats/`. A declaration is data; a campaign's own design.typ is a program (see content/trust.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from campaign.cache.extensions import extension_folders
from campaign.models.campaign import Language
from campaign.models.formats import REQUIRED_PARTS, Format
from campaign.models.leftovers import is_leftover
from campaign.models.names import PLAIN_NAME
from campaign.models.outputs import OTHER_KINDS
from campaign.models.problem import Problem
from campaign.models.shipped import PACKAGE
from campaign.schema.declaration import bind
from campaign.schema.kinds import FormatFile, FormatRow
from campaign.schema.yaml_reader import Fields, Value, read_yaml

FOLDER = "formats"
DECLARATION = "format.yml"
DESIGN = "design.typ"
SHIPPED = PACKAGE / "printing" / "formats"
Bands = tuple[tuple[str, float], ...]  # name -> width or height in mm
DEFAULT_POSITION = 100  # position of a folder that declares none
# Keys with another name in Format.
RENAMED_KEYS = {
    **{name: name for name in ("sides", "panels", "small_print", "drawing", "names_place", "turn", "options")},
    **{name: name for name in ("least_text", "least_ppi", "queue", "finishing", "shows", "band_ends")},
    **{"free": "is_free", "places": "has_places", "printers": "flavours", "preview": "has_preview"},
    **{"clear": "is_clear", "press_kit": "is_in_press_kit", "imposed": "is_imposed", "spot_inks": "has_spot_inks"},
    **{"taught": "is_taught", "partner_marks": "has_partner_marks", "campaign_mark": "has_campaign_mark"},
    "tells_addresses": "tells_addresses",
}


@cache
def shipped_formats() -> Mapping[str, Format]:
    """Return the built-in formats by name, in the order of their folders."""
    problems: list[Problem] = []
    result = _read_folders(SHIPPED, "printing/formats", {}, problems)
    assert not problems, problems
    return result


def read_formats(root: Path, problems: list[Problem], languages: Iterable[Language] = ()) -> dict[str, Format]:
    """Return all formats: built-in, of packages and of the campaign, whose formats need names in `languages`."""
    results = dict(shipped_formats())
    for folder in extension_folders("formats"):
        results |= _read_folders(folder, str(folder), results, problems)
    return results | _read_folders(root / FOLDER, FOLDER, results, problems, languages)


def _read_folders(
    folder: Path,
    where: str,
    formats: Mapping[str, Format],
    problems: list[Problem],
    languages: Iterable[Language] = (),
) -> dict[str, Format]:
    results: list[tuple[int, str, Format]] = []
    for path in sorted(folder.glob(f"*/{DECLARATION}")):
        if is_leftover(path.parent.name):
            continue
        name = f"{where}/{path.parent.name}/{DECLARATION}"
        format_file = bind(FormatFile, read_yaml(path, name, problems), name, problems)
        reader = _Reader(path.parent, format_file, formats, problems, languages)
        results += [(format_file.order or DEFAULT_POSITION, path.parent.name, format) for format in reader.formats()]
    results.sort(key=lambda item: item[:2])
    return {format.name: format for _, _, format in results}


class _Reader:
    """Reads the rows of one declaration."""

    def __init__(
        self,
        folder: Path,
        declared: FormatFile,
        known: Mapping[str, Format],
        problems: list[Problem],
        languages: Iterable[Language],
    ) -> None:
        self.folder, self.declared, self.known, self.problems = folder, declared, known, problems
        self.languages = languages
        self.designs = {format.design for format in known.values() if not format.design_text}

    def formats(self) -> Iterator[Format]:
        rows = self.declared.value("formats") if self.declared.has("formats") else Value(1, keys={})
        shared = {key: self.declared.value(key) for key in self.declared.keys if key not in ("order", "formats")}
        if rows.keys is None:
            fix = "Indent them below it."
            self.declared.complain("value-not-lines", "formats", "`formats` takes `name: …` lines.", fix)
        for name, value in (rows.keys or {}).items():
            merged = Value(value.line, keys={**shared, **(value.keys or {})})
            row = bind(FormatRow, merged, self.declared.file, self.problems)
            if not PLAIN_NAME.fullmatch(name):
                self._refuse(row, "", f"`{name}` isn't a plain name.", "Use lower-case letters, digits and hyphens.")
            elif name in self.known:
                self._refuse(row, "", f"The format `{name}` exists already.", "Choose another name.")
            elif row.kind in OTHER_KINDS:
                self._refuse(row, "kind", f"`{row.kind}` can't be the kind of a format.", "Choose another word.")
            elif format := self._format(name, row):
                self._check_names(format, row)
                yield format

    def _format(self, name: str, row: FormatRow) -> Format | None:
        design = self._design(row)
        for key in ("kind", "width", "height"):
            if not getattr(row, key):
                self._refuse(row, key, f"`{key}` of the format `{name}` is missing.", f"Add a line `{key}: …`.")
        if not (design and row.kind and row.width and row.height):
            return None
        values: dict[str, Any] = {
            renamed_key: getattr(row, key) for key, renamed_key in RENAMED_KEYS.items() if getattr(row, key) is not None
        }
        values |= {key: _without_fraction(value) for key, value in values.items() if isinstance(value, float)}
        own_design = self.folder / DESIGN
        model = self._model(design)
        sheets = self._sheets(row)
        if model.sheets and not sheets:
            fix = "List the panels of each side with their widths."
            self._refuse(row, "sheets", f"`sheets` of the format `{name}` is missing.", fix)
            return None
        if sheets:
            values["runs"] = self._runs(row, {panel for side in sheets for panel, _ in side})
        if row.parts is not None:
            values["parts"] = ("", *row.parts)
        if row.waives:
            values["waives"] = tuple((key, text) for key, text in self._texts(row, "waives") if key in REQUIRED_PARTS)
        values |= {key: self._bands(row, key, getattr(model, key)) for key in ("bands", "upright_bands")}
        return replace(
            model,
            name=name,
            kind=row.kind,
            design=design,
            width=_without_fraction(row.width),
            height=_without_fraction(row.height),
            sheets=sheets,
            names=tuple(self._texts(row, "names")),
            design_text=own_design.read_text("utf-8") if self.known and own_design.is_file() else "",
            **values,
        )

    def _check_names(self, format: Format, row: FormatRow) -> None:
        """Add a note if the format has no name in some of the languages."""
        names = dict(format.names)
        nameless = [
            language
            for language in self.languages
            if language.has_words and not names.get(language.code) and f"format-{format.name}" not in language.strings
        ]
        if nameless:
            message = f"The format `{format.name}` has no name in: {', '.join(item.name for item in nameless)}."
            codes = ", ".join(f"{item.code}: …" for item in nameless)
            row.complain("format-nameless", "names", message, f"Add to `names`: {codes}")

    def _model(self, design: str) -> Format:
        """Return the first format of one of our designs, whose values are the defaults of added ones."""
        own = (format for format in self.known.values() if format.design == design and not format.design_text)
        return next(own, Format("", "", "", 0, 0))

    def _design(self, row: FormatRow) -> str:
        has_own_design, design_name = (self.folder / DESIGN).is_file(), row.design
        if has_own_design and self.folder.name in self.designs:
            self._refuse(row, "design", f"The design `{self.folder.name}` is one of ours.", "Rename the folder.")
            return ""
        if has_own_design or (design_name and design_name in self.designs):
            return self.folder.name if has_own_design else design_name
        message = (
            f"`{design_name}` isn't a design."
            if design_name
            else f"The folder has no {DESIGN}, and `design` is missing."
        )
        self._refuse(row, "design", message, f"Choose from: {', '.join(sorted(self.designs))}.")
        return ""

    def _sheets(self, row: FormatRow) -> tuple[tuple[tuple[str, float], ...], ...]:
        sides = []
        for value in row.sheets.items or () if row.sheets else ():
            side = _numbers(Fields(value, self.declared.file, self.problems))
            if abs(sum(width for _, width in side) - (row.width or 0)) > 0.5:
                message, fix = "The panels of a side aren't as wide as the page.", "Change their widths, or `width`."
                self._refuse(row, "sheets", message, fix)
            sides.append(side)
        return tuple(sides)

    def _runs(self, row: FormatRow, panels: set[str]) -> tuple[tuple[str, ...], ...]:
        runs = [
            tuple(item.text or "" for item in run.items or ()) for run in (row.runs.items if row.runs else None) or ()
        ]
        for name in {name for run in runs for name in run} - panels:
            message = f"`{name}` isn't a panel of `sheets`."
            self._refuse(row, "runs", message, f"Choose from: {', '.join(sorted(panels))}.")
        return tuple(tuple(name for name in run if name in panels) for run in runs)

    def _bands(self, row: FormatRow, key: str, defaults: Bands) -> Bands:
        declared = _numbers(Fields(getattr(row, key), self.declared.file, self.problems)) if getattr(row, key) else ()
        return tuple({**dict(defaults), **dict(declared)}.items())

    def _texts(self, row: FormatRow, key: str) -> list[tuple[str, str]]:
        value: Value | None = getattr(row, key)
        return [(name, item.text or "") for name, item in (value.keys or {}).items()] if value else []

    def _refuse(self, row: FormatRow, key: str, message: str, fix: str) -> None:
        row.complain("format-wrong", key, message, fix)


def _numbers(fields: Fields) -> Bands:
    results = ((key, fields.number(key)) for key in fields.keys)
    return tuple((key, _without_fraction(number)) for key, number in results if number)


def _without_fraction(number: float) -> float:
    return int(number) if number == int(number) else number
