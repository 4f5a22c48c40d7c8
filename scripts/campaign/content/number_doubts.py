"""The warning next to a number that is not fully verified, for every output that shows numbers."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping

from campaign.content.contacts import check_text, contact_checks, service_text
from campaign.content.typed_numbers import NUMBER, digits_of, standing_numbers
from campaign.models.campaign import Campaign, Language
from campaign.models.contact import Contact


def number_doubt(language: Language, contact: Contact | None) -> str:
    """Return the warning about a contact's numbers, or ''."""
    return contact_checks(language, contact) if contact and contact.phone and not contact.is_fresh else ""


def about_number(campaign: Campaign, language: Language, contact: Contact, mark: Callable[[str], str] = str) -> str:
    """Return what a source (formatted by `mark`) says about a number, and when it was verified."""
    return f"{_claims(campaign, language, contact, mark)} {contact_checks(language, contact)}".strip()


def _claims(campaign: Campaign, language: Language, contact: Contact, mark: Callable[[str], str]) -> str:
    source = campaign.sources.get(contact.shown_source)
    if source is None:
        return ""
    words, claim_texts = language.strings, source.localised(language.code)
    services = service_text(language, contact, campaign.source_language.code)
    sentence = words["number-said-free" if contact.free else "number-said"]
    return sentence.format(
        source=mark(claim_texts.short or claim_texts.title), services=services or words[f"kind-{contact.kind}"]
    )


def unchecked_numbers(campaign: Campaign, language: Language, text: str) -> dict[str, str]:
    """Return the warnings that a text lacks, by number."""
    doubtful = {
        digits_of(number.phone): (number.phone, check_text(language, number))
        for contact in campaign.all_contacts
        for number in contact.numbers
        if not number.is_fresh
    }
    values = [*NUMBER.findall(text), *standing_numbers(text, doubtful.keys())] if doubtful else []
    numbers = [doubtful[digits] for digits in dict.fromkeys(map(digits_of, values)) if digits in doubtful]
    return {phone: doubt for phone, doubt in numbers if doubt not in text}


def doubt_sentences(unchecked: Mapping[str, str]) -> list[str]:
    """Return warnings as sentences that name their numbers if there are several."""
    return [f"{phone}: {doubt}" if len(unchecked) > 1 else doubt for phone, doubt in unchecked.items()]


def with_doubts(campaign: Campaign, language: Language, text: str) -> str:
    """Return a text followed by its warnings."""
    doubt_text = " ".join(doubt_sentences(unchecked_numbers(campaign, language, text)))
    if doubt_text and not unicodedata.category(text[-1]).startswith("P"):
        return f"{text} ({doubt_text})"
    return f"{text} {doubt_text}".rstrip()


def with_short_doubt(campaign: Campaign, language: Language, text: str) -> str:
    """Return a short message followed by the shortest warning: characters may be paid for."""
    is_unchecked = bool(unchecked_numbers(campaign, language, text))
    return f"{text} ({language.strings['not-checked-short']})" if is_unchecked else text
