"""Read opening hours as people type them, a line for each group of days: "Monday to Friday 8-17"."""

from __future__ import annotations

import re
from typing import Any

from campaign.models.contact import ALWAYS_OPEN, DAYS

DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MIN_DAY_NAME_LENGTH = 3
RANGE_PARTS = 2
AND_SEPARATOR = re.compile(r"\s*(?:[,;&]|\band\b)\s*")
RANGE_SEPARATOR = re.compile(r"\s*(?:[-–—]|\b(?:to|till|until)\b)\s*")
TIME = re.compile(r"(\d{1,2})(?:[:.h](\d\d))?\s*(am|pm|h)?")
EVERY_DAY = {"daily", "every day", "all days"}
# Without spaces and "open".
ALL_HOURS = {ALWAYS_OPEN, "24/7", "24x7", "24×7", "24h", "24hrs", "24hours", "24hoursaday", "24jam", "24horas"}
NOON = 12
MIDNIGHT = 24
EARLIEST_HOUR = 6  # bare hours before this may be in the afternoon, as in 8-12, 1-5


def read_hours(raw: str) -> str | list[dict[str, Any]] | None:
    """Return hours as the file has them ('always', times, or rows of days), or None if they are unclear."""
    lines = [line.strip(" \t.;").lower() for line in raw.split("\n") if line.strip()]
    if len(lines) == 1 and re.sub(r"\s|^open\b|\band\b", "", lines[0]) in ALL_HOURS:
        return ALWAYS_OPEN
    rows: list[dict[str, Any]] = []
    for line in lines:
        start = next((index for index, letter in enumerate(line) if letter.isdigit()), len(line))
        days, times = _days(line[:start]), [_times(part) for part in AND_SEPARATOR.split(line[start:])]
        if days is None or not all(times) or times != sorted(times, key=lambda item: int(item.partition(":")[0])):
            return None
        if not days:
            return ", ".join(times) if len(lines) == 1 else None
        rows += [{"days": day, "open": times} for day in days]
    return rows or None


def _days(raw: str) -> list[str] | None:
    """Return groups of days; [] if none are named, None if one is unknown."""
    raw = re.sub(r"\s*\bfrom\s*$", "", raw).strip(" ,:")
    if not raw:
        return []
    if raw in EVERY_DAY:
        return [f"{DAYS[0]}-{DAYS[-1]}"]
    results = []
    for part in AND_SEPARATOR.split(raw):
        end_times = [_day(end) for end in RANGE_SEPARATOR.split(part)]
        if not all(end_times) or len(end_times) > RANGE_PARTS:
            return None
        results.append("-".join(end_times))
    return results


def _day(raw: str) -> str:
    raw = raw.strip(" .")
    names = (day for day, name in zip(DAYS, DAY_NAMES, strict=True) if name.startswith(raw) or f"{name}s" == raw)
    return next(names, "") if len(raw) >= MIN_DAY_NAME_LENGTH else ""


def _times(raw: str) -> str:
    """Return a range of times, or '' if it may be in the afternoon, as in 1-5; 8-5 can only end then."""
    end_times = [TIME.fullmatch(end) for end in RANGE_SEPARATOR.split(raw.strip())]
    if len(end_times) != RANGE_PARTS or not end_times[0] or not end_times[1]:
        return ""
    is_halved = [end[3] in ("am", "pm") for end in end_times if end]
    start, end = _minutes(end_times[0]), _minutes(end_times[1])
    if start < EARLIEST_HOUR * 60 and not is_halved[0] and not end_times[0][2] and not end_times[0][1].startswith("0"):
        return ""
    if start > end and not any(is_halved) and not end_times[1][2] and end <= EARLIEST_HOUR * 60:
        end += NOON * 60
    if is_halved[0] != is_halved[1] or not 0 <= start < end <= MIDNIGHT * 60:
        return ""
    return f"{start // 60}:{start % 60:02}-{end // 60}:{end % 60:02}"


def _minutes(time: re.Match[str]) -> int:
    hour, minute, half = int(time[1]), int(time[2] or 0), time[3]
    if half in ("am", "pm"):
        if not 1 <= hour <= NOON:
            return -1
        hour = hour % NOON + (NOON if half == "pm" else 0)
    return hour * 60 + minute if minute < 60 else -1
