"""What shows a text while it is typed, in processes of their own: one for pages, one for what is printed."""

from __future__ import annotations

import hashlib
import re
import threading
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from campaign.cache.inputs import Inputs
from campaign.cache.memo import Memo
from campaign.cache.workers import give_back
from campaign.content import load
from campaign.content.pages import forget_folders
from campaign.content.pseudo_language import pseudo_page, with_pseudo_words
from campaign.content.releases import with_withheld
from campaign.content.trust import check_trust
from campaign.models.campaign import Campaign
from campaign.models.outputs import Output
from campaign.models.page import Page
from campaign.models.problem import CampaignError, Problem, heard
from campaign.plan.shown_pieces import SCREEN, shown_pieces
from campaign.serve.asked_process import answer_with
from campaign.serve.campaign_state import CampaignState
from campaign.serve.preview_process import PAGES
from campaign.serve.typed_page import check_typed, read_page, with_page

# The page's own policy names the styles it has; what is typed next may need others. The desk sends a stricter one.
# Its scripts could not run in the frame.
LEFT_OUT = re.compile(
    r'<meta http-equiv="?Content-Security-Policy"?[^>]*>|<script\b[^>]*>.*?</script>', re.IGNORECASE | re.DOTALL
)
# What a piece says of a panel that is too long: which, and how many lines are too many.
TOO_LONG = re.compile(r"`([^`]+)` is (\d+) lines? too long ")


class Texts:
    """Reads a campaign, and says what is wrong with a text. What shows it is added below."""

    def __init__(self, root: Path, is_trusted: bool) -> None:
        self.root, self.is_trusted = root, is_trusted
        self.memo = Memo.of(root).read_only()
        self.campaign: Campaign | None = None
        # What its reader has against it.
        self.problems: list[Problem] = []

    def read(self) -> None:
        """Reads the campaign as it is now on the disk."""
        forget_folders()
        refused = [] if self.is_trusted else list(check_trust(self.root))
        if refused:  # showing a page runs what mkdocs.yml names
            raise CampaignError(refused)
        self.loaded, self.problems = load(self.root, self.memo)
        self.campaign = with_withheld(self.loaded)

    def _typed(self, language: str, path: str, text: str) -> tuple[Campaign, Page, list[Problem]]:
        assert self.campaign is not None
        page, problems = read_page(self.campaign, language, path, text)
        return with_page(self.campaign, page), page, problems

    def check(self, language: str, path: str, text: str) -> dict[str, Any]:
        """What is wrong with a text, and what it is printed as."""
        campaign, page, problems = self._typed(language, path, text)
        found = check_typed(campaign, page, problems, self.memo)
        return {"problems": rows(found), "formats": list(shown_pieces(campaign, page))}


class PagePreviews(Texts):
    """Pages of the website, and what is wrong with the campaign."""

    def __init__(self, root: Path, is_trusted: bool) -> None:
        super().__init__(root, is_trusted)
        self.memo = Memo.of(root)
        self.is_kept = False
        self.pages: Any = None
        # Why there is no campaign to show.
        self.refusal: CampaignError | None = None
        self._reading = threading.Lock()

    def read(self) -> None:
        """Reads the campaign; pages show pictures and downloads as the last build made them."""
        from campaign.pipeline.reading import made_before
        from campaign.website import PagesOnDemand

        self.campaign = None  # a check that is under way ends
        with self._reading:
            try:
                self.refusal = None
                super().read()
                assert self.campaign is not None
                self.pages = PagesOnDemand()
                inputs = Inputs.look(self.root, self.memo)
                if refused := self.pages.take(self.campaign, made_before(self.root), inputs):
                    self.problems += refused
                    raise CampaignError(refused)
            except CampaignError as error:
                self.refusal = error
                raise

    def check_all(self) -> CampaignState | None:
        """All that is wrong with the campaign; None where it is read anew meanwhile.

        It takes seconds, and runs beside what is asked while somebody types.
        """
        from campaign.pipeline.reading import check_all

        with self._reading:
            campaign = self.campaign
            if campaign is None:
                return CampaignState(self.refusal.problems, stops=True) if self.refusal else None
            found = list(self.problems)
            try:
                for problems in check_all(self.loaded, self.memo):
                    if self.campaign is not campaign:
                        return None
                    found += problems
            finally:
                self.rest()
                give_back()
            return CampaignState(tuple(heard(found, campaign.silence)))

    def keep(self) -> None:
        """Notes what reading and checking the campaign came to, once: else each start would work it out again."""
        if not self.is_kept:
            self.is_kept = True
            self.memo.save()

    def rest(self) -> None:
        """Keeps the memory small: what knows languages is read from its files again, which takes a millisecond."""
        from campaign.checks.languages import release_tables

        release_tables()

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
        shown_as = shown_pieces(campaign, page)
        if format not in shown_as:
            return {"sides": [], "problems": [], "formats": list(shown_as)}
        output = shown_as[format]
        if place in campaign.places and campaign.formats[output.format].has_places and not output.destination:
            output = replace(output, place=place)
        made, problems = printing.draw_sides(campaign, output)
        shown = set(known.split())
        sides = []
        for side in made:
            hash = hashlib.sha256(side).hexdigest()[:16]
            sides.append({"hash": hash} if hash in shown else {"hash": hash, "svg": side.decode()})
        return {"sides": sides, "problems": rows(problems), "formats": list(shown_as)}

    def lines(
        self, language: str, path: str, text: str
    ) -> tuple[dict[str, tuple[int, int]], dict[str, dict[str, int]]]:
        """How full panels are.

        Returns:
            Panel -> (lines that it takes, lines that it holds), of the format in which it is fullest; and panel ->
            destination -> lines too many, of a poster in each shape of screens.
        """
        from campaign import printing

        campaign, page, _ = self._typed(language, path, text)
        fullest: dict[str, tuple[int, int]] = {}
        for format in page.formats:
            row = campaign.formats[format]
            output = Output(row.kind, page.stem, language, None, format, row.flavours[0])
            for panel, (takes, holds) in printing.count_lines(campaign, output).items():
                before = fullest.get(panel, (0, holds + 1))
                fullest[panel] = min(before, (takes, holds), key=lambda each: each[1] - each[0])
        too_long: dict[str, dict[str, int]] = {}
        for name, output in shown_pieces(campaign, page).items():
            problems = printing.draw_sides(campaign, output)[1] if name.startswith(SCREEN) else []
            for found in filter(None, (TOO_LONG.search(each.what) for each in problems)):
                too_long.setdefault(found[1], {})[name.removeprefix(SCREEN)] = int(found[2])
        return fullest, too_long

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
        said = {"what": each.what, "fix": each.fix, "stops": each.stops, "id": each.id}
        found.append({"line": number, "where": each.where, **said})
    return found


def answer(kind: str, root: Path, is_trusted: bool, pipe: Connection) -> None:
    """What a process does; see AskedProcess.

    Args:
        kind: PAGES or PRINTS.
        root: the campaign's folder.
        is_trusted: run the programs and templates that it brings along.
        pipe: to whoever asks.
    """
    if kind == PAGES:
        answer_with(PagePreviews(root, is_trusted), pipe, beside=("check_all",), rests="rest")
    else:
        answer_with(PrintPreviews(root, is_trusted), pipe, rests="rest")
