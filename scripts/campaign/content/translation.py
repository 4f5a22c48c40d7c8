"""Translations: of which source text, made by whom, reviewed by whom."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from campaign.content.writing import encoded_like, read_text, write_file
from campaign.models.page import Translation
from campaign.models.problem import CampaignError, Problem
from campaign.schema.declaration import Declared
from campaign.schema.kinds import Review, TranslationNote


def fingerprint(*parts: str) -> str:
    """Twelve hexadecimal digits that change when the words do; spaces and line ends do not count."""
    words = "\n".join(" ".join(part.split()) for part in parts)
    return hashlib.sha256(words.encode()).hexdigest()[:12]


def strings_fingerprint(strings: Mapping[str, str]) -> str:
    """The fingerprint of a file of interface words."""
    return fingerprint(*(f"{key}: {strings[key]}" for key in sorted(strings)))


def outdated_translation(where: str) -> Problem:
    """Return the note about a translation whose source text has changed since."""
    fix = "Mend the translation, then run `campaign translate stamp` on it."
    return Problem("translation-outdated", where, "The source text has changed since this was translated.", fix)


def parse_translation(front: Declared, source: str | None) -> Translation | None:
    """What `translation:` says.

    Args:
        front: the page's front matter.
        source: the fingerprint of the source text as it is now; None where there is none.
    """
    if not front.has("translation"):
        front.complain(
            "translation-unsigned",
            "",
            "Who made this translation is not said.",
            "Add `translation: {source: '', by: machine, reviewed: no}`, then run `campaign translate stamp` on it.",
        )
        return None
    note = front.read("translation", TranslationNote)
    reviewed_by, reviewed_on = "", None
    review = note.reviewed
    if review is not None and review.keys is not None:
        found = note.read("reviewed", Review)
        reviewed_by, reviewed_on = found.by, found.on
    elif review is not None and (review.text or "").lower() not in ("no", "false", ""):
        note.complain(
            "review-unsigned",
            "reviewed",
            "`reviewed` takes no, or who and when.",
            "Run `campaign translate accept FILE --by NAME`.",
        )
    outdated = source is not None and note.source != source
    return Translation(note.source, note.by, reviewed_by, reviewed_on, outdated)


def _write_translation(root: Path, path: Path, where: str, line: str) -> None:
    """Replaces the `translation:` lines of a page's front matter or of a file of words; the rest stays as typed."""
    text = read_text(path)
    block = re.compile(r"^translation:.*\n(?:[ \t]+.*\n)*", re.MULTILINE)
    if not block.search(text):
        raise CampaignError(
            [
                Problem(
                    "translation-no-line",
                    where,
                    "There is no line `translation:` to change.",
                    "Add one to the front matter.",
                )
            ]
        )
    new = block.sub(lambda _: line + "\n", text, count=1)
    write_file(root, path, encoded_like(path.read_bytes(), new))


def write_translation(root: Path, path: Path, where: str, translation: Translation) -> None:
    """Writes what is known of a translation into its file.

    Args:
        root: the campaign's folder.
        path: of the file.
        where: the same as problems name it, from the root.
        translation: what is to stand there.

    Raises:
        CampaignError: the file has no `translation:` line.
    """
    reviewed = "no"
    if translation.reviewed_by:
        on = translation.reviewed_on or date.today()
        reviewed = f"{{by: {json.dumps(translation.reviewed_by, ensure_ascii=False)}, on: {on.isoformat()}}}"
    by = json.dumps(translation.by, ensure_ascii=False) if re.search(r"\W", translation.by) else translation.by
    _write_translation(
        root, path, where, f"translation: {{source: {translation.source}, by: {by}, reviewed: {reviewed}}}"
    )
