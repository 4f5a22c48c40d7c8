"""A board's copy served by nginx and by Caddy: requested by its name and by others, opened in Chromium, under load."""

from __future__ import annotations

import gzip
import http.client
import re
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urldefrag, urljoin

import pytest
from conftest import chromium_path, copy_campaign, run
from needed_tools import require
from selectolax.lexbor import LexborHTMLParser
from test_copies import ACCEPT_LANGUAGE_CASES

NAME = "notes.home.arpa"
# Requests of phones and computers that test whether they are online.
PROBES = {
    "connectivitycheck.gstatic.com": "/generate_204",
    "captive.apple.com": "/hotspot-detect.html",
    "www.msftconnecttest.com": "/connecttest.txt",
    "detectportal.firefox.com": "/canonical.html",
    "10.42.0.1": "/",
}
NGINX = """daemon off; user root; worker_processes 2; pid {0}/nginx.pid; error_log {0}/errors.log;
events {{}}
http {{ include /etc/nginx/mime.types; default_type application/octet-stream; access_log {0}/access.log;
  client_body_temp_path {0}/body; proxy_temp_path {0}/proxy; fastcgi_temp_path {0}/f; uwsgi_temp_path {0}/u;
  scgi_temp_path {0}/s; include {0}/board.conf; }}
"""


@dataclass
class Board:
    """A running server: its port, the folder that it serves, and and its log file."""

    port: int
    folder: Path
    logs: Path

    def get(self, path: str, host: str = NAME, **headers: str) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=120)
        connection.request("GET", path, headers={"Host": host, **headers})
        answer = connection.getresponse()
        result = answer.status, {name.lower(): value for name, value in answer.getheaders()}, answer.read()
        connection.close()
        return result


@pytest.fixture(scope="module", params=["nginx", "caddy"])
def board(request, tiny, tmp_path_factory):
    folder, logs = tmp_path_factory.mktemp("board") / "our board", tmp_path_factory.mktemp("logs")
    root = copy_campaign(tiny, tmp_path_factory.mktemp("hotspot") / "campaign")
    shutil.copytree(tiny / "site", root / "site")
    run(root, "hotspot", str(folder), "--prints", "--at", str(folder))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    if request.param == "nginx":
        own = (folder / "nginx.conf").read_text("utf-8").replace("listen 80", f"listen {port}")
        (logs / "board.conf").write_text(own, "utf-8")
        (logs / "nginx.conf").write_text(NGINX.format(logs), "utf-8")
        command = [require("nginx"), "-c", str(logs / "nginx.conf")]
    else:
        own = (folder / "Caddyfile").read_text("utf-8")
        own = own.replace("http:// {", f"http://:{port} {{").replace(f"http://{NAME} {{", f"http://{NAME}:{port} {{")
        (logs / "Caddyfile").write_text(own, "utf-8")
        command = ["caddy", "run", "--adapter", "caddyfile", "--config", str(logs / "Caddyfile")]
    with (logs / "said").open("wb") as text:
        server = subprocess.Popen(command, stdout=text, stderr=text, cwd=logs)
    found = Board(port, folder, logs)
    for _ in range(100):
        try:
            found.get("/")
            break
        except OSError:
            assert server.poll() is None, (logs / "said").read_text()
            time.sleep(0.1)
    yield found
    server.terminate()
    server.wait()


def test_phone_that_looks_whether_it_is_online_is_told_where_the_site_is_and_keeps_nothing(board):
    for host, path in PROBES.items():
        status, headers, _ = board.get(path, host)
        assert (status, headers["location"], headers["cache-control"]) == (302, f"http://{NAME}/", "no-store")


@pytest.mark.parametrize("text", ACCEPT_LANGUAGE_CASES)
def test_phone_is_shown_the_language_that_it_likes_best(board, text):
    status, headers, body = board.get("/", **({"Accept-Language": text} if text else {}))
    code = ACCEPT_LANGUAGE_CASES[text]
    assert (status, headers.get("location")) == ((302, f"/{code}/index.html") if code else (200, None))
    assert headers["cache-control"] == "no-store"
    assert code or body.count(b"hreflang") == 3


def test_what_travels_packed_has_no_address_of_its_own(board):
    page = (board.folder / "site/fil/index.html").read_bytes()
    status, headers, body = board.get("/fil/index.html", **{"Accept-Encoding": "gzip, deflate"})
    assert (status, headers["content-encoding"]) == (200, "gzip")
    assert gzip.decompress(body) == page
    status, headers, body = board.get("/fil/index.html")
    assert (body, headers.get("content-encoding")) == (page, None)
    assert headers["x-content-type-options"] == "nosniff"
    assert "text/html" in headers["content-type"]
    for path in ("/fil/index.html.gz", "/deferred.js.gz", "/nginx.conf", "/SHA256SUMS", "/nothing"):
        status, _, body = board.get(path)
        assert (path, status) == (path, 404)
        assert b"/km/index.html" in body
    assert board.get("/../SHA256SUMS")[0] in (400, 404)


def test_every_link_leads_somewhere(board):
    seen, left = set(), ["/fil/index.html", "/ar/index.html", "/km/index.html"]
    while left:
        path = left.pop()
        if path in seen:
            continue
        seen.add(path)
        status, headers, body = board.get(path)
        assert status == 200, path
        if not headers["content-type"].startswith("text/html"):
            continue
        for item in LexborHTMLParser(body.decode()).css("a[href], link[href], [src]"):
            link = item.attributes.get("href") or item.attributes.get("src") or ""
            if not re.match(r"[a-z]+:|#|$", link):
                left.append(urldefrag(urljoin(path, link))[0])
    assert any(path.endswith(".pdf") for path in seen)
    assert len(seen) > 100


def test_phone_walks_from_the_sheet_of_its_portal_through_the_pages(board, browser):
    """Under another host's name, as the sheet opens it; each page is shown without a failed request."""
    rules = f"--host-resolver-rules=MAP *:80 127.0.0.1:{board.port}"
    phone = browser.browser_type.launch(executable_path=chromium_path(), args=["--no-sandbox", rules])
    tab, wrong = phone.new_page(viewport={"width": 360, "height": 740}, locale="ar-EG"), []

    def failed(request) -> None:  # requests that are cancelled because the next page opens are no failures
        wrong.extend([request.url] if request.failure != "net::ERR_ABORTED" else [])

    tab.on("requestfailed", failed)
    tab.on("response", lambda answer: wrong.append(answer.url) if answer.status >= 400 else None)
    tab.on("pageerror", lambda error: wrong.append(str(error)))
    tab.goto("http://connectivitycheck.gstatic.com/generate_204")
    assert tab.url == f"http://{NAME}/ar/index.html"
    pages = {urldefrag(link)[0] for link in tab.eval_on_selector_all("a[href]", "all => all.map(e => e.href)")}
    for page in sorted(page for page in pages if page.startswith("http") and page.endswith(".html")):
        tab.goto(page)
        wrong += tab.eval_on_selector_all(
            "img", "all => all.filter(e => e.complete && !e.naturalWidth).map(e => e.src)"
        )
    assert wrong == []
    phone.close()


def test_twenty_thousand_requests_go_without_an_error(board):
    done, spent = 0, 0
    while done < 20_000 and spent < 12:
        command = ["wrk", "-t2", "-c20", "-d2s", "-H", f"Host: {NAME}", "-H", "Accept-Encoding: gzip"]
        text = subprocess.run(
            [*command, f"http://127.0.0.1:{board.port}/fil/index.html"], capture_output=True, text=True, check=True
        ).stdout
        assert "Non-2xx" not in text, text
        assert "Socket errors" not in text, text
        done += int(re.search(r"(\d+) requests in", text)[1])
        spent += 1
    assert done >= 20_000, done


def test_who_reads_is_written_down_nowhere(board):
    board.get("/fil/index.html")
    board.get("/nothing")
    board.get("/", "example.org")
    written = [path for path in board.logs.rglob("*") if path.is_file() and path.name not in ("nginx.pid",)]
    for path in written:
        text = path.read_text("utf-8", "replace")
        assert "127.0.0.1:" not in text.replace(f"127.0.0.1:{board.port}", "")
        assert "index.html" not in text or path.name in ("board.conf", "Caddyfile")
        assert "client:" not in text
        assert "remote_addr" not in text
    access = board.logs / "access.log"
    assert not access.exists() or not access.read_bytes()
