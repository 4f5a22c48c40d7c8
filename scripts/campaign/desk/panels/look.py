"""The colours of assets/identity.yml with their contrasts, the logos, and a proof of every piece."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

from starlette.responses import FileResponse, Response

from campaign.cache.atomic import WORK
from campaign.content.identity import FILE, read_identity
from campaign.desk.dry_check import new_problems, problems_in
from campaign.desk.files import Change, version_of
from campaign.desk.logo_file import FOLDER as LOGOS
from campaign.desk.logo_file import convert_logo, logo_remarks
from campaign.desk.look_file import colour_names, colour_rows, contrast_tables, edited
from campaign.desk.page_file import decoded
from campaign.desk.panel import NOTICE_UNCHANGED, SANDBOX_CSP, Panel, Refused, get, post
from campaign.desk.photo_file import photo_name
from campaign.models.problem import Problem
from campaign.schema.yaml_splice import parse_mapping

PROOFS = f"{WORK}/proofs"


class Look(Panel):
    menu = ("/look", "look")

    @cached_property
    def data(self) -> bytes:
        data = self.files.read(FILE)
        if data is None:
            raise LookupError(FILE)
        return data

    @property
    def text(self) -> str:
        return decoded(self.data)[0]

    @get("/look")
    def show(self) -> Response:
        problems = [item for item in self.workspace.problems[0] if not item.is_note and item.file == FILE]
        return self.show_refused(Refused("", 200, problems))

    def show_refused(self, refusal: Refused) -> Response:
        return self.page(
            "look.html",
            refusal,
            **self._look_context(refusal.context.get("text", self.text)),
            rows=colour_rows(parse_mapping(refusal.context.get("text", self.text))),
            version=version_of(self.data),
            logos=self._logos(),
            mark=self.campaign.mark,
            is_drawn=(self.root / PROOFS).is_dir(),
        )

    def _look_context(self, text: str) -> dict[str, Any]:
        return {"tables": contrast_tables(parse_mapping(text)), "called": colour_names(parse_mapping(text), self.words)}

    @post("/look/contrast")
    def contrast(self) -> Response:
        return self.page("look-contrast.html", **self._look_context(edited(self.text, self.form)))

    @post("/look")
    def save(self) -> Response:
        words, old_text = self.words, self.text
        text = edited(old_text, self.form)
        self.refuse_changed(version_of(self.data), text=text)
        if problems := new_problems(self._problems, old_text, text):
            raise Refused(words["cannot-save"], problems=problems, text=text)
        if text == old_text:
            return self.go("/look", NOTICE_UNCHANGED)
        return self.go("/look", self.write(words.say("did-look"), {FILE: Change(version_of(self.data), text.encode())}))

    def _problems(self, text: str) -> list[Problem]:
        profiles = {f"assets/{item.name}": item.read_bytes() for item in (self.root / "assets").glob("*.ic[cm]")}
        return problems_in({FILE: text, **profiles}, read_identity)

    @post("/look/pieces")
    def draw(self) -> Response:
        command = ["prints", "--proof", "--language", self.campaign.source_language.code]
        return self.start(self.words["look-pieces"], command, result_url="/look/pieces")

    @get("/look/pieces")
    def pieces(self) -> Response:
        folder, look_file = self.root / PROOFS, self.root / FILE
        results: dict[str, list[str]] = {}
        for path in sorted(folder.glob("*-*.png")):
            results.setdefault(path.stem.rpartition("-")[0], []).append(path.name)
        is_old = any(path.stat().st_mtime < look_file.stat().st_mtime for path in folder.glob("*.png"))
        return self.page("look-pieces.html", pieces=results, is_old=is_old)

    @get("/look/pieces/{name}")
    def piece(self) -> Response:
        return _file(self.root / PROOFS, str(self.path["name"]), ".png", "image/png")

    def _logos(self) -> list[tuple[str, str, list[str]]]:
        campaign = self.campaign
        read = {name: self.files.read(f"{LOGOS}/{name}.svg") for name in campaign.logos}
        results = ((name, data) for name, data in read.items() if data is not None)
        return [
            (name, version_of(data), logo_remarks(data, name == campaign.mark))
            for name, data in results
            if data is not None
        ]

    @post("/look/logos")
    def keep_logo(self) -> Response:
        words, upload = self.words, self.upload
        if upload is None:
            raise Refused(words["photo-choose"])
        name = self.form_value("logo") or photo_name(self.form_value("name") or Path(upload.filename).stem, ())
        file = f"{LOGOS}/{name}.svg"
        with self.workspace.received(upload.filename, upload.file) as path:
            logo = convert_logo(path.parent, path, upload.filename)
        if isinstance(logo, list):
            raise Refused(words["cannot-save"], problems=logo)
        self.refuse_changed(version_of(self.files.read(file)))
        saved = self.write(words.say("did-logo", name=name), {file: Change(self.form_value("version"), logo)})
        return self.go("/look", saved, "logos")

    @get("/look/logos/{name}")
    def logo(self) -> Response:
        return _file(self.root / LOGOS, str(self.path["name"]), ".svg", "image/svg+xml", SANDBOX_CSP)


def _file(folder: Path, name: str, suffix: str, kind: str, fields: Mapping[str, str] | None = None) -> Response:
    path = folder / name
    if path.suffix != suffix or path not in folder.glob("*") or path.is_symlink() or not path.is_file():
        raise LookupError(name)
    return FileResponse(path, media_type=kind, headers=dict(fields or {}))
