"""The command for adopting a campaign in another country."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path

import click
from rich.markup import escape

from campaign.cli.adopt_prompts import ask_for_answers, ask_for_choices
from campaign.cli.console import console, example
from campaign.cli.paths import InputFile, OutputFolder
from campaign.cli.selection import Names
from campaign.content import load
from campaign.content.adopted_settings import read_choices
from campaign.content.adopting import adopt as run
from campaign.content.open_list import write_open_list
from campaign.content.placeholders import find_placeholders
from campaign.content.questions import FILE, Question, collect_questions, read_answers, unasked, write_answers
from campaign.content.settings import read_settings
from campaign.content.upstream import Upstream, stamp_current_translations
from campaign.content.upstream_base import ADOPTED_FILE
from campaign.models.campaign import Campaign
from campaign.models.problem import CampaignError, failure
from campaign.schema.kinds import QuestionFile


@click.command(epilog=example("campaign adopt ../our-campaign"))
@click.argument("folder", required=False, type=OutputFolder())
@click.option("--answers", "answers_file", type=InputFile(), help="Read choices and answers from this file.")
@click.option("--status", "is_status", is_flag=True, help="List the open questions of this campaign, and exit.")
@click.option(
    "--from",
    "upstream",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Show changes in the original campaign, which is in this folder, and exit.",
)
@click.option(
    "--take",
    "taken",
    multiple=True,
    help="With --from: apply this change; `all` applies all to texts that you didn't change.",
)
@click.option("--leave", "left", multiple=True, help="With --from: don't show this change again. Repeatable.")
@click.option(
    "--word",
    "words",
    multiple=True,
    help="Also ask about this word, such as the name of an office, wherever it appears.",
)
@click.pass_obj
def adopt(
    root: Path,
    folder: Path | None,
    answers_file: Path | None,
    is_status: bool,
    upstream: Path | None,
    taken: Names,
    left: Names,
    words: Names,
) -> None:
    """Copy this campaign for another country.

    Without a folder, answer the questions of an adopted campaign.

    Everything specific to the country becomes a question, asked once. Answers are written into every text, and
    open-questions.md lists what is left to do. Readers see open questions, and `campaign build --release` refuses them.
    """
    if upstream:
        _from_upstream(root, upstream.resolve(), taken, left)
        return
    campaign, problems = load(root)
    if is_status:
        _show_status(campaign)
        return
    file, answers = read_answers(answers_file, str(answers_file)) if answers_file else (None, [])
    stopping_problems = [problem for problem in problems if problem.stops]
    if folder is None and _is_adopted(root):
        if stopping_problems:
            raise CampaignError(stopping_problems)
        _answer(campaign, answers)
        return
    if folder is None or (folder.exists() and any(folder.iterdir())) or folder.resolve().is_relative_to(root):
        message = "The copy needs a new folder outside this campaign."
        raise failure("folder-not-empty", str(folder or "."), message, "Name a new one.")
    if stopping_problems:
        raise CampaignError(stopping_problems)
    _copy(campaign, folder, file, answers_file, answers, words)


def _copy(
    campaign: Campaign,
    folder: Path,
    file: QuestionFile | None,
    answers_file: Path | None,
    answers: list[Question],
    words: Names,
) -> None:
    settings = read_settings(campaign.root, [])
    is_asked = sys.stdin.isatty() and file is None
    file = file or (ask_for_choices(settings, campaign) if is_asked else QuestionFile())
    choices = read_choices(settings, campaign.identity.pattern, file, (answers_file or Path()).parent)
    console.print("Copying the campaign…")
    copy = run(campaign, folder, choices, answers, words)
    console.print(
        f"Questions in texts: {copy.placeholders}. Left out: contacts ({copy.contacts}), places ({copy.places}), "
        f"sources that nothing cites now ({copy.sources})."
    )
    if copy.left_names:
        console.print("Left behind, because the site doesn't show it, or it shows people or names of people:")
        console.print(escape("\n".join(f"  {name}" for name in copy.left_names)))
    _show_unasked(answers, copy.questions)
    if is_asked and (typed := ask_for_answers(copy.questions, choices.source)):
        _answer(load(folder)[0], typed)
    console.print(f"Open questions are listed in {escape(str(folder / 'open-questions.md'))}.")
    console.print(f"Go to {escape(str(folder))} and run `campaign adopt` to answer questions.")


def _is_adopted(root: Path) -> bool:
    return (root / ADOPTED_FILE).is_file()


def _answer(campaign: Campaign, answers: list[Question]) -> None:
    root = campaign.root
    known = read_answers(root / FILE)[1] if (root / FILE).is_file() else []
    questions = write_answers(root, [*known, *answers])
    _show_unasked(answers, questions)
    if sys.stdin.isatty() and not answers:
        questions = write_answers(root, ask_for_answers(questions, campaign.source_language.code) or questions)
    _show_sections(write_open_list(load(root)[0], questions))


def _show_unasked(answers: Iterable[Question], questions: Iterable[Question]) -> None:
    for id in unasked(answers, list(questions)):
        console.print(f"No question has the id `{escape(id)}`: its answer isn't used. Ids are in docs/_questions.yml.")


def _show_status(campaign: Campaign) -> None:
    placeholders = list(find_placeholders(campaign))
    for placeholder in placeholders:
        click.echo(f"{placeholder.where}  {placeholder.question}")
    if _is_adopted(campaign.root):
        path = campaign.root / FILE
        known = read_answers(path)[1] if path.is_file() else []
        _show_sections(write_open_list(campaign, collect_questions(campaign, known)))
    question_count = len({placeholder.question for placeholder in placeholders})
    counts = f"Open questions: {question_count} (in texts: {len(placeholders)})."
    console.print(counts if placeholders else "There are no open questions.")


def _show_sections(counts: dict[str, int]) -> None:
    for title, count in counts.items():
        console.print(f"{title}: {count}")
    console.print("The list is in open-questions.md.")


def _from_upstream(root: Path, folder: Path, taken: Names, left: Names) -> None:
    upstream = Upstream(load(root)[0], load(folder)[0])
    changes = list(upstream.changes())
    unknown = {*taken, *left} - {"all", *(change.key for change in changes)}
    if unknown:
        message = f"No change has the key {', '.join(sorted(unknown))}."
        raise failure("value-unknown", "--take", message, "Run it without --take and --leave to see them.")
    if taken or left:
        done = upstream.take(None if "all" in taken else taken, left)
        for name in stamp_current_translations(upstream, load(root)[0], done.files):
            console.print(f"{escape(name)} follows its source.")
        for change in done.by_hand:
            console.print(f"{escape(change.name)}: {change.key} must be added by hand.")
        console.print(f"{done.applied} taken, {done.skipped} left.")
        return
    for change in changes:
        remark = "  changed here too" if change.is_changed_here else ""
        console.print(f"[bold]{escape(change.name)}[/bold]  {change.kind}  {change.key}{remark}", soft_wrap=True)
        for mark, text in (
            ("- ", change.adopted_text),
            ("+ ", change.upstream_text),
            ("= ", change.own_text if change.is_changed_here else ""),
        ):
            if text:
                console.print(escape(mark + text), soft_wrap=True)
    own_count = sum(change.is_changed_here for change in changes)
    console.print(
        f"{len(changes)} changes, {own_count} in texts that you changed too." if changes else "Nothing changed there."
    )
