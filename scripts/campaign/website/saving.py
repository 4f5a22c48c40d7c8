"""The copy that a visitor may save: what is in it, the panel that offers it, the worker that serves it.

saved.json of a language: {"files": [[address, sha256 in base64, bytes that travel], …], "also": {address: address}},
addresses below the site's root; `also` names files that another one in the copy stands for (the widths of a picture).
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from html import escape
from pathlib import Path
from posixpath import dirname, join, normpath
from typing import Any
from urllib.parse import unquote, urlsplit

from jinja2 import Environment
from markupsafe import Markup
from selectolax.lexbor import LexborHTMLParser, LexborNode

from campaign.model import Campaign, Language
from campaign.website.kept import as_bytes, write_new
from campaign.website.leaving import neutral_address
from campaign.website.scripts import read_script
from campaign.website.view import HOME, SAFETY, address_of
from campaign.website.words import size_text, with_number

LIST, SCRIPT, MISSING, WORKER, GONE = "saved.json", "saving.js", "not-saved.html", "sw.js", "gone.txt"
# The words of saving.js.
WORDS = (
    *("save", "save-on", "save-cannot", "saving-begins", "saving", "saving-broken", "saving-full", "saving-wrong"),
    *("saved", "newer", "update", "update-see", "forgotten", "not-forgotten", "forget-cannot"),
    *("kilobytes", "megabytes", "months", "date"),
)
# Stands for the size of the copy until all pages are written; longer than what takes its place.
SIZE = "{size-of-the-copy}"
# A picture in this width or the next is enough on a phone.
PICTURE_WIDTH = 320
ROUND = 10_000
# Files that a page may name in a data- attribute and fetch later.
LATER = (".js", ".json", ".svg")
DATA = re.compile(r"\s(data-[\w-]+)=")
# What hosts and saving.js pack.
TEXTS = {".html", ".js", ".svg"}
LARGE = 500_000
Offer = tuple[str, int, str]
Look = Mapping[str, Any]


def saving_panel(language: Language) -> str:
    """What `{{ saving }}` becomes: it says the size and what saving leaves, and offers it where a script runs."""
    words = {key: escape(language.strings[key]) for key in ("save-what", "save-leaves", "save-needs", "save")}
    return (
        f'<div class="saving" id="save"><p>{words["save-what"].replace("{size}", SIZE)}</p>'
        f'<p>{words["save-leaves"]}</p><p class="saving-state" role="status">{words["save-needs"]}</p>'
        f'<progress hidden aria-label="{words["save"]}"></progress>'
        f'<p><button type="button" class="button" hidden>{words["save"]} ({SIZE})</button></p></div>'
    )


def forget_link(language: Language, href: str) -> str:
    """What `{{ forgetting }}` becomes."""
    return f'<p id="forget"><a class="forget button" href="{href}">{escape(language.strings["forget"])}</a></p>'


def saving_script(language: Language) -> str:
    """What saves and forgets, with the words of a language."""
    words = {key: language.strings[key] for key in WORDS} | {"page": f"{SAFETY.removesuffix('.md')}.html#save"}
    text = json.dumps(words, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
    return f"var WORDS={text};\n{read_script('saving.js')}"


def missing_page(campaign: Campaign, language: Language, env: Environment) -> str:
    """What the worker shows instead of what was not saved."""
    emergency = campaign.emergency
    call = Markup(with_number(language.strings["call"], emergency.phone)) if emergency else ""
    return env.get_template("not-saved.html").render(
        campaign=campaign, language=language, strings=language.strings, emergency=emergency, call=call, base="../"
    )


def saved_pages(campaign: Campaign, code: str) -> list[str]:
    """Addresses of a language's pages for everybody: those for the first of the campaign's audiences, those for nobody
    in particular, and the front page."""
    public = campaign.audiences[:1]
    pages = {path: campaign.page(code, path) for _, path in campaign.pages}
    wanted = {
        path
        for path, page in pages.items()
        if page and (path == HOME or not page.audiences or set(public) & set(page.audiences))
    }
    return sorted(address_of(code, path) for path in wanted)


class Copy:
    """One language's copy. files: addresses; also: address -> the one that stands for it.

    looks: what `look` says of pages, by address; a page that is not in it is looked at where it stands.
    """

    def __init__(self, site_dir: Path, campaign: Campaign, code: str, looks: Mapping[str, Look]) -> None:
        self.site_dir, self.code, self.looks = site_dir, code, dict(looks)
        self.also: dict[str, str] = {}
        self._sizes: dict[str, int] = {}
        self._others: dict[str, dict[str, Any]] = {}
        pages = [address for address in saved_pages(campaign, code) if address in looks]
        pages += [f"{code}/{MISSING}", neutral_address(code), "index.html"]
        found: dict[str, None] = dict.fromkeys([*pages, f"{code}/{SCRIPT}"])
        for page in pages:
            found.update(dict.fromkeys(self._needs(page)))
        self.files = [each for each in found if each not in self.also]

    def look_again(self, page: str) -> None:
        """To be said of each page that was changed."""
        self.looks[page] = look(page, (self.site_dir / page).read_text(encoding="utf-8"))

    def _needs(self, page: str) -> Iterator[str]:
        if page not in self.looks:
            self.look_again(page)
        for needed in self.looks[page]["needs"]:
            if isinstance(needed, str):
                yield from (each for each in (needed,) if self._size(each))
            else:
                yield from self._picture(needed)

    def _picture(self, offers: list[Offer]) -> Iterator[str]:
        """Of all widths and endings one is saved, and stands for the others."""
        there = [
            (kind == "avif", width < PICTURE_WIDTH, self._size(address), address)
            for kind, width, address in offers
            if self._size(address)
        ]
        if there:
            *_, chosen = min(there)
            self.also |= {address: chosen for *_, address in there if address != chosen}
            yield chosen

    def _size(self, address: str) -> int:
        """Bytes of a file of the site; 0 where there is none."""
        if address not in self._sizes:
            path = self.site_dir / address
            self._sizes[address] = path.stat().st_size if path.is_file() else 0
        return self._sizes[address]

    @property
    def bytes(self) -> int:
        return sum(self._row(address)[2] for address in self.files)

    def _row(self, address: str) -> tuple[str, str, int]:
        """Address, hash, and bytes on the line, and on the phone where the browser can pack."""
        known = self.looks.get(address) or self._others.get(address)
        if known is None:
            data = (self.site_dir / address).read_bytes()
            known = self._others[address] = weigh(data, Path(address).suffix in TEXTS)
        return address, known["hash"], known["travels"]

    def write(self) -> None:
        """Puts saved.json into the language's folder."""
        files = [self._row(address) for address in self.files]
        text = json.dumps({"files": files, "also": dict(sorted(self.also.items()))}, separators=(",", ":"))
        write_new(self.site_dir / self.code / LIST, text)


def weigh(data: bytes, is_text: bool) -> dict[str, Any]:
    """A file's hash, in base64, and the bytes that travel."""
    digest = base64.b64encode(hashlib.sha256(data).digest()).decode()
    return {"hash": digest, "travels": packed_size(data) if is_text else len(data)}


def packed_size(data: bytes) -> int:
    """Bytes of a text as hosts pack it: level 6 is common. The index of a large site is not worth its half a second."""
    return len(gzip.compress(data, 6 if len(data) < LARGE else 1))


def look(address: str, html: str) -> Look:
    """What a saved copy has to know of a page, as plain data.

    needs: addresses below the site's root of what it cannot do without; for a picture a list of (kind, width, address)
    """
    return {"needs": list(_needed(dirname(address), html)), **weigh(as_bytes(html), is_text=True)}


def _needed(folder: str, html: str) -> Iterator[str | list[Offer]]:
    tree = LexborHTMLParser(html)
    for picture in tree.css("picture"):
        yield [offer for node in picture.css("source[srcset], img[srcset]") for offer in _offers(folder, node)]
    for node in tree.css("img, script[src], audio, source, link"):
        if node.tag == "link" and not {"icon", "stylesheet"} & set((node.attributes.get("rel") or "").split()):
            continue
        yield from _ours(folder, node.attributes.get("src") or node.attributes.get("href"))
    for node in tree.css("audio"):
        yield from _ours(folder, _first(node.css("source[src]"), "src"))
    for name in dict.fromkeys(DATA.findall(html)):
        for node in tree.css(f"[{name}]"):
            value = node.attributes[name]
            if value and urlsplit(value).path.endswith(LATER):
                yield from _ours(folder, value)


def _offers(folder: str, node: LexborNode) -> Iterator[Offer]:
    kind = (node.attributes.get("type") or "").removeprefix("image/")
    for part in (node.attributes["srcset"] or "").split(","):
        address, _, width = part.strip().partition(" ")
        yield from ((kind, int(width.rstrip("w") or 0), each) for each in _ours(folder, address))


def _ours(folder: str, address: str | None) -> Iterator[str]:
    """Where an address on a page of a folder leads below the site's root."""
    parts = urlsplit(address or "")
    if parts.path and not parts.scheme and not parts.netloc and not parts.path.startswith("/"):
        yield normpath(join(folder, unquote(parts.path)))


def _first(nodes, attribute: str) -> str | None:
    return next((node.attributes.get(attribute) for node in nodes), None)


def offering_pages(campaign: Campaign, code: str) -> list[str]:
    """Addresses of the pages of a language on which a copy is saved."""
    pages = {path: campaign.page(code, path) for path in dict.fromkeys(path for _, path in campaign.pages)}
    return [address_of(code, path) for path, page in pages.items() if page and 'data-name="saving"' in page.html]


def is_open(html: str) -> bool:
    """Whether a page has yet to say how large the copy is."""
    return SIZE in html


def with_size(html: str, copy: Copy, language: Language) -> str:
    """A page that says how large the copy is, rounded up, as policies still come."""
    return html.replace(SIZE, size_text(language, -(-copy.bytes * 102 // 100 // ROUND) * ROUND))
