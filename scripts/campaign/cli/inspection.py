"""The commands that check and explain without making anything."""

from __future__ import annotations

import os
import sys
from dataclasses import replace
from pathlib import Path

import click
from rich.markup import escape

from campaign.cache.memo import Memo
from campaign.checks.rules import explain as explanation
from campaign.checks.rules import reference
from campaign.checks.sums import CHECKSUM_FILE, UNFINISHED_LIST, check_packs, check_signature, check_sums
from campaign.cli.console import QUIET, VERBOSE, console, example, print_json, show_problems
from campaign.cli.options import as_json, choosing, detailing
from campaign.cli.paths import InputFile
from campaign.cli.selection import Names, names_of, select
from campaign.content import load
from campaign.content.languages import as_built
from campaign.models.campaign import Campaign
from campaign.models.outputs import Output
from campaign.pipeline.last_build import read_made
from campaign.pipeline.stick import START_PAGE
from campaign.pipeline.why import explain_output
from campaign.plan.outputs import catalogue
from campaign.printing.scores import score_text
from campaign.schema.kinds import KINDS as KINDS_OF_FILES


@click.command(name="list", epilog=example("campaign list --language pt --verbose"))
@choosing
@detailing
@as_json
@click.pass_obj
def list_(
    root: Path, language: Names, place: Names, flavour: Names, pieces: Names, is_json: bool, detail: str | None
) -> None:
    """List all outputs without making them.

    With --verbose, pieces of the last build for the whole country have the score of their arrangement: type size, how
    full panels or pages are, pictures and numbers kept.
    """
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
    from campaign.pipeline.meaning import Measured, boxes_of_heroes  # takes 0.2 s to import

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


@click.command(epilog=example("campaign explain link-dead"))
@click.argument("name", required=False, default="")
@click.option("--all", "is_all", is_flag=True, help="Show the whole reference, as Markdown.")
@click.pass_obj
def explain(root: Path, name: str, is_all: bool) -> None:
    """Explain a message, a kind of file or the formats.

    NAME is the id in brackets at the end of a message, a kind of file such as `contacts`, or `formats`. Without NAME,
    everything is listed.
    """
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
