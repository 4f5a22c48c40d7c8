"""A language that nobody speaks: texts with accents, two fifths longer, in brackets, to see where layouts burst.

It takes the place of the source language in what is looked at, and is written nowhere.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import replace

from campaign.content.units import read_units, with_translations
from campaign.models.campaign import Campaign, Language

# How much longer texts get: about what English gains in many others.
LONGER = 1.4
# What is no word: marks of Markdown and what they lead to, what is filled in, addresses, and signs written as such.
KEPT = re.compile(
    r"\{\{.*?\}\}|\{[^}]*\}|\[\^[^\]]*\]|!?\[(?=[^\]]*\]\()|\]\([^)]*\)|:[a-z0-9-]+:|<[^>]*>|&\w+;"
    r"|(?:https?|mailto):\S+|\S+@\S+|\\."
)
# Letters that every Latin font has.
ACCENTED = str.maketrans("aceinouyACEINOUY", "áçéíñóúýÁÇÉÍÑÓÚÝ")
AGAIN = str.maketrans("aeiouAEIOU", "äëïöüäëïöü")
VOWEL = re.compile("[aeiouAEIOU]")


def pseudo_text(text: str) -> str:
    """A text, on one line of Markdown, as the language has it."""
    words = KEPT.sub("", text)
    if not any(letter.isalpha() for letter in words):
        return text
    parts, at = [], 0
    for found in KEPT.finditer(text):
        parts += [_stretched(text[at : found.start()]), found[0]]
        at = found.end()
    said = "".join((*parts, _stretched(text[at:])))
    # Scripts without such vowels get longer by saying some of it again.
    lacks = round(len(words) * LONGER) - len(KEPT.sub("", said))
    begun = re.match(r"(?:[#>*+-] |\d+[.)] |:[a-z0-9-]+:\s*)*", said)
    head = begun[0] if begun else ""
    return f"{head}\\[{said[len(head) :]}{_again(words, lacks)}\\]"


def _stretched(text: str) -> str:
    return VOWEL.sub(lambda found: found[0].translate(ACCENTED) + found[0].translate(AGAIN), text).translate(ACCENTED)


def _again(words: str, count: int) -> str:
    """The beginning of some words, so many letters of it; none of them is cut from its marks."""
    plain = re.sub(r"[*_`|#~\[\]]", "", words).strip()
    if count < 3 or not plain:
        return ""
    end = count
    while end < len(plain) and unicodedata.category(plain[end]).startswith(("M", "C")):
        end += 1
    return " " + plain[:end].strip()


def pseudo_page(text: str) -> str:
    """A page's file as the language has it. Text that cannot be read stays."""
    page = read_units(text.encode())
    return with_translations(page, {unit.key: pseudo_text(unit.text) for unit in page.units}).decode()


def pseudo_words(language: Language) -> Language:
    """A language whose words for the interface are those of this one."""
    return replace(language, strings={key: _stretched_words(said) for key, said in language.strings.items()})


def _stretched_words(said: str) -> str:
    """Without brackets, since words of the interface are put into one another."""
    parts = re.split(r"(\{[^}]*\}|\[[^\]]*\]\([^)]*\)|https?:\S+)", said)
    return "".join(part if at % 2 else _stretched(part) for at, part in enumerate(parts))


def with_pseudo_words(campaign: Campaign, code: str) -> Campaign:
    """The campaign with words for the interface as the language has them."""
    return replace(campaign, languages={**campaign.languages, code: pseudo_words(campaign.languages[code])})
