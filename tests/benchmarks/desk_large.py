"""How long the desk takes to show each page of a campaign ten times HELP's size, the page's length, and the memory.

    .venv/bin/python tests/benchmarks/desk_large.py [FOLDER]

FOLDER: where such a campaign is, or is made and read first (a minute). Ten of each page but posters and shirts, 452
places with two contacts each, half of them had had another number, one of those numbers typed into each page, ten times
the sources, 500 saves, a log of 10,000 rows, a correction of 3,000 files and texts. Seconds until the page is loaded,
the best of three and the first; its height in pixels; memory of the desk and its child processes, in MB.
"""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from country import country
from desk import memory, opened

TIMES, PLACES, ROWS, SAVES, BEARERS = 10, 452, 10_000, 500, 3_000
OTHER_PAGES = ("index.md", "sources.md", "downloads.md", "press.md")
PAGES = (
    "", "?who=keeper", "?who=editor", "?who=facts", "contacts", "sources", "history", "corrections/village-9-1",
    "print?place=village-9&language=en&printer=office&what=all&copies=30",
    "print?place=national&language=en&printer=office&what=all&copies=30", "print", "texts", "publish", "look",
)  # fmt: skip


def large(root: Path) -> None:
    """The campaign."""
    country(root, PLACES)
    docs, now = root / "docs", datetime.now(UTC).date()
    for page in [*docs.glob("[a-z]*/**/*.md")]:
        below = page.relative_to(docs)
        if below.name in OTHER_PAGES or {"posters", "shirts"} & set(below.parts):
            continue
        text = page.read_text(encoding="utf-8").rstrip() + "\n"
        stamp = docs / "_stamped" / Path(*below.parts[1:]).with_name(f"{below.name}.json")
        for n in range(2, TIMES + 1):
            more = f"\n0770 {n:04} 99.\n" if "formats" not in text else ""
            page.with_stem(f"{page.stem}-{n}").write_text(text + more, encoding="utf-8")
            if stamp.is_file():
                shutil.copy(stamp, stamp.with_name(f"{below.stem}-{n}.md.json"))
    for n in range(PLACES):
        rows = [
            f"  - id: village-{n}-{index}\n    kind: police\n    name: Village {n}, {index}\n    does: [police]\n"
            f'    phone: "0770 {n:04} {index}1"\n    source: emergency-112\n'
            + (
                f'    former:\n      - phone: "0770 {n:04} 99"\n        until: {now - timedelta(days=9)}\n'
                if index
                else ""
            )
            for index in range(2)
        ]
        (root / f"assets/contacts/village-{n}.yml").write_text("contacts:\n" + "".join(rows), encoding="utf-8")
    sources = docs / "_sources.yml"
    more = "".join(
        f'source-{n}:\n  title: "Source {n}"\n  publisher: "Office {n}"\n  read: 2026-11-20\n' for n in range(1_000)
    )
    sources.write_text(sources.read_text(encoding="utf-8") + more, encoding="utf-8")
    # Each is cited, so that it is counted.
    for n, page in enumerate(sorted(docs.glob("en/*-[0-9]*.md"))):
        notes = " ".join(f"Fact.[^source-{index}]" for index in range(n * 10, n * 10 + 10) if index < 1_000)
        page.write_text(page.read_text(encoding="utf-8") + f"\n{notes}\n", encoding="utf-8")
    log(root)
    saves(root)
    correction(root)


def log(root: Path) -> None:
    """10,000 rows of the hand-out log."""
    (root / "handed-out").mkdir()
    with (root / "handed-out/hand-out.csv").open("w", encoding="utf-8-sig", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(("day", "place", "piece", "language", "version", "group", "number"))
        for n in range(ROWS):
            row = ("2026-11-20", f"village-{n % 400}", "leaflets/know-the-signs", "en", "2026.1", "public", 30 + n % 9)
            rows.writerow(row)


def saves(root: Path) -> None:
    """As many saves as the desk keeps, of the largest file that people edit."""
    from campaign.desk.files import Change, Files, version_of

    files, name = Files(root), "docs/_sources.yml"
    for n in range(SAVES):
        before = files.read(name)
        files.save(f"Source {n} changed", "Ana", {name: Change(version_of(before), (before or b"") + b"# .\n")})


def correction(root: Path) -> None:
    """The files of a correction of thousands of pieces and texts."""
    from campaign.packs.correction import AFFECTED_PIECES_FILE as TABLE
    from campaign.packs.correction import COLUMNS, FOLDER

    folder = root / "dist" / FOLDER / "village-9-1"
    folder.mkdir(parents=True)
    with (folder / TABLE).open("w", encoding="utf-8", newline="") as file:
        rows = csv.writer(file)
        rows.writerow(COLUMNS)
        for n in range(BEARERS):
            where = f"docs/en/signs-{n % 9 + 2}.md:{n}"
            rows.writerow((f"piece-{n}", "en", f"village-{n % 400}", "tri-fold", 12, f"x/{n}.pdf", "", "", where))
    for code in ("en", "tet", "pt", "id"):
        for name in ("labels.pdf", "notice.pdf", "notice.png", "notice.txt"):
            stem, _, suffix = name.partition(".")
            (folder / f"{stem}-{code}.{suffix}").write_bytes(b"%PDF-")


def main(root: Path) -> None:
    if not (root / "mkdocs.yml").is_file():
        root.mkdir(parents=True, exist_ok=True)
        large(root)
    start_time = time.monotonic()
    subprocess.run([sys.executable, "-m", "campaign", "check"], cwd=root, stdout=subprocess.DEVNULL, check=False)
    print(f"read and checked in {time.monotonic() - start_time:.0f} s, {len([*root.glob('docs/**/*.md')]):,} pages")
    with opened(root) as (desk, page, base, _):
        for _ in range(200):  # until Today shows the results
            page.goto(base)
            if page.locator(".problems li").count() and "…" not in page.inner_text("#today p >> nth=1", timeout=1000):
                break
            time.sleep(2)
        for name in PAGES:
            times = []
            for _ in range(3):
                start_time = time.monotonic()
                page.goto(f"{base}{name}", wait_until="load")
                times.append(time.monotonic() - start_time)
            high = page.evaluate("document.documentElement.scrollHeight")
            weight = len(page.content()) / 1000
            name = re.sub(r"&language.*", "", name) or "today"
            print(f"{name:40} {min(times):6.2f} s (first {times[0]:.2f}) {high:8,} px {weight:8,.0f} kB", flush=True)
        page.goto(f"{base}print")
        page.fill("#log-number", "30")
        start_time = time.monotonic()
        with page.expect_navigation():
            page.click('[action$="handed-out"] button')
        print(f"one row more in the log: {time.monotonic() - start_time:.2f} s; {memory(desk.pid)} MB")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        main(Path(sys.argv[1]).resolve())
    else:
        with TemporaryDirectory() as made:
            main(Path(made) / "campaign")
