"""Text that was damaged: encoding errors, leftovers of programs, merge conflicts, impossible dates.

Names of months and days come from the campaign's strings.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

from campaign.cache.memo import Memo
from campaign.content.links import private_links
from campaign.content.locale_format import locale_format
from campaign.content.published_texts import PublishedTexts, published_texts
from campaign.content.typed_numbers import DIGIT
from campaign.models.campaign import Campaign, Language
from campaign.models.nodes import Table, walk
from campaign.models.page import Page
from campaign.models.problem import Problem
from campaign.schema.yaml_reader import MERGE_MARK, merge_fault

MISTAKES = Path(__file__).parent / "mistakes.toml"
# Notes that stop a release.
PRIVATE = ("data-private", "link-private")
REVERSED_LINK = re.compile(
    r"\([^()\n]{1,200}\)\[(?:https?://|www\.|mailto:|tel:|#|[\w./-]+\.(?:md|html?|pdf)\b)[^\]\n]*\]", re.IGNORECASE
)
ADDRESS = re.compile(r"(?:https?://|www\.)\S+|\S+@\S+|`[^`\n]*`")
# Similar scripts. A unit such as `kΩ` is fine, and short.
SIMILAR_SCRIPTS = ("a-zA-Z\u00c0-\u024f", "\u0370-\u03ff\u1f00-\u1fff", "\u0400-\u052f")
WORD = re.compile(rf"[{''.join(SIMILAR_SCRIPTS)}]{{2,}}")
SCRIPTS = tuple(re.compile(f"[{letters}]") for letters in SIMILAR_SCRIPTS)
# Two adjacent letters of different scripts.
ADJACENT = re.compile(
    "|".join(f"[{one}](?=[{''.join(other for other in SIMILAR_SCRIPTS if other != one)}])" for one in SIMILAR_SCRIPTS)
)
# Letters that only some scripts have; a text without them is in one script.
OTHER_SCRIPT = re.compile("[\u0370-\u1fff]")
# Each pattern of ftfy needs a control character, one of four letters, or two adjacent letters or signs outside of ASCII
# that aren't both lower case. Most texts have none, and its own search takes twenty times as long.
SUSPICIOUS = re.compile("[^\x00-\x7f](?:(?<=[\x80-\x9f\ufffdŒœÃÂ])|(?<![à-öø-ü])[^\x00-\x7f]|[^\x00-\x7fà-öø-ü])")
MAX_UNIT = 3
MONTHS = 12
# A letter of another script inside a word.
FOREIGN_LETTER = re.compile(
    "(?<=[\u0590-\u08ff\u0900-\u0dff\u1200-\u137f])[A-Za-z](?=[\u0590-\u08ff\u0900-\u0dff\u1200-\u137f])"
    "|(?<=[A-Za-z\u00c0-\u024f])[\u0590-\u0dff\u0e00-\u0fff\u1000-\u109f\u1200-\u137f\u1780-\u17ff]+(?=[A-Za-z\u00c0-\u024f])"
)
ISO = re.compile(r"(?<![\d./-])(\d{4})-(\d\d)-(\d\d)(?![\d-])")
# Words of an invitation, in some languages.
INVITATION = re.compile(
    r"\b(?:join us|come to|register|sign up|apply|deadline|rsvp|participe|inscreva-se|inscrições|venha|prazo"
    r"|ikuti|daftar|hadiri|datang|rejista|partisipa|inscríbase|plazo|inscrivez-vous)\b",
    re.IGNORECASE,
)
NUMERIC = re.compile(r"(?<![\d./-])(\d{1,2})([/.])(\d{1,2})\2(\d{4})(?![\d/])")


class Breakage(NamedTuple):
    """A kind of damage."""

    rule: str
    message: str
    fix: str


EMPTY_TABLE = Breakage("table-empty", "The table has a heading row but no others.", "Add rows, or delete it.")


def check_broken_text(campaign: Campaign, memo: Memo | None = None) -> Iterator[Problem]:
    """Check every published text by line. `memo` caches results by page."""
    memo = memo or Memo(None)
    for page in campaign.pages.values():
        language = campaign.languages[page.language]
        key = f"broken {page.where} {page.digest} {_months(language)} {campaign.date}"
        rows = memo.get_or_make(key, partial(_rows_of_page, campaign, page, language))
        yield from (Problem(rule, where, message, fix) for where, rule, message, fix in rows)
    for code, published in published_texts(campaign).items():
        language = campaign.languages[code]
        key = f"broken texts {_months(language)} {published.hash} {campaign.date}"
        rows = memo.get_or_make(key, partial(_rows_of_texts, published, language, campaign.date))
        yield from (Problem(rule, where, message, fix) for where, rule, message, fix in rows)


def check_private_texts(campaign: Campaign) -> Iterator[Problem]:
    """Check for private data and links, which stop a release."""
    for problem in check_broken_text(campaign):
        if problem.id in PRIVATE:
            rule = "data-private-release" if problem.id == "data-private" else "link-private-release"
            yield replace(problem, id=rule)


def _rows_of_page(campaign: Campaign, page: Page, language: Language) -> list[list[str]]:
    text = (campaign.root / page.where).read_text("utf-8", "replace")
    faults = broken_lines(text, language, campaign.date)
    rows = [[f"{page.where}:{line_number}", *fault] for line_number, fault in faults]
    return rows + [[where, *EMPTY_TABLE] for where in _empty_tables(page)]


def _rows_of_texts(published: PublishedTexts, language: Language, today: date) -> list[list[str]]:
    other_texts = (text for text in published.texts if not text.where.endswith(".md:1"))
    return [[item.where, *fault] for item in other_texts for _, fault in broken_lines(item.text, language, today)]


def _months(language: Language) -> str:
    found = locale_format(language)
    return f"{language.code} {found.months} {found.days}"


def broken_lines(text: str, language: Language, today: date) -> Iterator[tuple[int, Breakage]]:
    """Yield the line number and the damage of each broken line. Quick tests skip most texts."""
    mistakes = _possible_mistakes(text)
    finders = [finder for is_possible, finder in FINDERS if is_possible(text)]
    if not finders and not mistakes and not DIGIT.search(text):
        return
    for line_number, line in enumerate(text.splitlines(), 1):
        for finder in finders:
            yield from ((line_number, fault) for fault in finder(line))
        rules = set[str]()  # one message for several leftovers on a line
        for mistake in mistakes:
            if mistake.rule not in rules and (match := mistake.pattern.search(line)):
                rules.add(mistake.rule)
                message = mistake.message.replace("{}", match[0].strip()[:60])
                yield line_number, Breakage(mistake.rule, message, mistake.fix)
        if DIGIT.search(line):
            yield from ((line_number, fault) for fault in _impossible(line, language, today))


def _conflict(line: str) -> Iterator[Breakage]:
    if MERGE_MARK.match(line):
        yield Breakage("merge-conflict", *merge_fault(line))


def _reversed_links(line: str) -> Iterator[Breakage]:
    for match in REVERSED_LINK.finditer(line):
        message = f"`{match[0][:60]}` isn't a link: its brackets are swapped."
        yield Breakage("link-reversed", message, "Write `[words](address)`.")


def _private(line: str) -> Iterator[Breakage]:
    for address in private_links(line):
        message = f"`{address[:60]}` only opens on your computer or in your office."
        yield Breakage("link-private", message, "Link to a page that everyone can open.")


def _damaged(line: str) -> Iterator[Breakage]:
    if line.isascii():
        return
    fix = "Type the letters again, or copy the text from its source as UTF-8."
    if "\ufffd" in line:
        yield Breakage("text-damaged", f"A letter was lost at `{_excerpt(line, line.index(chr(0xFFFD)))}`.", fix)
        return
    from ftfy import fix_encoding  # see _may_be_damaged

    repaired = fix_encoding(line)
    if repaired != line:
        index = next(
            (index for index, (before, after) in enumerate(zip(line, repaired, strict=False)) if before != after),
            len(repaired),
        )
        message = f"The letters of `{_excerpt(line, index)}` are damaged. Did you mean `{_excerpt(repaired, index)}`?"
        yield Breakage("text-damaged", message, fix)


def _may_be_damaged(text: str) -> bool:
    if text.isascii() or not SUSPICIOUS.search(text):
        return False
    from ftfy.badness import is_bad  # takes 30 ms to import, and most builds look at few new texts

    return "\ufffd" in text or is_bad(text)


def _mixed_scripts(line: str) -> Iterator[Breakage]:
    if line.isascii():
        return
    without_addresses = ADDRESS.sub(" ", line)
    words = [
        match[0]
        for match in WORD.finditer(without_addresses)
        if sum(bool(script.search(match[0])) for script in SCRIPTS) > 1
    ]
    results = [word for word in words if len(word) > MAX_UNIT]
    results += [_excerpt(without_addresses, match.start()) for match in FOREIGN_LETTER.finditer(without_addresses)]
    for word in results:
        message = f"`{word}` mixes letters of two scripts, which look alike but aren't found by a search."
        yield Breakage("letters-mixed", message, "Type the word again.")


def _may_mix_scripts(text: str) -> bool:
    if text.isascii() or not OTHER_SCRIPT.search(text):
        return False
    return bool(ADJACENT.search(text) or FOREIGN_LETTER.search(text))


class Mistake(NamedTuple):
    """A pattern of a line that is hardly meant; each match contains one of `signs` in lower case."""

    rule: str
    message: str  # {}: what was found
    fix: str
    pattern: re.Pattern[str]
    signs: tuple[str, ...]
    found: str  # a line that it finds
    sound: str  # a line that it doesn't


@cache
def mistakes() -> tuple[Mistake, ...]:
    """Return all patterns of MISTAKES."""
    results = []
    for group in tomllib.loads(MISTAKES.read_text(encoding="utf-8"))["group"]:
        rule, message, fix = group["rule"], group["message"], group["fix"]
        for row in group["mistake"]:
            pattern, signs = re.compile(row["pattern"], re.IGNORECASE), tuple(row["signs"])
            results.append(Mistake(rule, message, fix, pattern, signs, row["found"], row["sound"]))
    return tuple(results)


def _possible_mistakes(text: str) -> list[Mistake]:
    """Return the patterns that may be in a text."""
    small = text.casefold()
    return [mistake for mistake in mistakes() if any(sign in small or sign in text for sign in mistake.signs)]


# A quick test on the whole text, and the search on a line.
FINDERS: tuple[tuple[Callable[[str], object], Callable[[str], Iterator[Breakage]]], ...] = (
    (lambda text: any(sign * 7 in text for sign in "<>|"), _conflict),
    (_may_be_damaged, _damaged),
    (_may_mix_scripts, _mixed_scripts),
    (lambda text: ")[" in text, _reversed_links),
    (lambda text: any(private_links(text)), _private),
)


def _impossible(line: str, language: Language, today: date) -> Iterator[Breakage]:
    without_addresses = ADDRESS.sub(" ", line)
    fix = "Look the date up and correct it."
    for match in ISO.finditer(without_addresses):
        if not _day(int(match[1]), int(match[2]), int(match[3])):
            yield Breakage("date-impossible", f"`{match[0]}` doesn't exist.", fix)
    for match in NUMERIC.finditer(without_addresses):
        first, second, year = int(match[1]), int(match[3]), int(match[4])
        if not _day(year, second, first) and not _day(year, first, second):
            yield Breakage("date-impossible", f"`{match[0]}` doesn't exist.", fix)
        elif first != second and max(first, second) <= MONTHS:
            message = f"`{match[0]}` is one day to some readers and another to others."
            yield Breakage("date-ambiguous", message, "Write the month's name.")
    is_invitation = INVITATION.search(without_addresses)
    for words, day, month, year, weekday in _named_dates(without_addresses, language):
        if day > _longest(month, year):
            yield Breakage("date-impossible", f"`{words}` doesn't exist.", fix)
        elif year and weekday is not None and (is_valid := _day(year, month, day)) and is_valid.weekday() != weekday:
            name = locale_format(language).days[is_valid.weekday()]
            message = f"`{words}` is another day of the week: {is_valid.isoformat()} is a {name}."
            yield Breakage("date-weekday", message, fix)
        elif is_invitation and year and date(year, month, day) < today:
            message = f"`{words}` is over, and this invites to it."
            yield Breakage("event-over", message, "Name the next date, or delete the invitation.")


def _named_dates(line: str, language: Language) -> Iterator[tuple[str, int, int, int, int | None]]:
    """Yield each date with a month name: as typed, day, month, year or 0, weekday from 0 or None."""
    months, days = locale_format(language).months, locale_format(language).days
    if any(month[0].isdecimal() for month in months) or not _month_pattern(months).search(line):
        return
    for match in _date_pattern(months).finditer(line):
        month_name = (match["month"] or match["first"]).casefold()
        month = next(index for index, name in enumerate(months, 1) if name.casefold() == month_name)
        day, year = int(match["day"] or match["second"]), int(match["year"] or 0)
        weekday_name = (match["weekday"] or "").casefold()
        matching_days = [
            index
            for index, name in enumerate(days)
            if len(name) > 1 and weekday_name.startswith(name.casefold().rstrip("."))
        ]
        weekday = matching_days[0] if len(matching_days) == 1 else None
        start = match.start("day" if match["day"] else "first") if weekday is None else match.start()
        yield line[start : match.end()].strip(), day, month, year, weekday


@cache
def _month_pattern(months: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, months)), re.IGNORECASE)


@cache
def _date_pattern(months: tuple[str, ...]) -> re.Pattern[str]:
    names = "|".join(map(re.escape, sorted(months, key=len, reverse=True)))
    joint = r"(?:[.ºª]|[^\W\d]{2})?\s+(?:[^\W\d]{1,5}\s+)?"  # 31st of February, 1. Mai, 1º de maio
    return re.compile(
        r"(?:(?P<weekday>[^\W\d]{2,}(?:-[^\W\d]+)?)[,.]?\s+(?:[^\W\d]{1,3}\s+)?)?"
        rf"(?:(?<![\d.,:/–-])(?P<day>\d{{1,2}}){joint}(?P<month>{names})\b"
        rf"|\b(?P<first>{names})\s+(?P<second>\d{{1,2}})(?:[^\W\d]{{2}}\b)?(?![\d.,:–-]*\d))(?:,?\s+(?:[^\W\d]{{1,5}}\s+)?(?P<year>\d{{4}})\b)?",
        re.IGNORECASE,
    )


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _longest(month: int, year: int) -> int:
    return next(day for day in (31, 30, 29, 28) if _day(year or 2000, month, day))


def _excerpt(text: str, position: int) -> str:
    start = text.rfind(" ", 0, position) + 1
    end = text.find(" ", position)
    return text[start : end if end >= 0 else len(text)][:40]


def _empty_tables(page: Page) -> Iterator[str]:
    if "Table" in page.tree and "],[]]" in page.tree:  # an empty list of rows
        for node in walk(page.document.blocks):
            if isinstance(node, Table) and not node.rows:
                yield page.line(node.start)
