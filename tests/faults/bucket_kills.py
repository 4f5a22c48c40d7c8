"""Kill publishing to a bucket before one request after another; report what visitors find then, and after a rerun.

Run directly (`python bucket_kills.py FOLDER LOG STEP KEEP`): each run is forked from here, where no library for
buckets was ever loaded, since its threads do not survive a fork. STEP: kill at every n-th request.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
import traceback
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from s3_server import BUCKET, KEYS, dead, s3_server, served

from campaign.publishing.bucket import BucketTarget
from campaign.publishing.bucket_store import Bucket
from campaign.publishing.site_state import SiteState
from campaign.publishing.target import Publication

KILLED = 9
TARGET = BucketTarget(BUCKET, "a b")
# Everything that changes something there, in addition to the lock.
CHANGES = ("write", "copy", "delete")
BEGUN = datetime(2026, 11, 27, tzinfo=UTC)


def write_site(folder: Path, word: str, pages: int) -> Path:
    """Pages that link to each other, with pictures that only this version has."""
    for number in range(pages):
        pictures = [f"pictures/{word}-{number}-{width}.webp" for width in (320, 640)]
        links = "".join(f'<a href="{word if item % 2 else "page"}-{item}.html">x</a>' for item in range(pages))
        page = f'<meta charset="utf-8">{links}<img src="../{pictures[0]}" srcset="../{pictures[1]} 640w">{word}'
        name = f"fil/{word if number % 2 else 'page'}-{number}.html"
        for path, text in ((name, page), *((picture, word) for picture in pictures), ("search.js", word)):
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text, encoding="utf-8")
    (folder / "index.html").write_text(f'<a href="fil/{word}-1.html">{word}</a>', encoding="utf-8")
    return folder


def publish(site: Path, moment: datetime, keep: int, kill_at: int | None = None) -> tuple[int, int]:
    """How a publishing process ended, and how many changes it made."""
    reader, writer = os.pipe()
    child = os.fork()
    if child:
        os.close(writer)
        with os.fdopen(reader, "rb") as file:
            count = len(file.read())
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), count
    code = 1
    try:
        counter = itertools.count()
        for name in CHANGES:
            really = getattr(Bucket, name)

            def counting(*arguments, really=really):
                if next(counter) == kill_at:
                    os._exit(KILLED)
                os.write(writer, b".")
                return really(*arguments)

            setattr(Bucket, name, counting)
        publication = Publication(site, SiteState("1"), moment, moment.date(), keep)
        TARGET.publish(publication, site.parent / "workspace")
        code = 0
    except Exception:
        traceback.print_exc()
    finally:
        os._exit(code)


def contents(site: Path) -> dict[str, bytes]:
    return {path.relative_to(site).as_posix(): path.read_bytes() for path in site.rglob("*") if path.is_file()}


def main(folder: Path, log: Path, step: int, keep: int) -> None:
    """The faults found at each moment."""
    old, new = (write_site(folder / word, word, 6) for word in ("old", "new"))
    with s3_server(log) as server:
        os.environ |= {**KEYS, "AWS_ENDPOINT_URL": server}
        moments = (BEGUN + timedelta(minutes=number) for number in itertools.count())
        results = {"dead": [], "ended": set(), "next": set(), "kills": 0}
        for site in (old, new):
            code, requests = publish(site, next(moments), keep)
            assert code == 0
        stands, other = new, old
        for number in range(0, requests, step):
            results["ended"].add(publish(other, next(moments), keep, number)[0])
            results["dead"] += dead(served(server, "a b/"))
            if number // step % 2:  # otherwise the next run publishes the previous version
                stands, other = other, stands
            results["next"].add(publish(stands, next(moments), keep)[0])
            files = served(server, "a b/")
            results["dead"] += dead(files)
            expected = contents(stands)
            # Files that open pages may still request stay too.
            assert {name: data for name, data in files.items() if keep == 1 or name in expected} == expected, number
            results["kills"] += 1
    print(json.dumps(results, default=sorted))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
