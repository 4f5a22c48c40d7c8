"""Options shared by several commands."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import TypeVar, cast

import click
from click.shell_completion import CompletionItem

from campaign.cache.cluster import Cluster
from campaign.cli.console import QUIET, VERBOSE
from campaign.content import find_root
from campaign.models.formats import DESTINATIONS
from campaign.models.outputs import FLAVOURS

Command = TypeVar("Command", bound=Callable[..., None])


def _complete(option: str) -> Callable[[click.Context, click.Parameter, str], list[CompletionItem]]:
    """Return a completion with the values of the current campaign."""

    def offer(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from campaign.cli.selection import known_values  # an unchanged build doesn't need it

        try:
            values = known_values(ctx.find_root().params.get("root") or find_root(Path.cwd()))
        except Exception:  # a shell has no place for errors
            return []
        return [CompletionItem(value) for value in values[option] if value.startswith(incomplete)]

    return offer


by_language = click.option(
    "--language", multiple=True, shell_complete=_complete("--language"), help="Code of a language. Repeatable."
)
by_place = click.option(
    "--place",
    multiple=True,
    shell_complete=_complete("--place"),
    help="Code of a place; `national` for the version without one. Repeatable.",
)
by_piece = click.option(
    "--piece", "pieces", multiple=True, help="File name of the text, without its ending. Repeatable."
)
by_destination = click.option(
    "--destination",
    multiple=True,
    shell_complete=_complete("--destination"),
    help=f"Where pictures go: {', '.join(sorted(DESTINATIONS))}, or one of mkdocs.yml. Repeatable.",
)


def choosing(command: Command) -> Command:
    """Add the options that select outputs."""
    for option in (
        click.option(
            "--flavour",
            multiple=True,
            type=click.Choice(FLAVOURS),
            help="For the office printer, the print shop or the photocopier.",
        ),
        by_piece,
        by_place,
        by_language,
    ):
        command = option(command)
    return command


def clustering(command: Command) -> Command:
    """Add the option `--cluster`; the command gets a Cluster or None."""
    files = click.Path(dir_okay=False)

    @wraps(command)
    def with_cluster(
        *arguments: object,
        cluster: str,
        cluster_ca: str,
        cluster_cert: str,
        cluster_key: str,
        store: str,
        **named: object,
    ) -> None:
        result = Cluster(cluster, cluster_ca, cluster_cert, cluster_key, store) if cluster else None
        if result:
            result.secured  # noqa: B018  invalid options are refused before anything is read
        command(*arguments, cluster=result, **named)

    options = (
        click.option("--store", default="", help="With --cluster: a folder that all computers share."),
        click.option("--cluster-key", default="", type=files, help="With --cluster: your private key (PEM)."),
        click.option("--cluster-cert", default="", type=files, help="With --cluster: your certificate (PEM)."),
        click.option("--cluster-ca", default="", type=files, help="With --cluster: the certificate authority (PEM)."),
        click.option(
            "--cluster",
            default="",
            metavar="ADDRESS",
            help="Make pieces on a Dask cluster: tcp://127.0.0.1:8786, or tls:// with three files.",
        ),
    )
    for option in options:
        with_cluster = option(with_cluster)
    return cast(Command, with_cluster)


def detailing(command: Command) -> Command:
    """Add `--quiet` and `--verbose`; the last one counts."""
    for option in (
        click.option("--verbose", "detail", flag_value=VERBOSE, help="Print each file, and why each message matters."),
        click.option("--quiet", "detail", flag_value=QUIET, help="Only print what must be fixed."),
    ):
        command = option(command)
    return command


proofing = click.option("--proof", is_flag=True, help="Only draw previews, on one page.")

trusting = click.option("--trust", "is_trusted", is_flag=True, help="Run hooks, plugins and templates of the campaign.")

as_json = click.option("--json", "is_json", is_flag=True, help="Print JSON for other programs.")
