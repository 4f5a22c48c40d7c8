"""One moment by which numbers, consents and embargoes are old, on the site and on paper."""

from __future__ import annotations

import re
import shutil
import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest
from conftest import HERE, copy_campaign, copy_or_link, run
from test_bad_input import edit

from campaign.content import load

RIVER = "assets/contacts/river.yml"
CHECKED_ON_LABEL, CHECK_AGAIN_LABEL = "Tiniyak noong", "tiyakin muli"
IN_2027 = "1813017600"


def labels_in(root: Path) -> set[str]:
    """Return when a number was checked, according to the site's pages and the leaflets of a place."""
    files = [root / "site/fil/services.html", *(root / "dist/river/fil").glob("*/*.pdf")]
    assert len(files) > 2
    labels = set()
    for file in files:
        if file.suffix == ".pdf":
            text = subprocess.run(["pdftotext", file, "-"], capture_output=True, check=True).stdout.decode()
        else:
            text = re.search(r"id=who-river-clinic.*?</li>", file.read_text(encoding="utf-8"))[0]
        labels.add(
            ", ".join(words for words in (CHECKED_ON_LABEL, CHECK_AGAIN_LABEL) if words in " ".join(text.split()))
        )
    return labels


def test_number_ages_on_the_site_and_on_paper_alike_though_nobody_edits_a_file(tiny, tmp_path, monkeypatch):
    root = shutil.copytree(tiny, tmp_path / "older", copy_function=copy_or_link)
    assert labels_in(root) == {CHECKED_ON_LABEL}
    monkeypatch.setenv("SOURCE_DATE_EPOCH", IN_2027)
    run(root, "build")
    assert labels_in(root) == {CHECK_AGAIN_LABEL}
    assert "Nothing to do" in run(root, "build")
    assert "(river-clinic) was last checked on 2026-11-01" in run(root, "build", "--release", code=1)


def test_clock_counts_where_no_moment_is_set(tmp_path, monkeypatch):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "now")
    monkeypatch.delenv("SOURCE_DATE_EPOCH")
    for days, fresh in ((0, ["river-clinic"]), (179, ["river-clinic"]), (181, [])):
        file = root / RIVER
        shutil.copyfile(HERE / "campaigns/tiny" / RIVER, file)
        edit(root, RIVER, "on: 2026-11-01", f"on: {date.today() - timedelta(days)}")
        campaign, _ = load(root)
        assert [contact.id for contact in campaign.all_contacts if contact.is_fresh] == fresh


@pytest.mark.parametrize("raw", ["yesterday", "9" * 30])
def test_moment_that_is_none_is_named(tmp_path, monkeypatch, raw):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "odd")
    monkeypatch.setenv("SOURCE_DATE_EPOCH", raw)
    assert f"SOURCE_DATE_EPOCH `{raw}` is no moment." in run(root, "build", code=1)
