"""Open the desk.

The first start installs the wheels in programs/ into this folder, without a network. It runs on Python 3.6, so that an
old Python can say that it is too old.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
PROGRAMS = FOLDER / "programs"
VENV = FOLDER / ".venv"
INSTALLED_FILE = VENV / "installed.txt"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
VERSION = f"{sys.version_info[0]}.{sys.version_info[1]}"


def say(text: str) -> None:
    """Print a message."""
    print(text, flush=True)


def clean() -> "dict[str, str]":
    """Return an environment without other programs' Python settings."""
    prefixes = ("PYTHON", "PIP_", "VIRTUAL_ENV", "__PYVENV")
    return {key: value for key, value in os.environ.items() if not key.upper().startswith(prefixes)}


def explain_rejection(title: str, pythons: "list[str]", prefix: str, suffix: str) -> str:
    """Return why this Python can't be used, or ''."""
    kind = sysconfig.get_platform()
    needed = f"Python {' or '.join(pythons)} for {title}"
    if VERSION not in pythons:
        return (
            f"This is Python {VERSION}. The desk needs {needed}: get it from python.org, install it, and start again."
        )
    if not (kind.startswith(prefix) and kind.endswith(suffix)):
        return f"This Python is for another kind of computer ({kind}). The desk needs {needed}, from python.org."
    return ""


def install(listed: str, state: str) -> None:
    """Create .venv and install the wheels; the note is written last, to mark it as complete."""
    say("Setting up the desk in this folder. This is done once, and takes about half a minute. Please wait.")
    if VENV.is_dir():
        shutil.rmtree(str(VENV))
    say("  1 of 2: making room for the programs")
    subprocess.check_call([sys.executable, "-m", "venv", "--without-pip", str(VENV)], env=clean())
    say("  2 of 2: unpacking them, and checking each against its sum")
    pip = next(PROGRAMS.glob("pip-*.whl"))
    options = ["--isolated", "--no-index", "--find-links", ".", "--no-deps", "--no-compile", "--require-hashes"]
    quiet = ["--quiet", "--disable-pip-version-check", "--no-cache-dir", "--no-warn-script-location"]
    subprocess.check_call(
        [str(PYTHON), f"{pip.name}/pip", "install", *options, *quiet, "--requirement", listed],
        cwd=str(PROGRAMS),  # so that no folder name is parsed as a URL
        env=clean(),
    )
    INSTALLED_FILE.write_text(state)


def is_installed(state: str) -> bool:
    """Return whether .venv was made from these wheels and works."""
    try:
        return INSTALLED_FILE.read_text() == state and subprocess.call([str(PYTHON), "-c", ""], env=clean()) == 0
    except (OSError, ValueError):
        return False


def main(arguments: "list[str]") -> int:
    """Install missing packages, and open the desk."""
    system = json.loads((PROGRAMS / "system.json").read_text(encoding="utf-8"))
    rejection = explain_rejection(system["title"], system["pythons"], *system["like"])
    if rejection:
        say(rejection)
        return 1
    listed = f"python-{VERSION}.txt"
    # Install again for another Python or other wheels.
    state = f"{VERSION} {hashlib.sha256((PROGRAMS / listed).read_bytes()).hexdigest()}"
    try:
        if not is_installed(state):
            install(listed, state)
        if not arguments:
            say("Opening the desk in your browser. Leave this window open; closing it ends the desk.")
        command = [str(PYTHON), "-m", "campaign", "--root", str(FOLDER / "campaign"), *(arguments or ["desk"])]
        return subprocess.call(command, env=clean())
    except KeyboardInterrupt:
        return 0
    except subprocess.CalledProcessError:
        say("The set-up failed; see the error above. Does this disk have 1 GB of free space?")
        say("On Windows, move this folder to a short place, such as C:\\desk, and start again.")
    except (OSError, StopIteration) as error:
        say(f"Setting up did not work: {error}")
        say("Copy this whole folder to a place where you may write, and start again.")
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
