"""The picture of a poster: a photo cleared for every use, another drawing, or an upload."""

from __future__ import annotations

from typing import TypeVar
from urllib.parse import quote

from starlette.datastructures import FormData
from starlette.responses import Response

from campaign.content.posters import FOLDER
from campaign.desk import poster_picture
from campaign.desk.dry_check import folder_with
from campaign.desk.files import Change, version_of
from campaign.desk.naming import page_name
from campaign.desk.new_page import drawings, with_alt
from campaign.desk.page_file import PageFile
from campaign.desk.panel import Panel, Refused, get, post
from campaign.desk.panels.poster_boxes import CHECK, boxes_address
from campaign.desk.words import languages
from campaign.models.campaign import Campaign
from campaign.models.formats import USES
from campaign.models.media import Poster, Rights
from campaign.models.page import Page
from campaign.models.problem import Problem
from campaign.printing.art import read_drawing

PHOTO = "photo:"
DRAWING = "drawing:"
T = TypeVar("T")


def address(page: Page) -> str:
    """Return the page for choosing a poster's picture."""
    return f"/poster-picture/{quote(page.path)}"


def poster_page(campaign: Campaign, path: str) -> Page | None:
    """Return a poster's page in the source language, or None."""
    page = campaign.pages.get((campaign.source_language.code, path))
    return page if page and any(campaign.formats[name].needs_drawing for name in page.formats) else None


class PosterPictures(Panel):
    @get("/poster-picture/{path:path}")
    def show(self) -> Response:
        return self.show_refused(Refused("", 200, typed=FormData({"picture": self.query_value("picture")})))

    def show_refused(self, refusal: Refused) -> Response:
        campaign, ui_language = self.campaign, self.ui_language
        page, poster = self._poster()
        photos = campaign.photos.values()
        other_posters = [
            item for item in campaign.pages.values() if item.language == page.language and item.art == poster.name
        ]
        return self.page(
            "poster-picture.html",
            refusal,
            page=page,
            here=address(page),
            poster=poster,
            boxes_at=boxes_address(poster),
            pixels=poster_picture.pixels_needed([campaign.formats[name] for name in page.formats]),
            others=[item.title for item in other_posters if item is not page],
            photos=[photo for photo in photos if all(map(photo.is_for, USES))],
            barred=[(photo.name, [purpose for purpose in USES if not photo.is_for(purpose)]) for photo in photos],
            drawings=[
                (name, called)
                for name, called in drawings(campaign, ui_language.code)
                if name != poster.name and campaign.posters[name].cover.is_file()
            ],
            version=self._version(campaign, page, poster),
            typed=self.form,
        )

    def _poster(self) -> tuple[Page, Poster]:
        campaign = self.campaign
        page = poster_page(campaign, self.path["path"])
        if page is None:
            raise LookupError(self.path["path"])
        return page, campaign.posters[page.art]

    def _files(self, poster: Poster) -> dict[str, bytes]:
        names = [f"{FOLDER}/{poster.name}/{path.name}" for path in sorted(poster.art.parent.glob("*.svg"))]
        read = {name: self.files.read(name) for name in (*names, poster.where)}
        return {name: data for name, data in read.items() if data is not None}

    def _version(self, campaign: Campaign, page: Page, poster: Poster) -> str:
        text = PageFile.read(self.files, campaign, page.language, page.path)
        return ".".join((text.version, *map(version_of, self._files(poster).values())))

    @post("/poster-picture/{path:path}")
    def keep(self) -> Response:
        campaign, words = self.campaign, self.words
        page, poster = self._poster()
        self.refuse_changed(self._version(campaign, page, poster))
        picture = self._sound(self._chosen(campaign))
        try:
            files = self._new_files(campaign, page, poster, picture)
        except poster_picture.NoRoom:
            raise Refused(words["picture-no-room"]) from None
        except poster_picture.TooCoarse as result:
            raise Refused(words.say("picture-coarse", count=result.has, whole=result.needs)) from None
        text = PageFile.read(self.files, campaign, page.language, page.path)
        source_words = languages().get(campaign.source_language.code, words)
        text_with_alt = with_alt(text.text, picture.origin.alts.get(page.language, ""), source_words)
        changes = {text.name: Change(text.version, text.encoded(text_with_alt))}
        old_files = self._files(poster)
        changes |= {name: Change(version_of(old_files[name]), data) for name, data in files.items()}
        title = words.say("did-picture", name=page_name(campaign, page.language, page.path))
        saved = self.write(title, changes)
        if poster.meaning:
            return self.go(f"{boxes_address(poster)}?{CHECK}=1", saved)
        return self.go(f"/texts/{page.language}/{quote(page.path)}", saved, "text")

    def _sound(self, read: T | list[Problem]) -> T:
        if isinstance(read, list):
            raise Refused(self.words["cannot-save"], problems=read)
        return read

    def _chosen(self, campaign: Campaign) -> poster_picture.Picture | list[Problem]:
        upload, picture_name = self.upload, self.form_value("picture")
        if upload:
            rights = Rights(self.form_value("credit"), self.form_value("licence"))
            if not (rights.credit and rights.licence):
                raise Refused(self.words["picture-whose"])
            if not self.form_value("drawn") and not upload.filename.lower().endswith(".svg"):
                raise Refused(self.words["picture-not-drawn"])
            with self.workspace.received(upload.filename, upload.file) as file:
                return poster_picture.of_file(file.parent, file, upload.filename, rights)
        if photo := campaign.photos.get(picture_name.removeprefix(PHOTO)) if picture_name.startswith(PHOTO) else None:
            if not all(map(photo.is_for, USES)):
                raise Refused(self.words["picture-barred-chosen"])
            return poster_picture.of_photo(self.root, photo)
        source_poster = (
            campaign.posters.get(picture_name.removeprefix(DRAWING)) if picture_name.startswith(DRAWING) else None
        )
        if source_poster is None:
            raise Refused(self.words["picture-choose"])
        return poster_picture.of_poster(source_poster, campaign.photos)

    def _new_files(
        self, campaign: Campaign, page: Page, poster: Poster, picture: poster_picture.Picture
    ) -> dict[str, bytes]:
        colours = {name: colour.hex for name, colour in campaign.identity.colours.items()}
        files: dict[str, bytes] = {}
        for name, data in self._files(poster).items():
            if name == poster.where:
                files[name] = poster_picture.credited(data.decode(), picture).encode()
                continue
            old = self._sound(read_drawing(self.root / name, name))
            path = self.root / name
            # Covers are printed at the size of their drawing.
            cover = poster_picture.pixels_across(old.box[2]) if path == poster.cover else 0
            pixels = (
                poster_picture.pixels_needed([campaign.formats[name] for name in page.formats])
                if path == poster.art
                else cover
            )
            files[name] = poster_picture.with_picture(old, picture, colours, pixels)
            with folder_with({"made.svg": files[name]}) as folder:
                self._sound(read_drawing(folder / "made.svg", name))
        return files
