"""Our scripts, as they stand in pages or beside them: small, readable, without a build step."""

from __future__ import annotations

import re

from campaign.models.shipped import shipped_folder

SCRIPTS = "assets/javascripts"
# A string, or a sign with the spaces beside it. No pattern of ours holds a space or a quotation mark.
TOKEN = re.compile(r'("(?:\\.|[^"\\])*")| *([{}();,=<>!&|?:+*]) *')


def read_script(name: str) -> str:
    """One of our scripts without its comments, and without the spaces and ends of lines that say nothing."""
    text = (shipped_folder("overrides") / SCRIPTS / name).read_text(encoding="utf-8")
    lines = (line.strip() for line in text.splitlines())
    whole = "\n".join(line for line in lines if line and not line.startswith("//"))
    return TOKEN.sub(lambda found: found[1] or found[2], re.sub(r"(?<=[;{,(])\n", "", whole))
