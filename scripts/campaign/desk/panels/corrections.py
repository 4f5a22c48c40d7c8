"""A number that was printed wrong: find the pieces that have it, and show labels and notices to correct them."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from urllib.parse import quote

from starlette.responses import Response

from campaign.content import clock
from campaign.content.typed_numbers import is_same
from campaign.desk.contact_file import ContactFile
from campaign.desk.files import HAND_OUT_FOLDER, Change
from campaign.desk.former_numbers import former_numbers
from campaign.desk.hand_out_log import KEYS, LOG, headings, in_words, rows_in
from campaign.desk.lists import ROWS_PER_PAGE, paginate
from campaign.desk.naming import contact_name
from campaign.desk.panel import Panel, get, post
from campaign.models.campaign import NATIONAL, Campaign
from campaign.models.contact import Contact
from campaign.models.names import PLAIN_NAME
from campaign.packs import correction

# For each language: beginning and suffix of a file name, and the key of its label.
KINDS = (
    (correction.LABELS, "pdf", "correction-labels"),
    (correction.NOTICE, "pdf", "correction-notice"),
    (correction.NOTICE, "png", "correction-picture"),
    (correction.NOTICE, "txt", "correction-text"),
)

# Replaces the id of a removed contact in an address.
RETIRED_ID = "~retired"
NUMBER = KEYS.index("number")


def _rows(table: Path) -> list[dict[str, str]]:
    if not table.is_file():
        return []
    return list(csv.DictReader(io.StringIO(table.read_text("utf-8-sig", errors="replace"))))


class Corrections(Panel):
    @post("/contacts/{place}/{id}/correct")
    def correct(self) -> Response:
        place, id, old = self.path["place"], self.path["id"], self.form_value("was")
        contact = _owner_of(self.campaign, id, old)
        url = f"/contacts/{place}" + ("" if id == RETIRED_ID else f"/{id}")
        if contact and self.form_value("never"):
            return self.go(url, _record_correction(self, contact, old, is_printed=False))
        is_former = contact and (not contact.former or any(is_same(old, item.phone) for item in contact.former))
        if contact and not self.form_value("sure") and not is_former:
            return self.go(f"{url}?asked={quote(old)}#correct")
        arguments = ["correct", "--was", old]
        if (self.root / HAND_OUT_FOLDER).is_dir():
            arguments += ["--log", HAND_OUT_FOLDER]
        if new_number := self.form_value("now"):
            arguments += ["--now", new_number]
        title = self.words.say("did-correct", id=contact_name(contact, self.ui_language, id))
        result_url = (
            f"/corrections/{correction.new_kit(contact, old, '', clock.now().date()).folder}" if contact else url
        )
        is_sure = contact is None or not contact.numbers or any(number.is_fresh for number in contact.numbers)
        note = "" if is_sure else self.words["correct-unsure"]
        called = contact.name if contact and contact.is_retired else id
        return self.start(title, [*arguments, "--", called], result_url=result_url, note=note, is_warning=bool(note))

    @get("/corrections/{name}")
    def show(self) -> Response:
        name = self.path["name"]
        folder = self.root / "dist" / correction.FOLDER / name
        if not PLAIN_NAME.fullmatch(name) or not folder.is_dir():
            raise LookupError(name)
        campaign, ui_language, words = self.campaign, self.ui_language, self.words
        result = []
        for code, language in campaign.languages.items():
            paths = [(words[key], f"{start}-{code}.{suffix}") for start, suffix, key in KINDS]
            kit_files = [
                (label, f"{correction.FOLDER}/{name}/{path}") for label, path in paths if (folder / path).is_file()
            ]
            result += [(language.name, kit_files)] if kit_files else []
        rows, kit = _rows(folder / correction.AFFECTED_PIECES_FILE), correction.read_kit(folder)
        contact, old_number = _contact_of(campaign, kit), kit.was if kit else ""
        lines = [line for row in rows for line in (row.get(correction.TEXTS_COLUMN) or "").split("; ") if line]
        former = former_numbers(campaign, [contact]) if contact else []
        corrected_numbers = [item for item in (contact.former if contact else ()) if item.corrected and item.is_printed]
        affected_pieces = {(row.get("piece"), row.get("language")) for row in rows}
        log_rows = [
            row for row in rows_in(self.files.read(LOG)) if _belongs_to(campaign, row, affected_pieces, contact)
        ]
        return self.page(
            "correction.html",
            made=result,
            count=len(rows),  # pieces with the number
            table=f"{correction.FOLDER}/{name}/{correction.AFFECTED_PIECES_FILE}",
            # Its labels have the current number, or the contact has none.
            is_whole=bool(kit and kit.is_correct(contact)),
            wrong=old_number,
            bears=kit.now if kit else "",  # '' if unverified
            is_back=bool(kit and kit.is_reverted(contact)),  # the wrong number is right again
            name=name,
            contact=contact,
            left=[item for item in former if item.is_open and is_same(old_number, item.was)],
            hung=next((item.phone for item in reversed(corrected_numbers)), ""),
            # Lines of texts that contain the number -> the page for fixing them.
            part=paginate([*{line: _fix_url(line) for line in lines}.items()], self.request),
            heading=words.say("did-correct", id=contact_name(contact, ui_language, name)),
            heads=headings(ui_language),
            handed=in_words(campaign, ui_language, words, log_rows[:ROWS_PER_PAGE]),
            copies=sum(int(row[NUMBER]) for row in log_rows if row[NUMBER].isdecimal()),
        )

    @post("/corrections/{name}/done")
    def done(self) -> Response:
        name = self.path["name"]
        kit = correction.read_kit(self.root / "dist" / correction.FOLDER / name) if PLAIN_NAME.fullmatch(name) else None
        contact = _contact_of(self.campaign, kit)
        if kit is None or contact is None:
            raise LookupError(name)
        return self.go(f"/corrections/{name}", _record_correction(self, contact, kit.was))


def _owner_of(campaign: Campaign, id: str, old: str) -> Contact | None:
    if id == RETIRED_ID:
        return next((contact for contact in campaign.retired if contact.former[0].phone == old), None)
    return next((contact for contact in campaign.whole_register if contact.id == id), None)


def _contact_of(campaign: Campaign, kit: correction.Kit | None) -> Contact | None:
    if kit is None:
        return None
    contacts = next((contact for contact in campaign.whole_register if correction.key_of(contact) == kit.contact), None)
    retired = (contact for contact in campaign.retired if correction.key_of(contact) == kit.contact)
    return contacts or next((contact for contact in retired if is_same(contact.former[0].phone, kit.was)), None)


def _record_correction(panel: Panel, contact: Contact, old: str, is_printed: bool = True) -> int:
    file = ContactFile.read(panel.files, contact.place or NATIONAL)
    name, key = contact_name(contact, panel.ui_language, contact.id), "did-put-right" if is_printed else "did-never"
    title = panel.words.say(key, id=name, was=old)
    corrected = [item.phone for item in contact.former if is_same(old, item.phone)]
    text = file.mark_corrected("" if contact.is_retired else contact.id, corrected, is_printed)
    return panel.write(title, {file.name: Change(file.version, text.encode())})


def _belongs_to(
    campaign: Campaign, row: list[str], affected_pieces: set[tuple[str | None, str | None]], contact: Contact | None
) -> bool:
    if len(row) < len(KEYS):
        return False
    cells = dict(zip(KEYS, row, strict=False))
    is_in_scope = contact is None or contact.place in correction.place_scope(campaign, cells["place"])
    return is_in_scope and (cells["piece"].rpartition("/")[2], cells["language"]) in affected_pieces


def _fix_url(line: str) -> str:
    name, _, place_parts = line.rpartition(":")
    path = name.removeprefix("docs/")
    return f"/texts/{quote(path)}?line={place_parts}" if path.endswith(".md") else ""
