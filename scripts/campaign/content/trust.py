"""Find what runs programs (hooks, plugins, templates), what lies outside the campaign, and secrets in its files."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from filecmp import cmp as same
from pathlib import Path

from campaign.cache.atomic import is_text
from campaign.content.other_generators import EXTENSION, KEY
from campaign.content.settings import FILE
from campaign.models.leftovers import is_leftover
from campaign.models.problem import CampaignError, Problem
from campaign.models.shipped import shipped_folder
from campaign.schema.yaml_reader import Fields, Value, read_yaml

# Settings that only are read or shown. Others may run something.
PLAIN = {
    *("site_name", "site_url", "site_description", "site_author", "copyright", "repo_url", "repo_name", "edit_uri"),
    *("docs_dir", "site_dir", "use_directory_urls", "exclude_docs", "draft_docs", "not_in_nav", "nav"),
    *("theme", "plugins", "extra", "strict", "validation", "dev_addr", "remote_branch", "remote_name"),
}
TRUST_REASONS = {
    "INHERIT": "takes settings from another file, which may run programs",
    "hooks": "runs programs that came with this campaign",
    "markdown_extensions": "loads programs; texts of campaigns are read without it",
    "extra_templates": "names templates, which can run programs",
}
PLUGINS = ("campaign", "i18n")
THEME = "material"
FIX = "Remove it. If you trust its author, run `campaign build --trust`."
# Without the guard, other generators could publish the campaign.
GUARD_FIX = f"Write `{KEY}: [{EXTENSION}]`. If you trust its author, run `campaign build --trust`."
FOLDERS = ("docs", "assets", "public", "formats", "shortcodes", "checks")
# Programs in a campaign's folders: folder, suffixes, description.
OWN_PROGRAMS = (("formats", (".typ",), "design"), ("shortcodes", (".html", ".typ"), "template"))
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
PRIVATE_KEY = re.compile(
    r"-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|(?=\n\s*\n)|\Z)", re.DOTALL
)
HIDDEN_SECRET = "•••{}•••"


def check_trust(root: Path) -> Iterator[Problem]:
    """Yield everything that would run programs other than the generator's."""
    top = Fields(read_yaml(root / FILE, FILE, []), FILE, [])
    for key, value in top.keys.items():
        if key == KEY and [item.text for item in value.items or ()] == [EXTENSION]:
            continue
        if key not in PLAIN:
            reason = TRUST_REASONS.get(key, "is no setting that campaigns need, and may run programs")
            yield _refused(value, f"`{key}` {reason}.", GUARD_FIX if key == KEY else FIX)
    for item in top.values("plugins"):
        for name in item.keys or {item.text or ""}:
            if name not in PLUGINS:
                yield _refused(item, f"The plugin `{name}` is a program that is not the generator's.")
    theme = top.keys.get("theme", Value(1, text=THEME))
    keys = theme.keys or {"name": theme}
    if keys.get("name", theme).text != THEME:
        yield _refused(keys.get("name", theme), f"The theme is not `{THEME}`: its templates can run programs.")
    if "custom_dir" in keys:
        raw = keys["custom_dir"].text or ""
        if result := foreign_files(root / raw):
            suffix = f" and {len(result) - 3} more" if len(result) > 3 else ""
            message = f"Templates can run programs, and those of `{raw}` are not the generator's:"
            yield _refused(keys["custom_dir"], f"{message} {', '.join(result[:3])}{suffix}.")
    yield from _own_programs(root)


def _own_programs(root: Path) -> Iterator[Problem]:
    for folder, suffixes, message in OWN_PROGRAMS:
        for name, _ in sorted(_files_and_links(root / folder, f"{folder}/")):
            if name.endswith(suffixes):
                yield Problem("program-refused", name, f"This {message} is a program that is not the generator's.", FIX)


def theme_folder(root: Path) -> str:
    """Return the template folder in mkdocs.yml, or ''."""
    theme = (read_yaml(root / FILE, FILE, []).keys or {}).get("theme")
    custom_dir = theme.keys.get("custom_dir") if theme and theme.keys else None
    return (custom_dir.text or "") if custom_dir else ""


def _refused(value: Value, message: str, fix: str = FIX) -> Problem:
    return Problem("program-refused", f"{FILE}:{value.line}", message, fix)


def foreign_files(folder: Path) -> list[str]:
    """Return the files and links in a template folder that differ from the built-in templates."""
    shipped = shipped_folder("overrides")
    if folder.resolve() == shipped.resolve():
        return []
    return sorted(
        name
        for name, entry in _files_and_links(folder)
        if (entry.is_symlink() or not (shipped / name).is_file() or not same(entry.path, shipped / name, shallow=False))
    )


def leads_out(path: Path, root: Path) -> bool:
    """Return whether a file is a link out of the published folders; `check_links` reports it."""
    return path.is_symlink() and not _is_inside(path, _published(root))


def _published(root: Path) -> list[Path]:
    return [(root / name).resolve() for name in FOLDERS if not (root / name).is_symlink()]


def _is_inside(path: Path, folders: list[Path]) -> bool:
    return any(Path(os.path.realpath(path)).is_relative_to(folder) for folder in folders)


def check_links(root: Path) -> Iterator[Problem]:
    """Yield links that lead out of docs/, assets/ and public/: their targets would be published."""
    published_paths = _published(root)
    for top in FOLDERS:
        links = [name for name, entry in _files_and_links(root / top, f"{top}/") if entry.is_symlink()]
        for name in [top] if (root / top).is_symlink() else sorted(links):
            if not _is_inside(root / name, published_paths):
                message = "This is a link out of docs/, assets/ and public/: what it leads to would be published."
                yield Problem("link-out-of-folder", name, message, "Put the file itself here.")


def refuse_names(root: Path) -> None:
    """Refuse undecodable file names, which no program can write down. Raise CampaignError if there are some."""
    names = (name for top in FOLDERS for name, _ in _files_and_links(root / top, f"{top}/"))
    message, fix = "The name of this file isn't text.", "Rename it: letters, digits and hyphens."
    problems = [Problem("name-not-portable", name, message, fix) for name in names if not is_text(name)]
    if problems:
        raise CampaignError(problems)


def _files_and_links(folder: Path | str, parent: str = "") -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield files and links below a folder; links aren't followed and leftovers are skipped."""
    with suppress(FileNotFoundError), os.scandir(folder) as entries:
        for entry in entries:
            if is_leftover(entry.name):
                continue
            if entry.is_dir(follow_symlinks=False):
                yield from _files_and_links(entry.path, f"{parent}{entry.name}/")
            else:
                yield parent + entry.name, entry


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

    text = PRIVATE_KEY.sub(hidden, text)
    return SECRET.sub(hidden, text), secrets


def put_back_secrets(text: str, secrets: Sequence[str]) -> str:
    """Restore the secrets whose signs are still in a text."""
    for number, secret in enumerate(secrets, 1):
        text = text.replace(HIDDEN_SECRET.format(number), secret)
    return text
