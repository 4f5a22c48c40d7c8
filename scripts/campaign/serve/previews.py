"""What shows a text while it is typed, in processes of their own: one for pages, one for what is printed."""

from __future__ import annotations

import gc
import hashlib
import re
import signal
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from campaign.cache.inputs import Inputs
from campaign.cache.memo import Memo
from campaign.cache.workers import end_with_parent
from campaign.content import load
from campaign.content.pages import forget_folders
from campaign.content.pseudo_language import pseudo_page, with_pseudo_words
from campaign.content.releases import with_withheld
from campaign.content.trust import check_trust
from campaign.models.campaign import Campaign
from campaign.models.formats import FORMATS
from campaign.models.outputs import Output
from campaign.models.page import Page
from campaign.models.problem import CampaignError, Problem
from campaign.serve.preview_process import PAGES
from campaign.serve.typed_page import check_typed, read_page, with_page

# The page's own policy names the styles it has; what is typed next may need others. The desk sends a stricter one.
# Its scripts could not run in the frame.
LEFT_OUT = re.compile(
    r'<meta http-equiv="?Content-Security-Policy"?[^>]*>|<script\b[^>]*>.*?</script>', re.IGNORECASE | re.DOTALL
)


class Texts:
    """Reads a campaign, and says what is wrong with a text. What shows it is added below."""

    def __init__(self, root: Path, is_trusted: bool) -> None:
        self.root, self.is_trusted = root, is_trusted
        self.memo = Memo.of(root).read_only()
        self.campaign: Campaign | None = None

    def read(self) -> None:
        """Reads the campaign as it is now on the disk."""
        forget_folders()
        refused = [] if self.is_trusted else list(check_trust(self.root))
        if refused:  # showing a page runs what mkdocs.yml names
            raise CampaignError(refused)
        self.campaign = with_withheld(load(self.root, self.memo)[0])

    def _typed(self, language: str, path: str, text: str) -> tuple[Campaign, Page, list[Problem]]:
        assert self.campaign is not None
        page, problems = read_page(self.campaign, language, path, text)
        return with_page(self.campaign, page), page, problems

    def check(self, language: str, path: str, text: str) -> dict[str, Any]:
        """What is wrong with a text, and what it is printed as."""
        campaign, page, problems = self._typed(language, path, text)
        return {"problems": rows(check_typed(campaign, page, problems, self.memo)), "formats": list(page.formats)}

    def rest(self) -> None:
        """Done after each answer."""


class PagePreviews(Texts):
    """Pages of the website."""

    def read(self) -> None:
        """Reads the campaign; pages show pictures and downloads as the last build made them."""
        from campaign.pipeline.build import made_before
        from campaign.website import PagesOnDemand

        super().read()
        assert self.campaign is not None
        self.pages = PagesOnDemand()
        inputs = Inputs.look(self.root, self.memo)
        if refused := self.pages.take(self.campaign, made_before(self.root), inputs):
            raise CampaignError(refused)

    def page(self, language: str, path: str, text: str, pseudo: str = "") -> str:
        """The finished page. pseudo: as for `sides`."""
        _, page, _ = self._typed(language, path, pseudo_page(text) if pseudo else text)
        return LEFT_OUT.sub("", self.pages.typed(page))


class PrintPreviews(Texts):
    """Pieces, side by side."""

    def sides(
        self, language: str, path: str, text: str, format: str, place: str, known: str, pseudo: str = ""
    ) -> dict[str, Any]:
        """Every side of a piece.

        Args:
            language: code of the text's.
            path: from its folder.
            text: as typed.
            format: that it is printed as.
            place: code; '' for the whole country.
            known: hashes of the sides that are shown already, between spaces.
            pseudo: not '' where its words are those of a language that nobody speaks, longer by two fifths.
        """
        from campaign import printing

        campaign, page, _ = self._typed(language, path, pseudo_page(text) if pseudo else text)
        if pseudo:
            campaign = with_pseudo_words(campaign, language)
        if format not in page.formats:
            return {"sides": [], "problems": [], "formats": list(page.formats)}
        row = FORMATS[format]
        where = place if place in campaign.places and row.has_places else None
        output = Output(row.kind, page.stem, language, where, format, row.flavours[0])
        made, problems = printing.draw_sides(campaign, output)
        shown = set(known.split())
        sides = []
        for side in made:
            hash = hashlib.sha256(side).hexdigest()[:16]
            sides.append({"hash": hash} if hash in shown else {"hash": hash, "svg": side.decode()})
        return {"sides": sides, "problems": rows(problems), "formats": list(page.formats)}

    def lines(self, language: str, path: str, text: str) -> dict[str, tuple[int, int]]:
        """Panel -> (lines that it takes, lines that it holds), of the format in which it is fullest."""
        from campaign import printing

        campaign, page, _ = self._typed(language, path, text)
        fullest: dict[str, tuple[int, int]] = {}
        for format in page.formats:
            row = FORMATS[format]
            output = Output(row.kind, page.stem, language, None, format, row.flavours[0])
            for panel, (takes, holds) in printing.count_lines(campaign, output).items():
                before = fullest.get(panel, (0, holds + 1))
                fullest[panel] = min(before, (takes, holds), key=lambda each: each[1] - each[0])
        return fullest

    def rest(self) -> None:
        """Keeps the memory small."""
        from campaign import printing

        assert self.campaign is not None
        printing.forget_drawn(self.campaign)


def rows(problems: Any) -> list[dict[str, Any]]:
    """Problems as a browser reads them. line: 0 where none is named."""
    found = []
    for each in problems:
        line = each.where.rpartition(":")[2]
        number = int(line) if line.isdecimal() else 0
        found.append({"line": number, "what": each.what, "fix": each.fix, "stops": each.stops, "id": each.id})
    return found


def memory() -> int:
    """How much of the computer's memory this process has had, in MB; 0 where that cannot be told."""
    with suppress(OSError, ValueError, IndexError):
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
        return pages * 4096 // 1_000_000
    return 0


def answer(kind: str, root: Path, is_trusted: bool, pipe: Connection) -> None:
    """What a process does: answers questions, in their order, until nobody asks any more.

    Args:
        kind: PAGES or PRINTS.
        root: the campaign's folder.
        is_trusted: run the programs and templates that it brings along.
        pipe: gives a method's name with what it takes, and takes (what it returned, an error, memory in MB).
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C is for whoever started it
    end_with_parent()
    gc.set_threshold(100_000, 20, 100)
    previews = PagePreviews(root, is_trusted) if kind == PAGES else PrintPreviews(root, is_trusted)
    with suppress(EOFError, OSError):
        while True:
            name, *given = pipe.recv()
            answered: tuple[object, str | None]
            try:
                answered = getattr(previews, name)(*given), None
            except Exception as error:  # whatever it is: the next text may be another
                answered = None, f"{type(error).__name__}: {error}"
            pipe.send((*answered, memory()))
            with suppress(Exception):
                previews.rest()
