"""The commands."""

from __future__ import annotations

import shutil
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

import click
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, TaskID, TextColumn
from rich.table import Table

from campaign.formats import FORMATS, KINDS
from campaign.kits import PRESS_KIT
from campaign.model import FLAVOURS
from campaign.problems import CampaignError, Problem

console = Console(highlight=False, soft_wrap=True)
STEPS = {
    "read": "Reading",
    "list": "Listing",
    "print": "Printing",
    "pictures": "Pictures",
    "pack": "Packing",
    "website": "Website",
    "check": "Checking",
}


def example(text: str) -> str:
    """The end of a command's help."""
    return f"Example:  {text}"


class _Commands(click.Group):
    """Lists commands in the order of work, and turns a CampaignError into its messages and exit code 1."""

    def list_commands(self, ctx):  # noqa: ARG002
        return list(self.commands)

    def invoke(self, ctx):
        try:
            return super().invoke(ctx)
        except CampaignError as error:
            show_problems(list(error.problems))
            ctx.exit(1)


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

    ctx.obj = (root or find_root(Path.cwd())).resolve()


def choosing(command):
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


@main.command(epilog=example("campaign build --release"))
@click.option(
    "--release", "is_release", is_flag=True, help="Refuse what rests on unreviewed translations or unchecked numbers."
)
@click.pass_obj
def build(root: Path, is_release: bool) -> None:
    """Make everything that changed: site/ (the website) and dist/ (to print, send, hand over)."""
    from campaign.build import build as run

    begun = time.monotonic()
    with _progress() as progress:
        report = run(root, progress, is_release)
    finish(report, time.monotonic() - begun)


@main.command(epilog=example("campaign serve --port 8000"))
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535))
@click.pass_obj
def serve(root: Path, port: int) -> None:
    """Show the website on this computer, and again at each change."""
    from campaign.website import serve_site

    console.print(f"The website is at http://127.0.0.1:{port}/ until you press Ctrl+C.")
    serve_site(root, port)


@main.command(epilog=example("campaign check"))
@click.pass_obj
def check(root: Path) -> None:
    """Look through all that was written, and the site as it was built last, and name what has to be mended.

    Then count how long sentences and words are in each language.
    """
    from campaign.build import check as run
    from campaign.checks.words import measure_languages

    campaign, problems = run(root)
    show_problems(problems)
    if any(problem.stops for problem in problems):
        sys.exit(1)
    table = Table("Language", *("Sentences", "Words in each", "Longest", "Letters in a word"), box=None)
    for code, length in measure_languages(campaign).items():
        counted = (f"{length.sentences:,}", f"{length.words:.1f}", str(length.longest), f"{length.letters:.1f}")
        table.add_row(code, *(counted if length.sentences else ("no spaces between words",)))
    console.print(table)
    if not problems:
        console.print("Nothing to mend.")


@main.command(epilog=example("campaign leaflets --language pt --place north --flavour office"))
@choosing
@proofing
@click.pass_obj
def leaflets(root: Path, language, place, flavour, proof) -> None:
    """Make leaflets only."""
    work = prove if proof else make
    work(root, ("leaflet",), language, place, flavour)


@main.command(epilog=example("campaign posters --language pt --flavour print-shop"))
@choosing
@click.pass_obj
def posters(root: Path, language, place, flavour) -> None:
    """Make posters only."""
    make(root, ("poster",), language, place, flavour)


@main.command(epilog=example("campaign prints --format handout --language pt"))
@click.option("--format", "formats", multiple=True, type=click.Choice(FORMATS), help="How it is laid out. Repeatable.")
@choosing
@proofing
@click.pass_obj
def prints(root: Path, formats, language, place, flavour, proof) -> None:
    """Make all that is printed, or some formats of it."""
    work = prove if proof else make
    work(root, KINDS, language, place, flavour, formats)


@main.command(epilog=example("campaign pictures --language id --destination whatsapp-telegram"))
@click.option("--language", multiple=True, help="Code of a language. Repeatable.")
@click.option("--destination", multiple=True, help="Where pictures go: a name of the list it shows. Repeatable.")
@click.option("--look", metavar="PHOTO", help="Only draw what is painted over in a photo, and what each crop keeps.")
@click.pass_obj
def pictures(root: Path, language, destination, look) -> None:
    """Make pictures only: for the site, and for where they are sent."""
    if look:
        look_at(root, look)
    else:
        make(root, ("picture",), language, (), (), destinations=destination)


@main.command(epilog=example('campaign press --preview --for "Radio One"'))
@click.option("--language", multiple=True, help="Code of a language. Repeatable.")
@click.option("--preview", is_flag=True, help="Instead: releases under embargo, marked, for partners that you name.")
@click.option("--for", "partners", multiple=True, help="With --preview: who gets it. Repeatable.")
@click.pass_obj
def press(root: Path, language, preview, partners) -> None:
    """Make press kits only; or previews of releases under embargo, in dist/press-preview/, never on the site."""
    partners = tuple(name.strip() for name in partners if name.strip())
    if preview != bool(partners):
        fix = 'Write --preview --for "Name of the newsroom", once for each.'
        raise CampaignError([Problem("--preview", "A preview is for somebody, and only previews are.", fix)])
    if not preview:
        make(root, (PRESS_KIT,), language, (), ())
        return
    from campaign.previews import make_previews

    for path in make_previews(root, partners):
        console.print(escape(path.relative_to(root).as_posix()))


@main.command(epilog=example("campaign verify press-kit-en --key allowed-signers"))
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
@click.option("--key", default="", help="A minisign public key, or a file of allowed ssh signers.")
@click.option("--signer", default="", help="Who has to have signed by ssh; else anybody of that file.")
def verify(folder: Path, key: str, signer: str) -> None:
    """Check that a folder is as it was made: its SHA256SUMS, and the signature of that list if there is one."""
    from campaign.checks import check_signature, check_sums

    problems = list(check_sums(folder))
    said, doubts = check_signature(folder, key, signer)
    show_problems([*problems, *doubts])
    for line in said:
        console.print(escape(line))
    if any(problem.stops for problem in (*problems, *doubts)):
        sys.exit(1)
    console.print("Every file is as the list says, and no other is there.")


def look_at(root: Path, name: str) -> None:
    """Draws a photo with its regions and crops, and says where the drawing is.

    Raises:
        CampaignError: there is no such photo, or it cannot be opened.
    """
    from campaign.content import load
    from campaign.pictures import draw_look
    from campaign.placing import work_folder, write_whole

    campaign, _ = load(root)
    if name not in campaign.photos:
        known = ", ".join(campaign.photos) or "none yet"
        raise CampaignError([Problem("--look", f"There is no photo `{name}`.", f"In assets/photos: {known}.")])
    drawn = draw_look(root, campaign.photos[name], campaign.destinations)
    if isinstance(drawn, Problem):
        raise CampaignError([drawn])
    target = work_folder(root) / "look" / f"{name}.png"
    write_whole(target, drawn)
    console.print(f"Open {escape(str(target))}")


def make(root: Path, kinds: tuple[str, ...], languages, places, flavours, formats=(), destinations=()) -> None:
    """Makes the outputs of some kinds and shows what was made."""
    from campaign.build import make_pieces

    begun = time.monotonic()
    chosen = select(root, languages, places, flavours, frozenset(kinds), frozenset(destinations))
    wanted = replace(chosen, formats=frozenset(formats))
    with _progress() as progress:
        report = make_pieces(root, wanted, progress)
    report.made = [made for made in report.made if wanted.wants(made.output)]
    show_destinations(root, report.made)
    finish(report, time.monotonic() - begun)


def prove(root: Path, kinds: tuple[str, ...], languages, places, flavours, formats=()) -> None:
    """Draws pieces, those of the whole country where no place is named, and says where the page is."""
    from campaign.content import load
    from campaign.proofs import make_proofs

    chosen = select(root, languages, places or ("national",), flavours, frozenset(kinds))
    campaign, problems = load(root)
    if any(problem.stops for problem in problems):
        raise CampaignError(problems)
    with _progress() as progress:
        page = make_proofs(campaign, replace(chosen, formats=frozenset(formats)), progress)
    console.print(f"Open {escape(str(page))}")


def select(root: Path, languages, places, flavours, kinds=frozenset(), destinations=frozenset()):
    """The choice of outputs that options name.

    Raises:
        CampaignError: a language or place that the campaign does not have.
    """
    from campaign.content.settings import read_settings
    from campaign.making import Wanted

    settings = read_settings(root, [])
    known = {
        "--language": [code for code, _ in settings.languages],
        "--place": ["national", *settings.places],
        "--destination": list(settings.destinations),
    }
    problems = [
        Problem(option, f"`{value}` is not in mkdocs.yml.", f"Choose from: {', '.join(known[option])}.")
        for option, values in (("--language", languages), ("--place", places), ("--destination", destinations))
        for value in values
        if value not in known[option]
    ]
    if problems:
        raise CampaignError(problems)
    codes = frozenset(None if place == "national" else place for place in places)
    return Wanted(kinds, frozenset(languages), codes, frozenset(flavours), destinations=destinations)


@main.command(name="list", epilog=example("campaign list --language pt"))
@choosing
@click.pass_obj
def list_(root: Path, language, place, flavour) -> None:
    """Show what would be made, without making it."""
    from campaign.catalogue import catalogue
    from campaign.content import load

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
    from campaign.content.languages import SKELETON

    if folder.exists() and any(folder.iterdir()):
        raise CampaignError([Problem(str(folder), "The folder is not empty.", "Name a new one.")])
    shutil.copytree(SKELETON, folder, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__"))
    console.print(f"A new campaign is in {escape(str(folder))}. Go there and run: campaign build")


@main.group(epilog=example("campaign translate status"))
def translate() -> None:
    """See what is translated, from what, and who reviewed it."""


@translate.command(epilog=example("campaign translate status"))
@click.pass_obj
def status(root: Path) -> None:
    """Show each translation: up to date or not, reviewed or not."""
    from campaign.content import load
    from campaign.content.releases import with_withheld

    campaign = with_withheld(load(root)[0])
    table = Table("Language", "Page", "Made by", "State", box=None)
    source = campaign.source_language.code
    for code in campaign.languages:
        for _, path in [key for key in campaign.pages if key[0] == source]:
            page = campaign.pages.get((code, path))
            if code == source:
                continue
            made = page.translation if page else None
            state = "missing" if not page else describe(made)
            table.add_row(code, path, escape(made.by) if made else "", state)
    console.print(table)


def describe(made) -> str:
    """A translation's state in a few words."""
    if made is None:
        return "origin not said"
    if made.is_outdated:
        return "source has changed"
    return f"reviewed by {escape(made.reviewed_by)}, {made.reviewed_on}" if made.is_reviewed else "not reviewed"


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


@contextmanager
def _progress() -> Iterator:
    """A bar for the step under way, on standard error, only where somebody watches."""
    watcher = Console(stderr=True)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed}/{task.total}"),
        console=watcher,
        transient=True,
    ) as bar:
        tasks: dict[str, TaskID] = {}

        def show(step: str, done: int, total: int) -> None:
            if step not in tasks:
                tasks[step] = bar.add_task(STEPS.get(step, step), total=total)
            bar.update(tasks[step], completed=done, total=total)

        yield show


def show_destinations(root: Path, made: list) -> None:
    """How heavy the pictures for each destination became, beside what it takes."""
    from campaign.content.settings import read_settings

    table = Table("Destination", "Pixels", "Pictures", "Largest", "Limit", box=None)
    for name, row in read_settings(root, []).destinations.items():
        sizes = [each.bytes for each in made if each.output.destination == name]
        if sizes:
            limit = f"{row.most_bytes:,} bytes" if row.most_bytes else ""
            table.add_row(name, f"{row.width} × {row.height}", str(len(sizes)), f"{max(sizes):,} bytes", limit)
    if table.rows:
        console.print(table)


def finish(report, seconds: float) -> None:
    """Shows what was made and what is to be mended; exits with 1 where something stopped it."""
    if report.stops and not report.is_placed:
        show_problems(report.problems)
        console.print("[bold]Nothing was changed in site/ and dist/.[/bold]")
        sys.exit(1)
    table = Table("Kind", "Language", "Made now", "In all", "Size", "Seconds of work", box=None)
    groups: dict[tuple[str, str], list] = {}
    for made in report.made:
        groups.setdefault((made.output.kind, made.output.language or ""), []).append(made)
    for (kind, language), members in sorted(groups.items()):
        now = sum(1 for made in members if made.output in report.new)
        size = sum(made.bytes for made in members)
        spent = report.seconds.get((kind, language), 0.0)
        table.add_row(kind, language, str(now), str(len(members)), f"{size / 1e6:.1f} MB", f"{spent:.1f}")
    if report.is_site_new:
        table.add_row("page", "", str(report.site_pages), str(report.site_pages), "", "")
    console.print(table)
    show_problems(report.problems)
    if report.stops:
        console.print("[bold]What these stopped is not made; the rest is in dist/.[/bold]")
        sys.exit(1)
    if report.did_nothing:
        console.print(f"Nothing to do: all of it is made already ({seconds:.1f} s).")
    else:
        console.print(f"Done in {seconds:.1f} s.")


def show_problems(problems: list[Problem]) -> None:
    """Prints problems, worst first; many of one kind in one file stay readable."""
    for problem in sorted(dict.fromkeys(problems), key=lambda each: (not each.stops, each.where)):
        mark = "[bold red]problem[/bold red]" if problem.stops else "[yellow]note[/yellow]"
        console.print(f"{mark} [bold]{escape(problem.where)}[/bold] {escape(problem.what)} {escape(problem.fix)}")
