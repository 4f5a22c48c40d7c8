"""Texts for posts and short messages that go with pictures: docs/<language>/_messages.yml."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin

from campaign.content.answers import answer_for
from campaign.content.number_doubts import with_doubts, with_short_doubt
from campaign.content.settings import Settings
from campaign.content.translation import Origins, read_word_files
from campaign.models.campaign import Campaign
from campaign.models.media import Message
from campaign.models.page import Page, address_of
from campaign.models.problem import Problem
from campaign.schema.declaration import bind
from campaign.schema.kinds import MessageWords

WORDS = "_messages.yml"
# The 160-character alphabet (3GPP TS 23.038, 6.2.1), and characters that count twice in it.
GSM_CHARACTERS = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
GSM_ESCAPED_CHARACTERS = frozenset("\f^{}\\[~]|€")
# Characters of a single message, and of each part of a longer one.
GSM = (160, 153)
UCS = (70, 67)
# Characters beyond it are two UTF-16 code units.
MAX_BMP = 0xFFFF
BRACES = ("number", "link")


@dataclass(frozen=True)
class SmsLength:
    """The length of a short message."""

    letters: int
    parts: int  # messages sent and paid for
    foreign: str  # characters that force the 70-character alphabet, or ''

    @property
    def max_characters(self) -> int:
        """The maximum number of characters in one message."""
        return (UCS if self.foreign else GSM)[0]


def sms_length(text: str) -> SmsLength:
    """Return the length of a text as a short message."""
    foreign = "".join(dict.fromkeys(letter for letter in text if letter not in GSM_CHARACTERS | GSM_ESCAPED_CHARACTERS))
    single, part = UCS if foreign else GSM
    sizes = [1 + (ord(letter) > MAX_BMP if foreign else letter in GSM_ESCAPED_CHARACTERS) for letter in text]
    letters = sum(sizes)
    return SmsLength(letters, 1 if letters <= single else _parts(sizes, part), foreign)


def _parts(sizes: list[int], max_letters: int) -> int:
    """Return the number of parts. A character that counts twice isn't split."""
    count, length_used = 1, 0
    for size in sizes:
        if length_used + size > max_letters:
            count, length_used = count + 1, 0
        length_used += size
    return count


def read_messages(
    root: Path, settings: Settings, pages: Collection[Page], photos: Collection[str], problems: list[Problem]
) -> tuple[dict[tuple[str, str], Message], Origins]:
    """Return the texts by language and picture, and who translated them."""
    messages: dict[tuple[str, str], Message] = {}
    origins: Origins = {}
    for code, where, top in read_word_files(root, settings, WORDS, origins, problems):
        names = {page.stem for page in pages if page.formats} | set(photos)
        for name, words in top.keys.items():
            if name == "translation":
                continue
            if name not in names:
                fix = "Name a leaflet, a poster or a photo, or remove these lines."
                top.complain("message-no-picture", words, f"There is no picture `{name}`.", fix)
                continue
            message_words = bind(MessageWords, words, where, problems)
            approved = message_words.approved
            messages[code, name] = Message(
                post=message_words.post,
                sms=message_words.sms,
                plain=message_words.plain,
                approved_by=approved.by if approved else "",
                approved_on=approved.on if approved else None,
                where=message_words.line("sms"),
            )
    return messages, origins


def filled(campaign: Campaign, code: str, name: str, text: str) -> str:
    """Return a post with its placeholders filled, and the warning about an unverified number."""
    own_words = _own_words(campaign, code, name, text)
    return unicodedata.normalize("NFC", with_doubts(campaign, campaign.languages[code], own_words))


def _short_message(campaign: Campaign, code: str, name: str, text: str) -> str:
    """Return a short message like `filled`, with a shorter warning."""
    own_words = _own_words(campaign, code, name, text)
    return unicodedata.normalize("NFC", with_short_doubt(campaign, campaign.languages[code], own_words))


def _own_words(campaign: Campaign, code: str, name: str, text: str) -> str:
    page = next((page for (locale, _), page in campaign.pages.items() if locale == code and page.stem == name), None)
    answer = answer_for(campaign, page.path) if page else ""
    address = page.address if page and page.formats else f"{code}/"
    if answer and campaign.page(code, answer):
        address = address_of(code, answer)
    number = campaign.emergency.phone if campaign.emergency else ""
    values = {"number": number, "link": urljoin(campaign.site_url, address)}
    for brace in BRACES:
        text = text.replace(f"{{{brace}}}", values[brace])
    # Combined accents belong to the 160-character alphabet, separate ones don't.
    return unicodedata.normalize("NFC", text)


def check_messages(campaign: Campaign) -> Iterator[Problem]:
    """Yield problems: unknown placeholders, long messages, accents in `plain`, missing approval."""
    for (code, name), message in campaign.messages.items():
        texts: Mapping[str, str] = {
            "post": _own_words(campaign, code, name, message.post),
            "sms": _short_message(campaign, code, name, message.sms),
            "plain": _short_message(campaign, code, name, message.plain),
        }
        for key, text in texts.items():
            if "{" in text or "}" in text:
                fix = "Write {number} or {link}, or leave the braces out."
                yield Problem("message-braces", message.where, f"`{key}` of `{name}` holds other braces.", fix)
        length = sms_length(texts["sms"])
        if length.parts > 1:
            yield Problem("sms-long", message.where, _long(name, length), _shorten_advice(length))
        plain_length = sms_length(texts["plain"])
        if plain_length.foreign:
            complaint = f"`plain` of `{name}` has letters that make a message short: {' '.join(plain_length.foreign)}"
            yield Problem("sms-not-plain", message.where, complaint, "Write them without accents.")
        elif plain_length.parts > 1:
            yield Problem("sms-long", message.where, _long(name, plain_length), _shorten_advice(plain_length))
        if message.plain and not message.is_approved:
            fix = "Let someone who reads the language check it, then add `approved: {by: their name, on: date}`."
            complaint = (
                f"No one has approved `plain` of `{name}`, where words may mean something else: it is not written."
            )
            yield Problem("sms-plain-unapproved", message.where, complaint, fix)


def _long(name: str, length: SmsLength) -> str:
    why = ""
    if length.foreign:
        signs = " ".join(length.foreign) if _is_latin(length) else "letters of another script than Latin"
        why = f", since it has {signs}"
    message = f"The short message of `{name}` has {length.letters} letters of {length.max_characters}{why}"
    return f"{message}: {length.parts} are paid for."


def _shorten_advice(length: SmsLength) -> str:
    with_plain = ", or write it without accents as `plain:`" if length.foreign and _is_latin(length) else ""
    return f"Shorten it{with_plain}."


def _is_latin(length: SmsLength) -> bool:
    """Return whether all letters that make a message expensive are Latin ones, so that it may do without accents."""
    return all(unicodedata.name(letter, "").startswith("LATIN") for letter in length.foreign if letter.isalpha())


def message_files(campaign: Campaign) -> dict[str, str]:
    """Return the texts as files, by path next to the pictures."""
    files = {}
    for (code, name), message in campaign.messages.items():
        texts = {"post": message.post, "sms": message.sms, "sms-plain": message.plain if message.is_approved else ""}
        for key, text in texts.items():
            if text:
                fill = filled if key == "post" else _short_message
                files[f"pictures/messages/{code}/{name}-{code}-{key}.txt"] = fill(campaign, code, name, text) + "\n"
    return files
