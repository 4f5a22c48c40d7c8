"""Names that people know for files, pieces and contacts."""

from __future__ import annotations

from datetime import datetime

from campaign.content.identity import FILE as IDENTITY
from campaign.content.releases import END_OF_TIME
from campaign.content.sources import FILE as SOURCES
from campaign.desk.files import HAND_OUT_FOLDER
from campaign.desk.words import EntityName, Words
from campaign.models.campaign import NATIONAL, Campaign, Language
from campaign.models.contact import Contact
from campaign.models.page import Page

# Files that the desk writes.
GENERATED_FOLDERS = ("docs/_stamped/", "docs/_open/")
LOG = f"{HAND_OUT_FOLDER}/hand-out.csv"


def page_name(campaign: Campaign, language: str, path: str) -> str:
    """Return a text's title and language."""
    pages = {**campaign.pages, **campaign.withheld}
    page = pages.get((language, path)) or pages.get((campaign.source_language.code, path))
    ui_language = campaign.languages.get(language)
    return f"{page.title if page and page.title else path} ({ui_language.name if ui_language else language})"


def file_name(campaign: Campaign | None, words: Words, name: str) -> str:
    """Describe a file in a few words, else return its name."""
    top, _, subpath = name.partition("/")
    folder, _, file = subpath.partition("/")
    fixed = {SOURCES: "sources", IDENTITY: "look", LOG: "hand-out-log"}
    if name in fixed:
        return words[fixed[name]]
    if campaign is None:
        return name
    if top == "docs" and folder in campaign.languages:
        if f"file-of-{file}" in words:
            return f"{words[f'file-of-{file}']} ({campaign.languages[folder].name})"
        return page_name(campaign, folder, file) if (folder, file) in {**campaign.pages, **campaign.withheld} else name
    stem = file.rpartition(".")[0]
    if top == "assets" and folder == "contacts":
        place = campaign.places.get(stem)
        title = words["whole-country"] if stem == NATIONAL else stem
        return f"{words['contacts']}: {place.name(words.code, campaign.source_language.code) if place else title}"
    if top == "assets" and folder in ("photos", "logos"):
        return f"{words['photos' if folder == 'photos' else 'look-logos']}: {stem}"
    return name


def piece_title(campaign: Campaign, page: Page, ui_language: Language) -> str:
    """Return a piece's title in the desk's language, else in the source language."""
    codes = (ui_language.code, campaign.source_language.code)
    page_versions = (campaign.pages.get((code, page.path)) for code in codes)
    title = next((item.title for item in page_versions if item and item.title), page.title)
    return EntityName.by(title, f"piece:{page.path}")


def contact_name(contact: Contact | None, ui_language: Language, id: str) -> str:
    """Return a contact's name, else its kind."""
    if contact is None:
        return id
    name = contact.name or ui_language.strings.get(f"kind-{contact.kind}", id)
    return EntityName.by(name, f"contact:{contact.id}")


def current_name(campaign: Campaign, ui_language: Language, words: Words, entity: str) -> str:
    """Return the current name of a thing in the reader's language, or '' if it is gone; `entity`: see EntityName."""
    kind, _, key = str(entity).partition(":")
    if kind == "contact":
        contact = next((contact for contact in campaign.whole_register if contact.id == key), None)
        return contact_name(contact, ui_language, key) if contact else ""
    if kind == "piece":
        page = campaign.pages.get((campaign.source_language.code, key))
        return piece_title(campaign, page, ui_language) if page else ""
    return file_name(campaign, words, key) if kind == "file" else ""


def shape_name(destination: str, ui_language: Language | None, words: Words) -> str:
    """Return what a picture is for: in the campaign's words if there is one, the desk's, or as the file calls it."""
    own_name = ui_language.strings.get(f"destination-{destination}") if ui_language else ""
    return own_name or words.get(f"sent-{destination}") or destination.replace("-", " ")


def until_when(words: Words, embargo: datetime) -> str:
    """Return until when something is withheld."""
    return words["until-mended"] if embargo == END_OF_TIME else embargo.isoformat(" ", "minutes")


def places_of(campaign: Campaign, ui_language: Language) -> list[tuple[str, str]]:
    """Return the code and name of each place, the whole country first with an empty name."""
    source = campaign.source_language.code
    return [(NATIONAL, ""), *((code, place.name(ui_language.code, source)) for code, place in campaign.places.items())]
