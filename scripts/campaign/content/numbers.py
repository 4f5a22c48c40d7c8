"""Telephone numbers of contacts: their fields, and how far each is verified on the day of the build."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from campaign.content.phones import LETTERS as HAS_LETTERS
from campaign.content.phones import SEVERAL_NUMBERS, Phone, plain_text, read_phone
from campaign.content.typed_numbers import is_same
from campaign.models.contact import DAYS_PRINTED, DAYS_TO_RELEASE, EMERGENCY, Call, Checked, Number
from campaign.models.names import is_same_person
from campaign.schema.declaration import Declared
from campaign.schema.kinds import AgreedNote, CallNote, CheckedNote, NumberEntry, SecondTyping
from campaign.schema.yaml_reader import Fields, Value

EXTENSION = re.compile(r"[0-9]{1,8}")
LETTERS = re.compile(r"[A-Za-z0-9 \-]{2,24}")
# Letters on the keypad (ITU-T E.161).
GROUPS = ("abc", "def", "ghi", "jkl", "mno", "pqrs", "tuv", "wxyz")
KEYS = {letter: str(key) for key, group in enumerate(GROUPS, 2) for letter in group}
CALLED = "called"
# Keys that are about one number, and don't hold for another.
VERIFICATION_KEYS = ("checked", "reported", "calls", "again", "agreed")


def digits_of(raw: str) -> str:
    """Return the digits to dial, with letters as on the keypad."""
    shown_phone = read_phone(raw).shown.lower()
    return "".join(KEYS.get(sign, sign) for sign in shown_phone if sign.isdigit() or sign in KEYS)


def read_number(
    entry: NumberEntry, kind: str, today: date, uses: Mapping[str, str], country: str = ""
) -> Number | None:
    """Return a number with its verification, or None if it can't be dialled. `uses` is its purpose by language."""
    if not entry.phone:
        return None
    phone = read_phone(entry.phone, country)
    if phone.fault:
        entry.complain("number-wrong", "phone", *fault_text(phone))
        return None
    extension = _extension(entry, phone)
    if differs(entry.phone, phone):
        message = f"`{entry.phone}` is read as {phone.shown}, and dials {dialled_text(phone)}."
        fix = f"Compare it with its source; then write `{phone.shown}`."
        entry.complain("number-understood", "phone", message, fix)
    calls = _calls(entry, kind, today)
    checked, reported = _verification(entry, kind, today, calls)
    last = checked.on if checked else reported
    # A later unanswered call outweighs an earlier verification.
    is_silent = any(not call.is_answered and (checked is None or call.on > checked.on) for call in calls)
    return Number(
        phone=phone.shown,
        extension=extension,
        letters=_letters(entry),
        uses=uses,
        free=entry.free,
        checked=checked,
        reported=reported,
        calls=calls,
        is_agreed=bool(entry.agreed and entry.agreed.by and entry.agreed.on and _is_past(entry.agreed, today)),
        is_typed_twice=_is_typed_twice(entry, entry.again),
        is_fresh=bool(checked and checked.is_fresh(today) and not is_silent),
        is_due=not checked or is_silent or not checked.is_fresh(today, DAYS_TO_RELEASE),
        is_printed=last is None or (today - last).days <= DAYS_PRINTED,
        where=entry.line("phone"),
        dialled=phone.dial,
        doubt=phone.doubt,
    )


def fault_text(phone: Phone) -> tuple[str, str]:
    """Return what is wrong with a number, and how to fix it."""
    if phone.fault == SEVERAL_NUMBERS:
        return f"`{phone.shown}` is more than one number.", "Write one row for each below `numbers:`."
    fix = "Use digits, spaces, hyphens and a leading plus only; leave the line out where no number is known."
    if phone.fault == HAS_LETTERS:
        fix = "It has letters: write the digits of its source; words on the keys go to `letters:`."
    return f"`{phone.shown}` is not a telephone number.", fix


def differs(raw: str, phone: Phone) -> bool:
    """Return whether the digits to dial differ from those typed, apart from the country code."""
    digits = re.sub(r"\D", "", plain_text(raw))
    return not phone.fault and not phone.dial.lstrip("+").endswith(digits.lstrip("0") or digits)


def dialled_text(phone: Phone) -> str:
    """Return the digits to dial, for messages."""
    return f"{phone.dial}, extension {phone.extension}" if phone.extension else phone.dial


def _extension(entry: NumberEntry, phone: Phone) -> str:
    raw = plain_text(entry.extension)
    if not raw:
        return phone.extension
    if not EXTENSION.fullmatch(raw) or phone.extension not in ("", raw):
        message = f"`{entry.extension}` is not an extension."
        if EXTENSION.fullmatch(raw):
            message = f"{message[:-1]} of `{entry.phone}`."
        entry.complain("number-wrong", "extension", message, "Write its digits only, at most eight, and in one place.")
        return ""
    return raw


def texts_by_language(entry: Declared, key: str, languages: tuple[str, ...], source: str) -> dict[str, str]:
    """Return a text by language; a plain string is in the source language."""
    if not entry.has(key):
        return {}
    value: Value = entry.value(key)
    if value.text is not None:
        return {source: value.text.strip()} if value.text.strip() else {}
    if value.keys is None:
        fix = "Or one for each language: `{en: ..., pt: ...}`."
        entry.complain("value-not-text", key, f"`{key}` takes a text.", fix)
        return {}
    fields = Fields(value, entry.file, entry.problems, languages)
    results = {code: fields.text(code) for code in fields.keys}
    return {code: text for code, text in results.items() if text and code in languages}


def _letters(entry: NumberEntry) -> str:
    """Return the letters of a number only if their digits match it."""
    if not entry.letters:
        return ""
    if not LETTERS.fullmatch(entry.letters) or not digits_of(entry.phone).endswith(
        digits_of(entry.letters).lstrip("0")
    ):
        message = f"`{entry.letters}` is dialled {digits_of(entry.letters)}, which is not {entry.phone}."
        entry.complain("number-letters", "letters", message, "Fix the one that is wrong, by the source.")
        return ""
    return entry.letters


def _calls(entry: NumberEntry, kind: str, today: date) -> tuple[Call, ...]:
    results = []
    for note in entry.calls:
        if kind == EMERGENCY:
            fix = "Check it in an official source, and write `checked: {on: ..., how: official-source}`."
            note.complain("emergency-called", "", "An emergency number is never tested by calling it.", fix)
        elif _is_past(note, today) and note.on and note.answered is not None:
            results.append(Call(note.on, note.by, note.answered, note.languages, note.said))
    return tuple(sorted(results, key=lambda call: call.on))


def _verification(
    entry: NumberEntry, kind: str, today: date, calls: Iterable[Call]
) -> tuple[Checked | None, date | None]:
    """Return the last verification, and the last day of a check that no call and no source proves."""
    checks = [Checked(call.on, CALLED) for call in calls if call.is_answered]
    reported = [entry.reported] if entry.reported else []
    note = None if entry.checked is None or entry.checked.text == "no" else entry.read("checked", CheckedNote)
    if note and note.how == CALLED and kind == EMERGENCY:
        fix = "Check it in an official source, and write `how: official-source`."
        note.complain("emergency-called", "how", "An emergency number is never tested by calling it.", fix)
    elif note and _is_past(note, today) and note.on and note.how:
        if note.how != CALLED:
            checks.append(Checked(note.on, note.how))
        elif not any(check.on >= note.on for check in checks):
            message = f"No call of {note.on} is recorded, so {entry.phone} doesn't count as verified."
            fix = f"Write who called: `calls: [{{on: {note.on}, by: ..., answered: yes}}]`; or call again."
            note.complain("check-unproven", "on", message, fix)
            reported.append(note.on)
    return max(checks, key=lambda check: check.on, default=None), max(reported, default=None)


def note_stray_checks(entry: NumberEntry, has_list: bool) -> None:
    """Report checks next to a list of numbers, or without any number: they verify nothing."""
    for key in VERIFICATION_KEYS if has_list or not entry.phone else ():
        if entry.has(key):
            fix = "Move it below the number that it is about, or remove it."
            entry.complain("check-unproven", key, f"`{key}` belongs to no number, and verifies none.", fix)


def _is_past(note: CallNote | CheckedNote | AgreedNote, today: date) -> bool:
    """Return whether a day has begun anywhere on earth."""
    if note.on is None or note.on <= today + timedelta(days=1):
        return True
    message = f"{note.on.isoformat()} is still to come."
    note.complain("check-ahead", "on", message, "Write the day on which it happened.")
    return False


def _is_typed_twice(entry: NumberEntry, second_typing: SecondTyping | None) -> bool:
    if second_typing is None:
        return False
    if digits_of(second_typing.phone) != digits_of(entry.phone) and not is_same(second_typing.phone, entry.phone):
        first, second = second_typing.first or "the first", second_typing.by or "the second"
        message = f"Typed by {first} as {entry.phone}, by {second} as {second_typing.phone}."
        fix = "Look it up in the source; then fix the wrong one."
        second_typing.complain("number-again-differs", "phone", message, fix)
        return False
    if not second_typing.by or not second_typing.first:
        message = "`again` doesn't name both people who typed the number."
        fix = "Write who typed it now (`by`) and before (`first`)."
        second_typing.complain("number-again-same", "by", message, fix)
        return False
    if is_same_person(second_typing.by, second_typing.first):
        message = "The number was typed twice by the same person."
        second_typing.complain("number-again-same", "by", message, "Let someone else type it from the source.")
        return False
    return True
