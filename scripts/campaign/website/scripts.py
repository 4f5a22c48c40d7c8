"""Our scripts, as they stand in pages or beside them: small, readable, without a build step."""

from __future__ import annotations

import re

from campaign.shipped import shipped_folder

SCRIPTS = "assets/javascripts"


def read_script(name: str) -> str:
    """One of our scripts without its comments, its indents and the ends of lines that say nothing."""
    text = (shipped_folder("overrides") / SCRIPTS / name).read_text(encoding="utf-8")
    lines = (line.strip() for line in text.splitlines())
    whole = "\n".join(line for line in lines if line and not line.startswith("//"))
    return re.sub(r"(?<=[;{,(])\n", "", whole)
