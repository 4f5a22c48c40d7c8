"""S3-compatible buckets: upload the files that pages need, then pages, then files that link to them.

Buckets can't rename, so old and new pages are mixed for seconds, but never without a file that they need. A record in
`.campaign/` is written before and after each change, so that the next run repairs an interrupted one. Replaced files
stay there too, for rollbacks.
"""

from __future__ import annotations

import json
import secrets
import socket
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path, PurePosixPath
from typing import Any

from campaign.cache.atomic import files_below, write_whole
from campaign.publishing.address import refused
from campaign.publishing.bucket_store import ADDRESS, Bucket, response_fields
from campaign.publishing.site_state import Change, SiteState, changes, parse_state, sum_of, withdrawn
from campaign.publishing.target import Publication, Target, Version

OWN_FOLDER = ".campaign/"
MANIFEST = f"{OWN_FOLDER}manifest.json"
LOCK = f"{OWN_FOLDER}lock"
OLD_FOLDER = f"{OWN_FOLDER}old/"
VERSIONS = f"{OWN_FOLDER}versions/"
SERVER_FILES = ("_headers", ".htaccess", "_nginx.conf")  # for web servers; buckets don't read them
# Open or saved pages may still request these after the site has dropped them.
ASSET_SUFFIXES = {".webp", ".avif", ".png", ".jpeg", ".jpg", ".svg", ".js", ".css", ".woff2"}
LISTS = ("feed.xml", "sitemap.xml", "sw.js")


@dataclass
class _Record:
    """The record in a bucket."""

    files: dict[str, str] = field(default_factory=dict)  # address -> hash
    state: SiteState | None = None
    versions: list[str] = field(default_factory=list)  # oldest first, the last is served
    pending: list[str] = field(default_factory=list)  # addresses of a change in progress
    kept: dict[str, int] = field(default_factory=dict)  # removed files -> for how many more versions
    names: set[str] = field(default_factory=set)  # all objects

    @property
    def certain(self) -> dict[str, str]:
        """The hashes of files that are certainly in place."""
        pending = {*self.pending}
        return {name: sum for name, sum in self.files.items() if name in self.names and name not in pending}

    def to_json(self) -> bytes:
        return json.dumps({"versions": self.versions, "pending": sorted(self.pending), "kept": self.kept}).encode()


@dataclass
class _Switch:
    """A change to another version."""

    record: _Record
    put: Callable[[str], None]


@dataclass
class BucketTarget(Target):
    """A bucket, or a folder in one."""

    bucket: str
    prefix: str
    _store: Bucket | None = field(default=None, init=False, repr=False, compare=False)
    _record: _Record = field(default_factory=_Record, init=False, repr=False, compare=False)
    _switch: _Switch | None = field(default=None, init=False, repr=False, compare=False)

    @classmethod
    def parse(cls, root: Path, raw: str, location: str) -> BucketTarget:
        """Parse what follows `s3:`."""
        match = ADDRESS.fullmatch(f"s3:{location}")
        prefix = (match["prefix"] or "").strip("/") if match else ""
        if not match or any(part in (".", "..", "") or part.startswith("-") for part in prefix.split("/") if prefix):
            raise refused(raw, "This isn't a valid bucket name.", "Write s3://bucket or s3://bucket/folder.")
        return cls(match["bucket"], prefix)

    @property
    def address(self) -> str:
        """The address as people write it."""
        return f"s3://{self.bucket}/{self.prefix}".rstrip("/")

    @contextmanager
    def session(self, workspace: Path, writes: bool) -> Iterator[None]:
        """Read the record; only one run at a time may write."""
        self._store, self._switch = Bucket(self.address, LOCK, _publisher_id(workspace)), None
        if not writes:
            self._record = self._read_record()
            yield
            return
        with self._store.locked():
            self._record = self._read_record()
            yield

    def plan(self, publication: Publication) -> Change:
        """Compare the site with the bucket's record."""
        change = changes(publication.site, self._record.certain, SERVER_FILES)
        _, deleted_names = self._differences(self._next_record(publication))
        change.is_unfinished = bool(deleted_names) or not self._record.versions
        return change

    def upload(self, publication: Publication, change: Change) -> None:
        """Set aside what will be replaced, and upload what no served page refers to yet."""
        site, fields = publication.site, response_fields(publication.site)

        def put(name: str) -> None:
            self._files.write(name, site / name, fields(name))

        self._switch = _Switch(self._next_record(publication), put)
        changed_names, deleted_names = self._differences(self._switch.record)
        if self._switch.record.versions[:-1]:
            self._set_aside({*change.changed, *change.gone})
        self._mark_pending(changed_names, deleted_names)
        self._files.for_each(put, sorted(name for name in changed_names - self._record.names if not _is_visible(name)))

    def activate(self, version: str) -> None:
        """Put files into place, so that every page always has what it needs."""
        switch = self._switch or self._switch_back(version)
        changed_names, deleted_names = self._differences(switch.record)
        self._mark_pending(changed_names, deleted_names)
        uploaded = (
            {name for name in changed_names - self._record.names if not _is_visible(name)} if self._switch else set()
        )
        for names in _in_upload_order(changed_names - uploaded, self._record.names):
            self._files.for_each(switch.put, names)
        for is_page in (True, False):
            self._files.for_each(
                self._files.delete, sorted(name for name in deleted_names if name.endswith(".html") == is_page)
            )
        self._write_record(switch.record)

    def list_versions(self) -> list[Version]:
        """Return the served version and complete older ones, oldest first."""
        *earlier, versions = self._record.versions or [""]
        results = [Version(name) for name in earlier if self._is_complete(name)]
        return [*results, Version(versions, is_served=True)] if versions else []

    def read_state(self, version: str) -> SiteState | None:
        """Return the recorded state of a version."""
        return self._read_version(version)[1]

    @property
    def _files(self) -> Bucket:
        assert self._store, "no session"
        return self._store

    def _read_record(self) -> _Record:
        data = self._files.read(MANIFEST)
        results: dict[str, Any] = json.loads(data) if data else {}
        record = _Record(**results, names=self._files.names())
        if record.versions:
            record.files, record.state = self._read_version(record.versions[-1])
        return record

    def _read_version(self, name: str) -> tuple[dict[str, str], SiteState | None]:
        data = self._files.read(f"{VERSIONS}{name}.json")
        record = json.loads(data) if data else {"files": {}, "state": None}
        return record["files"], parse_state(json.dumps(record["state"]).encode())

    def _is_complete(self, version: str) -> bool:
        certain, names = self._record.certain, self._record.names
        files, _ = self._read_version(version)
        return all(certain.get(name) == sum or OLD_FOLDER + sum in names for name, sum in files.items())

    def _next_record(self, publication: Publication) -> _Record:
        record, site, keep = self._record, publication.site, publication.keep
        files = {name: sum_of(Path(entry.path)) for name, entry in files_below(site) if name not in SERVER_FILES}
        if record.versions and (record.state is None or any(withdrawn(record.state, publication.state))):
            # After a correction nothing older may be reachable, even by its address.
            return _Record(files, publication.state, [publication.version], [], {}, record.names)
        older_versions = record.versions[max(0, len(record.versions) + 1 - keep) :]
        kept_files = _kept_files(record, files, keep)
        return _Record(files, publication.state, [*older_versions, publication.version], [], kept_files, record.names)

    def _switch_back(self, version: str) -> _Switch:
        now = self._record
        files, state = self._read_version(version)
        kept_files = {name: count for name, count in now.kept.items() if name not in files}
        versions = now.versions[: now.versions.index(version) + 1]
        record = _Record(files, state, versions, [], kept_files, now.names)
        return _Switch(record, lambda name: self._files.copy(OLD_FOLDER + files[name], name))

    def _differences(self, after: _Record) -> tuple[set[str], set[str]]:
        record, certain = self._record, self._record.certain
        changed_names = {name for name, sum in after.files.items() if certain.get(name) != sum}
        uploaded = {*record.files, *record.pending, *record.kept} & record.names
        return changed_names, uploaded - after.files.keys() - after.kept.keys()

    def _set_aside(self, names: Iterable[str]) -> None:
        record, certain = self._record, self._record.certain
        copies = {
            certain[name]: name for name in names if name in certain and OLD_FOLDER + certain[name] not in record.names
        }
        self._files.for_each(lambda sum: self._files.copy(copies[sum], OLD_FOLDER + sum), copies)
        record.names |= {OLD_FOLDER + sum for sum in copies}

    def _mark_pending(self, changed_names: set[str], deleted_names: set[str]) -> None:
        self._record.pending = sorted({*self._record.pending, *changed_names, *deleted_names})
        self._write(MANIFEST, self._record.to_json())

    def _write_record(self, after: _Record) -> None:
        state = json.loads(after.state.to_json()) if after.state else None
        note = json.dumps({"files": after.files, "state": state}).encode()
        self._write(f"{VERSIONS}{after.versions[-1]}.json", note)
        self._write(MANIFEST, after.to_json())
        record_names = {f"{VERSIONS}{version}.json" for version in after.versions}
        for version in after.versions[:-1]:
            files, _ = self._read_version(version)
            record_names |= {OLD_FOLDER + sum for address, sum in files.items() if after.files.get(address) != sum}
        unneeded = [
            name for name in after.names if name.startswith((OLD_FOLDER, VERSIONS)) and name not in record_names
        ]
        self._files.for_each(self._files.delete, sorted(unneeded))

    def _write(self, name: str, data: bytes) -> None:
        self._files.write(name, data, {"Content-Type": "application/json", "Cache-Control": "no-store"})


def _kept_files(record: _Record, files: Collection[str], keep: int) -> dict[str, int]:
    """Return files that stay although the site dropped them, and for how many more versions."""
    remaining = {name: count - 1 for name, count in record.kept.items() if count > 1}
    newly_deleted = {
        name: keep - 1 for name in record.certain if PurePosixPath(name).suffix in ASSET_SUFFIXES and keep > 1
    }
    return {
        name: count
        for name, count in {**newly_deleted, **remaining}.items()
        if name not in files and name in record.names
    }


def _rank(name: str) -> int:
    """Return the order of a file: after everything that it refers to."""
    last = name.rsplit("/", 1)[-1]
    is_list = last in LISTS or (last.startswith("saved") and last.endswith(".json"))
    return 3 if name == "index.html" else 2 if is_list else 1 if name.endswith(".html") else 0


def _is_visible(name: str) -> bool:
    """Return whether visitors reach a new file without a page that links to it."""
    return _rank(name) > 0


def _in_upload_order(names: Iterable[str], uploaded: Collection[str]) -> Iterator[list[str]]:
    """Yield groups of files that only need those before them."""
    groups: dict[tuple[int, bool], list[str]] = {}
    for name in names:
        # A new page comes before one that links to it.
        groups.setdefault((_rank(name), name in uploaded), []).append(name)
    for group in sorted(groups):
        yield sorted(groups[group])


def _publisher_id(workspace: Path) -> str:
    file = workspace / "publisher"
    if not file.is_file():
        write_whole(file, secrets.token_hex(16).encode())
    return sha256(file.read_bytes() + f"{socket.gethostname()} {workspace.resolve()}".encode()).hexdigest()[:32]
