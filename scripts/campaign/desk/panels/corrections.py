"""A number that was printed wrong: what bears it is looked for, and labels and notices are there to open."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from urllib.parse import quote

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from campaign.content import clock
from campaign.content.typed_numbers import is_same
from campaign.desk.contact_file import ContactFile
from campaign.desk.desk import Desk, one
from campaign.desk.files import HANDED_OUT, Change
from campaign.desk.hand_out_log import KEYS, LOG, heads, in_words, rows_in
from campaign.desk.lists import MOST, part_of
from campaign.desk.named import contact_name
from campaign.models.campaign import NATIONAL, Campaign
from campaign.models.contact import Contact, Former
from campaign.models.names import PLAIN, plain_name
from campaign.packs.correction import BEARERS, FOLDER, LABELS, NOTICE, TO_MEND, around, read_numbers

# What there is for each language: the beginning and the ending of a file, and the key of the desk's words.
KINDS = (
    (LABELS, "pdf", "correction-labels"),
    (NOTICE, "pdf", "correction-notice"),
    (NOTICE, "png", "correction-picture"),
    (NOTICE, "txt", "correction-text"),
)

# So long it is told that a number was taken back, where nobody says that what bears it is put right.
REMINDS = timedelta(days=60)
# Where in a row of the hand-out log the copies stand.
NUMBER = KEYS.index("number")


@dataclass(frozen=True)
class Kit:
    """What was made for a contact. languages: (name, (words, path below dist/) of each file); count: what bears it.

    typed: (file and line, where it is mended) of each text that has the number typed by hand.

    is_whole: whether its labels bear what is right now, or no number takes the place of the wrong one.
    wrong: the number that was printed.
    bears: what its labels bear; '' where nobody had made sure of a number.
    """

    languages: list[tuple[str, list[tuple[str, str]]]]
    count: int
    table: str
    typed: dict[str, str]
    is_whole: bool
    wrong: str
    bears: str


@dataclass(frozen=True)
class Uncorrected:
    """A number that a contact had until lately, as long as nobody says that what bears it is put right.

    kit: what was made since to put it right, by its page's name; '' where nothing was.
    """

    was: str
    kit: str


def uncorrected(campaign: Campaign, contact: Contact) -> Iterator[Uncorrected]:
    """What is still to be put right of a contact, the latest first."""
    name = plain_name(contact.id) or "contact"
    numbers = read_numbers(campaign.root / "dist" / FOLDER / name)
    made = numbers if numbers and numbers.is_right(contact) else None
    for each in _left(contact):
        if clock.now().date() - each.until <= REMINDS:
            is_made = made is not None and made.on >= each.until and is_same(made.was, each.phone)
            yield Uncorrected(each.phone, name if is_made else "")


def _left(contact: Contact) -> list[Former]:
    """The numbers that it had of which nobody says that what bears them is put right, the latest first."""
    now = [number.phone for number in contact.numbers]
    left = (each for each in reversed(contact.former) if each.corrected is None)
    # One that it has again is right where it hangs.
    wrong = (each for each in left if not any(is_same(each.phone, phone) for phone in now))
    return sorted(wrong, key=lambda each: each.until, reverse=True)


def _rows(table: Path) -> list[dict[str, str]]:
    """What bears a number, as it was found."""
    if not table.is_file():
        return []
    return list(csv.DictReader(io.StringIO(table.read_text("utf-8-sig", errors="replace"))))


def routes(desk: Desk) -> list[Route]:
    """The pages of this panel, to which that of contacts leads."""
    root = desk.workspace.root

    def correct(request: Request, form: FormData) -> Response:
        """What bears the number that was wrong, and what is stuck over it."""
        id = request.path_params["id"]
        known = next((each for each in desk.workspace.campaign.whole_register if each.id == id), None)
        if known and not one(form, "sure") and not _is_former(known, one(form, "was")):
            way = f"/contacts/{request.path_params['place']}/{id}"
            return desk.go(f"{way}?asked={quote(one(form, 'was'))}#correct")
        arguments = ["correct", "--was", one(form, "was")]
        if (root / HANDED_OUT).is_dir():
            arguments += ["--log", HANDED_OUT]
        if now := one(form, "now"):
            arguments += ["--now", now]
        title = desk.words(request).say("did-correct", id=contact_name(known, desk.spoken(request), id))
        then = f"/corrections/{plain_name(id) or 'contact'}"
        is_sure = known is None or not known.numbers or any(each.is_fresh for each in known.numbers)
        note = "" if is_sure else desk.words(request)["correct-unsure"]
        job = desk.jobs.start(title, [*arguments, "--", id], then=then, note=note, is_amiss=bool(note))
        return desk.go(f"/jobs/{job.number}")

    def show(request: Request) -> Response:
        name = request.path_params["name"]
        folder = root / "dist" / FOLDER / name
        if not PLAIN.fullmatch(name) or not folder.is_dir():
            raise LookupError(name)
        campaign, spoken = desk.workspace.campaign, desk.spoken(request)
        known = {plain_name(each.id): each for each in campaign.whole_register}
        words, languages = desk.words(request), campaign.languages
        made = [
            (
                languages[code].name,
                [
                    (words[key], f"{FOLDER}/{name}/{begin}-{code}.{ending}")
                    for begin, ending, key in KINDS
                    if (folder / f"{begin}-{code}.{ending}").is_file()
                ],
            )
            for code in languages
        ]
        rows, numbers, contact = _rows(folder / BEARERS), read_numbers(folder), known.get(name)
        lines = [line for row in rows for line in (row.get(TO_MEND) or "").split("; ") if line]
        kit = Kit(
            [each for each in made if each[1]],
            len(rows),
            f"{FOLDER}/{name}/{BEARERS}",
            {each: _way(each) for each in lines},
            bool(numbers and numbers.is_right(contact)),
            numbers.was if numbers else "",
            numbers.now if numbers else "",
        )
        left = _left(contact) if contact else []
        of_it = [each for each in left if is_same(kit.wrong, each.phone)]
        before = [each for each in (contact.former if contact else ()) if each.corrected and each not in of_it]
        title = words.say("did-correct", id=contact_name(contact, spoken, name))
        bearing = {(row.get("piece"), row.get("language")) for row in rows}
        handed = [row for row in rows_in(desk.workspace.files.read(LOG)) if _is_of(campaign, row, bearing, contact)]
        return desk.page(
            request,
            "correction.html",
            kit=kit,
            name=name,
            contact=contact,
            left=of_it,
            hung=next((each.phone for each in reversed(before)), ""),
            part=part_of([*kit.typed.items()], request),
            heading=title,
            heads=heads(spoken),
            handed=in_words(campaign, spoken, words, handed[:MOST]),
            copies=sum(int(row[NUMBER]) for row in handed if row[NUMBER].isdecimal()),
        )

    def done(request: Request, _: FormData) -> Response:
        """Somebody says that what bore the number is put right: Today need not remind of it any more."""
        name = request.path_params["name"]
        contact = next((each for each in desk.workspace.campaign.whole_register if plain_name(each.id) == name), None)
        if contact is None:
            raise LookupError(name)
        file = ContactFile.read(desk.workspace.files, contact.place or NATIONAL)
        title = desk.words(request).say("did-put-right", id=contact_name(contact, desk.spoken(request), name))
        numbers = read_numbers(root / "dist" / FOLDER / name)
        done = [each.phone for each in _left(contact) if numbers and is_same(numbers.was, each.phone)]
        change = Change(file.version, file.encoded(file.put_right(contact.id, done)))
        saved = desk.workspace.files.save(title, desk.you, {file.name: change})
        return desk.go(f"/corrections/{name}", saved)

    return [
        desk.post("/contacts/{place}/{id}/correct", correct),
        desk.get("/corrections/{name}", show),
        desk.post("/corrections/{name}/done", done),
    ]


def _is_former(contact: Contact, typed: str) -> bool:
    """Whether a contact had a number, or may have had it, since nobody has kept which it had."""
    return not contact.former or any(is_same(typed, each.phone) for each in contact.former)


def _is_of(
    campaign: Campaign, row: list[str], bearing: set[tuple[str | None, str | None]], contact: Contact | None
) -> bool:
    """Whether a row of the hand-out log is of a piece that bears the number, where it is shown."""
    if len(row) < len(KEYS):
        return False
    cells = dict(zip(KEYS, row, strict=False))
    is_near = contact is None or contact.place in around(campaign, cells["place"])
    return is_near and (cells["piece"].rpartition("/")[2], cells["language"]) in bearing


def _way(line: str) -> str:
    """Where at the desk a text is mended, by its file and line; '' where it has no page there."""
    name, _, at = line.rpartition(":")
    path = name.removeprefix("docs/")
    return f"/texts/{quote(path)}?line={at}" if path.endswith(".md") else ""
