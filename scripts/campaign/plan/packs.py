"""The contents of packs: the pieces of one place, and what all places share."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from campaign.models.campaign import Campaign, Pack
from campaign.models.outputs import PRESS_KIT, Artifact, Output
from campaign.models.page import RELEASE, Page
from campaign.plan.outputs import is_sheet, sheet_page
from campaign.plan.print_queues import PRINT_QUEUE, is_queued

# The folder of packs below dist/, which the next build deletes; the name of the shared zip.
PACKS = "packs"
SHARED = "shared"
# The folder of corrections, which builds never delete.
CORRECTIONS = "corrections"


def packed(
    campaign: Campaign, pack: Pack, place: str | None, languages: Collection[str], artifacts: list[Artifact]
) -> list[Artifact]:
    """Return the finished outputs that belong into a pack.

    Args:
        campaign: the campaign.
        pack: the pack.
        place: its own pieces; None for what all places share.
        languages: codes.
        artifacts: all finished outputs.
    """
    pages = {
        (page.language, page.stem, name): page for page in every_piece(campaign, languages) for name in page.formats
    }
    place_artifacts = [
        artifact for artifact in artifacts if artifact.output.place == place and artifact.output.language in languages
    ]
    for region in campaign.regions_of(place) if place else ():
        # A place without its own edition gets its region's.
        own_editions = {_edition(item.output) for item in place_artifacts}
        wider = (
            artifact
            for artifact in artifacts
            if artifact.output.place == region.code and artifact.output.language in languages
        )
        place_artifacts += [item for item in wider if _edition(item.output) not in own_editions]
    pieces = [item for item in place_artifacts if _is_piece(campaign, pack, item.output, pages)]
    queues = (
        item
        for item in place_artifacts
        if item.output.kind == PRINT_QUEUE and _is_whole(campaign, item.output, place_artifacts, pieces)
    )
    other_artifacts = [item for item in place_artifacts if _is_other(pack, item.output)] if place is None else []
    return [*pieces, *queues, *other_artifacts]


def _edition(output: Output) -> tuple[str | None, ...]:
    """Return a key that editions of a piece for different places share."""
    return output.kind, output.name, output.language, output.format, output.flavour, output.part


def every_piece(campaign: Campaign, languages: Iterable[str]) -> list[Page]:
    """Return all pages, and those of contact sheets."""
    return [*campaign.pages.values(), *(sheet_page(campaign, code) for code in languages)]


def _is_piece(campaign: Campaign, pack: Pack, output: Output, pages: dict[tuple[str, str, str], Page]) -> bool:
    if not output.is_piece or output.kind == RELEASE or output.flavour not in pack.printers:
        return False
    page = pages.get((str(output.language), output.name, output.format))
    if page is None:
        return False
    return is_sheet(page) or campaign.is_public(page) or bool({*page.audiences} & {*pack.audiences})


def _is_whole(campaign: Campaign, queue: Output, artifacts: list[Artifact], pieces: list[Artifact]) -> bool:
    """Return whether a pack contains every piece of a print queue."""
    return all(item in pieces for item in artifacts if is_queued(campaign, item.output, queue))


def _is_other(pack: Pack, output: Output) -> bool:
    # Layouts of posters have a destination too, and no path: pictures are drawn from them.
    if output.destination:
        return output.kind == "picture" and output.destination in pack.pictures
    return pack.has_kit and output.kind == PRESS_KIT


def pack_name(pack: Pack, words: Mapping[str, str]) -> str:
    """Return the name of a pack: its own, or that of its audience or printer, or of all its audiences."""
    keys = (f"{group}-{pack.name}" for group in ("pack-for", "audience", "flavour"))
    own_name = next((words[key] for key in keys if words.get(key)), "")
    audiences = (words.get(f"audience-{audience}", "") for audience in pack.audiences)
    return own_name or ", ".join(filter(None, audiences)) or pack.name.replace("-", " ")
