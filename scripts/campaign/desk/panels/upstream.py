"""Changes in the campaign that this one was adopted from, sentence by sentence.

The desk doesn't open folders outside the campaign, so the other campaign is uploaded as a zip and compared in .build/.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from starlette.responses import Response

from campaign.cache.atomic import WORK
from campaign.content import load
from campaign.content.drafts import STAMPS_FOLDER
from campaign.content.sources import FILE as SOURCES
from campaign.content.upstream import AppliedChanges, Upstream, stamp_current_translations
from campaign.content.upstream_base import ADOPTED_FILE, BASE_FOLDER
from campaign.content.upstream_changes import KIND_DELETED_FILE, KIND_OTHER_FILE, Change
from campaign.desk.desk import Desk
from campaign.desk.files import EDITABLE_FOLDERS
from campaign.desk.lists import paginate
from campaign.desk.panel import Panel, get, post
from campaign.desk.received_campaign import refusal, unpack_campaign
from campaign.models.campaign import Campaign
from campaign.models.problem import CampaignError

FOLDER = f"{WORK}/desk/upstream"
# Templates are programs, and aren't taken over at the desk.
FOLDER_PREFIXES = tuple(f"{top}/" for top in EDITABLE_FOLDERS)


@dataclass
class _Comparison:
    """A comparison with an uploaded campaign, made in a thread."""

    ours: Campaign
    folder: Path
    is_done: bool = False
    upstream: Upstream | None = None
    changes: tuple[Change, ...] = ()
    refusal: CampaignError | None = None

    def __post_init__(self) -> None:
        self.reader = threading.Thread(target=self._compare, daemon=True)
        self.reader.start()

    def _compare(self) -> None:
        try:
            self.upstream = Upstream(self.ours, load(self.folder)[0])
            self.changes = tuple(self.upstream.changes())
        except CampaignError as error:
            self.refusal = error
        except (OSError, ValueError) as error:  # the upload isn't a readable campaign
            self.refusal = refusal(f"it cannot be read ({error})")
        self.is_done = True


class Upstreams(Panel):
    menu = ("/upstream", "upstream")
    _lock = threading.Lock()

    @classmethod
    def is_shown(cls, desk: Desk) -> bool:
        """Show it in adopted campaigns."""
        return (desk.workspace.root / ADOPTED_FILE).is_file()

    @property
    def folder(self) -> Path:
        return self.root / FOLDER

    @get("/upstream")
    def show(self) -> Response:
        result = self._compared()
        if result and result.refusal:
            shutil.rmtree(self.folder, ignore_errors=True)
            self.memory.clear()
            return self.page("problems.html", 409, problems=result.refusal.problems, broken="")
        changes = result.changes if result else ()
        return self.page(
            "upstream-part.html" if self.is_part else "upstream.html",
            is_working=self.folder.is_dir() and result is None,
            is_read=result is not None,
            part=paginate(changes, self.request),
            ours=sum(change.is_changed_here for change in changes),
            free=sum(_is_free(change) for change in changes),
            way=self._change_url,
            can_take=_can_take,
        )

    def _compared(self) -> _Comparison | None:
        with self._lock:
            if "found" not in self.memory and self.folder.is_dir():
                self.memory["found"] = _Comparison(self.campaign, self.folder)
            comparison: _Comparison | None = self.memory.get("found")
        if comparison and not comparison.is_done:
            comparison.reader.join(0.5)
        return comparison if comparison and comparison.is_done else None

    @post("/upstream")
    def receive(self) -> Response:
        if upload := self.upload:
            if result := self.memory.get("found"):
                result.reader.join()
            with self.workspace.received(upload.filename, upload.file) as file:
                unpack_campaign(file, self.folder)
            self.memory.clear()
        return self.go("/upstream")

    @post("/upstream/take")
    def take(self) -> Response:
        result, key, is_left = self.memory.get("found"), self.form_value("key"), self.form_value("do") == "leave"
        if result is None or not result.is_done or result.upstream is None:
            return self.go("/upstream")
        upstream, is_all = result.upstream, self.form_value("do") == "all"
        candidates = [change for change in result.changes if (_is_free(change) if is_all else change.key == key)]
        if not candidates or not (is_left or all(map(_can_take, candidates))):
            raise LookupError(key)
        keys = [] if is_left else [item.key for item in candidates]
        done, saved = self.files.record(
            self.words.say("did-upstream", name=candidates[0].name, count=len(candidates)),
            self.desk.user_name,
            _names(candidates),
            lambda: self._apply(upstream, keys, [key] if is_left else [], candidates),
        )
        unwanted_keys = {item.key for item in candidates} - {item.key for item in done.by_hand}
        result.changes = tuple(change for change in result.changes if change.key not in unwanted_keys)
        if self.is_part:
            return self.page("upstream-done.html", change=candidates[0], is_left=is_left, done=done)
        return self.go("/upstream", saved)

    def _apply(
        self, upstream: Upstream, keys: Sequence[str], skipped: Sequence[str], candidates: Sequence[Change]
    ) -> AppliedChanges:
        done = upstream.take(keys, skipped, candidates)
        stamp_current_translations(upstream, load(self.root)[0], done.files)
        return done

    def _change_url(self, change: Change) -> str:
        source = self.workspace.cached_campaign[0].source_language.code
        if change.name == SOURCES:
            return (
                f"/sources/{quote(change.unit.kind.split('.')[0])}" if change.own_unit and change.unit else "/sources"
            )
        is_there = (self.root / change.name).is_file()
        if not is_there or not change.language or change.kind == KIND_OTHER_FILE:
            return ""
        if change.language != source:
            return f"/translate/{change.language}/{quote(change.path)}"
        return f"/texts/{change.language}/{quote(change.path)}" if change.path.endswith(".md") else ""


def _can_take(change: Change) -> bool:
    return change.kind != KIND_DELETED_FILE and change.name.startswith(FOLDER_PREFIXES)


def _is_free(change: Change) -> bool:
    return _can_take(change) and not change.is_changed_here


def _names(changes: Sequence[Change]) -> list[str]:
    names = {ADOPTED_FILE: None}
    for change in changes:
        if _can_take(change):
            names |= {change.name: None}
        if change.kind != KIND_OTHER_FILE:
            names |= dict.fromkeys((f"{BASE_FOLDER}/{change.path}.json", f"{STAMPS_FOLDER}/{change.path}.json"))
    return list(names)
