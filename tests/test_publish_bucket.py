"""Publishing to a bucket: an S3 server here (moto's), keys from the environment, one publisher at a time."""

from __future__ import annotations

import http.server
import json
import runpy
import shutil
import subprocess
import sys
import threading
from datetime import UTC, datetime

import pytest
from conftest import HERE, run
from s3_server import BUCKET, KEYS, ask, listed, s3_server, served
from test_publishing import change, contents, with_site

from campaign.models.problem import CampaignError
from campaign.publishing import bucket, bucket_store
from campaign.publishing.bucket import OLD_FOLDER, OWN_FOLDER, BucketTarget
from campaign.publishing.site_state import SiteState
from campaign.publishing.target import Publication

MOMENT = datetime(2026, 11, 27, tzinfo=UTC)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    with s3_server(tmp_path_factory.mktemp("s3") / "log") as address, pytest.MonkeyPatch.context() as patch:
        for name, value in {**KEYS, "AWS_ENDPOINT_URL": address, "HOME": "/nowhere"}.items():
            patch.setenv(name, value)
        yield address


def of_servers(files: dict[str, bytes]) -> dict[str, bytes]:
    return {name: data for name, data in files.items() if name not in bucket.SERVER_FILES}


def test_bucket_has_the_site_as_browsers_need_it_and_the_one_before_comes_back(tiny, tmp_path, server):
    root, target = with_site(tiny, tmp_path / "tiny"), f"s3://{BUCKET}/ünï 100% #1/".replace("#", "")
    prefix = "ünï 100% 1/"
    for language in ("ar", "km"):  # fewer files, each with a request
        shutil.rmtree(root / "site" / language)
    (root / "site/odd 100%.txt").write_text("odd")
    before = served(server)
    assert "Nothing was published" in run(root, "publish", target, "--dry-run")
    assert served(server) == before
    run(root, "publish", target)
    first = of_servers(contents(root / "site"))
    assert served(server, prefix) == first
    assert "Nothing to do" in run(root, "publish", target)
    for name, kind, cache in (
        ("fil/boil.html", "text/html; charset=utf-8", "no-store"),
        ("index.html", "text/html; charset=utf-8", "no-store"),
        ("w/fil.html", "text/html; charset=utf-8", "max-age=604800"),
        ("deferred.js", "text/javascript; charset=utf-8", None),
        ("pictures/photos-hills-640.avif", "image/avif", None),
    ):
        fields = ask(f"{server}/{BUCKET}/%C3%BCn%C3%AF%20100%25%201/{name}")[1]
        assert (fields["Content-Type"], fields.get("Cache-Control")) == (kind, cache)
    change(root)
    (root / "site/pictures/boil-the-water-km-a3-160.png").unlink()
    (root / "site/odd 100%.txt").unlink()
    assert "0 new, 1 changed, 2 gone" in run(root, "publish", target)
    new = of_servers(contents(root / "site"))
    # A page that is open may still ask for its picture; no page shows a text.
    name = "pictures/boil-the-water-km-a3-160.png"
    assert served(server, prefix) == {**new, name: first[name]}
    assert "Back to" in run(root, "publish", target, "--rollback")
    assert served(server, prefix) == first
    assert "There is no version before" in run(root, "publish", target, "--rollback", code=1)


SMALL = BucketTarget(BUCKET, "small")


def send(site, word, state=None, keep=3, **files):
    """Publish a small site; files: more of it."""
    shutil.rmtree(site, ignore_errors=True)
    for name, text in {"index.html": word, "fil/index.html": word, **files}.items():
        (site / name).parent.mkdir(parents=True, exist_ok=True)
        (site / name).write_text(text)
    moment = MOMENT.replace(minute=int(word))
    publication = Publication(site, state or SiteState(word), moment, moment.date(), keep)
    return SMALL.publish(publication, site.with_name("workspace"))


def test_what_was_taken_back_is_nowhere_in_the_bucket(tmp_path, server):
    site, photo = tmp_path / "site", {"pictures/photos-hills-640.avif": "hills"}
    send(site, "1", SiteState("1", ("113",), ("photos-hills",)), **photo)
    send(site, "2", SiteState("2", ("113",), ("photos-hills",)), **photo)
    assert any(name.startswith(OLD_FOLDER) for name in listed(server, "small/"))
    send(site, "3", SiteState("3", ("113",)))
    assert not [name for name in listed(server, "small/") if "photos" in name or name.startswith(OLD_FOLDER)]
    notes = [name for name in listed(server, "small/") if name.startswith(OWN_FOLDER)]
    assert not any(b"hills" in ask(f"{server}/{BUCKET}/small/{name}")[0] for name in notes)
    with pytest.raises(CampaignError, match="no version before"):
        SMALL.rollback(tmp_path / "workspace")
    # Other assets stay for a number of versions, and then go.
    send(site, "4", **{"pictures/a.webp": "a"})
    for word, is_there in (("5", True), ("6", True), ("7", False)):
        send(site, word)
        assert ("pictures/a.webp" in served(server, "small/")) is is_there
    assert len([name for name in listed(server, "small/") if "/versions/" in name]) == 3


def test_one_publishes_at_a_time(tmp_path, server, monkeypatch):
    site = tmp_path / "site"
    store = bucket_store.Bucket(f"s3://{BUCKET}/small", bucket.LOCK, "other")
    with store.locked():
        with pytest.raises(CampaignError, match="Someone else is publishing there"):
            send(site, "8")
        # A process without a heartbeat counts as dead; if it isn't, it stops.
        monkeypatch.setattr(bucket_store, "LEASE", bucket_store.timedelta(seconds=-1))
        send(site, "9")
        monkeypatch.setattr(bucket_store, "HEARTBEAT", -1)
        with pytest.raises(CampaignError, match="Someone else has taken over"):
            store.for_each(store.delete, ["index.html"])
    assert served(server, "small/")["index.html"] == b"9"
    assert f"{OWN_FOLDER}lock" not in listed(server, "small/")


@pytest.mark.usefixtures("server")
def test_keys_stay_out_of_files_and_the_way_is_encrypted(tiny, tmp_path, monkeypatch):
    root = with_site(tiny, tmp_path / "tiny")
    for address, way in (("s3://AKIA1:geheim@water", ()), ("s3://geheim@water", ("--rollback",))):
        assert "(target-password)" in (output := run(root, "publish", address, *way, code=1))
        assert "geheim" not in output
    with pytest.raises(CampaignError, match="NoSuchBucket"):
        BucketTarget("no-such-bucket", "").rollback(tmp_path)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://192.0.2.1")
    with pytest.raises(CampaignError, match=r"isn't encrypted"):
        BucketTarget(BUCKET, "").rollback(tmp_path)
    monkeypatch.setitem(sys.modules, "obstore", None)
    with pytest.raises(CampaignError, match="obstore>=0"):
        runpy.run_path(bucket_store.__file__)["Bucket"](f"s3://{BUCKET}", bucket.LOCK, "other")
    for name, line in (
        ("mkdocs.yml", "# aws_secret_access_key: abcdefghijklmnop"),
        ("netlify.toml", "token = 'abcdefghijklmnop'"),
    ):
        (root / name).write_text((root / name).read_text() + f"\n{line}\n" if name == "mkdocs.yml" else line)
        output = run(root, "publish", "site.zip", code=1)
        assert f"{name}:" in output
        assert "(secret-in-file)" in output
        assert "abcdefghijklmnop" not in output


def test_keys_are_found_where_other_programs_keep_them(tmp_path, monkeypatch):
    for name in (*KEYS, "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "keys").write_text(
        "[default]\naws_access_key_id=a\n[w]\naws_access_key_id=b\naws_secret_access_key=c\n"
    )
    (tmp_path / "settings").write_text("[profile w]\nregion=eu-west-1\nendpoint_url=https://s3.example\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "keys"))
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "settings"))
    monkeypatch.setenv("AWS_PROFILE", "w")
    expected = {"access_key_id": "b", "secret_access_key": "c", "region": "eu-west-1", "endpoint": "https://s3.example"}
    assert bucket_store._config() == expected
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "d")
    monkeypatch.setenv("AWS_REGION", "eu-west-2")
    assert bucket_store._config() == {"region": "eu-west-2", "endpoint": "https://s3.example"}


def test_without_keys_nothing_is_asked_and_each_failure_is_a_sentence(tmp_path, monkeypatch):
    for name in (*KEYS, *bucket_store.OTHER_CREDENTIALS, "AWS_PROFILE", "AWS_CONFIG_FILE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    asked = []

    class Metadata(http.server.BaseHTTPRequestHandler):
        def do_PUT(self):
            asked.append(self.path)

        do_GET = do_PUT

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Metadata) as other:
        threading.Thread(target=other.serve_forever, daemon=True).start()
        address = f"http://127.0.0.1:{other.server_port}"
        monkeypatch.setenv("AWS_METADATA_ENDPOINT", address)
        monkeypatch.setenv("AWS_ENDPOINT_URL", address)
        with pytest.raises(CampaignError, match=r"There are no keys for the bucket\. Set AWS_ACCESS_KEY_ID"):
            BucketTarget(BUCKET, "").rollback(tmp_path)
        other.shutdown()
    assert not asked
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "a")
    with pytest.raises(CampaignError, match="The key has no secret"):
        BucketTarget(BUCKET, "").rollback(tmp_path)
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "b")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:1")
    with pytest.raises(CampaignError) as raised:
        BucketTarget(BUCKET, "").rollback(tmp_path)
    assert "The server doesn't answer. Look whether there is a network" in str(raised.value)
    (tmp_path / "keys").write_text("aws_access_key_id = a\n")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "keys"))
    with pytest.raises(CampaignError, match="This file of keys can't be read"):
        BucketTarget(BUCKET, "").rollback(tmp_path)


@pytest.mark.long
@pytest.mark.usefixtures("unix")
def test_publishing_to_a_bucket_that_is_killed_leaves_no_dead_link_and_the_next_run_finishes(tmp_path):
    for keep in ("1", "3"):
        command = [sys.executable, HERE / "faults/bucket_kills.py", tmp_path / keep, tmp_path / "log", "1", keep]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        data = json.loads(done.stdout)
        assert data.pop("kills") > 4
        assert data == {"dead": [], "ended": [9], "next": [0]}
