"""Call sheets: what whoever keeps contacts has to make sure of, to print and fill in. English, for staff."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from campaign.models.campaign import Campaign
from campaign.models.contact import DAYS_FRESH, DAYS_TO_RELEASE, EMERGENCY, Contact, Number

# So many days before a number is old, somebody is asked to make sure of it.
AHEAD = 30
NOBODY = "nobody yet (`keeper:` says who)"
QUESTIONS = (
    "Answered:  yes / no    On: ____________    By: ______________________",
    "Is this {name}? Does it do: {does}?",
    "Languages spoken on the call: ______________________",
    "Hours as we have them: {hours}. Right:  yes / no: ______________________",
    "May we print the number:  yes / no    Who said so: ______________________",
)


def call_sheets(campaign: Campaign, today: date, keeper: str = "") -> str:
    """All numbers that are due, by keeper, as Markdown.

    Args:
        campaign: whose contacts.
        today: the day from which their age is counted.
        keeper: for one alone; '' for all.
    """
    found: dict[str, list[str]] = {}
    for contact in campaign.whole_register:
        for number in contact.numbers:
            if _is_due(campaign, contact, number, today) and keeper in ("", contact.keeper):
                found.setdefault(contact.keeper, []).append("\n".join(_entry(campaign, contact, number)))
    if not found:
        return "No number is due.\n"
    sheets = (f"# To make sure of: {name or NOBODY}\n\n" + "\n\n".join(found[name]) for name in sorted(found))
    return f"{chr(10).join(f'{sheet}{chr(10)}' for sheet in sheets)}"


def _is_due(campaign: Campaign, contact: Contact, number: Number, today: date) -> bool:
    """The main number before every release, others before they grow old."""
    if not number.checked or not number.is_fresh:
        return True
    is_main = campaign.emergency is not None and campaign.emergency.id == contact.id
    days = DAYS_TO_RELEASE if is_main else DAYS_FRESH - AHEAD
    return number.checked.on + timedelta(days) < today


def _entry(campaign: Campaign, contact: Contact, number: Number) -> Iterator[str]:
    words = campaign.source_language.strings
    does = ", ".join(words.get(f"does-{code}", code) for code in contact.does)
    does = does or contact.services.get(campaign.source_language.code, "") or words.get(f"kind-{contact.kind}", "")
    name = contact.name or words.get(f"kind-{contact.kind}", contact.kind)
    place = campaign.places.get(contact.place or "")
    where = f", {place.name(campaign.source_language.code, '')}" if place else ""
    last = f"last on {number.checked.on} ({number.checked.how})" if number.checked else "never checked"
    phone = f"{number.phone} ext. {number.extension}" if number.extension else number.phone
    yield f"## {name}{where}: {phone}\n"
    yield f"{contact.where}, `{contact.id}`; {last}; source: {contact.source}"
    for call in number.calls[-2:]:
        answer = "answered" if call.is_answered else "nobody answered"
        yield f"Call of {call.on} by {call.by}: {answer}. {call.said}".rstrip()
    if contact.kind == EMERGENCY:
        yield "\nDo not call it: look it up in an official source.\n"
        yield "- [ ] Found in: ______________________    On: ____________    By: ______________________"
        return
    yield ""
    hours = (
        contact.hours
        if isinstance(contact.hours, str)
        else "; ".join(f"{row.days[0]}-{row.days[-1]} {', '.join(row.times)}" for row in contact.hours)
    )
    for question in QUESTIONS:
        yield f"- [ ] {question.format(name=name, does=does, hours=hours or 'not known')}"
