"""Lighthouse's marks for accessibility, best practices and search engines, as if the site were at its real address.

    npm install --prefix /tmp/web lighthouse@12.2.3
    python tests/benchmarks/lighthouse.py /tmp/web/node_modules SITE [PAGE ...]

SITE: a built site with a real address (`site_url` in mkdocs.yml). It is served over HTTPS on this computer, and
Chromium is told that its host is here. Without pages: one of each kind. Ends with 1 if a mark is below 100.
"""

from __future__ import annotations

import functools
import http.server
import json
import os
import re
import shutil
import ssl
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from site_weight import Gzipping

CATEGORIES = ("accessibility", "best-practices", "seo")
PAGES = (
    "index.html",
    "en/index.html",
    "en/numbers.html",
    "tet/answers/papers.html",
    "en/law.html",
    "tet/press.html",
    "en/services.html",
    "tet/posters/job-offer.html",
)


@contextmanager
def served_over_https(folder: Path, host: str) -> Iterator[int]:
    """Serve a folder with a certificate that nobody signed; yield the port."""
    with tempfile.TemporaryDirectory() as place:
        key, certificate = Path(place, "key.pem"), Path(place, "certificate.pem")
        subject = ("-subj", f"/CN={host}", "-days", "2", "-nodes")
        files = ("-keyout", str(key), "-out", str(certificate))
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "rsa:2048", *subject, *files], check=True, capture_output=True
        )
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Gzipping, directory=folder))
        server.socket = context.wrap_socket(server.socket, server_side=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield server.server_port
        finally:
            server.shutdown()
            server.server_close()


def marks(modules: Path, address: str, host: str, port: int) -> tuple[dict[str, int], list[str]]:
    """Return the mark of each category, and the audits that cost marks."""
    chrome = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))))
    # Requests for port 443 of the host go to our server.
    rules = f"--host-resolver-rules='MAP {host}:443 127.0.0.1:{port}' --ignore-certificate-errors"
    command = [
        *(str(modules / ".bin/lighthouse"), address, "--quiet", "--output=json", "--output-path=stdout"),
        *(f"--only-categories={','.join(CATEGORIES)}", f"--chrome-flags=--headless=new --no-sandbox {rules}"),
    ]
    done = subprocess.run(command, env={**os.environ, "CHROME_PATH": chrome}, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"lighthouse: {done.stdout[-2000:]}{done.stderr[-2000:]}")
    report = json.loads(done.stdout)
    faults = [
        f"{row['id']}: {report['audits'][row['id']]['title']}"
        for category in report["categories"].values()
        for row in category["auditRefs"]
        if row["weight"] and report["audits"][row["id"]]["score"] == 0
    ]
    return {name: round(100 * report["categories"][name]["score"]) for name in CATEGORIES}, faults


def main() -> None:
    modules, site = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    found = re.search(r"<loc>(https?://[^<]+?/)[^/<]*/", (site / "sitemap.xml").read_text(encoding="utf-8"))
    if not found:
        sys.exit("The site has no address.")
    base, is_perfect = found[1], True
    host = urlsplit(base).netloc
    with served_over_https(site, host) as port:
        for path in sys.argv[3:] or PAGES:
            results, faults = marks(modules, f"{base}{path}", host, port)
            is_perfect = is_perfect and set(results.values()) == {100}
            print(f"{path:30}", *(f"{name} {mark}" for name, mark in results.items()), *faults, sep="  ", flush=True)
    sys.exit(not is_perfect)


if __name__ == "__main__":
    main()
