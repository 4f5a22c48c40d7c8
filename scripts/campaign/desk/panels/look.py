"""Look: the colours of assets/identity.yml with what can be read on what, the logos, and all pieces at once."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from campaign.cache.atomic import WORK
from campaign.content.identity import FILE, read_identity
from campaign.desk.decoded import decoded
from campaign.desk.desk import ALONE, SAME, Desk, one
from campaign.desk.files import Change, version_of
from campaign.desk.logo_file import FOLDER as LOGOS
from campaign.desk.logo_file import as_logo, remarks
from campaign.desk.look_file import colour_names, colour_rows, contrast_tables, edited, said_in
from campaign.desk.photo_file import photo_name
from campaign.models.problem import Problem
from campaign.schema.yaml_splice import said_by

PROOFS = f"{WORK}/proofs"


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
        desk.post("/look/logos", panel.keep_logo),
    ]


class _Look:
    def __init__(self, desk: Desk) -> None:
        self.desk, self.workspace = desk, desk.workspace

    def show(self, request: Request) -> Response:
        data, known = self._read(), self.workspace.problems[0]
        problems = [each for each in known if each.stops and each.where.partition(":")[0] == FILE]
        return self._form(request, data, said_in(data), problems=problems)

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
            rows=colour_rows(said),
            tables=contrast_tables(said),
            called=colour_names(said, self.desk.words(request)),
            version=version_of(data),
            message=message,
            problems=problems or [],
            logos=self._logos(),
            mark=self.workspace.campaign.mark,
            is_drawn=(self.workspace.root / PROOFS).is_dir(),
        )

    def _read(self) -> bytes:
        data = self.workspace.files.read(FILE)
        if data is None:
            raise LookupError(FILE)
        return data

    def contrast(self, request: Request, form: FormData) -> Response:
        """What can be read, of what is typed so far."""
        text = edited(decoded(self._read())[0], form)
        said = said_by(text)
        called = colour_names(said, self.desk.words(request))
        return self.desk.page(request, "look-contrast.html", tables=contrast_tables(said), called=called)

    def save(self, request: Request, form: FormData) -> Response:
        data, words = self._read(), self.desk.words(request)
        before = decoded(data)[0]
        text = edited(before, form)
        if one(form, "version") != version_of(data):
            return self._form(request, data, said_by(text), 409, words["changed-underneath"])
        known = {(each.id, each.what) for each in self._problems(before)}
        problems = [each for each in self._problems(text) if (each.id, each.what) not in known]
        if problems:
            return self._form(request, data, said_by(text), 422, words["cannot-save"], problems)
        if text == before:
            return self.desk.go("/look", SAME)
        change = Change(version_of(data), text.encode())
        return self.desk.go("/look", self.workspace.files.save(words.say("did-look"), self.desk.you, {FILE: change}))

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
            self.desk.words(request)["look-pieces"], ["prints", "--proof", "--language", source], then="/look/pieces"
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

    # Logos

    def _logos(self) -> list[tuple[str, str, list[str]]]:
        """(name, version, what may be wrong with it)."""
        campaign, found = self.workspace.campaign, []
        for name in campaign.logos:
            data = self.workspace.files.read(f"{LOGOS}/{name}.svg")
            if data is not None:
                found.append((name, version_of(data), _remarks(data, name == campaign.mark)))
        return found

    def keep_logo(self, request: Request, form: FormData) -> Response:
        """A drawing or picture that takes the place of a logo, or a new one."""
        words, sent, files = self.desk.words(request), form.get("file"), self.workspace.files
        was = self._read()
        if not isinstance(sent, UploadFile) or not sent.filename:
            return self._form(request, was, said_in(was), 422, words["photo-choose"])
        name = one(form, "logo") or photo_name(one(form, "name") or Path(sent.filename).stem, ())
        file = f"{LOGOS}/{name}.svg"
        with self.workspace.received(sent.filename, sent.file) as path:
            made = as_logo(path.parent, path, sent.filename)
        if isinstance(made, list):
            return self._form(request, was, said_in(was), 422, words["cannot-save"], made)
        if one(form, "version") != version_of(files.read(file)):
            return self._form(request, was, said_in(was), 409, words["changed-underneath"])
        title = words.say("did-logo", name=name)
        saved = files.save(title, self.desk.you, {file: Change(one(form, "version"), made)})
        return self.desk.go("/look", saved, "logos")

    def logo(self, request: Request) -> Response:
        return _file(self.workspace.root / LOGOS, str(request.path_params["name"]), ".svg", "image/svg+xml", ALONE)


@lru_cache(maxsize=32)
def _remarks(data: bytes, is_mark: bool) -> list[str]:
    return remarks(data, is_mark)


def _file(folder: Path, name: str, ending: str, kind: str, fields: Mapping[str, str] | None = None) -> Response:
    """A file that lies in a folder, and none that a link leads to."""
    path = folder / name
    if path.suffix != ending or path not in folder.glob("*") or path.is_symlink() or not path.is_file():
        raise LookupError(name)
    return FileResponse(path, media_type=kind, headers=dict(fields or {}))
