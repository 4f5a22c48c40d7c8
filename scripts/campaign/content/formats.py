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
from campaign.schema.yaml_reader import Fields, Value, read_text, read_yaml

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
    problems += _misplaced(root)
    return results | _read_folders(root / FOLDER, FOLDER, results, problems, languages)


def _misplaced(root: Path) -> Iterator[Problem]:
    """Yield declarations that aren't read, because of their folder or suffix."""
    fix = f"Rename it to `{FOLDER}/<name>/{DECLARATION}`."
    for pattern in (DECLARATION, "format.yaml", "*/format.yaml"):
        for path in sorted((root / FOLDER).glob(pattern)):
            where = path.relative_to(root).as_posix()
            if path.is_file() and not is_leftover(where):
                yield Problem("format-wrong", where, "No format is read from this file.", fix)


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
        count = len(problems)
        format_file = bind(FormatFile, read_yaml(path, name, problems), name, problems)
        if len(problems) == count and not (format_file.has("formats") and format_file.value("formats").keys != {}):
            fix = "Add a line `formats:`, and each format below it."
            format_file.complain("format-wrong", "formats", "The file declares no format.", fix)
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
            count = len(self.problems)
            row = bind(FormatRow, merged, self.declared.file, self.problems)
            if not PLAIN_NAME.fullmatch(name):
                self._refuse(row, "", f"`{name}` isn't a plain name.", "Use lower-case letters, digits and hyphens.")
            elif name in self.known:
                self._refuse(row, "", f"The format `{name}` exists already.", "Choose another name.")
            elif row.kind in OTHER_KINDS:
                self._refuse(row, "kind", f"`{row.kind}` can't be the kind of a format.", "Choose another word.")
            elif row.kind and not PLAIN_NAME.fullmatch(row.kind):
                fix = "Use lower-case letters, digits and hyphens."
                self._refuse(row, "kind", f"The kind `{row.kind}` isn't a plain name.", fix)
            elif format := self._format(name, row):
                if len(self.problems) == count:
                    self._check_layout(format, row)
                self._check_names(format, row)
                yield format

    def _format(self, name: str, row: FormatRow) -> Format | None:
        design = self._design(row)
        for key in ("kind", "width", "height"):
            if not row.has(key) or row.value(key).text == "":
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
        if model.sheets and not sheets and not row.sheets:
            fix = "List the panels of each side with their widths."
            if not row.has("sheets") or row.value("sheets").items == ():
                self._refuse(row, "sheets", f"`sheets` of the format `{name}` is missing.", fix)
            return None
        if sheets:
            panels = dict.fromkeys(panel for side in sheets for panel, _ in side)
            values["runs"] = self._runs(row, {*panels})
            # In the order of the design's first format, which readers follow; then in that of the sheets.
            in_order = dict.fromkeys(name for name in (*model.panels, *panels) if name in panels)
            values.setdefault("panels", tuple(in_order))
        if row.parts is not None:
            values["parts"] = ("", *row.parts)
        if row.waives:
            values["waives"] = tuple((key, text) for key, text in row.waives.items() if key in REQUIRED_PARTS)
        self._check_waives(row)
        values |= {key: self._bands(row, key, model) for key in ("bands", "upright_bands")}
        return replace(
            model,
            name=name,
            kind=row.kind,
            design=design,
            width=_without_fraction(row.width),
            height=_without_fraction(row.height),
            sheets=sheets,
            names=tuple(row.names.items()),
            design_text=self._design_text(own_design) if self.known and own_design.is_file() else "",
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

    def _design_text(self, file: Path) -> str:
        where = f"{self.declared.file.rpartition('/')[0]}/{DESIGN}"
        return read_text(file, where, self.problems) or ""

    def _model(self, design: str) -> Format:
        """Return the first format of one of our designs, whose values are the defaults of added ones."""
        return next(iter(self._siblings(design)), Format("", "", "", 0, 0))

    def _siblings(self, design: str) -> list[Format]:
        """Return the known formats of one of our designs."""
        return [format for format in self.known.values() if format.design == design and not format.design_text]

    def _check_layout(self, format: Format, row: FormatRow) -> None:
        """Refuse panels and sides that the design can't print."""
        self._check_panels(format, row)
        siblings = [] if format.design_text else self._siblings(format.design)
        if not siblings:
            return
        model, design = siblings[0], format.design
        required = set.intersection(*(set(item.panels) for item in siblings))
        if missing := [name for name in model.panels if name in required and name not in format.panels]:
            self._refuse(row, "panels", f"The design `{design}` needs panels: {_listed(missing)}.", "Add to `panels`.")
        if not model.sheets and not model.is_free and (extra := [*{*format.panels} - {*model.panels}]):
            fix = f"Write `panels: [{', '.join(model.panels)}]`."
            self._refuse(row, "panels", f"The design `{design}` has no room for panels: {_listed(sorted(extra))}.", fix)
        if model.sides and format.sides != model.sides:
            message = f"The design `{design}` can't have {format.sides} sides."
            self._refuse(row, "sides", message, f"Write `sides: {model.sides}`.")
        if model.sheets:
            self._check_sheets(format, row, siblings)

    def _check_panels(self, format: Format, row: FormatRow) -> None:
        on_sheets = [name for side in format.sheets for name, _ in side]
        for key, names in (("panels", format.panels), ("sheets", on_sheets)):
            if twice := [name for name in dict.fromkeys(names) if names.count(name) > 1]:
                self._refuse(row, key, f"`{key}` has panels twice: {_listed(twice)}.", "Name each once.")
        if on_sheets and (absent := [name for name in format.panels if name not in on_sheets]):
            message = f"`sheets` lacks panels of `panels`: {_listed(absent)}."
            self._refuse(row, "panels", message, "Add them to `sheets`, or write `panels` without them.")
        panels = on_sheets or format.panels
        if format.small_print and format.small_print not in panels:
            fix = f"Choose from: {', '.join(panels)}."
            self._refuse(row, "small_print", f"The panel for `small_print`, `{format.small_print}`, is missing.", fix)

    def _check_sheets(self, format: Format, row: FormatRow, siblings: list[Format]) -> None:
        """Refuse sheets with other sides than the design's, or without the panels that its first side needs."""
        count = len(siblings[0].sheets)
        if len(format.sheets) != count:
            message = f"The design `{format.design}` has {count} sides, and `sheets` has {len(format.sheets)}."
            self._refuse(row, "sheets", message, f"List the panels of {count} sides.")
            return
        required = set.intersection(*({name for name, _ in item.sheets[0]} for item in siblings))
        if missing := required - {name for name, _ in format.sheets[0]}:
            message = f"The first side of `sheets` lacks panels: {_listed(sorted(missing))}."
            self._refuse(row, "sheets", message, "Move them to the first side.")

    def _check_waives(self, row: FormatRow) -> None:
        for name in (row.value("waives").keys or ()) if row.has("waives") else ():
            if name not in REQUIRED_PARTS:
                fix = f"Choose from: {', '.join(REQUIRED_PARTS)}."
                self._refuse(row, "waives", f"`waives` can't contain `{name}`.", fix)
            elif row.value("waives").keys[name].text is not None and not row.waives.get(name):  # type: ignore[index]
                self._refuse(row, "waives", f"`{name}` is waived without a reason.", f"Write `{name}: why`.")

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
        for value in row.sheets:
            side = _numbers(Fields(value, self.declared.file, self.problems))
            if wrong := [name for name, width in side if not width > 0]:
                message = f"Panels of `sheets` have no width: {_listed(wrong)}."
                self._refuse(row, "sheets", message, "Write millimetres above 0.")
            elif abs(sum(width for _, width in side) - (row.width or 0)) > 0.5:
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

    def _bands(self, row: FormatRow, key: str, model: Format) -> Bands:
        declared, defaults = getattr(row, key), dict(getattr(model, key))
        if model.name and (unknown := [name for name in declared if name not in defaults]):
            fix = f"Choose from: {', '.join(defaults)}." if defaults else f"Delete `{key}`."
            self._refuse(row, key, f"The design `{model.design}` has no `{key}`: {_listed(unknown)}.", fix)
        return tuple((name, _without_fraction(mm)) for name, mm in {**defaults, **declared}.items())

    def _refuse(self, row: FormatRow, key: str, message: str, fix: str) -> None:
        row.complain("format-wrong", key, message, fix)


def _numbers(fields: Fields) -> Bands:
    results = ((key, fields.number(key)) for key in fields.keys)
    return tuple((key, _without_fraction(number)) for key, number in results if number is not None)


def _listed(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _without_fraction(number: float) -> float:
    return int(number) if float(number).is_integer() else number
