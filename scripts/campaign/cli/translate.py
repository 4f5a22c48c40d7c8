"""The commands for translations."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click
from rich.markup import escape
from rich.table import Column, Table

from campaign.cache.atomic import write_whole
from campaign.cli.console import console, example, show_progress
from campaign.cli.options import by_language
from campaign.cli.paths import InputFile, OutputFile, OutputFolder
from campaign.cli.selection import Names, select
from campaign.content import load
from campaign.content.new_language import start_language
from campaign.content.releases import with_withheld
from campaign.content.review import accept_file, stamp_file
from campaign.content.translating import keep_source, origin_of, paths_of, progress_of, read_file
from campaign.content.writing import all_or_none
from campaign.exchange.review_bundle import bundle, core_pages
from campaign.exchange.sending import take_file, write_file
from campaign.exchange.translation_file import ImportResult
from campaign.exchange.weblate import COMPONENT, write_weblate
from campaign.models.page import Translation
from campaign.pipeline.pseudo_proofs import pseudo_proofs


@click.group(epilog=example("campaign translate status"))
def translate() -> None:
    """Send, import, review and track translations."""


@translate.command(epilog=example("campaign translate status --language pt"))
@by_language
@click.pass_obj
def status(root: Path, language: Names) -> None:
    """Show the progress of translations.

    With --language, lists each text with its state.
    """
    select(root, language, (), ())
    campaign = with_withheld(load(root)[0])
    columns = ("Texts", "Translated", "Up to date", "Reviewed")
    table = Table("Language", *columns, box=None)
    states = Table(Column("Text", no_wrap=True), "Made by", "State", box=None)
    for code, row in campaign.languages.items():
        if code == campaign.source_language.code:
            continue
        progress = progress_of(campaign, code)
        cells = (
            f"{count} ({_percent(count, progress.total)} %)"
            for count in (progress.existing, progress.current, progress.reviewed)
        )
        table.add_row(f"{code} {escape(row.name)}", str(progress.total), *cells)
        for path in paths_of(campaign, code) if code in language else ():
            where, origin = f"docs/{code}/{path}", origin_of(campaign, code, path)
            state = describe(origin) if (root / where).is_file() else "missing"
            states.add_row(escape(where), escape(origin.by) if origin else "", state)
    console.print(table)
    if states.rows:
        console.print(states)


def _percent(part: int, total: int) -> int:
    return part * 100 // total if total else 100


@translate.command(epilog=example("campaign translate stamp docs/pt/about.md"))
@click.argument("files", nargs=-1, required=True, type=InputFile())
@click.option("--by", default="", help="Who translated; default: as in the file.")
@click.pass_obj
def stamp(root: Path, files: tuple[Path, ...], by: str) -> None:
    """Record that translations follow the current source.

    Earlier reviews of these files are withdrawn.
    """
    campaign, _ = load(root)
    with all_or_none(root):
        for file in files:
            stamp_file(root, file, by)
            keep_source(campaign, file.resolve().relative_to(root / "docs").as_posix().partition("/")[2])
    for file in files:
        console.print(f"{escape(str(file))}: translated from the current source, not reviewed.")


@translate.command(epilog=example('campaign translate accept docs/pt/about.md --by "Maria Soares"'))
@click.argument("files", nargs=-1, required=True, type=InputFile())
@click.option("--by", required=True, help="Your name. It is stored in the file and never printed.")
@click.pass_obj
def accept(root: Path, files: tuple[Path, ...], by: str) -> None:
    """Accept translations that you have reviewed."""
    with all_or_none(root):
        for file in files:
            accept_file(root, file, by, date.today())
    for file in files:
        console.print(f"{escape(str(file))}: reviewed by {escape(by)}.")


@translate.command(epilog=example("campaign translate review pt"))
@click.argument("language")
@click.option("--to", type=OutputFile(), help="The file. Default: review-LANGUAGE.docx.")
@click.pass_obj
def review(root: Path, language: str, to: Path | None) -> None:
    """Write one Word document to review, riskiest texts first."""
    select(root, (language,), (), ())
    campaign, _ = load(root)
    target = to or Path(f"review-{language}.docx")
    write_whole(target, bundle(campaign, language))
    console.print(f"{len(core_pages(campaign, language))} unreviewed pages are in {escape(str(target))}.")


@translate.command(epilog=example("campaign translate start fr --name Français"))
@click.argument("language")
@click.option("--name", required=True, help="The language's own name.")
@click.pass_obj
def start(root: Path, language: str, name: str) -> None:
    """Start a language: folder, strings, line in mkdocs.yml."""
    for file in start_language(root, language, name):
        console.print(escape(file))
    console.print(f"Now run: campaign translate send {escape(language)} --to docx --core")


@translate.command(epilog=example("campaign translate diff pt"))
@click.argument("language")
@click.argument("paths", nargs=-1)
@click.pass_obj
def diff(root: Path, language: str, paths: tuple[str, ...]) -> None:
    """Show missing and outdated sentences of a language."""
    select(root, (language,), (), ())
    campaign = with_withheld(load(root)[0])
    count = 0
    for path in paths or paths_of(campaign, language):
        file = read_file(campaign, language, path)
        count += len(file.open_rows)
        for row in file.open_rows:
            where = f"[bold]{escape(file.name)}[/bold] {escape(row.unit.section or row.unit.kind)}"
            console.print(where, soft_wrap=True)
            for mark, text in (("- ", row.old_source), ("+ ", row.unit.text), ("= ", row.now)):
                if text:
                    console.print(escape(mark + text), soft_wrap=True)
    console.print(f"{count} texts to translate or check." if count else "All texts are translated.")


@translate.command(epilog=example("campaign translate send pt --to docx --core"))
@click.argument("language")
@click.option("--to", "kind", type=click.Choice(("po", "xliff", "docx", "csv")), required=True, help="Kind of file.")
@click.option("--core", "is_core", is_flag=True, help="Only unreviewed texts for the public, riskiest first.")
@click.option("--back", "is_back", is_flag=True, help="With a column to translate back (docx, csv).")
@click.option("--file", "paths", multiple=True, help="Only this file of docs/<language>/. Repeatable.")
@click.option("--out", type=OutputFile(), help="The file. Default: translate-LANGUAGE in this folder.")
@click.pass_obj
def send(
    root: Path, language: str, kind: str, is_core: bool, is_back: bool, paths: tuple[str, ...], out: Path | None
) -> None:
    """Export texts for a translator: PO, XLIFF, Word or CSV."""
    select(root, (language,), (), ())
    campaign = with_withheld(load(root)[0])
    stem = f"translate-{language}{'-core' if is_core else ''}"
    target = out or Path(f"{stem}.{'xlf' if kind == 'xliff' else kind}")
    count, skipped_count = write_file(campaign, language, kind, target, is_core, is_back, paths)
    console.print(f"{escape(str(target))}: {count} texts, {skipped_count} to translate.")


@translate.command(epilog=example('campaign translate take translate-pt.po --by "Maria Soares"'))
@click.argument("file", type=InputFile())
@click.option("--language", default="", help="Language, if the file doesn't name it.")
@click.option("--by", default="", help="Who translated.")
@click.option("--unfinished", "takes_unfinished", is_flag=True, help="Also texts marked as unfinished (fuzzy in PO).")
@click.pass_obj
def take(root: Path, file: Path, language: str, by: str, takes_unfinished: bool) -> None:
    """Import a file from a translator.

    Changes that others made meanwhile are never overwritten.
    """
    campaign = with_withheld(load(root)[0])
    import_result = take_file(campaign, file, language, by, takes_unfinished)
    lines = [f"{path}: {count} taken." for path, count in import_result.changed.items()]
    lines += [f"{name} is complete." for name in import_result.finished]
    lines += [f"not taken, the source has changed: {where}" for where in import_result.outdated]
    lines += [f"not taken: {where} – {why}" for where, why in import_result.rejected]
    lines += [f"note: {path}: {source} {problem.message}" for path, _, source, problem in import_result.numbers]
    for conflict in import_result.conflicts:
        lines += [f"differs: {conflict.where}", f"  current:  {conflict.stands}", f"  returned: {conflict.came}"]
    lines += [f"not taken, marked as unfinished: {where}" for where in import_result.unfinished]
    lines.append(_summary(import_result))
    if import_result.unfinished:
        lines.append("If the unfinished texts are ready, run the same command with --unfinished.")
    for line in lines:
        console.print(escape(line), soft_wrap=True)
    if import_result.rejected or import_result.conflicts or import_result.unfinished:
        raise SystemExit(1)


def _summary(import_result: ImportResult) -> str:
    """Return how many texts of a file were taken, and why the others weren't."""
    counts = {
        "with a changed source": len(import_result.outdated),
        "marked as unfinished": len(import_result.unfinished),
        "translated differently here": len(import_result.conflicts),
        "refused": len(import_result.rejected),
        "without a translation": import_result.untranslated,
        "of no file of this campaign": import_result.foreign,
    }
    others = "".join(f", {count} {reason}" for reason, count in counts.items() if count)
    return f"{sum(import_result.changed.values())} taken, {import_result.unchanged} unchanged{others}."


@translate.command(epilog=example("campaign translate pseudo"))
@click.option("--pictures", type=OutputFolder(), help="Draw what doesn't fit into this folder.")
@click.pass_obj
def pseudo(root: Path, pictures: Path | None) -> None:
    """Test layouts with an invented, 40 % longer language."""
    if pictures and pictures.resolve().is_relative_to(root.resolve()):
        raise click.UsageError("Name a folder outside the campaign.")
    campaign, _ = load(root)
    count, burst = 0, 0
    with show_progress() as show:
        for proof in pseudo_proofs(campaign, lambda finished_count, total: show("print", finished_count, total)):
            count += 1
            burst += bool(proof.problems)
            for problem in proof.problems:
                console.print(escape(f"{problem.where} ({proof.output.format}): {problem.message}"), soft_wrap=True)
            for side, image in enumerate(proof.sides if pictures and proof.problems else (), 1):
                assert pictures
                pictures.mkdir(parents=True, exist_ok=True)
                name = f"{proof.output.kind}-{proof.output.name}-{proof.output.format}-{side}.svg"
                (pictures / name).write_bytes(image)
    console.print(f"{count} pieces set in longer words; {burst} of them don't fit.")


@translate.command(epilog=example("campaign translate weblate --repo https://git.example/ours.git"))
@click.option("--repo", "repository", required=True, help="Git address of this campaign.")
@click.option("--branch", default="main", show_default=True, help="Its branch.")
@click.pass_obj
def weblate(root: Path, repository: str, branch: str) -> None:
    """Write weblate/ for a Weblate server.

    It contains a PO file for each language and component.json.
    """
    names = write_weblate(load(root)[0], repository, branch)
    console.print(f"{len(names)} files are in weblate/. Put them into git, then on the server:")
    console.print(f"weblate import_json --project PROJECT {COMPONENT}")


@translate.command(epilog=example("campaign translate keep"))
@click.pass_obj
def keep(root: Path) -> None:
    """Record the source sentences of stamped translations.

    `stamp` and `take` do this automatically.
    """
    campaign, _ = load(root)
    codes = [code for code in campaign.languages if code != campaign.source_language.code]
    paths = sorted({path for code in codes for path in paths_of(campaign, code)})
    with all_or_none(root):
        for path in paths:
            keep_source(campaign, path)
    console.print(f"The source sentences of {len(paths)} files are kept in docs/_stamped.")


def describe(made: Translation | None) -> str:
    """Return a translation's state in a few words."""
    if made is None:
        return "origin not said"
    if not made.source:
        return "not stamped yet"
    if made.is_outdated:
        return "source has changed"
    if made.is_own_review:
        return f"reviewed by its translator, {escape(made.reviewed_by)}"
    return f"reviewed by {escape(made.reviewed_by)}, {made.reviewed_on}" if made.is_reviewed else "not reviewed"
