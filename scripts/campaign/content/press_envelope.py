"""The frame of a press release in its language, the same on paper, on the site, as text and in a kit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from campaign.content import clock
from campaign.content.contacts import contact_checks, hours_text, number_text
from campaign.content.locale_format import format_date, format_list, joined
from campaign.content.releases import END_OF_TIME, embargo_of, is_example, issued_at
from campaign.models.campaign import Campaign, Language
from campaign.models.contact import Contact
from campaign.models.page import Page

END = "###"  # the end of a release, for editors all over the world


@dataclass(frozen=True)
class Envelope:
    """The frame of a press release."""

    line: str  # whether and when it may be published
    mark: str  # whose copy a preview is; '' in public
    headline: str
    dateline: str  # place and day
    contacts: tuple[str, ...]  # a line each
    end: str = END  # the sign for the end


def envelope(campaign: Campaign, page: Page) -> Envelope:
    """Return the frame of a release, with the embargo if it hasn't ended."""
    language = campaign.languages[page.language]
    words, until, issued = language.strings, embargo_of(page), issued_at(page)
    is_preview = bool(campaign.preview_for)
    line = words["kit-immediate"]
    if is_example(page):
        line = words["kit-example"]
    elif until and (is_preview or clock.now() < until):
        # Don't show a day if the typed one is invalid.
        line = words["embargo"].format(date="…" if until == END_OF_TIME else _moment_text(language, until))
    dateline = ((page.release.dateline if page.release else ""), format_date(language, issued) if issued else "")
    return Envelope(
        line=line,
        mark=words["kit-preview"].format(partner=campaign.preview_for) if is_preview else "",
        headline=page.headline,
        dateline=joined(language, filter(None, dateline)),
        contacts=tuple(contact_lines(campaign, language, page.release.contact if page.release else "")),
    )


def contact_lines(campaign: Campaign, language: Language, role: str) -> Iterator[str]:
    """Yield the press contacts for a role, or that no number is known."""
    words = language.strings
    if role:
        yield words["press-contact"].format(who=role)
    reachable = [contact for contact in campaign.press_contacts if contact.phone]
    for contact in reachable:
        yield contact_line(campaign, language, contact)
    if not reachable:
        yield words["kit-no-number"]


def contact_line(campaign: Campaign, language: Language, contact: Contact) -> str:
    """Return name, number, hours, languages and verification."""
    words = language.strings
    name = contact.name_in(language.code) or words[f"kind-{contact.kind}"]
    names = [campaign.languages[code].name if code in campaign.languages else code for code in contact.languages]
    parts = (
        f"{name}: {joined(language, (number_text(language, number) for number in contact.numbers))}",
        hours_text(language, contact.hours),
        words["speaks"].format(languages=format_list(language, names)) if names else "",
        contact_checks(language, contact),
    )
    return " · ".join(part for part in parts if part)


def _moment_text(language: Language, moment: datetime) -> str:
    """Return `25 November 2026, 09:00 (UTC+09:00)` in a language."""
    zone = moment.strftime("%z")
    return joined(language, (format_date(language, moment), f"{moment:%H:%M} (UTC{zone[:3]}:{zone[3:5]})"))
