"""Finding files: lists that cannot grow too heavy, the same choices with and without scripts, from a stick too."""

from __future__ import annotations

import json
import random
import re
import shutil
from dataclasses import replace
from itertools import chain
from pathlib import Path
from urllib.parse import unquote

import pytest
from conftest import HERE, IS_WHOLE, copy_campaign

from campaign.cache.store import hash_text
from campaign.checks.weight import PAGE_BUDGET
from campaign.content import load
from campaign.models.contact import Contact, Number, Place
from campaign.models.outputs import Artifact
from campaign.plan.finder import as_script, finder_data
from campaign.plan.outputs import catalogue
from campaign.website.file_pages import file_pages
from campaign.website.mkdocs.incremental import Work, open_plugin
from campaign.website.parts import packed, render_made, spread
from campaign.website.pictures import PublicAssets
from campaign.website.source_pages import source_pages

FORMATS = (("tri-fold",), ("a3", "a4"), ("tear-off",), ("handout",), ("card",), ("flyer",))


def large(places: int, languages: int, pieces: int = 60):
    """Return the tiny campaign with invented rows and the outputs it would have, without files.

    With only its own languages, all pieces are in Khmer.
    """
    campaign, _ = load(HERE / "campaigns/tiny")
    some = list(campaign.languages.values())
    codes = [language.code for language in some] + [f"x{chr(97 + n)}" for n in range(languages - len(some))]
    spoken = {
        code: replace(some[n % len(some)], code=code, is_source=n == 0, is_first=n == 1) for n, code in enumerate(codes)
    }
    contact = Contact("a", "police", "", (), (Number("0"),), "", (), "", None, "")
    there = {
        f"place-{n}": Place(
            f"place-{n}", {"fil": f"Bayan ng San Isidro {n}"}, "", None, None, (contact,) * (5 if places == 30 else 1)
        )
        for n in range(places)
    }
    model = next(page for page in campaign.pages.values() if page.formats)
    pages = {}
    for code in codes:
        own = some[codes.index(code) % len(some)].code
        pages |= {
            (code, path): replace(page, language=code) for (of, path), page in campaign.pages.items() if of == own
        }
        for n in range(pieces if languages > 3 or code == "km" else 1):
            title = f"Pakuluan muna ang tubig bago inumin, ika-{n} na babasahin"
            path, formats = f"leaflets/piece-{n}.md", FORMATS[n % len(FORMATS)]
            pages[code, path] = replace(
                model, language=code, path=path, title=title, description=title * 2, formats=formats,
                audiences=campaign.audiences, translation=None, where=path,
            )  # fmt: skip
    whole = replace(campaign, languages=spoken, places=there, pages=pages)
    size = random.Random(1)
    result = [
        Artifact(output, Path(output.public), size.randrange(40_000, 400_000), "", 320, 453)
        for output in catalogue(whole)
        if output.public and output.kind != "press-kit"
    ]
    return whole, result


@pytest.mark.parametrize(("places", "languages"), [(30, 12), (452, 3)] if IS_WHOLE else [(30, 3)])
def test_no_page_of_downloads_grows_too_heavy(tmp_path, places, languages):
    """60 pieces; each page of one language in its whole frame, as a phone gets it."""
    campaign, made = large(places, languages)
    language = campaign.languages["km"]
    copy_campaign(HERE / "campaigns/tiny", tmp_path / "root")
    plugin = open_plugin(Work(replace(campaign, root=tmp_path / "root"), made, tmp_path / "site", ""))
    assets = PublicAssets(made)
    rows = file_pages(campaign, language, assets)
    pages = {address: render_made(campaign, language, row, plugin.render) for address, row in rows.items()}
    heavy = {address: packed(plugin.finalise_html(html)) for address, html in pages.items()}
    heavy["downloads"] = packed(plugin.finished("km", "downloads.md"))
    assert max(heavy.values()) < PAGE_BUDGET.first, sorted(heavy.items(), key=lambda item: -item[1])[:3]
    # Nothing is lost: every file is in the lists.
    listed = {name for html in pages.values() for name in re.findall(r'href="\.\./(files/[^"]+)"', html)}
    assert listed == {
        artifact.output.public for artifact in made if artifact.output.language == "km" and artifact.output.flavour
    }
    # Each place once.
    index = "".join(html for address, html in pages.items() if "files-places" in address)
    assert len(re.findall(r'<li id="in-place-\d+"', index)) == places
    data = finder_data(campaign, made)
    assert len(as_script("finderData", data)) < 1_200_000
    if places == 30:
        # The contact sheet, which has no web page, is among them, and next to the numbers of its place.
        (sheet,) = (piece for piece in data["pieces"]["km"] if piece[0] == "contact-sheet")
        assert f"km/{sheet[5]}.html" in pages
        services = plugin.finished("km", "services.md")
        sheets = re.findall(r'href="?(\.\./files/km/contact-sheet-km-place-[\w-]*\.pdf)"?', services)
        assert len(set(sheets)) == places


def test_long_list_of_sources_goes_on_on_pages_of_its_own(tmp_path):
    """400 sources, in the whole frame, as a phone gets them; all are listed, each once, in their order."""
    campaign = load(copy_campaign(HERE / "campaigns/tiny", tmp_path / "root"))[0]
    (known, *_) = campaign.sources.values()
    sources = {f"s-{n}": replace(known, id=f"s-{n}", title=f"Report {hash_text(str(n))}") for n in range(400)}
    plugin = open_plugin(Work(replace(campaign, sources=sources), [], tmp_path / "site", ""))
    first = plugin.finished("fil", "sources.md")
    language = plugin.campaign.languages["fil"]
    rows = source_pages(plugin.campaign, language).values()
    pages = [render_made(plugin.campaign, language, row, plugin.render) for row in rows]
    whole = [first, *map(plugin.finalise_html, pages)]
    assert max(map(packed, whole)) < PAGE_BUDGET.first
    assert re.findall(r'<li id="?(s-\d+)"?>', "".join(whole)) == list(sources)
    assert [len(re.findall(r'rel="?next', html)) for html in whole] == [1] * len(pages) + [0]


def test_parts_of_a_list_keep_their_weight_and_their_order():
    texts = [f"{random.Random(n).getrandbits(400)}" for n in range(300)]
    parts = [texts[part] for part in spread(texts, 4000)]
    assert list(chain(*parts)) == texts
    assert all(packed("".join(part)) < 4500 for part in parts)
    assert spread([]) == [slice(0, 0)]


def test_site_offers_a_place_only_what_differs_in_more_than_its_name(tmp_path):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "tiny")
    every = {None, "river", "hill", "coast"}
    for text, wanted in (("", every - {"coast"}), ("\n      place_editions: all", every)):
        settings = (HERE / "campaigns/tiny/mkdocs.yml").read_text(encoding="utf-8")
        (root / "mkdocs.yml").write_text(settings.replace('version: "1"', f'version: "1"{text}'), encoding="utf-8")
        result = [output for output in catalogue(load(root)[0]) if output.kind == "leaflet"]
        assert {output.place for output in result if output.path} == every
        assert {output.place for output in result if output.public} == wanted


def test_leaflet_is_not_taken_for_the_poster_of_its_name(tiny):
    """Both are called boil-the-water: the picture for chats is the poster's, the six panels are the leaflet's."""
    leaflet, poster = (
        (tiny / f"site/fil/{folder}/boil-the-water.html").read_text(encoding="utf-8")
        for folder in ("leaflets", "posters")
    )
    assert "whatsapp-telegram" in poster
    assert "leaflet-panels" not in poster
    assert "whatsapp-telegram" not in leaflet
    assert "6/6" in leaflet


def test_files_are_found_by_links_alone(tiny):
    """Without a script: from the page of downloads to the places, to one of them, to its file."""
    page = (tiny / "site/fil/downloads.html").read_text(encoding="utf-8")
    assert "files-leaflet.html" in page
    assert "files-for-health-workers.html" in page
    assert "files-need-drink.html" in page
    assert "boil-the-water" in (tiny / "site/fil/files-need-drink.html").read_text(encoding="utf-8")
    places = (tiny / "site/fil/files-places.html").read_text(encoding="utf-8")
    assert places.count("may sariling mga makokontak") == 2
    to, anchor = re.search(r'href="?(files-in\.html)#(in-hill)', places).groups()
    files = (tiny / "site/fil" / to).read_text(encoding="utf-8")
    assert f'id="{anchor}"' in files or f"id={anchor}" in files
    result = re.findall(r"\.\./(files/fil/[\w-]*-hill-[\w-]*\.pdf)", files)
    assert result
    assert all((tiny / "site" / name).is_file() for name in result)


@pytest.mark.parametrize("width", [360, 1280])
def test_finder_chooses_from_a_stick(tiny, browser, tmp_path, width):
    """By file://, in a folder with a difficult name; results are shown in the chosen language."""
    stick = tmp_path / "ünï 100% #1"
    shutil.copytree(tiny / "site", stick)
    page = browser.new_page(viewport={"width": width, "height": 740})
    faults = []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text))
    page.goto((stick / "fil/downloads.html").as_uri())
    page.wait_for_selector(".finder", state="visible")
    page.select_option("#find-language", "ar")
    page.select_option("#find-place", label=page.locator("#find-place option").nth(2).inner_text())
    # The choice says what it changes.
    assert "Burol" in page.inner_text(".finder .said")
    without = next(name for name in page.locator("#find-place option").all_inner_texts()[1:] if "–" not in name)
    page.select_option("#find-place", label=without)
    assert page.inner_text(".finder .said").endswith(
        f"Wala pang sariling bersiyon ang {without}: para sa buong bansa ang mga ito."
    )
    page.select_option("#find-place", label=page.locator("#find-place option").nth(2).inner_text())
    page.select_option("#find-need", label="Ligtas na inumin")
    page.select_option("#find-printer", "photocopy")
    links = page.eval_on_selector_all(".finds .files a", "all => all.map(a => a.href)")
    assert links
    names = [link.rsplit("/", 1)[-1] for link in links]
    assert all("-ar-" in name and name.endswith("-photocopy.pdf") for name in names)
    # One leaflet and one poster are about drinking water, in Arabic too, without being typed again.
    assert all("tri-fold" in name for name in names)
    assert any("-hill-" in name for name in names)
    assert all((stick / "files/ar" / name).is_file() for name in names)
    page.wait_for_function("[...document.querySelectorAll('.finds img')].every(i => i.complete && i.naturalWidth)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    assert not faults
    page.close()


@pytest.mark.long
def test_finder_draws_only_a_screen_of_a_large_campaign(tiny, browser, tmp_path):
    """60 pieces in 30 places and 12 languages, some 40,000 files."""
    campaign, made = large(30, 12)
    shutil.copytree(tiny / "site", tmp_path / "site", ignore=shutil.ignore_patterns("files", "pictures"))
    data = finder_data(campaign, made)
    (tmp_path / "site/finder-data.js").write_text(as_script("finderData", data), encoding="utf-8")
    words = {**json.loads((tmp_path / "site/fil/finder-words.js").read_text().split("=", 1)[1])}
    words["places"] = list(data["places"])
    (tmp_path / "site/fil/finder-words.js").write_text(as_script("finderWords", words), encoding="utf-8")
    page = browser.new_page()
    page.goto((tmp_path / "site/fil/downloads.html").as_uri())
    page.wait_for_selector(".finder", state="visible")
    page.select_option("#find-place", "7")
    assert page.locator(".finds .download").count() == 24
    page.close()


def test_door_finds_and_opens_everything_without_a_network(tiny, browser, tmp_path):
    """By file://, from a folder whose name needs escaping in addresses; each link leads to an existing file."""
    folder = tmp_path / "ünï 100% #1"
    shutil.copytree(tiny / "dist", folder)
    tab = browser.new_page(viewport={"width": 360, "height": 740})
    asked, wrong = [], []
    tab.on("request", lambda request: asked.append(request.url))
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.on("requestfailed", lambda item: item.failure == "net::ERR_ABORTED" or wrong.append(item.url))
    tab.goto((folder / "index.html").as_uri())
    tab.click("nav a[lang=fil]")
    tab.select_option("#find-place", label="Burol – may sariling mga makokontak")
    tab.select_option("#find-printer", "office")
    links = tab.eval_on_selector_all("a[href]", "all => all.map(each => each.href)")
    result = tab.eval_on_selector_all(".finds .files a", "all => all.map(each => each.href)")
    assert [Path(link).name for link in result] == ["boil-the-water-fil-hill-tri-fold.pdf", "boil-the-water-fil-a3.pdf"]
    assert not [link for link in links if not Path(unquote(link.removeprefix("file://"))).exists()]
    assert "maikling gilid" in tab.text_content(".finds .files")
    shown = tab.eval_on_selector_all(".finds img", "all => all.map(each => each.naturalWidth)")
    assert set(shown) == {320}
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360
    assert not wrong
    assert all(url.startswith("file://") for url in asked)
    # Without a script, folders of places are there still.
    door = (folder / "index.html").read_text(encoding="utf-8")
    assert {"hill/ar/", "national/ar/"} <= {*re.findall(r'href="?([^" >]+)', door)}
    tab.close()
