"""What the guide takes from the program itself: each message by its id, and what may stand in each file."""

from __future__ import annotations

from typing import Any

from mkdocs.structure.files import File, Files

from campaign.models.rules import RULES
from campaign.schema.reference import files_reference


def on_files(files: Files, config: Any) -> Files:
    """Adds the two pages; called by MkDocs."""
    for name, text in {"messages.md": messages(), "reference.md": reference()}.items():
        files.append(File.generated(config, name, content=text))
    return files


def messages() -> str:
    """A section for each message, which its id leads to: messages.html#link-dead."""
    told = [
        "# Every message",
        "A message says where, what and how to mend it, and ends with an id in brackets. Look for the id here, or run"
        " `campaign explain` with it. What is marked **stop** has to be mended before anything is made; a **note** may"
        " stand.",
    ]
    for rule in sorted(RULES.values(), key=lambda each: each.id):
        told += [f"## `{rule.id}` {{#{rule.id}}}", f"**{rule.level}** · {rule.hint}"]
        told += [
            f"{word}:\n\n```text\n{text}\n```" for word, text in (("Wrong", rule.wrong), ("Right", rule.right)) if text
        ]
    return "\n\n".join(told) + "\n"


def reference() -> str:
    """The tables of what may stand in each file."""
    return "# Every file\n\n" + files_reference()
