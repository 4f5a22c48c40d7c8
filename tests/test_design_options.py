"""Design options of a campaign in YAML: order, omissions, colours."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import HERE, copy_campaign

from campaign import printing
from campaign.checks.source import check_source
from campaign.content import load
from campaign.plan.outputs import catalogue
from campaign.printing import render_context as materials

LEAFLET = "docs/fil/leaflets/boil-the-water.md"


def campaign_with(root: Path, options: str, formats: str = "tri-fold"):
    root = copy_campaign(HERE / "campaigns/tiny", root)
    path = root / LEAFLET
    text = path.read_text(encoding="utf-8").replace("options: {", f"options: {{{options}, ", 1)
    path.write_text(text.replace("formats: [tri-fold]", f"formats: [{formats}]"), encoding="utf-8")
    return load(root)


def described(campaign, format: str = "tri-fold") -> dict:
    output = next(o for o in catalogue(campaign) if (o.language, o.format, o.flavour) == ("fil", format, "print-shop"))
    return printing.describe(campaign, output)


def test_design_follows_order_colours_and_what_is_left_out(tmp_path):
    wishes = "order: [right, left], without: [credit, sources], colours: {band: leaf}"
    campaign, _ = campaign_with(tmp_path / "campaign", wishes, "tri-fold, handout")
    leaflet, handout = described(campaign), described(campaign, "handout")
    assert leaflet["sheets"][1] == [["right", 100], ["middle", 100], ["left", 97]]
    assert list(handout["panels"]) == ["cover", "flap", "right", "middle", "left", "back"]
    assert (leaflet["imprint"]["credit"], leaflet["imprint"]["sources"]) == ("", [])
    data = materials.render_context(campaign, leaflet, [])
    assert data["colours"]["band"] == materials.colours(campaign)["leaf"]


def test_covers_are_printed_beside_each_other_with_a_letter_in_name_and_foot(tmp_path):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "campaign")
    folder = root / "assets/posters"
    shutil.copytree(folder / "boil-the-water", folder / "other")
    path = root / LEAFLET
    covers = (
        "covers:\n  - {art: boil-the-water, tested: {on: 2026-11-20, with: ten, understood: 17/20}}\n  - {art: other}\n"
    )
    path.write_text(path.read_text(encoding="utf-8").replace("formats:", f"{covers}formats:", 1), encoding="utf-8")
    campaign, problems = load(root)
    assert not [*problems, *check_source(campaign)]
    tried = [o for o in catalogue(campaign) if o.part in ("a", "b")]
    assert [Path(o.path).name for o in tried] == [f"boil-the-water-fil-tri-fold-{letter}.pdf" for letter in "ab"]
    assert not any(o.public for o in tried)
    first, other = (printing.describe(campaign, o) for o in tried)
    assert (first["art"], other["art"]) == ("boil-the-water", "other")
    assert f"{campaign.version}-B" in other["imprint"]["version"].replace("\u2060", "")
    assert described(campaign)["art"] == "boil-the-water"
    assert "-" not in described(campaign)["imprint"]["version"]
    assert [cover.tested is not None for cover in campaign.pages["fil", "leaflets/boil-the-water.md"].covers] == [
        True,
        False,
    ]
    shutil.rmtree(folder / "other")
    assert [p.id for p in check_source(load(root)[0])] == ["art-missing"]


@pytest.mark.parametrize(
    ("wish", "text"),
    [
        ("order: [right, nowhere]", "`options: order` can't contain `nowhere`"),
        ("order: [cover, left]", "`options: order` can't contain `cover`"),
        ("order: [left, left]", "names a section twice"),
        ("without: [back]", "`options: without` can't contain `back`"),
        ("colours: {band: puce}", "`options: colours` can't contain `puce`"),
        ("colours: puce", "takes `name: other` pairs"),
        ("inks: [puce]", "`options: inks` can't contain `puce`"),
        ("inks: [band]", "`options: inks` has no effect on this page's formats"),
        ("artt: x", "The key `artt` is not known"),
        ("place: no", "The key `place` is not known"),
    ],
)
def test_option_that_no_design_knows_or_can_follow_is_named(tmp_path, wish, text):
    campaign, problems = campaign_with(tmp_path / "campaign", wish)
    problems += check_source(campaign)
    assert any(text in problem.message and problem.where.startswith(LEAFLET) for problem in problems), problems
