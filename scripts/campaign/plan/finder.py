"""The list behind every way to find a file: which pieces there are, in which language, for which place and printer.

The pages of downloads are written from `offers`. Where a script runs, it reads the same from one file of data
(`finder_data`, the same for all languages) and one file of words for each language (`finder_words`); both open without
a server. Any folder of files that are named as `piece_name` names them can have such a finder.
"""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from campaign.models.campaign import Campaign, Language
from campaign.models.outputs import FLAVOURS, PART_ENDINGS, Made
from campaign.models.page import RELEASE, Page
from campaign.plan.outputs import is_sheet, preview_stems, sheet_page

# How wide the pictures are that a finder shows.
SHOWN_WIDTH = 320
# Where files lie below a site, by the names that `finder_data` uses.
ON_SITE = "files/{language}/"


def kind_path(kind: str) -> str:
    """The page with all pieces of a kind."""
    return f"files-{kind}.md"


@dataclass(frozen=True)
class Offer:
    """A piece in one language.

    Attributes:
        page: that it is made from.
        files: all that was made of it, those for the whole country first.
        kind: of the first format that it is printed in.
        needs: what somebody wants who wants it, by codes.
    """

    page: Page
    files: tuple[Made, ...]
    kind: str
    needs: tuple[str, ...] = ()

    @property
    def home(self) -> str:
        """The page that its title leads to: its own, or for contact sheets, which have none, the list of them."""
        return kind_path(self.kind) if is_sheet(self.page) else self.page.path

    @cached_property
    def by_place(self) -> dict[str | None, list[Made]]:
        """Its files for each place that has some; None: for the whole country."""
        found: dict[str | None, list[Made]] = defaultdict(list)
        for made in self.files:
            found[made.output.place].append(made)
        return dict(found)

    @property
    def places(self) -> list[str]:
        """The places that it has files for, each once."""
        return [place for place in self.by_place if place]


def offers(campaign: Campaign, made: Iterable[Made]) -> dict[str, list[Offer]]:
    """Every piece that can be handed out, by language; what is printed most comes first, then by kind.

    Releases are for the press, on the pages that are for it.

    Args:
        campaign: whose pieces they are.
        made: the files that can be had.
    """
    every = [*(sheet_page(campaign, code) for code in campaign.languages), *campaign.pages.values()]
    pages = {(page.language, page.stem, name): page for page in every for name in page.formats}
    files: dict[tuple[str, str], list[Made]] = defaultdict(list)
    for each in made:
        output = each.output
        page = pages.get((output.language or "", output.name, output.format)) if output.is_piece else None
        if page and RELEASE not in page.formats:
            files[page.language, page.path].append(each)
    copies = Counter[str]()
    for order in campaign.print_run:
        copies[order.piece] += order.copies
    at = {(page.language, page.path): page for page in every}
    found: dict[str, list[Offer]] = {code: [] for code in campaign.languages}
    for key, some in files.items():
        source = campaign.pages.get((campaign.source_language.code, key[1]), at[key])
        files_in_order = tuple(sorted(some, key=lambda made: bool(made.output.place)))
        # Whatever somebody needs, numbers are of use.
        needs = tuple(needs_of(campaign)) if is_sheet(source) else source.needs
        found[key[0]].append(Offer(at[key], files_in_order, campaign.formats[at[key].formats[0]].kind, needs))
    for some_offers in found.values():
        some_offers.sort(key=lambda offer: (-copies[offer.page.stem], campaign.kinds.index(offer.kind)))
    return {code: some for code, some in found.items() if some}


def finder_data(campaign: Campaign, made: Iterable[Made], folder: str = ON_SITE) -> dict[str, Any]:
    """What a finder's script needs to know, the same in all languages: plain JSON of codes, numbers and titles.

    Sizes are in units of 1,000 bytes; those of places stand in the order of `places`, 0 where there is no such file;
    what follows the last file is left out.

    Args:
        campaign: whose pieces they are.
        made: what can be had: files, and pictures of them.
        folder: where the files lie, with {language}, {kind} and {printer} where those stand.
    """
    made = list(made)
    found = offers(campaign, made)
    heights = {
        each.output.public.rsplit("-", 1)[0].rsplit("/", 1)[-1]: round(each.height)
        for each in made
        if each.output.kind == "picture" and each.output.width == SHOWN_WIDTH and each.output.format == "png"
    }
    places, audiences, needs = list(campaign.places), list(campaign.audiences), needs_of(campaign)
    return {
        "folder": folder,
        "languages": [[code, campaign.languages[code].name, campaign.languages[code].direction] for code in found],
        "places": places,
        **_regions(campaign, places),
        "own": [int(bool(place.contacts)) for place in campaign.places.values()],
        "audiences": audiences,
        "needs": needs,
        "formats": {name: campaign.formats[name].kind for name in dict.fromkeys(_formats(found))},
        "endings": PART_ENDINGS,
        "pieces": {
            code: [
                [
                    offer.page.path.removesuffix(".md"),
                    offer.page.title,
                    [audiences.index(each) for each in offer.page.audiences if each in audiences],
                    [[stem, heights[stem]] for stem in preview_stems(campaign, offer.page) if stem in heights],
                    _groups(offer, places),
                    offer.home.removesuffix(".md"),
                    [needs.index(each) for each in offer.needs if each in needs],
                ]
                for offer in some
            ]
            for code, some in found.items()
        },
    }


def _regions(campaign: Campaign, places: list[str]) -> dict[str, list[int]]:
    """Which of the places each is part of, -1 for none; nothing where all stand for themselves."""
    at = {code: number for number, code in enumerate(places)}
    found = [at.get(place.region, -1) for place in campaign.places.values()]
    return {"regions": found} if max(found, default=-1) >= 0 else {}


def _formats(found: Mapping[str, list[Offer]]) -> Iterable[str]:
    return (made.output.format for some in found.values() for offer in some for made in offer.files)


def _groups(offer: Offer, places: list[str]) -> list[list[Any]]:
    """Format, printer, part, size for the whole country, sizes for the places."""
    groups: dict[tuple[str, str, str], dict[str | None, int]] = defaultdict(dict)
    for made in offer.files:
        output = made.output
        size = max(1, round(made.bytes / 1000))
        groups[output.format, output.flavour or "", output.part][output.place] = size
    return [
        [*key, sizes.get(None, 0), _without_end([sizes.get(place, 0) for place in places])]
        for key, sizes in groups.items()
    ]


def _without_end(sizes: list[int]) -> list[int]:
    while sizes and not sizes[-1]:
        sizes.pop()
    return sizes


def finder_words(campaign: Campaign, language: Language) -> dict[str, Any]:
    """The words of a finder in a language: names of formats, printers, audiences, places, and what its script says."""
    words, source = language.strings, campaign.source_language.code
    parts = {part: words[f"part-{part}"] for part in ("notes", "sheets", "picture")}
    parts |= {cover.letter: cover.letter.upper() for page in campaign.pages.values() for cover in page.covers}
    return {
        "all": words["everything"],
        "national": words["national"],
        "own": words["find-own"],
        "found": words["search-found"],
        "none": words["search-none"],
        "size": words["kilobytes"],
        "large": words["megabytes"],
        "formats": {name: words.get(f"format-{name}", name) for name in campaign.formats},
        "printers": {name: words[f"flavour-{name}"] for name in FLAVOURS},
        "parts": parts,
        "audiences": [audience_name(language, each) for each in campaign.audiences],
        "needs": [need_name(language, each) for each in needs_of(campaign)],
        "places": [place.name(language.code, source) for place in campaign.places.values()],
    }


def audience_name(language: Language, audience: str) -> str:
    """An audience in words; those of its code where nobody has said."""
    return language.strings.get(f"audience-{audience}") or audience.replace("-", " ")


def needs_of(campaign: Campaign) -> list[str]:
    """What pieces are wanted for, in the order of the words for it."""
    source = campaign.source_language
    named = {each for page in campaign.pages.values() if page.language == source.code for each in page.needs}
    return [code for key in source.strings if (code := key.removeprefix("need-")) != key and code in named]


def need_name(language: Language, need: str) -> str:
    """What a piece is wanted for, in words."""
    return language.strings[f"need-{need}"]


def as_script(name: str, value: Mapping[str, Any]) -> str:
    """JSON that a page loads as a script, since a page that is opened from a stick can load nothing else."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return f"{name}={text}\n"
