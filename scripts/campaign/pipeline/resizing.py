"""Photos resized for destinations in one step, in a campaign or outside: cropped, light enough, without metadata."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from campaign.cache.workers import cpu_count
from campaign.content import load
from campaign.content.licences import licence_fault, licence_url
from campaign.content.photos import ENDINGS, FOLDER, bare_photo, read_photo
from campaign.content.picture_metadata import CAPTURED_SOURCE, PictureMetadata
from campaign.content.settings import read_settings
from campaign.images import PictureRequest, make_all
from campaign.images.open import count_frames, measure_picture
from campaign.models.formats import DESTINATIONS, Destination
from campaign.models.media import Photo, Rights
from campaign.models.outputs import Artifact, Output
from campaign.models.problem import Problem

WHOLE_PERCENT = 98  # what rounding leaves of a picture that isn't cropped
FIX_CONSENT = "Ask the people in it, and add the use to `scope:` of the consent; or leave out this destination."


@dataclass(frozen=True)
class ResizedPhoto:
    """A photo with its new pictures, and the problems of its record or that kept pictures from being made."""

    photo: Photo
    is_documented: bool  # whether a record says who took it and what people in it agreed to
    problems: tuple[Problem, ...] = ()
    artifacts: tuple[Artifact, ...] = ()

    @property
    def frames(self) -> int:
        """How many pictures the file holds; only the first is used."""
        return count_frames(self.photo.file)

    def lost_edges(self, artifact: Artifact) -> str:
        """Return how much of the photo a crop left, or ''."""
        size = measure_picture(self.photo.file.parent, self.photo.file, self.photo.file.name)
        if isinstance(size, Problem):
            return ""
        share = (artifact.width / artifact.height) / (size[0] / size[1])
        percent = round(100 * min(share, 1 / share))
        return f"{percent} % of the {'width' if share < 1 else 'height'} stays" if percent < WHOLE_PERCENT else ""


def destinations_of(root: Path | None) -> dict[str, Destination]:
    """Return the destinations of photos by name: a campaign's, or those that come with the program."""
    rows = read_settings(root, []).destinations if root else DESTINATIONS
    return {name: row for name, row in rows.items() if not row.is_panels}


def choose_destinations(
    known: Mapping[str, Destination], wanted: Iterable[str]
) -> tuple[dict[str, Destination], list[Problem]]:
    """Return the wanted destinations; the beginning of a name is enough if no other begins so."""
    chosen, problems = dict[str, Destination](), []
    for name in wanted:
        matches = [name] if name in known else [other for other in known if other.startswith(name)]
        if len(matches) == 1:
            chosen[matches[0]] = known[matches[0]]
        else:
            message = f"`{name}` {'begins several destinations' if matches else 'is no destination'}."
            fix = f"Choose from: {', '.join(matches or sorted(known))}."
            problems.append(Problem("value-unknown", "--to", message, fix))
    return chosen, problems


def typed_rights(credit: str, licence: str) -> tuple[Rights, list[Problem]]:
    """Return the rights that someone typed, and what is wrong with them."""
    fault = licence_fault(licence)
    problems = [Problem("licence-unknown", "--licence", *fault)] if fault else []
    return Rights(credit, licence, licence_url(licence)), problems


def read_photos_to_resize(root: Path | None, files: Sequence[Path], rights: Rights, today: date) -> list[ResizedPhoto]:
    """Return each photo, without pictures yet.

    Args:
        root: the campaign's folder, or None.
        files: the photos.
        rights: the credit of photos without a record.
        today: for the end of a consent.
    """
    is_own = root is not None and any(file.resolve().parent == root / FOLDER for file in files)
    own = {photo.file: photo for photo in load(root)[0].photos.values()} if root and is_own else {}
    results = []
    for file in files:
        problems: list[Problem] = []
        photo = own.get(file.resolve())
        if photo is None and file.with_suffix(".yml").is_file():
            photo = read_photo(file, problems, today)
        results.append(ResizedPhoto(photo or bare_photo(file, rights), photo is not None, tuple(problems)))
    return results


def resize_photos(
    photos: Sequence[ResizedPhoto], destinations: Mapping[str, Destination], out: Path
) -> list[ResizedPhoto]:
    """Make a picture of each photo for each destination: `<out>/<destination>/<name>.jpg`.

    Args:
        photos: from `read_photos_to_resize`.
        destinations: by name.
        out: the folder to write to.
    """
    with ThreadPoolExecutor(cpu_count()) as pool:
        return list(pool.map(lambda item, name: _resize(item, name, destinations, out), photos, _names(photos)))


def _names(photos: Iterable[ResizedPhoto]) -> Iterator[str]:
    """Yield a name for each photo that no other one has, also where a capital is no difference."""
    taken: set[str] = set()
    for item in photos:
        name, number = item.photo.file.stem, 1
        while name.casefold() in taken:
            number += 1
            name = f"{item.photo.file.stem}-{number}"
        taken.add(name.casefold())
        yield name


def _resize(item: ResizedPhoto, name: str, destinations: Mapping[str, Destination], out: Path) -> ResizedPhoto:
    photo = item.photo
    if item.problems:
        return item
    if photo.file.suffix.lower() not in ENDINGS:
        problem = Problem("photo-not-one", photo.file.name, "This is no photo.", f"Photos are: {', '.join(ENDINGS)}.")
        return replace(item, problems=(problem,))
    refused = tuple(_refusal(photo, to, row) for to, row in destinations.items() if not photo.is_for(row.use))
    orders = {_output(name, to, row): _request(photo, row) for to, row in destinations.items() if photo.is_for(row.use)}
    targets = [out / output.path for output in orders]
    if photo.file.resolve() in {target.resolve() for target in targets}:
        message = f"{photo.file.name} would be overwritten by its own picture."
        problem = Problem("value-unknown", "--out", message, "Name another folder with --out.")
        return replace(item, problems=(problem,))
    if not orders:
        return replace(item, problems=refused)
    results = make_all(photo.file.parent, photo.file, photo.file.name, [*orders], targets, orders, photo.redact)
    failed = (result for result in results if isinstance(result, Problem))
    made = tuple(result for result in results if isinstance(result, Artifact))
    return replace(item, problems=(*refused, *failed), artifacts=made)


def _refusal(photo: Photo, name: str, row: Destination) -> Problem:
    message = f"Its record doesn't allow `{row.use}`, so there is no picture for {name}."
    return Problem("photo-not-for-destination", photo.where, message, FIX_CONSENT)


def _output(name: str, destination: str, row: Destination) -> Output:
    ending = row.endings[1]
    path = f"{destination}/{name}.{ending.replace('jpeg', 'jpg')}"
    return Output("picture", name, None, None, ending, width=row.width, path=path, destination=destination)


def _request(photo: Photo, row: Destination) -> PictureRequest:
    """Return what to make. Captions in several languages have no place in a picture for all."""
    code = next(iter(photo.captions), "")
    caption, alt = photo.captions.get(code, ""), photo.alts.get(code, "")
    notice = PictureMetadata(code or "x-default", photo.rights, caption=caption, alt=alt, kind=CAPTURED_SOURCE)
    is_described = bool(photo.rights.credit or caption or alt)
    return PictureRequest(notice if is_described else None, row, photo.focus, meaning=photo.meaning)
