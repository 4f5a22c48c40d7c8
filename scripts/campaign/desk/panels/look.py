"""The colours of assets/identity.yml with their contrasts, the logos, and a proof of every piece."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from starlette.responses import FileResponse, Response

from campaign.cache.atomic import WORK
from campaign.content.identity import FILE, read_identity
from campaign.desk.decoding import decoded
from campaign.desk.desk import NOTICE_UNCHANGED, SANDBOX_CSP
from campaign.desk.dry_check import folder_with, new_problems
from campaign.desk.files import Change, version_of
from campaign.desk.logo_file import FOLDER as LOGOS
from campaign.desk.logo_file import convert_logo, logo_remarks
from campaign.desk.look_file import colour_names, colour_rows, contrast_tables, edited, said_in
from campaign.desk.panel import Panel, get, post
from campaign.desk.photo_file import photo_name
from campaign.models.problem import Problem
from campaign.schema.yaml_splice import parse

PROOFS = f"{WORK}/proofs"


class Look(Panel):
    """Colours, logos and proofs."""

    menu = ("/look", "look")

    @get("/look")
    def show(self) -> Response:
        data, known = self._read(), self.workspace.problems[0]
        problems = [each for each in known if each.stops and each.where.partition(":")[0] == FILE]
        return self._form(data, said_in(data), problems=problems)

    def _form(
        self,
        data: bytes,
        said: Mapping[str, Any],
        status: int = 200,
        message: str = "",
        problems: list[Problem] | None = None,
    ) -> Response:
        return self.page(
            "look.html",
            status,
            rows=colour_rows(said),
            tables=contrast_tables(said),
            called=colour_names(said, self.words),
            version=version_of(data),
            message=message,
            problems=problems or [],
            logos=self._logos(),
            mark=self.campaign.mark,
            is_drawn=(self.root / PROOFS).is_dir(),
        )

    def _read(self) -> bytes:
        data = self.files.read(FILE)
        if data is None:
            raise LookupError(FILE)
        return data

    @post("/look/contrast")
    def contrast(self) -> Response:
        text = edited(decoded(self._read())[0], self.form)
        said = parse(text)
        called = colour_names(said, self.words)
        return self.page("look-contrast.html", tables=contrast_tables(said), called=called)

    @post("/look")
    def save(self) -> Response:
        data, words = self._read(), self.words
        before = decoded(data)[0]
        text = edited(before, self.form)
        if self.typed("version") != version_of(data):
            return self._form(data, parse(text), 409, words["changed-underneath"])
        if problems := new_problems(self._problems, before, text):
            return self._form(data, parse(text), 422, words["cannot-save"], problems)
        if text == before:
            return self.go("/look", NOTICE_UNCHANGED)
        change = Change(version_of(data), text.encode())
        return self.go("/look", self.write(words.say("did-look"), {FILE: change}))

    def _problems(self, text: str) -> list[Problem]:
        problems: list[Problem] = []
        profiles = {f"assets/{each.name}": each.read_bytes() for each in (self.root / "assets").glob("*.ic[cm]")}
        with folder_with({FILE: text, **profiles}) as root:
            read_identity(root, problems)
        return problems

    @post("/look/pieces")
    def draw(self) -> Response:
        source = self.campaign.source_language.code
        command = ["prints", "--proof", "--language", source]
        return self.start(self.words["look-pieces"], command, then="/look/pieces")

    @get("/look/pieces")
    def pieces(self) -> Response:
        folder, look = self.root / PROOFS, self.root / FILE
        found: dict[str, list[str]] = {}
        for path in sorted(folder.glob("*-*.png")):
            found.setdefault(path.stem.rpartition("-")[0], []).append(path.name)
        is_old = any(path.stat().st_mtime < look.stat().st_mtime for path in folder.glob("*.png"))
        return self.page("look-pieces.html", pieces=found, is_old=is_old)

    @get("/look/pieces/{name}")
    def piece(self) -> Response:
        return _file(self.root / PROOFS, str(self.path["name"]), ".png", "image/png")

    def _logos(self) -> list[tuple[str, str, list[str]]]:
        campaign, found = self.campaign, []
        for name in campaign.logos:
            data = self.files.read(f"{LOGOS}/{name}.svg")
            if data is not None:
                found.append((name, version_of(data), logo_remarks(data, name == campaign.mark)))
        return found

    @post("/look/logos")
    def keep_logo(self) -> Response:
        words, sent, files, was = self.words, self.sent, self.files, self._read()
        if sent is None:
            return self._form(was, said_in(was), 422, words["photo-choose"])
        name = self.typed("logo") or photo_name(self.typed("name") or Path(sent.filename).stem, ())
        file = f"{LOGOS}/{name}.svg"
        with self.workspace.received(sent.filename, sent.file) as path:
            made = convert_logo(path.parent, path, sent.filename)
        if isinstance(made, list):
            return self._form(was, said_in(was), 422, words["cannot-save"], made)
        if self.typed("version") != version_of(files.read(file)):
            return self._form(was, said_in(was), 409, words["changed-underneath"])
        title = words.say("did-logo", name=name)
        saved = files.save(title, self.desk.you, {file: Change(self.typed("version"), made)})
        return self.go("/look", saved, "logos")

    @get("/look/logos/{name}")
    def logo(self) -> Response:
        return _file(self.root / LOGOS, str(self.path["name"]), ".svg", "image/svg+xml", SANDBOX_CSP)


def _file(folder: Path, name: str, ending: str, kind: str, fields: Mapping[str, str] | None = None) -> Response:
    path = folder / name
    if path.suffix != ending or path not in folder.glob("*") or path.is_symlink() or not path.is_file():
        raise LookupError(name)
    return FileResponse(path, media_type=kind, headers=dict(fields or {}))
