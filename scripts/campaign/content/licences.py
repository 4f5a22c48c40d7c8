"""Licences of art and photos, and their addresses."""

from __future__ import annotations

import re

from campaign.models.media import Rights
from campaign.schema.kinds import RightsNote

# SPDX id -> address.
LICENCES = {
    "CC0-1.0": "https://creativecommons.org/publicdomain/zero/1.0/",
    **{
        f"CC-{kind}-{version}": f"https://creativecommons.org/licenses/{kind.lower()}/{version}/"
        for kind in ("BY", "BY-SA", "BY-ND", "BY-NC", "BY-NC-SA", "BY-NC-ND")
        for version in ("2.0", "2.5", "3.0", "4.0")
    },
}
ADDRESS = re.compile(r"https?://[^\s/?#]+\.[^\s<>\"]+")


def read_rights(note: RightsNote) -> Rights:
    """Return the rights to a work. Any licence is accepted; one of Creative Commons has to exist."""
    licence, url = note.licence, note.licence_url
    if fault := licence_fault(licence):
        note.complain("licence-unknown", "licence", *fault)
    if url and not ADDRESS.fullmatch(url):
        fix = "Write the address at which the licence can be read, with https://."
        note.complain("address-wrong", "licence_url", f"`{url}` is not an address.", fix)
        url = ""
    return Rights(credit=note.credit, licence=licence, url=url or licence_url(licence), maker=note.maker or "")


def licence_url(licence: str) -> str:
    """Return the address of a licence of Creative Commons, or ''."""
    return LICENCES.get(_name(licence), "")


def licence_fault(licence: str) -> tuple[str, str] | None:
    """Return what is wrong with a licence, and how to write it; None if it can be used."""
    if not licence.upper().startswith("CC") or licence_url(licence):
        return None
    fix = "Write it as in CC-BY-4.0, CC-BY-SA-4.0 or CC0-1.0."
    return f"`{licence}` is no licence of Creative Commons.", fix


def _name(raw: str) -> str:
    name = re.sub(r"[\s_-]+", "-", raw.strip()).upper()
    return "CC0-1.0" if name == "CC0" else name
