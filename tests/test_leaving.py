"""Leaving, saving, forgetting, and what a page may do: in a real browser, online, offline, by file://."""

from __future__ import annotations

import base64
import functools
import hashlib
import http.server
import json
import re
import shutil
import threading
import time
from fnmatch import fnmatch
from itertools import product
from urllib.parse import urlsplit

import pytest
from conftest import IS_WHOLE, MAX_WAIT_S, chromium_path, mostly_long, wait_for_deferred, wait_patiently
from playwright.sync_api import Error
from typefaces import WIDTHS, set_in

from campaign.cache.memo import Memo
from campaign.cache.store import hash_text
from campaign.website.shared_texts import SavedPages

IS_SAVED_SCRIPT = "document.querySelector('.offline-copy-state').textContent.startsWith('Rai ona iha')"
LEFT_ADDRESS = re.compile(r"/w/[\w-]+\.html$")


class Host(http.server.SimpleHTTPRequestHandler):
    """Answers with what `_headers` says, as Netlify does; server.fault(path) may stop or change an answer."""

    def log_message(self, *arguments):
        """Nothing: tests print their own."""

    def do_GET(self):
        path = urlsplit(self.path).path
        self.server.asked.append(path)
        fault = self.server.fault(path)
        if fault == "hang up":
            self.close_connection = True
            self.connection.close()
            return
        if fault:  # the address of a network's own page, as in hotels and camps
            self.send_response(302)
            self.send_header("Location", fault)
            self.end_headers()
            return
        super().do_GET()

    def end_headers(self):
        for pattern, name, value in self.server.fields:
            if fnmatch(urlsplit(self.path).path, pattern):
                self.send_header(name, value)
        super().end_headers()


class Server(http.server.ThreadingHTTPServer):
    def handle_error(self, request, client_address):
        """Nothing: a browser that hangs up is no fault."""


class Site:
    """A built site on a separate server."""

    def __init__(self, folder):
        self.folder = folder
        server = Server(("127.0.0.1", 0), functools.partial(Host, directory=folder))
        server.fault, server.asked, server.fields = no_fault, [], read_fields(folder)
        self.server, self.address = server, f"http://127.0.0.1:{server.server_port}/"
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()  # seconds until it has closed

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def no_fault(path):  # noqa: ARG001
    return None


def read_fields(folder):
    fields, pattern = [], ""
    for line in (folder / "_headers").read_text().splitlines():
        if line.startswith("/"):
            pattern = line
        else:
            name, _, value = line.strip().partition(": ")
            fields.append((pattern, name, value))
    return fields


@pytest.fixture
def site(help_campaign):
    """HELP's site, on a server that may be stopped."""
    served = Site(help_campaign / "site")
    yield served
    served.close()


@pytest.fixture
def own_site(help_campaign, tmp_path):
    """A copy of it, whose files may be changed."""
    folder = shutil.copytree(help_campaign / "site", tmp_path / "site", ignore=shutil.ignore_patterns("*.pdf", "*.zip"))
    served = Site(folder)
    yield served
    served.close()


@pytest.fixture(scope="module")
def whole_browser(browser):
    """Chromium as people have it: with the cache of whole pages for Back, which tests have turned off otherwise."""
    args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    running = browser.browser_type.launch(
        executable_path=chromium_path(), args=args, ignore_default_args=["--disable-back-forward-cache"]
    )
    wait_patiently(running)
    yield running
    running.close()


def start_of(site, help_campaign, how):
    return site.address if how == "served" else f"{(help_campaign / 'site').as_uri()}/"


def until(page, expression, seconds=MAX_WAIT_S):
    """Waits for an expression to hold. Playwright's own wait is eval, which the pages' policy refuses."""
    end = time.monotonic() + seconds
    while not evaluated(page, f"!!({expression})"):
        assert time.monotonic() < end, f"{expression} at {page.url}"
        page.wait_for_timeout(50)


def evaluated(page, expression):
    """Evaluate an expression, again if the page navigates meanwhile."""
    while True:
        try:
            return page.evaluate(expression)
        except Error as error:
            if "context was destroyed" not in str(error):
                raise


def wait_for(page, is_so) -> None:
    """Wait until `is_so()` holds; the caller asserts it."""
    end = time.monotonic() + MAX_WAIT_S
    while not is_so() and time.monotonic() < end:
        page.wait_for_timeout(50)


def new_page(browser, has_locks=True):
    """A tab. has_locks: whether the browser knows the locks that keep it from keeping a page whole."""
    context = browser.new_context()
    if not has_locks:
        context.add_init_script("delete Navigator.prototype.locks")
    return context.new_page()


def history_of(page) -> tuple[list[str], int]:
    """(addresses of the tab's history, as its history list shows them; which of them is open)."""
    try:
        found = page.context.new_cdp_session(page).send("Page.getNavigationHistory")
    except Error:  # the page went away while it was asked
        return [], 0
    return [entry["url"] for entry in found["entries"]], found["currentIndex"]


def go(page, by):
    """Back or Forward, if the history has such an entry, until the browser has gone there.

    Playwright's own waits for an event that a page out of the browser's cache doesn't send.
    """
    wait_for(page, lambda: history_of(page)[0])
    addresses, at = history_of(page)
    session, moves = page.context.new_cdp_session(page), []
    session.send("Page.enable")
    for event in ("Page.frameNavigated", "Page.navigatedWithinDocument"):
        session.on(event, lambda move: moves.append(move))
    page.evaluate("by => { setTimeout(() => history.go(by)) }", by)
    if 0 <= at + by < len(addresses):
        wait_for(page, lambda: moves)
        assert moves
    session.detach()


def shows_nothing(page, campaign_name="HELP"):
    # Behind the neutral page is the page before the site: about:blank.
    until(page, r"/\/w\/[\w-]+\.html$|^about:blank$/.test(location.href)")
    until(page, "document.readyState != 'loading' && document.body")
    seen = evaluated(page, "[document.documentElement.textContent + document.title, document.body.innerText]")
    assert campaign_name not in seen[0]
    assert not re.search(r"\d{3}", seen[1])
    return True


# Leaving


SIZES = [(360, 740), (180, 370), (740, 360), (320, 256), (1280, 800)]


@pytest.mark.long
@pytest.mark.parametrize("size", SIZES)
def test_leaving_is_in_reach_and_never_over_the_text_of_any_page_in_any_font(site, browser, size):
    page = browser.new_page(viewport={"width": size[0], "height": size[1]})
    faults = []
    for address in (
        "en/numbers.html",
        "tet/index.html",
        "en/leaflets/know-the-signs.html",
        "404.html",
        "tet/safety.html",
    ):
        page.goto(site.address + address)
        for font, share in product(WIDTHS, (0, 0.5, 1)):
            set_in(page, font)
            page.evaluate(f"scrollTo(0, document.documentElement.scrollHeight * {share})")
            box, seen, above = page.evaluate(
                """() => {
                    const link = document.querySelector('.row .leave'), box = link.getBoundingClientRect();
                    const at = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
                    const row = document.querySelector('.top').getBoundingClientRect();
                    return [[box.width, box.height, box.left, box.right], link.contains(at), row.bottom >= box.bottom];
                }"""
            )
            if not (box[0] >= 48 and box[1] >= 48 and box[2] >= 0 and box[3] <= size[0] and seen and above):
                faults.append((address, font, share, box, seen, above))
    assert faults == []
    page.close()


WAYS = [("served", True), ("file", False), ("served", False), ("file", True)]


@pytest.mark.parametrize(("how", "has_locks"), WAYS if IS_WHOLE else WAYS[:2])
def test_after_leaving_no_number_of_backs_shows_the_site_again(site, help_campaign, whole_browser, how, has_locks):
    start = start_of(site, help_campaign, how)
    page = new_page(whole_browser, has_locks)
    page.goto("about:blank")
    for address in ("index.html#x", "tet/index.html", "tet/signs.html", "tet/leaflets/know-the-signs.html"):
        page.goto(start + address)
    page.click(".row .leave")
    assert shows_nothing(page)
    assert page.title() == "Nota"
    for _ in range(3):
        go(page, -1)
        assert shows_nothing(page)
    for _ in range(3):
        go(page, 1)
        assert shows_nothing(page)
    go(page, -1)
    page.reload()
    assert shows_nothing(page)
    page.context.close()


def test_back_through_another_site_after_leaving_meets_the_neutral_page(site, whole_browser):
    other = site.address.replace("127.0.0.1", "localhost") + "w/en.html"
    page = whole_browser.new_context().new_page()
    page.goto(site.address + "en/index.html")
    page.goto(site.address + "en/signs.html")
    page.click(".row .leave")
    wait_for(page, lambda: is_forgotten(page))
    page.goto(other)
    page.evaluate("name = ''")
    for _ in range(2):
        go(page, -1)
        assert shows_nothing(page)
    page.context.close()


def is_forgotten(page) -> bool:
    """Whether the neutral page has come to its end: the tab's history holds no page of the site, nor one ahead."""
    addresses, at = history_of(page)
    is_last = at == len(addresses) - 1
    return bool(addresses) and is_last and all("/w/" in each or each == "about:blank" for each in addresses)


@pytest.mark.parametrize(
    ("pages", "has_locks"), [*product((1, 2, 5), (True, False))] if IS_WHOLE else [(1, False), (5, True)]
)
def test_after_leaving_the_list_behind_back_holds_no_page_of_the_site(site, whole_browser, pages, has_locks):
    other = site.address.replace("127.0.0.1", "localhost") + "w/en.html"
    page = new_page(whole_browser, has_locks)
    page.goto(other)
    for address in ("index.html#x", "tet/index.html", "tet/signs.html", "en/numbers.html", "tet/camp.html")[-pages:]:
        page.goto(site.address + address)
    page.click(".row .leave")
    wait_for(page, lambda: is_forgotten(page))
    assert is_forgotten(page), history_of(page)
    assert shows_nothing(page)
    # One visit elsewhere, then two quick Backs: the neutral page, or the page before the site.
    page.goto(other)
    go(page, -2)
    wait_for(page, lambda: shows_nothing(page))
    assert shows_nothing(page)
    page.context.close()


def test_leaving_forward_pages_are_cut_off_too(site, whole_browser):
    page = new_page(whole_browser)
    for address in ("tet/index.html", "tet/signs.html", "en/numbers.html"):
        page.goto(site.address + address)
    go(page, -2)
    until(page, "document.querySelector('.row .leave')")
    page.click(".row .leave")
    wait_for(page, lambda: is_forgotten(page))
    assert is_forgotten(page), history_of(page)
    page.context.close()


def test_who_comes_again_on_purpose_sees_the_site(site, browser):
    page = browser.new_page()
    page.goto(site.address + "en/signs.html")
    page.click(".row .leave")
    wait_for(page, lambda: is_forgotten(page))
    page.goto(site.address + "en/signs.html")
    assert page.is_visible("h1")
    page.reload()
    assert page.is_visible("h1")
    page.click("nav.languages a[hreflang=tet]")
    go(page, -1)
    assert page.is_visible("h1")
    assert page.url.endswith("en/signs.html")
    page.close()


def test_back_without_leaving_shows_the_page_again(site, whole_browser):
    page = new_page(whole_browser)
    page.goto(site.address + "en/index.html")
    page.click("nav.languages a[hreflang=tet]")
    go(page, -1)
    until(page, "performance.getEntriesByType('navigation')[0].type == 'reload'")
    assert page.url.endswith("en/index.html")
    assert page.is_visible("h1")
    page.context.close()


def test_leaving_one_tab_leaves_the_others_of_the_site_and_no_other(site, browser):
    context = browser.new_context()
    other = context.new_page()
    other.goto(site.address.replace("127.0.0.1", "localhost") + "en/signs.html")
    tabs = [context.new_page() for _ in range(3)]
    for tab, address in zip(tabs, ("en/signs.html", "tet/index.html", "404.html"), strict=True):
        tab.goto(site.address + address)
    tabs[1].click(".row .leave")
    for tab in tabs:
        assert shows_nothing(tab)
    assert other.is_visible("h1")
    context.close()


@pytest.mark.parametrize(
    ("how", "size"),
    [*product(("served", "file"), ((360, 640), (1280, 800)))]
    if IS_WHOLE
    else [("served", (1280, 800)), ("file", (360, 640))],
)
def test_root_and_404_show_the_call_help_and_search_at_once(site, help_campaign, browser, how, size):
    start = start_of(site, help_campaign, how)
    context = browser.new_context(viewport={"width": size[0], "height": size[1]}, locale="xx-XX")
    for address in ("index.html", "404.html"):
        page = context.new_page()
        page.goto(start + address)
        for selector in (".call a[href^='tel:']", ".need a", "form.search input"):
            box = page.locator(selector).bounding_box()
            assert box, selector
            assert box["y"] + box["height"] <= size[1], selector
        page.fill("form.search input", "pasaporte")
        page.press("form.search input", "Enter")
        page.wait_for_selector("form.search li a")
        page.click("form.search li a")
        page.wait_for_url("**/tet/answers/papers.html")
        page.go_back()
        page.click(".need a")
        page.wait_for_url("**/tet/numbers.html")
        page.close()
    context.close()


def test_404_offers_help_and_search_in_the_language_of_the_reader(site, browser):
    context = browser.new_context(locale="en-GB")
    page = context.new_page()
    page.goto(site.address + "404.html")
    assert page.get_attribute(".need", "lang") == "en"
    page.fill("form.search input", "passport")
    page.press("form.search input", "Enter")
    page.wait_for_selector("form.search li a")
    assert page.eval_on_selector("form.search li a", "link => link.href").endswith("/en/answers/papers.html")
    context.close()


def test_leaving_from_the_404_page_works_from_a_stick(help_campaign, whole_browser):
    page = whole_browser.new_context().new_page()
    page.goto((help_campaign / "site/404.html").as_uri())
    page.click(".row .leave")
    assert shows_nothing(page)
    assert page.url.startswith("file://")
    go(page, -1)
    assert shows_nothing(page)
    page.context.close()


def test_leaving_works_as_a_link_without_javascript(help_campaign, site, browser):
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for start in (site.address, f"{(help_campaign / 'site').as_uri()}/"):
        for address in ("en/signs.html", "tet/leaflets/know-the-signs.html", "index.html"):
            page.goto(start + address)
            page.click(".row .leave")
            page.wait_for_url(LEFT_ADDRESS)
            assert "HELP" not in page.content()
    context.close()


def test_page_is_gone_at_once_even_where_the_next_one_does_not_come(site, browser):
    page = browser.new_page()
    seen = []
    page.on("console", lambda message: seen.append(message.text))
    let = threading.Event()
    site.server.fault = lambda path: let.wait(2 * MAX_WAIT_S) and None if path.startswith("/w/") else None
    page.goto(site.address + "en/signs.html")
    # While a page loads, a browser under test answers no question, so the page reports it.
    page.evaluate(
        """() => {
            const tell = () => console.log(document.title, '|', document.body.innerText.trim(), '|', scrollY);
            setTimeout(() => { document.querySelector('.row .leave').click(); tell(); setTimeout(tell, 1000); });
        }"""
    )
    wait_for(page, lambda: len(seen) == 2)
    assert seen == ["Notes | Loading. | 0"] * 2
    let.set()
    page.close()


def test_leaving_without_a_network_shows_an_empty_page_and_no_fault(site, browser):
    context = browser.new_context()
    page = context.new_page()
    page.goto(site.address + "en/signs.html")
    context.set_offline(True)
    page.click(".row .leave")
    until(page, "document.title === 'Notes'")
    assert LEFT_ADDRESS.search(page.url)
    assert page.title() == "Notes"
    # The browser may have the neutral page in its cache.
    assert page.inner_text("body").strip() in {"Loading.", "Notes"}
    context.close()


ABORTED = {"no such name": "namenotresolved", "unreachable": "addressunreachable", "timed out": "timedout"}
UNREACHED = (*ABORTED, "refused", "cut off", "a page of the network", "the network's address")


@pytest.mark.parametrize("how", mostly_long(UNREACHED, "refused", "the network's address"))
@pytest.mark.parametrize("is_saved", mostly_long([False, True], False))
def test_leaving_never_shows_the_error_page_of_a_browser(own_site, whole_browser, how, is_saved):
    """The phone says that it is online, and the server can't be reached."""
    page = whole_browser.new_context().new_page()
    page.goto("about:blank")
    if is_saved:
        save(page, own_site)
    for address in ("en/index.html", "en/signs.html"):
        page.goto(own_site.address + address)
    if how in ABORTED:
        page.context.route("**", lambda route: route.abort(ABORTED[how]))
    elif how == "refused":
        own_site.close()
    elif how == "cut off":
        own_site.server.fault = lambda _: "hang up"
    elif how == "a page of the network":
        for path in own_site.folder.rglob("*.html"):
            path.unlink()
            path.write_text("<title>Welcome</title><p>Buy a ticket for HELP")
    else:
        other = own_site.address.replace("127.0.0.1", "localhost") + "en/index.html"
        own_site.server.fault = lambda path: None if path.startswith("/en/index") else other
    assert page.evaluate("navigator.onLine")
    page.click(".row .leave")
    for _ in range(9):
        until(page, "document.title == 'Notes' || document.title == 'Nota' || location.href == 'about:blank'")
        page.wait_for_timeout(100)
        assert page.title() in {"Notes", "Nota", ""}
        assert page.inner_text("body").strip() in {"Loading.", "Notes", "Nota", ""}
        assert LEFT_ADDRESS.search(page.url) or page.url == "about:blank"
        if not is_saved:
            break
    if not is_saved:
        go(page, -1)
        assert page.title() == "Notes"
    page.context.close()


def test_leaving_waits_on_an_empty_page_for_a_server_that_answers_late(site, browser):
    page = browser.new_page()
    page.goto(site.address + "en/signs.html")
    site.server.fault = lambda path: time.sleep(10) if path.startswith("/w/") else None
    page.click(".row .leave")
    for _ in range(90):
        assert page.title() == "Notes"
        assert page.inner_text("body") == "Loading."
        assert LEFT_ADDRESS.search(page.url)
        page.wait_for_timeout(100)
    site.server.fault = no_fault
    page.wait_for_selector("textarea")
    assert shows_nothing(page)
    page.close()


def test_shift_three_times_leaves_and_shift_for_a_letter_does_not(site, browser):
    page = browser.new_page()
    page.clock.install(time=0)
    page.clock.pause_at(1000)  # otherwise real time counts as well
    page.goto(site.address + "en/signs.html")
    said = page.locator(".leave-said")
    page.keyboard.press("Shift")
    assert "2 more times" in said.inner_text()
    page.clock.run_for(3900)
    page.keyboard.press("Shift")
    assert "once more" in said.inner_text()
    page.clock.run_for(5100)
    assert "Too late" in said.inner_text()
    for _ in range(2):
        page.keyboard.press("Shift")
    page.keyboard.press("a")
    page.keyboard.press("Shift")
    for _ in range(4):
        page.keyboard.press("Shift+A")
    page.keyboard.press("Control+Shift")
    assert page.url.endswith("en/signs.html")
    page.clock.run_for(6000)
    for _ in range(3):
        page.keyboard.press("Shift")
    assert shows_nothing(page)
    page.close()


def test_leaving_is_among_the_first_links_and_safety_is_said_in_every_language(site, browser):
    page = browser.new_page()
    for code in ("en", "tet"):
        page.goto(f"{site.address}{code}/signs.html")
        links = page.eval_on_selector_all("a", "all => all.slice(0, 7).map(a => a.className)")
        assert "skip leave" in links
        page.click(".about-leaving a")
        page.wait_for_url(f"{site.address}{code}/safety.html")
        assert page.locator("footer a[href*='safety.html'], .phone a[href*='safety.html']").count() >= 2
    page.close()


# What a page may do


def test_every_page_has_its_policy_and_what_is_foreign_does_not_run(help_campaign, tiny, site, browser):
    """That no page breaks its own is seen where every page is opened: test_site.py."""
    for root in (help_campaign, tiny):
        for path in (root / "site").rglob("*.html"):
            text = path.read_text(encoding="utf-8")
            policy = re.search(r'http-equiv="?Content-Security-Policy"? content="([^"]*)"', text).group(1)
            assert text.index(policy) < text.index("<script")
            assert "unsafe" not in policy
            assert policy.startswith("default-src 'none'")
    context = browser.new_context()
    page = context.new_page()
    faults = []
    page.on("console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None)
    for path in ("404.html", "en/signs.html"):
        page.goto(site.address + path)
    assert faults == []
    page.evaluate(
        """() => {
            const script = document.createElement('script');
            script.textContent = 'window.foreign = 1';
            document.body.append(script);
            document.body.insertAdjacentHTML('beforeend', '<img src=x onerror="window.foreign = 2">');
        }"""
    )
    wait_for(page, lambda: len(faults) >= 2)
    assert page.evaluate("window.foreign") is None
    assert any("Content Security Policy" in fault for fault in faults)
    context.close()


def test_hosts_are_told_what_every_answer_has_to_say(help_campaign):
    site = help_campaign / "site"
    scripts = set()
    for path in site.rglob("*.html"):
        policy = re.search(r"script-src ([^;]*)", path.read_text(encoding="utf-8")).group(1)
        scripts |= set(re.findall(r"'sha256-[^']*'", policy))
    for name in ("_headers", ".htaccess", "_nginx.conf"):
        text = (site / name).read_text()
        assert scripts == set(re.findall(r"'sha256-[^']*'", text))
        for wanted in ("Referrer-Policy", "Permissions-Policy", "nosniff", "no-store", "frame-ancestors 'none'"):
            assert wanted in text
        assert "unsafe" not in text
    assert max(len(line) for line in (site / "_headers").read_text().splitlines()) < 2000


def test_hosts_let_no_browser_keep_a_page(tiny):
    """In each host's own syntax: where pages are named, and the answer there."""
    site = tiny / "site"
    netlify = re.findall(r"^(/\S*)\n  Cache-Control: no-store$", (site / "_headers").read_text(), re.MULTILINE)
    assert netlify[:6] == ["/", "/index.html", "/404.html", "/fil/*", "/ar/*", "/km/*"]
    (apache,) = re.findall(r"<FilesMatch (.*)>\n +Header always set Cache-Control", (site / ".htaccess").read_text())
    assert "html|json" in apache
    blocks = re.findall(r"^location (.*) \{\n([^}]*)\}", (site / "_nginx.conf").read_text(), re.MULTILINE)
    # nginx takes the first pattern that fits before a plain beginning.
    kept = [fields for pattern, fields in blocks if pattern.startswith("~ ") and re.search(pattern[2:], "/ar/a.html")]
    assert 'add_header Cache-Control "no-store" always;' in kept[0]


# Saving and forgetting


def save(page, site, code="tet"):
    page.goto(f"{site.address}{code}/safety.html")
    page.click(".offline-copy button")
    until(page, IS_SAVED_SCRIPT if code == "tet" else IS_SAVED_SCRIPT.replace("Rai ona iha", "Saved on"))
    return page.inner_text(".offline-copy-state")


def look(page):
    """Asks for changes, and waits for the offer of them."""
    until(page, "document.querySelector('.offline-copy button').textContent.startsWith('Buka')")
    page.click(".offline-copy button")
    until(page, "document.querySelector('.offline-copy button').textContent.startsWith('Atualiza')")


def stored(page):
    return page.evaluate(
        """async () => {
            const found = {};
            for (const name of await caches.keys())
                found[name] = (await (await caches.open(name)).keys()).map(each => new URL(each.url).pathname);
            return found;
        }"""
    )


def workers(page):
    return page.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.map(one => one.active.scriptURL))")


def test_nothing_is_stored_before_somebody_chooses_to_save(site, browser):
    context = browser.new_context()
    page = context.new_page()
    page.clock.install()
    for address in ("index.html#x", "tet/index.html", "tet/safety.html", "tet/numbers.html"):
        page.goto(site.address + address)
        page.clock.run_for("10:00")  # fires every timer
    assert stored(page) == {}
    assert workers(page) == []
    assert context.cookies() == []
    context.close()


def test_saved_pages_open_without_a_network_and_so_does_leaving(site, browser):
    context = browser.new_context(viewport={"width": 360, "height": 740})
    page = context.new_page()
    page.goto(site.address + "tet/safety.html")
    offered = page.inner_text(".offline-copy")
    assert re.search(r"\d+ (k[Bb]|MB)", offered)
    said = save(page, site)
    assert "2026" in said or str(time.gmtime().tm_year) in said
    (files,) = stored(page).values()
    assert not [path for path in files if path.endswith(".pdf") or path.startswith("/en/")]
    assert not [path for path in files if path.endswith(".html")]
    assert workers(page) == [site.address + "sw.js"]
    site.close()
    context.set_offline(True)
    for address in (
        "tet/index.html",
        "tet/",
        "tet/signs.html?from=x",
        "tet/numbers",
        "tet/posters/know-the-signs.html",
        "",
    ):
        page.goto(site.address + address)
        assert page.is_visible("h1")
        # The first page leads on to the language of the browser.
        assert evaluated(page, "[...document.images].every(i => i.loading == 'lazy' || i.naturalWidth > 0)")
    page.goto(site.address + "tet/posters/know-the-signs.html")
    page.evaluate("document.images[0].scrollIntoView()")
    until(page, "document.images[0].naturalWidth > 0")
    page.goto(site.address + "tet/press.html")
    assert "la rai" in page.inner_text("main")
    page.click(".row .leave")
    assert shows_nothing(page)
    go(page, -1)
    assert shows_nothing(page)
    context.close()


# Opens each address in a window and presses "Leave" there; gives those from which that does not lead to an empty sheet
# within two minutes. From inside, since asking a browser from outside takes longer than a page.
WALK = """async ([base, addresses]) => {
    const left = [...addresses], faults = [];
    const until = async (isSo) => {
        for (const end = Date.now() + 120000; Date.now() < end; await new Promise(next => setTimeout(next, 3))) {
            try { if (isSo()) return true; } catch (error) { }
        }
    };
    // One tab: leaving leaves the site's other tabs too.
    const tab = open(base + 'w/tet.html'), has = selector => tab.document.querySelector(selector);
    for (let address; address = left.pop();) {
        await until(() => has('textarea'));
        const sheet = tab.document;
        tab.location = base + address;
        const isRead = () => tab.document !== sheet && tab.document.readyState !== 'loading' && has('.row .leave');
        const came = await until(isRead);
        if (came) has('.row .leave').click();
        if (!came || !await until(() => /\\/w\\/[\\w-]+\\.html$/.test(tab.location.pathname) && has('textarea'))) {
            faults.push(address);
            tab.location = base + 'w/tet.html';
        }
    }
    return faults;
}"""


@pytest.mark.long
def test_leaving_leaves_from_any_address_there_is_or_is_not_without_a_network(site, browser):
    context = browser.new_context(locale="xx-XX")
    page = context.new_page()
    save(page, site)
    page.goto(site.address + "en/for-partners/index.html")
    context.set_offline(True)
    pages = (path.relative_to(site.folder).as_posix() for path in site.folder.rglob("*.html"))
    addresses = [address for address in pages if not address.startswith("w/")]
    addresses += ["en/for-partners/", "x", "x/", "en/x/y/z.html?from=x#y", "files/x.pdf", "en/%E0%A4%A", "tet//x/"]
    page.goto(site.address + "w/tet.html")
    assert page.evaluate(WALK, [site.address, addresses]) == []
    page.goto(site.address + "tet/for-partners/index.html")
    page.click(".row .leave")
    assert shows_nothing(page)
    for _ in range(3):
        go(page, -1)
        assert shows_nothing(page)
    context.close()


def test_save_that_was_broken_off_goes_on_where_it_stopped(site, browser):
    context = browser.new_context()
    page = context.new_page()
    page.goto(site.address + "tet/safety.html")
    page.evaluate("setTimeout = (real => (work, ms) => real(work, ms == 2000 ? 10 : ms))(setTimeout)")
    asked = site.server.asked
    asked.clear()
    site.server.fault = lambda path: "hang up" if path.startswith(("/tet/", "/pictures/")) and len(asked) > 8 else None
    page.click(".offline-copy button")
    until(page, "document.querySelector('.offline-copy button').textContent.startsWith('Kontinua')")
    (files,) = stored(page).values()
    assert files
    assert "/tet/saved.json" not in files
    assert workers(page) == []
    site.server.fault = no_fault
    page.reload()
    until(page, "document.querySelector('.offline-copy button').textContent.startsWith('Kontinua')")
    asked.clear()
    page.click(".offline-copy button")
    until(page, IS_SAVED_SCRIPT)
    assert not set(files) & set(asked)
    (whole,) = stored(page).values()
    assert set(files) < set(whole)
    assert "/tet/saved.json" in whole
    context.close()


def rewrite(site, old, new):
    """A deploy: a text of the Tetum pages changes, with all hashes that hang on it."""
    listed = site.folder / "tet/saved.json"
    copy = json.loads(listed.read_text())
    pages = {page: (site.folder / page).read_text(encoding="utf-8").replace(old, new) for page in copy["pages"]}
    saved = SavedPages({page: hash_text(html) for page, html in pages.items()}, pages.__getitem__, Memo(None))
    parts, copy["pages"] = {address: write() for address, (_, write) in saved.parts("tet").items()}, saved.where
    for name, text in {**pages, **parts}.items():
        (site.folder / name).write_text(text, encoding="utf-8")
    for entry in copy["files"]:
        data = (site.folder / entry[0]).read_bytes()
        entry[1:] = [base64.b64encode(hashlib.sha256(data).digest()).decode(), len(data)]
    copy["numbers"] = [number.replace(old, new) for number in copy["numbers"]]
    listed.write_text(json.dumps(copy))


def saved_texts(page):
    return page.evaluate(
        """async () => {
            const texts = [];
            for (const name of await caches.keys()) {
                const cache = await caches.open(name);
                for (const key of await cache.keys())
                    if (/tet\\/saved-\\d+\\.json$/.test(key.url)) {
                        const kept = await cache.match(key), isPacked = kept.headers.get("X-Packed");
                        const body = isPacked ? kept.body.pipeThrough(new DecompressionStream("gzip")) : kept.body;
                        texts.push(await new Response(body).text());
                    }
            }
            return texts;
        }"""
    )


def test_deploy_in_the_middle_of_a_save_gives_one_whole_copy_of_the_new_site(own_site, browser):
    context = browser.new_context()
    page = context.new_page()
    page.goto(own_site.address + "tet/safety.html")
    done = []

    def deploy(path):
        if path.startswith("/tet/") and path.endswith("saved-2.json") and not done:
            done.append(path)
            rewrite(own_site, "</footer>", "<!--new--></footer>")

    own_site.server.fault = deploy
    page.click(".offline-copy button")
    until(page, IS_SAVED_SCRIPT)
    assert done
    texts = [text for text in saved_texts(page) if "</footer>" in text]
    assert texts
    assert all("<!--new-->" in text for text in texts)
    assert len(stored(page)) == 1
    context.close()


@pytest.mark.long
def test_update_fetches_only_what_changed_and_a_broken_one_leaves_the_old_copy(own_site, browser):
    context = browser.new_context()
    page = context.new_page()
    save(page, own_site)
    old = stored(page)
    title = re.search("<h1>.*?</h1>", (own_site.folder / "tet/signs.html").read_text(encoding="utf-8"))[0]
    rewrite(own_site, title, f"{title}<!--new-->")
    part = f"/tet/saved-{json.loads((own_site.folder / 'tet/saved.json').read_text())['pages']['tet/signs.html']}.json"
    page.reload()
    look(page)
    page.evaluate("setTimeout = (real => (work, ms) => real(work, ms == 2000 ? 10 : ms))(setTimeout)")
    own_site.server.fault = lambda path: "hang up" if path == part else None
    page.click(".offline-copy button")
    until(page, "document.querySelector('.offline-copy button').textContent.startsWith('Kontinua')")
    assert set(old) < set(stored(page))
    context.set_offline(True)
    page.goto(own_site.address + "tet/signs.html")
    assert page.is_visible("h1")
    assert "<!--new-->" not in page.content()
    context.set_offline(False)
    own_site.server.fault = no_fault
    page.goto(own_site.address + "tet/safety.html")
    look(page)
    own_site.server.asked.clear()
    page.click(".offline-copy button")
    until(page, IS_SAVED_SCRIPT)
    assert {path for path in own_site.server.asked if path.startswith(("/tet/", "/pictures"))} <= {
        part,
        "/tet/saved.json",
    }
    assert len(stored(page)) == 1
    page.goto(own_site.address + "tet/signs.html")
    assert "<!--new-->" in page.content()
    context.close()


def test_copy_asks_the_site_only_when_it_is_told_to_and_numbers_say_how_old_they_are(own_site, browser):
    context = browser.new_context()
    page = context.new_page()
    save(page, own_site)
    # The choice differs for an existing copy: it asks at once then, and when the page is opened.
    has_asked = "document.querySelector('.offline-copy-state').textContent.includes('mudansa')"
    page.check(".offline-copy input[value='1']")
    until(page, has_asked)
    page.reload()
    until(page, f"{has_asked} && document.querySelector('.offline-copy input:checked').value == '1'")
    page.check(".offline-copy input[value='0']")
    until(page, f"!{has_asked}")
    own_site.server.asked.clear()
    page.clock.install(time="2031-05-04")
    for address in ("tet/numbers.html", "tet/safety.html"):
        page.goto(own_site.address + address)
        until(page, "window.savedCopy")
        page.clock.run_for("10:00")  # fires every timer
    # Chromium itself looks for another worker some time after a page was opened; the page asks for nothing.
    assert set(own_site.server.asked) <= {"/sw.js"}
    page.goto(own_site.address + "tet/services.html")
    until(page, "document.querySelector('.contact-number .as-of')")
    assert str(time.gmtime().tm_year) in page.inner_text(".contact-number .as-of")
    context.close()


@pytest.mark.parametrize("now", ["2031-05-04", "2021-05-04"])
def test_copy_that_may_brings_itself_up_to_date_and_says_what_was_taken_back(own_site, browser, now):
    context = browser.new_context()
    page = context.new_page()
    page.goto(own_site.address + "tet/safety.html")
    page.check(".offline-copy input[value='1']")
    page.click(".offline-copy button")
    until(page, IS_SAVED_SCRIPT)
    rewrite(own_site, "3311380", "3319999")
    own_site.server.fault = lambda path: "hang up" if "/saved-" in path else None
    page.clock.set_fixed_time(now)
    page.goto(own_site.address + "tet/answers/no-credit.html")
    until(page, "document.querySelector('main > .told:not([hidden])')")
    assert "3311380" in page.inner_text("main > .told")
    assert page.locator("a[href='tel:3311380']").count() == 0
    # Kept, until it is up to date: without a network it says so too.
    context.set_offline(True)
    page.goto(own_site.address + "tet/answers/no-credit.html")
    until(page, "document.querySelector('main > .told:not([hidden])')")
    context.set_offline(False)
    own_site.server.fault = no_fault
    page.goto(own_site.address + "tet/answers/no-credit.html")
    until(page, "[...document.querySelectorAll('.told a')].some(each => each.href == location.href)")
    page.click(".told a")
    until(page, "document.querySelector('a[href=\"tel:3319999\"]')")
    context.close()


@pytest.mark.long
def test_server_that_does_not_answer_keeps_nobody_waiting_who_has_saved(site, browser):
    context = browser.new_context()
    page = context.new_page()
    save(page, site)
    save(page, site, "en")
    let = threading.Event()
    site.server.fault = lambda _: let.wait(2 * MAX_WAIT_S) and None
    for address in ("en/index.html", "tet/numbers.html", "", "my/index.html", "tet/press.html"):
        page.goto(site.address + address, wait_until="commit")
        page.wait_for_selector("h1")  # while the server still holds every answer back
    site.server.fault = no_fault
    let.set()
    page.click("main a[href='?n=1']")
    page.wait_for_url("**/press.html?n=1")
    assert page.locator("main a[href='?n=1']").count() == 0
    context.close()


@pytest.mark.parametrize("is_offline", mostly_long([False, True], True))
def test_forgetting_leaves_nothing_in_the_store_and_no_page_on_the_disk(site, browser, tmp_path, is_offline):
    args = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
    path = chromium_path()
    profile = tmp_path / "profile"
    context = browser.browser_type.launch_persistent_context(profile, executable_path=path, args=args)
    page = context.new_page()
    save(page, site)
    # Cached pages are compressed: they are found by their addresses in the list.
    words, address = b"Sin\xc3\xa1l atu haree", b"tet/signs.html"
    assert [name for name in traces(profile, address) if "CacheStorage" in name]
    if is_offline:
        site.close()
        context.set_offline(True)
    page.goto(site.address + "tet/signs.html")
    wait_for_deferred(page)
    page.click(".phone a.forget")
    page.wait_for_selector(".told:not([hidden])")
    assert page.get_attribute(".told", "data-gone") == "true"
    assert page.evaluate("document.activeElement.className") == "told"
    assert stored(page) == {}
    assert page.evaluate("navigator.serviceWorker.getRegistrations().then(all => all.length)") == 0
    # A title or an address in the browser's history is one of the things that the page says it can't delete.
    allowed = re.compile(r"History|Session|Tabs|Favicons|Shortcuts|Top Sites|Network Action Predictor|segmentation_")

    def left_on_disk():
        return [name for name in traces(profile, words) + traces(profile, address) if not allowed.search(name)]

    wait_for(page, lambda: not left_on_disk())  # the browser deletes its files in its own time
    page.click(".told .leave")
    assert shows_nothing(page)
    context.close()
    assert left_on_disk() == []


@pytest.fixture
def half_saved(site, browser):
    """(a tab that saves, whose files do not come any more after the eighth; what lets them come)."""
    context, let = browser.new_context(), threading.Event()
    page = context.new_page()
    page.goto(site.address + "tet/safety.html")
    context.new_page().goto(site.address + "en/signs.html")
    asked = site.server.asked
    asked.clear()
    site.server.fault = lambda path: (
        let.wait(MAX_WAIT_S) and None if path.startswith(("/tet/", "/pictures/")) and len(asked) > 8 else None
    )
    page.click(".offline-copy button")
    wait_for(page, lambda: len(asked) >= 11)
    try:
        assert len(asked) >= 11
        yield page, let
    finally:
        let.set()
        context.close()


def test_forgetting_in_another_tab_ends_a_save(half_saved):
    page, let = half_saved
    assert sum(map(len, stored(page).values())) > 4
    other = page.context.pages[1]
    other.click(".phone a.forget")
    other.wait_for_selector(".told:not([hidden])")
    assert "no longer stores anything" in other.inner_text(".told")
    assert (stored(other), workers(other)) == ({}, [])
    let.set()
    page.bring_to_front()
    page.wait_for_selector(".offline-copy button:not([hidden])")
    assert page.inner_text(".offline-copy button").startswith("Rai iha")
    assert page.inner_text(".offline-copy-state") == ""
    assert (stored(other), workers(other)) == ({}, [])


def test_leaving_in_the_middle_of_a_save_leaves_nothing_of_it(half_saved):
    page, let = half_saved
    assert sum(map(len, stored(page).values())) > 4
    page.click(".row .leave")
    assert shows_nothing(page)
    let.set()
    other = page.context.pages[1]
    other.bring_to_front()
    assert (stored(other), workers(other)) == ({}, [])


@pytest.mark.parametrize(("sends", "says"), [(True, "no longer stores anything"), (False, "may still keep pages")])
def test_what_is_said_after_forgetting_hangs_on_what_the_host_sends(site, browser, sends, says):
    if not sends:
        site.server.fields.clear()
    page = browser.new_page()
    page.goto(site.address + "en/signs.html")
    wait_for_deferred(page)
    page.click(".phone a.forget")
    page.wait_for_selector(".told:not([hidden])")
    assert says in page.inner_text(".told")
    page.close()


@pytest.mark.parametrize("sends", [True, False])
def test_what_forgetting_cannot_reach_is_said_before_saving(site, browser, sends):
    if not sends:
        site.server.fields.clear()
    page = browser.new_page()
    page.goto(site.address + "en/safety.html")
    until(page, "!document.querySelector('.offline-copy fieldset').hidden")
    warns = "document.querySelector('.offline-copy').innerText.includes('may not delete everything')"
    until(page, f"!{warns}" if sends else warns)
    assert page.is_checked(".offline-copy input[value='0']")
    assert "router" in page.inner_text(".offline-copy")
    page.close()


def test_number_goes_into_the_phone_book_under_the_readers_own_name_alone(site, browser):
    page = browser.new_page()
    page.goto(site.address + "en/services.html")
    page.on("dialog", lambda dialog: dialog.accept("Rosa, market"))
    with page.expect_download() as download:
        page.click("text=Save this number under another name >> nth=0")
    card = download.value.path().read_text()
    assert card.split() == [
        "BEGIN:VCARD",
        "VERSION:3.0",
        "N:;Rosa\\,",
        "market;;;",
        "FN:Rosa\\,",
        "market",
        "TEL:112",
        "END:VCARD",
    ]
    assert download.value.suggested_filename == "1.vcf"
    page.close()


def traces(profile, words):
    found = []
    for path in profile.rglob("*"):
        try:
            if path.is_file() and words in path.read_bytes():
                found.append(path.relative_to(profile).as_posix())
        except OSError:
            continue
    return sorted(found)


def test_saved_copy_is_by_file_not_offered_and_no_fault(help_campaign, browser):
    page = browser.new_page()
    faults = []
    page.on("console", lambda message: faults.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.goto(f"{(help_campaign / 'site').as_uri()}/en/safety.html")
    until(page, "document.querySelector('.offline-copy-state').textContent.includes('cannot')")
    page.click("article a.forget")
    page.wait_for_selector(".told:not([hidden])")
    assert faults == []
    page.close()


def test_full_phone_is_said_and_nothing_stays(site, browser):
    context = browser.new_context()
    page = context.new_page()
    page.goto(site.address + "en/safety.html")
    # Chromium's own quota, as a phone without room has it.
    disk = context.new_cdp_session(page)
    disk.send("Storage.overrideQuotaForOrigin", {"origin": site.address.rstrip("/"), "quotaSize": 200_000})
    page.click(".offline-copy button")
    until(page, "document.querySelector('.offline-copy-state').textContent.includes('not enough room')")
    # Nothing that ends later says something else.
    wait_for(page, lambda: stored(page) == {} and workers(page) == [])
    assert "not enough room" in page.inner_text(".offline-copy-state")
    # To go on saving would fail again.
    assert page.is_hidden(".offline-copy button")
    assert stored(page) == {}
    assert workers(page) == []
    context.close()


def test_site_in_a_folder_of_a_host_saves_and_forgets_only_its_own(help_campaign, browser, tmp_path):
    (tmp_path / "host/a b").mkdir(parents=True)
    (tmp_path / "host/a b/help").symlink_to(help_campaign / "site")
    (tmp_path / "host/_headers").symlink_to(help_campaign / "site/_headers")
    served = Site(tmp_path / "host")
    context = browser.new_context()
    page = context.new_page()
    page.goto(served.address + "a%20b/help/tet/safety.html")
    page.evaluate("caches.open('of another site').then(cache => cache.put('/x', new Response('x')))")
    page.click(".offline-copy button")
    until(page, IS_SAVED_SCRIPT)
    served.close()
    context.set_offline(True)
    page.goto(served.address + "a%20b/help/")
    page.goto(served.address + "a%20b/help/tet/signs.html")
    assert page.is_visible("h1")
    wait_for_deferred(page)
    page.click(".phone a.forget")
    page.wait_for_selector(".told:not([hidden])")
    assert list(stored(page)) == ["of another site"]
    context.close()


def test_answers_show_only_the_campaigns_name_in_tabs_and_history(help_campaign):
    pages = sorted((help_campaign / "site").glob("*/answers/*.html"))
    assert len(pages) >= 60
    for page in pages:
        assert "<title>HELP</title>" in page.read_text("utf-8"), page
