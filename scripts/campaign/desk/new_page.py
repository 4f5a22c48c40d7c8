"""Create a page, answer, leaflet, poster or release in the source language.

Another campaign's words would be wrong here, so the templates in begin/ contain only questions, `{{ ask: ... }}`, in
the desk's language. Readers see them, and no release can be sent with one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from campaign.content import clock
from campaign.desk.files import Files, ForeignFileError
from campaign.models.campaign import Campaign
from campaign.models.names import is_portable
from campaign.models.nodes import PLACEHOLDER_START
from campaign.models.page import ANSWERS, Page

PAGE = "page"
ANSWER = "answer"
LEAFLET = "leaflet"
POSTER = "poster"
RELEASE = "release"
KINDS = (PAGE, ANSWER, LEAFLET, POSTER, RELEASE)
FOLDERS = {PAGE: "", ANSWER: ANSWERS, LEAFLET: "leaflets/", POSTER: "posters/", RELEASE: "releases/"}
TEMPLATE_FOLDER = Path(__file__).with_name("begin")
NAME = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
FRONT = re.compile(r"\A---\n(.*?\n)---\n(.*)\Z", re.DOTALL)
# Every drawing has this slot.
HEADLINE = "title"
KEY = r"^{key}:.*\n(?:[ \t]+.*\n)*"
WORD = re.compile(r"<([a-z-]+)>")
# The words on a drawing are headings of the poster's text: `## Words {#slot}`.
HEADING = re.compile(r"^##(?P<words>[^\n]*?)[ \t]*\{#(?P<id>[\w-]+)\}[ \t]*(?=\r?$)", re.MULTILINE)
SHORTCODE = re.compile(r"\{\{[^{}]*\}\}")
# Characters that Markdown would read as markup.
MARKUP = re.compile(r"[\\`*_\[\]{}<>#|~^]|&(?=#?\w+;)")
ASKED_QUESTION = re.compile(r"\{\{\s*ask:([^{}]+)\}\}")
ESCAPED_MARK = re.compile(rf"\\({MARKUP.pattern})")
# Every offset from UTC in use.
ZONES = tuple(
    f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02}:{abs(minutes) % 60:02}"
    for minutes in sorted({*range(-720, 841, 60), -570, -210, 210, 270, 330, 345, 390, 525, 570, 630, 765, 825})
)


@dataclass(frozen=True)
class NewPage:
    """A form for a new text."""

    kind: str
    title: str = ""
    name: str = ""  # of the file, without its suffix
    audience: str = ""
    art: str = ""  # a folder of assets/posters/
    folder: str | None = None  # where this campaign keeps such pages, if not in the usual folder
    released: str = ""  # day and hour as typed, like embargo
    embargo: str = ""
    zone: str = ""  # one of ZONES; '' for this computer's

    @property
    def path(self) -> str:
        """The path from the language's folder."""
        return f"{FOLDERS[self.kind] if self.folder is None else self.folder}{self.name}.md"

    def moment(self, raw: str) -> datetime | None:
        """Return a typed day and hour as a datetime with a zone, or None."""
        try:
            local = datetime.fromisoformat(raw) if ":" in raw else None
        except ValueError:
            return None
        if local is None or local.tzinfo:
            return local
        if not self.zone:
            return local.astimezone()
        return datetime.fromisoformat(f"{local.isoformat()}{self.zone}") if self.zone in ZONES else None

    def refusal(self, campaign: Campaign, files: Files) -> tuple[str, str]:
        """Return a key of the desk's words and the field that it is about, or two empty strings."""
        if self.kind not in KINDS or self.audience not in campaign.audiences or not self.title:
            return "new-incomplete", "title"
        if not NAME.fullmatch(self.name) or not is_portable(f"{self.name}.md"):
            return "new-name", "name"
        if any(word.lower() in self.name for word in campaign.avoided_words):
            return "new-avoided", "name"
        if self.kind in (LEAFLET, POSTER) and self.art not in campaign.posters:
            return "new-art", "art"
        if self.kind == RELEASE and (word_key := self._wrong_moment()):
            return word_key
        try:
            existing = [files.read(f"docs/{code}/{self.path}") for code in campaign.languages]
        except ForeignFileError:
            return "new-name", "name"
        is_taken = any(existing) or (self.kind == POSTER and (campaign.root / "assets/posters" / self.name).exists())
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
    """Return the folder of a campaign's releases; None for the usual one."""
    results = (path for (_, path), page in campaign.pages.items() if kind == RELEASE and page.release)
    path = next(results, None)
    return None if path is None else path[: path.rfind("/") + 1]


def drawings(campaign: Campaign, language: str) -> list[tuple[str, str]]:
    """Return each drawing's folder, and the title of its poster."""
    titles: dict[str, str] = {}
    for code in (campaign.source_language.code, language):
        pages_with_art = (
            page for page in campaign.pages.values() if page.language == code and _is_drawn(campaign, page)
        )
        titles |= {page.art: page.title for page in pages_with_art if page.title}
    return [(name, titles.get(name) or name.replace("-", " ")) for name in campaign.posters]


def _is_drawn(campaign: Campaign, page: Page) -> bool:
    return any(campaign.formats[name].needs_drawing for name in page.formats)


def files_of(campaign: Campaign, new_page: NewPage, words: Mapping[str, str]) -> dict[str, bytes]:
    """Return the new files."""
    source = campaign.source_language.code
    text = _with_front(_begin(campaign, new_page, words), new_page, words)
    files = {f"docs/{source}/{new_page.path}": text.encode()}
    if new_page.kind == POSTER:
        # A copy, because its picture will change.
        folder = campaign.root / "assets/posters" / new_page.art
        for path in sorted(item for item in folder.rglob("*") if item.is_file() and not item.is_symlink()):
            files[f"assets/posters/{new_page.name}/{path.relative_to(folder).as_posix()}"] = path.read_bytes()
    return files


def _begin(campaign: Campaign, new_page: NewPage, words: Mapping[str, str]) -> str:
    """Return the text of the poster with this drawing, which knows its slots, else a template."""
    if new_page.kind == POSTER:
        source = campaign.source_language.code
        for (code, _), page in campaign.pages.items():
            if code == source and page.art == new_page.art and _is_drawn(campaign, page):
                return (campaign.root / page.where).read_text(encoding="utf-8-sig").replace("\r\n", "\n")
    text = (TEMPLATE_FOLDER / f"{new_page.kind}.md").read_text(encoding="utf-8")
    return WORD.sub(lambda match: words[f"begin-{match[1]}"], text)


def _with_front(text: str, new_page: NewPage, words: Mapping[str, str]) -> str:
    match = FRONT.match(text)
    assert match is not None
    front, body = match[1], match[2]
    front = _set(front, "title", json.dumps(new_page.title, ensure_ascii=False))
    front = _set(front, "for", f"[{new_page.audience}]")
    front = _set(front, "needs", None)
    front = _set(front, "tested", None)
    if new_page.kind == LEAFLET:
        front = _set(front, "options", f"{{art: {new_page.art}}}")
    if new_page.kind == POSTER:
        front = _set(front, "options", None)
        front = _set(front, "covers", None)
        for key, word_key in (("description", "begin-piece-description"), ("alt", "begin-alt")):
            front = _set(front, key, json.dumps(f"{PLACEHOLDER_START}{words[word_key]}]", ensure_ascii=False))
        body = asking(body, HEADLINE, lambda slot: words.get(f"begin-poster-{slot}") or words["begin-poster-other"])
        body = with_words(body, HEADLINE, new_page.title)
    if new_page.kind == RELEASE:
        front = _set(front, "headline", json.dumps(new_page.title, ensure_ascii=False))
        front = _set(front, "release_date", _as_local_time(new_page.moment(new_page.released)))
        front = _set(front, "embargo", _as_local_time(new_page.moment(new_page.embargo)))
    return f"---\n{front}---\n{body}"


def with_embargo(text: str, raw: str) -> str:
    """Return a release's text with an embargo typed in local time; '' removes it, invalid input changes nothing."""
    result, moment = FRONT.match(text.replace("\r\n", "\n")), NewPage(RELEASE).moment(raw)
    if result is None or (raw and moment is None):
        return text
    return f"---\n{_set(result[1], 'embargo', _as_local_time(moment))}---\n{result[2]}"


def with_alt(text: str, alt: str, words: Mapping[str, str]) -> str:
    """Return a poster's text with another text alternative; a question if it is ''."""
    match = FRONT.match(text.replace("\r\n", "\n"))
    if match is None:
        return text
    alt_text = json.dumps(alt or f"{PLACEHOLDER_START}{words['begin-alt']}]", ensure_ascii=False)
    return f"---\n{_set(match[1], 'alt', alt_text)}---\n{match[2]}"


def _as_local_time(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="minutes") if moment else None


def _set(front: str, key: str, value: str | None) -> str:
    line = "" if value is None else f"{key}: {value}\n"
    new_text, count = re.subn(KEY.format(key=key), lambda _: line, front, flags=re.MULTILINE)
    return new_text if count or value is None else new_text + line


def marked(words: str) -> str:
    """Escape words from a field, so that the text shows them as typed."""
    return MARKUP.sub(lambda mark: f"\\{mark[0]}", " ".join(words.split()))


def words_of(text: str) -> list[tuple[str, str]]:
    """Return the slots of a text with their words, '' for a question."""
    results = ((match["id"], match["words"].strip()) for match in HEADING.finditer(text))
    return [
        (slot, "" if ASKED_QUESTION.fullmatch(words) else ESCAPED_MARK.sub(r"\1", words)) for slot, words in results
    ]


def questions_of(text: str) -> dict[str, str]:
    """Return the open question of each slot that has one."""
    results = ((match["id"], ASKED_QUESTION.fullmatch(match["words"].strip())) for match in HEADING.finditer(text))
    return {slot: match[1].strip() for slot, match in results if match}


def asking(text: str, kept_slot: str, questions: Callable[[str], str]) -> str:
    """Return a poster's text with a question in each slot except `kept_slot`."""
    parts, slot = [], ""
    for part in re.split(r"(\n\s*\n)", text):
        heading = HEADING.match(part.strip())
        slot = heading["id"] if heading else slot
        if heading and slot != kept_slot:
            part = part.replace(heading[0], f"## {{{{ ask: {questions(slot)} }}}} {{#{slot}}}")
        elif not heading and part.strip() and not SHORTCODE.fullmatch(part.strip()):
            part = f"{{{{ ask: {questions(slot)} }}}}"
        parts.append(part)
    return "".join(parts)


def with_words(text: str, slot: str, words: str) -> str:
    """Return the text with other words in a slot."""

    def written(match: re.Match[str]) -> str:
        return f"## {marked(words)} {{#{slot}}}".replace("##  ", "## ") if match["id"] == slot else match[0]

    return HEADING.sub(written, text)
