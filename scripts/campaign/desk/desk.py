"""What every panel uses: the campaign, its files, jobs and drafts, routes and templates."""

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
from campaign.desk.fix_urls import UNREADABLE, fix_url
from campaign.desk.form_filling import DRAFT, TypedField, has_typed, typed_fields
from campaign.desk.guard import TOKEN, Guard, policy
from campaign.desk.jobs import Jobs
from campaign.desk.naming import current_name, until_when
from campaign.desk.rendering import TEMPLATES, bare_page
from campaign.desk.words import Words, choose, languages
from campaign.desk.workspace import Workspace
from campaign.models.campaign import Campaign, Language
from campaign.models.problem import Problem

# Until a page says that the campaign is still being read.
READING_NOTICE_AFTER_S = 0.7
Show = Callable[[Request], Response]
Take = Callable[[Request, FormData], Response]
Answer = Callable[[Request], Awaitable[Response]]
# Values of `saved` in an address, besides the number of a save.
NOTICE_UNCHANGED, NOTICE_PROFILE = "same", "you"
# For drawings in their own tab.
SANDBOX_CSP = {"content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox"}
MAX_WAITING_FORMS = 20
# Values of `at` in an address: the save was undone, or a draft was started.
NOTICE_UNDONE, NOTICE_DRAFT_STARTED = "undone", "begun"
# Keys of the desk's words that name prints.
OF_PRINTS = ("pieces-", "format-")
# Conflict and invalid input: nothing was saved.
UNSAVED = (409, 422)
# Pages that explain a failure instead of showing the form.
FAILED = (
    *("problems.html", "changed.html", "by-hand.html", "missing.html", "refused.html", "fault.html", "long.html"),
    "reading.html",
)
DRAFT_WORDS = ("found", "restore", "discard", "stopped", "failed", "long", "huge")


@dataclass(frozen=True)
class Notice:
    """The message about the last save."""

    text: str
    number: int = 0  # of the save, to undo it; 0 if it can't be undone
    at: str = ""  # the part of the page that shows it; '' for its top


@dataclass(frozen=True)
class WaitingForm:
    """A form that somebody left to fill in another one."""

    back: str
    typed: FormData


class Desk:
    """One run of the desk. `guard` and `routes` are set by the application."""

    guard: Guard
    routes: Sequence[BaseRoute]

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.jobs = Jobs(workspace.root)
        # What panels keep between requests, by their class names.
        self.remembered: dict[str, dict[Any, Any]] = defaultdict(dict)
        self.drafts = Drafts(workspace.root)
        self._waiting: dict[str, WaitingForm] = {}
        # Address and name of each panel in the menu.
        self.menu: list[tuple[str, str]] = []

    def words(self, request: Request) -> Words:
        """Return the desk's words in the chosen language, else in the browser's."""
        chosen = self.workspace.choices.language
        asked = request.headers.get("accept-language", "")
        return choose([chosen, *(part.split(";")[0].strip().split("-")[0] for part in asked.split(","))])

    def ui_language(self, request: Request) -> Language:
        """Return the language for the campaign's own words: the desk's, else the source language."""
        return self._spoken(self.workspace.campaign, self.words(request))

    @staticmethod
    def _spoken(campaign: Campaign, words: Words) -> Language:
        """Return a campaign's language for its words; its source language uses the desk's names of prints."""
        ui_language = campaign.languages.get(words.code)
        if ui_language and ui_language.has_words:
            return ui_language
        own = {key: text for key, text in words.items() if key.startswith(OF_PRINTS)}
        return replace(campaign.source_language, strings={**campaign.source_language.strings, **own})

    @property
    def languages(self) -> dict[str, Words]:
        """The languages of the desk."""
        return languages()

    @property
    def you(self) -> str:
        """The name that saves carry, or ''."""
        return self.workspace.choices.you

    def link(self, path: str) -> str:
        """Return the address of a page of the desk."""
        return self.guard.home + path.removeprefix("/")

    def page(self, request: Request, template: str, /, status: int = 200, **given: Any) -> HTMLResponse:
        """Render a template. `nonce` allows the styles that a script of the page writes."""
        if given.get("is_saved"):
            request.state.is_saved = True
        shared = self._shared(request, template, status)
        fields = {"content-security-policy": policy(given["nonce"])} if "nonce" in given else None
        return HTMLResponse(TEMPLATES.get_template(template).render(shared | given), status, fields)

    def part(self, request: Request, template: str, block: str, **given: Any) -> str:
        """Render one block of a template."""
        made = TEMPLATES.get_template(template)
        context = made.new_context(self._shared(request, template, 200) | given)
        return "".join(made.blocks[block](context))

    def _shared(self, request: Request, template: str, status: int) -> dict[str, Any]:
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
            # Ask before leaving a page whose input isn't saved anywhere else.
            "is_unsaved": status in UNSAVED,
            "notice": self._notice(request, words),
            "asked": request.url.query,
            # After a failed save the page gives back what was typed.
            "typed_again": self._typed_again(request, template),
            # The draft of a form that couldn't be saved or had to wait.
            "resumed": (waited.typed if waited else dict(getattr(request.state, "posted", ()))).get(DRAFT, ""),
            "draft_words": {key: words[f"draft-{key}"] for key in DRAFT_WORDS},
            # Contact files that can't be read are missing from lists.
            "lost": [each.where.partition(":") for each in self.workspace.problems[0] if _is_lost(each)],
        }

    @property
    def campaign_id(self) -> str:
        """An id that tells this campaign's drafts from others in the same browser."""
        return sha256(str(self.workspace.root).encode()).hexdigest()[:12]

    @staticmethod
    def remember_typed(request: Request, values: Iterable[tuple[str, Any]]) -> None:
        """Keep a form's values until its request is answered, in case they are given back."""
        request.state.posted = [(name, value) for name, value in values if isinstance(value, str)]

    @staticmethod
    def _typed_again(request: Request, template: str) -> list[TypedField]:
        typed = typed_fields(getattr(request.state, "posted", []))
        return typed if template in FAILED and has_typed(typed) else []

    def _notice(self, request: Request, words: Words) -> Notice | None:
        asked = request.query_params
        typed = asked.get("saved", "")
        if typed in (NOTICE_UNCHANGED, NOTICE_PROFILE):
            return Notice(words[f"saved-{typed}"], 0, asked.get("at", ""))
        found = self.workspace.files.find(int(typed)) if typed.isdecimal() and len(typed) < 9 else None
        if found is None:
            return None
        at = asked.get("at", "")
        title = self.title_of(found, words)
        return Notice(title if at == NOTICE_UNDONE else words.say("saved", title=title), found.number, at)

    def title_of(self, save: Saved, words: Words) -> str:
        """Return the title of a save in the reader's language."""
        first, turns = self.workspace.files.first_of(save.number)
        if first is None:
            return save.title
        campaign = self.workspace.last_campaign if first.names else None
        ui_language = self._spoken(campaign, words) if campaign else None
        named = {
            each: name
            for each, of in first.names.items()
            if campaign and ui_language and (name := current_name(campaign, ui_language, words, of))
        }
        title = words.translate_again(first.title, first.key, {**first.given, **named})
        return words.say("undone" if turns % 2 else "redone", title=title) if turns else title

    def way(self, problem: Problem) -> str:
        """Return where at the desk a problem can be fixed, or ''."""
        return fix_url(problem, self.workspace.last_campaign)

    def go(self, path: str, saved: int | str = "", at: str = "") -> RedirectResponse:
        """Redirect to a page of the desk.

        Args:
            path: below the key
            saved: the number of a save, or the code of a notice to show
            at: the part of the page that shows it.
        """
        if saved != "":
            path += f"{'&' if '?' in path else '?'}saved={saved or NOTICE_UNCHANGED}{f'&at={at}' if at else ''}#saved"
        return RedirectResponse(self.link(path), 303)

    def below_dist(self, name: str) -> Path:
        """Return a file of dist/.

        Raises:
            NotOurs: there is no such file.
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
        """Keep a form while another is filled in, and return its key."""
        key = secrets.token_urlsafe(8)
        self._waiting[key] = WaitingForm(back, form)
        for old in list(self._waiting)[:-MAX_WAITING_FORMS]:
            del self._waiting[old]
        return key

    def waiting_form(self, key: str) -> WaitingForm | None:
        """Return a waiting form."""
        return self._waiting.get(key)

    # Routes

    def get(self, path: str, show: Show, reads: bool = True) -> Route:
        """Return the route of a page. With `reads=False` it doesn't wait until the campaign is read."""

        def shown(request: Request) -> Response:
            if reads and _is_opened(request) and not self.workspace.is_read_within(READING_NOTICE_AFTER_S):
                return self.page(request, "reading.html", is_read=False)
            return show(request)

        async def answer(request: Request) -> Response:
            response = await self._handle_errors(request, lambda: shown(request))
            return restored(self, request, response) if "restore" in request.query_params else response

        return Route(path, answer, methods=["GET"])

    def post(self, path: str, take: Take) -> Route:
        """Return the route of an action, which only the desk's own pages can send."""

        async def answer(request: Request) -> Response:
            async with request.form(max_files=20, max_fields=5000, max_part_size=64_000_000) as form:
                token = request.headers.get(TOKEN) or str(form.get("token", ""))
                if not self.guard.is_ours(token):
                    return HTMLResponse(bare_page("not-saved.html", fields=typed_fields(form.multi_items())), 403)
                self.remember_typed(request, form.multi_items())
                is_unasked = TOKEN not in request.headers and not form.get("sure-long")
                if is_unasked and any(each.is_long for each in typed_fields(form.multi_items())):
                    return self.page(request, "long.html", 422, sure=True)
                response = await self._handle_errors(request, lambda: take(request, form))
                if _is_saved(request, response):
                    self.drafts.drop(str(form.get(DRAFT, "")))
                return response

        return Route(path, answer, methods=["POST"])

    async def _handle_errors(self, request: Request, work: Callable[[], Response]) -> Response:
        try:
            return await run_in_threadpool(work)
        except Exception as error:  # nothing was saved, and the desk keeps running
            return await answer_failure(self, request, error)


def _is_saved(request: Request, response: Response) -> bool:
    to = response.headers.get("location", response.headers.get("hx-redirect", ""))
    return getattr(request.state, "is_saved", False) or "saved=" in to or "/jobs/" in to


def _is_lost(problem: Problem) -> bool:
    return problem.id in UNREADABLE and problem.where.startswith(f"{FOLDER}/")


def _is_opened(request: Request) -> bool:
    asked = request.headers
    whole = asked.get("sec-fetch-dest", "document") == "document" and "hx-request" not in asked
    return whole and "text/html" in asked.get("accept", "")


def field_text(form: Mapping[str, Any], name: str) -> str:
    """Return the text of a field, or ''."""
    return str(form.get(name, "")).replace("\r\n", "\n").strip()
