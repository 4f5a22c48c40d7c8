"""Generate the guide's reference pages from the program: commands, files, messages, formats and shortcodes.

MkDocs calls `on_files` (see `hooks` in mkdocs.yml) when it builds the guide, so these pages can't fall behind.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click
from mkdocs.structure.files import File, Files

from campaign.cli.commands import main
from campaign.content.formats import shipped_formats
from campaign.document.shortcodes import SHORTCODES
from campaign.models.rules import load_rules
from campaign.schema.reference import files_reference

REPOSITORY = Path(__file__).resolve().parent.parent
# Pages for developers that are also read in the repository.
DEVELOPERS = {"architecture": "ARCHITECTURE.md", "glossary": "docs-dev/glossary.md"}


def on_files(files: Files, config: Any) -> Files:
    """Add the generated pages."""
    pages = {
        "commands": commands(),
        "files": files_reference(),
        "formats": formats(),
        "messages": messages(),
        "shortcodes": shortcodes(),
    }
    for name, text in pages.items():
        title = f"# {name.capitalize()}\n\n"
        files.append(File.generated(config, f"reference/{name}.md", content=title + text))
    for name, source in DEVELOPERS.items():
        text = (REPOSITORY / source).read_text(encoding="utf-8")
        # Links of the repository's pages, from the guide.
        for old, new in {
            "scripts/rooms.svg": "rooms.svg",
            "(docs-dev/glossary.md)": "(glossary.md)",
            "[decisions](docs-dev/decisions/README.md)": "`docs-dev/decisions/`",
        }.items():
            text = text.replace(old, new)
        files.append(File.generated(config, f"contribute/{name}.md", content=text))
    files.append(File.generated(config, "contribute/rooms.svg", abs_src_path=str(REPOSITORY / "scripts/rooms.svg")))
    return files


def commands() -> str:
    """Return the help of each command, in the order of `campaign --help`."""
    return "\n\n".join(f"## campaign {name}\n\n```text\n{text}\n```" for name, text in sorted(_helps(main, "")))


def _helps(group: click.Group, above: str) -> list[tuple[str, str]]:
    found = []
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            found += _helps(command, f"{above}{name} ")
        else:
            context = click.Context(command, info_name=f"campaign {above}{name}", max_content_width=88)
            found.append((f"{above}{name}", command.get_help(context)))
    return found


def messages() -> str:
    """Return a section per message; its id is the anchor: messages.html#link-dead."""
    parts = [
        "Each message names the mistake, its place and the fix, and ends with an id in brackets. A **problem**"
        " stops the build; a **note** doesn't. `campaign explain` shows the same text in the terminal.",
        "Silence a note that doesn't apply under `campaign:` in `mkdocs.yml`, with the reason:"
        ' `silence: {translation-numbers: "The Arabic page writes the number in words."}`. `campaign check --all`'
        " shows silenced notes.",
    ]
    for rule in sorted(load_rules().values(), key=lambda each: each.id):
        parts += [f"## `{rule.id}` {{#{rule.id}}}", f"**{'problem' if rule.stops else 'note'}** · {rule.hint}"]
        parts += [
            f"{word}:\n\n```text\n{text}\n```" for word, text in (("Wrong", rule.wrong), ("Right", rule.right)) if text
        ]
    return "\n\n".join(parts) + "\n"


def formats() -> str:
    """Return the table of formats: size in millimetres and the sections a page needs."""
    head = "A page lists its formats in the front matter: `formats: [tri-fold, large-print]`.\n\n"
    rows = ["| format | kind | size (mm) | sections | printers |", "|---|---|---|---|---|"]
    for name, each in shipped_formats().items():
        sections = ", ".join(f"`{panel}`" for panel in each.panels) + (", others" if each.is_free else "")
        printers = ", ".join(f"`{flavour}`" for flavour in each.flavours)
        size = f"{each.width:g} × {each.height:g}"
        rows.append(f"| `{name}` | {each.kind} | {size} | {sections.removeprefix(', ') or 'any'} | {printers} |")
    return head + "\n".join(rows) + "\n"


def shortcodes() -> str:
    """Return the table of shortcodes."""
    head = "A shortcode needs its own paragraph.\n\n"
    rows = ["| shortcode | becomes | arguments | in print |", "|---|---|---|---|"]
    for each in SHORTCODES.values():
        arguments = ", ".join(f"`{name}=`" for name in each.arguments)
        rows.append(f"| `{each.example}` | {each.about} | {arguments} | {'yes' if each.paper else 'no'} |")
    return head + "\n".join(rows) + "\n"
