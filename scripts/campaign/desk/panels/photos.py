"""Photos: uploading, covering faces, credit, consent, crops and captions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from time import time
from typing import Any
from urllib.parse import urlencode

from starlette.datastructures import FormData
from starlette.responses import Response

from campaign.cache.atomic import WORK, write_whole
from campaign.content.photos import ENDINGS, FOLDER, SIDES
from campaign.desk.desk import NOTICE_UNCHANGED
from campaign.desk.files import Change, version_of
from campaign.desk.forms import Edit, Field, collect_edits, form_fields
from campaign.desk.naming import shape_name
from campaign.desk.panel import Panel, get, post
from campaign.desk.panels.poster_pictures import PHOTO, address, poster_page
from campaign.desk.photo_copies import stored_changes, without_original
from campaign.desk.photo_file import (
    CAPTIONS,
    PhotoText,
    check_photo,
    number,
    photo_name,
    photos_of,
    region_edits,
    show_problems,
    yml,
)
from campaign.images.crop_preview import WIDTH as CROPS_WIDTH
from campaign.images.crop_preview import crops_of, draw_crop_preview
from campaign.images.encode import fit
from campaign.images.open import measure_picture, open_picture, picture_ending, shrunk
from campaign.images.recipes import RECIPES, Region
from campaign.images.stored import stored_photo
from campaign.models.formats import USES, Destination
from campaign.models.media import Photo, Rights
from campaign.models.page import Page
from campaign.models.problem import CampaignError, Problem
from campaign.schema.kinds import Caption, ConsentNote, PhotoFile

# Uploaded photos before they are saved, by hash.
UPLOADS = f"{WORK}/desk/dropped"
UPLOAD_MAX_AGE_S = 24 * 3600
UPLOAD_NAME = re.compile(r"[0-9a-f]{20}\.[a-z]{3,4}")
OF_PHOTO = ("credit", "licence", "licence_url", "maker", "taken", "use", "shows")
WIDTHS = {"small": 360, "large": 1200, "crops": CROPS_WIDTH}


class Photos(Panel):
    """Photos."""

    menu = ("/photos", "photos")

    @property
    def languages(self) -> list[tuple[str, str]]:
        languages = self.campaign.languages.values()
        return [(each.code, each.name) for each in sorted(languages, key=lambda each: not each.is_source)]

    # Somebody who came from a poster's picture is led back there.

    def _poster(self) -> Page | None:
        return poster_page(self.campaign, self.asked("poster"))

    def _led(self) -> dict[str, Any]:
        poster = self._poster()
        return {"poster": poster, "asked": f"?{urlencode({'poster': poster.path})}" if poster else ""}

    @get("/photos")
    def overview(self, status: int = 200, message: str = "") -> Response:
        campaign, problems = self.campaign, self.workspace.problems[0]
        rows = []
        for name, path in photos_of(self.root).items():
            own = {yml(name), f"{FOLDER}/{path.name}"}
            wrong = sum(each.stops and each.where.partition(":")[0] in own for each in problems)
            photo = campaign.photos.get(name)
            caption = photo.captions.get(campaign.source_language.code, "") if photo else ""
            rows.append((name, photo, caption, wrong))
        return self.page("photos.html", status, rows=rows, message=message, endings=", ".join(ENDINGS), **self._led())

    @get("/photos/{name}")
    def show(self) -> Response:
        text = self._text(self.path["name"])
        return self._form(text, self._fields(text), _rows(text))

    @get("/photos/dropped/{kept}")
    def new(self) -> Response:
        kept = self._kept()
        name = photo_name(self.asked("name"), photos_of(self.root))
        text = self._text(name, is_new=True)
        return self._form(text, self._fields(text), _rows(text), kept=kept)

    def _form(
        self,
        text: PhotoText,
        fields: _Fields,
        rows: list[list[str]],
        status: int = 200,
        kept: Path | None = None,
        focus: tuple[str, str] = ("", ""),
        **more: Any,
    ) -> Response:
        known = self.campaign.photos.get(text.name)
        where = f"photos/dropped/{kept.name}" if kept else f"photos/{text.name}"
        path = kept or photos_of(self.root)[text.name]
        rooms = self._rooms(path)
        return self.page(
            "photo.html",
            status,
            name=text.name,
            text=text,
            fields=fields,
            focus=focus if any(focus) else text.focus,
            rows=[*rows, ["", "", "", ""]],
            drawn=[row for row in rows if all(isinstance(number(each), int | float) for each in row)],
            where=where,
            rooms=rooms,
            legend=self._legend(known or _bare(text.name, path), rooms["crops"]),
            kept=kept,
            is_seen=kept is not None or known is not None or text.texts[yml(text.name)] is None,
            languages=self.languages,
            **self._led(),
            **{"problems": [], "message": "", "mine": [], **more},
        )

    def _text(self, name: str, is_new: bool = False) -> PhotoText:
        if not is_new and name not in photos_of(self.root):
            raise LookupError(name)
        return PhotoText.read(self.files, name, [code for code, _ in self.languages])

    def _fields(self, text: PhotoText) -> _Fields:
        words = self.words

        def made(
            declaration: Any, typed: Mapping[str, Any], way: tuple[str, ...], only: tuple[str, ...]
        ) -> list[Field]:
            return form_fields(
                declaration,
                typed,
                way,
                label=lambda key: words.get(f"key-{key}", key),
                explain=lambda key, told: words.get(f"help-photo-{key}", told),
                choices={
                    **{key: [(use, words[f"use-{use}"]) for use in USES] for key in ("use", "scope")},
                    "shows": [(each, words[f"shows-{each}"]) for each in ("nobody", "people")],
                    "maker": [(each, words[f"maker-{each}"]) for each in ("person", "organisation")],
                },
                only=only,
            )

        consent = text.said.get("consent")
        consent = consent if isinstance(consent, dict) else {}
        return _Fields(
            made(PhotoFile, text.said, (), OF_PHOTO),
            made(ConsentNote, consent, ("consent",), ("form", "scope", "until")),
            {
                code: made(Caption, text.captions[code], (CAPTIONS, code), ("caption", "alt"))
                for code, _ in self.languages
            },
        )

    def _rooms(self, path: Path) -> dict[str, tuple[int, int] | None]:
        size = measure_picture(self.root, path, path.name)
        if isinstance(size, Problem):
            return dict.fromkeys(WIDTHS)
        return {what: shrunk(size, min(size[0], width)) for what, width in WIDTHS.items()}

    @get("/photos/{name}/{what}")
    def picture(self) -> Response:
        name = self.path["name"]
        path = photos_of(self.root)[name]
        photo = self.campaign.photos.get(name)
        if photo is None:
            if (
                self._text(name).texts[yml(name)] is not None
            ):  # covers in an unreadable .yml are unknown, so show nothing
                raise LookupError(name)
            photo = _bare(name, path)
        return self._picture(photo)

    @get("/photos/dropped/{kept}/{what}")
    def dropped_picture(self) -> Response:
        return self._picture(_bare("new", self._kept()))

    def _picture(self, photo: Photo) -> Response:
        root, what, asked = self.root, self.path["what"], self.request.query_params
        # Covers of the file apply to every drawing.
        regions = (*photo.redact, *_regions(asked.get("redact", "")))
        if what == "crops":
            focus = tuple(_share(asked.get(key, ""), default) for key, default in zip("xy", photo.focus, strict=True))
            seen = replace(photo, redact=regions, focus=(focus[0], focus[1]))
            drawn = draw_crop_preview(root, seen, self._shapes(), is_numbered=True)
            if isinstance(drawn, Problem):
                raise CampaignError([drawn])
            return Response(drawn, media_type="image/png")
        stat = photo.file.stat()
        made = _jpeg(root, photo.file, WIDTHS[what], regions, stat.st_mtime_ns, stat.st_size)
        return Response(made, media_type="image/jpeg")

    def _shapes(self) -> dict[str, Destination]:
        return {name: row for name, row in self.campaign.destinations.items() if not row.is_panels}

    def _legend(self, photo: Photo, size: tuple[int, int] | None) -> list[tuple[str, str]]:
        ui_language, words = self.ui_language, self.words
        crops = crops_of(size, photo, self._shapes()) if size else []
        return [
            (crop.colour, " · ".join(shape_name(name, ui_language, words) for name in crop.names)) for crop in crops
        ]

    @post("/photos/drop")
    def drop(self) -> Response:
        sent, words = self.sent, self.words
        if sent is None:
            return self.overview(422, words["photo-choose"])
        folder = self.root / UPLOADS
        if folder.is_dir():
            for old in folder.iterdir():
                if old.stat().st_mtime < time() - UPLOAD_MAX_AGE_S:
                    old.unlink(missing_ok=True)
        with self.workspace.received(sent.filename, sent.file) as file:
            ending = picture_ending(file.parent, file, file.name)
            if isinstance(ending, Problem):
                return self.overview(422, words.told(ending))
            if ending not in ENDINGS:
                fix = f"{words['photo-kind']} {', '.join(ENDINGS)}"
                return self.overview(422, fix)
            # Metadata is removed even before the photo is saved.
            made = stored_photo(file.parent, file.rename(file.with_suffix(ending)))
            if isinstance(made, Problem):
                return self.overview(422, words.told(made))
            data, ending = made
        kept = f"{sha256(data).hexdigest()[:20]}{ending}"
        write_whole(folder / kept, data)
        name = self.typed("name") or Path(sent.filename.replace("\\", "/")).stem
        asked = {"name": photo_name(name, ())} | ({"poster": poster.path} if (poster := self._poster()) else {})
        return self.go(f"/photos/dropped/{kept}?{urlencode(asked)}")

    def _kept(self) -> Path:
        name = str(self.path["kept"])
        path = self.root / UPLOADS / name
        if not UPLOAD_NAME.fullmatch(name) or not path.is_file():
            raise LookupError(name)
        return path

    @post("/photos/{name}")
    def save(self) -> Response:
        return self._save(self._text(self.path["name"]), None)

    @post("/photos/dropped/{kept}")
    def save_new(self) -> Response:
        name = photo_name(self.typed("name"), photos_of(self.root))
        return self._save(self._text(name, is_new=True), self._kept())

    def _save(self, text: PhotoText, kept: Path | None) -> Response:
        words, source = self.words, self.languages[0][0]
        fields, rows = self._fields(text), _typed_rows(self.form)
        focus = (self.typed("focus.x"), self.typed("focus.y"))
        edits = [*collect_edits(fields.all, self.form, source), *_focus_edits(text, focus), *region_edits(text, rows)]
        shown: dict[str, Any] = {"kept": kept, "focus": focus}
        if self.typed("version") != text.version:
            mine = [(each.way[-1], each.was or "", each.value) for each in edits]
            message = words["changed-underneath"]
            return self._form(text, fields, rows, 409, mine=mine, message=message, **shown)
        texts = text.edited(edits)
        problems = check_photo(self.campaign, text, texts, kept.suffix if kept else "")
        if problems:
            left = show_problems(problems, fields.all)
            return self._form(text, fields, rows, 422, problems=left, message=words["cannot-save"], **shown)
        changes = text.changes(texts)
        path = kept or photos_of(self.root)[text.name]
        stored = stored_changes(self.files, text.name, path, kept is not None, texts.get(yml(text.name)))
        if isinstance(stored, Problem):
            return self._form(text, fields, rows, 422, message=words.told(stored), **shown)
        changes |= stored
        title = words.say("did-photo-added" if kept else "did-photo-changed", name=text.name)
        saved = self.write(title, changes) if changes else NOTICE_UNCHANGED
        if kept:
            kept.unlink(missing_ok=True)
        if poster := self._poster():
            return self.go(f"{address(poster)}?{urlencode({'picture': PHOTO + text.name})}", saved)
        return self.go(f"/photos/{text.name}", saved)

    @post("/photos/{name}/remove")
    def remove(self) -> Response:
        name = self.path["name"]
        text, path = self._text(name), photos_of(self.root)[name]
        if self.typed("version") != text.version:
            return self._form(
                text,
                self._fields(text),
                _rows(text),
                409,
                message=self.words["changed-underneath"],
            )
        changes = text.changes(text.without())
        file = f"{FOLDER}/{path.name}"
        changes[file] = Change(version_of(self.files.read(file)), None)
        changes |= without_original(self.files, name)
        title = self.words.say("did-photo-removed", name=name)
        return self.go(f"/photos{self._led()['asked']}", self.write(title, changes))


class _Fields:
    """The fields of a photo, of the consent to it, and of its words in each language."""

    def __init__(self, photo: list[Field], consent: list[Field], captions: Mapping[str, list[Field]]) -> None:
        self.photo, self.consent, self.captions = photo, consent, captions

    @property
    def all(self) -> list[Field]:
        return [*self.photo, *self.consent, *(each for own in self.captions.values() for each in own)]


@lru_cache(maxsize=64)
def _jpeg(root: Path, path: Path, width: int, redact: tuple[Region, ...], changed: int, size: int) -> bytes:  # noqa: ARG001
    picture = open_picture(root, path, path.name, width, redact=redact)
    if isinstance(picture, Problem):
        raise CampaignError([picture])
    file = BytesIO()
    fit(picture, "jpeg").save(file, **RECIPES["jpeg"])
    return file.getvalue()


def _bare(name: str, path: Path) -> Photo:
    return Photo(name, path, {}, {}, Rights(), "", USES, None, (0.5, 0.5), (), "")


def _rows(text: PhotoText) -> list[list[str]]:
    return [[each.get(side, "") for side in SIDES] for each in text.regions]


def _typed_rows(form: FormData) -> list[list[str]]:
    columns = [[str(each).strip() for each in form.getlist(f"redact.{side}")] for side in SIDES]
    return [list(row) for row in zip(*columns, strict=False) if any(row)]


def _focus_edits(text: PhotoText, typed: tuple[str, str]) -> Iterator[Edit]:
    changed = [
        (key, now)
        for key, was, now in zip("xy", text.focus, typed, strict=True)
        if now and (number(was) != number(now))
    ]
    wanted = zip("xy", typed, strict=True) if changed and "focus" not in text.said else changed
    for key, now in wanted:
        yield Edit(("focus", key), number(now))


def _regions(asked: str) -> Iterator[Region]:
    for row in asked.split(";")[:50]:
        left, top, right, bottom = (*(_share(each, -1) for each in row.split(",")), -1, -1, -1, -1)[:4]
        if 0 <= left < right <= 1 and 0 <= top < bottom <= 1:
            yield left, top, right, bottom


def _share(typed: str, default: float) -> float:
    value = number(typed)
    return value / 100 if isinstance(value, int | float) and 0 <= value <= 100 else default
