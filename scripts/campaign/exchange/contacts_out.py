"""Public data of contacts for other programs: vCard 4.0 (RFC 6350) and Open Referral's HSDS 3.0."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from campaign.content.contacts import hours_text, number_text, service_text
from campaign.content.number_doubts import number_doubt
from campaign.exchange.contacts_table import contact_rows, write_csv
from campaign.models.campaign import Campaign, Language
from campaign.models.contact import DAYS, Contact, Number

MAX_LINE_OCTETS = 75  # most octets of a line (RFC 6350, 3.2), with the leading space of a folded one


def outward_files(campaign: Campaign, language: Language) -> dict[str, str]:
    """Return the files by name, described in a language."""
    return {
        "contacts.csv": write_csv({**row, "keeper": ""} for row in contact_rows(campaign)),
        "contacts.vcf": "".join(
            _card(campaign, language, contact) for contact in campaign.all_contacts if contact.is_printed
        ),
        "contacts-hsds.json": json.dumps(_services(campaign, language), ensure_ascii=False, indent=2) + "\n",
    }


def _id(campaign: Campaign, *parts: str) -> str:
    """Return a stable id (RFC 9562, version 5)."""
    return str(uuid5(NAMESPACE_URL, "#".join((campaign.site_url, *parts))))


def _name(language: Language, contact: Contact) -> str:
    return contact.name_in(language.code) or language.strings.get(f"kind-{contact.kind}", contact.kind)


def _printed(contact: Contact) -> list[Number]:
    return [number for number in contact.numbers if number.is_printed]


def _phone_line(number: Number, position: int) -> str:
    """Return a number as tel: URI (RFC 3966), or as dialled inside the country."""
    dial = number.dial.partition(",")[0]
    if not dial.startswith("+"):
        return f"TEL;TYPE=voice;PREF={position}:{_escape(number.dial)}"
    extension = f";ext={number.extension}" if number.extension else ""
    return f"TEL;VALUE=uri;TYPE=voice;PREF={position}:tel:{dial}{extension}"


def _card(campaign: Campaign, language: Language, contact: Contact) -> str:
    source = campaign.source_language.code
    note = (
        service_text(language, contact, source),
        hours_text(language, contact.hours),
        number_doubt(language, contact),
    )
    lines = [
        "BEGIN:VCARD",
        "VERSION:4.0",
        f"UID:urn:uuid:{_id(campaign, contact.id)}",
        "KIND:org",
        f"FN:{_escape(_name(language, contact))}",
    ]
    for index, number in enumerate(_printed(contact), 1):
        lines.append(_phone_line(number, index))
    lines += [f"LANG;PREF={index}:{code}" for index, code in enumerate(contact.languages, 1)]
    if contact.email:
        lines.append(f"EMAIL:{_escape(contact.email)}")
    if contact.web:
        lines.append(f"URL:https://{contact.web}")
    lines += [f"NOTE:{_escape(f'{app}: {name}')}" for app, name in contact.messengers.items()]
    if contact.address or contact.town:
        lines.append(f"ADR:;;{_escape(contact.address)};{_escape(contact.town)};;;")
    if any(note):
        lines.append(f"NOTE:{_escape('. '.join(part for part in note if part))}")
    if contact.checked:
        lines.append(f"REV:{contact.checked.on:%Y%m%dT000000Z}")
    return "".join(f"{_folded(line)}\r\n" for line in (*lines, "END:VCARD"))


def _escape(text: str) -> str:
    for sign in ("\\", ",", ";"):
        text = text.replace(sign, f"\\{sign}")
    return text.replace("\n", "\\n")


def _folded(line: str) -> str:
    pieces: list[str] = []
    piece = ""
    for letter in line:
        if len((piece + letter).encode()) > MAX_LINE_OCTETS - bool(pieces):
            pieces.append(piece)
            piece = ""
        piece += letter
    return "\r\n ".join((*pieces, piece))


def _services(campaign: Campaign, language: Language) -> list[dict[str, Any]]:
    return [_service(campaign, language, contact) for contact in campaign.all_contacts]


def _service(campaign: Campaign, language: Language, contact: Contact) -> dict[str, Any]:
    source, name = campaign.source_language.code, _name(language, contact)
    does = service_text(language, contact, source)
    results: dict[str, Any] = {
        "id": _id(campaign, contact.id),
        "name": name,
        "description": does or name,
        "status": "active",
        "organization": {"id": _id(campaign, contact.id, "organization"), "name": name, "description": does or name},
        "phones": [_phone(campaign, language, contact, number) for number in _printed(contact)],
        "languages": [{"id": _id(campaign, contact.id, code), "code": code} for code in contact.languages],
        "schedules": list(_schedules(campaign, contact)),
    }
    if contact.email:
        results["email"] = contact.email
    if contact.web:
        results["url"] = f"https://{contact.web}"
    if doubt := number_doubt(language, contact):
        results["alert"] = doubt
    if contact.free:
        results["fees_description"] = language.strings["free"]
    if contact.checked:
        results["assured_date"] = contact.checked.on.isoformat()
    place = campaign.places.get(contact.place or "")
    if place:
        area = place.name(language.code, source)
        results["service_areas"] = [{"id": _id(campaign, contact.id, place.code), "name": area, "extent": place.iso}]
    return {key: value for key, value in results.items() if value}


def _phone(campaign: Campaign, language: Language, contact: Contact, number: Number) -> dict[str, Any]:
    purpose = number.uses.get(language.code) or number.uses.get(campaign.source_language.code, "")
    results: dict[str, Any] = {
        "id": _id(campaign, contact.id, number_text(language, number)),
        "number": number.phone,
        "type": "voice",
        "description": purpose,
    }
    if number.extension:
        results["extension"] = int(number.extension)
    return {key: value for key, value in results.items() if value != ""}


def _schedules(campaign: Campaign, contact: Contact) -> Iterator[dict[str, Any]]:
    """Yield a row for each time without a break (RFC 5545); hours in words become a description."""
    if isinstance(contact.hours, str):
        if contact.hours:
            yield {"id": _id(campaign, contact.id, "hours"), "description": contact.hours}
        return
    for row in contact.hours:
        days = ",".join(day[:2].upper() for day in DAYS if day in row.days)
        for time in row.times:
            start, end = (_clock(part) for part in re.split("[-–]", time))
            id = _id(campaign, contact.id, days, time)
            yield {"id": id, "freq": "WEEKLY", "byday": days, "opens_at": start, "closes_at": end}


def _clock(raw: str) -> str:
    hour, minute = re.split("[:.]", raw.strip())
    return f"{int(hour):02}:{minute}"
