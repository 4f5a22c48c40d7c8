"""The site in a real Chromium 65, as on phones of 2018 that get no updates: `make test-old`."""

from __future__ import annotations

import time

import pytest
from floor import FAULTS
from old_chromium import OldChromium
from test_leaving import IS_SAVED_SCRIPT, Site

from campaign.content import load

PAGES = [
    ("help", "index.html"),
    ("help", "en/index.html"),
    ("help", "tet/index.html"),
    ("help", "my/index.html"),
    ("help", "en/numbers.html"),
    ("help", "tet/signs.html"),
    ("help", "en/services.html"),
    ("help", "tet/safety.html"),
    ("help", "en/press.html"),
    ("help", "en/a-z.html"),
    ("help", "my/leaflets/good-to-know.html"),
    ("tiny", "ar/index.html"),
    ("tiny", "ar/services.html"),
]
# Chromium 65's messages about features that it doesn't know are no faults.
UNKNOWN = ("Unrecognized Content-Security-Policy directive", "Clear-Site-Data header")
BUTTONS = """[...document.querySelectorAll('.row .leave, .row .to-call, .call-button')].map(each => {
    each.scrollIntoView(false);
    const box = each.getBoundingClientRect(), style = getComputedStyle(each);
    const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
    const drawn = each.querySelector('svg'), size = drawn && drawn.getBoundingClientRect();
    return { leaves: each.classList.contains('leave'), left: box.left, right: box.right, height: box.height,
        isSeen: each.contains(at), ground: style.backgroundColor, letters: style.color,
        pictogram: size && Math.min(size.width, size.height), dials: each.href.startsWith('tel:') };
})"""


@pytest.fixture(scope="module")
def chromium():
    with OldChromium() as running:
        yield running


@pytest.fixture
def site(help_campaign, chromium):
    served = Site(help_campaign / "site")
    chromium.ask("size", 360, 740)
    yield served
    served.close()
    assert [each for each in chromium.ask("said") if all(word not in each for word in UNKNOWN)] == []


def until(chromium, expression):
    end = time.monotonic() + 120
    while not chromium.ask("run", f"!!({expression})"):
        assert time.monotonic() < end, expression
        chromium.ask("pause", 50)


def press(chromium, selector):
    """A tap in the middle of the visible part."""
    find = f"document.querySelector({selector!r})"
    box = chromium.ask("run", f"{find}.scrollIntoView(false); {find}.getBoundingClientRect().toJSON()")
    chromium.ask("click", box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)


def rgb(colour):
    return f"rgb({', '.join(str(int(colour.hex[n : n + 2], 16)) for n in (1, 3, 5))})"


@pytest.fixture(scope="module")
def colours(help_campaign, tiny):
    return {"help": load(help_campaign)[0].identity.colours, "tiny": load(tiny)[0].identity.colours}


@pytest.mark.parametrize(("name", "address"), PAGES, ids=[address for _, address in PAGES])
def test_words_lie_free_and_call_and_leave_are_buttons(served, colours, chromium, name, address):
    chromium.ask("size", 360, 740)
    chromium.ask("open", served[name] + address)
    assert chromium.ask("run", FAULTS) == []
    buttons = chromium.ask("run", BUTTONS)
    assert sum(each["leaves"] for each in buttons) == 1
    assert name == "tiny" or any(each["dials"] for each in buttons)
    for each in buttons:
        assert each["isSeen"]
        assert each["height"] >= 48
        assert each["right"] - each["left"] >= 48
        assert each["left"] >= 0
        assert each["right"] <= 360
        assert each["letters"] == rgb(colours[name]["paper"])
        assert each["ground"] == rgb(colours[name]["night" if each["leaves"] else "leaf"])
        assert each["leaves"] or each["pictogram"] >= 19
        # At the end of its line.
        assert not each["leaves"] or (each["left"] < 40 if "ar/" in address else each["right"] > 320)


def test_search_finds_what_is_typed(site, chromium):
    chromium.ask("open", site.address + "tet/index.html")
    press(chromium, "form.search input")
    until(chromium, "document.activeElement.type == 'search'")
    chromium.ask("type", "deve")
    chromium.ask("type", "Key_Return")
    until(chromium, "document.querySelector('.found a')")
    press(chromium, ".found a")
    until(chromium, "location.pathname + location.hash == '/tet/answers/debt.html'")


@pytest.mark.parametrize("how", ["pressed", "by keys"])
def test_leaving_leads_to_an_empty_sheet_and_back_shows_nothing(site, chromium, how):
    chromium.ask("open", site.address + "en/index.html")
    chromium.ask("open", site.address + "en/numbers.html")
    if how == "pressed":
        press(chromium, ".row .leave")
    else:
        press(chromium, "h1")
        for _ in range(3):
            chromium.ask("type", "Key_Shift")
    until(chromium, "location.pathname == '/w/en.html' && document.title == 'Notes'")
    chromium.ask("run", "history.back()")
    chromium.ask("pause", 1000)
    assert "112" not in chromium.ask("run", "document.title + document.body.innerText")
    until(chromium, "location.pathname == '/w/en.html'")


# Voices as an old Android names them; the page asks again when they change.
SPEECH = """(() => {
    window.spoken = [];
    window.SpeechSynthesisUtterance = function (text) { this.text = text; };
    const voices = [{ lang: 'en_GB', localService: true }];
    const speech = { getVoices: () => voices, cancel() { this.now = null; },
        speak(it) { this.now = it; spoken.push(it.text.trim()); } };
    Object.defineProperty(window, 'speechSynthesis', { value: speech });
    const script = document.createElement('script');
    script.src = document.querySelector('[data-rest]').getAttribute('data-rest') + '?again';
    document.head.appendChild(script);
})()"""


def test_page_is_read_aloud_sentence_by_sentence(site, chromium):
    chromium.ask("open", site.address + "en/answers/papers.html")
    chromium.ask("run", SPEECH)
    until(chromium, "document.querySelector('.listen button').offsetHeight >= 44")
    press(chromium, ".listen button")
    until(chromium, "document.querySelector('.head .told button')")
    assert chromium.ask("run", "spoken.length") == 0
    press(chromium, ".head .told button")
    until(chromium, "spoken.length == 1 && document.querySelector('mark')")
    assert chromium.ask("run", "spoken[0] == document.querySelector('h1').textContent")
    chromium.ask("run", "speechSynthesis.now.onend()")
    until(chromium, "spoken.length == 2")
    press(chromium, ".row .leave")
    until(chromium, "location.pathname == '/w/en.html'")


def test_saved_pages_open_without_a_network_and_are_forgotten(site, chromium):
    chromium.ask("open", site.address + "tet/safety.html")
    until(chromium, "document.querySelector('.offline-copy button:not([hidden])')")
    press(chromium, ".offline-copy button")
    until(chromium, IS_SAVED_SCRIPT)
    site.server.shutdown()
    site.server.server_close()
    assert chromium.ask("open", site.address + "tet/signs.html")
    assert chromium.ask("run", "document.querySelector('h1').offsetHeight") > 0
    until(chromium, "window.savedCopy")
    press(chromium, ".phone a.forget")
    until(chromium, "document.querySelector('.told:not([hidden])')")
    assert not chromium.ask("open", site.address + "tet/signs.html")
