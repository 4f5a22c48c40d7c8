"""The example at the end of each --help works in a campaign that `campaign new` made."""

from __future__ import annotations

import shlex
import shutil

from conftest import run
from test_commands import commands

from campaign.cli.commands import main

# What runs until somebody ends it, and what needs a computer of somebody else's or a key: tests of their own have them.
ELSEWHERE = {"campaign desk", "campaign serve", "campaign verify"}
IN_PLACE = {
    "ssh://me@host.example/srv/water": "../online",
    "/media/stick/water": "../stick/water",
}


def prepared(root) -> None:
    """The files that examples speak of: made by the commands that make them."""
    run(root, "contacts", "give", "to-partners")
    shutil.copyfile(root / "to-partners/contacts.csv", root / "services.csv")
    run(root, "translate", "send", "pt", "--to", "po", "--out", "translate-pt.po")
    (root / "forms-2026").mkdir()
    (root.parent / "stick").mkdir()


def test_each_example_of_help_works_in_a_new_campaign(tmp_path):
    run(tmp_path, "new", "campaign")
    root = tmp_path / "campaign"
    run(root, "build")
    prepared(root)
    failed = {}
    for path, command in commands(main):
        if path in ELSEWHERE:
            continue
        words = shlex.split((command.epilog or "").removeprefix("Example:  "))[1:]
        words = words[: words.index(">")] if ">" in words else words
        said = run(
            root, *(IN_PLACE.get(word, word).replace("services.xlsx", "services.csv") for word in words), code=None
        )
        if any(sign in said for sign in ("stop ", "Error", "Usage:")) and path != "campaign explain":
            failed[path] = said[-600:]
    assert not failed, "\n".join(f"{path}: {said}" for path, said in failed.items())
