"""A Chromium 65 in a separate process, driven by lines of JSON: tests/old/browser.py answers."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FOLDER = HERE.parents[1] / ".venv/chromium-65"


class OldChromium:
    """One window. `ask` returns the result of the function of that name in browser.py."""

    def __enter__(self) -> OldChromium:
        self.home = tempfile.TemporaryDirectory()
        settings = {"HOME": self.home.name, "XDG_RUNTIME_DIR": self.home.name, "PYTHONPATH": str(FOLDER)}
        self.said = (Path(self.home.name) / "said").open("w+", encoding="utf-8")
        self.process = subprocess.Popen(
            ["xvfb-run", "-a", "-s", "-screen 0 1400x3000x24", sys.executable, str(HERE / "browser.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.said,
            text=True,
            env={**os.environ, **settings},
        )
        self._answer()
        return self

    def __exit__(self, *error: object) -> None:
        self.process.communicate()
        self.said.close()
        self.home.cleanup()

    def ask(self, what: str, *values: Any) -> Any:
        self.process.stdin.write(json.dumps([what, *values]) + "\n")
        self.process.stdin.flush()
        return self._answer()

    def _answer(self) -> Any:
        line = self.process.stdout.readline()
        if not line:
            self.said.seek(0)
            raise OSError((self.said.read().splitlines() or ["no word of why"])[-1])
        return json.loads(line)
