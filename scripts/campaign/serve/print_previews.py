"""Render unsaved texts as printed pieces."""

from __future__ import annotations

import hashlib
import re
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from campaign import printing
from campaign.content.pseudo_language import pseudo_page, with_pseudo_words
from campaign.models.outputs import Output
from campaign.plan.shown_pieces import SCREEN_PREFIX, shown_pieces
from campaign.serve.asked_process import answer_with
from campaign.serve.unsaved_texts import UnsavedTexts, rows

TOO_LONG = re.compile(r"`([^`]+)` is (\d+) lines? too long ")


class PrintPreviews(UnsavedTexts):
    """Printed pieces."""

    def sides(
        self, language: str, path: str, text: str, format: str, place: str, page_list: str, pseudo: str = ""
    ) -> dict[str, Any]:
        """Return every side of a piece, except those whose hashes are in `page_list`; `pseudo` lengthens texts."""
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
        assert self.campaign is not None
        printing.forget_drawn(self.campaign)


def answer(root: Path, is_trusted: bool, pipe: Connection) -> None:
    """Run the process; see WorkerProcess."""
    answer_with(PrintPreviews(root, is_trusted), pipe, idle="release_memory")
