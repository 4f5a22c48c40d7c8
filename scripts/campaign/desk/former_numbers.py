"""Numbers that contacts had: which of them are still to be put right where they hang, and what was made for that."""

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

# So long it is told that a number was taken back, where nobody says that what bears it is put right.
REMINDS = timedelta(days=60)


@dataclass(frozen=True)
class FormerNumber:
    """A number that a contact had, and has no more.

    Attributes:
        whose: the contact; of one that was taken out, what is known of it still.
        was: as typed.
        until: the day on which it was taken back.
        kit: what was made to put it right, by its page's name; '' where nothing was.
        is_made: whether that is right as the contact is now.
        is_open: whether nobody says that what bears it is put right.
        is_printed: whether something may have been printed with it.
    """

    whose: Contact
    was: str
    until: date
    kit: str
    is_made: bool
    is_open: bool
    is_printed: bool = True

    @property
    def is_told(self) -> bool:
        """Whether somebody is still to be reminded of it."""
        return self.is_open and clock.now().date() - self.until <= REMINDS


def former_numbers(campaign: Campaign, contacts: Iterable[Contact]) -> list[FormerNumber]:
    """Those of some contacts, of each the latest first; one that a contact has again is right where it hangs."""
    those = [each for each in contacts if each.former]
    kits = read_kits(campaign.root) if those else []
    return [_former(each, former, kits) for each in those for former in _latest_first(each)]


def kit_of_before(root: Path, contact: Contact) -> str:
    """The page of what an earlier program made for a contact, without saying for which number; '' where nothing is."""
    name = key_of(contact)
    folder = root / "dist" / FOLDER / name
    return name if folder.is_dir() and read_kit(folder) is None else ""


def _latest_first(contact: Contact) -> list[Former]:
    # Of those of one day the one that was noted last.
    return sorted(contact.before, key=lambda each: each.until)[::-1]


def _former(contact: Contact, former: Former, kits: list[Kit]) -> FormerNumber:
    made = next((kit for kit in kits if kit.contact == key_of(contact) and is_same(kit.was, former.phone)), None)
    is_made = made is not None and made.on >= former.until and made.is_right(contact)
    kit = made.folder if made else ""
    return FormerNumber(contact, former.phone, former.until, kit, is_made, former.corrected is None, former.is_printed)
