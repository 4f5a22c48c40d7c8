"""Numbers in strings, captions and messages, compared with the source language."""

from __future__ import annotations

from collections.abc import Iterator

from campaign.content.messages import WORDS as MESSAGES
from campaign.content.photos import WORDS as PHOTOS
from campaign.content.translated_numbers import check_named_numbers, is_spelt
from campaign.models.campaign import Campaign
from campaign.models.problem import Problem
from campaign.schema.interface_words import STRINGS


def check_word_files(campaign: Campaign) -> Iterator[Problem]:
    """Yield a note for each text whose numbers differ from its source's."""
    source, files = campaign.source_language.code, _files_of_words(campaign)
    for code in campaign.languages:
        if code != source:
            for name, texts in files.items():
                where, original = f"docs/{code}/{name}", f"docs/{source}/{name}"
                yield from check_named_numbers(texts.get(source, {}), texts.get(code, {}), where, original)


def _files_of_words(campaign: Campaign) -> dict[str, dict[str, dict[str, str]]]:
    """Return file -> language -> name -> text."""
    photos: dict[str, dict[str, str]] = {}
    for photo in campaign.photos.values():
        for kind, said in (("caption", photo.captions), ("alt", photo.alts)):
            for code, text in said.items():
                photos.setdefault(code, {})[f"{photo.name}.{kind}"] = text
    messages: dict[str, dict[str, str]] = {}
    for (code, name), message in campaign.messages.items():
        texts = {"post": message.post, "sms": message.sms, "plain": message.plain}
        messages.setdefault(code, {}).update({f"{name}.{kind}": text for kind, text in texts.items()})
    source = campaign.source_language.strings
    strings = {
        code: {
            key: text
            for key, text in language.strings.items()
            if language.is_source or not is_spelt(key, source.get(key, ""), text)
        }
        for code, language in campaign.languages.items()
    }
    return {STRINGS: strings, PHOTOS: photos, MESSAGES: messages}
