"""Answer browsers on this computer only: nothing here is published yet."""

from __future__ import annotations

import hashlib
import json
import mimetypes
import os
from errno import EADDRINUSE
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path, PurePosixPath
from typing import Protocol
from urllib.parse import parse_qs, quote, unquote, urlsplit

HOST = "127.0.0.1"
NAMES = ("127.0.0.1", "localhost")
# A name that no site has, for requests of `campaign serve` itself.
OWN_PATH = "_serve"
PORTS = 20
TYPES = {".js": "text/javascript", ".webp": "image/webp", ".avif": "image/avif", ".opus": "audio/ogg"}
HEADERS = {
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "DENY",
}
NO_PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Not there yet</title><h1>This page is not there yet</h1>
<p>It appears here as soon as it is made, or its problems are fixed.</p>"""


class PageSource(Protocol):
    """The pages that a server shows; see session.Session."""

    def page(self, address: str) -> bytes | None:
        """Return a page by its path below the site's root."""

    def file(self, address: str) -> bytes | None:
        """Return another file."""

    def home(self) -> str:
        """The page to open first without an index.html."""

    def state(self, address: str) -> dict[str, object]:
        """Return the state for an open page."""


class Server(ThreadingHTTPServer):
    """A server on a local port."""

    # On Windows two programs could share a port.
    allow_reuse_address = os.name != "nt"
    daemon_threads = True

    def __init__(self, page_source: PageSource, port: int) -> None:
        super().__init__((HOST, port), _Handler)
        self.shows = page_source
        self.client = Path(__file__).with_name("client.js").read_bytes()

    @property
    def address(self) -> str:
        """The address for a browser."""
        return f"http://{HOST}:{self.server_port}/"

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore browsers that disconnect."""


def open_server(page_source: PageSource, port: int) -> Server:
    """Return a server on the port, or on the next free one. Raise OSError if no port is free."""
    for item in range(port, min(port + PORTS, 65535) + 1):
        try:
            return Server(page_source, item)
        except OSError as error:
            if error.errno != EADDRINUSE:
                raise
    raise OSError(EADDRINUSE, f"ports {port} to {port + PORTS} are all taken")


def version_of(page: bytes | None) -> str:
    """Return a hash of a page, or ''."""
    return "" if page is None else hashlib.sha256(page).hexdigest()[:16]


def inside(path: str) -> str | None:
    """Return a request's path below the site, or None if it leads out."""
    parts = unquote(path, errors="replace").removeprefix("/").split("/")
    if any(part in ("", ".", "..") or set(part) & set("\\:\0") for part in parts[:-1]):
        return None
    if parts[-1] in (".", "..") or set(parts[-1]) & set("\\:\0"):
        return None
    return "/".join([*parts[:-1], parts[-1] or "index.html"])


class _Handler(BaseHTTPRequestHandler):
    server: Server
    timeout = 30

    def do_GET(self) -> None:
        host = self.headers.get("Host", "").rpartition(":")
        if host[0] not in NAMES or host[2] != str(self.server.server_port):
            # DNS rebinding: another site could read unpublished pages.
            self._answer(HTTPStatus.MISDIRECTED_REQUEST, "text/plain", b"Open http://127.0.0.1 itself.\n")
            return
        parts = urlsplit(self.path)
        address = inside(parts.path)
        if address is None:
            self._answer(HTTPStatus.NOT_FOUND, "text/html", self._with_client(NO_PAGE.encode(), None))
        elif address == f"{OWN_PATH}/client.js":
            self._answer(HTTPStatus.OK, "text/javascript", self.server.client)
        elif address == f"{OWN_PATH}/state":
            self._send_state(parse_qs(parts.query))
        else:
            self._show(address)

    do_HEAD = do_GET

    def _send_state(self, query: dict[str, list[str]]) -> None:
        address = inside(query.get("page", ["/"])[0]) or ""
        payload = json.dumps(self.server.shows.state(address)).encode()
        etag = f'"{hash(payload):x}"'
        if query.get("seen", [""])[0] == etag:
            self._answer(HTTPStatus.NO_CONTENT, "", b"")
        else:
            self._answer(HTTPStatus.OK, "application/json", payload, {"ETag": etag})

    def _show(self, address: str) -> None:
        is_page = address.endswith(".html")
        result = self.server.shows.page(address) if is_page else self.server.shows.file(address)
        if result is not None:
            kind = (
                TYPES.get(PurePosixPath(address).suffix)
                or mimetypes.guess_type(address)[0]
                or "application/octet-stream"
            )
            self._answer(HTTPStatus.OK, kind, self._with_client(result, result) if is_page else result)
        elif address == "index.html" and (home := self.server.shows.home()):
            self._answer(HTTPStatus.FOUND, "", b"", {"Location": f"/{quote(home)}"})
        elif self.server.shows.page(f"{address}/index.html"):
            self._answer(HTTPStatus.FOUND, "", b"", {"Location": f"/{quote(address)}/"})
        else:
            self._answer(HTTPStatus.NOT_FOUND, "text/html", self._with_client(NO_PAGE.encode(), None))

    @staticmethod
    def _with_client(html: bytes, page: bytes | None) -> bytes:
        """Add the script that reports changes, which no built page has; security policies allow it."""
        return html + f'<script src="/{OWN_PATH}/client.js" data-version="{version_of(page)}"></script>'.encode()

    def _answer(self, status: HTTPStatus, kind: str, data: bytes, more: dict[str, str] | None = None) -> None:
        is_text = kind.startswith("text/") or kind in ("application/json", "image/svg+xml")
        self.send_response(status)
        fields = {"Content-Type": f"{kind}; charset=utf-8" if is_text else kind, "Content-Length": str(len(data))}
        for name, value in {**fields, **HEADERS, **(more or {})}.items():
            if value:
                self.send_header(name, value)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(data)

    def log_message(self, *_: object) -> None:
        pass
