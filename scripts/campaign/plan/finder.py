"""The data for finding files: pieces by language, place and printer.

Download pages are written from `offers`. The finder's script reads the same data from one file for all languages
(`finder_data`) and one file of texts per language (`finder_words`); both work without a server. A finder can be added
to any folder whose files are named by `piece_name`.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from campaign.content.locale_format import decimal_mark
from campaign.models.campaign import Campaign, Language
from campaign.models.outputs import FLAVOURS, PART_ENDINGS, Artifact
from campaign.models.page import RELEASE, Page
from campaign.plan.outputs import is_sheet, preview_stems, sheet_page

# Width of a finder's thumbnails.
SHOWN_WIDTH = 320
# Path templates of files in a site, with the placeholders of `finder_data`.
ON_SITE = "files/{language}/"


def kind_path(kind: str) -> str:
    """Return the page with all pieces of a kind."""
    return f"files-{kind}.md"


@dataclass(frozen=True)
class Offer:
    """A piece in one language.

    Attributes:
        page: its source.
        files: its outputs, those for the whole country first.
        kind: of its first format.
        needs: codes of what it helps with.
    """

    page: Page
    files: tuple[Artifact, ...]
    kind: str
    needs: tuple[str, ...] = ()

    @property
    def home(self) -> str:
        """Return the page that its title links to: its own, or the list of contact sheets."""
        return kind_path(self.kind) if is_sheet(self.page) else self.page.path

    @cached_property
    def by_place(self) -> dict[str | None, list[Artifact]]:
        """Return its files by place; None is the whole country."""
        artifacts: dict[str | None, list[Artifact]] = defaultdict(list)
        for artifact in self.files:
            artifacts[artifact.output.place].append(artifact)
        return dict(artifacts)

    @property
    def places(self) -> list[str]:
        """Return the places that it has files for."""
        return [place for place in self.by_place if place]


def offers(campaign: Campaign, artifacts: Iterable[Artifact]) -> dict[str, list[Offer]]:
    """Return all pieces to hand out, by language; the most printed come first, then by kind.

    Releases are left out: they are on press pages.

    Args:
        campaign: the campaign.
        artifacts: finished outputs.
    """
    all_pages = [*(sheet_page(campaign, code) for code in campaign.languages), *campaign.pages.values()]
    pages = {(page.language, page.stem, name): page for page in all_pages for name in page.formats}
    files: dict[tuple[str, str], list[Artifact]] = defaultdict(list)
    for artifact in artifacts:
        output = artifact.output
        page = pages.get((output.language or "", output.name, output.format)) if output.is_piece else None
        if page and RELEASE not in page.formats:
            files[page.language, page.path].append(artifact)
    copies = Counter[str]()
    for order in campaign.print_run:
        copies[order.piece] += order.copies
    pages_by_key = {(page.language, page.path): page for page in all_pages}
    offers_by_language: dict[str, list[Offer]] = {code: [] for code in campaign.languages}
    for key, group in files.items():
        source = campaign.pages.get((campaign.source_language.code, key[1]), pages_by_key[key])
        files_in_order = tuple(sorted(group, key=lambda made: bool(made.output.place)))
        # Contact sheets help with every need.
        needs = tuple(needs_of(campaign)) if is_sheet(source) else source.needs
        offers_by_language[key[0]].append(
            Offer(pages_by_key[key], files_in_order, campaign.formats[pages_by_key[key].formats[0]].kind, needs)
        )
    for some_offers in offers_by_language.values():
        some_offers.sort(key=lambda offer: (-copies[offer.page.stem], campaign.kinds.index(offer.kind)))
    return {code: group for code, group in offers_by_language.items() if group}


def finder_data(campaign: Campaign, artifacts: Iterable[Artifact], folder: str = ON_SITE) -> dict[str, Any]:
    """Return the data of a finder's script, the same for all languages: JSON of codes, numbers and titles.

    Sizes are in kilobytes, in the order of `places`; 0 means that there is no file, and trailing zeros are left out.

    Args:
        campaign: the campaign.
        artifacts: finished files and their pictures.
        folder: path template with {language}, {kind} and {printer}.
    """
    artifacts = list(artifacts)
    result = offers(campaign, artifacts)
    heights = {
        artifact.output.public.rsplit("-", 1)[0].rsplit("/", 1)[-1]: round(artifact.height)
        for artifact in artifacts
        if artifact.output.kind == "picture"
        and artifact.output.width == SHOWN_WIDTH
        and artifact.output.format == "png"
    }
    places, audiences, needs = list(campaign.places), list(campaign.audiences), needs_of(campaign)
    return {
        "folder": folder,
        "languages": [[code, campaign.languages[code].name, campaign.languages[code].direction] for code in result],
        "places": places,
        **_regions(campaign, places),
        "own": [int(bool(place.contacts)) for place in campaign.places.values()],
        "audiences": audiences,
        "needs": needs,
        "formats": {name: campaign.formats[name].kind for name in dict.fromkeys(_formats(result))},
        "endings": PART_ENDINGS,
        "pieces": {
            code: [
                [
                    offer.page.path.removesuffix(".md"),
                    offer.page.title,
                    [audiences.index(audience) for audience in offer.page.audiences if audience in audiences],
                    [[stem, heights[stem]] for stem in preview_stems(campaign, offer.page) if stem in heights],
                    _groups(offer, places),
                    offer.home.removesuffix(".md"),
                    [needs.index(need) for need in offer.needs if need in needs],
                ]
                for offer in group
            ]
            for code, group in result.items()
        },
    }


def _regions(campaign: Campaign, places: list[str]) -> dict[str, list[int]]:
    """Return for each place the index of its region, -1 for none; [] if no place has a region."""
    order_of = {code: number for number, code in enumerate(places)}
    results = [order_of.get(place.region, -1) for place in campaign.places.values()]
    return {"regions": results} if max(results, default=-1) >= 0 else {}


def _formats(offers_by_language: Mapping[str, list[Offer]]) -> Iterable[str]:
    return (
        artifact.output.format for group in offers_by_language.values() for offer in group for artifact in offer.files
    )


def _groups(offer: Offer, places: list[str]) -> list[list[Any]]:
    """Return format, printer, part, size for the whole country, and sizes for the places."""
    groups: dict[tuple[str, str, str], dict[str | None, int]] = defaultdict(dict)
    for artifact in offer.files:
        output = artifact.output
        size = max(1, round(artifact.bytes / 1000))
        groups[output.format, output.flavour or "", output.part][output.place] = size
    return [
        [*key, sizes.get(None, 0), _without_trailing_zeros([sizes.get(place, 0) for place in places])]
        for key, sizes in groups.items()
    ]


def _without_trailing_zeros(sizes: list[int]) -> list[int]:
    while sizes and not sizes[-1]:
        sizes.pop()
    return sizes


def finder_words(campaign: Campaign, language: Language) -> dict[str, Any]:
    """Return the texts of a finder in a language: names of formats, printers, audiences and places, and labels."""
    words, source = language.strings, campaign.source_language.code
    parts = {part: words[f"part-{part}"] for part in ("notes", "sheets", "picture", "script")}
    parts |= {cover.letter: cover.letter.upper() for page in campaign.pages.values() for cover in page.covers}
    return {
        "all": words["everything"],
        "national": words["national"],
        "own": words["find-own"],
        "unplaced": words["find-unplaced"],
        "placed": words["find-placed"],
        "found": words["search-found"],
        "none": words["search-none"],
        "size": words["kilobytes"],
        "large": words["megabytes"],
        "decimal": decimal_mark(language),
        "formats": {name: words.get(f"format-{name}", name) for name in campaign.formats},
        "printers": {name: words[f"flavour-{name}"] for name in FLAVOURS},
        "parts": parts,
        "audiences": [audience_name(language, audience) for audience in campaign.audiences],
        "needs": [need_name(language, item) for item in needs_of(campaign)],
        "places": [place.name(language.code, source) for place in campaign.places.values()],
    }


def audience_name(language: Language, audience: str) -> str:
    """Return the name of an audience, or one derived from its code."""
    return language.strings.get(f"audience-{audience}") or audience.replace("-", " ")


def needs_of(campaign: Campaign) -> list[str]:
    """Return the needs that pieces declare, in the order of the texts."""
    source = campaign.source_language
    needs = {need for page in campaign.pages.values() if page.language == source.code for need in page.needs}
    return [code for key in source.strings if (code := key.removeprefix("need-")) != key and code in needs]


def need_name(language: Language, need: str) -> str:
    """Return the name of a need."""
    return language.strings[f"need-{need}"]


def as_script(name: str, value: Mapping[str, Any]) -> str:
    """Return JSON as a script, because a page opened from a USB stick can't load anything else."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return f"{name}={text}\n"
