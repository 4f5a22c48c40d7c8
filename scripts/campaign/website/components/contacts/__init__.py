"""Contacts on pages: the number is the largest element, always shown with its source."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from markupsafe import Markup

from campaign.content.answers import contact_of, declared_answer
from campaign.content.contacts import contact_checks, hours_text, kept_direction, number_text, service_text
from campaign.content.locale_format import comma, list_joints
from campaign.content.number_doubts import about_number
from campaign.models.campaign import Campaign, Language
from campaign.models.contact import Contact, Number, Place
from campaign.website.components import draw
from campaign.website.components.downloads import sheet_files
from campaign.website.elements import Element, call, heading
from campaign.website.pictures import PublicAssets
from campaign.website.source_pages import source_link
from campaign.website.theme_css import place_band
from campaign.website.view import Fact, View

Pictogram = Callable[[str], str]
PHONE = "phone"
# From this many contacts without a number, one sentence covers all of them.
MIN_UNKNOWN_TO_SUMMARISE = 2
# Fields that are shown as typed.
PLAIN_FIELDS = ("kind", "name", "does", "unknown", "number", "dials", "doubt", "checked")


def call_button(view: View, pictogram: Pictogram) -> str:
    """Return the large button of the main number, or of the contact that an answer names; '' without one."""
    main = contact_of(view.campaign, declared_answer(view.campaign, view.page.path))
    if not main:
        return ""
    # Urgent pages leave the claim out, so that more fits into a phone's first view.
    about = contact_checks(view.language, main) if view.is_urgent else about_number(view.campaign, view.language, main)
    data = {"call": call(view, main), "about": about, "sign": Markup(pictogram(PHONE))}
    return draw(view.campaign, "contacts/call", data)


def office_html(campaign: Campaign, language: Language) -> str:
    """Return the publisher's contact for the footer of every page, or '' if there is no publisher."""
    offices = [_office(language, contact) for contact in campaign.offices]
    return draw(campaign, "contacts/office", {"offices": offices})


def _office(language: Language, contact: Contact) -> dict[str, Any]:
    return {
        "kind": language.strings.get(f"kind-{contact.kind}", contact.kind),
        "name": contact.name_in(language.code) if contact.name else "",
        "numbers": [{"dials": number.dial, "number": number_text(language, number)} for number in contact.numbers],
        "doubt": contact_checks(language, contact) if contact.phone and not contact.is_fresh else "",
        "reach": list(_contact_links(contact, _reach(contact))),
    }


def contact_lists(
    view: View, assets: PublicAssets, arguments: Mapping[str, str], pictogram: Pictogram, level: int
) -> str:
    """Return national contacts, then those of a place.

    `arguments` may hold `place`, a code whose contacts are added, and `kind`, to show contacts of one kind only.
    """
    kind, place = arguments.get("kind"), view.campaign.places.get(arguments.get("place", ""))
    data: dict[str, Any] = {"national": listed(view, view.campaign.contacts_for(None, kind), pictogram), "place": None}
    if place:
        words = view.language.strings["in-place"].replace("{place}", name_of(view, place))
        title = heading(view, level, words)
        local = [contact for contact in view.campaign.local_contacts(place.code) if kind in (None, contact.kind)]
        lists = listed(view, local, pictogram)
        data["place"] = {"title": title, "contacts": lists, "unknown": None if local else no_number(view)}
    data["sheet"] = [] if kind else sheet_files(view, assets, place.code if place else None)
    return draw(view.campaign, "contacts/lists", data)


def place_lists(view: View, assets: PublicAssets, pictogram: Pictogram, level: int) -> str:
    """Return every place with its own contacts; a place without a number gives the national one."""
    place_group = filter(has_contacts, view.campaign.places.values())
    places = [place_data(view, assets, place, pictogram, level) for place in place_group]
    places_without_contacts = places_without(view, assets, str)
    return draw(
        view.campaign,
        "contacts/places",
        {"places": places, "without": places_without_contacts, "comma": comma(view.language)},
    )


def place_data(
    view: View,
    assets: PublicAssets,
    place: Place,
    pictogram: Pictogram,
    level: int,
    anchor: Callable[[str], str] | None = None,
) -> dict[str, Any]:
    """Return a place with its contacts.

    In the directory, `anchor` returns the heading's id for a code; otherwise the place has its code as id.
    """
    band, name = place_band(view.campaign, place.code), name_of(view, place)
    return {
        "id": "" if anchor else place.code,
        "codes": codes_within(view, place) if anchor else "",
        "title": heading(view, level, name, anchor(place.code) if anchor else "", before=band),
        "contacts": listed(view, place.contacts, pictogram, is_directory=anchor is not None),
        "unknown": None if any(contact.phone for contact in place.contacts) else no_number(view),
        "sheet": sheet_files(view, assets, place.code),
        "within": within(view, place, anchor or str),
    }


def name_of(view: View, place: Place) -> str:
    """Return a place's name in the page's language."""
    return place.name(view.language.code, view.campaign.source_language.code)


def has_contacts(place: Place) -> bool:
    """Return whether a place has contacts."""
    return bool(place.contacts)


def within(view: View, region: Place, anchor: Callable[[str], str]) -> list[dict[str, str]]:
    """Return id and name of the places that have only their region's contacts."""
    return [
        {"id": anchor(place.code), "name": view.record(name=name_of(view, place))["name"]}
        for place in _places_within(view, region)
    ]


def codes_within(view: View, region: Place) -> str:
    """Return the codes of a region and of the places that have only its contacts."""
    return " ".join((region.code, *(place.code for place in _places_within(view, region))))


def _places_within(view: View, region: Place) -> list[Place]:
    all_places = view.campaign.places.values()
    return [place for place in all_places if not has_contacts(place) and _host(view, place) is region]


def _host(view: View, place: Place) -> Place | None:
    """Return the nearest region of a place with contacts."""
    return next(filter(has_contacts, view.campaign.regions_of(place.code)), None)


def places_without(view: View, assets: PublicAssets, anchor: Callable[[str], str]) -> dict[str, Any]:
    """Return one sentence about all places without contacts, with the national number."""
    places = [place for place in view.campaign.places.values() if not has_contacts(place) and not _host(view, place)]
    if not places:
        return {}
    label = view.record(unknown=view.language.strings["no-number-of"])["unknown"]
    place_rows = [
        {
            "id": anchor(place.code),
            "code": place.code,
            "band": Markup(place_band(view.campaign, place.code)),
            "name": view.record(name=name_of(view, place))["name"],
            "sheet": sheet_files(view, assets, place.code),
        }
        for place in places
    ]
    return {"said": label, "places": place_rows, "call": call(view, view.emergency) if view.emergency else None}


def no_number(view: View) -> Element:
    """Return the sentence for a missing number, with the national one."""
    words = view.record(unknown=view.language.strings["no-number"])["unknown"]
    return {"words": words, "call": call(view, view.emergency) if view.emergency else None}


def listed(view: View, contacts: Iterable[Contact], pictogram: Pictogram, is_directory: bool = False) -> dict[str, Any]:
    """Return contacts as lists: `first`, a sentence (`said`) about those after it without a number, and `then`.

    `is_directory` gives each contact an anchor and the codes of its services; use it at most once per page.
    """
    contact_list = list(contacts)
    callable_contacts = [contact for contact in contact_list if contact.phone]
    unknown = [contact for contact in contact_list if not contact.phone]
    # One sentence covers many contacts without a number.
    is_summarised = len(unknown) >= MIN_UNKNOWN_TO_SUMMARISE
    label = view.record(unknown=view.language.strings["no-number-of"])["unknown"] if is_summarised else ""
    first, later = (
        [_item(view, contact, pictogram, is_directory, is_summarised and not contact.phone) for contact in part]
        for part in (callable_contacts, unknown)
    )
    return {"first": first, "said": label, "then": later}


def _further_number(view: View, number: Number) -> dict[str, str]:
    """Return a further number with its purpose."""
    purpose = number.uses.get(view.language.code) or number.uses.get(view.campaign.source_language.code, "")
    number_texts = {"number": number_text(view.language, number), "dials": number.dial, "for": purpose}
    return {key: value for key, value in number_texts.items() if value}


def _reach(contact: Contact) -> list[str]:
    """Return the address and ways to reach it other than by phone."""
    apps = (f"{app}: {name}" for app, name in contact.messengers.items())
    where = ", ".join(part for part in (contact.address, contact.town) if part)
    return [part for part in (where, contact.email, contact.web, *apps) if part]


def _contact_links(contact: Contact, lines: Iterable[str]) -> Iterator[dict[str, str]]:
    """Return each line with its link; links to websites lead away from this site."""
    to = {contact.email: f"mailto:{contact.email}", contact.web: f"https://{contact.web}"}
    yield from ({"words": line, "to": to.get(line, "")} for line in lines)


def _facts(view: View, contact: Contact) -> Iterator[dict[str, Any]]:
    """Return price, hours and languages; languages as `before`, `languages` by code and name, `after`."""
    words = view.language.strings
    facts = (
        words["free"] if contact.phone and contact.free else "",
        hours_text(view.language, contact.hours),
        kept_direction(view.language, contact.numbers[0].letters) if contact.phone else "",
    )
    yield from ({"before": fact, "languages": [], "after": ""} for fact in facts if fact)
    if contact.languages:
        before, _, after = words["speaks"].partition("{languages}")
        languages = view.campaign.languages
        joints = list_joints(view.language, len(contact.languages))
        names = [
            {"code": code, "name": languages[code].name if code in languages else code, "joint": joint}
            for code, joint in zip(contact.languages, joints, strict=True)
        ]
        yield {"before": before, "languages": names, "after": after}


def _origin(view: View, contact: Contact) -> dict[str, Any]:
    """Return the source: `before`, its short name, language and link, `after`."""
    words, source = view.language.strings, view.campaign.sources[contact.source].localised(view.language.code)
    sentence = words["number-from"] if contact.phone else f"{words['sources']}: {{source}}"
    before, _, after = sentence.partition("{source}")
    to = source_link(view, source.id)
    return {"before": before, "source": source.short, "lang": source.language, "to": to, "after": after}


def _sentence(data: Mapping[str, Any]) -> str:
    """Return the source as plain text."""
    names = "".join(f"{item['joint']}{item['name']}" for item in data.get("languages", ()))
    return f"{data['before']}{data.get('source', names)}{data['after']}"


def _check(view: View, contact: Contact) -> Fact:
    """Return when the number was last verified."""
    checks = contact_checks(view.language, contact)
    return {"checked": checks} if contact.is_fresh else {"doubt": checks}


def _item(
    view: View, contact: Contact, pictogram: Pictogram, is_directory: bool, is_summarised: bool
) -> dict[str, Any]:
    """Return a contact as a list item. `is_said`: a sentence before the list says that the number is missing."""
    words, facts = view.language.strings, list(_facts(view, contact))
    number = number_text(view.language, contact.numbers[0]) if contact.phone else ""
    origin = _origin(view, contact) if contact.shown_source in view.campaign.sources else None
    item = {
        "kind": words.get(f"kind-{contact.kind}", contact.kind),
        "name": contact.name_in(view.language.code),
        "does": service_text(view.language, contact, view.campaign.source_language.code),
        "number": number,
        "dials": contact.dial if number else "",
        "unknown": "" if number or is_summarised else words["no-number"],
        "more": [_further_number(view, number) for number in contact.numbers[1:]],
        "facts": " · ".join(map(_sentence, facts)),
        "reach": _reach(contact),
        "source": _sentence(origin) if origin else "",
        "to": origin["to"] if origin else "",
        **(_check(view, contact) if number else {}),
    }
    view.record(**{key: value for key, value in item.items() if value})
    return {
        **{key: item.get(key, "") for key in PLAIN_FIELDS},
        "code": contact.kind,
        "anchor": f"who-{contact.id}" if is_directory else "",
        "codes": " ".join(contact.does),
        "sign": Markup(pictogram(PHONE)) if number else "",
        "label": words["call"].format(number=number) if number else "",
        "more": item["more"],
        "facts": facts,
        "reach": list(_contact_links(contact, item["reach"])),
        "origin": origin,
    }
