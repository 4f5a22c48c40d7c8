"""Views record reads: values, absence, existing keys; a memoised result counts as if read again."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache
from pathlib import Path

import pytest

from campaign.cache.memo import Memo
from campaign.graph import disk
from campaign.graph.disk import NAME, Disk
from campaign.graph.traces import INPUTS, InputTable, Nodes, words_of
from campaign.graph.tracking import (
    ABSENT_DIGEST,
    OBJECT,
    Trace,
    Tracker,
    ViewKind,
    derived,
    recording,
    remembered,
    remembered_property,
    with_changes,
)
from campaign.website.view import View


@dataclass(frozen=True)
class Person:
    name: str
    phone: str = ""

    def called(self, greeting: str) -> str:
        return f"{greeting} {self.name}"


@dataclass(frozen=True)
class Older(Person):
    pass


@dataclass(frozen=True)
class Book:
    title: str
    people: Mapping[str, Person] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)

    __hash__ = object.__hash__

    @property
    def first(self) -> Person:
        return next(iter(self.people.values()))

    @staticmethod
    def shelf_mark(title: str) -> str:
        return title[:3]


@derived
def count_people(book: Book) -> int:
    return len(book.people)


@derived
def list_words(book: Book) -> list[Mapping[str, str]]:
    return [dict(book.words)]


BOOK = Book("Ours", {"ana": Person("Ana", "1"), "rui": Person("Rui", "2")}, {"home": "Home"})


def tracker_of(book: Book, root: Path = Path("/nowhere")) -> Tracker:
    def home(person: Person):
        key = next((key for key, each in book.people.items() if each is person), None)
        return (("of", "book"), ("get", "people"), ("item", key)) if key else None

    kinds = {Book: ViewKind(), Person: ViewKind(home), Older: ViewKind()}
    return Tracker(root, kinds, {"book": lambda: book, NAME: lambda: Disk(root)})


def read(use, book: Book = BOOK):
    """(a function's result, its reads from a view)."""
    view = tracker_of(book).view("book", Book)
    with recording() as trace:
        value = use(view)
    return value, trace


USES = {
    "a title": (lambda book: book.title, replace(BOOK, title="Theirs")),
    "a word": (lambda book: book.words["home"], replace(BOOK, words={"home": "Start"})),
    "a missing word": (lambda book: book.words.get("menu"), replace(BOOK, words={**BOOK.words, "menu": "Menu"})),
    "whether a word is there": (lambda book: "menu" in book.words, replace(BOOK, words={**BOOK.words, "menu": "Menu"})),
    "how many words there are": (lambda book: len(book.words), replace(BOOK, words={})),
    "which words there are": (lambda book: list(book.words), replace(BOOK, words={"start": "Home"})),
    "a person": (
        lambda book: book.people["ana"].phone,
        replace(BOOK, people={**BOOK.people, "ana": Person("Ana", "9")}),
    ),
    "the first person": (lambda book: book.first.name, replace(BOOK, people=dict(reversed(BOOK.people.items())))),
    "a method": (lambda book: book.people["rui"].called("Hello"), replace(BOOK, people={"rui": Person("Eva")})),
    "how many people": (count_people, replace(BOOK, people={})),
    "the name of a word in a list": (list_words, replace(BOOK, words={"start": "Home"})),
}


def test_static_method_is_no_input_and_a_function_has_no_digest():
    """Its text would contain an address in memory: pages with a picture were made again by every process."""
    assert read(lambda book: book.shelf_mark("Ours")) == ("Our", {})
    with pytest.raises(AssertionError):
        tracker_of(replace(BOOK, words={"home": lambda: ""})).digest((("of", "book"), ("get", "words")))


@pytest.mark.parametrize("what", USES)
def test_whatever_is_read_is_recorded_and_seen_when_it_changes(what):
    use, other = USES[what]
    value, trace = read(use)
    assert value == use(BOOK)
    assert tracker_of(BOOK).is_same(trace)
    assert not tracker_of(other).is_same(trace)
    assert all(words_of(path).startswith("book") for path in trace)


UNREAD = {
    "a word": (lambda book: book.words["home"], replace(BOOK, words={**BOOK.words, "menu": "Menu"}, title="Theirs")),
    "a person": (lambda book: book.people["ana"].name, replace(BOOK, people={**BOOK.people, "rui": Person("Eva")})),
    "which people": (lambda book: list(book.people), replace(BOOK, people={"ana": Person("Eva"), "rui": Person("x")})),
    "how many people": (count_people, replace(BOOK, people={"x": Person("x"), "y": Person("y")})),
}


@pytest.mark.parametrize("what", UNREAD)
def test_what_was_not_read_may_change(what):
    use, other = UNREAD[what]
    assert tracker_of(other).is_same(read(use)[1])


def test_asking_for_what_is_missing_makes_nothing():
    book = replace(BOOK, people=defaultdict(lambda: Person("Nobody"), BOOK.people))
    view = tracker_of(book).view("book", Book)
    traces = []
    for _ in range(2):
        with recording() as trace:
            assert view.people.get("eva") is None
        traces.append(trace)
    assert traces[0] == traces[1]
    assert list(traces[0].values()) == [ABSENT_DIGEST]
    assert "eva" not in book.people


def test_what_is_remembered_is_recorded_each_time_that_it_is_used():
    view = tracker_of(BOOK).view("book", Book)
    title = remembered(lambda: view.title)
    traces = []
    for _ in range(2):
        with recording() as trace:
            title()
        traces.append(trace)
    assert traces[0] == traces[1] != {}


class Sign:
    """Made from a view, like pages."""

    def __init__(self, book: Book) -> None:
        self.book = book

    @remembered_property
    def title(self) -> str:
        return self.book.title

    @remembered_property
    def words(self) -> str:
        return f"{self.title} {self.book.words['home']}"


def test_what_an_object_remembers_is_recorded_in_each_recording_inside_others_too():
    sign = Sign(tracker_of(BOOK).view("book", Book))
    with recording() as outer:
        assert sign.title == "Ours"
        with recording() as inner:
            assert sign.words == "Ours Home"
    with recording() as later:
        assert sign.words == "Ours Home"
    assert inner == later
    assert outer.items() < inner.items()
    assert isinstance(Sign.title, remembered_property)


def test_views_remember_nothing_that_is_read_unseen():
    """A `cached_property` keeps its reads in the recording that requested it first."""
    kept = [name for name, member in vars(View).items() if isinstance(member, cached_property)]
    assert not kept
    assert isinstance(vars(View)["menu"], remembered_property)


def test_cache_that_would_hide_what_is_read_refuses_views():
    view = tracker_of(BOOK).view("book", Book)
    with pytest.raises(TypeError):
        lru_cache(lambda book: book.title)(view)


def test_methods_of_base_classes_which_would_read_unseen_are_refused():
    book = replace(BOOK, people={"eva": Older("Eva")})
    with pytest.raises(TypeError, match="base classes"):
        read(lambda view: view.people["eva"].called("Hello"), book)


def test_changed_view_gives_the_change_and_records_the_rest():
    value, trace = read(
        lambda view: (with_changes(view, title="Mine").title, with_changes(view, title="").words["home"])
    )
    assert value == ("Mine", "Home")
    assert tracker_of(replace(BOOK, title="Other")).is_same(trace)
    assert with_changes(BOOK, title="Mine").title == "Mine"


def test_what_is_worked_out_of_a_changed_view_follows_the_change():
    def use(view: Book):
        nobody = with_changes(view, people={"eva": Person("Eva")})
        return nobody.first.name, count_people(nobody)

    value, trace = read(use)
    assert value == ("Eva", 1)
    assert not trace


def test_files_are_known_from_the_campaign_on_so_that_it_may_move(tmp_path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "a.svg").write_text("<svg/>")
    try:
        disk.use_tracker(tracker_of(BOOK, tmp_path / "one"))
        with recording() as trace:
            assert disk.is_file(tmp_path / "one/a.svg")
            assert not disk.is_file(tmp_path / "one/b.svg")
            disk.record_content(tmp_path / "one/a.svg")
    finally:
        disk.use_tracker(None)
    assert len(trace) == 3
    assert tracker_of(BOOK, tmp_path / "two").is_same(trace)
    (tmp_path / "two/b.svg").touch()
    assert not tracker_of(BOOK, tmp_path / "two").is_same(trace)


def nodes_of(folder: Path, tracker: Tracker | None, shared: str = "program 1") -> Nodes:
    file = folder / "memo.sqlite"
    return Nodes(Memo(file, "pages/en"), InputTable(file, tracker), shared)


def put(nodes: Nodes, name: str, trace: Trace) -> None:
    nodes.put(name, {"hash": "x"}, trace)
    nodes.memo.save()
    nodes.inputs.save(is_last=True)


def stored(folder: Path) -> Trace:
    return dict(InputTable(folder / "memo.sqlite", None).by_id.values())


def test_node_is_found_until_something_that_it_was_made_from_changes(tmp_path):
    _, trace = read(USES["a word"][0])
    put(nodes_of(tmp_path, tracker_of(BOOK)), "index", trace)

    def found(book: Book, shared: str = "program 1"):
        return nodes_of(tmp_path, tracker_of(book), shared).find("index")

    assert stored(tmp_path) == trace
    assert found(BOOK)["hash"] == "x"
    assert found(BOOK)["reasons"] == ["It was not built before."]
    assert found(USES["a word"][1]) is None
    assert found(BOOK, "program 2") is None
    changed = nodes_of(tmp_path, tracker_of(USES["a word"][1]))
    changed.put("index", {"hash": "y"}, trace)
    assert changed.memo.get("index")["reasons"] == ["book.words[home]: changed"]


def test_node_that_was_not_made_again_stays_outdated_beside_one_that_was(tmp_path):
    """Of each path one digest is kept; the node with another one must not be taken for made with that."""
    use, book = USES["a word"]
    for name in ("one", "two"):
        put(nodes_of(tmp_path, tracker_of(BOOK)), name, read(use)[1])
    changed = nodes_of(tmp_path, tracker_of(book))
    put(changed, "one", read(use, book)[1])
    for nodes in (changed, nodes_of(tmp_path, tracker_of(book))):
        assert nodes.find("one")
        assert nodes.find("two") is None
    assert stored(tmp_path) == read(use, book)[1]
    again = nodes_of(tmp_path, tracker_of(BOOK))
    assert (again.find("one"), again.find("two")) == (None, None)


def test_inputs_that_changed_leave_the_table_but_for_those_that_makers_record(tmp_path):
    tracker = tracker_of(BOOK)
    with recording() as trace:
        tracker.note((("of", "made"), ("item", "page")), "one")
    put(nodes_of(tmp_path, tracker), "index", trace | read(USES["a word"][0])[1])
    now = tracker_of(USES["a word"][1])
    now.recorded_steps.add(("of", "made"))
    nodes_of(tmp_path, now).inputs.save(is_last=True)
    assert stored(tmp_path) == trace


def test_inputs_that_another_process_found_are_kept(tmp_path):
    _, trace = read(USES["a word"][0])
    nodes, worker = nodes_of(tmp_path, tracker_of(BOOK)), nodes_of(tmp_path, tracker_of(BOOK))
    worker.put("index", {"hash": "x"}, trace)
    worker.memo.save()
    nodes.inputs.merge(worker.inputs.take_new())
    assert worker.inputs.take_new() == {}
    nodes.inputs.save(is_last=True)
    assert nodes_of(tmp_path, tracker_of(BOOK)).find("index")


def test_value_that_comes_to_be_while_nodes_are_made_is_seen_by_those_that_are_looked_at_later(tmp_path):
    path = (("of", "book"), ("item", "made"))
    first = tracker_of(BOOK)
    with recording() as trace:
        first.note(path, "one")
    put(nodes_of(tmp_path, first), "index", trace)
    now = tracker_of(BOOK)
    again = nodes_of(tmp_path, now)
    assert again.find("index") is None
    now.note(path, "one")
    assert again.find("index")
    now.note(path, "two")
    assert again.find("index") is None


@dataclass(frozen=True)
class Flyer:
    """Plain: all attributes follow from its fields."""

    title: str
    words: str = ""
    size: str = "A5"
    colour: str = "red"

    @property
    def heading(self) -> str:
        return self.title.upper()


def flyer_tracker(flyer: Flyer) -> Tracker:
    kinds = {Flyer: ViewKind(lambda _: (("of", "flyer"),), is_plain=True)}
    return Tracker(Path("/nowhere"), kinds, {"flyer": lambda: flyer})


def read_flyer(flyer: Flyer, *names: str) -> Trace:
    with recording() as trace:
        view = flyer_tracker(flyer).view("flyer", Flyer)
        assert [getattr(view, name) for name in names]
    return trace


ALL_OF_FLYER = ("heading", "words", "size", "colour")


def test_inputs_of_a_whole_object_are_compared_one_by_one_once_it_changed(tmp_path):
    flyer = Flyer("Ours")
    for name in ALL_OF_FLYER:
        put(nodes_of(tmp_path, flyer_tracker(flyer)), name, read_flyer(flyer, name))
    asked = flyer_tracker(flyer)
    assert all(map(nodes_of(tmp_path, asked).find, ALL_OF_FLYER))
    assert [path[-1] for path in asked._digests] == [OBJECT]
    changed = nodes_of(tmp_path, flyer_tracker(replace(flyer, title="Other")))
    assert [name for name in ALL_OF_FLYER if not changed.find(name)] == ["heading"]


def test_digest_of_a_whole_object_is_forgotten_when_one_of_its_inputs_is_replaced(tmp_path):
    """Else a build that stops early leaves new inputs with the digest of the object before."""
    flyer, other = Flyer("Ours"), Flyer("Other")
    put(nodes_of(tmp_path, flyer_tracker(flyer)), "page", read_flyer(flyer, *ALL_OF_FLYER))
    stopped = nodes_of(tmp_path, flyer_tracker(other))
    stopped.put("page", {"hash": "y"}, read_flyer(other, *ALL_OF_FLYER))
    stopped.memo.save()
    stopped.inputs.save()
    assert nodes_of(tmp_path, flyer_tracker(other)).find("page")
    assert nodes_of(tmp_path, flyer_tracker(flyer)).find("page") is None


def test_node_whose_inputs_are_lost_is_made_again(tmp_path):
    put(nodes_of(tmp_path, tracker_of(BOOK)), "index", read(USES["a word"][0])[1])
    memo = Memo(tmp_path / "memo.sqlite", INPUTS)
    memo.keep_only(set())
    memo.save()
    nodes = nodes_of(tmp_path, tracker_of(BOOK))
    assert nodes.memo.get("index")
    assert nodes.find("index") is None


@pytest.mark.parametrize("key", ["a", 7, None, ("en", "index.md"), ("a", ("b", None)), True, 1.5])
def test_value_paths_are_read_back_as_they_were_stored(tmp_path, key):
    trace = {(("of", "book"), ("get", "people"), ("item", key), ("ask", "called", (key, "x"))): "digest"}
    put(nodes_of(tmp_path, None), "index", trace)
    assert stored(tmp_path) == trace
