"""ProperDocs, the fork that may replace MkDocs, makes the same website byte for byte."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from needed_tools import leave_out

VERSION = "properdocs>=1.6.7,<1.7"


def run(*arguments: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run Python; all dependencies except ProperDocs are the campaign's."""
    return subprocess.run(
        [sys.executable, *map(str, arguments)], capture_output=True, text=True, env=os.environ | environment
    )


@pytest.fixture(scope="module")
def properdocs(tmp_path_factory) -> Path:
    """A folder with ProperDocs only."""
    folder = tmp_path_factory.mktemp("properdocs")
    pip = ("-m", "pip", "--quiet", "--disable-pip-version-check")
    if (fetched := run(*pip, "download", "--no-deps", "--dest", folder / "wheels", VERSION)).returncode:
        leave_out(f"the package index, for ProperDocs: {fetched.stderr[-300:]}")
    wheel = next((folder / "wheels").glob("*.whl"))
    installed = run(*pip, "install", "--no-deps", "--no-index", "--target", folder / "packages", wheel)
    assert installed.returncode == 0, installed.stderr
    return folder / "packages"


def test_properdocs_makes_the_files_that_mkdocs_makes(tiny, tmp_path, properdocs):
    root = shutil.copytree(tiny, tmp_path / "campaign")
    results = {}
    for program, packages in (("mkdocs", ""), ("properdocs", str(properdocs))):
        site = tmp_path / program
        done = run(
            *("-m", program, "build", "--quiet", "--config-file", root / "mkdocs.yml", "--site-dir", site),
            PYTHONPATH=packages,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        files = sorted(path for path in site.rglob("*") if path.is_file())
        results[program] = {path.relative_to(site).as_posix(): path.read_bytes() for path in files}
    assert len(results["mkdocs"]) > 100
    assert results["properdocs"] == results["mkdocs"]
