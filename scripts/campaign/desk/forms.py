"""Forms from declarations: each key of a file becomes a field, and each change an edit of the file."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from msgspec import inspect

from campaign.desk.hours import read_hours
from campaign.models.problem import Problem
from campaign.schema.declaration import Declared, declared_fields, plain_type
from campaign.schema.reference import said_of
from campaign.schema.yaml_splice import KeyPath, Typed, remove, set_value

PAIR = re.compile(r"([^:]+):\s*(.+)")
# One line for each group of days.
HOURS = "hours"


class Posted(Protocol):
    """A submitted form."""

    def getlist(self, key: Any) -> list[Any]:
        """Return every value of a name."""


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


def form_fields(
    declaration: type[Declared],
    typed: Mapping[str, Any],
    way: KeyPath,
    label: Callable[[str], str],
    explain: Callable[[str, str], str],
    choices: Mapping[str, Sequence[tuple[str, str]]],
    languages: Sequence[tuple[str, str]] = (),
    source_language: str = "",
    only: Iterable[str] = (),
    texts: Iterable[str] = (),
) -> list[Field]:
    """Return the fields of a declaration, in its order.

    Args:
        typed: the current values, as str, list and dict
        way: the key path of the mapping
        label: returns the label of a key
        explain: returns the help of a key, given the reference's
        choices: by key, (code, label)
        languages: (code, name) for texts
        only: keys to show, all by default
        texts: keys with one text or one for each language.
    """
    only, texts = tuple(only), tuple(texts)
    declared = declared_fields(declaration)
    found = []
    for key in only or declared:
        about = declared[key]
        widget, own = _widget(about.type, key, key in choices, key in texts)
        value = typed.get(key, "")
        found.append(
            Field(
                name=".".join(map(str, (*way, key))),
                way=(*way, key),
                widget=widget,
                label=label(key),
                help=explain(key, said_of(about.type)[0]),
                value=_shown(widget, value, source_language),
                is_required=about.required,
                choices=languages if widget == "texts" else tuple(choices.get(key, own)),
                is_one_text=widget == "texts" and isinstance(value, str),
            )
        )
    return found


def collect_edits(fields: Iterable[Field], posted: Posted, source_language: str) -> list[Edit]:
    """Return the changes in a form; its fields keep what was typed, to be shown again."""
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
    """Return a file's text with some edits.

    Raises:
        CannotEdit: the text needs editing by hand.
    """
    for each in edits:
        text = remove(text, each.way) if each.value is None else set_value(text, each.way, each.value)
    return text


def _edits_of_texts(each: Field, posted: Posted, source_language: str) -> list[Edit]:
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
