"""The saves at the desk, and undoing them."""

from __future__ import annotations

from starlette.responses import Response

from campaign.checks.renamed import renamed_at
from campaign.desk.files import ConflictError
from campaign.desk.lists import paginate
from campaign.desk.naming import GENERATED_FOLDERS, file_name
from campaign.desk.panel import NOTICE_UNDONE, Panel, get, post

MAX_NAMED_FILES = 3


class History(Panel):
    menu = ("/history", "history")

    @get("/history")
    def show(self) -> Response:
        words, part = self.words, paginate(self.files.history(), self.request)
        campaign = self.readable  # undoing a save may repair it
        rows = []
        for save in part.rows:
            names = [path for path in save.files if not path.startswith(GENERATED_FOLDERS)] or save.files
            rows.append(
                (save, self.desk.title_of(save, words), [(path, file_name(campaign, words, path)) for path in names])
            )
        missing_files = {save.missing_file for save in part.rows if save.missing_file} if campaign else set()
        renamed = {name: path for name in sorted(missing_files) if campaign and (path := renamed_at(campaign, name))}
        return self.page("history.html", part=part, rows=rows, most=MAX_NAMED_FILES, renamed=renamed)

    @post("/history/{number:int}/undo")
    def undo(self) -> Response:
        words, files = self.words, self.files
        number = self.path["number"]
        first, undo_count = files.root_save(number)
        title = self.desk.title_of(first, words) if first else ""
        try:
            saved = files.undo(
                number, words.say("redone" if undo_count % 2 else "undone", title=title), self.desk.user_name
            )
        except ConflictError as error:
            is_gone, campaign = not files.path(error.name).exists(), self.readable
            renamed = renamed_at(campaign, error.name) if is_gone and campaign else None
            return self.page("changed-since.html", 409, name=error.name, is_gone=is_gone, renamed=renamed)
        return self.go("/history", saved, NOTICE_UNDONE)
