"""Who to call, in the words of a language: what a printed piece says of each contact, and how sure we are."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from campaign.content.contacts import check_text
from campaign.content.languages import joined
from campaign.models.campaign import Campaign, Language
from campaign.models.contact import EMERGENCY, Contact
from campaign.printing.line_breaking import JOINER, foreign, keep_last_words, set_text


def isolate(number: str) -> str:
    """A telephone number that neither breaks nor turns round in any script."""
    return f"\u2066{number.replace(' ', chr(160)).replace('-', f'-{JOINER}')}\u2069"


def describe_contact(campaign: Campaign, language: Language, contact: Contact) -> dict[str, Any]:
    """Kind, name, services, number, notes, source and check, ready to be set."""
    words = language.strings
    return {
        "kind": _say(language, words.get(f"kind-{contact.kind}", contact.kind)),
        "name": _say(language, foreign(contact.name, language.direction)),
        "does": _say(language, joined(language, (words.get(f"does-{service}", service) for service in contact.does))),
        "phone": isolate(contact.phone),
        "notes": [_say(language, note) for note in (*_times(language, contact), *_speaks(campaign, language, contact))],
        "times": [_say(language, note) for note in _times(language, contact)],
        "speaks": [_say(language, note) for note in _speaks(campaign, language, contact)],
        "source": _say(language, _source(campaign, language, contact)),
        "check": _say(language, check_text(language, contact)),
        "fresh": contact.is_fresh,
        "emergency": contact.kind == EMERGENCY,
    }


def describe_silent(language: Language, contacts: Iterable[Contact]) -> str:
    """One line for those whose number nobody knows: names and what they do. '' where there are none."""
    words = language.strings
    said = []
    for contact in contacts:
        name = foreign(contact.name, language.direction) or words.get(f"kind-{contact.kind}", contact.kind)
        does = joined(language, (words.get(f"does-{service}", service) for service in contact.does))
        said.append(f"{name}: {does}" if does else name)
    return _say(language, f"{'; '.join(said)}. {words['no-number']}") if said else ""


def _source(campaign: Campaign, language: Language, contact: Contact) -> str:
    source = campaign.sources.get(contact.source)
    if source is None:
        return ""
    return language.strings["number-from"].format(source=foreign(source.short or source.title, language.direction))


def _times(language: Language, contact: Contact) -> Iterable[str]:
    """Whether a call costs nothing, and when somebody answers."""
    words = language.strings
    if contact.free:
        yield words["free"]
    if contact.hours == "always":
        yield words["hours-always"]
    elif contact.hours:
        yield words["hours"].format(hours=contact.hours)


def _speaks(campaign: Campaign, language: Language, contact: Contact) -> Iterable[str]:
    words = language.strings
    if contact.languages:
        names = (campaign.languages[code].name if code in campaign.languages else code for code in contact.languages)
        yield words["speaks"].format(languages=joined(language, (foreign(name, language.direction) for name in names)))


def _say(language: Language, text: str) -> str:
    return keep_last_words(set_text(text, language.direction, language.terms))
