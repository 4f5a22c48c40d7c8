"""Translate sentence by sentence, with the old and new source; a reviewer accepts each page by name."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from starlette.responses import JSONResponse, Response

from campaign.checks.unfinished import check_sentence
from campaign.content import clock
from campaign.content.drafts import CONFLICTS_FOLDER, STAMPS_FOLDER
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
from campaign.desk.files import SETTINGS
from campaign.desk.lists import matches, paginate
from campaign.desk.naming import page_name, until_when
from campaign.desk.panel import Panel, get, post
from campaign.desk.pending_conflicts import GuessedTable, guess, guessed_file, resolve, store_conflicts, waiting
from campaign.exchange.translation_file import ImportResult, accepted_paths, sent_hash
from campaign.models.campaign import Campaign, Language
from campaign.models.nodes import sections
from campaign.models.page import Page, Translation
from campaign.models.problem import CampaignError
from campaign.schema.interface_words import STRINGS
from campaign.schema.yaml_edit import CannotEdit
from campaign.serve.preview_process import NoPreview

MAX_QUOTED_CHARS = 60
WORD = re.compile(r"\w+|\s+|[^\w\s]")
KINDS = {"docx": "docx", "xliff": "xlf", "po": "po", "csv": "csv"}
# Problem ids -> the desk's words.
LANGUAGE_PROBLEMS = {"value-unknown": "language-no-code", "name-taken": "language-there"}
STATES = ("open", "unreviewed", "reviewed")  # these states don't require reading the sentences
FILES_PER_PAGE = 40  # files whose sentences are counted; the limit exists because each file must be read
# Notes that accepting a file answers.
ANSWERED_NOTES = ("translation-unreviewed", "translation-unstamped", "translation-outdated")


@dataclass(frozen=True)
class ListedFile:
    """A file of a language, and its progress."""

    path: str
    title: str
    own_title: str  # its title in that language
    open: int
    count: int
    state: str  # missing, open, unreviewed, reviewed or broken


class Translate(Panel):
    menu = ("/translate", "translate")

    @cached_property
    def campaign(self) -> Campaign:
        """Include embargoed releases, which are translated before they are published."""
        return _full_campaign(self.workspace.campaign)

    @cached_property
    def target_language(self) -> Language:
        """The language of the translation."""
        code = self.path["language"]
        if code == self.campaign.source_language.code:
            raise LookupError(code)
        return self.campaign.languages[code]

    @property
    def file_name(self) -> str:
        """The path of the file from the campaign's folder."""
        return f"docs/{self.target_language.code}/{self.path['file']}"

    @get("/translate")
    def overview(self, wrong: str = "", typed: tuple[str, str] = ("", "")) -> Response:
        campaign = self.campaign
        results = [
            (language, progress_of(campaign, language.code))
            for language in campaign.languages.values()
            if not language.is_source
        ]
        return self.page("translate.html", 422 if wrong else 200, languages=results, wrong=wrong, typed=typed)

    @post("/translate/begin")
    def begin(self) -> Response:
        words, root = self.words, self.root
        code, name = self.form_value("code"), " ".join(self.form_value("name").split())
        if not name:
            return self.overview(words["language-unnamed"], (code, name))
        # An invalid code names no file, and is refused before anything is written.
        names = [SETTINGS, *([f"docs/{code}/{STRINGS}"] if CODE.fullmatch(code) else [])]
        title = words.say("did-begin-language", name=name)
        try:
            _, saved = self.files.record(title, self.desk.user_name, names, lambda: start_language(root, code, name))
        except CampaignError as error:
            message_key = LANGUAGE_PROBLEMS.get(error.problems[0].id)
            if message_key is None:
                raise
            return self.overview(words.say(message_key, name=code), (code, name))
        return self.go(f"/translate/{code}", saved)

    @post("/translate/pseudo")
    def pseudo(self) -> Response:
        return self.start(self.words["did-pseudo"], ["translate", "pseudo"])

    @get("/translate/{language}")
    def language(
        self,
        import_result: ImportResult | None = None,
        saved: int = 0,
        wrong: str = "",
        guessed: GuessedTable | None = None,
        by: str = "",
    ) -> Response:
        campaign, language = self.campaign, self.target_language
        query, state = self.query_value("words"), self.query_value("state")
        state = state if state in STATES else ""
        rows = [(path, *_briefly(campaign, language.code, path)) for path in paths_of(campaign, language.code)]
        results = [(path, state_of_row) for path, titles, state_of_row in rows if matches(query, path, *titles)]
        shown_rows = [row for row in results if state in ("", row[1])]
        shown_rows.sort(key=lambda row: (STATES.index(row[1]), row[0] != STRINGS))
        part = paginate(shown_rows, self.request, FILES_PER_PAGE)
        return self.page(
            "translate-language.html",
            422 if wrong else 200,
            wrong=wrong,
            files=[_listed_file(campaign, language.code, path) for path, _ in part.rows],
            part=part,
            words=query,
            state=state,
            counts={state: sum(state_of_row == state for _, state_of_row in results) for state in STATES},
            kinds=KINDS,
            taken=import_result,
            saved=saved,
            guessed=guessed,
            by=by,
            waiting=waiting(campaign, language.code),
        )

    def _read(self) -> TextFile:
        return read_file(self.campaign, self.target_language.code, self.path["file"])

    def _source_page(self, path: str) -> Page | None:
        return self.campaign.pages.get((self.campaign.source_language.code, path))

    @get("/translate/{language}/{file:path}")
    def file(self) -> Response:
        key, name = self.query_value("key"), self.file_name
        # The sentence that was just saved may not be listed any more.
        rows = (row for row in self._read().rows if row.unit.key == key) if key else ()
        return self._file(
            message=" ".join(number for row in rows for number in self._numbers(name, row.unit, row.text))
        )

    def _numbers(self, where: str, unit: Unit, text: str) -> list[str]:
        result = check_sentence(self.workspace.campaign, where.split("/")[1], text, where)
        return list(map(self.words.localise, [*result, *check_sentence_numbers(unit, text, where)]))

    def _misfits(self, file: TextFile) -> list[str]:
        page = self._source_page(file.path)
        data = self.files.read(file.name) if page and page.formats and not file.open_rows else None
        if data is None:
            return []
        text, version = data.decode("utf-8-sig", errors="replace").replace("\r\n", "\n"), self.workspace.version
        if self.memory.get("of") != (file.name, text, version):
            _, language, path = file.name.split("/", 2)
            fit = self.workspace.measured.measure(version, language, path, text)
            # An incomplete measurement is repeated.
            self.memory.update(of=(file.name, text, version) if fit.is_complete else None, fit=fit)
        return list(map(self.words.localise, self.memory["fit"].problems))

    def _notes_to_check(self, file: TextFile) -> dict[str, str]:
        results = dict.fromkeys(self._misfits(file), "")
        for row in file.rows:
            for number in self._numbers(file.name, row.unit, row.text):
                results[f"{_shortened(row.unit.text)} {number}"] = row.unit.key
        for problem in self.workspace.problems[0]:
            is_reported = problem.id in ANSWERED_NOTES or (results and "number" in problem.id)
            if problem.file == file.name and not is_reported:
                results[self.words.localise(problem)] = ""
        return results

    def _file(self, status: int = 200, message: str = "", is_sure: bool = False, by: str = "") -> Response:
        campaign, language, file = self.campaign, self.target_language, self._read()
        is_all = "all" in self.request.query_params
        page = self._source_page(file.path)
        has_panels = bool(page and page.formats)
        if has_panels:
            self.workspace.print_previews.prefetch(self.workspace.version)
        origin = origin_of(campaign, language.code, file.path)
        until = embargo_of(page) if page else None
        is_acceptable = file.exists and not file.open_rows and origin and not origin.is_reviewed
        notes = self._notes_to_check(file) if is_acceptable else {}
        return self.page(
            "translate-file.html",
            status,
            notes=notes,
            sure=_notes_hash(notes) if is_sure else "",
            by=by,
            held=until_when(self.words, until) if until and until > clock.now() else "",
            file=file,
            title=page.title if page else file.path,
            made=origin,
            rows=[self._row_context(row) for row in file.rows if is_all or row.state != "done" or row.draft],
            message=message,
            misfits=self._misfits(file),
            has_panels=has_panels,
        )

    @post("/translate/{language}/lines/{file:path}")
    def lines(self) -> Response:
        file, ui_words, edits = self._read(), self.words, dict[str, Any]()
        page = self._source_page(file.path)
        if page is None:
            raise LookupError(file.path)
        values = {key: one_line(str(text)) for key, text in self.form.items() if str(text).strip()}
        text = written_so_far(self.campaign, file, values)
        try:
            previews, version = self.workspace.print_previews, self.workspace.version
            full_lines, too_long = previews.ask(version, "lines", self.target_language.code, file.path, text)
        except NoPreview:
            full_lines, too_long = {}, {}
        for key, panel in _panels_of(page, file.rows):
            if panel in full_lines:
                line_count, max_lines = full_lines[panel]
                name = ui_words.get(f"slot-{panel}") or panel
                words = str(ui_words.say("panel-lines", id=name, count=line_count, whole=max_lines))
                shapes = too_long.get(panel)
                if shapes:
                    where = (f"{ui_words.get(f'sent-{shape}', shape)} ({count})" for shape, count in shapes.items())
                    words += f"; {ui_words.say('panel-shapes', where='; '.join(where))}"
                edits[key] = {"said": words, "over": line_count > max_lines or bool(shapes)}
        return JSONResponse(edits)

    def _row_context(self, row: Row, problem: str = "", other_text: str = "", raw: str = "") -> dict[str, object]:
        source = self.campaign.source_language.code
        return {
            "row": row,
            "sent": sent_hash(row.text),
            "marks": list(_marks(row.old_source, row.unit.text)),
            "terms": list(_terms(self.campaign, source, self.target_language.code, row.unit.text)),
            "problem": problem,
            "theirs": other_text,
            "typed": raw,
            "numbers": self._numbers(self.file_name, row.unit, raw or row.text),
        }

    @post("/translate/{language}/{file:path}")
    def save(self) -> Response:
        language, words, you = self.target_language, self.words, self.desk.user_name
        path, key, text, before = self.path["file"], self.form_value("key"), self.form_value("text"), self._read()
        row = next((row for row in before.rows if row.unit.key == key), None)
        if row is None:
            raise LookupError(key)
        problem, other_text, saved = "", "", 0
        # A second click sends the same text.
        is_elsewhere = self.form_value("sent") != sent_hash(row.text) and one_line(text) != row.text
        if not you:
            problem = words["your-name-first"]
        elif is_elsewhere:
            problem, other_text = words["sentence-elsewhere"], row.text
        else:
            (file, rejections), saved = self._record(path, {key: text}, you)
            problem = words.say("sentence-refused", why=words.rejection(rejections[key])) if key in rejections else ""
            row = next((row for row in file.rows if row.unit.key == key), row)
        url = f"/translate/{language.code}/{path}?{urlencode({'key': key})}"
        if not self.is_part:
            return self._file(422, problem) if problem else self.go(url, saved)
        if before.open_rows and not problem and not file.open_rows:
            # With the last open sentence saved, the whole page changes: the file can be accepted.
            return Response(headers={"HX-Redirect": self.go(url, saved).headers["location"]})
        row_html = self._row_context(row, problem, other_text, text if problem else "")
        self.read_again()
        file = self._read()
        state: dict[str, Any] = {"is_answer": True, "is_saved": not problem, "misfits": self._misfits(file)}
        return self.page("translate-row.html", each=row_html, file=file, **state)

    def _record(
        self, path: str, texts: Mapping[str, str], author: str
    ) -> tuple[tuple[TextFile, Mapping[str, str]], int]:
        campaign, code = self.campaign, self.target_language.code
        title = self.words.say("did-translated", name=page_name(campaign, code, path))
        return self.files.record(
            title, author, _names(code, path), lambda: save_translations(campaign, code, path, texts, author)
        )

    @post("/translate/{language}/accept/{file:path}")
    def accept(self) -> Response:
        campaign, code, root = self.campaign, self.target_language.code, self.root
        path, reviewer = self.path["file"], self.form_value("by")
        if not reviewer:
            return self._file(422, self.words["accept-name"])
        origin = origin_of(campaign, code, path)
        if origin and origin.is_translated_by(reviewer):
            return self._file(422, self.words.say("accept-other", by=reviewer))
        notes = self._notes_to_check(self._read())
        if notes and self.form_value("sure") != _notes_hash(notes):
            return self._file(422, self.words["accept-think"], is_sure=True, by=reviewer)
        target, today = self.files.path(self.file_name), clock.now().date()
        title = self.words.say("did-accepted", name=page_name(campaign, code, path))
        _, saved = self.files.record(
            title, reviewer, [self.file_name], lambda: accept_file(root, target, reviewer, today)
        )
        return self.go(f"/translate/{code}/{path}", saved)

    @get("/translate/{language}/send", reads=False)
    def send(self) -> Response:
        campaign, code, kind = self.campaign, self.target_language.code, self.query_value("to", "docx")
        if kind not in KINDS:
            raise LookupError(kind)
        from campaign.exchange.sending import as_bytes  # loads libraries for documents: 8 MB

        is_core = "core" in self.request.query_params
        data = as_bytes(campaign, code, kind, is_core, "back" in self.request.query_params)
        name = f"translate-{code}{'-core' if is_core else ''}.{KINDS[kind]}"
        fields = {"Content-Disposition": f'attachment; filename="{name}"'}
        return Response(data, media_type="application/octet-stream", headers=fields)

    @post("/translate/{language}/take")
    def take(self) -> Response:
        code, upload, words = self.target_language.code, self.upload, self.words
        # A table whose guessed encoding was confirmed.
        guessed, name = guessed_file(self.root, code), self.form_value("guessed")
        if upload is None and not (name and guessed.is_file()):
            return self.go(f"/translate/{code}")
        author = self.form_value("by") or self.desk.user_name
        if not author:
            return self.language(wrong=words["your-name-first"])
        try:
            if upload is None:
                import_result = self._take(guessed, name, author)
                guessed.unlink(missing_ok=True)
                return import_result
            with self.workspace.received(upload.filename, upload.file) as file:
                result = guess(file, upload.filename, guessed)
                return self.language(guessed=result, by=author) if result else self._take(file, upload.filename, author)
        except CampaignError as error:
            return self.language(wrong=" ".join(map(words.localise, error.problems)))

    def _take(self, file: Path, name: str, author: str) -> Response:
        from campaign.exchange.sending import take_file

        campaign, code, title = self.campaign, self.target_language.code, self.words.say("did-taken", name=name)
        names = [name for path in sorted(accepted_paths(campaign, code)) for name in _names(code, path)]
        takes_unfinished = bool(self.form_value("unfinished"))

        def take() -> ImportResult:
            return take_file(campaign, file, code, author, takes_unfinished)

        import_result, saved = self.files.record(title, author, names, take)
        store_conflicts(self.root, code, import_result.conflicts, author)
        self.read_again()
        return self.language(import_result, saved)

    @post("/translate/{language}/settle")
    def settle(self) -> Response:
        campaign, code, words, saved = self.campaign, self.target_language.code, self.words, 0
        path, key = self.form_value("path"), self.form_value("key")
        conflict = next((row for row in waiting(campaign, code) if (row.path, row.key) == (path, key)), None)
        if conflict and self.form_value("way") == "theirs":
            if conflict.stands != self.form_value("stands"):  # edited since this page was shown
                return self.language(wrong=words["sentence-elsewhere"])
            (_, rejections), saved = self._record(path, {key: conflict.came}, conflict.by)
            if key in rejections:
                return self.language(wrong=words.say("sentence-refused", why=words.rejection(rejections[key])))
        resolve(self.root, code, path, key)
        return self.go(f"/translate/{code}", saved or "")


def _names(language: str, path: str) -> list[str]:
    return [f"docs/{language}/{path}", f"{CONFLICTS_FOLDER}/{language}/{path}.json", f"{STAMPS_FOLDER}/{path}.json"]


@lru_cache(maxsize=1)
def _full_campaign(campaign: Campaign) -> Campaign:
    return with_withheld(campaign)


def _shortened(text: str) -> str:
    return f"“{text if len(text) <= MAX_QUOTED_CHARS else text[:MAX_QUOTED_CHARS].rstrip() + '…'}”"


def _notes_hash(notes: Iterable[str]) -> str:
    return sent_hash(" ".join(notes))


def _briefly(campaign: Campaign, language: str, path: str) -> tuple[tuple[str, str], str]:
    origin = origin_of(campaign, language, path)
    if not origin or not origin.source or origin.is_outdated:
        state = "open"
    else:
        state = "reviewed" if origin.is_reviewed else "unreviewed"
    return _titles(campaign, language, path), state


def _titles(campaign: Campaign, language: str, path: str) -> tuple[str, str]:
    source, translated_page = (campaign.pages.get((code, path)) for code in (campaign.source_language.code, language))
    return source.title if source else path, translated_page.title if translated_page else ""


def _listed_file(campaign: Campaign, language: str, path: str) -> ListedFile:
    title, own_title = _titles(campaign, language, path)
    try:
        file = read_file(campaign, language, path)
    except CannotEdit:
        return ListedFile(path, title, own_title, 0, 0, "broken")
    origin = origin_of(campaign, language, path)
    return ListedFile(path, title, own_title, len(file.open_rows), len(file.rows), _state(file, origin))


def _panels_of(page: Page, rows: Iterable[Row]) -> Iterator[tuple[str, str]]:
    """Yield the key of each sentence with the panel that it is in."""
    headings = [section.heading for section in sections(page.document.blocks) if section.heading]
    for row in rows:
        above = [heading.id for heading in headings if heading.start <= row.unit.start]
        if above:
            yield row.unit.key, above[-1]


def _state(file: TextFile, translation: Translation | None) -> str:
    if not file.exists and not any(row.draft for row in file.rows):
        return "missing"
    if file.open_rows:
        return "open"
    return "reviewed" if translation and translation.is_reviewed else "unreviewed"


def _marks(old_text: str, new_text: str) -> Iterator[tuple[str, str]]:
    """Yield the differences between two sentences: same, gone or new; the words."""
    before, after = WORD.findall(old_text or new_text), WORD.findall(new_text)
    for opcode, start, end, first, last in difflib.SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        old, new = "".join(before[start:end]), "".join(after[first:last])
        rows = (("same", new),) if opcode == "equal" else (("gone", old), ("new", new))
        yield from (row for row in rows if row[1])


def _terms(campaign: Campaign, source: str, language: str, text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    lower = text.casefold()
    for term in campaign.glossary:
        source_form = next((form for form in term.forms.get(source, ()) if form.casefold() in lower), "")
        if source_form and term.forms.get(language):
            yield source_form, tuple(term.forms[language])
