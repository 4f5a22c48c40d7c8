"""Cached results: even if the file is damaged, a value read is the value written, or nothing."""

from __future__ import annotations

import os
import random
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from campaign.cache import memo as module
from campaign.cache.memo import Memo
from campaign.models.outputs import Output
from campaign.pipeline.output_inputs import read_output_inputs, record_output_inputs


def noted(root: Path) -> tuple[list[str], dict[str, object]]:
    """Count the values found of 600 after missing ones were stored: (missing, all)."""
    memo = Memo.of(root)
    values = {f"key-{number}": [number, "word" * (number % 90)] for number in range(600)}
    missing = [key for key, value in values.items() if memo.get(key) != value]
    for key in missing:
        memo.put(key, values[key])
    memo.save()
    return missing, values


@pytest.mark.parametrize("seed", range(40))
def test_what_is_noted_in_a_damaged_file_is_found_by_the_next_run(tmp_path, seed):
    noted(tmp_path)
    path, chance = tmp_path / ".build/memo.sqlite", random.Random(seed)
    data = bytearray(path.read_bytes())
    for _ in range(chance.choice((1, 4, 40))):
        data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)
    noted(tmp_path)
    assert noted(tmp_path)[0] == []


@pytest.fixture
def file(tmp_path) -> Path:
    memo = Memo.of(tmp_path)
    memo.put("words", ["ma", 1])
    memo.namespace("pages").put("index", "a" * 20_000)
    memo.namespace("styles").put("words", ["mu"])
    memo.save()
    assert memo.file is not None
    return memo.file


def replaced(make):
    def damage(file: Path) -> None:
        file.unlink()
        make(file)

    return damage


def statement(*texts: str):
    def damage(file: Path) -> None:
        with closing(sqlite3.connect(file)) as db:
            for text in texts:
                db.execute(text)
            db.commit()

    return damage


DAMAGE = {
    "it is empty": replaced(Path.touch),
    "it is a folder": replaced(Path.mkdir),
    "it is a link to nowhere": replaced(lambda file: file.symlink_to("gone")),
    "it is rubbish": replaced(lambda file: file.write_bytes(b"rubbish" * 999)),
    "its end is gone": lambda file: os.truncate(file, 8192),
    "it is another program's": replaced(statement("CREATE TABLE programs (version INTEGER)")),
    "its owner is missing": statement("DELETE FROM programs"),
    "other programs wrote it": statement("UPDATE programs SET hash = 'another'"),
    "a row says something else": statement("UPDATE known SET value = CAST('[\"mu\", 1]' AS BLOB) WHERE space = 'read'"),
    "a row has another key": statement(
        "DELETE FROM known WHERE key = 'words'", "UPDATE known SET space = 'read', key = 'words'"
    ),
    "a row is in another space": statement(
        "DELETE FROM known WHERE space = 'read'", "UPDATE known SET space = 'read' WHERE key = 'words'"
    ),
}


@pytest.mark.parametrize("what", DAMAGE)
def test_what_is_damaged_is_nothing_and_can_be_noted_again(file, what):
    DAMAGE[what](file)
    memo = Memo(file)
    assert memo.get("words") is None
    memo.put("words", ["mu"])
    memo.save()
    assert Memo(file).get("words") == ["mu"]


def test_what_one_process_writes_another_reads_and_none_waits_for_long(file):
    """A build writes, the desk reads; both may note something at once."""
    program = (
        "import sys; from pathlib import Path; from campaign.cache.memo import Memo\n"
        "for n in range(40):\n"
        "    memo = Memo(Path(sys.argv[1]), sys.argv[2]); memo.put(str(n), sys.argv[2] * 500); memo.save()\n"
    )
    writers = [subprocess.Popen([sys.executable, "-c", program, str(file), name]) for name in ("one", "two")]
    while any(writer.poll() is None for writer in writers):
        assert Memo(file).get("words") == ["ma", 1]
    assert [writer.returncode for writer in writers] == [0, 0]
    assert all(Memo(file, name).get(str(n)) == name * 500 for name in ("one", "two") for n in range(40))


def test_what_whole_runs_ask_for_no_more_is_forgotten(file):
    memo = Memo(file)
    for n in range(9):
        memo.put(f"old {n}", n)
    memo.save()
    memo = Memo(file)
    assert memo.get("words")
    memo.save()
    assert Memo(file).get("old 3") == 3
    memo.save(is_last=True)
    assert Memo(file).get("old 3") is None
    assert Memo(file).get("words") == ["ma", 1]


def test_memo_of_a_disk_that_cannot_be_written_is_read(file, monkeypatch):
    def refused(*_):
        error = sqlite3.OperationalError("attempt to write a readonly database")
        error.sqlite_errorcode = sqlite3.SQLITE_READONLY
        raise error

    monkeypatch.setattr(module, "_change", refused)
    memo = Memo(file)
    memo.put("new", 1)
    memo.save()
    assert (memo.get("new"), Memo(file).get("new"), Memo(file).get("words")) == (1, None, ["ma", 1])


def test_inputs_of_an_output_are_told_as_changed_new_and_gone():
    memo, output = Memo(None), Output("leaflet", "x", "en", None, "tri-fold", "office", path="x.pdf")
    record_output_inputs(memo, output, {"a": "1", "b": "1"})
    record_output_inputs(memo, output, {"a": "2", "c": "1"})
    assert read_output_inputs(memo, "x.pdf")["reasons"] == ["a: changed", "b: gone", "c: new"]
