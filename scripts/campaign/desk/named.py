"""What people call what is saved: by its title or name, where a file has only a code."""

from __future__ import annotations

from datetime import datetime

from campaign.content.releases import NEVER
from campaign.desk.words import Words
from campaign.models.campaign import Campaign, Language
from campaign.models.contact import Contact
from campaign.models.page import Page


def page_name(campaign: Campaign, language: str, path: str) -> str:
    """A text: its title, and in which language it is."""
    pages = {**campaign.pages, **campaign.withheld}
    page = pages.get((language, path)) or pages.get((campaign.source_language.code, path))
    spoken = campaign.languages.get(language)
    return f"{page.title if page and page.title else path} ({spoken.name if spoken else language})"


def piece_title(campaign: Campaign, page: Page, spoken: Language) -> str:
    """What people call a piece at the desk: its title in the desk's language, else in the source's."""
    codes = (spoken.code, campaign.source_language.code)
    known = (campaign.pages.get((code, page.path)) for code in codes)
    return next((each.title for each in known if each and each.title), page.title)


def contact_name(contact: Contact | None, spoken: Language, id: str) -> str:
    """A contact: its own name, else what it is."""
    if contact is None:
        return id
    return contact.name or spoken.strings.get(f"kind-{contact.kind}", id)


def shape_name(destination: str, spoken: Language, words: Words) -> str:
    """Where a picture is sent, and for what: in the campaign's own words, in the desk's, else its name in the file."""
    own = spoken.strings.get(f"destination-{destination}")
    return own or words.get(f"sent-{destination}") or destination.replace("-", " ")


def until_when(words: Words, embargo: datetime) -> str:
    """Until when something is withheld."""
    return words["until-mended"] if embargo == NEVER else embargo.isoformat(" ", "minutes")
