"""Give a page with an unportable file name a plain one, in every language at once."""

from __future__ import annotations

import re
from posixpath import dirname, join, normpath, relpath
from urllib.parse import unquote

from campaign.content.drafts import OPEN, STAMPED
from campaign.desk.files import SETTINGS, Change, Files, version_of
from campaign.models.campaign import Campaign
from campaign.models.names import plain_name

# The target of a Markdown link, and its fragment.
LINK = re.compile(r"(?<=\]\()(?:<([^<>#]+)(#[^<>]*)?>|([^()<>#\s]+)(#[^()\s]*)?)(?=\))")


def plain_path(campaign: Campaign, path: str) -> str:
    """Return a page's plain path below its language, or '' if it has one or it is taken."""
    *folders, name = path.split("/")
    parts = [*map(plain_name, folders), plain_name(name.removesuffix(".md"))]
    plain = f"{'/'.join(parts)}.md"
    taken = {each.casefold() for _, each in (*campaign.pages, *campaign.withheld) if each != path}
    return plain if all(parts) and plain != path and plain not in taken else ""


def renamed_page(campaign: Campaign, files: Files, path: str, plain: str) -> dict[str, Change]:
    """Return the changes that rename a page and its media in every language, and the links to it."""
    own = {f"docs/{code}/": code for code in campaign.languages}
    moves = {f"{folder}{path}": f"{folder}{plain}" for folder in own}
    moves |= {f"{STAMPED}/{path}.json": f"{STAMPED}/{plain}.json"}
    moves |= {f"{OPEN}/{code}/{path}.json": f"{OPEN}/{code}/{plain}.json" for code in own.values()}
    for folder in own:  # recordings
        beside = files.root / folder / dirname(path)
        stem = path.rpartition("/")[2].removesuffix(".md")
        for each in beside.iterdir() if beside.is_dir() else ():
            if each.is_file() and each.stem == stem and each.suffix != ".md":
                moves[join(folder, dirname(path), each.name)] = folder + plain.removesuffix(".md") + each.suffix
    changes: dict[str, Change] = {}
    for was, now in moves.items():
        if (data := files.read(was)) is not None:
            changes[was] = Change(version_of(data), None)
            changes[now] = Change(version_of(files.read(now)), data)
    for code, other in (*campaign.pages, *campaign.withheld):
        name = f"docs/{code}/{other}"
        data = files.read(name)
        if other == path or data is None:
            continue
        linked = _linked(data.decode(errors="surrogateescape"), other, path, plain).encode(errors="surrogateescape")
        if linked != data:
            changes[name] = Change(version_of(data), linked)
    settings = files.read(SETTINGS)
    if settings is not None and path in campaign.navigation:
        named = re.sub(rf"(?<![\w/-]){re.escape(path)}(?!\w)", plain, settings.decode())
        changes[SETTINGS] = Change(version_of(settings), named.encode())
    return changes


def _linked(text: str, page: str, path: str, plain: str) -> str:
    def led(link: re.Match[str]) -> str:
        to = unquote(link[1] or link[3])
        if "://" in to or normpath(join(dirname(page), to)) != path:
            return link[0]
        return relpath(plain, dirname(page) or ".") + (link[2] or link[4] or "")

    return LINK.sub(led, text)
