"""A large site stays fast and correct: cached pages, pages made in worker processes, plain MkDocs."""

from __future__ import annotations

import shutil
import subprocess
import sys
from dataclasses import replace as with_values
from pathlib import Path

import pytest
from conftest import IS_WHOLE, copy_campaign, copy_or_link, keep_only_pieces
from recorded import mp3

from campaign.cache import workers as processes
from campaign.cache.memo import Memo
from campaign.content import load
from campaign.models.campaign import Campaign
from campaign.models.outputs import Artifact
from campaign.models.shipped import shipped_folder
from campaign.pipeline.build import check, read
from campaign.pipeline.jobs import make_all
from campaign.pipeline.report import Report, Selection, quiet
from campaign.website import build_site, published_copies
from campaign.website.mkdocs import incremental as growth
from campaign.website.mkdocs.plugin import SitePlugin

# Without naming places, a run would take all else out of the store.
ALL_PLACES = Selection(places=frozenset((None, "hill")))


@pytest.fixture(scope="module")
def campaign_folder(small, tmp_path_factory):
    """A campaign with all its pieces made, to build sites of."""
    root = shutil.copytree(small, tmp_path_factory.mktemp("growth") / "campaign", copy_function=copy_or_link)
    for add in (new_page(), new_page("ar"), new_page(name="luma")):
        add(root)
    return root


@pytest.fixture(scope="module")
def pieces(campaign_folder, tmp_path_factory) -> list[Artifact]:
    """Its original pieces; its site was built with them."""
    result = make_pieces(read(campaign_folder)[0])
    made_site(campaign_folder, result, tmp_path_factory.mktemp("first"))
    return result


def make_pieces(campaign: Campaign) -> list[Artifact]:
    report = Report()
    make_all(campaign, ALL_PLACES, report, quiet)
    return report.made


def made_site(root: Path, pieces: list[Artifact], into: Path, kept: bool = True) -> dict[str, bytes]:
    """Every file of the site, built now. pieces: what it offers; kept: whether pages that were made before may
    be taken."""
    if not kept:
        keep_only_pieces(root)
    campaign, problems = read(root)
    assert not [problem for problem in problems if problem.stops]
    shutil.rmtree(into, ignore_errors=True)
    audits = Memo.of(root).namespace("audits")
    assert build_site(campaign, pieces, into, audits) == []
    audits.save()
    return files_of(into)


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def unlike(first: dict[str, bytes], second: dict[str, bytes]) -> list[str]:
    return sorted(name for name in first.keys() | second.keys() if first.get(name) != second.get(name))


# Only Linux forks safely.
METHODS = ("spawn",) if sys.platform != "linux" else ("fork", "spawn") if IS_WHOLE else ("fork",)


@pytest.mark.long
def test_processes_give_the_same_bytes_as_plain_mkdocs(campaign_folder, tmp_path, monkeypatch):
    root = shutil.copytree(campaign_folder, tmp_path / "campaign", copy_function=copy_or_link)
    pieces = make_pieces(read(root)[0])
    monkeypatch.setattr(growth, "PARALLEL_THRESHOLD_PAGES", 0)
    monkeypatch.setattr(processes, "cpu_count", lambda: 2)
    result = {}
    for method in METHODS:
        monkeypatch.setattr(processes, "METHOD", method)
        result[method] = made_site(root, pieces, tmp_path / "site", kept=False)
    subprocess.run([sys.executable, "-m", "mkdocs", "build", "-q", "-d", str(tmp_path / "plain")], cwd=root, check=True)
    plain = files_of(tmp_path / "plain")
    assert {method: unlike(files, plain) for method, files in result.items()} == {method: [] for method in result}


@pytest.mark.long
def test_page_is_the_same_with_a_frame_and_without(campaign_folder, tmp_path):
    campaign = read(campaign_folder)[0]
    work = growth.Work(campaign, [], tmp_path / "site", "")
    plugin = growth.open_plugin(work)
    pages = [(code, path) for code in campaign.languages for path in work.paths(code)]
    assert [page for page in pages if plugin.framed(*page) != plugin.finished(*page)] == []


def test_folders_that_no_menu_leads_into_have_one_frame(campaign_folder, tmp_path):
    root = shutil.copytree(campaign_folder, tmp_path / "campaign", copy_function=copy_or_link)
    paths = [f"{folder}/{name}" for folder in ("led", "one", "two", "two/deep") for name in ("una", "ika", "tatlo")]
    for path in paths:
        (root / f"docs/fil/{path}").parent.mkdir(parents=True, exist_ok=True)
        new_page(name=path)(root)
    replace("mkdocs.yml", "nav:\n", "nav:\n  - led/tatlo.md\n")(root)
    plugin = growth.open_plugin(growth.Work(read(root)[0], [], tmp_path / "site", ""))
    pages = [("fil", f"{path}.md") for path in paths]
    assert [page for page in pages if plugin.framed(*page) != plugin.finished(*page)] == []
    # Of `led`, of its page in the menu, of `one` and `two`, of `two/deep`.
    assert len(plugin.frames.by_kind) == 4


def replace(name: str, old: str, new: str):
    def change(root: Path) -> None:
        text = (root / name).read_text(encoding="utf-8")
        assert old in text, name
        (root / name).write_text(text.replace(old, new, 1), encoding="utf-8")

    return change


def new_page(language: str = "fil", title: str = "Bago", name: str = "bago"):
    def change(root: Path) -> None:
        result = "" if language == "fil" else "translation: {source: '', by: machine, reviewed: no}\n"
        front = f"title: {title}\ndescription: Isang pahina.\nfor: [public]\n{result}"
        text = f"---\n{front}---\n\n## Una {{#una}}\n\nTubig.\n"
        (root / f"docs/{language}/{name}.md").write_text(text, encoding="utf-8")

    return change


def both(*changes):
    def change(root: Path) -> None:
        for each in changes:
            each(root)

    return change


CHANGES = {
    "text": replace("docs/fil/boil.md", "## ", "Tubig.\n\n## "),
    "title": replace("docs/ar/get-help.md", "title: ", "title: ١ "),
    "title of a piece": replace("docs/km/posters/boil-the-water.md", "title: ", "title: ១ "),
    "description": replace("docs/fil/boil.md", "description: ", "description: Bago. "),
    "number": replace("assets/contacts/hill.yml", "946 0018", "946 0019"),
    "word": replace("docs/ar/_strings.yml", 'menu: "', 'menu: "ال'),
    "source": replace("docs/_sources.yml", 'title: "', 'title: "Re: '),
    "pictogram": replace("assets/pictograms/phone.svg", 'stroke-width="2"', 'stroke-width="3"'),
    "colour": replace("assets/identity.yml", "#b4d0cd", "#b5d0cd"),
    "whom a page is for": replace("docs/fil/luma.md", "for: [public]", "for: [health-workers]"),
    "new page": new_page(name="iba"),
    "title outside the menu": new_page(title="Iba"),
    "new translation": new_page("km"),
    "page that goes": lambda root: (root / "docs/ar/bago.md").unlink(),
    "page with another name": lambda root: (root / "docs/fil/luma.md").rename(root / "docs/fil/lima.md"),
    "words that go, others that come": both(
        replace("docs/fil/bago.md", "Tubig.", ""), replace("docs/fil/boil.md", "\n## ", "\nIsang bagong salita.\n\n## ")
    ),
    "translation that goes": lambda root: (root / "docs/km/get-help.md").unlink(),
    "copies no longer offered": replace("docs/fil/safety.md", "{{ saving }}", "Hindi."),
    "recording": lambda root: (root / "docs/fil/boil.mp3").write_bytes(mp3()),
}


# Several at once that don't undo each other.
TOGETHER = (
    ("description", "new page", "title outside the menu", "copies no longer offered"),
    ("title of a piece",),
    ("whom a page is for",),
    ("text", "title", "page that goes", "page with another name", "new translation", "recording"),
    ("source", "pictogram", "words that go, others that come", "translation that goes"),
    ("number", "word", "colour"),
)
# test_incremental_builds.py makes the other changes too.
MADE_HERE_ONLY = TOGETHER[:2]


def test_every_change_is_tried():
    assert sorted(name for names in TOGETHER for name in names) == sorted(CHANGES)


@pytest.mark.long
@pytest.mark.parametrize("what", [(name,) for name in CHANGES] if IS_WHOLE else MADE_HERE_ONLY, ids=", ".join)
def test_remembered_pages_equal_those_made_anew(campaign_folder, pieces, tmp_path, what):
    """Other pieces would be reason enough to make their pages again, but only a changed title does."""
    for name in what:
        CHANGES[name](campaign_folder)
    if "title of a piece" in what:
        pieces = make_pieces(read(campaign_folder)[0])
    warm = made_site(campaign_folder, pieces, tmp_path / "warm")
    cold = made_site(campaign_folder, pieces, tmp_path / "cold", kept=False)
    assert unlike(warm, cold) == []


def kept_pages(root: Path) -> dict[str, set[str]]:
    return {
        path.name: {file.name for file in path.iterdir()} for path in (root / ".build/pages").iterdir() if path.is_dir()
    }


@pytest.mark.parametrize(
    ("changed", "made"),
    [("ar/boil.md", {"fil": 0, "ar": 1, "km": 0}), ("fil/get-help.md", {"fil": 1, "ar": 1, "km": 1})],
)
def test_changed_text_makes_that_page_alone_again(campaign_folder, pieces, tmp_path, changed, made):
    """And the page of a translation that is outdated now, or that it is a fallback for."""
    made_site(campaign_folder, pieces, tmp_path / "before")
    before = kept_pages(campaign_folder)
    replace(f"docs/{changed}", "\n\n", "\n\nماء.\n\n")(campaign_folder)
    made_site(campaign_folder, pieces, tmp_path / "after")
    after = kept_pages(campaign_folder)
    assert {code: len(after[code] - before[code]) for code in after} == made
    assert {code: len(after[code]) for code in after} == {code: len(before[code]) for code in before}


def test_changed_text_gets_the_frame_of_the_build_before(campaign_folder, pieces, tmp_path, monkeypatch):
    made_site(campaign_folder, pieces, tmp_path / "before")
    replace("docs/ar/boil.md", "\n\n", "\n\nماء.\n\n")(campaign_folder)
    monkeypatch.setattr(SitePlugin, "render", lambda *_: pytest.fail("The theme's templates wrote it."))
    assert "ماء.".encode() in made_site(campaign_folder, pieces, tmp_path / "after")["ar/boil.html"]


@pytest.mark.long
def test_copies_are_made_again_of_the_language_alone_whose_text_changed(campaign_folder, pieces, tmp_path, monkeypatch):
    """The notice about an outdated translation is in no copy."""
    made_site(campaign_folder, pieces, tmp_path / "before")
    replace("docs/fil/get-help.md", "\n\n", "\n\nTubig.\n\n")(campaign_folder)
    made, make = [], published_copies._copies_in
    monkeypatch.setattr(published_copies, "_copies_in", lambda *given: made.append(given[-1]) or make(*given))
    site = made_site(campaign_folder, pieces, tmp_path / "after")
    assert made == ["fil"]
    assert site == made_site(campaign_folder, pieces, tmp_path / "anew", kept=False)


@pytest.mark.long
def test_file_that_grows_makes_the_pages_again_that_tell_its_size_and_no_others(campaign_folder, pieces, tmp_path):
    before = made_site(campaign_folder, pieces, tmp_path / "before")
    leaflet = next(piece for piece in pieces if piece.output.public.endswith("boil-the-water-km-tri-fold.pdf"))
    grown = [with_values(piece, bytes=piece.bytes + 9000) if piece is leaflet else piece for piece in pieces]
    stood = kept_pages(campaign_folder)
    after = made_site(campaign_folder, grown, tmp_path / "after")
    new = {code: len(names - stood[code]) for code, names in kept_pages(campaign_folder).items()}
    assert unlike(after, made_site(campaign_folder, grown, tmp_path / "cold", kept=False)) == []
    told = {"km/downloads.html", "km/leaflets/boil-the-water.html", "km/files-leaflet.html", "finder-data.js"}
    assert told < {*unlike(before, after)}
    # In addition to generated lists.
    assert new == {"fil": 0, "ar": 0, "km": 2}


@pytest.mark.long
@pytest.mark.parametrize("rubbish", [b"\xff\xfe\x00", None])
def test_damaged_memory_is_no_harm(campaign_folder, pieces, tmp_path, rubbish):
    """In other ways: test_memo.py. rubbish: replaces the content; None: its end is cut off."""
    expected = made_site(campaign_folder, pieces, tmp_path / "before")
    memo = campaign_folder / ".build/memo.sqlite"
    memo.write_bytes(memo.read_bytes()[:-9000] if rubbish is None else rubbish)
    assert unlike(expected, made_site(campaign_folder, pieces, tmp_path / "after")) == []
    assert unlike(expected, made_site(campaign_folder, pieces, tmp_path / "again")) == []


def test_page_that_somebody_wrote_into_is_made_again(campaign_folder, pieces, tmp_path):
    """A cached file and its copy in the site may be one file."""
    expected = made_site(campaign_folder, pieces, tmp_path / "before")
    for path in (tmp_path / "before").rglob("*.html"):
        with path.open("ab") as end:
            end.write(b"<p>")
    assert unlike(expected, made_site(campaign_folder, pieces, tmp_path / "after")) == []


def test_what_is_read_from_memory_equals_what_is_read_from_the_files(campaign_folder):
    read(campaign_folder)
    assert read(campaign_folder)[0] == load(campaign_folder)[0]


def test_problem_in_a_page_is_named_each_time(campaign_folder, tmp_path):
    root = copy_campaign(campaign_folder, tmp_path / "wrong")
    page = root / "docs/ar/boil.md"
    page.write_text(page.read_text(encoding="utf-8").replace("for: [", "for: [nobody, "), encoding="utf-8")
    (_, first), (_, second) = check(root), check(root)
    assert first == second
    assert any("nobody" in problem.message for problem in first)


@pytest.mark.long
def test_plugin_and_template_that_somebody_adds_are_obeyed(campaign_folder, pieces, tmp_path):
    root = tmp_path / "campaign"
    shutil.copytree(campaign_folder, root, copy_function=copy_or_link)
    (root / "hook.py").write_text(
        "def on_post_page(output, page, config):\n    return output.replace('</body>', '<!-- ours --></body>')\n",
        encoding="utf-8",
    )
    settings = root / "mkdocs.yml"
    plain = settings.read_text(encoding="utf-8")
    settings.write_text(plain + "\nhooks: [hook.py]\n", encoding="utf-8")
    assert b"<!-- ours -->" in made_site(root, pieces, tmp_path / "site")["ar/index.html"]
    settings.write_text(plain.replace("  font: false", "  font: false\n  custom_dir: look"), encoding="utf-8")
    shutil.copytree(shipped_folder("overrides"), root / "look")
    shutil.rmtree(root / ".build/pages")
    made_site(root, pieces, tmp_path / "site")
    assert kept_pages(root)  # a copy of our own look is no other look
    look = root / "look/partials/footer.html"
    look.write_text("<footer>{{ page.file.src_uri if page }}</footer>", encoding="utf-8")
    assert b"<footer>ar/index.md</footer>" in made_site(root, pieces, tmp_path / "site")["ar/index.html"]


def test_campaign_that_benchmarks_are_written_with_can_be_built(tmp_path):
    sys.path.insert(0, str(Path(__file__).parent / "benchmarks"))
    from written_sites import write_campaign

    _, problems = read(write_campaign(tmp_path / "written", 3))
    assert not [problem for problem in problems if problem.stops]
