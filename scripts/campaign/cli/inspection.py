"""The commands that check and explain without making anything."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.markup import escape
from rich.table import Column, Table

from campaign.cli.console import QUIET, VERBOSE, console, example, print_json, show_problems, show_progress
from campaign.cli.options import as_json, choosing, detailing, trusting
from campaign.cli.paths import InputFile
from campaign.cli.runs import Names, names_of, select
from campaign.models.problem import unsilenced

if TYPE_CHECKING:
    from campaign.models.campaign import Campaign
    from campaign.models.outputs import Output


@click.command(epilog=example("campaign check --verbose"))
@click.option("--all", "is_all", is_flag=True, help="Also show notes silenced in mkdocs.yml, with reasons.")
@trusting
@detailing
@as_json
@click.pass_obj
def check(root: Path, is_all: bool, is_trusted: bool, is_json: bool, detail: str | None) -> None:
    """Check the campaign and the last build, and list problems.

    Also shows how long sentences and words are in each language, and which pages are hardest to read.
    """
    from campaign.pipeline.build import check as run

    with show_progress(QUIET if is_json else detail) as progress:
        campaign, problems = run(root, is_trusted, progress)
    if is_json:
        print_json(problems, campaign.silence)
        sys.exit(any(not problem.is_note for problem in problems))
    show_problems(problems, campaign.silence, is_all, detail)
    if any(not problem.is_note for problem in problems):
        sys.exit(1)
    if detail != QUIET:
        _show_lengths(campaign)
        notes = len(unsilenced(problems, campaign.silence))
        console.print(f"No problems. Notes: {notes}." if notes else "Nothing to fix.")


def _show_lengths(campaign: Campaign) -> None:
    from campaign.checks.words import hardest_pages, measure_languages

    table = Table("Language", *("Sentences", "Words per sentence", "Longest", "Letters per word"), box=None)
    for code, length in measure_languages(campaign).items():
        cells = (f"{length.sentences:,}", f"{length.words:.1f}", str(length.longest), f"{length.letters:.1f}")
        table.add_row(code, *(cells if length.sentences else ("no spaces between words",)))
    console.print(table)
    hardest = Table(
        Column("Hardest to read", no_wrap=True), "Words per sentence", "Longest", "Its first words", box=None
    )
    for page, length, sentence in hardest_pages(campaign):
        hardest.add_row(escape(page.where), f"{length.words:.1f}", str(length.longest), escape(sentence))
    console.print(hardest)


@click.command(name="list", epilog=example("campaign list --language pt --verbose"))
@choosing
@detailing
@as_json
@click.pass_obj
def list_(
    root: Path, language: Names, place: Names, flavour: Names, pieces: Names, is_json: bool, detail: str | None
) -> None:
    """List all outputs without making them.

    With --verbose, pieces of the last build have the score of their arrangement: type size, how full panels or pages
    are, pictures and numbers kept.
    """
    from campaign.content import load
    from campaign.content.languages import as_built
    from campaign.plan.outputs import catalogue

    selection = replace(select(root, language, place, flavour), names=names_of(root, pieces))
    campaign, problems = load(root)
    planned_outputs = catalogue(as_built(campaign), selection.places)
    outputs = [output for output in planned_outputs if output.path and selection.includes(output)]
    stopping_problems = [problem for problem in problems if not problem.is_note]
    if is_json:
        print_json(stopping_problems, campaign.silence, files=[_row(output) for output in outputs])
        return
    if detail == VERBOSE:
        _list_details(root, as_built(campaign), planned_outputs, outputs)
    else:
        for output in outputs:
            click.echo(f"dist/{output.path}")
    if detail != QUIET:
        click.echo(f"{len(outputs)} files.", err=True)
    show_problems(stopping_problems)


def _list_details(root: Path, campaign: Campaign, planned_outputs: list[Output], outputs: list[Output]) -> None:
    """Print each output with its properties, its score, and how much it shows of what carries its picture's meaning."""
    from campaign.pipeline.meaning import Measured, boxes_of_heroes

    measured, scores = Measured(campaign, planned_outputs), _scores(root)
    for output in outputs:
        properties = " ".join(filter(None, list(_row(output).values())[1:]))
        click.echo("  ".join(filter(None, (f"dist/{output.path}", properties, scores.get(output.path, "")))))
        for box in measured.shown(output):
            click.echo(f"    {output.destination or output.format}: {box}")
    names = {output.name for output in outputs}
    for row in boxes_of_heroes(campaign):
        if row.name in names:
            click.echo(f"site: {row}")


def _scores(root: Path) -> dict[str, str]:
    """Return the scores of pieces of the last build, by path below dist/."""
    from campaign.cache.memo import Memo
    from campaign.pipeline.last_build import read_made
    from campaign.printing.scores import score_text

    return {artifact.output.path: score_text(artifact.lacks) for artifact in read_made(root, Memo.of(root))}


def _row(output: Output) -> dict[str, str]:
    """Return an output for other programs, its path below dist/ first."""
    names = ("kind", "language", "place", "format", "flavour", "destination")
    return {"file": output.path or "", **{name: getattr(output, name) or "" for name in names}}


@click.command(epilog=example("campaign verify press-kit-en --key id_ed25519.pub"))
@click.argument("folder", type=InputFile(has_folders=True))
@click.option("--key", default="", help="A public key of minisign or ssh, or a file of allowed ssh signers.")
@click.option("--signer", default="", help="The required signer in that file. Default: anyone in it.")
def verify(folder: Path, key: str, signer: str) -> None:
    """Check a folder against its checksums and signature.

    In a folder of packs, each zip is checked against its list. For a single file, the signature next to it is checked.
    """
    from campaign.checks.sums import CHECKSUM_FILE, UNFINISHED_LIST, check_packs, check_signature, check_sums
    from campaign.pipeline.stick import START_PAGE

    # An incomplete stick has zips too, but no list.
    is_packs = folder.is_dir() and not any(
        (folder / name).is_file() for name in (CHECKSUM_FILE, UNFINISHED_LIST, START_PAGE)
    )
    if is_packs and (zips := sorted(folder.rglob("*.zip"))):
        problems = list(check_packs(folder))
        show_problems(problems)
        if problems:
            sys.exit(1)
        console.print(f"All files in {len(zips)} zips match their lists. They aren't signed.")
        return
    is_file = folder.is_file()
    problems = [] if is_file else list(check_sums(folder))
    verified, doubts = check_signature(folder if is_file else folder / CHECKSUM_FILE, key, signer)
    show_problems([*problems, *doubts])
    for line in verified:
        console.print(escape(line))
    if any(not problem.is_note for problem in (*problems, *doubts)):
        sys.exit(1)
    console.print("The signature is valid." if is_file else "Every file matches the list, and there are no others.")


@click.command(epilog=example("campaign doctor --get ta"))
@click.option("--get", "language", metavar="LANGUAGE", help="Install the fonts of a language, such as `ta`.")
@click.pass_obj
def doctor(root: Path, language: str | None) -> None:
    """Show which parts and fonts this computer has, or get fonts."""
    from campaign.cli.doctor import examine

    if language:
        _get_fonts(root, language)
        return
    table = Table("Part", "", "Found", Column("What to do", overflow="fold"), box=None)  # commands are copied from here
    results = list(examine(root))
    marks = {
        "good": "[green]good[/green]",
        "optional": "[yellow]optional[/yellow]",
        "wrong": "[bold red]wrong[/bold red]",
    }
    for item in results:
        table.add_row(escape(item.part), marks[item.state], escape(item.value), escape(item.advice))
    console.print(table)
    if any(item.state == "wrong" for item in results):
        sys.exit(1)


def _get_fonts(root: Path, language: str) -> None:
    from campaign.cli.doctor import get_fonts
    from campaign.content import load

    campaign, _ = load(root)
    try:
        packages = get_fonts(campaign, language)
    except LookupError:
        codes = ", ".join(campaign.languages)
        raise click.BadParameter(f"No language has the code {language}. This campaign has: {codes}.") from None
    if packages:
        console.print(f"Installed: {escape(', '.join(packages))}.")
    else:
        console.print(f"This computer has all letters of {escape(language)}.")


@click.command(epilog=example("campaign explain link-dead"))
@click.argument("name", required=False, default="")
@click.option("--all", "is_all", is_flag=True, help="Show the whole reference, as Markdown.")
@click.pass_obj
def explain(root: Path, name: str, is_all: bool) -> None:
    """Explain a message, a kind of file or the formats.

    NAME is the id in brackets at the end of a message, a kind of file such as `contacts`, or `formats`. Without NAME,
    everything is listed.
    """
    from campaign.checks.rules import explain as explanation
    from campaign.checks.rules import reference
    from campaign.schema.kinds import KINDS as KINDS_OF_FILES

    text = reference() if is_all else explanation(name, root)
    if name in KINDS_OF_FILES and console.is_terminal:
        from rich.markdown import Markdown  # takes 0.07 s to import

        console.print(Markdown(text), soft_wrap=False)
    else:
        click.echo(text.rstrip("\n"))


@click.command(epilog=example("campaign why site/en/index.html"))
@click.argument("path")
@click.pass_obj
def why(root: Path, path: str) -> None:
    """Show why a file was last built, and its inputs.

    It is one of site/ or dist/.
    """
    from campaign.pipeline.why import explain_output

    name = _name_of_output(root, path.replace("\\", "/"))
    result = explain_output(root, name)
    if not result:
        message = "Files that `campaign build` makes have some after the next build."
        raise click.ClickException(f"`{name}` has no recorded inputs. {message}")
    path = name
    console.print(f"[bold]{escape(path)} was last built because of:[/bold]")
    for reason in result.reasons:
        console.print(f"  {escape(reason)}")
    console.print(f"[bold]It depends on {len(result.inputs):,} values:[/bold]")
    for item in result.inputs:
        console.print(f"  {escape(item)}", soft_wrap=True)


def _name_of_output(root: Path, typed: str) -> str:
    """Return the path of an output from the campaign's folder; it may be typed from there or from the current one."""
    paths = (Path(os.path.normpath(folder / typed)) for folder in (root, Path.cwd()))
    path = next((path for path in paths if path.exists()), root / typed)
    name = path.relative_to(root).as_posix() if path.is_relative_to(root) else typed
    if name.partition("/")[0] not in ("site", "dist"):
        message = f"`{typed}` is in neither site/ nor dist/. Name a file there, such as site/en/index.html."
    elif path.is_dir():
        message = f"`{typed}` is a folder. Name a file in it."
    elif not path.is_file():
        message = f"`{typed}` doesn't exist. Check its name, or run `campaign build`."
    else:
        return name
    raise click.ClickException(message)
