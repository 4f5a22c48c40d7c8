"""Look: the colours of assets/identity.yml with what can be read on what, the logos, and all pieces at once."""

from __future__ import annotations

import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from campaign.cache.atomic import WORK
from campaign.content.contrast import PRINT, SCREEN, contrast, ink_luminance, luminance
from campaign.content.identity import FILE, read_identity
from campaign.desk.desk import Desk, one
from campaign.desk.files import Change, version_of
from campaign.desk.forms import Edit
from campaign.models.problem import Problem
from campaign.schema.yaml_splice import Typed, remove, said_by, set_value

HEX = re.compile(r"#[0-9a-fA-F]{6}")
INKS = re.compile(r"\d{1,3}(?:[\s,/]+\d{1,3}){3}")
PROOFS = f"{WORK}/proofs"
# A drawing opened by itself runs nothing and asks for nothing.
ALONE = {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}
# So far may what the inks give be from the screen's colour; profiles and `ink_luminance` differ by less.
APART = 1.6


@dataclass(frozen=True)
class Row:
    """A colour as its fields show it.

    Attributes:
        is_far: whether its inks give another colour than the screen's.
        wanted_grey: what the screen's colour asks for.
    """

    name: str
    hex: str
    dark: str
    cmyk: str
    grey: str
    is_far: bool
    wanted_grey: int | None

    @property
    def is_hex(self) -> bool:
        """Whether a browser's field of colours can show it."""
        return bool(HEX.fullmatch(self.hex))


@dataclass(frozen=True)
class Pair:
    """What is seen on what, how well, and how well it has to be. seen, on: as on a screen."""

    name: str
    ground: str
    seen: str
    on: str
    found: float
    least: float

    @property
    def is_weak(self) -> bool:
        """Whether it cannot be read."""
        return self.found < self.least


def routes(desk: Desk) -> list[Route]:
    """The pages of this panel."""
    desk.menu.append(("/look", "look"))
    panel = _Look(desk)
    return [
        desk.get("/look", panel.show),
        desk.post("/look", panel.save),
        desk.post("/look/contrast", panel.contrast),
        desk.get("/look/pieces", panel.pieces),
        desk.post("/look/pieces", panel.draw),
        desk.get("/look/pieces/{name}", panel.piece),
        desk.get("/look/logos/{name}", panel.logo),
    ]


class _Look:
    def __init__(self, desk: Desk) -> None:
        self.desk, self.workspace = desk, desk.workspace

    def show(self, request: Request) -> Response:
        data = self._read()
        return self._form(request, data, _said(data))

    def _form(
        self,
        request: Request,
        data: bytes,
        said: Mapping[str, Any],
        status: int = 200,
        message: str = "",
        problems: list[Problem] | None = None,
    ) -> Response:
        return self.desk.page(
            request,
            "look.html",
            status,
            rows=_rows(said),
            tables=_tables(said),
            version=version_of(data),
            message=message,
            problems=problems or [],
            logos=self.workspace.campaign.logos,
            is_drawn=(self.workspace.root / PROOFS).is_dir(),
        )

    def _read(self) -> bytes:
        data = self.workspace.files.read(FILE)
        if data is None:
            raise LookupError(FILE)
        return data

    def contrast(self, request: Request, form: FormData) -> Response:
        """What can be read, of what is typed so far."""
        text = _edited(self._read().decode("utf-8"), form)
        return self.desk.page(request, "look-contrast.html", tables=_tables(said_by(text)))

    def save(self, request: Request, form: FormData) -> Response:
        data, words = self._read(), self.desk.words(request)
        before = data.decode("utf-8")
        text = _edited(before, form)
        if one(form, "version") != version_of(data):
            return self._form(request, data, said_by(text), 409, words["changed-underneath"])
        known = {(each.id, each.what) for each in self._problems(before)}
        problems = [each for each in self._problems(text) if (each.id, each.what) not in known]
        if problems:
            return self._form(request, data, said_by(text), 422, words["cannot-save"], problems)
        if text != before:
            change = Change(version_of(data), text.encode())
            self.workspace.files.save(words["did-look"], self.desk.you, {FILE: change})
        return self.desk.go("/look")

    def _problems(self, text: str) -> list[Problem]:
        problems: list[Problem] = []
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            (root / "assets").mkdir()
            (root / FILE).write_text(text, encoding="utf-8", newline="")
            for profile in (self.workspace.root / "assets").glob("*.ic[cm]"):
                shutil.copyfile(profile, root / "assets" / profile.name)
            read_identity(root, problems)
        return problems

    # All pieces at once

    def draw(self, request: Request, form: FormData) -> Response:  # noqa: ARG002
        source = self.workspace.campaign.source_language.code
        job = self.desk.jobs.start(
            self.desk.words(request)["look-pieces"], ["prints", "--proof", "--language", source], "/look/pieces"
        )
        return self.desk.go(f"/jobs/{job.number}")

    def pieces(self, request: Request) -> Response:
        folder, look = self.workspace.root / PROOFS, self.workspace.root / FILE
        found: dict[str, list[str]] = {}
        for path in sorted(folder.glob("*-*.png")):
            found.setdefault(path.stem.rpartition("-")[0], []).append(path.name)
        is_old = any(path.stat().st_mtime < look.stat().st_mtime for path in folder.glob("*.png"))
        return self.desk.page(request, "look-pieces.html", pieces=found, is_old=is_old)

    def piece(self, request: Request) -> Response:
        return _file(self.workspace.root / PROOFS, str(request.path_params["name"]), ".png", "image/png")

    def logo(self, request: Request) -> Response:
        return _file(
            self.workspace.root / "assets/logos", str(request.path_params["name"]), ".svg", "image/svg+xml", ALONE
        )


def _file(folder: Path, name: str, ending: str, kind: str, fields: Mapping[str, str] | None = None) -> Response:
    """A file that lies in a folder, and none that a link leads to."""
    path = folder / name
    if path.suffix != ending or path not in folder.glob("*") or path.is_symlink() or not path.is_file():
        raise LookupError(name)
    return FileResponse(path, media_type=kind, headers=dict(fields or {}))


def _said(data: bytes) -> Mapping[str, Any]:
    said = said_by(data.decode("utf-8"))
    return said if isinstance(said, dict) else {}


def _mapping(said: Any, key: str) -> dict[str, Any]:
    found = said.get(key) if isinstance(said, dict) else None
    return found if isinstance(found, dict) else {}


def _rows(said: Mapping[str, Any]) -> list[Row]:
    dark = _mapping(said, "dark")
    rows = []
    for name, token in _mapping(said, "colours").items():
        hex, cmyk, grey = (_mapping({"": token}, "").get(key, "") for key in ("hex", "cmyk", "grey"))
        inks = _inks(cmyk)
        is_hex = bool(HEX.fullmatch(str(hex)))
        bright = luminance(hex) if is_hex else 0.0
        wanted = round(100 - _lightness(bright)) if is_hex else None
        is_far = is_hex and len(inks) == 4 and contrast(bright, ink_luminance(inks)) > APART
        shown = " ".join(map(str, cmyk)) if isinstance(cmyk, list) else str(cmyk)
        rows.append(Row(name, str(hex), str(dark.get(name, "")), shown, str(grey), is_far, wanted))
    return rows


def _lightness(bright: float) -> float:
    """CIE L* of a relative luminance (CIE 15)."""
    return 116 * bright ** (1 / 3) - 16 if bright > 216 / 24389 else bright * 24389 / 27


def _inks(typed: Any) -> tuple[int, ...]:
    return tuple(int(ink) for ink in typed if str(ink).isdecimal()) if isinstance(typed, list) else ()


def _tables(said: Mapping[str, Any]) -> list[tuple[str, list[Pair]]]:
    """(where, what is seen on what there), as content.contrast checks it."""
    rows = _rows(said)
    day = {row.name: row.hex for row in rows if row.is_hex}
    night = {row.name: row.dark for row in rows if HEX.fullmatch(row.dark)}
    colours = _mapping(said, "colours")
    inks = {
        name: found
        for name, token in colours.items()
        if len(found := _inks(_mapping({"": token}, "").get("cmyk"))) == 4
    }
    return [
        ("contrast-day", list(_pairs(day, {name: luminance(hex) for name, hex in day.items()}, SCREEN | PRINT))),
        ("contrast-night", list(_pairs(night, {name: luminance(hex) for name, hex in night.items()}, SCREEN))),
        ("contrast-inks", list(_pairs(day, {name: ink_luminance(four) for name, four in inks.items()}, PRINT))),
    ]


def _pairs(
    shown: Mapping[str, str], bright: Mapping[str, float], pairs: Mapping[tuple[str, str], float]
) -> Iterator[Pair]:
    for (name, ground), least in pairs.items():
        if {name, ground} <= bright.keys() & shown.keys():
            found = contrast(bright[name], bright[ground])
            yield Pair(name, ground, shown[name], shown[ground], found, least)


def _edited(text: str, form: FormData) -> str:
    for edit in _edits(_rows(said_by(text)), form):
        text = remove(text, edit.way) if edit.value is None else set_value(text, edit.way, edit.value)
    return text


def _edits(rows: list[Row], form: FormData) -> Iterator[Edit]:
    for row in rows:
        typed = {
            key: one(form, f"{row.name}.{key}") if f"{row.name}.{key}" in form else None
            for key in ("hex", "dark", "cmyk", "grey")
        }
        # A browser writes colours in small letters.
        if typed["hex"] is not None and typed["hex"].lower() != row.hex.lower():
            yield Edit(("colours", row.name, "hex"), typed["hex"])
        if typed["dark"] is not None and typed["dark"].lower() != row.dark.lower():
            yield Edit(("dark", row.name), typed["dark"])
        if typed["cmyk"] is not None and typed["cmyk"] != row.cmyk:
            yield Edit(("colours", row.name, "cmyk"), _typed_inks(typed["cmyk"]))
        if typed["grey"] is not None and typed["grey"] != row.grey:
            grey = typed["grey"]
            yield Edit(("colours", row.name, "grey"), int(grey) if grey.isdecimal() else grey or None)


def _typed_inks(typed: str) -> Typed | None:
    """Four percentages; what is none stays as it is, for the reader to complain of."""
    if not typed:
        return None
    return [int(ink) for ink in re.findall(r"\d+", typed)] if INKS.fullmatch(typed) else [typed]
