"""Who to call, as HTML: the number is the largest thing, and where it is from always stands with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from html import escape

from campaign.models.contact import Contact
from campaign.website.theme_css import place_band
from campaign.website.view import View
from campaign.website.words import date_text, number_html, with_number

Pictogram = Callable[[str], str]
PHONE = "phone"
ALWAYS = "always"


def call_button(view: View, pictogram: Pictogram) -> str:
    """The big button of the national emergency number; nothing where no number is known."""
    contact = view.emergency
    if not contact:
        return ""
    label = with_number(view.language.strings["call"], contact.phone)
    shown = f"{pictogram(PHONE)}<span>{label}</span>"
    return f'<p class="call"><a class="call-button" href="tel:{escape(contact.dial)}">{shown}</a></p>'


def contact_lists(view: View, arguments: Mapping[str, str], pictogram: Pictogram, level: int) -> str:
    """National contacts, then those of a place.

    Args:
        view: the page that they stand on.
        arguments: `place`: a code, for its contacts too; `kind`: for those of one kind alone.
        pictogram: gives the drawing of a name, as HTML.
        level: of the place's heading, from 1 to 6.
    """
    kind, place = arguments.get("kind"), view.campaign.places.get(arguments.get("place", ""))
    national = [contact for contact in view.campaign.contacts if kind in (None, contact.kind)]
    html = contact_list(view, national, pictogram)
    if not place:
        return html
    name = escape(place.name(view.language.code, view.campaign.source_language.code))
    title = escape(view.language.strings["in-place"]).replace("{place}", name)
    local = [contact for contact in place.contacts if kind in (None, contact.kind)]
    local_html = contact_list(view, local, pictogram) or no_number(view)
    return f"<div>{html}<h{level}>{title}</h{level}>{local_html}</div>"


def place_lists(view: View, pictogram: Pictogram, level: int) -> str:
    """Every place with its own contacts; a place without a number says so and gives the national one.

    Args:
        view: the page that they stand on.
        pictogram: gives the drawing of a name, as HTML.
        level: of the headings, from 1 to 6.
    """
    source = view.campaign.source_language.code
    sections = []
    for place in view.campaign.places.values():
        name = escape(place.name(view.language.code, source))
        contacts = contact_list(view, place.contacts, pictogram)
        if not any(contact.phone for contact in place.contacts):
            contacts += no_number(view)
        heading = f"<h{level}>{place_band(view.campaign, place.code)}{name}</h{level}>"
        sections.append(f'<section class="place" id="{place.code}">{heading}{contacts}</section>')
    return f'<div class="places">{"".join(sections)}</div>'


def no_number(view: View) -> str:
    """What is said where no number is known, with the one that always helps."""
    contact = view.emergency
    words = view.language.strings
    link = ""
    if contact:
        link = f' <a href="tel:{escape(contact.dial)}">{with_number(words["call"], contact.phone)}</a>'
    return f'<p class="no-number">{escape(words["no-number"])}{link}</p>'


def contact_list(view: View, contacts: Iterable[Contact], pictogram: Pictogram, is_directory: bool = False) -> str:
    """Contacts as an HTML list; '' where there are none.

    Args:
        view: the page that it stands on.
        contacts: in their order.
        pictogram: gives the drawing of a name, as HTML.
        is_directory: whether each can be linked to, and says what it does in codes; once on a page at most.
    """
    items = "".join(_item(view, contact, pictogram, is_directory) for contact in contacts)
    return f'<ul class="contacts">{items}</ul>' if items else ""


def _item(view: View, contact: Contact, pictogram: Pictogram, is_directory: bool) -> str:
    words = view.language.strings
    kind = escape(words.get(f"kind-{contact.kind}", contact.kind))
    name = f"<strong><bdi>{escape(contact.name)}</bdi></strong>" if contact.name else ""
    does = ", ".join(escape(words.get(f"does-{code}", code)) for code in contact.does)
    if contact.phone:
        label = escape(words["call"].format(number=contact.phone))
        number = (
            f'<p class="contact-number"><a href="tel:{escape(contact.dial)}" aria-label="{label}">'
            f"{pictogram(PHONE)}{number_html(contact.phone)}</a></p>"
        )
    else:
        number = f'<p class="no-number">{escape(words["no-number"])}</p>'
    facts = " · ".join(_facts(view, contact))
    anchor = f' id="who-{escape(contact.id)}" data-does="{escape(" ".join(contact.does))}"' if is_directory else ""
    return (
        f'<li class="contact contact-{escape(contact.kind)}"{anchor}><p class="contact-kind">{kind}</p>'
        + (f'<p class="contact-name">{name}</p>' if name else "")
        + (f'<p class="contact-does">{does}</p>' if does else "")
        + number
        + (f'<p class="contact-facts">{facts}</p>' if facts else "")
        + _proof(view, contact)
        + "</li>"
    )


def _facts(view: View, contact: Contact) -> Iterable[str]:
    words = view.language.strings
    if contact.phone and contact.free:
        yield escape(words["free"])
    if contact.hours == ALWAYS:
        yield escape(words["hours-always"])
    elif contact.hours:
        yield escape(words["hours"].format(hours=contact.hours))
    if contact.languages:
        known = view.campaign.languages
        spoken = [(code, known[code].name if code in known else code) for code in contact.languages]
        names = (f'<bdi lang="{escape(code)}">{escape(name)}</bdi>' for code, name in spoken)
        yield escape(words["speaks"]).replace("{languages}", ", ".join(names))


def _proof(view: View, contact: Contact) -> str:
    """Where the number is from and when somebody made sure of it; doubts are marked."""
    words = view.language.strings
    source = view.campaign.sources.get(contact.source)
    origin = ""
    if source:
        short, href = escape(source.short), view.sources
        lang = f' lang="{source.language}"' if source.language else ""
        linked = f'<a{lang} href="{href}#{escape(source.id)}">{short}</a>' if href else f"<span{lang}>{short}</span>"
        sentence = words["number-from"] if contact.phone else f"{words['sources']}: {{source}}"
        origin = f'<p class="contact-source">{escape(sentence).replace("{source}", linked)}</p>'
    if not contact.phone:
        return origin
    if not contact.checked:
        return origin + f'<p class="doubt">{escape(words["not-checked"])}</p>'
    day = date_text(view.language, contact.checked.on)
    if not contact.is_fresh:
        return origin + f'<p class="doubt">{escape(words["checked-long-ago"]).replace("{date}", day)}</p>'
    how = escape(words[f"checked-{contact.checked.how}"])
    return origin + f'<p class="checked">{escape(words["checked-on"]).replace("{date}", day)} {how}</p>'
