"""Photos resized in one step: `campaign resize`, and photos of a campaign that have no record yet."""

from __future__ import annotations

import io
import shutil
from pathlib import Path

import pytest
from conftest import HERE, copy_campaign, run
from PIL import Image, ImageDraw

TINY = HERE / "campaigns/tiny"
HILLS = TINY / "assets/photos/hills.jpg"


@pytest.fixture
def tiny_copy(tmp_path):
    return copy_campaign(TINY, tmp_path / "campaign")


def sizes(folder: Path) -> dict[str, tuple[int, int]]:
    """The new files, and their sizes in pixels."""
    result = {}
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with Image.open(path) as image:
            result[path.relative_to(folder).as_posix()] = image.size
    return result


def test_photo_outside_a_campaign_is_cropped_light_and_without_metadata(tmp_path):
    shutil.copyfile(HILLS, tmp_path / "IMG_1.JPG")
    assert b"PLANTED-" in HILLS.read_bytes()
    done = run(
        tmp_path, "resize", "IMG_1.JPG", "--to", "whatsapp,press,feature", "--out", "new", "--credit", "Ana José"
    )
    assert sizes(tmp_path / "new") == {
        "feature-phone/IMG_1.jpg": (240, 320),
        "press/IMG_1.jpg": (1500, 1000),
        "whatsapp-telegram/IMG_1.jpg": (640, 800),
    }
    for file in (tmp_path / "new").rglob("*.jpg"):
        assert b"PLANTED-" not in file.read_bytes()
        assert "Ana José".encode() in file.read_bytes()
    assert (tmp_path / "new/feature-phone/IMG_1.jpg").stat().st_size <= 30_000
    assert "Pictures made: 3" in done
    assert "No record says that people in these agreed: IMG_1.JPG" in done
    assert (tmp_path / "IMG_1.JPG").read_bytes() == HILLS.read_bytes()


def test_record_of_a_photo_says_what_is_kept_covered_and_allowed(tmp_path):
    picture = Image.new("RGB", (2000, 1000), "#306090")
    ImageDraw.Draw(picture).rectangle((1800, 400, 1999, 600), fill="#ffdd00")
    for name in ("a", "b"):
        picture.save(tmp_path / f"{name}.png")
        record = "credit: Ana\nlicence: CC0-1.0\nconsent: {form: Folder 7, scope: [social], until: 2999-12-31}\n"
        focus = "focus: {x: 95, y: 50}\n" if name == "a" else "redact: [{left: 85, top: 30, right: 100, bottom: 70}]\n"
        (tmp_path / f"{name}.yml").write_text(record + focus, encoding="utf-8")
    to = "facebook-instagram-square,press"
    done = run(tmp_path, "resize", "a.png", "b.png", "--to", to, "--out", ".", code=1)
    assert done.count("doesn't allow `press`, so there is no picture for press") == 2
    assert [path.parent.name for path in tmp_path.rglob("*.jpg")] == ["facebook-instagram-square"] * 2
    with Image.open(tmp_path / "facebook-instagram-square/a.jpg") as image:
        yellow = image.convert("RGB").crop(
            (image.width - 150, image.height // 2 - 5, image.width, image.height // 2 + 5)
        )
        assert yellow.resize((1, 1)).getpixel((0, 0))[2] < 60
    with Image.open(tmp_path / "facebook-instagram-square/b.jpg") as image:
        pixels = image.convert("RGB").resize((40, 40)).get_flattened_data()
        assert all(blue > 80 for _, _, blue in pixels)  # no yellow: it was covered


def test_crop_keeps_what_carries_the_meaning_or_is_not_made(tmp_path):
    picture = Image.new("RGB", (2000, 1000), "#306090")
    ImageDraw.Draw(picture).rectangle((1700, 400, 1899, 600), fill="#ffdd00")
    record = "credit: Ana\nlicence: CC0-1.0\nshows: nobody\nmeaning:\n"
    sign, hand = "{label: sign, x: 85, y: 40, width: 10, height: 20}", "{label: hand, x: 0, y: 0, width: 9, height: 9}"
    for name, boxes in (("one", f"  - {sign}\n"), ("far", f"  - {sign}\n  - {hand}\n")):
        picture.save(tmp_path / f"{name}.png")
        (tmp_path / f"{name}.yml").write_text(record + boxes, encoding="utf-8")
    done = run(tmp_path, "resize", "one.png", "far.png", "--to", "status", "--out", "new", code=1)
    assert list(sizes(tmp_path / "new")) == ["status-story/one.jpg"]
    assert "status-story: *hand* 0 % visible" in done or "status-story: *sign* 0 % visible" in done
    with Image.open(tmp_path / "new/status-story/one.jpg") as image:
        pixels = image.convert("RGB").get_flattened_data()
        assert sum(red > 200 for red, _, _ in pixels) > 0.9 * 200 * 200


def test_what_a_crop_and_the_first_picture_of_several_leave_out_is_said(tmp_path):
    group = Image.new("RGB", (4000, 2250), "#306090")
    group.save(tmp_path / "group.jpg")
    done = run(tmp_path, "resize", "group.jpg", "--to", "whatsapp", "--out", "new", "--credit", "Ana")
    assert "45 % of the width stays" in done
    assert "people may be cut off" in done
    group.resize((640, 800)).save(tmp_path / "fits.jpg")
    done = run(tmp_path, "resize", "fits.jpg", "--to", "whatsapp", "--out", "new", "--credit", "Ana")
    assert "stays" not in done
    assert "cut off" not in done
    pages = [Image.new("RGB", (640, 800), colour) for colour in ("red", "green", "blue")]
    pages[0].save(tmp_path / "a.gif", save_all=True, append_images=pages[1:])
    pages[0].save(tmp_path / "a.tiff", save_all=True, append_images=pages[1:])
    done = run(tmp_path, "resize", "a.gif", "a.tiff", "--to", "whatsapp", "--out", "new", "--credit", "Ana", code=None)
    for name in ("a.gif", "a.tiff"):
        assert f"{name} holds 3 pictures: only the first is used." in done or f"{name} This is no photo" in done


def test_wrong_names_and_files_are_all_named_and_nothing_is_lost(tmp_path):
    shutil.copyfile(HILLS, tmp_path / "a.jpg")
    done = run(tmp_path, "resize", "a.jpg", "--to", "f,moon", "--licence", "CC-BY-9", "--out", "new", code=1)
    assert "`f` begins several destinations. Choose from: facebook-instagram-portrait" in done
    assert "`moon` is no destination" in done
    assert "`CC-BY-9` is no licence" in done
    assert not (tmp_path / "new").exists()
    (tmp_path / "press").mkdir()
    (tmp_path / "notes.txt").write_text("x", encoding="utf-8")
    (tmp_path / "cut.jpg").write_bytes(HILLS.read_bytes()[:9000])
    original = shutil.copyfile(HILLS, tmp_path / "press/b.jpg")
    files = ("a.jpg", "press/b.jpg", "notes.txt", "cut.jpg")
    done = run(tmp_path, "resize", *files, "--to", "press", "--out", ".", code=1)
    assert "b.jpg would be overwritten by its own picture" in done
    assert "notes.txt This is no photo" in done
    assert "cut.jpg" in done
    assert "Pictures made: 1" in done
    assert original.read_bytes() == HILLS.read_bytes()


def test_photos_with_the_same_name_get_files_of_their_own(tmp_path):
    for name in ("one/a.jpg", "two/A.JPG"):
        (tmp_path / name).parent.mkdir()
        shutil.copyfile(HILLS, tmp_path / name)
    run(tmp_path, "resize", "one/a.jpg", "two/A.JPG", "--to", "mms", "--out", "new")
    assert list(sizes(tmp_path / "new")) == ["mms/A-2.jpg", "mms/a.jpg"]


def test_campaign_s_own_photo_keeps_its_record_and_destinations(tiny_copy):
    settings = tiny_copy / "mkdocs.yml"
    text = settings.read_text(encoding="utf-8")
    run(tiny_copy, "resize", "assets/photos/hills.jpg", "--to", "open-graph", "--out", "new")
    data = (tiny_copy / "new/open-graph/hills.jpg").read_bytes()
    assert "tráfiku".encode() in data
    assert b"Mga burol sa hamog" in data
    assert settings.read_text(encoding="utf-8") == text


def test_photo_without_a_record_can_be_looked_at(tiny_copy):
    file = io.BytesIO()
    Image.new("RGB", (1200, 900), "#306090").save(file, "JPEG")
    (tiny_copy / "assets/photos/market.jpg").write_bytes(file.getvalue())
    assert "look/market.png" in run(tiny_copy, "pictures", "--look", "market")
    done = run(tiny_copy, "pictures", "--piece", "market", "--destination", "press")
    assert "They are for looking at" in done
    assert sizes(tiny_copy / ".build/look/press") == {"market.jpg": (1200, 900)}
    assert not (tiny_copy / "dist").exists()
    assert "There is no photo `mars`" in run(tiny_copy, "pictures", "--look", "mars", code=1)
