"""Translations as gettext PO, for Poedit, Weblate and others."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import polib

from campaign.exchange.translation_file import MAX_ENTRIES, Entry, not_a_file

# File and key of an entry's text.
PLACE = re.compile(r"(?P<path>.+)#(?P<key>[0-9a-f]{10})")
SENT_PREFIX = "sent: "


def as_po(entries: Iterable[Entry], language: str, name: str, version: str, day: str) -> str:
    """Return a PO file. Outdated entries are fuzzy, with their former source text. `day`: as 2026-11-27."""
    file = polib.POFile(wrapwidth=77)
    file.metadata = {
        "Project-Id-Version": f"{name} {version}",
        "POT-Creation-Date": f"{day} 00:00+0000",
        "PO-Revision-Date": f"{day} 00:00+0000",
        "Last-Translator": "unknown <unknown@example.org>",
        "Language-Team": f"{language} <unknown@example.org>",
        "Language": language,
        "MIME-Version": "1.0",
        "Content-Type": "text/plain; charset=UTF-8",
        "Content-Transfer-Encoding": "8bit",
    }
    for entry in entries:
        is_fuzzy = bool(entry.target) and entry.is_open
        file.append(
            polib.POEntry(
                msgctxt=f"{entry.path}#{entry.key}",
                msgid=entry.source,
                msgstr=entry.target,
                previous_msgid=entry.old_source if is_fuzzy and entry.old_source else None,
                comment="\n".join(filter(None, (entry.about, f"{SENT_PREFIX}{entry.sent}"))),
                flags=["fuzzy"] if is_fuzzy else [],
            )
        )
    return str(file) + "\n"


def read_po(path: Path) -> list[Entry]:
    """Return the entries of a PO file. Raise CampaignError if it isn't PO, or has no entry of the campaign."""
    try:
        file = polib.pofile(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, ValueError, IndexError) as error:
        raise not_a_file(path.name, f"This cannot be read as PO ({str(error)[:80]}).") from None
    results = []
    for item in file[:MAX_ENTRIES]:
        place = PLACE.fullmatch(item.msgctxt or "")
        if item.obsolete:
            continue
        names = (place["path"], place["key"]) if place else ("", "")
        notes = item.comment.split("\n")
        sent = next((line[len(SENT_PREFIX) :].strip() for line in notes if line.startswith(SENT_PREFIX)), "")
        is_fuzzy = bool(item.fuzzy)
        results.append(Entry(*names, item.msgid, item.msgstr, sent=sent, is_open=is_fuzzy, is_fuzzy=is_fuzzy))
    if not any(entry.path for entry in results):
        raise not_a_file(path.name, "No entry of this file belongs to the campaign.")
    return results
