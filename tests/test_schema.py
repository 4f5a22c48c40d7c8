"""One declaration for each kind of file: it reads, complains, and tells editors, and all three agree."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path

import jsonschema
import pytest
import yaml
from conftest import HERE, REPOSITORY, run

from campaign.content.pages import FRONT_MATTER
from campaign.schema import kinds
from campaign.schema.declaration import bind, declared_fields
from campaign.schema.json_schema import json_schemas
from campaign.schema.kinds import KINDS, CampaignSettings, PhotoFile, PlaceFile
from campaign.schema.yaml_reader import parse_yaml
from campaign.website.mkdocs.plugin import SiteSettings

SKELETON = REPOSITORY / "scripts/campaign/skeleton"
MODELINE = re.compile(r"^# yaml-language-server: \$schema=(\S+)")


class Typed(yaml.CSafeLoader):
    """Reads YAML as editors do (1.2): a day is a text."""


Typed.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if not tag.endswith("timestamp")]
    for first, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


@cache
def validator(schema: str) -> jsonschema.Draft202012Validator:
    return jsonschema.Draft202012Validator(yaml.safe_load(json_schemas()[schema]))


def errors(schema: str, text: str) -> list[str]:
    return [error.message for error in validator(schema).iter_errors(yaml.load(text, Typed))]


def test_schemas_of_the_repository_are_those_of_the_declarations():
    kept = {path.name: path.read_text(encoding="utf-8") for path in (REPOSITORY / "schemas").glob("*.json")}
    assert kept == json_schemas(), "Run: campaign schemas"


@pytest.mark.parametrize("root", [REPOSITORY, SKELETON], ids=["HELP", "skeleton"])
def test_every_file_names_the_schema_that_it_follows(root):
    paths = [root / "mkdocs.yml", *root.glob("assets/**/*.yml"), *root.glob("docs/**/*.yml")]
    for path in paths:
        text = path.read_text(encoding="utf-8")
        match = MODELINE.search(text)
        assert match, path
        schemas = REPOSITORY / "schemas" if root == REPOSITORY else root / "schemas"
        assert (path.parent / match[1]).resolve().parent == schemas.resolve(), path
        assert not errors(Path(match[1]).name, text), path


def test_front_matter_of_every_page_follows_its_schema():
    for folder in (REPOSITORY / "docs", HERE / "campaigns/tiny/docs", SKELETON / "docs"):
        for path in folder.rglob("*.md"):
            front = FRONT_MATTER.match(path.read_text(encoding="utf-8"))
            assert not errors("page.json", front[1]), path


def test_new_campaign_brings_its_schemas_and_they_are_written_anew(tmp_path):
    run(tmp_path, "new", "mine")
    kept = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "mine/schemas").glob("*.json")}
    assert kept == json_schemas()
    (tmp_path / "mine/schemas/photo.json").unlink()
    assert f"{len(kept)} schemas" in run(tmp_path / "mine", "schemas")
    assert (tmp_path / "mine/schemas/photo.json").is_file()


WRONG_PLACE = """
names: {en: North}
column: one
town: X
contacts:
  - kind: police
    free: perhaps
    source: book
    checked: {on: 2026-13-01, how: guessed}
  - just words
"""


def test_every_fault_of_a_file_is_named_at_once_with_its_line():
    problems = []
    file = bind(PlaceFile, parse_yaml(WRONG_PLACE, "north.yml", problems), "north.yml", problems)
    texts = [f"{problem.where} {problem.message}" for problem in problems]
    assert texts == [
        "north.yml:4 The key `town` is not known.",
        "north.yml:3 `column` takes a number.",
        "north.yml:7 `free` takes yes or no.",
        "north.yml:6 `id` is missing.",
        "north.yml:10 Lines of `key: value` are expected here.",
    ]
    assert (file.names, file.column, [entry.is_map for entry in file.contacts]) == (
        {"en": "North"},
        None,
        [True, False],
    )
    assert errors("place.json", WRONG_PLACE)


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("credit: A\nlicence: B\nshows: everybody", "`everybody` isn't a valid value of `shows`."),
        ("credit: A\nlicence: B\nfocus: {x: far}", "`x` takes a number."),
        ("credit: A\nlicence: B\nfocus: [1, 2]", "`focus` takes `name: value` lines."),
        ("credit: [A]\nlicence: B", "`credit` takes a text."),
        ("licence: B", "`credit` is missing."),
        ("credit: A\nlicence: B\ncreditt: C", "The key `creditt` is not known."),
    ],
)
def test_what_the_reader_refuses_the_schema_refuses_too(raw, text):
    problems = []
    bind(PhotoFile, parse_yaml(raw, "x.yml", problems), "x.yml", problems)
    assert [problem.message for problem in problems] == [text]
    assert errors("photo.json", raw)


def test_mkdocs_knows_every_key_that_may_stand_below_campaign():
    assert set(SiteSettings().keys()) == set(declared_fields(CampaignSettings))


def test_every_key_of_every_kind_is_explained():
    for kind in (kind for kind in KINDS.values() if not kind.is_table):
        schema = yaml.safe_load(json_schemas()[f"{kind.name}.json"])
        properties = schema["$defs"][kind.declaration.__name__]["properties"]
        for key in declared_fields(kind.declaration):
            assert properties[key].get("description"), f"{kind.name}: {key}"


def test_every_explanation_is_of_a_key():
    for name, explained in tomllib.loads(Path(kinds.__file__).with_suffix(".toml").read_text(encoding="utf-8")).items():
        assert not explained.keys() - declared_fields(getattr(kinds, name)).keys(), name
