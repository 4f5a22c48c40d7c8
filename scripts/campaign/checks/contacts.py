"""Check whether telephone numbers may be printed: their age, their verification, and room on leaflets."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from campaign.content.phones import NO_COUNTRY, TOO_LONG, TOO_SHORT
from campaign.content.print_run import FILE as PRINT_RUN
from campaign.content.typed_numbers import digits_of, is_odd, is_one_digit, is_same
from campaign.models.campaign import Campaign
from campaign.models.contact import (
    ALWAYS_OPEN,
    DAYS_PRINTED,
    DAYS_TO_RELEASE,
    EMERGENCY,
    MAX_NEXT_TO_MAIN,
    Contact,
    Number,
    order_for,
)
from campaign.models.problem import Problem

# Copies that may be printed without a recent call of the main number.
MAX_UNVERIFIED_COPIES = 100
# Numbers up to this length (112) are short on purpose.
MAX_SHORT_DIGITS = 5
DOUBTS = {
    TOO_SHORT: "has fewer digits than any number of its country.",
    TOO_LONG: "has more digits than any number of its country.",
    NO_COUNTRY: "begins with the code of no country.",
}
# Places named in a note.
MAX_NAMED_PLACES = 3


def check_contacts(campaign: Campaign) -> Iterator[Problem]:
    """Yield numbers that are too old to print, risky print runs, and contacts moved to the contact sheet."""
    yield from _check_age(campaign)
    for contact in campaign.all_contacts if len(campaign.languages) > 1 else ():
        if isinstance(contact.hours, str) and contact.hours != ALWAYS_OPEN and any(map(str.isalpha, contact.hours)):
            message = f"The hours “{contact.hours}” are shown as typed in every language."
            fix = "Write them by days, as in `[{days: mon-fri, open: 8:00-16:00}]` (at the desk: mon-fri 8:00-16:00)."
            yield Problem("hours-as-typed", contact.where, message, fix)
    yield from _check_length(campaign)
    yield from _check_words(campaign)
    yield from _check_before(campaign)
    yield from _check_call(campaign)
    copies = sum(order.copies for order in campaign.print_run)
    if copies > MAX_UNVERIFIED_COPIES:
        yield from _check_main(campaign, f"{PRINT_RUN} orders {copies} copies.")
    if any(campaign.formats[name].sheets for page in campaign.pages.values() for name in page.formats):
        yield from _check_room(campaign)


def check_released_contacts(campaign: Campaign) -> Iterator[Problem]:
    """Yield what a release requires of numbers, above all of the main one."""
    yield from _check_main(campaign, "This is a release.")
    for contact in campaign.all_contacts:
        for number in contact.numbers:
            if not number.is_fresh:
                message = f"The number {number.phone} ({contact.id}) {_last_check(number)}."
                fix = "Call it, and add to `calls:`; or look it up in an official source, and set `checked:`."
                yield Problem("number-unchecked", number.where, message, fix)
        if contact.phone and contact.kind != EMERGENCY and not any(number.is_agreed for number in contact.numbers):
            name = f"{contact.name} ({contact.id})" if contact.name else contact.id
            message = f"It isn't recorded that {name} agreed to having its number printed."
            yield Problem("number-not-agreed", contact.where, message, "Ask, and write `agreed: {by: who, on: day}`.")


def _last_check(number: Number) -> str:
    if number.checked:
        return f"was last checked on {number.checked.on}"
    if number.reported:
        return f"was reported as checked on {number.reported}, without a recorded call"
    return "has never been checked"


def _check_age(campaign: Campaign) -> Iterator[Problem]:
    main = _chosen_main(campaign)
    for contact in campaign.all_contacts:
        for number in contact.numbers:
            if number.is_printed:
                continue
            message = (
                f"The number {number.phone} ({contact.id}) {_last_check(number)}, more than {DAYS_PRINTED} days ago"
            )
            fix = "Call it, and add to `calls:`; or look it up in an official source, and set `checked:`."
            if contact is main:
                yield Problem("main-number-old", number.where, f"{message}: every piece would show it.", fix)
            else:
                yield Problem("number-not-printed", number.where, f"{message}: it is not printed.", fix)


def _check_length(campaign: Campaign) -> Iterator[Problem]:
    """Yield notes on numbers of unusual length, compared with others with a plus, a zero or neither."""
    for contact in campaign.whole_register:
        for number in contact.numbers:
            # Two people typing the same number verify it.
            if (why := _length_doubt(number)) and not number.is_typed_twice:
                message = f"The number {number.phone} ({contact.id}) {why}"
                fix = "Compare it with its source, then let a second person type it: `again: {phone, by, first}`."
                yield Problem("number-odd", number.where, message, fix)
    lengths: dict[str, list[tuple[int, Contact, Number]]] = {}
    for contact in campaign.whole_register:
        for number in contact.numbers:
            digits = number.dial.partition(",")[0]
            if len(digits) > MAX_SHORT_DIGITS:
                start = digits[0] if digits[0] in "+0" else ""
                lengths.setdefault(start, []).append((len(digits), contact, number))
    for rows in lengths.values():
        rows.sort(key=lambda row: row[0])
        if len(rows) > 1 and rows[0][0] < rows[1][0]:
            length, contact, number = rows[0]
            message = f"The number {number.phone} ({contact.id}) has {length - number.phone.count('+')} digits, "
            message += f"fewer than every other that begins like it: {rows[1][2].phone} ({rows[1][1].id})."
            fix = "Compare it with its source, digit by digit."
            yield Problem("number-shorter", number.where, message, fix)


def _length_doubt(number: Number) -> str:
    if not is_odd(number.phone):
        return DOUBTS.get(number.doubt, "")
    count = len(digits_of(number.phone))
    return f"has {count} digit{'s' if count > 1 else ''}{', all the same' if is_one_digit(number.phone) else ''}."


def _check_before(campaign: Campaign) -> Iterator[Problem]:
    for contact in campaign.whole_register:
        for former in contact.former_numbers if contact.numbers else ():
            old = f"was that of {former.phone}, its number until {former.until}"
            if former.source == contact.source:
                message = f"The source `{contact.source}` ({contact.id}) {old}. No one has confirmed that it has "
                message += f"{contact.phone}, so the two aren't printed together."
                fix = "Look there. If it has the number, remove `source:` from `former:`; if not, name another source."
                yield Problem("number-of-before", contact.where, message, fix)
            for number in contact.numbers:
                day = number.checked.on if number.checked else None
                if day and former.checked == day and day < former.until:
                    message = f"The check of {day} ({contact.id}) {old}."
                    fix = f"Remove it, and verify {number.phone}."
                    yield Problem("number-of-before", number.where, message, fix)
            for app, name in contact.messengers.items():
                if is_same(name, former.phone):
                    message = f"The number at {app} ({contact.id}) {old}."
                    yield Problem(
                        "number-of-before", contact.where, message, f"Ask whether it is still theirs at {app}."
                    )


def _check_words(campaign: Campaign) -> Iterator[Problem]:
    for contact in campaign.all_contacts:
        texts = [("service", contact.services)] if contact.services and not contact.does else []
        texts += [("for", number.uses) for number in contact.numbers if number.uses]
        for key, text in texts:
            if missing := [code for code in campaign.languages if code not in text]:
                message = f"`{key}` of `{contact.id}` has no words in {', '.join(missing)}: it is in another language."
                fix = f"Write them: `{key}: {{{missing[0]}: ...}}`; or use `does:` codes."
                yield Problem("contact-words-missing", contact.where, message, fix)


def _check_call(campaign: Campaign) -> Iterator[Problem]:
    """Yield one problem if pages need a main number and the campaign has none."""
    source = campaign.source_language.code
    pages = [
        page for (code, _), page in campaign.pages.items() if code == source and page.outline.has_shortcode("call")
    ]
    if pages and campaign.emergency is None:
        count = f"{len(pages)} pages contain" if len(pages) > 1 else "This page contains"
        message = f"{count} `{{{{ call }}}}`, and there is no number to show."
        fix = "Add a contact with a number to assets/contacts/national.yml, or remove the shortcode."
        yield Problem("call-without-number", pages[0].where, message, fix)


def _chosen_main(campaign: Campaign) -> Contact | None:
    with_phone = [contact for contact in campaign.contacts if contact.phone]
    candidates = (*(c for c in with_phone if c.is_main), *(c for c in with_phone if c.kind == EMERGENCY), *with_phone)
    return candidates[0] if candidates else None


def _check_main(campaign: Campaign, reason: str) -> Iterator[Problem]:
    contact = campaign.emergency
    if contact is None:
        return
    number = contact.numbers[0]
    name = f"The main number {number.phone} ({contact.id})"
    if number.is_due:
        advice = "Look it up in an official source" if contact.kind == EMERGENCY else "Call it"
        message = f"{name} {_last_check(number)}, not within {DAYS_TO_RELEASE} days. {reason}"
        yield Problem(
            "main-number-due", number.where, message, f"{advice}; `campaign contacts due` prints what to ask."
        )
    if not number.is_typed_twice:
        message = f"{name} was typed by one person only. {reason}"
        fix = "Let a second person type it from the source: `again: {phone: ..., by: ..., first: ...}`."
        yield Problem("main-number-once", number.where, message, fix)


def _check_room(campaign: Campaign) -> Iterator[Problem]:
    fix = "All are on the contact sheet, in the same folders as the leaflets, which name it: hand it out too."
    first_left_out = {
        place: others[0] for place in (None, *campaign.places) if (others := _ordered(campaign, place)[1])
    }
    if None in first_left_out:
        message = f"{_leaflet_summary(campaign, None)}. A place's own contacts come first."
        yield Problem("contacts-on-sheet", first_left_out[None].where, message, fix)
    elif first_left_out:
        places_text = "; ".join(
            f"in {place}, {_leaflet_summary(campaign, place)}" for place in list(first_left_out)[:MAX_NAMED_PLACES]
        )
        suffix = (
            f"; {len(first_left_out) - MAX_NAMED_PLACES} more places are the same"
            if len(first_left_out) > MAX_NAMED_PLACES
            else ""
        )
        yield Problem(
            "contacts-on-sheet",
            next(iter(first_left_out.values())).where,
            f"{places_text[0].upper()}{places_text[1:]}{suffix}.",
            fix,
        )


def _ordered(campaign: Campaign, place: str | None) -> tuple[list[Contact], list[Contact]]:
    result = order_for(campaign.contacts_for(place), campaign.emergency, campaign.source_language.code)
    return result[: 1 + MAX_NEXT_TO_MAIN], result[1 + MAX_NEXT_TO_MAIN :]


def _leaflet_summary(campaign: Campaign, place: str | None) -> str:
    first, rest = _ordered(campaign, place)
    count = len(first) + len(rest)
    return f"{count} have numbers. On leaflets first: {_ids(first)}; then, with room: {_ids(rest)}"


def _ids(contacts: Iterable[Contact]) -> str:
    return ", ".join(contact.id for contact in contacts)
