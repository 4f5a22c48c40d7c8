"""Other people's names: marks of partners on pieces that have a place for them; code and mark on posters."""

from __future__ import annotations

import re
import subprocess

import pytest
import zxingcpp
from conftest import HERE, copy_campaign, run, run_process
from PIL import Image, ImageDraw

from campaign.content import load
from campaign.desk.words import languages
from campaign.models.problem import Problem
from campaign.plan.outputs import catalogue
from campaign.printing import describe

SVG = 'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 60"'
MARK = f'<svg {SVG}><rect width="200" height="60" fill="#0a7d55"/></svg>'
NOTE = "name: Bayan\ncredit: Bayan\nlicence: by permission\n"


def partnered(root, partners: str):
    copy_campaign(HERE / "campaigns/tiny", root)
    folder = root / "assets/partners"
    folder.mkdir()
    (folder / "town.svg").write_text(MARK, encoding="utf-8")
    mark = Image.new("RGBA", (600, 300), (0, 0, 0, 0))
    ImageDraw.Draw(mark).ellipse((10, 10, 290, 290), fill="#c02030")
    mark.save(folder / "clinic.png")
    for name in ("town", "clinic"):
        (folder / f"{name}.yml").write_text(NOTE, encoding="utf-8")
    settings = root / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8").replace('version: "1"', f'version: "1"\n      partners: [{partners}]')
    settings.write_text(text, encoding="utf-8")
    return root


def described(root, format: str, flavour: str):
    campaign, problems = load(root)
    output = next(
        output
        for output in catalogue(campaign)
        if (output.format, output.flavour, output.language) == (format, flavour, "fil")
    )
    return describe(campaign, output), problems


def test_marks_of_partners_are_off_until_they_are_named(tmp_path):
    root = partnered(tmp_path / "campaign", "")
    text, problems = described(root, "a3", "office")
    assert "partners" not in text
    assert not [problem for problem in problems if "partner" in problem.id]


def test_named_partners_stand_on_pieces_in_their_order(tmp_path):
    root = partnered(tmp_path / "campaign", "clinic, town")
    handout = "---\ntitle: Papel\nformats: [handout]\n---\n\n## Pakuluan {#boil}\n\nIsang minuto.\n"
    (root / "docs/fil/paper.md").write_text(handout, encoding="utf-8")
    for format in ("a3", "tri-fold", "handout"):
        text, _ = described(root, format, "office")
        assert [name for name, *_ in text["partners"]["marks"]] == ["clinic", "town"]
    formats = ("--format", "a3", "--format", "tri-fold", "--format", "handout")
    # In this process pikepdf's warning about the mask of a mark in CMYK would be an error.
    run_process(root, "prints", *formats, "--language", "fil", "--place", "national")
    for file in (
        "national/fil/office/boil-the-water-fil-a3.pdf",
        "national/fil/office/boil-the-water-fil-tri-fold.pdf",
        "national/fil/office/paper-fil-handout.pdf",
    ):
        path = root / "dist" / file
        listed = subprocess.run(["pdfimages", "-list", path], capture_output=True, text=True, check=True).stdout
        assert " 600 " in listed
    # A master for photocopies has only black lines: names replace logos.
    names = subprocess.run(
        ["pdftotext", root / "dist/national/fil/photocopy/boil-the-water-fil-tri-fold-photocopy.pdf", "-"],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert "Kasama ang: Bayan at Bayan" in " ".join(names.split())
    # The campaign's own code is on the poster, large enough for a phone.
    drawn = tmp_path / "poster"
    poster = root / "dist/national/fil/office/boil-the-water-fil-a3.pdf"
    subprocess.run(["pdftoppm", "-r", "100", "-png", "-singlefile", poster, drawn], check=True)
    (code,) = zxingcpp.read_barcodes(Image.open(f"{drawn}.png"))
    assert code.text == "https://water.example/fil/posters/boil-the-water.html"


def test_partner_without_mark_or_note_and_a_small_one_are_named(tmp_path):
    root = partnered(tmp_path / "campaign", "town, school, clinic, harbour")
    folder = root / "assets/partners"
    (folder / "harbour.svg").write_text("<svg/>", encoding="utf-8")
    (folder / "harbour.yml").write_text(NOTE, encoding="utf-8")
    Image.new("RGB", (80, 40)).save(folder / "clinic.png")
    campaign, problems = load(root)
    results = {problem.id: problem for problem in problems if problem.id.startswith("partner")}
    assert set(results) == {"partner-missing", "partner-unreadable", "partner-small"}
    assert "school.svg or school.png is missing" in results["partner-missing"].message
    assert [partner.name for partner in campaign.partners] == ["town", "clinic"]


@pytest.mark.long
def test_code_that_has_no_room_on_a_poster_is_a_note(tmp_path):
    """A number with its extension fills the one slot that is wide enough; the next run, which makes nothing, says it
    again."""
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "tiny")
    only = ("posters", "--language", "fil", "--flavour", "office")
    art = root / "assets/posters/boil-the-water/art.svg"
    wide, narrow = 'x="20" y="320" width="257"', 'x="120" y="320" width="52"'
    art.write_text(art.read_text(encoding="utf-8").replace(wide, narrow), encoding="utf-8")
    assert "(code-left-out)" not in run(root, *only)
    contacts = root / "assets/contacts/national.yml"
    long = 'phone: "+44 20 7946 0018"\n    extension: "1234"'
    contacts.write_text(contacts.read_text(encoding="utf-8").replace("phone: 07700 900112", long), encoding="utf-8")
    # A title of many words is set so small that passers-by can't read it.
    poster, many = root / "docs/fil/posters/boil-the-water.md", f"## {'Pakuluan muna ' * 17}ito."
    poster.write_text(poster.read_text("utf-8").replace("## Pakuluan muna.", many), "utf-8")
    for _ in range(2):
        text = " ".join(run(root, *only).split())
        assert "note docs/fil/posters/boil-the-water.md The poster has no room for its QR code" in text, text
        title = r"md:10 (The `title` can be read from ([\d.]+) m .* of its 35 words about (\d+) would.*?\.) Shorten"
        match = re.search(title, text)
        assert 1 < float(match[2]) < 5, text
        assert 4 < int(match[3]) < 20, text
        assert f"{match[3]} das suas palavras" in languages()["pt"].localise(Problem("title-small", "x", match[1], ""))
