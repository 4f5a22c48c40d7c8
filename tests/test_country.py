"""A country's places come from a table, with the contacts of their regions."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from conftest import HERE, copy_campaign, run
from edits import DAY
from pypdfium2 import PdfDocument

from campaign.cache.cluster import Cluster
from campaign.content import load
from campaign.models.campaign import Pack
from campaign.models.outputs import Artifact, Output
from campaign.models.problem import CampaignError
from campaign.pipeline.cluster_jobs import JobContext, make_batch
from campaign.pipeline.jobs import waiting_places
from campaign.pipeline.keys import NUMBERS, ContactHashes
from campaign.plan.finder import finder_data
from campaign.plan.outputs import catalogue
from campaign.plan.packs import packed
from campaign.plan.print_queues import PRINT_QUEUE
from campaign.printing import describe, make
from campaign.schema.csv_reader import csv_lines

# As Excel in Portuguese writes it: semicolons, a byte order mark, a line that parts cells, an empty row.
TABLE = "".join(
    f"{line}\r\n"
    for line in (
        "\ufeffid;name;Name ar;region;column",
        "river;;;;3",
        "ford;Tawiran;المخاضة;river;",
        ";;;;",
        "spring;Bukal;;hill;",
    )
)
CONTACT = "contacts: [{id: one, kind: police, does: [police], phone: '7712'}]"
DIRECTORY_PAGE = """---
title: Sino
description: Sino ang tumutulong.
for: [public]
formats: [directory]
---
## Sino {#who}

{{ directory }}

## Mga puna {#notes}

"""


@pytest.fixture
def root(tmp_path):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "campaign")
    settings = root / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8").replace("[river, hill, coast]", "places.csv")
    settings.write_text(text, encoding="utf-8")
    (root / "assets/contacts/coast.yml").unlink()
    return root


@pytest.mark.parametrize("folder", ["", "assets/"])
def test_table_of_excel_is_the_list_of_places(root, folder):
    (root / f"{folder}places.csv").write_bytes(TABLE.encode())
    campaign, problems = load(root)
    assert not [problem for problem in problems if problem.stops], problems
    assert [*campaign.places] == ["river", "ford", "hill", "spring"]  # hill has no row, and comes before its place
    assert campaign.places["river"].column == 3
    assert campaign.places["ford"].names == {"fil": "Tawiran", "ar": "المخاضة"}


def test_place_shows_the_contacts_of_its_region_and_says_where_they_are(root, monkeypatch):
    (root / "places.csv").write_bytes(TABLE.encode())
    (root / "assets/contacts/spring.yml").write_text(
        "contacts:\n  - {id: spring-water, kind: water, name: Bukal, does: [water], phone: 07700 900150, "
        "source: drama-numbers}\n",
        encoding="utf-8",
    )
    campaign, problems = load(root)
    assert not [problem for problem in problems if problem.stops], problems
    said = {}
    for place in ("ford", "spring"):
        piece = Output("leaflet", "boil-the-water", "fil", place, "tri-fold", "office")
        said[place] = describe(campaign, piece)["contacts"]
    assert [item["id"] for item in said["ford"]["local"]] == ["river-clinic"]
    assert "Ilog" in said["ford"]["local-title"]
    assert "Tawiran" not in said["ford"]["local-title"]
    assert said["ford"]["stamp"] == ""
    assert [item["id"] for item in said["spring"]["local"]] == ["spring-water", "hill-clinic"]
    assert all(name in said["spring"]["local-title"] for name in ("Bukal", "Burol"))
    # No number is counted, called or corrected twice.
    assert len({contact.id for contact in campaign.all_contacts}) == len(campaign.all_contacts)
    assert not campaign.is_on_site("ford")
    data = finder_data(campaign, [])
    assert data["regions"] == [-1, 0, -1, 2]
    # Its pieces are printed again when they change, and those of other places aren't.
    river, before = root / "assets/contacts/river.yml", ContactHashes(campaign).nearby
    river.write_text(river.read_text("utf-8").replace("07700 900143", "07700 900144"), "utf-8")
    near = ContactHashes(load(root)[0]).nearby
    assert [near(place) != before(place) for place in campaign.places] == [True, True, False, False]
    # Nor do they stay when a number has become old, or is another one's former number.
    numbers = ContactHashes(load(root)[0]).every(NUMBERS)
    with river.open("a", encoding="utf-8") as file:
        file.write("    former: [{phone: 07700 900145, until: 2026-01-02}]\n")
    later = load(root)[0]
    assert ContactHashes(later).every(NUMBERS) != numbers
    near = ContactHashes(later).nearby
    monkeypatch.setenv("SOURCE_DATE_EPOCH", str(DAY + 190 * 86_400))
    assert ContactHashes(load(root)[0]).nearby("ford") != near("ford")


def test_each_bad_row_is_named_with_its_line_and_all_of_them_at_once(root):
    rows = [
        b"id,name,colour,region,column",
        b"ford,Tawiran,,river,",
        b",Bukal,,,",
        b"ford,Iba,,,",
        b"Upper Ford,Taas,,,",
        "cave,Kuw\u00e9ba,,,".encode("cp1252"),
        b"delta,Delta,,rivre,",
        b"mouth,Bibig,,,first",
        b"national,Lahat,,,",
        b"nameless,,,,",
    ]
    (root / "places.csv").write_bytes(b"\n".join(rows))
    _, problems = load(root)
    data = {(problem.where, problem.id) for problem in problems if problem.stops and "places.csv" in problem.where}
    assert data == {
        ("places.csv:1", "table-wrong"),
        ("places.csv:3", "table-wrong"),
        ("places.csv:4", "name-taken"),
        ("places.csv:5", "name-not-plain"),
        ("places.csv:6", "table-wrong"),
        ("places.csv:7", "place-no-file"),
        ("places.csv:8", "value-not-number"),
        ("places.csv:9", "name-taken"),
        ("places.csv:10", "place-no-name"),
    }
    assert any("Kuwéba" in problem.message for problem in problems)  # so that the row can be recognised


@pytest.mark.parametrize(
    "data", [b"", b"code,name\nx,X\n", "id,name\nx,X\n".encode("utf-16"), b"PK\x03\x04", b'id\n"x']
)
def test_what_is_no_table_of_places_is_said_once(root, data):
    (root / "places.csv").write_bytes(data)
    _, problems = load(root)
    texts = [problem for problem in problems if "places.csv" in problem.where]
    assert [item.id for item in texts] == ["table-wrong"], texts


def test_a_missing_table_is_said_where_it_is_named(root):
    _, problems = load(root)
    assert [problem.where.split(":")[0] for problem in problems if problem.id == "table-wrong"] == ["mkdocs.yml"]


def test_lines_of_a_table_are_counted_as_a_program_for_tables_counts_them():
    assert csv_lines('sep=;\na;b\n"two\nlines";c\nd;e\n') == [
        (2, ["a", "b"]),
        (3, ["two\nlines", "c"]),
        (5, ["d", "e"]),
    ]


def test_piece_that_differs_in_nothing_is_one_file_which_all_places_find(root, tmp_path):
    (root / "places.csv").write_text("id,name,region\nford,Tawiran,river\nisle,Pulo,\n", encoding="utf-8")
    leaflet = root / "docs/fil/leaflets/boil-the-water.md"
    text = leaflet.read_text(encoding="utf-8").replace("formats: [tri-fold]", "formats: [tri-fold, large-print]")
    leaflet.write_text(text, encoding="utf-8")

    def places(name):
        campaign, _ = load(root)
        pieces = [output for output in catalogue(campaign) if (output.format, output.flavour) == (name, "office")]
        return [piece.place for piece in pieces if piece.language == "fil"]

    # The leaflet names its place; large print shows contacts, which ford has from river, and isle a box for them.
    assert places("tri-fold") == [None, "river", "ford", "isle"]
    assert places("large-print") == [None, "river", "isle"]
    campaign, _ = load(root)
    pieces = [output for output in catalogue(campaign) if output.is_piece]
    result = [Artifact(piece, tmp_path / piece.path, 1000, "", 0, 0) for piece in pieces]
    pack = Pack("all", campaign.audiences)
    here = [item.output.path for item in packed(campaign, pack, "ford", ["fil"], result)]
    assert "river/fil/office/boil-the-water-fil-river-large-print.pdf" in here
    assert "ford/fil/office/boil-the-water-fil-ford-tri-fold.pdf" in here
    assert "river/fil/office/boil-the-water-fil-river-tri-fold.pdf" not in here
    # Without contacts on it there is nothing to differ.
    back = text.partition("{#back}")[0].rpartition("##")[0]
    leaflet.write_text(back.replace("formats: [tri-fold, large-print]", "formats: [large-print]"), encoding="utf-8")
    assert places("large-print") == [None]


def test_edition_of_a_place_is_made_when_it_is_asked_for_and_kept_then(root):
    settings = root / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8").replace("places:", "place_editions: when-asked\n      places:")
    settings.write_text(text, encoding="utf-8")
    (root / "places.csv").write_text("id,name,region\nford,Tawiran,river\nspring,Bukal,hill\n", encoding="utf-8")
    campaign, _ = load(root)
    assert waiting_places(campaign) == {"ford", "spring"}
    run(root, "leaflets", "--language", "fil", "--place", "ford", "--flavour", "office")
    assert [path.name for path in (root / "dist").glob("*/fil/*/*.pdf")] == ["boil-the-water-fil-ford-tri-fold.pdf"]
    assert waiting_places(campaign) == {"spring"}


def test_only_the_edition_for_the_whole_country_is_planned_on_request(root):
    settings = root / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8").replace("places:", "place_editions: none\n      places:")
    settings.write_text(text, encoding="utf-8")
    (root / "places.csv").write_text(TABLE, encoding="utf-8")
    campaign, problems = load(root)
    assert not [problem for problem in problems if not problem.is_note]
    outputs = catalogue(campaign)
    assert {output.place for output in outputs} == {None}
    assert any(output.is_piece for output in outputs)
    assert campaign.places


@pytest.mark.parametrize("places", [[None], ["ford"], ["hill", None], ["spring", "river"]])
def test_plan_of_some_places_is_that_part_of_the_whole_plan(root, places):
    (root / "places.csv").write_text(TABLE, encoding="utf-8")
    campaign, _ = load(root)

    def is_wanted(output):
        return output.place in places or not (output.is_piece or output.kind == PRINT_QUEUE)

    planned = catalogue(campaign, places)
    assert planned == [output for output in catalogue(campaign) if is_wanted(output)]
    assert any(item.place == places[0] and item.is_piece for item in planned)


def test_leaflet_for_one_of_thousands_of_places_reads_and_writes_little_else(root):
    villages = "".join(f"village-{n};Nayon {n};قرية {n};river;\n" for n in range(3000))
    (root / "places.csv").write_text(
        f"id;name;Name ar;region;column\nriver;;;;3\nhill;;;;\n{villages}", encoding="utf-8"
    )
    campaign, _ = load(root)
    assert len(catalogue(campaign, ["village-7"])) < len(catalogue(campaign)) / 50
    asked = ("leaflets", "--place", "village-7", "--language", "fil", "--flavour", "office")
    shutil.rmtree(root / ".build", ignore_errors=True)
    run(root, *asked)
    result = [path.relative_to(root / "dist").as_posix() for path in (root / "dist").rglob("*.*")]
    assert result == ["village-7/fil/office/boil-the-water-fil-village-7-tri-fold.pdf"]
    written = [path for name in (".build", "dist") for path in (root / name).rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in written) < 2_000_000
    before = {path: path.stat().st_mtime_ns for path in written}
    assert "Nothing to do" in run(root, *asked)
    assert {path for path, time in before.items() if path.stat().st_mtime_ns != time} <= {root / ".build/lock"}


def test_mistake_in_another_text_does_not_stop_a_leaflet(root):
    (root / "places.csv").write_text(TABLE, encoding="utf-8")
    page, leaflet = root / "docs/fil/boil.md", root / "docs/fil/leaflets/boil-the-water.md"
    asked = ("leaflets", "--place", "river", "--language", "fil", "--flavour", "office")
    text = page.read_text("utf-8")
    page.write_text(f"{text}\n<<<<<<< ours\n", "utf-8")
    run(root, *asked)
    assert "merge-conflict" in run(root, "check", code=1)
    assert "merge-conflict" in run(root, "press", "--language", "fil", code=1)  # it has texts of pages
    page.write_text(text, "utf-8")
    leaflet.write_text(f"{leaflet.read_text('utf-8')}\n<<<<<<< ours\n", "utf-8")
    assert "merge-conflict" in run(root, *asked, code=1)


@pytest.mark.parametrize(
    "address", ["tcp://10.0.0.5:8786", "10.0.0.5:8786", "tcp://[2001:db8::1]:8786", "tcp://host:1"]
)
def test_cluster_that_runs_what_anybody_sends_is_refused(address):
    with pytest.raises(CampaignError) as refused:
        _ = Cluster(address).secured
    assert [problem.id for problem in refused.value.problems] == ["cluster-open"]


def test_cluster_is_asked_by_tls_or_on_this_computer_alone(tmp_path):
    files = [str(tmp_path / name) for name in ("ca.pem", "cert.pem", "key.pem")]
    for file in files:
        Path(file).touch()
    assert Cluster("tcp://10.0.0.5:8786", *files).secured == "tls://10.0.0.5:8786"
    assert [Cluster(item).secured for item in ("127.0.0.1:1", "tcp://[::1]:1")] == [
        "tcp://127.0.0.1:1",
        "tcp://[::1]:1",
    ]
    for some in (Cluster("tls://10.0.0.5:1"), Cluster("tls://10.0.0.5:1", *files[:2]), Cluster("ucx://127.0.0.1:1")):
        with pytest.raises(CampaignError):
            _ = some.secured


def test_worker_with_other_drawings_makes_nothing(root, tmp_path):
    def make(*_):
        raise AssertionError

    order = JobContext(None, make, lambda *_: "another", str(tmp_path))
    piece = Output("leaflet", "boil-the-water", "fil", None, "tri-fold", "office")
    (results, _), *_ = make_batch(replace(order, campaign=load(root)[0]), [(piece, tmp_path / "key.pdf")])
    assert [result.id for result in results] == ["cluster-differs"]


def test_directory_of_many_places_ends_with_words(root, tmp_path):
    """Its pages aren't counted before typesetting, so the fill of the last one is unknown."""
    villages = "".join(f"village-{n};Nayon {n};قرية {n};river;\n" for n in range(122))
    (root / "places.csv").write_text(f"id;name;Name ar;region;column\nriver;;;;3\n{villages}", encoding="utf-8")
    for n in range(122):
        (root / f"assets/contacts/village-{n}.yml").write_text(CONTACT, encoding="utf-8")
    (root / "docs/fil/lists").mkdir()
    (root / "docs/fil/lists/who.md").write_text(DIRECTORY_PAGE + "Isulat dito.\n\n" * 15, encoding="utf-8")
    campaign, _ = load(root)
    output = next(output for output in catalogue(campaign) if (output.name, output.flavour) == ("who", "office"))
    result = make(campaign, output, tmp_path / "who.pdf")
    pages = PdfDocument(result.file)
    assert "Isulat" in pages[len(pages) - 1].get_textpage().get_text_range()
