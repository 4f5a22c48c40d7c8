"""Finish the site: add what belongs to a language or to the whole site.

The order matters: HTML is changed first, then come policies (with hashes of a page's content), then the lists of
offline copies (with hashes of whole files).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import lru_cache, partial
from typing import NamedTuple

from campaign.cache.output_tree import PlacedFiles
from campaign.cache.store import hash_content, hash_text
from campaign.cache.workers import map_in_workers
from campaign.cleaning.svg import clean_svg, parse_svg
from campaign.content.clean_files import cleaned_file
from campaign.content.public_files import public_files
from campaign.graph.traces import NewInputs
from campaign.graph.tracking import remembered
from campaign.models.campaign import Language
from campaign.models.page import address_of
from campaign.plan.finder import as_script, finder_data, finder_words
from campaign.plan.site_files import site_files
from campaign.website import offline_copy
from campaign.website.components.downloads import page_of
from campaign.website.csp import PURGE_FILE, host_files, with_policy
from campaign.website.feed import feed, feed_address
from campaign.website.file_pages import file_pages
from campaign.website.frame import NewFrame
from campaign.website.hero import hero_pictures
from campaign.website.landing_page import LANDING_PAGES, landing_pages, robots, site_map
from campaign.website.later_css import later_sheets
from campaign.website.listening import SCRIPT as LISTEN_SCRIPT
from campaign.website.listening import listen_script
from campaign.website.one_file import article_of, core_pages
from campaign.website.page_audit import PageAudit, audit_page, weigh
from campaign.website.page_cache import PageCache, as_bytes, cached_or_made
from campaign.website.parts import GeneratedPage, render_made
from campaign.website.published_copies import LIST, put_copies, with_copies
from campaign.website.quick_exit import neutral_address, neutral_page
from campaign.website.scripts import read_script
from campaign.website.search.a_to_z import a_to_z_pages
from campaign.website.search.entries import Entry, as_listed, entries, from_listed
from campaign.website.search.index import DEFERRED_SCRIPT, FULL_SCRIPT, search_address, search_file
from campaign.website.search.index import SCRIPT as SCRIPT_OF_SEARCH
from campaign.website.site import Site
from campaign.website.source_pages import source_pages
from campaign.website.theme_css import favicon
from campaign.website.view import addresses_with

FINDER = "finder.js"


def with_csp(html: str) -> str:
    """Return a page with its policy; unchanged if sizes of copies are still missing."""
    return html if offline_copy.is_open(html) or LIST in html else with_policy(html)


class FinishResult(NamedTuple):
    """The result for a language or for the whole site."""

    audits: dict[str, PageAudit]  # of its pages and of changed ones, by address
    made: list[str]  # addresses of new files
    frames: dict[str, NewFrame]  # new ones
    inputs: NewInputs  # of new files
    placed_files: PlacedFiles | None = None  # files put into the site


def finish(site: Site) -> FinishResult:
    """Add everything besides the pages to a site."""
    campaign = site.unrecorded
    shown_files = {item.output.public: (item.file, item.sha256) for item in site.assets.public}
    linked_files = {address: cleaned_file(campaign.root, name) for address, name in site_files(campaign).items()}
    for address, (file, sha256) in {
        **shown_files,
        **{to: (file, hash_content(file)) for to, file in linked_files.items()},
    }.items():
        site.place(address, file, sha256)
    files = {
        **{address: clean_svg(parse_svg(file.read_bytes())) for address, file in hero_pictures(campaign).items()},
        "favicon.svg": favicon(campaign),
        "sitemap.xml": site_map(campaign),
        **({"robots.txt": robots(campaign)} if campaign.is_published else {}),
        **({PURGE_FILE: "\n"} if campaign.shares_devices else {}),
        **{name: read_script(name, campaign) for name in (offline_copy.WORKER, DEFERRED_SCRIPT)},
        **later_sheets(campaign),
        **_finder_files(site),
        **{
            f"{code}/{LISTEN_SCRIPT}": listen_script(campaign, language)
            for code, language in campaign.languages.items()
            if campaign.reads_aloud
        },
        **{
            f"{code}/{offline_copy.SCRIPT}": offline_copy.offline_copy_script(campaign, language)
            for code, language in campaign.languages.items()
        },
    }
    for address, text in files.items():
        site.write(address, text)
    audits, landing_addresses, frames, *_ = _write_landing_pages(site)
    copies, copied_files = put_copies(site, _copy_keys(site))
    # The saved copies contain the site in its present state.
    finishing = replace(site, copies=copies)
    for item in map_in_workers(_finish_language, finishing, list(campaign.languages), is_parallel=site.is_parallel):
        audits |= item.audits
        landing_addresses += item.made
        frames |= item.frames
        site.inputs.merge(item.inputs)
        if site.tree and item.placed_files:
            site.tree.merge(item.placed_files)
    scripts = {
        digest for pages in (*site.audits.values(), audits) for page in pages.values() for digest in page["digests"]
    }
    for address, text in host_files(campaign, scripts).items():
        site.write(address, text)
    for address, path in public_files(campaign.root):
        site.place(address, path, hash_content(path))
    return FinishResult(audits, [*landing_addresses, *copied_files], frames, {})


def _finished(site: Site, audits: dict[str, PageAudit], cache: PageCache) -> FinishResult:
    """Return the result, after saving the cache."""
    cache.save()
    if site.tree and cache.tree:
        site.tree.merge(cache.tree.placed_files)
    frames = site.open().frames.take_new() if cache.made else {}
    placed_files = site.tree.placed_files if site.tree else None
    return FinishResult(audits, cache.made, frames, site.inputs.take_new(), placed_files)


def _copy_keys(site: Site) -> dict[str, str]:
    """Return for each language with copies the hash of all their inputs."""
    keys, hashes = {}, {item.output.public: item.sha256 for item in site.assets.public}
    memo = site.memo("articles")

    def article(address: str, digest: str) -> str:
        file = site.folder / address
        return str(memo.get_or_make(digest, lambda: hash_text(article_of(file.read_text(encoding="utf-8")))))

    for code, language in site.unrecorded.languages.items():
        parts = [code]
        for page in core_pages(site.unrecorded, language):
            address = address_of(code, page.path)
            audit = site.audits[code].get(address)
            is_reviewed = page.translation is None or page.translation.is_reviewed
            parts += [page.path, page.title, str(is_reviewed), *page.cites]
            if audit:
                parts.append(article(address, audit["hash"]))
                parts += [hashes[shown_file] for shown_file in _shown_files(audit) if shown_file in hashes]
        if parts[1:]:
            keys[code] = hash_text("\0".join(parts))
    memo.save(is_last=True)
    return keys


def _shown_files(audit: PageAudit) -> Iterator[str]:
    """Yield the files that a copy of a page may contain."""
    for need in audit["needs"]:
        yield from [need] if isinstance(need, str) else (file for _, _, file in need[1])


def _finder_files(site: Site) -> dict[str, str]:
    """Return the finder's script, data and words if a page has a finder."""
    campaign = site.unrecorded
    if not page_of(campaign.pages.values()):
        return {}
    data = finder_data(campaign, site.assets.public)
    return {
        FINDER: read_script(FINDER),
        "finder-data.js": as_script("finderData", data),
        **{
            f"{language.code}/finder-words.js": as_script("finderWords", finder_words(campaign, language))
            for language in campaign.languages.values()
        },
    }


def _write_landing_pages(site: Site) -> FinishResult:
    """Put pages without a language into the site."""
    page_cache = site.cached("whole")
    landing_texts = remembered(lambda: landing_pages(site.campaign, site.open().env, site.open().cards))
    makers = {address: lambda address=address: landing_texts()[address] for address in LANDING_PAGES}
    for language in site.campaign.languages.values() if site.campaign.may_be_watched else ():
        makers[neutral_address(language.code)] = lambda language=language: neutral_page(language, site.open().env)
    put = {
        address: _put_page(site, page_cache, address, partial(_lighter, site, make)) for address, make in makers.items()
    }
    return _finished(site, put, page_cache)


def _lighter(site: Site, make: Callable[[], str]) -> str:
    return site.open().finalise_html(make())


def _put_page(site: Site, cache: PageCache, address: str, make: Callable[[], str]) -> PageAudit:
    """Put a generated page into the site."""
    return cached_or_made(cache, address, address, make, lambda html: audit_page(address, html, site.unrecorded.base))


def _finish_language(site: Site, code: str) -> FinishResult:
    """Put a language's search, feed, list from A to Z and offline copy into the site."""
    site = replace(site, tree=site.tree and site.tree.part())
    language, page_cache = site.campaign.languages[code], site.cached(code)
    put = _put_texts(site, page_cache, language) | _list_copies(site, code)
    copy = offline_copy.OfflineCopy(site.folder, site.unrecorded, code, {**site.audits[code], **put})
    changed_addresses = addresses_with(site.unrecorded, code, "saving")
    copy.pack(page_cache)
    for address in changed_addresses:
        file = site.folder / address
        html = offline_copy.with_size(file.read_text(encoding="utf-8"), copy.bytes, site.unrecorded.languages[code])
        site.write(address, with_policy(html))
        copy.audit_again(address)
    if changed_addresses:
        copy.pack(page_cache)
    site.write(*copy.listing())
    put |= {address: copy.audits[address] for address in changed_addresses}
    audits = {address: audit for address, audit in put.items() if address.endswith(".html")}
    return _finished(site, audits, page_cache)


def _list_copies(site: Site, code: str) -> dict[str, PageAudit]:
    """Insert the list of copies into the pages that offer them; return their audits."""
    results = {}
    for address in addresses_with(site.unrecorded, code, "downloads"):
        file = site.folder / address
        html = file.read_text(encoding="utf-8")
        if LIST in html:
            html = with_csp(with_copies(html, address, site.unrecorded, code, site.copies))
            site.write(address, html)
            results[address] = audit_page(address, html, site.unrecorded.base)
    return results


def _put_texts(site: Site, cache: PageCache, language: Language) -> dict[str, PageAudit]:
    """Put the files made from all texts of a language into the site; return audits by address."""
    campaign, code = site.campaign, language.code

    def found() -> dict[str, list[Entry]]:
        memo = site.memo(f"{code}-words")
        entry_list = entries(campaign, language, site.assets, memo)
        memo.save(is_last=True)
        return {"": entry_list}

    # The index and the list depend on the entries, not on everything that each page's entries are made from.
    (result,) = cache.parts("entries", found).values()

    @remembered
    def index(name: str) -> str:
        memo = site.memo(f"{code}-{name}")
        shown = [entry for entry in result() if entry.is_public or name == FULL_SCRIPT]
        entry_list = search_file(campaign, language, shown, memo)
        memo.save(is_last=True)
        return entry_list

    def search(name: str) -> str:
        # If every page is public, both are the same.
        return index(FULL_SCRIPT if all(entry.is_public for entry in result()) else name)

    makers: dict[str, Callable[[], str]] = {
        **{search_address(code, name): partial(search, name) for name in (SCRIPT_OF_SEARCH, FULL_SCRIPT)},
        feed_address(code): lambda: feed(campaign, language),
    }
    audits = {address: cached_or_made(cache, address, address, make, _weigh) for address, make in makers.items()}

    def missing() -> str:
        return offline_copy.missing_page(campaign, language, site.open().env)

    address = f"{code}/{offline_copy.NOT_SAVED_PAGE}"
    audits[address] = _put_page(site, cache, address, partial(_lighter, site, missing))
    pages = {
        **_list_pages(site, cache, language, result),
        **cache.parts("files", lambda: file_pages(campaign, language, site.assets)),
        **cache.parts("sources", lambda: source_pages(campaign, language)),
    }

    def rendered(page: Callable[[], GeneratedPage]) -> str:
        return render_made(campaign, language, page(), site.open().render_finished)

    # Each page depends on what it lists.
    return audits | {
        address: _put_page(site, cache, address, partial(rendered, page)) for address, page in pages.items()
    }


def _list_pages(
    site: Site, cache: PageCache, language: Language, result: Callable[[], list[Entry]]
) -> dict[str, Callable[[], GeneratedPage]]:
    """Return the pages from A to Z; they depend on titles and notes only."""
    (listed,) = cache.parts("listed", lambda: {"": [as_listed(entry) for entry in result()]}).values()
    return cache.parts("a to z", lambda: a_to_z_pages(site.campaign, language, list(map(from_listed, listed()))))


@lru_cache(maxsize=1)  # if every page is public, both indexes are the same file
def _weigh(text: str) -> PageAudit:
    return weigh(as_bytes(text), is_text=True)
