"""Published files of the campaign without metadata, cached in .build/."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path

from campaign.cache.archive import ZIP_EPOCH, zip_bytes
from campaign.cache.atomic import work_folder, write_whole
from campaign.cache.program import program_hash
from campaign.cache.store import hash_content, hash_text

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
    if suffix in (".mp3", ".ogg", ".opus"):
        from campaign.cleaning.recording import clean_recording

        return clean_recording(data, name)
    if suffix == ".pdf":
        from campaign.cleaning.pdf import clean_pdf  # takes 0.1 s to import

        return clean_pdf(data)
    if suffix == ".svg":
        from campaign.cleaning.svg import clean_svg, parse_svg

        return clean_svg(parse_svg(data), slots).encode()
    if suffix in OFFICE_SUFFIXES:
        from campaign.cleaning.office import clean_office

        return zip_bytes(clean_office(data, clean_data), ZIP_EPOCH, is_small=True)
    from campaign.cleaning.photo import clean_photo, orientation_in

    return clean_photo(data, orientation_in(data))
