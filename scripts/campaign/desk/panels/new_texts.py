"""The form for a new page, leaflet, poster or release."""

from __future__ import annotations

from datetime import datetime

from starlette.responses import FileResponse, Response

from campaign.content import clock
from campaign.desk.files import Change, version_of
from campaign.desk.new_page import KINDS, ZONES, NewPage, drawings, files_of, folder_of
from campaign.desk.panel import NOTICE_DRAFT_STARTED, SANDBOX_CSP, Panel, Refused, get, post
from campaign.desk.words import languages
from campaign.plan.finder import audience_name

DEFAULT_RELEASE_TIME = "09:00"


class NewTexts(Panel):
    @get("/texts/new")
    def new(self) -> Response:
        released = f"{clock.now().date()}T{DEFAULT_RELEASE_TIME}"
        new_page = NewPage(self.query_value("kind", KINDS[0]), released=released)
        return self.show_refused(Refused("", 200, wish=new_page, problem="", wrong=""))

    def show_refused(self, refusal: Refused) -> Response:
        campaign, ui_language, new_page = self.campaign, self.ui_language, refusal.context["wish"]
        arts = drawings(campaign, ui_language.code)
        return self.page(
            "text-new.html",
            refusal,
            source=campaign.source_language,
            kinds=KINDS,
            arts=arts,
            art=new_page.art or (arts[0][0] if arts else ""),
            zones=ZONES,
            here=datetime.now().astimezone().isoformat(timespec="minutes")[-6:],
            audiences=[(name, audience_name(ui_language, name)) for name in campaign.audiences],
        )

    @get("/drawings/{name}")
    def drawing(self) -> Response:
        poster = self.campaign.posters[self.path["name"]]
        path = poster.cover if poster.cover.is_file() else poster.art
        name = path.relative_to(self.root).as_posix()
        return FileResponse(self.files.path(name), media_type="image/svg+xml", headers=SANDBOX_CSP)

    @post("/texts/new")
    def add(self) -> Response:
        campaign, words, kind = self.campaign, self.words, self.form_value("kind")
        values = {key: self.form_value(key) for key in ("name", "audience", "art", "released", "embargo", "zone")}
        new_page = NewPage(kind, " ".join(self.form_value("title").split()), folder=folder_of(campaign, kind), **values)
        problem, word_key = new_page.refusal(campaign, self.files)
        if problem:
            raise Refused("", wish=new_page, problem=words.say(problem, name=new_page.name), wrong=word_key)
        # Questions are in the source language, if the desk has it.
        new = files_of(campaign, new_page, languages().get(campaign.source_language.code, words))
        changes: dict[str, Change] = {name: Change(version_of(None), data) for name, data in new.items()}
        saved = self.write(words.say("did-new-text", name=new_page.title), changes)
        return self.go(f"/texts/{campaign.source_language.code}/{new_page.path}", saved, NOTICE_DRAFT_STARTED)
