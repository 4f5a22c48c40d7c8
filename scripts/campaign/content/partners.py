"""Logos of partners and donors: assets/partners/<name>.svg or .png, each with a .yml. mkdocs.yml lists them."""

from __future__ import annotations

import struct
from pathlib import Path

from lxml import etree

from campaign.content.licences import read_rights
from campaign.models.media import Partner
from campaign.models.problem import Problem
from campaign.schema.declaration import bind
from campaign.schema.kinds import PartnerFile
from campaign.schema.yaml_reader import read_yaml

FOLDER = "assets/partners"
# Half of a row of logos on A3 at 300 dpi.
MIN_WIDTH = 400
MAX_CLEAR = 200
PNG = b"\x89PNG\r\n\x1a\n"


def read_partners(root: Path, names: tuple[str, ...], problems: list[Problem]) -> tuple[Partner, ...]:
    """Return the named partners."""
    results = (_partner(root, name, problems) for name in dict.fromkeys(names))
    return tuple(item for item in results if item)


def _partner(root: Path, name: str, problems: list[Problem]) -> Partner | None:
    folder = root / FOLDER
    files = (folder / f"{name}.{suffix}" for suffix in ("svg", "png"))
    file = next((path for path in files if path.is_file()), None)
    note = folder / f"{name}.yml"
    if file is None or not note.is_file():
        missing = f"{name}.svg or {name}.png" if file is None else note.name
        partner_names = ", ".join(sorted({path.stem for path in folder.glob("*.yml")})) or "none yet"
        message = f"`partners:` in mkdocs.yml names `{name}`, and {missing} is missing."
        problems.append(
            Problem("partner-missing", FOLDER, message, f"Add it, or take the name out. There are: {partner_names}.")
        )
        return None
    where = f"{FOLDER}/{note.name}"
    partner_file = bind(PartnerFile, read_yaml(note, where, problems), where, problems)
    ratio, width = _shape(file)
    if ratio == 0:
        message = "The mark isn't a valid picture of its kind, or has no size."
        fix = "Save it as SVG with a viewBox, or as PNG."
        problems.append(Problem("partner-unreadable", f"{FOLDER}/{file.name}", message, fix))
        return None
    if 0 < width < MIN_WIDTH:
        message = f"The mark is {width} pixels wide: it will look coarse on a poster."
        fix = f"Ask for it as SVG, or at least {MIN_WIDTH} pixels wide."
        problems.append(Problem("partner-small", f"{FOLDER}/{file.name}", message, fix))
    clear = min(max(partner_file.clear if partner_file.clear is not None else 25, 0), MAX_CLEAR) / 100
    return Partner(name, partner_file.name, file, read_rights(partner_file), clear, ratio, where)


def _shape(file: Path) -> tuple[float, int]:
    """Return the aspect ratio and the pixels across (0 for a drawing), or (0, 0) if unreadable."""
    data = file.read_bytes()
    if file.suffix == ".png":
        if not data.startswith(PNG) or len(data) < 24:
            return 0, 0
        width, height = struct.unpack(">II", data[16:24])
        return (width / height if height else 0), width
    try:
        box = etree.fromstring(data, etree.XMLParser(resolve_entities=False, no_network=True)).get("viewBox", "")
        _, _, wide, high = (float(part) for part in box.replace(",", " ").split())
    except (etree.XMLSyntaxError, ValueError):
        return 0, 0
    return (wide / high if wide > 0 and high > 0 else 0), 0
