"""The command for adopting a campaign in another country."""

from __future__ import annotations

from pathlib import Path

import click
from rich.markup import escape

from campaign.cli.console import console, example
from campaign.cli.paths import OutputFolder
from campaign.cli.runs import Names
from campaign.models.problem import CampaignError, Problem


@click.command(epilog=example("campaign adopt ../our-campaign"))
@click.argument("folder", required=False, type=OutputFolder())
@click.option("--status", "is_status", is_flag=True, help="Only list the open questions of this campaign.")
@click.option(
    "--from",
    "upstream",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="Only show what changed in the original campaign in this folder.",
)
@click.option(
    "--take", "taken", multiple=True, help="With --from: take this change; `all`: everything you didn't change."
)
@click.option("--leave", "left", multiple=True, help="With --from: don't show this change again. Repeatable.")
@click.option(
    "--word",
    "words",
    multiple=True,
    help="Also ask wherever this word appears, such as the country's name. Repeatable.",
)
@click.pass_obj
def adopt(
    root: Path, folder: Path | None, is_status: bool, upstream: Path | None, taken: Names, left: Names, words: Names
) -> None:
    """Copy this campaign for another country, as questions.

    Everything specific to the country becomes a question such as {{ ask: which law? }}. Readers see the questions,
    `campaign check` lists the files, and `campaign build --release` refuses them. The original answers are in
    docs/_adopted.json.
    """
    from campaign.content import load
    from campaign.content.placeholders import find_kept_numbers, find_placeholders

    if upstream:
        _from_upstream(root, upstream.resolve(), taken, left)
        return
    campaign, problems = load(root)
    if is_status:
        placeholders = list(find_placeholders(campaign))
        for placeholder in placeholders:
            click.echo(f"{placeholder.where}  {placeholder.question}")
        kept_numbers = list(find_kept_numbers(campaign))
        if kept_numbers:
            console.print("These numbers were kept and have no source. Are they right in your country?")
        for placeholder in kept_numbers:
            click.echo(f"{placeholder.where}  {placeholder.question}")
        question_count = len({placeholder.question for placeholder in placeholders})
        counts = f"Open questions: {question_count} (in texts: {len(placeholders)})."
        console.print(counts if placeholders else "There are no open questions.")
        return
    if folder is None or (folder.exists() and any(folder.iterdir())) or folder.resolve().is_relative_to(root):
        message = "A new folder is needed, outside this campaign's."
        raise CampaignError([Problem("folder-not-empty", str(folder or "."), message, "Name a new one.")])
    stopping_problems = [problem for problem in problems if problem.stops]
    if stopping_problems:
        raise CampaignError(stopping_problems)
    from campaign.content.adopting import adopt as run

    copy = run(campaign, folder, words)
    console.print(
        f"Questions in texts: {copy.placeholders}. Left out: contacts ({copy.contacts}), places ({copy.places}), "
        f"sources that nothing cites now ({copy.sources})."
    )
    console.print(f"Go to {escape(str(folder))} and run: campaign adopt --status")


def _from_upstream(root: Path, folder: Path, taken: Names, left: Names) -> None:
    from campaign.content import load
    from campaign.content.upstream import Upstream, stamp_current_translations

    upstream = Upstream(load(root)[0], load(folder)[0])
    changes = list(upstream.changes())
    unknown = {*taken, *left} - {"all", *(change.key for change in changes)}
    if unknown:
        message = f"No change has the key {', '.join(sorted(unknown))}."
        raise CampaignError(
            [Problem("value-unknown", "--take", message, "Run it without --take and --leave to see them.")]
        )
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
        f"{len(changes)} changes, {own_count} of what you changed too." if changes else "Nothing changed there."
    )
