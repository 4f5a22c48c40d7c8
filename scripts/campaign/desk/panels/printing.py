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
from campaign.desk.desk import field_text
from campaign.desk.files import Change, NotOurs, version_of
from campaign.desk.hand_out_log import DRAFT, LOG, OLD, headings, in_words, row_problems, rows_in, titles, with_row
from campaign.desk.lists import paginate
from campaign.desk.naming import piece_title, places_of
from campaign.desk.notes import built_at
from campaign.desk.panel import ACCEPTED, SANDBOX_CSP, Panel, Refused, get, post
from campaign.desk.panels.one_piece import address, options, outputs_of, saved_as
from campaign.desk.print_drafts import Differing, Draft, OnPaper, absent_releases, differing, draft_of, on_paper
from campaign.desk.print_paper import ALL, MAX_COPIES, SIDES, Chosen, Paper, paper_of, parse_copies, with_print_settings
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
class Found:
    """What can be printed, with its title and format in words; `held` is a queue's content."""

    output: Output
    page: Page | None
    title: str
    format: str
    held: list[Output]


@dataclass(frozen=True)
class Piece(Found):
    """The same with its file."""

    printed: str  # its printed title, if different
    made: datetime | None
    is_old: bool  # the campaign has changed since
    size: int
    draft: Draft  # why it shouldn't be handed out
    paper: Paper
    code: str  # its code in the log; '' if it isn't a single piece
    holds: tuple[str, int]  # of a queue: kinds, and number of pieces
    all_of_it: str  # address of all outputs of its text
    differing: Sequence[Differing]  # outdated numbers on it


class Printing(Panel):
    menu = ("/print", "print")

    @property
    def dist(self) -> Path:
        return self.root / "dist"

    @get("/print")
    def show(self) -> Response:
        return self.show_refused(ACCEPTED)

    def show_refused(self, refused: Refused) -> Response:
        campaign = as_built(self.campaign)
        asked = QueryParams(refused.shown["back"].partition("?")[2]) if refused.shown else self.request.query_params
        chosen, is_chosen = Chosen.of(campaign, asked), "place" in asked
        ui_language, words = self.ui_language, self.words
        found, changed = self._found(campaign, ui_language, chosen) if is_chosen else ([], 0.0)
        # Only one page of the list is looked into.
        part = paginate([each for each in found if each.output.kind != PRINT_QUEUE], self.request)
        queues = [each for each in found if each.output.kind == PRINT_QUEUE]
        stand = [self._stands(each.output, changed) for each in found if chosen.what in (ALL, each.output.kind)]
        log, packed = rows_in(self.files.read(LOG)), sorted((self.dist / "packs").rglob("*.zip"))
        return self.page(
            "print.html",
            refused,
            campaign=campaign,
            places=places_of(campaign, ui_language),
            printers=[(flavour, words[f"printer-{flavour}"]) for flavour in FLAVOURS],
            kinds=[(kind, ui_language.strings.get(f"pieces-{kind}", words["new-release"])) for kind in campaign.kinds],
            sides=[(sides, words[f"sides-{sides}"]) for sides in SIDES],
            most=MAX_COPIES,
            chosen=chosen,
            fields=asdict(chosen),
            is_chosen=is_chosen,
            in_one_go=replace(chosen, what=ALL).address,
            is_queued=chosen.what != ALL and bool(queues),
            queues=[self._piece(campaign, ui_language, chosen, each, changed) for each in queues if chosen.what == ALL],
            pieces=[self._piece(campaign, ui_language, chosen, each, changed) for each in part.rows],
            part=part,
            absent=[*absent_releases(campaign, chosen.language)] if is_chosen and chosen.what in (ALL, RELEASE) else [],
            elsewhere=_elsewhere(campaign, chosen),
            unmade=sum(there is None or is_old for there, is_old in stand),
            packs=[(name, pack_name(pack, ui_language.strings)) for name, pack in campaign.packs.items()],
            packed=[(path.relative_to(self.dist).as_posix(), path.stat().st_size) for path in packed],
            groups=[(name, audience_name(ui_language, name)) for name in campaign.audiences],
            names=sorted(titles(campaign, ui_language).items(), key=lambda each: each[1]),
            handed=field_text(asked, "handed"),
            today=clock.now().date().isoformat(),
            heads=headings(ui_language),
            rows=in_words(campaign, ui_language, words, log[:LOG_ROWS]),
        )

    def _found(self, campaign: Campaign, ui_language: Language, chosen: Chosen) -> tuple[list[Found], float]:
        language, what = chosen.language, chosen.what
        wanted = None if chosen.place == NATIONAL else chosen.place
        changed = self.workspace.changed_at
        whole = max(self.memory.get((chosen.place, language, chosen.printer, each), 0.0) for each in (what, ALL))
        # Everything was made from the current campaign, though some files are older.
        changed = 0.0 if max(whole, built_at(self.root)) >= changed else changed
        found = []
        # Planning hundreds of other places takes ten seconds.
        near = () if wanted is None else (wanted, *(region.code for region in campaign.regions_of(wanted)))
        here = replace(campaign, places={code: campaign.places[code] for code in near})
        pages = [page for (code, _), page in campaign.pages.items() if code == language]
        texts = {(page.stem, format): page for page in pages for format in page.formats}
        outputs = list(catalogue(here))
        for output in outputs:
            if (output.place, output.language, output.flavour) != (wanted, language, chosen.printer) or not output.path:
                continue
            if not (output.is_piece or output.kind == PRINT_QUEUE) or output.ending != "pdf":
                continue
            held = [each for each in outputs if is_queued(campaign, each, output)] if output.kind == PRINT_QUEUE else []
            if what == ALL or what in (each.kind for each in (output, *held)):
                page = texts.get((output.name, output.format))
                if output.kind == PRINT_QUEUE:
                    title, turn = parts_of(output)
                    format = ui_language.strings[f"flip-{turn}"]
                else:
                    format = ui_language.strings.get(f"format-{output.format}", output.format)
                    title = piece_title(campaign, page, ui_language) if page else format
                found.append(Found(output, page, title, format, held))
        return sorted(found, key=lambda each: (each.output.kind != PRINT_QUEUE, each.title, each.format)), changed

    def _stands(self, output: Output, changed: float) -> tuple[os.stat_result | None, bool]:
        file = self.dist / output.path
        there = file.stat() if file.is_file() else None
        return there, bool(there and there.st_mtime < changed)

    def _piece(self, campaign: Campaign, ui_language: Language, chosen: Chosen, found: Found, changed: float) -> Piece:
        output, page, held, file = found.output, found.page, found.held, self.dist / found.output.path
        there, is_old = self._stands(output, changed)
        strings, format = ui_language.strings, campaign.formats.get(output.format)
        return Piece(
            **vars(found),
            printed=page.title if page and page.title != found.title else "",
            made=datetime.fromtimestamp(there.st_mtime) if there else None,
            is_old=is_old,
            size=there.st_size if there else 0,
            draft=draft_of(campaign, held or [output]),
            paper=paper_of(format, output, file if there else None, chosen.copies, chosen.sides),
            code=piece_code(page) if page else "",
            holds=(", ".join(dict.fromkeys(strings[f"pieces-{each.kind}"] for each in held)), len(held)),
            all_of_it=address(page) if page else "",
            differing=differing(campaign, ui_language, held or [output], file) if is_old else (),
        )

    @post("/print/make")
    def make(self) -> Response:
        campaign = self.campaign
        chosen, words = Chosen.of(campaign, self.form), self.words
        formats = [name for name, each in campaign.formats.items() if each.kind == chosen.what]
        arguments = ["prints", "--place", chosen.place, "--language", chosen.language, "--flavour", chosen.printer]
        arguments += options("--format", formats)
        known = campaign.places.get(chosen.place)
        called = known.name(words.code, campaign.source_language.code) if known else words["whole-country"]
        title = words.say("did-make", name=f"{called}, {campaign.languages[chosen.language].name}")
        asked, key = time.time(), (chosen.place, chosen.language, chosen.printer, chosen.what)
        return self.start(title, arguments, then=chosen.address, ended=lambda _: self.memory.__setitem__(key, asked))

    @post("/print/pack")
    def pack(self) -> Response:
        campaign = self.campaign
        arguments = ["packs"]
        for option, known in (
            ("audience", campaign.packs),
            ("place", campaign.places),
            ("language", campaign.languages),
        ):
            arguments += [f"--{option}", typed] if (typed := self.typed(option)) in known else []
        return self.start(self.words["did-pack"], arguments, then="/print#packs")

    @post("/print/folder")
    def folder(self) -> Response:
        show_in_folder(self.desk.below_dist(self.typed("file")))
        back = self.typed("back")
        return self.go(back if back.startswith("/print") else "/print")

    @get("/dist/{path:path}", reads=False)
    def file(self) -> Response:
        path = self.desk.below_dist(self.path["path"])
        if told := with_print_settings(path, self.request.query_params):
            return Response(told, media_type=INLINE_TYPES[".pdf"])
        kind = INLINE_TYPES.get(path.suffix.lower())
        # Browsers prefer this name to that of the link.
        name, how = saved_as(self.path["path"]), "inline" if kind else "attachment"
        kind = kind or "application/octet-stream"
        return FileResponse(path, media_type=kind, filename=name, content_disposition_type=how)

    @post("/print/handed-out")
    def handed_out(self) -> Response:
        campaign, words = self.campaign, self.words
        cells = {key: self.typed(key) for key in ("day", "place", "piece", "language", "group", "number")}
        before = self.files.read(LOG)
        data = with_row(before, campaign.source_language, cells | {"version": campaign.version})
        back = self.typed("back") if self.typed("back").startswith("/print?") else "/print"
        if wrong := row_problems(campaign, before, data):
            raise Refused(words["log-refused"], problems=wrong, back=back)
        name = titles(campaign, self.ui_language).get(cells["piece"], cells["piece"])
        draft, paper, old = self._stands_of(campaign, self.ui_language, cells)
        is_draft = bool(draft.reasons or draft.gaps or (paper and paper.is_draft) or not all(e.is_sure for e in old))
        if (is_draft or old) and self.typed("draft") != "yes":
            shown: dict[str, Any] = {
                "cells": cells,
                "draft": draft,
                "is_draft": is_draft,
                "old": old,
                "name": name,
                "back": back,
            }
            return self.page("hand-out-draft.html", **shown, is_paper_draft=bool(paper and paper.is_draft))
        if is_draft or old:
            version = f"{campaign.version}{OLD if old else ''}{DRAFT if is_draft else ''}"
            data = with_row(before, campaign.source_language, cells | {"version": version})
        title = words.say("did-hand-out", count=cells["number"], name=name)
        saved = self.write(title, {LOG: Change(version_of(before), data)})
        return self.go(back, saved, "log")

    def _stands_of(
        self, campaign: Campaign, ui_language: Language, cells: dict[str, str]
    ) -> tuple[Draft, OnPaper | None, list[Differing]]:
        page = campaign.pages.get((cells["language"], f"{cells['piece']}.md"))
        if page is None:
            return Draft(), None, []
        made = [each for each in outputs_of(campaign, page, cells["place"]) if each.is_piece]
        files = [(each, self.dist / each.path) for each in made if each.ending == "pdf"]
        found = (differing(campaign, ui_language, [each], file) for each, file in files if file.is_file())
        paper = on_paper((file for _, file in files), campaign.languages[page.language])
        draft = draft_of(campaign, {each.format: each for each in made}.values(), paper)
        return draft, paper, [*dict.fromkeys(each for some in found for each in some)]

    @get("/print/ticket/{path:path}")
    def ticket(self) -> Response:
        from campaign.pipeline.job_tickets import ticket_of  # loads libraries for PDF

        path = self.path["path"]
        file, campaign = self.desk.below_dist(path), self.campaign
        made = next((each for each in catalogue(campaign) if each.path == path and each.flavour == PRINT_SHOP), None)
        if made is None or made.part or (made.language or "") not in campaign.languages:
            raise NotOurs(path)
        page = ticket_of(campaign, made, file, parse_copies(self.request.query_params))
        return HTMLResponse(page, headers=SANDBOX_CSP)


def _elsewhere(campaign: Campaign, chosen: Chosen) -> tuple[str, str]:
    rows = [each for each in campaign.formats.values() if each.kind == chosen.what]
    flavours = [flavour for flavour in FLAVOURS if any(flavour in row.flavours for row in rows)]
    is_here = chosen.place == NATIONAL or any(row.has_places for row in rows)
    if not rows or (chosen.printer in flavours and is_here):
        return "", ""
    flavour = chosen.printer if chosen.printer in flavours else flavours[0]
    return replace(chosen, place=NATIONAL, printer=flavour).address, flavour
