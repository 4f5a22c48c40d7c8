"""Print and hand out: a place, a language, a printer; packs, and the hand-out log."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from starlette.datastructures import QueryParams
from starlette.responses import FileResponse, HTMLResponse, Response

from campaign.cache.external_programs import show_in_folder
from campaign.content import clock
from campaign.content.languages import as_built
from campaign.desk import hand_out_log
from campaign.desk.desk import field_text
from campaign.desk.files import Change, ForeignFileError, version_of
from campaign.desk.lists import paginate
from campaign.desk.naming import piece_title, places_of
from campaign.desk.notes import built_at
from campaign.desk.panel import NOT_REFUSED, SANDBOX_CSP, Panel, Refused, get, post
from campaign.desk.panels.one_piece import address, options, outputs_of, saved_as
from campaign.desk.print_drafts import (
    Draft,
    OutdatedNumber,
    PrintedContent,
    absent_releases,
    differing,
    draft_of,
    on_paper,
)
from campaign.desk.print_paper import (
    ALL,
    MAX_COPIES,
    SIDES,
    Paper,
    PrintSettings,
    paper_of,
    parse_copies,
    with_print_settings,
)
from campaign.exchange.tally import piece_code
from campaign.models.campaign import NATIONAL, Campaign, Language
from campaign.models.outputs import FLAVOURS, PRINT_SHOP, Output
from campaign.models.page import RELEASE, Page
from campaign.plan.finder import audience_name
from campaign.plan.outputs import catalogue
from campaign.plan.packs import pack_name
from campaign.plan.print_queues import PRINT_QUEUE, is_queued, parts_of

# Types that browsers show; others are downloaded.
INLINE_TYPES = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".txt": "text/plain; charset=utf-8",
}
LOG_ROWS = 10


@dataclass(frozen=True)
class PrintableItem:
    """An item to print, with its title and format in words; `queued` is a queue's content."""

    output: Output
    page: Page | None
    title: str
    format: str
    queued: list[Output]


@dataclass(frozen=True)
class Piece(PrintableItem):
    """A printable item with its file."""

    printed_title: str  # its printed title, if different
    made: datetime | None
    is_old: bool  # the campaign has changed since
    size: int
    draft: Draft  # why it shouldn't be handed out
    paper: Paper
    code: str  # its code in the log; '' if it isn't a single piece
    holds: tuple[str, int]  # of a queue: kinds, and number of pieces
    all_of_it: str  # address of all outputs of its text
    differing: Sequence[OutdatedNumber]  # outdated numbers on it


class Printing(Panel):
    menu = ("/print", "print")

    @property
    def dist(self) -> Path:
        return self.root / "dist"

    @get("/print")
    def show(self) -> Response:
        return self.show_refused(NOT_REFUSED)

    def show_refused(self, refusal: Refused) -> Response:
        campaign = as_built(self.campaign)
        query_params = (
            QueryParams(refusal.context["back"].partition("?")[2]) if refusal.context else self.request.query_params
        )
        settings, is_chosen = PrintSettings.of(campaign, query_params), "place" in query_params
        ui_language, words = self.ui_language, self.words
        result, changed = self._printable_items(campaign, ui_language, settings) if is_chosen else ([], 0.0)
        # Only files on this page of the list are opened.
        part = paginate([item for item in result if item.output.kind != PRINT_QUEUE], self.request)
        queues = [item for item in result if item.output.kind == PRINT_QUEUE]
        file_states = [
            self._file_state(item.output, changed) for item in result if settings.what in (ALL, item.output.kind)
        ]
        log = hand_out_log.rows_in(self.files.read(hand_out_log.LOG))
        pack_files = sorted((self.dist / "packs").rglob("*.zip"))
        return self.page(
            "print.html",
            refusal,
            campaign=campaign,
            places=places_of(campaign, ui_language),
            printers=[(flavour, words[f"printer-{flavour}"]) for flavour in FLAVOURS],
            kinds=[(kind, ui_language.strings.get(f"pieces-{kind}", words["new-release"])) for kind in campaign.kinds],
            sides=[(sides, words[f"sides-{sides}"]) for sides in SIDES],
            most=MAX_COPIES,
            chosen=settings,
            fields=asdict(settings),
            is_chosen=is_chosen,
            in_one_go=replace(settings, what=ALL).address,
            is_queued=settings.what != ALL and bool(queues),
            queues=[
                self._piece(campaign, ui_language, settings, queue, changed) for queue in queues if settings.what == ALL
            ],
            pieces=[self._piece(campaign, ui_language, settings, row, changed) for row in part.rows],
            part=part,
            absent=[*absent_releases(campaign, settings.language)]
            if is_chosen and settings.what in (ALL, RELEASE)
            else [],
            elsewhere=_elsewhere(campaign, settings),
            unmade=sum(is_made is None or is_old for is_made, is_old in file_states),
            packs=[(name, pack_name(pack, ui_language.strings)) for name, pack in campaign.packs.items()],
            packed=[(path.relative_to(self.dist).as_posix(), path.stat().st_size) for path in pack_files],
            groups=[(name, audience_name(ui_language, name)) for name in campaign.audiences],
            names=sorted(hand_out_log.titles(campaign, ui_language).items(), key=lambda item: item[1]),
            handed=field_text(query_params, "handed"),
            today=clock.now().date().isoformat(),
            heads=hand_out_log.headings(ui_language),
            rows=hand_out_log.in_words(campaign, ui_language, words, log[:LOG_ROWS]),
        )

    def _printable_items(
        self, campaign: Campaign, ui_language: Language, settings: PrintSettings
    ) -> tuple[list[PrintableItem], float]:
        language, wanted_kind = settings.language, settings.what
        place_code = None if settings.place == NATIONAL else settings.place
        changed_at = self.workspace.changed_at
        last_made = max(
            self.memory.get((settings.place, language, settings.printer, item), 0.0) for item in (wanted_kind, ALL)
        )
        # Everything was made from the current campaign, though some files are older.
        changed_at = 0.0 if max(last_made, built_at(self.root)) >= changed_at else changed_at
        results = []
        # Planning hundreds of other places takes ten seconds.
        place_codes = (
            () if place_code is None else (place_code, *(region.code for region in campaign.regions_of(place_code)))
        )
        place_campaign = replace(campaign, places={code: campaign.places[code] for code in place_codes})
        pages = [page for (code, _), page in campaign.pages.items() if code == language]
        texts = {(page.stem, format): page for page in pages for format in page.formats}
        outputs, wanted = list(catalogue(place_campaign)), (place_code, language, settings.printer)
        for output in outputs:
            if (output.place, output.language, output.flavour) != wanted or not output.path:
                continue
            if not (output.is_piece or output.kind == PRINT_QUEUE) or output.ending != "pdf":
                continue
            queued_outputs = (
                [item for item in outputs if is_queued(campaign, item, output)] if output.kind == PRINT_QUEUE else []
            )
            if wanted_kind == ALL or wanted_kind in (item.kind for item in (output, *queued_outputs)):
                page = texts.get((output.name, output.format))
                if output.kind == PRINT_QUEUE:
                    title, duplex = parts_of(output)
                    format = ui_language.strings[f"flip-{duplex}"]
                else:
                    format = ui_language.strings.get(f"format-{output.format}", output.format)
                    title = piece_title(campaign, page, ui_language) if page else format
                results.append(PrintableItem(output, page, title, format, queued_outputs))
        return sorted(results, key=lambda item: (item.output.kind != PRINT_QUEUE, item.title, item.format)), changed_at

    def _file_state(self, output: Output, changed_at: float) -> tuple[os.stat_result | None, bool]:
        file = self.dist / output.path
        stat = file.stat() if file.is_file() else None
        return stat, bool(stat and stat.st_mtime < changed_at)

    def _piece(
        self, campaign: Campaign, ui_language: Language, settings: PrintSettings, item: PrintableItem, changed_at: float
    ) -> Piece:
        output, page, queued_outputs, file = item.output, item.page, item.queued, self.dist / item.output.path
        is_made, is_old = self._file_state(output, changed_at)
        strings, format = ui_language.strings, campaign.formats.get(output.format)
        return Piece(
            **vars(item),
            printed_title=page.title if page and page.title != item.title else "",
            made=datetime.fromtimestamp(is_made.st_mtime) if is_made else None,
            is_old=is_old,
            size=is_made.st_size if is_made else 0,
            draft=draft_of(campaign, queued_outputs or [output]),
            paper=paper_of(format, output, file if is_made else None, settings.copies, settings.sides),
            code=piece_code(page) if page else "",
            holds=(
                ", ".join(dict.fromkeys(strings[f"pieces-{item.kind}"] for item in queued_outputs)),
                len(queued_outputs),
            ),
            all_of_it=address(page) if page else "",
            differing=differing(campaign, ui_language, queued_outputs or [output], file) if is_old else (),
        )

    @post("/print/make")
    def make(self) -> Response:
        campaign = self.campaign
        settings, words = PrintSettings.of(campaign, self.form), self.words
        formats = [name for name, item in campaign.formats.items() if item.kind == settings.what]
        arguments = ["prints", "--place", settings.place, "--language", settings.language]
        arguments += ["--flavour", settings.printer, *options("--format", formats)]
        place = campaign.places.get(settings.place)
        called = place.name(words.code, campaign.source_language.code) if place else words["whole-country"]
        title = words.say("did-make", name=f"{called}, {campaign.languages[settings.language].name}")
        start_time, key = time.time(), (settings.place, settings.language, settings.printer, settings.what)
        return self.start(
            title, arguments, result_url=settings.address, on_end=lambda _: self.memory.__setitem__(key, start_time)
        )

    @post("/print/pack")
    def pack(self) -> Response:
        campaign = self.campaign
        arguments = ["packs"]
        for option, choices in (
            ("audience", campaign.packs),
            ("place", campaign.places),
            ("language", campaign.languages),
        ):
            arguments += [f"--{option}", raw] if (raw := self.form_value(option)) in choices else []
        return self.start(self.words["did-pack"], arguments, result_url="/print#packs")

    @post("/print/folder")
    def folder(self) -> Response:
        show_in_folder(self.desk.below_dist(self.form_value("file")))
        return_url = self.form_value("back")
        return self.go(return_url if return_url.startswith("/print") else "/print")

    @get("/dist/{path:path}", reads=False)
    def file(self) -> Response:
        path = self.desk.below_dist(self.path["path"])
        if pdf_bytes := with_print_settings(path, self.request.query_params):
            return Response(pdf_bytes, media_type=INLINE_TYPES[".pdf"])
        kind = INLINE_TYPES.get(path.suffix.lower())
        # Browsers prefer this name to that of the link.
        name, disposition = saved_as(self.path["path"]), "inline" if kind else "attachment"
        kind = kind or "application/octet-stream"
        return FileResponse(path, media_type=kind, filename=name, content_disposition_type=disposition)

    @post("/print/handed-out")
    def handed_out(self) -> Response:
        campaign, words = self.campaign, self.words
        cells = {key: self.form_value(key) for key in ("day", "place", "piece", "language", "group", "number")}
        old_data = self.files.read(hand_out_log.LOG)
        data = hand_out_log.with_row(old_data, campaign.source_language, cells | {"version": campaign.version})
        return_url = self.form_value("back") if self.form_value("back").startswith("/print?") else "/print"
        if problems := hand_out_log.row_problems(campaign, old_data, data):
            raise Refused(words["log-refused"], problems=problems, back=return_url)
        name = hand_out_log.titles(campaign, self.ui_language).get(cells["piece"], cells["piece"])
        draft, paper, old = self._files_of_row(campaign, self.ui_language, cells)
        is_draft = bool(draft.reasons or draft.gaps or (paper and paper.is_draft) or not all(e.is_sure for e in old))
        if (is_draft or old) and self.form_value("draft") != "yes":
            context: dict[str, Any] = {"cells": cells, "draft": draft, "is_draft": is_draft, "old": old, "name": name}
            is_paper_draft = bool(paper and paper.is_draft)
            return self.page("hand-out-draft.html", **context, back=return_url, is_paper_draft=is_paper_draft)
        if is_draft or old:
            ending = f"{hand_out_log.OLD_NUMBER_SUFFIX if old else ''}{hand_out_log.DRAFT if is_draft else ''}"
            marked_cells = cells | {"version": f"{campaign.version}{ending}"}
            data = hand_out_log.with_row(old_data, campaign.source_language, marked_cells)
        title = words.say("did-hand-out", count=cells["number"], name=name)
        saved = self.write(title, {hand_out_log.LOG: Change(version_of(old_data), data)})
        return self.go(return_url, saved, "log")

    def _files_of_row(
        self, campaign: Campaign, ui_language: Language, cells: dict[str, str]
    ) -> tuple[Draft, PrintedContent | None, list[OutdatedNumber]]:
        page = campaign.pages.get((cells["language"], f"{cells['piece']}.md"))
        if page is None:
            return Draft(), None, []
        outputs = [output for output in outputs_of(campaign, page, cells["place"]) if output.is_piece]
        files = [(output, self.dist / output.path) for output in outputs if output.ending == "pdf"]
        results = (differing(campaign, ui_language, [output], file) for output, file in files if file.is_file())
        paper = on_paper((file for _, file in files), campaign.languages[page.language])
        draft = draft_of(campaign, {output.format: output for output in outputs}.values(), paper)
        return draft, paper, [*dict.fromkeys(output for files in results for output in files)]

    @get("/print/ticket/{path:path}")
    def ticket(self) -> Response:
        from campaign.pipeline.job_tickets import ticket_of  # loads libraries for PDF

        path = self.path["path"]
        file, campaign = self.desk.below_dist(path), self.campaign
        output = next(
            (output for output in catalogue(campaign) if output.path == path and output.flavour == PRINT_SHOP), None
        )
        if output is None or output.part or (output.language or "") not in campaign.languages:
            raise ForeignFileError(path)
        page = ticket_of(campaign, output, file, parse_copies(self.request.query_params))
        return HTMLResponse(page, headers=SANDBOX_CSP)


def _elsewhere(campaign: Campaign, settings: PrintSettings) -> tuple[str, str]:
    rows = [item for item in campaign.formats.values() if item.kind == settings.what]
    flavours = [flavour for flavour in FLAVOURS if any(flavour in row.flavours for row in rows)]
    has_own_pieces = settings.place == NATIONAL or any(row.has_places for row in rows)
    if not rows or (settings.printer in flavours and has_own_pieces):
        return "", ""
    flavour = settings.printer if settings.printer in flavours else flavours[0]
    return replace(settings, place=NATIONAL, printer=flavour).address, flavour
