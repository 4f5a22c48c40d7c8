"""Text typed at the desk survives failed saves, crashes and restarts, and overlong text stops nothing."""

from __future__ import annotations

import asyncio
import errno
import json
import re
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from pathlib import Path
from types import MappingProxyType
from urllib.parse import urlencode

import pytest
from conftest import HERE, MAX_WAIT_S, copy_campaign, free_port, mostly_long
from playwright.sync_api import expect
from selectolax.lexbor import LexborHTMLParser
from starlette.routing import Route

from campaign.checks.files import check_files
from campaign.content import writing
from campaign.desk.app import application
from campaign.desk.desk import Desk
from campaign.desk.drafts import MAX_DRAFTS, Draft, Drafts
from campaign.desk.files import NO_FILE, Change, InvalidNameError
from campaign.desk.form_filling import DRAFT, fill_form
from campaign.desk.new_page import NewPage
from campaign.desk.photo_file import photo_name
from campaign.desk.workspace import Choices, Workspace
from campaign.models.names import is_portable

PORT = 18998
EMPTY: Mapping[str, str] = MappingProxyType({})
TYPED_TEXT = 'Typed for an hour: <b>"ünï"</b> & more'


@pytest.fixture
def guard(tmp_path):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "tiny")
    desk = Desk(Workspace(root))
    guard = application(desk, PORT)
    desk.workspace.is_read_within(120)
    yield guard, desk
    desk.workspace.end()


def post(guard, path: str, fields: dict[str, str], key: str = "") -> tuple[int, str]:
    """(status, page) as a form of ours would be answered."""
    return ask(guard, "POST", path, {"token": guard.token} | fields, key)


def ask(
    guard, method: str, path: str, fields: Mapping[str, str] = MappingProxyType({}), key: str = "", length: str = ""
) -> tuple[int, str]:
    """(status, page) as a browser would be answered. length: what the request says of its size, if not the truth."""
    sent: list[dict] = []
    body = urlencode(fields).encode()
    given = {"host": f"127.0.0.1:{PORT}", "origin": f"http://127.0.0.1:{PORT}"}
    given |= {"content-type": "application/x-www-form-urlencoded", "content-length": length or str(len(body))}
    scope = {
        "type": "http",
        "method": method,
        "path": f"/{key or guard.key}{path}",
        "query_string": b"",
        "scheme": "http",
    }
    scope |= {"headers": [(name.encode(), value.encode()) for name, value in given.items()], "http_version": "1.1"}
    scope |= {"raw_path": b"", "root_path": "", "server": ("127.0.0.1", PORT), "client": ("127.0.0.1", 1)}

    async def receive() -> dict:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: dict) -> None:
        sent.append(message)

    with ThreadPoolExecutor(1) as beside:  # Playwright has a loop in this thread
        beside.submit(asyncio.run, guard(scope, receive, send)).result()
    return sent[0]["status"], b"".join(item.get("body", b"") for item in sent[1:]).decode()


FAILURES = {
    "a full disk": OSError(errno.ENOSPC, "No space left on device", "x"),
    "a read-only folder": PermissionError(errno.EACCES, "Permission denied", "x"),
    "a read-only disk": OSError(errno.EROFS, "Read-only file system", "x"),
    "a name that is too long": OSError(errno.ENAMETOOLONG, "File name too long", "x"),
    "a fault of our own": RuntimeError("a fault"),
}


@pytest.mark.parametrize("length", ["500000001", "9" * 30, "-1", "many", "1e3"])
def test_request_that_is_too_large_or_hides_its_size_is_not_read(guard, length):
    status, page = ask(guard[0], "POST", "/contacts/hill/hill-clinic", {"token": guard[0].token}, length=length)
    assert (status, "up to 500 MB" in page) == (413, True)


@pytest.mark.parametrize("failure", mostly_long(FAILURES, "a read-only folder", "a fault of our own"))
def test_failed_save_gives_back_the_form_with_all_that_is_in_it(guard, monkeypatch, failure):
    guard, desk = guard
    name = "docs/fil/boil.md"
    version = desk.workspace.files.read(name)
    before = (desk.workspace.root / name).read_bytes()

    def fail(*_given, **_named):
        raise FAILURES[failure]

    monkeypatch.setattr(writing, "_write_synced", fail)
    from campaign.desk.files import version_of

    fields = {"token": guard.token, "version": version_of(version), "text": f"{before.decode()}\n{TYPED_TEXT}\n"}
    status, text = post(guard, "/texts/fil/boil.md", fields)
    assert status in (409, 500)
    assert TYPED_TEXT in unescape(text)
    assert f'action="/{guard.key}/texts/fil/boil.md"' in text
    assert f'name="version" value="{fields["version"]}"' in text
    assert (desk.workspace.root / name).read_bytes() == before
    monkeypatch.undo()
    assert post(guard, "/texts/fil/boil.md", fields)[0] == 303
    assert TYPED_TEXT in (desk.workspace.root / name).read_text(encoding="utf-8")


def test_whatever_form_fails_gives_back_what_was_typed(guard, monkeypatch):
    guard, desk = guard

    def fail(*_given, **_named):
        raise OSError(errno.ENOSPC, "No space left on device", "x")

    for name in ("save", "record", "rename", "undo"):
        monkeypatch.setattr(desk.workspace.files, name, fail)
    monkeypatch.setattr(desk.jobs, "start", fail)
    posts = [route for route in guard.app.routes if isinstance(route, Route) and "POST" in route.methods]
    asked = 0
    for route in posts:
        path = re.sub(r"\{\w+(:\w+)?\}", "1", route.path)
        if path in ("/ticket", "/you") or "publish" in path or path.startswith("/print"):
            continue
        fields = {"token": guard.token, "text": TYPED_TEXT, "title": TYPED_TEXT, "name": TYPED_TEXT}
        status, text = post(guard, path, fields)
        if status in (404, 409, 500):
            asked += 1
            # A separate form shows its own fields again.
            assert TYPED_TEXT in unescape(text) or "data-typed" in text, path
    assert asked > 15


def test_page_of_an_earlier_run_gets_its_text_back_and_no_key(guard):
    guard, _ = guard
    for key, token in (("x" * 32, "x"), (guard.key, "x")):
        status, text = post(guard, "/texts/fil/boil.md", {"token": token, "version": "v", "text": TYPED_TEXT}, key)
        assert status == 403
        assert TYPED_TEXT in unescape(text)
        assert guard.token not in text
        assert guard.key not in text


@pytest.mark.parametrize("path", ["/nowhere", "/contacts/nowhere/else", "/jobs/7", "/alive", "/"])
def test_form_that_leads_nowhere_any_more_gives_back_what_was_typed(guard, path):
    guard, _ = guard
    status, text = post(guard, path, {"token": guard.token, "text": TYPED_TEXT})
    assert status == 404
    assert TYPED_TEXT in unescape(text)


@pytest.mark.long
def test_text_over_200_kb_is_asked_about_and_kept(guard):
    guard, desk = guard
    name = "docs/fil/boil.md"
    before = (desk.workspace.root / name).read_bytes()
    from campaign.desk.files import version_of

    for size in (200_001, 10_000_000):
        text = before.decode() + "x" * size
        fields = {"token": guard.token, "version": version_of(before), "text": text}
        status, said = post(guard, "/texts/fil/boil.md", fields)
        assert status == 422
        assert 'name="sure-long"' in said
        assert (desk.workspace.root / name).read_bytes() == before
        hidden = re.search(r'<input type="hidden" name="text" value="([^"]*)">', said)
        assert unescape(hidden[1]) == text
        assert "<textarea" not in said
    fields = {"token": guard.token, "version": version_of(before), "text": before.decode() + "x\n" * 100_001}
    assert post(guard, "/texts/fil/boil.md", fields | {"sure-long": "1"})[0] == 303


BAD_INPUTS = [
    *("con", "CON", "nul", "aux", "prn", "com1", "lpt9", "con.md", "nul.tar.gz", "com¹", "conin$", "aux "),
    *(
        "x" * 300,
        "a.",
        "a ",
        " a",
        "a\x01b",
        "a\x7f",
        "a\u202eb",
        "a\u200bb",
        "a:b",
        "a?b",
        'a"b',
        "a|b",
        "a<b",
        "a\\b",
        "",
    ),
    "ü" * 41,
]


@pytest.mark.parametrize("name", BAD_INPUTS)
def test_desk_refuses_the_names_that_check_refuses(guard, name):
    _, desk = guard
    assert not is_portable(name)
    files = desk.workspace.files
    for path in (f"docs/fil/{name}", f"docs/fil/{name}/x.md", f"assets/posters/{name}/poster.yml"):
        if name and not set(name) & set('\\:\0*?"<>|'):
            with pytest.raises(InvalidNameError):
                files.save("x", "Ana", {path: Change(NO_FILE, b"x")})
    if name and "/" not in name and len(name.encode()) < 255:
        folder = desk.workspace.root / "docs/fil"
        (folder / name).write_text("x", encoding="utf-8")
        assert "name-not-portable" in {check_file.id for check_file in check_files(desk.workspace.campaign)}


def test_desk_asks_for_another_name_before_it_saves(guard):
    guard, desk = guard
    campaign = desk.workspace.campaign
    audience = next(iter(campaign.audiences))
    for name in ("con", "nul", "x" * 300, "a.", "a\x01"):
        wish = NewPage("page", "A title", name, audience)
        assert wish.refusal(campaign, desk.workspace.files) == ("new-name", "name")
    assert NewPage("page", "A title", "plain", audience).refusal(campaign, desk.workspace.files) == ("", "")
    assert all(is_portable(f"{photo_name(name, ())}.jpg") for name in ("con", "NUL", "x" * 300, "a.", "a\x01"))
    fields = {"token": guard.token, "kind": "page", "title": TYPED_TEXT, "name": "con", "audience": audience}
    status, text = post(guard, "/texts/new", fields)
    assert status == 422
    assert TYPED_TEXT in unescape(text)


def test_form_of_a_contact_comes_back_filled_in_when_it_cannot_be_saved(guard, monkeypatch):
    guard, desk = guard
    here = "/contacts/hill/hill-clinic"
    page = LexborHTMLParser(ask(guard, "GET", here)[1])
    form = page.css_first(f'form[action="/{guard.key}{here}"]')
    name = form.css_first('input[name$=".name.fil"]').attributes["name"]
    fields = {"version": form.css_first("[name=version]").attributes["value"]}
    monkeypatch.setattr(writing, "_write_synced", lambda *_: (_ for _ in ()).throw(OSError(errno.ENOSPC, "No space")))
    raw = fields | {name: "Klinika sa burol", DRAFT: f"{here} {here} 1"}
    desk.drafts.keep(Draft(f"{here} {here} 1", time.time_ns() // 10**6, (("x", "y"),)))
    status, text = post(guard, here, raw)
    again = LexborHTMLParser(text)
    assert status == 500
    assert "Nothing changed" in again.css_first("#failed").text()
    assert again.css_first(f'input[name="{name}"]').attributes["value"] == "Klinika sa burol"
    assert again.css_first(f'input[name="{DRAFT}"]').attributes["value"] == f"{here} {here} 1"
    assert len(again.css("label")) == len(page.css("label"))
    assert desk.drafts.find(f"{here} {here} 1")
    monkeypatch.undo()
    desk.workspace.choose(Choices("Ana"))
    assert post(guard, here, raw)[0] == 303
    assert not desk.drafts.find(f"{here} {here} 1")
    assert f"{here} {here} 1" in desk.drafts.dropped


def test_filled_form_holds_exactly_what_was_sent():
    sent = [
        ("a", "<b>&\"'\r\nx"),
        ("t", "\n\nfirst <b> &amp; </textarea>\x01"),
        ("c", "2"),
        ("s", "y"),
        ("r", "n"),
        ("e", ""),
        ("token", "no"),
    ]
    page = """<main><details><form method=post action="/k/x%20y?q=1"><input name=token value=ours><input name=a value=1>
        <textarea name=t>old</textarea><input type=checkbox name=c value=1 checked><input type=checkbox name=c value=2>
        <select name=s><option selected>x<option>y</select><input type=radio name=r value=n><input name=e value=old>
        <input type=radio name=r value=o checked><input type=file name=f></form></details></main>"""
    form = LexborHTMLParser(fill_form(page, "/k/x y", sent, "<p>said</p>"))
    assert form.css_first("main > p").text() == "said"
    assert "open" in form.css_first("details").attributes
    assert form.css_first("[name=token]").attributes["value"] == "ours"
    assert form.css_first("[name=a]").attributes["value"] == "<b>&\"'\nx"
    assert form.css_first("[name=e]").attributes["value"] == ""
    assert form.css_first("textarea").text() == "\n\nfirst <b> &amp; </textarea>\x01"
    ticked = [item.attributes["value"] for item in form.css("[checked]")]
    assert (ticked, form.css_first("[selected]").text()) == (["2", "n"], "y")
    assert fill_form(page, "/k/other", sent) is None


def test_drafts_outlive_the_desk_and_nothing_strange_becomes_one(tmp_path):
    now = time.time_ns() // 10**6
    drafts = Drafts(tmp_path)
    drafts.keep(Draft("/a /b 1", now, (("text", TYPED_TEXT),)))
    drafts.keep(Draft("/old /b 1", now - 31 * 86_400_000, ()))
    for number in range(MAX_DRAFTS + 5):
        drafts.keep(Draft(f"/many /b {number}", now - 1000 + number, ()))
    folder = tmp_path / ".build/desk/drafts"
    (folder / "spoilt.json").write_bytes(b'{"key": 1')
    (folder / "strange.json").write_bytes(b'{"key": "../x", "at": 1, "values": []}')
    again = Drafts(tmp_path)
    assert again.find("/a /b 1") == Draft("/a /b 1", now, (("text", TYPED_TEXT),))
    assert len(again.listed) == MAX_DRAFTS
    assert not again.find("/old /b 1")
    # Browsers delete what is dropped, and not what was typed again since.
    again.drop("/a /b 1")
    assert again.dropped[-1] == "/a /b 1"
    again.keep(Draft("/a /b 1", now + 1, (("text", TYPED_TEXT),)))
    assert "/a /b 1" not in again.dropped
    for key, at, values in (
        ("x", 1, []),
        (5, 1, []),
        ("/a /b " + "x" * 3000, 1, []),
        ("/a /b 1", "x", []),
        ("/a /b 1", 1, 5),
    ):
        with pytest.raises((ValueError, TypeError)):
            Draft.of(key, at, values)


# In a real browser


def write(page, text: str) -> None:
    page.click(".cm-content")
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(text)


def drafts(page) -> list[str]:
    return page.evaluate("Object.values(localStorage)")


def kept_drafts(opened) -> list[Path]:
    return [*(opened.root / ".build/desk/drafts").glob("*.json")]


def check_editor(page, text: str) -> None:
    """The editor holds a text; it draws only the lines in sight."""
    holds = "(text) => document.getElementById('text')?.typed?.().includes(text)"
    page.wait_for_function(holds, arg=text)


def until(page, is_so) -> None:
    for _ in range(MAX_WAIT_S * 10):
        if is_so():
            return
        page.wait_for_timeout(100)
    raise AssertionError(page.inner_text("body"))


def test_draft_is_offered_after_a_crash_and_gone_after_a_save(opened, home):
    page, base = home
    page.evaluate("localStorage.clear()")
    address = f"{base}texts/fil/boil.md"
    before = (opened.root / "docs/fil/boil.md").read_bytes()
    page.goto(address)
    write(page, f"\n{TYPED_TEXT}\n")
    until(page, lambda: any("Typed for an hour" in draft for draft in drafts(page)))
    # As after a crash: another page opens, and nothing was sent.
    page.goto(f"{base}texts")
    page.goto(address)
    offer = page.locator(".draft")
    expect(offer).to_contain_text("wasn't saved")
    offer.locator("a").click()
    check_editor(page, "Typed for an hour")
    write(page, "And a little more. ")
    page.click("main .save button")
    expect(page.locator("#saved")).to_be_visible()
    assert TYPED_TEXT in (opened.root / "docs/fil/boil.md").read_text(encoding="utf-8")
    until(page, lambda: not drafts(page))
    assert not kept_drafts(opened)
    page.goto(address)
    check_editor(page, "And a little more.")
    expect(page.locator(".draft")).to_have_count(0)
    (opened.root / "docs/fil/boil.md").write_bytes(before)


def test_draft_outlives_the_browser_and_is_offered_on_the_first_page(opened, home, browser):
    page, base = home
    page.goto(f"{base}texts/fil/boil.md")
    write(page, f"\n{TYPED_TEXT}\n")
    until(page, lambda: kept_drafts(opened))
    page.goto(f"{base}texts")
    page.evaluate("localStorage.clear()")
    context = browser.new_context(locale="en-GB")
    other = context.new_page()
    other.on("dialog", lambda dialog: dialog.accept())
    other.goto(base)
    other.locator(".draft a").click()
    check_editor(other, "Typed for an hour")
    other.goto(f"{base}texts/fil/boil.md")
    other.locator(".draft button").click()
    until(other, lambda: not kept_drafts(opened))
    other.reload()
    expect(other.locator(".cm-content")).to_be_visible()
    expect(other.locator(".draft")).to_have_count(0)
    context.close()


def test_address_that_may_hold_a_password_is_kept_nowhere(opened, home):
    page, base = home
    page.goto(f"{base}publish")
    page.fill("#target", "ftp://ana:secret@example.org")
    page.fill("#folder", "secret")
    page.goto(f"{base}texts")
    assert not any("secret" in draft for draft in drafts(page))
    assert not [path for path in kept_drafts(opened) if b"secret" in path.read_bytes()]


def test_save_that_fails_shows_the_page_with_what_was_typed_and_keeps_the_draft(opened, home):
    page, base = home
    page.evaluate("localStorage.clear()")
    address, history = f"{base}texts/fil/boil.md", opened.root / ".build/desk/history"
    kept = history.with_name("aside")
    if history.exists():
        history.rename(kept)
    history.write_text("in the way", encoding="utf-8")
    try:
        page.goto(address)
        write(page, f"\n{TYPED_TEXT}\n")
        page.click("main .save button")
        expect(page.locator("#failed")).to_contain_text("Nothing changed")
        check_editor(page, "Typed for an hour")
        page.goto(address)
        expect(page.locator(".draft")).to_contain_text("wasn't saved")
        page.locator(".draft button").click()
        until(page, lambda: not drafts(page))
    finally:
        history.unlink()
        if kept.exists():
            kept.rename(history)


def test_long_paste_is_asked_about_and_ten_megabytes_stop_nothing(home):
    page, base = home
    page.goto(f"{base}texts/fil/boil.md")
    expect(page.locator(".cm-content")).to_be_visible()
    paste = """([size]) => {
      const asked = []; window.confirm = (said) => { asked.push(said); return false; };
      const data = new DataTransfer(); data.setData("text/plain", "x".repeat(size));
      const event = new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true });
      document.querySelector(".cm-content").dispatchEvent(event);
      return [asked, event.defaultPrevented, document.getElementById("desk-stopped").textContent];
    }"""
    asked, is_kept_out, _ = page.evaluate(paste, [300_000])
    assert (len(asked), is_kept_out) == (1, True)
    assert "300 kB" in asked[0]
    asked, is_kept_out, text = page.evaluate(paste, [10_000_000])
    assert (asked, is_kept_out) == ([], True)
    assert "too long" in text
    assert page.evaluate("1 + 1") == 2
    page.goto(f"{base}texts")


def start(root: Path, port: int) -> tuple[subprocess.Popen, str]:
    """A desk, and the address that opens it once."""
    command = [sys.executable, "-m", "campaign", "desk", "--no-open", "--port", str(port)]
    heard = signal.signal(signal.SIGINT, signal.default_int_handler)
    process = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    signal.signal(signal.SIGINT, heard)
    assert "this opens it once" in process.stdout.readline()
    return process, process.stdout.readline().strip()


@pytest.mark.long
def test_open_page_says_that_the_desk_has_stopped_and_the_next_one_offers_the_text(tmp_path, browser):
    # The browser keeps drafts by port.
    root, port = copy_campaign(HERE / "campaigns/tiny", tmp_path / "tiny"), free_port()
    process, address = start(root, port)
    page = browser.new_page()
    page.on("dialog", lambda dialog: dialog.accept())
    try:
        page.goto(address)
        key = json.loads((root / ".build/desk/running.json").read_text(encoding="utf-8"))["key"]
        base = f"{address.partition('/open/')[0]}/{key}/"
        page.goto(f"{base}texts/fil/boil.md")
        write(page, "Before it stopped. ")
        until(page, lambda: drafts(page))
        process.send_signal(signal.SIGKILL)
        process.wait()
        page.evaluate("dispatchEvent(new Event('focus'))")
        expect(page.locator("#desk-stopped")).to_contain_text("The desk has stopped")
        write(page, f"{TYPED_TEXT} ")
        page.click("main .save button")
        check_editor(page, "Typed for an hour")
        until(page, lambda: any("Typed for an hour" in draft for draft in drafts(page)))
        process.stdout.close()
        process, address = start(root, port)
        page.goto(address)
        key = json.loads((root / ".build/desk/running.json").read_text(encoding="utf-8"))["key"]
        page.goto(f"{address.partition('/open/')[0]}/{key}/texts/fil/boil.md")
        page.locator(".draft a").first.click()
        check_editor(page, "Typed for an hour")
        page.click("main .save button")
        expect(page.locator("#saved")).to_be_visible()
        assert "Before it stopped." in (root / "docs/fil/boil.md").read_text(encoding="utf-8")
    finally:
        page.close()
        process.kill()
        process.wait()
        process.stdout.close()
