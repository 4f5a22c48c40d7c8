"""Walk the cases of bench.py for this project's exit and three published components, as a table in Markdown.

    npm pack govuk-frontend@6.6.0 nsw-design-system@3.27.0
    mkdir govuk nsw; tar xzf govuk-frontend-*.tgz -C govuk; tar xzf nsw-design-system-*.tgz -C nsw
    git clone https://github.com/lionel-rowe/quick-exit-button
    python tests/leaving/compare.py FOLDER site

FOLDER is where these commands ran, `site` a built site. Each component is set up as its documentation says, with a page
on another host as its destination. The last one also opens a new tab; the table is about the tab that was left.
"""

from __future__ import annotations

import contextlib
import functools
import http.server
import shutil
import sys
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path

from bench import CHROMIUM, Target, elsewhere, walk
from playwright.sync_api import sync_playwright

PAGE = """<!doctype html><html lang="en" class="govuk-template"><meta charset="utf-8">
<title>Advice for you, page {name}</title>
<body class="govuk-template__body govuk-frontend-supported">{exit}<h1>Advice that nobody else may see</h1>
<p><a href="inside.html">The next page of the advice</a></p>{script}</body></html>"""
GOVUK = (
    '<div class="govuk-exit-this-page" data-module="govuk-exit-this-page"><a href="{to}" role="button" '
    'draggable="false" class="govuk-button govuk-exit-this-page__button govuk-js-exit-this-page-button" '
    'data-module="govuk-button" rel="nofollow noreferrer">Exit this page</a></div>',
    '<script type="module">import {{ initAll }} from "./govuk-frontend.min.js"; initAll()</script>',
    "govuk/package/dist/govuk/govuk-frontend.min.js",
    ".govuk-js-exit-this-page-button",
)
NSW = (
    '<div class="nsw-sticky-container"><a class="nsw-quick-exit" href="{to}"><div class="nsw-quick-exit__content">'
    '<span class="nsw-quick-exit__exit-text">Exit now</span></div></a></div>',
    '<script src="main.js"></script><script>window.NSW.initSite()</script>',
    "nsw/package/dist/js/main.js",
    ".nsw-quick-exit",
)
BUTTON = (
    '<quick-exit-button><script type="application/json">{{"foreground-url": "{to}", "background-url": "{to}"}}</script>'
    "</quick-exit-button>",
    '<script src="quick-exit-button.min.js"></script>',
    "quick-exit-button/docs/quick-exit-button.min.js",
    "quick-exit-button .exit-button",
)
COMPONENTS = {"GOV.UK Frontend 6.6.0": GOVUK, "NSW Design System 3.27.0": NSW, "quick-exit-button": BUTTON}


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        """Print nothing."""


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve a folder."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    server.server_close()


def write_pages(folder: Path, source: Path, component: tuple[str, str, str, str], to: str) -> str:
    """Write two pages with a component; return the selector of its exit."""
    markup, script, file, selector = component
    shutil.copy(source / file, folder)
    for name in ("index", "inside"):
        html = PAGE.format(name=name, exit=markup.format(to=to), script=script.format(to=to))
        (folder / f"{name}.html").write_text(html, encoding="utf-8")
    return selector


def main() -> None:
    """Print the table."""
    source, site = map(Path, sys.argv[1:3])
    chromium = next(filter(None, map(shutil.which, CHROMIUM)))
    columns = {}
    with elsewhere() as other, sync_playwright() as playwright:
        with served(site) as address:
            target = Target(f"{address}en/index.html", f"{address}en/signs.html", ".row .leave", other)
            columns["this project"] = walk(playwright, chromium, target)
        for name, component in COMPONENTS.items():
            with tempfile.TemporaryDirectory() as folder, served(Path(folder)) as address:
                selector = write_pages(Path(folder), source, component, other)
                target = Target(f"{address}index.html", f"{address}inside.html", selector, other)
                columns[name] = walk(playwright, chromium, target)
    print(f"| after leaving | {' | '.join(columns)} |\n|---|{'---|' * len(columns)}")
    for case in columns["this project"]:
        print(f"| {case} | {' | '.join(column[case] for column in columns.values())} |")


if __name__ == "__main__":
    main()
