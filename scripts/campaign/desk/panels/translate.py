"""Translate: sentence by sentence, old, new and mine; what is not whole waits, and a page is accepted with a name."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlencode

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from campaign.checks.unfinished import check_sentence
from campaign.content import clock
from campaign.content.drafts import OPEN, STAMPED
from campaign.content.new_language import start_language
from campaign.content.releases import embargo_of, with_withheld
from campaign.content.review import accept_file
from campaign.content.settings import CODE
from campaign.content.translated_numbers import check_sentence_numbers
from campaign.content.translating import (
    Row,
    TextFile,
    origin_of,
    paths_of,
    progress_of,
    read_file,
    save_translations,
    written_so_far,
)
from campaign.content.units import Unit, one_line
from campaign.desk.came_back import Guessed, guess, guessed_file, keep_waiting, settle, waiting
from campaign.desk.desk import Desk, one
from campaign.desk.files import SETTINGS
from campaign.desk.lists import matches, part_of
from campaign.desk.measured import UNMEASURED, Fit
from campaign.desk.named import page_name, until_when
from campaign.exchange.translation_file import Taken, sent_hash
from campaign.models.campaign import Campaign, Language
from campaign.models.nodes import sections
from campaign.models.page import Page, Translation
from campaign.models.problem import CampaignError
from campaign.schema.interface_words import STRINGS
from campaign.schema.yaml_edit import CannotEdit
from campaign.serve.preview_process import NoPreview

SHORT = 60
WORD = re.compile(r"\w+|\s+|[^\w\s]")
KINDS = {"docx": "docx", "xliff": "xlf", "po": "po", "csv": "csv"}
MEDIA = "application/octet-stream"
# What is wrong with a language that somebody begins, in the desk's words.
WRONG = {"value-unknown": "language-no-code", "name-taken": "language-there"}
# What is to do with a file, as far as it is told without looking at its sentences.
STATES = ("open", "unreviewed", "reviewed")
# Files of which sentences are counted at a time: each has to be read.
COUNTED = 40
# What is told of a page to whoever is about to say the contrary.
ANSWERED = ("translation-unreviewed", "translation-unstamped", "translation-outdated")


@dataclass(frozen=True)
class Listed:
    """A file of a language, and how far it is.

    own: its title in that language; state: missing, open, unreviewed, reviewed, broken.
    """

    path: str
    title: str
    own: str
    open: int
    count: int
    state: str


def routes(desk: Desk) -> list[Route]:
    """The pages of this panel."""
    desk.menu.append(("/translate", "translate"))
    panel = _Translate(desk)
    return [
        desk.get("/translate", panel.overview),
        desk.post("/translate/pseudo", panel.pseudo),
        desk.post("/translate/begin", panel.begin),
        desk.get("/translate/{language}", panel.language),
        desk.get("/translate/{language}/send", panel.send, reads=False),
        desk.post("/translate/{language}/take", panel.take),
        desk.post("/translate/{language}/settle", panel.settle),
        desk.post("/translate/{language}/lines/{file:path}", panel.lines),
        desk.post("/translate/{language}/accept/{file:path}", panel.accept),
        desk.get("/translate/{language}/{file:path}", panel.file),
        desk.post("/translate/{language}/{file:path}", panel.save),
    ]


class _Translate:
    def __init__(self, desk: Desk) -> None:
        self.desk, self.workspace = desk, desk.workspace
        # What was measured last: of which file, its text, the campaign's version.
        self._fit: tuple[str, str, int, Fit] = ("", "", 0, UNMEASURED)

    @property
    def campaign(self) -> Campaign:
        """With releases under embargo, which have to be translated before it ends; nothing is made of it."""
        return _whole(self.workspace.campaign)

    def overview(self, request: Request) -> Response:
        return self._overview(request)

    def _overview(self, request: Request, wrong: str = "", typed: tuple[str, str] = ("", "")) -> Response:
        campaign = self.campaign
        found = [(language, progress_of(campaign, code)) for code, language in _others(campaign).items()]
        return self.desk.page(
            request, "translate.html", 422 if wrong else 200, languages=found, wrong=wrong, typed=typed
        )

    def begin(self, request: Request, form: FormData) -> Response:
        """A language that the campaign does not have yet."""
        words = self.desk.words(request)
        code, name = one(form, "code"), " ".join(one(form, "name").split())
        if not name:
            return self._overview(request, words["language-unnamed"], (code, name))
        # What is no code names no file; it is refused before anything is written.
        names = [SETTINGS, *([f"docs/{code}/{STRINGS}"] if CODE.fullmatch(code) else [])]
        root = self.workspace.root
        try:
            _, saved = self.workspace.files.record(
                words.say("did-begin-language", name=name),
                self.desk.you,
                names,
                lambda: start_language(root, code, name),
            )
        except CampaignError as error:
            said = WRONG.get(error.problems[0].id)
            if said is None:
                raise
            return self._overview(request, words.say(said, name=code), (code, name))
        return self.desk.go(f"/translate/{code}", saved)

    def pseudo(self, request: Request, form: FormData) -> Response:  # noqa: ARG002
        """What would not fit in a language that needs more room."""
        job = self.desk.jobs.start(self.desk.words(request)["did-pseudo"], ["translate", "pseudo"])
        return self.desk.go(f"/jobs/{job.number}")

    def language(self, request: Request) -> Response:
        return self._files(request)

    def _files(
        self,
        request: Request,
        taken: Taken | None = None,
        saved: int = 0,
        wrong: str = "",
        guessed: Guessed | None = None,
        by: str = "",
    ) -> Response:
        """The files of a language, those to do first. Their sentences are counted of those that are shown."""
        campaign, language = self._language(request)
        asked, state = (request.query_params.get(key, "") for key in ("words", "state"))
        rows = [(path, *_briefly(campaign, language.code, path)) for path in paths_of(campaign, language.code)]
        found = [(path, now) for path, titles, now in rows if matches(asked, path, *titles)]
        counts = {each: sum(now == each for _, now in found) for each in STATES}
        wanted = [row for row in found if row[1] == state] if state in STATES else found
        part = part_of(sorted(wanted, key=lambda row: (STATES.index(row[1]), row[0] != STRINGS)), request, COUNTED)
        return self.desk.page(
            request,
            "translate-language.html",
            422 if wrong else 200,
            wrong=wrong,
            language=language,
            files=[_listed(campaign, language.code, path) for path, _ in part.rows],
            part=part,
            words=asked,
            state=state if state in STATES else "",
            counts=counts,
            kinds=KINDS,
            taken=taken,
            saved=saved,
            guessed=guessed,
            by=by,
            waiting=waiting(campaign, language.code),
            source=campaign.source_language,
        )

    def file(self, request: Request) -> Response:
        campaign, language = self._language(request)
        key, path = request.query_params.get("key", ""), request.path_params["file"]
        # Of a sentence that was just saved, and may not be listed any more.
        rows = (row for row in read_file(campaign, language.code, path).rows if row.unit.key == key) if key else ()
        told = (each for row in rows for each in self._numbers(request, language, path, row.unit, row.text))
        return self._file(request, message=" ".join(told))

    def _numbers(self, request: Request, language: Language, path: str, unit: Unit, text: str) -> list[str]:
        """What is amiss with the numbers of a sentence, in words."""
        where = f"docs/{language.code}/{path}"
        found = check_sentence(self.workspace.campaign, language.code, text, where)
        return list(map(self.desk.words(request).told, [*found, *check_sentence_numbers(unit, text, where)]))

    def _misfits(self, request: Request, file: TextFile, page: Page | None) -> list[str]:
        """What of a whole file does not fit on what is printed of it, and by how much, in words."""
        data = self.workspace.files.read(file.name) if page and page.formats and not file.open_rows else None
        if data is None:
            return []
        text, version = data.decode("utf-8-sig", errors="replace").replace("\r\n", "\n"), self.workspace.version
        if self._fit[:3] != (file.name, text, version):
            _, language, path = file.name.split("/", 2)
            fit = self.workspace.measured.measure(version, language, path, text)
            # What could not be told in time is asked again, and stands on Today once it is known.
            self._fit = (file.name, text if fit.is_whole else "", version, fit)
        return list(map(self.desk.words(request).told, self._fit[3].problems))

    def _to_think_over(self, request: Request, language: Language, file: TextFile) -> dict[str, str]:
        """What is noted of a file that somebody is about to accept -> the sentence that it is about; ''."""
        words, page = self.desk.words(request), self.campaign.pages.get((self.campaign.source_language.code, file.path))
        found = dict.fromkeys(self._misfits(request, file, page), "")
        for row in file.rows:
            found |= {
                f"{_short(row.unit.text)} {said}": row.unit.key
                for said in self._numbers(request, language, file.path, row.unit, row.text)
            }
        for problem in self.workspace.problems[0]:
            is_told = problem.id in ANSWERED or (found and "number" in problem.id)
            if problem.where.partition(":")[0] == file.name and not is_told:
                found[words.told(problem)] = ""
        return found

    def _file(
        self, request: Request, status: int = 200, message: str = "", is_sure: bool = False, by: str = ""
    ) -> Response:
        campaign, language = self._language(request)
        file = read_file(campaign, language.code, request.path_params["file"])
        is_all = "all" in request.query_params
        rows = [row for row in file.rows if is_all or row.state != "done" or row.draft]
        page = campaign.pages.get((campaign.source_language.code, file.path))
        if page and page.formats:
            self.workspace.print_previews.warm(self.workspace.version)
        made = origin_of(campaign, language.code, file.path)
        until = embargo_of(page) if page else None
        is_held = until is not None and until > clock.now()
        is_acceptable = bool(file.is_there and not file.open_rows and made and not made.is_reviewed)
        notes = self._to_think_over(request, language, file) if is_acceptable else {}
        return self.desk.page(
            request,
            "translate-file.html",
            status,
            notes=notes,
            sure=_sign(notes) if is_sure else "",
            by=by,
            language=language,
            source=campaign.source_language,
            held=until_when(self.desk.words(request), until) if until and is_held else "",
            file=file,
            title=page.title if page else file.path,
            made=made,
            rows=[self._shown(request, campaign, language, row) for row in rows],
            is_all=is_all,
            message=message,
            misfits=self._misfits(request, file, page),
            has_panels=bool(page and page.formats),
        )

    def lines(self, request: Request, form: FormData) -> Response:
        """How full the panel of each sentence is, with what is typed: key -> words to say, whether it is too full."""
        campaign, language = self._language(request)
        file = read_file(campaign, language.code, request.path_params["file"])
        page = campaign.pages.get((campaign.source_language.code, file.path))
        if page is None:
            raise LookupError(file.path)
        typed = {key: one_line(str(text)) for key, text in form.items() if str(text).strip()}
        text = written_so_far(campaign, file, typed)
        try:
            previews, version = self.workspace.print_previews, self.workspace.version
            full, too_long = previews.ask(version, "lines", language.code, file.path, text)
        except NoPreview:
            full, too_long = {}, {}
        own, said = self.desk.words(request), {}
        say = own.say
        for key, panel in _panels_of(page, file.rows):
            if panel in full:
                takes, holds = full[panel]
                name = own.get(f"slot-{panel}") or panel
                words, shapes = str(say("panel-lines", id=name, count=takes, whole=holds)), too_long.get(panel)
                if shapes:
                    where = (f"{own.get(f'sent-{shape}', shape)} ({count})" for shape, count in shapes.items())
                    words += f"; {say('panel-shapes', where='; '.join(where))}"
                said[key] = {"said": words, "over": takes > holds or bool(shapes)}
        return JSONResponse(said)

    def _shown(
        self,
        request: Request,
        campaign: Campaign,
        language: Language,
        row: Row,
        problem: str = "",
        theirs: str = "",
        typed: str = "",
    ) -> dict[str, object]:
        source = campaign.source_language.code
        return {
            "row": row,
            "sent": sent_hash(row.text),
            "marks": list(_marks(row.then, row.unit.text)),
            "terms": list(_terms(campaign, source, language.code, row.unit.text)),
            "problem": problem,
            "theirs": theirs,
            "typed": typed,
            "numbers": self._numbers(request, language, request.path_params["file"], row.unit, typed or row.text),
        }

    def save(self, request: Request, form: FormData) -> Response:
        """One sentence."""
        campaign, language = self._language(request)
        path, key, text = request.path_params["file"], one(form, "key"), one(form, "text")
        words = self.desk.words(request)
        before = read_file(campaign, language.code, path)
        row = next((each for each in before.rows if each.unit.key == key), None)
        if row is None:
            raise LookupError(key)
        problem, theirs, saved = "", "", 0
        if not self.desk.you:
            problem = words["your-name-first"]
        elif one(form, "sent") != sent_hash(row.text) and one_line(text) != row.text:  # a second press says the same
            problem, theirs = words["sentence-elsewhere"], row.text
        else:
            title = words.say("did-translated", name=page_name(campaign, language.code, path))
            (file, refused), saved = self.workspace.files.record(
                title,
                self.desk.you,
                self._names(language.code, path),
                lambda: save_translations(campaign, language.code, path, {key: text}, self.desk.you),
            )
            problem = words.say("sentence-refused", why=words.refused(refused[key])) if key in refused else ""
            row = next((each for each in file.rows if each.unit.key == key), row)
        here = f"/translate/{language.code}/{path}?{urlencode({'key': key})}"
        if "hx-request" not in request.headers:
            return self._file(request, 422, problem) if problem else self.desk.go(here, saved)
        if before.open_rows and not problem and not file.open_rows:
            # All of it changed by that: what each sentence said of itself holds no longer, and it can be accepted.
            return Response(headers={"HX-Redirect": self.desk.go(here, saved).headers["location"]})
        shown = self._shown(request, campaign, language, row, problem, theirs, text if problem else "")
        file = read_file(self.campaign, language.code, path)
        return self.desk.page(
            request,
            "translate-row.html",
            each=shown,
            language=language,
            file=file,
            is_answer=True,
            is_saved=not problem,
            misfits=self._misfits(request, file, campaign.pages.get((campaign.source_language.code, path))),
            source=campaign.source_language,
        )

    def accept(self, request: Request, form: FormData) -> Response:
        """Somebody has read the file against its source, and says so with a name."""
        campaign, language = self._language(request)
        path, by = request.path_params["file"], one(form, "by")
        if not by:
            return self._file(request, 422, self.desk.words(request)["accept-name"])
        made = origin_of(campaign, language.code, path)
        if made and made.is_by(by):
            return self._file(request, 422, self.desk.words(request).say("accept-other", by=by))
        notes = self._to_think_over(request, language, read_file(campaign, language.code, path))
        if notes and one(form, "sure") != _sign(notes):
            return self._file(request, 422, self.desk.words(request)["accept-think"], is_sure=True, by=by)
        name = f"docs/{language.code}/{path}"
        target = self.workspace.files.path(name)
        title = self.desk.words(request).say("did-accepted", name=page_name(campaign, language.code, path))
        today = clock.now().date()
        root = self.workspace.root
        _, saved = self.workspace.files.record(title, by, [name], lambda: accept_file(root, target, by, today))
        return self.desk.go(f"/translate/{language.code}/{path}", saved)

    def send(self, request: Request) -> Response:
        """A file for a translator who works elsewhere."""
        campaign, language = self._language(request)
        kind = request.query_params.get("to", "docx")
        if kind not in KINDS:
            raise LookupError(kind)
        from campaign.exchange.sending import as_bytes  # it loads what reads documents: 8 MB

        is_core = "core" in request.query_params
        data = as_bytes(campaign, language.code, kind, is_core, "back" in request.query_params)
        name = f"translate-{language.code}{'-core' if is_core else ''}.{KINDS[kind]}"
        fields = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(data, media_type=MEDIA, headers=fields)

    def take(self, request: Request, form: FormData) -> Response:
        """A file that came back."""
        _, language = self._language(request)
        sent, words = form.get("file"), self.desk.words(request)
        # Of a table whose letters were guessed, and which somebody has looked at.
        guessed, name = guessed_file(self.workspace.root, language.code), one(form, "guessed")
        is_sent = isinstance(sent, UploadFile) and bool(sent.filename)
        if not is_sent and not (name and guessed.is_file()):
            return self.desk.go(f"/translate/{language.code}")
        by = one(form, "by") or self.desk.you
        if not by:
            return self._files(request, wrong=words["your-name-first"])
        try:
            if not isinstance(sent, UploadFile) or not sent.filename:
                taken = self._take(request, guessed, name, by)
                guessed.unlink(missing_ok=True)
                return taken
            with self.workspace.received(sent.filename, sent.file) as file:
                found = guess(file, sent.filename, guessed)
                return (
                    self._files(request, guessed=found, by=by)
                    if found
                    else self._take(request, file, sent.filename, by)
                )
        except CampaignError as error:
            return self._files(request, wrong=" ".join(map(words.told, error.problems)))

    def _take(self, request: Request, file: Path, name: str, by: str) -> Response:
        from campaign.exchange.sending import take_file

        campaign, language = self._language(request)
        names = [each for path in paths_of(campaign, language.code) for each in self._names(language.code, path)]
        taken, saved = self.workspace.files.record(
            self.desk.words(request).say("did-taken", name=name),
            by,
            names,
            lambda: take_file(campaign, file, language.code, by),
        )
        keep_waiting(self.workspace.root, language.code, taken.conflicts, by)
        return self._files(request, taken, saved)

    def settle(self, request: Request, form: FormData) -> Response:
        """Which of two translations of a sentence holds: what stands there, or what came."""
        campaign, language = self._language(request)
        path, key, words = one(form, "path"), one(form, "key"), self.desk.words(request)
        each = next((row for row in waiting(campaign, language.code) if (row.path, row.key) == (path, key)), None)
        saved = 0
        if each and one(form, "way") == "theirs":
            if each.stands != one(form, "stands"):  # somebody has typed in it since this was shown
                return self._files(request, wrong=words["sentence-elsewhere"])
            (_, refused), saved = self.workspace.files.record(
                words.say("did-translated", name=page_name(campaign, language.code, path)),
                each.by,
                self._names(language.code, path),
                lambda: save_translations(campaign, language.code, path, {key: each.came}, each.by),
            )
            if key in refused:
                return self._files(request, wrong=words.say("sentence-refused", why=words.refused(refused[key])))
        settle(self.workspace.root, language.code, path, key)
        return (
            self.desk.go(f"/translate/{language.code}", saved) if saved else self.desk.go(f"/translate/{language.code}")
        )

    def _language(self, request: Request) -> tuple[Campaign, Language]:
        campaign = self.campaign
        return campaign, _others(campaign)[request.path_params["language"]]

    @staticmethod
    def _names(language: str, path: str) -> list[str]:
        """What changes where a sentence is saved."""
        return [f"docs/{language}/{path}", f"{OPEN}/{language}/{path}.json", f"{STAMPED}/{path}.json"]


def _others(campaign: Campaign) -> dict[str, Language]:
    source = campaign.source_language.code
    return {code: language for code, language in campaign.languages.items() if code != source}


@lru_cache(maxsize=1)
def _whole(campaign: Campaign) -> Campaign:
    return with_withheld(campaign)


def _short(text: str) -> str:
    return f"“{text if len(text) <= SHORT else text[:SHORT].rstrip() + '…'}”"


def _sign(notes: Iterable[str]) -> str:
    """What tells whether somebody has looked at these very notes."""
    return sent_hash(" ".join(notes))


def _briefly(campaign: Campaign, language: str, path: str) -> tuple[tuple[str, str], str]:
    """(titles of a file, in the source language and its own; one of STATES), without looking at its sentences."""
    made = origin_of(campaign, language, path)
    if not made or not made.source or made.is_outdated:
        state = "open"
    else:
        state = "reviewed" if made.is_reviewed else "unreviewed"
    return _titles(campaign, language, path), state


def _titles(campaign: Campaign, language: str, path: str) -> tuple[str, str]:
    source, own = (campaign.pages.get((code, path)) for code in (campaign.source_language.code, language))
    return source.title if source else path, own.title if own else ""


def _listed(campaign: Campaign, language: str, path: str) -> Listed:
    title, own = _titles(campaign, language, path)
    try:
        file = read_file(campaign, language, path)
    except CannotEdit:
        return Listed(path, title, own, 0, 0, "broken")
    made = origin_of(campaign, language, path)
    return Listed(path, title, own, len(file.open_rows), len(file.rows), _state(file, made))


def _panels_of(page: Page, rows: Iterable[Row]) -> Iterator[tuple[str, str]]:
    """(key of a source text, id of the panel that it stands in)."""
    begun = [each.heading for each in sections(page.document.blocks) if each.heading]
    for row in rows:
        above = [heading.id for heading in begun if heading.at <= row.unit.at]
        if above:
            yield row.unit.key, above[-1]


def _state(file: TextFile, made: Translation | None) -> str:
    if not file.is_there and not any(row.draft for row in file.rows):
        return "missing"
    if file.open_rows:
        return "open"
    return "reviewed" if made and made.is_reviewed else "unreviewed"


def _marks(then: str, now: str) -> Iterator[tuple[str, str]]:
    """What a sentence said and says: (same, gone or new; the words)."""
    if not then:
        yield "same", now
        return
    before, after = WORD.findall(then), WORD.findall(now)
    for what, begin, end, first, last in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if what == "equal":
            yield "same", "".join(before[begin:end])
            continue
        if begin < end:
            yield "gone", "".join(before[begin:end])
        if first < last:
            yield "new", "".join(after[first:last])


def _terms(campaign: Campaign, source: str, language: str, text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Words of the glossary that a sentence has, and what the language calls them."""
    lower = text.casefold()
    for term in campaign.glossary:
        ours = next((form for form in term.forms.get(source, ()) if form.casefold() in lower), "")
        if ours and term.forms.get(language):
            yield ours, tuple(term.forms[language])
