"""Read files of unchecked kind: a pipe, a device or an endless file must never stop a command."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

# Without this flag, opening a pipe without a writer blocks. Windows has no such files.
NON_BLOCKING = getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)


def read_regular(path: Path, max_bytes: int) -> bytes:
    """Return the content of a regular file.

    Raises:
        OSError: it is a folder, pipe or device (EINVAL), is larger than `max_bytes` (EFBIG), or can't be read.
    """
    descriptor = os.open(path, os.O_RDONLY | NON_BLOCKING)
    with os.fdopen(descriptor, "rb") as file:
        if not stat.S_ISREG(os.fstat(descriptor).st_mode):
            raise OSError(errno.EINVAL, "not an ordinary file")
        data = file.read(max_bytes + 1)
    if len(data) > max_bytes:
        raise OSError(errno.EFBIG, f"over {max_bytes // 1_000_000} MB")
    return data
