"""New texts: what somebody says of a page, leaflet, poster or release before it is begun."""

from __future__ import annotations

from datetime import datetime

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from campaign.content import clock
from campaign.desk.desk import ALONE, BEGUN, Desk, one
from campaign.desk.files import Change, version_of
from campaign.desk.new_page import KINDS, ZONES, NewPage, drawings, files_of, folder_of
from campaign.desk.words import languages
from campaign.plan.finder import audience_name

# The hour that is proposed for a release.
OFFICE_OPENS = "09:00"


def routes(desk: Desk) -> list[Route]:
    """The pages of this panel, to which that of texts leads."""
    panel = _NewTexts(desk)
    return [
        desk.get("/texts/new", panel.new),
        desk.post("/texts/new", panel.add),
        desk.get("/drawings/{name}", panel.drawing),
    ]


class _NewTexts:
    def __init__(self, desk: Desk) -> None:
        self.desk, self.workspace = desk, desk.workspace

    def new(self, request: Request) -> Response:
        released = f"{clock.now().date()}T{OFFICE_OPENS}"
        return self._new(request, NewPage(request.query_params.get("kind", KINDS[0]), released=released))

    def _new(self, request: Request, wish: NewPage, problem: str = "", wrong: str = "") -> Response:
        campaign, spoken = self.workspace.campaign, self.desk.spoken(request)
        arts = drawings(campaign, spoken.code)
        return self.desk.page(
            request,
            "text-new.html",
            422 if problem else 200,
            wish=wish,
            source=campaign.source_language,
            kinds=KINDS,
            arts=arts,
            art=wish.art or (arts[0][0] if arts else ""),
            zones=ZONES,
            here=datetime.now().astimezone().isoformat(timespec="minutes")[-6:],
            audiences=[(name, audience_name(spoken, name)) for name in campaign.audiences],
            problem=problem,
            wrong=wrong,
        )

    def drawing(self, request: Request) -> Response:
        """What a poster shows, without room for words where there is such a picture."""
        poster = self.workspace.campaign.posters[request.path_params["name"]]
        path = poster.cover if poster.cover.is_file() else poster.art
        name = path.relative_to(self.workspace.root).as_posix()
        return FileResponse(self.workspace.files.path(name), media_type="image/svg+xml", headers=ALONE)

    def add(self, request: Request, form: FormData) -> Response:
        """A page from a sample; a poster with a drawing of its own, which begins as another's."""
        campaign, words = self.workspace.campaign, self.desk.words(request)
        wish = NewPage(
            one(form, "kind"),
            " ".join(one(form, "title").split()),
            one(form, "name"),
            one(form, "audience"),
            one(form, "art"),
            folder_of(campaign, one(form, "kind")),
            one(form, "released"),
            one(form, "embargo"),
            one(form, "zone"),
        )
        refused, wrong = wish.refusal(campaign, self.workspace.files)
        if refused:
            return self._new(request, wish, words.say(refused, name=wish.name), wrong)
        # It asks in the language that is to be written there, where the desk speaks that.
        new = files_of(campaign, wish, languages().get(campaign.source_language.code, words))
        changes: dict[str, Change] = {name: Change(version_of(None), data) for name, data in new.items()}
        saved = self.workspace.files.save(words.say("did-new-text", name=wish.title), self.desk.you, changes)
        return self.desk.go(f"/texts/{campaign.source_language.code}/{wish.path}", saved, BEGUN)
