"""Programs that the tests drive: a browser, readers of PDFs. Installs them if allowed, else says what to install."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable

# Command -> Debian package. Another system has them under like names.
TOOLS = {
    "chromium": "chromium",
    "pdfinfo": "poppler-utils",
    "qpdf": "qpdf",
    "gs": "ghostscript",
    "exiftool": "libimage-exiftool-perl",
    "exiv2": "exiv2",
    "rsync": "rsync",
    "sshd": "openssh-server",
}
# The same engine without windows, for two thirds of the work: taken where the system has a package of it.
SHELL = "chromium-headless-shell"
# Needed in addition for `make test-long`.
LONG_TOOLS = {
    "epubcheck": "epubcheck",
    "java": "default-jre-headless",
    "zimcheck": "zim-tools",
    "kiwix-serve": "kiwix-tools",
    "nginx": "nginx-light",
    "caddy": "caddy",
    "wrk": "wrk",
    "npm": "npm",
}
# Wait for another apt-get, such as an unattended upgrade: `update` takes the lists' lock, `install` the others.
WAIT_FOR_LOCKS = ("-o", "DPkg::Lock::Timeout=600", "-o", "Acquire::Retries=3")
OTHER_NAMES = {"chromium": ("chromium-browser", "google-chrome", "chrome")}


def is_there(tool: str) -> bool:
    return any(shutil.which(name) for name in (tool, *OTHER_NAMES.get(tool, ())))


def may_install() -> bool:
    return bool(shutil.which("apt-get")) and hasattr(os, "geteuid") and os.geteuid() == 0


def is_known(package: str) -> bool:
    return may_install() and subprocess.run(["apt-cache", "show", package], capture_output=True).returncode == 0


def install(packages: Iterable[str]) -> None:
    # Runlevel 1: no server that comes along is started.
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    for command in (["update", "-qq"], ["install", "-y", "-qq", "--no-install-recommends", *packages]):
        subprocess.run(["apt-get", *WAIT_FOR_LOCKS, *command], check=True, env=environment)


def main() -> int:
    tools = {**TOOLS, **(LONG_TOOLS if "--long" in sys.argv else {})}
    missing = [tool for tool in tools if not is_there(tool)]
    if not shutil.which(SHELL) and is_known(SHELL):
        install([SHELL])
    if not missing:
        return 0
    packages = sorted({tools[tool] for tool in missing})
    if may_install():
        install(packages)
        return 0
    print(f"The tests need these programs: {', '.join(missing)}.")
    print(f"On Debian and Ubuntu: sudo apt-get install {' '.join(packages)}")
    print("On macOS: brew install --cask chromium; brew install poppler qpdf ghostscript exiftool exiv2")
    return 1


if __name__ == "__main__":
    sys.exit(main())
