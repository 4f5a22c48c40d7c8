"""The button "Listen": shown if a page can be heard, quiet until it says so, and silent after leaving."""

from __future__ import annotations

import json
import time

import pytest
from conftest import MAX_WAIT_S, copy_campaign, run
from playwright.sync_api import expect
from recorded import mp3

from campaign.content import load
from campaign.website.listening import SCRIPT, listen_script
from campaign.website.page_audit import packed_size
from campaign.website.scripts import read_script
from campaign.website.view import page_view

MAX_SCRIPT_BYTES = 1_500
# A browser's voices, and everything that it was told to say. `spoken.end()` is the end of a sentence.
SPEECH = """voices => {
    const spoken = window.spoken = { said: [], cancelled: 0, end() { this.now.onend(); } };
    window.SpeechSynthesisUtterance = class { constructor(text) { this.text = text; } };
    const speech = { getVoices: () => voices, cancel() { spoken.cancelled++; spoken.now = null; }, speak(it) {
        spoken.now = it;
        spoken.said.push({ text: it.text.trim(), rate: it.rate, volume: it.volume, lang: it.lang });
    } };
    Object.defineProperty(window, 'speechSynthesis', { value: speech, configurable: true });
}"""
SOUND = """() => {
    const sound = window.sound = { played: 0, paused: 0 };
    HTMLMediaElement.prototype.play = function () { sound.played++; 
        sound.volume = this.volume; sound.rate = this.playbackRate; return Promise.resolve(); };
    HTMLMediaElement.prototype.pause = () => { sound.paused++; };
}"""
MARKED = "[...document.querySelectorAll('mark')].map(each => each.textContent).join('').trim()"


def until(page, expression):
    """Wait; a page's policy forbids Playwright's own way."""
    end = time.monotonic() + MAX_WAIT_S
    while not page.evaluate(f"!!({expression})"):
        assert time.monotonic() < end, expression
        page.wait_for_timeout(20)


def voice(lang: str, is_local: bool = True) -> dict[str, object]:
    return {"lang": lang, "localService": is_local, "name": lang}


@pytest.fixture(scope="module")
def heard(tiny, tmp_path_factory):
    """The tiny campaign with one recording."""
    root = copy_campaign(tiny, tmp_path_factory.mktemp("heard") / "campaign", is_warm=True)
    (root / "docs/fil/boil.mp3").write_bytes(mp3())
    run(root, "build")
    return root


@pytest.fixture
def listener(browser, heard):
    """Opens a page on a phone with some voices; faults of its scripts fail the test."""
    context = browser.new_context(viewport={"width": 360, "height": 640}, locale="xx-XX")
    faults = []

    def opened(path, *voices):
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda item: faults.append(item.text) if item.type == "error" else None)
        page.add_init_script(f"({SPEECH})({json.dumps(voices)}); ({SOUND})()")
        page.goto((heard / "site" / path).as_uri())
        until(page, "!document.querySelector('.listen') || document.querySelector('.listen').voiceIn")
        return page

    yield opened
    context.close()
    assert faults == []


def begin(page):
    page.click(".listen button")
    page.click(".told button:text-is('Simulan')")
    until(page, "spoken.said.length")


def press(page, words):
    page.click(f".told button:text-is('{words}')")


@pytest.mark.parametrize(
    ("path", "voices", "is_shown"),
    [
        ("fil/index.html", [], False),
        ("fil/index.html", [voice("en-US"), voice("fil-PH", is_local=False)], False),
        ("fil/index.html", [voice("en-US"), voice("fil-PH")], True),
        ("fil/index.html", [voice("tl_PH")], True),  # as Android writes it
        ("km/boil.html", [voice("km-KH")], True),  # not translated, but its recording plays
        ("km/get-help.html", [voice("km-KH")], True),
        ("fil/boil.html", [], True),  # a recording
        ("fil/downloads.html", [voice("en-US")], False),
    ],
)
def test_button_is_there_if_the_phone_has_a_voice_or_the_page_a_recording(listener, path, voices, is_shown):
    page = listener(path, *voices)
    assert page.locator(".listen button").is_visible() == is_shown
    assert page.evaluate("spoken.said.length + sound.played") == 0


def test_voices_that_come_late_bring_the_button_and_nothing_moves(listener):
    page = listener("fil/get-help.html")
    assert page.locator(".listen").is_hidden()
    before = page.evaluate("document.querySelector('h1').getBoundingClientRect().top")
    page.evaluate(
        "speechSynthesis.getVoices = () => [{ lang: 'fil-PH', localService: true }]; speechSynthesis.onvoiceschanged()"
    )
    assert page.locator(".listen button").is_visible()
    assert page.evaluate("document.querySelector('h1').getBoundingClientRect().top") == before
    box = page.locator(".listen button").bounding_box()
    assert min(box["width"], box["height"]) >= 44
    assert page.evaluate(f"document.elementFromPoint({box['x'] + 9}, {box['y'] + 4}).tagName") == "BUTTON"


def test_first_press_fetches_the_script_and_warns_before_any_sound(listener):
    page, asked = listener("fil/get-help.html", voice("fil-PH")), []
    page.on("request", lambda request: asked.append(request.url.rpartition("/")[2]))
    assert page.locator(f"script[src$='{SCRIPT}']").count() == 0
    page.click(".listen button")
    expect(page.locator(".told p >> visible=true")).to_have_text("Lalabas ang tunog sa teleponong ito. Hinaan muna.")
    assert asked == [SCRIPT]
    assert page.evaluate("document.activeElement.textContent") == "Simulan"
    assert page.evaluate("spoken.said.length") == 0
    press(page, "Itigil")
    assert page.evaluate("document.activeElement.closest('.listen') !== null")
    page.click(".listen button")
    press(page, "Simulan")
    until(page, "spoken.said.length")
    first = page.evaluate("spoken.said[0]")
    assert (first["lang"], first["rate"]) == ("fil-PH", 1)
    assert first["volume"] < 0.5


def test_page_is_read_sentence_by_sentence_and_left_as_it_was(listener):
    page = listener("fil/get-help.html", voice("fil-PH"))
    text = page.inner_text("article")
    begin(page)
    said = []
    while page.locator("mark").count():
        now = page.evaluate("spoken.said[spoken.said.length - 1].text")
        assert page.evaluate(MARKED).replace(" ", "") == now.replace(" ", "")
        assert page.evaluate("[...document.querySelectorAll('mark')].some(each => each.getClientRects().length)")
        said.append(now)
        page.evaluate("spoken.end()")
    assert said[0] == page.inner_text("h1")
    assert len(said) > 10
    # Numbers digit by digit, as people say them.
    assert any("0 7 7 0 0 9 0 0 1 1 2" in " ".join(line.split()) for line in said)
    assert page.locator(".told >> visible=true").count() == 0
    assert page.inner_text("article") == text
    volumes = page.evaluate("spoken.said.map(each => each.volume)")
    assert volumes == sorted(volumes)
    assert volumes[-1] == 1


def test_pause_repeats_its_sentence_and_slower_is_slower(listener):
    page = listener("fil/get-help.html", voice("fil-PH"))
    begin(page)
    page.evaluate("spoken.end()")
    page.clock.install()
    press(page, "Itigil sandali")
    assert page.evaluate("spoken.now") is None
    assert page.locator("mark").count() == 0
    page.clock.run_for("10:00")  # it stays so
    count = page.evaluate("spoken.said.length")
    press(page, "Ituloy")
    until(page, f"spoken.said.length > {count}")
    press(page, "Mas mabagal")
    until(page, f"spoken.said.length > {count + 1}")
    said = page.evaluate("spoken.said.slice(1)")
    assert len({each["text"] for each in said}) == 1
    assert said[-1]["rate"] < said[-2]["rate"] == 1
    assert page.get_attribute(".told button:text-is('Mas mabagal')", "aria-pressed") == "true"
    press(page, "Itigil")
    assert page.evaluate("spoken.now") is None


@pytest.mark.parametrize("how", ["press", "keys", "without a network", "hidden", "next page"])
def test_voice_stops_at_once_when_the_reader_leaves(listener, how):
    page = listener("fil/get-help.html", voice("fil-PH"))
    begin(page)
    # What a page can't record after it is gone.
    page.expose_function("silenced", lambda: silenced.append(1))
    silenced: list[int] = []
    page.evaluate("speechSynthesis.cancel = () => { spoken.now = null; silenced(); }")
    if how == "without a network":
        # Stays on the page, which is emptied.
        page.evaluate("Object.defineProperty(navigator, 'onLine', { value: false })")
    if how in ("press", "without a network"):
        page.click(".row .leave")
    elif how == "keys":
        for _ in range(3):
            page.keyboard.press("Shift")
    elif how == "hidden":
        page.evaluate(
            "Object.defineProperty(document, 'hidden', { value: true });"
            "document.dispatchEvent(new Event('visibilitychange'))"
        )
    else:
        page.click(".row .name")
    end = time.monotonic() + MAX_WAIT_S
    while not silenced and time.monotonic() < end:
        page.wait_for_timeout(20)
    assert silenced


def test_recording_is_played_instead_of_a_voice(listener):
    page = listener("fil/boil.html", voice("fil-PH"))
    page.click(".listen button")
    assert page.evaluate("sound.played") == 0
    press(page, "Simulan")
    assert page.evaluate("[sound.played, sound.volume, sound.rate]") == [1, 0.3, 1]
    press(page, "Mas mabagal")
    assert page.evaluate("[sound.played, sound.rate < 1]") == [2, True]
    press(page, "Itigil sandali")
    press(page, "Itigil")
    assert page.evaluate("sound.paused") >= 3
    assert page.evaluate("spoken.said") == []


def test_recording_that_the_phone_cannot_play_is_read_by_its_voice(listener):
    page = listener("fil/boil.html", voice("fil-PH"))
    refused = "Promise.reject(new DOMException('no codec', 'NotSupportedError'))"
    page.evaluate(f"() => {{ HTMLMediaElement.prototype.play = () => {refused}; }}")
    begin(page)
    assert page.evaluate("spoken.said[0].text") == page.inner_text("h1")


def test_script_is_small_saved_with_the_pages_and_left_out_where_no_script_runs(heard):
    site, (campaign, _) = heard / "site", load(heard)
    assert packed_size(read_script(SCRIPT).encode()) <= MAX_SCRIPT_BYTES
    for code, language in campaign.languages.items():
        assert (site / code / SCRIPT).read_text(encoding="utf-8") == listen_script(campaign, language)
        assert f"{code}/{SCRIPT}" in [row[0] for row in json.loads((site / code / "saved.json").read_bytes())["files"]]
    for copy in site.glob("files/*/notes-*.htm"):
        assert "<button" not in copy.read_text(encoding="utf-8")


def test_only_public_texts_are_read_and_a_campaign_can_refuse(tiny, tmp_path):
    def listened(root):
        campaign, _ = load(root)
        language = campaign.languages["fil"]
        return {
            path for code, path in campaign.pages if code == "fil" and page_view(campaign, language, path).can_listen
        }

    root = copy_campaign(tiny, tmp_path / "campaign")
    page = root / "docs/fil/boil.md"
    page.write_text(page.read_text("utf-8").replace("for: [public, ", "for: ["), "utf-8")
    assert "get-help.md" in listened(root)
    assert "boil.md" not in listened(root)
    settings = root / "mkdocs.yml"
    settings.write_text(
        settings.read_text("utf-8").replace("      audiences:", "      listen: no\n      audiences:"), "utf-8"
    )
    assert listened(root) == set()
