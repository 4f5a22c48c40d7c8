"""System faults during a build, for real: kills at random moments, full and other disks, too few resources.

`make faults` runs it; `-k disk` and the like a part. After each fault site/ and dist/ are complete, the output has no
traceback, and the next build equals a clean one byte for byte. Tests that need root say so and are left out.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

import pytest
from conftest import copy_campaign
from filelock import FileLock, Timeout
from kills import files_of
from needed_tools import leave_out

OUTPUTS = ("site", "dist")
WORDS = ("UNA.\n\n", "IKALAWA.\n\n")
PAGE, LEAFLET = "docs/fil/boil.md", "docs/fil/leaflets/boil-the-water.md"
SEED = int(os.environ.get("FAULT_SEED", time.time_ns() % 100_000))
State = dict[str, dict[str, bytes]]

needs_root = pytest.mark.usefixtures("root_user")


def state(root: Path) -> State:
    return {name: files_of(root / name) for name in OUTPUTS}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "campaign", *arguments]


def run(root: Path, *arguments: str, before: tuple[str, ...] = (), **environment: str) -> tuple[int, str]:
    """(exit code, output). before: a command that runs it."""
    done = subprocess.run(
        [*before, *command(*arguments)],
        cwd=root,
        env={**os.environ, "COLUMNS": "200", **environment},
        capture_output=True,
        text=True,
        errors="replace",
        timeout=300,
    )
    output = done.stdout + done.stderr
    assert "Traceback" not in output, output
    return done.returncode, output


def write(root: Path, word: str) -> None:
    """Replace a word in a page and a leaflet by the other one."""
    for name in (PAGE, LEAFLET):
        text = (root / name).read_text(encoding="utf-8")
        for old in WORDS:
            text = text.replace(old, "")
        start = text.index("\n\n", text.index("\n## ")) + 2
        (root / name).write_text(text[:start] + word + text[start:], encoding="utf-8")


@pytest.fixture(scope="module")
def states(small, tmp_path_factory) -> list[tuple[Path, State]]:
    """The campaign with each of WORDS, built without any cache: its folder and the outputs."""
    results = []
    for number, word in enumerate(WORDS):
        root = copy_campaign(small, tmp_path_factory.mktemp("states") / str(number))
        write(root, word)
        assert run(root, "build")[0] == 0
        results.append((root, state(root)))
    return results


@pytest.fixture
def root(states, tmp_path) -> Path:
    """A campaign that was built with the first word, and now has the second one."""
    root = shutil.copytree(states[0][0], tmp_path / "campaign")
    write(root, WORDS[1])
    return root


@pytest.fixture
def old(states) -> State:
    return states[0][1]


@pytest.fixture
def new(states) -> State:
    return states[1][1]


def unlike(one: State, other: State) -> list[str]:
    return [
        f"{name}/{file}"
        for name in OUTPUTS
        for file in sorted(one[name].keys() | other[name].keys())
        if one[name].get(file) != other[name].get(file)
    ]


def assert_whole(root: Path, *known: State, by_file: bool = False) -> None:
    """site/ and dist/ are the old ones or the new ones, unless a journal says that they are being moved."""
    result = state(root)
    if (root / ".build/journal.json").exists():
        return
    for name in OUTPUTS:
        if by_file:  # `prints` replaces single files of dist/
            assert not [
                file for file, data in result[name].items() if data not in [item[name].get(file) for item in known]
            ]
        else:
            assert any(result[name] == item[name] for item in known), name


def assert_next_is_clean(root: Path, new: State) -> None:
    code, output = run(root, "build")
    assert code == 0, output
    assert unlike(state(root), new) == []


@contextmanager
def mounted(target: Path, *options: str) -> Iterator[None]:
    target.mkdir(parents=True, exist_ok=True)
    subprocess.run(["mount", *options, str(target)], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(target)], check=True)


def tmpfs(size: str = "200m") -> tuple[str, ...]:
    return ("-t", "tmpfs", "-o", f"size={size}", "tmpfs")


# Kills


@pytest.fixture(scope="module")
def ended(states, tmp_path_factory) -> Path:
    """One campaign for all kills."""
    return shutil.copytree(states[0][0], tmp_path_factory.mktemp("ended") / "campaign")


@pytest.mark.parametrize("kind", ["stick", "packs"])
def test_what_is_handed_over_is_killed_at_fifty_random_moments(small, tmp_path, kind):
    print(f"FAULT_SEED={SEED}")
    script = Path(__file__).with_name("handover_kills.py")
    done = subprocess.run(
        [sys.executable, script, small, tmp_path, str(SEED), "50", kind], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {kind: {"unnoticed": [], "unfinished": [], "unharmed": []}}


@pytest.mark.parametrize("number", range(50))
def test_run_that_is_ended_at_a_random_moment_leaves_all_whole(ended, states, number):
    root, chance = ended, random.Random(SEED + number)
    (old, new) = (states[number % 2][1], states[1 - number % 2][1])
    write(root, WORDS[1 - number % 2])
    what = ("build", "build", "build", "prints", "serve")[number % 5]
    suffix = chance.choice((signal.SIGKILL, signal.SIGKILL, signal.SIGTERM, signal.SIGINT))
    moment = chance.uniform(0.1, {"build": 8.0, "prints": 6.0, "serve": 6.0}[what])
    print(f"FAULT_SEED={SEED} {number}: {what} ended by {suffix.name} after {moment:.2f} s")
    arguments = ("serve", "--port", str(chance.randrange(20000, 60000))) if what == "serve" else (what,)
    with subprocess.Popen(
        command(*arguments), cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        with suppress(subprocess.TimeoutExpired):
            process.wait(moment)
        if suffix is signal.SIGINT:  # a terminal sends it to all processes
            with suppress(ProcessLookupError):  # it had finished before
                os.killpg(process.pid, suffix)
        else:
            process.send_signal(suffix)
        output = b"".join(process.communicate(timeout=120))
    # A worker whose build is killed while it starts says so; nothing can be done about that.
    assert suffix is signal.SIGKILL or b"Traceback" not in output, output.decode()
    assert_ended(process.pid)
    assert_whole(root, old, new, by_file=what == "prints")
    assert_next_is_clean(root, new)


def assert_ended(group: int) -> None:
    """No worker outlives its build for long, even on a busy machine."""
    until = time.monotonic() + 120
    while time.monotonic() < until:
        try:
            os.killpg(group, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    os.killpg(group, signal.SIGKILL)
    raise AssertionError("processes of a build that was ended still run")


def is_held(lock: Path, process: subprocess.Popen[bytes]) -> bool:
    """Return whether a process has a lock; if so it stays stopped."""
    process.send_signal(signal.SIGSTOP)
    try:
        FileLock(lock, timeout=0).acquire().lock.release()
    except Timeout:
        return True
    process.send_signal(signal.SIGCONT)
    return False


def test_two_builds_at_once_do_not_meet(root, new):
    with subprocess.Popen(command("build"), cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as first:
        # It is stopped while it holds the lock, because its speed is unknown.
        while not is_held(root / ".build/lock", first):
            assert first.poll() is None
            time.sleep(0.05)
        code, output = run(root, "build")
        first.send_signal(signal.SIGCONT)
        assert first.wait(120) == 0
    assert (code, "Another build of this campaign is running." in output) == (1, True)
    assert unlike(state(root), new) == []
    assert_next_is_clean(root, new)


def test_files_that_change_and_go_while_they_are_read(root, new):
    good = {name: (root / name).read_bytes() for name in (PAGE, LEAFLET, "assets/contacts/hill.yml")}
    with subprocess.Popen(command("build"), cwd=root, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        chance = random.Random(SEED)
        while process.poll() is None:
            name = chance.choice(sorted(good))
            (root / name).write_bytes(good[name][: chance.randrange(len(good[name]))])
            time.sleep(0.01)
            (root / name).unlink()
            time.sleep(0.01)
            (root / name).write_bytes(good[name])
            time.sleep(0.02)
        output = b"".join(process.communicate())
    assert b"Traceback" not in output, output.decode()
    for name, data in good.items():
        (root / name).write_bytes(data)
    assert_next_is_clean(root, new)


# Disks


@needs_root
@pytest.mark.parametrize("room", [0, 200, 1000, 3000, 6000, 9000])  # kB
def test_full_disk_is_said_and_all_stays(states, tmp_path, old, new, room):
    # Hard links to existing files, which a copy doesn't need: deleting them would free space.
    base = shutil.copytree(states[0][0], tmp_path / "base")
    shutil.rmtree(base / ".build/old", ignore_errors=True)
    used = sum(path.stat().st_blocks // 2 for path in base.rglob("*")) + 400
    with mounted(tmp_path / "disk", *tmpfs(f"{used + room}k")):
        root = shutil.copytree(base, tmp_path / "disk/campaign")
        write(root, WORDS[1])
        with suppress(OSError), (tmp_path / "disk/rest").open("wb", buffering=0) as rest:
            while not room:
                rest.write(bytes(1024))
        code, output = run(root, "build")
        assert (code == 1 and "(disk-full)" in output) or code == 0, output
        assert room or code == 1
        assert output.count("(disk-full)") <= 3, output
        assert_whole(root, old, new)
        subprocess.run(["mount", "-o", "remount,size=300m", str(tmp_path / "disk")], check=True)
        assert_next_is_clean(root, new)


@needs_root
@pytest.mark.parametrize("folder", [".build", "site", "dist", "docs", "."])
def test_folder_that_may_not_be_written_to(root, old, new, folder):
    with mounted(root / folder, "--bind", str(root / folder)):
        subprocess.run(["mount", "-o", "remount,bind,ro", str(root / folder)], check=True)
        code, output = run(root, "build")
        assert code == (0 if folder == "docs" else 1), output
    assert_whole(root, old, new)
    assert_next_is_clean(root, new)


@needs_root
@pytest.mark.parametrize("name", [".build", "site", "dist"])
@pytest.mark.parametrize("how", ["mount", "link"])
def test_folder_on_another_disk(root, tmp_path, old, new, name, how):
    elsewhere = root / name if how == "mount" else tmp_path / "elsewhere"
    kept = shutil.copytree(root / name, tmp_path / "kept")
    if how == "link":
        shutil.rmtree(root / name)
        (root / name).symlink_to(elsewhere)
    with mounted(elsewhere, *tmpfs()):
        if how == "mount":  # a link may only lead to an empty folder
            shutil.copytree(kept, elsewhere, dirs_exist_ok=True)
        assert_next_is_clean(root, new)
        assert (root / name).is_symlink() == (how == "link")
        write(root, WORDS[0])
        assert_next_is_clean(root, old)
        if name != ".build":
            write(root, WORDS[1])
            subprocess.run(["mount", "-o", "remount,size=3m", str(elsewhere)], check=False)


# The contents of .build, site/ and dist/


def each_in(folder: Path, change) -> None:
    for path in sorted(folder.rglob("*")):
        if path.is_file() and path.name != "lock":
            change(path)


def replace_by(make):
    def change(path: Path) -> None:
        shutil.rmtree(path) if path.is_dir() else path.unlink()
        make(path)

    return change


def other_memo(path: Path) -> None:
    """An intact SQLite file with other tables in it."""
    path.unlink()
    with closing(sqlite3.connect(path)) as db:
        db.execute("CREATE TABLE program (version INTEGER)")
        db.execute("CREATE VIEW known AS SELECT 'read' AS space, 1 AS key, 2 AS sum, 3 AS value")
        db.commit()


def other_program(path: Path) -> None:
    with closing(sqlite3.connect(path)) as db:
        db.execute("UPDATE programs SET hash = 'another'")
        db.commit()


# The header of an unfinished write in SQLite.
JOURNAL = b"\xd9\xd5\x05\xf9 \xa1c\xd7"
DAMAGE = {
    "every file is empty": lambda build: each_in(build, lambda path: path.write_bytes(b"")),
    "every file is cut in two": lambda build: each_in(build, lambda path: os.truncate(path, path.stat().st_size // 2)),
    "every file is rubbish": lambda build: each_in(build, replace_by(lambda path: path.write_bytes(b"\xff\x00{]\n\t"))),
    "every file is a folder": lambda build: each_in(build, replace_by(Path.mkdir)),
    "every file is a link to nowhere": lambda build: each_in(build, replace_by(lambda path: path.symlink_to("gone"))),
    "the memo is a folder": lambda build: replace_by(Path.mkdir)(build / "memo.sqlite"),
    "the memo is another program's": lambda build: other_memo(build / "memo.sqlite"),
    "a write was cut off": lambda build: (build / "memo.sqlite-journal").write_bytes(
        b"\xd9\xd5\x05\xf9 \xa1c\xd7" * 99
    ),
    "the store is a file": lambda build: replace_by(Path.touch)(build / "store"),
    "pages are a file": lambda build: replace_by(Path.touch)(build / "pages"),
    "the new one is a file": lambda build: (shutil.rmtree(build / "new", ignore_errors=True), (build / "new").touch()),
    "the journal is a folder": lambda build: (build / "journal.json").mkdir(),
    **{
        f"the journal is {journal!r}": lambda build, journal=journal: (build / "journal.json").write_bytes(journal)
        for journal in (b"\xff\xfe\x00", b"3", b'["site", 4]', b'["../docs"]', b'["/etc"]')
    },
    "the lock is a folder": lambda build: ((build / "lock").unlink(missing_ok=True), (build / "lock").mkdir()),
    "it is a file": lambda build: replace_by(Path.touch)(build),
    "it is a link to nowhere": lambda build: replace_by(lambda path: path.symlink_to("gone"))(build),
    "another version noted it": lambda build: other_program(build / "memo.sqlite"),
    "everything is of tomorrow": lambda build: each_in(build, lambda path: os.utime(path, (4e9, 4e9))),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_work_folder_that_is_damaged_or_foreign(root, old, new, what):
    DAMAGE[what](root / ".build")
    code, output = run(root, "build")
    if code:
        assert "problem " in output, output
        assert_whole(root, old, new)
        build = root / ".build"
        shutil.rmtree(build) if build.is_dir() and not build.is_symlink() else build.unlink()
    assert_next_is_clean(root, new)


def test_work_folder_of_another_campaign(root, help_build, new):
    shutil.rmtree(root / ".build")
    shutil.copytree(help_build, root / ".build")
    assert_next_is_clean(root, new)


@pytest.fixture(scope="module")
def help_build(tmp_path_factory) -> Path:
    """The work folder of a new campaign."""
    folder = tmp_path_factory.mktemp("other")
    assert run(folder, "new", "fresh")[0] == 0
    assert run(folder / "fresh", "build")[0] == 0
    return folder / "fresh/.build"


def test_site_that_was_edited_by_hand_is_made_again(states, tmp_path, old):
    root = shutil.copytree(states[0][0], tmp_path / "campaign")
    run(root, "build")
    files = sorted(path for name in OUTPUTS for path in (root / name).rglob("*") if path.is_file())
    for path, change in zip(
        files[::3], (Path.unlink, replace_by(Path.touch), replace_by(Path.mkdir)) * 99, strict=False
    ):
        change(path)
    (root / "site/mine.html").write_text("mine")
    assert_next_is_clean(root, old)


# Time


@pytest.mark.parametrize("moment", [0, 4e9], ids=["of 1970", "of 2096"])
def test_files_whose_times_make_no_sense(root, new, moment):
    for path in root.rglob("*"):
        os.utime(path, (moment, moment))
    assert_next_is_clean(root, new)


def test_text_that_is_older_than_what_was_made_of_it_is_read(root, new):
    os.utime(root / PAGE, (1e9, 1e9))
    os.utime(root / LEAFLET, (1e9, 1e9))
    assert_next_is_clean(root, new)


# Too few resources


def test_one_core(root, new):
    assert run(root, "build", before=("taskset", "-c", "0"))[0] == 0
    assert unlike(state(root), new) == []


@needs_root
def test_without_shared_memory(root, tmp_path, new):
    (tmp_path / "empty").mkdir()
    hide = 'mount --bind "$0" /dev/shm && mount -o remount,bind,ro /dev/shm && exec "$@"'
    code, output = run(root, "build", before=("unshare", "-m", "sh", "-c", hide, str(tmp_path / "empty")))
    assert code == 0, output
    assert unlike(state(root), new) == []


def test_few_open_files_and_no_new_processes(root, old, new):
    code, output = run(root, "build", before=("sh", "-c", 'ulimit -n 40; exec "$0" "$@"'))
    assert code == 0 or "problem " in output
    assert_whole(root, old, new)
    assert_next_is_clean(root, new)


MEMORY = Path("/sys/fs/cgroup/memory")


@needs_root
def test_500_megabytes_are_enough(root, new):
    """Memory of all its processes together, by cgroup."""
    if not MEMORY.is_dir():
        leave_out("the memory controller of cgroup v1")
    group = MEMORY / f"campaign-{os.getpid()}"
    group.mkdir()
    try:
        (group / "memory.limit_in_bytes").write_text(str(500_000_000))
        join = 'echo $$ > "$0/cgroup.procs" && exec "$@"'
        code, output = run(root, "build", before=("sh", "-c", join, str(group)))
        print(f"at most {int((group / 'memory.max_usage_in_bytes').read_text()) / 1e6:.0f} MB")
    finally:
        time.sleep(1)
        group.rmdir()
    assert code == 0, output
    assert unlike(state(root), new) == []


@pytest.mark.usefixtures("unix")
@pytest.mark.parametrize("megabytes", [300, 600, 1000])
def test_too_little_memory_is_a_sentence_or_enough(root, old, new, megabytes):
    """Address space of each process, by ulimit -v."""
    code, output = run(root, "build", before=("sh", "-c", f'ulimit -v {megabytes * 1000}; exec "$0" "$@"'))
    assert code <= 1 or code > 127 or code < 0, output
    assert_whole(root, old, new)
    assert_next_is_clean(root, new)


# Other computers


@pytest.mark.parametrize(
    ("environment", "mask"),
    [
        ({"TZ": "Pacific/Kiritimati", "LC_ALL": "C", "PYTHONHASHSEED": "1"}, 0o077),
        ({"TZ": "America/Los_Angeles", "LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8", "PYTHONHASHSEED": "99"}, 0o000),
        ({"TZ": "Asia/Kathmandu", "LC_ALL": "POSIX", "HOME": "/nonexistent", "TMPDIR": "."}, 0o022),
    ],
    ids=["far east, strict", "far west, Turkish", "no home, no language"],
)
def test_other_computers_make_the_same_bytes(states, tmp_path, environment, mask, old):
    root = copy_campaign(states[0][0], tmp_path / "Ma câmpagne ធ (2)")
    before = os.umask(mask)
    try:
        code, output = run(root, "build", **environment)
    finally:
        os.umask(before)
    assert code == 0, output
    assert unlike(state(root), old) == []
