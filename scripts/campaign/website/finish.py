"""The last step, on the files as they stand: the root page, styles that fit each page, smaller HTML, the site map.

The order counts: all edits of HTML, then each page's policy (it holds hashes of what stands in the page), then the
lists of the saved copies (they hold hashes of whole files).
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path

import minify_html
from jinja2 import Environment

from campaign.model import Campaign
from campaign.website.a_to_z import Render, a_to_z_pages
from campaign.website.css import Sheet, names_on, parse_sheet, purge
from campaign.website.doorway import doorway_pages, site_map
from campaign.website.entries import Entry, entries
from campaign.website.feed import feed, feed_address
from campaign.website.leaving import neutral_pages
from campaign.website.look import favicon, hero_pictures
from campaign.website.pictures import Shelf
from campaign.website.policy import host_files, script_digests, with_policy
from campaign.website.saving import copies, fill_sizes, saving_files
from campaign.website.scripts import read_script
from campaign.website.search import REACH, search_address, search_file

STYLE = re.compile(r'<link rel="stylesheet" href="([^"]+)">|<style>(.*?)</style>', re.DOTALL)
STYLES = "assets/stylesheets"


def finish(
    site_dir: Path, campaign: Campaign, shelf: Shelf, env: Environment, render: Render, lightener: Lightener
) -> None:
    """Puts beside MkDocs' pages, each finished by itself, all that belongs to the whole site.

    shelf: what the site serves beside its pages; env: MkDocs' templates; render: makes a page in their frame.
    """
    files = {each.output.public: each.file for each in shelf.public}
    _copy(site_dir, {**files, **hero_pictures(campaign)})
    (site_dir / "favicon.svg").write_text(favicon(campaign), encoding="utf-8")
    found = {language.code: entries(campaign, language, shelf) for language in campaign.languages.values()}
    made_here = {
        **doorway_pages(campaign, env),
        **a_to_z_pages(campaign, found, render),
        **neutral_pages(campaign, env),
        **saving_files(campaign, env),
        **_reaching(campaign, found),
    }
    for name, text in made_here.items():
        (site_dir / name).parent.mkdir(parents=True, exist_ok=True)
        text = lightener.lighten(text) if name.endswith(".html") else text
        (site_dir / name).write_text(text, encoding="utf-8")
    _seal(site_dir, campaign)
    (site_dir / "sitemap.xml").write_text(site_map(campaign), encoding="utf-8")


def _reaching(campaign: Campaign, found: Mapping[str, list[Entry]]) -> dict[str, str]:
    """The search and the feed of each language, and the script that reaches for them, by address."""
    files = {REACH: read_script(REACH)}
    for language in campaign.languages.values():
        files[search_address(language.code)] = search_file(language, found[language.code])
        files[feed_address(language.code)] = feed(campaign, language)
    return files


def _seal(site_dir: Path, campaign: Campaign) -> None:
    """Sizes, policies, lists of the saved copies: nothing may change a page after this."""
    saved = copies(site_dir, campaign)
    for copy in saved:
        fill_sizes(copy, campaign)
    scripts: set[str] = set()
    for path in sorted(site_dir.rglob("*.html")):
        html = path.read_text(encoding="utf-8")
        scripts.update(script_digests(html))
        path.write_text(with_policy(html), encoding="utf-8")
    for name, text in host_files(campaign, scripts).items():
        (site_dir / name).write_text(text, encoding="utf-8")
    for copy in saved:
        copy.write()


def _copy(site_dir: Path, files: Mapping[str, Path]) -> None:
    for address, file in files.items():
        target = site_dir / address
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file, target)


class Lightener:
    """What is done to each page by itself: the styles that it can use instead of links to style sheets, smaller HTML.

    folders: the theme's, the first that has a style sheet of a name counts.

    One request is faster than two on a slow line as long as the styles of a page weigh less than what a round trip
    costs (800 ms at 280 kbit/s: 28 KB).
    """

    def __init__(self, folders: Iterable[str]) -> None:
        self.folders = [Path(folder) / STYLES for folder in folders]
        self._sheets: dict[tuple[str, ...], Sheet] = {}
        self._purged: dict[tuple[int, frozenset[str]], str] = {}

    def lighten(self, html: str) -> str:
        """The page with its styles inside."""
        texts = tuple(self._read(href) if href else text for href, text in STYLE.findall(html))
        bare = STYLE.sub("", html)
        sheet = self._sheets.get(texts)
        if sheet is None:
            sheet = self._sheets[texts] = parse_sheet("\n".join(texts))
        names = frozenset(names_on(bare)) & sheet.names
        key = (id(sheet), names)
        if key not in self._purged:
            self._purged[key] = purge(sheet, names)
        whole = bare.replace("</head>", f"<style>{self._purged[key]}</style></head>", 1)
        return minify_html.minify(whole, keep_closing_tags=True, keep_html_and_head_opening_tags=True)

    def _read(self, href: str) -> str:
        # Only the last part counts: MkDocs puts every style sheet of a theme into one folder.
        paths = (folder / href.rsplit("/", 1)[-1] for folder in self.folders)
        return next((path.read_text(encoding="utf-8") for path in paths if path.is_file()), "")
