"""Compare our search with MiniSearch, FlexSearch and Pagefind: right answers, bytes, time per keystroke.

    python tests/benchmarks/search.py

Needs npm (it installs the three into a temporary folder) and Chromium. Every engine gets the same entries of HELP, with
the search words of the front matter, and the phrases of tests/searches/. Engines run in Chromium with a processor
slowed down six times. Results are in tests/benchmarks/MEASURED.md.
"""

from __future__ import annotations

import functools
import html
import http.server
import json
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from types import SimpleNamespace

import yaml
from playwright.sync_api import Page, sync_playwright

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS), str(TESTS.parent / "scripts")]

from system_tools import find_tool  # noqa: E402  next to the tests

from campaign.cache.memo import Memo  # noqa: E402
from campaign.content import load  # noqa: E402
from campaign.document.text import plain_text  # noqa: E402
from campaign.website.page_audit import packed_size  # noqa: E402
from campaign.website.search.entries import _sections, entries  # noqa: E402
from campaign.website.search.index import search_file  # noqa: E402

PACKAGES = ("minisearch@7.2.0", "flexsearch@0.8.212", "pagefind@1.6.0")
SETS = {
    name: yaml.safe_load((TESTS / f"searches/{name}.yml").read_text(encoding="utf-8"))
    for name in ("phrases", "held_out")
}
SLOWER = 6
TYPED = 5  # the longest phrases are typed letter by letter
FOLD = 'text => text.toLowerCase().normalize("NFKD").replace(/[\\u0300-\\u036f\\u2019\']/g, "")'
# Each defines look(text), which returns or resolves to addresses, best first.
OURS = "var look = text => FIND(text).map(entry => entry[1]);"
MINISEARCH = f"""
const fold = {FOLD};
const engine = MiniSearch.loadJSON(JSON.stringify(DATA), {{
    fields: ["title", "searches", "text"], storeFields: ["to"], processTerm: fold,
    searchOptions: {{ boost: {{ title: 3, searches: 3 }}, prefix: true, fuzzy: 0.2, processTerm: fold }},
}});
var look = text => engine.search(text).map(result => result.to);"""
MAKE_MINISEARCH = f"""
const MiniSearch = require("minisearch"), fold = {FOLD}, rows = require(process.argv[1]);
const engine = new MiniSearch({{ fields: ["title", "searches", "text"], storeFields: ["to"], processTerm: fold }});
engine.addAll(rows);
process.stdout.write(JSON.stringify(engine));"""
FLEXSEARCH = """
const engine = new FlexSearch.Document({
    document: { id: "id", index: ["title", "searches", "text"] }, tokenize: "forward",
    encoder: FlexSearch.Charset.LatinBalance, resolution: 9,
});
DATA.forEach(row => engine.add(row));
var look = text => {
    const weights = { title: 3, searches: 3, text: 1 }, scores = {};
    for (const { field, result } of engine.search(text, { suggest: true, limit: 30 }))
        result.forEach((id, at) => { scores[id] = (scores[id] || 0) + weights[field] / (at + 1); });
    return Object.keys(scores).sort((a, b) => scores[b] - scores[a]).map(id => DATA[id].to);
};"""
PAGEFIND = """<script type="module">
import * as engine from "./pagefind/pagefind.js";
await engine.init();
window.look = async text => {
    const { results } = await engine.search(text);
    return (await Promise.all(results.slice(0, 1).map(each => each.data()))).map(each => each.meta.to);
};
</script>"""
RIGHT = (
    "async all => { const found = []; for (const each of all) found.push((await look(each))[0] || ''); return found; }"
)
TIMES = """async typed => {
    const times = [];
    for (const text of typed) for (let end = 1; end <= text.length; end++) {
        const began = performance.now();
        await look(text.slice(0, end));
        times.push(performance.now() - began);
    }
    return times.sort((a, b) => a - b);
}"""


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *arguments: object) -> None:
        """Print nothing."""


def rows_of(campaign, code: str) -> tuple[list[dict[str, object]], str]:
    """Return the public entries of a language as documents, and our index."""
    language = campaign.languages[code]
    listed = [
        entry
        for entry in entries(campaign, language, SimpleNamespace(pieces=lambda _: {}), Memo(None))
        if entry.is_public
    ]
    texts = {}
    for (own, _), page in campaign.pages.items():
        if own == code:
            address = f"{code}/{page.path.removesuffix('.md')}.html"
            texts |= {f"{address}#{id}" if id else address: text for id, _, text in _sections(page)}
            if page.formats:
                texts[address] = plain_text(page.document.blocks)
    rows = [
        {
            "id": n,
            "title": entry.title,
            "searches": entry.searches.replace("|", ". "),
            "text": f"{entry.note} {texts.get(entry.address, '')}",
            "to": entry.address.removeprefix(f"{code}/"),
        }
        for n, entry in enumerate(listed)
    ]
    return rows, search_file(campaign, language, listed, Memo(None))


def write_engines(folder: Path, modules: Path, rows: list[dict[str, object]], ours: str) -> dict[str, int]:
    """Write a page for each engine; return the bytes that a phone fetches for the first search."""
    (folder / "rows.json").write_text(json.dumps(rows), encoding="utf-8")
    made = subprocess.run(
        ["node", "-e", MAKE_MINISEARCH, str(folder / "rows.json")],
        cwd=modules, capture_output=True, text=True, check=True,
    )  # fmt: skip
    libraries = {
        "MiniSearch": (modules / "node_modules/minisearch/dist/umd/index.js", made.stdout, MINISEARCH),
        "FlexSearch": (
            modules / "node_modules/flexsearch/dist/flexsearch.bundle.min.js", json.dumps(rows), FLEXSEARCH
        ),
    }  # fmt: skip
    form = '<form class="search"><input></form>'
    sizes = {"ours": packed_size(ours.encode())}
    (folder / "ours.html").write_text(f"{form}<script>{ours}\n{OURS}</script>", encoding="utf-8")
    for name, (library, data, code) in libraries.items():
        script = library.read_text(encoding="utf-8")
        page = f"<meta charset=utf-8><script>{script}</script><script>const DATA = {data};{code}</script>"
        (folder / f"{name}.html").write_text(page, encoding="utf-8")
        sizes[name] = packed_size(script.encode()) + packed_size(data.encode())
    site = folder / "pages"
    site.mkdir()
    for row in rows:
        body = (
            f'<h1>{html.escape(str(row["title"]))}</h1><p data-pagefind-weight="7">{html.escape(str(row["searches"]))}'
            f'</p><p>{html.escape(str(row["text"]))}</p><i data-pagefind-meta="to">{row["to"]}</i>'
        )
        (site / f"{row['id']}.html").write_text(
            f'<!doctype html><html lang="en"><meta charset="utf-8"><title>x</title><body data-pagefind-body>{body}',
            encoding="utf-8",
        )
    command = ["npx", "pagefind", "--site", str(site), "--output-path", str(folder / "pagefind")]
    subprocess.run(command, cwd=modules, capture_output=True, check=True)
    (folder / "Pagefind.html").write_text(PAGEFIND, encoding="utf-8")
    return sizes


def measure(page: Page, address: str, code: str) -> tuple[dict[str, int], float, float, int]:
    """Return (set of phrases -> right answers, median and longest time of a keystroke in ms, transferred bytes)."""
    fetched: list[int] = []
    page.on("response", lambda answer: fetched.append(int(answer.headers.get("content-length", 0))))
    page.goto(address)
    page.wait_for_function("() => !!window.look")
    right = {}
    for name, phrases in SETS.items():
        found = page.evaluate(RIGHT, list(phrases[code]))
        expected = [[each] if isinstance(each, str) else each for each in phrases[code].values()]
        right[name] = sum(
            to in [f"answers/{answer}.html" for answer in answers] for to, answers in zip(found, expected, strict=True)
        )
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    times = page.evaluate(TIMES, sorted(SETS["phrases"][code], key=len)[-TYPED:])
    return right, times[len(times) // 2], times[-1], sum(fetched[1:])


def main() -> None:
    """Print a table for each language."""
    campaign = load(TESTS.parent)[0]
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        modules = Path(temporary)
        subprocess.run(["npm", "install", "--silent", "--no-fund", *PACKAGES], cwd=modules, check=True)
        browser = playwright.chromium.launch(executable_path=find_tool("chromium"), args=["--no-sandbox"])
        print(f"| language | engine | phrases | held out | bytes | keystroke, median | longest |\n|{'---|' * 7}")
        for code in SETS["phrases"]:
            folder = modules / code
            folder.mkdir()
            sizes = write_engines(folder, modules, *rows_of(campaign, code))
            server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(_Quiet, directory=folder))
            threading.Thread(target=server.serve_forever, daemon=True).start()
            for engine in ("ours", "MiniSearch", "FlexSearch", "Pagefind"):
                page = browser.new_page()
                right, median, longest, fetched = measure(
                    page, f"http://127.0.0.1:{server.server_port}/{engine}.html", code
                )
                counts = " | ".join(f"{right[name]} of {len(SETS[name][code])}" for name in SETS)
                size = sizes.get(engine, fetched)
                print(f"| {code} | {engine} | {counts} | {size:,} | {median:.1f} ms | {longest:.1f} ms |", flush=True)
                page.close()
            server.shutdown()
            server.server_close()
        browser.close()


if __name__ == "__main__":
    main()
