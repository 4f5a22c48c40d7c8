"""Call sheets: the numbers that each keeper should verify, for printing. English unless words are given."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta

from campaign.models.campaign import Campaign, Language
from campaign.models.contact import DAYS_FRESH, DAYS_TO_RELEASE, EMERGENCY, Contact, Number
from campaign.models.shipped import read_data

# Ask this many days before a verification expires.
DAYS_AHEAD = 30
WORDS: Mapping[str, str] = read_data(__file__, "call_sheet.toml")
QUESTIONS = ("ask-answered", "ask-name", "ask-languages", "ask-hours", "ask-print")


def call_sheets(
    campaign: Campaign,
    today: date,
    keeper: str = "",
    sheet: Mapping[str, str] = WORDS,
    language: Language | None = None,
) -> str:
    """Return the due numbers by keeper ('' for all), with words of `sheet` and names in `language`."""
    results: dict[str, list[str]] = {}
    for contact in campaign.whole_register:
        for number in contact.numbers:
            if _is_due(campaign, contact, number, today) and keeper in ("", contact.keeper):
                results.setdefault(contact.keeper, []).append(
                    "\n".join(_entry(campaign, contact, number, sheet, language or campaign.source_language))
                )
    if not results:
        return f"{sheet['none']}\n"
    sheets = (
        f"# {sheet['of'].format(name=name or sheet['nobody'])}\n\n" + "\n\n".join(results[name])
        for name in sorted(results)
    )
    return f"{chr(10).join(f'{sheet}{chr(10)}' for sheet in sheets)}"


def _is_due(campaign: Campaign, contact: Contact, number: Number, today: date) -> bool:
    """Return whether to verify a number: the main one before each release, others before they expire."""
    if not number.checked or not number.is_fresh:
        return True
    is_main = campaign.emergency is not None and campaign.emergency.id == contact.id
    days = DAYS_TO_RELEASE if is_main else DAYS_FRESH - DAYS_AHEAD
    return number.checked.on + timedelta(days) < today


def _entry(
    campaign: Campaign, contact: Contact, number: Number, sheet: Mapping[str, str], language: Language
) -> Iterator[str]:
    strings = language.strings
    does = ", ".join(strings.get(f"does-{code}", code) for code in contact.does)
    does = does or contact.services.get(language.code, "") or strings.get(f"kind-{contact.kind}", "")
    name = contact.name or strings.get(f"kind-{contact.kind}", contact.kind)
    place = campaign.places.get(contact.place or "")
    where = f", {place.name(language.code, campaign.source_language.code)}" if place else ""
    checked = number.checked
    last = (
        sheet["last"].format(day=checked.on, how=sheet.get(f"how-{checked.how}", checked.how))
        if checked
        else sheet["never"]
    )
    if not checked and number.reported:
        last = f"{last}; {sheet['reported'].format(day=number.reported)}"
    phone = f"{number.phone} ext. {number.extension}" if number.extension else number.phone
    yield f"## {name}{where}: {phone}\n"
    yield f"{contact.where}, `{contact.id}`; {last}; {sheet['source'].format(name=contact.source)}"
    for call in number.calls[-2:]:
        answer = sheet["answered" if call.is_answered else "silent"]
        yield sheet["call"].format(day=call.on, name=call.by, answer=answer, said=call.answer).rstrip()
    if contact.kind == EMERGENCY:
        yield f"\n{sheet['urgent']}\n"
        yield f"- [ ] {sheet['found']}"
        return
    yield ""
    hours = (
        contact.hours
        if isinstance(contact.hours, str)
        else "; ".join(f"{row.days[0]}-{row.days[-1]} {', '.join(row.times)}" for row in contact.hours)
    )
    for question in QUESTIONS:
        yield f"- [ ] {sheet[question].format(name=name, does=does, hours=hours or sheet['unknown'])}"
