"""Requests of the editor during typing: problems, previews and completions."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from typing import Any

from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response

from campaign.desk.files import ForeignFileError, below
from campaign.desk.page_file import PageFile
from campaign.desk.panel import SANDBOX_CSP, Panel, get, post
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
    @post("/text-check/{language}/{path:path}")
    def check(self) -> Response:
        return self._answer(self.workspace.page_previews, "check", convert=self._problem_context)

    @post("/text-page/{language}/{path:path}")
    def typed_page(self) -> Response:
        def kept(html: str) -> dict[str, Any]:
            self.memory[address_of(self.path["language"], self.path["path"])] = html
            return {"html": html}

        return self._answer(self.workspace.page_previews, "page", self.form_value("pseudo"), convert=kept)

    @post("/text-sides/{language}/{path:path}")
    def sides(self) -> Response:
        options = (self.form_value(name) for name in ("format", "place", "known", "pseudo"))
        return self._answer(self.workspace.print_previews, "sides", *options, convert=self._problem_context)

    def _problem_context(self, results: dict[str, Any]) -> dict[str, Any]:
        words = self.words
        for item in results["problems"]:
            problem = Problem(*(item[part] for part in ("id", "where", "what", "fix")))
            if words.of_problem(problem.id):
                item |= {"what": words.localise(problem), "fix": "", "whole": f"{problem.message} {problem.fix}"}
        return results

    def _answer(self, process: PreviewProcess, name: str, *value: str, convert: Callable[[Any], Any]) -> Response:
        language, path = self.path["language"], self.path["path"]
        campaign, version = self.workspace.cached_campaign
        _ = PageFile.read(self.files, campaign, language, path)
        text = str(self.form.get("text", "")).replace("\r\n", "\n")
        try:
            return JSONResponse(convert(process.ask(version, name, language, path, text, *value)))
        except NoPreview as error:
            words = self.words
            message = words["preview-late"] if error.is_late else words.say("preview-none", said=str(error)[:300])
            return JSONResponse({"said": message}, 503)

    @get("/text-known/{language}/{path:path}")
    def known(self) -> Response:
        campaign, language = self.campaign, self.path["language"]
        if language not in campaign.languages:
            raise LookupError(language)
        pages = []
        for page in campaign.pages.values():
            if page.language == language:
                headings = [
                    {"id": heading.to, "title": heading.words.strip()}
                    for heading in page.outline.headings
                    if heading.to
                ]
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
                "sources": [
                    {"id": source.id, "title": source.short or source.title} for source in campaign.sources.values()
                ],
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
        address, policy = self.path["address"], {"Content-Security-Policy": POLICY}
        if address in self.memory:
            return HTMLResponse(self.memory[address], headers=policy)
        path = below(self.root / "site", address) or self.files.path(f"docs/{address}")
        if not path.is_file():
            from campaign.website.later_css import (
                later_sheets,
            )  # slow to import, and needed only before the first build

            if sheet := later_sheets(self.campaign).get(address):
                return Response(sheet, media_type="text/css", headers=policy)
            raise ForeignFileError(address)
        kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
        return FileResponse(path, media_type=kind, headers=policy)
