"""What every panel has at hand: the campaign, its files, commands, words, and how a page is written."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from campaign.content.contacts import FOLDER
from campaign.desk.drafts import Drafts
from campaign.desk.failures import answer_failure, restored
from campaign.desk.files import NotOurs, Saved
from campaign.desk.filled import DRAFT
from campaign.desk.guard import TOKEN, Guard, policy
from campaign.desk.jobs import Jobs
from campaign.desk.named import named_again, until_when
from campaign.desk.rendering import TEMPLATES, bare_page
from campaign.desk.typed import TypedField, has_typed, typed_fields
from campaign.desk.ways import UNREAD, way_to
from campaign.desk.words import Words, choose, languages
from campaign.desk.workspace import Workspace
from campaign.models.campaign import Campaign, Language
from campaign.models.problem import Problem

# Seconds until a page says that the campaign is being read, and how far.
PATIENCE = 0.7
Show = Callable[[Request], Response]
Take = Callable[[Request, FormData], Response]
Answer = Callable[[Request], Awaitable[Response]]
# What `saved` of an address can say besides the number of a save: nothing was changed; who sits there is kept.
SAME, YOU = "same", "you"
# A drawing opened by itself runs nothing and asks for nothing.
ALONE = {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}
MAX_WAITING_FORMS = 20
# What a page says besides that it was saved: that it was taken back, or only begun.
UNDONE, BEGUN = "undone", "begun"
# Words for what is printed, as campaigns have them.
OF_PRINTS = ("pieces-", "format-")
# The status of a page that kept nothing: somebody else has written meanwhile, or something is wrong with it.
UNSAVED = (409, 422)
# Pages that say why something was not saved, instead of a form.
FAILED = (
    *("problems.html", "changed.html", "by-hand.html", "missing.html", "refused.html", "fault.html", "long.html"),
    "reading.html",
)
DRAFT_WORDS = ("found", "restore", "discard", "stopped", "failed", "long", "huge")


@dataclass(frozen=True)
class Notice:
    """What a page says of what was just saved.

    Attributes:
        number: of the save, to take it back; 0 where nothing is to be.
        at: the part of the page that says it; '' where it stands above all.
    """

    text: str
    number: int = 0
    at: str = ""


@dataclass(frozen=True)
class WaitingForm:
    """A form that was left for another. back: where it stands; typed: what it holds."""

    back: str
    typed: FormData


class Desk:
    """One run of the desk. `guard` and `routes` are set when the application is made."""

    guard: Guard
    routes: Sequence[BaseRoute]

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.jobs = Jobs(workspace.root)
        # What panels keep as long as the desk runs, by their names.
        self.remembered: dict[str, dict[Any, Any]] = defaultdict(dict)
        self.drafts = Drafts(workspace.root)
        self._waiting: dict[str, WaitingForm] = {}
        # Panel -> its name, in the order of the menu; each panel adds its own.
        self.menu: list[tuple[str, str]] = []

    def words(self, request: Request) -> Words:
        """The words in the language that somebody chose, else the one their browser asks for."""
        chosen = self.workspace.choices.language
        asked = request.headers.get("accept-language", "")
        return choose([chosen, *(part.split(";")[0].strip().split("-")[0] for part in asked.split(","))])

    def spoken(self, request: Request) -> Language:
        """In which of the campaign's languages its own words are shown: the desk's, else its source.

        What is printed is named by the desk then, which every campaign has.
        """
        return self._spoken(self.workspace.campaign, self.words(request))

    @staticmethod
    def _spoken(campaign: Campaign, words: Words) -> Language:
        spoken = campaign.languages.get(words.code)
        if spoken and spoken.has_words:
            return spoken
        own = {key: text for key, text in words.items() if key.startswith(OF_PRINTS)}
        return replace(campaign.source_language, strings={**campaign.source_language.strings, **own})

    @property
    def languages(self) -> dict[str, Words]:
        """What the desk can be shown in."""
        return languages()

    @property
    def you(self) -> str:
        """The name that saves carry; '' where nobody has said one."""
        return self.workspace.choices.you

    def link(self, path: str) -> str:
        """The address of a page of the desk, from its path below the key."""
        return self.guard.home + path.removeprefix("/")

    def page(self, request: Request, template: str, /, status: int = 200, **given: Any) -> HTMLResponse:
        """A page of the desk.

        Args:
            request: whom it is for.
            template: a file of templates/.
            status: of the answer.
            given: what the template shows; `nonce`: of styles that a script of the page writes.
        """
        if given.get("is_saved"):
            request.state.is_saved = True
        shared = self._shared(request, template, status)
        fields = {"content-security-policy": policy(given["nonce"])} if "nonce" in given else None
        return HTMLResponse(TEMPLATES.get_template(template).render(shared | given), status, fields)

    def part(self, request: Request, template: str, block: str, **given: Any) -> str:
        """One block of a page of the desk."""
        made = TEMPLATES.get_template(template)
        context = made.new_context(self._shared(request, template, 200) | given)
        return "".join(made.blocks[block](context))

    def _shared(self, request: Request, template: str, status: int) -> dict[str, Any]:
        """What every template can show."""
        words, waited = self.words(request), self.waiting_form(request.query_params.get("draft", ""))
        return {
            "w": words,
            "say": words.say,
            "until": partial(until_when, words),
            "desk": self,
            "link": self.link,
            "way": self.way,
            "token": self.guard.token,
            "you": self.you,
            "path": request.url.path,
            "title": "",
            # What was typed is here alone: nobody leaves it without being asked.
            "is_unsaved": status in UNSAVED,
            "notice": self._notice(request, words),
            "asked": request.url.query,
            # Where a save failed, what came in is given back.
            "typed_again": self._typed_again(request, template),
            # The draft of a form that is shown again: it couldn't be saved, or waited while another was filled in.
            "resumed": (waited.typed if waited else dict(getattr(request.state, "posted", ()))).get(DRAFT, ""),
            "draft_words": {key: words[f"draft-{key}"] for key in DRAFT_WORDS},
            # Lists are without the places of such a file.
            "lost": [each.where.partition(":") for each in self.workspace.problems[0] if _is_lost(each)],
        }

    @property
    def campaign_id(self) -> str:
        """Tells drafts of this campaign from those of others, which a browser may keep beside them."""
        return sha256(str(self.workspace.root).encode()).hexdigest()[:12]

    @staticmethod
    def remember_typed(request: Request, values: Iterable[tuple[str, Any]]) -> None:
        """Keep what a form says until its request is answered, which may give it back."""
        request.state.posted = [(name, value) for name, value in values if isinstance(value, str)]

    @staticmethod
    def _typed_again(request: Request, template: str) -> list[TypedField]:
        typed = typed_fields(getattr(request.state, "posted", []))
        return typed if template in FAILED and has_typed(typed) else []

    def _notice(self, request: Request, words: Words) -> Notice | None:
        asked = request.query_params
        typed = asked.get("saved", "")
        if typed in (SAME, YOU):
            return Notice(words[f"saved-{typed}"], 0, asked.get("at", ""))
        found = self.workspace.files.find(int(typed)) if typed.isdecimal() and len(typed) < 9 else None
        if found is None:
            return None
        at = asked.get("at", "")
        title = self.title_of(found, words)
        return Notice(title if at == UNDONE else words.say("saved", title=title), found.number, at)

    def title_of(self, save: Saved, words: Words) -> str:
        """What was changed, in the language of whoever reads it."""
        first, turns = self.workspace.files.first_of(save.number)
        if first is None:
            return save.title
        campaign = self.workspace.known if first.names else None
        spoken = self._spoken(campaign, words) if campaign else None
        named = {
            each: name
            for each, of in first.names.items()
            if campaign and spoken and (name := named_again(campaign, spoken, words, of))
        }
        title = words.say_again(first.title, first.key, {**first.given, **named})
        return words.say("undone" if turns % 2 else "redone", title=title) if turns else title

    def way(self, problem: Problem) -> str:
        """Where a problem can be mended at the desk, as the campaign was read last; ''."""
        return way_to(problem, self.workspace.known)

    def go(self, path: str, saved: int | str = "", at: str = "") -> RedirectResponse:
        """To another page of the desk.

        Args:
            path: below the key.
            saved: the number of what was saved, SAME or YOU: the page says so.
            at: the part of the page that says it, where that is not its head.
        """
        if saved != "":
            path += f"{'&' if '?' in path else '?'}saved={saved or SAME}{f'&at={at}' if at else ''}#saved"
        return RedirectResponse(self.link(path), 303)

    def below_dist(self, name: str) -> Path:
        """A file that was made.

        Raises:
            NotOurs: there is none of that name below dist/.
        """
        dist, parts = self.workspace.root / "dist", name.split("/")
        path = dist.joinpath(*parts)
        if any(part in ("", ".", "..") or set(part) & set("\\:\0") for part in parts) or not path.is_file():
            raise NotOurs(name)
        if not path.resolve().is_relative_to(dist.resolve()):
            raise NotOurs(name)
        return path

    # Forms that wait

    def keep_waiting(self, back: str, form: FormData) -> str:
        """Keeps what is typed in a form while another is filled in; how to find it again."""
        key = secrets.token_urlsafe(8)
        self._waiting[key] = WaitingForm(back, form)
        for old in list(self._waiting)[:-MAX_WAITING_FORMS]:
            del self._waiting[old]
        return key

    def waiting_form(self, key: str) -> WaitingForm | None:
        """A form that waits."""
        return self._waiting.get(key)

    # Routes

    def get(self, path: str, show: Show, reads: bool = True) -> Route:
        """A page that is read. It runs beside others, since it may read files.

        reads: whether it shows something of the campaign, which has to be read for it. A file that is saved takes the
        place of no page, so nothing would follow on one that says so.
        """

        def shown(request: Request) -> Response:
            if reads and _is_opened(request) and not self.workspace.is_read_within(PATIENCE):
                return self.page(request, "reading.html", is_read=False)
            return show(request)

        async def answer(request: Request) -> Response:
            response = await self._told(request, lambda: shown(request))
            return restored(self, request, response) if "restore" in request.query_params else response

        return Route(path, answer, methods=["GET"])

    def post(self, path: str, take: Take) -> Route:
        """What changes something: one of our own pages has to have sent it."""

        async def answer(request: Request) -> Response:
            async with request.form(max_files=20, max_fields=5000, max_part_size=64_000_000) as form:
                token = request.headers.get(TOKEN) or str(form.get("token", ""))
                if not self.guard.is_ours(token):
                    return HTMLResponse(bare_page("not-saved.html", fields=typed_fields(form.multi_items())), 403)
                self.remember_typed(request, form.multi_items())
                is_unasked = TOKEN not in request.headers and not form.get("sure-long")
                if is_unasked and any(each.is_long for each in typed_fields(form.multi_items())):
                    return self.page(request, "long.html", 422, sure=True)
                response = await self._told(request, lambda: take(request, form))
                if _is_saved(request, response):
                    self.drafts.drop(str(form.get(DRAFT, "")))
                return response

        return Route(path, answer, methods=["POST"])

    async def _told(self, request: Request, work: Callable[[], Response]) -> Response:
        """What a panel answers, or what kept it from it, in words."""
        try:
            return await run_in_threadpool(work)
        except Exception as error:  # even of a fault of its own nothing was saved, and the desk goes on
            return await answer_failure(self, request, error)


def _is_saved(request: Request, response: Response) -> bool:
    """Whether the files hold what a form said, or a command has it."""
    to = response.headers.get("location", response.headers.get("hx-redirect", ""))
    return getattr(request.state, "is_saved", False) or "saved=" in to or "/jobs/" in to


def _is_lost(problem: Problem) -> bool:
    """Whether it keeps a file of contacts from being read."""
    return problem.id in UNREAD and problem.where.startswith(f"{FOLDER}/")


def _is_opened(request: Request) -> bool:
    """Whether somebody looks at the whole window of what is answered."""
    asked = request.headers
    whole = asked.get("sec-fetch-dest", "document") == "document" and "hx-request" not in asked
    return whole and "text/html" in asked.get("accept", "")


def one(form: Mapping[str, Any], name: str) -> str:
    """What was typed under a name; '' where nothing was."""
    return str(form.get(name, "")).replace("\r\n", "\n").strip()
