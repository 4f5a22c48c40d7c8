"""Today: everything to fix before printing, by who can fix it, with links to the fields."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from zlib import crc32

from starlette.responses import Response

from campaign.content import clock
from campaign.content.contacts import FOLDER
from campaign.content.releases import with_withheld
from campaign.content.translating import progress_of
from campaign.desk.fix_urls import fix_url_at
from campaign.desk.former_numbers import former_numbers
from campaign.desk.grouped_problems import GroupedProblems, ProblemGroups, group_problems
from campaign.desk.lists import paginate
from campaign.desk.naming import contact_name
from campaign.desk.page_file import plain_path
from campaign.desk.panel import Panel, get
from campaign.desk.pending_conflicts import waiting
from campaign.desk.words import Words
from campaign.models.campaign import NATIONAL, Campaign
from campaign.models.contact import Contact
from campaign.models.problem import Problem

EDITOR = "editor"
TRANSLATOR = "translator"
KEEPER = "keeper"
DESIGNER = "designer"
ROLES = (KEEPER, EDITOR, TRANSLATOR, DESIGNER)
ROWS_PER_ROLE = 8
NUMBERS = "numbers"
ROWS = 20


@dataclass(frozen=True)
class ChartRow:
    """A row of a chart."""

    label: str
    count: int
    total: int
    to: str = ""

    @property
    def percent(self) -> int:
        """Less than 100 unless everything is done."""
        return self.count * 100 // self.total if self.total else 100


class Today(Panel):
    menu = ("/", "today")

    @get("/")
    def show(self) -> Response:
        query = f"?{self.request.url.query}" if self.request.url.query else ""
        template = "today-part.html" if self.is_part else "today.html"
        revision = self.workspace.revision
        if self.request.headers.get("x-desk-seen") == revision:
            return Response(status_code=204)
        campaign = self.campaign
        problems, is_current = self.workspace.problems
        problem_groups = group_problems(problems, campaign)
        problems_by_role = _by_role(problem_groups, campaign)
        role, numbers = self.query_value("who"), list(_numbers(campaign))
        # The places with the fewest verified numbers come first.
        least = sorted(numbers, key=lambda row: row.count / row.total)
        fewest = numbers if len(numbers) <= ROWS else least[:ROWS]
        ui_language, source = self.ui_language, campaign.source_language
        contacts_by_id = {contact.id: contact for contact in campaign.whole_register}
        open_numbers = [number for number in former_numbers(campaign, campaign.with_former) if number.is_reported]
        rows: dict[str, Sequence[object]] = {
            NUMBERS: least,
            **problems_by_role,
            KEEPER: [*problems_by_role[KEEPER], *open_numbers],
        }
        part = paginate(rows.get(role, []), self.request)
        empty = [(code, place) for code, place in campaign.places.items() if not campaign.local_contacts(code)]
        return self.page(
            template,
            plain=lambda item: plain_path(campaign, path_of(item)) if item.id == "name-not-plain" else "",
            path_of=path_of,
            by=problems_by_role,
            wanted=role,
            query=query,
            part=part,
            shown=ROWS_PER_ROLE,
            empty=[(code, place.name(ui_language.code, source.code)) for code, place in empty[:ROWS_PER_ROLE]],
            empties=len(empty),
            uncorrected=open_numbers,
            called=lambda number: contact_name(number.contact, ui_language, number.contact.id),
            where_of=lambda number: f"corrections/{number.kit}" if number.is_made else _contact_url(number.contact),
            conflicts=[
                (code, language.name, len(result))
                for code, language in campaign.languages.items()
                if (result := waiting(campaign, code))
            ],
            told=revision,
            name_of=lambda id: contact_name(contacts_by_id.get(id), ui_language, id),
            is_current=is_current,
            folded=problem_groups,
            way_of=lambda grouped: (
                self.desk.fix_url(grouped.cause) if grouped.cause else fix_url_at(grouped.where, campaign)
            ),
            key_of=lambda problem: f"{crc32(str(problem).encode()):x}",
            charts=[
                ("chart-numbers", NUMBERS, part.rows if role == NUMBERS else fewest, len(numbers)),
                ("chart-reviewed", "", list(_reviews(campaign)), 0),
                ("chart-facts", "", list(_facts(campaign, self.words, clock.now().date())), 0),
            ],
        )


def _by_role(groups: ProblemGroups, campaign: Campaign) -> dict[str, list[Problem | GroupedProblems]]:
    """Return the problems that each role can solve."""
    results: dict[str, list[Problem | GroupedProblems]] = {
        role: [item for item in groups.single if _role_of(item, campaign) == role] for role in ROLES
    }
    for grouped in groups.grouped:
        rows = results[_role_of(grouped.repeats[0], campaign)]
        # A wrong number comes before other notes.
        rows.insert(sum(not item.is_note for item in rows) if grouped.number else len(rows), grouped)
    return results


def _contact_url(contact: Contact) -> str:
    """Return the page with a contact's numbers; a removed contact's are on the page of its place."""
    place = contact.place or NATIONAL
    return f"contacts/{place}#formers" if contact.is_retired else f"contacts/{place}/{contact.id}"


def _role_of(problem: Problem, campaign: Campaign) -> str:
    name = problem.file
    source = campaign.source_language.code
    if name.startswith(FOLDER):
        return KEEPER
    if name.startswith("docs/") and name.split("/")[1] in campaign.languages and name.split("/")[1] != source:
        return TRANSLATOR
    return DESIGNER if name.startswith(("assets/", "overrides/")) else EDITOR


def _reviews(campaign: Campaign) -> Iterator[ChartRow]:
    full_campaign = with_withheld(campaign)
    for code, language in campaign.languages.items():
        if code != campaign.source_language.code:
            progress = progress_of(full_campaign, code)
            yield ChartRow(language.name, progress.reviewed, progress.total, f"/translate/{code}")


def _facts(campaign: Campaign, words: Words, today: date) -> Iterator[ChartRow]:
    cited = {id for page in campaign.pages.values() for id in page.cites}
    readings = [reading for id, reading in campaign.readings.items() if id in cited]
    fresh = [reading for reading in readings if reading.read and (reading.again is None or reading.again > today)]
    if readings:
        yield ChartRow(words["sources"], len(fresh), len(readings), "/sources")


def path_of(problem: Problem) -> str:
    """Return the page that a problem is about, below its language."""
    return problem.file.split("/", 2)[-1]


def _numbers(campaign: Campaign) -> Iterable[ChartRow]:
    rows = {"": campaign.contacts} | {code: place.contacts for code, place in campaign.places.items()}
    for code, contacts in rows.items():
        numbers = [number for contact in contacts for number in contact.numbers]
        fresh = [number for number in numbers if number.is_fresh]
        if numbers:
            name = campaign.places[code].name(campaign.source_language.code, "") if code else ""
            yield ChartRow(name, len(fresh), len(numbers), f"/contacts/{code or 'national'}")
