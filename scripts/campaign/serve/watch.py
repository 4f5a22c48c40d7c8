"""What people wrote, looked at again and again: whether it changed, and whether it has come to rest."""

from __future__ import annotations

import time
from pathlib import Path

from campaign.cache.atomic import snapshot
from campaign.cache.inputs import beside_settings, folders_read
from campaign.models.shipped import shipped_folder

# Seconds between looks; a look may take this share of the time, however many files there are.
PAUSE, SHARE = 0.1, 0.1
# A file is taken as written once nothing changed for so long; who writes for ever is not waited for.
REST, LONGEST = 0.03, 1.0


class Watch:
    """The state of a campaign's files.

    Names, sizes and times tell enough, on every system and every kind of disk: an editor may write into a file, put
    another in its place, or delete it.

    Attributes:
        pause: seconds until the next look.
    """

    def __init__(self, root: Path) -> None:
        self.root, self.pause = root, PAUSE
        self._seen = self._snapshot()

    def has_changed(self) -> bool:
        """Whether something is not as it was at the last question. Waits until whoever writes has come to an end."""
        begun = time.monotonic()
        now = self._snapshot()
        self.pause = max(PAUSE, (time.monotonic() - begun) / SHARE)
        if now == self._seen:
            return False
        while time.monotonic() - begun < LONGEST:
            time.sleep(REST)
            before, now = now, self._snapshot()
            if before == now:
                break
        self._seen = now
        return True

    def _snapshot(self) -> object:
        try:
            folders = [self.root / name for name in folders_read(self.root)] + [shipped_folder("overrides")]
            found = [(path.name, path.stat()) for path in beside_settings(self.root)]
            beside = [(name, stat.st_size, stat.st_mtime_ns) for name, stat in found]
            return [snapshot(folder) for folder in folders], beside
        except OSError:
            return None  # gone while it was looked at: the next look tells
