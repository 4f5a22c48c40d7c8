"""The state that all requests share: the campaign, its files, jobs, drafts, waiting forms and the menu."""

from __future__ import annotations

import secrets
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from starlette.datastructures import FormData
from starlette.routing import BaseRoute

from campaign.desk.drafts import Drafts
from campaign.desk.files import ForeignFileError, Saved, below
from campaign.desk.fix_urls import fix_url
from campaign.desk.guard import Guard
from campaign.desk.jobs import Jobs
from campaign.desk.naming import current_name
from campaign.desk.words import Words
from campaign.desk.workspace import Workspace
from campaign.models.campaign import Campaign, Language
from campaign.models.problem import Problem

MAX_WAITING_FORMS = 20
PRINT_WORD_PREFIXES = ("pieces-", "format-")  # keys of the desk's words that name prints


@dataclass(frozen=True)
class WaitingForm:
    """A form that waits while another one is filled in."""

    return_url: str
    typed: FormData


class Desk:
    """One run of the desk. `guard` and `routes` are set by the application."""

    guard: Guard
    routes: Sequence[BaseRoute]

    def __init__(self, workspace: Workspace) -> None:
        self.workspace = workspace
        self.jobs = Jobs(workspace.root)
        # State of panels between requests, by class name.
        self.remembered: dict[str, dict[Any, Any]] = defaultdict(dict)
        self.drafts = Drafts(workspace.root)
        self._waiting_forms: dict[str, WaitingForm] = {}
        # Address and name of each panel in the menu.
        self.menu: list[tuple[str, str]] = []

    @property
    def user_name(self) -> str:
        """The name that saves carry, or ''."""
        return self.workspace.choices.you

    @property
    def campaign_id(self) -> str:
        """An id that tells this campaign's drafts from others in the same browser."""
        return sha256(str(self.workspace.root).encode()).hexdigest()[:12]

    def link(self, path: str) -> str:
        """Return the address of a page of the desk."""
        return self.guard.home + path.removeprefix("/")

    def fix_url(self, problem: Problem) -> str:
        """Return the desk's page for fixing a problem, or ''."""
        return fix_url(problem, self.workspace.last_campaign)

    def title_of(self, save: Saved, words: Words) -> str:
        """Return the title of a save in the reader's language."""
        first, undo_count = self.workspace.files.root_save(save.number)
        if first is None:
            return save.title
        campaign = self.workspace.last_campaign if first.names else None
        ui_language = ui_language_of(campaign, words) if campaign else None
        names = {
            key: name
            for key, entity in first.names.items()
            if campaign and ui_language and (name := current_name(campaign, ui_language, words, entity))
        }
        title = words.translate_again(first.title, first.key, {**first.given, **names})
        return words.say("undone" if undo_count % 2 else "redone", title=title) if undo_count else title

    def below_dist(self, name: str) -> Path:
        """Return a file of dist/."""
        if path := below(self.workspace.root / "dist", name):
            return path
        raise ForeignFileError(name)

    def store_form(self, return_url: str, form: FormData) -> str:
        """Keep a form while another is filled in, and return its key."""
        key = secrets.token_urlsafe(8)
        self._waiting_forms[key] = WaitingForm(return_url, form)
        for old in list(self._waiting_forms)[:-MAX_WAITING_FORMS]:
            del self._waiting_forms[old]
        return key

    def waiting_form(self, key: str) -> WaitingForm | None:
        """Return a waiting form."""
        return self._waiting_forms.get(key)


def ui_language_of(campaign: Campaign, words: Words) -> Language:
    """Return a campaign's language for its own words; its source language uses the desk's names of prints."""
    ui_language = campaign.languages.get(words.code)
    if ui_language and ui_language.has_words:
        return ui_language
    print_words = {key: text for key, text in words.items() if key.startswith(PRINT_WORD_PREFIXES)}
    return replace(campaign.source_language, strings={**campaign.source_language.strings, **print_words})


def field_text(form: Mapping[str, Any], name: str) -> str:
    """Return the text of a field, or ''."""
    return str(form.get(name, "")).replace("\r\n", "\n").strip()
