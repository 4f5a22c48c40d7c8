"""Makes missing pictures of previews, screen layouts, images on pages, and photos."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from campaign import images as pictures
from campaign.cache.store import Store, hash_content
from campaign.models.campaign import Campaign
from campaign.models.outputs import PRESS_KIT, Artifact, Output
from campaign.models.page import Page
from campaign.models.problem import Problem
from campaign.pipeline.output_inputs import record_output_inputs
from campaign.pipeline.report import Progress, Report, Selection
from campaign.pipeline.timed_jobs import Result, run_jobs
from campaign.plan.outputs import (
    drawn_pages,
    image_pictures,
    images,
    photo_pictures,
)
from campaign.plan.press_kits import is_in_kit


def is_needed(campaign: Campaign, output: Output, selection: Selection) -> bool:
    """Return whether an output is wanted, or needed to make one that is."""
    if output.is_drawn_from:
        pictures = (picture for page in drawn_pages(campaign, output) for picture in page)
        return any(is_needed(campaign, picture, selection) for picture in pictures)
    is_packed = PRESS_KIT in selection.kinds and is_in_kit(campaign, output)
    return selection.includes(replace(output, kind=PRESS_KIT, flavour=None) if is_packed else output)


@dataclass(frozen=True)
class _Source:
    """A file from which pictures are made, all at once.

    Attributes:
        digest: hash of the inputs.
        where: for problems.
        redact: see Photo.
        made: the output, if the file is one of our PDFs.
        page: of that PDF, from 0.
    """

    file: Path
    digest: str
    where: str
    outputs: tuple[Output, ...]
    orders: tuple[tuple[Output, pictures.PictureRequest], ...] = ()
    redact: tuple[tuple[float, float, float, float], ...] = ()
    targets: tuple[Path, ...] = ()
    made: Artifact | None = None
    page: int = 0


def _sources(campaign: Campaign, report: Report) -> Iterator[_Source]:
    """Yield finished previews and screen layouts, images on pages, and photos."""
    # The first of several with one name.
    all_pages = reversed([*campaign.pages.values()])
    pages = {(page.language, page.stem, name): page for page in all_pages for name in page.formats}
    for artifact in report.made:
        output = artifact.output
        if not output.is_drawn_from:
            continue
        page = pages.get((output.language or "", output.name, output.format))
        for number, sides in enumerate(map(tuple, drawn_pages(campaign, output))):
            where, digest = page.where if page else output.name, f"{artifact.sha256}-{number}"
            orders = pictures.poster_requests(campaign, page, sides) if page and output.kind == "screen" else {}
            yield _Source(artifact.file, digest, where, sides, tuple(orders.items()), made=artifact, page=number)
    for image in images(campaign):
        file = campaign.root / image.path
        yield _Source(file, pictures.source_digest(file), image.where, tuple(image_pictures(image)))
    for photo in campaign.photos.values():
        outputs = tuple(photo_pictures(campaign, photo))
        where = photo.file.relative_to(campaign.root).as_posix()
        orders = pictures.photo_requests(campaign, photo, outputs)
        yield _Source(
            photo.file, pictures.source_digest(photo.file), where, outputs, tuple(orders.items()), photo.redact
        )


def is_page_of(page: Page, output: Output) -> bool:
    """Return whether an output was laid out from a page."""
    return (page.language, page.stem) == (output.language, output.name) and output.format in page.formats


def make_pictures(
    campaign: Campaign, store: Store, selection: Selection, report: Report, progress: Progress
) -> set[str]:
    """Make the pictures of all sources, each source completely or not at all."""
    used_keys: set[str] = set()
    missing = []
    for source in list(_sources(campaign, report)):
        # All or none, because each width of a photo is made from the one before it.
        if not any(is_needed(campaign, output, selection) for output in source.outputs):
            continue
        outputs, orders = source.outputs, dict(source.orders)
        keys = {output: pictures.key(source.digest, output, orders, source.redact) for output in outputs}
        used_keys |= set(keys.values())
        result = [store.find(key, output) for output, key in keys.items()]
        if all(result):
            report.made += [artifact for artifact in result if artifact]
        else:
            targets = tuple(store.file(keys[output], output) for output in outputs)
            missing.append(replace(source, targets=targets))
    store.check(source.made for source in missing if source.made)
    batches = [[source] for source in missing]
    for count, (source, results, seconds) in enumerate(run_jobs(_resize, campaign, batches), 1):
        progress("pictures", count, len(missing))
        report.record(results, store, source.outputs, seconds)
        for output in report.new.intersection(source.outputs):
            key = dict(zip(source.outputs, source.targets, strict=True))[output].stem
            record_output_inputs(store.memo, output, {source.where: source.digest, "sizes, words and program": key})
    return used_keys


def _resize(campaign: Campaign, source: _Source) -> Result:
    for target in source.targets:
        target.parent.mkdir(parents=True, exist_ok=True)
    outputs, targets = list(source.outputs), list(source.targets)
    orders = dict(source.orders)
    image = None
    if source.made:
        is_clear = campaign.formats[source.made.output.format].is_clear
        image = pictures.draw_page(source.file, source.page, max(output.width or 0 for output in outputs), is_clear)
    results = pictures.make_all(
        campaign.root, source.file, source.where, outputs, targets, orders, source.redact, image
    )
    current_digest = hash_content(source.file) if source.made else pictures.source_digest(source.file)
    if current_digest != (source.made.sha256 if source.made else source.digest):
        return [
            Problem(
                "changed-while-made",
                source.where,
                "The picture was changed while others were made from it.",
                "Build again.",
            )
        ]
    return results


def too_small(campaign: Campaign, artifacts: list[Artifact]) -> Iterator[Problem]:
    """Return one note per photo that is smaller than destinations need, with the sizes."""
    missing_sizes: dict[str, dict[str, str]] = {}
    for artifact in artifacts:
        row = campaign.destinations.get(artifact.output.destination)
        photo = campaign.photos.get(artifact.output.name)
        if (
            row
            and photo
            and row.use in ("press", "print")
            and max(artifact.width, artifact.height) < min(row.width, row.height)
        ):
            size = f"{artifact.output.destination} ({artifact.width:.0f} × {artifact.height:.0f} pixels)"
            missing_sizes.setdefault(photo.where, {})[artifact.output.destination] = size
    for where, sizes in missing_sizes.items():
        message = f"The photo is small for {', '.join(sizes.values())}: pictures are never made larger."
        yield Problem("photo-small", where, message, "Use the original as the camera wrote it, if there is one.")
