"""Install a Chromium 65 in .venv/chromium-65: 64 MB to fetch, 240 MB on the disk. Explains why if it can't."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
sys.path.append(str(HERE.parent))

from old_chromium import FOLDER, OldChromium  # noqa: E402  next to it
from system_tools import install, may_install  # noqa: E402  in the folder that was named above

# The libraries that Qt of 2018 is linked to, and a virtual screen.
PACKAGES = (
    "xvfb", "xauth", "libgl1", "libegl1", "libnss3", "libxcomposite1", "libxcursor1", "libxi6", "libxtst6",
    "libxrandr2", "libasound2t64", "libxkbcommon-x11-0",
)  # fmt: skip


def main() -> str:
    """Return what prevents it, or ''."""
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        return "it only runs on Linux with x86-64"
    ready, locked = FOLDER / "ready", HERE.parents[1] / "requirements/old.txt"
    if not ready.exists() or ready.read_bytes() != locked.read_bytes():
        shutil.rmtree(FOLDER, ignore_errors=True)
        pip = (sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-compile")
        wheels = ("--no-deps", "--only-binary", ":all:", "--require-hashes", "--target", str(FOLDER))
        if subprocess.run([*pip, *wheels, "-r", str(locked)]).returncode:
            return "its wheels (requirements/old.txt) could not be fetched"
        shutil.copyfile(locked, ready)
    if not shutil.which("xvfb-run") and may_install():
        install(PACKAGES)
    if not shutil.which("xvfb-run"):
        return f"it needs Xvfb and these libraries: apt-get install {' '.join(PACKAGES)}"
    try:
        with OldChromium() as browser:
            agent = browser.ask("run", "navigator.userAgent")
    except OSError as error:
        return f"it does not start: {error}"
    return "" if "Chrome/65." in agent else f"what started is {agent}"


if __name__ == "__main__":
    os.environ["PIP_ROOT_USER_ACTION"] = "ignore"
    reason = main()
    if reason:
        print(f"Chromium 65 cannot be set up here, so that old phones go untested: {reason}.")
    sys.exit(1 if reason else 0)
