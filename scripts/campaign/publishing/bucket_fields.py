"""Response headers of a bucket's files: type, and caching as in `_headers`."""

from __future__ import annotations

import mimetypes
from collections.abc import Callable
from pathlib import Path, PurePosixPath

# Python's own table, the same on every computer, with additions.
TYPES = mimetypes.MimeTypes()
MORE_TYPES = {
    **{".js": "text/javascript", ".xml": "application/xml", ".webmanifest": "application/manifest+json"},
    **{".webp": "image/webp", ".avif": "image/avif", ".opus": "audio/ogg", ".woff2": "font/woff2", ".md": "text/plain"},
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


def response_fields(site: Path) -> Callable[[str], dict[str, str]]:
    """Return a function from an address to its header fields."""
    rules: list[tuple[str, str]] = []
    base, path = "", ""
    file = site / "_headers"
    for line in file.read_text(encoding="utf-8").splitlines() if file.is_file() else ():
        key, _, value = line.partition(":")
        if line.startswith("/"):
            path = line.strip()
            base = base or path.removesuffix("*")
        elif key.strip() == "Cache-Control":
            rules.append((path.removeprefix(base), value.strip()))

    def fields(name: str) -> dict[str, str]:
        suffix = PurePosixPath(name).suffix.lower()
        kind = MORE_TYPES.get(suffix) or TYPES.guess_type(name)[0] or "application/octet-stream"
        is_text = kind.startswith("text/") or kind in ("application/json", "application/xml", "image/svg+xml")
        results = {"Content-Type": f"{kind}; charset=utf-8" if is_text else kind}
        for path, value in rules:
            if name == path or (path.endswith("*") and name.startswith(path[:-1])):
                results["Cache-Control"] = value
        return results

    return fields
