"""Who to call, as HTML: the number is the largest thing, and where it is from always stands with it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from html import escape

from campaign.content.contacts import contact_checks, hours_text, number_text, service_text
from campaign.content.languages import joined
from campaign.models.campaign import Campaign, Language
from campaign.models.contact import Contact, Number, Place
from campaign.website.downloads import sheet_downloads
from campaign.website.elements import call_link, heading
from campaign.website.pictures import Shelf
from campaign.website.source_pages import source_link
from campaign.website.theme_css import place_band
from campaign.website.view import Fact, View
from campaign.website.words import number_html

Pictogram = Callable[[str], str]
PHONE = "phone"
# So many contacts without a number say so once for all.
FEW = 2
# What is said of a contact -> the class of its line.
LINES = {
    "kind": "contact-kind",
    "name": "contact-name",
    "does": "contact-does",
    "number": "contact-number",
    "unknown": "no-number",
    "facts": "contact-facts",
    "reach": "contact-facts",
    "source": "contact-source",
    "doubt": "doubt",
    "checked": "checked",
}


def call_button(view: View, pictogram: Pictogram) -> str:
    """The big button of the national emergency number; nothing where no number is known."""
    contact = view.emergency
    return f'<p class="call">{call_link(view, contact, button=pictogram(PHONE))}</p>' if contact else ""


def office_html(campaign: Campaign, language: Language) -> str:
    """How to reach whoever issues the campaign, for the foot of every page; '' where nobody has said who that is."""
    return "".join(_office(language, contact) for contact in campaign.offices)


def _office(language: Language, contact: Contact) -> str:
    label = escape(language.strings.get(f"kind-{contact.kind}", contact.kind))
    numbers = [
        f'<a href="tel:{escape(number.dial)}">{number_html(number_text(language, number))}</a>'
        for number in contact.numbers
    ]
    name = [f"<bdi>{escape(contact.name_in(language.code))}</bdi>"] if contact.name else []
    doubt = [escape(contact_checks(language, contact))] if contact.phone and not contact.is_fresh else []
    ways = (_reach_html(line, contact) for line in _reach(contact))
    return f"<p>{label}: {' '.join([*name, *numbers, *doubt, *ways])}</p>"


def contact_lists(view: View, shelf: Shelf, arguments: Mapping[str, str], pictogram: Pictogram, level: int) -> str:
    """National contacts, then those of a place.

    Args:
        view: the page that they stand on.
        shelf: what the site serves; the contact sheet of all of them follows, where there is one.
        arguments: `place`: a code, for its contacts too; `kind`: for those of one kind alone.
        pictogram: gives the drawing of a name, as HTML.
        level: of the place's heading, from 1 to 6.
    """
    kind, place = arguments.get("kind"), view.campaign.places.get(arguments.get("place", ""))
    html = contact_list(view, view.campaign.contacts_for(None, kind), pictogram)
    if not place:
        return html + ("" if kind else sheet_downloads(view, shelf, None))
    name = place.name(view.language.code, view.campaign.source_language.code)
    title = heading(view, level, view.language.strings["in-place"].replace("{place}", name))
    local = [each for each in view.campaign.local_contacts(place.code) if kind in (None, each.kind)]
    local_html = contact_list(view, local, pictogram) or no_number(view)
    local_html += "" if kind else sheet_downloads(view, shelf, place.code)
    return f"<div>{html}{title}{local_html}</div>"


def place_lists(view: View, shelf: Shelf, pictogram: Pictogram, level: int) -> str:
    """Every place with its own contacts; a place without a number says so and gives the national one.

    Args:
        view: the page that they stand on.
        shelf: what the site serves; the contact sheet of each is linked.
        pictogram: gives the drawing of a name, as HTML.
        level: of the headings, from 1 to 6.
    """
    sections = []
    for place in filter(has_contacts, view.campaign.places.values()):
        band = place_band(view.campaign, place.code)
        title = heading(view, level, name_of(view, place), before=band)
        contacts = contact_list(view, place.contacts, pictogram)
        if not any(contact.phone for contact in place.contacts):
            contacts += no_number(view)
        contacts += sheet_downloads(view, shelf, place.code) + within(view, place, str)
        sections.append(f'<section class="place" id="{place.code}">{title}{contacts}</section>')
    shown = f'<div class="places">{"".join(sections)}</div>' if sections else ""
    return shown + places_without(view, shelf, str)


def name_of(view: View, place: Place) -> str:
    """A place's name in the page's language."""
    return place.name(view.language.code, view.campaign.source_language.code)


def has_contacts(place: Place) -> bool:
    """Whether there is anybody in a place to tell of."""
    return bool(place.contacts)


def within(view: View, region: Place, anchor: Callable[[str], str]) -> str:
    """The places that have no contacts but those of a region, by name; '' where there are none."""
    names = [
        f'<bdi id="{escape(anchor(place.code))}">{escape(view.show(name=name_of(view, place))["name"])}</bdi>'
        for place in _places_within(view, region)
    ]
    return f"<p>{joined(view.language, names)}</p>" if names else ""


def codes_within(view: View, region: Place) -> str:
    """The codes of a region and of the places that have no contacts but its own."""
    return " ".join((region.code, *(place.code for place in _places_within(view, region))))


def _places_within(view: View, region: Place) -> list[Place]:
    every = view.campaign.places.values()
    return [place for place in every if not has_contacts(place) and _host(view, place) is region]


def _host(view: View, place: Place) -> Place | None:
    """The nearest region of a place that has contacts."""
    return next(filter(has_contacts, view.campaign.regions_of(place.code)), None)


def places_without(view: View, shelf: Shelf, anchor: Callable[[str], str], attributes: str = "") -> str:
    """The places in which nobody is known: said once for all of them, with the number that always helps.

    Args:
        view: the page that they stand on.
        shelf: what the site serves; the contact sheet of each is linked.
        anchor: makes a place's id of its code.
        attributes: of each place, with `{code}` in the place of its code.
    """
    places = [each for each in view.campaign.places.values() if not has_contacts(each) and not _host(view, each)]
    if not places:
        return ""
    said = escape(view.show(unknown=view.language.strings["no-number-of"])["unknown"])
    items = "".join(
        f'<li id="{escape(anchor(place.code))}"{attributes.replace("{code}", escape(place.code))}>'
        f"{place_band(view.campaign, place.code)}<bdi>{escape(view.show(name=name_of(view, place))['name'])}</bdi>"
        f"{sheet_downloads(view, shelf, place.code)}</li>"
        for place in places
    )
    call = f"<p>{call_link(view, view.emergency)}</p>" if view.emergency else ""
    return f'<div class="unknown"><p class="no-number">{said}</p><ul class="places">{items}</ul>{call}</div>'


def no_number(view: View) -> str:
    """What is said where no number is known, with the one that always helps."""
    words = view.show(unknown=view.language.strings["no-number"])["unknown"]
    link = f" {call_link(view, view.emergency)}" if view.emergency else ""
    return f'<p class="no-number">{escape(words)}{link}</p>'


def contact_list(view: View, contacts: Iterable[Contact], pictogram: Pictogram, is_directory: bool = False) -> str:
    """Contacts as an HTML list; '' where there are none.

    Args:
        view: the page that it stands on.
        contacts: in their order.
        pictogram: gives the drawing of a name, as HTML.
        is_directory: whether each can be linked to, and says what it does in codes; once on a page at most.
    """
    listed = list(contacts)
    known = [contact for contact in listed if contact.phone]
    unknown = [contact for contact in listed if not contact.phone]

    def items(some: list[Contact], is_said: bool) -> str:
        shown = "".join(_item(view, contact, pictogram, is_directory, is_said) for contact in some)
        return f'<ul class="contacts">{shown}</ul>' if shown else ""

    # That of many no number is known is said once, before them.
    if len(unknown) < FEW:
        return items(known, False) + items(unknown, False)
    said = escape(view.show(unknown=view.language.strings["no-number-of"])["unknown"])
    return f'{items(known, False)}<p class="no-number">{said}</p>{items(unknown, True)}'


def contact_fact(view: View, contact: Contact) -> Fact:
    """All that a page says of a contact, in its order.

    Keys: `kind`, `name`, `does`; `number` and what it `dials`, or that it is `unknown`; `more` numbers;
    `facts`; how else to `reach` it; `source`, and where
    its name leads `to`; `checked`, or in its place the `doubt` about the number.
    """
    words, source = view.language.strings, view.campaign.sources.get(contact.source)
    languages = ", ".join(name for _, name in _spoken(view, contact))
    known = {"number": number_text(view.language, contact.numbers[0]), "dials": contact.dial} if contact.phone else {}
    said = {
        "kind": words.get(f"kind-{contact.kind}", contact.kind),
        "name": contact.name_in(view.language.code),
        "does": service_text(view.language, contact, view.campaign.source_language.code),
        **(known or {"unknown": words["no-number"]}),
        "more": [_more(view, number) for number in contact.numbers[1:]],
        "facts": " · ".join(_facts(view, contact, languages)),
        "reach": _reach(contact),
        "source": _origin(view, contact, source.said_in(view.language.code).short) if source else "",
        **({"to": to} if source and (to := source_link(view, source.id)) else {}),
        **(_check(view, contact) if contact.phone else {}),
    }
    return {key: value for key, value in said.items() if value}


def _more(view: View, number: Number) -> dict[str, str]:
    """A further number: whom and what it is for."""
    use = number.uses.get(view.language.code) or number.uses.get(view.campaign.source_language.code, "")
    said = {"number": number_text(view.language, number), "dials": number.dial, "for": use}
    return {key: value for key, value in said.items() if value}


def _reach(contact: Contact) -> list[str]:
    """Ways to it that are no telephone, and where it is."""
    apps = (f"{app}: {name}" for app, name in contact.messengers.items())
    where = ", ".join(part for part in (contact.address, contact.town) if part)
    return [part for part in (where, contact.email, contact.web, *apps) if part]


def _facts(view: View, contact: Contact, languages: str, write: Callable[[str], str] = str) -> Iterable[str]:
    """What it costs, when it is open, what it speaks. languages: their names as they are written, plain or as HTML."""
    words = view.language.strings
    if contact.phone and contact.free:
        yield write(words["free"])
    hours = hours_text(view.language, contact.hours)
    if hours:
        yield write(hours)
    if contact.phone and contact.numbers[0].letters:
        yield write(contact.numbers[0].letters)
    if contact.languages:
        yield write(words["speaks"]).replace("{languages}", languages)


def _spoken(view: View, contact: Contact) -> list[tuple[str, str]]:
    """(code, name) of the languages that a contact speaks."""
    known = view.campaign.languages
    return [(code, known[code].name if code in known else code) for code in contact.languages]


def _origin(view: View, contact: Contact, source: str, write: Callable[[str], str] = str) -> str:
    """Where a contact is from. source: its name as it is written, plain or as HTML."""
    words = view.language.strings
    sentence = words["number-from"] if contact.phone else f"{words['sources']}: {{source}}"
    return write(sentence).replace("{source}", source)


def _check(view: View, contact: Contact) -> Fact:
    """What is said of the last time when somebody made sure of the number."""
    said = contact_checks(view.language, contact)
    return {"checked": said} if contact.is_fresh else {"doubt": said}


def _item(view: View, contact: Contact, pictogram: Pictogram, is_directory: bool, is_said: bool) -> str:
    """A contact in a list, written from its facts: names of languages and of the source are marked in them.

    is_said: whether it was said before the list that no number is known.
    """
    fact = contact_fact(view, contact)
    if is_said:
        fact.pop("unknown", None)
    said = view.show(**fact)
    shown = {key: escape(str(value)) for key, value in said.items()}
    if "number" in shown:
        label = escape(view.language.strings["call"].format(number=said["number"]))
        shown["number"] = (
            f'<a href="tel:{shown["dials"]}" aria-label="{label}">{pictogram(PHONE)}{number_html(said["number"])}</a>'
        )
    if "name" in shown:
        shown["name"] = f"<strong><bdi>{shown['name']}</bdi></strong>"
    if "more" in shown:
        shown["number"] += "".join(_more_html(each) for each in said["more"])
    if "reach" in shown:
        shown["reach"] = "<br>".join(_reach_html(line, contact) for line in said["reach"])
    if "facts" in shown:
        spoken = (f'<bdi lang="{escape(code)}">{escape(name)}</bdi>' for code, name in _spoken(view, contact))
        shown["facts"] = " · ".join(_facts(view, contact, ", ".join(spoken), escape))
    if "source" in shown:
        shown["source"] = _origin(view, contact, _source_link(view, contact), escape)
    anchor = f' id="who-{escape(contact.id)}" data-does="{escape(" ".join(contact.does))}"' if is_directory else ""
    lines = "".join(f'<p class="{LINES[key]}">{html}</p>' for key, html in shown.items() if key in LINES)
    return f'<li class="contact contact-{escape(contact.kind)}"{anchor}>{lines}</li>'


def _more_html(more: Mapping[str, str]) -> str:
    use = f"<br><bdi>{escape(more['for'])}</bdi> " if "for" in more else "<br>"
    return f'{use}<a href="tel:{escape(more["dials"])}">{number_html(more["number"])}</a>'


def _reach_html(line: str, contact: Contact) -> str:
    """A line with a way to it; whoever follows a link to its website leaves this one."""
    to = {contact.email: f"mailto:{contact.email}", contact.web: f"https://{contact.web}"}.get(line, "")
    shown = f"<bdi>{escape(line)}</bdi>"
    return f'<a class="reach" href="{escape(to)}" rel="noreferrer">{shown}</a>' if to else shown


def _source_link(view: View, contact: Contact) -> str:
    source = view.campaign.sources[contact.source].said_in(view.language.code)
    lang = f' lang="{source.language}"' if source.language else ""
    to = source_link(view, source.id)
    if not to:
        return f"<span{lang}>{escape(source.short)}</span>"
    return f'<a{lang} href="{escape(to)}">{escape(source.short)}</a>'
