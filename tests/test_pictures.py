"""Pictures: right colours and sizes from anything sound, one clear Problem from anything else, and no secrets."""

from __future__ import annotations

import io
import os
import struct
import zlib
from pathlib import Path
from random import Random

import pillow_heif
import pytest
from benchmarks import jpeg_damage
from PIL import Image, ImageCms, ImageDraw, ImageFilter, ImageOps, PngImagePlugin

from campaign import images as pictures
from campaign.cache.store import hash_content
from campaign.images import open as opening
from campaign.images import shrink as shrinking
from campaign.images.encode import likeness
from campaign.images.recipes import RECIPES
from campaign.models.formats import SITE_WIDTHS
from campaign.models.outputs import Artifact, Output
from campaign.models.problem import Problem

ENDINGS = ("avif", "jpeg", "webp", "png")
SECRET = b"PLANTED-7c1f"
MARKS = (b"Exif", b"eXIf", b"EXIF", b"http", b"xmpmeta", b"iCCP", b"ICC_PROFILE", b"ICCP", b"tEXt", b"iTXt")
ICC_P3_PRIMARIES = ((0.5151, 0.2412, -0.0011), (0.2919, 0.6922, 0.0419), (0.1571, 0.0666, 0.7841))  # D50


def photo(width: int = 400, height: int = 300) -> Image.Image:
    """Many colours, no two areas alike."""
    noise = Image.frombytes("L", (width, height), Random(width).randbytes(width * height))
    noise = ImageOps.autocontrast(noise.filter(ImageFilter.GaussianBlur(2)))
    ramp = Image.linear_gradient("L").resize((width, height))
    return Image.merge("RGB", (noise, ramp, noise.transpose(Image.Transpose.ROTATE_180)))


def drawing(width: int = 400, height: int = 300) -> Image.Image:
    image = Image.new("RGB", (width, height), "#f4efe6")
    pen = ImageDraw.Draw(image)
    pen.ellipse((40, 40, 200, 200), fill="#8c2f1b")
    pen.rectangle((220, 60, 380, 240), fill="#e5a823")
    return image


def saved(image: Image.Image, **options: object) -> bytes:
    file = io.BytesIO()
    image.save(file, **options)
    return file.getvalue()


def chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_header(width: int, height: int) -> bytes:
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))


def jpeg_of_size(width: int, height: int) -> bytes:
    data = saved(Image.new("RGB", (16, 16)), format="JPEG")
    position = data.index(b"\xff\xc0") + 5
    return data[:position] + struct.pack(">HH", height, width) + data[position + 4 :]


def display_p3() -> bytes:
    """A matrix profile with Display P3's primaries and a plain 2.2 curve, written by hand."""
    fixed = [[struct.pack(">i", round(value * 65536)) for value in row] for row in ICC_P3_PRIMARIES]
    tags = {name: b"XYZ \0\0\0\0" + b"".join(row) for name, row in zip((b"rXYZ", b"gXYZ", b"bXYZ"), fixed, strict=True)}
    tags[b"wtpt"] = b"XYZ \0\0\0\0" + struct.pack(">iii", 63190, 65536, 54061)
    tags |= {name: b"curv\0\0\0\0" + struct.pack(">IHxx", 1, round(2.2 * 256)) for name in (b"rTRC", b"gTRC", b"bTRC")}
    table, body, start = b"", b"", 132 + 12 * len(tags)
    for name, data in tags.items():
        table += name + struct.pack(">II", start + len(body), len(data))
        body += data
    head = struct.pack(">I4sI4s4s4s", start + len(body), b"\0\0\0\0", 0x02400000, b"mntr", b"RGB ", b"XYZ ")
    head += bytes(12) + b"acsp" + bytes(28) + struct.pack(">iii", 63190, 65536, 54061) + bytes(48)
    return head + struct.pack(">I", len(tags)) + table + body


def outputs(*endings: str, widths: tuple[int | None, ...] = (None,)) -> list[Output]:
    return [Output("picture", "a", None, None, suffix, width=width) for suffix in endings for width in widths]


def make(root: Path, data: bytes, wanted: list[Output], name: str = "a.png") -> list[Artifact | Problem]:
    (root / name).write_bytes(data)
    targets = [root / "out" / f"{n}-{output.width}.{output.format}" for n, output in enumerate(wanted)]
    return pictures.make_all(root, root / name, name, wanted, targets)


def colour_of(root: Path, data: bytes) -> tuple[int, ...]:
    (made,) = make(root, data, outputs("png"))
    assert isinstance(made, Artifact), made
    with Image.open(made.file) as image:
        return image.convert("RGB").getpixel((image.width // 2, image.height // 2))


GIF_BOMB = b"GIF89a" + struct.pack("<HH", 65535, 65535) + b"\0\0\0" + b",\0\0\0\0\1\0\1\0\0" + b"\2\2L\1\0;"
UNPACKS_TO_100_MB = zlib.compress(bytes(100_000_000), 1)
NASTY = {
    "a PNG header of 900 MP": (png_header(30000, 30000) + chunk(b"IDAT", zlib.compress(b"")), "pixels"),
    "a PNG header of 144 MP": (png_header(12000, 12000) + chunk(b"IDAT", zlib.compress(b"")), "12000 × 12000"),
    "a JPEG header of 65000 x 65000": (jpeg_of_size(65000, 65000), "pixels"),
    "a GIF of 65535 x 65535": (GIF_BOMB, "pixels"),
    "a PNG whose profile unpacks to 100 MB": (
        png_header(9, 9) + chunk(b"iCCP", b"x\0\0" + UNPACKS_TO_100_MB) + chunk(b"IEND", b""),
        "damaged",
    ),
    "a PNG whose text unpacks to 100 MB": (
        png_header(9, 9) + chunk(b"zTXt", b"x\0\0" + UNPACKS_TO_100_MB) + chunk(b"IEND", b""),
        "damaged",
    ),
    "a PNG of no width": (png_header(0, 9) + chunk(b"IEND", b""), "damaged"),
    "a PNG with a broken chunk": (saved(photo(), format="PNG").replace(b"IDAT", b"\1\2\3\4"), "damaged"),
    "an EPS": (b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\nquit\n", "EPS"),
    "a PDF": (b"%PDF-1.7\n", "a PDF"),
    "a web page": (b"\n<!DOCTYPE html><html>", "a web page"),
    "an SVG": (b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>', "SVG"),
    "a broken HEIC": (b"\0\0\0\x18ftypheic\0\0\0\0mif1heic", "damaged"),
    "an office document": (b"PK\x03\x04" + bytes(40), "zip"),
    "noise": (bytes(range(1, 200)), "isn't in a supported format"),
    "nothing": (b"", "empty"),
}
CUT = {ending: saved(photo(), format=ending.upper()) for ending in ("jpeg", "png", "webp", "avif", "gif", "tiff")}


@pytest.mark.parametrize("name", NASTY)
def test_what_is_no_usable_picture_is_one_clear_problem(tmp_path: Path, name: str) -> None:
    data, told = NASTY[name]
    results = make(tmp_path, data, outputs(*ENDINGS, widths=SITE_WIDTHS), "a.jpg")
    assert len(results) == 1
    for problem in results:
        assert isinstance(problem, Problem)
        assert problem.where == "a.jpg"
        assert told in problem.message
        assert problem.fix
    if not told.startswith("damaged"):
        assert isinstance(pictures.measure(tmp_path, tmp_path / "a.jpg", "a.jpg"), Problem)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("part", [0.02, 0.5, 0.97])
@pytest.mark.parametrize("ending", CUT)
def test_a_picture_cut_off_is_one_clear_problem(tmp_path: Path, ending: str, part: float) -> None:
    data = CUT[ending]
    (problem,) = make(tmp_path, data[: int(len(data) * part)], outputs("png", "jpeg"))
    assert isinstance(problem, Problem)
    assert "cut off" in problem.message or "damaged" in problem.message, problem


@pytest.mark.parametrize(
    ("options", "faults"), [({}, 40), ({"progressive": True}, 300), ({"restart_marker_rows": 1}, 60)], ids=str
)
def test_photos_spoilt_by_one_bit_are_noticed_in_jpegs_of_every_kind(
    tmp_path: Path, options: dict, faults: int
) -> None:
    """tests/benchmarks/jpeg_damage.py measures it with photos."""
    chance, spoilt, noticed = Random(14), 0, 0
    data = saved(photo(800, 600), format="JPEG", **options)
    sound, start = jpeg_damage.decoded(data), data.index(b"\xff\xda") + 14
    for _ in range(faults):
        damaged = bytearray(data)
        damaged[chance.randrange(start, len(data) - 2)] ^= 1 << chance.randrange(8)
        seen = jpeg_damage.decoded(bytes(damaged))
        if seen and jpeg_damage.is_spoilt(sound, seen):
            spoilt += 1
            noticed += jpeg_damage.is_refused(tmp_path, bytes(damaged))
    assert spoilt > 4
    assert noticed >= spoilt / 3
    assert not jpeg_damage.is_refused(tmp_path, data)


def test_odd_marks_before_the_data_of_a_photo_are_no_damage(tmp_path: Path) -> None:
    data = saved(photo(), format="JPEG")
    position = data.index(b"\xff\xdb")
    assert not jpeg_damage.is_refused(tmp_path, data[:position] + b"junk" + data[position:])


@pytest.mark.parametrize("damage", [bytes(4000), b"\x5a" * 9 + b"\xff\xd3" + b"\x5a" * 9, b""])
def test_a_jpeg_damaged_in_the_middle_is_one_clear_problem(tmp_path: Path, damage: bytes) -> None:
    data = bytearray(saved(photo(800, 600), format="JPEG"))
    assert isinstance(make(tmp_path, data, outputs("jpeg"))[0], Artifact)
    data[len(data) // 2 : len(data) // 2 + (len(damage) or 700)] = damage
    (problem,) = make(tmp_path, data, outputs("jpeg", "png"))
    assert problem.stops
    assert str(problem).startswith("a.png: The picture opens, but seems damaged")


def test_missing_files_folders_and_pipes_are_problems(tmp_path: Path) -> None:
    (tmp_path / "Boat.JPG").write_bytes(CUT["jpeg"])
    (tmp_path / "folder.png").mkdir()
    os.mkfifo(tmp_path / "pipe.png")
    told = {"none.png": "Add the file", "boat.jpg": "There is Boat.JPG", "folder.png": "Put a", "pipe.png": "Put a"}
    for name, fix in told.items():
        problem = pictures.measure(tmp_path, tmp_path / name, name)
        assert isinstance(problem, Problem)
        assert problem.fix.startswith(fix)
    assert hash_content(tmp_path / "none.png") == hash_content(tmp_path / "pipe.png") == ""


@pytest.mark.parametrize("ending", ["jpeg", "png", "webp", "tiff", "avif"])
def test_every_orientation_comes_out_upright(tmp_path: Path, ending: str) -> None:
    upright = Image.new("RGB", (64, 32), "white")
    upright.paste("red", (0, 0, 16, 16))  # the corner that must stay top left
    back = {2: 0, 3: 3, 4: 1, 5: 5, 6: 2, 7: 6, 8: 4}  # the Transpose that undoes each
    for orientation in range(1, 9):
        exif = Image.Exif()
        exif[0x112] = orientation
        stored = upright.transpose(Image.Transpose(back[orientation])) if orientation > 1 else upright
        data = saved(stored, format=ending.upper(), exif=exif)
        (made,) = make(tmp_path, data, outputs("png"))
        assert isinstance(made, Artifact)
        assert pictures.measure(tmp_path, tmp_path / "a.png", "a.png") == (64, 32) == (made.width, made.height)
        with Image.open(made.file) as image:
            image = image.convert("RGB")
            assert image.getpixel((4, 4))[1] < 90, orientation
            assert min(image.getpixel((60, 4)) + image.getpixel((4, 28)) + image.getpixel((60, 28))) > 200, orientation


def test_orientation_is_found_after_the_pixels_of_a_png(tmp_path: Path) -> None:
    exif = Image.Exif()
    exif[0x112] = 6
    end = chunk(b"IEND", b"")
    late = chunk(b"eXIf", exif.tobytes().removeprefix(b"Exif\0\0"))
    data = saved(drawing(), format="PNG").removesuffix(end) + late + end
    (made,) = make(tmp_path, data, outputs("png"))
    assert (made.width, made.height) == (300, 400) == pictures.measure(tmp_path, tmp_path / "a.png", "a.png")


def test_colours_of_every_kind_become_srgb(tmp_path: Path) -> None:
    def near(data: bytes, wanted: tuple[int, int, int], by: int = 6) -> None:
        got = colour_of(tmp_path, data)
        assert all(abs(a - b) <= by for a, b in zip(got, wanted, strict=True)), (got, wanted)

    orange = Image.new("RGB", (40, 40), (200, 120, 60))
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    near(saved(orange, format="PNG", icc_profile=srgb), (200, 120, 60), by=1)
    near(saved(orange, format="PNG", icc_profile=b"broken"), (200, 120, 60), by=0)
    near(saved(orange, format="PNG", icc_profile=display_p3()), (214, 116, 38), by=1)  # by arithmetic, apart from lcms
    near(saved(orange.convert("RGBA"), format="PNG", icc_profile=display_p3()), (214, 116, 38), by=1)
    red = Image.new("CMYK", (40, 40), (0, 255, 255, 0))
    near(saved(red, format="JPEG", quality=95), (227, 6, 19))  # not (255, 0, 0): ink is no lamp
    deep = Image.new("I;16", (40, 40), 0x8000)
    near(saved(deep, format="PNG"), (128, 128, 128), by=1)
    rows = b"".join(b"\0" + struct.pack(">HHH", 0x8C40, 0x2F40, 0x1B40) * 40 for _ in range(40))
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 40, 40, 16, 2, 0, 0, 0))
    near(b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""), (140, 47, 27), by=1)
    near(saved(Image.new("L", (40, 40), 90), format="JPEG"), (90, 90, 90), by=1)
    near(saved(Image.new("1", (40, 40), 1), format="PNG"), (255, 255, 255), by=0)


def test_what_a_file_is_counts_and_not_what_it_is_called(tmp_path: Path) -> None:
    for suffix in CUT:
        data = saved(Image.new("RGB", (40, 20), "#8c2f1b"), format=suffix.upper())
        (made,) = make(tmp_path, data, outputs("png"), "a.jpg" if suffix != "jpeg" else "a.png")
        with Image.open(made.file) as image:
            assert image.size == (40, 20)
            got = image.convert("RGB").getpixel((9, 9))
        assert all(abs(a - b) < 8 for a, b in zip(got, (140, 47, 27), strict=True)), (suffix, got)


def test_an_heic_photo_comes_out_right_or_says_what_to_install(tmp_path: Path, monkeypatch) -> None:
    file = io.BytesIO()
    pillow_heif.from_pillow(Image.new("RGB", (64, 32), "#8c2f1b")).save(file, quality=90)
    (made,) = make(tmp_path, file.getvalue(), outputs("png"), "a.heic")
    with Image.open(made.file) as image:
        assert image.size == (64, 32)
        assert all(abs(a - b) < 8 for a, b in zip(image.convert("RGB").getpixel((9, 9)), (140, 47, 27), strict=True))
    monkeypatch.setattr(opening, "_formats", lambda: tuple(opening.FORMATS))
    (problem,) = make(tmp_path, file.getvalue(), outputs("png"), "a.heic")
    assert "is an HEIC photo" in problem.message
    assert 'pip install "pillow-heif' in problem.fix


def test_a_motion_photo_gives_its_still(tmp_path: Path) -> None:
    """Phones append a film to the JPEG, and name its length in XMP."""
    film = b"\0\0\0\x18ftypmp42" + SECRET + bytes(5000)
    data = saved(photo(), format="JPEG", xmp=b'<x GCamera:MotionPhoto="1"/>') + film
    for artifact in make(tmp_path, data, outputs(*ENDINGS), "a.jpg"):
        assert isinstance(artifact, Artifact), artifact
        assert SECRET not in artifact.file.read_bytes()


def test_an_animation_gives_its_first_frame(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "lime", "blue")]
    for suffix in ("GIF", "WEBP", "PNG", "AVIF"):
        red, green, blue = colour_of(tmp_path, saved(frames[0], format=suffix, save_all=True, append_images=frames[1:]))
        assert red > 240, suffix
        assert max(green, blue) < 15, suffix


def test_nothing_of_the_source_but_pixels_survives(tmp_path: Path) -> None:
    exif, text = Image.Exif(), SECRET.decode()
    exif[0x010E] = exif[0x013B] = text
    exif.get_ifd(0x8825).update({1: "S", 2: (8.0, 33.0, 31.0), 29: text})
    exif.get_ifd(0x8769).update({0xA431: text})
    info = PngImagePlugin.PngInfo()
    info.add_text("Comment", text)
    info.add_itxt("XML:com.adobe.xmp", f"<x>{text}</x>")
    kept = {"exif": exif, "xmp": f"<x>{text}</x>".encode()}
    profile = display_p3() + SECRET
    sources = {
        "jpeg": saved(photo(), format="JPEG", comment=SECRET, icc_profile=profile, **kept) + SECRET,
        "png": saved(photo(), format="PNG", pnginfo=info, exif=exif, icc_profile=profile) + SECRET,
        "webp": saved(photo(), format="WEBP", icc_profile=profile, **kept),
        "avif": saved(photo(), format="AVIF", icc_profile=profile, **kept),
        "gif": saved(photo(), format="GIF", comment=SECRET),
    }
    for name, data in sources.items():
        assert SECRET in data, name
        for artifact in make(tmp_path, data, outputs(*ENDINGS, widths=(100, None))):
            written = artifact.file.read_bytes()
            for mark in (SECRET, *MARKS):
                assert mark not in written, (name, artifact.file.name, mark)
            assert b"\xff\xfe" not in written[:300] or artifact.output.format != "jpeg"


def test_nothing_hides_beneath_what_is_transparent(tmp_path: Path) -> None:
    hidden = photo().convert("RGBA")
    hidden.paste((0, 0, 0, 0), (200, 0, 400, 300))
    hidden.putpixel((300, 100), (255, 0, 255, 0))
    for made in make(tmp_path, saved(hidden, format="PNG"), outputs("png", "webp")):
        with Image.open(made.file) as image:
            assert image.convert("RGBA").getpixel((300, 100)) == (0, 0, 0, 0)
    (made,) = make(tmp_path, saved(hidden, format="PNG"), outputs("jpeg"))
    with Image.open(made.file) as image:
        assert min(image.getpixel((300, 100))) > 250


def test_pictures_are_never_made_larger(tmp_path: Path) -> None:
    expected = outputs(*ENDINGS, widths=(320, 640, 960))
    results = make(tmp_path, saved(photo(700, 350), format="PNG"), expected)
    for output, artifact in zip(expected, results, strict=True):
        assert artifact.output is output
        width = min(output.width, 700)
        with Image.open(artifact.file) as image:
            assert image.size == (artifact.width, artifact.height) == (width, width // 2)
            assert image.format.lower() == output.format
        assert artifact.bytes == artifact.file.stat().st_size
    assert not list((tmp_path / "out").glob(".*"))


def test_shrunk_photos_look_as_pillow_makes_them_and_are_the_same_on_every_processor(monkeypatch) -> None:
    lanczos = Image.Resampling.LANCZOS
    if shrinking.Resizer is None:  # a computer without its wheel
        source = photo(1000, 700)
        assert shrinking.shrink(source, (90, 63), lanczos) == source.resize((90, 63), lanczos, reducing_gap=3.0)
        return
    from cykooz_resizer import CpuExtensions, Resizer

    for mode, size in (("RGB", (900, 600)), ("L", (333, 500)), ("RGB", (1, 1)), ("RGB", (1000, 300)), ("L", (64, 699))):
        source = photo(1000, 700).convert(mode)
        shrunk = shrinking.shrink(source, size, lanczos)
        assert (shrunk.mode, shrunk.size) == (mode, size)
        assert likeness(shrunk, source.resize(size, lanczos)) > 65
        for extension in (CpuExtensions.none, CpuExtensions.sse4_1, CpuExtensions.avx2):
            resizer = Resizer()
            resizer.cpu_extensions = extension
            monkeypatch.setattr(shrinking, "Resizer", lambda resizer=resizer: resizer)
            assert shrinking.shrink(source, size, lanczos).tobytes() == shrunk.tobytes()
        monkeypatch.undo()
    # Flat art, and modes that have transparency or inks, are resized by Pillow.
    for mode, resampling in (("RGB", Image.Resampling.HAMMING), ("RGBA", lanczos), ("CMYK", lanczos)):
        source = photo(1000, 700).convert(mode)
        assert shrinking.shrink(source, (90, 63), resampling) == source.resize((90, 63), resampling, reducing_gap=3.0)


def test_the_same_bytes_come_out_twice(tmp_path: Path) -> None:
    expected = outputs(*ENDINGS, widths=(320, 500))
    for data in (saved(photo(900, 600), format="JPEG"), saved(drawing(900, 600), format="PNG")):
        first, again = ([artifact.sha256 for artifact in make(tmp_path, data, expected)] for _ in range(2))
        assert first == again


def test_lossless_art_keeps_every_pixel(tmp_path: Path) -> None:
    for image in (drawing(), photo()):
        for artifact in make(tmp_path, saved(image, format="PNG"), outputs("webp", "png")):
            with Image.open(artifact.file) as result:
                assert result.convert("RGB").tobytes() == image.tobytes()


def test_flat_art_is_half_as_heavy_in_few_colours_and_looks_the_same(tmp_path: Path) -> None:
    drawn = drawing(1200, 900).resize((640, 480), Image.Resampling.LANCZOS).rotate(3, Image.Resampling.BICUBIC)
    for suffix, share in (("webp", 0.7), ("png", 0.6)):
        (made,) = make(tmp_path, saved(drawn, format="PNG"), outputs(suffix, widths=(500,)))
        with Image.open(made.file) as result:
            shown = result.convert("RGB")
        exact = drawn.resize(shown.size, Image.Resampling.HAMMING, reducing_gap=3.0)
        assert likeness(exact, shown) >= 40
        assert len(shown.getcolors(256)) <= 256
        assert made.bytes < share * len(saved(exact, **RECIPES[suffix]))


def test_the_key_follows_bytes_and_recipe_but_not_the_place(tmp_path: Path) -> None:
    one, two = tmp_path / "one.png", tmp_path / "two.png"
    for file in (one, two):
        file.write_bytes(CUT["png"])
    webp, wider = outputs("webp", widths=(320, 640))

    def key(file: Path, output: Output) -> str:
        return pictures.key(hash_content(file), output)

    assert key(one, webp) == key(two, webp)
    assert len({key(one, output) for output in (webp, wider, *outputs(*ENDINGS, widths=(320,)))}) == 5
    before = key(one, webp)
    one.write_bytes(CUT["png"] + b"x")
    assert key(one, webp) != before


def test_a_place_that_cannot_be_written_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file where a folder should be")
    (problem,) = make(tmp_path, CUT["png"], outputs("png"))
    assert (problem.id, problem.where) == ("system-refused", (tmp_path / "out").as_posix())
