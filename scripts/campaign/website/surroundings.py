"""What stands around the text of a page: where it changes, every page is made anew."""

from __future__ import annotations

import json
import os
from importlib.metadata import version

from campaign.kits import PRESS_FOLDER
from campaign.model import Campaign, Page
from campaign.outputs import Made
from campaign.shipped import PACKAGE, shipped_folder
from campaign.store import hash_files, hash_text
from campaign.website.running import FILE
from campaign.website.view import GET_HELP, HOME, SAFETY, SERVICES, SOURCES, offers_saving

PROGRAMS = (
    "mkdocs",
    "mkdocs-material",
    "mkdocs-static-i18n",
    "jinja2",
    "minify-html",
    "lxml",
    "selectolax",
    "tinycss2",
)
# Pages that others speak of wherever they stand.
KNOWN = {HOME, GET_HELP, SAFETY, SERVICES, SOURCES}


def surroundings_of(campaign: Campaign, made: list[Made]) -> str:
    """A hash of everything but the pages' own texts."""
    root = campaign.root
    folders = [PACKAGE, shipped_folder("overrides"), root / "assets"]
    files = {path for folder in folders for path in folder.rglob("*") if "__pycache__" not in path.parts}
    files |= {path for path in (root / "docs").rglob("*") if path.suffix != ".md" or path.name.startswith("_")}
    whole = [
        *(version(name) for name in PROGRAMS),
        os.environ.get("SOURCE_DATE_EPOCH", ""),
        hash_files([root / FILE, *sorted(path for path in files if path.is_file())]),
        *(f"{each.output.public} {each.width} {each.height} {each.sha256}" for each in made if each.output.public),
        *(json.dumps(_around(page), default=str) for page in campaign.pages.values() if _is_known(campaign, page)),
    ]
    return hash_text("\0".join(whole))


def _is_known(campaign: Campaign, page: Page) -> bool:
    """Whether other pages may show more of a page than that it is there."""
    return (
        bool(page.formats)
        or page.path in KNOWN
        or page.path in campaign.navigation
        or page.path.startswith(PRESS_FOLDER)
    )


def _around(page: Page) -> list:
    """What other pages may show of a page: in menus, lists and rows of languages."""
    shown = (page.language, page.path, page.title, page.description, page.audiences, page.formats)
    return [*shown, sorted(page.options.items()), offers_saving(page)]
