"""What an editor asks while somebody types: what is wrong, how the page and the pieces look, what can be completed."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.routing import Route

from campaign.desk.desk import ALONE, Desk, one
from campaign.desk.files import NotOurs
from campaign.desk.page_file import PageFile
from campaign.document.reader import CLASSES
from campaign.document.shortcodes import SHORTCODES
from campaign.models.page import address_of
from campaign.models.problem import Problem
from campaign.serve.preview_process import NoPreview, PreviewProcess

# Of a page in its frame: pictures, letters and styles of our own; nothing runs, nothing is sent.
POLICY = (
    "sandbox allow-same-origin; default-src 'none'; img-src 'self' data:; font-src 'self' data:; "
    "style-src 'self' 'unsafe-inline'; media-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
)


def routes(desk: Desk) -> list[Route]:
    """What this panel answers."""
    panel = _Previews(desk)
    return [
        desk.post("/text-check/{language}/{path:path}", panel.check),
        desk.post("/text-page/{language}/{path:path}", panel.page),
        desk.post("/text-sides/{language}/{path:path}", panel.sides),
        desk.get("/text-known/{language}/{path:path}", panel.known),
        desk.get("/preview/{address:path}", panel.shown),
        desk.get("/pictograms/{name}", panel.pictogram),
    ]


class _Previews:
    def __init__(self, desk: Desk) -> None:
        self.desk, self.workspace = desk, desk.workspace
        # Pages as they were typed last, for their frames: address -> HTML.
        self._typed: dict[str, str] = {}

    def check(self, request: Request, form: FormData) -> Response:
        then = self._told(request)
        return self._answer(request, self.workspace.page_previews, "check", str(form.get("text", "")), then=then)

    def page(self, request: Request, form: FormData) -> Response:
        def kept(html: str) -> dict[str, Any]:
            self._typed[address_of(request.path_params["language"], request.path_params["path"])] = html
            return {"html": html}

        given = (str(form.get("text", "")), one(form, "pseudo"))
        return self._answer(request, self.workspace.page_previews, "page", *given, then=kept)

    def sides(self, request: Request, form: FormData) -> Response:
        wishes = (one(form, name) for name in ("format", "place", "known", "pseudo"))
        text, then = str(form.get("text", "")), self._told(request)
        return self._answer(request, self.workspace.print_previews, "sides", text, *wishes, then=then)

    def _told(self, request: Request) -> Callable[[Any], Any]:
        """Puts problems into the desk's language, with the English of them as `whole`."""
        words = self.desk.words(request)

        def told(found: dict[str, Any]) -> dict[str, Any]:
            for each in found["problems"]:
                problem = Problem(*(each[part] for part in ("id", "where", "what", "fix")))
                if words.of_problem(problem.id):
                    each |= {"what": words.told(problem), "fix": "", "whole": f"{problem.what} {problem.fix}"}
            return found

        return told

    def _answer(
        self,
        request: Request,
        process: PreviewProcess,
        name: str,
        text: str,
        *given: str,
        then: Callable[[Any], Any] = lambda found: found,
    ) -> Response:
        language, path = request.path_params["language"], request.path_params["path"]
        campaign, version = self.workspace.lately
        _ = PageFile.read(self.workspace.files, campaign, language, path)
        plain = text.replace("\r\n", "\n")
        try:
            found = process.ask(version, name, language, path, plain, *given)
        except NoPreview as error:
            words = self.desk.words(request)
            said = words["preview-late"] if error.is_late else words.say("preview-none", said=str(error)[:300])
            return JSONResponse({"said": said}, 503)
        return JSONResponse(then(found))

    def known(self, request: Request) -> Response:
        """What an editor completes."""
        campaign, language = self.workspace.campaign, request.path_params["language"]
        if language not in campaign.languages:
            raise LookupError(language)
        pages = []
        for page in campaign.pages.values():
            if page.language == language:
                headings = [{"id": each.to, "title": each.words.strip()} for each in page.outline.headings if each.to]
                pages.append({"path": page.path, "title": page.title, "headings": headings})
        rows = [
            {
                "name": row.name,
                "example": row.example,
                "about": row.about,
                "arguments": {key: sorted(values(campaign)) for key, values in row.arguments.items()},
            }
            for row in SHORTCODES.values()
        ]
        return JSONResponse(
            {
                "sources": [{"id": each.id, "title": each.short or each.title} for each in campaign.sources.values()],
                "pictograms": sorted(campaign.pictograms),
                "drawings": self.desk.link("pictograms/"),
                "shortcodes": rows,
                "classes": list(CLASSES),
                "pages": pages,
            }
        )

    def pictogram(self, request: Request) -> Response:
        """A pictogram, for the list from which somebody chooses."""
        path = self.workspace.campaign.pictograms[request.path_params["name"]]
        name = path.relative_to(self.workspace.root).as_posix()
        return FileResponse(self.workspace.files.path(name), media_type="image/svg+xml", headers=ALONE)

    def shown(self, request: Request) -> Response:
        """A page for its frame, or what lies beside it in the site that was built last."""
        address = request.path_params["address"]
        policy = {"Content-Security-Policy": POLICY}
        if address in self._typed:
            return HTMLResponse(self._typed[address], headers=policy)
        path = self._beside(address)
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return FileResponse(path, media_type=kind, headers=policy)

    def _beside(self, address: str) -> Path:
        """A file of the site that was built last, else one that lies beside pages in docs/.

        Raises:
            NotOurs: there is none.
        """
        site = self.workspace.root / "site"
        parts = address.split("/")
        path = site.joinpath(*parts)
        is_plain = not any(part in ("", ".", "..") or set(part) & set("\\:\0") for part in parts)
        if is_plain and path.is_file() and path.resolve().is_relative_to(site.resolve()):
            return path
        written = self.workspace.files.path(f"docs/{address}")
        if not written.is_file():
            raise NotOurs(address)
        return written
