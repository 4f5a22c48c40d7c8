"""What packs are put together of."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from campaign.models.outputs import Made


@dataclass(frozen=True)
class Member:
    """One file of a pack: words, or what was made before."""

    text: str = ""
    made: Made | None = None
    file: Path | None = None

    def read(self) -> bytes:
        """What the file holds."""
        path = self.made.file if self.made else self.file
        return path.read_bytes() if path else self.text.encode()

    @property
    def sha256(self) -> str:
        """The hash of what it holds, in hexadecimal."""
        return self.made.sha256 if self.made else hashlib.sha256(self.read()).hexdigest()
