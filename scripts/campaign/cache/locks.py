"""Locks between processes, which the system releases when their holder ends.

The library filelock takes 0.1 s to import, and listens to every file that a process opens (2 % of a build).
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from errno import EACCES, EAGAIN, EDEADLK
from pathlib import Path

POLL_INTERVAL_S = 0.05
# Descriptors of the locks that this process holds.
_held: set[int] = set()


class LockedError(Exception):
    """Another process, or another thread, holds a lock."""


@contextmanager
def file_lock(path: Path, is_patient: bool = True) -> Iterator[None]:
    """Hold the lock of a file, which is made if it's missing and stays.

    Args:
        path: the file.
        is_patient: wait until others release it.

    Raises:
        LockedError: somebody else holds it, and `is_patient` is false.
    """
    opened = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    _held.add(opened)
    try:
        while not _is_locked(opened):
            if not is_patient:
                raise LockedError(path)
            time.sleep(POLL_INTERVAL_S)
        try:
            yield
        finally:
            _release(opened)
    finally:
        _held.discard(opened)
        os.close(opened)


if sys.platform == "win32":
    import msvcrt

    def _is_locked(opened: int) -> bool:
        try:
            msvcrt.locking(opened, msvcrt.LK_NBLCK, 1)
        except OSError as error:
            if error.errno in (EACCES, EDEADLK):
                return False
            raise
        return True

    def _release(opened: int) -> None:
        os.lseek(opened, 0, os.SEEK_SET)
        msvcrt.locking(opened, msvcrt.LK_UNLCK, 1)

else:
    import fcntl

    def _is_locked(opened: int) -> bool:
        try:
            fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            if error.errno in (EACCES, EAGAIN):
                return False
            raise
        return True

    def _release(opened: int) -> None:
        fcntl.flock(opened, fcntl.LOCK_UN)


def _forget_held() -> None:
    """Close the descriptors in a forked process: it would hold the locks of a parent that was killed."""
    for opened in _held:
        with suppress(OSError):
            os.close(opened)
    _held.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_held)
