"""A site that is being finished: its pages are in their folder, the files of languages and of the whole site follow."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from jinja2 import Environment

from campaign.cache.memo import Memo
from campaign.cache.output_tree import OutputTree
from campaign.graph.traces import InputTable
from campaign.models.campaign import Campaign
from campaign.website.frame import Frames
from campaign.website.metadata import Cards
from campaign.website.page_audit import PageAudit
from campaign.website.page_cache import PageCache, as_bytes, write_new
from campaign.website.pictures import PublicAssets
from campaign.website.view import View


class PageMaker(Protocol):
    """Makes pages from our templates."""

    env: Environment
    frames: Frames
    cards: Cards

    def finalise_html(self, html: str) -> str:
        """Return a rendered page as published."""

    def render_finished(self, view: View, lead: str, content: str) -> str:
        """Return a page with this text as published."""


@dataclass(frozen=True)
class Site:
    """A site whose pages are in their folder."""

    folder: Path
    campaign: Campaign  # a recording view
    unrecorded: Campaign  # without recording, for values computed in each build
    assets: PublicAssets
    audits: Mapping[str, Mapping[str, PageAudit]]  # of pages, by language and address
    open: Callable[[], PageMaker]  # only called if a page must be made
    cache_folder: Path | None = None  # files kept between builds; None to keep none
    inputs: InputTable = field(default_factory=lambda: InputTable(None, None))
    shared: str = ""  # fingerprint of the inputs that all pages share
    is_parallel: bool = False  # whether to use a process per language
    copies: Mapping[str, int] = field(default_factory=dict)  # bytes of offered copies, by address
    tree: OutputTree | None = None  # current and new site folder; None to write all files

    def place(self, address: str, file: Path, sha256: str) -> None:
        """Put a file with this hash into the site."""
        if self.tree:
            self.tree.place(address, file, sha256)
        else:
            (self.folder / address).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(file, self.folder / address)

    def write(self, address: str, text: str) -> None:
        """Put a text into the site."""
        if self.tree:
            self.tree.write(address, as_bytes(text))
        else:
            write_new(self.folder / address, text)

    def cached(self, name: str) -> PageCache:
        """Return the finished files of a name from the last build."""
        folder = self.cache_folder / name if self.cache_folder else None
        return PageCache(folder, self.folder, self.tree, self.inputs, self.shared)

    def memo(self, name: str) -> Memo:
        """Return a part of the cache."""
        return self.cached(name).memo
