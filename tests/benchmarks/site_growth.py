"""How the time to build a site grows with its pages, compared with stock Material and Hugo, all in one run.

    python tests/benchmarks/site_growth.py HUGO [PAGES ...]

HUGO: the path of the binary (`make bench` installs it). PAGES: pages a language, four languages (50 250 1000). Each
side is built cold from the same words with the same small menu (written_sites.py), ours again with nothing changed, and
after one sentence. Earlier measurements are in MEASURED.md.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from measured import CAMPAIGN, Run, measure
from written_sites import LANGUAGES, page_path, write_campaign, write_hugo, write_stock

SIZES = (50, 250, 1000)


def grow(hugo: Path, pages: int, folder: Path) -> dict[str, Run]:
    """Each build: cold, nothing, sentence, hugo, stock."""
    ours = write_campaign(folder / "ours", pages)
    stock, plain = write_stock(folder / "stock", pages), write_hugo(folder / "hugo", pages)
    results = {"cold": measure(*CAMPAIGN, "build", at=ours), "nothing": measure(*CAMPAIGN, "build", at=ours)}
    page = ours / f"docs/{LANGUAGES[0][0]}/{page_path(pages // 2)}.md"
    page.write_text(page.read_text(encoding="utf-8") + "\nOne sentence more.\n", encoding="utf-8")
    results["sentence"] = measure(*CAMPAIGN, "build", at=ours)
    results["hugo"] = measure(hugo, "--quiet", at=plain)
    results["stock"] = measure(sys.executable, "-m", "mkdocs", "build", "--quiet", at=stock)
    return results


def main() -> None:
    hugo = Path(sys.argv[1]).resolve()
    print(
        "pages x 4 | seconds of processors: cold, nothing, sentence | hugo, stock | cold/hugo cold/stock sentence/hugo"
    )
    for pages in map(int, sys.argv[2:] or SIZES):
        with tempfile.TemporaryDirectory() as folder:
            cpu = {name: run.cpu for name, run in grow(hugo, pages, Path(folder)).items()}
        ours = " ".join(f"{cpu[name]:6.2f}" for name in ("cold", "nothing", "sentence"))
        ratios = (
            f"{cpu['cold'] / cpu['hugo']:6.1f} {cpu['cold'] / cpu['stock']:6.2f} {cpu['sentence'] / cpu['hugo']:6.2f}"
        )
        print(f"{pages:9} | {ours} | {cpu['hugo']:6.2f} {cpu['stock']:6.2f} | {ratios}", flush=True)


if __name__ == "__main__":
    main()
