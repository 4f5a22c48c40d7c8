"""Inline the styles that a page uses, and minify its HTML."""

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
# Contains a link with further attributes, whose file stays separate. The first script inserts it, so it comes last.
SEPARATE = "<noscript>"
STYLES = "assets/stylesheets"
# Each style sheet of a page: its link, or its text.
Linked = tuple[tuple[str, str], ...]
# The file that pages link to for the styles of all components.
COMPONENTS = "components.css"
# Maximum sets of styles in the cache.
MAX_CACHED_STYLES = 300
# The direction of the page, and of its text if that isn't translated.
DIRECTION = re.compile(r'<(?:html|article)\b[^>]*?\bdir="(ltr|rtl)"')


@dataclass(frozen=True)
class Bundle:
    """The style sheets that a page links to."""

    key: str
    names: frozenset[str]  # the names in their selectors
    purge: Callable[..., str]
    purged: dict[tuple[frozenset[str], str, bool], str]  # styles by names found and directions


def known_styles(memo: Memo) -> Memo:
    """Return the part of the cache for a StyleInliner."""
    return memo.namespace("styles", MAX_CACHED_STYLES)


class StyleInliner:
    """Inlines styles, computed once for all pages with the same names.

    On a slow line inline styles are faster than a second request up to 28 KB (800 ms at 280 kbit/s). The first of
    `folders` with a style sheet wins; `new` has the results of this process.
    """

    def __init__(self, folders: Iterable[Path | str], memo: Memo | None = None) -> None:
        self.folders = list(map(Path, folders))
        self.memo = memo or Memo(None)
        self.new: dict[str, Any] = {}
        self._bundles: dict[Linked, Bundle] = {}

    def inline(self, html: str) -> str:
        """Return the page with its styles inside."""
        html_without_css, stylesheets = self.unlinked(html)
        bundle = self.bundle(stylesheets)
        return minified(
            with_styles(html_without_css, self.styles(bundle, self.names(bundle, html_without_css), html_without_css))
        )

    def unlinked(self, html: str) -> tuple[str, Linked]:
        """Return the page without styles, and the styles and links to them."""
        return STYLE.sub("", html), tuple(STYLE.findall(html))

    def bundle(self, linked: Linked) -> Bundle:
        """Return the style sheets of a page."""
        bundle = self._bundles.get(linked)
        if bundle is None:
            texts = [self._read(href) if href else text for href, text in linked]
            bundle = self._bundles[linked] = self._bundle(texts)
        return bundle

    def names(self, bundle: Bundle, html: str) -> frozenset[str]:
        """Return which of the style sheets' names a page has, or may get from a script."""
        return names_on(html, bundle.names, _scripted_names()) & bundle.names

    def styles(self, bundle: Bundle, names: frozenset[str], html: str) -> str:
        """Return the CSS for a page with these names."""
        directions = DIRECTION.findall(html)
        bundle_key = (names, directions[-1], len(set(directions)) > 1)
        styles = bundle.purged.get(bundle_key)
        if styles is None:
            key = hash_text(" ".join((bundle.key, *sorted(names), *map(str, bundle_key[1:]))))
            styles = bundle.purged[bundle_key] = self._cached(key, lambda: bundle.purge(*bundle_key))
        return styles

    def take(self, new: dict[str, Any]) -> None:
        """Store the results of another process."""
        for key, value in new.items():
            self.memo.put(key, value)

    def _cached(self, key: str, make: Callable[[], Any]) -> Any:
        value = self.memo.get(key)
        if value is None:
            value = self.new[key] = make()
            self.memo.put(key, value)
        return value

    def _bundle(self, texts: Sequence[str]) -> Bundle:
        key = hash_text("\n".join(texts))
        sheet = cache(lambda: css.joined(map(css.parse_sheet, texts)))
        names = self._cached(f"{key} names", lambda: sorted(sheet().names))
        return Bundle(key, frozenset(names), lambda *selectors: css.purge(sheet(), *selectors), {})

    def _read(self, href: str) -> str:
        # Only the last part counts: MkDocs puts every style sheet of a theme into one folder.
        name = href.rsplit("/", 1)[-1]
        return component_styles(self.folders) if name == COMPONENTS else read_style_sheet(self.folders, name)


def read_style_sheet(folders: Iterable[Path], name: str) -> str:
    """Return the first style sheet of that name in the folders, or ''."""
    paths = (folder / STYLES / name for folder in folders)
    return next((path.read_text(encoding="utf-8") for path in paths if path.is_file()), "")


def with_styles(html: str, styles: str) -> str:
    """Add styles to a page's head, before a link to a style sheet that isn't inlined."""
    before, end, after = html.partition("</head>")
    head, link, rest = before.partition(SEPARATE)
    return f"{head}<style>{styles}</style>{link}{rest}{end}{after}"


def minified(html: str) -> str:
    """Minify HTML."""
    return minify_html.minify(html, keep_closing_tags=True, keep_html_and_head_opening_tags=True)


@cache
def _scripted_names() -> frozenset[str]:
    """Return the names that our script files may set."""
    folder = shipped_folder("overrides") / SCRIPTS
    return frozenset().union(*(names_given(path.read_text(encoding="utf-8")) for path in folder.glob("*.js")))
