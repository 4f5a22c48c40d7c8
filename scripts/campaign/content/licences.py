"""Licences under which art and photos are given, and where each can be read."""

from __future__ import annotations

import re

from campaign.models.media import Rights
from campaign.schema.kinds import RightsNote

# Name as SPDX writes it -> address.
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
    """Whose a work is. Any licence will do; one of Creative Commons has to be one that there is."""
    licence, url = note.licence, note.licence_url
    known = LICENCES.get(_name(licence), "")
    if licence.upper().startswith("CC") and not known:
        fix = "Write it as in CC-BY-4.0, CC-BY-SA-4.0 or CC0-1.0."
        note.complain("licence-unknown", "licence", f"`{licence}` is no licence of Creative Commons.", fix)
    if url and not ADDRESS.fullmatch(url):
        fix = "Write the address at which the licence can be read, with https://."
        note.complain("address-wrong", "licence_url", f"`{url}` is not an address.", fix)
        url = ""
    return Rights(credit=note.credit, licence=licence, url=url or known, maker=note.maker or "")


def _name(typed: str) -> str:
    """`CC BY 4.0` and `cc-by-4.0` alike."""
    name = re.sub(r"[\s_-]+", "-", typed.strip()).upper()
    return "CC0-1.0" if name == "CC0" else name
