"""The copies of a language that the site offers: one file and a book, listed on the downloads page.

They are made from finished pages, so the list is inserted last.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from posixpath import basename
from typing import Any

from campaign.cache.extensions import extensions
from campaign.cache.memo import Memo
from campaign.cache.output_tree import PlacedFiles
from campaign.cache.store import hash_text
from campaign.cache.workers import map_in_workers
from campaign.graph.traces import NewInputs
from campaign.graph.tracking import remembered
from campaign.models.campaign import Campaign, Language
from campaign.website.components import draw, in_language
from campaign.website.elements import heading
from campaign.website.epub import epub
from campaign.website.inline_css import known_styles
from campaign.website.one_file import PICTURE_URL, copy_name, core_pages, one_file
from campaign.website.page_cache import cached_or_made
from campaign.website.site import Site
from campaign.website.view import View, addresses_with
from campaign.website.words import size_words

# Placeholders for the lists until all pages are written; they are styled, so styles are kept. Copies leave out elements
# with this class.
LIST = "{list-of-copies}"
OTHER_COPIES_PLACEHOLDER = "{list-of-other-copies}"
SECTION = "copies"
# `.htm`: a file to be saved, under the name that it has in dist/, and no page of the site.
PLAIN_SUFFIX = ".htm"
PICTURES_SUFFIX = "-pictures.htm"
BOOK_SUFFIX = ".epub"
WORDS = {PLAIN_SUFFIX: "copies-text", PICTURES_SUFFIX: "copies-pictures", BOOK_SUFFIX: "copies-book"}


def copies_panel(view: View, level: int) -> str:
    """Return the panel for the downloads page, '' in languages with pieces only."""
    words = view.language.strings
    if not view.language.is_whole:
        return ""
    data = {
        "section": SECTION,
        "title": heading(view, level, words["copies-title"]),
        "about": words["copies-about"],
        "list": LIST,
        "others_title": words["copies-others"],
        "others": OTHER_COPIES_PLACEHOLDER,
    }
    return draw(view.campaign, "copies/panel", data)


def copy_files(campaign: Campaign, site: Path) -> dict[str, bytes]:
    """Return all copies of a site's finished pages by address."""
    codes = [code for code, language in campaign.languages.items() if core_pages(campaign, language)]
    return {address: data for code in codes for address, data in _copies_in(campaign, site, None, code).items()}


def _copies_in(campaign: Campaign, site: Path, styles: Memo | None, code: str) -> dict[str, bytes]:
    language, start = campaign.languages[code], _address(campaign, code)
    html = one_file(campaign, site, language, has_pictures=True, memo=styles)
    text_only = one_file(campaign, site, language, has_pictures=False, memo=styles) if PICTURE_URL in html else html
    files = {f"{start}{PLAIN_SUFFIX}": text_only.encode()}
    if html != text_only:
        files[f"{start}{PICTURES_SUFFIX}"] = html.encode()
    extension_copies = {
        f"{start}{copy.ending}": copy.make(campaign, site, language) for copy in extensions("copies").values()
    }
    return {**files, f"{start}{BOOK_SUFFIX}": epub(campaign, site, language), **extension_copies}


def _address(campaign: Campaign, code: str, suffix: str = "") -> str:
    return f"files/{code}/{copy_name(campaign)}-{code}{suffix}"


def in_hand(address: str) -> str:
    """Return a copy's path below dist/."""
    name = basename(address)
    return f"copies/{name}l" if name.endswith(".htm") else f"copies/{name}"


def put_copies(site: Site, keys: Mapping[str, str]) -> tuple[dict[str, int], list[str]]:
    """Put the copies into the site if a page offers them; return their bytes by address, and which are new.

    `keys`: for each language with copies, the hash of all their inputs.
    """
    sizes: dict[str, int] = {}
    paths: list[str] = []
    if any(addresses_with(site.unrecorded, code, "downloads") for code in site.unrecorded.languages):
        for audits, new, inputs, put in map_in_workers(
            _make_copies, (site, keys), list(keys), is_parallel=site.is_parallel
        ):
            sizes |= audits
            site.inputs.merge(inputs)
            paths += new
            if site.tree and put:
                site.tree.merge(put)
    return sizes, paths


def _make_copies(
    shared: tuple[Site, Mapping[str, str]], code: str
) -> tuple[dict[str, int], list[str], NewInputs, PlacedFiles | None]:
    site, keys = shared
    page_cache, key = site.cached(f"{code}-copies"), keys[code]
    copies = remembered(lambda: _copies_in(site.campaign, site.folder, known_styles(page_cache.memo), code))
    sizes = {}
    for address in page_cache.value(key, lambda: list(copies())):
        make = partial(lambda address: copies()[address], address)
        sizes[address] = cached_or_made(page_cache, hash_text(f"{key} {address}"), address, make, _size)["size"]
    page_cache.save()
    placed_files = page_cache.tree.placed_files if page_cache.tree else None
    return sizes, page_cache.made, site.inputs.take_new(), placed_files


def _size(data: bytes) -> dict[str, Any]:
    return {"size": len(data)}


def copies_there(campaign: Campaign, site: Path) -> dict[str, Path]:
    """Return the copies in a site, by address."""
    names = (_address(campaign, code, suffix) for code in campaign.languages for suffix in _endings())
    return {name: site / name for name in names if (site / name).is_file()}


def existing_copies(campaign: Campaign, site: Path) -> dict[str, bytes]:
    """Return the copies by path below dist/, made now if the site has none."""
    existing = {address: path.read_bytes() for address, path in copies_there(campaign, site).items()}
    return {in_hand(address): data for address, data in (existing or copy_files(campaign, site)).items()}


def _endings() -> dict[str, str]:
    """Return the key of the words for each suffix; for a package's copy its title."""
    return WORDS | {copy.ending: copy.title for copy in extensions("copies").values()}


def with_copies(html: str, address: str, campaign: Campaign, code: str, sizes: Mapping[str, int]) -> str:
    """Insert the list of copies: the language's own, and the smallest of each other language."""
    if LIST not in html:
        return html
    language, base = campaign.languages[code], "../" * address.count("/")
    words = language.strings
    addresses = {suffix: _address(campaign, code, suffix) for suffix in _endings()}
    own_items = [
        _item(language, base, addresses[suffix], sizes, words.get(word, word)) for suffix, word in _endings().items()
    ]
    items = [
        _item(language, base, _address(campaign, other.code, PLAIN_SUFFIX), sizes, other.name, other)
        for other in campaign.languages.values()
        if other.code != code
    ]
    if not any(items):
        html = re.sub(
            rf"<details><summary>[^<]*</summary><ul[^>]*>{re.escape(OTHER_COPIES_PLACEHOLDER)}</ul></details>", "", html
        )
    list_html, rest = (
        draw(campaign, "copies/list", {"copies": list(filter(None, item))}) for item in (own_items, items)
    )
    return html.replace(LIST, f'<ul class="files">{list_html}</ul>').replace(OTHER_COPIES_PLACEHOLDER, rest)


def _item(
    language: Language,
    base: str,
    address: str,
    sizes: Mapping[str, int],
    words: str,
    other: Language | None = None,
) -> dict[str, Any]:
    """Return a list item, {} if the file doesn't exist. `other`: the language of its words if not the page's."""
    if address not in sizes:
        return {}
    return {
        "to": f"{base}{address}",
        "name": basename(in_hand(address)),
        "words": words,
        "language": in_language(other) if other else {},
        "size": size_words(language, sizes[address]),
    }
