"""An uploaded campaign: unpacked to compare it, or refused because of paths, links, devices or zip bombs."""

from __future__ import annotations

import shutil
import stat
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from campaign.content.settings import FILE as SETTINGS
from campaign.models.problem import CampaignError, failure

CAMPAIGN_FOLDERS = ("docs", "assets", "overrides", "public", "formats", "shortcodes", "checks")
MAX_FILES = 20_000
MAX_BYTES = 500_000_000
MAX_MEMBER_BYTES = 100_000_000
CHUNK_BYTES = 1 << 16


def unpack_campaign(archive: Path, target: Path) -> None:
    """Unpack a zip in place of a folder, or nothing at all. Raise CampaignError if it is refused."""
    shutil.rmtree(target, ignore_errors=True)
    try:
        with zipfile.ZipFile(archive) as archive_file:
            for name, entry in _members(archive_file).items():
                _unpack(archive_file, entry, target / name)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError, OSError) as error:
        shutil.rmtree(target, ignore_errors=True)
        raise refusal(f"it cannot be read ({error})") from None
    except CampaignError:
        shutil.rmtree(target, ignore_errors=True)
        raise


def _members(archive: zipfile.ZipFile) -> dict[str, zipfile.ZipInfo]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    _allow(len(entries) <= MAX_FILES, f"it has {len(entries)} files")
    for entry in entries:
        parts = PurePosixPath(entry.filename).parts
        is_plain = entry.filename == "/".join(parts) and not any(
            part == ".." or set(part) & set('\\:\0*?"<>|') for part in parts
        )
        _allow(is_plain and not entry.filename.startswith("/"), f"a name leads elsewhere: {entry.filename[:80]}")
        kind = stat.S_IFMT(entry.external_attr >> 16)
        _allow(kind in (0, stat.S_IFREG), f"{entry.filename[:80]} is a link")
        _allow(not entry.flag_bits & 1, "it has a password")
        # Other methods have their own errors, and office programs don't use them.
        _allow(entry.compress_type in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED), "it is packed in an uncommon way")
        _allow(entry.file_size <= MAX_MEMBER_BYTES, f"{entry.filename[:80]} is too large")
    _allow(sum(entry.file_size for entry in entries) <= MAX_BYTES, "it unpacks to over 500 MB")
    tops = sorted((entry.filename for entry in entries if PurePosixPath(entry.filename).name == SETTINGS), key=len)
    _allow(bool(tops) and len(PurePosixPath(tops[0]).parts) <= 2, f"there is no {SETTINGS} in it")
    above = tops[0].removesuffix(SETTINGS)
    members: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        name = entry.filename.removeprefix(above) if entry.filename.startswith(above) else ""
        below = name.split("/")
        if name != SETTINGS and (
            len(below) < 2 or below[0] not in CAMPAIGN_FOLDERS or any(part.startswith(".") for part in below)
        ):
            continue
        _allow(name not in members, f"{name[:80]} is in it twice")
        members[name] = entry
    return members


def _unpack(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    remaining = entry.file_size
    with archive.open(entry) as source, path.open("xb") as file:
        while data := source.read(CHUNK_BYTES):
            remaining -= len(data)
            _allow(remaining >= 0, f"{entry.filename[:80]} is larger than it says")
            file.write(data)


def _allow(is_right: bool, message: str) -> None:
    if not is_right:
        raise refusal(message)


def refusal(message: str) -> CampaignError:
    """Return the problem of a refused zip."""
    fix = "Ask for a zip of the campaign's folder: mkdocs.yml, docs/ and assets/, without links."
    return failure("upstream-archive", "zip", f"This zip is refused: {message}.", fix)
