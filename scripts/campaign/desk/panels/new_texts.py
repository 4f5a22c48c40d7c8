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

OFFICE_OPENS = "09:00"


class NewTexts(Panel):
    @get("/texts/new")
    def new(self) -> Response:
        released = f"{clock.now().date()}T{OFFICE_OPENS}"
        wish = NewPage(self.query_value("kind", KINDS[0]), released=released)
        return self.show_refused(Refused("", 200, wish=wish, problem="", wrong=""))

    def show_refused(self, refusal: Refused) -> Response:
        campaign, ui_language, wish = self.campaign, self.ui_language, refusal.shown["wish"]
        arts = drawings(campaign, ui_language.code)
        return self.page(
            "text-new.html",
            refusal,
            source=campaign.source_language,
            kinds=KINDS,
            arts=arts,
            art=wish.art or (arts[0][0] if arts else ""),
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
        wish = NewPage(kind, " ".join(self.form_value("title").split()), folder=folder_of(campaign, kind), **values)
        problem, word_key = wish.refusal(campaign, self.files)
        if problem:
            raise Refused("", wish=wish, problem=words.say(problem, name=wish.name), wrong=word_key)
        # Questions are in the source language, if the desk has it.
        new = files_of(campaign, wish, languages().get(campaign.source_language.code, words))
        changes: dict[str, Change] = {name: Change(version_of(None), data) for name, data in new.items()}
        saved = self.write(words.say("did-new-text", name=wish.title), changes)
        return self.go(f"/texts/{campaign.source_language.code}/{wish.path}", saved, NOTICE_DRAFT_STARTED)
