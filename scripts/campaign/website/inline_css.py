"""Make each page smaller: inline only the styles that it uses instead of linking style sheets, and minify its HTML."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import minify_html

from campaign.cache.memo import Memo
from campaign.cache.store import hash_text
from campaign.models.shipped import shipped_folder
from campaign.website import css_purge as css
from campaign.website.components import component_styles
from campaign.website.css_usage import names_given, names_on
from campaign.website.scripts import SCRIPTS

STYLE = re.compile(r'<link rel="stylesheet" href="([^"]+)">|<style>([^<]*(?:<(?!/style>)[^<]*)*)</style>')
STYLES = "assets/stylesheets"
# Of each style sheet of a page its link, or else its text.
Linked = tuple[tuple[str, str], ...]
# What pages link to for the styles of all components.
COMPONENTS = "components.css"
# How many sets of styles are remembered.
MAX_CACHED_STYLES = 300
# Of the page, and of its text where that has no translation.
DIRECTION = re.compile(r'<(?:html|article)\b[^>]*?\bdir="(ltr|rtl)"')


@dataclass(frozen=True)
class Bundle:
    """The style sheets that a page links to.

    Attributes:
        names: what they ask pages for.
        purged: their styles by names found and directions.
    """

    key: str
    names: frozenset[str]
    purge: Callable[..., str]
    purged: dict[tuple[frozenset[str], str, bool], str]


def known_styles(memo: Memo) -> Memo:
    """What of the memo a StyleInliner takes."""
    return memo.beside("styles", MAX_CACHED_STYLES)


class StyleInliner:
    """Minify pages. Pages with the same names share their styles, which are computed once.

    On a slow connection one request is faster than two as long as a page's styles take less time than a round trip
    (800 ms at 280 kbit/s: 28 kB).

    Attributes:
        folders: of the theme, the campaign's own first; the first one with a style sheet wins.
        memo: earlier results.
        new: new results.
    """

    def __init__(self, folders: Iterable[Path | str], memo: Memo | None = None) -> None:
        self.folders = list(map(Path, folders))
        self.memo = memo or Memo(None)
        self.new: dict[str, Any] = {}
        self._bundles: dict[Linked, Bundle] = {}

    def inline(self, html: str) -> str:
        """The page with its styles inside."""
        bare, linked = self.unlinked(html)
        bundle = self.bundle(linked)
        return minified(with_styles(bare, self.styles(bundle, self.names(bundle, bare), bare)))

    def unlinked(self, html: str) -> tuple[str, Linked]:
        """The page without styles and links to them; what those are."""
        return STYLE.sub("", html), tuple(STYLE.findall(html))

    def bundle(self, linked: Linked) -> Bundle:
        """The style sheets that pages link to, and their own styles."""
        bundle = self._bundles.get(linked)
        if bundle is None:
            texts = [self._read(href) if href else text for href, text in linked]
            bundle = self._bundles[linked] = self._bundle(texts)
        return bundle

    def names(self, bundle: Bundle, html: str) -> frozenset[str]:
        """Return the names in style sheets that are on a page, or that scripts may add."""
        return names_on(html, bundle.names, _given_beside()) & bundle.names

    def styles(self, bundle: Bundle, names: frozenset[str], html: str) -> str:
        """What a page with these names can use of its style sheets."""
        directions = DIRECTION.findall(html)
        asked = (names, directions[-1], len(set(directions)) > 1)
        styles = bundle.purged.get(asked)
        if styles is None:
            key = hash_text(" ".join((bundle.key, *sorted(names), *map(str, asked[1:]))))
            styles = bundle.purged[asked] = self._noted(key, lambda: bundle.purge(*asked))
        return styles

    def take(self, new: dict[str, Any]) -> None:
        """Notes what another process has worked out."""
        for key, value in new.items():
            self.memo.put(key, value)

    def _noted(self, key: str, make: Callable[[], Any]) -> Any:
        value = self.memo.get(key)
        if value is None:
            value = self.new[key] = make()
            self.memo.put(key, value)
        return value

    def _bundle(self, texts: Sequence[str]) -> Bundle:
        key = hash_text("\n".join(texts))
        sheet = cache(lambda: css.joined(map(css.parse_sheet, texts)))
        names = self._noted(f"{key} names", lambda: sorted(sheet().names))
        return Bundle(key, frozenset(names), lambda *asked: css.purge(sheet(), *asked), {})

    def _read(self, href: str) -> str:
        # Only the last part counts: MkDocs puts every style sheet of a theme into one folder.
        name = href.rsplit("/", 1)[-1]
        if name == COMPONENTS:
            return component_styles(self.folders)
        paths = (folder / STYLES / name for folder in self.folders)
        return next((path.read_text(encoding="utf-8") for path in paths if path.is_file()), "")


def with_styles(html: str, styles: str) -> str:
    """A page with its styles at the end of its head."""
    return html.replace("</head>", f"<style>{styles}</style></head>", 1)


def minified(html: str) -> str:
    """The same in fewer bytes."""
    return minify_html.minify(html, keep_closing_tags=True, keep_html_and_head_opening_tags=True)


@cache
def _given_beside() -> frozenset[str]:
    """Return the names that external scripts may set or create."""
    folder = shipped_folder("overrides") / SCRIPTS
    return frozenset().union(*(names_given(path.read_text(encoding="utf-8")) for path in folder.glob("*.js")))
