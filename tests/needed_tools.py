"""Leave out tests whose program is missing, and list them at the end: the only place that skips a test.

A test needs no mark. As soon as it starts a program of `system_tools.py`, or asks `require` for it, and the program
isn't installed, it ends as skipped. With CI set it fails instead. A need that can't be seen fails on every computer: a
program that no table names, and one that only the campaign's own code starts.
"""

from __future__ import annotations

import functools
import importlib
import os
import re
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from platform import python_version
from types import ModuleType
from typing import NoReturn

import pytest
from packaging.requirements import Requirement
from system_tools import ALL_TOOLS, BASIC_TOOLS, find_tool, install_hints

REPOSITORY = Path(__file__).parents[1]
CAMPAIGN = str(REPOSITORY / "scripts") + os.sep
OWN_CODE = (CAMPAIGN, str(REPOSITORY / "tests") + os.sep)
PREFIX = "needs "
find_once = functools.cache(find_tool)
running = []  # the test that is running
# Programs that tests started or required. git: builds ask it about originals, and do without.
asked = {"git"}


def leave_out(need: str) -> NoReturn:
    """End the test: this computer lacks what it needs."""
    __tracebackhide__ = True
    if os.environ.get("CI"):
        pytest.fail(f"{PREFIX}{need}, and CI is set", pytrace=False)
    pytest.skip(f"{PREFIX}{need}")


def require(tool: str) -> str:
    """Return the path of a program that `system_tools.py` names, or leave the test out."""
    __tracebackhide__ = True
    if tool not in ALL_TOOLS:
        pytest.fail(f"`{tool}` is in no table of tests/system_tools.py. Add it with its packages.")
    asked.add(tool)
    return find_once(tool) or leave_out(tool)


def require_package(name: str) -> ModuleType:
    """Return a module of requirements/test.in, or leave the test out where that file leaves out its package."""
    lines = (REPOSITORY / "requirements/test.in").read_text(encoding="utf-8").splitlines()
    line = next(each.partition("#")[0] for each in lines if each.startswith(name))
    marker = Requirement(line).marker
    if marker and not marker.evaluate():
        pytest.skip(f"{PREFIX}{name}, which isn't installed on Python {python_version()}")  # in CI, too
    return importlib.import_module(name)


@pytest.fixture
def root_user() -> None:
    """Leave the test out unless it may mount file systems."""
    if sys.platform != "linux" or os.geteuid() != 0:
        leave_out("root on Linux")


@pytest.fixture
def unix() -> None:
    """Leave the test out where processes can't be forked or limited."""
    if sys.platform == "win32":
        leave_out("Unix")


def _starter() -> str:
    """Return the file whose code starts a program, past the standard library's `subprocess`."""
    frame = sys._getframe(1)
    while frame and Path(frame.f_code.co_filename).name in ("subprocess.py", Path(__file__).name):
        frame = frame.f_back
    return frame.f_code.co_filename if frame else ""


def _look_at(command: str | bytes | os.PathLike | Sequence) -> None:
    """Leave the test out if the program that it starts is missing; fail if its need is hidden."""
    first = command if isinstance(command, (str, bytes, os.PathLike)) else next(iter(command))
    path = os.fsdecode(first)
    tool, starter = Path(path).name.removesuffix(".exe"), _starter()
    if tool in ALL_TOOLS and starter.startswith(CAMPAIGN) and tool not in asked:
        pytest.fail(f'The campaign starts {tool}, and would go on without it. Begin the test with `require("{tool}")`.')
    is_there = path != tool and Path(path).is_file()  # such as Playwright's own node
    if not is_there and (tool in ALL_TOOLS or (tool not in BASIC_TOOLS and starter.startswith(OWN_CODE))):
        require(tool)


def pytest_configure() -> None:
    start = subprocess.Popen.__init__

    @functools.wraps(start)
    def look_and_start(self: subprocess.Popen, args: Sequence, *more: object, **options: object) -> None:
        if running:
            _look_at(args)
        start(self, args, *more, **options)

    subprocess.Popen.__init__ = look_and_start


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    running.append(item)
    try:
        return (yield)
    finally:
        running.clear()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reasons = [report.longrepr[2] for report in terminalreporter.stats.get("skipped", ())]
    needs = Counter(found[1] for each in reasons if (found := re.match(rf"Skipped: {PREFIX}(.+)", each)))
    if not needs:
        return
    terminalreporter.section("not run on this computer")
    for need, number in sorted(needs.items()):
        terminalreporter.line(f"{number:4} {'test needs' if number == 1 else 'tests need'} {need}")
    for hint in install_hints(set(needs) & ALL_TOOLS.keys()) if set(needs) & ALL_TOOLS.keys() else ():
        terminalreporter.line(hint)
