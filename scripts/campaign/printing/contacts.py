"""Contacts on printed pieces: name, services, number, hours, and how far the number is verified."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import partial
from typing import Any

from campaign.content.contacts import contact_checks, hours_text, service_text
from campaign.content.locale_format import format_list
from campaign.content.number_doubts import about_number
from campaign.models.campaign import Campaign, Language, Source
from campaign.models.contact import Contact, Number
from campaign.printing.line_breaking import JOINER, NO_BREAK, foreign, keep_last_words, set_text

DAY_AND_TIME = re.compile(r"([^\s,;:：、፦]+) (?=\d{1,2}[.:]\d\d)")


def _keep_day_together(match: re.Match[str]) -> str:
    """Keep a day's name whole and next to its time, in Chinese too."""
    day = match.group(1)
    return (JOINER.join(day) if "\u3400" <= day[-1] <= "\u9fff" else day) + NO_BREAK


def isolate(number: str) -> str:
    """Isolate a phone number so that it neither breaks nor reverses in any script."""
    return f"\u2066{number.replace(' ', chr(160)).replace('-', f'-{JOINER}')}\u2069"


def describe_contact(campaign: Campaign, language: Language, contact: Contact) -> dict[str, Any]:
    """Return kind, name, services, number, notes, source and verification, ready for typesetting."""
    words = language.strings
    printed_numbers = [number for number in contact.numbers if number.is_printed]
    return {
        "id": contact.id,
        "kind": _one_line(language, words.get(f"kind-{contact.kind}", contact.kind)),
        "name": _one_line(language, foreign(contact.name_in(language.code), language.direction)),
        "does": _one_line(language, service_text(language, contact, campaign.source_language.code)),
        **_number(language, printed_numbers[0] if printed_numbers else None),
        "more": [_further(campaign, language, number) for number in printed_numbers[1:]],
        "notes": [
            _one_line(language, note) for note in (*_times(language, contact), *_speaks(campaign, language, contact))
        ],
        "times": [_one_line(language, note) for note in _times(language, contact)],
        "speaks": [_one_line(language, note) for note in _speaks(campaign, language, contact)],
        "reach": [_one_line(language, line) for line in _reach(language, contact)],
        "addresses": [address for address in (contact.email, contact.web) if address],
        "source": _one_line(language, _source(campaign, language, contact)),
        "about": _one_line(
            language, about_number(campaign, language, contact, partial(foreign, direction=language.direction))
        ),
        "check": _one_line(language, contact_checks(language, contact)),
        "fresh": contact.is_fresh,
        "main": bool(campaign.emergency and campaign.emergency.id == contact.id),
    }


def _number(language: Language, number: Number | None) -> dict[str, str]:
    """Return a number and its extension."""
    if number is None:
        return {"phone": "", "extension": "", "dial": ""}
    extension = language.strings["extension"].format(number=number.extension) if number.extension else ""
    number_texts = {"phone": isolate(number.phone), "extension": _one_line(language, extension).replace(" ", "\u00a0")}
    return {**number_texts, "dial": number.dial}


def _further(campaign: Campaign, language: Language, number: Number) -> dict[str, str]:
    """Return a further number with its purpose."""
    purpose = number.uses.get(language.code) or number.uses.get(campaign.source_language.code, "")
    return {**_number(language, number), "use": _one_line(language, foreign(purpose, language.direction))}


def _reach(language: Language, contact: Contact) -> Iterable[str]:
    """Return the address and messenger names."""
    apps = (f"{app}: {name}" for app, name in contact.messengers.items())
    where = ", ".join(part for part in (contact.address, contact.town) if part)
    return (foreign(part, language.direction) for part in (where, *apps) if part)


def describe_silent(language: Language, contacts: Iterable[Contact], source: str) -> str:
    """Return one line with names and services of contacts without a current number, or ''."""
    data: dict[str, list[str]] = {"no-number": [], "number-too-old": []}
    for contact in contacts:
        name = foreign(contact.name_in(language.code), language.direction)
        name = name or language.strings.get(f"kind-{contact.kind}", contact.kind)
        does = service_text(language, contact, source)
        data["number-too-old" if contact.numbers else "no-number"].append(f"{name}: {does}" if does else name)
    return " ".join(
        _one_line(language, f"{'; '.join(names)}. {language.strings[why]}") for why, names in data.items() if names
    )


def _short_source(source: Source, language: Language) -> str:
    """Return a text for one line; text in a fallback language is kept together."""
    title = source.short or source.title
    return title if source.language == language.code else foreign(title, language.direction)


def _source(campaign: Campaign, language: Language, contact: Contact) -> str:
    source = campaign.sources.get(contact.shown_source)
    if source is None:
        return ""
    return language.strings["number-from"].format(source=_short_source(source.localised(language.code), language))


def _times(language: Language, contact: Contact) -> Iterable[str]:
    """Return whether calls are free, and the hours."""
    words = language.strings
    if contact.free:
        yield words["free"]
    hours = hours_text(language, contact.hours)
    if hours:
        # No break within a time, or between a day and its first time.
        yield DAY_AND_TIME.sub(_keep_day_together, hours).replace("–", f"–{JOINER}")
    if contact.numbers and contact.numbers[0].letters:
        yield foreign(contact.numbers[0].letters, language.direction)


def _speaks(campaign: Campaign, language: Language, contact: Contact) -> Iterable[str]:
    words = language.strings
    if contact.languages:
        names = (campaign.languages[code].name if code in campaign.languages else code for code in contact.languages)
        language_list = format_list(language, (foreign(name, language.direction) for name in names))
        yield words["speaks"].format(languages=language_list)


def _one_line(language: Language, text: str) -> str:
    return keep_last_words(set_text(text, language.direction, language.terms))
