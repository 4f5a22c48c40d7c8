"""Texts at the desk: edited with or without a script, previewed while typing, and never over other people's changes."""

from __future__ import annotations

import os
import re
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest
from conftest import HERE, MAX_WAIT_S, copy_campaign
from opened_desk import check_access, come_back
from playwright.sync_api import expect
from starlette.datastructures import FormData

from campaign.content import clock, load
from campaign.content.placeholders import find_placeholders
from campaign.content.press_envelope import envelope
from campaign.desk.new_page import RELEASE, NewPage, files_of
from campaign.desk.page_file import PageFile
from campaign.desk.panels.texts import _with_fields
from campaign.desk.print_drafts import draft_of
from campaign.desk.words import languages
from campaign.models.outputs import OFFICE, Output
from campaign.schema.yaml_edit import CannotEdit
from campaign.serve import preview_process
from campaign.serve.preview_process import PAGES, NoPreview, PreviewProcess
from campaign.serve.unsaved_texts import read_page, with_page

BOIL, LEAFLET = "docs/fil/boil.md", "docs/fil/leaflets/boil-the-water.md"

# For each page: its height divided by its width, and whether it has the background of overflow.
SIDES = """each => [...each.children].map((side) => {
  const canvas = Object.assign(document.createElement("canvas"), { width: 300, height: 400 });
  const context = canvas.getContext("2d");
  context.drawImage(side, 0, 0, 300, 400);
  const pixels = new Uint32Array(context.getImageData(0, 0, 300, 400).data.buffer);
  return [side.naturalHeight / side.naturalWidth, pixels.includes(0xffe0e3ff)];
})"""


def write(page, text: str) -> None:
    """Type at the end of the text."""
    page.click(".cm-content")
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(text)


def test_without_a_script_a_page_is_found_changed_and_taken_back(opened, home, browser):
    _, base = home
    raw = opened.text(BOIL)
    before = "\ufeff" + raw.replace("\n", "\r\n")
    (opened.root / BOIL).write_bytes(before.encode())
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{base}texts?words=pakuluan+ang+tubig&audience=public")
    page.click("text=Paano pakuluan ang tubig")
    expect(page.locator("#text")).to_have_value(raw)
    page.fill("#text", raw.replace("isang minuto", "x") + "\n[x](nowhere.md)\n")
    page.click("main .save button")
    expect(page.get_by_role("status")).to_contain_text("Saved. 1 must be fixed in this page. It was 0 before.")
    expect(page.locator("#saved")).to_have_class(re.compile("amiss"))
    expect(page.locator(".problems .must")).to_contain_text("docs/fil/boil.md:")
    assert opened.text(BOIL) == before + "\r\n[x](nowhere.md)\r\n"
    page.goto(f"{base}history")
    with page.expect_navigation():
        page.locator(".saves button").first.click()
    assert opened.text(BOIL) == before
    (opened.root / BOIL).write_bytes(raw.encode())
    context.close()
    for broken in (b"a\0b", b"\xff\xfe\x00", b"PK\x03\x04x"):
        with pytest.raises(CannotEdit):
            PageFile.of(BOIL, broken)
    # Mixed line ends are kept.
    several = PageFile.of(BOIL, b"a\r\nb\nc\rd")
    assert (several.text, several.encoded("a\r\nb\r\nx\r\nc\r\nd")) == ("a\nb\nc\nd", b"a\r\nb\nx\nc\rd")
    # A file in an office program's encoding is shown correctly, and saved as UTF-8.
    for saved, old in (
        ("café ស្រុក".encode("utf-16"), "UTF-16"),
        ("\ufeffcafé ស្រុក".encode("utf-16-be"), "UTF-16"),
        ("caf\xe9 “\x81".encode("latin-1", errors="ignore") + b"\x93", "Windows-1252"),
        ("é ស្រុក ".encode() + b"caf\xe9", "Windows-1252"),
    ):
        file = PageFile.of(BOIL, saved)
        assert ("café" in file.text, file.text[0] == "\ufeff", file.was) == (True, False, old)
        assert file.encoded(file.text).decode("utf-8") == file.text


def test_page_and_problems_are_seen_while_they_are_typed_and_nothing_is_saved(opened, home):
    page, base = home
    before = opened.text(BOIL)
    page.goto(f"{base}texts/fil/boil.md")
    shown = page.frame_locator(".frame iframe").locator("main")
    expect(shown).to_contain_text("Pagpapakulo")
    write(page, "\n\nBagong talata 07700 900112.\n\n[x](nowhere.md)\n")
    expect(shown).to_contain_text("Bagong talata")
    expect(page.locator("#wrong .must")).to_contain_text("leads to a page that doesn't exist")
    expect(page.locator(".cm-lintRange-error").last).to_have_text("](nowhere.md)")
    assert page.locator(".cm-line .cm-isolate", has_text="07700 900112").get_attribute("dir") == "ltr"
    page.select_option("#shown", "1280")
    assert page.frame_locator(".frame iframe").locator("html").evaluate("each => each.clientWidth") == 1280
    # Typed scripts don't run, and Tab leaves the editor.
    write(page, '\n\n<script>top.ran = 1</script> <img src=x onerror="top.ran = 1"> [y](javascript:top.ran=1)\n')
    expect(page.locator("#wrong")).to_contain_text("HTML is not used")
    assert page.evaluate("window.ran") is None
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('.cm-content')") is None
    assert opened.text(BOIL) == before
    (opened.root / "site").mkdir(exist_ok=True)
    (opened.root / "site/evil.html").write_text("<title>still</title><script>document.title = 'ran'</script>")
    assert page.request.get(f"{base}preview/evil.html").headers["content-security-policy"].startswith("sandbox")
    assert opened.ask(f"/{opened.key}/preview/..%2fmkdocs.yml")[0] == 404
    alone = page.context.new_page()
    alone.goto(f"{base}preview/evil.html")
    assert alone.title() == "still"
    alone.close()


def test_marks_are_completed_and_a_words_document_is_pasted_clean(home):
    page, base = home
    page.goto(f"{base}texts/fil/boil.md")
    page.wait_for_selector(".cm-content")
    # A button opens its completions; Escape restores the text.
    page.click(".cm-content")
    page.keyboard.press("Control+End")
    last = page.locator(".cm-line").last
    before = last.inner_text()
    for mark, begun in (("Contacts and more", "{{ "), ("Source", "[^"), ("Link", "[](")):
        page.get_by_role("button", name=mark, exact=True).click()
        expect(page.locator(".cm-tooltip-autocomplete li").first).to_be_in_viewport()
        # In a separate paragraph, or after existing text. (The editor only draws visible lines.)
        assert last.inner_text() == (begun if mark == "Contacts and more" else before.strip("\n") + begun)
        foot = last.evaluate("each => each.closest('.cm-scroller').getBoundingClientRect().bottom")
        assert last.bounding_box()["y"] + 10 < min(foot, 900)
        page.keyboard.press("Escape")
        expect(page.locator(".cm-tooltip-autocomplete")).to_have_count(0)
        assert last.inner_text() == before
    for raw, offered, whole in (
        ("\n\nx[^who-d", "who-drinking-water", "x[^who-drinking-water]"),
        ("\n\n[y](get", "get-help.md#places", None),
        ("\n\n{{ contacts pl", "place=hill", "{{ contacts place=hill"),
        ("\n\n:cu", "cup", ":cup: "),
    ):
        page.click(".cm-content")
        page.keyboard.press("Control+End")
        page.keyboard.type(raw)
        option = page.locator(".cm-tooltip-autocomplete li", has_text=offered).first
        expect(option).to_be_visible()
        if raw.endswith(":cu"):
            assert option.locator("img").evaluate("each => each.decode().then(() => each.naturalWidth)") > 0
        if whole:
            option.click()
            assert page.locator(".cm-line").last.inner_text().strip() == whole.strip()
    page.click("text=Bold")
    page.keyboard.insert_text("z")
    assert page.locator(".cm-line").last.inner_text().endswith("**z**")
    page.keyboard.press("Control+End")
    page.keyboard.insert_text("\n\n")
    page.locator(".cm-content").evaluate(
        """(editor, html) => {
          const data = new DataTransfer(); data.setData("text/html", html); data.setData("text/plain", "plain");
          editor.dispatchEvent(new ClipboardEvent("paste", {clipboardData: data, bubbles: true, cancelable: true}));
        }""",
        (HERE / "word_clipboard.html").read_text(encoding="utf-8"),
    )
    pasted = page.locator(".cm-content").evaluate("each => each.cmTile?.view?.state.doc.toString() ?? each.innerText")
    assert pasted.split("**z**")[1].replace("\n\n\n", "\n\n").strip() == (
        "## Boil the water\n\n**First**, take *clear* water. See [how](https://water.example/how).\n\n"
        "- Strain it.\n- Boil it well.\n\n## Then\n\n1. Cool it.\n2. Drink it.\n\n"
        "| Height | Minutes |\n| --- | --- |\n| Below 2,000 m | 1 |\n\nDone."
    )
    assert page.evaluate("window.ran") is None


@pytest.mark.long
def test_a_leaflet_is_seen_and_words_that_do_not_fit_are_told_and_drawn(opened, home):
    page, base = home
    page.goto(f"{base}texts/fil/leaflets/boil-the-water.md")
    expect(page.locator("#shown")).to_have_value("tri-fold")
    expect(page.locator(".sides img")).to_have_count(2)
    side = page.locator(".sides img").first
    for wish in (lambda: page.select_option("#shown-place", "hill"), lambda: page.check("#shown-pseudo")):
        before = side.get_attribute("src")
        wish()
        expect(side).not_to_have_attribute("src", before)
    page.uncheck("#shown-pseudo")
    write(page, "\n\n{{ help }}\n")
    expect(page.locator(".preview .said")).to_contain_text("There is no shortcode `help`")
    page.keyboard.press("Control+z")
    write(page, "\n\n" + "Mahabang salita at mga salita. " * 60)
    expect(page.locator(".preview .said")).to_contain_text("lines too long")
    # Overflow has its own background, below the foot of a sheet that grows for it.
    expect(page.locator(".sides:not(.late) img")).to_have_count(2)
    ratios, marked = zip(*page.locator(".sides").evaluate(SIDES), strict=True)
    assert min(ratios) == pytest.approx(210 / 297, abs=0.01)
    assert max(ratios) > 0.8
    assert sorted(marked) == [False, True]
    # It is saved all the same, and reported there and on the first page until it is fixed.
    before, text = opened.text(LEAFLET), re.compile(r"The panel `back` is \d+ lines too long .*\(hill\)")
    page.click("main .save button")
    expect(page.locator("#saved.amiss")).to_contain_text(text)
    expect(page.locator("#shown")).to_have_value("tri-fold")
    expect(page.locator("#shown-place")).to_have_value("hill")
    # Readers of other languages get no English: the names are next to it, the full message below.
    number = re.search(r"history/(\d+)/undo", page.content())[1]
    for path in ("", f"texts/fil/leaflets/boil-the-water.md?before=0&saved={number}&at=text"):
        told = page.request.get(base + path, headers={"Accept-Language": "tet"}).text()
        met = re.sub(r"(?s)<details class=.whole.*?</details>", "", told)
        assert re.search(r"Painel back naruk liu \(hill\)\. Liña barak liu: \d+\.", met)
        assert "lines too long" not in met
        assert "lines too long" in told
    # Saved problems are visible from the first moment, not only once they are announced.
    page.goto(f"{base}texts/fil/boil.md?saved=same&at=text", wait_until="domcontentloaded")
    assert "Nothing changed" in page.inner_text("#saved")
    page.goto(base)
    wrong, shown = page.locator(".problems .must", has_text=text), page.locator("#today")
    expect(wrong).to_be_visible()
    # That page refreshes itself, with an empty answer if nothing is new. The focus stays in place, or in the list if
    # its entry was fixed.
    come_back(page, lambda: "Checking the latest change" not in shown.inner_text())
    seen = {"HX-Request": "true", "X-Desk-Seen": shown.get_attribute("data-seen")}
    assert page.request.get(base, headers=seen).status == 204
    wrong.locator("a").focus()
    settings = opened.text("mkdocs.yml")
    (opened.root / "assets/contacts/hill.yml").touch()
    expect(shown).not_to_have_attribute("data-seen", seen["X-Desk-Seen"])  # automatically, this once
    expect(wrong.locator("a")).to_be_focused()
    (opened.root / LEAFLET).write_text(before.split("Mahabang")[0], encoding="utf-8")
    come_back(page, page.locator("[role=status]", has_text="There is nothing to fix").count)
    expect(shown).to_be_focused()
    (opened.root / "mkdocs.yml").write_text("[", encoding="utf-8")
    come_back(page, page.locator("h1", has_text="The campaign cannot be read").count)
    (opened.root / "mkdocs.yml").write_text(settings, encoding="utf-8")
    come_back(page, shown.count)


@pytest.mark.long
def test_a_translator_reads_how_many_lines_a_panel_takes_and_holds_and_is_told_what_does_not_fit(opened, home):
    page, base = home
    name = "docs/ar/leaflets/boil-the-water.md"
    before = opened.text(name)
    page.goto(f"{base}translate/ar/leaflets/boil-the-water.md?all")
    sentence = page.locator(".sentence", has_text="Ilayo ang mga bata")
    expect(sentence.locator(".tag.fresh")).to_have_text(re.compile(r"right: \d+ of \d+ lines"))
    sentence.locator("textarea").fill("أبعد الأطفال عن النار. " * 80)
    expect(sentence.locator(".tag.unknown")).to_have_text(re.compile(r"right: \d\d+ of \d+ lines"))
    # Leaving before it is saved asks for confirmation.
    sentence.locator("textarea").press("End")
    with page.expect_event("dialog") as asked:
        page.goto(f"{base}translate")
    assert asked.value.type == "beforeunload"
    page.goto(f"{base}translate/ar/leaflets/boil-the-water.md?all")
    # A text that fits paper may not fit the shapes that a poster is sent in.
    page.goto(f"{base}translate/ar/posters/boil-the-water.md?all")
    title = page.locator(".sentence", has_text="Pakuluan muna.").last
    expect(title.locator(".tag.fresh")).to_contain_text("of 4 lines")
    title.locator("textarea").fill("الماء المغلي قبل الشرب في كل بيت " * 6)
    expect(title.locator(".tag.unknown")).to_contain_text(
        re.compile(r"too many lines as a picture: .*square post \(\d+\)")
    )
    page.once("dialog", lambda dialog: dialog.accept())
    # Saved all the same, it is reported on the first page, in the reader's language.
    page.click(".you summary")
    page.fill("#you", "Layla")
    with page.expect_navigation():
        page.click(".you button")
    page.goto(f"{base}translate/ar/leaflets/boil-the-water.md?all")
    sentence.locator("textarea").fill("أبعد الأطفال عن النار. " * 80)
    sentence.get_by_role("button").click()
    expect(sentence.locator(".mine .tag.fresh")).to_have_text("Saved.")
    page.goto(base)
    told = page.locator(".problems .must", has_text="The panel `right` is")
    come_back(page, told.count)
    expect(told).to_contain_text(f"{name}:")
    page.goto(f"{base}history")
    with page.expect_navigation():
        page.locator(".saves button").first.click()
    assert opened.text(name) == before
    page.goto(base)
    come_back(page, lambda: not told.count())


def test_what_somebody_else_wrote_meanwhile_is_beside_and_chosen(opened, home):
    page, base = home
    before = opened.text(BOIL)
    page.goto(f"{base}texts/fil/boil.md")
    page.wait_for_selector(".cm-content")
    other_text = before.replace("Hanggang 2,000 metro", "Hanggang 1,500 metro")
    (opened.root / BOIL).write_bytes(other_text.encode())
    write(page, "Akin.\n")
    page.click("main .save button")
    expect(page.get_by_role("alert")).to_contain_text("Nothing was overwritten")
    assert opened.text(BOIL) == other_text
    expect(page.locator(".differs")).to_contain_text("1,500")
    expect(page.locator(".differs")).to_contain_text("Akin.")
    # The input is nowhere else: leaving asks for confirmation.
    expect(page.locator("main[data-typed]")).to_be_visible()
    page.click("text=Save mine over theirs")
    expect(page.get_by_role("status").first).to_contain_text("Saved")
    assert opened.text(BOIL) == before + "Akin.\n"
    (opened.root / BOIL).write_bytes(before.encode())


@pytest.mark.long
def test_a_new_poster_begins_with_the_drawing_and_words_of_another(opened, home):
    page, base = home
    page.goto(f"{base}texts/new")
    expect(page.locator(".arts")).not_to_be_visible()
    page.check("[name=kind][value=poster]")
    expect(page.locator(".arts label").first).to_contain_text("pakuluan ang tubig")
    assert page.locator(".arts img").first.evaluate("each => each.decode().then(() => each.naturalWidth)") > 0
    page.fill("#title", 'Ang "balon": #1')
    page.fill("#name", "flood-well")
    page.click("main .save button")
    expect(page.locator("#name-problem")).to_contain_text("could give readers away")
    page.fill("#name", "the-well")
    page.click("main .save button")
    expect(page.locator("h1")).to_have_text('Ang "balon": #1')
    # The input is the text that is read from afar.
    written = opened.text("docs/fil/posters/the-well.md")
    assert r'## Ang "balon": \#1 {#title}' in written
    campaign, _ = load(opened.root)
    poster, _ = read_page(campaign, "fil", "posters/the-well.md", written)
    assert poster.panels[0].title == 'Ang "balon": #1'
    # The other poster's texts become questions until they are written: it is a draft for a reason.
    questions = [
        placeholder.question
        for placeholder in find_placeholders(campaign)
        if placeholder.where.startswith("docs/fil/posters/the-well.md:")
    ]
    assert questions == ["One sentence below it?", "What should people do?"]
    sheet = Output("poster", "the-well", "fil", None, "a3", OFFICE)
    assert "open-question" in draft_of(campaign, [sheet]).reasons
    assert draft_of(campaign, [sheet]).gaps == "/texts/fil/posters/the-well.md"
    expect(page.locator("#asked-text")).to_have_text("to be written One sentence below it?")
    expect(page.locator("#drawn-text")).to_have_value("")
    expect(page.locator(".sides img")).to_have_count(1)
    expect(page.locator("#wrong .must")).to_have_count(0)
    # The other texts on that drawing have fields, which update the text and the picture.
    side = page.locator(".sides img").get_attribute("src")
    page.fill("#drawn-text", "Ang *unang* salita")
    expect(page.locator(".cm-line", has_text="{#text}")).to_have_text(r"## Ang \*unang\* salita {#text}")
    expect(page.locator(".sides img")).not_to_have_attribute("src", side)
    page.fill("#drawn-call", "Tumawag")
    page.click("main .save button")
    expect(page.locator("#drawn-text")).to_have_value("Ang *unang* salita")
    assert opened.text("docs/fil/posters/the-well.md") == written.replace(
        "## {{ ask: One sentence below it? }} {#text}", r"## Ang \*unang\* salita {#text}"
    ).replace("## {{ ask: What should people do? }} {#call}", "## Tumawag {#call}")
    expect(page.locator("#asked-text")).to_have_count(0)
    # Screens have other shapes: overflow there is shown and reported too, not only by a build.
    side = page.locator(".sides img").get_attribute("src")
    page.select_option("#shown", "screen:facebook-instagram-square")
    expect(page.locator(".sides img")).not_to_have_attribute("src", side)
    page.fill("#drawn-text", "Isang minutong kumukulo." + " Mahabang salita at mga salita" * 6)
    expect(page.locator(".preview .said")).to_contain_text("too long")
    expect(page.locator(".sides:not(.late) img")).to_have_count(1)
    assert page.locator(".sides").evaluate(SIDES) == [[1, True]]
    page.click("main .save button")
    expect(page.locator("#saved.amiss")).to_contain_text(re.compile(r"`text` is \d lines too long .*, \d+ × \d+\)"))
    expect(page.locator("#shown")).to_have_value("screen:facebook-instagram-square")
    page.locator("#saved").get_by_role("button", name="Undo").click()
    form_data = FormData({"drawn.text": "Iba", "drawn-was.text": "", "drawn.title": "x"})
    assert "## Iba {#text}" in _with_fields(written, form_data)
    result = opened.root / "assets/posters/the-well"
    assert (result / "art.svg").read_bytes() == (result.with_name("boil-the-water") / "art.svg").read_bytes()


def test_a_release_asks_for_its_words_and_waits_for_the_end_of_its_embargo(opened, home, browser):
    context = browser.new_context(java_script_enabled=False)
    page, base = context.new_page(), home[1]
    page.goto(f"{base}texts/new")
    page.check("[name=kind][value=release]")
    page.fill("#title", "Linggo ng malinis na kamay")
    page.fill("#name", "linggo")
    today = page.input_value("#released")[:10]
    assert today == str(clock.now().date())
    page.select_option("#zone", "+08:00")
    for until, said in (("2026-01-01T06:00", "before the release date"), ("2099-01-01T06:00", "")):
        page.fill("#embargo", until)
        page.click("main .save button")
        if said:
            expect(page.locator("#embargo-problem")).to_contain_text(said)
            assert not list((opened.root / "docs").rglob("linggo.md"))
    expect(page.locator("h1")).to_have_text("Linggo ng malinis na kamay")
    (file,) = (opened.root / "docs/fil").rglob("linggo.md")
    path = file.relative_to(opened.root / "docs/fil").as_posix()
    expect(page.locator("#saved")).to_contain_text(f"It is saved as docs/fil/{path}.")
    expect(page.locator("#saved")).to_contain_text("No build includes it until 2099-01-01 06:00+08:00")
    begun, begun_at = file.read_text(encoding="utf-8"), page.url
    assert f"release_date: {today}T09:00+08:00\nembargo: 2099-01-01T06:00+08:00\n" in begun
    campaign, _ = load(opened.root)
    assert ("fil", path) in campaign.withheld
    assert ("fil", path) not in campaign.pages
    # Pages and prints that show it say so too.
    page.goto(f"{base}texts?words=linggo")
    expect(page.locator(".rows")).to_contain_text("withheld until 2099-01-01 06:00+08:00")
    # It is translated before its hour, too.
    assert "Linggo ng malinis na kamay" in page.request.get(f"{base}translate/ar?words=linggo").text()
    assert page.request.get(f"{base}translate/ar/{path}").ok
    # The print page explains why it isn't there, and links to the line that says so.
    page.goto(f"{base}print?place=hill&language=fil&printer=print-shop&what=release")
    page.click("text=This exists only for the whole country")
    held = page.locator(".piece", has_text="Linggo ng malinis na kamay")
    expect(held).to_contain_text("Withheld until 2099-01-01 06:00+08:00")
    line = begun.split("\n").index("embargo: 2099-01-01T06:00+08:00") + 1
    assert held.get_by_role("link").get_attribute("href").endswith(f"/texts/fil/{path}?line={line}")
    told = (
        (opened.root / "docs/fil/press/start.md")
        .read_text("utf-8")
        .replace('embargo: ""', "embargo: 2099-01-01T06:00+08:00")
    )
    raw, _ = read_page(campaign, "fil", "press/start.md", told)
    assert envelope(with_page(campaign, raw), raw).line.startswith("Huwag ilathala bago ang")
    # An invalid moment withholds it too, until it is fixed.
    raw, _ = read_page(campaign, "fil", "press/start.md", told.replace("2099-01", "2099-13"))
    line = envelope(with_page(campaign, raw), raw).line
    assert line.startswith("Huwag ilathala bago ang")
    assert "9999" not in line
    # Its outputs link to the page with the reason, and to the day.
    page.goto(f"{base}print/piece/fil/{path}")
    expect(
        page.locator(".message", has_text="Embargoed until 2099-01-01 06:00+08:00").get_by_role("link")
    ).to_be_visible()
    page.goto(begun_at)
    # It is ended, and started again, by day and hour; the other input stays.
    for until, written in (("", ""), ("2098-05-06T07:08", "embargo: 2098-05-06T07:08")):
        page.fill("#embargo", until)
        with page.expect_navigation():
            page.click("main .save button")
        rest = [item for item in file.read_text(encoding="utf-8").split("\n") if not item.startswith("embargo:")]
        assert rest == [item for item in begun.split("\n") if not item.startswith("embargo:")]
        assert written in file.read_text(encoding="utf-8")
        assert ("The embargo has ended" in page.inner_text("main")) == (not until)
    page.goto(f"{base}history")
    for _ in range(2):
        with page.expect_navigation():
            page.get_by_role("button", name="Undo").first.click()
    page.goto(begun_at)
    # It contains nothing of another campaign, and each of its questions stops a release.
    file.write_text(begun.replace("2099-", "2020-").replace(today, "2020-01-01"), encoding="utf-8")
    campaign, _ = load(opened.root)
    asked = [placeholder for placeholder in find_placeholders(campaign) if path in placeholder.where]
    assert len(asked) == begun.count("{{ ask:") + begun.count("[?") == 6
    file.write_text(begun, encoding="utf-8")
    with page.expect_navigation():
        page.get_by_role("button", name="Undo").click()
    assert not file.exists()
    # One that is issued at once doesn't mention an embargo.
    at_once = NewPage(RELEASE, "x", "x", "public", folder="press/", released="2026-11-27T09:00", zone="-03:30")
    (text,) = files_of(campaign, at_once, languages()["tet"]).values()
    assert b"release_date: 2026-11-27T09:00-03:30\n" in text
    assert b"embargo" not in text
    context.close()


def test_everybody_can_use_it(home):
    page, base = home
    for path in ("texts?language=ar", "texts/new", "texts/fil/boil.md"):
        check_access(page, base + path)


@pytest.mark.long
def test_a_preview_that_hangs_is_ended_and_the_next_one_comes(tmp_path, monkeypatch):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "campaign")
    process, text = PreviewProcess(PAGES, root, False), (root / BOIL).read_text("utf-8")
    assert process.ask(1, "check", "fil", "boil.md", text)["problems"] == []
    monkeypatch.setattr(preview_process, "TEXT_TIMEOUT_S", 0.3)
    os.kill(process._process._process.pid, signal.SIGSTOP)
    with ThreadPoolExecutor(1) as other:
        whole = other.submit(process.check, 1)
        with pytest.raises(NoPreview) as hung:
            process.ask(1, "check", "fil", "boil.md", text)
        assert hung.value.is_late
        monkeypatch.setattr(preview_process, "TEXT_TIMEOUT_S", MAX_WAIT_S)
        # Other problems of the campaign are reported all the same.
        assert [problem.id for problem in whole.result(MAX_WAIT_S).problems if problem.stops] == []
        assert not process.complaint
    assert process.ask(1, "check", "fil", "boil.md", text + "\n\n[x](y.md)")["problems"][0]["id"] == "link-dead"
    assert (root / ".build/memo.sqlite").is_file(), "the next start has to read all of it again"
    process.end()
    # A stopped desk leaves no process behind: a running check must not start another.
    assert process.check(2) is None
    assert not process._process.is_alive
