"""All outputs of one text: its prints and its pictures to send."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from urllib.parse import quote, urlencode

from starlette.responses import Response

from campaign.desk.naming import places_of, shape_name
from campaign.desk.notes import built_at
from campaign.desk.panel import Panel, get, post
from campaign.desk.panels import poster_pictures
from campaign.desk.panels.poster_boxes import page_address
from campaign.desk.print_drafts import draft_of
from campaign.desk.print_paper import first_page, one_of
from campaign.models.campaign import NATIONAL, Campaign, Language
from campaign.models.outputs import INSIDE_SUFFIX, Output
from campaign.models.page import Page
from campaign.plan.outputs import catalogue, editions

DRAWN_WIDTH = 240


@dataclass(frozen=True)
class File:
    """A file of the piece."""

    path: str  # below dist/
    name: str
    size: str  # pixels of a picture, or ''
    made: datetime | None
    is_old: bool  # the campaign has changed since
    bytes: int  # 0 if it doesn't exist
    drawn: str  # address of a picture of it, or ''
    saved_as: str  # its name as a download


def address(page: Page) -> str:
    """Return the page of the desk with all outputs of a page."""
    return f"/print/piece/{page.language}/{quote(page.path)}"


class OnePiece(Panel):
    @property
    def piece(self) -> Page:
        page = self.campaign.pages[self.path["language"], self.path["path"]]
        if not page.formats:
            raise LookupError(page.path)
        return page

    @get("/print/piece/{language}/{path:path}")
    def show(self) -> Response:
        language, path, campaign = self.path["language"], self.path["path"], self.campaign
        if (language, path) in campaign.withheld:  # its page says until when
            return self.go(f"/texts/{language}/{quote(path)}")
        page, ui_language = self.piece, self.ui_language
        places = [code for code in campaign.places if _has_contacts(campaign, page, code)]
        place = one_of(self.query_value("place"), (NATIONAL, *places))
        outputs = outputs_of(campaign, page, place)
        since = max(built_at(self.root), self.memory.get((language, path, place), 0.0))
        changed_at = self.workspace.changed_at
        changed_at = 0.0 if since >= changed_at else changed_at
        files = {item: self._file(page, item, ui_language, changed_at) for item in outputs}
        return self.page(
            "one-piece.html",
            piece=page,
            here=address(page),
            drawn_at=poster_pictures.address(page) if poster_pictures.poster_page(campaign, path) else "",
            boxes_at=page_address(campaign, page),
            place=place,
            places=[row for row in places_of(campaign, ui_language) if row[0] in places],
            others=[
                (campaign.languages[code], address(other_page))
                for (code, path), other_page in campaign.pages.items()
                if path == page.path and other_page.formats
            ],
            draft=draft_of(campaign, {item.format: item for item in outputs if item.is_piece}.values()),
            back=f"{address(page)}?{urlencode({'place': place})}",
            sent=sorted((file for output, file in files.items() if output.destination), key=lambda item: item.name),
            printed=[file for output, file in files.items() if not output.destination],
            unmade=sum(item.made is None or item.is_old for item in files.values()),
        )

    def _file(self, page: Page, output: Output, ui_language: Language, changed_at: float) -> File:
        file, strings, words, size = self.root / "dist" / output.path, ui_language.strings, self.words, ""
        stat = file.stat() if file.is_file() else None
        if output.destination:
            row = self.campaign.destinations[output.destination]
            name, panel = shape_name(output.destination, ui_language, words), output.name.removeprefix(page.stem)
            panel = panel.strip("-")
            size = "" if panel else f"{row.width} × {row.height}"
            panel = strings["find-inside"].format(title=page.title) if panel == INSIDE_SUFFIX else panel
            name += f" ({panel})" if panel else ""
        else:
            label = strings.get(f"part-{output.part}", output.part) or words[f"printer-{output.flavour}"]
            name = f"{strings.get(f'format-{output.format}', output.format)}, {label}"
        preview_path = {"pdf": "print/drawn/", "png": "dist/", "jpeg": "dist/"}.get(output.ending, "") if stat else ""
        return File(
            output.path,
            name,
            size,
            datetime.fromtimestamp(stat.st_mtime) if stat else None,
            bool(stat and stat.st_mtime < changed_at),
            stat.st_size if stat else 0,
            preview_path and preview_path + quote(output.path),
            saved_as(output.path),
        )

    @post("/print/piece/{language}/{path:path}")
    def make(self) -> Response:
        campaign, page = self.campaign, self.piece
        place = one_of(self.form_value("place"), (NATIONAL, *campaign.places))
        outputs = outputs_of(campaign, page, place)
        command_options = ["--piece", page.stem, "--language", page.language]
        selected_places = dict.fromkeys(output.place or NATIONAL for output in outputs if output.is_piece)
        commands = [
            ["prints", *command_options, *options("--format", page.formats), *options("--place", selected_places)]
        ]
        if destinations := dict.fromkeys(output.destination for output in outputs if output.destination):
            commands.append(["pictures", *command_options, *options("--destination", destinations)])
        url = f"{address(page)}?{urlencode({'place': place})}"
        start_time, key = time.time(), (page.language, page.path, place)

        def on_end(command: tuple[str, ...]) -> None:
            # Unchanged files keep their time, so record when the piece was made.
            if list(command) == commands[-1]:
                self.memory[key] = start_time

        return self.start(self.words.say("did-make", name=page.title), *commands, result_url=url, on_end=on_end)

    @get("/print/drawn/{path:path}", reads=False)
    def drawn(self) -> Response:
        path = self.desk.below_dist(self.path["path"])
        return Response(first_page(path, DRAWN_WIDTH), media_type="image/png")


def saved_as(path: str) -> str:
    """Return the download name of a file in dist/; pictures of one name in several folders get their folder's."""
    *folders, name = path.split("/")
    stem, dot, suffix = name.rpartition(".")
    return f"{stem}-{folders[-2]}{dot}{suffix}" if folders[:1] == ["pictures"] and len(folders) > 2 else name


def outputs_of(campaign: Campaign, page: Page, place: str) -> list[Output]:
    """Return the output files of a page for a place, including those that are the same everywhere."""
    campaign_with_page = replace(
        campaign,
        pages={(page.language, page.path): page},
        photos={},
        places={code: item for code, item in campaign.places.items() if code == place},
    )
    outputs: dict[tuple[str, ...], Output] = {}
    for item in catalogue(campaign_with_page):
        is_of_text = item.path and (item.destination or (item.is_piece and item.name == page.stem))
        if is_of_text and item.language == page.language:
            # A place's own edition replaces the national one.
            outputs[item.name, item.format, item.flavour or "", item.part, item.destination] = item
    return [*outputs.values()]


def _has_contacts(campaign: Campaign, page: Page, place: str) -> bool:
    return any(place in editions(campaign, page, name) for name in page.formats if campaign.formats[name].has_places)


def options(name: str, values: Iterable[str]) -> list[str]:
    """Return an option of a command with each of some values."""
    return [part for value in values for part in (name, value)]
