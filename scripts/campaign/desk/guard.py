"""Admit only the browser of the user who started the desk.

It listens on 127.0.0.1, but other pages in the browser, DNS rebinding and other users of the computer can reach that
too. So each request has to name this host and port, and carry this run's key in its path (a cookie would go to every
port). Actions carry a second secret that only the desk's pages know.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from hmac import compare_digest

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import HTMLResponse, RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from campaign.desk.form_filling import typed_fields
from campaign.desk.rendering import bare_page

HOST = "127.0.0.1"
OPEN_PATH = "open"
TOKEN = "x-desk-token"
SAFE_METHODS = ("GET", "HEAD")
# The largest thing that people send is a zip of a campaign.
MAX_REQUEST_BYTES = 500_000_000
HEADERS = {
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
}
# htmx sets an empty style attribute; this is its hash.
EMPTY_STYLE_HASH = "'unsafe-hashes' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU='"


def policy(nonce: str = "") -> str:
    """Return the content security policy of a page. `nonce` allows styles that its script writes."""
    styles = f"'self' {EMPTY_STYLE_HASH}" + (f" 'nonce-{nonce}'" if nonce else "")
    return (
        f"default-src 'none'; script-src 'self'; style-src {styles}; img-src 'self' data: blob:; font-src 'self'; "
        "connect-src 'self'; frame-src 'self'; media-src 'self'; form-action 'self'; frame-ancestors 'self'; "
        "base-uri 'none'"
    )


class Guard:
    """ASGI middleware that admits only this user's browser."""

    def __init__(self, app: ASGIApp, port: int) -> None:
        self.app, self.port = app, port
        self.key, self.token = secrets.token_urlsafe(24), secrets.token_urlsafe(24)
        self._tickets: set[str] = set()

    @property
    def home(self) -> str:
        """The address of the first page."""
        return f"/{self.key}/"

    def ticket(self) -> str:
        """Return an address that opens the desk once: other users can see the browser's arguments."""
        code = secrets.token_urlsafe(16)
        self._tickets.add(code)
        return f"http://{HOST}:{self.port}/{OPEN_PATH}/{code}"

    def is_valid(self, raw: str) -> bool:
        """Return whether one of the desk's own pages sent this token."""
        return compare_digest(raw.encode(), self.token.encode())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on allowed requests and answer the others. Uploads that are cut off are forgotten."""
        with suppress(ClientDisconnect):
            await self._answer(scope, receive, send)

    async def _answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http" or not self._comes_from_here(scope):
            await self._refuse(scope, receive, send)
            return
        if scope["method"] not in SAFE_METHODS and not _is_small(scope):
            answer = HTMLResponse(bare_page("too-large.html", megabytes=MAX_REQUEST_BYTES // 1_000_000), 413)
            await answer(scope, receive, _with_fields(send))
            return
        receive = _limited(receive)
        _, first, *rest = scope["path"].split("/")
        if first == OPEN_PATH and scope["method"] in SAFE_METHODS and len(rest) == 1 and rest[0] in self._tickets:
            self._tickets.discard(rest[0])
            await RedirectResponse(self.home, 303)(scope, receive, _with_fields(send))
            return
        if not compare_digest(first.encode(errors="replace"), self.key.encode()):
            await (self._keep_input if scope["method"] == "POST" else self._refuse)(scope, receive, send)
            return
        path = "/" + "/".join(rest)
        inner = dict(scope, path=path, raw_path=path.encode(errors="replace"), root_path="")
        await self.app(inner, receive, _with_fields(send))

    def _comes_from_here(self, scope: Scope) -> bool:
        fields = {name: value.decode("latin-1") for name, value in scope["headers"]}
        origin = fields.get(b"origin")
        if fields.get(b"host") != f"{HOST}:{self.port}" or origin not in (None, f"http://{HOST}:{self.port}"):
            return False
        if scope["method"] not in SAFE_METHODS and origin is None:
            return False
        return fields.get(b"sec-fetch-site", "none") in ("same-origin", "none")

    async def _keep_input(self, scope: Scope, receive: Receive, send: Send) -> None:
        async with Request(scope, receive).form(max_files=20, max_fields=5000, max_part_size=64_000_000) as form:
            answer = HTMLResponse(bare_page("not-saved.html", fields=typed_fields(form.multi_items())), 403)
        await answer(scope, receive, _with_fields(send))

    async def _refuse(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await HTMLResponse(bare_page("not-open.html"), 403)(scope, receive, _with_fields(send))
        else:  # WebSockets aren't used
            await send({"type": "websocket.close", "code": 1008})


def _is_small(scope: Scope) -> bool:
    length = dict(scope["headers"]).get(b"content-length", b"0")
    return length.isdigit() and int(length) <= MAX_REQUEST_BYTES


def _limited(receive: Receive) -> Receive:
    remaining = MAX_REQUEST_BYTES

    async def receive_limited() -> Message:
        nonlocal remaining
        message = await receive()
        remaining -= len(message.get("body", b""))
        if remaining < 0:
            raise HTTPException(413)
        return message

    return receive_limited


def _with_fields(send: Send) -> Send:
    async def send_with_fields(message: Message) -> None:
        if message["type"] == "http.response.start":
            header_names = {name.lower() for name, _ in message["headers"]}
            fields = HEADERS | {"content-security-policy": policy()}
            extra_headers = [
                (name.encode(), value.encode()) for name, value in fields.items() if name.encode() not in header_names
            ]
            message = {**message, "headers": [*message["headers"], *extra_headers]}
        await send(message)

    return send_with_fields
