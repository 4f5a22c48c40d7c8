"""The answer to a failure: the reason, and the form with everything that was typed."""

from __future__ import annotations

import errno
import traceback
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Match, Route

from campaign.cache.atomic import WORK, write_whole
from campaign.content.contacts import FOLDER
from campaign.content.identity import FILE as IDENTITY
from campaign.content.sources import FILE as SOURCES
from campaign.desk.files import ConflictError, ForeignFileError, InvalidNameError
from campaign.desk.fix_urls import as_text
from campaign.desk.form_filling import DRAFT, fill_form
from campaign.desk.rendering import bare_page
from campaign.models.problem import CampaignError
from campaign.schema.yaml_edit import CannotEdit

if TYPE_CHECKING:
    from campaign.desk.desk import Desk
    from campaign.desk.panel import Panel

# Failures that aren't about the form's content, so that it can be sent again.
RETRY_TEMPLATES = ("refused.html", "by-hand.html", "fault.html")


async def answer_failure(panel: Panel, error: Exception) -> Response:
    """Explain why a request failed, on the page that sent it if possible."""
    template, status, context = _failure(panel, error)
    method = panel.request.method
    if method == "GET" and template == "problems.html" and context["broken"] and panel.is_part:
        return Response(headers={"HX-Refresh": "true"})
    if method == "POST" and template in RETRY_TEMPLATES and not panel.is_part:
        page = bare_page("failed.html", message=Markup(panel.part(template, "said", **context)))
        if response := await _restored_form(panel.desk, panel.request, status, page):
            return response
    return panel.page(template, status, **context)


def restored(panel: Panel, response: Response) -> Response:
    """Fill the draft that the address names into a page's form, or show it without a page if the form is gone."""
    draft = panel.desk.drafts.find(panel.query_value("restore"))
    if draft is None:
        return response
    values = [*draft.values, (DRAFT, draft.key)]
    page = _with_form(response, panel.desk.link(draft.action), values, response.status_code, "")
    if page is None:
        panel.remember_typed(values)
        return panel.page("missing.html", 404)
    return page


def _failure(panel: Panel, error: Exception) -> tuple[str, int, dict[str, Any]]:
    match error:
        case CampaignError():
            unreadable = panel.request.method if error is panel.workspace.read_error else ""
            return "problems.html", 409, {"problems": error.problems, "broken": unreadable}
        case ConflictError():
            return "changed.html", 409, {}
        case CannotEdit():
            text = as_text(_file_behind(panel.request.url.path))
            return "by-hand.html", 409, {"said": str(error), "text": text}
        case ForeignFileError() | LookupError() | OSError(errno=errno.ENAMETOOLONG):
            return "missing.html", 404, {}
        case InvalidNameError():
            return "refused.html", 422, {"said": f"“{error.name}”: {panel.words['new-name']}"}
        case OSError():
            return "refused.html", 500, {"said": f"{error.filename or ''}: {error.strerror or error}".lstrip(": ")}
    note = panel.root / WORK / "desk" / "fault.txt"
    try:
        write_whole(note, "".join(traceback.format_exception(error)).encode())
    except OSError as refused:  # a full disk, for example
        return "refused.html", 500, {"said": str(refused.strerror or refused)}
    return "fault.html", 500, {"name": f"{WORK}/desk/{note.name}"}


async def _restored_form(desk: Desk, request: Request, status: int, message: str) -> Response | None:
    form_items: list[tuple[str, str]] = request.state.posted
    for path, query in _origins(desk, request, dict(form_items).get(DRAFT, "")):
        scope = dict(request.scope, method="GET", path=path, raw_path=path.encode(), query_string=query.encode())
        for route in desk.routes:
            match, child = route.matches(scope)
            if match is not Match.FULL or not isinstance(route, Route):
                continue
            response = await route.endpoint(Request({**scope, **child}))
            action = desk.link(request.url.path)
            if page := _with_form(response, action, form_items, status, message):
                return page
    return None


def _origins(desk: Desk, request: Request, draft_key: str) -> Iterator[tuple[str, str]]:
    referer = urlsplit(request.headers.get("referer", ""))
    if referer.path.startswith(desk.guard.home):
        yield f"/{referer.path.removeprefix(desk.guard.home)}", referer.query
    if draft_key.startswith("/"):
        yield draft_key.split(" ")[0], ""
    yield request.url.path, ""


def _with_form(
    response: Response, action: str, values: list[tuple[str, str]], status: int, message: str
) -> Response | None:
    if response.status_code != 200 or not isinstance(response, HTMLResponse):
        return None
    page = fill_form(bytes(response.body).decode(), action, values, message)
    policy = {name: value for name, value in response.headers.items() if name == "content-security-policy"}
    return None if page is None else HTMLResponse(page, status, policy)


def _file_behind(path: str) -> str:
    panel, _, subpath = path.removeprefix("/").partition("/")
    name = subpath.partition("/")[0]
    files = {
        "contacts": f"{FOLDER}/{name}.yml",
        "sources": SOURCES,
        "look": IDENTITY,
        "photos": f"assets/photos/{name}.yml",
        "translate": f"docs/{subpath}",
    }
    return files.get(panel, "")
