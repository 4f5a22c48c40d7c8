"""The offline copy that visitors may save: its content, the panel that offers it, its service worker's data.

A language's saved.json is {"files": [[address, sha256 in base64, transferred bytes], …], "pages": {address: number},
"also": {address: address}, "numbers": [what to dial, …]}, with addresses below the site's root. Pages are in parts of
that number (shared_texts). `also` maps files to the one saved in their place (other widths of a picture). A number that
disappears from `numbers` was withdrawn, and older copies warn about it.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from html import escape
from pathlib import Path
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from campaign.cache.store import hash_text
from campaign.content.locale_format import date_words
from campaign.content.number_doubts import number_doubt
from campaign.models.campaign import SAFETY, Campaign, Language
from campaign.models.page import address_of
from campaign.website.components import draw
from campaign.website.page_audit import Offer, PageAudit, audit_page, weigh
from campaign.website.page_cache import PageCache, as_bytes, cached_or_made
from campaign.website.quick_exit import neutral_pages
from campaign.website.scripts import read_script
from campaign.website.search.index import search_address
from campaign.website.shared_texts import SavedPages
from campaign.website.view import no_answer
from campaign.website.words import size_words, with_number

LIST = "saved.json"
SCRIPT = "offline-copy.js"
NOT_SAVED_PAGE = "not-saved.html"
WORKER = "sw.js"
# The words of offline-copy.js.
WORDS = (
    *("save", "save-on", "save-cannot", "saving-begins", "saving", "saving-broken", "saving-full", "saving-wrong"),
    *("saved", "newer", "update", "update-see", "look", "not-newer", "not-reached", "as-of", "withdrawn-number"),
    *("withdrawn-picture", "updated", "kilobytes", "megabytes"),
)
FORGET_WORDS = ("forgotten", "forgotten-but", "not-forgotten", "forget-cannot", "save-kept")
# Placeholder for the size of the copy until all pages are written; longer than the size.
SIZE = "{size-of-the-copy}"
# Saved pictures have this width or the next larger one, or less if they are shown smaller.
PICTURE_WIDTH = 320
ROUND_BYTES = 10_000
# The A–Z list of public entries.
PUBLIC_TITLES = re.compile(r"[\w-]+/a-z(-\d+)?\.html")
# Suffixes of files that hosts and offline-copy.js compress.
TEXTS = {".js", ".json", ".svg"}


def offline_copy_panel(campaign: Campaign, language: Language) -> str:
    """Return the HTML of `{{ saving }}`."""
    help = language.strings["save-what"].replace("{size}", SIZE)
    is_shared = campaign.shares_devices
    return draw(
        campaign, "saving/panel", {"what": help, "size": SIZE, "words": language.strings, "is_shared": is_shared}
    )


def purge_link(campaign: Campaign, language: Language, to: str) -> str:
    """Return the HTML of `{{ forgetting }}`."""
    return draw(campaign, "saving/forget", {"to": to, "words": language.strings["forget"]})


def offline_copy_script(campaign: Campaign, language: Language) -> str:
    """Return the script that saves and deletes copies, with its words."""
    keys = [*WORDS, *(FORGET_WORDS if campaign.shares_devices else ())]
    keys += ["card-name"] if campaign.may_be_watched else []
    words: dict[str, object] = {key: language.strings[key] for key in keys}
    words |= {"page": f"{SAFETY.removesuffix('.md')}.html#save", **date_words(language)}
    text = json.dumps(words, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    return f"var WORDS={text};\n{read_script('offline-copy.js', campaign)}"


def missing_page(campaign: Campaign, language: Language, env: Environment) -> str:
    """Return the page that the service worker shows for pages that weren't saved."""
    emergency = campaign.emergency
    call = Markup(with_number(language.strings["call"], emergency.phone)) if emergency else ""
    return env.get_template("not-saved.html").render(
        campaign=campaign,
        language=language,
        strings=language.strings,
        emergency=emergency,
        doubt=number_doubt(language, emergency),
        call=call,
        no_answer=no_answer(campaign, language.code, lambda address: f"../{address}"),
        base="../",
    )


def saved_pages(campaign: Campaign, code: str) -> list[str]:
    """Return the addresses of a language's public pages, its front page included."""
    pages = {path: campaign.page(code, path) for _, path in campaign.pages}
    return sorted(address_of(code, path) for path, page in pages.items() if page and campaign.is_public(page))


class OfflineCopy:
    """A language's copy.

    Attributes:
        pages: addresses.
        files: addresses of everything else.
        copied_files: address -> the file saved in its place.
        audits: of the pages.
    """

    def __init__(self, site_dir: Path, campaign: Campaign, code: str, audits: Mapping[str, PageAudit]) -> None:
        self.site_dir, self.base, self.code, self.audits = site_dir, campaign.base, code, dict(audits)
        self.copied_files: dict[str, str] = {}
        self._sizes: dict[str, int] = {}
        self._other_audits: dict[str, PageAudit] = {}
        pages = [address for address in saved_pages(campaign, code) if address in audits]
        pages += [address for address in audits if PUBLIC_TITLES.fullmatch(address)]
        pages += [f"{code}/{NOT_SAVED_PAGE}", *neutral_pages(campaign, code), "index.html"]
        self.pages = list(dict.fromkeys(pages))
        results: dict[str, None] = dict.fromkeys([f"{code}/{SCRIPT}", search_address(code)])
        # The list of languages searches the first one, which is 18 kB that readers of another don't need.
        other_searches = {search_address(other) for other in campaign.languages if other != code}
        picture_sets: dict[tuple[Offer, ...], int] = {}
        for address_needed in (need for page in self.pages for need in self._required_files(page)):
            if isinstance(address_needed, str):
                is_needed = address_needed not in other_searches and self._size(address_needed)
                results |= {address_needed: None} if is_needed else {}
            else:
                dots, offers = address_needed[0], tuple(map(tuple, address_needed[1]))
                picture_sets[offers] = max(dots, picture_sets.get(offers, 0))
        for offers, dots in picture_sets.items():
            results |= dict.fromkeys(self._picture(offers, min(dots, PICTURE_WIDTH)))
        self.files = [item for item in results if item not in self.copied_files and item not in self.pages]
        self._parts: dict[str, PageAudit] = {}
        self._part_numbers: dict[str, int] = {}

    def audit_again(self, page: str) -> None:
        """Update the audit of a changed page."""
        self.audits[page] = audit_page(page, (self.site_dir / page).read_text(encoding="utf-8"), self.base)

    def _required_files(self, page: str) -> list[Any]:
        if page not in self.audits:
            self.audit_again(page)
        needs: list[Any] = self.audits[page]["needs"]
        return needs

    def _picture(self, offers: Iterable[Offer], width_px: int) -> Iterator[str]:
        """Yield the picture to save for all widths and formats; `width_px` is the width needed."""
        candidates = [
            (kind == "avif", width < width_px, self._size(address), address)
            for kind, width, address in offers
            if self._size(address)
        ]
        if candidates:
            *_, best = min(candidates)
            self.copied_files |= {address: best for *_, address in candidates if address != best}
            yield best

    def _size(self, address: str) -> int:
        """Return a file's size, 0 if missing."""
        if address not in self._sizes:
            path = f"{self.site_dir}/{address}"  # a thousand: a Path takes three times as long
            self._sizes[address] = os.path.getsize(path) if os.path.isfile(path) else 0  # noqa: PTH113, PTH202
        return self._sizes[address]

    def pack(self, cache: PageCache) -> None:
        """Write the parts with the pages in their current state."""
        hashes = {page: self._row(page)[1] for page in self.pages}
        pages_saved = SavedPages(hashes, lambda page: (self.site_dir / page).read_text(encoding="utf-8"), cache.memo)
        self._part_numbers = pages_saved.where
        self._parts = {
            address: cached_or_made(cache, hash_text(f"{key} {address}"), address, write, _weigh)
            for address, (key, write) in pages_saved.parts(self.code).items()
        }

    @property
    def bytes(self) -> int:
        """The transferred bytes of the packed copy."""
        return sum(row[2] for row in self._rows())

    def _rows(self) -> list[tuple[str, str, int]]:
        parts = [(address, part["hash"], part["travels"]) for address, part in self._parts.items()]
        return [*parts, *map(self._row, self.files)]

    def _row(self, address: str) -> tuple[str, str, int]:
        """Return address, hash and transferred bytes."""
        audit = self.audits.get(address) or self._other_audits.get(address)
        if audit is None:
            data = (self.site_dir / address).read_bytes()
            audit = self._other_audits[address] = weigh(data, Path(address).suffix in TEXTS)
        return address, audit["hash"], audit["travels"]

    def _numbers(self) -> list[str]:
        """Return the numbers that the pages dial."""
        return sorted({item for address in self.pages for item in self.audits[address].get("dials", ())})

    def listing(self) -> tuple[str, str]:
        """Return (address, text) of saved.json."""
        also = dict(sorted(self.copied_files.items()))
        results = {"files": self._rows(), "pages": self._part_numbers, "also": also, "numbers": self._numbers()}
        return f"{self.code}/{LIST}", json.dumps(results, separators=(",", ":"))


def _weigh(text: str) -> PageAudit:
    return weigh(as_bytes(text), is_text=True)


def is_open(html: str) -> bool:
    """Return whether a page still lacks the size of the copy."""
    return SIZE in html


def with_size(html: str, size: int, language: Language) -> str:
    """Insert the size of the copy (transferred bytes), rounded up because the policy is added later."""
    return html.replace(SIZE, escape(size_words(language, -(-size * 102 // 100 // ROUND_BYTES) * ROUND_BYTES)))


def size_of_built(site_dir: Path, code: str) -> int:
    """Return the transferred bytes of a language's copy in the last site, or 0."""
    try:
        return sum(row[2] for row in json.loads((site_dir / code / LIST).read_bytes())["files"])
    except (OSError, ValueError):
        return 0
