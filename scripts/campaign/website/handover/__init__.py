"""The start page of dist/ in each language: finds what to print, send and hand over, without a server or network.

It uses the finder of the site's downloads (plan/finder.py, finder.js) for all files, not only public ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from markupsafe import Markup

from campaign.cache.memo import Memo
from campaign.content.locale_format import format_date
from campaign.models.campaign import NATIONAL, Campaign, Language
from campaign.models.outputs import PRESS_KIT, Artifact
from campaign.plan.finder import as_script, finder_data, finder_words, needs_of
from campaign.plan.outputs import THUMBNAILS
from campaign.plan.print_queues import PRINT_QUEUE, duplex_mode, parts_of
from campaign.website.csp import with_policy
from campaign.website.inline_css import StyleInliner
from campaign.website.scripts import read_script
from campaign.website.texts import fill
from campaign.website.theme_css import favicon, head_styles, svg_url, theme_folders
from campaign.website.view import default_language_first
from campaign.website.words import size_words

TEMPLATE_FOLDER = Path(__file__).parent
# The folder of its assets below dist/.
FILES = "finder"
ENTRY_PAGE = "index.html"
# Outputs in separate folders: the key of their strings, and the folder.
OTHER_FOLDERS = (
    ("door-copies", "copies"),
    ("door-pictures", "pictures"),
    ("door-forms", "forms"),
    ("door-tickets", "job-tickets"),
    ("door-recordings", "recordings"),
)
LABELS = {"need": "need", "language": "choose-language"}


@dataclass(frozen=True)
class Entry:
    """A link to a file or folder below dist/, with its size as text."""

    words: str
    to: str
    size: str = ""


def handover_pages(
    campaign: Campaign, artifacts: Iterable[Artifact], folders: Collection[str], memo: Memo | None = None
) -> dict[str, str]:
    """Return the pages and the data of their scripts, by path below dist/. The caller saves `memo`, a style cache."""
    artifacts, languages = list(artifacts), default_language_first(campaign.languages.values())
    data = finder_data(campaign, artifacts, "{place}/{language}/{printer}/") | {"pictures": f"{THUMBNAILS}/"}
    addresses = {language.code: f"{FILES}/{language.code}.html" for language in languages} | {
        languages[0].code: ENTRY_PAGE
    }
    write = page_writer(campaign, memo)
    pages = {f"{FILES}/finder.js": read_script("finder.js"), f"{FILES}/finder-data.js": as_script("finderData", data)}
    for language in languages:
        duplex_labels = {
            name: language.strings[f"flip-{duplex_mode(format)}"] for name, format in campaign.formats.items()
        }
        words = finder_words(campaign, language) | {"how": duplex_labels}
        pages[f"{FILES}/{language.code}/finder-words.js"] = as_script("finderWords", words)
        address = addresses[language.code]
        pages[address] = write(
            "door.html",
            title=f"{campaign.name_in(language.code)}: {language.strings['door-title']}",
            language=language,
            words=language.strings,
            links=[(language, addresses[language.code]) for language in languages],
            base="../" * address.count("/"),
            fields=_fields(campaign, language),
            shelves=_shelves(campaign, language, artifacts),
            others=_other_entries(language, artifacts, folders),
            version=language.strings["version"].format(
                version=campaign.version, date=escape(format_date(language, campaign.date))
            ),
        )
    return pages


def start_page(campaign: Campaign, languages: Collection[Language], base: str, has_prints: bool = False) -> str:
    """Return the first page of a copy, with links to the site (at `base`) in each language, and to dist/."""
    ordered = default_language_first(languages)
    return page_writer(campaign)(
        "start.html",
        campaign=campaign,
        languages=ordered,
        first=ordered[0],
        base=base,
        has_prints=has_prints,
        door=ENTRY_PAGE,
    )


def page_writer(campaign: Campaign, memo: Memo | None = None) -> Callable[..., str]:
    """Return a function that writes a template's page; the site's styles and icon are read once for all pages."""
    inliner = StyleInliner(theme_folders(campaign), memo)
    styles = Markup(head_styles(campaign) + (TEMPLATE_FOLDER / "door.css").read_text(encoding="utf-8"))
    icon = Markup(svg_url(favicon(campaign))[5:-2])

    def write(template: str, /, **context: object) -> str:
        return with_policy(inliner.inline(fill(template, icon=icon, styles=styles, **context)))

    return write


def _fields(campaign: Campaign, language: Language) -> list[tuple[str, str]]:
    """Return the filters for pieces, and their headings."""
    names = ("who", "need" if needs_of(campaign) else "kind", "language", "place", "printer")
    return [(name, language.strings[LABELS.get(name, f"find-{name}")]) for name in names]


def _shelves(campaign: Campaign, language: Language, artifacts: list[Artifact]) -> list[dict[str, Any]]:
    """Return folder and print queues of the whole country, then of each place with files (`is_own`: and contacts)."""
    queues_by_place: dict[str | None, list[Artifact]] = defaultdict(list)
    for artifact in artifacts:
        if artifact.output.language == language.code and artifact.output.flavour:
            queues_by_place[artifact.output.place].append(artifact)
    source = campaign.source_language.code
    names: dict[str | None, str] = {None: language.strings["national"]}
    names |= {code: place.name(language.code, source) for code, place in campaign.places.items()}
    results = []
    for place, name in names.items():
        if place_files := queues_by_place[place]:
            folder = Entry(name, f"{place or NATIONAL}/{language.code}/")
            queues = [_queue(language, item) for item in place_files if item.output.kind == PRINT_QUEUE]
            is_own = bool(place and campaign.places[place].contacts)
            results.append({"folder": folder, "is_own": is_own, "queues": queues})
    return results


def _queue(language: Language, artifact: Artifact) -> Entry:
    paper, duplex = parts_of(artifact.output)
    words = f"{paper}. {language.strings[f'flip-{duplex}']}"
    return Entry(words, artifact.output.path, size_words(language, artifact.bytes))


def _other_entries(language: Language, artifacts: Iterable[Artifact], folders: Collection[str]) -> list[Entry]:
    """Return outputs without a place: the press kit, and folders for other purposes."""
    kits = [
        Entry(language.strings["kit-title"], artifact.output.path, size_words(language, artifact.bytes))
        for artifact in artifacts
        if artifact.output.kind == PRESS_KIT and artifact.output.language == language.code
    ]
    return kits + [Entry(language.strings[word], f"{folder}/") for word, folder in OTHER_FOLDERS if folder in folders]
