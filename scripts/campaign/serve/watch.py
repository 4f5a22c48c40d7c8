"""Detect changes of a campaign's files."""

from __future__ import annotations

import time
from pathlib import Path

from campaign.cache.atomic import snapshot
from campaign.cache.inputs import folders_read, root_files
from campaign.models.shipped import shipped_folder

# Seconds between scans, and the most of the time that scanning may take.
MIN_PAUSE_S = 0.1
MAX_SCAN_SHARE = 0.1
# Seconds without a change until a file counts as written, and the longest wait.
QUIET_S = 0.03
MAX_WAIT_S = 1.0


class Watch:
    """The names, sizes and times of a campaign's files, every `pause` seconds; works on every disk."""

    def __init__(self, root: Path) -> None:
        self.root, self.pause = root, MIN_PAUSE_S
        self._files = self._snapshot()

    def has_changed(self) -> bool:
        """Return whether something has changed since the last call, once writing has stopped."""
        start_time = time.monotonic()
        current = self._snapshot()
        self.pause = max(MIN_PAUSE_S, (time.monotonic() - start_time) / MAX_SCAN_SHARE)
        if current == self._files:
            return False
        while time.monotonic() - start_time < MAX_WAIT_S:
            time.sleep(QUIET_S)
            before, current = current, self._snapshot()
            if before == current:
                break
        self._files = current
        return True

    def _snapshot(self) -> object:
        try:
            folders = [self.root / name for name in folders_read(self.root)] + [shipped_folder("overrides")]
            results = [(path.name, path.stat()) for path in root_files(self.root)]
            root_stats = [(name, stat.st_size, stat.st_mtime_ns) for name, stat in results]
            return [snapshot(folder) for folder in folders], root_stats
        except OSError:
            return None  # the file vanished; the next scan reports it
