"""The fields of a contact's form: its own, its numbers', and a button to add a missing source."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from campaign.content import clock
from campaign.content.contacts import FOLDER, ContactReader, read_places
from campaign.content.phones import read_phone
from campaign.desk.contact_file import ContactFile
from campaign.desk.dry_check import new_problems, problems_in
from campaign.desk.files import SETTINGS
from campaign.desk.forms import Field, Form
from campaign.desk.panel import Panel
from campaign.desk.words import Words
from campaign.models.campaign import NATIONAL, Campaign, Language
from campaign.models.names import PLAIN_NAME, free_name, plain_name
from campaign.models.problem import Problem
from campaign.schema.kinds import ContactEntry, NumberEntry

# Calls and the second typing have their own forms.
CONTACT_KEYS = ("name", "kind", "does", "hours", "languages", "source", "keeper")
RARE_KEYS = ("service", "town", "address", "email", "web", "messenger", "main")
NUMBER_KEYS = ("phone", "free", "extension", "letters", "for")
TEXTS = ("name", "service", "for")
ONE_CONTACT = re.compile(r"^contacts\.\d+\.")


@dataclass(frozen=True)
class ContactFields:
    """The fields of a contact, of each number, of a new number, and the rarely needed ones."""

    contact: list[Field]
    numbers: list[list[Field]]
    empty: list[Field]
    more: list[Field]

    @property
    def all(self) -> list[Field]:
        """Every field."""
        return [*self.contact, *(item for number in self.numbers for item in number), *self.empty, *self.more]


def contact_fields(panel: Panel, file: ContactFile, id: str = "") -> ContactFields:
    """Return the fields of a contact, or of a new one if no id is given."""
    key_path, raw = (file.key_path(id), file.entry(id)) if id else (("contacts", file.count), {})
    campaign, words, ui_language = panel.campaign, panel.words, panel.ui_language
    names = language_names(campaign)
    choices = {
        "kind": codes_of(ui_language, "kind"),
        "does": codes_of(ui_language, "does"),
        "languages": names,
        "source": [(id, f"{source.title} ({id})") for id, source in campaign.sources.items()],
    }
    form = Form(words, choices, TEXTS, names, campaign.source_language.code)
    asks_id = not PLAIN_NAME.fullmatch(id)
    numbers = (
        [form.fields(NumberEntry, entry, number_path, NUMBER_KEYS) for number_path, entry in file.numbers(id)]
        if id
        else []
    )
    fields = ContactFields(
        form.fields(ContactEntry, raw, key_path, ("id", *CONTACT_KEYS) if asks_id else CONTACT_KEYS),
        numbers,
        form.fields(NumberEntry, {}, (*key_path, "numbers", len(numbers)) if numbers else key_path, NUMBER_KEYS),
        form.fields(ContactEntry, raw, key_path, RARE_KEYS),
    )
    draft_key = f"contacts/{panel.path['place']}/{panel.path.get('id', 'new')}/source"
    for item in fields.all:
        if item.key_path[-1] == "id":  # it can be derived from the name
            item.is_required = False
        if item.key_path[-1] == "source":
            item.elsewhere = (words["source-new"], panel.desk.link(draft_key))
    return fields


def show_dialled(fields: ContactFields, words: Words, country: str) -> ContactFields:
    """Show at each number what its links and codes dial."""
    for item in fields.all:
        phone = read_phone(str(item.value or ""), country) if item.key_path[-1] == "phone" else None
        if phone and not phone.fault:
            dial = f"{phone.dial}, {phone.extension}" if phone.extension else phone.dial
            item.understood = words.say("number-dials", was=dial)
    return fields


def free_id(campaign: Campaign, raw: str, fields: ContactFields, place: str) -> str:
    """Return a free id, made from the typed one, otherwise from the contact's name or its kind and place."""
    values = {str(item.key_path[-1]): item.value for item in fields.contact}
    kind = f"{values['kind']} {'' if place == NATIONAL else place}" if values["kind"] else ""
    names = [plain_name(name) for name in (raw, *values["name"].values(), kind)]
    ids = (contact.id for contact in campaign.whole_register)
    return free_name(next(filter(None, names), "contact"), ids)


def codes_of(ui_language: Language, kind: str) -> list[tuple[str, str]]:
    """Return the codes of a kind that the campaign has words for, with these words."""
    words = ui_language.strings
    return [(key.removeprefix(f"{kind}-"), text) for key, text in words.items() if key.startswith(f"{kind}-")]


def language_names(campaign: Campaign) -> list[tuple[str, str]]:
    """Return the code and name of each language."""
    return [(code, language.name) for code, language in campaign.languages.items()]


def check_contacts(campaign: Campaign, file: ContactFile, text: str) -> list[Problem]:
    """Return the problems that stop a build after a change to a contacts file and didn't before."""
    return check_contact_files(campaign, {file.name: file.text}, {file.name: text})


def check_contact_files(campaign: Campaign, before: Mapping[str, str], after: Mapping[str, str]) -> list[Problem]:
    """Return the same for several contacts files, each by its name."""
    return new_problems(lambda texts: _problems(campaign, texts), before, after)


def _problems(campaign: Campaign, texts: Mapping[str, str]) -> list[Problem]:
    source, languages, today = campaign.source_language, tuple(campaign.languages), clock.now().date()

    def read(root: Path, problems: list[Problem]) -> None:
        arguments = (problems, today, languages, source.code, campaign.country)
        reader = ContactReader(root, source.strings, campaign.sources, *arguments)
        reader.read_national()
        # Places keep their own data, which may be in a table.
        read_places(reader, tuple(campaign.places), languages, SETTINGS, campaign.places)

    files = {f"{FOLDER}/{path.name}": path.read_bytes() for path in (campaign.root / FOLDER).glob("*.yml")}
    problems = problems_in({**files, **texts}, read)
    return [problem for problem in problems if not problem.is_note and problem.file in texts]
