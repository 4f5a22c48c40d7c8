"""Photos and look at the desk: redacted regions are shown nowhere, and saves keep the input."""

from __future__ import annotations

import base64
import re
import zipfile
from io import BytesIO

import pytest
from conftest import HERE, REPOSITORY, copy_campaign
from opened_desk import check_access, desk_of
from PIL import Image
from playwright.sync_api import expect
from test_photos import FACE
from test_photos import photo as photo_of_a_face

from campaign.checks.source import check_source
from campaign.content import load
from campaign.content.contrast import contrast, luminance
from campaign.content.photos import read_redact
from campaign.desk.files import Files
from campaign.desk.logo_file import convert_logo
from campaign.desk.look_file import colour_names
from campaign.desk.photo_file import photo_name, stored_changes, yml
from campaign.desk.poster_picture import MIN_CONTRAST, Origin, Shapes, with_picture
from campaign.desk.words import languages
from campaign.images.stored import is_covered
from campaign.models.media import Rights
from campaign.printing.art import _parse, read_drawing
from campaign.schema.yaml_splice import parse

HILLS, SVG_NAMES = "assets/photos/hills.yml", "http://www.w3.org/2000/svg"
POSTER_FILE = "assets/posters/boil-the-water/poster.yml"


def drag(page, start, end) -> None:
    """A region of the photo, in shares of its size."""
    box = page.locator(".stage").bounding_box()
    for to, act in ((start, page.mouse.down), (end, page.mouse.up)):
        page.mouse.move(box["x"] + box["width"] * to[0], box["y"] + box["height"] * to[1], steps=3)
        act()


def animation() -> bytes:
    file, frames = BytesIO(), [Image.new("RGB", (400, 300), colour) for colour in ("red", "green", "blue")]
    frames[0].save(file, "WEBP", save_all=True, append_images=frames[1:])
    return file.getvalue()


def test_a_photo_is_dropped_in_painted_over_described_and_taken_back(opened, home):
    page, base = home
    root = opened.root
    before = {path: path.read_bytes() for path in root.glob("docs/*/_photos.yml")}
    page.goto(f"{base}photos")
    page.set_input_files("#file", {"name": "x.jpg", "mimeType": "image/jpeg", "buffer": b"%PDF-1.7"})
    page.click("text=Look at it")
    expect(page.get_by_role("alert")).to_contain_text("is a PDF")
    page.set_input_files("#file", {"name": "x.webp", "mimeType": "image/webp", "buffer": animation()})
    page.click("text=Look at it")
    expect(page.locator(".message").first).to_contain_text("holds 3 pictures")
    page.goto(f"{base}photos")
    whole = {"name": "Ponte José (1).PNG", "mimeType": "image/png", "buffer": photo_of_a_face()}
    page.set_input_files("#file", whole)
    page.click("text=Look at it")
    expect(page.locator("#name")).to_have_value("ponte-jose-1")
    assert not list(root.glob("assets/photos/ponte*"))
    # Nothing moves under the mouse when they appear.
    assert page.eval_on_selector_all("figure img", "all => all.every(each => each.getAttribute('height') > 0)")

    page.check("[name=mode][value=redact]")
    drag(page, (FACE[0] - 0.025, FACE[1] - 0.025), (FACE[2] + 0.025, FACE[3] + 0.025))
    page.check("[name=mode][value=focus]")
    drag(page, (0.9, 0.5), (0.9, 0.5))
    page.fill("#f-captions-fil-caption", "Isang tulay: “tráfiku”")
    page.click("main .form > .save button")
    expect(page.get_by_role("alert")).to_contain_text("couldn't be saved")
    for name in ("credit", "licence"):
        expect(page.locator(f".field.wrong:has(#f-{name})")).to_have_count(1)
    expect(page.locator("#f-captions-fil-caption")).to_have_value("Isang tulay: “tráfiku”")
    assert not list(root.glob("assets/photos/ponte*"))
    page.fill("#f-credit", "Ana José")
    page.fill("#f-licence", "CC-BY-4.0")
    page.select_option("#f-shows", "people")
    page.fill("#f-consent-form", "Folder 7")
    page.check("[name='consent.scope'][value=site]")
    page.fill("#f-consent-until", "2999-12-31")
    page.fill("#f-captions-fil-alt", "Isang tulay")
    page.click("main .form > .save button")
    expect(page.locator("h1")).to_have_text("ponte-jose-1")
    text = opened.text("assets/photos/ponte-jose-1.yml")
    assert text == (
        'credit: "Ana José"\n'
        "licence: CC-BY-4.0\nshows: people\n"
        "consent: {form: Folder 7, scope: [site], until: 2999-12-31}\nfocus: {x: 90, y: 50}\n"
        "redact:\n  - left: 22\n    top: 22\n    right: 53\n    bottom: 53\n"
    )
    # The stored file has no metadata and no face; the original is hidden from git and packs.
    stored = root / "assets/photos/ponte-jose-1.jpg"
    assert b"PLANTED" not in stored.read_bytes()
    assert is_covered(root, stored, [(0.22, 0.22, 0.53, 0.53)])
    assert b"PLANTED" not in (root / "originals/ponte-jose-1.jpg").read_bytes()
    assert not is_covered(root, root / "originals/ponte-jose-1.jpg", [(0.22, 0.22, 0.53, 0.53)])
    assert len(list((root / ".build/desk/dropped").iterdir())) == 1  # the animation, which was never saved
    assert opened.text("docs/fil/_photos.yml").startswith(before[root / "docs/fil/_photos.yml"].decode())
    assert opened.text("docs/fil/_photos.yml").endswith(
        'ponte-jose-1: {caption: "Isang tulay: “tráfiku”", alt: Isang tulay}\n'
    )

    # Redacted regions are redacted in every picture that the desk serves, for any request.
    for what in ("small", "large", "crops", "crops?redact=", "large?redact=0,0,1,1"):
        answer = page.request.get(f"{base}photos/ponte-jose-1/{what}")
        picture = Image.open(BytesIO(answer.body())).convert("RGB")
        position = [round(side * 0.375) for side in picture.size]
        assert max(picture.getpixel(tuple(position))) - min(picture.getpixel(tuple(position))) < 12, what
        assert b"PLANTED" not in answer.body(), what
    (root / "assets/photos/ponte-jose-1.yml").write_text("redact: [", "utf-8")
    assert not page.request.get(f"{base}photos/ponte-jose-1/small").ok
    (root / "assets/photos/ponte-jose-1.yml").write_text(text, "utf-8")

    page.goto(f"{base}history")
    page.get_by_label("Undo: Photo ponte-jose-1 added").click()
    expect(page.locator(".saves strong").first).to_contain_text("Undone")
    assert not list(root.glob("assets/photos/ponte*"))
    assert not list(root.glob("originals/ponte*"))
    assert {path: path.read_bytes() for path in before} == before


def test_photos_are_resized_for_sending_and_nothing_of_them_is_kept(opened, home):
    page, base = home
    before = sorted(path for path in opened.root.rglob("*") if path.is_file() and ".build" not in path.parts)
    page.goto(f"{base}photos")
    page.click("text=Pictures for sending")
    check_access(page, page.url)
    photo = (opened.root / "assets/photos/hills.jpg").read_bytes()
    files = [{"name": name, "mimeType": "image/jpeg", "buffer": photo} for name in ("a.jpg", "b.jpg")]
    page.set_input_files("#file", [*files, {"name": "c.jpg", "mimeType": "image/jpeg", "buffer": photo[:3000]}])
    page.check("[name=to][value=press]")
    page.fill("#credit", "Ana José")
    page.check("[name=agreed]")
    page.click("text=Make the pictures")
    expect(page.get_by_role("alert")).to_contain_text("c.jpg")
    expect(page.locator("#credit")).to_have_value("Ana José")
    page.set_input_files("#file", files)
    page.check("[name=agreed]")
    with page.expect_download() as download:
        page.click("text=Make the pictures")
    with zipfile.ZipFile(download.value.path()) as archive:
        names = {"press/a.jpg", "press/b.jpg", "whatsapp-telegram/a.jpg", "whatsapp-telegram/b.jpg"}
        assert {*archive.namelist()} == {*names, "summary.txt"}
        assert all(b"PLANTED" not in archive.read(name) for name in names)
        assert "press/a.jpg  1500 × 1000 px" in archive.read("summary.txt").decode()
    assert sorted(path for path in opened.root.rglob("*") if path.is_file() and ".build" not in path.parts) == before


@pytest.mark.long
def test_photos_are_resized_where_there_is_no_campaign(opened, browser, tmp_path):
    photo = (opened.root / "assets/photos/hills.jpg").read_bytes()
    with desk_of(tmp_path) as desk:
        page = browser.new_page(locale="en-GB")
        page.goto(desk.address)
        page.click("main a:has-text('Pictures for sending')")
        check_access(page, page.url)
        page.set_input_files("#file", {"name": "a.jpg", "mimeType": "image/jpeg", "buffer": photo})
        page.check("[name=agreed]")
        with page.expect_download() as download:
            page.click("text=Make the pictures")
        with zipfile.ZipFile(download.value.path()) as archive:
            assert archive.namelist() == ["summary.txt", "whatsapp-telegram/a.jpg"]
        page.close()
    assert [path.name for path in tmp_path.iterdir()] == [".build"]


@pytest.mark.long
def test_what_must_stay_visible_is_drawn_labelled_checked_and_taken_away(opened, home):
    page, base = home
    before = opened.text(HILLS)
    page.goto(f"{base}photos/hills")
    page.check("[name=mode][value=meaning]")
    drag(page, (0.2, 0.3), (0.4, 0.6))
    # The label comes next, and another box may follow.
    expect(page.locator("[name='meaning.label']").first).to_be_focused()
    page.keyboard.type("the well")
    expect(page.locator("svg .meaning")).to_have_count(1)
    expect(page.locator("[name='meaning.label']")).to_have_count(2)
    page.wait_for_selector("#crops[src^=blob]")
    page.click("main .form > .save button")
    expect(page.locator("[role=status]", has_text="Saved")).to_be_visible()
    expect(page.locator("[name='meaning.label']").first).to_have_value("the well")
    text = opened.text(HILLS)
    # Rounded outwards.
    assert re.search(
        r"\nmeaning:\n  - label: the well\n    x: 20\n    y: 30\n    width: 2[01]\n    height: 3[01]\n", text
    )
    # By keyboard only, in the fields: a box outside the photo is refused, and the input is kept.
    page.locator("[name='meaning.width']").first.fill("90")
    page.keyboard.press("Enter")
    expect(page.locator(".problems")).to_contain_text("partly outside")
    expect(page.locator("[name='meaning.width']").first).to_have_value("90")
    assert opened.text(HILLS) == text
    for field in page.locator(".box-row[data-box=meaning]").first.locator("input").all():
        field.fill("")
    page.click("main .form > .save button")
    expect(page.locator("[name='meaning.label']")).to_have_count(1)
    assert parse(opened.text(HILLS)) == parse(before)


@pytest.mark.long
def test_by_keyboard_alone_a_region_and_the_focal_point_move_and_the_crops_follow(opened, home):
    page, base = home
    before = opened.text(HILLS)
    page.goto(f"{base}photos/hills")
    page.locator("[name='focus.x']").press("ArrowUp")
    page.locator("[name='redact.right']").first.fill("60")
    expect(page.locator("svg .region").first).to_have_attribute("width", "20")
    page.wait_for_selector("#crops[src^=blob]")
    # Frames have numbers, and a list says what each is for.
    assert "Status or story" in {words.strip() for words in page.locator(".legend li").all_text_contents()}
    with page.expect_navigation():
        page.keyboard.press("Enter")
    now = before.replace("x: 65", "x: 66").replace("right: 48", "right: 60")
    assert opened.text(HILLS) == now
    # Another program writes meanwhile, and a region without a size is refused, with the input kept.
    page.locator("[name='redact.left']").first.fill("70")
    page.click("main .form > .save button")
    expect(page.locator(".problems")).to_contain_text("has no size")
    expect(page.locator("[name='redact.left']").first).to_have_value("70")
    (opened.root / HILLS).write_text(before, "utf-8")
    covered = (opened.root / "assets/photos/hills.jpg").read_bytes()
    page.locator("[name='redact.left']").first.fill("10")
    page.click("main .form > .save button")
    expect(page.get_by_role("alert")).to_contain_text("Nothing was overwritten")
    assert opened.text(HILLS) == before
    page.goto(f"{base}photos/hills")
    page.get_by_label("Remove 1").click()
    with page.expect_navigation():
        page.click("main .form > .save button")
    assert opened.text(HILLS) == before[: before.index("redact:")]
    page.click("text=Remove this photo")
    page.click("details[open] button.plain:not([data-clear])")
    page.wait_for_url("**/photos")
    assert not (opened.root / "assets/photos/hills.jpg").exists()
    assert "hills" not in opened.text("docs/ar/_photos.yml")
    page.goto(f"{base}history")
    for title in ("Photo hills removed", "Photo hills changed"):
        page.get_by_label(f"Undo: {title}").first.click()
        expect(page.locator(".saves strong").first).to_have_text(f"Undone: {title}")
    photo, whole = opened.root / "assets/photos/hills.jpg", HERE / "campaigns/tiny/assets/photos/hills.jpg"
    assert photo.read_bytes() == covered
    assert (opened.root / "originals/hills.jpg").read_bytes() == whole.read_bytes()
    (opened.root / "originals/hills.jpg").unlink()
    photo.write_bytes(whole.read_bytes())
    (opened.root / HILLS).write_text(before, "utf-8")


@pytest.mark.long
def test_a_photo_that_may_go_everywhere_is_put_into_a_poster_with_what_is_painted_over_and_taken_back(opened, home):
    page, base = home
    text, said = "docs/fil/posters/boil-the-water.md", opened.text(HILLS)
    folder = opened.root / "assets/posters/boil-the-water"
    before = {path: path.read_bytes() for path in (*folder.iterdir(), opened.root / text)}
    art = read_drawing(folder / "art.svg", "x")
    page.goto(f"{base}texts/fil/posters/boil-the-water.md")
    page.click("text=Another picture")
    expect(page.locator("main")).to_contain_text("hills: Consent is missing for: Print")
    expect(page.locator("[value='photo:hills']")).to_have_count(0)
    # A photo of a person needs a consent form, and a drawing that can run scripts is refused.
    for file, told in (
        (("x.png", "image/png", photo_of_a_face()), "which asks about consent"),
        (
            ("x.svg", "image/svg+xml", f'<svg xmlns="{SVG_NAMES}" viewBox="0 0 9 9"><script/></svg>'.encode()),
            "`script`",
        ),
    ):
        page.fill("#credit", "Ana José")
        page.fill("#licence", "CC0-1.0")
        page.set_input_files("#file", dict(zip(("name", "mimeType", "buffer"), file, strict=True)))
        page.click("main .form > .save button")
        expect(page.locator("main")).to_contain_text(told)
    assert {path: path.read_bytes() for path in before} == before
    allowed = said.replace("scope: [site, social, press]", "scope: [site, social, press, print]")
    # The photos page leads back to the poster that it was opened from, with the saved photo chosen.
    page.click("text=Add it to the photos")
    page.click(".photos a:has-text('hills')")
    expect(page.get_by_role("link", name="Back to the poster")).to_be_visible()
    page.check("[name='consent.scope'][value=print]")
    page.click("#photo > .save button")
    expect(page.locator("[value='photo:hills']")).to_be_checked()
    assert opened.text(HILLS) == allowed
    page.click("main .form > .save button")
    expect(page.get_by_role("alert")).to_contain_text("is 1470 pixels wide, but this size needs 3324")
    photo = opened.root / "assets/photos/hills.jpg"
    small = photo.read_bytes()
    Image.open(photo).resize((3450, 2300)).save(photo, quality=50)
    page.goto(f"{base}poster-picture/posters/boil-the-water.md")
    page.check("[value='photo:hills']")
    page.click("main .form > .save button")
    # Its boxes stay, drawn on the new picture.
    expect(page.locator("#saved")).to_contain_text("new picture")
    expect(page.locator("main")).to_contain_text("Check whether the boxes still fit the new picture")
    expect(page.locator(".stage .meaning")).to_have_count(2)
    boxes = [parse(text)["meaning"] for text in (before[folder / "poster.yml"].decode(), opened.text(POSTER_FILE))]
    assert boxes[0] == boxes[1]
    page.goto(f"{base}texts/fil/posters/boil-the-water.md")
    expect(page.locator(".sides img")).to_have_count(1)
    now = read_drawing(folder / "art.svg", "x")
    assert (now.slots, now.box) == (art.slots, art.box)
    shown = Image.open(BytesIO(base64.b64decode(re.search(r"base64,([^\"]+)", now.svg)[1]))).convert("RGB")
    grey = sum(
        count
        for count, each in shown.getcolors(shown.width * shown.height)
        if max(each) - min(each) < 6 and 104 < each[0] < 116
    )
    assert grey > 9000, "what is painted over"
    assert "photo: hills\n" in (folder / "poster.yml").read_text("utf-8")
    assert 'alt: "Mabababang halaman sa mga burol' in opened.text(text)
    # It holds a copy: this is reported once the photo changes, may not be used, or is gone.
    for other, why in (
        (allowed, ""),
        (allowed.replace("right: 48", "right: 60"), "have changed"),
        (said, "for: print"),
        (None, "no longer exists"),
    ):
        if other is None:
            (opened.root / HILLS).unlink()
        else:
            (opened.root / HILLS).write_text(other, "utf-8")
        told = [item.message for item in check_source(load(opened.root)[0]) if item.id == "art-photo"]
        assert (len(told), why in "".join(told)) == (bool(why), True)
    (opened.root / HILLS).write_text(said, "utf-8")
    photo.write_bytes(small)
    page.goto(f"{base}history")
    page.get_by_label("Undo:").first.click()
    expect(page.locator(".saves strong").first).to_contain_text("Undone")
    assert {path: path.read_bytes() for path in before} == before


@pytest.mark.parametrize("name", sorted(path.parent.name for path in REPOSITORY.glob("assets/posters/*/art.svg")))
def test_words_of_each_poster_keep_their_place_and_can_be_read_whatever_picture_is_put_in(name):
    old = read_drawing(REPOSITORY / f"assets/posters/{name}/art.svg", name)
    colours = {"night": "#14213d", "paper": "#ffffff", "marigold": "#f2b134"}
    picture = Shapes(read_drawing(REPOSITORY / "assets/posters/know-the-signs/cover.svg", name), Origin(Rights("x")))
    result = _parse(with_picture(old, picture, colours), name)
    assert (result.slots, result.box) == (old.slots, old.box)
    for slot, ground in zip(result.slots, result.grounds, strict=True):
        assert contrast(luminance(colours[slot.colour]), luminance(ground)) >= MIN_CONTRAST, slot.role


def test_original_of_a_photo_stays_as_long_as_a_region_is_covered(tmp_path):
    """Otherwise the photo that takes its name later would be covered with the old one."""
    root = copy_campaign(HERE / "campaigns/tiny", tmp_path / "campaign")
    files, photo, original = Files(root), root / "assets/photos/hills.jpg", root / "originals/hills.jpg"
    text = (root / yml("hills")).read_text("utf-8").partition("redact:")[0]
    covered = f"{text}redact:\n  - {{left: 10, top: 60, right: 40, bottom: 90}}\n"
    (root / yml("hills")).write_text(text, "utf-8")
    for new, is_covered_now in ((covered, True), (text, False)):
        changes = stored_changes(files, "hills", photo, False, new) | files.change(yml("hills"), new.encode())
        files.save("a title", "Ana", changes)
        assert original.exists() == is_covered_now
        assert is_covered(root, photo, read_redact(covered)) == is_covered_now


def test_names_are_made_plain():
    assert photo_name("Ação 2.JPG", ()) == "acao-2-jpg"
    assert photo_name("../..", ()) == photo_name("ទឹក", ()) == "photo"
    assert photo_name("well", ("well", "well-2")) == "well-3"


@pytest.mark.long
@pytest.mark.parametrize("path", ["photos", "photos/hills", "look", "poster-picture/posters/boil-the-water.md"])
def test_everybody_can_use_photos_and_look(home, path):
    page, base = home
    check_access(page, base + path)


def test_a_colour_that_cannot_be_read_is_refused_and_one_that_can_is_the_only_change(opened, home):
    page, base = home
    before = opened.text("assets/identity.yml")
    page.goto(f"{base}look")
    expect(page.locator("#contrast .weak")).to_have_count(0)
    page.fill("[name='leaf.hex']", "#cccccc")
    expect(page.locator("#contrast .weak").first).to_contain_text("Calling and safety on Background on screens")
    page.click("main .save button")
    expect(page.locator(".problems")).to_contain_text("`leaf` cannot be read on `paper`")
    expect(page.locator("[name='leaf.hex']")).to_have_value("#cccccc")
    assert opened.text("assets/identity.yml") == before
    page.fill("[name='leaf.hex']", "#1d5c30")
    page.fill("[name='leaf.cmyk']", "86 23 97 50")
    page.fill("[name='line.dark']", "#2c555d")
    page.click("main .save button")
    page.wait_for_url("**/look")
    expect(page.locator("[role=alert]")).to_have_count(0)
    now = before.replace("#1d5c2f", "#1d5c30").replace("[86, 23, 97, 49]", "[86, 23, 97, 50]")
    assert opened.text("assets/identity.yml") == now.replace("#2c555c", "#2c555d")
    logo = page.request.get(f"{base}look/logos/water.svg")
    assert "sandbox" in logo.headers["content-security-policy"]
    assert page.request.get(f"{base}look/logos/..%2fidentity.yml").status == 404
    page.goto(f"{base}history")
    page.get_by_label("Undo: Look changed").click()
    expect(page.locator(".saves strong").first).to_contain_text("Undone")
    assert opened.text("assets/identity.yml") == before


def test_each_colour_of_the_designs_has_a_name_in_every_language_and_one_of_a_campaign_s_own_has_its():
    skeleton = REPOSITORY / "scripts/campaign/skeleton/assets/identity.yml"
    data = parse(skeleton.read_text(encoding="utf-8"))
    data["colours"] |= {"sea": {"hex": "#000000", "name": {"pt": "Mar", "tet": "Tasi"}}, "sky": {"hex": "#000000"}}
    for code, own in {"en": "Mar", "pt": "Mar", "tet": "Tasi", "id": "Mar"}.items():
        names = colour_names(data, languages()[code])
        assert (names.pop("sea"), names.pop("sky")) == (own, "sky")
        assert not [token for token, name in names.items() if name == token]


SAFE = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" width="40"'
    ' height="{}"><!-- by {} --><metadata>{}</metadata><path inkscape:label="{}" fill="{}" d="M0 0h9v9z"/></svg>'
)


@pytest.mark.parametrize(
    ("hostile", "text"),
    [
        ('<script>alert(1)</script><path d="M0 0h9v9z"/>', "contains `script`"),
        ('<path onclick="x()" d="M0 0h9v9z"/>', "contains a script"),
        ('<image href="http://x.example/a.png" width="9" height="9"/>', "needs another file"),
        ("<text>Water</text>", "contains text"),
        ('<path d="M0 0h9v9z"/>&a;', ""),
    ],
)
def test_a_logo_that_could_run_or_fetch_something_is_none(hostile, text, tmp_path):
    file = tmp_path / "x.svg"
    entity = '<!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/hostname">]>'
    file.write_text(f'{entity}<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">{hostile}</svg>')
    result = convert_logo(tmp_path, file, "x.svg")
    if text:
        assert any(text in item.message for item in result)
    else:
        assert b"ENTITY" not in result
        assert b"&a;" not in result


def test_a_logo_that_is_dropped_in_is_looked_at_kept_without_its_maker_s_name_and_taken_back(opened, home):
    page, base = home
    name = "assets/logos/water.svg"
    before = opened.text(name)

    def drop(data: bytes, file: str = "x.svg") -> None:
        page.goto(f"{base}look")
        page.set_input_files("#logo-water", {"name": file, "mimeType": "image/svg+xml", "buffer": data})
        with page.expect_navigation():
            page.locator("li", has=page.locator("#logo-water")).locator("button").click()

    drop(b"%PDF-1.7", "x.png")
    expect(page.locator(".problems")).to_contain_text("is a PDF")

    drop(SAFE.format(10, "Ana", "Ana", "Ana", "#f8f8f0").encode())
    expect(page.locator("#logos").get_by_role("status")).to_contain_text(
        "The logo water replaced. Every piece shows it"
    )
    expect(page.locator("#saved")).to_be_in_viewport()
    logo = page.locator("li", has=page.locator("#logo-water"))
    expect(logo).to_contain_text("hardly visible on white paper")
    expect(logo).to_contain_text("isn't nearly square")
    assert "Ana" not in opened.text(name)
    assert 'viewBox="0 0 40 10"' in opened.text(name)
    kept, picture = opened.text(name), BytesIO()
    Image.new("RGB", (700, 700), "#123456").save(picture, "jpeg")
    drop(picture.getvalue(), "x.jpg")
    expect(logo.locator(".tag")).to_have_count(0)
    assert "data:image/png" in opened.text(name)
    page.goto(f"{base}history")
    page.get_by_label("Undo: The logo water replaced", exact=True).first.click()
    expect(page.locator(".saves strong").first).to_contain_text("Undone")
    assert opened.text(name) == kept
    (opened.root / name).write_text(before, "utf-8")


def test_today_deletes_leftovers_and_cleans_photos_when_asked(opened, home):
    page, base = home
    left = opened.root / "docs/fil/Thumbs.db"
    left.write_bytes(b"x")
    photo = opened.root / "assets/photos/hills.jpg"
    before = photo.read_bytes()
    page.goto(base)
    page.get_by_role("button", name="Tidy up").first.click()
    expect(page.locator("#saved")).to_be_visible()
    assert not left.exists()
    assert b"PLANTED" in before
    assert b"PLANTED" not in photo.read_bytes()
    page.goto(f"{base}history")
    page.get_by_label("Undo: Tidied up").first.click()
    expect(page.locator(".saves strong").first).to_contain_text("Undone")
    assert photo.read_bytes() == before
