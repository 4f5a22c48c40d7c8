"""The guide: what it names exists, each message has its place in it, it asks nothing of anybody else."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys

import click
import pytest
from conftest import REPOSITORY
from guide_names import unknown_names

from campaign.cli.commands import main
from campaign.desk.words import languages
from campaign.models.rules import load_rules

GUIDE = REPOSITORY / "guide"
LABEL = re.compile(r"\*\*([^*\n]+)\*\*|(?<!\*)\*([^*\n]+)\*(?!\*)")
COMMAND = re.compile(r"(?:^[ ]*|`)(campaign [^`\n]+)", re.MULTILINE)


def commands() -> list[tuple[str, str]]:
    pages = [REPOSITORY / "README.md", *GUIDE.glob("docs/**/*.md")]
    return [(path.name, item) for path in pages for item in COMMAND.findall(path.read_text("utf-8"))]


def test_every_command_of_the_guide_exists_with_its_options():
    result = commands()
    assert len(result) > 12
    for page, line in result:
        command: click.Command = main
        words = shlex.split(line)[1:]
        while words and isinstance(command, click.Group) and not words[0].startswith("-"):
            name = words.pop(0)
            assert name in command.commands, (page, line)
            command = command.commands[name]
        known = {option for param in command.params for option in param.opts} | {"--help"}
        assert {word for word in words if word.startswith("--")} <= known, (page, line)


@pytest.fixture(scope="module")
def outputs(tiny) -> set[str]:
    """The files and folders that a build of the tiny campaign makes."""
    return {path.relative_to(tiny).as_posix() for name in ("site", "dist") for path in (tiny / name).rglob("*")}


DOCUMENTS = ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "scripts/PACKAGE.md"]
DOCUMENTS += ["guide/docs/**/*.md", "docs-dev/**/*.md", "scripts/campaign/skeleton/README.md"]


def test_every_key_file_option_and_name_of_the_guide_exists(outputs):
    pages = [path for pattern in DOCUMENTS for path in REPOSITORY.glob(pattern)]
    assert len(pages) > len(DOCUMENTS)
    unknown = {path.name: unknown_names(path.read_text("utf-8"), outputs) for path in pages}
    assert {name: names for name, names in unknown.items() if names} == {}


PLANTED_NAMES = {
    "`assets/identities.yml`": "assets/identities.yml",
    "`docs/<language>/_message.yml`": "docs/<language>/_message.yml",
    "`models/nonsense.py`": "models/nonsense.py",
    "`dist/copies/notes-<language>.htm`": "dist/copies/notes-<language>.htm",
    "`dist/postcards/`": "dist/postcards/",
    "`site/_header`": "site/_header",
    "`place_edition: all`": "place_edition",
    "`partner:`": "partner",
    "```yaml\nfocus: {x: 1, depth: 2}\n```\n": "depth",
    "    ```yaml\n    packs:\n      police: {fore: [police]}\n    ```\n": "fore",
    "`MAX_WAIT_H`": "MAX_WAIT_H",
    "`copy_campaigns(small)`": "copy_campaigns",
    "`campaign packs --from 2026.1`, `--sinces`": "--sinces",
    "`make tests`": "tests",
    "```sh\nmake guides\n```\n": "guides",
}


@pytest.mark.parametrize("text", PLANTED_NAMES)
def test_name_that_does_not_exist_is_found_in_the_guide(outputs, text):
    assert unknown_names(f"See {text} there.\n" if text.startswith("`") and text[1] != "`" else text, outputs) == [
        PLANTED_NAMES[text]
    ]


def test_buttons_and_fields_are_called_in_the_guide_as_they_are_at_the_desk():
    text = set(languages()["en"].values())
    pages = [GUIDE / "docs/tutorial/first-campaign.md", *GUIDE.glob("docs/how-to/*.md")]
    named = [
        (path.name, (bold or slanted).rstrip("."))
        for path in pages
        for bold, slanted in LABEL.findall(path.read_text("utf-8"))
    ]
    assert len(named) > 40
    # Of a long label its beginning does.
    assert [
        row for row in named if row[1] not in text and not any(item.startswith(f"{row[1]}:") for item in text)
    ] == []


@pytest.mark.long
def test_guide_has_a_place_for_each_message_and_is_whole_without_a_network(tmp_path):
    pictures = set(
        re.findall(r"pictures/([\w-]+)\.webp", "".join(p.read_text("utf-8") for p in GUIDE.glob("docs/**/*.md")))
    )
    script = (GUIDE / "screenshots.py").read_text("utf-8")
    taken = "".join(re.findall(r"^(?:SHOWN|TUTORIAL|RESULTS) = {(.*?)}", script, re.DOTALL | re.MULTILINE))
    assert pictures == set(re.findall(r'"([\w-]+)":', taken)) == {path.stem for path in GUIDE.glob("docs/pictures/*")}
    command = [sys.executable, "-m", "mkdocs", "build", "--no-strict", "-q", "-f", GUIDE / "mkdocs.yml", "-d", tmp_path]
    # Material's notice about its end of life isn't a warning about the guide.
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert not [line for line in done.stderr.splitlines() if "WARNING" in line]
    messages = (tmp_path / "reference/messages.html").read_text("utf-8")
    assert {load_rule for load_rule in load_rules() if f'id="{load_rule}"' not in messages} == set()
    assert "hex" in (tmp_path / "reference/files.html").read_text("utf-8")
    for page in tmp_path.rglob("*.html"):
        asked = re.findall(
            r"<(?:link|script|img|iframe)[^>]*(?:href|src)=\"?(https?:[^\" >]+)", page.read_text("utf-8")
        )
        assert not asked, (page.name, asked)
