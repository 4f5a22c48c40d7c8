"""What stands above and below a release: where and when, until when it is not to be published, whom to ask."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from html import escape

from markupsafe import Markup

from campaign.model import Language
from campaign.website.view import View
from campaign.website.words import date_text


@dataclass(frozen=True)
class Letterhead:
    """Safe HTML, or '' for what a release does not say."""

    headline: str = ""
    dateline: str = ""
    embargo: str = ""
    contact: str = ""


def letterhead(view: View) -> Letterhead | None:
    """None on a page that is no release."""
    options, language = view.page.options, view.text_language
    if view.layout != "release":
        return None
    words = language.strings
    when = _when(language, str(options.get("release_date", "")))
    dateline = ", ".join(part for part in (escape(str(options.get("dateline", ""))), when) if part)
    embargo, contact = _when(language, str(options.get("embargo", ""))), str(options.get("contact", ""))
    return Letterhead(
        headline=str(options.get("headline", "")),
        dateline=Markup(dateline),
        embargo=Markup(escape(words["embargo"]).replace("{date}", embargo)) if embargo else "",
        contact=Markup(escape(words["press-contact"]).replace("{who}", escape(contact))) if contact else "",
    )


def _when(language: Language, typed: str) -> str:
    """`2026-11-25T09:00+09:00` as readers write a day, with the hour as typed; what is no date as it is."""
    day, _, hour = typed.partition("T")
    try:
        text = date_text(language, date.fromisoformat(day))
    except ValueError:
        return escape(typed)
    time, zone = hour[:5], hour[5:]
    return f"{text}, {escape(time)}" + (f" (UTC{escape(zone)})" if zone else "") if time else text
