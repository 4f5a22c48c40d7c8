"""Photos resized for sending: dropped in, and given back as a zip. It needs no campaign, and changes none."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.datastructures import UploadFile
from starlette.responses import Response

from campaign.cache.archive import zip_bytes
from campaign.content import clock
from campaign.content.photos import ENDINGS
from campaign.desk.naming import shape_name
from campaign.desk.panel import Panel, Refused, get, post
from campaign.models.formats import PHONE, Destination
from campaign.models.problem import Problem
from campaign.pipeline.resizing import ResizedPhoto, destinations_of, read_photos_to_resize, resize_photos, typed_rights

ZIP_NAME = "pictures.zip"
SUMMARY = "summary.txt"


class Resizing(Panel):
    @property
    def _destinations(self) -> Mapping[str, Destination]:
        """The campaign's destinations of photos; those of the program where no campaign can be read."""
        return destinations_of(self.root if self.readable else None)

    @get("/resize")
    def show(self) -> Response:
        return self.show_refused(Refused("", 200))

    @post("/resize")
    def resize(self) -> Response:
        uploads = [item for item in self.form.getlist("file") if isinstance(item, UploadFile) and item.filename]
        known = self._destinations
        chosen = {name: known[name] for name in map(str, self.form.getlist("to")) if name in known}
        rights, problems = typed_rights(self.form_value("credit"), self.form_value("licence"))
        if problems:
            raise Refused(self.words.localise(problems[0]))
        for is_missing, message in (
            (not uploads, "photo-choose"),
            (not chosen, "resize-where"),
            (not self.form.get("agreed"), "resize-agreed-needed"),
        ):
            if is_missing:
                raise Refused(self.words[message])
        with ExitStack() as stack:
            files = [stack.enter_context(self.workspace.received(str(item.filename), item.file)) for item in uploads]
            out = Path(stack.enter_context(TemporaryDirectory()))
            results = resize_photos(read_photos_to_resize(None, files, rights, clock.now().date()), chosen, out)
            if problems := [problem for result in results for problem in result.problems]:
                raise Refused(self.words["resize-refused"], problems=problems)
            members = {
                artifact.output.path: artifact.file.read_bytes() for item in results for artifact in item.artifacts
            }
            members[SUMMARY] = ("\n".join(self._summary(results)) + "\n").encode()
        fields = {"Content-Disposition": f'attachment; filename="{ZIP_NAME}"'}
        return Response(zip_bytes(members, clock.now().date()), media_type="application/zip", headers=fields)

    def _summary(self, results: Sequence[ResizedPhoto]) -> Iterator[str]:
        """Yield a line for each picture: its path, its size, what a crop left, and the credit that it carries."""
        for item in results:
            for artifact in item.artifacts:
                size = f"{artifact.width} × {artifact.height} px", f"{artifact.bytes / 1000:.0f} kB"
                parts = artifact.output.path, *size, item.lost_edges(artifact), item.photo.rights.line
                yield "  ".join(filter(None, parts))

    def show_refused(self, refusal: Refused) -> Response:
        language = self.ui_language if self.readable else None
        chosen = self.form.getlist("to") if self.request.method == "POST" else [PHONE]
        problems: list[Problem] = list(refusal.problems)
        return self.page(
            "resize.html",
            refusal,
            endings=", ".join(ENDINGS),
            shapes=[(name, shape_name(name, language, self.words)) for name in self._destinations],
            has_campaign=bool(self.readable),
            chosen=chosen,
            credit=self.form_value("credit") if self.request.method == "POST" else "",
            licence=self.form_value("licence") if self.request.method == "POST" else "",
            faults=[f"{problem.where}: {self.words.localise(problem)}" for problem in problems],
        )
