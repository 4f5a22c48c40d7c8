"""Files of every kind that a campaign takes, with a mark in each field and unused byte."""

# ruff: noqa: E501  a drawing is read in its own lines

from __future__ import annotations

import base64
import io
import zipfile
import zlib
from pathlib import Path

import docx
import openpyxl
import pikepdf
import pptx
from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.ttLib import TTFont
from PIL import Image, ImageCms, PngImagePlugin

LETTERS = "abcdefghijklmnopqrstuvwxyz"


def profile() -> bytes:
    """sRGB with a marked description and copyright."""
    data = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    tags = {b"desc": b"icc-desc", b"cprt": b"icc-cprt"}
    table, bodies, position = b"", b"", 132 + 12 * (len(tags) + 7)
    count = int.from_bytes(data[128:132])
    rows = []
    for start in range(132, 132 + 12 * count, 12):
        name, where, size = data[start : start + 4], data[start + 4 : start + 8], data[start + 8 : start + 12]
        where, size = int.from_bytes(where), int.from_bytes(size)
        body = data[where : where + size]
        if name in tags:
            body = b"text" + bytes(4) + b"PLANTED-" + tags[name] + b"\0"
        rows.append((name, body))
    rows.append((b"dmnd", b"text" + bytes(4) + b"PLANTED-icc-maker\0"))
    position = 132 + 12 * len(rows)
    for name, body in rows:
        body += bytes(-len(body) % 4)
        table += name + (position + len(bodies)).to_bytes(4) + len(body).to_bytes(4)
        bodies += body
    whole = data[4:128] + len(rows).to_bytes(4) + table + bodies
    return (len(whole) + 4).to_bytes(4) + whole


def exif(kind: str) -> Image.Exif:
    result = Image.Exif()
    result[0x10F] = f"PLANTED-{kind}-make"
    result[0x110] = f"PLANTED-{kind}-model"
    result[0x13B] = f"PLANTED-{kind}-artist"
    result[0x112] = 1
    result.get_ifd(0x8769).update(
        {
            0x927C: f"PLANTED-{kind}-makernote".encode(),
            0x9286: b"ASCII\0\0\0" + f"PLANTED-{kind}-comment".encode(),
            0xA431: f"PLANTED-{kind}-serial",
            0xA435: f"PLANTED-{kind}-lens",
        }
    )
    result.get_ifd(0x8825).update({1: "S", 2: (8.0, 33.0, 31.0), 29: f"PLANTED-{kind}-gps"})
    return result


def xmp(kind: str) -> bytes:
    return f'<x:xmpmeta xmlns:x="adobe:ns:meta/">PLANTED-{kind}-xmp</x:xmpmeta>'.encode()


def picture(width: int = 900, height: int = 600) -> Image.Image:
    return Image.linear_gradient("L").resize((width, height)).convert("RGB")


def jpeg(kind: str = "jpeg", width: int = 900) -> bytes:
    """Exif with GPS, maker's notes and preview; XMP, IPTC, comment, profile, odd segments, bytes after its end."""
    file = io.BytesIO()
    comment = f"PLANTED-{kind}-com".encode()
    picture(width, width * 2 // 3).save(
        file, "jpeg", quality=90, exif=exif(kind), xmp=xmp(kind), comment=comment, icc_profile=profile()
    )
    data = file.getvalue()
    iptc = (
        b"Photoshop 3.0\x008BIM\x04\x04\0\0" + (40).to_bytes(4) + f"\x1c\x02\x50PLANTED-{kind}-iptc".encode().ljust(40)
    )
    odd = b"".join(
        bytes((0xFF, name)) + (len(body) + 2).to_bytes(2) + body
        for name, body in (
            (0xED, iptc),
            (0xE5, f"PLANTED-{kind}-app5".encode()),
            (0xE0, f"JFXX\0PLANTED-{kind}-jfxx".encode()),
            (0xEF, f"PLANTED-{kind}-app15".encode()),
            (0xEB, f"PLANTED-{kind}-c2pa".encode()),
        )
    )
    # MPF and data that phones append to the picture: a second picture, a video, a trailer.
    return data[:20] + odd + data[20:] + f"PLANTED-{kind}-trailer".encode()


def png(kind: str = "png", width: int = 900) -> bytes:
    text = PngImagePlugin.PngInfo()
    text.add_text("Author", f"PLANTED-{kind}-text")
    text.add_text("Comment", f"PLANTED-{kind}-ztxt", zip=True)
    text.add_itxt("XML:com.adobe.xmp", f"PLANTED-{kind}-itxt", "", "", zip=True)
    text.add(b"prVt", f"PLANTED-{kind}-private".encode())
    file = io.BytesIO()
    picture(width, width * 2 // 3).save(file, "png", pnginfo=text, exif=exif(kind), icc_profile=profile())
    data = file.getvalue()
    position = data.index(b"IEND") - 4
    time = _chunk(b"tEXt", f"Late\0PLANTED-{kind}-late".encode())
    extra = _chunk(b"IDAT", f"PLANTED-{kind}-idat".encode())  # after the end of the compressed pixels
    return data[:position] + extra + time + data[position:] + f"PLANTED-{kind}-trailer".encode()


def _chunk(name: bytes, body: bytes) -> bytes:
    return len(body).to_bytes(4) + name + body + zlib.crc32(name + body).to_bytes(4)


def webp(kind: str = "webp") -> bytes:
    file = io.BytesIO()
    picture().save(file, "webp", exif=exif(kind).tobytes(), xmp=xmp(kind), icc_profile=profile())
    data = file.getvalue()
    body = f"PLANTED-{kind}-chunk".encode()
    body += bytes(len(body) % 2)
    data = (
        data[:4]
        + (len(data) + len(body)).to_bytes(4, "little")
        + data[8:]
        + b"NAME"
        + len(body).to_bytes(4, "little")
        + body
    )
    return data + f"PLANTED-{kind}-trailer".encode()


def tiff(kind: str = "tiff") -> bytes:
    file = io.BytesIO()
    tags = {270: f"PLANTED-{kind}-description", 305: f"PLANTED-{kind}-software", 315: f"PLANTED-{kind}-artist"}
    picture().save(file, "tiff", tiffinfo={**tags, 700: xmp(kind)}, icc_profile=profile())
    return file.getvalue() + f"PLANTED-{kind}-trailer".encode()


def heic(kind: str = "heic") -> bytes:
    import pillow_heif

    file = io.BytesIO()
    result = pillow_heif.from_pillow(picture())
    result.save(file, exif=exif(kind).tobytes(), xmp=xmp(kind))
    return file.getvalue() + f"\0\0\0\x30freePLANTED-{kind}-free".encode().ljust(48, b"\0")


def svg(kind: str = "svg", box: str = "0 0 24 24", inside: str = "", has_pictures: bool = True) -> bytes:
    """A drawing with everything that drawing programs write, hidden layers, and pictures with metadata."""
    left, top, width, height = map(float, box.split())
    say = f"PLANTED-{kind}"
    photo, flat = (base64.b64encode(data).decode() for data in (jpeg(f"{kind}-jpeg", 90), png(f"{kind}-png", 90)))
    middle = f'x="{left + width / 2}" y="{top + height / 2}" width="{min(width / 8, 5)}" height="{min(height / 8, 5)}"'
    shown = f"""<image {middle} preserveAspectRatio="none" xlink:href="data:image/jpeg;base64,{photo}" sodipodi:absref="/home/{say}-absref.jpg"/>
<image {middle} preserveAspectRatio="none" href="data:image/png;base64,{flat}"/>"""
    return f"""<?xml version="1.0"?><?planted {say}-instruction?><!-- {say}-comment -->
<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"
 xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" xmlns:sodipodi="http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd"
 viewBox="{box}" inkscape:export-filename="C:\\Users\\{say}-user\\art.png" sodipodi:docname="{say}-docname.svg" data-name="{say}-data"
 aria-label="{say}-label" class="{say}-class" id="{say}-id" xml:lang="{say}-lang">
<title>{say}-title</title><desc>{say}-desc</desc><metadata>{say}-metadata</metadata>
<sodipodi:namedview inkscape:document-units="{say}-view"/>
<style>/* {say}-css */ .{say}-style {{ fill: #224466; --{say}-property: 1; font-family: "{say}-font"; }} .gone {{ display: none }}</style>
<defs id="{say}-defs"><path id="{say}-unused" d="M0 0h1v1z"/><linearGradient id="{say}-unused-2"><stop stop-color="{say}-colour"/></linearGradient>
<linearGradient id="{say}-used" inkscape:label="{say}-gradient"><stop offset="0" stop-color="#224466"/><stop offset="1" stop-color="#112233" class="{say}-stop"/></linearGradient></defs>
<g inkscape:label="{say}-layer" display="none"><path d="M1 1h9v9z" id="{say}-hidden-1"/><image width="9" height="9" xlink:href="data:image/png;base64,{flat}"/></g>
<g style="visibility:hidden"><path d="M1 1h9v9z" inkscape:label="{say}-hidden-2"/></g>
<g class="gone"><path d="M1 1h9v9z" data-x="{say}-hidden-3"/></g><g opacity="0"><path d="M1 1h9v9z" data-x="{say}-hidden-4"/></g>
<path d="M1 1h9v9z" style="fill:none" data-x="{say}-hidden-5"/><rect width="0" height="9" data-x="{say}-empty"/>
<path d="M{left - 900} {top - 900}h9v9z" data-x="{say}-outside"/>
<path {f'd="M{left + 1} {top + 1}h{width / 2}v{height / 2}z"'} fill="url(#{say}-used)" id="{say}-shape" stroke="{say}-paint"><title>{say}-tooltip</title></path>
<path class="{say}-style" d="M{left + 2} {top + 2}h{width / 3}v{height / 3}z"/>
{shown if has_pictures else ""}{inside}
</svg><!-- {say}-behind -->""".encode()


def pictogram(kind: str) -> bytes:
    """The same in the colour of the text around it."""
    data = svg(kind, has_pictures=False).replace(b"#224466", b"currentColor").replace(b"#112233", b"currentColor")
    return data.replace(b'fill="url(#PLANTED-' + kind.encode() + b'-used)"', b'fill="currentColor"')


def pdf(kind: str = "pdf") -> bytes:
    say = f"PLANTED-{kind}"
    with pikepdf.new() as made:
        made.add_blank_page(page_size=(200, 200))
        page = made.pages[0]
        image = made.make_stream(jpeg(f"{kind}-jpeg", 90))
        image.update(
            pikepdf.Dictionary(
                Type=pikepdf.Name.XObject, Subtype=pikepdf.Name.Image, Width=90, Height=60, BitsPerComponent=8,
                ColorSpace=pikepdf.Name.DeviceRGB, Filter=pikepdf.Name.DCTDecode, Metadata=made.make_stream(f"{say}-image".encode()),
            )
        )  # fmt: skip
        page.Resources = pikepdf.Dictionary(XObject=pikepdf.Dictionary(I=image))
        page.Contents = made.make_stream(f"q 90 0 0 60 0 0 cm /I Do Q %{say}-comment\n/F 9 Tf".encode())
        _plant_fonts_and_layers(made, page, say)
        page.PieceInfo = pikepdf.Dictionary(App=pikepdf.Dictionary(Private=f"{say}-piece"))
        note = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Text,
            Rect=[0, 0, 9, 9],
            Contents=f"{say}-note",
            T=f"{say}-author",
        )
        link = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9], NM=f"{say}-name", Contents=f"{say}-link",
            A=pikepdf.Dictionary(S=pikepdf.Name.Launch, F=f"{say}-launch"),
        )  # fmt: skip
        page.Annots = pikepdf.Array([made.make_indirect(note), made.make_indirect(link)])
        made.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=f"{say}-script")
        made.Root.AcroForm = pikepdf.Dictionary(Fields=[], XFA=f"{say}-xfa")
        made.attachments["x.txt"] = pikepdf.AttachedFileSpec(
            made, f"{say}-attachment".encode(), filename=f"{say}-file.txt"
        )
        made.docinfo["/Author"] = f"{say}-info"
        with made.open_metadata() as text:
            text["dc:creator"] = [f"{say}-xmp"]
        made.Root["/PLANTED-pdf-key"] = 1
        file = io.BytesIO()
        made.trailer["/Own"] = f"{say}-own"
        made.save(file)
    whole = b"%PDF-1.7\n" + file.getvalue().split(b"\n", 1)[1]
    # An older state of the same file, as editors leave it before their update.
    return whole + f"\n99 0 obj ({say}-revision) endobj\n%{say}-trailer".encode()


def office(kind: str) -> bytes:
    """A DOCX, XLSX or PPTX with authors, paths, printers, a preview and a photo as a phone saves it."""
    file, photo, say = io.BytesIO(), io.BytesIO(jpeg(f"{kind}-jpeg", 90)), f"PLANTED-{kind}"
    if kind == "docx":
        made = docx.Document()
        made.add_picture(photo)
        main, properties = "word/document.xml", made.core_properties
    elif kind == "xlsx":
        made = openpyxl.Workbook()
        made.active["A1"] = "Tubig"
        made.active.add_image(openpyxl.drawing.image.Image(photo))
        main, properties = "xl/workbook.xml", made.properties
    else:
        made = pptx.Presentation()
        made.slides.add_slide(made.slide_layouts[6]).shapes.add_picture(photo, 0, 0)
        main, properties = "ppt/presentation.xml", made.core_properties
    for name in ("title", "creator" if kind == "xlsx" else "author", "subject", "keywords", "category"):
        setattr(properties, name, f"{say}-{name}")
    made.save(file)
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["docProps/app.xml"] = f"<Properties><Company>{say}-company</Company></Properties>".encode()
    parts["docProps/custom.xml"] = f"<Properties><property name='x'>{say}-custom</property></Properties>".encode()
    parts["docMetadata/LabelInfo.xml"] = f"<x>{say}-label</x>".encode()
    folder = main.partition("/")[0]
    parts[f"{folder}/printerSettings/printerSettings9.bin"] = f"{say}-printer".encode("utf-16-le")
    people = {"word": "people", "xl": "persons/person", "ppt": "commentAuthors"}[folder]
    parts[f"{folder}/{people}.xml"] = f"<x>{say}-person</x>".encode()
    paths = f'<absPath url="C:\\Users\\{say}-path"/><x rsidR="{say}-rsid" author="{say}-author"/><!-- {say}-comment -->'
    head, end, rest = parts[main].rpartition(b"</")
    parts[main] = head + paths.encode() + end + rest
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
        archive.comment = f"{say}-zip".encode()
    return target.getvalue()


def cff(say: str) -> bytes:
    """A bare CFF font, as embedded in PDFs, with a notice."""
    pen = T2CharStringPen(500, None)
    builder = FontBuilder(1000, isTTF=False)
    builder.setupGlyphOrder([".notdef"])
    data = {"FullName": f"{say}-full", "Notice": f"{say}-notice", "Copyright": f"{say}-copyright"}
    builder.setupCFF("Plain", data, {".notdef": pen.getCharString()}, {})
    builder.setupHorizontalMetrics({".notdef": (500, 0)})
    builder.setupHorizontalHeader()
    builder.setupPost()
    file = io.BytesIO()
    builder.font.save(file)
    return TTFont(io.BytesIO(file.getvalue())).getTableData("CFF ")


def _plant_fonts_and_layers(made: pikepdf.Pdf, page: pikepdf.Object, say: str) -> None:
    dictionary, name = pikepdf.Dictionary, pikepdf.Name
    type_1 = f"%!FontType1-1.0\n% {say}-type1-comment\n/Notice ({say}-type1) def\ncurrentfile eexec\n".encode()
    fonts = dictionary()
    for index, (key, data) in enumerate((("/FontFile3", cff(f"{say}-cff")), ("/FontFile", type_1))):
        file = made.make_stream(data, Subtype=name.Type1C) if index == 0 else made.make_stream(data, Length1=len(data))
        described = made.make_indirect(dictionary(Type=name.FontDescriptor, FontName=name.Plain))
        described[key] = file
        font = dictionary(Type=name.Font, Subtype=name.Type1, BaseFont=name.Plain, FontDescriptor=described)
        fonts[f"/F{index}"] = made.make_indirect(font)
    page.Resources.Font = fonts
    layer = made.make_indirect(dictionary(Type=name.OCG, Name=f"{say}-layer"))
    layer.Usage = dictionary(CreatorInfo=dictionary(Creator=f"{say}-layer-creator"))
    made.Root.OCProperties = dictionary(OCGs=[layer], D=dictionary(Name=f"{say}-layers", Order=[layer]))
    page.Resources.Properties = dictionary(L=layer)
    jpx = b"\0\0\0\x0cjP  \r\n\x87\n" + b"\0\0\0\x40xml " + f"{say}-jpx".encode().ljust(56) + b"\0\0\0\x0cjp2cCODE"
    picture = made.make_stream(jpx, Type=name.XObject, Subtype=name.Image, Width=1, Height=1, Filter=name.JPXDecode)
    page.Resources.XObject.J = picture
    page.Resources.ColorSpace = dictionary(C=[name.ICCBased, made.make_stream(profile(), N=3)])
    form = made.make_stream(f"q Q %{say}-form".encode(), Type=name.XObject, Subtype=name.Form, BBox=[0, 0, 1, 1])
    page.Resources.XObject.O = form
    tree = made.make_indirect(dictionary(Type=name.StructTreeRoot))
    tree.K = made.make_indirect(dictionary(Type=name.StructElem, S=name.P, P=tree, T=f"{say}-struct"))
    made.Root.StructTreeRoot = tree
    packed = zlib.compress(b"q Q") + f"{say}-behind-packed".encode()
    behind = made.make_stream(b"")
    behind.write(packed, filter=name.FlateDecode)
    page.Resources.XObject.P = behind


def font(path: Path) -> bytes:
    """A font with marked names, as from foundries and buyers."""
    result = TTFont(path)
    for index in (0, 3, 5, 7, 8, 9, 10, 13, 14, 19, 300):
        result["name"].setName(f"PLANTED-font-{LETTERS[index % 26]}", index, 3, 1, 0x409)
    file = io.BytesIO()
    result.save(file)
    return file.getvalue()
