"""Run the Nu Html Checker over every page of a built site. Prints each error; exit code 1 if there are any.

    npm install --prefix /tmp/nu vnu-jar
    python tests/benchmarks/validate_html.py /tmp/nu/node_modules/vnu-jar/build/dist/vnu.jar [site]

Needs Java. Warnings are left out: read from files, a page has no origin, so the checker warns of everything that the
page's policy allows from `'self'`.

2026-11-25, vnu-jar 26.9.27, HELP: 380 pages, no error.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections import Counter
from pathlib import Path


def check(jar: Path, site: Path) -> list[dict]:
    """The checker's errors: {"url", "lastLine", "message", "extract"} each."""
    command = ["java", "-Xmx1g", "-jar", str(jar), "--format", "json", "--errors-only", "--skip-non-html", str(site)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    return json.loads(done.stderr)["messages"]


def main() -> int:
    jar, site = Path(sys.argv[1]), Path(sys.argv[2] if len(sys.argv) > 2 else "site").resolve()
    result = check(jar, site)
    for item in result:
        page = item.get("url", "").removeprefix(f"{site.as_uri()}/")
        print(f"{page}:{item.get('lastLine', '')} {item['message']} {item.get('extract', '').strip()[:120]}")
    kinds = Counter(item["message"] for item in result)
    print(f"{len(list(site.rglob('*.html')))} pages, {len(result)} errors of {len(kinds)} kinds")
    return bool(result)


if __name__ == "__main__":
    sys.exit(main())
