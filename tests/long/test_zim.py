"""Files for Kiwix in its own programs: zimcheck, and kiwix-serve opened by requests and in Chromium."""

from __future__ import annotations

import shutil
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import quote, urldefrag, urljoin

import pytest
from conftest import copy_campaign, run
from needed_tools import require_package
from selectolax.lexbor import LexborHTMLParser


@pytest.fixture(scope="module")
def files(help_campaign, tiny, tmp_path_factory) -> dict[str, Path]:
    """Language -> its file: HELP in English and Burmese, the tiny campaign in Khmer and Arabic."""
    require_package("libzim")
    results = {}
    for source, codes in ((help_campaign, ("en", "my")), (tiny, ("km", "ar"))):
        root = copy_campaign(source, tmp_path_factory.mktemp("zim") / "campaign")
        shutil.copytree(source / "site", root / "site")
        run(root, "zim", *(item for code in codes for item in ("--language", code)))
        results |= {code: root / f"dist/copies/notes-{code}.zim" for code in codes}
    return results


@pytest.fixture(scope="module")
def library(files) -> str:
    """The address of kiwix-serve, which serves all of them."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = ["kiwix-serve", "--address", "127.0.0.1", "--port", str(port), *map(str, files.values())]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    address = f"http://127.0.0.1:{port}"
    for _ in range(1200):
        try:
            urllib.request.urlopen(address, timeout=120).close()
            break
        except OSError:
            time.sleep(0.1)
    yield address
    server.terminate()
    server.wait()


def get(address: str) -> tuple[int, str, str]:
    """(status, kind, text)"""
    try:
        with urllib.request.urlopen(address, timeout=120) as answer:
            kind = answer.headers.get_content_type()
            return answer.status, kind, answer.read().decode("utf-8") if kind == "text/html" else ""
    except urllib.error.HTTPError as error:
        return error.code, "", ""


@pytest.mark.parametrize("code", ["en", "my", "km", "ar"])
def test_zimcheck_finds_nothing(files, code):
    done = subprocess.run(["zimcheck", "--all", files[code]], capture_output=True, text=True, check=False)
    output = done.stdout + done.stderr
    assert done.returncode == 0, output
    assert "Overall Test Status: Pass" in output
    assert "[ERROR]" not in output
    assert "[WARNING]" not in output


@pytest.mark.parametrize("code", ["en", "my", "km", "ar"])
def test_every_link_within_a_file_is_good_and_none_asks_elsewhere(library, code):
    base = f"{library}/content/notes-{code}/"
    seen, left = set(), [f"{base}{code}/index.html"]
    while left:
        address = left.pop()
        if address in seen:
            continue
        seen.add(address)
        status, kind, text = get(address)
        assert status == 200, address
        if kind != "text/html":
            continue
        for item in LexborHTMLParser(text).css("[href], [src]"):
            link = item.attributes.get("href") or item.attributes.get("src") or ""
            if link.startswith(("tel:", "sms:", "data:", "mailto:", "#")):
                continue
            target = urldefrag(urljoin(address, link))[0]
            if not target.startswith(library):  # a source that a reader may open, not a resource of the page
                assert item.tag == "a", (address, link)
                continue
            assert target.startswith(base), (address, link)
            left.append(target)
    assert len(seen) > (100 if code == "en" else 6)


@pytest.mark.parametrize(
    ("code", "words", "wanted"),
    [
        ("en", "passports", "en/answers/papers.html"),
        ("my", "ပတ်စပို့", "my/leaflets/good-to-know.html"),  # three words for ICU, each never separate
        ("km", "អណ្ដូង", "km/leaflets/boil-the-water.html"),
        ("ar", "الماء", "ar/boil.html"),
    ],
)
def test_search_finds_words_in_letters_without_a_space_too(library, browser, code, words, wanted):
    _, _, text = get(f"{library}/search?content=notes-{code}&pattern={quote(words)}")
    assert f'href="/content/notes-{code}/{wanted}"' in text
    tab = browser.new_page(viewport={"width": 360, "height": 740})
    tab.goto(f"{library}/viewer#search?content=notes-{code}&pattern={quote(words)}")
    frame = tab.frame_locator("#content_iframe")
    frame.locator(f"a[href='/content/notes-{code}/{wanted}']").first.click()
    frame.locator("h1").first.wait_for()
    wide = tab.frames[-1].evaluate("document.documentElement.scrollWidth")
    assert wide <= 360
    tab.close()
