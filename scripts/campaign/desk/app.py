"""The desk as an ASGI application: its panels, their shared routes and the guard."""

from __future__ import annotations

import json
from typing import Any

from starlette.applications import Starlette
from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from campaign.desk.desk import NOTICE_PROFILE, READING_NOTICE_AFTER_S, Desk, field_text
from campaign.desk.drafts import Draft
from campaign.desk.guard import Guard
from campaign.desk.panels import PANELS
from campaign.desk.publish_preview import with_titles, would_change
from campaign.desk.rendering import HERE
from campaign.desk.words import languages
from campaign.desk.workspace import Choices


def application(desk: Desk, port: int) -> Guard:
    """Return the desk behind its guard. `port` is the one that browsers have to name."""
    routes: list[Route | Mount] = [
        Mount("/client", StaticFiles(directory=HERE / "client")),
        desk.post("/ticket", lambda _, form: PlainTextResponse(desk.guard.ticket())),  # noqa: ARG005
        desk.post("/you", lambda request, form: _choose(desk, request, form)),
        desk.post("/drafts", lambda request, form: _keep_draft(desk, form)),  # noqa: ARG005
        desk.get("/alive", lambda _: Response(status_code=204), reads=False),
        desk.get("/reading", lambda request: _reading(desk, request), reads=False),
        desk.get("/mended", lambda _: _mended(desk), reads=False),
        desk.get("/jobs/{number:int}", lambda request: _job(desk, request), reads=False),
        desk.post("/jobs/{number:int}/stop", lambda request, form: _stop(desk, request, form)),
    ]
    for panel in PANELS:
        routes += panel.routes(desk)
    desk.routes = [*routes]
    # A form of a page from before an update: answer with what was typed.
    routes.append(desk.post("/{path:path}", _missing))
    routes.append(Route("/{path:path}", _nowhere, methods=["GET"]))
    desk.guard = Guard(Starlette(routes=routes), port)
    return desk.guard


async def _nowhere(request: Request) -> Response:  # noqa: ARG001
    return Response(status_code=404)


def _missing(request: Request, form: FormData) -> Response:  # noqa: ARG001
    raise LookupError


def _choose(desk: Desk, request: Request, form: FormData) -> Response:  # noqa: ARG001
    language = field_text(form, "language")
    desk.workspace.choose(Choices(field_text(form, "you")[:80], language if language in languages() else ""))
    back = field_text(form, "back")
    return desk.go(back if back.startswith("/") and not back.startswith("//") else "/", NOTICE_PROFILE)


def _keep_draft(desk: Desk, form: FormData) -> Response:
    try:
        if form.get("drop"):
            desk.drafts.drop(str(form["key"]))
        else:
            desk.drafts.keep(Draft.of(form["key"], form["at"], json.loads(str(form["values"]))))
    except (KeyError, ValueError, TypeError):
        return Response(status_code=400)
    return Response(status_code=204)


def _reading(desk: Desk, request: Request) -> Response:
    return desk.page(request, "reading-part.html", is_read=desk.workspace.is_read_within(READING_NOTICE_AFTER_S))


def _mended(desk: Desk) -> Response:
    is_read = desk.workspace.is_read_within(READING_NOTICE_AFTER_S) and not desk.workspace.read_error
    return HTMLResponse("<p data-read>") if is_read else Response(status_code=204)


def _job(desk: Desk, request: Request) -> Response:
    job = desk.jobs.find(request.path_params["number"])
    # Commands print English; the reason of a failure is shown in the desk's language too.
    state = job.state  # the job may end while the page is rendered
    is_done = state not in ("waiting", "working")
    problems, is_looked = job.problems if is_done and job.code else [], job.is_look and state == "done"
    campaign = (
        desk.workspace.campaign
        if (problems or is_looked) and desk.workspace.is_read_within(READING_NOTICE_AFTER_S)
        else None
    )
    problems = [with_titles(campaign, each) for each in problems]
    given: dict[str, Any] = {"job": job, "state": state, "is_done": is_done, "problems": problems, "changes": []}
    if is_looked:
        given["changes"] = list(would_change(campaign, job.lines))
    if "hx-request" not in request.headers:
        return desk.page(request, "job.html", **given)
    # Don't repeat to each poll what the page already shows.
    return desk.page(request, "job-part.html", **given, shown=request.query_params.get("shown", ""))


def _stop(desk: Desk, request: Request, form: FormData) -> Response:  # noqa: ARG001
    desk.jobs.stop(request.path_params["number"])
    return desk.go(f"/jobs/{request.path_params['number']}")
