"""The base of panels, which are made for each request: pages and actions are methods, marked with addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any, BinaryIO, ClassVar, NamedTuple, TypeVar

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from campaign.content.contacts import FOLDER
from campaign.desk.desk import Desk, field_text, ui_language_of
from campaign.desk.failures import answer_failure, restored
from campaign.desk.files import Change, Files
from campaign.desk.fix_urls import UNREADABLE
from campaign.desk.form_filling import DRAFT, TypedField, has_typed, typed_fields
from campaign.desk.guard import TOKEN, policy
from campaign.desk.naming import until_when
from campaign.desk.rendering import TEMPLATES, bare_page
from campaign.desk.words import Words, choose, languages
from campaign.models.campaign import Campaign, Language
from campaign.models.problem import CampaignError, Problem

Method = TypeVar("Method", bound=Callable[..., Response])
GET = "GET"
POST = "POST"
READING_NOTICE_AFTER_S = 0.7  # until a page says that the campaign is still being read
# Values of `saved` in an address, besides the number of a save.
NOTICE_UNCHANGED = "same"
NOTICE_PROFILE = "you"
# Values of `at` in an address: the save was undone, or a draft was started.
NOTICE_UNDONE = "undone"
NOTICE_DRAFT_STARTED = "begun"
# For drawings in their own tab.
SANDBOX_CSP = {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}
UNSAVED_STATUSES = (409, 422)  # conflict and invalid input: nothing was saved
# Pages that explain a failure instead of showing the form.
FAILURE_TEMPLATES = (
    *("problems.html", "changed.html", "by-hand.html", "missing.html", "refused.html", "fault.html", "long.html"),
    "reading.html",
)
DRAFT_WORDS = ("found", "restore", "discard", "stopped", "failed", "long", "huge")


class Refused(Exception):
    """The input is refused, and the panel shows its form again (Panel.show_refused)."""

    def __init__(self, message: str, status: int = 422, problems: Sequence[Problem] = (), **shown: Any) -> None:
        super().__init__(message)
        self.message, self.status, self.problems, self.context = message, status, problems, shown


NOT_REFUSED = Refused("", 200)  # shows a form that hasn't been sent yet


class Upload(NamedTuple):
    """An uploaded file."""

    filename: str
    file: BinaryIO


@dataclass(frozen=True)
class Notice:
    """The message about the last save."""

    text: str
    number: int = 0  # of the save, to undo it; 0 if it can't be undone
    anchor: str = ""  # the part of the page that shows it; '' for its top


def get(path: str, reads: bool = True) -> Callable[[Method], Method]:
    """Answer GET requests of an address. With `reads=False` it doesn't wait until the campaign is read."""
    return _answers(GET, path, reads)


def post(path: str) -> Callable[[Method], Method]:
    """Answer a form sent to an address, which only the desk's own pages can send."""
    return _answers(POST, path)


def _answers(kind: str, path: str, reads: bool = True) -> Callable[[Method], Method]:
    def marked(method: Method) -> Method:
        method.__dict__.setdefault("addresses", []).insert(0, (kind, path, reads))
        return method

    return marked


class Panel:
    """A part of the desk, for one request. `menu` is the address and the word of its menu item."""

    menu: ClassVar[tuple[str, str] | None] = None

    def __init__(self, desk: Desk, request: Request, form: FormData | None = None) -> None:
        self.desk, self.workspace, self.request = desk, desk.workspace, request
        self.form = FormData() if form is None else form
        self.path: Mapping[str, Any] = request.path_params

    # Addresses

    @classmethod
    def is_shown(cls, desk: Desk) -> bool:  # noqa: ARG003
        """Return whether a campaign's menu shows it."""
        return cls.menu is not None

    @classmethod
    def routes(cls, desk: Desk) -> list[Route]:
        """Return its routes, literal addresses first, and add its menu item."""
        if cls.menu and cls.is_shown(desk):
            desk.menu.append(cls.menu)
        methods = [(method, address) for method in vars(cls).values() for address in getattr(method, "addresses", ())]
        methods.sort(key=lambda row: [part.startswith("{") for part in row[1][1].split("/")])
        return [cls._route(desk, method, *address) for method, address in methods]

    @classmethod
    def _route(cls, desk: Desk, method: Callable[..., Response], kind: str, path: str, reads: bool) -> Route:
        async def show(request: Request) -> Response:
            panel = cls(desk, request)
            response = await panel._run(method, reads)
            return restored(panel, response) if "restore" in request.query_params else response

        async def take(request: Request) -> Response:
            async with request.form(max_files=20, max_fields=5000, max_part_size=64_000_000) as form:
                panel = cls(desk, request, form)
                return panel._stopped() or await panel._accept(method)

        return Route(path, take if kind == POST else show, methods=[kind])

    async def _run(self, method: Callable[..., Response], reads: bool = False) -> Response:
        def work() -> Response:
            if reads and _is_opened(self.request) and not self.workspace.is_read_within(READING_NOTICE_AFTER_S):
                return self.page("reading.html", is_read=False)
            try:
                return method(self)
            except Refused as refusal:
                return self.show_refused(refusal)

        try:
            return await run_in_threadpool(work)
        except Exception as error:  # nothing was saved, and the desk keeps running
            return await answer_failure(self, error)

    def _stopped(self) -> Response | None:
        """Return the answer to a form that isn't ours, or may have been pasted into by mistake."""
        values, header_token = self.form.multi_items(), self.request.headers.get(TOKEN)
        fields = typed_fields(values)
        if not self.desk.guard.is_valid(header_token or str(self.form.get("token", ""))):
            return HTMLResponse(bare_page("not-saved.html", fields=fields), 403)
        self.remember_typed(values)
        is_unasked = header_token is None and not self.form.get("sure-long")
        return self.page("long.html", 422, sure=True) if is_unasked and any(field.is_long for field in fields) else None

    async def _accept(self, method: Callable[..., Response]) -> Response:
        response = await self._run(method)
        to = response.headers.get("location", response.headers.get("hx-redirect", ""))
        if getattr(self.request.state, "is_saved", False) or "saved=" in to or "/jobs/" in to:
            self.desk.drafts.drop(str(self.form.get(DRAFT, "")))
        return response

    # The campaign and its files

    @property
    def root(self) -> Path:
        """The campaign's folder."""
        return self.workspace.root

    @cached_property
    def campaign(self) -> Campaign:
        """The campaign, read when the request first needs it."""
        return self.workspace.campaign

    @cached_property
    def readable(self) -> Campaign | None:
        """The campaign, or None if it can't be read."""
        with suppress(CampaignError):
            return self.campaign
        return None

    def read_again(self) -> None:
        """Read the campaign again after a save."""
        self.__dict__.pop("campaign", None)

    @property
    def files(self) -> Files:
        """The files that may be read and saved."""
        return self.workspace.files

    @cached_property
    def words(self) -> Words:
        """The desk's words in the chosen language, else in the browser's."""
        accepted = self.request.headers.get("accept-language", "").split(",")
        codes = (part.split(";")[0].strip().split("-")[0] for part in accepted)
        return choose([self.workspace.choices.language, *codes])

    @property
    def ui_language(self) -> Language:
        """The language for the campaign's own words: the desk's, otherwise the source language."""
        return ui_language_of(self.campaign, self.words)

    @property
    def memory(self) -> dict[Any, Any]:
        """The panel's data while the desk runs."""
        return self.desk.remembered[type(self).__name__]

    # Query and input

    @property
    def is_part(self) -> bool:
        """Whether only a part of the page is requested."""
        return "hx-request" in self.request.headers

    def query_value(self, name: str, default: str = "") -> str:
        """Return a value of the query string."""
        return self.request.query_params.get(name, default)

    def form_value(self, name: str) -> str:
        """Return the text of a field."""
        return field_text(self.form, name)

    @property
    def upload(self) -> Upload | None:
        """The uploaded file."""
        upload = self.form.get("file")
        return Upload(upload.filename, upload.file) if isinstance(upload, UploadFile) and upload.filename else None

    def remember_typed(self, values: Iterable[tuple[str, Any]]) -> None:
        """Keep a form's values until its request is answered, in case the form is shown again."""
        self.request.state.posted = [(name, value) for name, value in values if isinstance(value, str)]

    # Answers

    def show_refused(self, refusal: Refused) -> Response:
        """Show the form again; for panels that raise Refused."""
        raise NotImplementedError from refusal

    def refuse_changed(self, version: str, **shown: Any) -> None:
        """Refuse a form if its files have changed since it was shown."""
        if self.form_value("version") != version:
            raise Refused(self.words["changed-underneath"], 409, **shown)

    def page(self, template: str, /, status: int | Refused = 200, **value: Any) -> HTMLResponse:
        """Render a template; with a refusal as its status, show that. `nonce` allows the styles of a script."""
        if isinstance(status, Refused):
            value |= {"message": status.message, "problems": status.problems, **status.context}
            status = status.status
        if value.get("is_saved"):
            self.request.state.is_saved = True
        shared = self._shared(template, status)
        fields = {"content-security-policy": policy(value["nonce"])} if "nonce" in value else None
        return HTMLResponse(TEMPLATES.get_template(template).render(shared | value), status, fields)

    def part(self, template: str, block: str, **value: Any) -> str:
        """Render one block of a template."""
        loaded = TEMPLATES.get_template(template)
        return "".join(loaded.blocks[block](loaded.new_context(self._shared(template, 200) | value)))

    def _shared(self, template: str, status: int) -> dict[str, Any]:
        words, waiting_form = self.words, self.desk.waiting_form(self.query_value("draft"))
        return {
            "panel": self,
            "w": words,
            "desk_languages": languages(),
            "say": words.say,
            "until": partial(until_when, words),
            "desk": self.desk,
            "link": self.desk.link,
            "way": self.desk.fix_url,
            "token": self.desk.guard.token,
            "you": self.desk.user_name,
            "path": self.request.url.path,
            "title": "",
            # Ask before leaving a page whose input isn't saved anywhere else.
            "is_unsaved": status in UNSAVED_STATUSES,
            "notice": self._notice(),
            "asked": self.request.url.query,
            # After a failed save the page restores the input.
            "typed_again": self._restored_fields() if template in FAILURE_TEMPLATES else [],
            # The draft of a form that couldn't be saved or had to wait.
            "resumed": (waiting_form.typed if waiting_form else dict(getattr(self.request.state, "posted", ()))).get(
                DRAFT, ""
            ),
            "draft_words": {key: words[f"draft-{key}"] for key in DRAFT_WORDS},
            # Contact files that can't be read are missing from lists.
            "lost": [
                problem.where.partition(":") for problem in self.workspace.problems[0] if _hides_contacts(problem)
            ],
        }

    def _restored_fields(self) -> list[TypedField]:
        raw = typed_fields(getattr(self.request.state, "posted", []))
        return raw if has_typed(raw) else []

    def _notice(self) -> Notice | None:
        raw, anchor, words = self.query_value("saved"), self.query_value("at"), self.words
        if raw in (NOTICE_UNCHANGED, NOTICE_PROFILE):
            return Notice(words[f"saved-{raw}"], 0, anchor)
        result = self.files.find(int(raw)) if raw.isdecimal() and len(raw) < 9 else None
        if result is None:
            return None
        title = self.desk.title_of(result, words)
        return Notice(title if anchor == NOTICE_UNDONE else words.say("saved", title=title), result.number, anchor)

    def go(self, path: str, saved: int | str = "", at: str = "") -> RedirectResponse:
        """Redirect to a page below the key, that shows the save or notice `saved` at its part `at`."""
        if saved != "":
            path += f"{'&' if '?' in path else '?'}saved={saved or NOTICE_UNCHANGED}{f'&at={at}' if at else ''}#saved"
        return RedirectResponse(self.desk.link(path), 303)

    def write(self, title: str, changes: Mapping[str, Change]) -> int:
        """Write files in the user's name, and return the number of the save."""
        return self.files.save(title, self.desk.user_name, changes)

    def start(self, title: str, *commands: Sequence[str], **value: Any) -> RedirectResponse:
        """Start a job and show it; see Jobs.start."""
        return self.go(f"/jobs/{self.desk.jobs.start(title, *commands, **value).number}")


def _hides_contacts(problem: Problem) -> bool:
    return problem.id in UNREADABLE and problem.where.startswith(f"{FOLDER}/")


def _is_opened(request: Request) -> bool:
    headers = request.headers
    is_document = headers.get("sec-fetch-dest", "document") == "document" and "hx-request" not in headers
    return is_document and "text/html" in headers.get("accept", "")
