"""Our scripts, minified without a build step."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from string import ascii_letters

from campaign.models.campaign import Campaign
from campaign.models.shipped import shipped_folder

SCRIPTS = "assets/javascripts"
# A string, or an operator with spaces around it. None of our regular expressions contains a space or quote.
TOKEN = re.compile(r'("(?:\\.|[^"\\])*")| *([{}();,=<>!&|?:+*]) *')

# Names that a script declares; they get one letter. Properties and texts keep their names.
SHORT_NAMES = re.compile(r"^ *// One letter each where this is read by a phone: (.*)$", re.MULTILINE)


# Parts of scripts, between `// Only with leaving:` and `// End of leaving`, and which campaigns need them.
PARTS: dict[str, Callable[[Campaign], bool]] = {
    "leaving": lambda campaign: campaign.may_be_watched,
    "forgetting": lambda campaign: campaign.shares_devices,
    # Saving a number under a name that gives nothing away.
    "other names": lambda campaign: campaign.may_be_watched,
    # The subject of a shared link.
    "descriptions": lambda campaign: not campaign.may_be_watched,
}


def read_script(name: str, campaign: Campaign | None = None) -> str:
    """Return a script without comments and needless white space; with a campaign, only the parts that it needs."""
    text = (shipped_folder("overrides") / SCRIPTS / name).read_text(encoding="utf-8")
    for part, is_needed in PARTS.items() if campaign else ():
        if campaign and not is_needed(campaign):
            text = _without_part(text, part)
    return _smaller(text)


def _without_part(text: str, part: str) -> str:
    return re.sub(rf"^ *// Only with {part}:\n.*?^ *// End of {part}\n", "", text, flags=re.DOTALL | re.MULTILINE)


@lru_cache(maxsize=32)  # each language has its own, with its strings
def _smaller(text: str) -> str:
    lines = (line.strip() for line in text.splitlines())
    code_text = "\n".join(line for line in lines if line and not line.startswith("//"))
    without_spaces = TOKEN.sub(lambda match: match[1] or match[2], re.sub(r"(?<=[;{,(])\n", "", code_text))
    result = SHORT_NAMES.search(text)
    return _shortened(without_spaces, result[1].split()) if result else without_spaces


def _shortened(script: str, names: list[str]) -> str:
    used_names = set(re.findall(r"\b[a-zA-Z]\b", script))
    short = dict(zip(names, (letter for letter in ascii_letters if letter not in used_names), strict=False))
    word = re.compile(rf"""("(?:\\.|[^"\\])*")|(?<![\w.])({"|".join(short)})(?!\w)""")
    return word.sub(lambda match: match[1] or short[match[2]], script)
