"""The hand-out log: rows of the form that `campaign tally` and `campaign correct --log` read."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping

from campaign.content import clock
from campaign.desk.dry_check import folder_with
from campaign.desk.files import HAND_OUT_FOLDER
from campaign.desk.naming import piece_title
from campaign.desk.words import Words
from campaign.exchange.counting_forms import FORMS, label
from campaign.exchange.tally import piece_code, tally
from campaign.models.campaign import Campaign, Language
from campaign.models.problem import CampaignError, Problem
from campaign.plan.finder import audience_name

LOG = f"{HAND_OUT_FOLDER}/hand-out.csv"
DRAFT = " (draft)"  # after the version: it was marked as a draft
# After the version: it had an outdated number.
OLD_NUMBER_SUFFIX = " (old number)"
KEYS = tuple(column.key for column in FORMS["hand-out"])
BYTE_ORDER_MARK = "".encode("utf-8-sig")


def headings(language: Language) -> list[str]:
    """Return the column headings."""
    return [label(language, key) for key in KEYS]


def titles(campaign: Campaign, ui_language: Language) -> dict[str, str]:
    """Return the title of each piece by its code in the log."""
    pages = (page for page in campaign.pages.values() if page.language == campaign.source_language.code)
    return {piece_code(page): piece_title(campaign, page, ui_language) for page in pages if page.formats}


def with_row(old_data: bytes | None, language: Language, cells: Mapping[str, str]) -> bytes:
    """Return a log with one more row."""
    text = io.StringIO()
    table = csv.writer(text)
    if not old_data:
        table.writerow(headings(language))
    elif not old_data.endswith(b"\n"):
        text.write("\r\n")
    # A spreadsheet would run cells like these as formulas.
    table.writerow([re.sub(r"^[=+@\-\t]+", "", cells[key]) for key in KEYS])
    return (old_data or BYTE_ORDER_MARK) + text.getvalue().encode()


def row_problems(campaign: Campaign, old_data: bytes | None, added: bytes) -> tuple[Problem, ...]:
    """Return what `campaign tally` would report about added rows."""
    head = (old_data or b"").partition(b"\n")
    with folder_with({"hand-out.csv": b"".join(head[:2]) + added[len(old_data or b"") :]}) as folder:
        try:
            tally(campaign, folder, clock.now().date())
        except CampaignError as error:
            return tuple(error.problems)
    return ()


def rows_in(data: bytes | None) -> list[list[str]]:
    """Return the rows of a log, latest first."""
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig", errors="replace"))))[1:] if data else []
    return rows[::-1]


def in_words(campaign: Campaign, ui_language: Language, words: Words, rows: list[list[str]]) -> list[list[str]]:
    """Return rows with words instead of codes."""
    source = campaign.source_language.code
    called: dict[str, dict[str, str]] = {
        "place": {code: place.name(ui_language.code, source) for code, place in campaign.places.items()},
        "piece": titles(campaign, ui_language),
        "language": {code: language.name for code, language in campaign.languages.items()},
        "group": {code: audience_name(ui_language, code) for code in campaign.audiences},
    }

    def displayed(key: str, cell: str) -> str:
        text = cell.replace(DRAFT, f" ({words['log-draft']})").replace(
            OLD_NUMBER_SUFFIX, f" ({words['log-old-number']})"
        )
        return text if key == "version" else called.get(key, {}).get(cell, cell)

    return [[displayed(key, cell) for key, cell in zip(KEYS, row, strict=False)] for row in rows]
