"""The reference of all files that people write, as Markdown."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

import yaml
from msgspec import inspect

from campaign.models.shipped import read_data
from campaign.schema.declaration import Declared, declared_fields
from campaign.schema.interface_words import described_words
from campaign.schema.kinds import KINDS, Kind


def files_reference() -> str:
    """Return a section for each kind of file."""
    return "\n".join(["## Files\n", *(kind_reference(kind) for kind in KINDS.values())])


def kind_reference(kind: Kind) -> str:
    """Return a table of a file's keys."""
    return "\n".join([f"### `{kind.path}`\n", *_tables(kind.declaration, set())])


def _tables(declared_class: type[Declared], documented: set[type]) -> Iterator[str]:
    documented.add(declared_class)
    fields = declared_fields(declared_class)
    yield f"{(declared_class.__doc__ or '').strip()}\n"
    yield "| key | takes | what it says |\n|---|---|---|"
    yield "".join(_row(declared_class, key, field) for key, field in fields.items())
    for field in fields.values():
        for inner in _inner(field.type):
            if inner not in documented:
                yield f"#### {inner.__name__}\n"
                yield from _tables(inner, documented)


def _row(declared_class: type[Declared], key: str, field: inspect.Field) -> str:
    description, *examples = describe_key(declared_class, key)
    example = examples[0] if examples else None
    example_yaml = (
        yaml.safe_dump(example, default_flow_style=True, allow_unicode=True, width=1000).split("\n...")[0].strip()
    )
    description = description + (f" For example `{example_yaml}`." if example is not None else "")
    need = " (needed)" if field.required else ""
    return f"| `{key}` | {_value_description(field.type)}{need} | {description} |\n"


def describe_key(declared_class: type[Declared], key: str) -> list[Any]:
    """Return the description of a key, '' if it has none, and its examples."""
    rows = (_descriptions().get(kind.__name__, {}).get(key) for kind in declared_class.__mro__)
    return next(filter(None, rows), [""])


@cache
def _descriptions() -> dict[str, dict[str, list[Any]]]:
    return read_data(__file__, "kinds.toml") | {"InterfaceWords": described_words()}


def _value_description(kind: inspect.Type) -> str:
    match kind:
        case inspect.Metadata(extra={"keys": cls}):
            return f"keys of {cls.__name__}"
        case inspect.Metadata(type=inner):
            return _value_description(inner)
        case inspect.UnionType(types=types):
            return ", ".join(_value_description(item) for item in types if not isinstance(item, inspect.NoneType))
        case inspect.StrType():
            return "text"
        case inspect.BoolType():
            return "yes or no"
        case inspect.DateType():
            return "a day"
        case inspect.IntType(ge=least, le=most) | inspect.FloatType(ge=least, le=most):
            return f"a number from {least} to {most}" if least is not None and most is not None else "a number"
        case inspect.LiteralType(values=values):
            return " or ".join(f"`{value}`" for value in values)
        case inspect.VarTupleType(item_type=item):
            return (
                "a list of words" if isinstance(_bare(item), inspect.StrType) else f"a list: {_value_description(item)}"
            )
        case inspect.DictType(value_type=inner):
            return f"`name: {_value_description(inner)}` lines"
        case inspect.StructType(cls=cls):
            return f"keys of {cls.__name__}"
    return "see there"


def _bare(kind: inspect.Type) -> inspect.Type:
    return _bare(kind.type) if isinstance(kind, inspect.Metadata) else kind


def _inner(kind: inspect.Type) -> Iterator[type[Declared]]:
    match kind:
        case inspect.Metadata(extra={"keys": cls}):
            yield cls
        case inspect.Metadata(type=inner) | inspect.VarTupleType(item_type=inner) | inspect.DictType(value_type=inner):
            yield from _inner(inner)
        case inspect.UnionType(types=types):
            for item in types:
                yield from _inner(item)
        case inspect.StructType(cls=cls):
            assert issubclass(cls, Declared)
            yield cls
