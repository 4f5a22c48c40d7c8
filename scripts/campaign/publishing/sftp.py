"""A folder of a web server that is reached by SFTP, for computers without rsync: as `ssh` has it, by asyncssh.

Hosts are known as ssh knows them (~/.ssh/known_hosts, ~/.ssh/config) and no other is spoken to; keys come from the
agent or ~/.ssh. The host needs no shell: what is the same is linked there, else copied, else sent again.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from posixpath import basename, dirname
from typing import TYPE_CHECKING, Any, TypeVar

from campaign.cache.atomic import files_below
from campaign.models.optional_parts import PARTS
from campaign.models.problem import CampaignError, Problem
from campaign.publishing.folder import CURRENT, PART, VERSIONS, name_of
from campaign.publishing.site_state import Change, SiteState, changes, parse_state, refuse_return, sum_of
from campaign.publishing.target import HostTarget

if TYPE_CHECKING:
    from asyncssh import SFTPClient

T = TypeVar("T")
AT_ONCE, PATIENCE = 32, 30  # requests; seconds until a host that does not answer is given up


def publish(site: Path, host: HostTarget, state: SiteState, moment: datetime, keep: int, is_dry: bool) -> Change:
    """Sends what changed, then renames the version and replaces the link.

    Args:
        site: the folder of the built site.
        host: with the folder whose `current` is served.
        state: of the site.
        moment: names the version.
        keep: so many versions stay.
        is_dry: only say what would change.
    """

    async def work(sftp: SFTPClient) -> Change:
        there = _Folder(sftp, host.folder)
        served = await there.served()
        old = await there.note(served)
        change = changes(site, old.get("files", {}))
        if is_dry or (change.is_none and served):
            return change
        await sftp.makedirs(there.versions, exist_ok=True)
        for left in await there.names(PART):
            await sftp.rmtree(f"{there.versions}/{left}")
        name = name_of(moment)
        await there.fill(site, name, served, {*change.new, *change.changed})
        files = {address: sum_of(Path(entry.path)) for address, entry in files_below(site)}
        await there.write_note(name, {**json.loads(state.to_json()), "files": files})
        await sftp.posix_rename(f"{there.versions}/{name}{PART}", f"{there.versions}/{name}")
        await there.serve(name)
        for each in (await there.names())[:-keep]:
            if each != name:
                await sftp.rmtree(f"{there.versions}/{each}")
                await there.forget(each)
        return change

    return _run(host, work)


def roll_back(host: HostTarget) -> str:
    """Links to the version before the one that is served, and says its name.

    Raises:
        CampaignError: there is none, or it would bring back what was taken out since.
    """

    async def work(sftp: SFTPClient) -> str:
        there = _Folder(sftp, host.folder)
        served, names = await there.served(), await there.names()
        at = names.index(served) if served in names else 0
        if at == 0:
            what = "There is no version before the one that is served."
            raise CampaignError([Problem("rollback-none", host.login, what, "Publish anew instead.")])
        notes = [await there.note(name) for name in (names[at - 1], served)]
        refuse_return(*(parse_state(json.dumps(note).encode()) for note in notes))
        await there.serve(names[at - 1])
        return names[at - 1]

    return _run(host, work)


@dataclass(frozen=True)
class _Folder:
    """The folder on the host: versions beside each other, and the link to one of them."""

    sftp: SFTPClient
    path: str

    @property
    def versions(self) -> str:
        return f"{self.path}/{VERSIONS}"

    async def served(self) -> str:
        """The version that the link leads to; '' where there is no link yet."""
        if not await self.sftp.lexists(f"{self.path}/{CURRENT}"):
            return ""
        return basename(str(await self.sftp.readlink(f"{self.path}/{CURRENT}")))

    async def names(self, ending: str = "") -> list[str]:
        """Versions that stand whole, the oldest first; or those that end so."""
        found = sorted(str(name) for name in await self.sftp.listdir(self.versions))
        if ending:
            return [name for name in found if name.endswith(ending)]
        return [name for name in found if not name.startswith(".") and not name.endswith((PART, ".json"))]

    async def note(self, name: str) -> dict[str, Any]:
        """What was written beside a version: its state and, where SFTP published it, its files' sums."""
        path = f"{self.versions}/{name}.json"
        if not name or not await self.sftp.exists(path):
            return {}
        async with self.sftp.open(path, "rb") as file:
            found: dict[str, Any] = json.loads(await file.read())
        return found

    async def write_note(self, name: str, note: dict[str, Any]) -> None:
        async with self.sftp.open(f"{self.versions}/{name}.json", "wb") as file:
            await file.write(json.dumps(note, sort_keys=True).encode())

    async def forget(self, name: str) -> None:
        if await self.sftp.exists(f"{self.versions}/{name}.json"):
            await self.sftp.remove(f"{self.versions}/{name}.json")

    async def fill(self, site: Path, name: str, served: str, differing: set[str]) -> None:
        """Makes a version, with what the served one has already where that is the same."""
        part, old = f"{self.versions}/{name}{PART}", f"{self.versions}/{served}"
        addresses = sorted(address for address, _ in files_below(site))
        for folder in sorted({dirname(address) for address in addresses} | {""}):
            await self.sftp.makedirs(f"{part}/{folder}", exist_ok=True)

        async def put(address: str) -> None:
            if address not in differing and await self._take_over(f"{old}/{address}", f"{part}/{address}"):
                return
            await self.sftp.put(str(site / address), f"{part}/{address}")
            await self.sftp.chmod(f"{part}/{address}", 0o644)

        await _each(put, addresses)

    async def _take_over(self, source: str, target: str) -> bool:
        from asyncssh import SFTPError

        for way in (self.sftp.link, self.sftp.remote_copy):
            try:
                await way(source, target)
            except SFTPError:
                continue  # a host that cannot
            return True
        return False

    async def serve(self, name: str) -> None:
        """Makes the link lead to a version, at once."""
        aside = f"{self.path}/{CURRENT}{PART}"
        if await self.sftp.lexists(aside):
            await self.sftp.remove(aside)
        await self.sftp.symlink(f"{VERSIONS}/{name}", aside)
        await self.sftp.posix_rename(aside, f"{self.path}/{CURRENT}")


async def _each(work: Callable[[str], Awaitable[None]], names: Iterable[str]) -> None:
    """Does something to each file, several at once; the first that fails ends it."""
    room = asyncio.Semaphore(AT_ONCE)

    async def one(name: str) -> None:
        async with room:
            await work(name)

    try:
        async with asyncio.TaskGroup() as group:
            for name in names:
                group.create_task(one(name))
    except ExceptionGroup as found:
        raise found.exceptions[0] from None


@asynccontextmanager
async def _reached(host: HostTarget) -> AsyncIterator[SFTPClient]:
    import asyncssh

    # Hosts and keys are found as ssh finds them; nobody is asked for a password.
    settings: dict[str, Any] = {"username": host.user} if host.user else {}
    settings |= {"port": host.port} if host.port else {}
    async with (
        asyncssh.connect(
            host.name, **settings, password_auth=False, kbdint_auth=False, connect_timeout=PATIENCE
        ) as connection,
        connection.start_sftp_client() as sftp,
    ):
        yield sftp


def _run(host: HostTarget, work: Callable[[SFTPClient], Coroutine[Any, Any, T]]) -> T:
    """What comes of some work on a host; what the host says becomes a sentence."""
    try:
        import asyncssh
    except ImportError:
        what = "rsync is not installed, nor the part that does without."
        fix = f"Install rsync, or run: {PARTS['ssh'].remedy}."
        raise CampaignError([Problem("publish-no-tool", "rsync", what, fix)]) from None

    async def reach() -> T:
        async with _reached(host) as sftp:
            return await work(sftp)

    try:
        return asyncio.run(reach())
    except asyncssh.HostKeyNotVerifiable:
        what = "This computer does not know the host's key, so it may be another host."
        fix = "Ask whoever runs it for its fingerprint, then connect once by hand with ssh."
        raise CampaignError([Problem("publish-refused", host.login, what, fix)]) from None
    except (asyncssh.Error, OSError) as error:
        said = str(error).splitlines() or ["no answer"]
        what = f"The host refused: {said[0]}."
        raise CampaignError([Problem("publish-refused", host.login, what, "Try the same by hand with sftp.")]) from None
