"""The files that another organisation gets of a campaign: what its site shows, cleaned of the rest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import yaml

from campaign.cache.atomic import files_below
from campaign.cleaning.svg import SLOT_PREFIX
from campaign.content.clean_files import CLEANED_SUFFIXES, clean_data
from campaign.content.drafts import STAMPS_FOLDER
from campaign.content.glossary import FILE as GLOSSARY
from campaign.content.identity import FILE as IDENTITY
from campaign.content.settings import FILE as SETTINGS
from campaign.content.sources import FILE as SOURCES
from campaign.models.campaign import Campaign
from campaign.models.leftovers import is_leftover
from campaign.models.page import MACHINE_TRANSLATOR
from campaign.schema.yaml_edit import CannotEdit
from campaign.schema.yaml_splice import parse, remove, set_value

TOP_FOLDERS = ("docs", "assets", "public", "formats", "shortcodes", "checks", "overrides")
PHOTOS = "assets/photos"
SHARED_FILES = (SETTINGS, SOURCES, GLOSSARY, IDENTITY)
WORDS = re.compile(r"docs/[\w-]+/_(?:strings|photos|messages|search)\.yml")
# The drawings, logos and fonts of assets/, with what tells about them.
DRAWING_FILES = re.compile(
    r"assets/(?:pictograms/[\w.-]+\.svg|logos/[\w.-]+\.(?:svg|png)|partners/[\w.-]+\.(?:svg|png|yml)"
    r"|posters/[\w-]+/[\w.-]+\.(?:svg|yml)|fonts/[\w.-]+\.(?:ttf|otf|woff2?))"
)
PROGRAMS = ("formats/", "shortcodes/", "checks/", "overrides/")
# Their names are those of their makers, whom their licences want named.
FONTS = (".ttf", ".otf", ".woff", ".woff2")
FRONT = re.compile(r"\A---\r?\n(.*?)^---[ \t]*\r?$", re.DOTALL | re.MULTILINE)
HIDDEN = re.compile(r"<!--.*?-->[ \t]*\n?", re.DOTALL)
PHOTO = re.compile(r"^\{\{ *photo\b[^{}\n]*\bname=([\w-]+)[^{}\n]*\}\}[ \t]*\n?", re.MULTILINE)
UNKNOWN = "unknown"  # a translator whose name isn't handed on


class ShownFiles:
    """The files of a campaign that others get."""

    def __init__(self, campaign: Campaign) -> None:
        self.campaign, self.root = campaign, campaign.root
        # Consent is given to one organisation.
        self._photos = {name for name, photo in campaign.photos.items() if photo.consent is None}
        texts = ((self.root / page.where).read_text("utf-8", "replace") for page in campaign.pages.values())
        self._texts = "\n".join(texts)

    def read(self, name: str) -> bytes | None:
        """Return what others get of a file, None if they don't get it."""
        path = self.root / name
        if not path.is_file() or path.is_symlink() or not _is_shown(self.campaign, name, self._photos, self._texts):
            return None
        data = path.read_bytes()
        try:
            if name.endswith((".md", ".yml")):
                return _shown_text(name, data, self._photos)
            return _cleaned(name, data)
        except (ValueError, SyntaxError):  # it can't be cleaned
            return None

    def names(self) -> Iterator[str]:
        """Yield the path of every file, also of those that others don't get."""
        yield from _file_names(self.root)


def _file_names(root: Path) -> Iterator[str]:
    settings = (root / SETTINGS).read_text("utf-8", "replace")
    yield from (name for name in (SETTINGS, *_tables(root, settings)) if (root / name).is_file())
    for top in TOP_FOLDERS:
        for name, entry in sorted(files_below(root / top)):
            if not entry.is_symlink() and not any(map(is_leftover, name.split("/"))):
                yield f"{top}/{name}"


def _tables(root: Path, settings: str) -> Iterator[str]:
    # Other tables may contain anything.
    yield from sorted(path.name for path in root.glob("*.csv") if path.name in settings and not path.is_symlink())


def _is_shown(campaign: Campaign, name: str, photos: set[str], texts: str) -> bool:
    top, _, rest = name.partition("/")
    if name in SHARED_FILES or not rest or WORDS.fullmatch(name) or DRAWING_FILES.fullmatch(name):
        return True
    if name.startswith(f"{PHOTOS}/"):
        return Path(name).stem in photos and Path(name).parent.as_posix() == PHOTOS
    if name.startswith(f"{STAMPS_FOLDER}/"):
        return any(path == name.removeprefix(f"{STAMPS_FOLDER}/") for _, path in campaign.pages)
    language, _, path = rest.partition("/")
    if top == "docs" and name.endswith(".md"):
        return (language, path) in campaign.pages
    if top in ("docs", "public"):
        # A page links to it, or it is the page read aloud.
        return Path(name).name in texts or (language, f"{path.rpartition('.')[0]}.md") in campaign.pages
    return name.startswith(PROGRAMS)


def _cleaned(name: str, data: bytes) -> bytes:
    if name.lower().endswith(CLEANED_SUFFIXES):
        return clean_data(data, name.lower(), SLOT_PREFIX)
    if name.endswith((".csv", *FONTS)) or name.startswith(PROGRAMS):
        return data
    raise ValueError(name)


def _shown_text(name: str, data: bytes, photos: set[str]) -> bytes:
    text = data.decode("utf-8-sig").replace("\r\n", "\n")
    if name.endswith(".yml"):
        text = _without_comments(text)
        words = parse(text) if name.endswith("/_photos.yml") else {}
        for photo in {*words} - photos - {"translation"} if isinstance(words, dict) else ():
            text = remove(text, (photo,))
        return _without_names("" if text.strip() == "{}" else text).encode()
    text = HIDDEN.sub("", text)
    text = PHOTO.sub(lambda match: match[0] if match[1] in photos else "", text)
    if match := FRONT.match(text):
        text = f"---\n{_without_names(_without_comments(match[1]))}{text[match.end(1) :]}"
    return text.encode()


def _without_comments(text: str) -> str:
    """Return YAML without comments. Raise ValueError if it can't be read."""
    try:
        spans = [
            (token.start_mark.index, token.end_mark.index)
            for token in yaml.scan(text, Loader=yaml.SafeLoader)
            if isinstance(token, yaml.ScalarToken)
        ]
        inside = {position for start, end in spans for position in range(start, end)}
        comments = [match for match in re.finditer(r"(?m)(^|[ \t]+)#.*\n?", text) if match.start(0) not in inside]
        result, position = "", 0
        for match in comments:
            is_line = not match[1].strip() and (match.start() == 0 or text[match.start() - 1] == "\n")
            result += text[position : match.start()] + ("" if is_line else "\n")
            position = match.end()
        result += text[position:]
        if parse(result) == parse(text):
            return result
    except (yaml.YAMLError, CannotEdit):
        pass
    raise ValueError(text[:40])


def _without_names(text: str) -> str:
    """Return a front matter or file without the names of translators, reviewers and testers."""
    data = parse(text) if text.strip() else {}
    if not isinstance(data, dict):
        return text
    if "tested" in data:
        text = remove(text, ("tested",))
    for index, cover in enumerate(data.get("covers") or () if isinstance(data.get("covers"), list) else ()):
        if isinstance(cover, dict) and "tested" in cover:
            text = remove(text, ("covers", index, "tested"))
    translation = data.get("translation")
    if isinstance(translation, dict):
        if translation.get("by", MACHINE_TRANSLATOR) != MACHINE_TRANSLATOR:
            text = set_value(text, ("translation", "by"), UNKNOWN)
        if isinstance(translation.get("reviewed"), dict):
            text = set_value(text, ("translation", "reviewed"), False)
    return text
