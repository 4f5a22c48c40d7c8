"""Every page keeps its budget; one that does not is named, with what of it weighs."""

from __future__ import annotations

import random
import re
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import OFFICE, copy_or_link, run
from test_bad_input import append

from campaign.checks import weight
from campaign.checks.built import check_site
from campaign.checks.weight import HOME_BUDGET, MAX_SCRIPT_BYTES
from campaign.content import load
from campaign.pipeline import build
from campaign.website.css_purge import parse_sheet, purge
from campaign.website.css_usage import names_on
from campaign.website.page_audit import packed_size
from campaign.website.parts import render_made
from campaign.website.search.a_to_z import a_to_z_pages
from campaign.website.search.entries import Entry
from campaign.website.view import View

# A long name, like a ministry's, and the room to leave for a name and a few words next to it.
RESERVE = 64


def noise(size: int) -> str:
    """Text that gzip makes no smaller than about `size` bytes."""
    chance = random.Random(size)
    return "".join(chance.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=size * 8 // 5))


def messages_for(site: Path) -> list[str]:
    return [f"{problem.where} {problem.message}" for problem in check_site(site, "https://a.example/")]


def page(site: Path, name: str, head: str = "", body: str = "") -> Path:
    path = site / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"<!doctype html><html lang=xx><head>{head}</head><body>{body}</body></html>", encoding="utf-8")
    return path


def test_front_page_and_other_pages_have_budgets_of_their_own(tmp_path):
    weight = packed_size(page(tmp_path, "xx/index.html", body=f"<p>{noise(HOME_BUDGET.first)}</p>").read_bytes())
    page(tmp_path, "xx/other.html", body=f"<p>{noise(HOME_BUDGET.first)}</p>")
    assert messages_for(tmp_path) == [
        f"site/xx/index.html The page weighs {weight:,} bytes before it shows anything; 7,500 is its budget. "
        f"It is: text and frame {weight:,}."
    ]


def test_what_weighs_most_is_named_first(tmp_path):
    head = f"<style>{noise(7000)}</style><link rel=stylesheet href=../look.css><script>{noise(1000)}</script>"
    page(tmp_path, "xx/index.html", head)
    (tmp_path / "look.css").write_text(noise(2000), encoding="utf-8")
    (problem,) = messages_for(tmp_path)
    assert [word for word in ("styles", "look.css", "scripts") if word in problem] == ["styles", "look.css", "scripts"]
    assert problem.index("styles") < problem.index("look.css") < problem.index("scripts")


def test_third_request_before_the_first_paint_is_one_too_many(tmp_path):
    for name in ("a.css", "b.css", "c.js", "d.js"):
        (tmp_path / name).write_text("", encoding="utf-8")
    page(tmp_path, "xx/a.html", "<link rel=stylesheet href=../a.css><script src=../c.js defer></script>")
    assert messages_for(tmp_path) == []
    page(tmp_path, "xx/a.html", "<link rel=stylesheet href=../a.css><script src=../d.js></script>")
    assert "3 requests hold up the page; 2 is its budget" in messages_for(tmp_path)[0]


def test_scripts_inside_and_beside_a_page_count_together(tmp_path):
    (tmp_path / "a.js").write_text(noise(MAX_SCRIPT_BYTES // 2 + 200), encoding="utf-8")
    page(
        tmp_path,
        "xx/a.html",
        f"<script>{noise(MAX_SCRIPT_BYTES // 2 + 200)}</script><script src=../a.js async></script>",
    )
    assert "6,144 is their budget: inside the page" in messages_for(tmp_path)[0]
    page(tmp_path, "xx/a.html", f"<script type=application/ld+json>{noise(MAX_SCRIPT_BYTES + 200)}</script>")
    assert messages_for(tmp_path) == []


@pytest.mark.parametrize(("width", "fits"), [(640, True), (700, False)])
def test_picture_counts_in_the_size_that_a_small_phone_takes(tmp_path, width, fits):
    for name, size in (("s.png", 30_000), ("l.png", 90_000), ("s.webp", 9_000)):
        (tmp_path / name).write_bytes(b"\0" * size)
    source = f'srcset="../s.webp {width}w" sizes="(min-width: 40em) 36rem, 96vw"'
    image = '<img src=../s.png srcset="../s.png 700w, ../l.png 1280w" sizes="{}" width=1 height=1 alt="">'
    sizes = "(min-width: 40em) 36rem, 96vw" if fits else "100vw"
    page(tmp_path, "xx/index.html", body=f"<picture><source {source}>{image.format(sizes)}</picture>")
    problems = messages_for(tmp_path)
    assert (problems == []) if fits else ("46,080 is its budget. It is: l.png 90,000" in problems[0])


def test_check_looks_at_the_site_that_stands(tiny, tmp_path):
    root = tmp_path / "campaign"
    shutil.copytree(tiny, root, copy_function=copy_or_link)
    assert "budget" not in run(root, "check")
    home = root / "site/ar/index.html"
    home.write_text(home.read_text(encoding="utf-8").replace("</main>", f"{noise(9000)}</main>"), encoding="utf-8")
    assert "note site/ar/index.html The page weighs" in run(root, "check")


def test_long_list_of_everything_is_laid_out_over_pages_that_lead_to_each_other(tiny):
    campaign, _ = load(tiny)
    addresses = [f"fil/p{n}.html" for n in range(400)]
    titles = [f"{chr(65 + n % 26)} {noise(30 + n)[:30]}" for n in range(400)]
    entries = [
        Entry("page", *item, "", "", False, "", "", is_public=True) for item in zip(titles, addresses, strict=True)
    ]

    def render(view: View, _lead: str, text: str) -> str:
        assert "../ar/a-z.html" in [link.href for link in view.languages]
        return text

    language = campaign.languages["fil"]
    made = a_to_z_pages(campaign, language, entries)
    pages = {address: render_made(campaign, language, page, render) for address, page in made.items()}
    assert list(pages) == ["fil/a-z.html", "fil/a-z-2.html", "fil/a-z-3.html"]
    assert {f"p{n}.html" for n in range(400)} <= set(re.findall(r'href="(p\d+\.html)"', "".join(pages.values())))
    for address, text in pages.items():
        links = re.findall(r'href="([\w.-]*)#(letter-\d+)"', text)
        assert len(links) >= 26
        for name, anchor in links:
            assert f'id="{anchor}"' in pages[f"fil/{name}" if name else address]


def test_page_that_is_too_heavy_is_named_and_stops_a_release_alone(small, tmp_path, monkeypatch):
    root = shutil.copytree(small, tmp_path / "campaign", copy_function=copy_or_link)
    append(root, "docs/fil/index.md", f"\n{noise(9000)}\n")
    assert "note site/fil/index.html The page weighs" in run(root, "build")
    assert noise(9000)[:40] in (root / "site/fil/index.html").read_text(encoding="utf-8")
    # Other problems of a release aren't covered here; nothing needs to be made again.
    monkeypatch.setattr(build, "check_release", lambda _: [])
    results = [problem for problem in build.build(root, is_release=True).problems if problem.stops]
    assert [problem.where for problem in results] == ["site/fil/index.html"]


def test_office_can_set_its_address_and_still_write_a_few_words(help_campaign, monkeypatch):
    """On the heaviest page of any language."""
    for name in ("HOME_BUDGET", "PAGE_BUDGET"):
        budget = getattr(weight, name)
        monkeypatch.setattr(weight, name, replace(budget, first=budget.first - RESERVE))
    assert "\n".join(str(problem) for problem in check_site(help_campaign / "site", OFFICE)) == ""


def test_answers_and_the_list_of_needs_keep_smaller_budgets_than_other_pages(help_campaign):
    for budget, pattern in ((8_000, "*/answers/*.html"), (9_000, "*/numbers.html")):
        sizes = {path: packed_size(path.read_bytes()) for path in (help_campaign / "site").glob(pattern)}
        assert sizes
        assert {path: size for path, size in sizes.items() if size > budget} == {}


def test_file_for_phones_is_light(help_campaign):
    """HELP has twelve in it, and 35 answers of half a page. What it says is seen in test_packs."""
    for language in ("en", "tet"):
        sizes = [file.stat().st_size for file in sorted(help_campaign.glob(f"site/files/{language}/notes-*.htm"))]
        with_pictures, without = sizes
        assert with_pictures < 150_000
        assert without < 120_000


def test_published_site_is_found_under_its_address(help_campaign):
    published = help_campaign / "site"
    pages = [path for path in published.glob("*/**/*.html") if "hreflang" in path.read_text(encoding="utf-8")]
    assert len(pages) > 150
    for path in pages:
        html = path.read_text(encoding="utf-8")
        name = path.relative_to(published).as_posix()
        links = dict(re.findall(r"<link href=(\S+) hreflang=(\S+) rel=alternate>", html))
        canonical = re.search(r"<link href=(\S+) rel=canonical>", html)[1]
        picture = re.search(r"<meta content=(\S+) property=og:image>", html)
        for address in (canonical, *links, *([picture[1]] if picture else [])):
            assert (published / address.removeprefix(OFFICE)).is_file(), (name, address)
        # A fallback page names the page that it replaces.
        assert canonical == f"{OFFICE}{name}" or f"{OFFICE}{name}" not in links
    places = re.findall(r"<loc>(.*?)</loc>", (published / "sitemap.xml").read_text(encoding="utf-8"))
    assert all((published / place.removeprefix(OFFICE)).is_file() for place in places)
    assert f"Sitemap: {OFFICE}sitemap.xml" in (published / "robots.txt").read_text(encoding="utf-8")


def test_styles_for_what_stands_elsewhere_are_left_out():
    html = (
        "<body><div class=text><p>a<br>b</p></div><p class=call>c</p><ul class=x><li>d</ul><ol><li>e</ol>"
        "<p hidden><button class=small>f</button></p></body>"
    )
    rules = {
        ".text p": True,
        ".text > p": True,
        "body .call": True,
        ".text .call": False,
        ".text li": False,
        "p + .call": True,
        "ul:not([class]) > li": False,
        "ol:not([class]) > li": True,
        ".call .small": True,  # a script may put it there
        ".call .made": True,  # and make this
    }
    sheet = parse_sheet("".join(f"{selector}{{color:red}}" for selector in rules))
    left = purge(sheet, names_on(html, sheet.names, frozenset({".made", "made"})) | {".made"})
    kept = {selector for selector in rules if f"{selector.replace(' > ', '>')}{{" in left}
    assert kept == {selector for selector, stays in rules.items() if stays}
