"""The look as the desk edits it: the colours of assets/identity.yml and their contrast."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import FormData

from campaign.content.contrast import (
    PRINT_PAIRS,
    SCREEN_PAIRS,
    SOLID_INK_LUMINANCES,
    contrast,
    ink_luminance,
    luminance,
)
from campaign.desk.desk import field_text
from campaign.desk.forms import Edit, apply_edits
from campaign.desk.words import Words
from campaign.schema.yaml_splice import YamlValue, parse

HEX = re.compile(r"#[0-9a-fA-F]{6}")
INKS = re.compile(r"\d{1,3}(?:[\s,/]+\d{1,3}){3}")
# Largest contrast between ink and screen colour; profiles and `ink_luminance` differ by less.
MAX_INK_CONTRAST = 1.6


@dataclass(frozen=True)
class Row:
    """A colour as its fields show it."""

    name: str
    hex: str
    dark: str
    cmyk: str
    grey: str
    inks: tuple[int, ...]  # four, or () if they can't be read
    is_far: bool  # its inks look different from its screen colour
    wanted_grey: int | None  # the grey that matches the screen colour

    @property
    def is_hex(self) -> bool:
        """Whether a colour input can show it."""
        return bool(HEX.fullmatch(self.hex))


@dataclass(frozen=True)
class ColourPair:
    """Two colours used together, with their contrast and the minimum."""

    name: str
    ground: str
    foreground: str
    background: str
    ratio: float
    min_ratio: float

    @property
    def is_weak(self) -> bool:
        """Whether the contrast is too low."""
        return self.ratio < self.min_ratio


def _mapping(data: Any, key: str) -> dict[str, Any]:
    result = data.get(key) if isinstance(data, dict) else None
    return result if isinstance(result, dict) else {}


def colour_names(data: Mapping[str, Any], words: Words) -> dict[str, str]:
    """Return the name of each colour: from the file, otherwise the desk's word for it, otherwise its key."""
    names_by_token = {
        token: _mapping({"": row}, "").get("name", "") for token, row in _mapping(data, "colours").items()
    }
    return {
        token: str(name.get(words.code) or next(iter(name.values()), token)) if isinstance(name, dict)
        else str(name or words.get(f"colour-{token}", token))
        for token, name in names_by_token.items()
    }  # fmt: skip


def colour_rows(data: Mapping[str, Any]) -> list[Row]:
    """Return each colour with remarks."""
    dark = _mapping(data, "dark")
    rows = []
    for name, token in _mapping(data, "colours").items():
        hex, cmyk, grey = (_mapping({"": token}, "").get(key, "") for key in ("hex", "cmyk", "grey"))
        inks = _inks(cmyk)
        is_hex = bool(HEX.fullmatch(str(hex)))
        bright = luminance(hex) if is_hex else 0.0
        grey_ink = round(100 - _lightness(bright)) if is_hex else None
        is_far = is_hex and bool(inks) and contrast(bright, ink_luminance(inks)) > MAX_INK_CONTRAST
        ink_text = " ".join(map(str, cmyk)) if isinstance(cmyk, list) else str(cmyk)
        rows.append(Row(name, str(hex), str(dark.get(name, "")), ink_text, str(grey), inks, is_far, grey_ink))
    return rows


def _lightness(bright: float) -> float:
    return 116 * bright ** (1 / 3) - 16 if bright > 216 / 24389 else bright * 24389 / 27


def _inks(raw: Any) -> tuple[int, ...]:
    results = tuple(int(ink) for ink in raw if str(ink).isdecimal()) if isinstance(raw, list) else ()
    return results if len(results) == len(SOLID_INK_LUMINANCES) else ()


def contrast_tables(data: Mapping[str, Any]) -> list[tuple[str, list[ColourPair]]]:
    """Return contrasts by kind of background, as content.contrast checks them."""
    rows = colour_rows(data)
    day = {row.name: row.hex for row in rows if row.is_hex}
    night = {row.name: row.dark for row in rows if HEX.fullmatch(row.dark)}
    inks = {row.name: ink_luminance(row.inks) for row in rows if row.inks}
    return [
        (
            "contrast-day",
            list(_pairs(day, {name: luminance(hex) for name, hex in day.items()}, SCREEN_PAIRS | PRINT_PAIRS)),
        ),
        ("contrast-night", list(_pairs(night, {name: luminance(hex) for name, hex in night.items()}, SCREEN_PAIRS))),
        ("contrast-inks", list(_pairs(day, inks, PRINT_PAIRS))),
    ]


def _pairs(
    colours: Mapping[str, str], bright: Mapping[str, float], pairs: Mapping[tuple[str, str], float]
) -> Iterator[ColourPair]:
    for (name, ground), least in pairs.items():
        if {name, ground} <= bright.keys() & colours.keys():
            result = contrast(bright[name], bright[ground])
            yield ColourPair(name, ground, colours[name], colours[ground], result, least)


def edited(text: str, form: FormData) -> str:
    """Return the file's text with a form's values."""
    return apply_edits(text, _edits(colour_rows(parse(text)), form))


def _edits(rows: list[Row], form: FormData) -> Iterator[Edit]:
    for row in rows:
        colour = ("colours", row.name)
        for key, key_path, old in (
            ("hex", (*colour, "hex"), row.hex),
            ("dark", ("dark", row.name), row.dark),
            ("cmyk", (*colour, "cmyk"), row.cmyk),
            ("grey", (*colour, "grey"), row.grey),
        ):
            raw = field_text(form, f"{row.name}.{key}")
            # Browsers lower the case of colours.
            if f"{row.name}.{key}" in form and raw.lower() != old.lower():
                yield Edit(key_path, _colour_value(key, raw))


def _colour_value(key: str, raw: str) -> YamlValue | None:
    if key == "cmyk":
        return _typed_inks(raw)
    if key == "grey":
        return int(raw) if raw.isdecimal() else raw or None
    return raw


def _typed_inks(raw: str) -> YamlValue | None:
    if not raw:
        return None
    return [int(ink) for ink in re.findall(r"\d+", raw)] if INKS.fullmatch(raw) else [raw]
