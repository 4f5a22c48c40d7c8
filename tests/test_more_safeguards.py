"""Safeguards that the planted bugs of a review took out while all tests passed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace
from datetime import timedelta
from errno import ENOSPC
from types import SimpleNamespace

import asyncssh
import pytest
from click.testing import CliRunner
from conftest import HERE
from edits import DAY
from filelock import FileLock, Timeout
from lxml import etree
from test_desk import until
from test_desk_slips import desk
from test_publish_host import host  # noqa: F401  a fixture
from test_publish_order import MemoryBucket, water  # noqa: F401  a fixture
from test_safeguards import FORMERS, PAGE, publication, root  # noqa: F401  a fixture

from campaign.cache import atomic, memo
from campaign.cache.inputs import describe_entries
from campaign.cache.memo import Memo
from campaign.cache.output_tree import OutputTree
from campaign.cache.store import Store, hash_content
from campaign.checks.outside import may_have_words_outside
from campaign.content import clock, load
from campaign.content.review import stamp_file
from campaign.desk import files as desk_files
from campaign.desk.contact_file import ContactFile
from campaign.desk.files import Change, Files, version_of
from campaign.desk.forms import Edit
from campaign.desk.jobs import Jobs
from campaign.desk.panels.translate import Translate
from campaign.exchange.translation_file import entries, take
from campaign.exchange.xliff import as_xliff, read_xliff
from campaign.models.outputs import Artifact, Output
from campaign.models.problem import CampaignError, Problem
from campaign.pipeline import unchanged_build
from campaign.pipeline.keys import Fingerprint, piece_keys
from campaign.pipeline.left_out import last_versions
from campaign.pipeline.misfits import Misfits, fullest_places
from campaign.pipeline.report import LEFT_OUT, Report, as_line
from campaign.plan.outputs import catalogue
from campaign.publishing.bucket import MANIFEST, OLD_FOLDER, VERSIONS
from campaign.publishing.folder import FolderTarget
from campaign.publishing.site_state import SiteState, withdrawn
from campaign.website.mkdocs import incremental

OUTPUT = Output("leaflet", "x", "en", None, "tri-fold", "office")


def test_nothing_older_stays_in_a_bucket_if_the_record_of_the_served_version_is_lost(water):  # noqa: F811
    water.publish("1")
    water.publish("2")
    served = f"{VERSIONS}{json.loads(MemoryBucket.files[MANIFEST])['versions'][-1]}.json"
    MemoryBucket.files[served] = json.dumps({**json.loads(MemoryBucket.files[served]), "state": None}).encode()
    water.publish("3")
    assert not [name for name in MemoryBucket.files if name.startswith(OLD_FOLDER)]
    with pytest.raises(CampaignError, match="no version before"):
        water.rollback()


def test_version_on_a_host_gets_its_name_after_its_record(host, monkeypatch):  # noqa: F811
    host.publish(index_html="1")

    async def cut(*_):
        raise asyncssh.SFTPFailure("cut")

    monkeypatch.setattr(asyncssh.SFTPClient, "posix_rename", cut)
    if hasattr(host.target, "_ssh"):
        ssh = type(host.target)._ssh
        monkeypatch.setattr(
            type(host.target), "_ssh", lambda self, text: 1 / 0 if text[:3] == "mv " else ssh(self, text)
        )
    with pytest.raises((CampaignError, ZeroDivisionError)):
        host.publish(index_html="2")
    assert len([*(host.folder / "versions").glob("*.json")]) == 2


def test_number_with_an_extension_that_was_taken_out_does_not_come_back():
    old = SiteState("1", ("07700900113,12",))
    now = replace(old, former=("07700 900113",))
    assert [problem.id for problem in withdrawn(old, now)] == ["rollback-returns"]


def test_rollback_of_a_folder_waits_for_whoever_publishes_there(tmp_path, monkeypatch):
    target, seen = FolderTarget(tmp_path / "web"), []
    for minute in (0, 1):
        target.publish(publication(tmp_path / "site", str(minute), minute), tmp_path / "work")

    def activate(*_) -> None:
        with pytest.raises((Timeout, RuntimeError)), FileLock(tmp_path / "web/.lock", timeout=0):
            seen.append("entered")

    monkeypatch.setattr(FolderTarget, "activate", activate)
    target.rollback(tmp_path / "work")
    assert seen == []


def test_history_loses_its_oldest_saves(root, monkeypatch):  # noqa: F811
    monkeypatch.setattr(desk_files, "MAX_SAVES", 2)
    files = Files(root)
    for word in (b"1", b"2", b"3"):
        files.save("a title", "Maria", {PAGE: Change(version_of(files.read(PAGE)), word)})
    assert [save.number for save in files.history()] == [3, 2]


def test_build_that_is_stopped_is_not_published_though_it_left_out_outputs(tmp_path, monkeypatch):
    def work(_, job):
        job.parse_line(as_line(LEFT_OUT, 3, 3))
        job.is_stopped = True
        return -15

    monkeypatch.setattr(Jobs, "_run", work)
    both = Jobs(tmp_path).start("Build", ["build"], ["publish", "web"])
    until(lambda: both.is_done)
    assert (both.arguments, both.state) == (("build",), "unchanged")


def test_second_number_of_a_contact_leaves_the_first_its_extension(root):  # noqa: F811
    (root / "assets/contacts/hill.yml").write_text(FORMERS, "utf-8")
    file, path = ContactFile.read(Files(root), "hill"), ("contacts", 0)
    from campaign.schema.yaml_splice import parse

    [contact] = parse(file.edited("clinic", [Edit((*path, "numbers", 1, "phone"), "07700 900116")]))["contacts"]
    assert [(row["phone"][-3:], row.get("extension")) for row in contact["numbers"]] == [("112", "12"), ("116", None)]
    assert "extension" not in contact


def test_what_is_accepted_are_the_notes_that_were_shown(root, monkeypatch):  # noqa: F811
    stamp_file(root, root / PAGE, "Ana Lopes")
    text = (root / PAGE).read_text("utf-8")
    notes = {"seen": ""}
    monkeypatch.setattr(Translate, "_notes_to_check", lambda *_: dict(notes))
    with desk(root) as asked:
        status, _, page = asked.send("/translate/ar/accept/boil.md", by="Omar Said")
        sure = page.partition('name="sure" value="')[2].partition('"')[0]
        assert (status, bool(sure)) == (422, True)
        notes["new"] = ""
        assert asked.send("/translate/ar/accept/boil.md", by="Omar Said", sure=sure)[0] == 422
        assert (root / PAGE).read_text("utf-8") == text
        del notes["new"]
        assert asked.send("/translate/ar/accept/boil.md", by="Omar Said", sure=sure)[0] == 303


def test_file_that_came_back_is_taken_whole_or_not_at_all(root):  # noqa: F811
    campaign = load(root)[0]
    [one, *_] = [row for row in entries(campaign, "ar", paths=["boil.md"]) if row.target]
    [two, *_] = [row for row in entries(campaign, "ar", paths=["safety.md"]) if row.target]
    (root / "docs/ar/safety.md").write_bytes(b"\xff")
    before = {path: path.read_bytes() for path in (root / "docs").rglob("*") if path.is_file()}
    with pytest.raises(Exception, match="UTF-8"):
        take(campaign, "ar", [replace(one, target="كلامي"), replace(two, target="كلامي")], "Ana")
    assert {path: path.read_bytes() for path in (root / "docs").rglob("*") if path.is_file()} == before


def test_unit_with_a_sentence_to_do_is_open(root, tmp_path):  # noqa: F811
    row = next(row for row in entries(load(root)[0], "ar", paths=["boil.md"]) if row.target and not row.is_open)
    tree = etree.fromstring(as_xliff([row], "fil", "ar"))
    [segment] = tree.iter("{*}segment")
    second = etree.fromstring(etree.tostring(segment))
    second.set("state", "initial")
    segment.addnext(second)
    (tmp_path / "ar.xlf").write_bytes(etree.tostring(tree))
    assert [item.is_open for item in read_xliff(tmp_path / "ar.xlf")] == [True]


def test_rows_of_another_program_do_not_come_back_with_the_first_new_one(tmp_path, monkeypatch):
    file = tmp_path / "memo.sqlite"
    old = Memo(file)
    old.put("a", "old")
    old.save()
    monkeypatch.setattr(memo, "program_hash", lambda *_: "another")
    new = Memo(file)
    assert new.get("a") is None
    new.put("b", "new")
    new.save()
    assert (Memo(file).get("a"), Memo(file).get("b")) == (None, "new")


def test_space_with_a_number_of_rows_keeps_the_latest(tmp_path):
    rows = Memo(tmp_path / "memo.sqlite", "x", max_rows=2)
    for key in "abc":
        rows.put(key, key)
        rows.save()
    assert Memo(tmp_path / "memo.sqlite", "x").keys() == {"b", "c"}


def test_file_of_other_code_that_changed_before_it_was_placed_is_hashed_again(tmp_path):
    tree = OutputTree(tmp_path, "site", Memo(None))
    (tree.new / "a.html").write_bytes(b"newer")
    tree.record("a.html", hashlib.sha256(b"older").hexdigest(), [5, 1])
    atomic.publish(tmp_path, tree.close())
    assert tree.rows()["a.html"][2] == hashlib.sha256(b"newer").hexdigest()


def test_output_that_a_build_forgets_is_not_in_the_store_of_the_next(tmp_path):
    store = Store(tmp_path)
    file = store.file("ab" * 32, OUTPUT)
    file.parent.mkdir(parents=True)
    file.write_bytes(b"12345")
    artifact = Artifact(OUTPUT, file, 5, hash_content(file), 0, 0)
    store.keep(artifact)
    store.save()
    assert Store(tmp_path).find("ab" * 32, OUTPUT) == artifact
    Store(tmp_path).forget([artifact])
    assert Store(tmp_path).find("ab" * 32, OUTPUT) is None


def test_warning_about_static_files_is_given_by_each_build(tmp_path, monkeypatch):
    warning = Problem("mkdocs-warning", "mkdocs.yml", "x", "y")
    (tmp_path / ".build").mkdir()
    monkeypatch.setattr(incremental, "_run_mkdocs", lambda _: ({}, [warning]))
    for _ in range(2):
        work = incremental.Work(SimpleNamespace(root=tmp_path), [], tmp_path / "site", "shared")
        assert incremental._publish_static_files(work) == [warning]


def test_site_that_is_forgotten_has_no_row_in_the_database(tmp_path):
    spaces = (f"{incremental.PAGES}/ar", f"{incremental.TEXTS}/ar", incremental.STATIC_FILES, incremental.FRAMES)
    kept = Memo.of(tmp_path)
    for space in (*spaces, incremental.INPUTS, "store"):
        kept.namespace(space).put("a", 1)
    kept.save()
    incremental.forget(tmp_path)
    again = Memo.of(tmp_path)
    left = [space for space in (*spaces, incremental.INPUTS, "store") if again.namespace(space).get("a")]
    assert left == ["store"]


def test_pages_are_all_made_again_if_a_hook_or_plugin_may_read_anything():
    ours = {
        "plugins": {"campaign": 1, "i18n": 1},
        "hooks": {},
        "extra_templates": [],
        "theme": SimpleNamespace(custom_dir=None),
    }
    assert incremental.supports_incremental(SimpleNamespace(**ours))
    for name, value in (("hooks", {"a.py": 1}), ("extra_templates", ["a"]), ("plugins", {"campaign": 1, "other": 1})):
        assert not incremental.supports_incremental(SimpleNamespace(**ours | {name: value}))


@pytest.mark.parametrize("is_unchanged", [True, False])
def test_keys_of_files_that_changed_meanwhile_are_not_recorded(root, is_unchanged):  # noqa: F811
    campaign, kept = load(root)[0], Memo(None)
    output = next(item for item in catalogue(campaign, frozenset({None})) if item.is_piece)
    fingerprint = Fingerprint(dict.fromkeys((None, *campaign.languages), "x"), {}, lambda: is_unchanged)
    piece_keys(campaign, [output], lambda *_: ("key", {}), fingerprint, kept)
    assert bool(kept.namespace("keys").keys()) is is_unchanged


def test_build_of_a_clock_that_was_ahead_is_not_unchanged(root, monkeypatch):  # noqa: F811
    (root / "site").mkdir()
    (root / "dist").mkdir()
    monkeypatch.setattr(unchanged_build, "is_unchanged", lambda *_: True)
    monkeypatch.setattr(unchanged_build, "read_made", lambda *_: [])
    database, times = Memo.of(root), (clock.now() + timedelta(hours=1), None)
    unchanged_build.record_unchanged(root, database, describe_entries(root, database), False, (), {}, times, ())
    for seconds, is_seen in ((3599, True), (3600, False)):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", str(DAY + seconds))
        assert (unchanged_build.report_if_unchanged(root, False) is None) == is_seen


@pytest.mark.parametrize(("id", "is_kept"), [("word-wide", True), ("image-damaged", False)])
def test_problem_with_another_cause_is_not_remembered(root, id, is_kept):  # noqa: F811
    misfits = Misfits(load(root)[0], Memo(None))
    misfits.record("key", OUTPUT, [Problem(id, "docs/x.md", "x", "y")])
    assert (misfits.find("key", OUTPUT) is not None) is is_kept


def test_place_with_the_longest_name_is_measured_too():
    campaign = load(HERE / "campaigns/full")[0]
    [fullest] = campaign.places.values()
    other = replace(fullest, code="other", names={"fil": "x" * 200}, contacts=())
    campaign = replace(campaign, places={fullest.code: fullest, "other": other})
    assert fullest_places(campaign) == {fullest.code, "other"}


def test_outdated_copy_is_of_the_last_version(root):  # noqa: F811
    campaign = load(root)[0]
    output = next(item for item in catalogue(campaign, frozenset({None})) if item.is_piece and item.path)
    for name, text in ((output.path, b"last"), (f"outdated/{output.path}", b"before")):
        (root / "dist" / name).parent.mkdir(parents=True, exist_ok=True)
        (root / "dist" / name).write_bytes(text)
    assert last_versions(campaign, {output: ()}) == {f"outdated/{output.path}": b"last"}


def test_long_word_of_a_contact_is_searched_for_wherever_it_is_printed():
    campaign = load(HERE / "campaigns/full")[0]
    place = next(code for code in campaign.places if campaign.places[code].contacts)
    output = next(
        item
        for item in catalogue(campaign, frozenset({place}))
        if item.place == place and item.is_piece and not campaign.formats[item.format].names
    )
    [contact, *_] = campaign.places[place].contacts
    plain = replace(contact, name="x", names={}, address="", email="")

    def searched(contact) -> bool:
        places = {
            code: replace(item, names={"en": "x"}, contacts=(contact,) if code == place else ())
            for code, item in campaign.places.items()
        }
        return may_have_words_outside(replace(campaign, places=places), output, True)

    assert not searched(plain)
    long = "x" * 20
    for changed in ({"name": long}, {"names": {"fil": long}}, {"address": long}, {"email": f"{long}@y.example"}):
        assert searched(replace(plain, **changed)), changed


def test_a_folder_that_is_named_is_the_campaign_and_no_other_above_it(root):  # noqa: F811
    from campaign.cli.commands import main

    done = CliRunner().invoke(main, ["--root", str(root / "docs"), "list"])
    assert done.exit_code != 0 or "boil" not in done.output


def test_full_disk_is_reported_once():
    report = Report()
    problems = [atomic.refused_by_system(OSError(ENOSPC, "", f".build/store/{number}")) for number in range(3)]
    report.record(problems, None, [OUTPUT], 0.0)
    assert [problem.id for problem in report.problems] == ["disk-full"]
    assert report.left_out
