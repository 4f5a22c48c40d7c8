"""Hosts for tests of publishing over SSH, without a real sshd: one for rsync, one for SFTP."""

from __future__ import annotations

import asyncio
import getpass
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import asyncssh
from needed_tools import require

# What a host is called with, such as `-l me 127.0.0.1 rsync --server …` or `-- me@127.0.0.1 "ls -1"`.
REMOTE_SHELL = """#!/bin/sh
while :; do
  case "$1" in
    -l) shift 2 ;;
    --) shift ;;
    *) break ;;
  esac
done
shift
PATH={programs} exec /bin/sh -c "$*"
"""
# POSIX.1-2017 knows no other options of these: `mv -T` and `ln -n` are extensions.
POSIX_OPTIONS = {"mv": "fi", "ln": "fsLP"}
STRICT = """#!/bin/sh
for argument; do
  case "$argument" in
    --) break ;;
    -*[!{options}]*) echo "{name}: illegal option $argument" >&2; exit 64 ;;
  esac
done
exec {program} "$@"
"""


def _script(path: Path, text: str) -> None:
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


def posix_host(folder: Path) -> str:
    """Write a host whose programs have only POSIX options; return the command that replaces ssh."""
    programs = folder / "programs"
    programs.mkdir(parents=True)
    for name in ("mkdir", "rm", "ls", "cat", "readlink", "rsync", "mv", "ln"):
        program = require(name) if name == "rsync" else shutil.which(name)
        if options := POSIX_OPTIONS.get(name):
            _script(programs / name, STRICT.format(options=options, name=name, program=program))
        else:
            (programs / name).symlink_to(program)
    _script(folder / "shell", REMOTE_SHELL.format(programs=programs))
    return str(folder / "shell")


@contextmanager
def sftp_host(home: Path) -> Iterator[None]:
    """Run an SFTP server that `home`'s .ssh knows as 127.0.0.1."""
    ssh = home / ".ssh"
    ssh.mkdir(mode=0o700, parents=True)
    host_key, user_key = (asyncssh.generate_private_key("ssh-ed25519") for _ in range(2))
    user_key.write_private_key(ssh / "user")
    user_key.write_public_key(ssh / "authorized_keys")
    loop = asyncio.new_event_loop()

    async def listen() -> asyncssh.SSHAcceptor:
        return await asyncssh.listen(
            "127.0.0.1", 0, server_host_keys=[host_key], authorized_client_keys=str(ssh / "authorized_keys"),
            sftp_factory=asyncssh.SFTPServer,
        )  # fmt: skip

    # A separate thread from the start: browser tests have an event loop in this one.
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    server = asyncio.run_coroutine_threadsafe(listen(), loop).result()
    port = server.get_port()
    (ssh / "config").write_text(f"Host 127.0.0.1\n  Port {port}\n  IdentityFile {ssh / 'user'}\n", encoding="utf-8")
    known = host_key.export_public_key().decode()
    (ssh / "known_hosts").write_text(f"[127.0.0.1]:{port} {known}", encoding="utf-8")

    async def close() -> None:
        server.close()
        await server.wait_closed()

    try:
        yield
    finally:
        asyncio.run_coroutine_threadsafe(close(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


@contextmanager
def host(kind: str, folder: Path, monkeypatch) -> Iterator[str]:
    """Return the login of a host that is reached by 'rsync' or 'sftp'."""
    login = f"{getpass.getuser()}@127.0.0.1"
    if kind == "rsync":
        monkeypatch.setenv("CAMPAIGN_SSH", posix_host(folder))
        _script(folder / "programs/ssh", "#!/bin/sh\nexit 1\n")
        monkeypatch.setenv("PATH", f"{os.environ['PATH']}{os.pathsep}{folder / 'programs'}")
        yield login
    else:
        monkeypatch.setenv("PATH", str(folder))
        monkeypatch.setenv("HOME", str(folder))
        with sftp_host(folder):
            yield login
