"""Photos: uploading, covering faces, credit, consent, crops and captions."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from time import time
from typing import Any
from urllib.parse import urlencode

from starlette.responses import Response

from campaign.cache.atomic import WORK, write_whole
from campaign.content.photos import ENDINGS, FOLDER
from campaign.desk.box_list import BOX_COLUMNS, are_numbers, number, typed_rows
from campaign.desk.forms import Edit, Field, Form, collect_edits
from campaign.desk.naming import shape_name
from campaign.desk.panel import NOTICE_UNCHANGED, Panel, Refused, get, post
from campaign.desk.panels.poster_pictures import PHOTO, address, poster_page
from campaign.desk.photo_file import (
    CAPTIONS,
    PhotoText,
    check_photo,
    photo_name,
    photos_of,
    show_problems,
    stored_changes,
    without_original,
    yml,
)
from campaign.images.crop_preview import WIDTH as CROPS_WIDTH
from campaign.images.crop_preview import crops_of, draw_crop_preview
from campaign.images.encode import fit
from campaign.images.open import count_frames, measure_picture, open_picture, picture_ending, shrunk
from campaign.images.recipes import RECIPES, Region
from campaign.images.stored import stored_photo
from campaign.models.formats import USES, Destination
from campaign.models.media import MeaningBox, Photo, Rights
from campaign.models.page import Page
from campaign.models.problem import CampaignError, Problem
from campaign.schema.kinds import Caption, ConsentNote, PhotoFile

# Uploaded photos before they are saved, by hash.
UPLOADS = f"{WORK}/desk/dropped"
UPLOAD_MAX_AGE_S = 24 * 3600
UPLOAD_NAME = re.compile(r"[0-9a-f]{20}\.[a-z]{3,4}")
CONSENT_KEYS = ("form", "scope", "until")
WORD_KEYS = ("caption", "alt")
PHOTO_KEYS = ("credit", "licence", "licence_url", "maker", "taken", "use", "shows")
WIDTHS = {"small": 360, "large": 1200, "crops": CROPS_WIDTH}


class Photos(Panel):
    menu = ("/photos", "photos")

    @property
    def languages(self) -> list[tuple[str, str]]:
        languages = self.campaign.languages.values()
        return [(language.code, language.name) for language in sorted(languages, key=lambda item: not item.is_source)]

    @cached_property
    def uploaded(self) -> Path | None:
        """An uploaded photo that isn't saved yet."""
        name = str(self.path.get("kept", ""))
        path = self.root / UPLOADS / name
        if name and not (UPLOAD_NAME.fullmatch(name) and path.is_file()):
            raise LookupError(name)
        return path if name else None

    @cached_property
    def text(self) -> PhotoText:
        photos = photos_of(self.root)
        new_name = self.form_value("name") or self.query_value("name")
        name = photo_name(new_name, photos) if self.uploaded else self.path["name"]
        if not self.uploaded and name not in photos:
            raise LookupError(name)
        return PhotoText.read(self.files, name, [code for code, _ in self.languages])

    @property
    def photo(self) -> Path:
        return self.uploaded or photos_of(self.root)[self.text.name]

    @cached_property
    def fields(self) -> _Fields:
        words, text, consent = self.words, self.text, self.text.parsed.get("consent")
        choices = {
            **{key: [(purpose, words[f"use-{purpose}"]) for purpose in USES] for key in ("use", "scope")},
            "shows": [(item, words[f"shows-{item}"]) for item in ("nobody", "people")],
            "maker": [(item, words[f"maker-{item}"]) for item in ("person", "organisation")],
        }
        form = Form(words, choices, helps="help-photo-")
        return _Fields(
            form.fields(PhotoFile, text.parsed, (), PHOTO_KEYS),
            form.fields(ConsentNote, consent if isinstance(consent, dict) else {}, ("consent",), CONSENT_KEYS),
            {
                code: form.fields(Caption, text.captions[code], (CAPTIONS, code), WORD_KEYS)
                for code, _ in self.languages
            },
        )

    # An editor who came from a poster's picture returns there.

    @property
    def poster(self) -> Page | None:
        return poster_page(self.campaign, self.query_value("poster"))

    def _poster_query(self) -> dict[str, Any]:
        poster = self.poster
        return {"poster": poster, "asked": f"?{urlencode({'poster': poster.path})}" if poster else ""}

    @get("/photos")
    def overview(self, status: int = 200, message: str = "") -> Response:
        campaign, problems = self.campaign, self.workspace.problems[0]
        rows = []
        for name, path in photos_of(self.root).items():
            own_files = {yml(name), f"{FOLDER}/{path.name}"}
            problem_count = sum(not problem.is_note and problem.file in own_files for problem in problems)
            photo = campaign.photos.get(name)
            caption = photo.captions.get(campaign.source_language.code, "") if photo else ""
            rows.append((name, photo, caption, problem_count))
        return self.page(
            "photos.html", status, rows=rows, message=message, endings=", ".join(ENDINGS), **self._poster_query()
        )

    @get("/photos/{name}")
    @get("/photos/dropped/{kept}")
    def show(self) -> Response:
        return self.show_refused(Refused("", 200, **_rows(self.text)))

    def show_refused(self, refusal: Refused) -> Response:
        text, upload, path = self.text, self.uploaded, self.photo
        rows, meaning = refusal.context["rows"], refusal.context["meaning"]
        photo, boxes = self.campaign.photos.get(text.name), self._picture_boxes(path)
        return self.page(
            "photo.html",
            refusal,
            **{
                "focus": text.focus,
                "mine": [],
                "name": text.name,
                "text": text,
                "fields": self.fields,
                "regions": [*rows, [""] * len(BOX_COLUMNS["redact"])],
                "meanings": [*meaning, [""] * len(BOX_COLUMNS["meaning"])],
                "drawn": [row for row in rows if are_numbers(row)],
                "drawn_meaning": [row[1:] for row in meaning if are_numbers(row[1:])],
                "where": f"photos/dropped/{upload.name}" if upload else f"photos/{text.name}",
                "rooms": boxes,
                "legend": self._legend(photo or _bare(text.name, path), boxes["crops"]),
                "kept": upload,
                "frames": self.query_value("frames"),
                "is_seen": upload is not None or photo is not None or text.texts[yml(text.name)] is None,
                "languages": self.languages,
                **self._poster_query(),
            },
        )

    def _picture_boxes(self, path: Path) -> dict[str, tuple[int, int] | None]:
        size = measure_picture(self.root, path, path.name)
        if isinstance(size, Problem):
            return dict.fromkeys(WIDTHS)
        return {variant: shrunk(size, min(size[0], width)) for variant, width in WIDTHS.items()}

    @get("/photos/{name}/{what}")
    @get("/photos/dropped/{kept}/{what}")
    def picture(self) -> Response:
        if self.uploaded:
            return self._picture(_bare("new", self.uploaded))
        name = self.path["name"]
        path, photo = photos_of(self.root)[name], self.campaign.photos.get(name)
        # Covers in an unreadable .yml are unknown, so show nothing.
        if photo is None and self.text.texts[yml(name)] is not None:
            raise LookupError(name)
        return self._picture(photo or _bare(name, path))

    def _picture(self, photo: Photo) -> Response:
        root, variant, query = self.root, self.path["what"], self.request.query_params
        # Covers of the file apply to every drawing.
        regions = (*photo.redact, *_regions(query.get("redact", "")))
        if variant == "crops":
            focus = tuple(_share(query.get(key, ""), default) for key, default in zip("xy", photo.focus, strict=True))
            meaning = tuple(_meaning(query["meaning"])) if "meaning" in query else photo.meaning
            preview_photo = replace(photo, redact=regions, focus=(focus[0], focus[1]), meaning=meaning)
            preview = draw_crop_preview(root, preview_photo, self._shapes(), is_numbered=True)
            if isinstance(preview, Problem):
                raise CampaignError([preview])
            return Response(preview, media_type="image/png")
        stat = photo.file.stat()
        jpeg = _jpeg(root, photo.file, WIDTHS[variant], regions, stat.st_mtime_ns, stat.st_size)
        return Response(jpeg, media_type="image/jpeg")

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
        upload, words = self.upload, self.words
        if upload is None:
            return self.overview(422, words["photo-choose"])
        folder = self.root / UPLOADS
        if folder.is_dir():
            for old in folder.iterdir():
                if old.stat().st_mtime < time() - UPLOAD_MAX_AGE_S:
                    old.unlink(missing_ok=True)
        with self.workspace.received(upload.filename, upload.file) as file:
            suffix = picture_ending(file.parent, file, file.name)
            if isinstance(suffix, Problem):
                return self.overview(422, words.localise(suffix))
            if suffix not in ENDINGS:
                fix = f"{words['photo-kind']} {', '.join(ENDINGS)}"
                return self.overview(422, fix)
            frames = count_frames(file)
            # Metadata is removed even before the photo is saved.
            stored = stored_photo(file.parent, file.rename(file.with_suffix(suffix)))
            if isinstance(stored, Problem):
                return self.overview(422, words.localise(stored))
            data, suffix = stored
        stored_name = f"{sha256(data).hexdigest()[:20]}{suffix}"
        write_whole(folder / stored_name, data)
        name = self.form_value("name") or Path(upload.filename.replace("\\", "/")).stem
        query = {"name": photo_name(name, ())} | ({"poster": poster.path} if (poster := self.poster) else {})
        query |= {"frames": str(frames)} if frames > 1 else {}
        return self.go(f"/photos/dropped/{stored_name}?{urlencode(query)}")

    @post("/photos/{name}")
    @post("/photos/dropped/{kept}")
    def save(self) -> Response:
        words, text, upload, fields = self.words, self.text, self.uploaded, self.fields
        rows, meaning = typed_rows(self.form, "redact"), typed_rows(self.form, "meaning")
        focus = (self.form_value("focus.x"), self.form_value("focus.y"))
        edits = [*collect_edits(fields.all, self.form, self.languages[0][0]), *_focus_edits(text, focus)]
        edits += [*text.boxes("meaning").edits(meaning), *text.boxes("redact").edits(rows)]
        context: dict[str, Any] = {"rows": rows, "meaning": meaning, "focus": focus if any(focus) else text.focus}
        self.refuse_changed(
            text.version, **context, mine=[(edit.key_path[-1], edit.was or "", edit.value) for edit in edits]
        )
        texts = text.edited(edits)
        if problems := check_photo(self.campaign, text, texts, upload.suffix if upload else ""):
            raise Refused(words["cannot-save"], problems=show_problems(problems, fields.all), **context)
        stored = stored_changes(self.files, text.name, self.photo, upload is not None, texts.get(yml(text.name)))
        if isinstance(stored, Problem):
            raise Refused(words.localise(stored), **context)
        changes = text.changes(texts) | stored
        title = words.say("did-photo-added" if upload else "did-photo-changed", name=text.name)
        saved = self.write(title, changes) if changes else NOTICE_UNCHANGED
        if upload:
            upload.unlink(missing_ok=True)
        if poster := self.poster:
            return self.go(f"{address(poster)}?{urlencode({'picture': PHOTO + text.name})}", saved)
        return self.go(f"/photos/{text.name}", saved)

    @post("/photos/{name}/remove")
    def remove(self) -> Response:
        text, files = self.text, self.files
        self.refuse_changed(text.version, **_rows(text))
        changes = text.changes(text.without()) | files.change(f"{FOLDER}/{self.photo.name}", None)
        changes |= without_original(files, text.name)
        saved = self.write(self.words.say("did-photo-removed", name=text.name), changes)
        return self.go(f"/photos{self._poster_query()['asked']}", saved)


@dataclass(frozen=True)
class _Fields:
    """The fields of a photo, of the consent to it, and of its words in each language."""

    photo: list[Field]
    consent: list[Field]
    captions: Mapping[str, list[Field]]

    @property
    def all(self) -> list[Field]:
        return [*self.photo, *self.consent, *(item for caption in self.captions.values() for item in caption)]


@lru_cache(maxsize=64)
def _jpeg(root: Path, path: Path, width: int, redact: tuple[Region, ...], mtime_ns: int, size: int) -> bytes:  # noqa: ARG001
    picture = open_picture(root, path, path.name, width, redact=redact)
    if isinstance(picture, Problem):
        raise CampaignError([picture])
    file = BytesIO()
    fit(picture, "jpeg").save(file, **RECIPES["jpeg"])
    return file.getvalue()


def _bare(name: str, path: Path) -> Photo:
    return Photo(name, path, {}, {}, Rights(), "", USES, None, (0.5, 0.5), (), "")


def _rows(text: PhotoText) -> dict[str, Any]:
    return {"rows": text.boxes("redact").rows, "meaning": text.boxes("meaning").rows}


def _focus_edits(text: PhotoText, typed: tuple[str, str]) -> Iterator[Edit]:
    changed = [
        (key, now)
        for key, old, now in zip("xy", text.focus, typed, strict=True)
        if now and (number(old) != number(now))
    ]
    pairs = zip("xy", typed, strict=True) if changed and "focus" not in text.parsed else changed
    for key, now in pairs:
        yield Edit(("focus", key), number(now))


def _regions(region_rows: str) -> Iterator[Region]:
    for row in region_rows.split(";")[:50]:
        left, top, right, bottom = (*(_share(item, -1) for item in row.split(",")), -1, -1, -1, -1)[:4]
        if 0 <= left < right <= 1 and 0 <= top < bottom <= 1:
            yield left, top, right, bottom


def _meaning(rows: str) -> Iterator[MeaningBox]:
    """Yield the boxes that the page shows, which may not be saved yet."""
    for row in rows.split(";")[:50]:
        x, y, width, height = (*(_share(item, -1) for item in row.split(",")), -1, -1, -1, -1)[:4]
        if min(x, y) >= 0 and min(width, height) > 0 and max(x + width, y + height) <= 1.0001:
            yield MeaningBox("", (x, y, x + width, y + height), "")


def _share(raw: str, default: float) -> float:
    value = number(raw)
    return value / 100 if isinstance(value, int | float) and 0 <= value <= 100 else default
