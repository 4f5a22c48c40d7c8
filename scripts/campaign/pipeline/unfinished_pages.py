"""Leave out each page that has a problem, with its pieces; everything else is built."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator
from dataclasses import replace
from posixpath import dirname, join, normpath
from typing import Any
from urllib.parse import unquote

import msgspec

from campaign.document.outline import outline
from campaign.models.campaign import FRONT, SAFETY, Campaign
from campaign.models.nodes import Link, Node
from campaign.models.outputs import Output
from campaign.models.page import ANSWERS, Page
from campaign.models.problem import Problem
from campaign.plan.outputs import catalogue

POSTERS = "assets/posters/"
_Key = tuple[str, str]


def without_unfinished(campaign: Campaign, problems: list[Problem]) -> Campaign:
    """Return the campaign without the pages that have a problem of level `page`; they are in its `left_out`.

    A translation is replaced by its source, a page in the source language leaves with its translations. Links to it
    become plain text. Pages that people in danger look for aren't left out: a problem that stops the build is added.
    """
    by_file: dict[str, list[Problem]] = {}
    for problem in problems:
        if problem.leaves_out_page:
            by_file.setdefault(problem.file, []).append(problem)
    if not by_file:
        return campaign
    pages = {**campaign.pages, **campaign.withheld}
    broken: set[_Key] = set()
    for file in by_file:
        users = {key for key, page in pages.items() if _uses(page, file)}
        broken |= users
        own_paths = {path for _, path in users} | _page_path(file)
        if any(_is_needed(campaign, path) for path in own_paths):
            message = "People in danger look for this page, so the build waits for it."
            problems.append(Problem("page-needed", file, message, "Fix its other problems."))
    paths = {path for code, path in broken if code == campaign.source_language.code}
    dropped = {key: page for key, page in pages.items() if key in broken or key[1] in paths}
    while dependent := {key: page for key, page in pages.items() if key not in dropped and _leads_to(page, paths)}:
        dropped |= dependent
        paths |= {path for code, path in dependent if code == campaign.source_language.code}
    drawings = {file.split("/")[2] for file in by_file if file.startswith(POSTERS)}
    names = {(page.language, page.stem) for page in dropped.values()}
    return replace(
        campaign,
        pages={key: _without_links(page, paths) for key, page in campaign.pages.items() if key not in dropped},
        withheld={key: page for key, page in campaign.withheld.items() if key not in dropped},
        left_out=dropped,
        posters={name: poster for name, poster in campaign.posters.items() if name not in drawings},
        print_run=tuple(order for order in campaign.print_run if (order.language, order.piece) not in names),
        navigation=tuple(path for path in campaign.navigation if path not in paths),
    )


def left_out_pieces(campaign: Campaign, problems: Iterable[Problem]) -> dict[Output, tuple[Problem, ...]]:
    """Return the pieces of the pages that were left out, with the problems of their pages."""
    if not campaign.left_out:
        return {}
    own: dict[_Key, list[Problem]] = {}
    known = [problem for problem in problems if problem.leaves_out_page]
    for page in campaign.left_out.values():
        sources = (page.where, f"docs/{campaign.source_language.code}/{page.path}")
        found = [problem for problem in known if _uses(page, problem.file) or problem.file in sources]
        own[page.language, page.stem] = found or known[:1]
    pieces = catalogue(replace(campaign, pages=campaign.left_out))
    return {
        output: tuple(own[output.language or "", output.name])
        for output in pieces
        if output.is_piece and (output.language or "", output.name) in own
    }


def _uses(page: Page, file: str) -> bool:
    """Return whether a page is in a file, or shows it."""
    if file == page.where:
        return True
    if file.startswith(POSTERS):
        scenes = {code.arguments.get("name") for code in page.outline.shortcodes}
        arts = {page.art, *(cover.art for cover in page.covers)} if page.formats else set()
        return file.split("/")[2] in scenes | arts
    folder = join("docs", page.language, dirname(page.path))
    return any(normpath(join(folder, unquote(image.to))) == file for image in page.outline.images)


def _page_path(file: str) -> set[str]:
    """Return a page's path below its language's folder, even if it couldn't be read."""
    return {file.split("/", 2)[2]} if re.fullmatch(r"docs/[^/]+/.+\.md", file) else set()


def _is_needed(campaign: Campaign, path: str) -> bool:
    """Return whether people in danger look for a page: the front page, help, safety, answers."""
    return path in (FRONT, campaign.help_page, SAFETY) or path.startswith(ANSWERS)


def _leads_to(page: Page, paths: Collection[str]) -> bool:
    """Return whether a piece's code leads to one of the pages."""
    return page.options.link.partition("#")[0] in paths


def _without_links(page: Page, paths: Collection[str]) -> Page:
    """Return a page whose links to some paths are plain text."""

    def is_dead(link: Link) -> bool:
        return normpath(join(dirname(page.path), link.to.partition("#")[0])) in paths

    if not any(map(is_dead, page.outline.links)):  # type: ignore[arg-type]  # references have `to` as well
        return page
    document = page.document
    parts = {name: tuple(_plain(getattr(document, name), is_dead)) for name in ("blocks", "notes")}
    document = msgspec.structs.replace(document, **parts)
    return replace(page, tree=msgspec.json.encode(document).decode(), outline=outline(document))


def _plain(nodes: Iterable[Any], is_dead: Any) -> Iterator[Any]:
    """Yield nodes with the words of dead links in their place."""
    for node in nodes:
        if isinstance(node, tuple):  # a row of a table
            yield tuple(_plain(node, is_dead))
        elif isinstance(node, Link) and is_dead(node):
            yield from _plain(node.children, is_dead)
        elif isinstance(node, Node):
            lists = {
                name: tuple(_plain(value, is_dead))
                for name in ("children", "head", "rows")
                if (value := getattr(node, name, ()))
            }
            yield msgspec.structs.replace(node, **lists) if lists else node
        else:
            yield node
