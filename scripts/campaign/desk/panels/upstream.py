"""What the campaign that ours was taken over from says by now, sentence by sentence: taken one by one, or left.

Its folder lies outside ours, where the desk opens nothing: somebody sends it as a zip, which is compared in .build/.
"""

from __future__ import annotations

import shutil
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from starlette.datastructures import FormData, UploadFile
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from campaign.cache.atomic import WORK
from campaign.content import load
from campaign.content.drafts import STAMPED
from campaign.content.sources import FILE as SOURCES
from campaign.content.upstream import Done, Upstream, stamp_what_follows
from campaign.content.upstream_base import BASE, TAKEN
from campaign.content.upstream_changes import GONE_FILE, OTHER_FILE, Change
from campaign.desk.desk import Desk, one
from campaign.desk.files import TOPS
from campaign.desk.lists import part_of
from campaign.desk.received_campaign import refusal, unpack_campaign
from campaign.models.problem import CampaignError

FOLDER = f"{WORK}/desk/upstream"
# Templates run as programs: whoever takes those over looks at them elsewhere.
HERE = tuple(f"{top}/" for top in TOPS)


def routes(desk: Desk) -> list[Route]:
    """The pages of this panel; in the menu of a campaign that was taken over."""
    if (desk.workspace.root / TAKEN).is_file():
        desk.menu.append(("/upstream", "upstream"))
    panel = _Panel(desk)
    return [
        desk.get("/upstream", panel.show),
        desk.post("/upstream", panel.receive),
        desk.post("/upstream/take", panel.take),
    ]


@dataclass(frozen=True)
class _Found:
    """What came of comparing. upstream: None where it was refused."""

    upstream: Upstream | None = None
    changes: tuple[Change, ...] = ()
    refusal: CampaignError | None = None


class _Panel:
    def __init__(self, desk: Desk) -> None:
        self.desk, self.workspace = desk, desk.workspace
        self.folder = self.workspace.root / FOLDER
        self._found: _Found | None = None
        self._lock, self._reader = threading.Lock(), threading.Thread()

    def show(self, request: Request) -> Response:
        found = self._compared()
        template = "upstream-part.html" if "hx-request" in request.headers else "upstream.html"
        if found and found.refusal:
            shutil.rmtree(self.folder, ignore_errors=True)
            self._found = None
            return self.desk.page(request, "problems.html", 409, problems=found.refusal.problems, broken="")
        changes = found.changes if found else ()
        return self.desk.page(
            request,
            template,
            is_working=self.folder.is_dir() and found is None,
            is_read=found is not None,
            part=part_of(changes, request),
            ours=sum(each.is_ours for each in changes),
            free=sum(_is_free(each) for each in changes),
            way=self._way,
            can_take=_can_take,
        )

    def _compared(self) -> _Found | None:
        """What changed; None while it is looked at, or where nothing was sent."""
        with self._lock:
            if self._found is None and self.folder.is_dir() and not self._reader.is_alive():
                self._reader = threading.Thread(target=self._compare, daemon=True)
                self._reader.start()
            reader = self._reader
        if reader.is_alive():
            reader.join(0.5)
        return self._found

    def _compare(self) -> None:
        try:
            upstream = Upstream(self.workspace.campaign, load(self.folder)[0])
            self._found = _Found(upstream, tuple(upstream.changes()))
        except CampaignError as error:
            self._found = _Found(refusal=error)
        except (OSError, ValueError) as error:  # what was sent is no campaign that can be read
            self._found = _Found(refusal=refusal(f"it cannot be read ({error})"))

    def receive(self, request: Request, form: FormData) -> Response:  # noqa: ARG002
        sent = form.get("file")
        if isinstance(sent, UploadFile) and sent.filename:
            if self._reader.is_alive():
                self._reader.join()
            with self.workspace.received(sent.filename, sent.file) as file:
                unpack_campaign(file, self.folder)
            self._found = None
        return self.desk.go("/upstream")

    def take(self, request: Request, form: FormData) -> Response:
        """One change is taken, or left; or all that the office did not change itself."""
        found, key, is_left = self._found, one(form, "key"), one(form, "do") == "leave"
        if found is None or found.upstream is None:
            return self.desk.go("/upstream")
        upstream, is_all = found.upstream, one(form, "do") == "all"
        among = [each for each in found.changes if (_is_free(each) if is_all else each.key == key)]
        if not among or not (is_left or all(map(_can_take, among))):
            raise LookupError(key)
        wanted = [] if is_left else [each.key for each in among]
        done, saved = self.workspace.files.record(
            self.desk.words(request).say("did-upstream", name=among[0].name, count=len(among)),
            self.desk.you,
            _names(among),
            lambda: self._do(upstream, wanted, [key] if is_left else [], among),
        )
        gone = {each.key for each in among} - {each.key for each in done.by_hand}
        self._found = _Found(upstream, tuple(each for each in found.changes if each.key not in gone))
        if "hx-request" in request.headers:
            return self.desk.page(request, "upstream-done.html", change=among[0], is_left=is_left, done=done)
        return self.desk.go("/upstream", saved)

    def _do(self, upstream: Upstream, wanted: Sequence[str], left: Sequence[str], among: Sequence[Change]) -> Done:
        done = upstream.take(wanted, left, among)
        stamp_what_follows(upstream, load(self.workspace.root)[0], done.files)
        return done

    def _way(self, change: Change) -> str:
        """Where at the desk the file is; '' where a text editor is needed."""
        source = self.workspace.lately[0].source_language.code
        if change.name == SOURCES:
            return f"/sources/{quote(change.unit.kind.split('.')[0])}" if change.own and change.unit else "/sources"
        is_there = (self.workspace.root / change.name).is_file()
        if not is_there or not change.language or change.kind == OTHER_FILE:
            return ""
        if change.language != source:
            return f"/translate/{change.language}/{quote(change.path)}"
        return f"/texts/{change.language}/{quote(change.path)}" if change.path.endswith(".md") else ""


def _can_take(change: Change) -> bool:
    return change.kind != GONE_FILE and change.name.startswith(HERE)


def _is_free(change: Change) -> bool:
    """Whether the office has not changed it."""
    return _can_take(change) and not change.is_ours


def _names(changes: Sequence[Change]) -> list[str]:
    """The files that taking them may change."""
    names = {TAKEN: None}
    for each in changes:
        if _can_take(each):
            names |= {each.name: None}
        if each.kind != OTHER_FILE:
            names |= dict.fromkeys((f"{BASE}/{each.path}.json", f"{STAMPED}/{each.path}.json"))
    return list(names)
