"""Remove names, paths and histories from Office files (DOCX, XLSX, PPTX); readers see the same.

Comments, tracked changes and other hidden content stay their author's decision: such files are refused. Only known
parts are copied, so nothing arrives by accident. Used for files in public/.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Callable, Mapping
from functools import reduce
from io import BytesIO
from posixpath import dirname, join, normpath
from typing import Any

from lxml import etree

from campaign.cleaning.hidden import HiddenContentError
from campaign.cleaning.svg import parse_svg

MAX_UNPACKED_BYTES = 100_000_000
KNOWN_PARTS = re.compile(
    r"\[Content_Types\]\.xml|(?:.*/)?_rels/[^/]*\.rels|(?:word|xl|ppt)/(?:theme|charts|diagrams)/\w+\.xml"
    r"|word/(?:document|styles|stylesWithEffects|settings|webSettings|fontTable|numbering|(?:foot|end)notes)\.xml"
    r"|word/(?:header|footer)\d*\.xml|word/fonts/\w+\.odttf"
    r"|xl/(?:workbook|styles|sharedStrings|calcChain)\.xml|xl/(?:worksheets|tables|drawings)/\w+\.xml"
    r"|ppt/(?:presentation|presProps|viewProps|tableStyles)\.xml"
    r"|ppt/(?:slides|slideLayouts|slideMasters|notesSlides|notesMasters|handoutMasters)/\w+\.xml"
)
MEDIA = re.compile(r"(?:word|xl|ppt)/media/[^/]+")
# Authors, editing times, paths, printers, previews and versions.
DROPPED_PARTS = re.compile(
    r"(?:docProps|docMetadata|customXml|word/glossary|xl/persons|ppt/changesInfos)/.*|.*/printerSettings/.*"
    r"|word/people\.xml|ppt/(?:commentAuthors|authors|revisionInfo)\.xml",
    re.IGNORECASE,
)
DROPPED_ELEMENTS = (
    *("rsids", "docId", "docVars", "attachedTemplate", "mailMerge", "dataBinding", "printerSettings", "absPath"),
    *("fileSharing", "revisionPtr"),
)
DROPPED_ATTRIBUTES = re.compile(r"rsid\w*|author|initials|userId|userName")
LOCAL_PATH = re.compile(r"(?i)\b[a-z]:[\\/]|file:|\\\\\w|^/(?:home|users)/")
ADDRESS = re.compile(r"(?i)(?:https?|mailto|tel):")
# The kind of a part, by its name.
OTHER_PARTS = {
    "comment": "comments",
    "vba|macro|activex|ctrlprops": "macros or form controls",
    "embeddings": "an embedded file",
    "external|connections|query": "links to other files",
    "pivot|slicer": "the data behind a pivot table",
}
CROPPED = re.compile(r"[\d.]*[1-9]")  # a negative share adds space instead
TRACKED = frozenset(["ins", "del", "moveFrom", "moveTo", "cellIns", "cellDel", "cellMerge", "numberingChange"])
WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
ON = ("1", "true")
OFF = ("0", "false", "off")
RELATIONSHIP_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_Element = Any  # lxml has no types


def clean_office(data: bytes, clean_media: Callable[[bytes, str], bytes]) -> dict[str, bytes]:
    """Return the parts of the cleaned file. `clean_media`: cleans a picture, given its content and name.

    Raises:
        HiddenContentError: something in it isn't visible, or can't be cleaned.
        ValueError: the file is damaged or too large.
    """
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if sum(member.file_size for member in archive.infolist()) > MAX_UNPACKED_BYTES:
                raise ValueError("too large")
            parts = {name: archive.read(name) for name in archive.namelist() if not name.endswith("/")}
        kept_parts = {name: part for name, part in parts.items() if not DROPPED_PARTS.fullmatch(name)}
        return {
            name: _cleaned(name, part, clean_media) for name, part in kept_parts.items() if _has_owner(name, kept_parts)
        }
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, etree.XMLSyntaxError, EOFError) as error:
        raise ValueError(str(error)) from error


def _has_owner(name: str, parts: Mapping[str, bytes]) -> bool:
    """Return whether the part that a list of relationships belongs to is kept; True for other parts."""
    folder, mark, file = name.rpartition("_rels/")
    return not (mark and file.endswith(".rels")) or file == ".rels" or folder + file.removesuffix(".rels") in parts


def _cleaned(name: str, part: bytes, clean_media: Callable[[bytes, str], bytes]) -> bytes:
    if MEDIA.fullmatch(name):
        try:
            return clean_media(part, name.lower())
        except ValueError:
            raise HiddenContentError(f"`{name}`, a picture that isn't JPEG, PNG, WebP or SVG") from None
    if not KNOWN_PARTS.fullmatch(name):
        kinds = (words for pattern, words in OTHER_PARTS.items() if re.search(pattern, name.lower()))
        raise HiddenContentError(next(kinds, f"`{name}`"))
    if name.endswith(".odttf"):
        return part
    root = parse_svg(part)  # a parser that resolves nothing outside the file
    if name.endswith(".rels"):
        _keep_visible_targets(root, name)
    elif name == "[Content_Types].xml":
        _remove(root, lambda item: bool(DROPPED_PARTS.fullmatch(item.get("PartName", "").lstrip("/"))))
    else:
        _refuse_hidden(root)
        _remove(root, lambda item: _local_name(item) in DROPPED_ELEMENTS)
        for element in root.iter("*"):
            _drop_attributes(element)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True))


def _keep_visible_targets(root: _Element, name: str) -> None:
    folder = dirname(dirname(name))

    def leads_to_dropped(item: _Element) -> bool:
        path = normpath(join("/", folder, item.get("Target", ""))).lstrip("/")
        return item.get("Type", "").endswith("/attachedTemplate") or bool(DROPPED_PARTS.fullmatch(path))

    _remove(root, leads_to_dropped)
    for item in root.iter("{*}Relationship"):
        is_link = item.get("Type", "").endswith("/hyperlink") and ADDRESS.match(item.get("Target", ""))
        if item.get("TargetMode") == "External" and not is_link:
            raise HiddenContentError(f"a link to `{item.get('Target', '')}`")


def _refuse_hidden(root: _Element) -> None:
    if _local_name(root) == "notes" and any(_local_name(text.getparent()) != "fld" for text in root.iter("{*}t")):
        raise HiddenContentError("notes for the speaker")
    for element in root.iter("*"):
        if words := _hidden(element, _local_name(element)):
            raise HiddenContentError(words)
    if _has_hidden_cells(root):
        raise HiddenContentError("hidden rows or columns")


def _hidden(element: _Element, name: str) -> str:
    """Return what an element hides, or ''."""
    if element.tag.startswith(WORD) and (name in TRACKED or name.endswith("PrChange")):
        return "tracked changes"
    if name == "r" and element.findtext(f"{WORD}t") and _is_on(element.find(f"{WORD}rPr/{WORD}vanish")):
        return "hidden text"
    if name == "instrText" and LOCAL_PATH.search(element.text or ""):
        return "a field that names a file of a computer"
    if name == "srcRect" and any(map(CROPPED.match, element.attrib.values())):
        return "pictures with parts that are cropped away"
    if name == "sheet" and element.get("state", "visible") != "visible":
        return "hidden sheets"
    return "hidden slides" if name == "sld" and element.get("show") in OFF else ""


def _is_on(switch: _Element | None) -> bool:
    return switch is not None and switch.get(f"{WORD}val") not in OFF


def _has_hidden_cells(root: _Element) -> bool:
    columns = [column for column in root.iter("{*}col") if column.get("hidden") in ON]
    ranges = [range(int(column.get("min")), int(column.get("max")) + 1) for column in columns]
    return any(
        len(cell) and (row.get("hidden") in ON or any(_column(cell) in hidden for hidden in ranges))
        for row in root.iter("{*}row")
        for cell in row.iter("{*}c")
    )


def _column(cell: _Element) -> int:
    """Return the number of a cell's column: 1 for A, 27 for AA."""
    letters = cell.get("r", "").rstrip("0123456789")
    return reduce(lambda total, letter: total * 26 + ord(letter) - 64, letters, 0)


def _remove(root: _Element, is_dropped: Callable[[_Element], bool]) -> None:
    for element in [element for element in root.iterdescendants("*") if is_dropped(element)]:
        parent = element.getparent()
        parent.remove(element)
        # An alternative without content is invalid.
        while not len(parent) and _local_name(parent) in ("Choice", "AlternateContent"):
            parent, empty = parent.getparent(), parent
            parent.remove(empty)


def _drop_attributes(element: _Element) -> None:
    for name, value in list(element.attrib.items()):
        is_printer = name == RELATIONSHIP_ID and _local_name(element) == "pageSetup"
        if is_printer or DROPPED_ATTRIBUTES.fullmatch(name.rpartition("}")[2]) or LOCAL_PATH.search(value):
            del element.attrib[name]


def _local_name(element: _Element) -> str:
    return str(element.tag).rpartition("}")[2]
