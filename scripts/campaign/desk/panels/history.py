"""What was saved at the desk, and taking it back."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from campaign.checks.renamed import renamed_at
from campaign.desk.desk import UNDONE, Desk
from campaign.desk.files import ChangedUnderneath
from campaign.desk.lists import part_of
from campaign.desk.named import by_people, file_name
from campaign.models.campaign import Campaign
from campaign.models.problem import CampaignError

# So many files of a save are named.
NAMED = 3


def routes(desk: Desk) -> list[Route]:
    """The pages of this panel."""
    desk.menu.append(("/history", "history"))

    def read() -> Campaign | None:
        try:
            return desk.workspace.campaign
        except CampaignError:  # what keeps it from being read may be what is to be taken back
            return None

    def show(request: Request) -> Response:
        words, part = desk.words(request), part_of(desk.workspace.files.history(), request)
        campaign = read()
        rows = [
            (
                save,
                desk.title_of(save, words),
                [(name, file_name(campaign, words, name)) for name in by_people(save.files)],
            )
            for save in part.rows
        ]
        gone = {save.gone for save in part.rows if save.gone} if campaign else set()
        renamed = {name: each for name in sorted(gone) if campaign and (each := renamed_at(campaign, name))}
        return desk.page(request, "history.html", part=part, rows=rows, most=NAMED, renamed=renamed)

    def undo(request: Request, form: FormData) -> Response:  # noqa: ARG001
        words, files = desk.words(request), desk.workspace.files
        number = request.path_params["number"]
        first, turns = files.first_of(number)
        title = desk.title_of(first, words) if first else ""
        try:
            saved = files.undo(number, words.say("redone" if turns % 2 else "undone", title=title), desk.you)
        except ChangedUnderneath as changed:
            is_gone, campaign = not files.path(changed.name).exists(), read()
            renamed = renamed_at(campaign, changed.name) if is_gone and campaign else None
            return desk.page(request, "changed-since.html", 409, name=changed.name, is_gone=is_gone, renamed=renamed)
        return desk.go("/history", saved, UNDONE)

    return [desk.get("/history", show), desk.post("/history/{number:int}/undo", undo)]
