"""Published files of the campaign without metadata, cached in .build/."""

from __future__ import annotations

from base64 import b64decode, b64encode
from functools import partial
from hashlib import sha256
from pathlib import Path
from tempfile import TemporaryDirectory

from campaign.cache.archive import ZIP_EPOCH, zip_bytes
from campaign.cache.atomic import work_folder, write_whole
from campaign.cache.program import program_hash
from campaign.cache.store import hash_content, hash_text
from campaign.cleaning.hidden import HiddenContentError
from campaign.content.foreign_files import read_foreign
from campaign.models.problem import CampaignError, Problem, failure

FOLDER = "cleaned"
OFFICE_SUFFIXES = (".docx", ".xlsx", ".pptx")
CLEANED_SUFFIXES = (*(".mp3", ".ogg", ".opus", ".pdf", ".svg", ".jpg", ".jpeg", ".png", ".webp"), *OFFICE_SUFFIXES)


def cleaned_file(root: Path, name: str) -> Path:
    """Return a copy of a file in CLEANED_SUFFIXES without metadata. Raise ValueError if it can't be cleaned."""
    key = hash_text(f"{hash_content(root / name)} {Path(name).suffix.lower()} {program_hash('cleaned')}")
    folder, suffix = work_folder(root) / FOLDER, Path(name).suffix
    # The name contains the hash of the content, so a damaged copy in .build/ is made again.
    for path in folder.glob(f"{key}-*{suffix}"):
        if path.is_file() and hash_content(path) == path.stem.removeprefix(f"{key}-"):
            return path
    data = clean_data((root / name).read_bytes(), name.lower())
    file = folder / f"{key}-{sha256(data).hexdigest()}{suffix}"
    folder.mkdir(exist_ok=True)
    write_whole(file, data)
    return file


def clean_data(data: bytes, name: str, slots: str = "") -> bytes:
    """Return content without metadata; raises ValueError like `cleaned_file`. `slots`: see `clean_svg`."""
    suffix = Path(name).suffix
    if suffix == ".pdf":
        return _cleaned_pdf(data, name)
    try:
        return _clean(data, name, slots)
    except RecursionError as error:
        raise ValueError(str(error)) from None


def _cleaned_pdf(data: bytes, name: str) -> bytes:
    """Clean a PDF in a process with limits: a small one can unpack to more than the memory holds."""
    with TemporaryDirectory(prefix="campaign-") as folder:
        file = Path(folder, "document.pdf")
        file.write_bytes(data)
        try:
            answer = read_foreign("cleaned", file, [], partial(failure, "file-not-cleanable", name))
        except CampaignError as error:
            raise ValueError(str(error)) from None
    if hidden := answer.get("hidden"):
        raise HiddenContentError(hidden)
    if "data" not in answer:
        raise ValueError(name)
    return b64decode(answer["data"])


def clean_here(path: Path, _problems: list[Problem]) -> dict[str, str]:
    """Return a PDF without metadata as `data` in base64; or what is hidden in it; {} if it can't be read."""
    from campaign.cleaning.pdf import clean_pdf  # takes 0.1 s to import

    try:
        return {"data": b64encode(clean_pdf(path.read_bytes())).decode()}
    except HiddenContentError as error:
        return {"hidden": str(error)}
    except (ValueError, SyntaxError, RecursionError):
        return {}


def _clean(data: bytes, name: str, slots: str) -> bytes:
    suffix = Path(name).suffix
    if suffix in (".mp3", ".ogg", ".opus"):
        from campaign.cleaning.recording import clean_recording

        return clean_recording(data, name)
    if suffix == ".svg":
        from campaign.cleaning.svg import clean_svg, parse_svg

        return clean_svg(parse_svg(data), slots).encode()
    if suffix in OFFICE_SUFFIXES:
        from campaign.cleaning.office import clean_office

        return zip_bytes(clean_office(data, clean_data), ZIP_EPOCH, is_small=True)
    from campaign.cleaning.photo import clean_photo, orientation_in

    return clean_photo(data, orientation_in(data))
