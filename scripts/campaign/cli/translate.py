"""The commands that keep translations."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.markup import escape
from rich.table import Column, Table

from campaign.cli.console import console, example
from campaign.cli.options import by_language
from campaign.cli.runs import Names, select
from campaign.content.messages import WORDS as MESSAGES
from campaign.content.photos import WORDS as PHOTOS
from campaign.models.page import Translation
from campaign.schema.interface_words import STRINGS

if TYPE_CHECKING:
    from campaign.models.campaign import Campaign


@click.group(epilog=example("campaign translate status"))
def translate() -> None:
    """See what is translated, from what, and who reviewed it."""


@translate.command(epilog=example("campaign translate status --language pt"))
@by_language
@click.pass_obj
def status(root: Path, language: Names) -> None:
    """Show how far the translations of each language are; with --language, each text and its state."""
    from campaign.content import load
    from campaign.content.releases import with_withheld

    select(root, language, (), ())
    campaign = with_withheld(load(root)[0])
    columns = ("Texts", "Translated", "Up to date", "Reviewed")
    table = Table("Language", *columns, box=None)
    states = Table(Column("Text", no_wrap=True), "Made by", "State", box=None)
    for code, spoken in campaign.languages.items():
        if code == campaign.source_language.code:
            continue
        texts = list(_texts(campaign, code))
        made = [translation for _, translation, is_there in texts if is_there and translation]
        counted = (
            sum(is_there for _, _, is_there in texts),
            sum(bool(each.source) and not each.is_outdated for each in made),
            sum(each.is_reviewed for each in made),
        )
        share = (f"{count} ({_percent(count, len(texts))} %)" for count in counted)
        table.add_row(f"{code} {escape(spoken.name)}", str(len(texts)), *share)
        for where, translation, is_there in texts if code in language else ():
            by = escape(translation.by) if translation else ""
            states.add_row(escape(where), by, describe(translation) if is_there else "missing")
    console.print(table)
    if states.rows:
        console.print(states)


def _texts(campaign: Campaign, code: str) -> Iterator[tuple[str, Translation | None, bool]]:
    """(file, its translation, whether it is there) of all that a language is meant to have.

    That is every page of the source language; where a language has pieces alone, the pages that it has.
    """
    for path in [path for spoken, path in campaign.pages if spoken == campaign.source_language.code]:
        page = campaign.pages.get((code, path))
        if page or campaign.languages[code].is_whole:
            yield f"docs/{code}/{path}", page.translation if page else None, bool(page)
    origins = (
        (STRINGS, campaign.word_origins),
        (PHOTOS, campaign.caption_origins),
        (MESSAGES, campaign.message_origins),
    )
    for name, made in origins:
        if made.get(code):
            yield f"docs/{code}/{name}", made[code], True


def _percent(part: int, whole: int) -> int:
    """Never 100 where something is left."""
    return part * 100 // whole if whole else 100


@translate.command(epilog=example("campaign translate stamp docs/pt/signs.md"))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--by", default="", help="Who translated; else as it stands in the file.")
@click.pass_obj
def stamp(root: Path, files: tuple[Path, ...], by: str) -> None:
    """Say that files are translated from the source text as it is now. A review that was there is taken back."""
    from campaign.content.review import stamp_file

    for file in files:
        stamp_file(root, file, by)
        console.print(f"{escape(str(file))}: translated from the text as it is now, not reviewed.")


@translate.command(epilog=example('campaign translate accept docs/pt/signs.md --by "Maria Soares"'))
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--by", required=True, help="Your name: it is printed nowhere but kept in the file.")
@click.pass_obj
def accept(root: Path, files: tuple[Path, ...], by: str) -> None:
    """Say that a person has read translations against their source and found them good."""
    from campaign.content.review import accept_file

    for file in files:
        accept_file(root, file, by, date.today())
        console.print(f"{escape(str(file))}: reviewed by {escape(by)}.")


@translate.command(epilog=example("campaign translate review pt"))
@click.argument("language")
@click.option("--to", type=click.Path(path_type=Path, dir_okay=False), help="The file; else review-LANGUAGE.docx here.")
@click.pass_obj
def review(root: Path, language: str, to: Path | None) -> None:
    """Write what the public reads in a language into one document to review, with room to translate it back."""
    from campaign.content import load
    from campaign.exchange.review_bundle import bundle, core

    select(root, (language,), (), ())
    campaign, _ = load(root)
    target = to or Path(f"review-{language}.docx")
    target.write_bytes(bundle(campaign, language))
    console.print(f"{len(core(campaign, language))} pages nobody has reviewed are in {escape(str(target))}.")


def describe(made: Translation | None) -> str:
    """A translation's state in a few words."""
    if made is None:
        return "origin not said"
    if not made.source:
        return "not stamped yet"
    if made.is_outdated:
        return "source has changed"
    return f"reviewed by {escape(made.reviewed_by)}, {made.reviewed_on}" if made.is_reviewed else "not reviewed"
