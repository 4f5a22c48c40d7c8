"""Find the programs and fonts that the tests need, and install them.

`make test` runs this file first. As root with apt-get it installs missing programs, otherwise it changes nothing: tests
of a missing program are then left out and listed at the end (`needed_tools.py`), except in CI, where this fails.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple


class Packages(NamedTuple):
    """The packages of a program; '' where a system has none."""

    debian: str
    fedora: str
    homebrew: str


def _same(name: str) -> Packages:
    return Packages(name, name, name)


POPPLER = Packages("poppler-utils", "poppler-utils", "poppler")
TOOLS = {
    "chromium": Packages("chromium", "chromium", "google-chrome"),
    "exiftool": Packages("libimage-exiftool-perl", "perl-Image-ExifTool", "exiftool"),
    "exiv2": _same("exiv2"),
    "git": _same("git"),
    "gs": _same("ghostscript"),
    "minisign": _same("minisign"),
    "msgfmt": _same("gettext"),
    "pdffonts": POPPLER,
    "pdfimages": POPPLER,
    "pdfinfo": POPPLER,
    "pdftoppm": POPPLER,
    "pdftotext": POPPLER,
    "qpdf": _same("qpdf"),
    "rsync": _same("rsync"),
    "sha256sum": _same("coreutils"),
    "ssh-keygen": Packages("openssh-client", "openssh-clients", "openssh"),
    "unzip": _same("unzip"),
}
# One font of Debian's package with fonts for many scripts.
NOTO_FONTS = "NotoSansSinhala"
# `make test-long` also needs these, and the fonts of scripts for which PyPI has none.
LONG_TOOLS = {
    "caddy": _same("caddy"),
    "epubcheck": Packages("epubcheck", "", "epubcheck"),
    "firefox-esr": Packages("firefox-esr", "firefox", "firefox"),
    NOTO_FONTS: Packages("fonts-noto-core", "google-noto-sans-sinhala-fonts", ""),
    "java": Packages("default-jre-headless", "java-latest-openjdk-headless", "openjdk"),
    "kiwix-serve": Packages("kiwix-tools", "kiwix-tools", ""),
    "nginx": Packages("nginx-light", "nginx", "nginx"),
    "node": Packages("nodejs", "nodejs", "node"),
    "npm": Packages("npm", "nodejs-npm", "node"),
    "openssl": _same("openssl"),
    "taskset": Packages("util-linux", "util-linux", ""),
    "ssh": Packages("openssh-client", "openssh-clients", "openssh"),
    "sshd": Packages("openssh-server", "openssh-server", "openssh"),
    "wrk": _same("wrk"),
    "zimcheck": Packages("zim-tools", "", ""),
}
OLD_TOOLS = {"xvfb-run": Packages("xvfb", "xorg-x11-server-Xvfb", "")}  # of `make test-old`, which installs more
ALL_TOOLS = TOOLS | LONG_TOOLS | OLD_TOOLS
# Every Unix has these: tests start them without asking.
BASIC_TOOLS = {"cp", "du", "mount", "sh", "tar", "umount", "unshare"}
# The same engine without windows, for two thirds of the work: used where the system has a package of it.
HEADLESS_SHELL = "chromium-headless-shell"
CHROME = "Google/Chrome/Application/chrome.exe"
OTHER_NAMES = {
    "firefox-esr": ("firefox", "/Applications/Firefox.app/Contents/MacOS/firefox"),
    "chromium": (
        "chromium-browser",
        "google-chrome",
        "chrome",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        *(str(Path(os.environ[each], CHROME)) for each in ("PROGRAMFILES", "LOCALAPPDATA") if each in os.environ),
    ),
}
NOTO_FOLDER = Path("/usr/share/fonts/truetype/noto")
# Debian keeps servers where only root's PATH leads.
PLACES = os.pathsep.join((os.environ.get("PATH", os.defpath), "/usr/local/sbin", "/usr/sbin", "/sbin"))
# Wait for another apt-get, such as an unattended upgrade: `update` takes the lists' lock, `install` the others.
WAIT_FOR_LOCKS = ("-o", "DPkg::Lock::Timeout=600", "-o", "Acquire::Retries=3")
INSTALL = {
    "debian": "Debian, Ubuntu: sudo apt-get install {}",
    "fedora": "Fedora: sudo dnf install {}",
    "homebrew": "macOS: brew install {}",
}
WINDOWS = "Windows: run the tests in WSL (wsl --install -d Debian), and install them as on Debian."


def find_tool(name: str) -> str:
    """Return the path of a program, also under its other names, or of a Noto font; otherwise ''."""
    names = (name, *OTHER_NAMES.get(name, ()))
    paths = (shutil.which(each, path=PLACES) for each in names)
    return next(filter(None, paths), "") or next(map(str, NOTO_FOLDER.glob(f"{name}-Regular.ttf")), "")


def install_hints(tools: Iterable[str]) -> list[str]:
    """Return a line for each system that says how to install these programs there."""
    hints = []
    for system, line in INSTALL.items():
        packages = {getattr(ALL_TOOLS[tool], system): tool for tool in tools}
        if absent := packages.pop("", ""):
            line += f" ({absent}: no package)"
        hints += [line.format(" ".join(sorted(packages)))] if packages else []
    return [*hints, WINDOWS]


def may_install() -> bool:
    return bool(shutil.which("apt-get")) and hasattr(os, "geteuid") and os.geteuid() == 0


def is_known(package: str) -> bool:
    return may_install() and subprocess.run(["apt-cache", "show", package], capture_output=True).returncode == 0


def install(packages: Iterable[str]) -> bool:
    """Install Debian packages; return whether that worked."""
    # Runlevel 1: no server that comes along is started.
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    apt = ("apt-get", *WAIT_FOR_LOCKS)
    commands = ((*apt, "update", "-qq"), (*apt, "install", "-y", "-qq", "--no-install-recommends", *packages))
    return all(subprocess.run(command, env=environment).returncode == 0 for command in commands)


def missing_tools(is_long: bool) -> list[str]:
    return [tool for tool in (TOOLS | LONG_TOOLS if is_long else TOOLS) if not find_tool(tool)]


def main() -> int:
    is_long = "--long" in sys.argv
    if not find_tool(HEADLESS_SHELL) and is_known(HEADLESS_SHELL):
        install([HEADLESS_SHELL])
    if missing_tools(is_long) and may_install():
        install(sorted({ALL_TOOLS[tool].debian for tool in missing_tools(is_long)}))
    missing = missing_tools(is_long)
    if missing and os.environ.get("CI"):
        print(f"Missing programs, with CI set: {', '.join(missing)}.", *install_hints(missing), sep="\n")
        return 1
    if missing:
        print(f"Missing programs: {', '.join(missing)}. The end of the tests lists the tests left out.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
