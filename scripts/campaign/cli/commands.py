"""The commands."""

from __future__ import annotations

import gc
import os
import shutil
import sys
import time
from collections.abc import Callable
from errno import ENOSPC
from pathlib import Path
from typing import Any, TypeVar

import click
from rich.markup import escape
from rich.table import Table

from campaign.cli.console import console, example, finish, print_json, show_problems, show_progress
from campaign.cli.contacts import contacts
from campaign.cli.runs import Names, draw_crops, make, make_proofs_of, select
from campaign.cli.translate import translate
from campaign.models.formats import FORMATS, KINDS
from campaign.models.outputs import FLAVOURS
from campaign.models.problem import CampaignError, Problem, heard
from campaign.plan.press_kits import PRESS_KIT

Command = TypeVar("Command", bound=Callable[..., None])


class _Commands(click.Group):
    """Lists commands in the order of work, and turns a CampaignError into its messages and exit code 1."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:  # as click says
        try:
            return super().invoke(ctx)
        except CampaignError as error:
            show_problems(list(error.problems))
            ctx.exit(1)
        except BrokenPipeError:
            raise  # whoever read along has gone; click knows
        except OSError as error:
            show_problems([_refused_by_system(error)])
            ctx.exit(1)


def _refused_by_system(error: OSError) -> Problem:
    if error.errno == ENOSPC:
        return Problem(
            "disk-full", str(error.filename or "."), "The disk is full.", "Make room on it; nothing is lost."
        )
    what = f"The computer did not allow it: {error.strerror or error}."
    return Problem("system-refused", str(error.filename or "."), what, "Look who may read and write there.")


@click.group(cls=_Commands, epilog=example("campaign build"))
@click.version_option(package_name="campaign")
@click.option(
    "--root",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    help="The campaign's folder; else this one or one above.",
)
@click.pass_context
def main(ctx: click.Context, root: Path | None) -> None:
    """Makes a public awareness campaign: website, leaflets, posters, pictures."""
    from campaign.content import find_root

    # Much is made and little of it in circles (28 objects a page): looking for those after every 700 objects takes a
    # fifth of a warm build.
    gc.set_threshold(1_000_000, 20, 100)
    # Nor at the end, when all of it goes with the process.
    ctx.call_on_close(gc.freeze)
    # Worker processes would look for Python's own modules in the campaign's folder first.
    os.environ["PYTHONSAFEPATH"] = "1"
    ctx.obj = (root or find_root(Path.cwd())).resolve()


def choosing(command: Command) -> Command:
    """The options of the commands that make some of the outputs."""
    for option in (
        click.option(
            "--flavour",
            multiple=True,
            type=click.Choice(FLAVOURS),
            help="For the office printer, the print shop or the photocopier.",
        ),
        click.option(
            "--place", multiple=True, help="Code of a place; `national` for the version without one. Repeatable."
        ),
        click.option("--language", multiple=True, help="Code of a language. Repeatable."),
    ):
        command = option(command)
    return command


proofing = click.option(
    "--proof", is_flag=True, help="Only draw them, cut at the trim, folds drawn, on a page to leaf through."
)


trusting = click.option(
    "--trust", "is_trusted", is_flag=True, help="Run the hooks, plugins and templates that the campaign brings along."
)


as_json = click.option("--json", "is_json", is_flag=True, help="Say it as JSON on standard output, for other programs.")


@main.command(epilog=example("campaign build --release"))
@click.option(
    "--release", "is_release", is_flag=True, help="Refuse what rests on unreviewed translations or unchecked numbers."
)
@trusting
@as_json
@click.pass_obj
def build(root: Path, is_release: bool, is_trusted: bool, is_json: bool) -> None:
    """Make everything that changed: site/ (the website) and dist/ (to print, send, hand over)."""
    from campaign.pipeline.build import build as run

    begun = time.monotonic()
    if is_json:
        report = run(root, is_release=is_release, is_trusted=is_trusted)
        print_json(report.problems, report.silence, [made.output.path for made in report.made])
        sys.exit(report.stops)
    with show_progress() as progress:
        report = run(root, progress, is_release, is_trusted)
    finish(report, time.monotonic() - begun)


@main.command(epilog=example("campaign serve --port 8000"))
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@trusting
@click.pass_obj
def serve(root: Path, port: int, is_trusted: bool) -> None:
    """Show the website on this computer, and again at each change."""
    from campaign.website import serve_site

    console.print(f"The website is at http://127.0.0.1:{port}/ until you press Ctrl+C.")
    serve_site(root, port, is_trusted)


@main.command(epilog=example("campaign check"))
@click.option("--all", "is_all", is_flag=True, help="Show the notes too that mkdocs.yml silences, with the reasons.")
@as_json
@click.pass_obj
def check(root: Path, is_all: bool, is_json: bool) -> None:
    """Look through all that was written, and the site as it was built last, and name what has to be mended.

    Then count how long sentences and words are in each language.
    """
    from campaign.checks.words import measure_languages
    from campaign.pipeline.build import check as run

    campaign, problems = run(root)
    if is_json:
        print_json(problems, campaign.silence)
        sys.exit(any(problem.stops for problem in problems))
    show_problems(problems, campaign.silence, is_all)
    if any(problem.stops for problem in problems):
        sys.exit(1)
    table = Table("Language", *("Sentences", "Words in each", "Longest", "Letters in a word"), box=None)
    for code, length in measure_languages(campaign).items():
        counted = (f"{length.sentences:,}", f"{length.words:.1f}", str(length.longest), f"{length.letters:.1f}")
        table.add_row(code, *(counted if length.sentences else ("no spaces between words",)))
    console.print(table)
    if not heard(problems, campaign.silence):
        console.print("Nothing to mend.")


@main.command(epilog=example("campaign leaflets --language pt --place north --flavour office"))
@choosing
@proofing
@click.pass_obj
def leaflets(root: Path, language: Names, place: Names, flavour: Names, proof: bool) -> None:
    """Make leaflets only."""
    work = make_proofs_of if proof else make
    work(root, ("leaflet",), language, place, flavour)


@main.command(epilog=example("campaign posters --language pt --flavour print-shop"))
@choosing
@click.pass_obj
def posters(root: Path, language: Names, place: Names, flavour: Names) -> None:
    """Make posters only."""
    make(root, ("poster",), language, place, flavour)


@main.command(epilog=example("campaign prints --format handout --language pt"))
@click.option("--format", "formats", multiple=True, type=click.Choice(FORMATS), help="How it is laid out. Repeatable.")
@choosing
@proofing
@click.pass_obj
def prints(root: Path, formats: Names, language: Names, place: Names, flavour: Names, proof: bool) -> None:
    """Make all that is printed, or some formats of it."""
    work = make_proofs_of if proof else make
    work(root, KINDS, language, place, flavour, formats)


@main.command(epilog=example("campaign pictures --language id --destination whatsapp-telegram"))
@click.option("--language", multiple=True, help="Code of a language. Repeatable.")
@click.option("--destination", multiple=True, help="Where pictures go: a name of the list it shows. Repeatable.")
@click.option("--look", metavar="PHOTO", help="Only draw what is painted over in a photo, and what each crop keeps.")
@click.pass_obj
def pictures(root: Path, language: Names, destination: Names, look: str | None) -> None:
    """Make pictures only: for the site, and for where they are sent."""
    if look:
        draw_crops(root, look)
    else:
        make(root, ("picture",), language, (), (), destinations=destination)


@main.command(epilog=example("campaign messages --language pt"))
@click.option("--language", multiple=True, help="Code of a language. Repeatable.")
@click.pass_obj
def messages(root: Path, language: Names) -> None:
    """Write the texts that go with pictures into dist/pictures/messages/, and count the short ones."""
    from campaign.content.messages import sms_length
    from campaign.pipeline.build import make_messages

    select(root, language, (), ())
    campaign, problems, files = make_messages(root, language)
    table = Table("File", "Letters", "Of", "Messages", "Letters that make it 70", box=None)
    for name in files:
        text = (root / "dist" / name).read_text(encoding="utf-8").removesuffix("\n")
        length = sms_length(text)
        counted = ("", "", "", "") if name.endswith("-post.txt") else (
            str(length.letters), str(length.most), str(length.parts), " ".join(length.foreign)
        )  # fmt: skip
        table.add_row(escape(f"dist/{name}"), *counted)
    console.print(table if files else "No docs/<language>/_messages.yml has a text for a picture.")
    show_problems(problems, campaign.silence)
    if any(problem.stops for problem in problems):
        sys.exit(1)


@main.command(epilog=example('campaign press --preview --for "Radio One"'))
@click.option("--language", multiple=True, help="Code of a language. Repeatable.")
@click.option("--preview", is_flag=True, help="Instead: releases under embargo, marked, for partners that you name.")
@click.option("--for", "partners", multiple=True, help="With --preview: who gets it. Repeatable.")
@click.pass_obj
def press(root: Path, language: Names, preview: bool, partners: Names) -> None:
    """Make press kits only; or previews of releases under embargo, in dist/press-preview/, never on the site."""
    partners = tuple(name.strip() for name in partners if name.strip())
    if preview != bool(partners):
        fix = 'Write --preview --for "Name of the newsroom", once for each.'
        raise CampaignError(
            [Problem("preview-nobody", "--preview", "A preview is for somebody, and only previews are.", fix)]
        )
    if not preview:
        make(root, (PRESS_KIT,), language, (), ())
        return
    from campaign.pipeline.embargo_previews import make_previews

    for path in make_previews(root, partners):
        console.print(escape(path.relative_to(root).as_posix()))


@main.command(epilog=example("campaign verify press-kit-en --key allowed-signers"))
@click.argument("folder", type=click.Path(path_type=Path, exists=True))
@click.option("--key", default="", help="A minisign public key, or a file of allowed ssh signers.")
@click.option("--signer", default="", help="Who has to have signed by ssh; else anybody of that file.")
def verify(folder: Path, key: str, signer: str) -> None:
    """Check that a folder is as it was made: its SHA256SUMS, and the signature of that list if there is one.

    Of a single file, a press kit's zip say, the signature beside it is checked.
    """
    from campaign.checks import SUMS, check_signature, check_sums

    is_file = folder.is_file()
    problems = [] if is_file else list(check_sums(folder))
    said, doubts = check_signature(folder if is_file else folder / SUMS, key, signer)
    show_problems([*problems, *doubts])
    for line in said:
        console.print(escape(line))
    if any(problem.stops for problem in (*problems, *doubts)):
        sys.exit(1)
    console.print(
        "The file is as it was signed." if is_file else "Every file is as the list says, and no other is there."
    )


@main.command(name="list", epilog=example("campaign list --language pt"))
@choosing
@click.pass_obj
def list_(root: Path, language: Names, place: Names, flavour: Names) -> None:
    """Show what would be made, without making it."""
    from campaign.content import load
    from campaign.plan.outputs import catalogue

    wanted = select(root, language, place, flavour)
    campaign, problems = load(root)
    outputs = [output for output in catalogue(campaign) if output.path and wanted.wants(output)]
    for output in outputs:
        click.echo(f"dist/{output.path}")
    click.echo(f"{len(outputs)} files.", err=True)
    show_problems([problem for problem in problems if problem.stops])


@main.command(epilog=example("campaign new my-campaign"))
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def new(folder: Path) -> None:
    """Make a small campaign to start from; it builds at once."""
    from campaign.schema.interface_words import SKELETON
    from campaign.schema.json_schema import write_schemas

    if folder.exists() and any(folder.iterdir()):
        raise CampaignError([Problem("folder-not-empty", str(folder), "The folder is not empty.", "Name a new one.")])
    shutil.copytree(SKELETON, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    write_schemas(folder / "schemas")
    console.print(f"A new campaign is in {escape(str(folder))}. Go there and run: campaign build")


@main.command(epilog=example("campaign schemas"))
@click.argument("folder", default="schemas", type=click.Path(path_type=Path, file_okay=False))
@click.pass_obj
def schemas(root: Path, folder: Path) -> None:
    """Write the JSON Schemas of all files, by which editors complete and check YAML while you type."""
    from campaign.schema.json_schema import write_schemas

    paths = write_schemas(root / folder)
    console.print(f"{len(paths)} schemas are in {escape(str(root / folder))}.")


@main.command(epilog=example("campaign doctor"))
@click.pass_obj
def doctor(root: Path) -> None:
    """Show what this computer has of all that a campaign can need, and what each part is for."""
    from campaign.cli.doctor import examine

    table = Table("Part", "", "Found", "What to do", box=None)
    found = list(examine(root))
    marks = {
        "good": "[green]good[/green]",
        "optional": "[yellow]optional[/yellow]",
        "wrong": "[bold red]wrong[/bold red]",
    }
    for each in found:
        table.add_row(escape(each.part), marks[each.state], escape(each.found), escape(each.advice))
    console.print(table)
    if any(each.state == "wrong" for each in found):
        sys.exit(1)


@main.command(epilog=example("campaign explain link-dead"))
@click.argument("name", required=False, default="")
@click.option("--all", "is_all", is_flag=True, help="The whole reference, as Markdown: REFERENCE.md.")
def explain(name: str, is_all: bool) -> None:
    """Tell why a message matters, by the id in brackets at its end; or what may stand in a kind of file.

    Without a name: all that there is to explain.
    """
    from campaign.checks.rules import explain as told
    from campaign.checks.rules import reference
    from campaign.schema.kinds import KINDS as KINDS_OF_FILES

    text = reference() if is_all else told(name)
    if name in KINDS_OF_FILES and console.is_terminal:
        from rich.markdown import Markdown  # takes 0.07 s to load

        console.print(Markdown(text), soft_wrap=False)
    else:
        click.echo(text.rstrip("\n"))


main.add_command(contacts)
main.add_command(translate)
