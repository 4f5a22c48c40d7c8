"""The commands."""

from __future__ import annotations

import codecs
import gc
import io
import os
import sys
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import click

from campaign.cache.atomic import refused_by_system
from campaign.cli.console import PLAIN, example, plain_letters, show_problems
from campaign.content import find_root
from campaign.models.problem import CampaignError, Problem

# Errors of the system when a library doesn't fit into memory.
OUT_OF_MEMORY = ("failed to map segment", "cannot allocate memory")
# The commands in the order of help, each with its module, which is imported when the command runs, and its help.
COMMANDS: dict[str, tuple[str, str]] = {
    "build": ("build", "Build site/ (the website) and dist/ (prints and pictures)."),
    "serve": ("serve", "Preview the website while you write."),
    "leaflets": ("pieces", "Make only leaflets."),
    "posters": ("pieces", "Make only posters."),
    "prints": ("pieces", "Make everything that is printed, or only some formats."),
    "pictures": ("pieces", "Make only pictures, for the website and for sending."),
    "messages": ("pieces", "Write the texts that go with pictures to dist/."),
    "press": ("pieces", "Make only press kits, or previews of releases under embargo."),
    "new": ("new", "Create a small campaign that builds at once."),
    "schemas": ("new", "Write JSON Schemas with which editors check YAML files."),
    "adopt": ("adopt", "Copy this campaign for another country."),
    "desk": ("desk", "Open the desk in the browser: write, print, publish."),
    "publish": ("publish", "Put the last build online, completely or not at all."),
    "packs": ("packs", "Make packs for partners in dist/packs/."),
    "stick": ("packs", "Copy the last build to a USB stick."),
    "hotspot": ("packs", "Copy the last build for a hotspot without internet."),
    "zim": ("packs", "Make files for Kiwix in dist/copies/."),
    "editable": ("packs", "Make Word files, slides and forms to fill in."),
    "correct": ("contacts", "Make labels and notices after a number was printed wrong."),
    "check": ("check", "Check the campaign and the last build, and list problems."),
    "tidy": ("tidy", "Remove leftover files, and clean photos."),
    "resize": ("resize", "Resize photos for chats, posts or the press."),
    "list": ("inspection", "List all outputs without making them."),
    "verify": ("inspection", "Check a folder against its checksums and signature."),
    "doctor": ("doctor", "Show which parts and fonts this computer has, or get fonts."),
    "explain": ("inspection", "Explain a message, a kind of file or the formats."),
    "why": ("inspection", "Show why a file was last built, and its inputs."),
    "contacts": ("contacts", "Import, export and check contacts."),
    "tally": ("tally", "Add up filled-in forms (CSV, XLSX, PDF) of a folder."),
    "translate": ("translate", "Send, import, review and track translations."),
}


class _LazyCommands(dict[str, click.Command | None]):
    """Commands by name, imported on demand."""

    def __getitem__(self, name: str) -> click.Command:
        result = super().__getitem__(name)
        if result is None:
            module = import_module(f"campaign.cli.{COMMANDS[name][0]}")
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

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """Write the list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, help) for name, (_, help) in COMMANDS.items()])

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


main.commands.update(dict.fromkeys(COMMANDS))  # type: ignore[arg-type]
