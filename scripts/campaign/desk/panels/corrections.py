"""A number that was printed wrong: what bears it is looked for, and labels and notices are there to open."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, timedelta
from urllib.parse import quote

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from campaign.content import clock
from campaign.desk.desk import Desk, one
from campaign.desk.files import HANDED_OUT
from campaign.desk.lists import part_of
from campaign.desk.named import contact_name
from campaign.models.campaign import Campaign
from campaign.models.contact import Contact
from campaign.models.names import PLAIN, plain_name
from campaign.packs.correction import BEARERS, FOLDER, LABELS, NOTICE, TO_MEND

# What there is for each language: the beginning and the ending of a file, and the key of the desk's words.
KINDS = (
    (LABELS, "pdf", "correction-labels"),
    (NOTICE, "pdf", "correction-notice"),
    (NOTICE, "png", "correction-picture"),
    (NOTICE, "txt", "correction-text"),
)

# So long it is told that a number was taken back for which nothing was made.
REMINDS = timedelta(days=60)


@dataclass(frozen=True)
class Kit:
    """What was made for a contact. languages: (name, (words, path below dist/) of each file); count: what bears it.

    typed: (file and line, where it is mended) of each text that has the number typed by hand.
    """

    languages: list[tuple[str, list[tuple[str, str]]]]
    count: int
    table: str
    typed: dict[str, str]


def uncorrected(campaign: Campaign, contact: Contact) -> str:
    """The number that a contact had until lately, if nothing was made since to put right what bears it; ''."""
    last = max(contact.former, key=lambda each: each.until, default=None)
    if last is None or clock.now().date() - last.until > REMINDS:
        return ""
    kit = campaign.root / "dist" / FOLDER / (plain_name(contact.id) or "contact") / BEARERS
    made = date.fromtimestamp(kit.stat().st_mtime) if kit.is_file() else date.min
    return "" if made >= last.until else last.phone


def routes(desk: Desk) -> list[Route]:
    """The pages of this panel, to which that of contacts leads."""
    root = desk.workspace.root

    def correct(request: Request, form: FormData) -> Response:
        """What bears the number that was wrong, and what is stuck over it."""
        id = request.path_params["id"]
        arguments = ["correct", "--was", one(form, "was")]
        if (root / HANDED_OUT).is_dir():
            arguments += ["--log", HANDED_OUT]
        if now := one(form, "now"):
            arguments += ["--now", now]
        known = next((each for each in desk.workspace.campaign.whole_register if each.id == id), None)
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
        known = {plain_name(each.id): each for each in desk.workspace.campaign.whole_register}
        words, languages = desk.words(request), desk.workspace.campaign.languages
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
        table = folder / BEARERS
        rows = list(csv.DictReader(io.StringIO(table.read_text("utf-8-sig")))) if table.is_file() else []
        lines = [line for row in rows for line in (row.get(TO_MEND) or "").split("; ") if line]
        kit = Kit(
            [each for each in made if each[1]],
            len(rows),
            f"{FOLDER}/{name}/{BEARERS}",
            {each: _way(each) for each in lines},
        )
        title = words.say("did-correct", id=contact_name(known.get(name), desk.spoken(request), name))
        part = part_of([*kit.typed.items()], request)
        return desk.page(request, "correction.html", kit=kit, part=part, heading=title)

    return [desk.post("/contacts/{place}/{id}/correct", correct), desk.get("/corrections/{name}", show)]


def _way(line: str) -> str:
    """Where at the desk a text is mended, by its file and line; '' where it has no page there."""
    name, _, at = line.rpartition(":")
    path = name.removeprefix("docs/")
    return f"/texts/{quote(path)}?line={at}" if path.endswith(".md") else ""
