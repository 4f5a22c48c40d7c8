"""The documents that correct a wrong printed number: a notice, a short message, and a table of affected pieces."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec

from campaign.content.contacts import number_text
from campaign.content.messages import sms_length
from campaign.content.typed_numbers import digits_of, is_same
from campaign.document.outline import outline
from campaign.document.reader import read_document
from campaign.models.campaign import FRONT, NATIONAL, Campaign, Language
from campaign.models.contact import Contact, Number
from campaign.models.names import plain_name
from campaign.models.outputs import Output
from campaign.models.page import DesignOptions, Page
from campaign.packs.handover import escape_markdown
from campaign.plan.packs import CORRECTIONS, every_piece

# Below dist/.
FOLDER = CORRECTIONS
NOTICE = "correction"
# File names: the label sheets, and the table of pieces that show the number.
LABELS = "labels"
AFFECTED_PIECES_FILE = "what-bears-it.csv"
NUMBERS = "correction.json"  # the file that describes a correction; see Kit
MAX_MESSAGE_CHARS = 70  # characters in one text message in UCS-2 (3GPP TS 23.038)
TEXTS_COLUMN = "text to mend"  # the column with the places where the wrong number is typed in a text
# Separators between the digits of printed numbers.
DIGIT_SEPARATORS = r"[\s\u2060.()/-]{0,3}"
COLUMNS = ("piece", "language", "place", "format", "points", "file", "packed", "handed out", TEXTS_COLUMN)


@dataclass(frozen=True)
class Kit:
    """A correction: labels, notice and message for one wrong number."""

    contact: str  # the contact's key; see `key_of`
    was: str  # the number that was printed
    now: str  # the number on the labels, or ''
    on: date  # the date
    folder: str  # below dist/corrections/

    def is_correct(self, contact: Contact | None) -> bool:
        """Return whether the number on its labels is still the contact's, or the labels have none."""
        phones = [number.phone for number in contact.numbers] if contact else []
        return any(is_same(self.now, phone) for phone in phones) if self.now else not phones

    def is_reverted(self, contact: Contact | None) -> bool:
        """Return whether the contact has the old number again, which makes the correction wrong."""
        return contact is not None and any(is_same(self.was, number.phone) for number in contact.numbers)


def key_of(contact: Contact) -> str:
    """Return the key of a contact in folder names; a removed contact's key comes from its name."""
    return plain_name(contact.name if contact.is_retired else contact.id) or "contact"


def new_kit(contact: Contact, old: str, new_number: str, day: date) -> Kit:
    """Return a new correction; a contact may have several, one per former number."""
    key = key_of(contact)
    return Kit(key, old, new_number, day, plain_name(f"{key}-{digits_of(old)}"))


def write_kit(folder: Path, kit: Kit) -> None:
    """Write the file that describes a correction into its folder."""
    description = {"contact": kit.contact, "was": kit.was, "now": kit.now, "on": kit.on.isoformat()}
    (folder / NUMBERS).write_text(json.dumps(description, ensure_ascii=False) + "\n", encoding="utf-8", newline="\n")


def read_kit(folder: Path) -> Kit | None:
    """Read a correction's folder; None if it has no valid description."""
    try:
        description = json.loads((folder / NUMBERS).read_bytes())
        contact = str(description.get("contact", folder.name))
        old, new, day = str(description["was"]), str(description["now"]), date.fromisoformat(description["on"])
        return Kit(contact, old, new, day, folder.name)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None


def read_kits(root: Path) -> list[Kit]:
    """Return all corrections, newest first."""
    folders = sorted(path for path in (root / "dist" / FOLDER).glob("*") if path.is_dir())
    return sorted(filter(None, map(read_kit, folders)), key=lambda kit: kit.on, reverse=True)


def kept_corrections(campaign: Campaign) -> dict[str, bytes]:
    """Return the files of dist/corrections/ that a build keeps, by path below dist/; labels with a wrong number go."""
    dist = campaign.root / "dist"
    contacts = {key_of(contact): contact for contact in campaign.whole_register}
    result: dict[str, bytes] = {}
    for kit in read_kits(campaign.root):
        contact = contacts.get(kit.contact)
        if not kit.is_reverted(contact) and (not kit.now or kit.is_correct(contact)):
            files = (path for path in (dist / FOLDER / kit.folder).rglob("*") if path.is_file())
            result |= {path.relative_to(dist).as_posix(): path.read_bytes() for path in files}
    return result


@dataclass(frozen=True)
class AffectedPiece:
    """A piece that shows a contact's number."""

    output: Output  # the office flavour if there is one
    size: float  # of the number, in points; 0 if unknown because the contact has no number left
    packed: tuple[str, ...] = ()  # packs and versions that contained the piece
    copies: int | None = None  # handed out; None if unknown
    typed: tuple[str, ...] = ()  # where its text has the wrong number; the piece is wrong until that is corrected


def right_number(number: Number | None, language: Language) -> str:
    """Return the number to call now, as readers see it, or ''."""
    return number_text(language, number) if number else ""


def notice(
    campaign: Campaign,
    contact: Contact,
    old: str,
    number: Number | None,
    language: Language,
    bearers: Iterable[AffectedPiece],
) -> Page:
    """Return a page in large print to hang up and send: the wrong number, the right one, and what to do.

    `old`: the number that was printed, as typed. `number`: the right number, or None. `bearers`: the pieces that show
    the old number.
    """
    words, new = language.strings, right_number(number, language)
    wrong_line = words["correct-wrong"].format(number=old)
    all_pieces = (page for page in every_piece(campaign, [language.code]) if page.language == language.code)
    titles = {(page.stem, format): page.title for page in all_pieces for format in page.formats}
    piece_keys = ((bearer.output.name, bearer.output.format) for bearer in bearers)
    piece_titles = dict.fromkeys(titles[key] for key in piece_keys if key in titles)
    parts = [
        f"## {escape_markdown(name_of(contact, language))} {{#number}}",
        escape_markdown(wrong_line if new else words["no-number"]),
    ]
    parts += [f"## {words['correct-do']} {{#do}}"]
    steps = ("correct-cover", "correct-tell", "correct-later") if new else ("correct-tell", "correct-later")
    parts += [f"{n}. {words[key]}" for n, key in enumerate(steps, 1)]
    parts += (
        [f"## {words['correct-where']} {{#where}}", *(f"- {escape_markdown(title)}" for title in piece_titles)]
        if piece_titles
        else []
    )
    document = read_document("\n\n".join(parts) + "\n")
    return Page(
        language=language.code,
        path=f"packs/{NOTICE}.md",
        title=words["correct-new"].format(number=new) if new else wrong_line,
        description="",
        audiences=campaign.audiences,
        formats=("large-print",),
        options=DesignOptions(link=FRONT, has_places=False),
        translation=campaign.word_origins.get(language.code),
        where="mkdocs.yml",
        tree=msgspec.json.encode(document).decode(),
        outline=outline(document),
    )


def message(contact: Contact, old: str, number: Number | None, language: Language) -> str:
    """Return the correction as a text message of at most 70 characters, with the contact's name if it fits."""
    words, new = language.strings, right_number(number, language)
    text = words["correct-new"].format(number=new) if new else words["correct-wrong"].format(number=old)
    with_name = f"{name_of(contact, language)}: {text}"
    return with_name if sms_length(with_name).letters <= MAX_MESSAGE_CHARS else text


def name_of(contact: Contact, language: Language) -> str:
    """Return a contact's name in a language, or its kind if it has no name."""
    return contact.name_in(language.code) or language.strings[f"kind-{contact.kind}"]


def place_scope(campaign: Campaign, place: str | None) -> list[str | None]:
    """Return a place, the regions it belongs to, and None for the country, in that order."""
    code = place if place in campaign.places else None
    return [None, place, *(region.code for region in (campaign.regions_of(code) if code else ()))]


def affected_table(bearers: Iterable[AffectedPiece], lines: Iterable[str] = ()) -> str:
    """Return a CSV table (for Excel) of these pieces, and of the lines of texts that no piece uses."""
    bearers = list(bearers)
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for bearer in bearers:
        output = bearer.output
        copies = "" if bearer.copies is None else bearer.copies
        where = (output.name, output.language, output.place or NATIONAL, output.format)
        size = f"{bearer.size:.0f}" if bearer.size else ""
        rows.writerow((*where, size, output.path, "; ".join(bearer.packed), copies, "; ".join(bearer.typed)))
    typed_lines = {line for bearer in bearers for line in bearer.typed}
    for line in lines:
        if line not in typed_lines:
            _, language, name = line.rpartition(":")[0].split("/", 2)
            rows.writerow((name, language, NATIONAL, "", "", "", "", "", line))
    return "\ufeff" + text.getvalue()
