"""Files broken on purpose: each fault is found, and a whole file has none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from conftest import copy_campaign, run
from pikepdf import Array, Dictionary, Name

from campaign.catalogue import catalogue
from campaign.checks import check_print
from campaign.content import load
from campaign.model import Output


def leaflet(root: Path, flavour: str) -> tuple[Path, Output]:
    wanted = ("leaflet", "fil", "coast", flavour)
    outputs = catalogue(load(root)[0])
    output = next(each for each in outputs if (each.kind, each.language, each.place, each.flavour) == wanted)
    return root / "dist" / output.path, output


def faults(path: Path, output: Output) -> list[str]:
    return [problem.what for problem in check_print(path, output, "fil")]


def paint(operators: bytes) -> Callable[[pikepdf.Pdf], None]:
    """Adds operators to the first page."""
    return lambda pdf: pdf.pages[0].contents_add(operators)


def without(*names: Name) -> Callable[[pikepdf.Pdf], None]:
    def take(pdf: pikepdf.Pdf) -> None:
        for name in names:
            del pdf.Root[name]

    return take


def trim_short(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].trimbox = [0, 0, 500, 500]


def bleed_short(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].bleedbox = pdf.pages[0].trimbox


def unembed(pdf: pikepdf.Pdf) -> None:
    for one in pdf.objects:
        if isinstance(one, Dictionary) and one.get(Name.Type) == Name.FontDescriptor:
            for name in (Name.FontFile2, Name.FontFile3):
                if name in one:
                    del one[name]
            return


def embed_whole(pdf: pikepdf.Pdf) -> None:
    for one in pdf.objects:
        if isinstance(one, Dictionary) and one.get(Name.Type) == Name.FontDescriptor:
            one.FontName = Name("/" + str(one.FontName).partition("+")[2])


def add_link(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].Annots = Array([Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=[0, 0, 9, 9])])


def blend_in_rgb(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].obj.Group = Dictionary(Type=Name.Group, S=Name.Transparency, CS=Name.DeviceRGB)


def say_other_language(pdf: pikepdf.Pdf) -> None:
    pdf.Root.Lang = pikepdf.String("xx")


def letter_paper(pdf: pikepdf.Pdf) -> None:
    pdf.pages[0].mediabox = [0, 0, 612, 792]


PRESS = {
    "is trimmed to": trim_short,
    "does not reach 3 mm": bleed_short,
    "(OutputIntent)": without(Name.OutputIntents),
    "screen colours": paint(b"1 0 0 rg 0 0 9 9 re f"),
    "400 % of ink": paint(b"1 1 1 1 k 0 0 9 9 re f"),
    "several inks": paint(b"q 0.7 0.7 0.6 0.9 k BT () Tj ET Q"),
    "is not embedded": unembed,
    "embedded whole": embed_whole,
    "holds links": add_link,
    "It holds screen": blend_in_rgb,
}
OFFICE = {
    "bears no tags": without(Name.MarkInfo),
    "language is `fil`": say_other_language,
    "PDF/UA-1": without(Name.Metadata),
    "no office printer": letter_paper,
    "is not embedded": unembed,
}
BROKEN = [("print-shop", *each) for each in PRESS.items()] + [("office", *each) for each in OFFICE.items()]
BROKEN.append(("photocopy", "a colour or a tint", paint(b"0.8 g 0 0 9 9 re f")))


@pytest.mark.parametrize("flavour", ["office", "print-shop", "photocopy"])
def test_file_as_it_was_made_has_no_fault(tiny, flavour):
    assert faults(*leaflet(tiny, flavour)) == []


@pytest.mark.parametrize(("flavour", "said", "break_it"), BROKEN, ids=[f"{each[0]}: {each[1]}" for each in BROKEN])
def test_fault_is_named(tiny, tmp_path, flavour, said, break_it):
    path, output = leaflet(tiny, flavour)
    with pikepdf.open(path) as pdf:
        break_it(pdf)
        pdf.save(tmp_path / "broken.pdf")
    found = faults(tmp_path / "broken.pdf", output)
    assert any(said in what for what in found), found


def test_release_is_refused_with_every_cause_named(tiny, tmp_path):
    root = copy_campaign(tiny, tmp_path / "release")
    said = run(root, "build", "--release", code=1)
    assert "docs/ar/boil.md Nobody has reviewed this translation" in said
    assert "docs/ar/_strings.yml Nobody has reviewed" in said
    assert "`site_url` leads nowhere" in said
    assert not (root / "dist").exists()


def test_number_that_nobody_checked_stops_a_release(tiny):
    from dataclasses import replace

    from campaign.checks import check_release

    campaign, _ = load(tiny)
    unchecked = tuple(replace(contact, checked=None) for contact in campaign.contacts)
    found = [problem.what for problem in check_release(replace(campaign, contacts=unchecked))]
    assert any("has never been checked" in what for what in found)
