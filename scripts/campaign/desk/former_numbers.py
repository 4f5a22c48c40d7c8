"""Former numbers of contacts, and the corrections made for printed pieces."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from campaign.content import clock
from campaign.content.typed_numbers import is_same
from campaign.models.campaign import Campaign
from campaign.models.contact import Contact, Former
from campaign.packs.correction import FOLDER, Kit, key_of, read_kit, read_kits

REMINDER_PERIOD = timedelta(days=60)


@dataclass(frozen=True)
class FormerNumber:
    """A number that a contact no longer has."""

    contact: Contact  # a removed contact only has its recorded values
    was: str
    until: date  # when it was replaced
    kit: str  # page name of its correction kit, or ''
    is_made: bool  # whether that kit has the contact's current number
    is_open: bool  # whether printed pieces are still uncorrected
    is_printed: bool = True  # whether something may have been printed with it

    @property
    def is_reported(self) -> bool:
        """Whether Today still shows a reminder."""
        return self.is_open and clock.now().date() - self.until <= REMINDER_PERIOD


def former_numbers(campaign: Campaign, contacts: Iterable[Contact]) -> list[FormerNumber]:
    """Return the former numbers of some contacts, latest first."""
    contacts_with_former = [contact for contact in contacts if contact.former]
    kits = read_kits(campaign.root) if contacts_with_former else []
    # Among those with the same date, the last in the file.
    return [
        _former(item, former, kits)
        for item in contacts_with_former
        for former in sorted(item.former_numbers, key=lambda row: row.until)[::-1]
    ]


def kit_for_former(root: Path, contact: Contact) -> str:
    """Return the page name of a kit from an older version, which doesn't say for which number it is; or ''."""
    name = key_of(contact)
    folder = root / "dist" / FOLDER / name
    return name if folder.is_dir() and read_kit(folder) is None else ""


def _former(contact: Contact, former: Former, kits: list[Kit]) -> FormerNumber:
    kit_made = next((kit for kit in kits if kit.contact == key_of(contact) and is_same(kit.was, former.phone)), None)
    is_made = kit_made is not None and kit_made.on >= former.until and kit_made.is_correct(contact)
    kit = kit_made.folder if kit_made else ""
    return FormerNumber(contact, former.phone, former.until, kit, is_made, former.corrected is None, former.is_printed)
