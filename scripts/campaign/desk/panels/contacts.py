"""A contact: its form, calls that were made, the number typed by a second person, what a change made wrong."""

from __future__ import annotations

from datetime import date
from typing import Any

from starlette.datastructures import FormData
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from campaign.content import clock
from campaign.content.numbers import digits_of
from campaign.content.phones import read_phone
from campaign.content.typed_numbers import FEW, is_odd, is_one_digit, is_same
from campaign.desk.contact_checks import check_contacts, show_on_fields
from campaign.desk.contact_fields import (
    OF_ONE,
    ContactFields,
    codes_of,
    contact_fields,
    id_of,
    language_names,
    show_understood,
)
from campaign.desk.contact_file import TURN, ContactFile
from campaign.desk.desk import SAME, Desk, one
from campaign.desk.files import Change
from campaign.desk.former_numbers import former_numbers, kit_of_before
from campaign.desk.forms import HOURS, Edit, edits_of
from campaign.desk.hours import read_hours
from campaign.desk.named import contact_name
from campaign.desk.panels.contact_lists import places_of
from campaign.models.contact import EMERGENCY, Contact
from campaign.models.names import PLAIN, is_same_person
from campaign.models.problem import Problem
from campaign.schema.yaml_splice import Way

# What is said of a call is longer than "called".
SHORTEST = 8

# No form below a number was refused.
NOTHING_KEPT = {"name": "", "at": 0, "said": "", "form": None}
NOTHING_SAID: dict[str, Any] = {
    "odd": "",
    "moved": {},
    "problems": [],
    "message": "",
    "mine": [],
    "kept": NOTHING_KEPT,
    "is_typed": False,
}


def routes(desk: Desk) -> list[Route]:
    """The pages of this panel."""
    panel = _Contacts(desk)
    return [
        desk.get("/contacts/{place}/new", panel.new),
        desk.post("/contacts/{place}/new", panel.save_new),
        desk.post("/contacts/{place}/new/source", panel.add_source),
        desk.get("/contacts/{place}/{id}", panel.show),
        desk.post("/contacts/{place}/{id}", panel.save),
        desk.post("/contacts/{place}/{id}/source", panel.add_source),
        desk.post("/contacts/{place}/{id}/call", panel.call),
        desk.post("/contacts/{place}/{id}/official", panel.official),
        desk.post("/contacts/{place}/{id}/again", panel.again),
        desk.post("/contacts/{place}/{id}/agreed", panel.agreed),
        desk.post("/contacts/{place}/{id}/source-holds", panel.source_holds),
        desk.post("/contacts/{place}/{id}/remove", panel.remove),
    ]


class _Contacts:
    def __init__(self, desk: Desk) -> None:
        self.desk, self.workspace = desk, desk.workspace

    # Reading

    def show(self, request: Request) -> Response:
        file = ContactFile.read(self.workspace.files, request.path_params["place"])
        fields = contact_fields(self.desk, request, file, request.path_params["id"])
        typed = self._typed(request, fields)
        edits = edits_of(fields.all, typed, self.workspace.campaign.source_language.code) if typed else []
        if typed and edits and one(typed, "version") != file.version:
            return self._changed(request, file, fields, edits, typed)
        return self._form(request, file, fields, is_typed=bool(typed))

    def new(self, request: Request) -> Response:
        places = self.workspace.campaign.places
        file = ContactFile.read(self.workspace.files, request.path_params["place"], places)
        fields = contact_fields(self.desk, request, file)
        typed = self._typed(request, fields)
        if typed:
            edits_of(fields.all, typed, self.workspace.campaign.source_language.code)
        return self._new_form(request, file, fields, is_typed=bool(typed))

    def _typed(self, request: Request, fields: ContactFields) -> FormData | None:
        """What was typed before somebody left to add a source. Contacts may have other places in the file by now."""
        draft = self.desk.waiting_form(request.query_params.get("draft", ""))
        here = ".".join(map(str, fields.contact[0].way[:2])) + "."
        rows = draft.typed.multi_items() if draft else ()
        return FormData([(OF_ONE.sub(here, name), value) for name, value in rows]) if rows else None

    def add_source(self, request: Request, form: FormData) -> Response:
        """To the form of a source, and back with it: what is typed here waits."""
        back = f"/contacts/{request.path_params['place']}/{request.path_params.get('id', 'new')}"
        return self.desk.go(f"/sources/new?for={self.desk.keep_waiting(back, form)}")

    def _form(
        self, request: Request, file: ContactFile, fields: ContactFields | None = None, status: int = 200, **more: Any
    ) -> Response:
        id = request.path_params["id"]
        campaign, typed = self.workspace.campaign, file.entry(id)
        where = file.where(id)
        known = next((each for each in campaign.whole_register if each.where == where), None)
        today = clock.now().date()
        numbers, spoken = file.numbers(id), self.desk.spoken(request)
        fields = fields or contact_fields(self.desk, request, file, id)
        self._refuse(request, fields)  # an id of the file that is none is told with one that can be saved
        lines = ((each, each.where.partition(":")[2]) for each in self.workspace.problems_of(file.name))
        told = [each for each, line in lines if line.isdecimal() and file.id_on(int(line)) == id]
        asked = request.query_params.get("asked", "")
        return self.desk.page(
            request,
            "contact.html",
            status,
            file=file,
            place=request.path_params["place"],
            place_name=dict(places_of(campaign, spoken)).get(request.path_params["place"], ""),
            id=id,
            contact=known,
            name=(known.name or dict(codes_of(spoken, "kind")).get(known.kind, id)) if known else id,
            fields=show_understood(fields, self.desk.words(request), campaign.country),
            numbers=[
                (at, typed_number, known.numbers[at] if known and at < len(known.numbers) else None)
                for at, (_, typed_number) in enumerate(numbers)
            ],
            is_emergency=typed.get("kind") == EMERGENCY,
            is_main=bool(campaign.emergency and campaign.emergency.id == id),
            spoken=language_names(campaign),
            today=today.isoformat(),
            asked=asked,
            before=asked or (max(known.former, key=lambda each: each.until).phone if known and known.former else ""),
            source_before=self._source_before(known) if known else "",
            had=" · ".join(each.phone for each in known.former) if known else "",
            formers=former_numbers(campaign, [known]) if known else [],
            kit_before=kit_of_before(campaign.root, known) if known else "",
            correct_at=f"contacts/{request.path_params['place']}/{id}/correct",
            is_of_place=False,
            **(NOTHING_SAID | {"told": told} | more),
        )

    def _source_before(self, contact: Contact) -> str:
        """The source that had its number before, and nobody has looked there for this one; '' where that is not so."""
        source = self.workspace.campaign.sources.get(contact.source)
        return source.title if source and not contact.shown_source else ""

    def _new_form(
        self,
        request: Request,
        file: ContactFile,
        fields: ContactFields,
        status: int = 200,
        problems: Any = (),
        is_typed: bool = False,
        message: str = "",
        odd: str = "",
    ) -> Response:
        place = request.path_params["place"]
        return self.desk.page(
            request,
            "contact-new.html",
            status,
            file=file,
            place=place,
            fields=show_understood(fields, self.desk.words(request), self.workspace.campaign.country),
            problems=problems,
            is_typed=is_typed,
            message=message,
            odd=odd,
            place_name=dict(places_of(self.workspace.campaign, self.desk.spoken(request))).get(place, place),
        )

    # Saving

    def save(self, request: Request, form: FormData) -> Response:
        place, id = request.path_params["place"], request.path_params["id"]
        file = ContactFile.read(self.workspace.files, place)
        fields = contact_fields(self.desk, request, file, id)
        edits = edits_of(fields.all, form, self.workspace.campaign.source_language.code)
        if one(form, "version") != file.version:
            return self._changed(request, file, fields, edits, form)
        if not edits:
            return self.desk.go(f"/contacts/{place}/{id}", SAME)
        if self._refuse(request, fields):
            return self._form(request, file, fields, 422, message=self.desk.words(request)["cannot-save"])
        if odd := self._odd(request, fields, edits, form):
            return self._form(request, file, fields, 422, message=self.desk.words(request)["number-odd"], odd=odd)
        moved = self._moved(request, file, id, edits)
        if moved and one(form, "moved") != moved["key"]:
            sure = one(form, "sure")
            return self._form(request, file, fields, 422, message=moved["message"], moved=moved | {"sure": sure})
        held = form.getlist("holds")
        text = file.edited(id, edits, [at for at, name, _ in moved["rows"] if name in held] if moved else ())
        problems, saved = self._write(file, text, self._title(request, "changed", id))
        if problems:
            show_on_fields(problems, text, fields.all)
            return self._form(request, file, fields, 422, problems=problems)
        id = next((str(edit.value) for edit in edits if edit.way[-1] == "id"), id)
        return self.desk.go(f"/contacts/{place}/{id}", saved)

    def save_new(self, request: Request, form: FormData) -> Response:
        place = request.path_params["place"]
        file = ContactFile.read(self.workspace.files, place, self.workspace.campaign.places)
        fields = contact_fields(self.desk, request, file)
        edits = edits_of(fields.all, form, self.workspace.campaign.source_language.code)
        field = fields.contact[0]
        is_made = not field.value
        if is_made:
            field.value = id_of(self.workspace.campaign, "", fields, place)
            edits = [Edit(field.way, field.value), *edits]
        id = field.value
        if self._refuse(request, fields):
            field.value = "" if is_made else field.value
            return self._new_form(request, file, fields, 422, message=self.desk.words(request)["cannot-save"])
        if odd := self._odd(request, fields, edits, form):
            field.value = "" if is_made else field.value  # made again of the name that is typed by then
            return self._new_form(request, file, fields, 422, message=self.desk.words(request)["number-odd"], odd=odd)
        text = file.with_new(edits)
        name = next((str(typed) for key, typed in form.items() if ".name." in key and str(typed).strip()), "").strip()
        problems, saved = self._write(file, text, self._title(request, "added", id, name), one(form, "version"))
        if problems:
            show_on_fields(problems, text, fields.all)
            field.value = "" if is_made else field.value
            return self._new_form(request, file, fields, 422, problems)
        return self.desk.go(f"/contacts/{place}/{id}", saved)

    def _odd(self, request: Request, fields: ContactFields, edits: list[Edit], form: FormData) -> str:
        """Numbers that hardly any country has, said at their fields; '' where none is, or somebody is sure of these."""
        typed = {each.way: str(each.value or "") for each in edits if each.way[-1] == "phone"}
        country = self.workspace.campaign.country
        doubts = {way: read_phone(phone, country).doubt for way, phone in typed.items()}
        odd = {way: phone for way, phone in typed.items() if digits_of(phone) and (is_odd(phone) or doubts[way])}
        told = " ".join(odd.values())
        if one(form, "sure") == told:
            return ""
        words = self.desk.words(request)
        for each in fields.all:
            if each.way in odd:
                count = len(digits_of(odd[each.way]))
                key = "number-odd-short" if count <= FEW else "number-odd-long"
                key = "number-odd-same" if is_one_digit(odd[each.way]) else key
                key = key if is_odd(odd[each.way]) else f"number-odd-{doubts[each.way]}"
                each.problem = words.say(key, was=odd[each.way], count=count)
        return told

    def _moved(self, request: Request, file: ContactFile, id: str, edits: list[Edit]) -> dict[str, Any]:
        """What was said of numbers that others take the place of: nobody knows yet whether it holds for those."""
        words, campaign, said = self.desk.words(request), self.workspace.campaign, file.moved(id, edits)
        source = campaign.sources.get(str(file.entry(id).get("source", "")))
        told = {"free": words["moved-free"], "source": words.say("moved-source", name=source.title if source else "")}
        rows = [(at, ".".join(map(str, at)), told[str(at[-1])]) for at in dict.fromkeys(at for _, at in said)]
        was = " · ".join(dict.fromkeys(was for was, _ in said))
        key = " ".join(f"{'.'.join(map(str, each.way))}={each.value}" for each in edits if each.way[-1] == "phone")
        return {"rows": rows, "key": key, "message": words.say("moved", was=was)} if rows else {}

    def source_holds(self, request: Request, form: FormData) -> Response:
        """Somebody has found the number of today in the source that had the one before."""
        place, id = request.path_params["place"], request.path_params["id"]
        file = ContactFile.read(self.workspace.files, place)
        title = self._title(request, "source-holds", id)
        return self.desk.go(
            f"/contacts/{place}/{id}", self._save(file, file.source_holds(id), title, one(form, "version"))
        )

    def _refuse(self, request: Request, fields: ContactFields) -> bool:
        """Says at each field whether what was typed into it cannot be kept; True where something cannot."""
        words, place = self.desk.words(request), request.path_params["place"]
        for each in fields.contact:
            if each.way[-1] == "id" and not PLAIN.fullmatch(each.value):
                each.value = id_of(self.workspace.campaign, each.value, fields, place)
                each.problem = words.say("id-plain", name=each.value)
            elif each.way[-1] == "id" and TURN in request.path_params.get("id", "") and not each.is_changed:
                each.value = id_of(self.workspace.campaign, each.value, fields, place)
                each.problem = words.say("id-taken", name=each.value)
            elif each.widget == HOURS and each.is_changed and each.value and read_hours(each.value) is None:
                each.problem = words["hours-unclear"]
        return any(each.problem for each in fields.contact)

    def remove(self, request: Request, form: FormData) -> Response:
        place, id = request.path_params["place"], request.path_params["id"]
        file = ContactFile.read(self.workspace.files, place)
        saved = self._save(file, file.without(id), self._title(request, "removed", id), one(form, "version"))
        return self.desk.go(f"/contacts/{place}", saved)

    def call(self, request: Request, form: FormData) -> Response:
        """A call that was made: by whom, whether somebody answered, in which language, what was said."""
        words, said = self.desk.words(request), one(form, "said")
        answered = one(form, "answered")
        spoken = [str(code) for code in form.getlist("languages")]
        by = one(form, "by") or self.desk.you
        if not by or answered not in ("yes", "no") or (answered == "yes" and (not spoken or len(said) < SHORTEST)):
            return self._again(request, form, "call", words["call-incomplete"])
        on = _day(one(form, "on"))
        if on is None:
            return self._again(request, form, "call", words["day-ahead"])
        note: dict[str, Any] = {"on": on, "by": by, "answered": answered == "yes"}
        note |= {"languages": spoken} if spoken else {}
        note |= {"said": said} if said else {}
        return self._note(request, form, "calls", note, "call-saved")

    def official(self, request: Request, form: FormData) -> Response:
        on = _day(one(form, "on"))
        if on is None:
            return self._again(request, form, "official", self.desk.words(request)["day-ahead"])
        note = {"on": on, "how": "official-source"}
        return self._note(request, form, "checked", note, "official-saved")

    def agreed(self, request: Request, form: FormData) -> Response:
        if not one(form, "by"):
            return self._again(request, form, "agreed", self.desk.words(request)["agreed-incomplete"])
        on = _day(one(form, "on"))
        if on is None:
            return self._again(request, form, "agreed", self.desk.words(request)["day-ahead"])
        return self._note(request, form, "agreed", {"by": one(form, "by"), "on": on}, "agreed-saved")

    def again(self, request: Request, form: FormData) -> Response:
        """The number typed once more, by somebody else and from the source."""
        words, file = self.desk.words(request), ContactFile.read(self.workspace.files, request.path_params["place"])
        at = _at(form)
        numbers = file.numbers(request.path_params["id"])
        if at >= len(numbers):
            raise LookupError(at)
        phone, by, first = one(form, "phone"), one(form, "by") or self.desk.you, one(form, "first")
        if not (phone and by and first) or is_same_person(by, first):
            return self._again(request, form, "again", words["again-two-people"])
        known = str(numbers[at][1].get("phone", ""))
        if digits_of(phone) != digits_of(known) and not is_same(phone, known):
            return self._again(request, form, "again", words["again-differs"])
        return self._note(request, form, "again", {"phone": phone, "by": by, "first": first}, "again-saved")

    def _note(self, request: Request, form: FormData, key: str, note: dict[str, Any], title: str) -> Response:
        """Writes what is known of a number below it."""
        place, id = request.path_params["place"], request.path_params["id"]
        file = ContactFile.read(self.workspace.files, place)
        numbers = file.numbers(id)
        at = _at(form)
        if at >= len(numbers):
            raise LookupError(at)
        way, typed = numbers[at]
        calls = typed.get("calls")
        below: Way = (*way, key, len(calls) if isinstance(calls, list) else 0) if key == "calls" else (*way, key)
        text = file.edited(id, [Edit(below, note)])
        problems, saved = self._write(file, text, self._title(request, title, id), one(form, "version"))
        if problems:
            return self._form(request, file, None, 422, problems=problems)
        return self.desk.go(f"/contacts/{place}/{id}", saved)

    def _again(self, request: Request, form: FormData, name: str, message: str) -> Response:
        """The form of that name once more, open, with what was typed and what is wrong with it."""
        file = ContactFile.read(self.workspace.files, request.path_params["place"])
        kept = {"name": name, "at": _at(form), "said": message, "form": form}
        return self._form(request, file, None, 422, kept=kept)

    def _write(self, file: ContactFile, text: str, title: str, version: str | None = None) -> tuple[list[Problem], int]:
        """(what `check` would stop at, the number of the save where that is nothing)."""
        problems = check_contacts(self.workspace.campaign, file, text)
        return problems, 0 if problems else self._save(file, text, title, version)

    def _save(self, file: ContactFile, text: str, title: str, version: str | None = None) -> int:
        change = Change(file.version if version is None else version, file.encoded(text))
        return self.workspace.files.save(title, self.desk.you, {file.name: change})

    def _changed(
        self, request: Request, file: ContactFile, fields: ContactFields, edits: list[Edit], form: FormData
    ) -> Response:
        """Somebody wrote the file meanwhile: what it says now and what was typed stand beside each other."""
        sent = {each.name: form.getlist(each.name) for each in fields.all}
        fresh = contact_fields(self.desk, request, file, request.path_params["id"])
        mine = [
            (each.label, each.value, " ".join(map(str, sent[each.name])))
            for each in fresh.all
            if any(edit.way == each.way for edit in edits)
        ]
        return self._form(request, file, fields, 409, mine=mine, message=self.desk.words(request)["changed-underneath"])

    def _title(self, request: Request, key: str, id: str, name: str = "") -> str:
        """What was done to a contact. name: as typed of one that is not there yet."""
        known = next((each for each in self.workspace.campaign.whole_register if each.id == id), None)
        name = name or contact_name(known, self.desk.spoken(request), id)
        return self.desk.words(request).say(f"did-{key}", id=name)


def _at(form: FormData) -> int:
    typed = one(form, "at")
    return int(typed) if typed.isdecimal() and len(typed) < 4 else 0


def _day(typed: str) -> date | None:
    """The day that was typed, today where none was; None where it is none, or is still to come."""
    today = clock.now().date()
    try:
        day = date.fromisoformat(typed) if typed else today
    except ValueError:
        return None
    return day if day <= today else None
