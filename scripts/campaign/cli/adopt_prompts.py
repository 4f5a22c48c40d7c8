"""Ask in a terminal how a country adopts a campaign, and its questions one after the other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import click
from rich.markup import escape

from campaign.cli.console import console
from campaign.cli.new import ask_for_readers
from campaign.content.adopted_settings import DEFAULT_PATTERN
from campaign.content.asking import DATELINE_QUESTION, PUBLISHER_QUESTION
from campaign.content.country_words import COUNTRY_QUESTION, NAME_QUESTION
from campaign.content.questions import EVERY_LANGUAGE, MAX_ANSWER_CHARS, Question
from campaign.content.settings import Settings
from campaign.content.units import INVISIBLE
from campaign.models.band import PATTERNS
from campaign.models.campaign import Campaign
from campaign.schema.kinds import AnswerSource, QuestionFile

# Their answers are the same in every language.
NAMES = (COUNTRY_QUESTION, PUBLISHER_QUESTION, DATELINE_QUESTION, NAME_QUESTION)


def ask_for_choices(settings: Settings, campaign: Campaign) -> QuestionFile:
    """Ask for languages, readers and pattern."""
    codes = [code for code, _ in settings.languages]
    console.print("Press Enter to take what is in brackets.")
    languages = _codes("Languages to keep", codes)
    complete = [code for code in languages if code not in settings.pieces_only] or codes
    default = settings.source_language if settings.source_language in complete else complete[0]
    source = click.prompt("Which of these do you write first?", type=click.Choice(complete), default=default)
    new = _prompt("New languages, as fr=Français, sw=Kiswahili:")
    added = dict(pair.strip().split("=", 1) for pair in new.split(",") if "=" in pair)
    first = click.prompt("Which is offered first?", type=click.Choice([*languages, *added]), default=source)
    country = _prompt("Two letters of your country, for phone numbers:")
    readers = ask_for_readers()
    default = DEFAULT_PATTERN if campaign.identity.pattern != DEFAULT_PATTERN else "zigzag"
    console.print(f"Patterns of the bands: {', '.join(PATTERNS)}, none; or the path of your own SVG.")
    pattern = click.prompt("Pattern", default=default)
    return QuestionFile(
        languages=tuple(languages),
        new_languages=added,
        source=source,
        first=first,
        country=country,
        readers=readers,
        pattern=str(Path(pattern).expanduser()) if pattern.endswith(".svg") else pattern,
    )


def _codes(text: str, codes: list[str]) -> list[str]:
    while True:
        typed = click.prompt(text, default=", ".join(codes)).replace(",", " ").split()
        if typed and not (unknown := [code for code in typed if code not in codes]):
            return list(dict.fromkeys(typed))
        console.print(f"Choose from: {', '.join(codes)}. Not known: {escape(', '.join(unknown))}.")


def ask_for_answers(questions: Iterable[Question], language: str) -> list[Question]:
    """Ask every question without an answer; Enter leaves it open. Returns all questions, [] if none was answered."""
    result, count = [], 0
    ordered = sorted(questions, key=lambda question: NAMES.index(question.ask) if question.ask in NAMES else len(NAMES))
    console.print(f"Answer in `{language}`. Press Enter to leave a question open: you can answer it later.")
    for question in ordered:
        text = "" if question.answer else _short(_prompt(question.ask))
        if text:
            count += 1
            is_same = question.ask in NAMES or not any(letter.isalpha() for letter in text)
            question = replace(question, answer={EVERY_LANGUAGE if is_same else language: text})
            question = question if is_same else replace(question, source=_ask_for_source())
        result.append(question)
    return result if count else []


def _prompt(text: str) -> str:
    """Ask for a text that may be left out."""
    return str(click.prompt(text, default="", show_default=False, prompt_suffix=" "))


def _short(text: str) -> str:
    text = " ".join(INVISIBLE.sub("", text).split())
    if len(text) > MAX_ANSWER_CHARS:
        console.print(f"Only the first {MAX_ANSWER_CHARS} characters are kept.")
    return text[:MAX_ANSWER_CHARS]


def _ask_for_source() -> AnswerSource | None:
    title = _short(_prompt("  Source: its title:"))
    if not title:
        return None
    publisher = _short(_prompt("  Who published it:"))
    url = _short(_prompt("  Its address (https://...):"))
    return AnswerSource(title=title, publisher=publisher, url=url)
