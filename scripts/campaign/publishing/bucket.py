"""A bucket (S3, and what speaks like it): what pages need, then pages, then what leads to them; what is gone goes last.

A bucket has no rename, so for some seconds new and old pages stand beside each other; none of them ever needs a file
that is not there. What it holds is noted in it, below `.campaign/`, before and after each change: whoever publishes
after a run that was killed knows what to put right. What a version replaces stays there too, for --rollback.
"""

from __future__ import annotations

import json
import mimetypes
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from campaign.cache.atomic import files_below
from campaign.models.problem import CampaignError, Problem
from campaign.publishing.bucket_store import Bucket
from campaign.publishing.folder import name_of
from campaign.publishing.site_state import Change, SiteState, changes, parse_state, refuse_return, sum_of, taken_out

OWN = ".campaign/"
MANIFEST, LOCK, OLD, VERSIONS = f"{OWN}manifest.json", f"{OWN}lock", f"{OWN}old/", f"{OWN}versions/"
# For programs that serve folders; a bucket reads none of them.
FOR_SERVERS = ("_headers", ".htaccess", "_nginx.conf")
# Python's own table alone, which is the same on all computers, and what it lacks.
TYPES = mimetypes.MimeTypes()
MORE_TYPES = {
    **{".js": "text/javascript", ".xml": "application/xml", ".webmanifest": "application/manifest+json"},
    **{".webp": "image/webp", ".avif": "image/avif", ".opus": "audio/ogg", ".woff2": "font/woff2", ".md": "text/plain"},
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}
# What a page that is open, or saved, may still ask for, though the site has it no more.
SHOWN = {".webp", ".avif", ".png", ".jpeg", ".jpg", ".svg", ".js", ".css", ".woff2"}
LISTS = ("feed.xml", "sitemap.xml", "sw.js")


@dataclass
class _Noted:
    """What is noted of a bucket, in it.

    Attributes:
        files: sums of what is served, by address.
        state: of the site that is served.
        versions: names, the oldest first; the last is served.
        pending: addresses that a run was about to change: nobody knows what stands there, if it was killed.
        kept: what the site has no more, and pages that are open may ask for: for so many versions still.
        names: all that is in the bucket.
    """

    files: dict[str, str] = field(default_factory=dict)
    state: SiteState | None = None
    versions: list[str] = field(default_factory=list)
    pending: list[str] = field(default_factory=list)
    kept: dict[str, int] = field(default_factory=dict)
    names: set[str] = field(default_factory=set)

    @property
    def sure(self) -> dict[str, str]:
        """Sums of what stands where it should."""
        doubtful = {*self.pending}
        return {name: sum for name, sum in self.files.items() if name in self.names and name not in doubtful}

    def to_json(self) -> bytes:
        return json.dumps({"versions": self.versions, "pending": sorted(self.pending), "kept": self.kept}).encode()


def publish(
    site: Path, address: str, publisher: str, state: SiteState, moment: datetime, keep: int, is_dry: bool
) -> Change:
    """Sends what changed.

    Args:
        site: the folder of the built site.
        address: `s3://bucket/prefix`.
        publisher: who publishes: the same after a run that was killed.
        state: of the site.
        moment: names the version.
        keep: so many versions stay.
        is_dry: only say what would change.
    """
    bucket = Bucket(address, LOCK, publisher)
    if is_dry:
        noted = _read(bucket)
        return changes(site, noted.sure, FOR_SERVERS)
    with bucket.alone():
        noted = _read(bucket)
        change = changes(site, noted.sure, FOR_SERVERS)
        new = {name: sum_of(Path(entry.path)) for name, entry in files_below(site) if name not in FOR_SERVERS}
        there = {*noted.files, *noted.pending, *noted.kept} & noted.names
        has_correction = bool(noted.versions) and (noted.state is None or any(taken_out(noted.state, state)))
        kept = {} if has_correction else _kept(noted, new, keep)
        gone = there - new.keys() - kept.keys()
        if change.is_none and not gone and noted.versions:
            return change
        # After a correction nothing that came before it may be fetched any more, not even by who knows where it lay.
        before = [] if has_correction else noted.versions[max(0, len(noted.versions) + 1 - keep) :]
        if before:
            _set_aside(bucket, noted, {*change.changed, *change.gone})
        fields = _fields(site)
        differing = {*change.new, *change.changed}

        def put(name: str) -> None:
            bucket.write(name, site / name, fields(name))

        after = _Noted(new, state, [*before, name_of(moment)], [], kept, noted.names)
        _change(bucket, noted, after, differing, gone, put)
    return change


def roll_back(address: str, publisher: str) -> str:
    """Brings back the version before the one that is served, and says its name.

    Raises:
        CampaignError: there is none, or it would bring back what was taken out since.
    """
    bucket = Bucket(address, LOCK, publisher)
    with bucket.alone():
        noted = _read(bucket)
        if len(noted.versions) < 2:
            what = "There is no version before the one that is served."
            raise CampaignError([Problem("rollback-none", address, what, "Publish anew instead.")])
        files, state = _version(bucket, noted.versions[-2])
        refuse_return(state, noted.state)
        sure = noted.sure
        differing = {name for name, sum in files.items() if sure.get(name) != sum}
        if any(OLD + files[name] not in noted.names for name in differing):
            what, fix = "Not all of that version is there any more.", "Publish anew instead."
            raise CampaignError([Problem("rollback-none", address, what, fix)])
        kept = {name: times for name, times in noted.kept.items() if name not in files}
        gone = ({*noted.files, *noted.pending} & noted.names) - files.keys() - kept.keys()
        after = _Noted(files, state, noted.versions[:-1], [], kept, noted.names)
        _change(bucket, noted, after, differing, gone, lambda name: bucket.copy(OLD + files[name], name))
        return after.versions[-1]


def _read(bucket: Bucket) -> _Noted:
    data = bucket.read(MANIFEST)
    found: dict[str, Any] = json.loads(data) if data else {}
    noted = _Noted(**found, names=bucket.names())
    if noted.versions:
        noted.files, noted.state = _version(bucket, noted.versions[-1])
    return noted


def _version(bucket: Bucket, name: str) -> tuple[dict[str, str], SiteState | None]:
    """What a version has: sums by address, and what must not come back once it was taken out."""
    data = bucket.read(f"{VERSIONS}{name}.json")
    found = json.loads(data) if data else {"files": {}, "state": None}
    return found["files"], parse_state(json.dumps(found["state"]).encode())


def _kept(noted: _Noted, new: Collection[str], keep: int) -> dict[str, int]:
    """What stays though the site has it no more, and for how many versions still."""
    left = {name: times - 1 for name, times in noted.kept.items() if times > 1}
    just_gone = {name: keep - 1 for name in noted.sure if PurePosixPath(name).suffix in SHOWN and keep > 1}
    return {name: times for name, times in {**just_gone, **left}.items() if name not in new and name in noted.names}


def _set_aside(bucket: Bucket, noted: _Noted, names: Iterable[str]) -> None:
    """Keeps what is about to be replaced, by its sum, where a version has it."""
    sure = noted.sure
    asides = {sure[name]: name for name in names if name in sure and OLD + sure[name] not in noted.names}
    bucket.each(lambda sum: bucket.copy(asides[sum], OLD + sum), asides)
    noted.names |= {OLD + sum for sum in asides}


def _change(
    bucket: Bucket, noted: _Noted, after: _Noted, differing: set[str], gone: set[str], put: Callable[[str], None]
) -> None:
    """Makes the bucket what it is to be, in an order in which every page has what it needs at each moment."""
    noted.pending = [*{*noted.pending, *differing, *gone}]
    _write(bucket, MANIFEST, noted.to_json())
    for names in _in_order(differing, noted.names):
        bucket.each(put, names)
    for is_page in (True, False):
        bucket.each(bucket.delete, sorted(name for name in gone if name.endswith(".html") == is_page))
    name = after.versions[-1]
    state = json.loads(after.state.to_json()) if after.state else None
    _write(bucket, f"{VERSIONS}{name}.json", json.dumps({"files": after.files, "state": state}).encode())
    _write(bucket, MANIFEST, after.to_json())
    needed = {f"{VERSIONS}{each}.json" for each in after.versions}
    for each in after.versions[:-1]:
        files, _ = _version(bucket, each)
        needed |= {OLD + sum for address, sum in files.items() if after.files.get(address) != sum}
    bucket.each(
        bucket.delete, sorted(each for each in after.names if each.startswith((OLD, VERSIONS)) and each not in needed)
    )


def _in_order(names: Iterable[str], there: Collection[str]) -> Iterator[list[str]]:
    """Files in groups, each of which needs only what is in those before it."""
    groups: dict[tuple[int, bool], list[str]] = {}
    for name in names:
        last = name.rsplit("/", 1)[-1]
        is_list = last in LISTS or (last.startswith("saved") and last.endswith(".json"))
        rank = 3 if name == "index.html" else 2 if is_list else 1 if name.endswith(".html") else 0
        # A new page is there before one that leads to it.
        groups.setdefault((rank, name in there), []).append(name)
    for group in sorted(groups):
        yield sorted(groups[group])


def _write(bucket: Bucket, name: str, data: bytes) -> None:
    bucket.write(name, data, {"Content-Type": "application/json", "Cache-Control": "no-store"})


def _fields(site: Path) -> Callable[[str], dict[str, str]]:
    """What a bucket is to say of each file to browsers: its kind, and what `_headers` has for caches."""
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
        found = {"Content-Type": f"{kind}; charset=utf-8" if is_text else kind}
        for path, value in rules:
            if name == path or (path.endswith("*") and name.startswith(path[:-1])):
                found["Cache-Control"] = value
        return found

    return fields
