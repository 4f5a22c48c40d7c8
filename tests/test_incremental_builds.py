"""An incremental build after any edit gives the same bytes as a full build."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from itertools import chain, count
from pathlib import Path

import pytest
from conftest import HERE, mostly_long, run
from edits import (
    EDITS,
    NATIONAL,
    POSTER,
    Edit,
    built_and_changed,
    copy_built,
    differences,
    forget,
    rewrite,
    sequences,
    smallest_built,
    swap,
)
from hypothesis import HealthCheck, given, settings

from campaign.cache import workers
from campaign.graph.tracking import Tracker
from campaign.pipeline import jobs
from campaign.pipeline.build import build
from campaign.pipeline.why import explain_output
from campaign.printing import piece_inputs


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    return smallest_built(tmp_path_factory)


@pytest.fixture(scope="module")
def new_folder(tmp_path_factory) -> Callable[[], Path]:
    numbers, base = count(), tmp_path_factory.mktemp("edited")
    return lambda: base / str(next(numbers))


@pytest.fixture(scope="module", autouse=True)
def one_process() -> Iterator[None]:
    """Builds this small take longer in several."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(workers, "cpu_count", lambda: 1)
        yield


# Every kind of edit once. Those in one row change different outputs: none hides what another one leaves stale.
ROWS = (
    ("main number",),
    ("name of the campaign",),
    ("colour",),
    ("version",),
    ("address",),
    ("menu",),
    ("day",),
    ("word", "another word", "new page"),
    ("sentence", "number", "caption", "file for the host"),
    ("title", "photo", "day of a check", "template folder"),
    ("description", "drawing", "word of contacts", "audience again"),
    ("heading", "recording", "hours", "credit"),
    ("page with another name", "new contact", "drawing of the front page"),
    ("page that goes", "name of a place", "word of kilobytes"),
    ("audience", "new translation", "name of a contact", "source"),
    ("translation that goes", "pictogram", "another pictogram", "box of the front page"),
    ("contact that goes", "drawing of the front page that goes"),
    ("logo", "words that lead to a page"),
    ("fonts",),
)


# Random sequences have each of them too.
@pytest.mark.long
@pytest.mark.parametrize("kinds", [pytest.param(row, id=", ".join(row)) for row in ROWS])
def test_every_kind_of_edit_is_built_as_from_nothing(built, new_folder, kinds):
    assert differences(built, new_folder(), [Edit(kind) for kind in kinds]) == []


def test_every_kind_of_edit_is_in_one_row():
    assert sorted(chain(*ROWS)) == sorted(EDITS)


@pytest.mark.early
@settings(max_examples=15, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
@given(edits=sequences())
def test_any_edits_are_built_as_from_nothing(built, new_folder, edits):
    """`make faults` tries 200 sequences, and computes all styles again, which are found by a hash of their inputs."""
    assert not differences(built, new_folder(), edits, caches=("styles",)), edits


@pytest.mark.parametrize(
    ("campaign", "code"),
    [
        ("tiny", "ar"),
        pytest.param("tiny", "fil", marks=pytest.mark.long),
        pytest.param("help_campaign", "en", marks=pytest.mark.long),
    ],
)
def test_no_cache_hides_from_a_page_or_its_frame_what_it_depends_on(request, campaign, code):
    root = request.getfixturevalue(campaign)
    done = subprocess.run([sys.executable, HERE / "traced.py", root, code], capture_output=True, text=True, check=True)
    assert re.fullmatch(r"\d+ pages\n", done.stdout), done.stdout


# Inputs that are no longer recorded, and an edit that therefore leaves something stale.
REMOVED_DEPENDENCIES = {"strings": Edit("word"), "places": Edit("name of a contact", 5), "digest": Edit("pictogram", 3)}


@pytest.mark.parametrize("name", mostly_long(REMOVED_DEPENDENCIES, "strings"))
def test_dependency_that_is_removed_is_found(built, new_folder, monkeypatch, name):
    record = Tracker.record

    def forgetful(self: Tracker, path) -> None:
        if name not in [step[1] for step in path if len(step) > 1]:
            record(self, path)

    monkeypatch.setattr(Tracker, "record", forgetful)
    root = copy_built(built, new_folder())
    forget(root)
    build(root)
    assert differences(root, new_folder(), [REMOVED_DEPENDENCIES[name]])


@pytest.mark.long
def test_drawing_that_a_key_lacks_is_found(built, new_folder, monkeypatch):
    drawings = piece_inputs._drawings
    monkeypatch.setattr(piece_inputs, "_drawings", lambda *given: dict.fromkeys(drawings(*given), ""))
    root = copy_built(built, new_folder())
    forget(root, is_all=True)
    build(root)
    assert differences(root, new_folder(), [Edit("drawing")])


def test_piece_is_a_draft_once_no_page_names_the_source_of_its_number(built, new_folder):
    """Pieces were known by their own pages only, and kept the number of another page's source."""
    root = copy_built(built, new_folder())
    named, checked = "\n07700 900321[^drama-numbers].\n", '"checked": {"on": "2026-11-20", "how": "official-source"}'
    swap("mkdocs.yml", r"https://water\.example/", "https://water-campaign.org/")(root, 0)
    swap(NATIONAL, '"source": "drama-numbers"', rf"\g<0>, {checked}")(root, 0)
    swap("docs/fil/posters/boil-the-water.md", r"{#call}\n", r"\g<0>\nTawag 07700 900321.\n")(root, 0)
    page = root / "docs/fil/luma.md"
    rewrite(page, page.read_text("utf-8") + named)
    assert not build(root).stops

    def take_away(root: Path) -> None:
        page = root / "docs/fil/luma.md"
        rewrite(page, page.read_text("utf-8").replace(named, ""))

    poster = "dist/national/fil/office/boil-the-water-fil-a3.pdf"
    assert poster in built_and_changed(root, new_folder(), take_away).changed


# Changes as offices make them. All kinds are counted by `make faults`.
COUNTED_CHANGES = (
    *("sentence", "title", "heading", "description", "new page", "page that goes", "translation that goes"),
    *("word", "another word", "word of contacts", "main number", "number", "name of a contact", "hours"),
    *("new contact", "contact that goes", "source", "drawing", "pictogram", "photo"),
)


@pytest.mark.long
def test_twenty_kinds_of_edits_build_at_most_twice_what_differs(built, new_folder):
    assert len(set(COUNTED_CHANGES)) == 20
    counts = {}
    for kind in COUNTED_CHANGES:
        report = built_and_changed(built, new_folder(), Edit(kind, 1))
        counts[kind] = len(report.built), len(report.changed)
    assert all(changed for _, changed in counts.values()), counts
    assert sum(artifact for artifact, _ in counts.values()) <= 1.3 * sum(changed for _, changed in counts.values()), (
        counts
    )
    assert all(artifact <= 2.5 * changed for artifact, changed in counts.values()), counts


@pytest.mark.parametrize(
    ("old", "new"),
    [(r"\Z", "# A comment.\n"), ("    silence: {}", "    silence: {source-due: They are read in May.}")],
)
def test_comment_or_silenced_note_in_the_settings_changes_no_page(built, new_folder, old, new):
    def edit(root: Path) -> None:
        text = (root / "mkdocs.yml").read_text("utf-8")
        text = text if "silence:" in text else re.sub(r"( +)version:", r"\1silence: {}\n\g<0>", text, count=1)
        rewrite(root / "mkdocs.yml", re.sub(old, new, text, count=1))

    assert not built_and_changed(built, new_folder(), edit).built


def test_sentence_leaves_the_list_from_a_to_z_which_shows_titles_alone(built, new_folder):
    report = built_and_changed(built, new_folder(), lambda root: swap("docs/fil/bago.md", "Tubig", "Ulan")(root, 0))
    assert "site/fil/bago.html" in report.built
    assert "site/fil/search.js" in report.built
    assert not [name for name in report.built if "/a-z" in name]


@pytest.mark.parametrize(
    ("kind", "is_listed"), [("hours", False), pytest.param("source", False, marks=pytest.mark.long), ("poster", True)]
)
def test_list_of_files_or_sources_is_made_again_only_if_it_lists_something_else(built, new_folder, kind, is_listed):
    poster = swap("docs/fil/posters/boil-the-water.md", r'\ntitle: "?', r"\g<0>Bago ")
    edit = (lambda root: poster(root, 0)) if kind == "poster" else Edit(kind, 1)
    report = built_and_changed(built, new_folder(), edit)
    lists = {name for name in report.built if re.search(r"/(files|sources)-[\w-]+\.html$", name)}
    assert lists <= report.changed
    assert bool(lists) == is_listed


def test_why_names_the_changed_value_and_all_inputs(built, new_folder):
    root = new_folder()
    report = built_and_changed(built, root, Edit("name of a contact", 1))
    assert "site/ar/services.html" in report.built
    output = run(root, "why", "site/ar/services.html")
    reasons, _, inputs = output.partition("It depends on")
    assert "campaign.places[hill].contacts: changed" in reasons
    assert "campaign.languages[ar].strings[call]" in inputs
    assert "campaign.pages[ar services.md].document" in inputs
    assert run(root, "why", str(root / "site/ar/services.html")) == run(root, "why", "site//ar/services.html") == output
    for name, message in {
        "dist/nothing.pdf": "doesn't exist",
        "site/ar": "is a folder",
        "docs/fil/index.md": "is in neither site/ nor dist/",
        "../site/x.html": "is in neither site/ nor dist/",
    }.items():
        assert message in run(root, "why", name, code=1)
    assert "the addresses and dates of all pages" in run(root, "why", "site/sitemap.xml")
    names = (path.relative_to(root).as_posix() for top in ("site", "dist") for path in (root / top).rglob("*.*"))
    assert [name for name in names if not explain_output(root, name)] == []
    for original, name in (
        ("public/map.txt", "site/map.txt"),
        ("docs/ar/table.csv", "site/ar/table.csv"),
        ("docs/fil/_messages.yml", "dist/pictures/messages/fil/hills-fil-sms.txt"),
    ):
        for path in (root / original, root / name):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("1", encoding="utf-8")
        assert original.rpartition("/")[2] in run(root, "why", name)
    (root / "dist/of-somebody.zip").write_bytes(b"")
    assert "no recorded inputs" in run(root, "why", "dist/of-somebody.zip", code=1)


def test_why_names_what_changed_in_a_piece_a_picture_and_a_kit(built, new_folder):
    root = new_folder()
    report = built_and_changed(built, root, Edit("main number", 1))
    piece = next(name for name in sorted(report.built & report.changed) if name.endswith("a3.pdf"))
    output = run(root, "why", piece)
    reasons, _, inputs = output.partition("It depends on")
    assert "panels.call" in reasons or "contacts." in reasons, output
    assert "program" not in reasons
    assert f"{POSTER}/art.svg" in inputs
    public = next(name for name in sorted(report.changed) if name.startswith("site/files/") and name.endswith("a3.pdf"))
    assert run(root, "why", public).partition(":")[2] == output.partition(":")[2]
    kit = next(name for name in sorted(report.built) if "press-kit" in name and name.startswith("dist/"))
    assert "file releases/" in run(root, "why", kit)
    picture = next(name for name in sorted(report.built) if name.startswith("dist/pictures/"))
    assert ": changed" in run(root, "why", picture)


@pytest.mark.long
def test_why_names_the_drawing_that_changed(built, new_folder):
    root = new_folder()
    report = built_and_changed(built, root, Edit("drawing", 1))
    piece = next(name for name in sorted(report.built & report.changed) if name.endswith("a3.pdf"))
    assert f"{POSTER}/art.svg: changed" in run(root, "why", piece)


def test_description_of_a_drawing_makes_no_piece_again(built, new_folder):
    edit = swap(f"{POSTER}/art.svg", r"(<svg[^>]*>)", r"\1<!-- saved --><desc>A clean jug</desc>")
    report = built_and_changed(built, new_folder(), lambda root: edit(root, 0))
    assert not report.stops
    assert not report.new


@pytest.mark.parametrize(
    ("kind", "languages", "names"),
    [
        pytest.param("another word", {"fil", None}, None, marks=pytest.mark.long),
        ("drawing", {"fil", "ar", None}, {"boil-the-water"}),
    ],
)
def test_builds_look_again_only_at_pieces_that_an_edit_concerns(built, new_folder, monkeypatch, kind, languages, names):
    seen, work_out = set(), jobs.key_and_drawings

    def noted(campaign, output):
        seen.add((output.language, output.name))
        return work_out(campaign, output)

    monkeypatch.setattr(jobs, "key_and_drawings", noted)
    assert built_and_changed(built, new_folder(), Edit(kind, 1)).changed
    assert {language for language, _ in seen} <= languages
    assert names is None or {name for _, name in seen} == names
