"""The same words as a campaign, as a stock Material site and as a Hugo site, for the benchmarks."""

from __future__ import annotations

import os
import random
import shutil
import sys
from pathlib import Path

os.environ.setdefault("NO_MKDOCS_2_WARNING", "1")
sys.path.insert(0, str(Path(__file__).resolve().parent.parent.parent / "scripts"))

from campaign.content.translation import fingerprint, strings_fingerprint
from campaign.schema.interface_words import SKELETON, needed_strings

# Code and name; the first is the source language.
LANGUAGES = (("en", "English"), ("es", "Español"), ("fr", "Français"), ("pt", "Português"))
SYLLABLES = [
    "ba",
    "ca",
    "da",
    "fe",
    "ga",
    "hi",
    "jo",
    "ka",
    "lu",
    "ma",
    "na",
    "po",
    "qui",
    "re",
    "sa",
    "ti",
    "u",
    "ve",
    "wa",
    "xo",
    "ya",
    "zi",
    "tra",
    "plo",
    "sme",
    "cri",
]
IN_THE_MENU, A_FOLDER = 8, 50


def words(chance: random.Random, count: int) -> str:
    """A sentence of so many made-up words."""
    made = ("".join(chance.choices(SYLLABLES, k=chance.randint(1, 4))) for _ in range(count))
    return " ".join(made).capitalize() + "."


def paragraph(chance: random.Random) -> str:
    return " ".join(words(chance, chance.randint(6, 16)) for _ in range(chance.randint(3, 6)))


def page_path(number: int) -> str:
    """Below the language's folder, without the ending; fifty pages a folder."""
    return f"part-{number // A_FOLDER:02}/page-{number:04}"


def page_words(language: str, number: int, pages: int) -> tuple[str, str, str]:
    """(title, description, Markdown) of a page of about 350 words: headings, lists, a table, links to two others."""
    chance = random.Random(f"{language} {number}")
    title, description = words(chance, 4)[:-1], words(chance, 9)
    links = [((number + step) % pages) for step in (1, 7)]
    target = [f"../{page_path(other)}.md" for other in links]
    body = [paragraph(chance)]
    for part in ("first", "second", "third"):
        body += [f"## {words(chance, 3)[:-1]} {{#{part}}}", paragraph(chance), paragraph(chance)]
    body += [
        "\n".join(f"- {words(chance, 8)}" for _ in range(5)),
        f"Go on to [{words(chance, 2)[:-1]}]({target[0]}), or to [{words(chance, 2)[:-1]}]({target[1]}).",
        "\n".join(
            ["| One | Two |", "|---|---|", *(f"| {words(chance, 3)} | **{words(chance, 4)}** |" for _ in range(4))]
        ),
    ]
    return title, description, "\n\n".join(body) + "\n"


def menu_paths(pages: int) -> list[str]:
    """The pages that a small menu names: the first of each folder, a few of them."""
    return [page_path(number) for number in range(0, pages, max(1, pages // IN_THE_MENU))][:IN_THE_MENU]


def write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8", newline="\n")


def write_campaign(root: Path, pages: int) -> Path:
    """A campaign of so many pages a language, without print pieces."""
    menu = "\n".join(f"  - {path}.md" for path in ("index", "get-help", *menu_paths(pages)))
    names = "\n".join(
        f"        - {{locale: {code}, name: {name}{', default: true' if code == 'en' else ''}}}"
        for code, name in LANGUAGES
    )
    settings = (SKELETON / "mkdocs.yml").read_text(encoding="utf-8")
    settings = settings[: settings.index("        - {locale: en")] + f"{names}\n\nnav:\n{menu}\n"
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
    for path, body in (("index", "{{ call }}\n"), ("get-help", "{{ call }}\n\n{{ contacts }}\n\n{{ places }}\n")):
        title, description, text = page_words(code, -1, pages)
        yield path, (title, description, body if with_shortcodes else text.replace("](../", "]("))
    for number in range(pages):
        yield page_path(number), page_words(code, number, pages)


def write_stock(root: Path, pages: int) -> Path:
    """The same words for Material as its guide sets it up, with search, and the same small menu as the others."""
    menu = "\n".join(f"  - {path}.md" for path in ("index", *menu_paths(pages)))
    names = "\n".join(
        f"        - {{locale: {code}, name: {name}, build: true{', default: true' if code == 'en' else ''}}}"
        for code, name in LANGUAGES
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
            write(root / f"docs/{code}/{path}.md", front + body)
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
