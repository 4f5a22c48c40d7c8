"""Forms from declarations: each key of a file becomes a field, and each change an edit of the file."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from msgspec import inspect
from starlette.datastructures import FormData

from campaign.content.typed_hours import read_hours
from campaign.desk.words import Words
from campaign.models.problem import Problem
from campaign.schema.declaration import Declared, declared_fields, plain_type
from campaign.schema.reference import describe_key
from campaign.schema.yaml_reader import Value, parse_yaml
from campaign.schema.yaml_splice import KeyPath, YamlValue, remove, set_value

PAIR = re.compile(r"([^:]+):\s*(.+)")
HOURS = "hours"  # one line for each group of days


@dataclass
class Field:
    """One field of a form."""

    name: str  # the key path with dots
    key_path: KeyPath
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

    key_path: KeyPath
    value: YamlValue | None  # None removes it
    was: Any = None


@dataclass(frozen=True)
class Form:
    """Data that all fields of a form share."""

    words: Words
    choices: Mapping[str, Sequence[tuple[str, str]]] = field(default_factory=dict)  # by key: (code, label)
    texts: tuple[str, ...] = ()  # keys with one text or one for each language
    languages: Sequence[tuple[str, str]] = ()  # (code, name) for texts
    source_language: str = ""
    # Prefixes of keys of the desk's words; without such a key, the help comes from the reference.
    labels: str = "key-"
    helps: str = "help-"

    def fields(
        self, declaration: type[Declared], typed: Mapping[str, Any], key_path: KeyPath, keys: Iterable[str]
    ) -> list[Field]:
        """Return the fields of some keys of a declaration, with their current values at a key path."""
        declared_keys, result = declared_fields(declaration), []
        for key in keys:
            about, value = declared_keys[key], typed.get(key, "")
            widget, own_choices = _widget(about.type, key, key in self.choices, key in self.texts)
            result.append(
                Field(
                    name=".".join(map(str, (*key_path, key))),
                    key_path=(*key_path, key),
                    widget=widget,
                    label=self.words.get(f"{self.labels}{key}", key),
                    help=self.words.get(f"{self.helps}{key}", describe_key(declaration, key)[0]),
                    value=_displayed(widget, value, self.source_language),
                    is_required=about.required,
                    choices=self.languages if widget == "texts" else tuple(self.choices.get(key, own_choices)),
                    is_one_text=widget == "texts" and isinstance(value, str),
                )
            )
        return result


def collect_edits(fields: Iterable[Field], form_data: FormData, source_language: str) -> list[Edit]:
    """Return the changes in a form; its fields keep the input, to be shown again."""
    edits: list[Edit] = []
    for form_field in fields:
        old_value = form_field.value
        if form_field.widget == "texts":
            edits += _edits_of_texts(form_field, form_data, source_language)
            continue
        if form_field.widget == "many":
            raw: Any = [code for code, _ in form_field.choices if code in form_data.getlist(form_field.name)]
            # Values that aren't offered as choices stay.
            raw += [code for code in old_value if code not in dict(form_field.choices)]
            is_same = sorted(raw) == sorted(old_value)
        else:
            values = form_data.getlist(form_field.name)
            raw = " ".join(str(values[0]).split(" ")).replace("\r\n", "\n").strip() if values else old_value
            is_same = raw == old_value
        if is_same:
            continue
        form_field.value, form_field.is_changed = raw, True
        edits.append(Edit(form_field.key_path, _parsed_value(form_field.widget, raw) if raw else None, old_value))
    return edits


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Return a file's text with some edits."""
    for edit in edits:
        text = remove(text, edit.key_path) if edit.value is None else set_value(text, edit.key_path, edit.value)
    return text


def _edits_of_texts(form_field: Field, form_data: FormData, source_language: str) -> list[Edit]:
    """Return the edits of a translated field; one text for all languages stays one until another is typed."""
    typed = {}
    for code, _ in form_field.choices:
        values = form_data.getlist(f"{form_field.name}.{code}")
        typed[code] = str(values[0]).strip() if values else form_field.value.get(code, "")
    other_texts = {code: text for code, text in form_field.value.items() if code not in typed}
    old_value, new_texts = form_field.value, {code: text for code, text in (typed | other_texts).items() if text}
    if new_texts == {code: text for code, text in old_value.items() if text}:
        return []
    form_field.value = typed | other_texts
    if not new_texts:
        return [Edit(form_field.key_path, None, old_value)]
    if form_field.is_one_text or not old_value:
        new_value = new_texts[source_language] if list(new_texts) == [source_language] else new_texts
        return [Edit(form_field.key_path, new_value, old_value)]
    return [
        Edit((*form_field.key_path, code), new_texts.get(code), old_value.get(code, ""))
        for code in dict.fromkeys((*old_value, *new_texts))
        if old_value.get(code, "") != new_texts.get(code, "")
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


def _displayed(widget: str, value: Any, source_language: str) -> Any:
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


def _parsed_value(widget: str, raw: Any) -> YamlValue:
    if widget == "yes-no":
        return bool(raw == "yes")
    if widget == "day":
        try:
            return date.fromisoformat(raw)
        except ValueError:
            return str(raw)  # the reader reports it
    if widget == "number" and raw.isdecimal():
        return int(raw)
    if widget == "lines":
        return [line.strip() for line in raw.split("\n") if line.strip()]
    if widget == "pairs":
        return {match[1].strip(): match[2].strip() for line in raw.split("\n") if (match := PAIR.fullmatch(line))}
    if widget == HOURS and (hours := read_hours(raw)):
        return hours
    return raw if isinstance(raw, list) else str(raw)


def show_on_fields(problems: Sequence[Problem], text: str, fields: Sequence[Field]) -> None:
    """Attach each problem to the field on its line, or to the one whose key it names."""
    value = parse_yaml(text, "", [])
    for problem in problems:
        line = problem.where.rpartition(":")[2]
        on_line = [form_field for form_field in fields if str(_line(value, form_field.key_path)) == line]
        fields_named = [
            form_field for form_field in fields if f"`{form_field.key_path[-1]}`" in problem.message + problem.fix
        ]
        # A missing key has no line.
        ui_language = [item for item in fields_named if item in on_line or not _line(value, item.key_path)]
        for item in (ui_language or on_line)[:1]:
            item.problem = problem


def _line(value: Value, key_path: KeyPath) -> int:
    for step in key_path:
        inner: Value | None
        if isinstance(step, int):
            inner = value.items[step] if value.items and step < len(value.items) else None
        else:
            inner = (value.keys or {}).get(step)
        if inner is None:
            return 0
        value = inner
    return value.line
