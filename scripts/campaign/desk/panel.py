"""What every panel of the desk is made of: pages and actions, each a method with the address that it answers.

A panel is made for each request, as views are in Django: its methods find what was asked and typed at hand. What has to
outlive a request is kept by the desk (`Panel.memory`).
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

from campaign.desk.desk import Desk, one
from campaign.desk.files import Change, Files
from campaign.desk.words import Words
from campaign.models.campaign import Campaign, Language
from campaign.models.problem import Problem

Method = TypeVar("Method", bound=Callable[..., Response])
GET, POST = "GET", "POST"


class Refused(Exception):
    """What somebody typed cannot be done: the panel shows its form again (Panel.show_refused).

    Attributes:
        message: why, in the desk's words.
        status: of the answer.
        problems: with what is in the way.
    """

    def __init__(self, message: str, status: int = 422, problems: Sequence[Problem] = ()) -> None:
        super().__init__(message)
        self.message, self.status, self.problems = message, status, problems


class Sent(NamedTuple):
    """A file that a browser sent. filename: as it is called there."""

    filename: str
    file: BinaryIO


def get(path: str, reads: bool = True) -> Callable[[Method], Method]:
    """Answer an address that is read. reads: as of Desk.get."""
    return _answers(GET, path, reads)


def post(path: str) -> Callable[[Method], Method]:
    """Answer a form that is sent to an address."""
    return _answers(POST, path)


def _answers(kind: str, path: str, reads: bool = True) -> Callable[[Method], Method]:
    def marked(method: Method) -> Method:
        method.__dict__.setdefault("addresses", []).insert(0, (kind, path, reads))
        return method

    return marked


class Panel:
    """A part of the desk, for one request.

    Attributes:
        menu: (address, name among the desk's words) of its row in the menu; None where others lead to it.
        request, form: what a browser asks for and sends.
        path: the parts of the address that differ.
    """

    menu: ClassVar[tuple[str, str] | None] = None

    def __init__(self, desk: Desk, request: Request, form: FormData | None = None) -> None:
        self.desk, self.workspace, self.request = desk, desk.workspace, request
        self.form = FormData() if form is None else form
        self.path: Mapping[str, Any] = request.path_params

    @classmethod
    def is_shown(cls, desk: Desk) -> bool:  # noqa: ARG003
        """Whether its row stands in the menu of a campaign."""
        return cls.menu is not None

    @classmethod
    def routes(cls, desk: Desk) -> list[Route]:
        """Its addresses, those first whose parts are named; its row in the menu."""
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

    # What is at hand

    @property
    def root(self) -> Path:
        """The campaign's folder."""
        return self.workspace.root

    @property
    def campaign(self) -> Campaign:
        """The campaign as it is written now."""
        return self.workspace.campaign

    @property
    def files(self) -> Files:
        """What may be opened and saved."""
        return self.workspace.files

    @cached_property
    def words(self) -> Words:
        """The desk's words, in the language of whoever asks."""
        return self.desk.words(self.request)

    @property
    def spoken(self) -> Language:
        """The language in which the campaign's own words are shown."""
        return self.desk.spoken(self.request)

    @property
    def is_part(self) -> bool:
        """Whether a part of a page is asked for."""
        return "hx-request" in self.request.headers

    def asked(self, name: str, default: str = "") -> str:
        """What an address asks for under a name."""
        return self.request.query_params.get(name, default)

    def typed(self, name: str) -> str:
        """What was typed under a name."""
        return one(self.form, name)

    @property
    def sent(self) -> Sent | None:
        """The file that was sent along; None where nobody chose one."""
        sent = self.form.get("file")
        return Sent(sent.filename, sent.file) if isinstance(sent, UploadFile) and sent.filename else None

    @property
    def memory(self) -> dict[Any, Any]:
        """What the panel keeps from one request to the next, as long as the desk runs."""
        return self.desk.remembered[type(self).__name__]

    # Answers

    def show_refused(self, refused: Refused) -> Response:
        """Show the form again; for panels that refuse something."""
        raise NotImplementedError from refused

    def page(self, template: str, /, status: int = 200, **given: Any) -> HTMLResponse:
        """A page of the desk; see Desk.page."""
        return self.desk.page(self.request, template, status, **given)

    def go(self, path: str, saved: int | str = "", at: str = "") -> RedirectResponse:
        """To another page of the desk; see Desk.go."""
        return self.desk.go(path, saved, at)

    def write(self, title: str, changes: Mapping[str, Change]) -> int:
        """Write files, in the name of whoever sits there; the number of the save."""
        return self.files.save(title, self.desk.you, changes)

    def start(self, title: str, *commands: Sequence[str], **given: Any) -> RedirectResponse:
        """Begin a job and show it; see Jobs.start."""
        return self.go(f"/jobs/{self.desk.jobs.start(title, *commands, **given).number}")
