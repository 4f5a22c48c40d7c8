"""A change of the program makes stale what that part of it makes, and nothing else; so does an installed library."""

from __future__ import annotations

import ast
import functools
import re
import shutil
import sys
from collections.abc import Mapping
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from edits import smallest_built
from fontTools.ttLib import TTFont

from campaign import images
from campaign.cache import program
from campaign.cache.inputs import Inputs
from campaign.cache.memo import Memo
from campaign.cache.program import LIBRARIES, OPTIONAL, PARTS, hash_program
from campaign.models.outputs import Output
from campaign.models.shipped import PACKAGE, shipped_folder
from campaign.packs import TEXTS
from campaign.pipeline.build import build
from campaign.pipeline.jobs import DRAWN_KINDS
from campaign.pipeline.makers import key_of
from campaign.pipeline.reading import read
from campaign.plan.outputs import catalogue
from campaign.printing import fonts, piece_inputs
from campaign.website.inputs import shared_inputs
from campaign.website.mkdocs import incremental

# Code that outputs don't depend on: locks, memory limits, and external programs.
NOT_SHAPING = {"click", "distributed", "filelock", "libzim"}


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> Path:
    return smallest_built(tmp_path_factory)


@pytest.fixture
def package(tmp_path, monkeypatch) -> Path:
    """A copy of the package that fingerprints are taken of; the code that runs is the one that is installed."""
    folder = shutil.copytree(PACKAGE, tmp_path / "package", ignore=shutil.ignore_patterns("__pycache__"))
    monkeypatch.setattr(program, "PACKAGE", folder)
    yield folder
    program.program_hash.cache_clear()


def stale_parts(package: Path, name: str) -> set[str]:
    before = {part: hash_program(part) for part in PARTS}
    with (package / name).open("a", encoding="utf-8") as file:
        file.write("\n# changed\n")
    program.program_hash.cache_clear()
    return {part for part in PARTS if hash_program(part) != before[part]} - {"outputs", "everything"}


EVERY_PART = {*PARTS} - {"outputs", "everything"}


@pytest.mark.parametrize(
    ("name", "stale"),
    [
        ("desk/server.py", set()),
        ("cli/commands.py", set()),
        ("publishing/__init__.py", set()),
        ("serve/__init__.py", set()),
        ("checks/words.py", set()),
        ("website/view.py", {"site"}),
        ("printing/pieces.py", {"prints", "keys"}),
        ("printing/formats/folded/design.typ", {"prints", "keys"}),
        ("checks/prints.py", {"prints", "keys"}),
        ("images/resize.py", {"pictures"}),
        ("packs/press_kit.py", {"packs", "keys"}),
        ("content/folder.py", {"site", "prints", "pictures", "packs", "keys"}),
        ("models/page.py", EVERY_PART),
        ("skeleton/docs/en/_strings.yml", {"site", "prints", "pictures", "packs", "keys"}),
    ],
)
def test_changed_module_makes_only_the_parts_stale_that_may_import_it(package, name, stale):
    assert stale_parts(package, name) == stale


def test_changed_desk_leaves_nothing_to_build(built, package):
    build(built)
    stale_parts(package, "desk/server.py")
    assert build(built).is_noop


@pytest.fixture
def pages_made(monkeypatch) -> list[str]:
    """The addresses of the pages that builds write from here on."""
    made: list[str] = []
    make = incremental._make_page

    def note(work, job):
        made.append(job[1])
        return make(work, job)

    monkeypatch.setattr(incremental, "_make_page", note)
    monkeypatch.setattr(incremental, "PARALLEL_THRESHOLD_PAGES", 10_000)  # all in this process
    return made


def test_changed_website_makes_pages_and_no_prints(built, package, pages_made):
    stale_parts(package, "website/view.py")
    report = build(built)
    assert pages_made
    assert not report.new


def test_changed_design_makes_prints_and_no_pages(built, package):
    def hashes() -> tuple[dict[Output, str], str]:
        keys = {
            output: key_of(campaign, output)
            for output in catalogue(campaign)
            if output.is_piece or output.kind in DRAWN_KINDS
        }
        return keys, shared_inputs(campaign, Inputs.scan(built, Memo.of(built)))

    campaign, _ = read(built)
    keys, pages = hashes()
    stale_parts(package, "printing/pieces.py")
    keys_then, pages_then = hashes()
    assert pages_then == pages
    texts = {key for key in keys if key.part in TEXTS}  # of a release: they are packed
    assert {key for key in keys if keys[key] == keys_then[key]} == texts


def test_installed_font_package_and_heic_library_leave_nothing_to_build(built, tmp_path, monkeypatch):
    build(built)
    installed, files = program._installed(), fonts._installed()
    monkeypatch.setattr(program, "_installed", lambda: {**installed, "fontpkg-new": "1.0", "pillow-heif": "99"})
    monkeypatch.setattr(fonts, "_installed", lambda: (*files, new_font(tmp_path / "new.ttf")))
    program.program_hash.cache_clear()
    piece_inputs._families.cache_clear()
    try:
        report = build(built)
        assert (report.new, report.is_site_new) == (set(), False)
        assert "Newly Installed" in fonts.families(())
    finally:
        program.program_hash.cache_clear()


def new_font(path: Path) -> Path:
    """A font of a family that no machine has."""
    if not path.exists():
        with TTFont(next(shipped_folder("fonts").glob("*.ttf"))) as font:
            for record in font["name"].names:
                if record.nameID in (1, 16):
                    record.string = "Newly Installed"
            font.save(path)
    return path


def test_picture_depends_on_the_heic_library_only_where_its_source_is_heic(tmp_path, monkeypatch):
    (tmp_path / "a.heic").write_bytes(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic")
    (tmp_path / "b.heic").write_bytes(b"\xff\xd8\xff\xe0 a JPEG whatever its name says")
    digests = []
    for version in ("1.0", "2.0"):
        monkeypatch.setattr(program, "_installed", lambda version=version: {"pillow-heif": version})
        digests.append([images.source_digest(tmp_path / name) for name in ("a.heic", "b.heic", "missing.heic")])
    assert [one == other for one, other in zip(*digests, strict=True)] == [False, True, True]


@functools.cache
def known_distributions() -> Mapping[str, list[str]]:
    """The distributions of each importable name: reading them takes two seconds."""
    return packages_distributions()


@pytest.mark.parametrize("folder", LIBRARIES)
def test_each_library_that_a_folder_imports_is_part_of_its_fingerprint(folder):
    """Or an upgrade would leave outputs as the old one made them."""
    distributions = {
        name: {*map(str.lower, packages_distribution)} for name, packages_distribution in known_distributions().items()
    }
    for path in (PACKAGE / folder).rglob("*.py"):
        for name in imported(path) - {"campaign", *sys.stdlib_module_names}:
            names = {re.sub(r"[-_.]+", "-", item) for item in distributions.get(name, ())} or {name}
            is_optional = any(name.startswith(OPTIONAL) for name in names)
            known = is_optional or names & {*LIBRARIES[folder], *NOT_SHAPING}
            assert known, f"{path}: add {sorted(names)} to LIBRARIES[{folder!r}]"


def imported(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    plain = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    of = {node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and not node.level}
    return {name.partition(".")[0] for name in plain | of}


def test_print_checks_use_no_other_check():
    """Their fingerprint is part of that of prints; a file that they begin to use must be, too."""
    results = {
        node.module
        for name in ("prints", "painted")
        for node in ast.walk(ast.parse((PACKAGE / f"checks/{name}.py").read_text(encoding="utf-8")))
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("campaign.checks")
    }
    assert results <= {"campaign.checks.painted", "campaign.checks.struck"}
