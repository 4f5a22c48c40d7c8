"""Safeguards that no other test would miss: each was taken out once, and the tests of that day passed."""

from __future__ import annotations

import csv
import errno
import io
import json
import os
import re
import stat
import subprocess
import zipfile
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path
from types import SimpleNamespace

import pytest
from conftest import HERE, copy_campaign, run
from edits import DAY
from starlette.datastructures import FormData
from test_desk_slips import desk

from campaign.cache import atomic
from campaign.cache.archive import StoredFile, write_zip
from campaign.cache.atomic import write_whole
from campaign.cache.external_programs import run_program
from campaign.cache.inputs import Inputs
from campaign.cache.memo import Memo
from campaign.cache.store import DamagedFilesError, Store, hash_content
from campaign.content import foreign_files, load, writing
from campaign.content.drafts import open_texts
from campaign.content.foreign_files import check_foreign
from campaign.content.review import accept_file, stamp_file
from campaign.content.translating import read_file, save_translations
from campaign.content.units import refusal
from campaign.content.writing import write_files
from campaign.desk import guard, received_campaign, server
from campaign.desk.contact_file import ContactFile
from campaign.desk.files import Change, Files, version_of
from campaign.desk.forms import Edit, Field, collect_edits
from campaign.desk.hand_out_log import KEYS, rows_in, with_row
from campaign.desk.jobs import Jobs
from campaign.desk.pending_conflicts import store_conflicts, waiting
from campaign.desk.received_campaign import unpack_campaign
from campaign.exchange.translation_file import Conflict, Entry, entries, not_a_file, sent_hash, take
from campaign.exchange.translation_tables import as_csv
from campaign.models.campaign import Pack
from campaign.models.outputs import Artifact, Output
from campaign.models.problem import CampaignError
from campaign.pipeline.last_build import key_of, shared_key
from campaign.plan.outputs import catalogue
from campaign.plan.packs import packed
from campaign.plan.print_queues import PRINT_QUEUE, is_queued
from campaign.publishing import folder, git_branch
from campaign.publishing.folder import FolderTarget, ZipTarget
from campaign.publishing.git_branch import GitTarget
from campaign.publishing.site_state import SiteState
from campaign.publishing.target import Publication
from campaign.schema.yaml_splice import parse
from campaign.website.hotspot import caddyfile, nginx_conf

TINY = HERE / "campaigns/tiny"
MOMENT = datetime(2026, 11, 27, tzinfo=UTC)
PAGE = "docs/ar/boil.md"


@pytest.fixture
def root(tmp_path) -> Path:
    return copy_campaign(TINY, tmp_path / "campaign")


def publication(folder: Path, word: str, minute: int = 0, **state) -> Publication:
    folder.mkdir(exist_ok=True)
    (folder / "index.html").write_text(word, encoding="utf-8")
    return Publication(folder, SiteState(word, **state), MOMENT.replace(minute=minute), MOMENT.date())


def git(*arguments: object) -> str:
    return subprocess.run(["git", *map(str, arguments)], check=True, capture_output=True, text=True).stdout.strip()


@pytest.mark.parametrize("has_published", [False, True])
def test_commit_that_somebody_else_pushed_meanwhile_is_never_overwritten(tmp_path, monkeypatch, has_published):
    remote, theirs = tmp_path / "pages.git", tmp_path / "theirs"
    git("init", "--bare", "--quiet", remote)
    target = GitTarget(str(remote), "pages")
    if has_published:
        target.publish(publication(tmp_path / "site", "first"), tmp_path / "work")

    def push_theirs(self, *_) -> None:
        git("clone", "--quiet", remote, theirs)
        git("-C", theirs, "checkout", "--quiet", *([] if has_published else ["-b"]), "pages")
        (theirs / "theirs.txt").write_text("theirs", encoding="utf-8")
        git("-C", theirs, "add", ".")
        git("-C", theirs, "-c", "user.name=x", "-c", "user.email=x@localhost", "commit", "--quiet", "-m", "theirs")
        git("-C", theirs, "push", "--quiet", "origin", "pages")
        upload(self, *_)

    upload = GitTarget.upload
    monkeypatch.setattr(GitTarget, "upload", push_theirs)
    with pytest.raises(CampaignError, match=r"publish-refused|git push failed"):
        target.publish(publication(tmp_path / "site", "second"), tmp_path / "work")
    assert git("-C", remote, "show", "pages:theirs.txt") == "theirs"


@pytest.mark.parametrize("kind", ["folder", "git"])
def test_rollback_brings_back_no_number_photo_or_release(tmp_path, kind):
    git("init", "--bare", "--quiet", tmp_path / "pages.git")
    target = {"folder": FolderTarget(tmp_path / "web"), "git": GitTarget(str(tmp_path / "pages.git"), "pages")}[kind]
    old = {"numbers": ("113",), "photos": ("photos-hills",), "releases": ("fil/press/start.html",)}
    for minute, lost in enumerate(({"numbers": ()}, {"photos": ()}, {"releases": ()}, {"former": ("113",)})):
        target.publish(publication(tmp_path / "site", f"{minute} old", 2 * minute, **old), tmp_path / "work")
        target.publish(publication(tmp_path / "site", f"{minute} new", 2 * minute + 1, **old | lost), tmp_path / "work")
        with pytest.raises(CampaignError, match="would bring back"):
            target.rollback(tmp_path / "work")


def test_served_version_is_never_pruned_and_an_incomplete_one_is_none(tmp_path):
    """A clock that was wrong once makes the served version the oldest by its name."""
    names = ["20260101-000000-000000", "20260102-000000-000000", "20260103-000000-000000"]
    for name in (*names, "20260104-000000-000000.part"):
        (tmp_path / "versions" / name).mkdir(parents=True)
    target = FolderTarget(tmp_path)
    target.activate(names[0])
    assert [(version.name, version.is_served) for version in target.list_versions()] == [
        *zip(names, (True, False, False), strict=True)
    ]
    target.prune(1)
    assert [version.name for version in target.list_versions()] == [names[0], names[2]]
    assert (tmp_path / "current").is_dir()


def test_zip_that_cannot_be_written_whole_leaves_the_one_before(tmp_path, monkeypatch):
    (tmp_path / "web.zip").write_bytes(b"old")

    def writes_half(path: Path, *_) -> None:
        path.write_bytes(b"half")
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(folder, "write_zip", writes_half)
    new = publication(tmp_path / "site", "new")
    target = ZipTarget(tmp_path / "web.zip")
    with pytest.raises(OSError, match="No space"):
        target.upload(new, target.plan(new))
    assert (tmp_path / "web.zip").read_bytes() == b"old"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["site", "web.zip"]


def test_pack_holds_no_print_queue_with_pieces_of_another_pack(tmp_path):
    campaign, _ = load(HERE / "campaigns/full")
    result = [Artifact(output, tmp_path / "x", 1, "0" * 64, 0, 0) for output in catalogue(campaign)]
    codes = [*campaign.languages]
    for place in (None, *campaign.places):
        for pack in (Pack("clinics", ("health-workers",)), Pack("press", ("public",), printers=())):
            inside = packed(campaign, pack, place, codes, result)
            queues = [item for item in inside if item.output.kind == PRINT_QUEUE]
            for queue in queues:
                assert [
                    artifact
                    for artifact in result
                    if is_queued(campaign, artifact.output, queue.output) and artifact not in inside
                ] == []
    # A queue with one piece that the pack doesn't have stays out of it.
    everybody = Pack("all", campaign.audiences)
    packs = {place: packed(campaign, everybody, place, codes, result) for place in (None, *campaign.places)}
    place, whole = next(
        (place, inside) for place, inside in packs.items() if any(item.output.kind == PRINT_QUEUE for item in inside)
    )
    queue = next(item for item in whole if item.output.kind == PRINT_QUEUE)
    inside = [item for item in whole if is_queued(campaign, item.output, queue.output)]
    pages = {(page.language, page.stem): page for page in campaign.pages.values()}
    lost = next(item for item in inside if (item.output.language, item.output.name) in pages)
    page = pages[lost.output.language, lost.output.name]
    object.__setattr__(page, "audiences", ("health-workers",))
    left = packed(campaign, Pack("public", ("public",)), place, codes, result)
    assert lost not in left
    assert len([item for item in inside if item in left]) < len(inside)
    assert queue not in left


def full_disk(*_) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


@pytest.mark.parametrize("step", ["write", "settle", "move"])
def test_file_that_cannot_be_written_whole_stays_as_it_was_and_leaves_no_half(tmp_path, monkeypatch, step):
    file = tmp_path / "kept.json"
    write_whole(file, b"old")
    if step == "write":
        monkeypatch.setattr(atomic, "_settle", lambda file: (file.truncate(1), full_disk()))
    else:
        monkeypatch.setattr(atomic, {"settle": "_settle", "move": "move"}[step], full_disk)
    with pytest.raises(OSError, match="No space"):
        write_whole(file, b"new and long")
    monkeypatch.undo()
    assert file.read_bytes() == b"old"
    assert [*tmp_path.iterdir()] == [file]


@pytest.mark.parametrize(("step", "position"), [("_note", 0), *product(("_write_synced", "_keep", "move"), (0, 1))])
def test_change_that_cannot_be_written_leaves_no_half_written_file(root, monkeypatch, step, position):
    before = {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}
    real, count = getattr(writing, step), iter(range(99))
    monkeypatch.setattr(writing, step, lambda *given: full_disk() if next(count) == position else real(*given))
    expected = {root / PAGE: b"1", root / "docs/new/place.md": b"2", root / "docs/ar/index.md": b"3"}
    with pytest.raises(OSError, match="No space"):
        write_files(root, expected)
    monkeypatch.undo()
    after = {path: path.read_bytes() for path in root.rglob("*") if path.is_file() and path.suffix != ".lock"}
    assert after == before
    assert not (root / "docs/new").exists()


def test_change_that_fails_inside_another_is_undone_without_it(root, monkeypatch):
    names = [root / name for name in ("docs/fil/a.txt", "docs/fil/b.txt", "docs/fil/c.txt")]
    write_files(root, dict.fromkeys(names, b"old"))
    replace = os.replace

    def fails_at_last(source, target) -> None:
        if Path(target) == names[2] and Path(source).suffix == ".new":
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(target))
        replace(source, target)

    with writing.all_or_none(root):
        write_files(root, {names[0]: b"new"})
        monkeypatch.setattr(os, "replace", fails_at_last)
        with pytest.raises(OSError, match="No space"):
            write_files(root, {names[1]: b"new", names[2]: b"new"})
        monkeypatch.setattr(os, "replace", replace)
    assert [path.read_bytes() for path in names] == [b"new", b"old", b"old"]


def test_save_that_crashed_is_not_replayed_over_a_later_edit(root):
    files, page = Files(root), root / PAGE
    old = files.read(PAGE)
    files.save("a title", "Maria", {PAGE: Change(version_of(old), b"saved")})
    [note] = (root / ".build/desk/history").glob("*.json")
    crashed = note.read_text("utf-8").replace('"is_done": true', '"is_done": false')
    note.write_text(crashed, "utf-8")
    page.write_bytes(b"edited later")
    assert Files(root).read(PAGE) == b"edited later"
    assert not note.exists()
    # It wasn't edited: what the crash left unfinished is undone.
    note.write_text(crashed, "utf-8")
    page.write_bytes(b"saved")
    assert Files(root).read(PAGE) == old


def test_save_that_ended_leaves_nothing_to_replay(root):
    Files(root).save("a title", "Maria", {PAGE: Change(version_of((root / PAGE).read_bytes()), b"saved")})
    (root / PAGE).write_bytes(b"edited later")
    writing.finish_writing(root)
    assert Files(root).read(PAGE) == b"edited later"
    assert not (root / writing.JOURNAL).exists()
    assert {path.name for path in (root / writing.JOURNAL_FOLDER).iterdir()} == set()


def test_board_answers_no_name_with_a_redirect_that_phones_keep(root):
    languages = [*load(root)[0].languages.values()]
    for text, count in ((nginx_conf(languages, "notes.home.arpa", "/srv"), 2), (caddyfile(languages, "a.b", "/s"), 2)):
        lines = [
            line for line in text.splitlines() if "return 30" in line or ("redir" in line and "redirect" not in line)
        ]
        assert len(lines) == count
        assert all(" 302" in line for line in lines)
        assert not {"301", "308", "permanent"} & {*text.replace(";", " ").split()}


def form_of(count: int, size: int) -> tuple[bytes, str]:
    """A form with this number of files, and a text."""
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="f{n}"; filename="{n}.csv"\r\n\r\na\r\n' for n in range(count)
    ]
    parts.append(f'--x\r\nContent-Disposition: form-data; name="by"\r\n\r\n{"a" * size}\r\n--x--\r\n')
    return "".join(parts).encode(), "multipart/form-data; boundary=x"


def test_desk_takes_so_many_files_and_letters_and_no_more(root, monkeypatch):
    with desk(root) as asked:
        body, kind = form_of(21, 1)
        assert asked.ask("/translate/ar/take", "POST", body, kind)[0] == 400
        body, kind = form_of(1, 64_000_001)
        assert asked.ask("/translate/ar/take", "POST", body, kind)[0] == 400
        status, _, text = asked.send("/translate/ar/settle", **{f"n{number}": "a" for number in range(5001)})
        assert status == 400, text
        # Nor a large request that doesn't say how large it is.
        monkeypatch.setattr(guard, "MAX_REQUEST_BYTES", 100_000)
        assert asked.send("/you", you="Ana", back="/" + "a" * 100_000)[0] == 413
        assert asked.workspace.choices.you == ""
        assert asked.send("/you", you="Ana", back="/" + "a" * 90_000)[0] == 303


def test_files_that_strangers_send_have_a_largest_size(tmp_path, monkeypatch):
    monkeypatch.setattr(foreign_files, "MAX_BYTES", 1000)
    for size, is_refused in ((1000, False), (1001, True)):
        (tmp_path / "sent.csv").write_bytes(b"a" * size)
        refused = False
        try:
            check_foreign(tmp_path / "sent.csv", lambda what, fix: not_a_file("sent.csv", f"{what} {fix}"))
        except CampaignError:
            refused = True
        assert refused is is_refused
    for limit, value in (("MAX_FILES", 2), ("MAX_BYTES", 300), ("MAX_MEMBER_BYTES", 150)):
        with monkeypatch.context() as patch:
            patch.setattr(received_campaign, limit, value)
            with zipfile.ZipFile(tmp_path / "sent.zip", "w") as archive:
                for name in ("mkdocs.yml", "docs/a.md", "docs/b.md"):
                    archive.writestr(name, "a" * 160)
            with pytest.raises(CampaignError, match="This zip is refused"):
                unpack_campaign(tmp_path / "sent.zip", tmp_path / "unpacked")
            assert not (tmp_path / "unpacked").exists()
    unpack_campaign(tmp_path / "sent.zip", tmp_path / "unpacked")


def test_reviewer_is_a_person_with_a_name(root):
    stamp_file(root, root / PAGE, "Ana Lopes")
    for name in ("machine", " Machine ", "unknown", "?!"):
        with pytest.raises(CampaignError, match="A reviewer has a name"):
            accept_file(root, root / PAGE, name, date(2026, 11, 26))


def test_nobody_accepts_their_own_translation(root):
    stamp_file(root, root / PAGE, "Ana Lopes")
    text = (root / PAGE).read_text("utf-8")
    for name in ("Ana Lopes", "ana lopes", " ANA  LOPES ", "Lopes, Ana"):
        with pytest.raises(CampaignError, match="translated this text"):
            accept_file(root, root / PAGE, name, date(2026, 11, 26))
    with desk(root) as asked:
        for name in ("Ana Lopes", "ana lopes"):
            status, _, said = asked.send("/translate/ar/accept/boil.md", by=name, sure="x")
            assert status == 422
            assert f"{name} translated it." in said
        assert (root / PAGE).read_text("utf-8") == text
        status, _, _ = asked.send("/translate/ar/accept/boil.md", by="Omar Said")
        assert "Omar Said translated it" not in (root / PAGE).read_text("utf-8")


def test_sentence_that_somebody_else_translated_meanwhile_is_not_overwritten(root):
    with desk(root) as asked:
        asked.send("/you", you="Ana Lopes", back="/")
        asked.workspace.choose(type(asked.workspace.choices)("Ana Lopes", "en"))
        campaign = load(root)[0]
        row = next(row for row in read_file(campaign, "ar", "boil.md").rows if not refusal(row.unit, "x"))
        seen = sent_hash(row.text)
        save_translations(campaign, "ar", "boil.md", {row.unit.key: "كلامهم"}, "Omar")
        kept = {path: path.read_bytes() for path in (root / "docs").rglob("*") if path.is_file()}
        status, _, text = asked.send("/translate/ar/boil.md", key=row.unit.key, text="كلامي", sent=seen)
        assert status == 422
        assert "Someone else changed this sentence in the meantime" in text
        assert kept == {path: path.read_bytes() for path in (root / "docs").rglob("*") if path.is_file()}
        now = next(each for each in read_file(load(root)[0], "ar", "boil.md").rows if each.unit.key == row.unit.key)
        assert now.text == "كلامهم"
        status, _, _ = asked.send("/translate/ar/boil.md", key=row.unit.key, text="كلامي", sent=sent_hash(now.text))
        assert status == 303


def test_file_that_came_back_does_not_overwrite_what_somebody_else_translated(root):
    campaign = load(root)[0]
    sent = [entry for entry in entries(campaign, "ar", paths=["boil.md"]) if entry.target]
    one = sent[0]
    save_translations(campaign, "ar", "boil.md", {one.key: "كلامهم"}, "Omar")
    came = [type(one)(one.path, one.key, one.source, "كلامي", sent=one.sent)]
    result = take(load(root)[0], "ar", came, "Ana")
    assert [(conflict.stands, conflict.came) for conflict in result.conflicts] == [("كلامهم", "كلامي")]
    assert not result.changed
    # What went out and came back unchanged is no opinion.
    assert take(load(root)[0], "ar", [one], "Ana").unchanged == 1
    now = next(row for row in read_file(load(root)[0], "ar", "boil.md").rows if row.unit.key == one.key)
    assert now.text == "كلامهم"


def test_choice_between_two_translations_is_of_one_language_and_of_the_text_that_was_shown(root):
    campaign = load(root)[0]
    row = next(row for row in read_file(campaign, "ar", "boil.md").rows if not refusal(row.unit, "x"))
    key, path = row.unit.key, "boil.md"
    for code in ("ar", "km"):
        save_translations(campaign, code, path, {key: "theirs"}, "Omar")
        store_conflicts(root, code, [Conflict(path, key, row.unit.text, "theirs", f"came {code}")], "Ana")
    assert [[row.came for row in waiting(campaign, code)] for code in ("ar", "km")] == [["came ar"], ["came km"]]
    save_translations(campaign, "km", path, {key: "newer"}, "Omar")
    with desk(root) as asked:
        asked.send("/you", you="Layla", back="/")
        form = {"path": path, "key": key, "way": "theirs"}
        status, _, text = asked.send("/translate/km/settle", **form, stands="theirs")
        assert "Someone else changed this sentence in the meantime" in text
        assert (status, open_texts(root, "km", path)[key]["text"]) == (422, "newer")
        assert asked.send("/translate/km/settle", **form, stands="newer")[0] == 303
    # The translator is the person who sent it, not the one who chose it: Layla may review the page.
    assert open_texts(root, "km", path)[key] == {"source": row.unit.text, "text": "came km", "by": "Ana"}
    campaign = load(root)[0]
    assert [[row.came for row in waiting(campaign, code)] for code in ("ar", "km")] == [["came ar"], []]


@pytest.mark.parametrize(
    ("entry", "edit"),
    [
        ("    phone: '07700 900112'\n    {check}\n", "extension"),
        ("    phone: '07700 900112'\n    {check}\n", "phone"),
        ("    {check}\n", "phone"),
    ],
)
@pytest.mark.parametrize(
    "check",
    ["checked: {on: 2026-11-20, how: official-source}", "calls: [{on: 2026-11-20, by: Ana, answered: yes}]"],
)
def test_number_typed_at_the_desk_is_not_verified_by_what_is_there(root, entry, edit, check):
    start = "contacts:\n  - id: clinic\n    kind: health\n    source: drama-numbers\n"
    (root / "assets/contacts/hill.yml").write_text(start + entry.format(check=check), "utf-8")
    file, path = ContactFile.read(Files(root), "hill"), ("contacts", 0)
    text = file.edited("clinic", [Edit((*path, edit), "12" if edit == "extension" else "07700 900119")])
    (root / "assets/contacts/hill.yml").write_text(f"names: {{fil: Burol, ar: التل, km: ភ្នំ}}\n{text}", "utf-8")
    [contact] = load(root)[0].places["hill"].contacts
    assert contact.numbers
    assert contact.checked is None
    assert f"# of the number before: {check}" in text


FORMERS = """contacts:
  - id: clinic
    kind: health
    phone: "07700 900112"
    extension: "12"
    calls: [{on: 2026-11-01, by: Ana, answered: yes}]
    source: drama-numbers
    former:
      - {phone: "07700 900113", until: 2026-10-01, printed: no}
      - {phone: "07700 900114", until: 2026-10-02, corrected: 2026-10-03}
      - {phone: "07700 900115", until: 2026-10-04, printed: yes}
"""


def test_each_number_that_a_contact_had_keeps_what_is_known_of_it(root):
    (root / "assets/contacts/hill.yml").write_text(FORMERS, "utf-8")
    file, path = ContactFile.read(Files(root), "hill"), ("contacts", 0)
    # Behind another extension is someone else: no one has called there.
    [extended] = parse(file.edited("clinic", [Edit((*path, "extension"), "13", "12")]))["contacts"]
    assert (extended["extension"], "checked" in extended) == ("13", False)
    [corrected] = parse(file.mark_corrected("clinic", ["07700 900115"]))["contacts"]
    assert [row.get("corrected") for row in corrected["former"]] == [None, "2026-10-03", "2026-11-26"]
    # They are still recognised on paper once the contact is gone.
    retired = parse(file.without_contact("clinic"))["retired"]
    assert [(row["phone"][-1], row.get("corrected"), row.get("printed")) for row in retired] == [
        ("2", None, None), ("3", None, "no"), ("4", "2026-10-03", None), ("5", None, None),
    ]  # fmt: skip


def test_rollback_at_the_desk_cancels_a_publication_that_waits_for_its_build(root, tmp_path, monkeypatch):
    monkeypatch.setattr(Jobs, "_wait", lambda *_: None)
    web = str(tmp_path / "web")
    with desk(root) as asked:
        for way in ("build", "undo"):
            assert asked.send("/publish", target=web, way=way)[0] == 303
        waits, back = asked.desk.jobs.all
    assert (waits.commands[-1], waits.is_cancelled) == (("publish", "--", web), True)
    assert (back.commands, back.is_cancelled) == ((("publish", "--rollback", "--", web),), False)


def test_form_keeps_values_that_it_does_not_offer():
    offered = {"does": (("care", "Care"), ("water", "Water")), "name": (("fil", "Filipino"), ("ar", "Arabic"))}
    values = {"does": ["care", "of-old"], "name": {"fil": "Klinika", "tet": "Klínika"}}
    fields = [
        Field(key, (key,), widget, "", "", values[key], choices=offered[key])
        for key, widget in (("does", "many"), ("name", "texts"))
    ]
    sent = FormData([("does", "care"), ("does", "water"), ("name.fil", "Klinika"), ("name.ar", "عيادة")])
    assert collect_edits(fields, sent, "fil") == [
        Edit(("does",), ["care", "water", "of-old"], ["care", "of-old"]),
        Edit(("name", "ar"), "عيادة", ""),
    ]


def test_row_of_the_log_begins_a_new_line(root):
    language = load(root)[0].source_language
    cells = {key: f"a {key}" for key in KEYS}
    log = with_row(None, language, cells).rstrip()  # as some editors save it
    assert rows_in(with_row(log, language, cells)) == [[*cells.values()]] * 2


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_files_have_the_permissions_that_they_need(root, tmp_path):
    (root / PAGE).chmod(0o640)
    write_files(root, {root / PAGE: b"new"})
    assert mode_of(root / PAGE) == 0o640
    (root / ".build/desk").mkdir(parents=True, exist_ok=True)
    server._note(root, 18020, SimpleNamespace(key="k", token="t"))
    assert mode_of(root / server.RUNNING_FILE) == 0o600
    assert json.loads((root / server.RUNNING_FILE).read_text("utf-8"))["key"] == "k"
    write_zip(tmp_path / "x.zip", {"a.txt": StoredFile(root / PAGE)}, "site", date(2026, 11, 26))
    with zipfile.ZipFile(tmp_path / "x.zip") as archive:
        assert {entry.external_attr >> 16 for entry in archive.infolist()} == {0o100644}
    site = tmp_path / "site"
    made, before = publication(site, "1"), os.umask(0o077)
    try:
        (site / "fil").mkdir()
        (site / "fil/a.html").write_text("a", encoding="utf-8")
        FolderTarget(tmp_path / "web").publish(made, tmp_path / "work")
    finally:
        os.umask(before)
    served = (tmp_path / "web/current").resolve()
    assert {mode_of(path) & 0o755 for path in (served, served / "fil")} == {0o755}
    assert {mode_of(path) & 0o644 for path in served.rglob("*.html")} == {0o644}


def test_git_is_told_to_ask_nobody_and_to_run_nothing_of_others(tmp_path, monkeypatch):
    ran: list[tuple[list[str], dict[str, str]]] = []

    def recorded(command, stdin_data=b"", folder=None, environment=None):
        ran.append((list(command), dict(environment)))
        return run_program(command, stdin_data, folder=folder, environment=environment)

    monkeypatch.setattr(git_branch, "run_program", recorded)
    git("init", "--bare", "--quiet", tmp_path / "pages.git")
    target = GitTarget(str(tmp_path / "pages.git"), "pages")
    target.publish(publication(tmp_path / "site", "first"), tmp_path / "work")
    assert len(ran) > 8
    for command, environment in ran:
        assert f"core.hooksPath={os.devnull}" in command
        assert f"core.attributesFile={os.devnull}" in command
        assert "core.fsmonitor=false" in command
        assert environment["GIT_TERMINAL_PROMPT"] == "0"
        assert environment["GIT_ALLOW_PROTOCOL"] == "https:ssh:file"
        assert not any(part in ("--force", "-f") for part in command if "push" in command)


def test_file_of_the_store_that_is_not_as_it_was_made_is_made_again(tmp_path):
    store, output = Store(tmp_path), Output("leaflet", "x", "en", None, "tri-fold", "office")
    file = store.file("ab" * 32, output)
    file.parent.mkdir(parents=True)
    file.write_bytes(b"12345")
    artifact = Artifact(output, file, 5, hash_content(file), 0, 0)
    store.keep(artifact)
    assert store.find("ab" * 32, output) == artifact
    store.check([artifact])
    file.write_bytes(b"1234")
    assert store.find("ab" * 32, output) is None
    file.write_bytes(b"54321")
    assert store.find("ab" * 32, output) == artifact
    with pytest.raises(DamagedFilesError):
        store.check([artifact])
    assert not file.exists()


def test_word_whose_source_changed_is_told_and_an_outdated_text_is_not_accepted(root):
    run(root, "translate", "keep")
    words = root / "docs/fil/_strings.yml"
    text = words.read_text("utf-8")
    old = re.search(r'^home: "?([^"\n]+)', text, re.MULTILINE)[1]
    words.write_text(re.sub(r'(?m)^(home: "?[^"\n]+)', r"\1 na", text), "utf-8")
    row = next(row for row in read_file(load(root)[0], "ar", "_strings.yml").rows if row.unit.kind == "home")
    assert (row.state, row.old_source) == ("changed", old)
    page = root / "docs/fil/boil.md"
    page.write_text(page.read_text("utf-8") + "\nBago.\n", "utf-8")
    with pytest.raises(CampaignError, match="review-outdated"):
        accept_file(root, root / PAGE, "Omar Said", date(2026, 11, 26))


def test_pieces_of_a_language_are_made_again_once_its_words_are_reviewed(root):
    before = shared_key(load(root)[0], Inputs.scan(root, Memo(None)))
    accept_file(root, root / "docs/ar/_strings.yml", "Omar Said", date(2026, 11, 26))
    after = shared_key(load(root)[0], Inputs.scan(root, Memo(None)))
    assert {code for code, key in after.items() if key != before[code]} == {"ar", None}


def test_site_is_made_again_once_a_number_is_old_though_nothing_is_printed(root, monkeypatch):
    inputs = Inputs.scan(root, Memo(None))
    before = key_of(load(root)[0], [], inputs)
    assert key_of(load(root)[0], [], inputs) == before
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(DAY + 190 * 86_400))
    assert key_of(load(root)[0], [], inputs) != before


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r"])
def test_no_cell_of_a_table_is_a_formula(start):
    table = as_csv([Entry("a.md", "k", f"{start}1+1", f"{start}cmd|' /C calc'!A0")]).decode("utf-8-sig")
    cells = next(row for row in csv.DictReader(io.StringIO(table)))
    assert cells["translation"].startswith(f"'{start}")
    assert cells["source"].startswith(f"'{start}")
