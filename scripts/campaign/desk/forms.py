"""Forms from declarations: each key of a file becomes a field, and each change an edit of the file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from msgspec import inspect
from starlette.datastructures import FormData

from campaign.desk.hours import read_hours
from campaign.desk.words import Words
from campaign.models.problem import Problem
from campaign.schema.declaration import Declared, declared_fields, plain_type
from campaign.schema.reference import said_of
from campaign.schema.yaml_reader import Value, parse_yaml
from campaign.schema.yaml_splice import KeyPath, Typed, remove, set_value

PAIR = re.compile(r"([^:]+):\s*(.+)")
# One line for each group of days.
HOURS = "hours"


@dataclass
class Field:
    """One field of a form."""

    name: str  # the key path with dots
    way: KeyPath
    widget: str  # text, number, day, choice, yes-no, many, texts (one for each language), lines, pairs, hours
    label: str
    help: str
    value: Any  # text, list of codes, or mapping
    is_required: bool = False
    choices: Sequence[tuple[str, str]] = ()  # (code, label)
    problem: Problem | str = ""
    is_one_text: bool = False  # one text for all languages
    is_advised: bool = False  # may stay empty, but shouldn't; `advice` says why
    advice: str = ""
    elsewhere: tuple[str, str] | None = None  # label and address of a button that adds a missing choice
    is_changed: bool = False
    understood: str = ""  # how the value is read, for comparison


@dataclass(frozen=True)
class Edit:
    """A changed value."""

    way: KeyPath
    value: Typed | None  # None removes it
    was: Any = None


@dataclass(frozen=True)
class Form:
    """What all fields of a form have in common."""

    words: Words
    choices: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)  # by key: (code, label)
    texts: tuple[str, ...] = ()  # keys with one text or one for each language
    languages: Sequence[tuple[str, str]] = ()  # (code, name) for texts
    source_language: str = ""
    # Prefixes of keys of the desk's words; without such a key, the help comes from the reference.
    labels: str = "key-"
    helps: str = "help-"

    def fields(
        self, declaration: type[Declared], typed: Mapping[str, Any], way: KeyPath, keys: Iterable[str]
    ) -> list[Field]:
        """Return the fields of some keys of a declaration, with their current values at a key path."""
        declared, found = declared_fields(declaration), []
        for key in keys:
            about, value = declared[key], typed.get(key, "")
            widget, own = _widget(about.type, key, key in self.choices, key in self.texts)
            found.append(
                Field(
                    name=".".join(map(str, (*way, key))),
                    way=(*way, key),
                    widget=widget,
                    label=self.words.get(f"{self.labels}{key}", key),
                    help=self.words.get(f"{self.helps}{key}", said_of(about.type)[0]),
                    value=_shown(widget, value, self.source_language),
                    is_required=about.required,
                    choices=self.languages if widget == "texts" else tuple(self.choices.get(key, own)),
                    is_one_text=widget == "texts" and isinstance(value, str),
                )
            )
        return found


def collect_edits(fields: Iterable[Field], posted: FormData, source_language: str) -> list[Edit]:
    """Return the changes in a form; its fields keep the input, to be shown again."""
    found: list[Edit] = []
    for each in fields:
        before = each.value
        if each.widget == "texts":
            found += _edits_of_texts(each, posted, source_language)
            continue
        if each.widget == "many":
            typed: Any = [code for code, _ in each.choices if code in posted.getlist(each.name)]
            # Values that aren't offered as choices stay.
            typed += [code for code in before if code not in dict(each.choices)]
            is_same = sorted(typed) == sorted(before)
        else:
            sent = posted.getlist(each.name)
            typed = " ".join(str(sent[0]).split(" ")).replace("\r\n", "\n").strip() if sent else before
            is_same = typed == before
        if is_same:
            continue
        each.value, each.is_changed = typed, True
        found.append(Edit(each.way, _typed(each.widget, typed) if typed else None, before))
    return found


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Return a file's text with some edits."""
    for edit in edits:
        text = remove(text, edit.way) if edit.value is None else set_value(text, edit.way, edit.value)
    return text


def _edits_of_texts(each: Field, posted: FormData, source_language: str) -> list[Edit]:
    """Return the edits of a translated field; one text for all languages stays one until another is typed."""
    typed = {}
    for code, _ in each.choices:
        sent = posted.getlist(f"{each.name}.{code}")
        typed[code] = str(sent[0]).strip() if sent else each.value.get(code, "")
    others = {code: text for code, text in each.value.items() if code not in typed}
    before, now = each.value, {code: text for code, text in (typed | others).items() if text}
    if now == {code: text for code, text in before.items() if text}:
        return []
    each.value = typed | others
    if not now:
        return [Edit(each.way, None, before)]
    if each.is_one_text or not before:
        return [Edit(each.way, now[source_language] if list(now) == [source_language] else now, before)]
    return [
        Edit((*each.way, code), now.get(code), before.get(code, ""))
        for code in dict.fromkeys((*before, *now))
        if before.get(code, "") != now.get(code, "")
    ]


def _widget(kind: inspect.Type, key: str, is_chosen: bool, is_texts: bool) -> tuple[str, list[tuple[str, str]]]:
    if is_texts:
        return "texts", []
    if key == HOURS:
        return HOURS, []
    match plain_type(kind):
        case inspect.BoolType():
            return "yes-no", []
        case inspect.DateType():
            return "day", []
        case inspect.IntType() | inspect.FloatType():
            return "number", []
        case inspect.LiteralType(values=values):
            return "choice", [(str(value), str(value)) for value in values]
        case inspect.VarTupleType():
            return ("many" if is_chosen else "lines"), []
        case inspect.DictType():
            return "pairs", []
    return ("choice" if is_chosen else "text"), []


def _shown(widget: str, value: Any, source_language: str) -> Any:
    if widget == "texts":
        return value if isinstance(value, dict) else {source_language: value} if value else {}
    if widget == "many":
        return list(value) if isinstance(value, list) else []
    if widget == "lines":
        return "\n".join(value) if isinstance(value, list) else str(value)
    if widget == "pairs":
        return "\n".join(f"{key}: {inner}" for key, inner in value.items()) if isinstance(value, dict) else ""
    if widget == HOURS and isinstance(value, list):
        rows = (row for row in value if isinstance(row, dict))
        return "\n".join(f"{row.get('days', '')} {', '.join(row.get('open') or ())}".strip() for row in rows)
    if widget == "yes-no":
        return {"true": "yes", "false": "no"}.get(str(value).lower(), str(value).lower())
    return value if isinstance(value, str) else ""


def _typed(widget: str, typed: Any) -> Typed:
    if widget == "yes-no":
        return bool(typed == "yes")
    if widget == "day":
        try:
            return date.fromisoformat(typed)
        except ValueError:
            return str(typed)  # the reader reports it
    if widget == "number" and typed.isdecimal():
        return int(typed)
    if widget == "lines":
        return [line.strip() for line in typed.split("\n") if line.strip()]
    if widget == "pairs":
        return {found[1].strip(): found[2].strip() for line in typed.split("\n") if (found := PAIR.fullmatch(line))}
    if widget == HOURS and (hours := read_hours(typed)):
        return hours
    return typed if isinstance(typed, list) else str(typed)


def show_on_fields(problems: Sequence[Problem], text: str, fields: Sequence[Field]) -> None:
    """Attach each problem to the field on its line, or to the one whose key it names."""
    value = parse_yaml(text, "", [])
    for problem in problems:
        line = problem.where.rpartition(":")[2]
        on_line = [each for each in fields if str(_line(value, each.way)) == line]
        named = [each for each in fields if f"`{each.way[-1]}`" in problem.what + problem.fix]
        # A missing key has no line.
        ui_language = [each for each in named if each in on_line or not _line(value, each.way)]
        for each in (ui_language or on_line)[:1]:
            each.problem = problem


def _line(value: Value, way: KeyPath) -> int:
    for step in way:
        inner: Value | None
        if isinstance(step, int):
            inner = value.items[step] if value.items and step < len(value.items) else None
        else:
            inner = (value.keys or {}).get(step)
        if inner is None:
            return 0
        value = inner
    return value.line
