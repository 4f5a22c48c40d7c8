"""The press kit of a language: one zip with everything that a newsroom needs, and checksums."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import chain
from posixpath import basename

from campaign.cache.archive import CHECKSUM_FILE, with_checksums, zip_bytes
from campaign.content.clean_files import cleaned_file
from campaign.content.number_doubts import with_doubts
from campaign.content.picture_metadata import drawing_notice, warnings_of
from campaign.content.press_envelope import contact_lines, envelope
from campaign.content.releases import FORMAT, releases
from campaign.models.campaign import Campaign
from campaign.models.media import Rights
from campaign.models.nodes import Outline, sections, words
from campaign.models.outputs import PRESS_KIT, Artifact, Output
from campaign.models.page import Page
from campaign.packs.member import Member
from campaign.packs.plain_text import hanging, page_text, paragraphs, version_line
from campaign.plan.press_kits import PRESS_FOLDER, PressPicture, is_kit_piece, press_pictures

CAPTIONS = "captions.txt"
README = "README.txt"
# The section of a press page about the use of logos.
LOGO_RULES = "logo"
LICENCES = ("LICENSE", "LICENSE.txt", "LICENCE", "LICENCE.txt", "COPYING")
# Descriptions of the folders in the README.
FOLDERS = {
    "releases/": "kit-read-releases",
    "texts/": "kit-read-texts",
    "pictures/": "kit-read-pictures",
    "art/": "kit-read-art",
    "logos/": "kit-read-logos",
    "licences/": "kit-read-licences",
    CHECKSUM_FILE: "kit-read-sums",
}


def plan_kit(campaign: Campaign, kit: Output, artifacts: list[Artifact]) -> dict[str, Member]:
    """Return the members of a language's press kit, by name in the zip."""
    code = str(kit.language)
    own_pages = [page for (language, _), page in campaign.pages.items() if language == code]
    press = {page.stem: page for page in own_pages if page.path.startswith(PRESS_FOLDER) and FORMAT not in page.formats}
    members: dict[str, Member] = {
        f"texts/{stem}.txt": Member(page_text(campaign, page)) for stem, page in press.items()
    }
    for artifact in artifacts:
        output = artifact.output
        if output.language == code and output.kind == "release":
            members[f"releases/{output.name}.{output.ending}"] = Member(made=artifact)
        elif output.language == code and is_kit_piece(campaign, output) and output.name in press:
            short_name, full_name = f"texts/{output.name}.pdf", f"texts/{output.name}-{output.format}.pdf"
            members[full_name if short_name in members else short_name] = Member(made=artifact)
        elif output.kind == "art":
            rights = campaign.posters[output.name].rights
            notice = drawing_notice(campaign, code, rights, _page_showing(campaign, code, output.name))
            members[f"art/{output.name}.{output.ending}"] = Member(made=artifact, notice=notice)
        elif output.kind == "logo":
            members[f"logos/{output.name}.png"] = Member(made=artifact)
    marks = {f"logos/{name}.svg": path for name, path in campaign.logos.items()}
    marks |= {f"logos/partners/{partner.file.name}": partner.file for partner in campaign.partners}
    members |= {
        name: Member(file=cleaned_file(campaign.root, path.relative_to(campaign.root).as_posix()))
        for name, path in marks.items()
    }
    members |= _logo_rules(campaign, press.values())
    members |= _pictures(campaign, code, artifacts)
    members |= _licences(campaign)
    return dict(sorted({**members, README: Member(_readme(campaign, code, members))}.items()))


def kit_bytes(campaign: Campaign, kit: Output, members: Mapping[str, Member]) -> bytes:
    """Return the zip: one folder with all members and their checksums."""
    files = with_checksums({name: member.read() for name, member in members.items()})
    return zip_bytes({f"{PRESS_KIT}-{kit.language}/{name}": data for name, data in files.items()}, campaign.date)


def _logo_rules(campaign: Campaign, pages: Iterable[Page]) -> dict[str, Member]:
    for page in pages:
        for section in sections(page.document.blocks):
            if section.heading and section.heading.id == LOGO_RULES:
                titled = replace(page, title=words(section.heading.children), outline=Outline())
                return {"logos/rules.txt": Member(page_text(campaign, titled, section.blocks))}
    return {}


def _pictures(campaign: Campaign, code: str, artifacts: list[Artifact]) -> dict[str, Member]:
    members: dict[str, Member] = {}
    captions: list[str] = []
    rights: list[str] = []
    for picture in press_pictures(campaign, code, artifacts):
        names = {f"pictures/print/{basename(picture.large.output.path)}": picture.large}
        if picture.screen:
            names[f"pictures/screen/{basename(picture.screen.output.path)}"] = picture.screen
        # Photos for screens are the site's, which serve all languages.
        members |= {
            name: Member(made=artifact, notice=None if artifact.output.language else picture.notice)
            for name, artifact in names.items()
        }
        captions.append("\n".join((*names, _caption(campaign, code, picture))))
        rights.append(f"{basename(picture.large.output.path)}: {_rights_line(picture.rights)}")
    captions += _art_captions(campaign, code, artifacts)
    captions += _logo_captions(campaign, code)
    if captions:
        head = (campaign.name_in(code), *_about(campaign, code))
        members[CAPTIONS] = Member("\n\n".join((*paragraphs(("\n".join(head),)), *captions)) + "\n")
    rights += [f"art/{name}: {_rights_line(poster.rights)}" for name, poster in campaign.posters.items()]
    rights += [
        f"logos/partners/{other_name.file.name}: {_rights_line(other_name.rights)}" for other_name in campaign.partners
    ]
    if rights:
        members["licences/pictures.txt"] = Member("\n".join(rights) + "\n")
    return members


def _rights_line(rights: Rights) -> str:
    return ", ".join(filter(None, (rights.credit, rights.licence, rights.url)))


def _caption(campaign: Campaign, code: str, picture: PressPicture) -> str:
    credit = _credit(campaign, code, picture.rights)
    caption = with_doubts(campaign, campaign.languages[code], picture.caption)
    return "\n".join(paragraphs(filter(None, (picture.title, caption, credit))))


def _credit(campaign: Campaign, code: str, rights: Rights) -> str:
    return campaign.languages[code].strings["credit"].format(credit=rights.credit, licence=rights.licence)


def _art_captions(campaign: Campaign, code: str, artifacts: list[Artifact]) -> Iterator[str]:
    """Yield the caption of each drawing without text: the description of it on the first page that shows it."""
    names: dict[str, list[str]] = {}
    for artifact in artifacts:
        if artifact.output.kind == "art":
            name = artifact.output.name
            names.setdefault(name, []).append(f"art/{name}.{artifact.output.ending}")
    for name, files in names.items():
        credit = _credit(campaign, code, campaign.posters[name].rights)
        page = _page_showing(campaign, code, name)
        shown = (page.alt or page.title) if page else ""
        yield "\n".join((*sorted(files), *paragraphs(filter(None, (shown, credit)))))


def _page_showing(campaign: Campaign, code: str, name: str) -> Page | None:
    """Return the first page that shows a drawing, if possible one that describes it."""
    own_pages = [page for (language, _), page in campaign.pages.items() if language == code]
    describing = (page for page in own_pages if page.art == name and page.alt)
    printed = sorted((page for page in own_pages if page.formats), key=lambda page: page.stem != name)
    others = (page for page in printed if name in (page.art, *(cover.art for cover in page.covers)))
    return next(chain(describing, others), None)


def _logo_captions(campaign: Campaign, code: str) -> Iterator[str]:
    """Yield whose logo each file is; the rules for the campaign's own are in the kit."""
    for name in campaign.logos:
        yield "\n".join((f"logos/{name}.png", f"logos/{name}.svg", campaign.name_in(code)))
    for partner in campaign.partners:
        credit = _credit(campaign, code, partner.rights) if partner.rights.credit else ""
        yield "\n".join(filter(None, (f"logos/partners/{partner.file.name}", partner.title, credit)))


def _licences(campaign: Campaign) -> dict[str, Member]:
    """Return the text of the campaign's licence file, if there is one."""
    results = (campaign.root / name for name in LICENCES)
    return {f"licences/{path.stem}.txt": Member(file=path) for path in results if path.is_file()}


def _readme(campaign: Campaign, code: str, members: Mapping[str, Member]) -> str:
    return "\n\n".join(_readme_parts(campaign, code, members)) + "\n"


def _readme_parts(campaign: Campaign, code: str, members: Mapping[str, Member]) -> Iterator[str]:
    language = campaign.languages[code]
    words, issued = language.strings, releases(campaign, code)
    yield from paragraphs((f"{campaign.name_in(code)}: {words['kit-title']}", words["kit-what"]))
    yield from paragraphs(("\n".join(_about(campaign, code)),))
    folder_names = (
        name for name in FOLDERS if name == CHECKSUM_FILE or any(member.startswith(name) for member in members)
    )
    yield "\n".join(hanging(name, words[FOLDERS[name]]) for name in folder_names)
    role = issued[0].release.contact if issued and issued[0].release else ""
    yield from paragraphs(("\n".join((words["kit-contact"], *contact_lines(campaign, language, role))),))
    if campaign.is_published:
        yield f"{campaign.site_url}{code}/"


def _about(campaign: Campaign, code: str) -> list[str]:
    """Return lines about the publisher, the version, and what in the kit is not final."""
    language = campaign.languages[code]
    own_pages = [page for (other_code, _), page in campaign.pages.items() if other_code == code]
    pages = [page for page in own_pages if page.path.startswith(PRESS_FOLDER) or page.art in campaign.posters]
    origins = (campaign.caption_origins.get(code), *(page.translation for page in pages))
    return [
        language.strings["imprint"],
        version_line(language, campaign.version, campaign.date),
        *warnings_of(campaign, code, *origins),
    ]


def preview_bytes(campaign: Campaign, code: str, members: Mapping[str, bytes]) -> bytes:
    """Return the zip of a language's releases under embargo (`members`), for the partner in `preview_for`."""
    words = campaign.languages[code].strings
    withheld = releases(campaign, code)
    lines = [envelope(campaign, page).line for page in withheld if f"{page.stem}.pdf" in members]
    parts = (words["kit-preview"].format(partner=campaign.preview_for), *dict.fromkeys(lines))
    text = "\n\n".join(paragraphs((*parts, words["kit-read-releases"]))) + "\n"
    files = with_checksums({**members, README: text.encode()})
    return zip_bytes({f"press-preview-{code}/{name}": data for name, data in files.items()}, campaign.date)
