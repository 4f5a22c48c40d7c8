"""A pseudo-language for testing layouts in previews: accented, two fifths longer, in brackets."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from campaign.content.units import read_units, with_translations
from campaign.models.campaign import Campaign

GROWTH = 1.4  # about what other languages add to English
# Markup and its targets, placeholders, addresses and escaped characters stay.
UNCHANGED = re.compile(
    r"\{\{.*?\}\}|\{[^}]*\}|\[\^[^\]]*\]|!?\[(?=[^\]]*\]\()|\]\([^)]*\)|:[a-z0-9-]+:|<[^>]*>|&\w+;"
    r"|(?:https?|mailto):\S+|\S+@\S+|\\."
)
# In every Latin font.
ACCENTED = str.maketrans("aceinouyACEINOUY", "áçéíñóúýÁÇÉÍÑÓÚÝ")
DOUBLED_VOWELS = str.maketrans("aeiouAEIOU", "äëïöüäëïöü")
VOWEL = re.compile("[aeiouAEIOU]")


def pseudo_text(text: str) -> str:
    """Return one line of Markdown in the pseudo-language."""
    words = UNCHANGED.sub("", text)
    if not any(letter.isalpha() for letter in words):
        return text
    parts, position = [], 0
    for result in UNCHANGED.finditer(text):
        parts += [_stretched(text[position : result.start()]), result[0]]
        position = result.end()
    stretched = "".join((*parts, _stretched(text[position:])))
    # Other scripts get longer by repetition.
    missing_count = round(len(words) * GROWTH) - len(UNCHANGED.sub("", stretched))
    match = re.match(r"(?:[#>*+-] |\d+[.)] |:[a-z0-9-]+:\s*)*", stretched)
    head = match[0] if match else ""
    return f"{head}\\[{stretched[len(head) :]}{_filler(words, missing_count)}\\]"


def _stretched(text: str) -> str:
    return VOWEL.sub(lambda match: match[0].translate(ACCENTED) + match[0].translate(DOUBLED_VOWELS), text).translate(
        ACCENTED
    )


def _filler(words: str, count: int) -> str:
    """Return the beginning of some words, up to a number of characters, without splitting combining marks."""
    plain_words = re.sub(r"[*_`|#~\[\]]", "", words).strip()
    if count < 3 or not plain_words:
        return ""
    end = count
    while end < len(plain_words) and unicodedata.category(plain_words[end]).startswith(("M", "C")):
        end += 1
    return " " + plain_words[:end].strip()


def pseudo_page(text: str) -> str:
    """Return a page's file in the pseudo-language; unreadable text stays."""
    page = read_units(text.encode())
    return with_translations(page, {unit.key: pseudo_text(unit.text) for unit in page.units}).decode()


def _stretched_words(text: str) -> str:
    parts = re.split(r"(\{[^}]*\}|\[[^\]]*\]\([^)]*\)|https?:\S+)", text)
    return "".join(part if index % 2 else _stretched(part) for index, part in enumerate(parts))


def with_pseudo_words(campaign: Campaign, code: str) -> Campaign:
    """Return the campaign with pseudo-strings in a language."""
    strings = {key: _stretched_words(string) for key, string in campaign.languages[code].strings.items()}
    return replace(campaign, languages={**campaign.languages, code: replace(campaign.languages[code], strings=strings)})
