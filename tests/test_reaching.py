"""Finding, listening, sharing: search, A to Z, the directory of services, feeds, cards, kinds of pages."""

from __future__ import annotations

import gzip
import json
import re
import xml.etree.ElementTree as etree
from functools import partial
from html import unescape

import pytest
from conftest import HERE, OFFICE, copy_campaign, run
from playwright.sync_api import expect
from recorded import mp3, ogg

from campaign.checks.release import check_release
from campaign.checks.unfinished import check_unfinished
from campaign.content import load
from campaign.content.known_numbers import KnownNumbers, every_number
from campaign.content.typed_numbers import dial_of
from campaign.desk.contact_file import ContactFile
from campaign.desk.files import Files
from campaign.desk.former_numbers import former_numbers
from campaign.pipeline.corrections import _contact as corrected
from campaign.website.finished_text import with_finished_texts
from campaign.website.scripts import read_script
from campaign.website.search.normalise import fold, words_of

ATOM = "{http://www.w3.org/2005/Atom}"
# Words whose letters, marks and capitals can be written in many ways, each typed as people might.
ODD_WORDS = [
    "Tráfiku",
    "AÇÃO",
    "Đặng",
    "STRASSE",
    "İzmir",
    "أَسْئِلة",
    "اسئله",
    "ទឹកស្អាត",
    "น้ำ",
    "ガス",
    "ｶﾞｽ",
    "Łódź",
    "oeuvre",
    "人口",
]
ODD_PAGE = """---
title: Kakaiba
---

Tráfiku, ação. Đặng straße İzmir أسئلة Łódź œuvre. ខ្ញុំទឹក\u200bស្អាតណាស់ แม่น้ำใส ガスの人口
"""
NUMBERS_PAGE = """---
title: غريب
translation: {source: "", by: machine, reviewed: no}
---

اتصل بنا الآن، ليلا ونهارا، على الرقم 0808 157 0142 أو (021) 331-1234 وهو مجاني.

بالخارج: +670 331 1234، والنهر: 07700 900143. ثمنه 20 000 منذ 2026-11-25.
"""
OFFICE_CONTACT = """
  - {id: we, kind: office, name: Tubig & Co, phone: 020 7946 0199, email: we@water.example, source: drama-numbers}
"""


@pytest.fixture(scope="module")
def written(tiny, tmp_path_factory):
    """The tiny campaign with recordings and a page full of odd words."""
    root = copy_campaign(tiny, tmp_path_factory.mktemp("written") / "campaign", is_warm=True)
    (root / "docs/fil/boil.mp3").write_bytes(mp3(234_000))
    (root / "docs/fil/boil.opus").write_bytes(ogg(size=120_000))
    (root / "docs/fil/odd.md").write_text(ODD_PAGE, encoding="utf-8")
    (root / "docs/ar/odd.md").write_text(NUMBERS_PAGE, encoding="utf-8")
    with (root / "assets/contacts/national.yml").open("a", encoding="utf-8") as file:
        file.write(OFFICE_CONTACT)
    (root / "docs/fil/tell-us.md").write_text(
        "---\ntitle: Sabihin\n---\n\n{{ contacts kind=office }}\n", encoding="utf-8"
    )
    run(root, "build")
    return root


@pytest.fixture
def phone(browser):
    """A page on a phone that speaks no language of ours; faults of its scripts fail the test."""
    context = browser.new_context(viewport={"width": 360, "height": 740}, locale="xx-XX")
    page, faults = context.new_page(), []
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("console", lambda message: faults.append(message.text) if message.type == "error" else None)
    yield page
    context.close()
    assert faults == []


def look_for(page, raw):
    """The links found for a typed query."""
    page.fill("form.search input", raw)
    page.press("form.search input", "Enter")
    expect(page.locator("form.search .said")).not_to_be_empty()
    return page.eval_on_selector_all(
        ".found a:first-child", "all => all.map(a => [a.textContent, a.getAttribute('href')])"
    )


def look_for_all(page, raw):
    """The same among entries for staff and the press too."""
    look_for(page, raw)
    page.click("form.search .more")
    expect(page.locator("form.search .more")).to_be_hidden()
    return look_for(page, raw)


def test_what_people_type_in_their_own_words_leads_to_the_page_for_them(help_campaign, phone):
    expected = {
        "en": {"they took my passport": "papers.html", "police": "numbers.html", "lawyer": "services.html"},
        "tet": {"deve": "debt.html", "isin-rua": "care.html", "ha'u-nia telemovel": "phone.html"},
    }
    for code, searches in expected.items():
        phone.goto((help_campaign / f"site/{code}/index.html").as_uri())
        assert {search: look_for(phone, search)[0][1].rpartition("/")[2] for search in searches} == searches
    # Entries for staff are found on request, and on their own pages.
    assert not [href for _, href in look_for(phone, "formadór") if "courses" in href]
    assert [href for _, href in look_for_all(phone, "formadór") if "courses" in href]
    parts = (help_campaign / "site/tet").glob("a-z*.html")
    listed = "".join(path.read_text(encoding="utf-8") for path in parts if "all" not in path.name)
    assert "courses/" not in listed
    assert "a-z-all.html" in listed
    assert "courses/" in (help_campaign / "site/tet/a-z-all.html").read_text(encoding="utf-8")


def test_search_finds_words_without_accents_and_apostrophes_from_a_stick(help_campaign, phone):
    phone.goto((help_campaign / "site/tet/index.html").as_uri())
    assert any("what-it-is.html" in href for _, href in look_for(phone, "trafiku"))
    plain, raw, typeset = (look_for(phone, word) for word in ("neebe", "ne'ebé", "NE’EBÉ"))
    assert plain == raw == typeset != []
    assert look_for(phone, "xyzzy") == []
    assert phone.inner_text("form.search .said")


def test_search_is_fetched_when_somebody_goes_to_its_field_and_not_before(help_campaign, phone):
    asked = []
    phone.on("request", lambda request: asked.append(request.url.rsplit("/", 1)[-1]))
    phone.clock.install()
    phone.goto((help_campaign / "site/en/signs.html").as_uri())
    phone.clock.run_for("10:00")  # fires every timer
    assert "search.js" not in asked
    with phone.expect_request("**/search.js"):
        phone.focus("form.search input")
    assert asked.count("search.js") == 1


# The first paint waits until `paint()`.
HELD_PAINT = """{
    const held = [];
    window.requestAnimationFrame = work => held.push(work);
    window.paint = () => { for (const work of held) work(); };
}"""


def test_scripts_that_can_wait_are_fetched_after_the_first_paint(help_campaign, phone):
    asked = []
    phone.on("request", lambda request: asked.append(request.url.rsplit("/", 1)[-1]))
    phone.add_init_script(HELD_PAINT)
    phone.goto((help_campaign / "site/en/signs.html").as_uri())
    phone.focus("form.search input")
    assert "signs.html" in asked
    assert not {"deferred.js", "search.js", "later.css"} & set(asked)
    # The field has had the focus since before the script came.
    with phone.expect_request("**/search.js"):
        phone.evaluate("paint()")
    assert asked.count("deferred.js") == asked.count("search.js") == 1


def test_contacts_and_files_are_among_the_results_and_numbers_can_be_dialled(help_campaign, phone):
    phone.goto((help_campaign / "site/en/index.html").as_uri())
    assert look_for(phone, "112")[0][1].endswith("services.html#who-emergency")
    assert phone.locator(".found a[href='tel:112']").first.is_visible()
    assert any(href.endswith("tri-fold.pdf") for _, href in look_for_all(phone, "leaflet"))


def test_editions_of_a_place_with_contacts_of_its_own_are_found_by_its_name(tiny, phone):
    phone.goto((tiny / "site/fil/index.html").as_uri())
    assert any(href.endswith("-fil-hill-tri-fold.pdf") for _, href in look_for_all(phone, "burol"))


def test_search_finds_words_inside_khmer_sentences_and_arabic_words_without_their_article(tiny, phone):
    phone.goto((tiny / "site/km/index.html").as_uri())
    sentence = re.search(r"[\u1780-\u17ff]{14,}", (tiny / "docs/km/get-help.md").read_text(encoding="utf-8")).group()
    assert any("get-help.html" in href for _, href in look_for(phone, sentence[5:12]))
    phone.goto((tiny / "site/ar/index.html").as_uri())
    assert look_for(phone, "مَاء") == look_for(phone, "ماء") != []


@pytest.mark.parametrize(
    ("text", "inside"),
    [("人口贩运是犯罪", "贩运"), ("การค้ามนุษย์เป็นความผิด", "มนุษย์"), ("លោកអ្នកត្រូវការជំនួយ", "ជំនួយ"), ("လူကုန်ကူးမှု", "ကုန်ကူး")],
)
def test_pieces_of_a_script_without_spaces_hold_the_words_inside(text, inside):
    pieces, wanted = words_of(text), fold(inside)
    size = len(max(pieces, key=len))
    assert all(wanted[index : index + size] in pieces for index in range(len(wanted) - size + 1))
    assert wanted[:size] in pieces


@pytest.mark.parametrize("word", ODD_WORDS)
def test_words_of_any_script_are_found_as_they_are_typed(written, phone, word):
    phone.goto((written / "site/fil/index.html").as_uri())
    assert [href for _, href in look_for(phone, word) if href.endswith("odd.html")]


def test_page_without_translation_is_in_no_index_of_that_language(tiny):
    index = (tiny / "site/km/search.js").read_text(encoding="utf-8").split(";\n", 1)[0]
    entries = json.loads(index.removeprefix("var INDEX="))["entries"]
    assert not [entry for entry in entries if "boil.html" in entry[1] and "leaflets" not in entry[1]]
    assert (tiny / "site/km/boil.html").is_file()
    assert "boil.html" in (tiny / "site/ar/search.js").read_text(encoding="utf-8")


def test_everything_that_can_be_found_is_there(help_campaign, tiny):
    for root in (help_campaign, tiny):
        for script in (root / "site").glob("*/search*.js"):
            index = json.loads(script.read_text(encoding="utf-8").split(";\n", 1)[0].removeprefix("var INDEX="))
            for _, address, *_ in index["entries"]:
                path, _, anchor = address.partition("#")
                target = script.parent / path
                assert target.is_file(), address
                if anchor:
                    assert re.search(rf'id="?{re.escape(anchor)}[">\s]', target.read_text(encoding="utf-8")), address


def test_scripts_are_small():
    sizes = {
        name: len(gzip.compress(read_script(name).encode()))
        for name in ("find.js", "search.js", "deferred.js", "directory.js")
    }
    assert sum(sizes.values()) < 7_000, sizes


@pytest.mark.parametrize("name", ["help_campaign", "tiny"])
def test_search_leads_to_everything_from_a_to_z_without_script_and_leaves_no_word_behind(request, browser, name):
    root = request.getfixturevalue(name)
    code = "tet" if name == "help_campaign" else "ar"
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto((root / f"site/{code}/index.html").as_uri())
    page.fill("form.search input", "secret")
    page.press("form.search input", "Enter")
    page.wait_for_url("**/a-z.html*")
    assert "secret" not in page.url
    assert page.locator(".titles a").count() > 15
    assert page.get_attribute("html", "lang") == code
    page.click(".titles a >> nth=3")
    assert page.url.split("#")[0].endswith((".html", ".pdf"))
    context.close()


def test_directory_is_links_and_lists_without_script(help_campaign, browser):
    context = browser.new_context(java_script_enabled=False, viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto((help_campaign / "site/en/services.html").as_uri())
    assert not page.locator(".choices-of").is_visible()
    page.click(".needs >> text=ALFeLa >> nth=0")
    assert page.url.endswith("#who-alfela")
    page.click(".map a[aria-label*=Viqueque]")
    assert page.url.endswith("#in-viqueque")
    tops = page.eval_on_selector_all(
        ".map a",
        """all => all.map(a => {
            const box = a.getBoundingClientRect();
            return [a.getAttribute('aria-label').split(' ')[1], box.x, box.y];
        })""",
    )
    position = {name: (x, y) for name, x, y in tops}
    assert position["Ataúro"][1] < position["Dili"][1] < position["Aileu"][1]
    assert position["Oecusse"][0] < position["Dili"][0] < position["Lautém"][0]
    context.close()


def test_directory_narrows_by_need_and_place_and_says_how_much_is_left(tiny, phone):
    phone.goto((tiny / "site/fil/services.html").as_uri())
    phone.select_option("#page-where", "hill")
    assert phone.locator("#in-hill").is_visible()
    assert not phone.locator("#in-river").is_visible()
    phone.select_option("#page-need", "water-test")
    assert phone.locator("#who-hill-water").is_visible()
    assert not phone.locator("#who-hill-clinic").is_visible()
    assert "1" in phone.inner_text(".choices-of .said")
    phone.focus(".map a >> nth=0")
    phone.keyboard.press("Enter")
    assert phone.locator("#in-river").is_visible()
    assert phone.url.endswith("#in-river")


def test_map_is_not_mirrored_where_writing_goes_from_right_to_left(tiny, phone):
    lefts = {}
    for code in ("fil", "ar"):
        phone.goto((tiny / f"site/{code}/services.html").as_uri())
        lefts[code] = phone.eval_on_selector_all(
            ".map a", "all => all.map(a => Math.sign(a.getBoundingClientRect().x - all[0].getBoundingClientRect().x))"
        )
    assert lefts["fil"] == lefts["ar"]


def test_numbers_can_be_copied_and_pages_shared_where_the_phone_can(help_campaign, browser):
    context = browser.new_context(viewport={"width": 360, "height": 740})
    context.add_init_script("navigator.share = shared => { window.shared = shared; return Promise.resolve() }")
    page = context.new_page()
    page.goto((help_campaign / "site/en/numbers.html").as_uri())
    page.click(".share button")
    assert page.evaluate("shared.url").endswith("numbers.html")
    page.goto((help_campaign / "site/en/services.html").as_uri())
    page.evaluate("document.addEventListener('copy', () => { window.copied = document.activeElement.value })")
    page.click(".contact-number button:has-text('Copy') >> nth=0")
    assert page.evaluate("copied") == "112"
    assert page.inner_text(".contact-number [role=status] >> nth=0") == "Copied"
    context.close()


def test_buttons_that_cannot_work_are_not_shown(help_campaign, browser):
    context = browser.new_context()
    context.add_init_script(
        "Object.defineProperty(navigator, 'share', {value: undefined}); document.queryCommandSupported = () => false;"
        "delete window.Blob"
    )
    page = context.new_page()
    page.goto((help_campaign / "site/en/services.html").as_uri())
    assert page.locator("article button:visible").count() == 0
    context.close()


@pytest.mark.parametrize(
    ("path", "locale", "says"),
    [("en/nothing.html", "tet", "en"), ("nothing", "en-GB", "en"), ("nothing", "xx-XX", "tet")],
)
def test_wrong_address_is_answered_in_the_readers_language(help_campaign, browser, path, locale, says):
    context = browser.new_context(locale=locale)
    page = context.new_page()
    html = (help_campaign / "site/404.html").read_text(encoding="utf-8")
    page.route("**/*", lambda route: route.fulfill(body=html, content_type="text/html", status=404))
    page.goto(f"{OFFICE}{path}")
    assert page.get_attribute("html", "lang") == says
    assert page.get_attribute(".choices > :first-child", "lang") == says
    first = page.inner_text(".choices > :first-child p >> nth=0").rstrip(".")
    assert page.title().startswith(first)
    context.close()


def test_feed_names_the_pages_of_its_language_only(tiny, help_campaign):
    feed = etree.fromstring((tiny / "site/km/feed.xml").read_bytes())
    links = [entry.find(f"{ATOM}link").get("href") for entry in feed.findall(f"{ATOM}entry")]
    assert links
    assert all("/km/" in link for link in links)
    assert not [link for link in links if link.endswith("/boil.html")]
    feed = etree.fromstring((help_campaign / "site/tet/feed.xml").read_bytes())
    assert all(item.text.startswith("2026-11-25T") for item in feed.iter(f"{ATOM}updated"))
    assert len({item.text for item in feed.iter(f"{ATOM}id")}) == len(list(feed.iter(f"{ATOM}id")))


def test_messages_that_link_to_a_page_show_its_poster_and_claim_nothing_more(help_campaign, phone):
    phone.goto((help_campaign / "site/tet/signs.html").as_uri())
    meta = dict(
        phone.eval_on_selector_all("meta[property^=og]", "all => all.map(m => [m.getAttribute('property'), m.content])")
    )
    assert meta["og:image"].endswith("-tet.jpg")
    assert int(meta["og:image:width"]) >= 600
    assert meta["og:image:alt"]
    (breadcrumbs,) = json.loads(phone.inner_text("script[type='application/ld+json']"))["@graph"]
    assert breadcrumbs["@type"] == "BreadcrumbList"


def test_numbers_in_a_text_from_right_to_left_are_read_from_left_to_right_whole_and_dialled(written, phone):
    phone.goto((written / "site/ar/odd.html").as_uri())
    results = {}
    for width in range(200, 400, 20):
        phone.set_viewport_size({"width": width, "height": 740})
        # The positions of the digits, from left to right, of each number that was typed in groups.
        for text, lines, links in phone.evaluate(
            """() => [...document.querySelectorAll('article p')].flatMap(paragraph => {
                const walker = document.createTreeWalker(paragraph, NodeFilter.SHOW_TEXT), found = [];
                for (let node; node = walker.nextNode();)
                    for (const each of node.data.matchAll(/[+(]?\\d+(?:[ )-]+\\d+)+/g)) {
                        const range = document.createRange(), at = [];
                        for (let i = each.index; i < each.index + each[0].length; i++) {
                            range.setStart(node, i), range.setEnd(node, i + 1);
                            const box = range.getBoundingClientRect();
                            at.push([box.left, box.top, node.data[i]]);
                        }
                        const link = node.parentNode.closest('a');
                        found.push([at.sort((a, b) => a[0] - b[0]).map(each => each[2]).join(''),
                            new Set(at.map(each => Math.round(each[1]))).size, link && link.getAttribute('href')]);
                    }
                return found;
            })"""
        ):
            assert lines == 1, (width, text)
            results[text] = links
    assert results == {
        "0808 157 0142": "tel:08081570142",
        "(021) 331-1234": "tel:0213311234",
        "+670 331 1234": "tel:+6703311234",
        "07700 900143": "tel:07700900143",
        "20 000": None,
        "2026-11-25": None,
    }


@pytest.mark.parametrize(
    ("raw", "dialled"),
    [
        ("Call 020 7946 0018.", ["+442079460018"]),
        ("Call 7946 0018, or\u00a0331 1234.", ["+442079460018"]),
        ("٠٨٠٨ ١٥٧ ٠١٤٢ &amp; 0808&nbsp;157&nbsp;0142", ["08081570142", "08081570142"]),
        ("06.12.34.56.78; 00 670 331 1234", ["0612345678", "006703311234"]),
        # A thin space, a non-breaking hyphen, a soft hyphen, invisible characters.
        ("+670\u2009331\u20091234; +670\u2011331\u20111234; +670\u00ad331\u00ad1234", ["+6703311234"] * 3),
        ("+670\u200b331\u200b1234", ["+6703311234"]),
        ("Article 112 of law 3/2017, of 01.02.2017; 112 people, 0.25 each, 1 000 000 in all", []),
        ("From 0800-1700, 25 11 2026; ISBN 0-306-40615-2; file 0261166; 1999–2003", []),
        ('<a href="x"><abbr>0808</abbr> 0808 157 0142</a> <code>0808 157 0142</code> <!-- 0808 157 0142 -->', []),
    ],
)
def test_years_amounts_and_laws_are_no_telephone_numbers(raw, dialled):
    page = with_finished_texts(f"<body><p>{raw}</p></body>", partial(dial_of, dials={"442079460018": "+442079460018"}))
    assert re.findall(r'href="tel:([^"]*)"', page) == dialled
    assert unescape(re.sub(r"<[^>]*>", "", page)) == unescape(re.sub(r"<[^>]*>", "", raw))


def test_wrong_number_in_a_text_is_noticed_and_no_year_day_amount_or_code_is_taken_for_one(tmp_path):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "campaign")
    kept = '  - {id: town, kind: water, name: Police of Baucau, phone: "7799 0022", source: drama-numbers}\n'
    with (root / "assets/contacts/national.yml").open("a", encoding="utf-8") as file:
        file.write(kept + '  - {id: short, kind: water, name: Ambulance, phone: "112", source: drama-numbers}\n')
    wrong = ["7799 0023", "77990023", "3312345", "+670 7799 0032", "7799 022", "٧٧٩٩٠٠٢٣"]
    right = "7799 0022, 7799-0022, 77990022, +670 7799 0022, 00670 77990022, 07700 900112"
    others = "2019–2024, 20 000 000, 12/2017, 25.11.2026, 25 11 2026, 25112026, ISSN 1234-5678, 115"
    text = "".join(f"\n\nTumawag: {typed}." for typed in wrong) + f"\n\n{right}. {others}.\n\nTawagan ang 115, 112.\n"
    text += "\nTelepono: 117; 118 telepono, teleponong 118; telepono 112, 119 tao.\n"
    with (root / "docs/fil/index.md").open("a", encoding="utf-8") as file:
        file.write(text)
    campaign = load(root)[0]
    results = [item.message for item in check_unfinished(campaign) if item.id == "number-not-kept"]
    # What looks mistyped goes out in no release.
    refused = [item.message for item in check_release(campaign) if item.id == "number-near-release"]
    assert refused == [item for item in results if "did you mean" in item]
    near = "{} is in no contact; did you mean {}?"
    town = "7799 0022 (Police of Baucau)"
    assert [item for item in results if "3312345" not in item] == [
        *(near.format(typed, town) for typed in wrong if typed != "3312345"),
        *(near.format(typed, "112 (Ambulance)") for typed in ("115", "117")),
    ]
    assert "The number 3312345 is in no contact file, so no one checks it." in results


def test_wrong_short_number_is_noticed_beside_another_source_at_the_head_of_a_sentence_and_after_one_word(tmp_path):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "campaign")
    with (root / "assets/contacts/national.yml").open("a", encoding="utf-8") as file:
        file.write('  - {id: short, kind: water, name: Ambulance, phone: "112", source: drama-numbers}\n')
    seen = ["Tawagan ang 113. Sabihin.[^drama-numbers]", "121 ang bilang.", "Dial 999.", "Tawagan 115 ngayon."]
    unseen = ["Tawagan ang 117.[^drama-numbers] Sabihin.", "122.", "350 tao. Artikulo 3.", "Noong 2019.", "112 tao."]
    with (root / "docs/fil/index.md").open("a", encoding="utf-8") as file:
        file.write("\n\n" + "\n\n".join((*seen, *unseen, "Tawagan ang 555 0199.", "| 111 | 113 tao |\n|--|--|\n")))
    campaign = load(root)[0]
    results = [re.findall(r"\b\d[\d ]+", item.message)[0].strip() for item in check_unfinished(campaign)]
    assert results == ["113", "121", "999", "115", "555 0199"]
    # A number that may count something makes no draft, in any script; one next to a word for calling does.
    known_numbers = KnownNumbers(campaign)
    for count, call, asked in (
        ("113 people live here.", "Call 113.", "Call {number}"),
        ("113 ang nakatira dito.", "Tawagan ang 113.", "Tawagan ang {number}"),
        ("113 คนอยู่ที่นี่", "โทร 113", "โทร {number}"),
        ("这里很好。113 人住在这里。", "请拨打113。", "请拨打 {number}"),
        ("هنا. ١١٣ شخصًا هنا.", "اتصل بالرقم ١١٣.", "اتصل بالرقم {number}"),
        ("၁၁၃ ဦး ရှိသည်။", "၁၁၃ ကို ခေါ်ပါ။", "{number} ကို ခေါ်ပါ"),
    ):
        for text, is_draft in ((count, False), (call, True)):
            (row,) = every_number(text, [asked])
            assert known_numbers.lacks_contact(*row), text
            assert known_numbers.is_doubtful(*row, {}) == is_draft, text
    # What may be no telephone number stops nothing.
    refused = [item.message for item in check_release(campaign) if item.id == "number-near-release"]
    assert [item[:3] for item in refused] == ["113", "115"]


def test_number_that_a_contact_had_before_is_told_as_such_and_goes_out_in_no_release(tmp_path):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "campaign")
    had = '  - {id: town, kind: water, name: Town, phone: "7799 0022", source: drama-numbers,\n'
    had += '     former: [{phone: "07700 900188", until: 2026-11-28}]}\n'
    with (root / "assets/contacts/national.yml").open("a", encoding="utf-8") as file:
        file.write(had)
    with (root / "docs/fil/index.md").open("a", encoding="utf-8") as file:
        file.write("\n\nTumawag: 07700-900188.[^drama-numbers]\n\nTumawag: 7799-0022.\n")
    campaign = load(root)[0]
    for found, id in ((check_unfinished, "number-taken-back"), (check_release, "number-taken-back-release")):
        (told,) = (item for item in found(campaign) if item.id == id)
        assert told.message == "07700-900188 was the number of Town until 2026-11-28."
        assert "with {{ contacts }}, which always shows the current number (now 7799 0022)" in told.fix
        assert told.where.startswith("docs/fil/index.md:")
    # Deleted at the desk, it leaves its numbers behind, and the rest of the file unchanged.
    contacts = ContactFile.read(Files(root), "national")
    (root / contacts.name).write_bytes(contacts.without_contact("town").encode())
    added = 'retired:\n  - name: Town\n    phone: "7799 0022"\n    until: '
    assert (root / contacts.name).read_text("utf-8").partition("retired:")[0] == contacts.text.replace(had, "")
    assert added in (root / contacts.name).read_text("utf-8")
    campaign = load(root)[0]
    told = [item.message for item in check_unfinished(campaign) if item.id == "number-taken-back"]
    assert [item[: -len("2026-11-28.")] for item in told] == [
        f"{typed} was the number of Town until " for typed in ("07700-900188", "7799-0022")
    ]
    # Prints with them are reported until they are marked as corrected, like any others.
    assert {
        former_number.was
        for former_number in former_numbers(campaign, campaign.with_former)
        if former_number.is_reported
    } >= {"7799 0022"}
    assert corrected(campaign, "Town", "7799 0022").is_retired
    contacts = ContactFile.read(Files(root), "national")
    (root / contacts.name).write_text(contacts.mark_corrected("", ["7799 0022"]), "utf-8")
    campaign = load(root)[0]
    assert "7799 0022" not in {
        former_number.was
        for former_number in former_numbers(campaign, campaign.with_former)
        if former_number.is_reported
    }


def test_every_page_leads_to_who_issues_the_campaign_and_no_list_of_help_does(written):
    pages = [path for path in (written / "site").rglob("*.html") if path.parent.name != "w"]
    for path in pages:
        html = path.read_text(encoding="utf-8")
        foot, name = html.split("<footer")[-1], path.relative_to(written / "site").as_posix()
        if name.endswith("not-saved.html"):
            continue
        assert all(text in foot for text in ("Tubig & Co", "tel:02079460199", "mailto:we@water.example")), name
        assert ("Wala pang tumitiyak" in foot) == name.startswith("fil/"), name
        assert (name in ("index.html", "404.html")) or "tell-us.html" in foot, name
        assert (html.count("Tubig & Co") > 1) == name.endswith("tell-us.html"), name


def test_recording_beside_a_page_becomes_a_player_that_waits(written, phone):
    asked = []
    phone.on("request", lambda request: asked.append(request.url))
    phone.goto((written / "site/fil/boil.html").as_uri())
    assert phone.get_attribute("audio", "preload") == "none"
    sources = "all => all.map(source => source.getAttribute('src'))"
    assert phone.eval_on_selector_all("audio source", sources) == ["boil.opus", "boil.mp3"]
    size = (written / "site/fil/boil.opus").stat().st_size
    assert f"{round(size / 1000)} kB" in phone.inner_text(".recording")
    assert "234 kB" in phone.inner_text(".recording")
    assert not [url for url in asked if "boil.m" in url or "boil.o" in url]
    assert not (written / "site/ar/boil.mp3").exists()
    phone.goto((written / "site/km/boil.html").as_uri())
    assert phone.eval_on_selector_all("audio source", sources) == ["../fil/boil.opus", "../fil/boil.mp3"]


@pytest.mark.parametrize(
    ("path", "layout"),
    [("leaflets/know-the-signs", "leaflet"), ("posters/know-the-signs", "poster"), ("signs", "page")],
)
def test_pages_of_a_kind_share_a_layout(help_campaign, phone, path, layout):
    phone.goto((help_campaign / f"site/en/{path}.html").as_uri())
    assert phone.locator(f"article.{layout}-layout").count() == 1
