"""Format dates, hours, lists, numbers, plurals and quotations in a language, following CLDR.

Babel provides CLDR's data; locale_data.toml adds data that Babel lacks. Digits are always 0 to 9, as on phones. A
language that is in neither gets English formats, so that an editor sees what is missing.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, Any

from campaign.document.text import script_of
from campaign.models.campaign import Language
from campaign.models.shipped import read_data

if TYPE_CHECKING:
    from babel import Locale

FALLBACK = "en_001"
LOCALE_KEYS = ("date_formats", "days", "eras", "interval_formats", "list_patterns", "months")
DEFAULT_QUOTES = "“”"
# The order of a string's plural forms, as CLDR lists them.
PLURAL_CATEGORIES = ["zero", "one", "two", "few", "many", "other"]
PLURAL_SEPARATOR = " | "
LATIN_COMMA = ", "
# By script, where CLDR has a Latin comma, a dash or nothing.
COMMAS = {"ARABIC": "، ", "MYANMAR": "၊ "}
FULL_STOPS = {
    **dict.fromkeys(("DEVANAGARI", "BENGALI"), "।"),
    **{"MYANMAR": "။", "KHMER": "។", "ETHIOPIC": "።", "ARMENIAN": "։", "CJK": "。"},
}
JOINT = re.compile(r"\{0\}(.*)\{1\}", re.DOTALL)
TIME = re.compile(r"(\d{1,2}):(\d\d)")


@dataclass(frozen=True)
class LocaleFormat:
    """A language's formats."""

    months: tuple[str, ...]  # names as in a date, from January
    days: tuple[str, ...]  # short names, from Monday
    date: str  # with `{day}`, `{month}` (or its `{number}`) and `{year}`
    time_range: tuple[str, ...]  # both times, with `%(H)s` or `%(HH)s` and `%(mm)s`
    joints: tuple[str, ...]  # between the items of a pair; of more, after the first, others and the last but one
    comma: str
    quotes: str
    locale: Locale
    has_plural: bool


def format_date(language: Language, day: date) -> str:
    """Return a date in a language, such as `25 November 2026`."""
    found = locale_format(language)
    month = found.months[day.month - 1]
    return found.date.format(day=day.day, month=month, number=day.month, year=day.year)


def date_words(language: Language) -> dict[str, object]:
    """Return what a script needs for dates and sizes: `date`, `months` and `decimal`."""
    found = locale_format(language)
    return {"date": found.date, "months": found.months, "decimal": decimal_mark(language)}


def decimal_mark(language: Language) -> str:
    """Return the decimal mark."""
    return format_number(language, 0.5, 1)[1]


def format_time_range(language: Language, times: str) -> str:
    """Return a range such as `8:00-12:00` in a language: `08:00–12:00`."""
    patterns, ends = locale_format(language).time_range, TIME.findall(times)
    if len(ends) != len(patterns):
        return times
    return "".join(
        pattern % {"H": hour, "HH": hour.zfill(2), "mm": minute}
        for pattern, (hour, minute) in zip(patterns, ends, strict=True)
    )


def format_number(language: Language, number: float, decimals: int = 0) -> str:
    """Return a number with the language's separators and this number of decimals."""
    from babel.numbers import format_decimal

    pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
    return _without_thin_spaces(format_decimal(number, format=pattern, locale=locale_format(language).locale))


def plural_text(language: Language, key: str, count: int, **values: object) -> str:
    """Return a string in its plural form for a number; forms are in CLDR's order, separated by ` | `."""
    forms = language.strings[key].split(PLURAL_SEPARATOR)
    categories = _plural_categories(language)
    category = plural_category(language, count)
    # If a language has more forms than the string, the first one is for `one`.
    index = categories.index(category) if len(forms) == len(categories) else int(category != "one")
    return forms[min(index, len(forms) - 1)].format(count=count, **values)


def plural_category(language: Language, count: int) -> str:
    """Return CLDR's plural category of a number, such as `few`."""
    found = locale_format(language)
    return str(found.locale.plural_form(count)) if found.has_plural else PLURAL_CATEGORIES[-1]


def _plural_categories(language: Language) -> list[str]:
    found = locale_format(language)
    tags = {*(found.locale.plural_form.tags if found.has_plural else ()), PLURAL_CATEGORIES[-1]}
    return [category for category in PLURAL_CATEGORIES if category in tags]


def quoted(language: Language, text: str) -> str:
    """Return a text in the language's quotation marks."""
    marks = locale_format(language).quotes
    space = "\u00a0" if language.code.split("-")[0] == "fr" else ""
    return f"{marks[0]}{space}{text}{space}{marks[1]}"


def format_list(language: Language, items: Iterable[str]) -> str:
    """Return items as part of a sentence, such as `A, B and C`."""
    items = list(items)
    return "".join(f"{joint}{item}" for joint, item in zip(list_joints(language, len(items)), items, strict=True))


def list_joints(language: Language, count: int) -> list[str]:
    """Return the text before each item of a list in a sentence."""
    pair, first, middle, last = locale_format(language).joints
    if count <= 2:
        return ["", pair][:count]
    return ["", first, *([middle] * (count - 3)), last]


def joined(language: Language, parts: Iterable[str]) -> str:
    """Join the parts of a line that isn't a sentence with the language's comma."""
    return comma(language).join(parts)


def comma(language: Language) -> str:
    """Return the language's comma, with its space."""
    found = locale_format(language).comma
    return COMMAS.get(_script(language), found) if found == LATIN_COMMA else found


def full_stop(language: Language) -> str:
    """Return the character that ends a sentence."""
    return "۔" if language.code == "ur" else FULL_STOPS.get(_script(language), ".")


def _script(language: Language) -> str:
    """Return the script of the language's own strings."""
    return script_of(next(filter(str.isalpha, language.strings.get("menu", "")), "a"))


def locale_format(language: Language) -> LocaleFormat:
    """Return the formats of a language, in the campaign's country if CLDR has them."""
    return _locale_format(language.code.replace("-", "_"), language.country)


@cache
def _locale_format(code: str, country: str) -> LocaleFormat:
    from babel import Locale, localedata
    from babel.dates import parse_pattern

    own = _data()["languages"].get(code, {})
    base = code.split("_")[0]
    # English without a country is that of most of the world (001), not of the United States.
    names = [f"{code}_{country}", f"{base}_{country}", f"{code}_001", code, f"{base}_001", base, FALLBACK]
    if own:
        names = [own["locale"]]
    locale = Locale.parse(next(name for name in names if localedata.exists(name)))
    data = _data_of(locale)
    pattern = parse_pattern(own.get("date") or data["date_formats"]["long"].pattern)
    # Yoruba's long dates have short names of months.
    is_short = "MMM" in pattern.pattern.replace("MMMM", "")
    months = data["months"]["format"]["abbreviated" if is_short else "wide"]
    days = data["days"]["format"]["abbreviated"]
    patterns: Mapping[str, Any] = {name: dict(value or {}) for name, value in data["list_patterns"].items()}
    joints = tuple(_joint(patterns["standard"].get(name, "")) for name in ("2", "start", "middle", "end"))
    if "and" in own:
        joints = (own["and"], *joints[1:3], own["and"])
    times = (text.replace(" ", "\u00a0") for text in data["interval_formats"]["Hm"]["H"])
    return LocaleFormat(
        months=_names(own.get("months")) or tuple(months[index] for index in range(1, 13)),
        days=_names(own.get("days")) or tuple(days[index] for index in range(7)),
        date=_without_thin_spaces(str(pattern.format)) % _DatePart(data["eras"]["abbreviated"][1]),
        time_range=tuple(_without_thin_spaces(str(parse_pattern(text).format)) for text in times),
        joints=joints,
        comma=_comma(patterns),
        quotes=own.get("quotes") or _quotes(str(locale)),
        locale=locale,
        has_plural=not own,
    )


def _data_of(locale: Locale) -> Mapping[str, Any]:
    """Return a copy of a locale's data.

    Babel caches resolved aliases in data that locales share, so that one locale would get names of another:
    https://github.com/python-babel/babel/issues/1234.
    """
    from babel import localedata

    shared = localedata.load(str(locale))
    return localedata.LocaleDataDict(deepcopy({key: shared[key] for key in LOCALE_KEYS}))


class _DatePart(dict[str, str]):
    """The parts of a date's pattern, by CLDR's letters."""

    def __init__(self, era: str) -> None:
        super().__init__(d="{day}", dd="{day}", M="{number}", MMM="{month}", MMMM="{month}", y="{year}", G=era)


def _without_thin_spaces(text: str) -> str:
    """Return a text without narrow spaces, which many fonts lack. Lines would break at the thin one."""
    return text.replace("\u202f", "\u00a0").replace("\u2009", "")


def _names(raw: str | None) -> tuple[str, ...]:
    return tuple(name.strip() for name in raw.split(",")) if raw else ()


def _joint(pattern: str) -> str:
    match = JOINT.fullmatch(pattern)
    return match[1] if match else ", "


def _comma(patterns: Mapping[str, Mapping[str, str]]) -> str:
    """Return the punctuation of a list; some languages have a word or a dash there, and it would be taken for text."""
    for name in ("standard", "unit-short"):
        joint = _joint(patterns.get(name, {}).get("middle", "{0}, {1}"))
        if joint and unicodedata.category(joint[0]) == "Po":
            return joint[0] + (" " if " " in joint else "")
    return LATIN_COMMA


def _quotes(locale: str) -> str:
    marks = _quotes_by_locale()
    parts = locale.split("_")
    names = ("_".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((marks[name] for name in names if name in marks), DEFAULT_QUOTES)


@cache
def _quotes_by_locale() -> dict[str, str]:
    return {name: marks for marks, names in _data()["quotes"].items() for name in names.split()}


@cache
def _data() -> dict[str, Any]:
    return read_data(__file__, "locale_data.toml")
