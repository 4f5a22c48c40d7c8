"""Declare each kind of file once, as a class, for reading (`bind`), JSON Schemas and the reference."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any, TypeVar

import msgspec
from msgspec import inspect

from campaign.models.problem import Problem
from campaign.schema.yaml_reader import EMPTY_VALUE, Fields, Value

D = TypeVar("D", bound="Declared")


class Declared(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The keys that a file, or a mapping in it, may contain.

    Fields are keys (an underscore is a hyphen with `rename="kebab"`); those without a default are required. Types: str,
    bool | None (yes or no), date | None, bounded int and float, Literal, tuple[str, ...], other classes, and tuples and
    mappings of them. `Any` is read by the caller.
    """

    # The Fields that it was read from, if it was typed.
    origin: Any = None

    def has(self, key: str) -> bool:
        """Return whether a key was typed."""
        return key in self._fields.keys

    def complain(self, rule: str, key: str, message: str, fix: str) -> None:
        """Add a problem at a key, or at the whole if the key is missing. `rule` is its id."""
        self._fields.complain(rule, self.value(key), message, fix)

    def read(self, key: str, kind: type[D]) -> D:
        """Return the value of an `Any` key, read by another declaration."""
        return bind(kind, self._fields.mapping(key), self.file, self._fields.problems)

    def words(self, key: str) -> tuple[str, ...]:
        """Return the list of words at an undeclared key."""
        return self._fields.texts(key)

    @property
    def problems(self) -> list[Problem]:
        """The list for problems of its file."""
        return self._fields.problems

    @property
    def keys(self) -> tuple[str, ...]:
        """The typed keys."""
        return tuple(self._fields.keys)

    @property
    def is_map(self) -> bool:
        """Whether it is a mapping."""
        return self._fields.value.keys is not None

    @property
    def file(self) -> str:
        """Its file."""
        return self._fields.where

    def line(self, key: str = "") -> str:
        """Return file and line of a key, or of the whole."""
        return self._fields.line(key)

    def value(self, key: str) -> Value:
        """Return the value of a key, or the whole if it is missing."""
        return self._fields.keys.get(key, self._fields.value)

    @property
    def _fields(self) -> Fields:
        fields: Fields = self.origin or Fields(EMPTY_VALUE, "", [])
        return fields


def bind(kind: type[D], value: Value, where: str, problems: list[Problem], allowed_keys: Iterable[str] = ()) -> D:
    """Read a value by a declaration, also with `allowed_keys`; wrong keys are problems, and get defaults."""
    declared_keys = declared_fields(kind)
    fields = Fields(value, where, problems, (*declared_keys, *allowed_keys))
    is_given = value.keys is not None
    values = {
        field.name: _read(field.type, fields, key, field.required and is_given) for key, field in declared_keys.items()
    }
    values = {name: value for name, value in values.items() if value is not None}
    for field in declared_keys.values():
        if field.name not in values and field.required:
            values[field.name] = _nothing(field.type)
    return kind(**values, origin=fields)


@cache
def declared_fields(kind: type[Declared]) -> Mapping[str, inspect.Field]:
    """Return the fields by key."""
    info = inspect.type_info(kind)
    assert isinstance(info, inspect.StructType)
    return {field.encode_name: field for field in info.fields if field.name != "origin"}


def _read(kind: inspect.Type, fields: Fields, key: str, required: bool = False) -> Any:
    kind = plain_type(kind)
    if required and (key not in fields.keys or fields.keys[key].text == ""):
        fields.text(key, required=True)
        return None
    if key not in fields.keys or fields.keys[key].text == "":
        return None
    match kind:
        case inspect.StrType():
            return fields.text(key)
        case inspect.BoolType():
            return fields.flag(key)
        case inspect.DateType():
            return fields.day(key)
        case inspect.IntType() | inspect.FloatType():
            return _number(kind, fields, key)
        case inspect.LiteralType(values=values):
            return fields.choice(key, [str(value) for value in values]) or None
        case inspect.StructType(cls=cls):
            return bind(_as_declared(cls), fields.mapping(key), fields.where, fields.problems)
        case inspect.VarTupleType(item_type=item):
            return _items(plain_type(item), fields, key)
        case inspect.DictType(value_type=inner):
            lines = Fields(fields.mapping(key), fields.where, fields.problems)
            results = {name: _read(inner, lines, name) for name in lines.keys}
            return {name: item for name, item in results.items() if item is not None}
    return fields.keys[key]


def _items(item: inspect.Type, fields: Fields, key: str) -> tuple[Any, ...]:
    if isinstance(item, inspect.StructType):
        kind = _as_declared(item.cls)
        return tuple(bind(kind, value, fields.where, fields.problems) for value in fields.values(key))
    if isinstance(item, inspect.AnyType):
        return fields.values(key)
    raw = fields.texts(key)
    if isinstance(item, inspect.LiteralType):
        values = [str(value) for value in item.values]
        for name in raw:
            if name not in values:
                fix = f"Choose from: {', '.join(values)}."
                fields.complain("value-unknown", fields.keys[key], f"`{name}` isn't a valid value of `{key}`.", fix)
        return tuple(name for name in raw if name in values)
    return raw


def _number(kind: inspect.IntType | inspect.FloatType, fields: Fields, key: str) -> float | int | None:
    number = fields.number(key)
    if number is None:
        return None
    minimum, maximum = kind.ge, kind.le
    is_integer = isinstance(kind, inspect.IntType)
    if (is_integer and number != int(number)) or not (minimum or number) <= number <= (maximum or number):
        expected = "a whole number" if is_integer else "a number"
        bounds = f" from {minimum} to {maximum}" if minimum is not None and maximum is not None else ""
        fields.complain("value-not-number", fields.keys[key], f"`{key}` is not {expected}{bounds}.", "Change it.")
        return None
    return int(number) if is_integer else number


def _as_declared(kind: type[msgspec.Struct]) -> type[Declared]:
    assert issubclass(kind, Declared)
    return kind


def plain_type(kind: inspect.Type) -> inspect.Type:
    """Return a type without annotations and None."""
    if isinstance(kind, inspect.Metadata):
        return plain_type(kind.type)
    if isinstance(kind, inspect.UnionType):
        real = [item for item in kind.types if not isinstance(item, inspect.NoneType)]
        return plain_type(real[0]) if len(real) == 1 else kind
    return kind


def _nothing(kind: inspect.Type) -> Any:
    match plain_type(kind):
        case inspect.VarTupleType():
            return ()
        case inspect.DictType():
            return {}
        case inspect.StrType() | inspect.LiteralType():
            return ""
    return None
