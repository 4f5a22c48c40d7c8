"""Find keys and passwords in files that many people read; they belong in the environment."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from campaign.content.settings import FILE
from campaign.models.problem import Problem

# Files that hosts read, besides mkdocs.yml.
FILES = (FILE, ".gitlab-ci.yml", "netlify.toml", "wrangler.toml", "wrangler.jsonc")
FOLDER = ".github/workflows"
MAX_CHARS = 1_000_000  # more characters than people type
# Known key prefixes, private keys, passwords in addresses, and values of secret-sounding names. References such as `${{
# secrets.KEY }}` or `$KEY` are fine.
SECRET = re.compile(
    r"\b(?:AKIA|ASIA)[0-9A-Z]{16}\b"
    r"|\b(?:gh[opsur]_|github_pat_|glpat-|nfp_)[\w-]{20,}"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----"
    r"|://[^\s/:@$]{1,200}:[^\s/@$]{1,200}@"
    r"|\b(?:\w{0,40}_)?(?:secret|password|passwd|token|api_?key|access_key)(?:_\w{0,40})?[\"']?\s*[:=]\s*[\"']?[\w/+=-]{12,}(?![\w(.])",
    re.IGNORECASE,
)
# A private key, to its end or the next empty line. The sign for a hidden secret.
KEY = re.compile(r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|(?=\n\s*\n)|\Z)", re.DOTALL)
HIDDEN_SECRET = "•••{}•••"


def check_secrets(root: Path) -> Iterator[Problem]:
    """Yield each line that seems to contain a secret, without quoting it."""
    for path in (*(root / name for name in FILES), *sorted((root / FOLDER).glob("*.y*ml"))):
        try:
            if not path.is_file():
                continue  # it is missing or unreadable
            with path.open(encoding="utf-8", errors="replace") as file:
                text = file.read(MAX_CHARS)
        except OSError:
            continue  # reported elsewhere
        for number, line in enumerate(text.splitlines(), 1):
            if SECRET.search(line):
                message = "This seems to be a key or a password, and anyone who has this file can use it."
                fix = "Remove it, replace the key or password, and put the new one into the environment."
                yield Problem("secret-in-file", f"{path.relative_to(root).as_posix()}:{number}", message, fix)


def hide_secrets(text: str) -> tuple[str, list[str]]:
    """Replace secrets in a text by signs, and return them."""
    secrets: list[str] = []

    def hidden(match: re.Match[str]) -> str:
        secrets.append(match[0])
        return HIDDEN_SECRET.format(len(secrets))

    text = KEY.sub(hidden, text)
    return SECRET.sub(hidden, text), secrets


def put_back_secrets(text: str, secrets: Sequence[str]) -> str:
    """Restore the secrets whose signs are still in a text."""
    for number, secret in enumerate(secrets, 1):
        text = text.replace(HIDDEN_SECRET.format(number), secret)
    return text
