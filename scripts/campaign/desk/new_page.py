"""A new page, leaflet, poster or release: from the sample of its design, in the source language."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from campaign.desk.files import Files, NotOurs
from campaign.models.campaign import Campaign
from campaign.models.formats import FORMATS
from campaign.models.shipped import PACKAGE

PAGE, LEAFLET, POSTER, RELEASE = "page", "leaflet", "poster", "release"
KINDS = (PAGE, LEAFLET, POSTER, RELEASE)
# Kind -> (folder of the language, the design whose sample it begins as).
ROWS = {
    PAGE: ("", ""),
    LEAFLET: ("leaflets/", "folded"),
    POSTER: ("posters/", "poster"),
    RELEASE: ("releases/", "release"),
}
NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
FRONT = re.compile(r"\A---\n(.*?\n)---\n(.*)\Z", re.DOTALL)
KEY = r"^{key}:.*\n(?:[ \t]+.*\n)*"
NOTES, PICTOGRAMS = re.compile(r"\[\^([\w-]+)\]"), re.compile(r":([a-z][a-z0-9-]*): ?")
# Of the sample, or of the poster that it begins as: nobody can say it before it is drawn. A check names it.
OPEN = '"[…]"'
EMPTY = "---\ntitle: x\ndescription: \nfor: [x]\n---\n\n{.lead}\n\n…\n\n## … {#first}\n\n…\n"


@dataclass(frozen=True)
class NewPage:
    """What somebody wishes for.

    Attributes:
        name: of the file, without its ending.
        art: a folder of assets/posters/.
        folder: below the language's, where the campaign keeps such pages elsewhere than is meant.
    """

    kind: str
    title: str = ""
    name: str = ""
    audience: str = ""
    art: str = ""
    folder: str | None = None

    @property
    def path(self) -> str:
        """From the language's folder."""
        return f"{ROWS[self.kind][0] if self.folder is None else self.folder}{self.name}.md"

    def refusal(self, campaign: Campaign, files: Files) -> str:
        """A key of the desk's words; '' where it can be made."""
        if self.kind not in KINDS or self.audience not in campaign.audiences or not self.title:
            return "new-incomplete"
        if not NAME.fullmatch(self.name):
            return "new-name"
        if any(word.lower() in self.name for word in campaign.avoided_words):
            return "new-avoided"
        if self.kind in (LEAFLET, POSTER) and self.art not in campaign.posters:
            return "new-art"
        try:
            taken = [files.read(f"docs/{code}/{self.path}") for code in campaign.languages]
        except NotOurs:
            return "new-name"
        is_taken = any(taken) or (self.kind == POSTER and (campaign.root / "assets/posters" / self.name).exists())
        return "new-taken" if is_taken else ""


def folder_of(campaign: Campaign, kind: str) -> str | None:
    """Where a campaign has its releases; None for what lies where it is meant to."""
    found = (path for (_, path), page in campaign.pages.items() if kind == RELEASE and page.release)
    path = next(found, None)
    return None if path is None else path[: path.rfind("/") + 1]


def files_of(campaign: Campaign, wish: NewPage) -> dict[str, bytes]:
    """What is written, by name. A wish that is not refused."""
    source = campaign.source_language.code
    text = _with_front(_begin(campaign, wish), wish)
    text = NOTES.sub(lambda found: found[0] if found[1] in campaign.sources else "", text)
    text = PICTOGRAMS.sub(lambda found: found[0] if found[1] in campaign.pictograms else "", text)
    made = {f"docs/{source}/{wish.path}": text.encode()}
    if wish.kind == POSTER:
        # A copy, so that a designer changes this one alone.
        folder = campaign.root / "assets/posters" / wish.art
        for path in sorted(each for each in folder.rglob("*") if each.is_file() and not each.is_symlink()):
            made[f"assets/posters/{wish.name}/{path.relative_to(folder).as_posix()}"] = path.read_bytes()
    return made


def _begin(campaign: Campaign, wish: NewPage) -> str:
    """The text of a poster that has this drawing, since its words have their places there; else the design's sample."""
    source, design = campaign.source_language.code, ROWS[wish.kind][1]
    if not design:
        return EMPTY
    sample = PACKAGE / "printing" / "formats" / design / "sample.md"
    found: Path | None = None
    if wish.kind == POSTER:
        like = (
            page
            for (code, _), page in campaign.pages.items()
            if code == source and page.art == wish.art and any(FORMATS[name].needs_drawing for name in page.formats)
        )
        found = next((campaign.root / page.where for page in like), None)
    return (found or sample).read_text(encoding="utf-8-sig").replace("\r\n", "\n")


def _with_front(text: str, wish: NewPage) -> str:
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
        front = _set(front, "options", None)
        front = _set(front, "description", OPEN)
        front = _set(front, "alt", OPEN)
    if wish.kind == RELEASE:
        front = _set(front, "headline", json.dumps(wish.title, ensure_ascii=False))
        front = _set(front, "embargo", '""')
    return f"---\n{front}---\n{body}"


def _set(front: str, key: str, value: str | None) -> str:
    line = "" if value is None else f"{key}: {value}\n"
    changed, count = re.subn(KEY.format(key=key), lambda _: line, front, flags=re.MULTILINE)
    return changed if count or value is None else changed + line
