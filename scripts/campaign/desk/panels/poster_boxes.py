"""Boxes that say which parts of a poster's drawings carry their meaning, saved in its poster.yml."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from urllib.parse import quote

from starlette.responses import FileResponse, Response

from campaign.content.posters import read_posters
from campaign.desk.box_list import AREA_COLUMNS, BoxList, are_numbers, area_edits, area_row, typed_rows
from campaign.desk.dry_check import new_problems, problems_in
from campaign.desk.files import Change, version_of
from campaign.desk.naming import shape_name
from campaign.desk.panel import NOTICE_UNCHANGED, SANDBOX_CSP, Panel, Refused, get, post
from campaign.models.campaign import Campaign
from campaign.models.media import ART, Poster
from campaign.models.page import Page
from campaign.models.problem import Problem
from campaign.printing.art import read_drawing
from campaign.schema.yaml_edit import CannotEdit
from campaign.schema.yaml_splice import parse_mapping, remove, set_value

KEY = "meaning"
SCENE = "scene"
# In the query, after a poster got another picture.
CHECK = "check"
WIDTH_PX = 560


def boxes_address(poster: Poster, drawing: str = ART) -> str:
    """Return the page for the boxes of one of a poster's drawings."""
    return f"/poster-boxes/{quote(poster.name)}/{quote(drawing)}"


def page_address(campaign: Campaign, page: Page) -> str:
    """Return that page for the drawing that a page shows; '' if it shows none."""
    poster = campaign.posters.get(page.art)
    files = [campaign.formats[name].drawing for name in page.formats]
    names = [file.rpartition(".")[0] for file in files if file and poster and poster.art.with_name(file).is_file()]
    return boxes_address(poster, names[0]) if poster and names else ""


class PosterBoxes(Panel):
    @property
    def poster(self) -> Poster:
        poster = self.campaign.posters[self.path["name"]]
        if self.path["drawing"] not in self._drawings(poster) or self.files.read(poster.where) is None:
            raise LookupError(self.path["drawing"])
        return poster

    def _drawings(self, poster: Poster) -> list[str]:
        """Return the stems of a poster's drawings, its art first."""
        names = [path.stem for path in sorted(poster.art.parent.glob("*.svg")) if path.is_file()]
        return sorted(names, key=lambda name: (name != ART, name))

    def _name(self, drawing: str) -> str:
        own = self.words.get(f"boxes-of-{drawing}")
        return own or shape_name(drawing, self.ui_language, self.words)

    @get("/poster-boxes/{name}/{drawing}/picture")
    def picture(self) -> Response:
        path = self.poster.drawing(self.path["drawing"]).relative_to(self.root).as_posix()
        return FileResponse(self.files.path(path), media_type="image/svg+xml", headers=SANDBOX_CSP)

    @get("/poster-boxes/{name}/{drawing}")
    def show(self) -> Response:
        text = self._decoded(self.poster)
        scene = area_row(parse_mapping(text), SCENE)
        return self.show_refused(Refused("", 200, meaning=self._boxes(text).rows, scene=scene))

    def show_refused(self, refusal: Refused) -> Response:
        campaign, poster, drawing = self.campaign, self.poster, self.path["drawing"]
        query = f"?{CHECK}=1" if self.query_value(CHECK) else ""
        source = campaign.source_language.code
        rows, scene = refusal.context["meaning"], refusal.context["scene"]
        return self.page(
            "poster-boxes.html",
            refusal,
            poster=poster,
            here=boxes_address(poster, drawing) + query,
            shown=f"{boxes_address(poster, drawing)}/picture?{version_of(poster.drawing(drawing).read_bytes())}",
            is_check=bool(query),
            drawing=self._name(drawing),
            tabs=[
                (self._name(name), boxes_address(poster, name) + query, name == drawing, len(poster.boxes(name)))
                for name in self._drawings(poster)
            ],
            pages=[page for page in campaign.pages.values() if page.language == source and page.art == poster.name],
            meanings=[*rows, [""] * 5],
            drawn_meaning=[row[1:] for row in rows if are_numbers(row[1:])],
            scene_row=scene if drawing == ART else None,
            drawn_scene=[scene] if drawing == ART and are_numbers(scene) else [],
            version=version_of(self.files.read(poster.where)),
            **self._under(poster, drawing),
        )

    def _under(self, poster: Poster, drawing: str) -> dict[str, Any]:
        """Return a drawing's size on the page, and its places for words in percent."""
        read = read_drawing(poster.drawing(drawing), poster.where)
        if isinstance(read, list):
            return {"size": (WIDTH_PX, WIDTH_PX), "slots": []}
        left, top, width, height = read.box
        slots = [
            ((slot.x - left) / width, (slot.y - top) / height, slot.width / width, slot.height / height)
            for slot in read.slots
        ]
        return {
            "size": (WIDTH_PX, round(WIDTH_PX * height / width)),
            "slots": [[round(side * 100, 3) for side in slot] for slot in slots],
        }

    def _decoded(self, poster: Poster) -> str:
        try:
            return (self.files.read(poster.where) or b"").decode()
        except UnicodeDecodeError:
            raise CannotEdit(poster.where) from None

    def _boxes(self, text: str) -> BoxList:
        return BoxList.read(parse_mapping(text), KEY, self.path["drawing"])

    @post("/poster-boxes/{name}/{drawing}")
    def save(self) -> Response:
        poster, words, rows = self.poster, self.words, typed_rows(self.form, KEY)
        data = self.files.read(poster.where) or b""
        scene = [self.form_value(f"{SCENE}.{column}") for column in AREA_COLUMNS]
        typed: dict[str, Any] = {"meaning": rows, "scene": scene}
        self.refuse_changed(version_of(data), **typed)
        before = text = self._decoded(poster)
        edits = self._boxes(text).edits(rows)
        if self.path["drawing"] == ART:
            edits += area_edits(parse_mapping(text), SCENE, scene)
        for edit in edits:
            text = remove(text, edit.key_path) if edit.value is None else set_value(text, edit.key_path, edit.value)
        if problems := self._problems(poster, before, text):
            raise Refused(words["cannot-save"], problems=problems, **typed)
        title = words.say("did-boxes", name=poster.name)
        change = {poster.where: Change(version_of(data), text.encode())}
        saved = self.write(title, change) if text != before else NOTICE_UNCHANGED
        return self.go(boxes_address(poster, self.path["drawing"]), saved)

    def _problems(self, poster: Poster, before: str, after: str) -> list[Problem]:
        """Return the problems that a save would add."""
        folder = poster.where.rpartition("/")[0]
        drawings: Mapping[str, str] = {f"{folder}/{name}.svg": "" for name in self._drawings(poster)}
        problems = new_problems(lambda text: problems_in({**drawings, poster.where: text}, read_posters), before, after)
        return [problem for problem in problems if not problem.is_note]
