"""Check the finished site for dead links, outside requests, missing sizes and pages over their weight budget."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from campaign.cache.atomic import files_below
from campaign.cache.memo import Memo
from campaign.cache.store import hash_file
from campaign.cache.workers import map_in_workers
from campaign.checks.weight import check_weight, file_size
from campaign.models.problem import Problem
from campaign.website.page_audit import PageAudit, audit_key, audit_page

FIX = (
    "Correct it if it comes from the campaign's own shortcodes or theme files. "
    "Otherwise it is a bug in the generator: report it."
)
# With fewer new pages, starting processes costs more time than it saves.
PARALLEL_THRESHOLD_PAGES = 200
PAGES_PER_JOB = 50
HOME = "index.html"


def check_site(site: Path, site_url: str, memo: Memo | None = None, is_release: bool = False) -> Iterator[Problem]:
    """Check every page's links, pictures, requests and weight against the files in `site`.

    Links that begin with a slash are resolved below `site_url`. The caller saves `memo`, results by page.
    """
    base = urlsplit(site_url).path
    memo = memo or Memo(None)
    files = {name for name, _ in files_below(site)}
    pages = _look_at_all(site, base, sorted(name for name in files if name.endswith(".html")), memo)
    anchors = {name: set(page["ids"]) for name, page in pages.items()}
    homes = {name for name in pages if name.count("/") == 1 and name.endswith(f"/{HOME}")}
    size = cache(lambda target: file_size(site / target))
    for name, page in pages.items():
        for placeholder in page["asks"]:
            yield Problem("request-foreign", f"site/{name}", f"The page asks another site for {placeholder}.", FIX)
        yield from _check_links(name, page["links"], files, anchors)
        for source in page["sizeless"]:
            yield Problem("picture-no-size", f"site/{name}", f"A picture has no size: {source}.", FIX)
        yield from check_weight(site, name, page, name in homes, size, is_release)


def _look_at_all(site: Path, base: str, names: list[str], memo: Memo) -> dict[str, PageAudit]:
    hashes = {name: hash_file(site / name, f"site/{name}", memo) for name in names}
    results = {name: memo.get(audit_key(name, digest, base)) for name, digest in hashes.items()}
    new = [name for name, audit in results.items() if audit is None]
    result = dict(
        zip(
            new,
            map_in_workers(_audit, (site, base), new, PAGES_PER_JOB, len(new) > PARALLEL_THRESHOLD_PAGES),
            strict=True,
        )
    )
    for name, audit in result.items():
        memo.put(audit_key(name, hashes[name], base), audit)
    return {name: result[name] if audit is None else audit for name, audit in results.items()}


def _audit(shared: tuple[Path, str], name: str) -> PageAudit:
    site, base = shared
    return audit_page(name, (site / name).read_text(encoding="utf-8", errors="replace"), base)


def _check_links(
    name: str, links: list[tuple[str, str, str]], files: set[str], anchors: dict[str, set[str]]
) -> Iterator[Problem]:
    """links: as written in the page, with the file in the site that it leads to and the anchor there."""
    for address, path, anchor in links:
        target = path or name
        if target not in files:
            yield Problem("link-dead", f"site/{name}", f"A link leads nowhere: {address}.", FIX)
        elif anchor and target in anchors and anchor not in anchors[target]:
            yield Problem("link-no-heading", f"site/{name}", f"A link leads to no heading: {address}.", FIX)
