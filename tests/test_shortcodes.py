"""Every row of the shortcode registry has all its forms, works as in its example, and is documented for editors."""

from __future__ import annotations

import io
import re
from dataclasses import replace

import msgspec
import pytest
from conftest import HERE, copy_campaign, run
from PIL import Image
from recorded import mp3

from campaign.content import load
from campaign.content.formats import shipped_formats
from campaign.document.outline import outline
from campaign.document.reader import read_document
from campaign.document.shortcodes import SCREEN_ONLY, SHORTCODES, check_shortcodes, load_form
from campaign.plan.outputs import catalogue
from campaign.plan.site_files import recordings_of
from campaign.printing import draw, find_piece
from campaign.website.page_writer import PageWriter
from campaign.website.pictures import PublicAssets
from campaign.website.view import page_view


@pytest.fixture(scope="module")
def campaign():
    return load(HERE / "campaigns/tiny")[0]


def typed(row, campaign) -> str:
    """The row's example with an argument of each kind that the campaign knows."""
    chosen = {key: sorted(argument(campaign))[0] for key, argument in row.arguments.items() if argument(campaign)}
    return f"{{{{ {row.name}{''.join(f' {key}={value}' for key, value in chosen.items())} }}}}"


@pytest.mark.parametrize("row", SHORTCODES.values(), ids=SHORTCODES)
def test_every_shortcode_becomes_something_on_the_site_and_on_paper_or_says_that_it_is_for_screens(row, campaign):
    document = read_document(typed(row, campaign))
    page = replace(
        campaign.pages["fil", "boil.md"], tree=msgspec.json.encode(document).decode(), outline=outline(document)
    )
    assert not list(check_shortcodes(campaign, page))
    view = replace(page_view(campaign, campaign.languages["fil"], "boil.md"), page=page)
    lead, rest = PageWriter(campaign, PublicAssets([]), view).write_page()
    assert "{{" not in lead + rest
    if row.paper != SCREEN_ONLY:
        output = next(output for output in catalogue(campaign) if output.kind == "leaflet")
        assert not row.needs or any(row.needs in format.shows for format in shipped_formats().values())
        blocks = load_form(row.paper)(find_piece(campaign, output), document.blocks[0].arguments)
        assert blocks or row.name in ("imprint", "answers")  # this campaign has no answers
    if row.text:
        assert list(load_form(row.text)(campaign, page))


def test_pictogram_plays_what_was_recorded_for_it(campaign, tmp_path):
    root = tmp_path / "c"
    (root / "docs/fil").mkdir(parents=True)
    page = campaign.pages["fil", "boil.md"]
    sign = sorted(campaign.pictograms)[0]
    document = read_document(f"{{{{ recording name={sign} }}}}")
    page = replace(page, tree=msgspec.json.encode(document).decode(), outline=outline(document))
    spoken = replace(campaign, root=root)
    view = replace(page_view(spoken, spoken.languages["fil"], "boil.md"), page=page)
    assert "<audio" not in "".join(PageWriter(spoken, PublicAssets([]), view).write_page())
    (root / f"docs/fil/{sign}.mp3").write_bytes(b"ID3")
    assert f'<source src="{sign}.mp3" type="audio/mpeg">' in "".join(
        PageWriter(spoken, PublicAssets([]), view).write_page()
    )


def test_recording_may_have_any_name_and_one_that_is_missing_is_named(tmp_path):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "campaign")
    page = root / "docs/fil/boil.md"
    page.write_text(page.read_text("utf-8") + "\n{{ recording name=kanta-ng-tubig }}\n", "utf-8")
    output = run(root, "check", code=1)
    assert "No recording called `kanta-ng-tubig` lies next to the page." in output
    (root / "docs/fil/kanta-ng-tubig.mp3").write_bytes(mp3())
    assert "No recording" not in run(root, "check")


def test_name_of_a_recording_leads_out_of_no_folder(campaign, tmp_path):
    (tmp_path / "c/docs/fil").mkdir(parents=True)
    (tmp_path / "private.mp3").write_bytes(b"ID3")
    spoken = replace(campaign, root=tmp_path / "c")
    for typed_name in (str(tmp_path / "private"), "../../../private"):
        assert recordings_of(spoken, campaign.pages["fil", "boil.md"], typed_name) == []


def test_scene_is_drawn_where_words_leave_room_and_in_lines_for_a_copier(tmp_path):
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "c")
    leaflet = root / "docs/fil/leaflets/boil-the-water.md"
    words = leaflet.read_text(encoding="utf-8")
    short = re.sub(r"(\{#left\}\n)(?s:.*?)(?=\n## )", r"\1\n{{ scene name=boil-the-water }}\n\nKumulo.\n", words)
    long = words.replace("{#left}\n", "{#left}\n\n{{ scene name=boil-the-water }}\n\n" + "Pakuluan ang tubig. " * 40)
    cover = root / "assets/posters/boil-the-water/cover.svg"
    cover.write_text(re.sub(r"#[0-9a-f]{6}", "#ff00ff", cover.read_text(encoding="utf-8")), encoding="utf-8")

    def inside(text: str, flavour: str = "office") -> set[tuple[int, ...]]:
        leaflet.write_text(text, encoding="utf-8")
        campaign = load(root)[0]
        named = {"kind": "leaflet", "language": "fil", "place": None, "flavour": flavour}
        output = next(o for o in catalogue(campaign) if named == {key: getattr(o, key) for key in named})
        pixels = Image.open(io.BytesIO(draw(campaign, output, 20)[1])).convert("RGB")
        return {colour for _, colour in pixels.getcolors(pixels.width * pixels.height)}

    scene = (255, 0, 255)
    assert scene in inside(short)
    assert scene not in inside(words)
    assert scene not in inside(long)
    assert scene not in inside(short, "photocopy")
