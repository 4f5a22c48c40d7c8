"""The commands."""

from __future__ import annotations

import codecs
import gc
import io
import os
import sys
import time
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import click
from rich.markup import escape
from rich.table import Table

from campaign.cache.atomic import refused_by_system
from campaign.cache.cluster import Cluster
from campaign.cli import options
from campaign.cli.console import (
    PLAIN,
    console,
    example,
    finish,
    plain_letters,
    print_json,
    show_problems,
    show_progress,
)
from campaign.cli.paths import OutputFolder
from campaign.cli.runs import Names, draw_crops, draw_undocumented, kinds_of, make, make_proofs_of, select
from campaign.models.problem import CampaignError, Problem, failure

if TYPE_CHECKING:
    from campaign.models.campaign import Readers
    from campaign.pipeline.report import Progress, Report

# Errors of the system when a library doesn't fit into memory.
OUT_OF_MEMORY = ("failed to map segment", "cannot allocate memory")

# Commands of other modules, imported on demand; in the order of help.
COMMAND_MODULES = {
    "adopt": "adopt",
    "desk": "desk",
    "publish": "publish",
    "packs": "packs",
    "stick": "packs",
    "hotspot": "packs",
    "zim": "packs",
    "editable": "packs",
    "correct": "contacts",
    "check": "inspection",
    "tidy": "tidy",
    "resize": "resize",
    "list": "inspection",
    "verify": "inspection",
    "doctor": "inspection",
    "explain": "inspection",
    "why": "inspection",
    "contacts": "contacts",
    "tally": "tally",
    "translate": "translate",
}


class _LazyCommands(dict[str, click.Command | None]):
    """Commands by name, imported on demand."""

    def __getitem__(self, name: str) -> click.Command:
        result = super().__getitem__(name)
        if result is None:
            module = import_module(f"campaign.cli.{COMMAND_MODULES[name]}")
            result = self[name] = getattr(module, f"{name}_" if name == "list" else name)
        return cast("click.Command", result)

    def get(self, name: str, default: Any = None) -> Any:
        return self[name] if name in self else default  # noqa: SIM401  that would be this one

    def items(self) -> Any:
        return [(name, self[name]) for name in self]

    def values(self) -> Any:
        return [self[name] for name in self]


class _Commands(click.Group):
    """Lists commands in the order of work, and shows a CampaignError as messages with exit code 1."""

    def __init__(self, **settings: Any) -> None:
        super().__init__(**settings)
        self.commands = cast("dict[str, click.Command]", _LazyCommands(self.commands))

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:  # click's name
        try:
            return super().invoke(ctx)
        except CampaignError as error:
            show_problems(list(error.problems))
            ctx.exit(1)
        except BrokenPipeError:
            raise  # the reading end of the pipe was closed
        except OSError as error:
            show_problems([refused_by_system(error)])
            ctx.exit(1)
        except (MemoryError, ImportError) as error:
            if isinstance(error, ImportError) and not any(marker in str(error).lower() for marker in OUT_OF_MEMORY):
                raise
            message = "The computer has too little memory free."
            show_problems([Problem("memory-short", ".", message, "Close other programs, and start again.")])
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
    """Make a public awareness campaign: website, prints, pictures."""
    from campaign.content import find_root

    codecs.register_error(PLAIN, plain_letters)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=PLAIN)
    # Few objects (28 a page) are in cycles; looking for them after every 700 objects takes a fifth of a warm build.
    gc.set_threshold(1_000_000, 20, 100)
    # Not at exit either.
    ctx.call_on_close(gc.freeze)
    # Workers would import from the campaign's folder first.
    os.environ["PYTHONSAFEPATH"] = "1"
    ctx.obj = (root or find_root(Path.cwd())).resolve()


@main.command(epilog=example("campaign build --release"))
@click.option("--release", "is_release", is_flag=True, help="Refuse unreviewed translations and unchecked numbers.")
@options.clustering
@options.trusting
@options.detailing
@options.as_json
@click.pass_obj
def build(
    root: Path, is_release: bool, is_trusted: bool, is_json: bool, detail: str | None, cluster: Cluster | None
) -> None:
    """Build site/ (the website) and dist/ (prints and pictures)."""
    from campaign.pipeline.unchanged_build import report_if_unchanged

    start_time = time.monotonic()
    # Import the build only if there is something to do.
    result = None if is_release else report_if_unchanged(root, is_trusted)
    if is_json:
        report = result or _run(root, lambda *_: None, is_release, is_trusted, cluster)
        print_json(report.problems, report.silence, [artifact.output.path for artifact in report.made])
        sys.exit(report.has_problems)
    if result is None:
        with show_progress(detail) as progress:
            result = _run(root, progress, is_release, is_trusted, cluster)
    finish(result, time.monotonic() - start_time, detail)


def _run(root: Path, progress: Progress, is_release: bool, is_trusted: bool, cluster: Cluster | None) -> Report:
    from campaign.pipeline.build import build as run

    return run(root, progress, is_release, is_trusted, cluster)


@main.command(epilog=example("campaign serve --open"))
@click.option(
    "--port",
    default=8000,
    show_default=True,
    type=click.IntRange(1, 65535),
    help="Port; if it is taken, the next free one.",
)
@click.option("--open", "is_opened", is_flag=True, help="Open it in the browser.")
@options.trusting
@click.pass_obj
def serve(root: Path, port: int, is_opened: bool, is_trusted: bool) -> None:
    """Preview the website while you write.

    Each change and each mistake appears in the open page within about a second. Prints, search and everything else
    follow, as `campaign build` makes them.
    """
    from campaign.cache.external_programs import open_in_browser
    from campaign.serve import serve as run

    def on_start(address: str) -> None:
        console.print(f"The website is at {address} until you press Ctrl+C.")
        if is_opened:
            open_in_browser(address)

    run(root, port, is_trusted, on_start, show_problems)


@main.command(epilog=example("campaign leaflets --language pt --place north --flavour office"))
@options.choosing
@options.proofing
@click.pass_obj
def leaflets(root: Path, language: Names, place: Names, flavour: Names, pieces: Names, proof: bool) -> None:
    """Make only leaflets."""
    command_function = make_proofs_of if proof else make
    command_function(root, ("leaflet",), language, place, flavour, pieces=pieces)


@main.command(epilog=example("campaign posters --language pt --flavour print-shop"))
@options.choosing
@click.pass_obj
def posters(root: Path, language: Names, place: Names, flavour: Names, pieces: Names) -> None:
    """Make only posters."""
    make(root, ("poster",), language, place, flavour, pieces=pieces)


@main.command(epilog=example("campaign prints --format tri-fold --language pt"))
@click.option("--format", "formats", multiple=True, help="Format, such as tri-fold. Repeatable.")
@options.choosing
@options.clustering
@options.proofing
@click.pass_obj
def prints(
    root: Path,
    formats: Names,
    language: Names,
    place: Names,
    flavour: Names,
    pieces: Names,
    proof: bool,
    cluster: Cluster | None,
) -> None:
    """Make everything that is printed, or only some formats."""
    from campaign.plan.print_queues import PRINT_QUEUE

    kinds = kinds_of(root, formats)
    if proof:
        make_proofs_of(root, kinds, language, place, flavour, formats, pieces)
    else:
        kinds = kinds if formats or pieces else (*kinds, PRINT_QUEUE)
        make(root, kinds, language, place, flavour, formats, cluster=cluster, pieces=pieces)


@main.command(epilog=example("campaign pictures --language pt --destination whatsapp-telegram"))
@options.by_language
@options.by_destination
@options.by_piece
@click.option("--look", metavar="PHOTO", help="Only draw a photo's covered regions and crops.")
@click.pass_obj
def pictures(root: Path, language: Names, destination: Names, pieces: Names, look: str | None) -> None:
    """Make only pictures, for the website and for sending."""
    if look:
        draw_crops(root, look)
    elif not (pieces and draw_undocumented(root, pieces, destination)):
        make(root, ("picture",), language, (), (), destinations=destination, pieces=pieces)


@main.command(epilog=example("campaign messages --language pt"))
@options.by_language
@click.pass_obj
def messages(root: Path, language: Names) -> None:
    """Write the texts that go with pictures to dist/.

    They are in dist/pictures/messages/. The command counts the characters of short ones.
    """
    from campaign.content.messages import sms_length
    from campaign.pipeline.selected import make_messages

    select(root, language, (), ())
    campaign, problems, files = make_messages(root, language)
    table = Table("File", "Letters", "Of", "Messages", "Letters that make it 70", box=None)
    for name in files:
        text = (root / "dist" / name).read_text(encoding="utf-8").removesuffix("\n")
        length = sms_length(text)
        counts = ("", "", "", "") if name.endswith("-post.txt") else (
            str(length.letters), str(length.max_characters), str(length.parts), " ".join(length.foreign)
        )  # fmt: skip
        table.add_row(escape(f"dist/{name}"), *counts)
    console.print(table if files else "No docs/<language>/_messages.yml has a text for a picture.")
    show_problems(problems, campaign.silence)
    if any(not problem.is_note for problem in problems):
        sys.exit(1)


@main.command(epilog=example("campaign press --language pt"))
@options.by_language
@click.option("--preview", is_flag=True, help="Make marked previews of releases under embargo.")
@click.option("--for", "partners", multiple=True, help="With --preview: the recipient. Repeatable.")
@click.pass_obj
def press(root: Path, language: Names, preview: bool, partners: Names) -> None:
    """Make only press kits, or previews of releases under embargo.

    Previews are in dist/press-preview/ and never on the website.
    """
    partners = tuple(name.strip() for name in partners if name.strip())
    if preview != bool(partners):
        fix = 'Write --preview --for "Name of the newsroom", once for each.'
        raise failure("preview-nobody", "--preview", "`--for` needs `--preview`, and `--preview` needs `--for`.", fix)
    if not preview:
        from campaign.models.outputs import PRESS_KIT

        make(root, (PRESS_KIT,), language, (), ())
        return
    from campaign.pipeline.embargo_previews import make_previews

    for path in make_previews(root, partners):
        console.print(escape(path.relative_to(root).as_posix()))


@main.command(epilog=example("campaign new my-campaign"))
@click.argument("folder", type=OutputFolder())
@click.option("--readers", type=click.Choice(["private", "school", "open"]), help="Who reads its pages.")
@click.option("--source", default="en", help="Code of the language that you write in. Default: en.")
@click.option("--name", default="", help="What that language calls itself.")
def new(folder: Path, readers: Readers | None, source: str, name: str) -> None:
    """Create a small campaign that builds at once.

    Readers are private (people who may be watched: pages have Leave and Forget), a school (people who share computers:
    pages have Forget), or open (everybody: neither).

    With --source, all pages are in that language: the example texts to write over are English, or Portuguese for pt.
    """
    from campaign.content.new_campaign import create_campaign

    if folder.exists() and any(folder.iterdir()):
        raise failure("folder-not-empty", str(folder), "The folder is not empty.", "Name a new one.")
    if readers is None:
        readers = ask_for_readers() if sys.stdin.isatty() else "private"
    create_campaign(folder, readers, source, name)
    console.print(f"A new campaign is in {escape(str(folder))}. Go there and run: campaign build")


def ask_for_readers() -> Readers:
    """Ask who reads the pages of a new campaign."""
    console.print("Who reads the pages?")
    console.print("  private  people who may be watched: each page can be left at once")
    console.print("  school   people who share computers: each page can be forgotten")
    console.print("  open     everybody")
    answer = click.prompt("Readers", type=click.Choice(["private", "school", "open"]), default="private")
    return cast("Readers", answer)


@main.command(epilog=example("campaign schemas"))
@click.argument("folder", default="schemas", type=OutputFolder())
@click.pass_obj
def schemas(root: Path, folder: Path) -> None:
    """Write JSON Schemas with which editors check YAML files."""
    from campaign.content.writing import write_files
    from campaign.schema.json_schema import json_schemas

    files = {root / folder / name: text.encode() for name, text in json_schemas().items()}
    write_files(root, files)
    console.print(f"{len(files)} schemas are in {escape(str(root / folder))}.")


main.commands.update(dict.fromkeys(COMMAND_MODULES))  # type: ignore[arg-type]
