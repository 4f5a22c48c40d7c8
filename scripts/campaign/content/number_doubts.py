"""What is said beside a number that nobody has checked lately: one sentence, made of its contact's record.

Every form of a text that shows a number takes the sentence from here: pages, releases, messages, captions, books.
"""

from __future__ import annotations

from collections.abc import Mapping

from campaign.content.contacts import check_text, contact_checks
from campaign.content.typed_numbers import NUMBER, digits_of, standing_numbers
from campaign.models.campaign import Campaign, Language
from campaign.models.contact import Contact


def number_doubt(language: Language, contact: Contact | None) -> str:
    """The sentence on a contact's numbers; '' where all were checked lately, or there is none."""
    return contact_checks(language, contact) if contact and contact.phone and not contact.is_fresh else ""


def unchecked_numbers(campaign: Campaign, language: Language, text: str) -> dict[str, str]:
    """The sentence on each contact's number that a text shows without it, by the number."""
    doubtful = {
        digits_of(number.phone): (number.phone, check_text(language, number))
        for contact in campaign.everybody
        for number in contact.numbers
        if not number.is_fresh
    }
    typed = [*NUMBER.findall(text), *standing_numbers(text, doubtful.keys())] if doubtful else []
    shown = [doubtful[digits] for digits in dict.fromkeys(map(digits_of, typed)) if digits in doubtful]
    return {phone: doubt for phone, doubt in shown if doubt not in text}


def said_of(unchecked: Mapping[str, str]) -> list[str]:
    """What is said of some numbers, in sentences that name them where there are several."""
    return [f"{phone}: {doubt}" if len(unchecked) > 1 else doubt for phone, doubt in unchecked.items()]


def with_doubts(campaign: Campaign, language: Language, text: str) -> str:
    """A text with those sentences at its end."""
    return " ".join((text, *said_of(unchecked_numbers(campaign, language, text))))
