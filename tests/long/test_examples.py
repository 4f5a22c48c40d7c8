"""The example at the end of each --help works in a campaign that `campaign new` made."""

from __future__ import annotations

import re
import shlex
import shutil

from conftest import REPOSITORY, run
from test_commands import commands

from campaign.cli.commands import main
from campaign.content import load
from campaign.exchange.counting_forms import FORMS, label

# Commands that run until stopped, that need a key, and a release build, which refuses unreviewed texts, have their
# own tests.
UNTESTED_COMMANDS = {"campaign", "campaign desk", "campaign serve", "campaign verify"}
IN_PLACE = {
    "ssh://me@host.example/srv/water": "../online",
    "/media/stick/water": "../stick/water",
    "services.xlsx": "services.csv",
}


def prepared(root) -> None:
    """The files that examples mention, made by the commands that make them."""
    run(root, "contacts", "give", "to-partners")
    shutil.copyfile(root / "to-partners/contacts.csv", root / "services.csv")
    run(root, "translate", "send", "pt", "--to", "po", "--out", "translate-pt.po")
    (root / "forms-2026").mkdir()
    language = load(root)[0].source_language
    head = ",".join(label(language, column.key) for column in FORMS["hand-out"])
    (root / "forms-2026/a.csv").write_text(
        f"{head}\n2026-11-25,north,leaflets/wash-your-hands,en,1,teachers,30\n", "utf-8"
    )
    (root.parent / "stick").mkdir()
    shutil.copyfile(root / "assets/photos/well.jpg", root / "market.jpg")


def test_each_example_of_help_works_in_a_new_campaign(tmp_path):
    run(tmp_path, "new", "campaign")
    root = tmp_path / "campaign"
    run(root, "build")
    prepared(root)
    # A new language stops all outputs until its words are there.
    results = sorted(commands(main), key=lambda item: item[0] == "campaign translate start")
    failed = {}
    for path, command in results:
        if path in UNTESTED_COMMANDS or path == "campaign build":
            continue
        words = shlex.split((command.epilog or "").removeprefix("Example:  "))[1:]
        words = words[: words.index(">")] if ">" in words else words
        try:
            run(root, *(IN_PLACE.get(label, label) for label in words))
        except AssertionError as error:
            failed[path] = str(error)[-600:]
    assert not failed, "\n".join(f"{path}: {said}" for path, said in failed.items())


def test_first_campaign_of_the_guide_is_made_by_the_commands_that_stand_there(tmp_path):
    folder = tmp_path
    text = (REPOSITORY / "guide/docs/tutorial/first-campaign.md").read_text("utf-8")
    lines = [line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    assert len(lines) > 5
    for line in lines:
        program, *words = shlex.split(line)
        if program == "cd":
            folder /= words[0]
        elif line not in UNTESTED_COMMANDS:
            if "--rollback" in words:  # "When you have published a second version"
                page = folder / "docs/en/index.md"
                page.write_text(f"{page.read_text('utf-8')}\nOne more sentence.\n", "utf-8")
                run(folder, "build")
                run(folder, "publish", words[1])
            run(folder, *words)
    assert (folder / "site/index.html").is_file()
    assert list((folder / "dist/north").rglob("*.pdf"))
