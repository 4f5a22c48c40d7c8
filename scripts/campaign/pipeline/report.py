"""What a run was asked for, and what it did."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from campaign.cache.store import Store
from campaign.models.outputs import Made, Output
from campaign.models.page import Page
from campaign.models.problem import Problem
from campaign.plan.press_kits import PRESS_KIT

# A step's name, how much of it is done, how much it is in all.
Progress = Callable[[str, int, int], None]


# Set in the environment by a program that runs a command and shows how far it is: each step is a line then.
PROGRESS_AS_LINES = "CAMPAIGN_PROGRESS"
# What such a line begins with, and no other does: the separator of records in ASCII.
STEP_MARK = "\x1e"


def as_line(step: str, done: int, total: int) -> str:
    """A step as a line among those that a command says."""
    return f"{STEP_MARK}{step} {done} {total}"


def of_line(line: str) -> tuple[str, int, int] | None:
    """The step that a line tells of; None of any other line."""
    step, *counts = line.removeprefix(STEP_MARK).split(" ")
    is_step = line.startswith(STEP_MARK) and len(counts) == 2 and all(map(str.isdecimal, counts))
    return (step, int(counts[0]), int(counts[1])) if is_step else None


def quiet(step: str, done: int, total: int) -> None:
    """A progress that shows nothing."""


@dataclass(frozen=True)
class Wanted:
    """Which outputs a command is for; an empty set means all of them."""

    kinds: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    places: frozenset[str | None] = frozenset()
    flavours: frozenset[str] = frozenset()
    formats: frozenset[str] = frozenset()
    destinations: frozenset[str] = frozenset()
    names: frozenset[str] = frozenset()

    def wants(self, output: Output) -> bool:
        """Whether an output is among them."""
        return (
            (not self.kinds or output.kind in self.kinds)
            and (not self.languages or output.language in self.languages or output.language is None)
            and (not self.places or output.place in self.places)
            and (not self.flavours or output.flavour in self.flavours or output.flavour is None)
            and (not self.formats or output.format in self.formats)
            and (not self.destinations or output.destination in self.destinations)
            and (not self.names or output.name in self.names)
        )

    def wants_page(self, page: Page) -> bool:
        """Whether a page is printed as one of them, or its text is used where all of it or a press kit is wanted."""
        return (
            self == ALL
            or PRESS_KIT in self.kinds
            or (
                any(not self.formats or name in self.formats for name in page.formats)
                and (not self.languages or page.language in self.languages)
                and (not self.names or page.stem in self.names)
            )
        )


ALL = Wanted()


@dataclass
class Report:
    """What a run did.

    Attributes:
        made: what was wanted or needed for that and stands, made now or before.
        new: the outputs made by it.
        seconds: of work, by (kind, language).
        problems: everything to mend.
        built: names of files, from the campaign's folder on, that were made and not taken as they were.
        changed: names of files in site/ and dist/ that are not as they were: other bytes, new, or gone.
        site_pages: how many the new site has.
        is_site_new: whether site/ was replaced.
        is_placed: whether something was put into dist/ by itself.
        refused: files below dist/ that were wanted and are not made.
        has_outdated: whether some of them are from before.
        silence: ids of notes that are not to be shown, each with the reason.
    """

    made: list[Made] = field(default_factory=list)
    new: set[Output] = field(default_factory=set)
    seconds: dict[tuple[str, str], float] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    built: set[str] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)
    silence: Mapping[str, str] = field(default_factory=dict)
    site_pages: int = 0
    is_site_new: bool = False
    is_placed: bool = False
    refused: list[str] = field(default_factory=list)
    has_outdated: bool = False

    @property
    def stops(self) -> bool:
        """Whether a problem keeps what was made from its place."""
        return any(problem.stops for problem in self.problems)

    @property
    def is_noop(self) -> bool:
        """Whether all of it stood already."""
        return not self.new and not self.is_site_new and not self.stops

    def record(self, results: list[Made | Problem], store: Store, output: Output, seconds: float) -> None:
        """Adds what a maker gave back to the account of the output's kind.

        Args:
            results: what was made, and what is to be mended.
            store: where it is kept.
            output: what the work was for.
            seconds: how long the work took.
        """
        key = (output.kind, output.language or "")
        self.seconds[key] = self.seconds.get(key, 0.0) + seconds
        for result in results:
            if isinstance(result, Made):
                store.keep(result)
                self.made.append(result)
                self.new.add(result.output)
                self.built.add(f"dist/{result.output.path}" if result.output.path else result.file.name)
            elif result not in self.problems:
                self.problems.append(result)
