"""Converts the RGB colours of a PDF to CMYK.

Typst writes CMYK where a design names it, but drawings remain RGB. Here the campaign's colours get their declared inks,
neutrals become black only, and all others are converted through the ICC profile.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, Stream

from campaign.models.theme import Profile
from campaign.printing.separations import separate, separate_colour

Inks = Mapping[str, tuple[int, ...]]
Spots = Mapping[str, Array]  # '#rrggbb' of a drawing -> the Separation that it is printed in
NUMBER = rb"-?[\d.]+"
PAINT = re.compile(rb"/([A-Za-z]+\d+) (cs|CS) ((?:" + NUMBER + rb" )+)(scn|SCN)\b")


# Typst's own names of colour spaces are c0, c1, …
SPOT = "Spot"


def _hex(*parts: float) -> str:
    return "#" + "".join(f"{round(part * 255):02x}" for part in parts)


class PrepressError(Exception):
    """A colour that can't be converted to CMYK."""


def drop(dictionary: pikepdf.Object, *names: Name) -> None:
    """Delete keys from a dictionary if they exist."""
    for name in names:
        if name in dictionary:
            del dictionary[name]


def values_of(dictionary: pikepdf.Object) -> list[pikepdf.Object]:
    """Return a dictionary's values; `values()` needs pikepdf 9.11, which has no wheels for older Macs."""
    return [value for _, value in dictionary.items()]


class Converter:
    """Converts the RGB colours of one document, each shared object once."""

    def __init__(self, document: Pdf, inks: Inks, profile: Profile, spots: Spots | None = None) -> None:
        self.document = document
        self.spots = spots or {}
        self.profile = profile
        self.inks = {hex.lower(): tuple(part / 100 for part in parts) for hex, parts in inks.items()}
        self.seen: set[tuple[int, int]] = set()
        self.operators: dict[tuple[str, bytes], bytes] = {}
        self.fonts: dict[tuple[int, int], pikepdf.Object] = {}

    def convert_contents(self, page: pikepdf.Page) -> None:
        """Convert the colours in a page's content streams."""
        content = page.obj.Contents
        for stream in content if isinstance(content, Array) else (content,):
            self._convert_stream(stream, page.obj.get(Name.Resources))

    def convert_group(self, group: pikepdf.Object) -> None:
        """Set the blending space of a transparency group: CMYK, or grey for masks."""
        space = group.get(Name.CS)
        if space is not None and self._kind(space) == "rgb":
            group.CS = Name.DeviceCMYK

    def convert_resources(self, resources: pikepdf.Object | None) -> None:
        """Convert the colours of all forms, shadings and images in a resource dictionary."""
        if resources is None:
            return
        self.fonts |= {font.objgen: font for font in values_of(resources.get(Name.Font, Dictionary()))}
        for item in values_of(resources.get(Name.XObject, Dictionary())):
            self._convert_object(item)
        for item in values_of(resources.get(Name.Pattern, Dictionary())):
            self._convert_pattern(item)
        for item in values_of(resources.get(Name.Shading, Dictionary())):
            self._convert_shading(item)
        for state in values_of(resources.get(Name.ExtGState, Dictionary())):
            mask = state.get(Name.SMask)
            if isinstance(mask, Dictionary) and Name.G in mask:
                self._convert_object(mask.G)

    def _is_new(self, pdf_object: pikepdf.Object) -> bool:
        if not pdf_object.is_indirect:
            return True
        if pdf_object.objgen in self.seen:
            return False
        self.seen.add(pdf_object.objgen)
        return True

    def _convert_object(self, pdf_object: pikepdf.Object) -> None:
        if not self._is_new(pdf_object):
            return
        if pdf_object.get(Name.Subtype) == Name.Image:
            self._convert_image(pdf_object)
            return
        self.convert_resources(pdf_object.get(Name.Resources))
        if Name.Group in pdf_object:
            self.convert_group(pdf_object.Group)
        self._convert_stream(pdf_object, pdf_object.get(Name.Resources))

    def _convert_pattern(self, pattern: pikepdf.Object) -> None:
        if not self._is_new(pattern):
            return
        if isinstance(pattern, Stream):
            self.convert_resources(pattern.get(Name.Resources))
            self._convert_stream(pattern, pattern.get(Name.Resources))
        elif Name.Shading in pattern:
            self._convert_shading(pattern.Shading)

    def _kind(self, space: pikepdf.Object) -> str:
        """Return 'rgb', 'grey', or '' for CMYK, spot colours and patterns."""
        if isinstance(space, Name):
            return {"/DeviceRGB": "rgb", "/DeviceGray": "grey"}.get(str(space), "")
        head = str(space[0])
        if head == "/ICCBased":
            return {3: "rgb", 1: "grey"}.get(int(space[1].N), "")
        return {"/CalRGB": "rgb", "/CalGray": "grey"}.get(head, "")

    def _convert_stream(self, stream: pikepdf.Object, resources: pikepdf.Object | None) -> None:
        spaces = resources.get(Name.ColorSpace) if resources is not None else None
        kinds = (
            {str(name)[1:].encode(): self._kind(space) for name, space in spaces.items()} if spaces is not None else {}
        )
        screen = {name for name, kind in kinds.items() if kind}
        content = stream.read_bytes()
        if screen and spaces is not None:
            content = PAINT.sub(lambda match: self._operator(match, kinds), content)
            for index, space in enumerate(self.spots.values()):
                spaces[Name(f"/{SPOT}{index}")] = space
            unconverted = [name for name in screen if re.search(rb"/" + name + rb" (cs|CS)\b", content)]
            if unconverted:
                raise PrepressError("A colour operator is written in an unknown way.")
            for name in screen:
                del spaces[Name("/" + name.decode())]
        elif not re.search(rb"\b(rg|RG|g|G)\b", content):
            return
        stream.write(content)

    def _operator(self, match: re.Match[bytes], kinds: Mapping[bytes, str]) -> bytes:
        kind = kinds.get(match.group(1), "")
        if not kind:
            return match.group(0)
        numbers = match.group(3)
        parts = [float(number) for number in numbers.split()]
        parts = parts * 3 if kind == "grey" else parts
        if self.spots and (hex := _hex(*parts)) in self.spots:
            paint = b" /%s%d cs 1 scn" if match.group(2) == b"cs" else b" /%s%d CS 1 SCN"
            return paint % (SPOT.encode(), [*self.spots].index(hex))
        if (kind, numbers) not in self.operators:
            self.operators[kind, numbers] = b" " + b" ".join(b"%.4g" % ink for ink in self.to_inks(*parts))
        return self.operators[kind, numbers] + (b" k" if match.group(2) == b"cs" else b" K")

    def to_inks(self, red: float, green: float, blue: float) -> tuple[float, ...]:
        """Return the inks for an RGB colour; all components are from 0 to 1."""
        hex = _hex(red, green, blue)
        return self.inks.get(hex) or separate_colour(hex, self.profile)

    def _convert_shading(self, shading: pikepdf.Object) -> None:
        if not self._is_new(shading):
            return
        kind = self._kind(shading.ColorSpace)
        if not kind:
            return
        shading.ColorSpace = Name.DeviceCMYK
        if Name.Function not in shading:
            raise PrepressError("A drawing holds a mesh gradient.")
        self._convert_function(shading.Function, kind)

    def _convert_function(self, function: pikepdf.Object, kind: str) -> None:
        if int(function.FunctionType) == 3:
            for part in function.Functions:
                self._convert_function(part, kind)
            drop(function, Name.Range)
        elif int(function.FunctionType) == 2:
            if not self._is_new(function):
                return
            for end in (Name.C0, Name.C1):
                parts = [float(number) for number in function[end]]
                function[end] = Array(
                    [round(ink, 4) for ink in self.to_inks(*(parts * 3 if kind == "grey" else parts))]
                )
            if Name.Range in function:
                function.Range = Array([0, 1] * 4)
        else:
            raise PrepressError("A drawing holds a gradient that cannot be turned into inks.")

    def _convert_image(self, image: pikepdf.Object) -> None:
        """Convert an image; its soft mask is kept."""
        space = image.get(Name.ColorSpace)
        is_picture = space is not None and not image.get(Name.ImageMask, False) and self._kind(space) == "rgb"
        if not isinstance(image, Stream) or not is_picture:
            return
        picture = separate(pikepdf.PdfImage(image).as_pil_image().convert("RGB"), self.profile)
        image.write(zlib.compress(picture.tobytes(), 9), filter=Name.FlateDecode)
        image.ColorSpace, image.BitsPerComponent = Name.DeviceCMYK, 8
        drop(image, Name.Decode)
