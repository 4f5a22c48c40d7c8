"""Publish to a host by SFTP with asyncssh, for computers without rsync.

Hosts must be in ~/.ssh/known_hosts; keys come from the agent or ~/.ssh. The host needs no shell: unchanged files are
hard links, else copies, else sent again.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import basename, dirname
from typing import TYPE_CHECKING, Any, TypeVar

from anyio.from_thread import BlockingPortal, start_blocking_portal

from campaign.cache.atomic import files_below
from campaign.models.optional_parts import PARTS
from campaign.models.problem import failure
from campaign.publishing.address import HostTarget
from campaign.publishing.site_state import Change, SiteState, changes, parse_state, sum_of
from campaign.publishing.target import CURRENT_LINK, PARTIAL_SUFFIX, STATE, VERSIONS, Publication

if TYPE_CHECKING:
    from asyncssh import SFTPClient

T = TypeVar("T")
MAX_REQUESTS = 32
CONNECT_TIMEOUT_S = 30


@dataclass
class SftpTarget(HostTarget):
    """A folder of a host without rsync."""

    _loop: BlockingPortal | None = field(default=None, init=False, repr=False, compare=False)
    _client: SFTPClient | None = field(default=None, init=False, repr=False, compare=False)

    @contextmanager
    def session(self, workspace: Path, writes: bool) -> Iterator[None]:
        """Connect without asking for a password."""
        _require_asyncssh()
        # A separate thread, because the caller may run an event loop.
        with start_blocking_portal() as self._loop:
            connection = _connected(self)
            self._client = self._run(connection.__aenter__())
            try:
                yield
            finally:
                self._run(connection.__aexit__(None, None, None))
                self._client = None

    def plan(self, publication: Publication) -> Change:
        """Compare the site with the record of the served version."""
        self.check_own(f"{self.login}:{self.folder}")
        _, files = self.list_files()
        return changes(publication.site, self._note(files).get("files", {}))

    def upload(self, publication: Publication, change: Change) -> None:
        """Send changed files, and take over the others from the served version."""
        self._run(self._upload(publication, {*change.new, *change.changed}))

    def activate(self, version: str) -> None:
        """Replace the link by a rename."""
        new_link = f"{self.folder}/{CURRENT_LINK}{PARTIAL_SUFFIX}"

        async def replace_link() -> None:
            if await self._sftp.lexists(new_link):
                await self._sftp.remove(new_link)
            await self._sftp.symlink(f"{VERSIONS}/{version}", new_link)
            await self._sftp.posix_rename(new_link, f"{self.folder}/{CURRENT_LINK}")

        self._run(replace_link())

    def list_entries(self) -> Iterable[str]:
        """See VersionedFolder."""
        return self._run(self._list_entries())

    def list_files(self) -> tuple[Iterable[str], str]:
        """See VersionedFolder."""
        return self._run(self._list_files())

    def read_state(self, version: str) -> SiteState | None:
        """Return the recorded state of a version."""
        return parse_state(json.dumps(self._note(version)).encode())

    def remove(self, versions: list[str]) -> None:
        """Remove versions and their states."""

        async def remove_each() -> None:
            for name in versions:
                await self._sftp.rmtree(f"{self.versions}/{name}")
                if await self._sftp.exists(f"{self.versions}/{name}{STATE}"):
                    await self._sftp.remove(f"{self.versions}/{name}{STATE}")

        self._run(remove_each())

    @property
    def _sftp(self) -> SFTPClient:
        assert self._client, "no session"
        return self._client

    def _run(self, work: Coroutine[Any, Any, T]) -> T:
        import asyncssh

        assert self._loop, "no session"

        async def result() -> T:
            return await work

        try:
            return self._loop.call(result)
        except asyncssh.HostKeyNotVerifiable:
            message = "This computer doesn't know the host's key, so it may be another host."
            fix = "Ask the host's administrator for its fingerprint, then connect once by hand with ssh."
        except (asyncssh.Error, OSError) as error:
            lines = str(error).splitlines() or ["no answer"]
            message, fix = f"The host refused: {lines[0]}.", "Try the same by hand with sftp."
        raise failure("publish-refused", self.login, message, fix)

    async def _list_entries(self) -> set[str]:
        names = await self._sftp.listdir(self.folder) if await self._sftp.isdir(self.folder) else []
        return {*map(str, names)} - {".", ".."}

    async def _list_files(self) -> tuple[list[str], str]:
        if not await self._sftp.exists(self.versions):
            return [], ""
        names = [str(name) for name in await self._sftp.listdir(self.versions)]
        if not await self._sftp.lexists(f"{self.folder}/{CURRENT_LINK}"):
            return names, ""
        return names, basename(str(await self._sftp.readlink(f"{self.folder}/{CURRENT_LINK}")))

    def _note(self, version: str) -> dict[str, Any]:
        path = f"{self.versions}/{version}{STATE}"

        async def read() -> dict[str, Any]:
            if not version or not await self._sftp.exists(path):
                return {}
            async with self._sftp.open(path, "rb") as file:
                data = json.loads(await file.read())
            return data if isinstance(data, dict) else {}

        return self._run(read())

    async def _upload(self, publication: Publication, changed_names: set[str]) -> None:
        sftp, name, site = self._sftp, publication.version, publication.site
        if not await sftp.exists(self.versions):
            await sftp.makedirs(self.versions)
            await sftp.chmod(self.versions, 0o755)
        names, files = await self._list_files()
        for leftover in names:
            if leftover.endswith(PARTIAL_SUFFIX):
                await sftp.rmtree(f"{self.versions}/{leftover}")
        part, old = f"{self.versions}/{name}{PARTIAL_SUFFIX}", f"{self.versions}/{files}"
        hashes = {address: sum_of(Path(entry.path)) for address, entry in files_below(site)}
        for folder in sorted({dirname(address) for address in hashes} | {""}):
            await sftp.makedirs(f"{part}/{folder}", exist_ok=True)
            await sftp.chmod(f"{part}/{folder}", 0o755)

        async def put(address: str) -> None:
            if address not in changed_names and await _take_over(sftp, f"{old}/{address}", f"{part}/{address}"):
                return
            await sftp.put(str(site / address), f"{part}/{address}")
            await sftp.chmod(f"{part}/{address}", 0o644)

        await _run_for_each(put, sorted(hashes))
        note = {**json.loads(publication.state.to_json()), "files": hashes}
        async with sftp.open(f"{self.versions}/{name}{STATE}", "wb") as file:
            await file.write(json.dumps(note, sort_keys=True).encode())
        await sftp.posix_rename(part, f"{self.versions}/{name}")


async def _take_over(sftp: SFTPClient, source: str, target: str) -> bool:
    """Link or copy a file on the host; return False if it can do neither."""
    from asyncssh import SFTPError

    for rename in (sftp.link, sftp.remote_copy):
        try:
            await rename(source, target)
        except SFTPError:
            continue
        return True
    return False


async def _run_for_each(work: Callable[[str], Awaitable[None]], names: Iterable[str]) -> None:
    room = asyncio.Semaphore(MAX_REQUESTS)

    async def one(name: str) -> None:
        async with room:
            await work(name)

    try:
        async with asyncio.TaskGroup() as group:
            for name in names:
                group.create_task(one(name))
    except ExceptionGroup as result:
        raise result.exceptions[0] from None


@asynccontextmanager
async def _connected(host: HostTarget) -> AsyncIterator[SFTPClient]:
    import asyncssh

    settings: dict[str, Any] = {"username": host.user} if host.user else {}
    settings |= {"port": host.port} if host.port else {}
    async with (
        asyncssh.connect(
            host.name, **settings, password_auth=False, kbdint_auth=False, connect_timeout=CONNECT_TIMEOUT_S
        ) as connection,
        connection.start_sftp_client() as sftp,
    ):
        yield sftp


def _require_asyncssh() -> None:
    try:
        import asyncssh  # noqa: F401
    except ImportError:
        message = "rsync isn't installed, and neither is the part that replaces it."
        fix = f"Install rsync, or run: {PARTS['ssh'].remedy}."
        raise failure("publish-no-tool", "rsync", message, fix) from None
