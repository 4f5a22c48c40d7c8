"""What somebody types at the desk is lost by no failed save, no crash and no restart, and nothing too long stops it."""

from __future__ import annotations

import asyncio
import errno
import re
from html import unescape
from urllib.parse import urlencode

import pytest
from conftest import HERE, copy_campaign
from playwright.sync_api import expect
from starlette.routing import Route

from campaign.checks.files import check_files
from campaign.content import writing
from campaign.desk.app import application
from campaign.desk.desk import Desk
from campaign.desk.files import GONE, Change, NameRefused
from campaign.desk.new_page import NewPage
from campaign.desk.photo_file import photo_name
from campaign.desk.workspace import Workspace
from campaign.models.names import is_portable

PORT = 18998
TYPED = 'Typed for an hour: <b>"ünï"</b> & more'


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
    sent: list[dict] = []
    body = urlencode(fields).encode()
    given = {"host": f"127.0.0.1:{PORT}", "origin": f"http://127.0.0.1:{PORT}"}
    given |= {"content-type": "application/x-www-form-urlencoded", "content-length": str(len(body))}
    scope = {
        "type": "http",
        "method": "POST",
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

    asyncio.run(guard(scope, receive, send))
    return sent[0]["status"], b"".join(each.get("body", b"") for each in sent[1:]).decode()


FAILURES = {
    "a full disk": OSError(errno.ENOSPC, "No space left on device", "x"),
    "a read-only folder": PermissionError(errno.EACCES, "Permission denied", "x"),
    "a read-only disk": OSError(errno.EROFS, "Read-only file system", "x"),
    "a name that is too long": OSError(errno.ENAMETOOLONG, "File name too long", "x"),
    "a fault of our own": RuntimeError("a fault"),
}


@pytest.mark.parametrize("failure", FAILURES)
def test_failed_save_gives_back_the_form_with_all_that_is_in_it(guard, monkeypatch, failure):
    guard, desk = guard
    name = "docs/fil/boil.md"
    version = desk.workspace.files.read(name)
    before = (desk.workspace.root / name).read_bytes()

    def fail(*_given, **_named):
        raise FAILURES[failure]

    monkeypatch.setattr(writing, "_write_synced", fail)
    from campaign.desk.files import version_of

    fields = {"token": guard.token, "version": version_of(version), "text": f"{before.decode()}\n{TYPED}\n"}
    status, said = post(guard, "/texts/fil/boil.md", fields)
    assert status in (409, 500)
    assert TYPED in unescape(said)
    assert f'action="/{guard.key}/texts/fil/boil.md"' in said
    assert f'name="version" value="{fields["version"]}"' in said
    assert (desk.workspace.root / name).read_bytes() == before
    monkeypatch.undo()
    assert post(guard, "/texts/fil/boil.md", fields)[0] == 303
    assert TYPED in (desk.workspace.root / name).read_text(encoding="utf-8")


def test_whatever_form_fails_gives_back_what_was_typed(guard, monkeypatch):
    guard, desk = guard

    def fail(*_given, **_named):
        raise OSError(errno.ENOSPC, "No space left on device", "x")

    for name in ("save", "record", "rename", "undo"):
        monkeypatch.setattr(desk.workspace.files, name, fail)
    monkeypatch.setattr(desk.jobs, "start", fail)
    posts = [each for each in guard.app.routes if isinstance(each, Route) and "POST" in each.methods]
    asked = 0
    for route in posts:
        path = re.sub(r"\{\w+(:\w+)?\}", "1", route.path)
        if path in ("/ticket", "/you") or "publish" in path or path.startswith("/print"):
            continue
        fields = {"token": guard.token, "text": TYPED, "title": TYPED, "name": TYPED}
        status, said = post(guard, path, fields)
        if status in (404, 409, 500):
            asked += 1
            # A form of its own shows its own fields again.
            assert TYPED in unescape(said) or "data-typed" in said, path
    assert asked > 15


def test_page_of_an_earlier_run_gets_its_text_back_and_no_key(guard):
    guard, _ = guard
    for key, token in (("x" * 32, "x"), (guard.key, "x")):
        status, said = post(guard, "/texts/fil/boil.md", {"token": token, "version": "v", "text": TYPED}, key)
        assert status == 403
        assert TYPED in unescape(said)
        assert guard.token not in said
        assert guard.key not in said


@pytest.mark.parametrize("path", ["/nowhere", "/contacts/nowhere/else", "/jobs/7", "/alive", "/"])
def test_form_that_leads_nowhere_any_more_gives_back_what_was_typed(guard, path):
    guard, _ = guard
    status, said = post(guard, path, {"token": guard.token, "text": TYPED})
    assert status == 404
    assert TYPED in unescape(said)


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


BAD = [
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


@pytest.mark.parametrize("name", BAD)
def test_desk_refuses_the_names_that_check_refuses(guard, name):
    _, desk = guard
    assert not is_portable(name)
    files = desk.workspace.files
    for path in (f"docs/fil/{name}", f"docs/fil/{name}/x.md", f"assets/posters/{name}/poster.yml"):
        if name and not set(name) & set('\\:\0*?"<>|'):
            with pytest.raises(NameRefused):
                files.save("x", "Ana", {path: Change(GONE, b"x")})
    if name and "/" not in name and len(name.encode()) < 255:
        folder = desk.workspace.root / "docs/fil"
        (folder / name).write_text("x", encoding="utf-8")
        assert "name-not-portable" in {each.id for each in check_files(desk.workspace.campaign)}


def test_desk_asks_for_another_name_before_it_saves(guard):
    guard, desk = guard
    campaign = desk.workspace.campaign
    audience = next(iter(campaign.audiences))
    for name in ("con", "nul", "x" * 300, "a.", "a\x01"):
        wish = NewPage("page", "A title", name, audience)
        assert wish.refusal(campaign, desk.workspace.files) == ("new-name", "name")
    assert NewPage("page", "A title", "plain", audience).refusal(campaign, desk.workspace.files) == ("", "")
    assert all(is_portable(f"{photo_name(name, ())}.jpg") for name in ("con", "NUL", "x" * 300, "a.", "a\x01"))
    fields = {"token": guard.token, "kind": "page", "title": TYPED, "name": "con", "audience": audience}
    status, said = post(guard, "/texts/new", fields)
    assert status == 422
    assert TYPED in unescape(said)


# In a real browser


def write(page, text: str) -> None:
    page.click(".cm-content")
    page.keyboard.press("Control+End")
    page.keyboard.insert_text(text)


def drafts(page) -> list[str]:
    return page.evaluate("Object.values(localStorage)")


def until(page, is_so) -> None:
    for _ in range(1200):
        if is_so():
            return
        page.wait_for_timeout(100)
    raise AssertionError(page.inner_text("body"))


def test_save_that_fails_keeps_the_draft_and_shows_what_was_typed(opened, home):
    page, base = home
    page.evaluate("localStorage.clear()")
    address, history = f"{base}texts/fil/boil.md", opened.root / ".build/desk/history"
    kept = history.with_name("aside")
    if history.exists():
        history.rename(kept)
    history.write_text("in the way", encoding="utf-8")
    try:
        page.goto(address)
        write(page, f"\n{TYPED}\n")
        page.click("main .save button")
        expect(page.locator(".typed textarea").first).to_have_value(re.compile("Typed for an hour"))
        page.click(".typed a")
        expect(page.locator(".draft")).to_contain_text("wasn't saved")
        page.locator(".draft button").nth(1).click()
        assert not drafts(page)
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
    asked, is_kept_out, said = page.evaluate(paste, [10_000_000])
    assert (asked, is_kept_out) == ([], True)
    assert "too long" in said
    assert page.evaluate("1 + 1") == 2
    page.goto(f"{base}texts")
