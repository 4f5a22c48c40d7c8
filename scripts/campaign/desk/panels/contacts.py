"""A contact: its form, calls, the second typing, and what a change of number affects."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any

from starlette.datastructures import FormData
from starlette.responses import Response

from campaign.content import clock
from campaign.content.numbers import digits_of
from campaign.content.phones import read_phone
from campaign.content.typed_hours import read_hours
from campaign.content.typed_numbers import MIN_DIGITS, is_odd, is_one_digit, is_same
from campaign.desk.contact_fields import (
    ONE_CONTACT,
    ContactFields,
    check_contacts,
    codes_of,
    contact_fields,
    free_id,
    language_names,
    show_dialled,
)
from campaign.desk.contact_file import DUPLICATE_SUFFIX, ContactFile
from campaign.desk.desk import field_text
from campaign.desk.files import Change
from campaign.desk.former_numbers import former_numbers, kit_for_former
from campaign.desk.forms import HOURS, Edit, collect_edits, show_on_fields
from campaign.desk.naming import contact_name, places_of
from campaign.desk.panel import NOTICE_UNCHANGED, Panel, Refused, get, post
from campaign.models.contact import EMERGENCY
from campaign.models.names import PLAIN_NAME, is_same_person
from campaign.schema.yaml_splice import KeyPath

MIN_NOTE_CHARS = 8  # shorter notes, such as "called", say nothing about the call

NO_KEPT_FORM = {"name": "", "at": 0, "said": "", "form": None}
EMPTY_FORM_STATE: dict[str, Any] = {"odd": "", "moved": {}, "mine": [], "kept": NO_KEPT_FORM, "is_typed": False}


class Contacts(Panel):
    @property
    def place(self) -> str:
        return str(self.path["place"])

    @property
    def id(self) -> str:
        return str(self.path.get("id", ""))

    @property
    def url(self) -> str:
        return f"/contacts/{self.place}/{self.id or 'new'}"

    @cached_property
    def file(self) -> ContactFile:
        return ContactFile.read(self.files, self.place, () if self.id else self.campaign.places)

    @cached_property
    def fields(self) -> ContactFields:
        return contact_fields(self, self.file, self.id)

    def _edits(self, form: FormData) -> list[Edit]:
        return collect_edits(self.fields.all, form, self.campaign.source_language.code)

    @get("/contacts/{place}/new")
    @get("/contacts/{place}/{id}")
    def show(self) -> Response:
        waiting_form = self._waiting()
        edits = self._edits(waiting_form) if waiting_form else []
        if waiting_form and edits and self.id and field_text(waiting_form, "version") != self.file.version:
            raise self._conflict(edits, waiting_form)
        return self.show_refused(Refused("", 200, is_typed=bool(waiting_form)))

    def _waiting(self) -> FormData | None:
        draft = self.desk.waiting_form(self.query_value("draft"))
        prefix = ".".join(map(str, self.fields.contact[0].key_path[:2])) + "."
        rows = draft.typed.multi_items() if draft else ()
        return FormData([(ONE_CONTACT.sub(prefix, name), value) for name, value in rows]) if rows else None

    @post("/contacts/{place}/new/source")
    @post("/contacts/{place}/{id}/source")
    def add_source(self) -> Response:
        """Go to the form of a new source; this form waits."""
        return self.go(f"/sources/new?for={self.desk.store_form(self.url, self.form)}")

    def show_refused(self, refusal: Refused) -> Response:
        place, campaign = self.place, self.campaign
        if self.id:
            self._refuse()  # suggest a valid id
        context = {
            "file": self.file,
            "place": place,
            "place_name": dict(places_of(campaign, self.ui_language)).get(place, "" if self.id else place),
            "fields": show_dialled(self.fields, self.words, campaign.country),
            **(self._context() if self.id else {}),
        }
        template = "contact.html" if self.id else "contact-new.html"
        return self.page(template, refusal, **EMPTY_FORM_STATE, **context)

    def _context(self) -> dict[str, Any]:
        id, file, campaign, ui_language = self.id, self.file, self.campaign, self.ui_language
        where = file.where(id)
        contact = next((item for item in campaign.whole_register if item.where == where), None)
        lines = ((item, item.where.partition(":")[2]) for item in self.workspace.problems_of(file.name))
        asked_number, source = self.query_value("asked"), campaign.sources.get(contact.source) if contact else None
        numbers, former = (contact.numbers, contact.former) if contact else ((), ())
        latest = sorted(former, key=lambda item: item.until, reverse=True)
        return {
            "id": id,
            "contact": contact,
            "name": (contact.name or dict(codes_of(ui_language, "kind")).get(contact.kind, id)) if contact else id,
            "numbers": [
                (index, raw, numbers[index] if index < len(numbers) else None)
                for index, (_, raw) in enumerate(file.numbers(id))
            ],
            "is_emergency": file.entry(id).get("kind") == EMERGENCY,
            "is_main": bool(campaign.emergency and campaign.emergency.id == id),
            "spoken": language_names(campaign),
            "today": clock.now().date().isoformat(),
            "asked": asked_number,
            "before": asked_number or next((item.phone for item in latest), ""),
            # The source hasn't been confirmed for the current number.
            "source_before": source.title if contact and source and not contact.shown_source else "",
            "had": " · ".join(item.phone for item in former),
            "formers": former_numbers(campaign, [contact]) if contact else [],
            "kit_before": kit_for_former(campaign.root, contact) if contact else "",
            "correct_at": f"{self.url.lstrip('/')}/correct",
            "is_of_place": False,
            "told": [item for item, line in lines if line.isdecimal() and file.id_at_line(int(line)) == id],
        }

    @post("/contacts/{place}/{id}")
    def keep(self) -> Response:
        file, id, edits = self.file, self.id, self._edits(self.form)
        if self.form_value("version") != file.version:
            raise self._conflict(edits, self.form)
        if not edits:
            return self.go(self.url, NOTICE_UNCHANGED)
        self._refuse_edits(edits)
        claims, confirmed_claims = self._moved_claims(edits), self.form.getlist("holds")
        if claims and self.form_value("moved") != claims["key"]:
            raise Refused(claims["message"], moved=claims | {"sure": self.form_value("sure")})
        text = file.edited(
            id, edits, [key_path for key_path, name, _ in claims["rows"] if name in confirmed_claims] if claims else ()
        )
        self._check(text)
        id = next((str(edit.value) for edit in edits if edit.key_path[-1] == "id"), id)
        return self._saved(text, "changed", f"/contacts/{self.place}/{id}")

    @post("/contacts/{place}/new")
    def add(self) -> Response:
        edits, field = self._edits(self.form), self.fields.contact[0]
        is_made = not field.value
        if is_made:
            field.value = free_id(self.campaign, "", self.fields, self.place)
            edits = [Edit(field.key_path, field.value), *edits]
        id = field.value
        try:
            self._refuse_edits(edits)
            text = self.file.with_new(edits)
            self._check(text)
        except Refused:
            field.value = "" if is_made else field.value  # derived again from the name, once that is typed
            raise
        names = (str(raw).strip() for key, raw in self.form.items() if ".name." in key)
        return self._saved(text, "added", f"/contacts/{self.place}/{id}", id, next(filter(None, names), ""))

    def _refuse_edits(self, edits: list[Edit]) -> None:
        if self._refuse():
            raise Refused(self.words["cannot-save"])
        if odd := self._odd_numbers(edits):
            raise Refused(self.words["number-odd"], odd=odd)

    def _odd_numbers(self, edits: list[Edit]) -> str:
        values = {edit.key_path: str(edit.value or "") for edit in edits if edit.key_path[-1] == "phone"}
        doubts = {key_path: read_phone(phone, self.campaign.country).doubt for key_path, phone in values.items()}
        odd = {
            key_path: phone
            for key_path, phone in values.items()
            if digits_of(phone) and (is_odd(phone) or doubts[key_path])
        }
        numbers_text = " ".join(odd.values())
        if self.form_value("sure") == numbers_text:
            return ""
        for item in self.fields.all:
            if item.key_path in odd:
                count = len(digits_of(odd[item.key_path]))
                key = "number-odd-short" if count <= MIN_DIGITS else "number-odd-long"
                key = "number-odd-same" if is_one_digit(odd[item.key_path]) else key
                key = key if is_odd(odd[item.key_path]) else f"number-odd-{doubts[item.key_path]}"
                item.problem = self.words.say(key, was=odd[item.key_path], count=count)
        return numbers_text

    def _moved_claims(self, edits: list[Edit]) -> dict[str, Any]:
        words, claims = self.words, self.file.unconfirmed_claims(self.id, edits)
        source = self.campaign.sources.get(str(self.file.entry(self.id).get("source", "")))
        labels = {"free": words["moved-free"], "source": words.say("moved-source", name=source.title if source else "")}
        rows = [
            (item, ".".join(map(str, item)), labels[str(item[-1])])
            for item in dict.fromkeys(key_path for _, key_path in claims)
        ]
        old = " · ".join(dict.fromkeys(old for old, _ in claims))
        key = " ".join(
            f"{'.'.join(map(str, edit.key_path))}={edit.value}" for edit in edits if edit.key_path[-1] == "phone"
        )
        return {"rows": rows, "key": key, "message": words.say("moved", was=old)} if rows else {}

    def _refuse(self) -> bool:
        words, fields = self.words, self.fields
        for item in fields.contact:
            is_plain = item.key_path[-1] != "id" or PLAIN_NAME.fullmatch(item.value)
            if not is_plain or (item.key_path[-1] == "id" and DUPLICATE_SUFFIX in self.id and not item.is_changed):
                item.value = free_id(self.campaign, item.value, fields, self.place)
                item.problem = words.say("id-taken" if is_plain else "id-plain", name=item.value)
            elif item.widget == HOURS and item.is_changed and item.value and read_hours(item.value) is None:
                item.problem = words["hours-unclear"]
        return any(item.problem for item in fields.contact)

    @post("/contacts/{place}/{id}/source-holds")
    def confirm_source(self) -> Response:
        return self._saved(self.file.confirm_source(self.id), "source-holds")

    @post("/contacts/{place}/{id}/remove")
    def remove(self) -> Response:
        return self._saved(self.file.without_contact(self.id), "removed", f"/contacts/{self.place}")

    @post("/contacts/{place}/{id}/call")
    def call(self) -> Response:
        answer, answered = self.form_value("said"), self.form_value("answered")
        caller = self.form_value("by") or self.desk.user_name
        languages = [str(code) for code in self.form.getlist("languages")]
        is_reported = answered == "no" or (answered == "yes" and languages and len(answer) >= MIN_NOTE_CHARS)
        if not caller or not is_reported:
            raise self._refusal("call", "call-incomplete")
        note: dict[str, Any] = {"on": "", "by": caller, "answered": answered == "yes"}
        note |= {"languages": languages} if languages else {}
        return self._note_of_day("call", "calls", note | ({"said": answer} if answer else {}))

    @post("/contacts/{place}/{id}/official")
    def official(self) -> Response:
        return self._note_of_day("official", "checked", {"on": "", "how": "official-source"})

    @post("/contacts/{place}/{id}/agreed")
    def agreed(self) -> Response:
        if by := self.form_value("by"):
            return self._note_of_day("agreed", "agreed", {"by": by, "on": ""})
        raise self._refusal("agreed", "agreed-incomplete")

    @post("/contacts/{place}/{id}/again")
    def again(self) -> Response:
        phone, second_person = self.form_value("phone"), self.form_value("by") or self.desk.user_name
        first = self.form_value("first")
        number = str(self._number()[1].get("phone", ""))
        if not (phone and second_person and first) or is_same_person(second_person, first):
            raise self._refusal("again", "again-two-people")
        if digits_of(phone) != digits_of(number) and not is_same(phone, number):
            raise self._refusal("again", "again-differs")
        return self._note("again", {"phone": phone, "by": second_person, "first": first}, "again-saved")

    @property
    def _number_index(self) -> int:
        position = self.form_value("at")
        return int(position) if position.isdecimal() and len(position) < 4 else 0

    def _number(self) -> tuple[KeyPath, dict[str, Any]]:
        return self.file.numbers(self.id)[self._number_index]

    def _note_of_day(self, name: str, key: str, note: dict[str, Any]) -> Response:
        if day := _day(self.form_value("on")):
            return self._note(key, note | {"on": day}, f"{name}-saved")
        raise self._refusal(name, "day-ahead")

    def _note(self, key: str, note: dict[str, Any], title: str) -> Response:
        key_path, raw = self._number()
        calls = raw.get("calls")
        entry_path: KeyPath = (
            (*key_path, key, len(calls) if isinstance(calls, list) else 0) if key == "calls" else (*key_path, key)
        )
        text = self.file.edited(self.id, [Edit(entry_path, note)])
        if problems := check_contacts(self.campaign, self.file, text):
            raise Refused("", problems=problems)
        return self._saved(text, title)

    def _refusal(self, name: str, message: str) -> Refused:
        return Refused(
            "", kept={"name": name, "at": self._number_index, "said": self.words[message], "form": self.form}
        )

    def _check(self, text: str) -> None:
        if problems := check_contacts(self.campaign, self.file, text):
            show_on_fields(problems, text, self.fields.all)
            raise Refused("", problems=problems)

    def _saved(self, text: str, title: str, to: str = "", id: str = "", name: str = "") -> Response:
        id = id or self.id
        contact = next((contact for contact in self.campaign.whole_register if contact.id == id), None)
        title = self.words.say(f"did-{title}", id=name or contact_name(contact, self.ui_language, id))
        change = Change(self.form_value("version"), text.encode())
        return self.go(to or self.url, self.write(title, {self.file.name: change}))

    def _conflict(self, edits: list[Edit], form: FormData) -> Refused:
        input_rows = [
            (item.label, item.value, " ".join(map(str, form.getlist(item.name))))
            for item in contact_fields(self, self.file, self.id).all
            if any(edit.key_path == item.key_path for edit in edits)
        ]
        return Refused(self.words["changed-underneath"], 409, mine=input_rows)


def _day(raw: str) -> date | None:
    today = clock.now().date()
    try:
        day = date.fromisoformat(raw) if raw else today
    except ValueError:
        return None
    return day if day <= today else None
