"""Contacts on a leaflet: those for which the back has no room have a heading of their own; names keep to their box."""

from __future__ import annotations

import re
import subprocess

import pytest
from conftest import mostly_long, run

CONTACT = """  - id: service-{0}
    kind: health
    name: {{en: "Health service number {0} of the district", pt: "Serviço {0}"}}
    phone: "+1 202 555 01{1}"
    hours: 8:00-16:00
    source: your-source
"""


@pytest.mark.parametrize("count", mostly_long([2, 7], 2))
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


LONG = ["Kraftfahrzeughaftpflichtversicherung", "Lentokonesuihkuturbiinimoottoriapumekaanikko", "பாதுகாப்பற்றவர்களுக்காகவும்"]
# The frame around the main number on the back of an office print, in points: between the gutters of its panel.
FRAME = tuple(millimetres * 72 / 25.4 for millimetres in (97 + 6.5, 197 - 6.5))


@pytest.mark.parametrize("name", mostly_long(LONG, LONG[-1]))
def test_name_of_the_main_service_keeps_to_its_box(tmp_path, name):
    run(tmp_path, "new", "campaign", "--readers", "open")
    root = tmp_path / "campaign"
    file = root / "assets/contacts/national.yml"
    line = f'    name: {{en: "{name}", pt: "Serviço"}}\n'
    file.write_text(
        file.read_text("utf-8").replace("    does: [ambulance]\n", f"    does: [ambulance]\n{line}"), "utf-8"
    )
    run(root, "prints", "--language", "en", "--format", "tri-fold")
    leaflet = root / "dist/national/en/office/wash-your-hands-en-tri-fold.pdf"
    boxes = subprocess.run(["pdftotext", "-l", "1", "-bbox", leaflet, "-"], capture_output=True, text=True, check=True)
    words = re.findall(r'xMin="([\d.]+)".*?xMax="([\d.]+)".*?>([^<]*)</word>', boxes.stdout)
    (low, high), *_ = [(float(low), float(high)) for low, high, word in words if word.startswith(name[:20])]
    assert FRAME[0] < low < high < FRAME[1]
