"""Print and hand out: a place, a language, a printer; what is made for them, packs, and what was handed out."""

from __future__ import annotations

import csv
import io
import re
import tempfile
import time
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from urllib.parse import urlencode

import click
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from campaign.content import clock
from campaign.desk.built import built_at
from campaign.desk.desk import Desk, one
from campaign.desk.files import HANDED_OUT, Change, NotOurs, version_of
from campaign.desk.print_absent import absent_releases
from campaign.desk.print_drafts import Draft, draft_of
from campaign.desk.words import Words
from campaign.exchange.counting_forms import FORMS, word
from campaign.exchange.tally import piece_code, tally
from campaign.models.campaign import NATIONAL, Campaign, Language
from campaign.models.formats import FORMATS, KINDS
from campaign.models.outputs import FLAVOURS, Output
from campaign.models.page import RELEASE
from campaign.models.problem import CampaignError
from campaign.plan.finder import audience_name
from campaign.plan.outputs import catalogue
from campaign.plan.packs import pack_name
from campaign.plan.print_queues import PRINT_QUEUE, SIMPLEX, is_queued, parts_of

# What a browser shows by itself; anything else is saved.
SHOWN = {".pdf": "application/pdf", ".png": "image/png", ".jpg": "image/jpeg", ".txt": "text/plain; charset=utf-8"}
ALL, LOG = "all", f"{HANDED_OUT}/hand-out.csv"


@dataclass(frozen=True)
class Piece:
    """A file that can be printed.

    Attributes:
        path: below dist/.
        format: in words.
        made: when it was made; None where it is not yet.
        is_old: whether the campaign changed since.
        size: in bytes.
        draft: why it may not be handed out.
        holds: of what is printed in one go: what is in it, in words, and how many pieces.
        sheets: of paper that it takes; 0 where it is not made.
    """

    path: str
    title: str
    format: str
    kind: str
    made: datetime | None
    is_old: bool
    size: int
    draft: Draft
    holds: tuple[str, int] = ("", 0)
    sheets: int = 0


def routes(desk: Desk) -> list[Route]:
    """The pages of this panel."""
    desk.menu.append(("/print", "print"))
    panel = _Printing(desk)
    return [
        desk.get("/print", panel.show),
        desk.post("/print/make", panel.make),
        desk.post("/print/pack", panel.pack),
        desk.post("/print/folder", panel.folder),
        desk.post("/print/handed-out", panel.handed_out),
        desk.get("/dist/{path:path}", panel.file, reads=False),
    ]


class _Printing:
    def __init__(self, desk: Desk) -> None:
        self.desk, self.workspace = desk, desk.workspace
        # Files that stay as they are keep their time: as of when those of a choice are, by what was chosen.
        self.made: dict[tuple[str, str, str, str], float] = {}

    @property
    def dist(self) -> Path:
        return self.workspace.root / "dist"

    def show(self, request: Request) -> Response:
        return self._show(request)

    def _show(self, request: Request, status: int = 200, message: str = "", problems: tuple[str, ...] = ()) -> Response:
        campaign, asked = self.workspace.campaign, request.query_params
        place = _known(asked.get("place", ""), (NATIONAL, *campaign.places))
        language = _known(asked.get("language", ""), tuple(campaign.languages))
        printer = _known(asked.get("printer", ""), FLAVOURS)
        what = _known(asked.get("what", ""), (ALL, *KINDS))
        source = campaign.source_language
        spoken, words = self.desk.spoken(request), self.desk.words(request)
        pieces = list(self._pieces(campaign, place, language, printer, what)) if "place" in asked else []
        return self.desk.page(
            request,
            "print.html",
            status,
            campaign=campaign,
            places=[
                (NATIONAL, ""),
                *((code, each.name(spoken.code, source.code)) for code, each in campaign.places.items()),
            ],
            printers=[(flavour, words[f"printer-{flavour}"]) for flavour in FLAVOURS],
            kinds=[(kind, spoken.strings.get(f"pieces-{kind}", words["new-release"])) for kind in KINDS],
            chosen={"place": place, "language": language, "printer": printer, "what": what},
            is_chosen="place" in asked,
            in_one_go="/print?" + urlencode({"place": place, "language": language, "printer": printer, "what": ALL}),
            is_queued=what != ALL and any(each.kind == PRINT_QUEUE for each in pieces),
            queues=[each for each in pieces if each.kind == PRINT_QUEUE and what == ALL],
            pieces=[each for each in pieces if each.kind != PRINT_QUEUE],
            absent=list(absent_releases(campaign, language)) if "place" in asked and what in (ALL, RELEASE) else [],
            elsewhere=_elsewhere(place, language, printer, what),
            unmade=sum(each.made is None or each.is_old for each in pieces if what in (ALL, each.kind)),
            packs=[(name, pack_name(pack, spoken.strings)) for name, pack in campaign.packs.items()],
            packed=self._packed(),
            groups=[(name, audience_name(spoken, name)) for name in campaign.audiences],
            message=message,
            problems=problems,
            names=sorted(_titles(campaign).items(), key=lambda each: each[1]),
            today=clock.now().date().isoformat(),
            heads=[word(spoken, column.key) for column in FORMS["hand-out"]],
            rows=self._rows(campaign, spoken)[-10:],
        )

    def _pieces(self, campaign: Campaign, place: str, language: str, printer: str, what: str) -> list[Piece]:
        wanted = None if place == NATIONAL else place
        changed = self.workspace.changed_at
        whole = max(self.made.get((place, language, printer, each), 0.0) for each in (what, ALL))
        # All of it as the campaign is now, though some of its files are from before.
        changed = 0.0 if max(whole, built_at(self.workspace.root)) >= changed else changed
        found = []
        # Where there are hundreds, planning the others takes ten seconds.
        near = () if wanted is None else (wanted, *(region.code for region in campaign.regions_of(wanted)))
        here = replace(campaign, places={code: campaign.places[code] for code in near})
        pages = (page for (code, _), page in campaign.pages.items() if code == language)
        titles = {(page.stem, format): page.title for page in pages for format in page.formats}
        outputs = list(catalogue(here))
        for output in outputs:
            if (output.place, output.language, output.flavour) != (wanted, language, printer) or not output.path:
                continue
            if output.kind not in (*KINDS, PRINT_QUEUE) or output.ending != "pdf":
                continue
            held = [each for each in outputs if is_queued(each, output)] if output.kind == PRINT_QUEUE else []
            if what == ALL or what in (each.kind for each in (output, *held)):
                found.append(self._piece(campaign, output, titles, changed, held))
        return sorted(found, key=lambda each: (each.kind != PRINT_QUEUE, each.title, each.format))

    def _piece(
        self,
        campaign: Campaign,
        output: Output,
        titles: Mapping[tuple[str, str], str],
        changed: float,
        held: list[Output],
    ) -> Piece:
        file = self.dist / output.path
        there = file.stat() if file.is_file() else None
        language = campaign.languages[output.language or campaign.source_language.code]
        if output.kind == PRINT_QUEUE:
            paper, turn = parts_of(output)
            title, format = paper, language.strings[f"flip-{turn}"]
        else:
            format = language.strings.get(f"format-{output.format}", output.format)
            title = titles.get((output.name, output.format)) or language.strings.get(
                f"format-{output.format}", output.name
            )
        return Piece(
            output.path,
            title,
            format,
            output.kind,
            datetime.fromtimestamp(there.st_mtime) if there else None,
            bool(there and there.st_mtime < changed),
            there.st_size if there else 0,
            draft_of(campaign, held or [output]),
            (", ".join(dict.fromkeys(language.strings[f"pieces-{each.kind}"] for each in held)), len(held)),
            _sheets(file, output) if held and there else 0,
        )

    def _packed(self) -> list[tuple[str, int]]:
        """Zips of packs, as (path below dist/, bytes)."""
        found = sorted((self.dist / "packs").rglob("*.zip"))
        return [(path.relative_to(self.dist).as_posix(), path.stat().st_size) for path in found]

    def make(self, request: Request, form: FormData) -> Response:
        campaign = self.workspace.campaign
        place = _known(one(form, "place"), (NATIONAL, *campaign.places))
        language = _known(one(form, "language"), tuple(campaign.languages))
        printer, what = _known(one(form, "printer"), FLAVOURS), _known(one(form, "what"), (ALL, *KINDS))
        formats = [name for name, each in FORMATS.items() if each.kind == what]
        arguments = ["prints", "--place", place, "--language", language, "--flavour", printer]
        arguments += [part for name in formats for part in ("--format", name)]
        then = "/print?" + urlencode({"place": place, "language": language, "printer": printer, "what": what})
        words = self.desk.words(request)
        known = campaign.places.get(place)
        called = known.name(words.code, campaign.source_language.code) if known else words["whole-country"]
        title = words.say("did-make", name=f"{called}, {campaign.languages[language].name}")
        asked, chosen = time.time(), (place, language, printer, what)
        job = self.desk.jobs.start(title, arguments, then=then, ended=lambda _: self.made.__setitem__(chosen, asked))
        return self.desk.go(f"/jobs/{job.number}")

    def pack(self, request: Request, form: FormData) -> Response:
        campaign = self.workspace.campaign
        arguments = ["packs"]
        if (audience := one(form, "audience")) in campaign.packs:
            arguments += ["--audience", audience]
        if (place := one(form, "place")) in campaign.places:
            arguments += ["--place", place]
        if (language := one(form, "language")) in campaign.languages:
            arguments += ["--language", language]
        job = self.desk.jobs.start(self.desk.words(request)["did-pack"], arguments, then="/print#packs")
        return self.desk.go(f"/jobs/{job.number}")

    def folder(self, request: Request, form: FormData) -> Response:  # noqa: ARG002
        """Shows a file where it lies, in the system's own window."""
        click.launch(str(self._below_dist(one(form, "file"))), locate=True)
        back = one(form, "back")
        return self.desk.go(back if back.startswith("/print") else "/print")

    def file(self, request: Request) -> Response:
        path = self._below_dist(request.path_params["path"])
        kind = SHOWN.get(path.suffix.lower())
        how = "inline" if kind else "attachment"
        return FileResponse(
            path, media_type=kind or "application/octet-stream", filename=path.name, content_disposition_type=how
        )

    def _below_dist(self, name: str) -> Path:
        """A file that was made.

        Raises:
            NotOurs: there is none of that name below dist/.
        """
        parts = name.split("/")
        path = self.dist.joinpath(*parts)
        if any(part in ("", ".", "..") or set(part) & set("\\:\0") for part in parts) or not path.is_file():
            raise NotOurs(name)
        if not path.resolve().is_relative_to(self.dist.resolve()):
            raise NotOurs(name)
        return path

    # What was handed out

    def handed_out(self, request: Request, form: FormData) -> Response:
        """One row of the log, in the form that `campaign tally` and `campaign correct --log` read."""
        campaign = self.workspace.campaign
        language = campaign.source_language
        cells = {key: one(form, key) for key in ("day", "place", "piece", "language", "group", "number")}
        cells["version"] = campaign.version
        before = self.workspace.files.read(LOG)
        data = _with_row(before, language, cells)
        words = self.desk.words(request)
        wrong = _wrong(campaign, data, words)
        if wrong:
            return self._show(request, 422, words["log-refused"], wrong)
        name = _titles(campaign).get(cells["piece"], cells["piece"])
        title = words.say("did-hand-out", count=cells["number"], name=name)
        saved = self.workspace.files.save(title, self.desk.you, {LOG: Change(version_of(before), data)})
        return self.desk.go("/print", saved, "log")

    def _rows(self, campaign: Campaign, spoken: Language) -> list[list[str]]:
        """What was handed out, in words in the place of codes."""
        data, source = self.workspace.files.read(LOG), campaign.source_language.code
        rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig", errors="replace"))))[1:] if data else []
        called = {
            "place": {code: each.name(spoken.code, source) for code, each in campaign.places.items()},
            "piece": _titles(campaign),
            "language": {code: each.name for code, each in campaign.languages.items()},
            "group": {code: audience_name(spoken, code) for code in campaign.audiences},
        }
        keys = [column.key for column in FORMS["hand-out"]]
        return [[called.get(key, {}).get(cell, cell) for key, cell in zip(keys, row, strict=False)] for row in rows]


def _titles(campaign: Campaign) -> dict[str, str]:
    """What each piece is called, by the name that a log has."""
    pages = (page for page in campaign.pages.values() if page.language == campaign.source_language.code)
    return {piece_code(page): page.title for page in pages if page.formats}


def _sheets(file: Path, queue: Output) -> int:
    """How much paper a printer needs for what is printed in one go; each piece begins on a sheet of its own."""
    import pypdfium2  # it takes a moment to load

    try:
        document = pypdfium2.PdfDocument(file)
    except pypdfium2.PdfiumError:  # somebody has spoilt it
        return 0
    with closing(document):
        return len(document) if parts_of(queue)[1] == SIMPLEX else (len(document) + 1) // 2


def _elsewhere(place: str, language: str, printer: str, what: str) -> tuple[str, str]:
    """(where what is not made for this place or printer is shown, its printer); ('', '') where it is made here."""
    rows = [each for each in FORMATS.values() if each.kind == what]
    flavours = [flavour for flavour in FLAVOURS if any(flavour in each.flavours for each in rows)]
    if not rows or (printer in flavours and (place == NATIONAL or any(each.has_places for each in rows))):
        return "", ""
    flavour = printer if printer in flavours else flavours[0]
    asked = {"place": NATIONAL, "language": language, "printer": flavour, "what": what}
    return f"/print?{urlencode(asked)}", flavour


def _known(typed: str, known: tuple[str, ...]) -> str:
    return typed if typed in known else known[0]


def _with_row(before: bytes | None, language: Language, cells: dict[str, str]) -> bytes:
    columns = [column.key for column in FORMS["hand-out"]]
    text = io.StringIO()
    table = csv.writer(text)
    if not before:
        table.writerow([word(language, key) for key in columns])
    # What a spreadsheet would take for a formula is no cell of a form.
    table.writerow([re.sub(r"^[=+@\-\t]+", "", cells[key]) for key in columns])
    return (before or "".encode("utf-8-sig")) + text.getvalue().encode()


def _wrong(campaign: Campaign, data: bytes, words: Words) -> tuple[str, ...]:
    """What `campaign tally` would say of a log."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "hand-out.csv").write_bytes(data)
        try:
            tally(campaign, Path(folder), clock.now().date())
        except CampaignError as error:
            return tuple(map(words.told, error.problems))
    return ()
