"""A built site behind the servers that its host files are written for: nginx (_nginx.conf), Apache (.htaccess) and
Cloudflare Pages (_headers), as its own wrangler runs it on this computer.

    apt-get install nginx-light apache2; npm install wrangler@4
    PATH=node_modules/.bin:$PATH python tests/benchmarks/real_hosts.py [site]

Each answers on a separate port: its answers for a page, the neutral page, a wrong address and gone.txt are compared
with the expected ones; a Chromium opens every sixth page, saves the site and reads it offline. Prints each fault; exit
code 1 if there are any. Not a test, because the packages start a web server wherever they are installed.

2026-11-26, nginx 1.26.3, Apache 2.4.71, wrangler 4, HELP: no fault. Netlify's `netlify dev` reads _headers too, but
sets Cache-Control itself, so it isn't tested here.
"""

from __future__ import annotations

import http.client
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import sync_playwright

NGINX = """
pid {work}/nginx.pid; error_log {work}/nginx.log; daemon off; events {{}}
http {{ include /etc/nginx/mime.types; access_log off;
  server {{ listen 127.0.0.1:{port}; root {site}; include {site}/_nginx.conf; }} }}
"""
APACHE = """
ServerRoot /etc/apache2
PidFile {work}/apache.pid
ErrorLog {work}/apache.log
User nobody
Listen 127.0.0.1:{port}
ServerName localhost
{modules}
TypesConfig /etc/mime.types
DocumentRoot {site}
<Directory {site}>
  AllowOverride All
  Require all granted
</Directory>
"""
PAGES = "wrangler pages dev {site} --ip 127.0.0.1 --port {port} --compatibility-date 2026-01-01"
MODULES = ("mpm_event", "authz_core", "mime", "dir", "headers")
REQUIRED_HEADERS = ("content-security-policy", "referrer-policy", "permissions-policy", "x-content-type-options")


def start(name: str, port: int, site: Path, work: Path) -> subprocess.Popen:
    """The server, answering."""
    load = "\n".join(f"LoadModule {module}_module /usr/lib/apache2/modules/mod_{module}.so" for module in MODULES)
    settings = work / f"{name}.conf"
    template = NGINX if name == "nginx" else APACHE
    settings.write_text(template.format(work=work, site=site, port=port, modules=load))
    command = {
        "nginx": ["nginx", "-c", str(settings)],
        "apache": ["apache2", "-f", str(settings), "-DFOREGROUND"],
        "cloudflare": PAGES.format(site=site, port=port).split(),
    }[name]
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=work)
    for _ in range(150):
        time.sleep(0.2)
        try:
            answer(port, "/")
        except OSError:
            continue
        return server
    sys.exit(f"{name} does not answer")


def answer(port: int, path: str) -> tuple[int, dict[str, str], str]:
    """Status, header fields in lower case, text. Cloudflare redirects to the name without its suffix."""
    connection = http.client.HTTPConnection("127.0.0.1", port)
    connection.request("GET", path)
    got = connection.getresponse()
    fields = {name.lower(): value for name, value in got.getheaders()}
    return answer(port, fields["location"]) if got.status == 308 else (got.status, fields, got.read().decode())


def faults_of(port: int, site: Path, code: str) -> list[str]:
    """Answers that differ from the expected ones."""
    missing = (site / "404.html").read_text(encoding="utf-8")
    results = []
    for path, status, cached in (
        ("/", 200, "no-store"),
        (f"/{code}/index.html", 200, "no-store"),
        (f"/{code}/saved.json", 200, "no-store"),
        (f"/w/{code}.html", 200, "max-age=604800"),
        ("/gone.txt", 200, "no-store"),
        (f"/{code}/no-such-page.html", 404, ""),
    ):
        got, fields, text = answer(port, path)
        results += [f"{path}: no {name}" for name in REQUIRED_HEADERS if name not in fields]
        if got != status or (cached and fields.get("cache-control") != cached):
            results.append(f"{path}: {got}, {fields.get('cache-control')}")
        if status == 404 and text != missing:
            results.append(f"{path}: not the site's own page")
        if path == "/gone.txt" and fields.get("clear-site-data") != '"cache"':
            results.append(f"{path}: nothing is cleared")
    return results


def walk(port: int, site: Path, code: str) -> list[str]:
    """A browser's complaints about pages and about saving."""
    results: list[str] = []
    with sync_playwright() as playwright:
        path = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))))
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        context = browser.new_context(locale="xx-XX")
        page = context.new_page()
        page.on("console", lambda item: results.append(item.text) if item.type in ("error", "warning") else None)
        pages = sorted(item.relative_to(site).as_posix() for item in site.rglob("*.html"))
        for each in pages[::6]:
            page.goto(f"http://127.0.0.1:{port}/{each}")
        page.goto(f"http://127.0.0.1:{port}/{code}/safety.html")
        page.click(".saving button")
        for _ in range(150):
            time.sleep(0.2)
            if page.locator(".saving progress").is_hidden() and page.inner_text(".saving-state"):
                break
        context.set_offline(True)
        page.goto(f"http://127.0.0.1:{port}/{code}/index.html")
        if not page.inner_text("h1"):
            results.append("nothing is read offline")
        browser.close()
    return results


def main() -> int:
    site = Path(sys.argv[1] if len(sys.argv) > 1 else "site").resolve()
    code = next(path.parent.name for path in sorted(site.glob("*/safety.html")))
    count = 0
    with tempfile.TemporaryDirectory() as folder:
        work = Path(folder)
        work.chmod(0o755)
        for port, name in ((8391, "nginx"), (8392, "apache"), (8393, "cloudflare")):
            root = work / name
            shutil.copytree(site, root)
            server = start(name, port, root, work)
            result = faults_of(port, root, code) + walk(port, root, code)
            server.terminate()
            server.wait()
            for item in result:
                print(f"{name}: {item}")
            count += len(result)
            print(f"{name}: {len(result)} faults")
    return bool(count)


if __name__ == "__main__":
    sys.exit(main())
