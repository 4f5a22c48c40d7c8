"""Art and photos: their rights, and the consent of the people they show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

ART = "art"  # the stem of a poster's main drawing
HERO = "hero"  # the stem of the website's picture of a poster


@dataclass(frozen=True)
class Rights:
    """The rights to a work."""

    credit: str = ""  # as printed
    licence: str = ""  # name, or ''
    url: str = ""  # of the licence, or ''
    maker: str = ""  # 'person', 'organisation' or ''

    @property
    def line(self) -> str:
        """Credit and licence in one line, for metadata."""
        return f"{self.credit} · {self.licence}" if self.licence else self.credit


Area = tuple[float, float, float, float]  # left, top, right, bottom, as shares of a picture


@dataclass(frozen=True)
class MeaningBox:
    """A part of a picture without which its point is lost."""

    label: str
    area: Area
    where: str  # file and line
    drawing: str = ART  # of a poster: the stem of its SVG


@dataclass(frozen=True)
class Poster:
    """A poster's art: an SVG with `<rect id="slot-…">` where words go."""

    name: str
    art: Path
    rights: Rights
    where: str
    focus: tuple[float, float] = (0.5, 0.5)  # of scenes, x and y from 0 to 1
    photo: str = ""  # the photo in its drawings, or ''
    photo_state: str = ""  # of that photo, see content.photos
    scene: Area | None = None  # the part of its art that other shapes may show
    meaning: tuple[MeaningBox, ...] = ()

    @property
    def cover(self) -> Path:
        """The picture without slots, next to the art."""
        return self.drawing("cover")

    def drawing(self, name: str) -> Path:
        """Return the path of one of its drawings, by its stem."""
        return self.art.with_name(f"{name}.svg")

    def boxes(self, name: str) -> tuple[MeaningBox, ...]:
        """Return the boxes of one of its drawings."""
        return tuple(box for box in self.meaning if box.drawing == name)


@dataclass(frozen=True)
class Partner:
    """A partner whose logo pieces show."""

    name: str
    title: str
    file: Path  # SVG or PNG
    rights: Rights
    clear: float  # clear space, as a share of the height
    ratio: float  # width by height
    where: str


@dataclass(frozen=True)
class Consent:
    """The consent of the people shown."""

    form: str  # location of the signed form
    scope: tuple[str, ...]  # some of formats.USES
    until: date | None  # last day, if there is one


@dataclass(frozen=True)
class Photo:
    """A photo: assets/photos/<name>.jpg, its .yml, and docs/<language>/_photos.yml."""

    name: str
    file: Path
    captions: Mapping[str, str]  # by language
    alts: Mapping[str, str]  # by language
    rights: Rights
    taken: str  # '2026-05', never a day; or ''
    use: tuple[str, ...]  # some of formats.USES; consent may allow fewer
    consent: Consent | None  # None if no one is shown
    focus: tuple[float, float]  # x and y from 0 to 1
    redact: tuple[Area, ...]  # covered regions
    where: str  # file
    meaning: tuple[MeaningBox, ...] = ()

    def allows(self, use: str) -> bool:
        """Return whether consent allows a use. Expired consent is a separate problem."""
        return self.consent is None or use in self.consent.scope

    def is_for(self, use: str) -> bool:
        """Return whether a use is intended and allowed."""
        return use in self.use and self.allows(use)


@dataclass(frozen=True)
class Message:
    """The texts for a picture in one language."""

    post: str  # for chats and posts
    sms: str
    plain: str  # the short message without accents
    approved_by: str  # who approved `plain`, or ''
    approved_on: date | None
    where: str  # file and line

    @property
    def is_approved(self) -> bool:
        """Whether a person has approved the text without accents."""
        return bool(self.approved_by and self.approved_on)
