"""`campaign explain`: why a message matters, and what each kind of file contains."""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from pathlib import Path

from campaign.content.formats import read_formats, shipped_formats
from campaign.models.formats import Format
from campaign.models.problem import CampaignError, Problem
from campaign.models.rules import Rule, load_rules
from campaign.schema.kinds import KINDS
from campaign.schema.reference import files_reference, kind_reference

FORMATS = "formats"
# Why a problem stops a build, by level.
REASONS = {
    "danger": "readers would be led astray, or left without help",
    "private": "something private would be published, or a program of unknown origin would run",
    "unreadable": "what concerns the whole campaign can't be read without guessing (a page is left out)",
    "release": "`campaign build --release` finds it",
    "command": "the command can't do what it was asked for; builds don't meet it",
}
LEVELS = {
    **{level: f"A problem: it stops the build or command, because {reason}." for level, reason in REASONS.items()},
    "page": "A problem of one page: that one and its prints are left out, and the rest is published.",
    "output": "A problem of one output: that one is left out, and the others are published.",
    "note": "A note: the build goes on. `silence:` in mkdocs.yml can silence it, with a reason.",
}
# In lists: what a problem concerns.
NAMES = {
    **dict.fromkeys(REASONS, "problem"),
    "page": "problem of one page",
    "output": "problem of one output",
    "note": "note",
}
HEAD = """# Reference

Every file and every message. `campaign explain NAME` shows one entry; this page is
the output of `campaign explain --all`.
"""
MESSAGES = """## Messages

A message ends with its id in brackets. A *problem* must be fixed before anything is published. A *problem of one
page*, such as a broken link, leaves out that page and its prints: readers get a translation's source instead, and links
to the page become plain text. (The front page, the pages about help and safety, and answers are never left out.) A
*problem of one output*, such as text that doesn't fit, leaves out that output. A *note* needn't be fixed, and can be
silenced, with a reason, below `campaign:` in mkdocs.yml:
`silence: {{sentences-long: "The law is quoted word for word."}}`, or in one file only:
`silence: {{sentences-long docs/en/law.md: "..."}}`.

| kind | what happens | messages |
|---|---|---|
{stopping}
| problem of one page | the page is left out, its prints move to `dist/outdated/`, exit code 1 | {of_pages} |
| problem of one output | it moves to `dist/outdated/`, `dist/problems.html` shows it, exit code 1 | {of_outputs} |
| note | nothing; it can be silenced | those marked (note) |
"""


def explain(name: str, root: Path) -> str:
    """Return the explanation of a message id, a kind of file or `formats`; without a name, a list of all.

    Raises:
        CampaignError: the name is unknown.
    """
    name = name.strip("()` ")
    if not name:
        return _names()
    if name == FORMATS:
        return formats_reference(read_formats(root, []).values()).strip()
    if row := load_rules().get(name):
        return f"{row.id}\n{LEVELS[row.level]}\n\n{row.hint}\n\n  wrong: {row.wrong}\n  right: {row.right}"
    if name in KINDS:
        return kind_reference(KINDS[name]).strip()
    close_matches = difflib.get_close_matches(name, [*load_rules(), *KINDS], n=1)
    fix = f"Did you mean `{close_matches[0]}`?" if close_matches else "`campaign explain` lists all."
    raise CampaignError([Problem("value-unknown", "explain", f"There is nothing called `{name}`.", fix)])


def reference() -> str:
    """Return everything as Markdown."""
    rows = "\n".join(_section(rule) for _, rule in sorted(load_rules().items()))
    formats = formats_reference(shipped_formats().values())
    stopping = "\n".join(
        f"| problem: {reason} | `site/` and `dist/` stay as they are, exit code 1 | {_ids(level)} |"
        for level, reason in REASONS.items()
    )
    messages = MESSAGES.format(stopping=stopping, of_pages=_ids("page"), of_outputs=_ids("output"))
    return f"{HEAD}\n{files_reference()}\n{formats}\n{messages}\n{rows}"


def _ids(level: str) -> str:
    return ", ".join(f"`{id}`" for id, rule in sorted(load_rules().items()) if rule.level == level)


def formats_reference(formats: Iterable[Format]) -> str:
    """Return a table of formats as Markdown."""
    rows = (
        f"| `{item.name}` | {item.kind} | {item.width:g} × {item.height:g} mm | {', '.join(item.flavours)} |"
        f" {', '.join(f'`{panel}`' for panel in item.panels)} | {'yes' if item.queue else ''} |"
        for item in formats
    )
    heads = "| format | kind | size | made for | sections it needs | in print queues |\n|---|---|---|---|---|---|"
    return "\n".join(["## Formats of print\n", heads, *rows, ""])


def _names() -> str:
    kinds = [f"  {kind.name:12} {kind.path}" for kind in KINDS.values()]
    rules = sorted(load_rules().items())
    ids = [f"  {id}{'' if rule.level in REASONS else f'  ({NAMES[rule.level]})'}" for id, rule in rules]
    return "\n".join(["Formats of print:", f"  {FORMATS}", "", "Kinds of files:", *kinds, "", "Messages:", *ids])


def _section(rule: Rule) -> str:
    examples = f"- wrong: {_code(rule.wrong)}\n- right: {_code(rule.right)}\n"
    return f"### `{rule.id}` ({NAMES[rule.level]})\n\n{rule.hint}\n\n{examples}"


def _code(text: str) -> str:
    """Quote text that may contain backticks (CommonMark 6.1)."""
    return f"`` {text} ``" if "`" in text else f"`{text}`"
