"""For which systems and versions of Python all wheels exist: a table, by pip's dry run for each.

    .venv/bin/python tests/benchmarks/office_wheels.py

It asks pip's index for wheels that fit and have the hashes of the lock, and installs nothing. Other systems than this
one aren't run.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from campaign.desk.office.folder import locked, options
from campaign.models.systems import PYTHONS, SYSTEMS, System


def lacks(system: System, python: str) -> str:
    """Return what pip reports as missing, or ''."""
    with TemporaryDirectory() as folder:
        path = Path(folder, "list.txt")
        path.write_text(locked(system, python) + locked(system, python, "office"), encoding="utf-8")
        chosen = options(system, python, path)
        # A dry run would compare what wheels require with the Python that runs pip.
        dry = ("--dry-run", "--ignore-installed", "--ignore-requires-python", "--target", folder)
        command = [sys.executable, "-m", "pip", "install", *dry, *chosen]
        done = subprocess.run(command, capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stderr.strip().splitlines()[-1]


def main() -> int:
    is_whole = True
    for system in SYSTEMS.values():
        for python in PYTHONS:
            missing = lacks(system, python)
            is_whole &= not missing
            print(f"{system.name:14} {python}  {missing or 'all there'}", flush=True)
    return 0 if is_whole else 1


if __name__ == "__main__":
    sys.exit(main())
