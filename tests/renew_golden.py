"""Renew the golden files: run it after an intended change, and read the diff before you commit it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from conftest import HERE, copy_campaign, run
from document_dump import dump
from test_bad_input import GOLDEN, break_everything, messages
from test_describe import golden_pages, read_site
from test_faults import GOLDEN as FAULTS
from test_faults import INTRO, MISTAKES, messages_of, new_campaign
from test_press import golden_files
from test_prints import describe_golden
from test_words import LOOKED_AT, SHARES, report_shares, words_to_look_at

from campaign.document.reader import read_document

TINY = HERE / "campaigns/tiny"


def main() -> None:
    GOLDEN.parent.mkdir(exist_ok=True)
    (HERE / "golden/leaflet-fil-coast.json").write_text(describe_golden(TINY), encoding="utf-8")
    sample = (HERE / "golden/document.md").read_text(encoding="utf-8")
    (HERE / "golden/document.txt").write_text(dump(read_document(sample)), encoding="utf-8")
    LOOKED_AT.write_text("\n".join(words_to_look_at()) + "\n", encoding="utf-8")
    SHARES.write_text(report_shares(), encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        root = copy_campaign(TINY, Path(folder) / "whole")
        run(root, "press")
        for name, text in {**golden_files(root), **golden_pages(*read_site(root))}.items():
            (HERE / "golden" / name).write_text(text, encoding="utf-8")
        root = copy_campaign(TINY, Path(folder) / "broken")
        break_everything(root)
        GOLDEN.write_text(messages(run(root, "build", code=1)), encoding="utf-8")
        fresh = new_campaign(Path(folder))
        rows = (f"## {name}\n" + "\n".join(messages_of(fresh, name)) for name in MISTAKES)
        FAULTS.write_text(INTRO + "\n\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
