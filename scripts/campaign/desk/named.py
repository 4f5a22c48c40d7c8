"""What people call what is saved: by its title or name, where a file has only a code."""

from __future__ import annotations

from datetime import datetime

from campaign.content.releases import NEVER
from campaign.desk.words import Words
from campaign.models.campaign import Campaign, Language
from campaign.models.contact import Contact


def page_name(campaign: Campaign, language: str, path: str) -> str:
    """A text: its title, and in which language it is."""
    pages = {**campaign.pages, **campaign.withheld}
    page = pages.get((language, path)) or pages.get((campaign.source_language.code, path))
    spoken = campaign.languages.get(language)
    return f"{page.title if page and page.title else path} ({spoken.name if spoken else language})"


def contact_name(contact: Contact | None, spoken: Language, id: str) -> str:
    """A contact: its own name, else what it is."""
    if contact is None:
        return id
    return contact.name or spoken.strings.get(f"kind-{contact.kind}", id)


def until_when(words: Words, embargo: datetime) -> str:
    """Until when something is withheld."""
    return words["until-mended"] if embargo == NEVER else embargo.isoformat(" ", "minutes")
