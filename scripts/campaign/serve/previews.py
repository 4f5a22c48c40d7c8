"""Render unsaved texts, in one process for web pages and one for prints."""

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
from campaign.content.pages import build_page, forget_folders, parse_typed, read_typed
from campaign.content.pseudo_language import pseudo_page, with_pseudo_words
from campaign.content.releases import with_withheld
from campaign.content.trust import check_trust
from campaign.models.campaign import Campaign
from campaign.models.outputs import Output
from campaign.models.page import Page
from campaign.models.problem import CampaignError, Problem, unsilenced
from campaign.plan.shown_pieces import SCREEN_PREFIX, shown_pieces
from campaign.serve.asked_process import answer_with
from campaign.serve.page_process import CampaignState
from campaign.serve.preview_process import PAGES

# The page's own policy lists its current styles, which typing may change; the desk's is stricter. Scripts don't run in
# the frame.
REMOVED_ELEMENTS = re.compile(
    r'<meta http-equiv="?Content-Security-Policy"?[^>]*>|<script\b[^>]*>.*?</script>', re.IGNORECASE | re.DOTALL
)
TOO_LONG = re.compile(r"`([^`]+)` is (\d+) lines? too long ")


class CampaignTexts:
    """Reads a campaign and checks texts; subclasses render them."""

    def __init__(self, root: Path, is_trusted: bool) -> None:
        self.root, self.is_trusted = root, is_trusted
        self.memo = Memo.of(root).read_only()
        self.campaign: Campaign | None = None
        # Problems of reading.
        self.problems: list[Problem] = []

    def read(self) -> None:
        """Read the campaign on the disk."""
        self._load()

    def _load(self) -> Campaign:
        forget_folders()
        trust_problems = [] if self.is_trusted else list(check_trust(self.root))
        if trust_problems:  # rendering runs what mkdocs.yml names
            raise CampaignError(trust_problems)
        self.loaded, self.problems = load(self.root, self.memo)
        self.campaign = with_withheld(self.loaded)
        return self.campaign

    def _read_unsaved(self, language: str, path: str, text: str) -> tuple[Campaign, Page, list[Problem]]:
        assert self.campaign is not None
        page, problems = read_page(self.campaign, language, path, text)
        return with_page(self.campaign, page), page, problems

    def check(self, language: str, path: str, text: str) -> dict[str, Any]:
        """Return the problems of a text, and its formats."""
        campaign, page, problems = self._read_unsaved(language, path, text)
        result = _check_typed(campaign, page, problems, self.memo)
        return {"problems": rows(result), "formats": list(shown_pieces(campaign, page))}


class PagePreviews(CampaignTexts):
    """Web pages, and checks of the whole campaign."""

    def __init__(self, root: Path, is_trusted: bool) -> None:
        super().__init__(root, is_trusted)
        self.memo = Memo.of(root)
        self.is_kept = False
        self.pages: Any = None
        # Why the campaign can't be read.
        self.read_error: CampaignError | None = None
        self._reading = threading.Lock()

    def read(self) -> None:
        """Read the campaign; pictures and downloads are those of the last build."""
        from campaign.pipeline.reading import last_artifacts
        from campaign.website import PagesOnDemand

        self.campaign = None  # a running check ends
        with self._reading:
            try:
                self.read_error = None
                campaign = self._load()
                self.pages = PagesOnDemand()
                inputs = Inputs.scan(self.root, self.memo)
                if trust_problems := self.pages.take(campaign, last_artifacts(self.root), inputs):
                    self.problems += trust_problems
                    raise CampaignError(trust_problems)
            except CampaignError as error:
                self.read_error = error
                raise

    def check_all(self) -> CampaignState | None:
        """Return all problems, in parallel with previews; None if the campaign is read again meanwhile."""
        from campaign.pipeline.reading import check_all

        with self._reading:
            campaign = self.campaign
            if campaign is None:
                return CampaignState(self.read_error.problems, stops=True) if self.read_error else None
            results = list(self.problems)
            try:
                for problems in check_all(self.loaded, self.memo):
                    if self.campaign is not campaign:
                        return None
                    results += problems
            finally:
                self.release_memory()
                give_back()
            return CampaignState(tuple(unsilenced(results, campaign.silence)))

    def keep(self) -> None:
        """Save the cache of reading and checking once, so that the next start is fast."""
        if not self.is_kept:
            self.is_kept = True
            self.memo.save()

    def release_memory(self) -> None:
        """Release memory: reading the language model again takes a millisecond."""
        from campaign.checks.languages import release_tables

        release_tables()

    def page(self, language: str, path: str, text: str, pseudo: str = "") -> str:
        """Return the finished page; `pseudo`: see `sides`."""
        _, page, _ = self._read_unsaved(language, path, pseudo_page(text) if pseudo else text)
        return REMOVED_ELEMENTS.sub("", self.pages.typed(page))


class PrintPreviews(CampaignTexts):
    """Printed pieces."""

    def sides(
        self, language: str, path: str, text: str, format: str, place: str, page_list: str, pseudo: str = ""
    ) -> dict[str, Any]:
        """Return every side of a piece, except those whose hashes are in `page_list`; `pseudo` lengthens texts."""
        from campaign import printing

        campaign, page, _ = self._read_unsaved(language, path, pseudo_page(text) if pseudo else text)
        if pseudo:
            campaign = with_pseudo_words(campaign, language)
        shown_as = shown_pieces(campaign, page)
        if format not in shown_as:
            return {"sides": [], "problems": [], "formats": list(shown_as)}
        output = shown_as[format]
        if place in campaign.places and campaign.formats[output.format].has_places and not output.destination:
            output = replace(output, place=place)
        pages_svg, problems = printing.draw_sides(campaign, output)
        page_names = set(page_list.split())
        sides = []
        for side in pages_svg:
            hash = hashlib.sha256(side).hexdigest()[:16]
            sides.append({"hash": hash} if hash in page_names else {"hash": hash, "svg": side.decode()})
        return {"sides": sides, "problems": rows(problems), "formats": list(shown_as)}

    def lines(
        self, language: str, path: str, text: str
    ) -> tuple[dict[str, tuple[int, int]], dict[str, dict[str, int]]]:
        """Return lines needed and available by panel, and excess lines by panel and destination."""
        from campaign import printing

        campaign, page, _ = self._read_unsaved(language, path, text)
        fullest: dict[str, tuple[int, int]] = {}
        for format in page.formats:
            row = campaign.formats[format]
            output = Output(row.kind, page.stem, language, None, format, row.flavours[0])
            for panel, (line_count, max_lines) in printing.count_lines(campaign, output).items():
                old_counts = fullest.get(panel, (0, max_lines + 1))
                fullest[panel] = min(old_counts, (line_count, max_lines), key=lambda item: item[1] - item[0])
        too_long: dict[str, dict[str, int]] = {}
        for name, output in shown_pieces(campaign, page).items():
            problems = printing.draw_sides(campaign, output)[1] if name.startswith(SCREEN_PREFIX) else []
            for match in filter(None, (TOO_LONG.search(problem.message) for problem in problems)):
                too_long.setdefault(match[1], {})[name.removeprefix(SCREEN_PREFIX)] = int(match[2])
        return fullest, too_long

    def release_memory(self) -> None:
        """Release memory."""
        from campaign import printing

        assert self.campaign is not None
        printing.forget_drawn(self.campaign)


def rows(problems: Any) -> list[dict[str, Any]]:
    """Return problems for a browser; line 0 for none."""
    results = []
    for problem in problems:
        line = problem.where.rpartition(":")[2]
        number = int(line) if line.isdecimal() else 0
        row = {"what": problem.message, "fix": problem.fix, "stops": not problem.is_note, "id": problem.id}
        results.append({"line": number, "where": problem.where, **row})
    return results


def answer(kind: str, root: Path, is_trusted: bool, pipe: Connection) -> None:
    """Run the process; see WorkerProcess."""
    if kind == PAGES:
        answer_with(PagePreviews(root, is_trusted), pipe, threaded_methods=("check_all",), idle="release_memory")
    else:
        answer_with(PrintPreviews(root, is_trusted), pipe, idle="release_memory")


def read_page(campaign: Campaign, language: str, path: str, text: str) -> tuple[Page, list[Problem]]:
    """Return the page and the reader's problems."""
    problems: list[Problem] = []
    raw = parse_typed(text, language, path, problems)
    source = campaign.source_language.code
    made_from, folder = None, campaign.root / "docs" / source
    is_translated = campaign.languages[language].is_whole or raw.front.formats
    if language != source and is_translated and (source, path) in campaign.pages:
        original = read_typed(campaign.root, source, folder / path, [])
        made_from = original.fingerprint if original else None
    return build_page(raw, language, campaign.audiences, campaign.formats, made_from, language == source), problems


def with_page(campaign: Campaign, page: Page) -> Campaign:
    """Return the campaign with an unsaved page."""
    return replace(campaign, pages={**campaign.pages, (page.language, page.path): page})


def _check_typed(campaign: Campaign, page: Page, problems: list[Problem], memo: Memo) -> list[Problem]:
    """Return the problems of an unsaved page, worst first. `problems` are those of reading it."""
    # Only for pages: 60 MB that prints don't need.
    from campaign.checks.source import check_page
    from campaign.checks.structure import check_structure
    from campaign.checks.unfinished import check_unfinished
    from campaign.checks.words import check_words

    key = (page.language, page.path)
    related_pages = (key, (campaign.source_language.code, page.path))
    campaign_with_pages = replace(
        campaign, pages={item: campaign.pages[item] for item in related_pages if item in campaign.pages}
    )
    results = [
        *problems,
        *check_page(campaign, page),
        *check_structure(campaign),
        *check_unfinished(campaign, memo),
        *check_words(campaign_with_pages, memo),
    ]
    page_problems = (item for item in results if item.file == page.where)
    return unsilenced(page_problems, campaign.silence)
