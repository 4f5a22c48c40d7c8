"""Interface strings that only pages show, and the campaign without them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache

from campaign.models.campaign import Campaign
from campaign.models.shipped import read_data

PAGE_STRINGS: frozenset[str] = frozenset(read_data(__file__, "page_strings.toml")["strings"])


# Later caches know a campaign by its identity.
@lru_cache(maxsize=2)
def without_page_strings(campaign: Campaign) -> Campaign:
    """Return the campaign as pieces get it: they can't show a string whose change wouldn't make them again.

    A campaign with its own shortcodes keeps all strings: their Typst may show any.
    """
    if campaign.shortcodes:
        return campaign
    items = campaign.languages.items()
    languages = {code: replace(language, strings=_printed(language.strings)) for code, language in items}
    return replace(campaign, languages=languages)


def _printed(strings: Mapping[str, str]) -> dict[str, str]:
    return {key: text for key, text in strings.items() if key not in PAGE_STRINGS}
