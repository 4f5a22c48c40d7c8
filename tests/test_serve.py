"""`campaign serve`: one writer, one browser, one story."""

from __future__ import annotations

import re
import shutil
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from conftest import MAX_WAIT_S, copy_or_link, free_port
from playwright.sync_api import expect

from campaign.serve.server import inside

HOSTILE = 'x"><img/src=x/onerror=document.title=1>'


@pytest.fixture
def serving(small, tmp_path):
    """(a campaign that is shown, built before and with a mistake since, its address, the process)."""
    root = shutil.copytree(small, tmp_path / "campaign", copy_function=copy_or_link)
    change(root, "docs/ar/boil.md", lambda text: f"{text}\nA [link]({HOSTILE}.md).\n")
    port = free_port()
    command = [sys.executable, "-m", "campaign", "serve", "--port", str(port)]
    # Tests in the background have Ctrl+C ignored, which child processes inherit.
    heard = signal.signal(signal.SIGINT, signal.default_int_handler)
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True) as process:
        signal.signal(signal.SIGINT, heard)
        assert f":{port}/ until you press Ctrl+C" in process.stdout.readline()
        yield root, f"http://127.0.0.1:{port}/", process
        process.kill()


def change(root: Path, name: str, to) -> None:
    """As editors do it: another file replaces the existing one."""
    aside = root / f"{name}.new"
    aside.write_text(to((root / name).read_text(encoding="utf-8")), encoding="utf-8")
    aside.replace(root / name)


@pytest.mark.long
def test_mistakes_and_changes_are_seen_in_the_page_that_is_open(serving, browser):
    root, address, process = serving
    page = browser.new_page()
    panel, sign = page.locator("campaign-serve ul"), page.locator("campaign-serve [role=status]")

    # It has started with a mistake: the page that has it says so over the last good one, as text.
    page.goto(f"{address}ar/boil.html")
    expect(panel).to_contain_text(re.compile(r"docs/ar/boil\.md:\d+"))
    expect(panel).to_contain_text(HOSTILE)
    assert page.title() != "1"
    assert page.locator("main h1").count() == 1

    # Every other page opens, and says that there is one elsewhere.
    page.goto(f"{address}fil/boil.html")
    more = page.locator("campaign-serve button")
    expect(more).to_contain_text("1 mistake elsewhere")
    expect(panel).to_have_count(0)
    more.click()
    expect(panel).to_contain_text("docs/ar/boil.md")

    # Once fixed, it goes away, and the new text is shown; then the site is rebuilt, and the page says so meanwhile.
    page.goto(f"{address}ar/boil.html")
    expect(panel).to_be_visible()
    change(root, "docs/ar/boil.md", lambda text: text[: text.index("\nA [link]")] + "\nA new sentence.\n")
    expect(page.locator("main")).to_contain_text("A new sentence.")
    expect(panel).to_have_count(0)
    expect(sign).to_contain_text(" being ")
    expect(sign).to_have_text("")
    built = (root / "site/ar/boil.html").read_bytes()
    assert b"A new sentence." in built
    assert b"_serve" not in built
    with urllib.request.urlopen(f"{address}ar/boil.html") as answer:
        assert answer.read().startswith(built)
        assert answer.headers["Cache-Control"] == "no-store"

    # A fault in something that every page needs is shown in each, over the last good one.
    change(root, "mkdocs.yml", lambda text: f"{text}\n\t- {{\n")
    expect(panel).to_contain_text("mkdocs.yml:")
    expect(page.locator("main")).to_contain_text("A new sentence.")
    change(root, "mkdocs.yml", lambda text: text.removesuffix("\n\t- {\n"))
    expect(panel).to_have_count(0)

    # A name that leads here from elsewhere is not answered.
    with pytest.raises(urllib.error.HTTPError, match="421"):
        urllib.request.urlopen(urllib.request.Request(address, headers={"Host": "else.example"}))
    page.close()

    # Ctrl+C ends it and its children (each holds the pipe's end), without further output.
    process.send_signal(signal.SIGINT)
    output = process.communicate(timeout=MAX_WAIT_S)[0]
    assert process.returncode == 0, output
    assert "Traceback" not in output
    assert "docs/ar/boil.md" in output
    assert not (root / ".build/journal.json").exists()


def test_no_path_leads_out_of_the_site():
    assert inside("/en/") == "en/index.html"
    assert inside("/en/a%20b.html") == "en/a b.html"
    for path in ("/../a", "/en/%2e%2e/%2e%2e/a", "/..", "//etc/passwd", "/en/..%5ca", "/c:/a", "/a%00"):
        assert inside(path) is None, path
