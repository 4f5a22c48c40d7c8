"""Contacts for which the back of a leaflet has no room stand in another panel, below a heading of their own."""

from __future__ import annotations

import subprocess

import pytest
from conftest import run

CONTACT = """  - id: service-{0}
    kind: health
    name: {{en: "Health service number {0} of the district", pt: "Serviço {0}"}}
    phone: "+1 202 555 01{1}"
    hours: 8:00-16:00
    source: your-source
"""


@pytest.mark.parametrize("count", [2, 7])
def test_moved_contacts_have_the_heading_of_the_back(tmp_path, count):
    run(tmp_path, "new", "campaign", "--readers", "open")
    root = tmp_path / "campaign"
    file = root / "assets/contacts/national.yml"
    more = "".join(CONTACT.format(number, 50 + number) for number in range(count))
    file.write_text(file.read_text("utf-8") + more, "utf-8")
    run(root, "prints", "--language", "en", "--format", "tri-fold")
    leaflet = root / "dist/national/en/office/wash-your-hands-en-tri-fold.pdf"
    inside = subprocess.run(
        ["pdftotext", "-f", "2", "-layout", leaflet, "-"], capture_output=True, text=True, check=True
    ).stdout
    moved = inside.find("Health service")
    assert (moved >= 0) == (count == 7)
    # Between the text of that panel and the first number.
    assert (0 <= inside.find("Who to call") < moved) == (count == 7)
