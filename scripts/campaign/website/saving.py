"""The copy that a visitor may save: what is in it, the panel that offers it, the worker that serves it.

saved.json of a language: {"files": [[address, sha256 in base64, bytes that travel], …], "also": {address: address}},
addresses below the site's root; `also` names files that another one in the copy stands for (the widths of a picture).
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
from collections.abc import Iterator
from html import escape
from pathlib import Path
from posixpath import dirname, join, normpath
from urllib.parse import unquote, urlsplit

from jinja2 import Environment
from markupsafe import Markup
from selectolax.lexbor import LexborHTMLParser

from campaign.model import Campaign, Language
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
# What hosts and saving.js pack.
TEXTS = {".html", ".js", ".svg"}


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


def saving_files(campaign: Campaign, env: Environment) -> dict[str, str]:
    """The worker, and for each language the script and the page for what was not saved; by address."""
    files = {WORKER: read_script("sw.js"), GONE: "\n"}
    script, template = read_script("saving.js"), env.get_template("not-saved.html")
    emergency = campaign.emergency
    for language in campaign.languages.values():
        words = {key: language.strings[key] for key in WORDS} | {"page": f"{SAFETY.removesuffix('.md')}.html#save"}
        text = json.dumps(words, ensure_ascii=False, separators=(",", ":")).replace("</", "<\\/")
        files[f"{language.code}/{SCRIPT}"] = f"var WORDS={text};\n{script}"
        call = Markup(with_number(language.strings["call"], emergency.phone)) if emergency else ""
        files[f"{language.code}/{MISSING}"] = template.render(
            campaign=campaign, language=language, strings=language.strings, emergency=emergency, call=call, base="../"
        )
    return files


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
    """One language's copy. files: addresses; also: address -> the one that stands for it."""

    def __init__(self, site_dir: Path, campaign: Campaign, code: str) -> None:
        self.site_dir, self.code = site_dir, code
        self.also: dict[str, str] = {}
        pages = [address for address in saved_pages(campaign, code) if (site_dir / address).is_file()]
        pages += [f"{code}/{MISSING}", neutral_address(code), "index.html"]
        found: dict[str, None] = dict.fromkeys([*pages, f"{code}/{SCRIPT}"])
        for page in pages:
            found.update(dict.fromkeys(self._needs(page)))
        self.files = [each for each in found if each not in self.also]

    def _needs(self, page: str) -> Iterator[str]:
        tree = LexborHTMLParser((self.site_dir / page).read_text(encoding="utf-8"))
        for picture in tree.css("picture"):
            yield from self._picture(page, picture)
        for node in tree.css("img, script[src], audio, source, link"):
            if node.tag == "link" and not {"icon", "stylesheet"} & set((node.attributes.get("rel") or "").split()):
                continue
            yield from self._there(page, node.attributes.get("src") or node.attributes.get("href"))
        for node in tree.css("audio"):
            yield from self._there(page, _first(node.css("source[src]"), "src"))
        for node in tree.css("*"):
            for key, value in node.attributes.items():
                if key.startswith("data-") and value and urlsplit(value).path.endswith(LATER):
                    yield from self._there(page, value)

    def _picture(self, page: str, picture) -> Iterator[str]:
        """Of all widths and endings one is saved, and stands for the others."""
        offers = []
        for node in picture.css("source[srcset], img[srcset]"):
            kind = (node.attributes.get("type") or "").removeprefix("image/")
            for part in (node.attributes["srcset"] or "").split(","):
                address, _, width = part.strip().partition(" ")
                there = next(self._there(page, address), None)
                if there:
                    is_small = int(width.rstrip("w") or 0) < PICTURE_WIDTH
                    offers.append((kind == "avif", is_small, self._size(there), there))
        if offers:
            *_, chosen = min(offers)
            self.also |= {there: chosen for *_, there in offers if there != chosen}
            yield chosen

    def _there(self, page: str, address: str | None) -> Iterator[str]:
        parts = urlsplit(address or "")
        if parts.path and not parts.scheme and not parts.netloc and not parts.path.startswith("/"):
            found = normpath(join(dirname(page), unquote(parts.path)))
            if (self.site_dir / found).is_file():
                yield found

    def _size(self, address: str) -> int:
        return (self.site_dir / address).stat().st_size

    @property
    def bytes(self) -> int:
        return sum(map(self._travels, self.files))

    def _travels(self, address: str) -> int:
        """Bytes on the line, and on the phone where the browser can pack."""
        data = (self.site_dir / address).read_bytes()
        return len(gzip.compress(data, 6)) if Path(address).suffix in TEXTS else len(data)

    def write(self) -> None:
        """Puts saved.json into the language's folder."""
        files = []
        for address in self.files:
            data = (self.site_dir / address).read_bytes()
            files.append([address, base64.b64encode(hashlib.sha256(data).digest()).decode(), self._travels(address)])
        text = json.dumps({"files": files, "also": dict(sorted(self.also.items()))}, separators=(",", ":"))
        (self.site_dir / self.code / LIST).write_text(text, encoding="utf-8")


def _first(nodes, attribute: str) -> str | None:
    return next((node.attributes.get(attribute) for node in nodes), None)


def copies(site_dir: Path, campaign: Campaign) -> list[Copy]:
    return [Copy(site_dir, campaign, code) for code in campaign.languages]


def fill_sizes(copy: Copy, campaign: Campaign) -> None:
    """Says in the pages how large the copy is, rounded up, as policies still come. The last of the HTML edits."""
    size = size_text(campaign.languages[copy.code], -(-copy.bytes * 102 // 100 // ROUND) * ROUND)
    for path in {path for _, path in campaign.pages}:
        page = campaign.page(copy.code, path)
        if page and 'data-name="saving"' in page.html:
            file = copy.site_dir / address_of(copy.code, path)
            file.write_text(file.read_text(encoding="utf-8").replace(SIZE, size), encoding="utf-8")
