"""Paper and press: another profile gives other inks, limits and output intents; an invalid one is named."""

from __future__ import annotations

import re
from pathlib import Path

import pikepdf
import pytest
from conftest import HERE, copy_campaign, run
from PIL import Image

from campaign.checks.painted import read_painted
from campaign.content import load
from campaign.content.identity import FOLDER, SHIPPED_PROFILES
from campaign.printing.separations import separate, separate_colour

IDENTITY = "assets/identity.yml"
LEAFLET = "dist/national/fil/print-shop/boil-the-water-fil-tri-fold-print-shop.pdf"


def campaign_with(target: Path, print_line: str, without_inks: bool = False) -> Path:
    root = copy_campaign(HERE / "campaigns/tiny", target)
    path = root / IDENTITY
    text = path.read_text(encoding="utf-8")
    if without_inks:
        text = re.sub(r" cmyk: \[[^]]*\],", "", text)
    path.write_text(f"{print_line}\n{text}", encoding="utf-8")
    return root


def intent_and_inks(root: Path) -> tuple[pikepdf.Object, set[tuple[float, ...]]]:
    with pikepdf.open(root / LEAFLET) as pdf:
        intent = pdf.Root.OutputIntents[0]
        profile = intent.DestOutputProfile.read_bytes()
        inks = {paint.parts for paint in read_painted(pdf).paints if paint.kind == "ink"}
        return {"condition": str(intent.OutputConditionIdentifier), "profile": profile}, inks


@pytest.mark.parametrize(
    ("line", "condition", "file"),
    [
        ("print: {profile: FOGRA47}", "FOGRA47", "FOGRA47L_uncoated.icc"),
        ("print: {profile: press.icc, condition: House paper, ink-limit: 260}", "House paper", "FOGRA47L_uncoated.icc"),
    ],
)
def test_inks_and_output_intent_follow_the_profile(tmp_path, line, condition, file):
    root = campaign_with(tmp_path / "other", line, without_inks=True)
    (root / "assets/press.icc").write_bytes((FOLDER / "FOGRA47L_uncoated.icc").read_bytes())
    run(root, "leaflets", "--language", "fil", "--place", "national", "--flavour", "print-shop")
    text, inks = intent_and_inks(root)
    assert text == {"condition": condition, "profile": (FOLDER / file).read_bytes()}
    limit = 2.6 if "260" in line else 2.8
    # #0b5a64 is the band's colour: a deep teal that this paper cannot take without black.
    expected = separate_colour("#0b5a64", load(root)[0].identity.profile)
    assert any(
        max(abs(a - b) for a, b in zip(parts, expected, strict=True)) < 0.02 for parts in inks if len(parts) == 4
    )
    assert max(sum(parts) for parts in inks) <= limit + 0.01


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("print: {profile: FOGRA99}", "`FOGRA99` is neither a known profile"),
        ("print: {profile: ../mkdocs.yml}", "is neither a known profile"),
        ("print: {profile: identity.yml}", "is not an ICC profile"),
        ("print: {profile: screen.icc}", "not a profile of a press with four inks"),
        ("print: {profile: FOGRA39, ink-limit: 900}", "`ink-limit` is a percentage"),
        ("print: {paper: coated}", "The key `paper` is not known"),
        ("print: {ink-limit: 150}", "more than the paper takes (150 %)"),
    ],
)
def test_profile_that_cannot_be_used_is_named(tmp_path, line, text):
    from PIL import ImageCms

    root = campaign_with(tmp_path / "bad", line)
    screen = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    (root / "assets/screen.icc").write_bytes(screen)
    results = [problem for problem in load(root)[1] if text in problem.message]
    assert results
    assert all(problem.where.startswith(f"{IDENTITY}:") for problem in results)


@pytest.mark.parametrize("name", SHIPPED_PROFILES)
def test_no_screen_colour_becomes_more_ink_than_the_paper_takes(name):
    """The profile itself asks for 300 % where uncoated paper takes 280."""
    profile = SHIPPED_PROFILES[name]
    every = Image.merge("RGB", [Image.effect_noise((200, 200), 200) for _ in range(3)])
    total = max(sum(dot) for dot in zip(*(band.tobytes() for band in separate(every, profile).split()), strict=True))
    assert total / 255 <= profile.ink_limit / 100
    assert separate_colour("#000000", profile) == (0, 0, 0, 1)
    assert separate_colour("#ffffff", profile) == (0, 0, 0, 0)
    assert sum(separate_colour("#0a0014", profile)) <= profile.ink_limit / 100 + 0.001
