"""A print run beside WeasyPrint's on the same words: 15 places x 4 languages x 3 leaflets x 2 flavours.

    .venv/bin/python tests/benchmarks/print_run.py PYTHON [SHARE]

PYTHON: one that has WeasyPrint, in a venv of its own. SHARE: WeasyPrint sets every so many-th of the 360 (default 6),
and its seconds are counted for each PDF. This side starts from nothing: it reads the campaign, sets type, turns colours
into inks and checks every file.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

from campaign import printing
from campaign.content import load
from campaign.document.html import HtmlWriter
from campaign.models.campaign import Campaign
from campaign.models.outputs import Output
from campaign.plan.outputs import catalogue

REPOSITORY = Path(__file__).resolve().parent.parent.parent
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


def run(command: list[str], **more: object) -> tuple[float, float]:
    """Seconds by the clock, and of CPU in all processes, that a command takes."""
    before, begun = resource.getrusage(resource.RUSAGE_CHILDREN), time.monotonic()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, **more)  # type: ignore[call-overload]
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return time.monotonic() - begun, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


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
            f"<p><b>{each['kind']}</b> {each['name']}<br><b>{each['phone']}</b><br>{each['check']}</p>"
            for each in (*described["contacts"]["national"], *described["contacts"]["local"])
        )
        path = folder / f"{output.name}-{output.language}-{output.place}-{output.flavour}.html"
        path.write_text(
            f'<!doctype html><html lang="{output.language}"><title>{page.title}</title><body><img src="{art}" alt="">'
            f"{sections}{contacts}<p>{described['imprint']['issued']}</p></body></html>",
            encoding="utf-8",
        )
        paths.append(str(path))
    return paths


def main(python: str, share: int = 6) -> None:
    with TemporaryDirectory() as folder:
        root, html = Path(folder, "campaign"), Path(folder, "html")
        html.mkdir()
        outputs = copy_campaign(root)
        chosen = [part for language in LANGUAGES for part in ("--language", language)]
        chosen += [part for flavour in FLAVOURS for part in ("--flavour", flavour)]
        environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "scripts"), "NO_MKDOCS_2_WARNING": "1"}
        own = run([sys.executable, "-m", "campaign", "--root", str(root), "leaflets", *chosen], env=environment)
        made = len(list((root / "dist").rglob("*.pdf")))
        assert made == len(outputs), (made, len(outputs))
        pages = write_pages(load(root)[0], outputs, html)[::share]
        peer = run([python, "-c", PEER, str(html / "style.css")], input="\n".join(pages), text=True)
    for name, count, (wall, cpu) in (("campaign", made, own), ("WeasyPrint", len(pages), peer)):
        print(f"{name:12}{count:5} PDFs{wall:8.1f} s{cpu:8.1f} s of CPU; a PDF{wall / count * 1000:7.0f} ms", end="")
        print(f"{cpu / count * 1000:7.0f} ms of CPU")
    wall, cpu = (peer[at] / len(pages) / (own[at] / made) for at in (0, 1))
    print(f"WeasyPrint takes {wall:.1f} times as long, and {cpu:.1f} times the CPU.")


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
