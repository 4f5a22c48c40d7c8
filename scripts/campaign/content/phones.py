"""Telephone numbers as people type them: what to dial, how to print them, their faults.

Numbers with a country code follow libphonenumber's numbering plans, and so do national ones if mkdocs.yml names the
`country`. Short numbers (112) are dialled unchanged. Contacts, tables and forms are all read here, so that every
link, code and export dials the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumber, PhoneNumberFormat, PhoneNumberType, ValidationResult

MAX_SHORT_DIGITS = 5
PREFIX = re.compile(r"(?:tel(?:ephone|efone)?|phone|callto|sms)\s*[.:]+(?://)?\s*", re.IGNORECASE)
# Separators of an extension: words that libphonenumber knows, and RFC 3966.
EXTENSION = re.compile(
    r"\s*(?:;ext=|,?\s*\b(?:ext(?:ensi[oó]n)?n?|anexo|ramal|int(?:erno)?|poste|доб)[.:]*|x|#)\s*(\d{1,8})#?",
    re.IGNORECASE,
)
WITH_EXTENSION = re.compile(rf"(?P<phone>[^;#]*\d\)?){EXTENSION.pattern}", re.IGNORECASE)
PHONE = re.compile(r"\+? ?\(?[0-9](?:[0-9 ().\-]*[0-9])?\)?")
TWO_NUMBERS = re.compile(r"\d\s*(?:[/,;&|\n]|[^\W\d]{1,3}\s)\s*\+?\(?\d|\d\s*\+")
# "+670 (0) 331 2345": the zero isn't dialled after the country code.
TRUNK_ZERO = re.compile(r"(\+ ?\d{1,3}[ .\-]*)\( ?0 ?\)[ .\-]*")
BRACKETED_CODE = re.compile(r"^\( ?\+ ?(\d{1,3}) ?\)")
DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")
# These work only inside their country, as printed there.
NATIONAL_ONLY = (
    PhoneNumberType.TOLL_FREE,
    PhoneNumberType.SHARED_COST,
    PhoneNumberType.PREMIUM_RATE,
    PhoneNumberType.UAN,
)
POSSIBLE_RESULTS = (ValidationResult.IS_POSSIBLE, ValidationResult.IS_POSSIBLE_LOCAL_ONLY)
LETTERS = "letters"
SEVERAL_NUMBERS = "several"
UNREADABLE = "unreadable"
TOO_SHORT = "few"
TOO_LONG = "many"
NO_COUNTRY = "country"


@dataclass(frozen=True)
class Phone:
    """A parsed telephone number."""

    shown: str  # for readers, in digits 0 to 9; as typed if unreadable
    dial: str = ""  # digits, after a plus if they contain the country code; '' if unreadable
    extension: str = ""
    fault: str = ""  # LETTERS, SEVERAL_NUMBERS, UNREADABLE or ''
    doubt: str = ""  # TOO_SHORT, TOO_LONG, NO_COUNTRY or ''


@lru_cache(maxsize=4096)
def read_phone(raw: str, country: str = "") -> Phone:
    """Parse a typed number. `country`: the campaign's ISO 3166-1 code, or ''."""
    text = plain_text(raw)
    prefix = PREFIX.match(text)
    without_prefix = BRACKETED_CODE.sub(r"+\1", text[prefix.end() :] if prefix else text)
    match = (
        None
        if TWO_NUMBERS.search(without_prefix) and not EXTENSION.search(without_prefix)
        else WITH_EXTENSION.fullmatch(without_prefix)
    )
    number, extension = (match["phone"].strip(), match[2]) if match else (without_prefix, "")
    if not PHONE.fullmatch(number):
        return Phone(raw, fault=_fault(without_prefix))
    number_text, dial, doubt = _dialled(number, country)
    return Phone(number_text, dial, extension, doubt=doubt)


def national_spelling(digits: str, country: str) -> str:
    """Return a number as it is written in its country, with the leading zero that spreadsheets drop; '' if invalid."""
    parsed = _parsed(digits, country)
    is_valid = parsed is not None and phonenumbers.is_valid_number(parsed)
    return phonenumbers.format_number(parsed, PhoneNumberFormat.NATIONAL) if parsed and is_valid else ""


def with_area_code(area: str, number: str, country: str) -> str:
    """Return a number as it is dialled from a mobile: with its area code, unless it has one or is a short number."""
    if not area or number.startswith(("+", "0")) or not lacks_area_code(number, country):
        return number
    spellings = [f"{prefix}{area} {number}" for prefix in ("", "0") if not area.startswith(prefix or "-")]
    valid = (
        spelling
        for spelling in spellings
        if (parsed := _parsed(spelling, country)) and phonenumbers.is_valid_number(parsed)
    )
    return next(valid, f"{area} {number}")


def lacks_area_code(number: str, country: str) -> bool:
    """Return whether only telephones of the same area reach a number, as far as numbering plans tell."""
    plain = plain_text(number)
    parsed = _parsed(plain, country) if country and not plain.startswith(("+", "00")) else None
    if parsed is None or len(re.sub(r"\D", "", plain)) <= MAX_SHORT_DIGITS:
        return False
    reason = phonenumbers.is_possible_number_with_reason(parsed)
    return reason in (ValidationResult.IS_POSSIBLE_LOCAL_ONLY, ValidationResult.TOO_SHORT)


def is_country(code: str) -> bool:
    """Return whether an ISO 3166-1 code has a numbering plan."""
    return code in phonenumbers.SUPPORTED_REGIONS


def plain_text(raw: str) -> str:
    """Return typed text with ASCII digits, spaces and hyphens, and without invisible characters."""
    letters = (item for item in unicodedata.normalize("NFKC", raw) if unicodedata.category(item) != "Cf")
    text = "".join(str(unicodedata.decimal(letter)) if letter.isdecimal() else letter for letter in letters)
    return re.sub(r"[^\S\n]+", " ", text.translate(DASHES)).strip()


def without_trunk_zero(raw: str) -> str:
    """Remove the zero in parentheses, which is only for callers inside the country."""
    return TRUNK_ZERO.sub(lambda match: f"{match[1].rstrip(' .-')} ", raw) if "(" in raw and "+" in raw else raw


def _fault(number: str) -> str:
    if TWO_NUMBERS.search(number):
        return SEVERAL_NUMBERS
    return LETTERS if any(map(str.isalpha, number)) else UNREADABLE


def _dialled(number: str, country: str) -> tuple[str, str, str]:
    digits = re.sub(r"\D", "", number)
    if not number.startswith("+") and len(digits) <= MAX_SHORT_DIGITS:
        return number, digits, ""
    read = [(spelling, parsed) for spelling, parsed in _spellings(number, country) if parsed]
    for spelling, parsed in read:
        if phonenumbers.is_valid_number(parsed):
            return spelling, _dial(spelling, parsed), ""
    for spelling, parsed in read:
        if phonenumbers.is_possible_number_with_reason(parsed) in POSSIBLE_RESULTS:
            return spelling, _as_typed(spelling), ""
    spelling = without_trunk_zero(number)
    is_national = not number.startswith("+") and not number.startswith("00")
    if not read:
        return spelling, _as_typed(spelling), "" if is_national else NO_COUNTRY
    reason = phonenumbers.is_possible_number_with_reason(read[0][1])
    return spelling, _as_typed(spelling), TOO_SHORT if reason == ValidationResult.TOO_SHORT else TOO_LONG


def _spellings(number: str, country: str) -> Iterator[tuple[str, PhoneNumber | None]]:
    international = f"+{number[2:].lstrip(' -')}" if number.startswith("00") else number
    if international.startswith("+"):
        for spelling in dict.fromkeys((without_trunk_zero(international), re.sub(r"\( ?0 ?\) ?", "0", international))):
            yield from _with_or_without_zero(spelling, "")
    if country and not number.startswith("+"):
        for spelling, parsed in _with_or_without_zero(number, country):
            is_abroad = parsed and parsed.country_code != phonenumbers.country_code_for_region(country)
            yield (_international(parsed) if parsed and is_abroad else spelling), parsed


def _with_or_without_zero(number: str, country: str) -> Iterator[tuple[str, PhoneNumber | None]]:
    parsed = _parsed(number, country)
    yield number, parsed
    if parsed and parsed.italian_leading_zero:
        code = rf"\+ ?{parsed.country_code}[ .\-]*" if number.startswith("+") else ""
        start = f"+{parsed.country_code} " if code else ""
        spelling = re.sub(rf"^{code}0[ .\-]*", start, number)
        yield spelling, _parsed(spelling, country)


def _parsed(number: str, country: str) -> PhoneNumber | None:
    try:
        return phonenumbers.parse(number, country or None)
    except NumberParseException:
        return None


def _international(parsed: PhoneNumber) -> str:
    return phonenumbers.format_number(parsed, PhoneNumberFormat.INTERNATIONAL)


def _dial(spelling: str, parsed: PhoneNumber) -> str:
    is_national = not spelling.startswith("+") and phonenumbers.number_type(parsed) in NATIONAL_ONLY
    return _as_typed(spelling) if is_national else phonenumbers.format_number(parsed, PhoneNumberFormat.E164)


def _as_typed(spelling: str) -> str:
    return "+" * spelling.startswith("+") + re.sub(r"\D", "", spelling)
