"""Writes the index of DECISIONS.md: its headings by their subject, newest first (`make index`).

A heading is `## 2026-11-27 [desk] What was decided`. tests/test_house.py holds index and order.
"""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

FILE = Path(__file__).parents[1] / "DECISIONS.md"
HEADING = re.compile(r"^## (?P<day>\d{4}-\d\d-\d\d) \[(?P<subject>[a-z ]+)\] (?P<title>.+)$", re.MULTILINE)
BEGIN, END = "<!-- index -->\n", "<!-- end of index -->\n"


def main() -> None:
    FILE.write_text(indexed(FILE.read_text(encoding="utf-8")), encoding="utf-8")


def indexed(text: str) -> str:
    """The text with its index made anew."""
    head, rest = text.split(BEGIN)
    by_subject = defaultdict(list)
    for found in HEADING.finditer(text):
        by_subject[found["subject"]].append(f"[{found['title']}](#{_anchor(found[0].removeprefix('## '))})")
    lines = [f"- **{subject}**: {'; '.join(by_subject[subject])}\n" for subject in sorted(by_subject)]
    return head + BEGIN + "".join(lines) + END + rest.split(END)[1]


def _anchor(heading: str) -> str:
    """What a host of repositories makes of a heading."""
    return re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")


if __name__ == "__main__":
    main()
