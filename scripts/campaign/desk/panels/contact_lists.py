"""Contacts by place, those to verify, and the sheet for calling them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from itertools import groupby

from starlette.responses import Response

from campaign.checks.renamed import renamed_at
from campaign.content import clock
from campaign.content.contacts import FOLDER
from campaign.desk.contact_fields import codes_of
from campaign.desk.contact_file import ContactFile
from campaign.desk.fix_urls import as_text
from campaign.desk.former_numbers import former_numbers
from campaign.desk.lists import ROWS_PER_PAGE, matches, paginate
from campaign.desk.naming import places_of
from campaign.desk.panel import Panel, get
from campaign.desk.panels.corrections import RETIRED_ID
from campaign.exchange.call_sheet import WORDS, call_sheets
from campaign.models.campaign import NATIONAL, Campaign
from campaign.models.contact import Contact
from campaign.schema.yaml_edit import CannotEdit

# Filters: numbers to verify, places without contacts.
DUE_FILTER = "due"
EMPTY_FILTER = "empty"
MAX_SHOWN_KEEPERS = 8


class ContactLists(Panel):
    menu = ("/contacts", "contacts")

    @get("/contacts")
    def overview(self) -> Response:
        campaign, ui_language = self.campaign, self.ui_language
        places = places_of(campaign, ui_language)
        show = self.query_value("show")
        query, names, kinds = self.query_value("words"), dict(places), dict(codes_of(ui_language, "kind"))
        rows = [(contact, _state(contact)) for contact in campaign.whole_register]
        order = {code: index for index, code in enumerate(names)}
        rows_shown = [
            (contact.place or NATIONAL, contact, state)
            for contact, state in rows
            if show != EMPTY_FILTER and (show != DUE_FILTER or state != "fresh")
            if matches(
                query,
                *(names.get(contact.place or "", ""), kinds.get(contact.kind, "")),
                *(contact.id, contact.name, contact.keeper, *(number.phone for number in contact.numbers)),
            )
        ]
        rows_shown.sort(key=lambda row: order.get(row[0], len(order)))
        part = paginate(rows_shown, self.request)
        places_with_contacts = {contact.place or NATIONAL for contact, _ in rows}
        places_without = [
            (code, name) for code, name in places if code not in places_with_contacts and matches(query, name)
        ]
        empty_places = {code for code in campaign.places if not campaign.local_contacts(code)}
        return self.page(
            "contacts.html",
            places=[
                (code, names.get(code, ""), [*group]) for code, group in groupby(part.rows, key=lambda row: row[0])
            ],
            empty=[row for row in places_without if row[0] in empty_places]
            if show == EMPTY_FILTER
            else places_without[:ROWS_PER_PAGE],
            empties=len(places_without),
            nobody=len(empty_places),
            words=query,
            part=part,
            counts={state: sum(row[1] == state for row in rows) for state in ("fresh", "due", "unknown")},
            show=show,
            kinds=kinds,
            way=_contact_url(campaign),
        )

    @get("/contacts/sheet")
    def sheet(self) -> Response:
        ui_words = self.words
        words = {key: ui_words[f"sheet-{key}"] for key in WORDS} | {
            key: ui_words[key] for key in ui_words if key.startswith("how-")
        }
        today, ui_language = clock.now().date(), self.ui_language
        campaign, keeper = self.campaign, self.request.query_params.get("keeper")
        keepers = sorted({contact.keeper for contact in campaign.whole_register if contact.keeper})
        # With many keepers, ask for one first.
        is_shown = keeper is not None or len(keepers) <= MAX_SHOWN_KEEPERS
        text = call_sheets(campaign, today, keeper or "", words, ui_language) if is_shown else ""
        lines = [line for line in text.splitlines() if line.strip()]
        return self.page("call-sheet.html", lines=lines, keepers=keepers, asked=keeper or "")

    @get("/contacts/{place}")
    def place(self) -> Response:
        code = self.path["place"]
        campaign, ui_language = self.campaign, self.ui_language
        try:
            file = ContactFile.read(self.files, code, campaign.places)
        except CannotEdit:
            return self.go(as_text(f"{FOLDER}/{code}.yml"))
        line = self.query_value("line")
        if line.isdecimal() and (id := file.id_at_line(int(line))):
            return self.go(f"/contacts/{code}/{id}")
        contacts = [contact for contact in campaign.whole_register if (contact.place or NATIONAL) == code]
        return self.page(
            "contacts-place.html",
            code=code,
            renamed=renamed_at(campaign, file.name),
            name=dict(places_of(campaign, ui_language)).get(code, code),
            rows=[(code, contact, _state(contact)) for contact in contacts],
            problems=self.workspace.problems_of(file.name),
            kinds=dict(codes_of(ui_language, "kind")),
            way=_contact_url(campaign),
            formers=former_numbers(
                campaign, [contact for contact in campaign.retired if (contact.place or NATIONAL) == code]
            ),
            correct_at=f"contacts/{code}/{RETIRED_ID}/correct",
            is_of_place=True,
        )


def _contact_url(campaign: Campaign) -> Callable[[Contact], str]:
    count = Counter((contact.place, contact.id) for contact in campaign.whole_register)

    def key_path(contact: Contact) -> str:
        place, line = contact.place or NATIONAL, contact.where.rpartition(":")[2]
        is_unique = count[contact.place, contact.id] == 1
        return f"contacts/{place}/{contact.id}" if is_unique else f"contacts/{place}?line={line}"

    return key_path


def _state(contact: Contact) -> str:
    if not contact.numbers:
        return "unknown"
    return "fresh" if contact.is_fresh else "due"
