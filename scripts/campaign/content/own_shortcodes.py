"""Shortcodes of packages and trusted campaigns: `shortcodes/<name>.html`, and `<name>.typ` for paper."""

from __future__ import annotations

from pathlib import Path

from campaign.cache.extensions import extension_folders
from campaign.document.shortcodes import SHORTCODES
from campaign.models.leftovers import is_leftover
from campaign.models.names import PLAIN_NAME
from campaign.models.own_shortcode import OwnShortcode
from campaign.models.problem import Problem
from campaign.schema.yaml_reader import read_text

FOLDER = "shortcodes"


def read_shortcodes(root: Path, problems: list[Problem]) -> dict[str, OwnShortcode]:
    """Return the added shortcodes by name."""
    own_shortcodes: dict[str, OwnShortcode] = {}
    for folder, where in (
        *((extension_folder, str(extension_folder)) for extension_folder in extension_folders("shortcodes")),
        (root / FOLDER, FOLDER),
    ):
        files = {path.name for path in folder.glob("*") if path.suffix in (".html", ".typ")}
        for name in sorted({Path(file).stem for file in files if not is_leftover(file)}):
            if why := _refusal(name, files, own_shortcodes):
                problems.append(Problem("shortcode-wrong", f"{where}/{name}.html", *why))
                continue
            html = read_text(folder / f"{name}.html", f"{where}/{name}.html", problems) or ""
            paper = read_text(folder / f"{name}.typ", f"{where}/{name}.typ", problems) if f"{name}.typ" in files else ""
            own_shortcodes[name] = OwnShortcode(name, html, paper or "", f"{where}/{name}.html")
    return own_shortcodes


def _refusal(name: str, files: set[str], own_shortcodes: dict[str, OwnShortcode]) -> tuple[str, str] | None:
    if not PLAIN_NAME.fullmatch(name):
        return f"`{name}` isn't a plain name.", "Use lower-case letters, digits and hyphens."
    if name in SHORTCODES or name in own_shortcodes:
        return f"The shortcode `{name}` exists already.", "Choose another name."
    if f"{name}.html" not in files:
        return f"The shortcode `{name}` has no template for the site.", f"Add {name}.html."
    return None
