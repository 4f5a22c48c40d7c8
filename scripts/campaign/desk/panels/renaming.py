"""Folders and files that have another name than they had: they are called so again by a button."""

from __future__ import annotations

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from campaign.checks.renamed import renames
from campaign.desk.desk import Desk, one
from campaign.desk.echoes import fold
from campaign.desk.files import NameTaken
from campaign.desk.plain_page import plain_path, renamed_page

# So many of a folder's files are named.
NAMED = 12


def routes(desk: Desk) -> list[Route]:
    """The pages of this panel, to which what is wrong with a folder leads."""

    def show(request: Request) -> Response:
        name = request.path_params["name"]
        path, campaign = desk.workspace.files.path(name), desk.workspace.campaign
        folded = fold(desk.workspace.problems[0], campaign)
        problems = [
            each
            for each in (*folded.alone, *(told for row in folded.echoes for told in row.told))
            if each.where == name
            or (each in folded.renamed and name in (folded.renamed[each].now, folded.renamed[each].was))
        ]
        files = sorted(each.relative_to(path).as_posix() for each in path.rglob("*") if each.is_file())
        if not files and not problems:
            raise LookupError(name)
        return desk.page(
            request,
            "folder.html",
            name=name,
            renamed=next((each for each in renames(campaign) if name in (each.now, each.was)), None),
            problems=problems,
            files=files[:NAMED],
            count=len(files),
        )

    def rename(request: Request, form: FormData) -> Response:
        now, was, words = one(form, "now"), one(form, "was"), desk.words(request)
        # No other name is given than one that something had.
        each = next((row for row in renames(desk.workspace.campaign) if (row.now, row.was) == (now, was)), None)
        if each is None:
            raise LookupError(now)
        title = words.say("did-rename", now=now, was=was)
        try:
            saved = desk.workspace.files.rename(title, desk.you, now, was)
        except NameTaken:
            return desk.page(request, "refused.html", 409, said=words.say("name-taken", name=was))
        return desk.go("/", saved)

    def make_plain(request: Request, form: FormData) -> Response:  # noqa: ARG001
        campaign, path = desk.workspace.campaign, request.path_params["path"]
        plain, known = plain_path(campaign, path), {each for _, each in (*campaign.pages, *campaign.withheld)}
        if path not in known or not plain:
            raise LookupError(path)
        title = desk.words(request).say("did-rename-plain", now=path, name=plain)
        changes = renamed_page(campaign, desk.workspace.files, path, plain)
        return desk.go("/", desk.workspace.files.save(title, desk.you, changes))

    return [
        desk.post("/plain/{path:path}", make_plain),
        desk.get("/folder/{name:path}", show),
        desk.post("/rename", rename),
    ]
