"""Paper and press: the ICC profile that assets/identity.yml names."""

from __future__ import annotations

from pathlib import Path

from campaign.models.shipped import PACKAGE
from campaign.models.theme import Profile
from campaign.schema.kinds import Press

FOLDER = PACKAGE / "printing" / "profiles"
# Both from Debian's colord-data (CC0 1.0); ink limits as printers ask for on such paper.
KNOWN = {
    "FOGRA39": Profile(
        "FOGRA39", "Offset on coated paper, ISO 12647-2, types 1 and 2", FOLDER / "FOGRA39L_coated.icc", 300
    ),
    "FOGRA47": Profile(
        "FOGRA47", "Offset on uncoated white paper, ISO 12647-2, type 4", FOLDER / "FOGRA47L_uncoated.icc", 280
    ),
}
DEFAULT = KNOWN["FOGRA39"]
# Any offset paper takes this.
CAREFUL_LIMIT = 280
LARGEST = 5_000_000


def read_profile(given: Press | None, root: Path) -> Profile:
    """Return the profile of `print: {profile: …}`, by default or if unusable FOGRA39."""
    if given is None:
        return DEFAULT
    name = given.profile or DEFAULT.condition
    known = KNOWN.get(name)
    limit = given.ink_limit or (known.ink_limit if known else CAREFUL_LIMIT)
    if not 100 <= limit <= 400:
        given.complain("value-not-number", "ink-limit", "`ink-limit` is a percentage from 100 to 400.", "As in 300.")
        return DEFAULT
    if known:
        return Profile(known.condition, known.about, known.file, int(limit))
    file = root / "assets" / name
    fault = _fault(file, root / "assets")
    if fault:
        given.complain(
            "profile-wrong",
            "profile",
            f"`{name}` {fault}.",
            f"Choose from {', '.join(KNOWN)}, or put the profile of your print shop below assets/ and name its file.",
        )
        return DEFAULT
    condition = given.condition or file.stem
    return Profile(condition, condition, file, int(limit))


def _fault(file: Path, folder: Path) -> str:
    """Return why a file is no press profile, or '' (ICC.1:2022, 7.2)."""
    if not file.resolve().is_relative_to(folder.resolve()) or not file.is_file():
        return "is no profile known here, and no file below assets/"
    data = file.read_bytes() if file.stat().st_size <= LARGEST else b""
    if len(data) < 132 or data[36:40] != b"acsp":
        return "is not an ICC profile"
    if data[12:16] != b"prtr" or data[16:20] != b"CMYK":
        return "is not a profile of a press with four inks"
    return ""
