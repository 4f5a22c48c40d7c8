"""An S3 server on this computer for tests (moto's, in a separate process), and the contents of its bucket."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import Message
from html.parser import HTMLParser
from http import HTTPStatus
from posixpath import dirname, join, normpath
from urllib.parse import quote, unquote, urlsplit

from conftest import free_port

BUCKET = "water"
# The computer's own credentials aren't used.
# The server requires some key from readers, but doesn't check it.
SIGNED_HEADERS = {"Authorization": "AWS4-HMAC-SHA256 Credential=test/20261127/us-east-1/s3/aws4_request"}
KEYS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_REGION": "us-east-1"}


@contextmanager
def s3_server(log) -> Iterator[str]:
    """Its address while it runs, with one empty bucket."""
    port = free_port()
    command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(port)]
    with log.open("wb") as file, subprocess.Popen(command, stdout=file, stderr=file) as process:
        try:
            for _ in range(300):
                try:
                    socket.create_connection(("127.0.0.1", port), 1).close()
                    break
                except OSError:
                    time.sleep(0.05)
            address = f"http://127.0.0.1:{port}"
            ask(f"{address}/{BUCKET}", "PUT")
            yield address
        finally:
            process.kill()


def ask(address: str, method: str = "GET") -> tuple[bytes, Message]:
    with urllib.request.urlopen(urllib.request.Request(address, method=method, headers=SIGNED_HEADERS)) as answer:
        return answer.read(), answer.headers


def listed(server: str, prefix: str = "") -> list[str]:
    """Names below a prefix, without it."""
    text, more, names = "", "", []
    while not names or more:
        text = ask(f"{server}/{BUCKET}?list-type=2&prefix={quote(prefix)}{more}")[0].decode()
        names += [unquote(name).removeprefix(prefix) for name in re.findall("<Key>([^<]*)</Key>", text)]
        match = re.search("<NextContinuationToken>([^<]*)<", text)
        more = f"&continuation-token={quote(match[1])}" if match else ""
        if not more:
            break
    return [name.replace("&amp;", "&") for name in names]


def served(server: str, prefix: str = "") -> dict[str, bytes]:
    """Files for visitors, without publishing's own records.

    The last request of a killed process may finish a moment later: then everything is requested again.
    """
    while True:
        names = listed(server, prefix)
        shown = [name for name in names if not name.startswith(".campaign/")]
        try:
            results = {name: ask(f"{server}/{BUCKET}/{quote(prefix + name)}")[0] for name in shown}
        except urllib.error.HTTPError as error:
            if error.code != HTTPStatus.NOT_FOUND:
                raise
            continue
        if listed(server, prefix) == names:
            return results


class _Links(HTMLParser):
    """Return what a page shows, and its links."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.folder, self.shown, self.led = dirname(name), set(), set()

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name == "srcset":
                links = [item.split()[0] for item in value.split(",")]
            else:
                links = [value] if name in ("href", "src") and value else []
            for parts in map(urlsplit, links):
                if not parts.scheme and not parts.netloc and parts.path:
                    target = normpath(join(self.folder, unquote(parts.path)))
                    (self.led if tag == "a" else self.shown).add(target)


def dead(files: dict[str, bytes]) -> list[str]:
    """Return what pages show that the first page leads to directly or indirectly, and missing ones."""
    missing, pages = [], {}
    for name, data in files.items():
        if name.endswith(".html"):
            pages[name] = _Links(name)
            pages[name].feed(data.decode())
            missing += [f"{name} shows {item}" for item in pages[name].shown - files.keys()]
    reached, waiting = set(), ["index.html"]
    while waiting:
        if (name := waiting.pop()) in pages and name not in reached:
            reached.add(name)
            waiting += pages[name].led
            missing += [f"{name} leads to {item}" for item in pages[name].led - files.keys()]
    return missing
