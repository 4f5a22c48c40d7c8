"""Quick exit: the script in every page, and the neutral page that it opens."""

from __future__ import annotations

from jinja2 import Environment
from markupsafe import Markup

from campaign.models.campaign import Campaign, Language
from campaign.website.scripts import read_script

# The folder of the neutral pages: no file of ours has a shorter name.
NEUTRAL_PAGE_NAME = "w"
# Announcements for screen readers, in the script's order.
ANNOUNCEMENT_KEYS = ("leave-twice-more", "leave-once-more", "leave-too-late", "leave-now")


def neutral_address(code: str) -> str:
    """Return the address of a language's neutral page."""
    return f"{NEUTRAL_PAGE_NAME}/{code}.html"


def neutral_pages(campaign: Campaign, *codes: str) -> list[str]:
    """Return the addresses of languages' neutral pages, [] if readers aren't watched."""
    return [neutral_address(code) for code in codes] if campaign.may_be_watched else []


def add_quick_exit(env: Environment) -> None:
    """Add its scripts and functions to the templates."""
    if_reached = read_script("if-reached.js") + "\n"
    env.globals["first_script"] = Markup(read_script("first.js"))
    env.globals["leave_script"] = Markup(if_reached + read_script("quick-exit.js"))
    env.globals["neutral_script"] = Markup(if_reached + read_script("neutral.js"))
    env.globals["leave_said"] = lambda language: "|".join(
        language.strings[key].replace("|", "") for key in ANNOUNCEMENT_KEYS
    )
    env.globals["neutral_address"] = neutral_address


def neutral_page(language: Language, env: Environment) -> str:
    """Return an empty page that doesn't mention the campaign."""
    return env.get_template("neutral.html").render(language=language)
