"""The campaign of tests/campaigns/full at full size: shared words, more leaflets, more places."""

from __future__ import annotations

import json
import re
import shutil
from itertools import product
from pathlib import Path

import yaml
from conftest import HERE, REPOSITORY, copy_campaign

from campaign.content.languages import OPEN_GROUPS
from campaign.schema.interface_words import needed_strings

FULL = HERE / "campaigns/full"
TINY = HERE / "campaigns/tiny"
SKELETON = REPOSITORY / "scripts/campaign/skeleton"
# The language whose interface words are used for missing ones.
WORDS = {
    "en": SKELETON / "docs/en",
    "ar": TINY / "docs/ar",
    "ckb": SKELETON / "docs/en",
    "km": TINY / "docs/km",
    "my": REPOSITORY / "docs/my",
    "zh": REPOSITORY / "docs/zh",
}
UNREVIEWED = 'translation: {source: "", by: machine, reviewed: no}\n'
LEAFLETS = ("boil-the-water", "dog-bite", "drink-when-ill")
BODY = ("flap", "left", "middle", "right")
# Thirty made-up places: each of these combined with each of those.
QUALIFIER_NAMES = {
    "upper": ("Upper {}", "{} العليا", "{}ی سەروو", "{}លើ", "အထက် {}", "上{}"),
    "lower": ("Lower {}", "{} السفلى", "{}ی خواروو", "{}ក្រោម", "အောက် {}", "下{}"),
    "east": ("East {}", "{} الشرقية", "{}ی ڕۆژهەڵات", "{}ខាងកើត", "အရှေ့ {}", "东{}"),
    "west": ("West {}", "{} الغربية", "{}ی ڕۆژاوا", "{}ខាងលិច", "အနောက် {}", "西{}"),
    "old": ("Old {}", "{} القديمة", "{}ی کۆن", "{}ចាស់", "{}ဟောင်း", "老{}"),
    "new": ("New {}", "{} الجديدة", "{}ی نوێ", "{}ថ្មី", "{}သစ်", "新{}"),
}
LANDMARK_NAMES = {
    "market": ("Market", "السوق", "بازاڕ", "ផ្សារ", "ဈေး", "市场"),
    "bridge": ("Bridge", "القنطرة", "پرد", "ស្ពាន", "တံတား", "桥"),
    "village": ("Village", "القرية", "گوند", "ភូមិ", "ရွာ", "村"),
    "island": ("Island", "الجزيرة", "دوورگە", "កោះ", "ကျွန်း", "岛"),
    "garden": ("Gardens", "الحديقة", "باخچە", "សួន", "ဥယျာဉ်", "花园"),
}


def full_campaign(root: Path, leaflets: int = 3, places: int = 0, address: str = "") -> Path:
    """The campaign at `root`, ready to be built.

    Args:
        root: a folder that doesn't exist yet.
        leaflets: how many; beyond three, pages of the three are combined into new ones.
        places: how many in addition to the harbour, if pieces are made for each.
        address: of the site, replacing the campaign's own.
    """
    copy_campaign(TINY, root)
    for name in ("docs", "assets/contacts", "assets/photos", "assets/logos"):
        shutil.rmtree(root / name)
    # Reading the campaign in its place leaves a database there.
    shutil.copytree(FULL, root, ignore=shutil.ignore_patterns(".build"), dirs_exist_ok=True)
    for name in ("soap", "tap", "dry"):
        shutil.copy(SKELETON / f"assets/pictograms/{name}.svg", root / "assets/pictograms")
    shutil.copytree(SKELETON / "assets/posters/wash-your-hands", root / "assets/posters/wash-your-hands")
    for code in ("ar", "km"):
        text = (TINY / f"docs/{code}/leaflets/boil-the-water.md").read_text(encoding="utf-8")
        text = text.replace("link: boil.md", "link: index.md").replace("[tri-fold]", "[tri-fold, large-print]")
        (root / f"docs/{code}/leaflets/boil-the-water.md").write_text(text, encoding="utf-8")
    for code in WORDS:
        front = root / f"docs/{code}/index.md"
        if code != "en":
            text = (FULL / "docs/en/index.md").read_text(encoding="utf-8")
            front.write_text(text.replace("\n---\n", f"\n{UNREVIEWED}---\n", 1), encoding="utf-8")
        _complete_words(root, code)
        _put_together(root / f"docs/{code}/leaflets", leaflets)
    codes = ["harbour", *(_place(root, *item) for item in list(product(QUALIFIER_NAMES, LANDMARK_NAMES))[:places])]
    settings = root / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8").replace("[harbour]", f"[{', '.join(codes)}]")
    text = re.sub("site_url: .*", f"site_url: {address}", text) if address else text
    settings.write_text(text, encoding="utf-8")
    return root


def _complete_words(root: Path, code: str) -> None:
    own, source = (
        yaml.safe_load((root / f"docs/{item}/_strings.yml").read_text(encoding="utf-8")) for item in (code, "en")
    )
    # Kinds and services are the campaign's own.
    known = {key for key in needed_strings() if not key.startswith(OPEN_GROUPS)} | source.keys()
    lent = yaml.safe_load((WORDS[code] / "_strings.yml").read_text(encoding="utf-8"))
    words = {key: text for key, text in {**lent, **own}.items() if key in known}
    text = "".join(f"{key}: {json.dumps(text, ensure_ascii=False)}\n" for key, text in words.items())
    note = "" if code == "en" else UNREVIEWED
    (root / f"docs/{code}/_strings.yml").write_text(note + text, encoding="utf-8")


def _put_together(folder: Path, count: int) -> None:
    """More leaflets: each combines panels of the three, and no two are the same."""
    texts = [(folder / f"{name}.md").read_text(encoding="utf-8") for name in LEAFLETS]
    heads = [text.partition("\n## ")[0] for text in texts]
    panels = [
        {part[1]: part[0] for part in re.findall(r"^(## [^\n]*\{#(\w+)\}\n.*?)(?=^## |\Z)", text, re.M | re.S)}
        for text in texts
    ]
    mixed = [choice for choice in product(range(3), repeat=4) if len(set(choice)) > 1]
    for number, choice in enumerate(mixed[: count - 3]):
        first, form = choice[0], ("tri-fold", "tri-fold", "a5-fold", "flyer")[number % 4]
        own = {name: panels[at][name] for name, at in zip(BODY, choice, strict=True)}
        shown = {"cover": panels[first]["cover"], **own, "back": panels[choice[3]]["back"]}
        if form == "a5-fold":
            shown = {name: shown[name] for name in ("cover", "left", "right", "back")}
        elif form == "flyer":
            # Like HELP's: what to do, then who to call.
            _, words = own["left"].split("\n", 1)
            shown = {"cover": shown["cover"], "back": shown["back"].replace("\n", f"\n{words}", 1)}
        head = re.sub(r"formats: .*", f"formats: [{form}]", heads[first])
        (folder / f"mixed-{number:02}.md").write_text(f"{head}\n\n{''.join(shown.values())}", encoding="utf-8")


def _place(root: Path, which: str, where: str) -> str:
    """Add a place like the harbour, with other names and contacts; return its code."""
    code = f"{which}-{where}"
    names = [form.format(name) for form, name in zip(QUALIFIER_NAMES[which], LANDMARK_NAMES[where], strict=True)]
    text = (FULL / "assets/contacts/harbour.yml").read_text(encoding="utf-8").replace("id: harbour", f"id: {code}")
    for old, new in zip(("Harbour", "المرفأ", "بەندەر", "កំពង់ផែ", "ဆိပ်ကမ်း", "港口区"), names, strict=True):
        text = text.replace(old, new)
    (root / f"assets/contacts/{code}.yml").write_text(text, encoding="utf-8")
    return code
