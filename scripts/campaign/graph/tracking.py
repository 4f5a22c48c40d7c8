"""Views of frozen data that record every value read from them, as a path by which it can be found again.

A `Tracker` knows the plain objects (a campaign, the finished files) by name. `Tracker.view` returns one of them as a
`Tracked` view. While `recording()` is active, each value read from a view is recorded: its path and digest, or that
it was missing. `Tracker.digest` reads a path from today's objects.

Granularity: registered types and mappings get views; iterating a mapping records its keys and each value that is used.
Everything else is one value. Methods run with the view as `self`, so what they read is recorded; methods registered as
queries run on the plain object, and their result is recorded. Views aren't hashable: a cache with a view as its key
would hide what its function reads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache, partial, wraps
from hashlib import blake2b
from importlib import import_module
from pathlib import Path
from types import FunctionType, MethodType
from typing import Any, Generic, Self, TypeVar, cast, overload

import msgspec

# ("of", name) of a tracker's object, ("get", attribute), ("item", key), ("has", key), ("keys",), ("ask", method, args),
# ("derive", "module:function"); OBJECT for an object as it is.
Step = tuple[Any, ...]
ValuePath = tuple[Step, ...]
Trace = dict[ValuePath, str]
ABSENT_DIGEST = "absent"
OBJECT: Step = ("object",)
# Types of values that no view can be of.
SCALARS = frozenset([str, int, float, bool, type(None)])

Plain = TypeVar("Plain")
_trace: ContextVar[Trace | None] = ContextVar("trace", default=None)


@dataclass(frozen=True)
class ViewKind:
    """The behaviour of a type's views.

    Attributes:
        fixed_path: fixed path of objects of the type; None: the path by which each was reached.
        queries: methods whose result is recorded instead of what they read.
        implied: attributes that follow from the fixed path, so that reading them records nothing.
        digests: attribute -> what to digest instead of the whole value.
        is_value: whether it is a value, digested by `digests['']`, not a view.
        is_plain: whether JSON can hold its fields, and all its attributes and queries follow from them.
    """

    fixed_path: Callable[[Any], ValuePath | None] = lambda _: None
    queries: frozenset[str] = frozenset()
    implied: frozenset[str] = frozenset()
    digests: Mapping[str, Callable[[Any], object]] = field(default_factory=dict)
    is_value: bool = False
    is_plain: bool = False


NO_VIEW = ViewKind()


@contextmanager
def recording() -> Iterator[Trace]:
    """Collect what is read from views in the block; an outer recording doesn't see it (see `replay`)."""
    trace: Trace = {}
    token = _trace.set(trace)
    try:
        yield trace
    finally:
        _trace.reset(token)


def is_recording() -> bool:
    """Return whether what is read now is recorded."""
    return _trace.get() is not None


def replay(trace: Trace) -> None:
    """Record what another recording has found, as if it were asked for now."""
    if (current := _trace.get()) is not None:
        current.update(trace)


def remembered(make: Callable[..., Plain]) -> Callable[..., Plain]:
    """A function that is called once for each argument; what it read is recorded each time that its value is used."""
    traces: dict[tuple[object, ...], tuple[Plain, Trace]] = {}

    def take(*key: object) -> Plain:
        if key not in traces:
            with recording() as trace:
                value = make(*key)
            traces[key] = value, trace
        value, trace = traces[key]
        replay(trace)
        return value

    return take


class remembered_property(Generic[Plain]):
    """A `cached_property` whose value may outlive a recording: what it read is recorded each time that it is used."""

    def __init__(self, make: Callable[[Any], Plain]) -> None:
        self._make, self.__doc__ = make, make.__doc__

    def __set_name__(self, _: type, name: str) -> None:
        self._name = f"remembered {name}"

    @overload
    def __get__(self, original: None, _: type | None = None) -> Self: ...
    @overload
    def __get__(self, original: object, _: type | None = None) -> Plain: ...
    def __get__(self, original: object, _: type | None = None) -> Self | Plain:
        if original is None:
            return self
        cache = vars(original)
        if self._name not in cache:
            with recording() as trace:
                result = self._make(original)
            cache[self._name] = result, trace
        value: Plain
        value, trace = cache[self._name]
        replay(trace)
        return value


class Tracker:
    """The objects that views are of, and the digests of their values.

    Attributes:
        recorded_steps: the first steps of the paths of values recorded while makers run (see `note`).
        generation: counts new and changed ones.
    """

    def __init__(
        self,
        root: Path,
        kinds: Mapping[type, ViewKind],
        objects: Mapping[str, Callable[[], object]],
        made_by: tuple[Callable[..., object], tuple[object, ...]] | None = None,
        recorded_steps: Iterable[Step] = (),
    ) -> None:
        """Create a tracker.

        Args:
            root: folder to which paths of files are relative, so that a campaign can be moved.
            kinds: the types that get views.
            objects: name -> function that returns the object; called once.
            made_by: function and arguments that create the same tracker in another process.
            recorded_steps: see above; `note` adds more.
        """
        self.root, self.kinds, self._objects, self._made_by = root, kinds, dict(objects), made_by
        self._plain: dict[ValuePath, object] = {}
        self._views: dict[ValuePath, Tracked] = {}
        self._digests: dict[ValuePath, str] = {}
        self._encoder = msgspec.json.Encoder(enc_hook=self._encode, order="deterministic")
        self.recorded_steps = {*recorded_steps}
        self.generation = 0

    def __reduce__(self) -> tuple[Any, ...]:
        assert self._made_by
        return self._made_by

    def view(self, name: str, _like: type[Plain]) -> Plain:
        """A view of one of the objects, for a function that takes the plain type."""
        path: ValuePath = (("of", name),)
        return cast("Plain", self.wrap(self.plain(path), path))

    def plain(self, path: ValuePath) -> Any:
        """Return the plain object or value at a path.

        Raises:
            LookupError: it doesn't exist today.
        """
        if path not in self._plain:
            step, *arguments = path[-1]
            if step == "of":
                self._plain[path] = self._objects[arguments[0]]()
            else:
                self._plain[path] = _step(self.plain(path[:-1]), step, arguments)
        return self._plain[path]

    def digest(self, path: ValuePath) -> str:
        """Return the current digest of the value at a path."""
        result = self._digests.get(path)
        if result is None:
            try:
                result = self._digest(path)
            except (LookupError, AttributeError, TypeError):
                result = ABSENT_DIGEST
            self._digests[path] = result
        return result

    def is_plain(self, path: ValuePath) -> bool:
        """Return whether there is an object at a path that is the same if its OBJECT is."""
        try:
            return self.kind(self.plain(path)).is_plain
        except (LookupError, AttributeError, TypeError):
            return False

    def is_same(self, trace: Trace) -> bool:
        """Return whether everything recorded is unchanged."""
        return all(self.digest(path) == digest for path, digest in trace.items())

    def _digest(self, path: ValuePath) -> str:
        step, instead = path[-1], None
        if step == OBJECT:
            return blake2b(self._encoder.encode(self.plain(path[:-1])), digest_size=12).hexdigest()
        if step[0] == "get":
            parent = self.plain(path[:-1])
            instead = self.kind(parent).digests.get(step[1])
        value = instead(parent) if instead else self.plain(path)
        return blake2b(self._encoder.encode(self._form(value)), digest_size=12).hexdigest()

    def _form(self, value: Any) -> object:
        """Return a value with nested objects replaced by their paths or short forms."""
        if type(value) in SCALARS:
            return value  # most values
        kind = self.kinds.get(type(value))
        if kind:
            return kind.digests[""](value) if "" in kind.digests else kind.fixed_path(value) or repr(type(value))
        if isinstance(value, list | tuple):
            return [self._form(item) for item in value]
        if isinstance(value, Mapping):
            return [[self._form(key), self._form(item)] for key, item in value.items()]
        return value

    def _encode(self, value: object) -> object:
        if isinstance(value, Path):
            return value.relative_to(self.root).as_posix() if value.is_relative_to(self.root) else str(value)
        # These texts contain an address in memory, which is another one in each process.
        assert type(value).__repr__ not in (object.__repr__, FunctionType.__repr__), value
        return repr(value)

    def kind(self, value: object) -> ViewKind:
        """Return the behaviour of an object's views."""
        return self.kinds.get(type(value), NO_VIEW)

    def record(self, path: ValuePath) -> None:
        """Record that the value at a path was requested."""
        trace = _trace.get()
        if trace is not None and path not in trace:
            trace[path] = self.digest(path)

    def note(self, path: ValuePath, value: object) -> None:
        """Record a value that a builder computed, replacing an earlier one."""
        self._plain[path] = value
        self.recorded_steps.add(path[0])
        old_digest = self._digests.pop(path, ABSENT_DIGEST)
        self.generation += old_digest != self.digest(path)
        self.record(path)

    def wrap(self, value: Any, path: ValuePath) -> Any:
        """Return a view of the value at a path, or the value itself, which is recorded."""
        kind = self.kinds.get(type(value))
        if kind and not kind.is_value:
            home = kind.fixed_path(value)
            if home != path and len(path) > 1 and path[-1][0] != "item":
                self.record(path)  # which one it was
            return self._view(value, home or path)
        if isinstance(value, Mapping):
            return TrackedMapping(self, value, path)
        if isinstance(value, MethodType):
            raise TypeError(
                f"{path[-1]}: views don't provide methods of base classes, whose reads wouldn't be recorded"
            )
        self.record(path)
        if isinstance(value, list | tuple) and any(self._has_view(item) for item in value):
            items = [self.wrap(item, (*path, ("item", index))) for index, item in enumerate(value)]
            return items if isinstance(value, list) else tuple(items)
        return value

    def _has_view(self, value: object) -> bool:
        kind = self.kinds.get(type(value))
        return kind is not None and not kind.is_value

    def _view(self, value: object, path: ValuePath) -> Tracked:
        if path not in self._views:
            self._plain.setdefault(path, value)
            self._views[path] = Tracked(self, value, path)
        return self._views[path]


def _step(value: Any, step: str, arguments: list[Any]) -> object:
    match step:
        case "get":
            return getattr(value, arguments[0])
        case "item":
            if isinstance(value, Mapping) and arguments[0] not in value:
                raise KeyError(arguments[0])  # a defaultdict would make one
            return value[arguments[0]]
        case "has":
            return arguments[0] in value
        case "keys":
            return list(value)
        case "derive":
            module, name = arguments[0].split(":")
            return getattr(import_module(module), name).__wrapped__(value)
        case _:
            return getattr(value, arguments[0])(*arguments[1])


class Tracked:
    """A view of a plain object: the same attributes and methods, each recorded when used."""

    __slots__ = ("_changes", "_path", "_plain", "_read", "_tracker")
    __hash__ = None  # type: ignore[assignment]

    def __init__(
        self, tracker: Tracker, plain: Any, path: ValuePath, changes: Mapping[str, object] | None = None
    ) -> None:
        self._tracker, self._plain, self._path, self._changes = tracker, plain, path, changes or {}
        # Attributes read before, with the path to record each time.
        self._read: dict[str, tuple[object, ValuePath | None]] = {}

    def __getattr__(self, name: str) -> Any:
        if name in self._read:
            value, path = self._read[name]
            if path:
                self._tracker.record(path)
            return value
        if name.startswith("__"):
            raise AttributeError(name)
        if name in self._changes:
            return self._changes[name]
        member = type(self._plain).__dict__.get(name)
        if self._changes and isinstance(member, property | cached_property):
            return _function_of(member)(self)  # it may read a replaced attribute
        kind = self._tracker.kind(self._plain)
        if name in kind.queries:
            value, path = partial(self._ask, name), None
        elif name in kind.implied and kind.fixed_path(self._plain) == self._path:
            value, path = getattr(self._plain, name), None
        elif isinstance(member, FunctionType):
            value, path = partial(member, self), None
        elif isinstance(member, staticmethod):
            value, path = member.__func__, None
        else:
            value, path = getattr(self._plain, name), (*self._path, ("get", name))
            if type(value) in SCALARS:
                self._tracker.record(path)
            else:
                with recording() as trace:
                    value = self._tracker.wrap(value, path)
                replay(trace)
                if trace.keys() > {path}:
                    return value  # a list, each of whose items is recorded
                path = path if trace else None
        self._read[name] = value, path
        return value

    def _ask(self, name: str, *arguments: Any) -> Any:
        path = (*self._path, ("ask", name, arguments))
        return self._tracker.wrap(self._tracker.plain(path), path)

    def __reduce__(self) -> tuple[object, ...]:
        return Tracked, (self._tracker, self._plain, self._path, self._changes)


def _function_of(member: property | cached_property[Any]) -> Callable[[Any], Any]:
    return member.func if isinstance(member, cached_property) else cast("Callable[[Any], Any]", member.fget)


class TrackedMapping(Mapping[Any, Any]):
    """A view of a mapping."""

    __slots__ = ("_path", "_plain", "_tracker")

    def __init__(self, tracker: Tracker, plain: Mapping[Any, Any], path: ValuePath) -> None:
        self._tracker, self._plain, self._path = tracker, plain, path

    def __getitem__(self, key: Any) -> Any:
        path = (*self._path, ("item", key))
        if key not in self._plain:
            self._tracker.record(path)
            raise KeyError(key)
        value = self._plain[key]
        if type(value) in self._tracker.kinds or isinstance(value, Mapping):
            self._record_key(key)
        return self._tracker.wrap(value, path)

    def __contains__(self, key: object) -> bool:
        self._record_key(key)
        return key in self._plain

    def _record_key(self, key: object) -> None:
        """Record whether there is a key, unless all keys are recorded."""
        trace = _trace.get()
        if trace is not None and (*self._path, ("keys",)) not in trace:
            self._tracker.record((*self._path, ("has", key)))

    def __iter__(self) -> Iterator[Any]:
        self._tracker.record((*self._path, ("keys",)))
        return iter(self._plain)

    def __len__(self) -> int:
        self._tracker.record((*self._path, ("keys",)))
        return len(self._plain)

    def __reduce__(self) -> tuple[object, ...]:
        return TrackedMapping, (self._tracker, self._plain, self._path)


def derived(make: Callable[[Any], Plain]) -> Callable[[Any], Plain]:
    """Decorate a function of one object: its result is recorded as one value, instead of everything that it reads.

    Dependents stay current while the result does. It is computed once for each of the last two objects.
    """
    cached = lru_cache(maxsize=2)(make)

    @wraps(make)
    def take(owner: Any) -> Plain:
        if not isinstance(owner, Tracked):
            return cached(owner)
        if owner._changes:
            return make(owner)  # it may read a replaced attribute
        path = (*owner._path, ("derive", f"{make.__module__}:{make.__name__}"))
        return cast("Plain", owner._tracker.wrap(owner._tracker.plain(path), path))

    return take


def with_changes(original: Plain, **changes: object) -> Plain:
    """Return a frozen object, or a view of one, with some attributes replaced."""
    if isinstance(original, Tracked):
        merged = {**original._changes, **changes}
        return cast("Plain", Tracked(original._tracker, original._plain, original._path, merged))
    return replace(original, **changes)  # type: ignore[type-var]
