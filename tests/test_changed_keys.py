"""Every key of every kind of file, changed once: an incremental build gives the same bytes as a full build.

The keys come from their declarations, so that a key that is added later is tried too, or fails here until VALUES says
how to change it.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
from collections.abc import Callable, Iterator
from functools import reduce
from itertools import count, islice
from pathlib import Path
from typing import Any, ClassVar, NamedTuple

import pytest
import yaml
from conftest import HERE, built_once, copy_or_link, mostly_long
from edits import differences, rewrite, smallest_campaign
from msgspec import inspect

from campaign.cache import workers
from campaign.pipeline.build import build
from campaign.pipeline.tidying import tidy_photos, untidy_photos
from campaign.schema.declaration import Declared, declared_fields, plain_type
from campaign.schema.interface_words import needed_strings
from campaign.schema.kinds import KINDS, Kind
from campaign.schema.reference import describe_key

SAMPLE = yaml.load((HERE / "every_key.yml").read_text("utf-8"), yaml.BaseLoader)
STRING_GROUPS = 12


class Dumper(yaml.SafeDumper):
    """Writes every value as typed: the campaign's reader decides what is a number or a day."""

    yaml_implicit_resolvers: ClassVar[dict] = {}


class Spot(NamedTuple):
    """A mapping that a declaration describes: its file, and the keys that lead to it."""

    file: str
    path: tuple[str | int, ...]


class Text:
    """A file of a kind: the data that its declaration describes, between texts that stay."""

    def __init__(self, root: Path, name: str, kind: Kind) -> None:
        self._path, self._kind = root / name, kind
        self._text = self._path.read_text("utf-8")
        head, tail = "", ""
        if name.endswith(".md"):
            _, head, tail = self._text.split("---\n", 2)
        self._tail = tail
        self.data: Any = (
            [*csv.DictReader(io.StringIO(self._text))]
            if kind.is_table
            else yaml.load(head or self._text, yaml.BaseLoader)
        )

    def roots(self) -> Iterator[tuple[str | int, ...]]:
        """Yield the paths of the mappings that the kind's declaration describes."""
        if self._kind.is_table:
            yield from ((index,) for index, _ in enumerate(self.data))
        elif self._kind.below:
            yield from (
                ("plugins", index, name)
                for index, row in enumerate(self.data["plugins"])
                for name in row
                if name in self._kind.below
            )
        else:
            paths: list[tuple[str | int, ...]] = [()]
            for _ in range(self._kind.names_above):
                paths = [(*path, name) for path in paths for name in self.at(path) if name != "translation"]
            yield from paths

    def at(self, path: tuple[str | int, ...]) -> Any:
        return reduce(lambda node, step: node[step], path, self.data)

    def write(self) -> None:
        if self._kind.is_table:
            out = io.StringIO()
            writer = csv.DictWriter(out, [*dict.fromkeys(key for row in self.data for key in row)])
            writer.writeheader()
            writer.writerows(self.data)
            rewrite(self._path, out.getvalue())
            return
        text = yaml.dump(self.data, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=10_000)
        rewrite(self._path, f"---\n{text}---\n{self._tail}" if self._tail else text)


def inner_declarations(kind: inspect.Type) -> Iterator[type[Declared]]:
    """Yield the declarations of the mappings below a key."""
    match kind:
        case inspect.Metadata(extra={"keys": declaration}):
            yield declaration
        case inspect.Metadata(type=inner) | inspect.VarTupleType(item_type=inner) | inspect.DictType(value_type=inner):
            yield from inner_declarations(inner)
        case inspect.UnionType(types=types):
            for inner in types:
                yield from inner_declarations(inner)
        case inspect.StructType(cls=declaration):
            yield declaration


def declarations() -> list[type[Declared]]:
    """Every declaration of a kind of file and of what its keys hold, each once."""
    found = [kind.declaration for kind in KINDS.values()]
    for declaration in found:  # grows
        for field in declared_fields(declaration).values():
            found += [inner for inner in dict.fromkeys(inner_declarations(field.type)) if inner not in found]
    return [*dict.fromkeys(found)]


def all_keys() -> list[str]:
    """Every declared key, as 'Declaration.key', except the interface's strings."""
    strings = needed_strings()
    return [f"{kind.__name__}.{key}" for kind in declarations() for key in declared_fields(kind) if key not in strings]


def spots(root: Path) -> Iterator[tuple[str, Kind, Spot]]:
    """Yield each mapping of the campaign's files, after the name of its declaration and the kind of file."""
    for kind in KINDS.values():
        pattern = re.sub(r"<\w+>", "*", kind.path)
        for path in [*root.glob(pattern), *(root.glob("docs/*/*/*.md") if kind.name == "page" else ())]:
            if kind.name == "place" and path.name == "national.yml":
                continue
            name = path.relative_to(root).as_posix()
            file = Text(root, name, kind)
            for start in file.roots():
                yield from ((found, kind, Spot(name, way)) for found, way in below(file, kind.declaration, start))


def below(file: Text, declaration: type[Declared], path: tuple[str | int, ...]) -> Iterator[tuple[str, tuple]]:
    """Yield a mapping and those below it."""
    node = file.at(path)
    if not isinstance(node, dict):
        return
    yield declaration.__name__, path
    for key, field in declared_fields(declaration).items():
        for inner in inner_declarations(field.type) if key in node else ():
            value, way = node[key], (*path, key)
            if isinstance(value, list):
                children = [(*way, index) for index, _ in enumerate(value)]
            elif isinstance(plain_type(field.type), inspect.DictType) or key == "formats":
                children = [(*way, name) for name in value]
            else:
                children = [way]
            for child in children:
                yield from below(file, inner, child)


def new_values(declaration: type[Declared], key: str, old: Any) -> Iterator[Any]:
    """Yield values to try for a key, most telling first; None removes it. Whichever the campaign accepts is tried."""
    yield from SAMPLE["values"].get(f"{declaration.__name__}.{key}", ())
    field = declared_fields(declaration)[key]
    _, *examples = describe_key(declaration, key)
    yield from (example for example in map(as_typed, examples) if example != old)
    yield from changed(plain_type(field.type), old)
    if isinstance(old, str) and old:
        yield f"{old} x"
        yield re.sub(r"\d(?=\D*$)", lambda digit: str((int(digit[0]) + 1) % 10), old)
    if old is not None:
        yield None


def changed(kind: inspect.Type, old: Any) -> Iterator[Any]:
    """Yield other values of a type."""
    match kind:
        case inspect.BoolType():
            yield "no" if old == "yes" else "yes"
            yield "yes" if old == "no" else "no"
        case inspect.LiteralType(values=values):
            yield from (str(value) for value in values if value != old)
        case inspect.IntType() | inspect.FloatType():
            number = float(old or kind.ge or 1)
            yield from (f"{value:g}" for value in (number + 1, number - 1, number * 1.2))
        case inspect.DateType():
            yield from ("2026-11-20", "2026-11-24", "2027-11-24")
        case inspect.VarTupleType() if isinstance(old, list):
            yield from filter(None, (old[:-1], old[::-1], old + old[:1]))
        case inspect.DictType(value_type=inner) if isinstance(old, dict):
            for name, value in old.items():
                for other in changed(plain_type(inner), value):
                    yield old | {name: other}
            yield dict([*old.items()][:-1])
        case inspect.StrType() if old and re.fullmatch("#[0-9a-f]{6}", old):
            yield f"{old[:-1]}{(int(old[-1], 16) + 1) % 16:x}"
        case inspect.StrType():
            yield "Bago" if old is None else f"{old}x"


def as_typed(example: Any) -> Any:
    """An example of the reference, with every value as text."""
    return yaml.load(yaml.safe_dump(json.loads(json.dumps(example, default=str))), yaml.BaseLoader)


def change(root: Path, kind: Kind, spot: Spot, key: str, value: Any) -> None:
    """Write another value into a file of the campaign; None removes the key."""
    file = Text(root, spot.file, kind)
    node = file.at(spot.path)
    node.pop(key, None)
    if value is not None:
        node[key] = value
    file.write()


def make_sample(root: Path) -> None:
    """Fill a folder with a small campaign that has every kind of file and every declared mapping, and build it."""
    smallest_campaign(HERE / "campaigns/tiny", root, has_leaflet=True)
    for name, text in SAMPLE["files"].items():
        rewrite(root / name, text)
    for name, swaps in SAMPLE["swaps"].items():
        text = (root / name).read_text("utf-8")
        for old, new in swaps.items():
            assert old in text, (name, old)
            text = text.replace(old, new, 1)
        rewrite(root / name, text)
    tidy_photos(*untidy_photos(root))
    report = build(root)
    assert not report.stops, [problem for problem in report.problems if problem.stops]


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Iterator[Path]:
    with pytest.MonkeyPatch.context() as patch:  # builds this small take longer in several processes
        patch.setattr(workers, "cpu_count", lambda: 1)
        shared, own = built_once(tmp_path_factory, "every-key", make_sample)
        yield own if own.exists() else shutil.copytree(shared, own, copy_function=copy_or_link)


@pytest.fixture(scope="module")
def new_folder(tmp_path_factory) -> Callable[[], Path]:
    numbers, base = count(), tmp_path_factory.mktemp("changed")
    return lambda: base / str(next(numbers))


def stale(paths: list[str]) -> list[str]:
    """Leave out the last versions of what is left out, which only a folder that was built before has."""
    return [path for path in paths if not path.startswith("dist/outdated/")]


@pytest.mark.parametrize("name", mostly_long(all_keys(), "IdentityFile.pattern", "ColourToken.hex"))
def test_changed_key_changes_everything_that_shows_it(built, new_folder, name):
    declaration_name, key = name.split(".")
    found = [(kind, spot) for declaration, kind, spot in spots(built) if declaration == declaration_name]
    assert found, f"no {declaration_name} in every_key.yml"
    declaration = next(inner for inner in declarations() if inner.__name__ == declaration_name)
    tried = []
    for kind, spot in sorted(found, key=lambda each: key not in Text(built, each[1].file, each[0]).at(each[1].path)):
        old = Text(built, spot.file, kind).at(spot.path).get(key)
        for value in islice((new for new in new_values(declaration, key, old) if new != old), 6):
            result = differences(built, new_folder(), [lambda root: change(root, kind, spot, key, value)])  # noqa: B023
            if result is not None:
                assert stale(result) == [], f"{name} in {spot.file}: {old!r} -> {value!r}"
                return
            tried.append((spot.file, value))
        if len(tried) > 12:
            break
    assert name in SAMPLE["refused"], f"every value is refused; give one in every_key.yml: {tried}"


@pytest.mark.long
@pytest.mark.parametrize("group", range(STRING_GROUPS))
def test_changed_strings_change_everything_that_shows_them(built, new_folder, group):
    keys = [*needed_strings()][group::STRING_GROUPS]

    def edit(root: Path) -> None:
        path = root / "docs/fil/_strings.yml"
        data = yaml.load(path.read_text("utf-8"), yaml.BaseLoader)
        data |= {key: f"{data[key]} x" for key in keys if key in data}
        rewrite(path, yaml.dump(data, Dumper=Dumper, allow_unicode=True, sort_keys=False, width=10_000))

    assert stale(differences(built, new_folder(), [edit])) == []


@pytest.mark.long
@pytest.mark.parametrize("folder", ["assets/pictograms", "assets/posters", "assets/logos", "assets/partners", "assets"])
def test_changed_drawings_change_everything_that_shows_them(built, new_folder, folder):
    pattern = "*.svg" if folder == "assets" else "**/*.svg"
    for drawing in (path.relative_to(built) for path in (built / folder).glob(pattern)):

        def edit(root: Path, name: Path = drawing) -> None:
            text = (root / name).read_text("utf-8")
            rewrite(
                root / name, re.sub(r"(<svg\b[^>]*>)", r'\1<g opacity="0.5">', text).replace("</svg>", "</g></svg>")
            )

        assert stale(differences(built, new_folder(), [edit])) == [], drawing
