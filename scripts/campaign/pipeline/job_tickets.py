"""Job tickets for print shops, one page per language of the pieces.

They are in English, like the slug line of every piece: print shops use its terms, and a mistranslated term would ruin a
print run.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from hashlib import sha256
from html import escape
from itertools import groupby
from math import ceil
from pathlib import Path

import pikepdf

from campaign import printing
from campaign.checks.prints import max_ink
from campaign.models.campaign import Campaign, PrintOrder
from campaign.models.formats import BLEED, Format
from campaign.models.outputs import PRINT_SHOP, Artifact, Output

FOLDER = "job-tickets"
STYLE = (
    "body{font:11pt/1.4 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}table{border-collapse:collapse;"
    "width:100%;margin:.5rem 0 1.5rem}td,th{border:1px solid;padding:.3rem .5rem;text-align:left;vertical-align:top}"
    "th:first-child{width:11rem}td.n,th.n{text-align:right}h2{break-after:avoid}section{break-inside:avoid}"
    ".draft{border:3px solid;padding:.5rem}"
    "code{font-size:.85em;word-break:break-all}"
)
DRAFT = {
    "unpublished": "the address that it leads to is not set",
    "unreviewed-translation": "the translation hasn't been reviewed",
    "unchecked-number": "a number on it has not been checked",
    "open-question": "a question still has to be replaced by text",
}

# Keys: name, format, language and place.
Files = dict[tuple[str, str, str | None, str | None], Artifact]


def tickets(campaign: Campaign, artifacts: Iterable[Artifact]) -> dict[str, str]:
    """Return a page for each language with orders in assets/print-run.yml, by path below dist/.

    Args:
        campaign: with its orders.
        artifacts: the ordered outputs.
    """
    files = {
        (artifact.output.name, artifact.output.format, artifact.output.language, artifact.output.place): artifact
        for artifact in artifacts
        if artifact.output.flavour == PRINT_SHOP and not artifact.output.part
    }
    results = {}
    for language in campaign.languages:
        orders = [order for order in campaign.print_run if order.language == language]
        if orders:
            results[f"{FOLDER}/job-ticket-{language}.html"] = _page(campaign, language, orders, files)
    return results


def ticket_of(campaign: Campaign, output: Output, file: Path, copies: int) -> str:
    """Return a page for one piece, on the paper named in assets/print-run.yml.

    Args:
        campaign: with its orders.
        output: in the print-shop flavour.
        file: its PDF.
        copies: number of copies to print.
    """
    piece, language = (output.name, output.format), str(output.language)
    papers = (order.paper for order in campaign.print_run if (order.piece, order.format) == piece)
    order = PrintOrder(*piece, language, output.place, copies, next(filter(None, papers), ""))
    data = file.read_bytes()
    artifact = Artifact(output, file, len(data), sha256(data).hexdigest(), 0, 0)
    return _page(campaign, language, [order], {(*piece, language, output.place): artifact})


def _page(campaign: Campaign, language: str, orders: list[PrintOrder], files: Files) -> str:
    profile = campaign.identity.profile
    title = f"{campaign.name}: job ticket, pieces in {campaign.languages[language].name} ({language})"
    facts = [
        f"Version {campaign.version}, {campaign.date.isoformat()}.",
        f"PDF/X-4 for {profile.condition} ({profile.about}); no spot bears more than {profile.ink_limit} % of ink.",
        f"{BLEED:g} mm bleed on every side; crop, fold and registration marks outside it. Text is black only.",
        "Print at 100 %. Send a proof before the run.",
    ]
    pieces = groupby(orders, key=lambda order: (order.piece, order.format))
    sections = "".join(_section(campaign, list(group), files) for _, group in pieces)
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{escape(title)}</title><style>{STYLE}</style>'
        f"<h1>{escape(title)}</h1><ul>{''.join(f'<li>{escape(fact)}</li>' for fact in facts)}</ul>{sections}</html>\n"
    )


def _section(campaign: Campaign, orders: list[PrintOrder], files: Files) -> str:
    """Return the section of a piece: what its files share, then each file with its copies."""
    first = orders[0]
    format = campaign.formats[first.format]
    artifacts = [files[order.piece, order.format, order.language, order.place] for order in orders]
    with pikepdf.open(artifacts[0].file) as pdf:
        pages = len(pdf.pages)
    total = sum(order.copies for order in orders)
    rows = [
        ("Trimmed size", f"{format.width:g} × {format.height:g} mm"),
        ("Pages", f"{pages}, on {ceil(pages / 2)} {'leaf' if pages <= 2 else 'leaves'}"),
        ("Inks", _inks(campaign, artifacts[0], format)),
        ("Most ink on one spot", f"{max(max_ink(artifact.file) for artifact in artifacts) * 100:.0f} %"),
        ("Paper", first.paper or "to be agreed"),
        ("Finishing", " ".join(_finishing(format, campaign.languages[first.language].direction))),
        ("Copies in all", f"{total}"),
    ]
    body = "".join(f"<tr><th>{escape(name)}</th><td>{escape(words)}</td></tr>" for name, words in rows)
    return (
        f"<section><h2>{escape(first.piece)}, {escape(first.format)}</h2>{_draft(campaign, artifacts)}"
        f"<table>{body}</table><table><tr><th>For</th><th class=n>Copies</th><th>File</th></tr>"
        f"{''.join(_row(campaign, *item) for item in zip(orders, artifacts, strict=True))}</table></section>"
    )


def _row(campaign: Campaign, order: PrintOrder, artifact: Artifact) -> str:
    place = campaign.places[order.place].name(campaign.source_language.code, "") if order.place else "whole country"
    return (
        f"<tr><td>{escape(place)}</td><td class=n>{order.copies}</td>"
        f"<td><code>{escape(artifact.output.path)}</code><br>SHA-256 <code>{artifact.sha256[:16]}</code></td></tr>"
    )


def _inks(campaign: Campaign, artifact: Artifact, format: Format) -> str:
    if not format.has_spot_inks:
        return "cyan, magenta, yellow, black"
    return "spot colours " + ", ".join(ink["spot"] for ink in printing.describe(campaign, artifact.output)["inks"])


def _finishing(format: Format, direction: str) -> Iterator[str]:
    """Return folding, cutting and binding; panels from left to right on the sheet."""
    outside = format.sheets[0] if format.sheets else ()
    order = outside if direction == "ltr" else tuple(reversed(outside))
    widths = " | ".join(f"{name} {width:g}" for name, width in order)
    if len(outside) == 3:
        yield f"C-fold. Outside, from left to right: {widths} mm; the flap goes in first."
        yield "Cover in front when it is closed."
    elif len(outside) == 4:
        yield f"Z-fold (concertina), three folds. Outside, from left to right: {widths} mm."
        yield "Cover in front and back behind when it is closed."
    elif len(outside) == 2:
        yield f"Fold once in the middle. Outside, from left to right: {widths} mm."
    elif format.is_imposed:
        side = "left" if direction == "ltr" else "right"
        yield f"Fold and staple in the spine, which is on the {side}."
        yield "The file holds single pages in their order: impose them, with creep."
    else:
        yield format.finishing or "Cut to size."


def _draft(campaign: Campaign, artifacts: Iterable[Artifact]) -> str:
    """Return why any of the files must not be printed yet."""
    reasons = {
        code for artifact in artifacts for code in printing.describe(campaign, artifact.output)["draft"]["reasons"]
    }
    if not reasons:
        return ""
    sentence = "; ".join(DRAFT.get(code, code) for code in sorted(reasons))
    return f"<p class=draft><strong>Draft: do not print yet.</strong> {escape(sentence[0].upper() + sentence[1:])}.</p>"
