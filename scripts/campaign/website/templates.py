"""Templates as Jinja compiled them, kept from one build to the next."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from pathlib import Path

from jinja2.bccache import Bucket, BytecodeCache

from campaign.cache.atomic import write_whole


class Templates(BytecodeCache):
    """Jinja's own cache of files, but for a hash before each: it would run a damaged one, whatever that then does."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def load_bytecode(self, bucket: Bucket) -> None:
        """Takes what was kept, if it is as it was written."""
        with suppress(OSError):
            digest, code = _split(self._file(bucket).read_bytes())
            if digest == hashlib.sha256(code).digest():
                bucket.bytecode_from_string(code)

    def dump_bytecode(self, bucket: Bucket) -> None:
        """Keeps a template. A disk that refuses is no harm."""
        code = bucket.bytecode_to_string()
        with suppress(OSError):
            write_whole(self._file(bucket), hashlib.sha256(code).digest() + code)

    def _file(self, bucket: Bucket) -> Path:
        return self.folder / f"{bucket.key}.cache"


def _split(data: bytes) -> tuple[bytes, bytes]:
    size = hashlib.sha256().digest_size
    return data[:size], data[size:]
