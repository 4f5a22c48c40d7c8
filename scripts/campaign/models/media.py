"""Works, and whose they are: art and photos, their rights, and the consent of whom they show."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True)
class Rights:
    """Whose a work is.

    Attributes:
        credit: as it is printed.
        licence: its name, or ''.
        url: where the licence can be read, or ''.
        maker: 'person', 'organisation', or '' where nobody says.
    """

    credit: str = ""
    licence: str = ""
    url: str = ""
    maker: str = ""

    @property
    def line(self) -> str:
        """Both in one line, for machines."""
        return f"{self.credit} · {self.licence}" if self.licence else self.credit


@dataclass(frozen=True)
class Poster:
    """One design: its art, an SVG with `<rect id="slot-…">` where words go; who made it, under which licence.

    Attributes:
        focus: what a scene keeps of its cover, x and y from 0 to 1.
        photo: whose picture its drawings hold, or ''.
        photo_state: of that photo as they hold it.
    """

    name: str
    art: Path
    rights: Rights
    where: str
    focus: tuple[float, float] = (0.5, 0.5)
    photo: str = ""
    photo_state: str = ""

    @property
    def cover(self) -> Path:
        """The picture without room for words, beside the art."""
        return self.art.with_name("cover.svg")


@dataclass(frozen=True)
class Partner:
    """Whose mark pieces show beside the campaign's own.

    Attributes:
        title: as the partner is called.
        file: SVG or PNG.
        clear: room around the mark, as a share of its height.
        ratio: its width by its height.
    """

    name: str
    title: str
    file: Path
    rights: Rights
    clear: float
    ratio: float
    where: str


@dataclass(frozen=True)
class Consent:
    """That those who are shown agreed.

    Attributes:
        form: where it is kept.
        scope: some of formats.USES.
        until: its last day; None where it has none.
    """

    form: str
    scope: tuple[str, ...]
    until: date | None


@dataclass(frozen=True)
class Photo:
    """A photo that somebody took: assets/photos/<name>.jpg, the .yml beside it, and docs/<language>/_photos.yml.

    Attributes:
        captions: by language.
        alts: by language.
        taken: '2026-05', never a day; '' if nobody knows.
        use: what it is for, some of formats.USES; consent may allow less.
        consent: None where it shows nobody.
        focus: what a crop keeps, x and y from 0 to 1.
        redact: left, top, right, bottom from 0 to 1, painted over.
        where: file, for problems.
    """

    name: str
    file: Path
    captions: Mapping[str, str]
    alts: Mapping[str, str]
    rights: Rights
    taken: str
    use: tuple[str, ...]
    consent: Consent | None
    focus: tuple[float, float]
    redact: tuple[tuple[float, float, float, float], ...]
    where: str

    def may_be(self, use: str) -> bool:
        """Whether it may be used so: it shows nobody, or who is shown has agreed. An old consent is a Problem."""
        return self.consent is None or use in self.consent.scope

    def is_for(self, use: str) -> bool:
        """Whether it is meant for that, and may be used so."""
        return use in self.use and self.may_be(use)


@dataclass(frozen=True)
class Message:
    """The texts that go with a picture in one language.

    Attributes:
        post: for chats and posts.
        sms: for a short message.
        plain: that one without accents.
        approved_by: who approved `plain`; '' while nobody has.
        where: file and line, for problems.
    """

    post: str
    sms: str
    plain: str
    approved_by: str
    approved_on: date | None
    where: str

    @property
    def is_approved(self) -> bool:
        """Whether a person has approved what stands without accents."""
        return bool(self.approved_by and self.approved_on)
