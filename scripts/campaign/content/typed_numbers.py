"""Telephone numbers in texts.

A number counts if it belongs to a contact, has a plus, or starts with a zero and is grouped or long. Years, dates,
times, amounts and law numbers don't count, and neither do short numbers in a sentence ("article 112").
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterable, Mapping
from unicodedata import digit

from campaign.content.phones import without_trunk_zero
from campaign.document.text import FOREIGN_SENTENCE_ENDS
from campaign.models.campaign import Campaign

# Between digits: spaces of every width, hyphens, invisible characters.
SPACES = " \u00a0\u00ad\u2000-\u200f\u2010-\u2012\u202a-\u202f\u205f-\u2064\u2066-\u2069\ufeff"
GROUP = rf"[{SPACES}./–-]{{0,2}}"
NUMBER = re.compile(rf"(?<![\w.,:/+–-])(?:\+{GROUP})?\(?\d(?:\)?{GROUP}\(?\d)*(?![\w+]|[.,:/–-]\d)")
AMOUNT = re.compile(rf"\d{{1,3}}(?:[{SPACES}]\d{{3}})+")
JOINED_NUMBERS = re.compile(r"\d+(?:[–-]\d+)+")
DAY = re.compile(rf"\d{{1,2}}{GROUP}\d{{1,2}}{GROUP}(?:\d\d)?\d\d|\d{{4}}[./–-]\d\d?[./–-]\d\d?")
YEARS = re.compile(r"(?:1[5-9]|2[01])\d\d ?[ –-] ?(?:1[5-9]|2[01])\d\d")
# Dates: 25 11 2026, 2026-11-25, 25112026, 20261125.
ONE_OR_TWO_DIGITS = r"(?:0?[1-9]|[12]\d|3[01])"
YEAR = r"(?:19|2[01])\d\d"
SEPARATOR = rf"[{SPACES}./–-]{{1,2}}"
TWO_DIGITS = r"(?:0[1-9]|[12]\d|3[01])"
DATE = re.compile(
    rf"{ONE_OR_TWO_DIGITS}{SEPARATOR}{ONE_OR_TWO_DIGITS}{SEPARATOR}{YEAR}|{YEAR}{SEPARATOR}{ONE_OR_TWO_DIGITS}{SEPARATOR}{ONE_OR_TWO_DIGITS}|{TWO_DIGITS}{TWO_DIGITS}{YEAR}|{YEAR}{TWO_DIGITS}{TWO_DIGITS}"
)
# Labels of other numbers.
LABEL = re.compile(r"(?:ISSN|ISBN|ID|№|#)[:\s]*$")
TIMES = re.compile(r"(?:[01]\d|2[0-4])[0-5]\d[ ]?[–-][ ]?(?:[01]\d|2[0-4])[0-5]\d")
# Starts with groups of at least two digits, unlike an ISBN.
ZERO = re.compile(rf"\(?0(?:\d{{8,14}}|\d+\)?[{SPACES}./–-]+\(?\d.*)")
DIGITS = range(7, 16)  # the maximum of E.164
MIN_DIGITS = 2
DIGIT = re.compile(r"\d")
# Most digits of a country code, and of a short number (112).
MAX_CODE_DIGITS = 3
MAX_SHORT_DIGITS = 5
# A short number at the start of a sentence, and with only one word.
SENTENCE_START_NUMBER = re.compile(
    rf"(?:^|[.!?…]\s+|[{FOREIGN_SENTENCE_ENDS}]\s*)(\d{{3,{MAX_SHORT_DIGITS}}})(?=[{SPACES}]+[^\W\d])"
)
ONE_WORD_NUMBER = re.compile(rf"(?:^|[.!?…]\s+)[^\W\d]+[:{SPACES}]+(\d{{3,{MAX_SHORT_DIGITS}}})[.!](?=\s|$)")
YEAR_ONLY = re.compile(YEAR)
# A known number in any context, also digit by digit (1-1-2), but not inside a name, address, amount or larger number.
ANY_NUMBER = re.compile(
    rf"(?<![\dA-Za-z_#/=&$€£¥–-])(?<!\d[{SPACES}.,:])\d(?:\d*|([ .–-])\d(?:\1\d)*)"
    rf"(?![\dA-Za-z_%°]|[.,:/–-]\d|[{SPACES}]\d{{3}}(?!\d))"
)


def dial_numbers(campaign: Campaign) -> dict[str, str]:
    """Return what to dial for the digits of every contact's number, except short ones."""
    numbers = (number for contact in campaign.whole_register for number in contact.numbers)
    pairs = (
        (spelling, number.dial.partition(",")[0]) for number in numbers for spelling in (number.phone, number.dial)
    )
    dials = {digits_of(spelling.partition(",")[0]): dial for spelling, dial in pairs}
    return {digits: dial for digits, dial in dials.items() if len(digits) >= DIGITS.start - 1}


def telephone_numbers(text: str) -> list[str]:
    """Return the numbers of a plain text that look like phone numbers, as typed, except short ones."""
    return [number for number in NUMBER.findall(text) if dial_of(number, {})] if DIGIT.search(text) else []


def local_numbers(text: str) -> list[str]:
    """Return numbers that may be local ones, depending on the contacts' numbers."""
    matches = NUMBER.finditer(text) if DIGIT.search(text) else ()
    return [
        item[0]
        for item in matches
        if DIGITS.start - 1 <= len(digits_of(item[0])) < DIGITS.stop
        and not dial_of(item[0], {})
        and not any(form.fullmatch("".join(_plain(item[0]))) for form in (DATE, TIMES, AMOUNT, YEARS))
        and not LABEL.search(text[: item.start()])
    ]


def short_numbers(text: str, call: str) -> list[str]:
    """Return short numbers that a plain text asks to call ("Call 112"). `call`: the phrases with {number}."""
    before, _, after = call.partition("{number}")
    if not (before.strip() or after.strip()) or not DIGIT.search(text):
        return []
    return re.findall(_has_call_word(rf"(\d{{3,{MAX_SHORT_DIGITS}}})", before, after), text, re.IGNORECASE)


def is_asked(text: str, raw: str, call: str) -> bool:
    """Return whether a plain text asks to call a number, see `short_numbers`."""
    before, _, after = call.partition("{number}")
    words = before.strip() or after.strip()
    return bool(words and re.search(_has_call_word(re.escape(raw), before, after), text, re.IGNORECASE))


def begun_numbers(text: str) -> list[str]:
    """Return short numbers at the start of a sentence, as in "112 is for danger"."""
    return SENTENCE_START_NUMBER.findall(text) if DIGIT.search(text) else []


def lone_numbers(text: str) -> list[str]:
    """Return short numbers with one other word in a sentence, as in "Dial 112.", except years."""
    return [number for number in ONE_WORD_NUMBER.findall(text) if not YEAR_ONLY.fullmatch(digits_of(number))]


def standing_numbers(text: str, known_digits: Container[str]) -> list[str]:
    """Return numbers with exactly the digits of a known one, in any context."""
    matches = ANY_NUMBER.finditer(text) if known_digits and DIGIT.search(text) else ()
    return [item[0] for item in matches if digits_of(item[0]) in known_digits]


def _has_call_word(number: str, before: str, after: str) -> str:
    start = rf"(?<!\w){re.escape(before.strip())}[:\s]*" if before.strip() else r"(?<![\w.,:/+–-])"
    end = rf"\s*{re.escape(after.strip())}" if after.strip() else rf"(?![\w%]|[{SPACES}.,:/–-]\d)"
    return start + number + end


def is_contact(raw: str, dials: Mapping[str, str]) -> bool:
    """Return whether a typed number belongs to a contact. `dials`: see `dial_numbers`."""
    if dial_of(raw, dials) in dials.values():
        return True
    digits = digits_of(raw)
    is_abroad = raw.startswith("+") or digits.startswith("00")
    digits = digits.removeprefix("00")
    return is_abroad and any(
        digits[length:] in dials or f"0{digits[length:]}" in dials
        for length in range(1, MAX_CODE_DIGITS + 1)
        if len(digits) - length >= DIGITS.start - 1
    )


def is_same(raw: str, phone: str) -> bool:
    """Return whether two numbers are the same, apart from grouping and country code."""
    digits = digits_of(phone)
    dial = "+" * phone.startswith("+") + digits
    return digits_of(raw) == digits or (len(digits) >= DIGITS.start - 1 and is_contact(raw, {digits: dial}))


def is_near(digits: str, second_number: str) -> bool:
    """Return whether one digit differs, is missing or added, or two are swapped."""
    short, long = sorted((digits.lstrip("0"), second_number.lstrip("0")), key=len)
    if len(long) - len(short) == 1 and any(long[:index] + long[index + 1 :] == short for index in range(len(long))):
        return True
    if len(long) - len(short) > (MAX_CODE_DIGITS if len(short) > MAX_SHORT_DIGITS else 0):
        return False
    mismatches = [
        index for index, (first, second) in enumerate(zip(short, long[-len(short) :], strict=True)) if first != second
    ]
    end = long[-len(short) :]
    is_turned = (
        len(mismatches) == 2 and mismatches[1] - mismatches[0] == 1 and short[mismatches[0]] == end[mismatches[1]]
    )
    return len(mismatches) == 1 or (is_turned and short[mismatches[1]] == end[mismatches[0]])


def digits_of(raw: str) -> str:
    """Return the digits to dial, in 0 to 9."""
    return "".join(str(digit(letter)) for letter in without_trunk_zero(raw) if letter.isdigit())


def is_odd(raw: str) -> bool:
    """Return whether digits seem to be missing, or two numbers typed as one.

    The shortest emergency numbers have two digits (15, 17, 18); ITU-T E.164 allows 15 plus the international prefix.
    """
    digits = digits_of(raw)
    return len(digits) <= MIN_DIGITS or len(digits.lstrip("0")) >= DIGITS.stop or is_one_digit(raw)


def is_one_digit(raw: str) -> bool:
    """Return whether a number repeats one digit, like a placeholder; 000, 111 and 999 exist."""
    digits = digits_of(raw)
    return len(digits) > MIN_DIGITS + 1 and len({*digits}) == 1


def dial_of(raw: str, dials: Mapping[str, str]) -> str:
    """Return what to dial for a typed number, or '' if it is no phone number."""
    digits = digits_of(raw)
    if len(digits) not in DIGITS and digits not in dials:
        return ""
    if dial := dials.get(digits) or _abroad(digits, dials):
        return dial
    if raw.startswith("+"):
        return f"+{digits}"
    is_other = DAY.fullmatch(raw) or TIMES.fullmatch(raw) or AMOUNT.fullmatch(raw)
    return digits if ZERO.fullmatch("".join(_plain(raw))) and not is_other else ""


def _abroad(digits: str, dials: Mapping[str, str]) -> str:
    national = digits.removeprefix("0")
    ends = (dial for digits_abroad, dial in dials.items() if dial.startswith("+") and digits_abroad.endswith(national))
    return next(ends, "") if len(national) >= DIGITS.start else ""


def _plain(raw: str) -> Iterable[str]:
    return (str(digit(letter)) if letter.isdigit() else letter for letter in raw)
