"""A built site in Firefox: pages, search, leaving, saving, forgetting (tests/benchmarks/firefox.mjs)."""

from __future__ import annotations

import shutil
import subprocess

from conftest import HERE
from needed_tools import require

PUPPETEER = "puppeteer-core@24.43.1"


def test_nothing_is_amiss_in_firefox(help_campaign, tmp_path):
    node, npm, firefox = require("node"), require("npm"), require("firefox-esr")
    shutil.copy(HERE / "benchmarks/firefox.mjs", tmp_path)
    subprocess.run([npm, "install", "--silent", "--no-fund", "--no-audit", PUPPETEER], cwd=tmp_path, check=True)
    command = [node, "firefox.mjs", str(help_campaign / "site"), firefox]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
