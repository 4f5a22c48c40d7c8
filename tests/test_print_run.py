"""The table of copies and the job tickets that are made from it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import HERE, copy_campaign, run

from campaign.content import load

TABLE = """\
boil-the-water:
  tri-fold:
    paper: "115 g <coated>"
    copies:
      fil: {national: 50, coast: 30}
      ar: 20
"""


def campaign_with(target: Path, table: str, built: Path | None = None) -> Path:
    root = copy_campaign(built or HERE / "campaigns/tiny", target, is_warm=bool(built))
    (root / "assets/print-run.yml").write_text(table, encoding="utf-8")
    return root


def test_ticket_says_what_a_print_shop_has_to_know(tiny, tmp_path):
    root = campaign_with(tmp_path / "campaign", TABLE, tiny)
    run(root, "build")
    tickets = root / "dist/job-tickets"
    assert sorted(path.name for path in tickets.iterdir()) == ["job-ticket-ar.html", "job-ticket-fil.html"]
    filipino, arabic = ((tickets / f"job-ticket-{code}.html").read_text(encoding="utf-8") for code in ("fil", "ar"))
    assert "FOGRA39" in filipino
    assert "297 × 210 mm" in filipino
    assert "115 g &lt;coated&gt;" in filipino
    assert "<td>80</td>" in filipino
    assert "do not print yet" in arabic
    # As the panels lie on the sheet, from left to right.
    assert "flap 97 | back 100 | cover 100 mm" in filipino
    assert "cover 100 | back 100 | flap 97 mm" in arabic
    for path in re.findall(r"<code>([^<]+\.pdf)</code>", filipino + arabic):
        assert (root / "dist" / path).is_file()
    assert len(re.findall("<code>(?:national|coast|hill|river)/", filipino + arabic)) == 3


@pytest.mark.parametrize(
    ("change", "line", "text"),
    [
        (("boil-the-water:", "boil-the-watr:"), 2, "No page is printed as `boil-the-watr`"),
        (("tri-fold", "a5-fold"), 3, "is not printed as `a5-fold`"),
        (("fil: {national: 50", "xx: {national: 50"), 5, "in `xx`"),
        (("coast: 30", "moon: 300"), 5, "not made for `moon`"),
        (("ar: 20", "ar: many"), 6, "`many` is no number of copies"),
        (("ar: 20", "ar: -5"), 6, "`-5` is no number"),
        (("paper:", "papier:"), 3, "The key `papier` is not known"),
        (("boil-the-water:\n", "- one\nboil-the-water:\n"), 2, "moved in by two spaces"),
    ],
)
def test_fault_in_the_table_is_named_with_its_line(tmp_path, change, line, text):
    root = campaign_with(tmp_path / "campaign", TABLE.replace(*change))
    results = [problem for problem in load(root)[1] if problem.where.startswith("assets/print-run.yml")]
    assert any(text in problem.message for problem in results), results
    assert line in {int(problem.where.rpartition(":")[2]) for problem in results}
