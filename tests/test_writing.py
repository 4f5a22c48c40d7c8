"""People's files are never half written: one function writes them, all or none, in every case."""

from __future__ import annotations

import ast
import csv
import errno
import json
import os
import re
import shutil
import stat
from pathlib import Path

import pytest
from conftest import HERE, REPOSITORY, copy_campaign, mostly_long, run

from campaign.content import adopting, writing
from campaign.content.writing import all_or_none, encoded_like, finish_writing, new_folder, write_files
from campaign.desk.files import Change, Files, version_of

CONTACTS = "assets/contacts"


def people_s_files(root: Path) -> dict[str, bytes]:
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".build" not in path.relative_to(root).parts
    }


@pytest.fixture
def root(tmp_path) -> Path:
    return copy_campaign(HERE / "campaigns/tiny", tmp_path / "tiny")


# Code that only creates new files, or fills temporary folders: the reason why it may.
WRITER_REASONS = {
    "content/writing.py": "it is the one",
    "content/adopting.py": "fills a new folder, which gets its name at the end, and a copy to compare with",
    "content/adopted_settings.py": "changes files of that new folder",
    "content/upstream_base.py": "empties a new folder of what another copy kept",
    "checks/languages.py": "what tells languages apart, in .build",
    "desk/drafts.py": "drafts, in .build",
    "checks/sums.py": "a list of one signer, in a temporary folder",
    "desk/failures.py": "a fault, in .build",
    "desk/panels/tidying.py": "asks Files to rename",
    "desk/panels/upstream.py": "unpacked files, in .build",
    "content/clean_files.py": "copies without metadata, in .build",
    "content/leftovers.py": "deletes what systems wrote for themselves",
    "content/new_campaign.py": "fills a new folder, which gets its name at the end",
    "content/page_formats.py": "the formats that were chosen, in .build",
    "cli/pieces.py": "drawings in .build",
    "cli/contacts.py": "what goes to others, in a folder that they get",
    "cli/tally.py": "a page of charts next to the forms",
    "cli/translate.py": "what goes to translators, and drawings elsewhere",
    "exchange/sending.py": "what goes to translators",
    "desk/pending_conflicts.py": "what came back, in .build",
    "desk/files.py": "notes of saves, in .build",
    "desk/logo_file.py": "a copy to check, thrown away",
    "desk/notes.py": "notes of jobs and choices, in .build",
    "desk/office": "a folder for an office",
    "desk/panels/contact_tables.py": "uploaded tables, in .build",
    "desk/panels/photos.py": "dropped files, in .build",
    "desk/panels/translate.py": "what came back, in .build",
    "desk/poster_picture.py": "a copy to check, thrown away",
    "desk/received_campaign.py": "unpacks into a separate folder in .build",
    "desk/dry_check.py": "a copy to check, thrown away",
    "desk/server.py": "where the desk runs, in .build",
    "desk/workspace.py": "uploads, in .build",
}
# Rooms that see people's files; the others write to site/, dist/, .build/ and elsewhere.
ROOMS = ("cli", "desk", "content", "exchange", "schema", "document", "models", "checks", "plan", "serve")
WRITE_MODE = re.compile(r"(?=.*[wax+])[rwaxbt+]+")
WRITERS = {"write_text", "write_bytes", "write_whole", "writelines", "touch", "unlink", "rename", "symlink_to"}
WRITERS |= {"copyfile", "copy2", "copytree", "copyfileobj", "copy", "move", "rmtree", "truncate", "hardlink_to", "link"}


def writes(tree: ast.Module) -> list[str]:
    results = []
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        owner = getattr(getattr(node.func, "value", None), "id", "")
        given = [*node.args, *(keyword.value for keyword in node.keywords)][:2]
        modes = [item.value for item in given if isinstance(item, ast.Constant) and isinstance(item.value, str)]
        is_open = name in ("open", "fdopen") and any(
            set(mode) & set("wax+") and set(mode) <= set("rwaxbt+") for mode in modes
        )
        is_replace = name == "replace" and len(node.args) == 1 and not node.keywords and owner != "dataclasses"
        is_plain_copy = name in ("copy", "link", "move") and owner not in ("shutil", "os")
        if (
            is_open
            or is_replace
            or (name in WRITERS and not is_plain_copy)
            or (owner == "tempfile" and name == "mkstemp")
        ):
            results.append(f"{node.lineno}: {name}")
    return results


def test_no_other_code_writes_what_people_wrote():
    package = REPOSITORY / "scripts/campaign"
    results = {}
    for room in ROOMS:
        for path in [*(package / room).rglob("*.py"), package / "pipeline/tidying.py"]:
            name = path.relative_to(package).as_posix()
            lines = writes(ast.parse(path.read_text(encoding="utf-8")))
            if lines and not any(name == item or name.startswith(f"{item}/") for item in WRITER_REASONS):
                results[name] = lines
    assert not results


class Full:
    """A disk with room for this number of bytes."""

    def __init__(self, monkeypatch, room: int) -> None:
        self.room, self.real = room, os.write
        monkeypatch.setattr(writing.os, "write", self.write)

    def write(self, file: int, data: memoryview) -> int:
        if self.room <= 0:
            raise OSError(errno.ENOSPC, "No space left on device", "x")
        part = bytes(data)[: self.room]
        self.room -= len(part)
        return self.real(file, part)


def changed_table(root: Path, folder: Path) -> Path:
    """What partners send back: every number is another."""
    run(root, "contacts", "give", str(folder / "given"))
    [table] = (folder / "given").glob("*.csv")
    with table.open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    with (folder / "in.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, rows[0])
        writer.writeheader()
        for number, row in enumerate(rows):
            writer.writerow(row | {"phone": f"07700 9{number:05}" if row["phone"] else ""})
    return folder / "in.csv"


@pytest.mark.parametrize("room", mostly_long([0, 1, 300, 2000, 5000, 9000], 2000))
def test_full_disk_leaves_every_contact(tmp_path, monkeypatch, room):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "tiny")
    for code in ("river", "hill", "coast"):
        rows = (
            f"  - id: {code}-{number}\n    kind: health\n    name: Clinic {number}\n    phone: 07700 900{number:03}\n"
            for number in range(61)
        )
        (root / CONTACTS / f"{code}.yml").write_text(f"contacts:\n{''.join(rows)}", encoding="utf-8")
    table = changed_table(root, tmp_path)
    before = people_s_files(root)
    Full(monkeypatch, room)
    output = run(root, "contacts", "take", str(table), "--write", code=1)
    assert "The disk is full." in output
    assert people_s_files(root) == before
    assert not (root / writing.JOURNAL).exists()


COMMANDS = {
    "translate stamp": ("translate", "stamp", "docs/ar/boil.md", "docs/ar/index.md", "--by", "Ana"),
    "translate accept": ("translate", "accept", "docs/ar/boil.md", "docs/ar/services.md", "--by", "Rui Sousa"),
    "translate start": ("translate", "start", "fr", "--name", "Français"),
    "translate keep": ("translate", "keep"),
    "translate weblate": ("translate", "weblate", "--repo", "https://git.example/x.git"),
    "schemas": ("schemas",),
}


@pytest.mark.parametrize("name", COMMANDS)
def test_full_disk_in_the_middle_of_any_command_changes_nothing(root, monkeypatch, name):
    monkeypatch.chdir(root)
    before = people_s_files(root)
    for room in (0, 50, 700, 3000):
        with monkeypatch.context() as patch:
            Full(patch, room)
            done = _exit_code(root, *COMMANDS[name])
        assert done in (0, 1)
        if not done:
            break
        assert people_s_files(root) == before, room
    else:
        run(root, *COMMANDS[name])


def _exit_code(root: Path, *arguments: str) -> int:
    from click.testing import CliRunner

    from campaign.cli.commands import main

    done = CliRunner().invoke(main, ["--root", str(root), *arguments])
    assert done.exception is None or isinstance(done.exception, SystemExit), done.output
    return done.exit_code


@pytest.mark.parametrize(("command", "copier"), [(["new"], (shutil, "copy2")), (["adopt"], (adopting, "write_whole"))])
def test_new_folder_is_whole_or_not_there(root, tmp_path, monkeypatch, command, copier):
    target = tmp_path / "made"

    def fail(*_arguments, **_named) -> None:
        raise OSError(errno.ENOSPC, "No space left on device", "x")

    for owner, name in ((writing, "sync_folder"), copier):
        with monkeypatch.context() as patch:
            patch.setattr(owner, name, fail)
            if name == "copy2":  # what copytree calls; it lists what failed instead of raising it
                patch.setattr(shutil.copytree, "__defaults__", (False, None, fail, False, False))
            output = run(root, *command, str(target), code=1)
        assert "The disk is full." in output
        assert not target.exists()
    assert not [*tmp_path.glob(".made*")]
    target.mkdir()
    run(root, *command, str(target))
    assert (target / "mkdocs.yml").is_file()
    assert not (target / ".build").exists()


def test_desk_that_cannot_save_puts_everything_back(root, monkeypatch):
    files = Files(root)
    names = [f"{CONTACTS}/{code}.yml" for code in ("river", "hill", "coast")]
    before = people_s_files(root)
    changes = {name: Change(version_of(files.read(name)), files.read(name) + b"# more\n") for name in names}
    changes["docs/ar/new/page.md"] = Change("-", b"# New\n")
    for room in (0, 10, 200):
        with monkeypatch.context() as patch:
            Full(patch, room)
            with pytest.raises(OSError, match="No space"):
                files.save("x", "Ana", changes)
        assert people_s_files(root) == before
        assert not (root / "docs/ar/new").exists()
        assert files.history() == []
    number = files.save("x", "Ana", changes)
    files.undo(number, "back", "Ana")
    assert people_s_files(root) == before


def test_rename_that_fails_in_the_middle_puts_everything_back(root, monkeypatch):
    """As on Windows, where another program has one of the files open."""
    real, count = writing.move, [0]

    def move(source: Path, target: Path, until: float) -> None:
        count[0] += ".new" in source.suffix
        if count[0] == 2 and source.suffix == ".new":
            raise PermissionError(errno.EACCES, "open elsewhere", str(target))
        real(source, target, until)

    monkeypatch.setattr(writing, "move", move)
    before = people_s_files(root)
    with pytest.raises(PermissionError):
        write_files(
            root, {root / "docs/ar/boil.md": b"1", root / "docs/ar/index.md": b"2", root / "docs/ar/x.md": b"3"}
        )
    assert people_s_files(root) == before


@pytest.mark.parametrize("name", ["docs/ar/boil.md", "docs/ar"])
def test_rename_that_was_cut_short_is_put_back_by_whatever_runs_next(root, monkeypatch, name):
    old, target = people_s_files(root), root / "docs/new/name"
    with monkeypatch.context() as patch:
        patch.setattr(writing, "_undo", lambda _: None)
        patch.setattr(writing, "_forget", lambda _: _die())
        with pytest.raises(SystemExit):
            writing.rename_file(root, root / name, target)
    assert target.exists()
    finish_writing(root)
    assert people_s_files(root) == old
    writing.rename_file(root, root / name, target)
    finish_writing(root)
    assert target.exists()
    assert not (root / name).exists()


def test_rename_belongs_to_the_change_around_it(root):
    old = people_s_files(root)

    def work() -> None:
        with all_or_none(root):
            write_files(root, {root / "docs/ar/boil.md": b"1"})
            writing.rename_file(root, root / "docs/ar/boil.md", root / "docs/ar/x/y.md")
            write_files(root, {root / "docs/ar/x/y.md": b"2"})
            raise KeyError

    with pytest.raises(KeyError):
        work()
    assert people_s_files(root) == old
    assert not (root / "docs/ar/x").exists()
    with pytest.raises(FileExistsError):
        writing.rename_file(root, root / "docs/ar/boil.md", root / "docs/ar/index.md")
    assert people_s_files(root) == old


@pytest.mark.parametrize("name", ["docs/ar/linked.md", "docs/linked/new.md", "assets/linked.md"])
def test_nothing_is_written_through_a_link_out_of_the_campaign(root, tmp_path, name):
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "new.md").write_text("mine", encoding="utf-8")
    (root / name).parent.parent.mkdir(exist_ok=True)
    if name.endswith("new.md"):
        (root / name).parent.symlink_to(mine)
    else:
        (root / name).symlink_to(mine / "new.md")
    for data in (b"changed", None):
        with pytest.raises(OSError, match="link out of the campaign"):
            write_files(root, {root / "docs/ar/boil.md": b"1", root / name: data})
    with pytest.raises(OSError, match="link out of the campaign"):
        writing.rename_file(root, root / "docs/ar/boil.md", root / name)
    assert (mine / "new.md").read_text(encoding="utf-8") == "mine"
    assert (root / "docs/ar/boil.md").read_bytes() != b"1"


def test_error_after_some_files_were_written_puts_them_back(root):
    before = people_s_files(root)

    def work() -> None:
        with all_or_none(root):
            write_files(root, {root / "docs/ar/boil.md": b"1"})
            write_files(root, {root / "docs/ar/boil.md": b"2", root / "docs/ar/index.md": None})
            raise KeyError

    with pytest.raises(KeyError):
        work()
    assert people_s_files(root) == before


def test_permissions_and_line_ends_stay(root, tmp_path):
    path = root / CONTACTS / "hill.yml"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes().replace(b"\n", b"\r\n"))
    path.chmod(0o640)
    before = path.read_bytes()
    table = changed_table(root, tmp_path)
    run(root, "contacts", "take", str(table), "--write")
    after = path.read_bytes()
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert after.startswith(b"\xef\xbb\xbf")
    assert after.count(b"\n") == after.count(b"\r\n")
    old = before.split(b"\r\n")
    assert sum(line not in old for line in after.split(b"\r\n")) < 8 < len(old)
    page = root / "docs/ar/boil.md"
    page.write_bytes(page.read_bytes().replace(b"\n", b"\r\n"))
    lines = page.read_bytes().split(b"\r\n")
    run(root, "translate", "stamp", str(page), "--by", "Ana")
    assert len([line for line in page.read_bytes().split(b"\r\n") if line not in lines]) == 1
    assert encoded_like(b"a\r\nb\nc\r\n", "a\nb\nx\nc\n") == b"a\r\nb\nx\r\nc\r\n"
    assert encoded_like(None, "a\n") == b"a\n"


class Recorded:
    """What a program asked of the disk, one step after the other."""

    def __init__(self, monkeypatch, root: Path) -> None:
        self.root, self.steps, self.opened = root, [], {}
        for name in ("open", "write", "fsync", "link", "replace", "close"):
            monkeypatch.setattr(writing.os, name, self.wrapped(name, getattr(os, name)))
        for name in ("unlink", "mkdir", "rmdir"):
            monkeypatch.setattr(Path, name, self.of_path(name, getattr(Path, name)))

    def wrapped(self, name: str, real):
        def call(*given, **named):
            result = real(*given, **named)
            if name == "open":
                self.opened[result] = str(given[0])
                if given[1] & os.O_CREAT:
                    self.steps.append(("create", str(given[0])))
            elif name == "close":
                self.opened.pop(given[0], None)
            elif name == "write" and given[0] in self.opened:
                self.steps.append(("write", self.opened[given[0]], bytes(given[1])[:result]))
            elif name == "fsync" and given[0] in self.opened:
                self.steps.append(("sync", self.opened[given[0]]))
            elif name == "link":
                self.steps.append(("link", str(given[0]), str(given[1])))
            elif name == "replace":
                self.steps.append(("rename", str(given[0]), str(given[1])))
            return result

        return call

    def of_path(self, name: str, real):
        def call(path, *given, **named):
            old = os.path.lexists(path)
            result = real(path, *given, **named)
            if name == "unlink" and old:
                self.steps.append(("unlink", str(path)))
            elif name in ("mkdir", "rmdir"):
                self.steps.append((name, str(path)))
            return result

        return call


class Disk:
    """Files by inode, and names in folders, each as seen by programs and as stored on the disk."""

    def __init__(self, files: dict[str, bytes], folders: set[str]) -> None:
        self.data = dict(enumerate(files.values()))
        self.safe_data = dict(self.data)
        self.names = {name: number for number, name in enumerate(files)}
        self.safe_names = dict(self.names)
        self.folders = set(folders)

    def do(self, step: tuple) -> None:
        kind, name, *rest = step
        if kind == "create":
            if name not in self.names:
                self.names[name] = max(self.data, default=-1) + 1
            self.data[self.names[name]] = b""
            self.safe_data.setdefault(self.names[name], b"")
        elif kind == "write":
            self.data[self.names[name]] += rest[0]
        elif kind == "sync" and name in self.folders:
            inside = lambda item: str(Path(item).parent) == name  # noqa: E731
            self.safe_names = {each: safe_name for each, safe_name in self.safe_names.items() if not inside(each)}
            self.safe_names |= {each: name for each, name in self.names.items() if inside(each)}
        elif kind == "sync":
            self.safe_data[self.names[name]] = self.data[self.names[name]]
        elif kind == "link":
            self.names[rest[0]] = self.names[name]
        elif kind == "rename" and self.names[name] != self.names.get(rest[0]):
            self.names[rest[0]] = self.names.pop(name)
        elif kind == "unlink":
            del self.names[name]
        elif kind == "mkdir":
            self.folders.add(name)

    def after_a_crash(self, has_names: bool) -> dict[str, bytes]:
        """The remaining content: unsynced data is lost, and unsynced names may be lost or not."""
        names = self.names if has_names else self.safe_names
        return {name: self.safe_data[number] for name, number in names.items()}


CHANGES = {
    "two files": lambda root: write_files(
        root, {root / "docs/ar/boil.md": b"new boil\n", root / "docs/ar/index.md": b"new index\n"}
    ),
    "a new, a changed and a removed file": lambda root: write_files(
        root, {root / "docs/ar/a/b.md": b"x", root / "docs/ar/boil.md": b"new\n", root / "docs/ar/index.md": None}
    ),
    "files one after the other": lambda root: _one_by_one(root),
    "translations stamped": lambda root: _exit_code(root, *COMMANDS["translate stamp"]),
    "translations accepted": lambda root: _exit_code(root, *COMMANDS["translate accept"]),
    "a language begun": lambda root: _exit_code(root, *COMMANDS["translate start"]),
    "a file renamed": lambda root: writing.rename_file(root, root / "docs/ar/boil.md", root / "docs/ar/x.md"),
    "a save at the desk": lambda root: Files(root).save(
        "x",
        "Ana",
        {name: Change(version_of((root / name).read_bytes()), b"contacts: []\n") for name in
         (f"{CONTACTS}/river.yml", f"{CONTACTS}/hill.yml")},
    ),
}  # fmt: skip


def _one_by_one(root: Path) -> None:
    with all_or_none(root):
        write_files(root, {root / "docs/ar/boil.md": b"first\n"})
        write_files(root, {root / "docs/ar/index.md": b"index\n"})
        write_files(root, {root / "docs/ar/boil.md": b"second\n"})


@pytest.mark.parametrize("name", CHANGES)
def test_after_a_power_cut_at_any_moment_all_files_are_old_or_all_are_new(root, tmp_path, monkeypatch, name):
    monkeypatch.chdir(root)
    for left in ("overrides", "assets/photos", "assets/posters", "assets/fonts"):
        shutil.rmtree(root / left, ignore_errors=True)
    shutil.rmtree(root / ".build", ignore_errors=True)
    (root / ".build/writing").mkdir(parents=True)
    (root / ".build/desk/history").mkdir(parents=True)
    files = {str(path): path.read_bytes() for path in root.rglob("*") if path.is_file()}
    folders = {str(path) for path in (root, *root.rglob("*")) if path.is_dir()}
    old, disk = people_s_files(root), Disk(files, folders)
    with monkeypatch.context() as patch:
        recorded = Recorded(patch, root)
        CHANGES[name](root)
    new = people_s_files(root)
    assert new != old
    steps = [step for step in recorded.steps if step[1].startswith(str(root)) and not step[1].endswith(".lock")]
    steps = [step for step in steps if "/.build/desk/" not in step[1]]
    seen = set()
    for index in range(len(steps) + 1):
        if index:
            disk.do(steps[index - 1])
        for has_names in (False, True):
            state = disk.after_a_crash(has_names)
            key = tuple(sorted((path, hash(data)) for path, data in state.items()))
            if key in seen:
                continue
            seen.add(key)
            again = tmp_path / "again"
            shutil.rmtree(again, ignore_errors=True)
            for path, data in state.items():
                target = again / Path(path).relative_to(root)
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(data)
            finish_writing(again)
            if name == "a save at the desk":
                Files(again)
            result = people_s_files(again)
            assert result in (old, new), (index, steps[index - 1], has_names)
    assert len(seen) > 5


def test_half_written_change_is_put_back_by_whatever_runs_next(root):
    old = people_s_files(root)
    real = writing.move
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writing, "_undo", lambda _: None)
        patch.setattr(writing, "move", lambda *given: (real(*given), _die())[0])
        with pytest.raises(SystemExit):
            write_files(root, {root / "docs/ar/boil.md": b"1", root / "docs/ar/index.md": b"2"})
    assert people_s_files(root) != old
    run(root, "translate", "status")
    assert people_s_files(root) == old


@pytest.mark.parametrize("is_rewritten", [False, True])
def test_edit_made_after_a_crash_stays_and_the_rest_of_the_change_goes(root, is_rewritten):
    old, page, other = people_s_files(root), root / "docs/ar/boil.md", root / "docs/ar/index.md"
    real = writing.move
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(writing, "_undo", lambda _: None)
        patch.setattr(writing, "_forget", lambda _: None)
        with all_or_none(root):
            write_files(root, {page: b"1", other: b"2", root / "docs/ar/new.md": b"3"})
            if is_rewritten:  # twice in one change
                write_files(root, {page: b"4", other: b"5", root / "docs/ar/new.md": b"6"})
        patch.setattr(writing, "move", real)
    page.write_bytes(b"mine")
    run(root, "translate", "status")
    assert page.read_bytes() == b"mine"
    page.write_bytes(old["docs/ar/boil.md"])
    assert people_s_files(root) == old


def _die() -> None:
    raise SystemExit(9)


def test_journal_of_a_campaign_that_somebody_sent_leads_nowhere_else(root, tmp_path):
    (tmp_path / "mine").write_text("mine", encoding="utf-8")
    (root / ".build/writing").mkdir(parents=True)
    (root / "docs/out").symlink_to(tmp_path)
    pairs = (("docs/out/mine", ""), ("docs/x.md", "docs/out/mine"), ("docs/x.md", "../../mine"), ("../mine", ""))
    named = [json.dumps([[*pair, ""]]) for pair in (*pairs, (f"{tmp_path}/mine", ""))]
    for rows in (*named, "[1]", "{}", "x", '[["docs/x.md", ""]]'):
        (root / writing.JOURNAL).write_text(rows, encoding="utf-8")
        finish_writing(root)
        assert (tmp_path / "mine").read_text(encoding="utf-8") == "mine"


def test_folder_that_is_not_finished_has_no_name(tmp_path):

    def work() -> None:
        with new_folder(tmp_path / "x") as part:
            (part / "a").write_text("a", encoding="utf-8")
            raise KeyError

    with pytest.raises(KeyError):
        work()
    assert not [*tmp_path.iterdir()]
