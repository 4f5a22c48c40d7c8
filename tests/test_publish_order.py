"""What visitors find at every moment of publishing: a bucket in memory, inspected after each request."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from s3_server import dead

from campaign.models.problem import CampaignError
from campaign.publishing import bucket
from campaign.publishing.bucket import OLD_FOLDER, OWN_FOLDER, BucketTarget
from campaign.publishing.site_state import SiteState
from campaign.publishing.target import Publication

BEGUN = datetime(2026, 11, 27, tzinfo=UTC)


class MemoryBucket:
    """A bucket without a server. files: name -> bytes; after_each: called after each change."""

    files: dict[str, bytes]
    after_each: Callable[[], None]
    is_locked = False

    def __init__(self, address: str, _lock: str, publisher: str) -> None:
        self.address, self.publisher = address, publisher

    def read(self, name: str) -> bytes | None:
        return self.files.get(name)

    def write(self, name: str, data: bytes | Path, fields) -> None:
        assert type(self).is_locked
        self.files[name] = data.read_bytes() if isinstance(data, Path) else data
        assert fields["Content-Type"]
        self.after_each()

    def copy(self, name: str, target: str) -> None:
        assert type(self).is_locked
        self.files[target] = self.files[name]
        self.after_each()

    def delete(self, name: str) -> None:
        assert type(self).is_locked
        self.files.pop(name, None)
        self.after_each()

    def names(self) -> set[str]:
        return {*self.files}

    def for_each(self, work, names) -> None:
        for name in [*names]:
            work(name)

    @contextmanager
    def locked(self) -> Iterator[None]:
        type(self).is_locked = True
        try:
            yield
        finally:
            type(self).is_locked = False


class Killed(BaseException):
    """The process ended here."""


class Bucket:
    """A bucket and sites that are published there one after the other."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.minutes, self.target = folder, 0, BucketTarget("water", "x")
        self.kill_at: int | None = None
        self.requests = 0
        MemoryBucket.files, MemoryBucket.after_each = {}, lambda _: self.look()

    @property
    def served(self) -> dict[str, bytes]:
        return {name: data for name, data in MemoryBucket.files.items() if not name.startswith(OWN_FOLDER)}

    def look(self) -> None:
        assert not dead(self.served)
        self.requests += 1
        if self.requests == self.kill_at:
            raise Killed

    def site(self, word: str, pages: int = 4) -> Path:
        """Pages that lead to each other, each with pictures of this version's own."""
        folder = self.folder / word
        for number in range(pages):
            shown = f"pictures/{word}-{number}.webp"
            links = "".join(f'<a href="{word if item % 2 else "page"}-{item}.html">x</a>' for item in range(pages))
            name = f"fil/{word if number % 2 else 'page'}-{number}.html"
            for path, text in ((name, f'{links}<img src="../{shown}">{word}'), (shown, word), ("sw.js", word)):
                (folder / path).parent.mkdir(parents=True, exist_ok=True)
                (folder / path).write_text(text, encoding="utf-8")
        (folder / "index.html").write_text(f'<a href="fil/{word}-1.html">{word}</a>', encoding="utf-8")
        (folder / "_headers").write_text("/*\n  Cache-Control: no-store\n", encoding="utf-8")
        return folder

    def publish(self, word: str, state: SiteState | None = None, keep: int = 3, is_dry: bool = False):
        self.minutes += 1
        moment = BEGUN + timedelta(minutes=self.minutes)
        publication = Publication(self.site(word), state or SiteState(word), moment, moment.date(), keep)
        return self.target.publish(publication, self.folder / "workspace", is_dry)

    def rollback(self):
        return self.target.rollback(self.folder / "workspace")


@pytest.fixture
def water(tmp_path, monkeypatch) -> Bucket:
    monkeypatch.setattr(bucket, "Bucket", MemoryBucket)
    return Bucket(tmp_path)


def contents(folder: Path) -> dict[str, bytes]:
    results = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    return {name: path.read_bytes() for name, path in results.items() if name != "_headers"}


def test_pages_of_a_bucket_never_need_a_file_that_is_not_there(water):
    water.publish("old")
    first = water.served
    assert first == contents(water.folder / "old")
    water.publish("new", is_dry=True)
    assert water.served == first
    water.publish("new")
    assert contents(water.folder / "new").items() <= water.served.items()
    # Only what open pages may show outlives its version.
    assert {name.partition("/")[0] for name in water.served.keys() - contents(water.folder / "new")} == {"pictures"}
    assert water.rollback().name.startswith("20261127-0001")
    assert first.items() <= water.served.items()
    assert not [name for name in water.served if name.startswith("fil/new")]
    with pytest.raises(CampaignError, match="no version before"):
        water.rollback()
    assert water.publish("old").is_empty


@pytest.mark.parametrize("keep", [1, 3])
def test_run_that_is_interrupted_at_any_request_is_put_right_by_the_next(water, keep):
    water.publish("old", keep=keep)
    water.publish("new", keep=keep)
    begun, kills, word = water.requests, 0, "old"
    water.publish(word, keep=keep)
    for kill_at in range(1, water.requests - begun + 1):
        other = "new" if word == "old" else "old"
        water.kill_at = water.requests + kill_at
        with pytest.raises(Killed):
            water.publish(other, keep=keep)
        water.kill_at = None
        word = other if kill_at % 2 else word  # or the publisher changed their mind
        water.publish(word, keep=keep)
        expected = contents(water.folder / word)
        assert expected.items() <= water.served.items()
        assert keep > 1 or water.served == expected
        kills += 1
    assert kills > 20


def test_rollback_after_an_interrupted_run_serves_the_version_before(water):
    water.publish("old")
    water.publish("new")
    water.kill_at = water.requests + 9
    with pytest.raises(Killed):
        water.publish("third")
    water.kill_at = None
    water.rollback()
    assert contents(water.folder / "old").items() <= water.served.items()


def test_first_page_of_a_bucket_is_written_last(water):
    water.publish("old")
    order: list[str] = []
    write = MemoryBucket.write
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(MemoryBucket, "write", lambda self, name, *given: (order.append(name), write(self, name, *given)))
        water.publish("new")
    shown = [name for name in order if not name.startswith(OWN_FOLDER)]
    assert shown[-2:] == ["sw.js", "index.html"]
    assert [name for name in shown if name.startswith("pictures/")] == shown[:4]


def test_correction_leaves_nothing_of_older_versions_in_a_bucket(water):
    water.publish("old", SiteState("1", ("113", "114")))
    water.publish("new", SiteState("2", ("113", "114")))
    assert [name for name in MemoryBucket.files if name.startswith(OLD_FOLDER)]
    water.publish("third", SiteState("3", ("114",)))
    assert {*water.served} == {*contents(water.folder / "third")}
    assert not [name for name in MemoryBucket.files if name.startswith(OLD_FOLDER)]
    with pytest.raises(CampaignError, match="no version before"):
        water.rollback()


def test_version_of_a_bucket_whose_files_are_gone_is_not_served_again(water):
    water.publish("old")
    water.publish("new")
    for name in [name for name in MemoryBucket.files if name.startswith(OLD_FOLDER)]:
        del MemoryBucket.files[name]
    with pytest.raises(CampaignError, match="no version before"):
        water.rollback()
    assert contents(water.folder / "new").items() <= water.served.items()
