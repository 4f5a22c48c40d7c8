"""A pack for partners: shared files, files of each place, and a cover page with instructions."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

import msgspec

from campaign.content.locale_format import format_number, plural_text
from campaign.content.messages import message_files
from campaign.content.press_envelope import contact_line
from campaign.document.outline import outline
from campaign.document.reader import read_document
from campaign.models.campaign import FRONT, NATIONAL, Campaign, Language, Pack
from campaign.models.media import Rights
from campaign.models.outputs import Artifact
from campaign.models.page import DesignOptions, Page
from campaign.packs.member import Member
from campaign.plan.packs import every_piece, pack_name

MANIFEST = "manifest.csv"
COLUMNS = ("file", "bytes", "sha256", "version", "language", "place", "format", "printer", "credit", "licence")
COVER = "start-here"
# Characters with a meaning in Markdown, which CommonMark allows to be escaped by a backslash.
MARKDOWN_SPECIALS = re.compile(r"([!-/:-@\[-`{-~])")


@dataclass(frozen=True)
class Zip:
    """One zip file of a pack: name, contents, number of files and bytes."""

    name: str
    place: str | None
    count: int
    bytes: int
    is_site: bool = False  # whether it contains the website for a USB stick


def pack_members(
    campaign: Campaign,
    place: str | None,
    artifacts: Iterable[Artifact],
    languages: Iterable[str],
    forms: Mapping[str, str],
) -> dict[str, Member]:
    """Return a zip's members by path in dist/, and a manifest: of a place, or the shared files."""
    folder = f"{place}/" if place else ""
    members = {artifact.output.path.removeprefix(folder): Member(made=artifact) for artifact in artifacts}
    if place is None and members:
        prefixes = [f"/{code}/" for code in languages]
        texts = {**message_files(campaign), **forms}
        members |= {name: Member(text) for name, text in texts.items() if any(item in name for item in prefixes)}
    return members


def with_manifest(campaign: Campaign, members: Mapping[str, Member]) -> dict[str, Member]:
    """Add a manifest (CSV, RFC 4180) with each file's hash and the rights holder of its picture."""
    rights = _rights(campaign)
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(COLUMNS)
    for name, member in sorted(members.items()):
        output = member.made.output if member.made else None
        own_rights = rights.get((output.language, output.name)) if output else None
        columns = (output.language, output.place or NATIONAL, output.format, output.flavour) if output else ("",) * 4
        size = member.made.bytes if member.made else len(member.read())
        rights_columns = (own_rights.credit, own_rights.licence) if own_rights else ("", "")
        rows.writerow((name, size, member.sha256, campaign.version, *(item or "" for item in columns), *rights_columns))
    return {**members, MANIFEST: Member(text.getvalue())}


def _rights(campaign: Campaign) -> dict[tuple[str | None, str], Rights]:
    """Return the rights holder of the drawing or photo in each piece or picture, by language and name."""
    rights: dict[tuple[str | None, str], Rights] = {}
    for (code, _), page in campaign.pages.items():
        if page.formats and (poster := campaign.posters.get(page.art)):
            rights[code, page.stem] = poster.rights
        rights |= {(code, photo.name): photo.rights for photo in campaign.photos.values()}
    return rights


def cover_page(campaign: Campaign, pack: Pack, place: str | None, language: Language, zips: Iterable[Zip]) -> Page:
    """Return the cover page: contents, instructions, number of copies, and where to ask for more."""
    words, source = language.strings, campaign.source_language.code
    where = campaign.places[place].name(language.code, source) if place else words["national"]
    parts = [f"## {words['pack-inside']} {{#inside}}", *_contents_list(campaign, language, zips)]
    uses = ["pack-use-unpack", "pack-use-print", "pack-use-send", "pack-use-count"]
    parts += [f"## {words['pack-use']} {{#use}}", *(f"{n}. {words[key]}" for n, key in enumerate(uses, 1))]
    parts += [f"## {words['pack-count']} {{#count}}", *_counts(campaign, place, language)]
    parts += [f"## {words['pack-out']} {{#out}}", *_office(campaign, language)]
    document = read_document("\n\n".join(parts) + "\n")
    return Page(
        language=language.code,
        path=f"packs/{COVER}.md",
        title=f"{pack_name(pack, words)}: {where}",
        description="",
        audiences=campaign.audiences,
        formats=("handout",),
        options=DesignOptions(link=FRONT),
        translation=campaign.word_origins.get(language.code),
        where="mkdocs.yml",
        tree=msgspec.json.encode(document).decode(),
        outline=outline(document),
    )


def escape_markdown(text: str) -> str:
    """Return foreign text as Markdown, with all special characters escaped."""
    return MARKDOWN_SPECIALS.sub(r"\\\1", text)


def _contents_list(campaign: Campaign, language: Language, zips: Iterable[Zip]) -> Iterator[str]:
    words, source = language.strings, campaign.source_language.code
    for zip in zips:
        name = campaign.places[zip.place].name(language.code, source) if zip.place else ""
        shared = words["pack-site" if zip.is_site else "pack-shared"]
        label = words["pack-own"].format(place=name) if zip.place else shared
        size = words["megabytes"].format(size=format_number(language, zip.bytes / 1e6, 1))
        yield f"- **{zip.name}** {escape_markdown(label)}. {plural_text(language, 'pack-files', zip.count, size=size)}"


def _counts(campaign: Campaign, place: str | None, language: Language) -> Iterator[str]:
    words = language.strings
    own_pages = (page for page in every_piece(campaign, [language.code]) if page.language == language.code)
    titles = {(page.stem, name): page.title for page in own_pages for name in page.formats}
    orders = [item for item in campaign.print_run if item.place == place and item.language == language.code]
    if not orders:
        yield words["pack-count-unknown"]
    for order in orders:
        title = titles.get((order.piece, order.format), order.piece)
        format = words.get(f"format-{order.format}", order.format)
        yield f"- {escape_markdown(title)}, {escape_markdown(format)}: **{order.copies}**"


def _office(campaign: Campaign, language: Language) -> Iterator[str]:
    """Return the publisher's name, or a line to write on."""
    offices = [contact for contact in campaign.offices if contact.is_printed]
    for contact in offices:
        yield escape_markdown(contact_line(campaign, language, contact))
    if not offices:
        yield f"{language.strings['pack-out-nobody']} {'. ' * 40}"
