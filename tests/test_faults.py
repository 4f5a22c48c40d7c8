"""What people type by mistake, and files that are none: said with file, line and remedy, and nothing is lost."""

from __future__ import annotations

import json
import re
import shutil
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner
from conftest import HERE, copy_or_link, run

sys.path.insert(0, str(HERE / "faults"))
from mistakes import MISTAKES

from campaign.cli.commands import main
from campaign.models.problem import CampaignError, unsilenced
from campaign.pipeline import build

GOLDEN = HERE / "golden/faults.txt"


INTRO = "What `campaign check` says of each mistake (tests/faults/mistakes.py) in a new campaign.\n\n"


def new_campaign(folder: Path) -> Path:
    """A new campaign without its second language, as its README says to take that away; read once."""
    run(folder, "new", "fresh")
    shutil.rmtree(folder / "fresh/docs/pt")
    settings = folder / "fresh/mkdocs.yml"
    settings.write_text(re.sub(r" *- \{locale: pt.*\n", "", settings.read_text("utf-8")), "utf-8")
    assert build.read(folder / "fresh")[1] == []
    return folder / "fresh"


@pytest.fixture(scope="module")
def fresh(tmp_path_factory) -> Path:
    return new_campaign(tmp_path_factory.mktemp("faults"))


def messages_of(fresh: Path, name: str) -> list[str]:
    """What `check` reports for a new campaign with a mistake, in a fixed folder so that languages are cached."""
    root = fresh.parent / "mistaken"
    shutil.rmtree(root, ignore_errors=True)
    shutil.copytree(fresh, root, copy_function=copy_or_link)
    for change in MISTAKES[name]:
        change(root)
    try:
        problems = build.read(root)[1]
    except CampaignError as error:
        problems = list(error.problems)
    names = {"stop": "problem", "page": "problem of one page"}
    return [f"{names.get(item.effect, item.effect)} {item}" for item in unsilenced(problems, {})]


def golden() -> dict[str, list[str]]:
    """name -> messages."""
    rows = GOLDEN.read_text(encoding="utf-8").split("\n## ")[1:]
    return {row.split("\n")[0]: [line for line in row.split("\n")[1:] if line] for row in rows}


@pytest.mark.parametrize("name", MISTAKES)
def test_mistake_is_said_with_file_line_and_remedy(fresh, name):
    assert messages_of(fresh, name) == golden()[name]


def test_golden_file_has_no_row_without_a_mistake():
    assert set(golden()) == set(MISTAKES)


@pytest.mark.parametrize("name", ["site", "dist"])
@pytest.mark.parametrize("lies", ["a file", "a link to nowhere"])
def test_what_lies_under_the_name_of_an_output_is_named_and_stays(fresh, tmp_path, name, lies):
    root = shutil.copytree(fresh, tmp_path / "campaign", copy_function=copy_or_link)
    if lies == "a file":
        (root / name).write_text("mine")
    else:
        (root / name).symlink_to("nowhere")
    output = run(root, "build", code=1)
    assert f"problem {name} This is not a folder" in output
    assert (root / name).is_symlink() or (root / name).read_text() == "mine"


def test_what_the_system_refuses_is_a_sentence(fresh, tmp_path, monkeypatch):
    root = shutil.copytree(fresh, tmp_path / "campaign", copy_function=copy_or_link)

    def refused(*_arguments, **_settings):
        raise OSError(28, "No space left on device", "dist/x.pdf")

    monkeypatch.setattr("campaign.pipeline.build.make_all", refused)
    done = CliRunner().invoke(main, ["--root", str(root), "build"])
    assert done.exit_code == 1
    assert "problem dist/x.pdf The disk is full." in done.output
    assert not (root / "site").exists()


def test_other_programs_read_problems_as_json(fresh, tmp_path):
    root = shutil.copytree(fresh, tmp_path / "campaign", copy_function=copy_or_link)
    for name in ("a link without an address", "TODO"):
        MISTAKES[name][0](root)
    cli_runner = CliRunner().invoke(main, ["--root", str(root), "check", "--json"])
    assert cli_runner.exit_code == 1
    assert [(load["id"], load["level"], load["line"]) for load in json.loads(cli_runner.output)["problems"]] == [
        ("link-empty", "page", 29),
        ("placeholder-left", "note", 32),
    ]
