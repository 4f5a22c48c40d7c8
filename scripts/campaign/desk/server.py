"""Run the desk on this computer until it is stopped."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import socket
from collections.abc import Callable
from errno import EADDRINUSE
from pathlib import Path
from typing import Any
from urllib.request import Request, urlopen

import uvicorn

from campaign.cache.atomic import WORK, write_whole
from campaign.cache.external_programs import open_in_browser
from campaign.content.trust import check_trust
from campaign.desk.app import application
from campaign.desk.desk import Desk
from campaign.desk.guard import HOST, TOKEN, Guard
from campaign.desk.workspace import Workspace
from campaign.models.problem import CampaignError

PORTS = 20
RUNNING_FILE = f"{WORK}/desk/running.json"
# Not to the terminal: a window whose text is not read blocks a program that writes to it.
LOG_FILE = f"{WORK}/desk/server.log"


def open_desk(root: Path, port: int, is_opened: bool, is_trusted: bool, on_start: Callable[[str], None]) -> None:
    """Run a campaign's desk, or open the one that is already running.

    `port`: the first to try. `is_opened`: open the browser. `is_trusted`: run programs and templates of the campaign.
    `on_start`: called with an address that opens the desk once. Raise CampaignError if the campaign contains programs;
    OSError if no port is free.
    """
    problems = [] if is_trusted else list(check_trust(root))
    if problems:
        raise CampaignError(problems)
    if address := _running(root):
        _announce(address, is_opened, on_start)
        return
    with _open_socket(port) as listening:
        port = listening.getsockname()[1]
        desk = Desk(Workspace(root, is_trusted))
        guard = application(desk, port)
        _note(root, port, guard)
        config = uvicorn.Config(
            guard,
            log_config=_log_config(root / LOG_FILE),
            access_log=False,
            ws="none",
            lifespan="off",
            server_header=False,
        )
        server = uvicorn.Server(config)
        try:
            asyncio.run(_serve(server, listening, lambda: _announce(guard.ticket(), is_opened, on_start)))
        except KeyboardInterrupt:
            pass
        finally:
            desk.jobs.end()
            desk.workspace.end()
            with contextlib.suppress(OSError):
                (root / RUNNING_FILE).unlink(missing_ok=True)


def _log_config(file: Path) -> dict[str, Any]:
    handler = {"class": "logging.FileHandler", "filename": str(file), "mode": "w", "delay": True, "encoding": "utf-8"}
    loggers = {"uvicorn.error": {"handlers": ["file"], "level": "ERROR", "propagate": False}}
    return {"version": 1, "disable_existing_loggers": False, "handlers": {"file": handler}, "loggers": loggers}


async def _serve(server: uvicorn.Server, listening: socket.socket, on_start: Callable[[], None]) -> None:
    async def tell() -> None:
        while not server.started:
            await asyncio.sleep(0.02)
        await asyncio.to_thread(on_start)

    announcement = asyncio.create_task(tell())
    await server.serve([listening])
    announcement.cancel()


def _open_socket(port: int) -> socket.socket:
    for item in range(port, min(port + PORTS, 65535) + 1):
        listening = socket.socket()
        if os.name != "nt":  # on Windows two programs could share a port
            listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((HOST, item))
            # Bound ports can clash until one listens.
            listening.listen(128)
            return listening
        except OSError as error:
            listening.close()
            if error.errno != EADDRINUSE:
                raise
    raise OSError(EADDRINUSE, f"ports {port} to {port + PORTS} are all taken")


def _announce(address: str, is_opened: bool, on_start: Callable[[str], None]) -> None:
    on_start(address)
    if is_opened:
        open_in_browser(address)


def _note(root: Path, port: int, guard: Guard) -> None:
    path = root / RUNNING_FILE
    write_whole(path, b"{}")
    path.chmod(0o600)
    path.write_text(json.dumps({"port": port, "key": guard.key, "token": guard.token}), encoding="utf-8")


def _running(root: Path) -> str:
    try:
        record = json.loads((root / RUNNING_FILE).read_bytes())
        url = f"http://{HOST}:{int(record['port'])}"
        request = Request(
            f"{url}/{record['key']}/ticket", method="POST", headers={"Origin": url, TOKEN: record["token"]}
        )
        with urlopen(request, timeout=2) as answer:
            address = str(answer.read(200), "ascii")
            return address if address.startswith(f"{url}/") else ""
    except (OSError, ValueError, KeyError, TypeError):
        return ""
