"""What the editor requests while somebody types: problems, previews and completions."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from pathlib import Path
from typing import Any

from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response

from campaign.desk.desk import SANDBOX_CSP
from campaign.desk.files import NotOurs
from campaign.desk.page_file import PageFile
from campaign.desk.panel import Panel, get, post
from campaign.document.reader import CLASSES
from campaign.document.shortcodes import SHORTCODES
from campaign.models.page import address_of
from campaign.models.problem import Problem
from campaign.serve.preview_process import NoPreview, PreviewProcess

# For a page in its frame: no scripts, no requests to elsewhere.
POLICY = (
    "sandbox allow-same-origin; default-src 'none'; img-src 'self' data:; font-src 'self' data:; "
    "style-src 'self' 'unsafe-inline'; media-src 'self'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'"
)


class Previews(Panel):
    """Requests of the editor."""

    @post("/text-check/{language}/{path:path}")
    def check(self) -> Response:
        then = self._told()
        return self._answer(self.workspace.page_previews, "check", str(self.form.get("text", "")), then=then)

    @post("/text-page/{language}/{path:path}")
    def typed_page(self) -> Response:
        def kept(html: str) -> dict[str, Any]:
            self.memory[address_of(self.path["language"], self.path["path"])] = html
            return {"html": html}

        given = (str(self.form.get("text", "")), self.typed("pseudo"))
        return self._answer(self.workspace.page_previews, "page", *given, then=kept)

    @post("/text-sides/{language}/{path:path}")
    def sides(self) -> Response:
        wishes = (self.typed(name) for name in ("format", "place", "known", "pseudo"))
        text, then = str(self.form.get("text", "")), self._told()
        return self._answer(self.workspace.print_previews, "sides", text, *wishes, then=then)

    def _told(self) -> Callable[[Any], Any]:
        words = self.words

        def told(found: dict[str, Any]) -> dict[str, Any]:
            for each in found["problems"]:
                problem = Problem(*(each[part] for part in ("id", "where", "what", "fix")))
                if words.of_problem(problem.id):
                    each |= {"what": words.told(problem), "fix": "", "whole": f"{problem.what} {problem.fix}"}
            return found

        return told

    def _answer(
        self,
        process: PreviewProcess,
        name: str,
        text: str,
        *given: str,
        then: Callable[[Any], Any] = lambda found: found,
    ) -> Response:
        language, path = self.path["language"], self.path["path"]
        campaign, version = self.workspace.cached_campaign
        _ = PageFile.read(self.files, campaign, language, path)
        plain = text.replace("\r\n", "\n")
        try:
            found = process.ask(version, name, language, path, plain, *given)
        except NoPreview as error:
            words = self.words
            said = words["preview-late"] if error.is_late else words.say("preview-none", said=str(error)[:300])
            return JSONResponse({"said": said}, 503)
        return JSONResponse(then(found))

    @get("/text-known/{language}/{path:path}")
    def known(self) -> Response:
        campaign, language = self.campaign, self.path["language"]
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

    @get("/pictograms/{name}")
    def pictogram(self) -> Response:
        path = self.campaign.pictograms[self.path["name"]]
        name = path.relative_to(self.root).as_posix()
        return FileResponse(self.files.path(name), media_type="image/svg+xml", headers=SANDBOX_CSP)

    @get("/preview/{address:path}")
    def shown(self) -> Response:
        address = self.path["address"]
        policy = {"Content-Security-Policy": POLICY}
        if address in self.memory:
            return HTMLResponse(self.memory[address], headers=policy)
        path = self._beside(address)
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return FileResponse(path, media_type=kind, headers=policy)

    def _beside(self, address: str) -> Path:
        site = self.root / "site"
        parts = address.split("/")
        path = site.joinpath(*parts)
        is_plain = not any(part in ("", ".", "..") or set(part) & set("\\:\0") for part in parts)
        if is_plain and path.is_file() and path.resolve().is_relative_to(site.resolve()):
            return path
        written = self.files.path(f"docs/{address}")
        if not written.is_file():
            raise NotOurs(address)
        return written
