"""Telephone numbers wherever they stand on a page: to be dialled, whole on one line, from left to right in any script.

A number is a telephone number if it is one of the campaign's contacts, if it has a plus, or if it begins with a zero
and is in groups or long. Years, days, times, amounts and the numbers of laws are none. A short one (112) is none in a
sentence, since "article 112" is not to be dialled: it reads the same in every direction, and contacts make it a link.
Amounts in groups (20 000) and what hyphens join (2026-11-25) are kept whole and from left to right too, as in print:
after an Arabic letter Unicode's rules turn their groups round.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from unicodedata import digit

from campaign.models.campaign import Campaign
from campaign.website.words import number_html

SPACES = " \u00a0\u202f"
GROUP = rf"[{SPACES}./–-]{{0,2}}"
NUMBER = re.compile(rf"(?<![\w.,:/+–-])(?:\+{GROUP})?\(?\d(?:\)?{GROUP}\(?\d)*(?![\w+]|[.,:/–-]\d)")
AMOUNT = re.compile(rf"\d{{1,3}}(?:[{SPACES}]\d{{3}})+")
JOINED = re.compile(r"\d+(?:[–-]\d+)+")
DAY = re.compile(rf"\d{{1,2}}{GROUP}\d{{1,2}}{GROUP}(?:\d\d)?\d\d|\d{{4}}[./–-]\d\d?[./–-]\d\d?")
TIMES = re.compile(r"(?:[01]\d|2[0-4])[0-5]\d[ ]?[–-][ ]?(?:[01]\d|2[0-4])[0-5]\d")
# A number begins in groups of at least two digits, which no ISBN does.
ZERO = re.compile(rf"\(?0(?:\d{{8,14}}|\d+\)?[{SPACES}./–-]+\(?\d.*)")
DIGITS = range(7, 16)  # E.164 has no more
DIGIT = re.compile(r"\d")


def dial_numbers(campaign: Campaign) -> dict[str, str]:
    """What to dial for the digits of every contact's number that is long enough not to be mistaken."""
    dials = (number.dial.partition(",")[0] for contact in campaign.whole_register for number in contact.numbers)
    return {dial.lstrip("+"): dial for dial in dials if len(dial.lstrip("+")) >= DIGITS.start - 1}


def with_numbers(text: str, dials: Mapping[str, str], may_link: bool) -> str:
    """A text whose telephone numbers are links, or only whole where no link may stand.

    Args:
        text: HTML without a tag.
        dials: what `dial_numbers` says of its campaign.
        may_link: whether a link may stand there.
    """

    def written(found: re.Match[str]) -> str:
        typed = found.group()
        dial = _dial(typed, dials)
        if dial and may_link:
            return f'<a href="tel:{dial}">{number_html(typed)}</a>'
        is_whole = dial or AMOUNT.fullmatch(typed) or JOINED.fullmatch(typed)
        return number_html(typed, bool(dial)) if is_whole else typed

    # As what cleans HTML writes that space.
    return NUMBER.sub(written, text.replace("&nbsp;", "\u00a0")) if DIGIT.search(text) else text


def telephone_numbers(text: str) -> list[str]:
    """Numbers of a plain text that read as a telephone's, as they were typed; short ones are none."""
    return [typed for typed in NUMBER.findall(text) if _dial(typed, {})] if DIGIT.search(text) else []


def is_contact(typed: str, dials: Mapping[str, str]) -> bool:
    """Whether a number as it was typed is a contact's.

    Args:
        typed: as `telephone_numbers` gives it.
        dials: what `dial_numbers` says of the campaign.
    """
    return _dial(typed, dials) in dials.values()


def _dial(typed: str, dials: Mapping[str, str]) -> str:
    """What to dial for a number as somebody typed it; '' where it is no telephone number."""
    digits = "".join(str(digit(letter)) for letter in typed if letter.isdigit())
    if len(digits) not in DIGITS and digits not in dials:
        return ""
    if known := dials.get(digits) or _abroad(digits, dials):
        return known
    if typed.startswith("+"):
        return f"+{digits}"
    is_other = DAY.fullmatch(typed) or TIMES.fullmatch(typed) or AMOUNT.fullmatch(typed)
    return digits if ZERO.fullmatch("".join(_plain(typed))) and not is_other else ""


def _abroad(digits: str, dials: Mapping[str, str]) -> str:
    """The number of a contact with the country's code, for one that is typed without it."""
    national = digits.removeprefix("0")
    ends = (dial for known, dial in dials.items() if dial.startswith("+") and known.endswith(national))
    return next(ends, "") if len(national) >= DIGITS.start else ""


def _plain(typed: str) -> Iterable[str]:
    return (str(digit(letter)) if letter.isdigit() else letter for letter in typed)
