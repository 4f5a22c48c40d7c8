"""Which numbers on an existing print are outdated, and whether it is marked as a draft."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from campaign.content.contacts import FOLDER as CONTACTS
from campaign.content.numbers import digits_of
from campaign.desk.files import SETTINGS
from campaign.desk.naming import contact_name
from campaign.desk.print_paper import opened_pdf
from campaign.models.campaign import NATIONAL, Campaign, Language
from campaign.models.contact import Contact
from campaign.models.outputs import Output
from campaign.packs.correction import BETWEEN
from campaign.printing.piece import find_piece

INVISIBLE = re.compile(r"[\s\u00a0\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufffe]")


@dataclass(frozen=True)
class Differing:
    """A number on a print (`was`), and the current one (`now`); '' if unknown."""

    name: str
    was: str
    now: str
    checked: date | None = None  # when the printed number was last verified
    is_sure: bool = True  # whether that was recent when the file was made


@dataclass(frozen=True)
class OnPaper:
    """The digits in PDFs, and whether these are marked as drafts."""

    figures: str
    is_draft: bool

    def has(self, phone: str) -> bool:
        """Return whether a number is printed."""
        return _stands(phone, self.figures)


def on_paper(files: Iterable[Path], language: Language) -> OnPaper | None:
    """Read the existing files of a piece; None if there are none."""
    marks = tuple(_plain(language.strings[key]) for key in ("draft", "draft-picture") if key in language.strings)
    read = [_read(file, file.stat().st_mtime_ns, marks) for file in files if file.is_file()]
    return OnPaper("\n".join(each.figures for each in read), any(each.is_draft for each in read)) if read else None


def differing(campaign: Campaign, ui_language: Language, pieces: Iterable[Output], file: Path) -> list[Differing]:
    """Return the numbers on a file of dist/ that have changed since it was made."""
    pieces, made = [*pieces], file.stat().st_mtime
    if not any(path.is_file() and path.stat().st_mtime > made for path in _numbers_of(campaign, pieces)):
        return []  # reading a hundred files takes three seconds
    text, day = _read(file, file.stat().st_mtime_ns, ()).figures, date.fromtimestamp(made)
    register = {each.id: each for each in campaign.whole_register}
    found = dict(_former(campaign.with_former, ui_language, text, day))
    for id, phone in _shown(campaign, pieces):
        if id in register and id not in found and not _stands(phone, text):
            found[id] = Differing(contact_name(register[id], ui_language, id), "", phone)
    return [*found.values()]


def _numbers_of(campaign: Campaign, pieces: Iterable[Output]) -> Iterator[Path]:
    contacts, places = campaign.root / CONTACTS, set[str | None]()
    yield campaign.root / SETTINGS
    for piece in pieces:
        with suppress(LookupError):
            yield campaign.root / find_piece(campaign, piece).page.where
        if piece.place not in places:
            places.add(piece.place)
            near = [piece.place, *(region.code for region in campaign.regions_of(piece.place))] if piece.place else []
            # National pieces may list every place's contacts.
            yield from (contacts / f"{code}.yml" for code in (*near, NATIONAL)) if near else contacts.glob("*.yml")


def _former(
    register: Iterable[Contact], ui_language: Language, text: str, day: date
) -> Iterator[tuple[str, Differing]]:
    for contact in register:
        now = [number.phone for number in contact.numbers]
        for former in sorted(contact.former, key=lambda each: each.until, reverse=True):
            is_its = digits_of(former.phone) in map(digits_of, now)
            if not is_its and _stands(former.phone, text):
                name = contact_name(contact, ui_language, contact.id)
                is_sure = former.was_fresh(day)
                yield contact.id, Differing(name, former.phone, now[0] if now else "", former.checked, is_sure)
                break


def described(campaign: Campaign, piece: Output) -> tuple[dict[str, Any], list[dict[str, Any]]] | None:
    """Return the description of a piece and the contacts in it, or None if it can't be printed: Today says why."""
    from campaign.printing.layout import describe  # slow to import: it reads pictures
    from campaign.printing.services import printed_contacts

    try:
        said = describe(campaign, piece)
    except LookupError:
        return None
    blocks = [block for panel in said["panels"].values() for block in panel["blocks"]]
    return said, [*printed_contacts([*blocks, *([said["contacts"]] if said["contacts"] else [])])]


def _shown(campaign: Campaign, pieces: Iterable[Output]) -> Iterator[tuple[str, str]]:
    """Yield the contact ids and numbers that pieces show now."""
    for _, contacts in filter(None, (described(campaign, piece) for piece in pieces)):
        for contact in contacts:
            if contact["dial"]:
                # Layout characters.
                yield contact["id"], re.sub(r"[\u2060-\u2069]", "", contact["phone"]).replace("\xa0", " ")


def _stands(phone: str, text: str) -> bool:
    return bool(re.search(rf"(?<!\d)(?<!\d\s){BETWEEN.join(digits_of(phone))}(?!\d)", text))


@lru_cache(maxsize=1024)
def _read(file: Path, _: int, marks: tuple[str, ...]) -> OnPaper:
    with opened_pdf(file) as document:
        text = "\n".join(page.get_textpage().get_text_range() for page in document or ())
    plain = _plain(text)
    # Right-to-left text may be extracted in visual order.
    is_draft = any(mark in plain or mark[::-1] in plain for mark in marks)
    return OnPaper(re.sub(r"[^\d\s\u2060.()/-]+", "|", text), is_draft)


def _plain(text: str) -> str:
    return INVISIBLE.sub("", text)
