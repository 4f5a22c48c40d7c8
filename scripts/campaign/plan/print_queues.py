"""Print queues: one PDF with all pieces of a place, language, paper size and duplex mode."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from campaign.models.campaign import NATIONAL, Campaign
from campaign.models.formats import Format
from campaign.models.outputs import OFFICE, Artifact, Output

PRINT_QUEUE = "print-queue"
# Duplex modes: single-sided, or turned on an edge.
SIMPLEX = "one-side"


def queue_name(campaign: Campaign, output: Output) -> str:
    """Return the queue of a piece, such as 'a4-short-edge'; '' if it is in none."""
    format = campaign.formats.get(output.format)
    if not format or not format.queue or output.kind != format.kind:
        return ""
    if output.flavour != OFFICE or output.part:
        return ""
    return f"{format.paper}-{duplex_mode(format)}"


def duplex_mode(format: Format) -> str:
    """Return the duplex mode for office printers: 'short-edge', 'long-edge' or SIMPLEX."""
    return SIMPLEX if format.sides == 1 else f"{format.turn or 'long'}-edge"


def parts_of(queue: Output) -> tuple[str, str]:
    """Return the paper size ('A4') and duplex mode of a queue."""
    paper, _, duplex = queue.format.partition("-")
    return paper.upper(), duplex


def print_queues(campaign: Campaign, pieces: Iterable[Output]) -> list[Output]:
    """Return the queues for the whole country, and for each place whose pieces differ in more than its name."""
    counts = Counter(
        (queue_key.place, queue_key.language, name)
        for queue_key in pieces
        if (name := queue_name(campaign, queue_key)) and campaign.is_on_site(queue_key.place)
    )
    return [_queue(*queue_key) for queue_key, count in counts.items() if count > 1]


def _queue(place: str | None, language: str | None, name: str) -> Output:
    where = place or NATIONAL
    path = f"{where}/{language}/{PRINT_QUEUE}/{PRINT_QUEUE}-{language}-{where}-{name}.pdf"
    return Output(PRINT_QUEUE, PRINT_QUEUE, language, place, name, OFFICE, path=path)


def is_queued(campaign: Campaign, piece: Output, queue: Output) -> bool:
    """Return whether a piece is in a queue."""
    return (piece.place, piece.language, queue_name(campaign, piece)) == (queue.place, queue.language, queue.format)


def queued(campaign: Campaign, queue: Output, artifacts: Iterable[Artifact]) -> list[Artifact]:
    """Return the pieces of a queue in printing order: the most printed first, then by kind."""
    copies = Counter[str]()
    for order in campaign.print_run:
        if order.language == queue.language:
            copies[order.piece] += order.copies
    results = [artifact for artifact in artifacts if is_queued(campaign, artifact.output, queue)]

    def rank(each: Artifact) -> tuple[int, int, str, str]:
        """Return the sort key of a piece, ending with its name so that the order never depends on the build."""
        output = each.output
        return -copies[output.name], campaign.formats[output.format].queue, output.name, output.format

    return sorted(results, key=rank)
