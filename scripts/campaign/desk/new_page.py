"""A new page, leaflet, poster or release, in the source language: questions where its words will stand.

What somebody else's campaign says is no beginning for theirs, so begin/ has nothing but questions, `{{ ask: ... }}`, in
the desk's language: readers would see them, and no release goes out with one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from campaign.content import clock
from campaign.desk.drawing_words import asking, with_words
from campaign.desk.files import Files, NotOurs
from campaign.models.campaign import Campaign
from campaign.models.names import is_portable
from campaign.models.nodes import OPEN_HOLE
from campaign.models.page import Page

PAGE, LEAFLET, POSTER, RELEASE = "page", "leaflet", "poster", "release"
KINDS = (PAGE, LEAFLET, POSTER, RELEASE)
# Kind -> folder of the language.
FOLDERS = {PAGE: "", LEAFLET: "leaflets/", POSTER: "posters/", RELEASE: "releases/"}
BEGIN = Path(__file__).with_name("begin")
NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
FRONT = re.compile(r"\A---\n(.*?\n)---\n(.*)\Z", re.DOTALL)
# The words of a poster that are read from afar: every drawing has a place for them.
HEADLINE = "title"
KEY = r"^{key}:.*\n(?:[ \t]+.*\n)*"
# What is asked, by the key of the desk's words.
ASKED = re.compile(r"<([a-z-]+)>")
# How far clocks are from UTC, wherever people live.
ZONES = tuple(
    f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    for minutes in sorted({*range(-720, 841, 60), -570, -210, 210, 270, 330, 345, 390, 525, 570, 630, 765, 825})
)


@dataclass(frozen=True)
class NewPage:
    """What somebody wishes for.

    Attributes:
        name: of the file, without its ending.
        art: a folder of assets/posters/.
        folder: below the language's, where the campaign keeps such pages elsewhere than is meant.
        released, embargo: of a release, day and hour as typed; '' where it is not withheld.
        zone: one of ZONES; '' for that of this computer, as it is on that day.
    """

    kind: str
    title: str = ""
    name: str = ""
    audience: str = ""
    art: str = ""
    folder: str | None = None
    released: str = ""
    embargo: str = ""
    zone: str = ""

    @property
    def path(self) -> str:
        """From the language's folder."""
        return f"{FOLDERS[self.kind] if self.folder is None else self.folder}{self.name}.md"

    def moment(self, typed: str) -> datetime | None:
        """A day and an hour as a moment that everybody understands alike; None where they are none."""
        try:
            local = datetime.fromisoformat(typed) if ":" in typed else None
        except ValueError:
            return None
        if local is None or local.tzinfo:
            return local
        if not self.zone:
            return local.astimezone()
        return datetime.fromisoformat(f"{local.isoformat()}{self.zone}") if self.zone in ZONES else None

    def refusal(self, campaign: Campaign, files: Files) -> tuple[str, str]:
        """(a key of the desk's words, the field that it is about); two times '' where it can be made."""
        if self.kind not in KINDS or self.audience not in campaign.audiences or not self.title:
            return "new-incomplete", "title"
        if not NAME.fullmatch(self.name) or not is_portable(f"{self.name}.md"):
            return "new-name", "name"
        if any(word.lower() in self.name for word in campaign.avoided_words):
            return "new-avoided", "name"
        if self.kind in (LEAFLET, POSTER) and self.art not in campaign.posters:
            return "new-art", "art"
        if self.kind == RELEASE and (wrong := self._wrong_moment()):
            return wrong
        try:
            taken = [files.read(f"docs/{code}/{self.path}") for code in campaign.languages]
        except NotOurs:
            return "new-name", "name"
        is_taken = any(taken) or (self.kind == POSTER and (campaign.root / "assets/posters" / self.name).exists())
        return ("new-taken", "name") if is_taken else ("", "")

    def _wrong_moment(self) -> tuple[str, str] | None:
        released, embargo = self.moment(self.released), self.moment(self.embargo)
        if released is None:
            return "new-moment", "released"
        if not self.embargo:
            return None
        if embargo is None:
            return "new-moment", "embargo"
        if embargo < released:
            return "new-embargo-early", "embargo"
        return ("new-embargo-over", "embargo") if embargo <= clock.now() else None


def folder_of(campaign: Campaign, kind: str) -> str | None:
    """Where a campaign has its releases; None for what lies where it is meant to."""
    found = (path for (_, path), page in campaign.pages.items() if kind == RELEASE and page.release)
    path = next(found, None)
    return None if path is None else path[: path.rfind("/") + 1]


def drawings(campaign: Campaign, language: str) -> list[tuple[str, str]]:
    """(folder, what people call it) of each drawing: by the poster that has it, else its folder."""
    titles: dict[str, str] = {}
    for code in (campaign.source_language.code, language):
        drawn = (page for page in campaign.pages.values() if page.language == code and _is_drawn(campaign, page))
        titles |= {page.art: page.title for page in drawn if page.title}
    return [(name, titles.get(name) or name.replace("-", " ")) for name in campaign.posters]


def _is_drawn(campaign: Campaign, page: Page) -> bool:
    return any(campaign.formats[name].needs_drawing for name in page.formats)


def files_of(campaign: Campaign, wish: NewPage, words: Mapping[str, str]) -> dict[str, bytes]:
    """What is written, by name.

    Args:
        campaign: that it is for.
        wish: one that is not refused.
        words: the desk's, in which it asks.
    """
    source = campaign.source_language.code
    text = _with_front(_begin(campaign, wish, words), wish, words)
    made = {f"docs/{source}/{wish.path}": text.encode()}
    if wish.kind == POSTER:
        # A copy, so that another picture is put into this one alone.
        folder = campaign.root / "assets/posters" / wish.art
        for path in sorted(each for each in folder.rglob("*") if each.is_file() and not each.is_symlink()):
            made[f"assets/posters/{wish.name}/{path.relative_to(folder).as_posix()}"] = path.read_bytes()
    return made


def _begin(campaign: Campaign, wish: NewPage, words: Mapping[str, str]) -> str:
    """The text of a poster that has this drawing, since it knows the places for words there; else questions."""
    if wish.kind == POSTER:
        source = campaign.source_language.code
        for (code, _), page in campaign.pages.items():
            if code == source and page.art == wish.art and _is_drawn(campaign, page):
                return (campaign.root / page.where).read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    text = (BEGIN / f"{wish.kind}.md").read_text(encoding="utf-8")
    return ASKED.sub(lambda found: words[f"begin-{found[1]}"], text)


def _with_front(text: str, wish: NewPage, words: Mapping[str, str]) -> str:
    found = FRONT.match(text)
    assert found is not None
    front, body = found[1], found[2]
    front = _set(front, "title", json.dumps(wish.title, ensure_ascii=False))
    front = _set(front, "for", f"[{wish.audience}]")
    front = _set(front, "needs", None)
    front = _set(front, "tested", None)
    if wish.kind == LEAFLET:
        front = _set(front, "options", f"{{art: {wish.art}}}")
    if wish.kind == POSTER:
        # Of the poster that it begins as: nobody can say it before it is drawn.
        front = _set(front, "options", None)
        front = _set(front, "covers", None)
        for key, asked in (("description", "begin-piece-description"), ("alt", "begin-alt")):
            front = _set(front, key, json.dumps(f"{OPEN_HOLE}{words[asked]}]", ensure_ascii=False))
        body = asking(body, HEADLINE, lambda slot: words.get(f"begin-poster-{slot}") or words["begin-poster-other"])
        body = with_words(body, HEADLINE, wish.title)
    if wish.kind == RELEASE:
        front = _set(front, "headline", json.dumps(wish.title, ensure_ascii=False))
        front = _set(front, "release_date", _written(wish.moment(wish.released)))
        front = _set(front, "embargo", _written(wish.moment(wish.embargo)))
    return f"---\n{front}---\n{body}"


def with_embargo(text: str, typed: str) -> str:
    """The text of a release withheld until a day and an hour of this computer's clock; '' ends that.

    Args:
        text: of its file.
        typed: as a browser sends it; what is no moment changes nothing.
    """
    found, moment = FRONT.match(text.replace("\r\n", "\n")), NewPage(RELEASE).moment(typed)
    if found is None or (typed and moment is None):
        return text
    return f"---\n{_set(found[1], 'embargo', _written(moment))}---\n{found[2]}"


def with_alt(text: str, alt: str, words: Mapping[str, str]) -> str:
    """The text of a poster that shows something else.

    Args:
        text: of its file.
        alt: what is to be seen on it; '' where nobody has said it: that is asked.
        words: the desk's, in which it asks.
    """
    found = FRONT.match(text.replace("\r\n", "\n"))
    if found is None:
        return text
    said = json.dumps(alt or f"{OPEN_HOLE}{words['begin-alt']}]", ensure_ascii=False)
    return f"---\n{_set(found[1], 'alt', said)}---\n{found[2]}"


def _written(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="minutes") if moment else None


def _set(front: str, key: str, value: str | None) -> str:
    line = "" if value is None else f"{key}: {value}\n"
    changed, count = re.subn(KEY.format(key=key), lambda _: line, front, flags=re.MULTILINE)
    return changed if count or value is None else changed + line
