"""Outputs whose text doesn't fit: predicted by `campaign check`, and remembered so that builds don't try them again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain

from campaign.cache.memo import Memo
from campaign.cache.store import Store
from campaign.content.page_formats import record_chosen_formats
from campaign.content.page_strings import without_page_strings
from campaign.models.campaign import Campaign
from campaign.models.outputs import Output
from campaign.models.page import Page
from campaign.models.problem import Problem
from campaign.pipeline.keys import Fingerprint, piece_keys
from campaign.pipeline.makers import key_and_drawings, load_makers
from campaign.pipeline.report import Progress, quiet
from campaign.pipeline.timed_jobs import Result, run_jobs
from campaign.plan.outputs import catalogue

# Problems that only depend on an output's key and on the lines of its page.
REMEMBERED = frozenset(
    {"address-long", "character-no-font", "meaning-hidden", "panel-long", "word-wide", "words-outside"}
)
# Those of texts that may fit another format.
TOO_LONG = frozenset({"address-long", "panel-long", "word-wide"})
# Parts of pieces that share the layout of another part.
DERIVED_PARTS = frozenset({"text", "word", "sheets", "picture"})
# Outputs that a worker measures at once.
OUTPUTS_PER_JOB = 8
PARALLEL_THRESHOLD_OUTPUTS = 24


class Misfits:
    """The problems of outputs by key; [] if an output fits."""

    def __init__(self, campaign: Campaign, memo: Memo) -> None:
        self._memo = memo.namespace("misfits")
        self._digests = {
            (page.language, page.stem, name): page.digest for page in campaign.pages.values() for name in page.formats
        }

    def find(self, key: str, output: Output) -> list[Problem] | None:
        """Return the problems of an output, None if unknown."""
        rows = self._memo.get(self._name(key, output))
        return None if rows is None else [Problem(*row) for row in rows]

    def record(self, key: str, output: Output, problems: Iterable[Problem]) -> None:
        """Remember the problems, unless one may have another cause; the caller saves the cache."""
        problems = list(problems)
        if all(problem.id in REMEMBERED for problem in problems):
            rows = [[problem.id, problem.where, problem.message, problem.fix] for problem in problems]
            self._memo.put(self._name(key, output), rows)

    def _name(self, key: str, output: Output) -> str:
        # Keys contain no line numbers, messages do.
        return f"{key} {self._digests.get((output.language or '', output.name, output.format), '')}"


def predict(campaign: Campaign, memo: Memo, fingerprint: Fingerprint, progress: Progress = quiet) -> list[Problem]:
    """Return the problems of texts that a build would leave out, of the whole country and of its fullest places.

    Printers share layouts, so each is measured for one printer. Only layouts that have changed since the last build or
    prediction are typeset, without making files.
    """
    outputs = list(_layouts(catalogue(campaign, frozenset({None, *fullest_places(campaign)}))))
    found = _measure_all(campaign, outputs, memo, fingerprint, progress)
    return [*dict.fromkeys(chain.from_iterable(found.values()))]


def fullest_places(campaign: Campaign) -> set[str]:
    """Return the place whose contacts take most letters, and the one with the longest name."""

    def letters(code: str) -> int:
        contacts = campaign.contacts_for(code)
        return sum(len(contact.name) + len(contact.phone or "") for contact in contacts)

    def longest_name(code: str) -> int:
        return max(map(len, campaign.places[code].names.values()), default=0)

    return {max(campaign.places, key=key) for key in (letters, longest_name)} if campaign.places else set()


def with_fitting_formats(
    campaign: Campaign, memo: Memo, fingerprint: Fingerprint, progress: Progress = quiet
) -> tuple[Campaign, list[Problem]]:
    """Choose formats for texts that don't fit those that their pages name first.

    Returns:
        the campaign with a fitting format, otherwise the last one, of each page; and a note for each that isn't the
        first. Only the edition for the whole country decides.
    """
    if not any(page.fallbacks for page in campaign.pages.values()):
        return campaign, []
    chosen: dict[tuple[str, str], dict[str, str]] = {key: {} for key, page in campaign.pages.items() if page.fallbacks}
    while True:
        pages = {key: campaign.pages[key].with_formats(names) for key, names in chosen.items()}
        candidate = replace(campaign, pages={**campaign.pages, **pages})
        next_names = {}
        for key, page in pages.items():
            for names in page.fallbacks:
                name = chosen[key].get(names[0], names[0])
                if name != names[-1]:
                    next_name = names[names.index(name) + 1]
                    next_names[page.language, page.stem, name] = (key, names[0], next_name)
        outputs = [
            output
            for output in _layouts(catalogue(candidate, frozenset({None})))
            if (output.language, output.name, output.format) in next_names
        ]
        found = _measure_all(candidate, outputs, memo, fingerprint, progress)
        misfits = [output for output in outputs if any(problem.id in TOO_LONG for problem in found[output])]
        if not misfits:
            break
        for output in misfits:
            key, first, name = next_names[output.language or "", output.name, output.format]
            chosen[key][first] = name
    record_chosen_formats(campaign, chosen)
    notes = [
        _replaced(campaign.pages[key], first, name) for key, names in chosen.items() for first, name in names.items()
    ]
    return candidate, notes


def _replaced(page: Page, first: str, name: str) -> Problem:
    message = f"The text doesn't fit the format `{first}`, so it is made as `{name}`."
    fix = f"Shorten the text, or write `formats: [{name}]`."
    return Problem("format-replaced", page.where, message, fix)


def _measure_all(
    campaign: Campaign, outputs: list[Output], memo: Memo, fingerprint: Fingerprint, progress: Progress
) -> dict[Output, list[Problem]]:
    """Return the problems of each output, [] if it fits."""
    campaign = without_page_strings(campaign)
    keys = piece_keys(campaign, outputs, key_and_drawings, fingerprint, memo)
    misfits, store = Misfits(campaign, memo), Store(campaign.root, memo)
    known = {output: misfits.find(keys[output], output) for output in outputs}
    missing = [output for output in outputs if known[output] is None and not store.find(keys[output], output)]
    groups = [missing[start : start + OUTPUTS_PER_JOB] for start in range(0, len(missing), OUTPUTS_PER_JOB)]
    method = load_makers() if missing else ""
    jobs = run_jobs(_measure, campaign, groups, PARALLEL_THRESHOLD_OUTPUTS, method)
    for count, (output, problems, _) in enumerate(jobs, 1):
        progress("fit", count, len(missing))
        known[output] = [problem for problem in problems if isinstance(problem, Problem)]
        misfits.record(keys[output], output, known[output] or [])
    memo.save()
    return {output: problems or [] for output, problems in known.items()}


def _layouts(outputs: Iterable[Output]) -> Iterator[Output]:
    """Yield one output for each layout that Typst makes: printers and imposed sheets share it."""
    seen = set()
    for output in outputs:
        layout = (output.name, output.language, output.place, output.format, output.destination, output.part)
        is_typeset = (output.is_piece and output.part not in DERIVED_PARTS) or output.kind == "screen"
        if is_typeset and layout not in seen:
            seen.add(layout)
            yield output


def _measure(campaign: Campaign, output: Output) -> Result:
    from campaign import printing

    return [*printing.measure(campaign, output)]
