"""An output with its page and language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from campaign.models.campaign import Campaign, Language
from campaign.models.formats import Format
from campaign.models.outputs import Output
from campaign.models.page import Page
from campaign.plan.outputs import CONTACT_SHEET, sheet_page
from campaign.printing.line_breaking import foreign, keep_last_words, set_text
from campaign.printing.phrases import tie_phrases


class NoPiece(LookupError):
    """Raised if an output has no page."""


@dataclass(frozen=True)
class Piece:
    """An output with its page and language."""

    campaign: Campaign
    output: Output
    page: Page
    language: Language

    def say(self, text: str) -> str:
        """Prepare a text in its language for typesetting."""
        return set_text(text, self.language.direction, self.language.terms)

    def title(self, text: str) -> str:
        """Prepare a title, whose lines break between phrases."""
        return tie_phrases(self.say(text), self.language.code)

    def keep_together(self, text: str) -> str:
        """Prepare a text whose last line isn't a single word."""
        return keep_last_words(self.say(text))

    def foreign(self, text: str) -> str:
        """Prepare a text in another language for typesetting."""
        return self.say(foreign(text, self.language.direction))

    @property
    def format(self) -> Format:
        """Return its format."""
        return self.campaign.formats[self.output.format]

    @property
    def words(self) -> Mapping[str, str]:
        """Return the interface strings of its language, by key."""
        return self.language.strings

    @property
    def place_name(self) -> str:
        """Return the place's name in its language; '' for the whole country."""
        if not self.output.place:
            return ""
        place = self.campaign.places[self.output.place]
        return place.name(self.language.code, self.campaign.source_language.code)


def find_piece(campaign: Campaign, output: Output) -> Piece:
    """Return the piece of an output.

    Raises:
        NoPiece: no page with that language and name uses that format.
    """
    if output.format == CONTACT_SHEET and output.name == CONTACT_SHEET and output.language:
        return Piece(campaign, output, sheet_page(campaign, output.language), campaign.languages[output.language])
    page = _pages(campaign).get((output.language, output.name, output.format))
    if page is None:
        raise NoPiece(f"No page `{output.name}` in `{output.language}` is printed as {output.format}.")
    return Piece(campaign, output, page, campaign.languages[page.language])


@lru_cache(maxsize=4)
def _pages(campaign: Campaign) -> dict[tuple[str | None, str, str], Page]:
    """Return pages by language, name and format; the first of several with one name."""
    pages: dict[tuple[str | None, str, str], Page] = {}
    for page in campaign.pages.values():
        for format in page.formats:
            pages.setdefault((page.language, page.stem, format), page)
    return pages
