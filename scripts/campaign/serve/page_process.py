"""Asks campaign.serve.pages, for whoever answers browsers."""

from __future__ import annotations

import time
from concurrent.futures import Future
from pathlib import Path

from campaign.serve.asked_process import AskedProcess
from campaign.serve.campaign_state import CampaignState

# Seconds after which a reader is taken for lost: reading ten times the first campaign takes three.
LOST = 60.0


class PageProcess:
    """Reads the campaign and makes pages, one after the other.

    Attributes:
        complaint: what is said in every page while the campaign cannot be read; ''.
    """

    def __init__(self, root: Path, is_trusted: bool) -> None:
        self._process, self.complaint = AskedProcess("campaign.serve.pages", root, is_trusted), ""

    def page(self, address: str) -> Future[str | None]:
        """The finished page of an address, once its turn comes."""
        return self._process.ask("page", address)

    def read(self) -> CampaignState | None:
        """Reads the campaign; None where nothing comes of it, which `complaint` then says."""
        found, self.complaint = waited_for(self._process, self._process.ask("read"))
        return found

    def end(self) -> None:
        """Ends the process for good, whatever it is at."""
        self._process.close()


def waited_for(
    process: AskedProcess, job: Future[CampaignState | None], limit: float = LOST
) -> tuple[CampaignState | None, str]:
    """(what reading the campaign came to, why nothing came of it). A process that is lost is ended. limit: seconds."""
    until = time.monotonic() + limit
    while time.monotonic() < until:
        try:
            return job.result(0.5), ""  # Ctrl+C gets in between
        except TimeoutError:
            continue
        except RuntimeError as error:
            return None, f"The campaign cannot be read: {error}"
    process.end()
    return None, f"Reading what changed last takes longer than {limit:.0f} seconds. Take it back."
