"""The desk as an ASGI application: its panels behind the guard."""

from __future__ import annotations

import json
from typing import Any

from starlette.applications import Starlette
from starlette.responses import HTMLResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from campaign.desk.desk import Desk
from campaign.desk.drafts import Draft
from campaign.desk.guard import Guard
from campaign.desk.jobs import planned_changes, with_titles
from campaign.desk.panel import NOTICE_PROFILE, READING_NOTICE_AFTER_S, Panel, get, post
from campaign.desk.panels import PANELS
from campaign.desk.rendering import TEMPLATE_FOLDER
from campaign.desk.words import languages
from campaign.desk.workspace import Choices


def application(desk: Desk, port: int) -> Guard:
    """Return the desk behind its guard. Browsers must name `port`."""
    routes: list[Route | Mount] = [Mount("/client", StaticFiles(directory=TEMPLATE_FOLDER / "client"))]
    panels: tuple[type[Panel], ...] = (SharedRequests, *PANELS, UnknownAddresses)
    routes += [route for panel in panels for route in panel.routes(desk)]
    desk.routes = routes
    desk.guard = Guard(Starlette(routes=routes), port)
    return desk.guard


class UnknownAddresses(Panel):
    """Addresses that no panel has."""

    @get("/{path:path}", reads=False)
    def show(self) -> Response:
        """Answer without a page, because browsers may request an icon."""
        return Response(status_code=404)

    @post("/{path:path}")
    def take(self) -> Response:
        """Answer a form of a page that is older than an update, and keep the input."""
        raise LookupError


class SharedRequests(Panel):
    """Requests by the scripts of all pages, and jobs."""

    @post("/ticket")
    def ticket(self) -> Response:
        """Return an address that opens the desk once."""
        return PlainTextResponse(self.desk.guard.ticket())

    @post("/you")
    def choose(self) -> Response:
        """Store the user's name and language."""
        language, return_url = self.form_value("language"), self.form_value("back")
        self.workspace.choose(Choices(self.form_value("you")[:80], language if language in languages() else ""))
        return self.go(
            return_url if return_url.startswith("/") and not return_url.startswith("//") else "/", NOTICE_PROFILE
        )

    @post("/drafts")
    def keep_draft(self) -> Response:
        """Store or delete a draft."""
        form = self.form
        try:
            if form.get("drop"):
                self.desk.drafts.drop(str(form["key"]))
            else:
                self.desk.drafts.keep(Draft.of(form["key"], form["at"], json.loads(str(form["values"]))))
        except (KeyError, ValueError, TypeError):
            return Response(status_code=400)
        return Response(status_code=204)

    @get("/alive", reads=False)
    def alive(self) -> Response:
        """Answer that the desk runs."""
        return Response(status_code=204)

    @property
    def _is_read(self) -> bool:
        return self.workspace.is_read_within(READING_NOTICE_AFTER_S)

    @get("/reading", reads=False)
    def reading(self) -> Response:
        """Show how much of the campaign is read."""
        return self.page("reading-part.html", is_read=self._is_read)

    @get("/mended", reads=False)
    def recovered(self) -> Response:
        """Tell whether the campaign can be read again."""
        is_read = self._is_read and not self.workspace.read_error
        return HTMLResponse("<p data-read>") if is_read else Response(status_code=204)

    @get("/jobs/{number:int}", reads=False)
    def job(self) -> Response:
        """Show a job. Commands print English; the reason of a failure is shown in the desk's language too."""
        job = self.desk.jobs.find(self.path["number"])
        state = job.state  # the job may end while the page is rendered
        is_done = state not in ("waiting", "working")
        problems = job.problems if is_done and (job.code or job.left_out) else []
        is_look_done = job.is_look and state == "done"
        campaign = self.campaign if (problems or is_look_done) and self._is_read else None
        problems = [with_titles(campaign, problem) for problem in problems]
        context: dict[str, Any] = {"job": job, "state": state, "is_done": is_done, "problems": problems, "changes": []}
        if is_look_done:
            context["changes"] = list(planned_changes(campaign, job.lines))
        if not self.is_part:
            return self.page("job.html", **context)
        # Don't repeat to each poll what the page already shows.
        return self.page("job-part.html", **context, shown=self.query_value("shown"))

    @post("/jobs/{number:int}/stop")
    def stop(self) -> Response:
        """Stop a job."""
        self.desk.jobs.stop(self.path["number"])
        return self.go(f"/jobs/{self.path['number']}")
