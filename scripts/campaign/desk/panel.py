"""The base of all panels: pages and actions are methods, marked with their addresses.

A panel is created for each request, like a view in Django; `Panel.memory` outlives it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO, ClassVar, NamedTuple, TypeVar

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from campaign.desk.desk import Desk, field_text
from campaign.desk.files import Change, Files
from campaign.desk.words import Words
from campaign.models.campaign import Campaign, Language
from campaign.models.problem import Problem

Method = TypeVar("Method", bound=Callable[..., Response])
GET, POST = "GET", "POST"


class Refused(Exception):
    """The input is refused, and the panel shows its form again (Panel.show_refused)."""

    def __init__(self, message: str, status: int = 422, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.message, self.status, self.problems = message, status, problems


class Sent(NamedTuple):
    """An uploaded file."""

    filename: str
    file: BinaryIO


def get(path: str, reads: bool = True) -> Callable[[Method], Method]:
    """Answer GET requests of an address. reads: see Desk.get."""
    return _answers(GET, path, reads)


def post(path: str) -> Callable[[Method], Method]:
    """Answer a form sent to an address."""
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

    @classmethod
    def is_shown(cls, desk: Desk) -> bool:  # noqa: ARG003
        """Return whether a campaign's menu shows it."""
        return cls.menu is not None

    @classmethod
    def routes(cls, desk: Desk) -> list[Route]:
        """Return its routes, literal addresses first, and add its menu item."""
        if cls.menu and cls.is_shown(desk):
            desk.menu.append(cls.menu)
        marked = [(method, each) for method in vars(cls).values() for each in getattr(method, "addresses", ())]
        marked.sort(key=lambda row: [part.startswith("{") for part in row[1][1].split("/")])
        return [cls._route(desk, method, *each) for method, each in marked]

    @classmethod
    def _route(cls, desk: Desk, method: Callable[..., Response], kind: str, path: str, reads: bool) -> Route:
        def answer(request: Request, form: FormData | None = None) -> Response:
            panel = cls(desk, request, form)
            try:
                return method(panel)
            except Refused as refused:
                return panel.show_refused(refused)

        return desk.post(path, answer) if kind == POST else desk.get(path, answer, reads)

    @property
    def root(self) -> Path:
        """The campaign's folder."""
        return self.workspace.root

    @property
    def campaign(self) -> Campaign:
        """The current campaign."""
        return self.workspace.campaign

    @property
    def files(self) -> Files:
        """The files that may be read and saved."""
        return self.workspace.files

    @cached_property
    def words(self) -> Words:
        """The desk's words in the user's language."""
        return self.desk.words(self.request)

    @property
    def ui_language(self) -> Language:
        """The language for the campaign's own words."""
        return self.desk.ui_language(self.request)

    @property
    def is_part(self) -> bool:
        """Whether only a part of the page is requested."""
        return "hx-request" in self.request.headers

    def asked(self, name: str, default: str = "") -> str:
        """Return a value of the query string."""
        return self.request.query_params.get(name, default)

    def typed(self, name: str) -> str:
        """Return the text of a field."""
        return field_text(self.form, name)

    @property
    def sent(self) -> Sent | None:
        """The uploaded file."""
        sent = self.form.get("file")
        return Sent(sent.filename, sent.file) if isinstance(sent, UploadFile) and sent.filename else None

    @property
    def memory(self) -> dict[Any, Any]:
        """What the panel keeps while the desk runs."""
        return self.desk.remembered[type(self).__name__]

    def show_refused(self, refused: Refused) -> Response:
        """Show the form again; for panels that raise Refused."""
        raise NotImplementedError from refused

    def page(self, template: str, /, status: int = 200, **given: Any) -> HTMLResponse:
        """See Desk.page."""
        return self.desk.page(self.request, template, status, **given)

    def go(self, path: str, saved: int | str = "", at: str = "") -> RedirectResponse:
        """See Desk.go."""
        return self.desk.go(path, saved, at)

    def write(self, title: str, changes: Mapping[str, Change]) -> int:
        """Write files in the user's name, and return the number of the save."""
        return self.files.save(title, self.desk.you, changes)

    def start(self, title: str, *commands: Sequence[str], **given: Any) -> RedirectResponse:
        """Start a job and show it; see Jobs.start."""
        return self.go(f"/jobs/{self.desk.jobs.start(title, *commands, **given).number}")
