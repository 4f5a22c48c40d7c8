"""Dates, hours, lists, plural forms, numbers and quotation marks are those of CLDR, in every language."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import pytest
from babel import localedata

from campaign.content import locale_format
from campaign.content.locale_format import (
    format_date,
    format_list,
    format_number,
    format_time_range,
    joined,
    plural_category,
    plural_text,
    quoted,
)
from campaign.models.campaign import Language

INTERFACE_STRINGS = Path(locale_format.__file__).parent / "interface_strings"
# Code and country: date, hours, list of three, plural categories of 0, 1, 2, 5 and 21, number, quoted word.
FORMATS = {
    "en": ("1 December 2026", "08:00–12:30", "A, B and C", "other one other other other", "1,234,567.8", "“A”"),
    "pt_TL": (
        "1 de dezembro de 2026",
        "08:00–12:30",
        "A, B e C",
        "other one other other other",
        "1\xa0234\xa0567,8",
        "«A»",
    ),
    "id": ("1 Desember 2026", "08.00–12.30", "A, B, dan C", "other other other other other", "1.234.567,8", "“A”"),
    "tet": ("1 Dezembru 2026", "08:00–12:30", "A, B no C", "other other other other other", "1\xa0234\xa0567,8", "“A”"),
    "ar": ("1 ديسمبر 2026", "08:00–12:30", "A وB وC", "zero one two few many", "1,234,567.8", "”A“"),
    "fa": (
        "1 دسامبر 2026",
        "8:00\xa0تا\xa012:30",
        "A،\u200f B، و C",
        "one one other other other",
        "1,234,567.8",
        "«A»",
    ),
    "am": ("1 ዲሴምበር 2026", "08:00–12:30", "A፣ B እና C", "one one other other other", "1,234,567.8", "«A»"),
    "ta": (
        "1 டிசம்பர், 2026",
        "08:00\xa0–\xa012:30",
        "A, B மற்றும் C",
        "other one other other other",
        "1,234,567.8",
        "“A”",
    ),
    "my": ("2026 ဒီဇင်ဘာ 1", "08:00\xa0–\xa012:30", "A - Bနှင့် C", "other other other other other", "1,234,567.8", "“A”"),
    "ru": ("1 декабря 2026\xa0г.", "08:00–12:30", "A, B и C", "many one few many one", "1\xa0234\xa0567,8", "«A»"),
    "ckb": ("1ی کانونی یەکەمی 2026", "08:00–12:30", "A, B, C", "other one other other other", "1,234,567.8", "“A”"),
    "yo": ("1 Oṣù Ọ̀pẹ̀ 2026", "08:00–12:30", "A, B, C", "other other other other other", "1,234,567.8", "“A”"),
    "sw": ("1 Desemba 2026", "08:00–12:30", "A, B na C", "other one other other other", "1,234,567.8", "“A”"),
}


def language_of(code: str, country: str = "", **strings: str) -> Language:
    return Language(code, code, "ltr", False, False, strings, country=country)


def formatted(language: Language) -> tuple[str, ...]:
    return (
        format_date(language, date(2026, 12, 1)),
        format_time_range(language, "8:00-12:30"),
        format_list(language, ["A", "B", "C"]),
        " ".join(plural_category(language, count) for count in (0, 1, 2, 5, 21)),
        format_number(language, 1234567.8, 1),
        quoted(language, "A"),
    )


@pytest.mark.parametrize("code", FORMATS)
def test_formats_of_a_language(code):
    assert formatted(language_of(*code.split("_"))) == FORMATS[code]


@pytest.mark.parametrize(
    "codes",
    [
        ["ann", "ar", "ckb", "en", "fa", "my", "ps", "sw", "ur", "wal"],
        pytest.param([code for code in localedata.locale_identifiers() if "_" not in code], marks=pytest.mark.long),
    ],
    ids=["a few", "all"],
)
def test_formats_do_not_depend_on_languages_before_them(codes):
    """Languages share data that Babel changes when it is read: Kurdish had English days."""
    codes = [code for code in codes if code != "root"]

    def in_this_order(codes: Iterable[str], is_alone: bool = False) -> dict[str, object]:
        forget()
        results = {}
        for code in codes:
            language = language_of(code)
            results[code] = formatted(language), locale_format.locale_format(language).days
            if is_alone:
                forget()
        return results

    def forget() -> None:
        locale_format._locale_format.cache_clear()
        localedata._cache.clear()

    alone = in_this_order(codes, is_alone=True)
    assert in_this_order(codes) == alone
    assert in_this_order(reversed(codes)) == alone


def test_language_that_cldr_lacks_has_its_own_words_and_the_numbers_of_another():
    tetum, unknown = language_of("tet", "TL"), language_of("xx")
    assert format_list(tetum, ["A", "B"]) == "A no B"
    assert format_number(tetum, 0.5, 1) == "0,5"
    assert format_date(unknown, date(2026, 12, 1)) == "1 December 2026"


@pytest.mark.parametrize("path", sorted(INTERFACE_STRINGS.glob("*.yml")), ids=lambda path: path.stem)
def test_every_language_that_ships_has_whole_dates_and_a_comma_in_lists(path):
    language = language_of(path.stem)
    text = format_date(language, date(2026, 12, 1))
    assert {"1", "2026"} <= set(re.findall(r"[0-9]+", text))
    assert "{" not in text
    assert "%" not in text
    assert len(joined(language, ["", ""]).strip()) == 1
    assert format_time_range(language, "0:00-24:00").startswith(("0", "00"))


def test_strings_have_a_form_for_each_plural_or_two_or_one():
    english = language_of("en", files="{count} file in {size} | {count} files in {size}", one="Files: {count}")
    assert [plural_text(english, "files", count, size="Z") for count in (0, 1, 21)] == [
        "0 files in Z", "1 file in Z", "21 files in Z",
    ]  # fmt: skip
    assert plural_text(english, "one", 1) == "Files: 1"
    russian = language_of("ru", four="{count} файл | {count} файла | {count} файлов | {count} файла", two="A | B")
    forms = [plural_text(russian, "four", count) for count in (1, 2, 5, 21)]
    assert forms == ["1 файл", "2 файла", "5 файлов", "21 файл"]
    assert [plural_text(russian, "two", count) for count in (1, 2, 5, 21)] == ["A", "B", "B", "A"]
