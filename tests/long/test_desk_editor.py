"""The editor that is kept in the repository is the one that its lock makes."""

from __future__ import annotations

import shutil
import subprocess

from conftest import REPOSITORY

SOURCE, KEPT = REPOSITORY / "scripts/desk-editor", REPOSITORY / "scripts/campaign/desk/client"


def test_the_editor_is_made_from_its_lock(tmp_path):
    folder = tmp_path / "desk-editor"
    shutil.copytree(SOURCE, folder, ignore=shutil.ignore_patterns("node_modules"))
    subprocess.run(["npm", "ci", "--no-audit", "--no-fund"], cwd=folder, check=True, capture_output=True)
    (tmp_path / "made").mkdir()
    subprocess.run(["node", "build.mjs", str(tmp_path / "made")], cwd=folder, check=True, capture_output=True)
    for name in ("editor.js", "editor-NOTICE.txt"):
        assert (tmp_path / "made" / name).read_bytes() == (KEPT / name).read_bytes(), f"{name}: see scripts/desk-editor"
