"""The outputs that a run was asked to make, and its results."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from campaign.cache.store import Store
from campaign.models.outputs import PRESS_KIT, Artifact, Output
from campaign.models.page import Page
from campaign.models.problem import Problem

# Called with a step's name, the amount done, and the total.
Progress = Callable[[str, int, int], None]


# Environment variable set by programs that run a command and show its progress: each step becomes a line.
PROGRESS_AS_LINES = "CAMPAIGN_PROGRESS"
# Such a line about the number of outputs that could not be made.
LEFT_OUT = "left-out"
# The first character of such a line: the ASCII record separator.
STEP_MARK = "\x1e"


def as_line(step: str, done: int, total: int) -> str:
    """Return a step as a line of output."""
    return f"{STEP_MARK}{step} {done} {total}"


def of_line(line: str) -> tuple[str, int, int] | None:
    """Return the step in a line of output; None for other lines."""
    step, *counts = line.removeprefix(STEP_MARK).split(" ")
    is_step = line.startswith(STEP_MARK) and len(counts) == 2 and all(map(str.isdecimal, counts))
    return (step, int(counts[0]), int(counts[1])) if is_step else None


def quiet(step: str, done: int, total: int) -> None:
    """Ignore progress."""


@dataclass(frozen=True)
class Selection:
    """The outputs that a command makes; an empty set means all."""

    kinds: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    places: frozenset[str | None] = frozenset()
    flavours: frozenset[str] = frozenset()
    formats: frozenset[str] = frozenset()
    destinations: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    def includes(self, output: Output) -> bool:
        """Return whether an output is wanted."""
        return (
            (not self.kinds or output.kind in self.kinds)
            and (not self.languages or output.language in self.languages or output.language is None)
            and (not self.places or output.place in self.places)
            and (not self.flavours or output.flavour in self.flavours or output.flavour is None)
            and (not self.formats or output.format in self.formats)
            and (not self.destinations or output.destination in self.destinations)
            and (not self.names or output.name in self.names)
        )

    def includes_page(self, page: Page) -> bool:
        """Return whether a page is printed as a wanted output, or its text is needed for the site or a press kit."""
        return (
            self == ALL_OUTPUTS
            or PRESS_KIT in self.kinds
            or (
                any(not self.formats or name in self.formats for name in page.formats)
                and (not self.languages or page.language in self.languages)
                and (not self.names or page.stem in self.names)
            )
        )


ALL_OUTPUTS = Selection()


@dataclass
class Report:
    """The result of a run.

    Attributes:
        made: all outputs that were wanted or needed and exist now.
        new: the outputs made by this run.
        seconds: of work, by (kind, language).
        problems: everything to fix.
        built: paths of files that were made, not taken from the cache.
        changed: paths in site/ and dist/ whose content has changed, including new and deleted files.
        site_pages: number of pages in the new site.
        is_site_new: whether site/ was replaced.
        is_placed: whether single files were put into dist/.
        left_out: outputs that could not be made, with the problems of each.
        refused: files below dist/ that were wanted but not made.
        has_outdated: whether older versions of some of those exist.
        silence: the reason for each silenced note, by `id` or `id file`.
    """

    made: list[Artifact] = field(default_factory=list)
    new: set[Output] = field(default_factory=set)
    seconds: dict[tuple[str, str], float] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    built: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    silence: Mapping[str, str] = field(default_factory=dict)
    site_pages: int = 0
    is_site_new: bool = False
    is_placed: bool = False
    left_out: dict[Output, tuple[Problem, ...]] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    has_outdated: bool = False

    @property
    def stops(self) -> bool:
        """Return whether a problem prevents publishing the result."""
        return any(problem.stops for problem in self.problems)

    @property
    def has_problems(self) -> bool:
        """Return whether something must be fixed, even if the rest was published."""
        return any(not problem.is_note for problem in self.problems)

    @property
    def is_noop(self) -> bool:
        """Return whether everything already existed."""
        return not self.new and not self.is_site_new and not self.stops

    def record(
        self, results: list[Artifact | Problem], store: Store, outputs: Sequence[Output], seconds: float
    ) -> None:
        """Add the results of a maker.

        Args:
            results: outputs and problems.
            store: where outputs are kept.
            outputs: what was to be made.
            seconds: duration of the work.
        """
        key = (outputs[0].kind, outputs[0].language or "")
        self.seconds[key] = self.seconds.get(key, 0.0) + seconds
        for result in results:
            if isinstance(result, Artifact):
                store.keep(result)
                self.made.append(result)
                self.new.add(result.output)
                self.built.add(f"dist/{result.output.path}" if result.output.path else result.file.name)
            elif result not in self.problems and not self._is_known_full_disk(result):
                self.problems.append(result)
        problems = tuple(result for result in results if isinstance(result, Problem) and not result.is_note)
        if problems:
            self.left_out |= {output: problems for output in outputs if output not in self.new}

    def _is_known_full_disk(self, problem: Problem) -> bool:
        """Return whether a full disk is reported already: each output that can't be written finds it in its folder."""
        return problem.id == "disk-full" and any(known.id == problem.id for known in self.problems)
