"""Interface strings that only pages show: pieces don't get them, so that a change of one leaves pieces alone."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import HERE, REPOSITORY, copy_campaign, mostly_long, read_help
from full_campaign import full_campaign

from campaign import packs
from campaign.cache.inputs import Inputs
from campaign.cache.memo import Memo
from campaign.content import load
from campaign.content.page_strings import PAGE_STRINGS, without_page_strings
from campaign.models.campaign import Campaign
from campaign.models.own_shortcode import OwnShortcode
from campaign.pipeline.jobs import DRAWN_KINDS
from campaign.pipeline.last_build import shared_key
from campaign.pipeline.makers import key_of
from campaign.plan.outputs import catalogue
from campaign.schema.interface_words import needed_strings

TINY = HERE / "campaigns/tiny"


@pytest.fixture
def root(tmp_path) -> Path:
    return copy_campaign(TINY, tmp_path / "campaign")


def keys_after(root: Path, changed_key: str) -> set[str | None]:
    """The languages whose pieces may change with a string of the Arabic interface; None: pieces without a language."""
    inputs, campaign = Inputs.scan(root, Memo(None)), load(root)[0]
    before = shared_key(campaign, inputs)
    strings = {**campaign.languages["ar"].strings, changed_key: "أخرى"}
    languages = {**campaign.languages, "ar": replace(campaign.languages["ar"], strings=strings)}
    after = shared_key(replace(campaign, languages=languages), inputs)
    return {code for code, key in after.items() if key != before[code]}


def test_page_strings_are_strings_of_the_interface():
    assert set(needed_strings()) >= PAGE_STRINGS


def words_in(folders: list[Path], endings: set[str]) -> set[str]:
    """The quoted words of some code, and those that templates get from `words`."""
    files = [file for folder in folders for file in folder.rglob("*") if file.suffix in endings]
    text = "\n".join(file.read_text("utf-8") for file in files if file.name != "page_strings.toml")
    return {*re.findall(r"""["'`]([a-z0-9-]+)["'`]""", text)} | {
        name.replace("_", "-") for name in re.findall(r"words\.(\w+)", text)
    }


def test_strings_that_only_the_website_asks_for_are_listed():
    """Otherwise a change of one would compute the keys of all pieces again."""
    package = REPOSITORY / "scripts/campaign"
    on_pages = words_in([package / "website", REPOSITORY / "overrides"], {".py", ".html", ".js", ".toml"})
    others = ("printing", "packs", "plan", "content", "document", "models", "exchange", "images")
    elsewhere = words_in([package / name for name in others], {".py", ".typ", ".toml"})
    computed = ("answers-", "audience-", "does-", "flavour-", "format-", "kind-", "need-", "part-", "pieces-")
    own = {key for key in needed_strings() if not key.startswith(computed)} & (on_pages - elsewhere)
    assert len(own) > 50
    assert own - PAGE_STRINGS == set()


@pytest.mark.parametrize("key", ["home", "saving-full", "skip-to-content"])
def test_a_string_of_pages_leaves_all_pieces_alone(root, key):
    assert key in PAGE_STRINGS
    assert keys_after(root, key) == set()


@pytest.mark.parametrize("key", ["call", "not-checked", "kind-health"])
def test_a_string_of_pieces_concerns_those_of_its_language(root, key):
    assert keys_after(root, key) == {"ar", None}


def test_own_shortcodes_may_print_every_string(root):
    campaign = replace(load(root)[0], shortcodes={"badge": OwnShortcode("badge", "", "#words.home")})
    assert without_page_strings(campaign) is campaign


def pieces_differ(campaign: Campaign, folder: Path) -> list[str]:
    """The pieces of the whole country and of two places that would be different without the strings of pages."""
    printed, places = without_page_strings(campaign), {None, *[*campaign.places][:2]}
    result, count = [], 0
    for output in catalogue(campaign, frozenset(places)):
        if not output.is_piece and output.kind not in DRAWN_KINDS:
            continue
        count += 1
        if output.part in packs.TEXTS:
            files = [folder / "all", folder / "printed"]
            for each, file in zip((campaign, printed), files, strict=True):
                packs.make(each, output, file)
            is_same = files[0].read_bytes() == files[1].read_bytes()
        else:
            is_same = key_of(campaign, output) == key_of(printed, output)
        result += [] if is_same else [str(output.path)]
    assert count > 20
    return result


@pytest.mark.parametrize("name", mostly_long(["tiny", "full", "help"], "tiny", "full"))
def test_no_piece_shows_a_string_of_pages(tmp_path, name):
    if name == "help":
        campaign = read_help()
    else:
        root = full_campaign(tmp_path / name) if name == "full" else copy_campaign(TINY, tmp_path / name)
        campaign = load(root)[0]
    assert pieces_differ(campaign, tmp_path) == []
