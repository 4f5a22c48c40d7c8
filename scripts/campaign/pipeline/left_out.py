"""Outputs that a build leaves out because each has a problem: their last versions, and a page about them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from io import BytesIO

from PIL import Image

from campaign import printing
from campaign.cache.atomic import OUTDATED
from campaign.models.campaign import Campaign
from campaign.models.outputs import Output
from campaign.models.problem import Problem
from campaign.plan.outputs import catalogue, drawn_pages
from campaign.website.handover.left_out import Entry, left_out_page

# Typesetting takes a fifth of a second; a campaign in a new script may not fit anywhere.
MAX_DRAWINGS = 24
PPI = 60
MAX_WIDTH_PX = 640

LeftOut = Mapping[Output, tuple[Problem, ...]]


def refused_outputs(campaign: Campaign, left_out: LeftOut) -> dict[Output, tuple[Problem, ...]]:
    """Return the files of dist/ that are missing, with their problems, in the order of the catalogue."""
    problems = dict(left_out)
    for output in left_out:
        if output.is_drawn_from:
            problems |= {picture: left_out[output] for page in drawn_pages(campaign, output) for picture in page}
    places = frozenset(output.place for output in problems)
    outputs = catalogue(campaign.with_left_out(), places)
    return {output: problems[output] for output in outputs if output.path and output in problems}


def last_versions(campaign: Campaign, refused: LeftOut) -> dict[str, bytes]:
    """Return the last version of each missing file, by its new path below dist/."""
    dist, results = campaign.root / "dist", {}
    for output in refused:
        outdated = f"{OUTDATED}/{output.path}"
        for file in (dist / str(output.path), dist / outdated):
            if file.is_file():
                results[outdated] = file.read_bytes()
                break
    return results


def problems_page(campaign: Campaign, left_out: LeftOut, refused: LeftOut) -> str:
    """Return the page about the missing files: what is wrong, why it matters, who is affected, how to fix it."""
    groups: dict[tuple[tuple[str, str], ...], list[Output]] = defaultdict(list)
    for output, problems in refused.items():
        groups[_places(problems)].append(output)
    sources = {_places(problems): output for output, problems in reversed([*left_out.items()])}
    entries: list[Entry] = []
    for places, outputs in sorted(groups.items(), key=lambda item: -len(item[1])):
        unique = dict.fromkeys(problem for output in outputs for problem in refused[output])
        is_drawn = len(entries) < MAX_DRAWINGS and not any(problem.leaves_out_page for problem in unique)
        pictures = printing.draw_excess(campaign, sources[places], PPI) if is_drawn else []
        entries.append(Entry(tuple(unique), tuple(outputs), list(map(_lighter, pictures))))
    return left_out_page(campaign, entries)


def _places(problems: tuple[Problem, ...]) -> tuple[tuple[str, str], ...]:
    """Return what many outputs have in common: a title that is too long in one shape is too long in several."""
    return tuple((problem.id, problem.where) for problem in problems)


def _lighter(png: bytes) -> bytes:
    """Return a drawing with few colours, a fifth of the size."""
    image = Image.open(BytesIO(png)).convert("RGB")
    image.thumbnail((MAX_WIDTH_PX, MAX_WIDTH_PX))
    file = BytesIO()
    image.quantize(32).save(file, "png", optimize=True)
    return file.getvalue()
