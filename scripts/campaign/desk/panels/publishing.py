"""Publish: build, see what would change, put it online, take it back; and copies on a stick."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from campaign.cache.atomic import WORK, write_whole
from campaign.desk.desk import Desk, one

# Where it was published from this computer, the latest first; no secret stands in an address.
TARGETS, MOST = f"{WORK}/desk/targets.json", 6
# What the buttons ask for, and what `campaign publish` is told.
WAYS = {"look": ["--dry-run"], "go": [], "undo": ["--rollback"]}


def routes(desk: Desk) -> list[Route]:
    """The pages of this panel."""
    desk.menu.append(("/publish", "publish"))
    panel = _Publishing(desk)
    return [
        desk.get("/publish", panel.show),
        desk.post("/publish/build", panel.build),
        desk.post("/publish/stick", panel.stick),
        desk.post("/publish", panel.publish),
    ]


class _Publishing:
    def __init__(self, desk: Desk) -> None:
        self.desk, self.root = desk, desk.workspace.root

    def show(self, request: Request) -> Response:
        return self._show(request)

    def _show(self, request: Request, status: int = 200, message: str = "") -> Response:
        site = self.root / "site" / "index.html"
        built = datetime.fromtimestamp(site.stat().st_mtime) if site.is_file() else None
        return self.desk.page(
            request,
            "publish.html",
            status,
            built=built,
            is_old=bool(built and built.timestamp() < self.desk.workspace.changed_at),
            targets=self._targets(),
            message=message,
        )

    def build(self, request: Request, form: FormData) -> Response:
        arguments = ["build", "--release"] if one(form, "release") else ["build"]
        job = self.desk.jobs.start(self.desk.words(request)["did-build"], arguments, "/publish")
        return self.desk.go(f"/jobs/{job.number}")

    def publish(self, request: Request, form: FormData) -> Response:
        target, way = one(form, "target"), one(form, "way")
        if not target or target.startswith("-") or way not in WAYS:
            return self._show(request, 422, self.desk.words(request)["publish-where"])
        self._keep(target)
        title = self.desk.words(request).say(f"did-publish-{way}", name=target)
        job = self.desk.jobs.start(title, ["publish", *WAYS[way], "--", target], "/publish")
        return self.desk.go(f"/jobs/{job.number}")

    def stick(self, request: Request, form: FormData) -> Response:
        folder = one(form, "folder")
        if not folder or not Path(folder).expanduser().is_absolute():
            return self._show(request, 422, self.desk.words(request)["stick-where"])
        arguments = ["stick", *(["--prints"] if one(form, "prints") else []), "--", str(Path(folder).expanduser())]
        job = self.desk.jobs.start(self.desk.words(request).say("did-stick", name=folder), arguments, "/publish")
        return self.desk.go(f"/jobs/{job.number}")

    def _targets(self) -> list[str]:
        try:
            found = json.loads((self.root / TARGETS).read_bytes())
        except (OSError, ValueError):
            return []
        return [str(each) for each in found][:MOST] if isinstance(found, list) else []

    def _keep(self, target: str) -> None:
        kept = list(dict.fromkeys([target, *self._targets()]))[:MOST]
        write_whole(self.root / TARGETS, json.dumps(kept, ensure_ascii=False).encode())
