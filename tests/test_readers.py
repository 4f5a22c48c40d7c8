"""Each reader reports mistakes in any input with their position, and never breaks (tests/faults)."""

from __future__ import annotations

import os
import sys

import pytest
from conftest import HERE, run
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

sys.path.insert(0, str(HERE / "faults"))
from examples import changed, good, typed
from readers import PROCESS_READERS, READERS, SLOW, Desk

# How many examples each reader gets; `make faults` asks for more, and for others at each run.
EXAMPLES = int(os.environ.get("FAULT_EXAMPLES", "40"))
IS_LONG = "FAULT_EXAMPLES" in os.environ
# What `make fuzz` and `make faults` found.
FOUND = sorted((HERE / "faults/found").glob("*-*"))
NAMES = [name for name in READERS if IS_LONG or name not in SLOW]


@pytest.fixture(scope="module")
def desk(tmp_path_factory) -> Desk:
    folder = tmp_path_factory.mktemp("readers")
    run(folder, "new", "fresh")
    return Desk(folder / "fresh")


@pytest.mark.parametrize("file", FOUND, ids=lambda file: file.name)
def test_what_broke_a_reader_once_does_so_no_more(desk, file):
    name = next(name for name in READERS if file.name.rpartition("-")[0] == name.replace(" ", "-"))
    desk.feed(name, file.read_bytes())


@pytest.mark.parametrize("name", NAMES)
def test_reader_takes_whatever_is_typed(desk, name):
    before = good(desk.root, name)
    few = EXAMPLES // 10 if name in (*SLOW, *PROCESS_READERS) else EXAMPLES

    @settings(
        max_examples=few,
        derandomize=not IS_LONG,
        database=None,
        deadline=None,
        suppress_health_check=list(HealthCheck),
        phases=(Phase.explicit, Phase.generate, *([Phase.shrink] if IS_LONG else [])),
        print_blob=True,
    )
    @given(st.one_of(changed(before), changed(before), typed()))
    def feed(data: bytes) -> None:
        desk.feed(name, data)

    desk.feed(name, before)
    feed()
