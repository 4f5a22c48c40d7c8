"""Publishing over ssh, against a real sshd on this computer: only changes are sent, and kills leave the site whole.

By rsync, and by SFTP as on a computer that has no rsync.
"""

from __future__ import annotations

import getpass
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest
from conftest import copy_campaign
from needed_tools import require
from test_publishing import change, contents


@pytest.fixture(params=["rsync", "sftp"])
def host(tmp_path, monkeypatch, request) -> str:
    """A server that admits this user by a key made for the test."""
    for tool in ("rsync", "ssh") if request.param == "rsync" else ():
        require(tool)
    folder = tmp_path / ".ssh"
    folder.mkdir(mode=0o700)
    for name in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", folder / name], check=True)
    shutil.copy(folder / "user.pub", folder / "authorized_keys")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    options = {
        "Port": port, "ListenAddress": "127.0.0.1", "HostKey": folder / "host", "StrictModes": "no", "UsePAM": "no",
        "AuthorizedKeysFile": folder / "authorized_keys", "PidFile": "none", "PermitRootLogin": "yes",
        "Subsystem": "sftp internal-sftp",
    }  # fmt: skip
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)
    (folder / "server").write_text("".join(f"{name} {value}\n" for name, value in options.items()))
    server = subprocess.Popen([require("sshd"), "-D", "-f", folder / "server"], stderr=subprocess.DEVNULL)
    monkeypatch.setenv(
        "CAMPAIGN_SSH",
        f"ssh -p {port} -i {folder / 'user'} -o BatchMode=yes -o LogLevel=ERROR"
        " -o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null",
    )
    if request.param == "sftp":
        # No rsync, nor ssh; ssh's files about the host are in their usual place.
        monkeypatch.setenv("PATH", str(folder))
        monkeypatch.setenv("HOME", str(tmp_path))
        (folder / "config").write_text(f"Host 127.0.0.1\n  Port {port}\n  IdentityFile {folder / 'user'}\n")
        (folder / "known_hosts").write_text(f"[127.0.0.1]:{port} {(folder / 'host.pub').read_text()}")
    until = time.monotonic() + 120
    while not _listens(port):
        assert server.poll() is None
        assert time.monotonic() < until
        time.sleep(0.05)
    yield f"{getpass.getuser()}@127.0.0.1"
    server.kill()
    server.wait()


def _listens(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port)).close()
    except OSError:
        return False
    return True


def run(root: Path, *arguments: str, code: int = 0) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "campaign", "publish", *arguments], cwd=root, env={**os.environ, "NO_COLOR": "1"},
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_site_goes_over_ssh_whole_and_comes_back(tiny, tmp_path, host):
    root, folder = copy_campaign(tiny, tmp_path / "tiny"), tmp_path / "web it s"
    shutil.copytree(tiny / "site", root / "site")
    target = f"ssh://{host}{folder}"
    run(root, target)
    first = contents(root / "site")
    assert contents(folder / "current") == first
    change(root)
    assert ", 1 changed" in run(root, target, "--dry-run")
    assert contents(folder / "current") == first
    assert ", 1 changed" in run(root, target)
    new = contents(root / "site")
    assert contents(folder / "current") == new
    pages = [*(folder / "versions").glob("*/fil/index.html")]
    assert len({page.stat().st_ino for page in pages}) == 1 < len(pages)
    assert "Back to" in run(root, target, "--rollback")
    assert contents(folder / "current") == first
    change(root)
    for moment in (0.5, 0.9, 1.3, 1.7, 2.1):
        with subprocess.Popen(
            [sys.executable, "-m", "campaign", "publish", target], cwd=root, start_new_session=True,
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        ) as process:  # fmt: skip
            time.sleep(moment)
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                break
        assert contents(folder / "current") in (first, contents(root / "site"))
    change(root)
    run(root, target, "--keep", "2")
    assert contents(folder / "current") == contents(root / "site")
    assert len([item for item in (folder / "versions").iterdir() if item.is_dir()]) == 2
    assert "publish-refused" in run(root, "ssh://nobody@127.0.0.1:1/tmp/x", code=1)


@pytest.mark.parametrize("host", ["sftp"], indirect=True)
def test_host_that_is_not_known_gets_nothing(tiny, tmp_path, host):
    root = copy_campaign(tiny, tmp_path / "tiny")
    shutil.copytree(tiny / "site", root / "site")
    target = f"ssh://{host}{tmp_path / 'web'}"
    known = tmp_path / ".ssh/known_hosts"
    # It is another host by that name, or an unknown one.
    for text in (known.read_text().split()[0] + " " + (tmp_path / ".ssh/user.pub").read_text(), ""):
        known.write_text(text)
        assert "doesn't know the host's key" in run(root, target, code=1)
        assert not (tmp_path / "web").exists()
    known.unlink()  # finally: no known hosts at all
    assert "doesn't know the host's key" in run(root, target, code=1)
