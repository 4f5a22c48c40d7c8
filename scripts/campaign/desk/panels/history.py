"""What was saved at the desk, and taking it back."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from campaign.desk.desk import UNDONE, Desk
from campaign.desk.files import ChangedUnderneath
from campaign.desk.lists import part_of


def routes(desk: Desk) -> list[Route]:
    """The pages of this panel."""
    desk.menu.append(("/history", "history"))

    def show(request: Request) -> Response:
        part = part_of(desk.workspace.files.history(), request)
        return desk.page(request, "history.html", part=part)

    def undo(request: Request, form: FormData) -> Response:  # noqa: ARG001
        words, files = desk.words(request), desk.workspace.files
        number = request.path_params["number"]
        title, turns = files.first_of(number)
        try:
            saved = files.undo(number, words.say("redone" if turns % 2 else "undone", title=title), desk.you)
        except ChangedUnderneath as changed:
            return desk.page(request, "changed-since.html", 409, name=changed.name)
        return desk.go("/history", saved, UNDONE)

    return [desk.get("/history", show), desk.post("/history/{number:int}/undo", undo)]
