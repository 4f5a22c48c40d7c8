"""Write the same pages as a campaign, a stock Material site and a Hugo site, from the sentences of HELP."""

from __future__ import annotations

import random
import re
import shutil
import sys
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "scripts"))

from campaign.content.translation import fingerprint, strings_fingerprint
from campaign.schema.interface_words import SKELETON, needed_strings

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"
# Code and name; the first is the source language. HELP has texts in all of them.
LANGUAGES = (("en", "English"), ("tet", "Tetun"), ("pt", "Português"), ("id", "Bahasa Indonesia"))
# Other generators refuse to build a campaign with it.
GUARD = "markdown_extensions: [campaign]"
PAGES_IN_MENU, PAGES_PER_FOLDER = 8, 50
MIN_WORDS, MAX_WORDS = 4, 30
MARKUP = re.compile(r"[*_`]|\[(?=[^]]*\]\()|\]\([^)]*\)|\{[^}]*\}|^(?:[-#>]+|\d+\.) +|:[a-z-]+: ?")


@cache
def sentences(language: str) -> list[str]:
    """Return the plain sentences of HELP's pages in a language, without numbers, in a fixed order.

    Made-up syllables would cost ten times more in the check of languages than the text of a real campaign.
    """
    results = dict[str, None]()
    for path in sorted((DOCS / language).rglob("*.md")):
        text = path.read_text(encoding="utf-8").partition("---\n")[2].partition("---\n")[2]
        for line in text.splitlines():
            if line.startswith(("|", "{", "<", ":::", "    ", "[")):
                continue
            for sentence in re.split(r"(?<=[.?!]) +", MARKUP.sub("", line).strip()):
                is_plain = not re.search(r"[\d{}<>|:\[\]()/@#]", sentence)
                if is_plain and MIN_WORDS <= len(sentence.split()) <= MAX_WORDS:
                    results[sentence.rstrip(".?!") + "."] = None
    return [*results]


class Writer:
    """Takes HELP's sentences in another order: no two pages are alike, and none repeats a sentence."""

    def __init__(self, language: str, number: int) -> None:
        self._left = iter(random.Random(f"{language} {number}").sample(sentences(language), 60))

    def sentence(self) -> str:
        return next(self._left)

    def paragraph(self, count: int = 4) -> str:
        return " ".join(self.sentence() for _ in range(count))

    def phrase(self, words: int) -> str:
        """The beginning of a sentence, as a title or a cell of a table."""
        return " ".join(self.sentence().rstrip(".").split()[:words]).rstrip(",;–—")


def page_path(number: int) -> str:
    """Below the language's folder, without the suffix; fifty pages a folder."""
    return f"part-{number // PAGES_PER_FOLDER:02}/page-{number:04}"


def page_words(language: str, number: int, pages: int) -> tuple[str, str, str]:
    """(title, description, Markdown) of a page of about 350 words: headings, lists, a table, links to two others."""
    writer = Writer(language, number)
    title, description = f"{writer.phrase(5)} {number + 2}", writer.sentence()
    links = [f"../{page_path((number + step) % pages)}.md" for step in (1, 7)]
    body = [writer.paragraph()]
    for part in ("first", "second", "third"):
        body += [f"## {writer.phrase(4)} {{#{part}}}", writer.paragraph(), writer.paragraph()]
    body += [
        "\n".join(f"- {writer.sentence()}" for _ in range(5)),
        " ".join(f"{writer.sentence()} [{writer.phrase(4)}]({link})." for link in links),
        "\n".join(
            ["| One | Two |", "|---|---|", *(f"| {writer.phrase(4)} | **{writer.phrase(5)}** |" for _ in range(4))]
        ),
    ]
    return title, description, "\n\n".join(body) + "\n"


def menu_paths(pages: int) -> list[str]:
    """The pages that a small menu names: the first of each folder, a few of them."""
    return [page_path(number) for number in range(0, pages, max(1, pages // PAGES_IN_MENU))][:PAGES_IN_MENU]


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def write_campaign(root: Path, pages: int) -> Path:
    """A campaign with this number of pages for each language, without print pieces."""
    menu = "\n".join(f"  - {path}.md" for path in ("index", "get-help", *menu_paths(pages)))
    names = "\n".join(
        f"        - {{locale: {code}, name: {name}{', default: true' if code == 'en' else ''}}}"
        for code, name in LANGUAGES
    )
    settings = (SKELETON / "mkdocs.yml").read_text(encoding="utf-8")
    settings = settings[: settings.index("        - {locale: en")] + f"{names}\n\n{GUARD}\nnav:\n{menu}\n"
    write(root / "mkdocs.yml", settings)
    shutil.copytree(SKELETON / "assets", root / "assets")
    for part in ("posters", "photos"):
        shutil.rmtree(root / "assets" / part)
    shutil.copyfile(SKELETON / "docs/en/_strings.yml", written(root / "docs/en/_strings.yml"))
    shutil.copyfile(SKELETON / "docs/_sources.yml", root / "docs/_sources.yml")
    strings = (SKELETON / "docs/en/_strings.yml").read_text(encoding="utf-8")
    stamps = {}
    for code, _ in LANGUAGES:
        if code != "en":
            stamp = f"translation: {{source: {strings_fingerprint(needed_strings())}, by: a script, reviewed: no}}\n"
            write(root / f"docs/{code}/_strings.yml", stamp + strings)
        for path, (title, description, body) in page_texts(code, pages, with_shortcodes=True):
            if code == "en":
                stamps[path] = fingerprint(title, description, "", body)
            front = f"title: {title}\ndescription: {description}\nfor: [public]\n"
            if code != "en":
                front += f"translation: {{source: {stamps[path]}, by: a script, reviewed: no}}\n"
            write(root / f"docs/{code}/{path}.md", f"---\n{front}---\n{body}")
    return root


def written(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def page_texts(code: str, pages: int, with_shortcodes: bool = False):
    """(path, (title, description, text)) of each page of a language."""
    bodies = {"get-help": "{{ call }}\n\n{{ contacts }}\n\n{{ places }}\n", "index": "{{ call }}\n"}
    for number, (path, body) in enumerate(bodies.items(), -2):
        title, description, text = page_words(code, number, pages)
        yield path, (title, description, body if with_shortcodes else text.replace("](../", "]("))
    for number in range(pages):
        yield page_path(number), page_words(code, number, pages)


# mkdocs-static-i18n takes two letters only. Tetum's pages go where Material has another language's interface.
STOCK_CODES = {"tet": "tl"}


def write_stock(root: Path, pages: int) -> Path:
    """The same words for Material as its guide sets it up, with search, and the same small menu as the others."""
    menu = "\n".join(f"  - {path}.md" for path in ("index", *menu_paths(pages)))
    names = "\n".join(
        f"        - {{locale: {code}, name: {name}, build: true{', default: true' if code == 'en' else ''}}}"
        for code, name in ((STOCK_CODES.get(code, code), name) for code, name in LANGUAGES)
    )
    write(
        root / "mkdocs.yml",
        "site_name: Stock\nsite_url: https://stock.example/\ntheme:\n  name: material\n"
        "plugins:\n  - search\n  - i18n:\n      docs_structure: folder\n      languages:\n"
        f"{names}\nmarkdown_extensions: [attr_list, tables, footnotes]\nnav:\n{menu}\n",
    )
    for code, _ in LANGUAGES:
        for path, (title, description, body) in page_texts(code, pages):
            front = f"---\ntitle: {title}\ndescription: {description}\n---\n# {title}\n\n"
            write(root / f"docs/{STOCK_CODES.get(code, code)}/{path}.md", front + body)
    return root


HUGO_PAGE = """<!doctype html>
<html lang="{{ .Language.Lang }}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{{ .Title }}</title><meta name="description" content="{{ .Description }}">
{{ range .Translations }}<link rel="alternate" hreflang="{{ .Language.Lang }}" href="{{ .Permalink }}">
{{ end }}</head><body>
<nav>{{ range site.Menus.main }}<a href="{{ .URL | relLangURL }}">{{ .Name }}</a> {{ end }}</nav>
<ul>{{ range .Translations }}<li><a href="{{ .RelPermalink }}">{{ .Language.LanguageName }}</a></li>{{ end }}</ul>
<main><h1>{{ .Title }}</h1>{{ .Content }}</main></body></html>
"""


def write_hugo(root: Path, pages: int) -> Path:
    """The same words for Hugo with the barest theme: one template, the same small menu, no style."""
    menu = "\n".join(f'[[menus.main]]\nname = "{path}"\nurl = "/{path}/"' for path in menu_paths(pages))
    languages = "\n".join(
        f'[languages.{code}]\nlanguageName = "{name}"\nweight = {weight}\ncontentDir = "content/{code}"'
        for weight, (code, name) in enumerate(LANGUAGES, 1)
    )
    write(
        root / "hugo.toml",
        'baseURL = "https://hugo.example/"\ndefaultContentLanguage = "en"\ndefaultContentLanguageInSubdir = true\n'
        f'disableKinds = ["taxonomy", "term", "rss"]\n{menu}\n{languages}\n',
    )
    for name in ("single", "list", "index"):
        folder = "" if name == "index" else "_default/"
        write(root / f"layouts/{folder}{name}.html", HUGO_PAGE)
    for code, _ in LANGUAGES:
        for path, (title, description, body) in page_texts(code, pages):
            front = f'---\ntitle: "{title}"\ndescription: "{description}"\n---\n'
            body = body.replace(".md)", "/)")
            write(root / f"content/{code}/{'_index' if path == 'index' else path}.md", front + body)
    return root
