"""A print run compared with WeasyPrint's on the same words: 15 places x 4 languages x 3 leaflets x 2 flavours.

    .venv/bin/python tests/benchmarks/print_run.py PYTHON [SHARE]

PYTHON: one that has WeasyPrint, in a separate venv. SHARE: WeasyPrint sets every n-th of the 360 (default 6),
and its seconds are counted for each PDF. This side starts from nothing: it reads the campaign, sets type, turns colours
into inks and checks every file.
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from measured import CAMPAIGN, REPOSITORY, Run, measure

from campaign import printing
from campaign.content import load
from campaign.document.html import HtmlWriter
from campaign.models.campaign import Campaign
from campaign.models.outputs import Output
from campaign.plan.outputs import catalogue

LANGUAGES = ("en", "tet", "pt", "id")
PIECES = ("know-the-signs", "before-you-go", "good-to-know")
FLAVOURS = ("office", "print-shop")
PEER = """
import sys
from weasyprint import CSS, HTML
from weasyprint.text.fonts import FontConfiguration
fonts = FontConfiguration()
css = CSS(filename=sys.argv[1], font_config=fonts)
for path in sys.stdin.read().splitlines():
    more = {} if "print-shop" in path else {"pdf_variant": "pdf/ua-1"}
    HTML(filename=path).write_pdf(path + ".pdf", stylesheets=[css], font_config=fonts, **more)
"""
STYLE = """
@font-face { font-family: Andika; src: url(Andika-Regular.ttf) }
@font-face { font-family: Andika; font-weight: bold; src: url(Andika-Bold.ttf) }
@page { size: 297mm 210mm; margin: 12mm }
body { font: 11.5pt/1.35 Andika; columns: 3; column-gap: 13mm; color: #14213d; margin: 0 }
section { break-inside: avoid-column } h2 { font-size: 17pt; margin: 0 0 3mm } img { width: 100%; height: 90mm }
"""


def copy_campaign(target: Path) -> list[Output]:
    """The campaign with three of its leaflets; the 360 outputs."""
    for name in ("docs", "assets", "overrides"):
        shutil.copytree(REPOSITORY / name, target / name)
    shutil.copyfile(REPOSITORY / "mkdocs.yml", target / "mkdocs.yml")
    campaign, _ = load(target)
    for page in campaign.pages.values():
        path = target / page.where
        if "tri-fold" in page.formats and page.stem not in PIECES:
            path.write_text(path.read_text(encoding="utf-8").replace("formats: [tri-fold]\n", ""), encoding="utf-8")
    return [
        output
        for output in catalogue(load(target)[0])
        if output.kind == "leaflet" and output.language in LANGUAGES and output.flavour in FLAVOURS
    ]


def write_pages(campaign: Campaign, outputs: list[Output], folder: Path) -> list[str]:
    """The same words as plain HTML, a file for each output."""
    for font in ("Andika-Regular.ttf", "Andika-Bold.ttf"):
        shutil.copyfile(REPOSITORY / "assets/fonts" / font, folder / font)
    (folder / "style.css").write_text(STYLE, encoding="utf-8")
    paths = []
    for output in outputs:
        described = printing.describe(campaign, output)
        page = printing.find_piece(campaign, output).page
        art = (campaign.root / "assets/posters" / described["art"] / "cover.svg").as_posix()
        writer = HtmlWriter(page.document, campaign.sources)
        sections = "".join(
            f"<section><h2>{panel.title}</h2>{writer.blocks(panel.blocks)}</section>" for panel in page.panels
        )
        contacts = "".join(
            f"<p><b>{item['kind']}</b> {item['name']}<br><b>{item['phone']}</b><br>{item['check']}</p>"
            for item in (*described["contacts"]["national"], *described["contacts"]["local"])
        )
        path = folder / f"{output.name}-{output.language}-{output.place}-{output.flavour}.html"
        path.write_text(
            f'<!doctype html><html lang="{output.language}"><title>{page.title}</title><body><img src="{art}" alt="">'
            f"{sections}{contacts}<p>{described['imprint']['issued']}</p></body></html>",
            encoding="utf-8",
        )
        paths.append(str(path))
    return paths


def print_both(python: str, share: int = 6) -> tuple[int, Run, int, Run]:
    """The number of our PDFs and our run; the number of WeasyPrint's and its run."""
    with TemporaryDirectory() as folder:
        root, html = Path(folder, "campaign"), Path(folder, "html")
        html.mkdir()
        outputs = copy_campaign(root)
        chosen = [part for language in LANGUAGES for part in ("--language", language)]
        chosen += [part for flavour in FLAVOURS for part in ("--flavour", flavour)]
        own = measure(*CAMPAIGN, "leaflets", *chosen, at=root)
        result = len(list((root / "dist").rglob("*.pdf")))
        assert result == len(outputs), (result, len(outputs))
        pages = write_pages(load(root)[0], outputs, html)[::share]
        peer = measure(python, "-c", PEER, html / "style.css", at=html, given="\n".join(pages))
    return result, own, len(pages), peer


def main(python: str, share: int = 6) -> None:
    made, own, count, peer = print_both(python, share)
    for name, pieces, run in (("campaign", made, own), ("WeasyPrint", count, peer)):
        print(f"{name:12}{pieces:5} PDFs{run.wall:8.1f} s{run.cpu:8.1f} s of CPU; ", end="")
        print(f"a PDF{run.wall / pieces * 1000:7.0f} ms{run.cpu / pieces * 1000:7.0f} ms of CPU")
    wall, cpu = peer.wall / count / (own.wall / made), peer.cpu / count / (own.cpu / made)
    print(f"WeasyPrint takes {wall:.1f} times as long, and {cpu:.1f} times the CPU.")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
