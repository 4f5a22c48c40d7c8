"""A copy: the titles of all pages of a language as plain text, for radio stations."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from campaign.models.campaign import Campaign, Language


@dataclass(frozen=True)
class Titles:
    """A copy that the site offers in each language.

    Attributes:
        ending: of the file's name.
        title: what the list of copies calls it, where a language has no word for it.
    """

    ending: str = "-titles.txt"
    title: str = "All titles"

    def make(self, campaign: Campaign, site: Path, language: Language) -> bytes:
        """Return the file, from the campaign or the finished pages below `site`."""
        titles = (page.title for (code, _), page in campaign.pages.items() if code == language.code)
        return "".join(f"{title}\n" for title in titles).encode()


TITLES = Titles()
