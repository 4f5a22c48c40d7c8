"""Fields to fill in on a computer: Typst marks each empty cell by a link, which becomes a field of the PDF here."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import msgspec
from pikepdf import Array, Dictionary, Name, Object, ObjectStreamMode, Pdf, Stream, String

from campaign.models.filled_form import RECORD_FIELD, FormRecord, field_name
from campaign.printing.blocks import Node, cell_use

# The beginning of a marking link's address; `.invalid` can't exist (RFC 2606).
MARK = "https://field.invalid/"
TABLE = "table"
TICK = "tick"
NUMBER = "number"
LINE = "line"
# Characters that only shape lines.
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2069]")
# Typed text is at most as large as the text around it, just above the line.
MAX_FIELD_HEIGHT_PT = 17.0
# Annotation flag: print.
PRINTED = 4
HIDDEN = 2
CENTRED = 1
# Size 0: as large as fits.
TEXT_FONT = "/Helv 0 Tf 0 g"
TICK_FONT = "/ZaDb 0 Tf 0 g"


@dataclass(frozen=True)
class Field:
    """A field of a form; `title` is what screen readers say."""

    kind: str  # TICK, NUMBER or LINE
    title: str


@dataclass(frozen=True)
class Fields:
    """The fields of a form by name, and the words around them."""

    by_name: Mapping[str, Field]
    record: FormRecord


def mark_fields(description: dict[str, Any]) -> tuple[dict[str, Any], Fields]:
    """Return a description with a mark in each empty cell, and the fields that these become."""
    tables = [*_tables(description["panels"])]
    fields: dict[str, Field] = {}
    marked = [_mark_table(index, table, fields) for index, table in enumerate(tables)]
    printed = [[[_printed(cell) for cell in row] for row in table["c"]] for table in tables]
    record = FormRecord(description["piece"], description["language"]["code"], printed)
    panels = _with_tables(description["panels"], iter(marked))
    return {**description, "panels": panels}, Fields(fields, record)


def _tables(node: object) -> Iterator[Node]:
    """Yield the tables with empty cells, in the order of the text."""
    if isinstance(node, dict) and node.get("t") == TABLE:
        if _is_form(node):
            yield node
    elif isinstance(node, dict | list):
        for item in node.values() if isinstance(node, dict) else node:
            yield from _tables(item)


def _is_form(table: Node) -> bool:
    return any(not cell or cell_use(cell) for row in table["c"][1:] for cell in row)


def _with_tables(node: Any, tables: Iterator[Node]) -> Any:
    if isinstance(node, dict) and node.get("t") == TABLE:
        return next(tables) if _is_form(node) else node
    if isinstance(node, dict):
        return {key: _with_tables(value, tables) for key, value in node.items()}
    return [_with_tables(item, tables) for item in node] if isinstance(node, list) else node


def _mark_table(index: int, table: Node, fields: dict[str, Field]) -> Node:
    head, *rows = table["c"]
    results = [head]
    for number, row in enumerate(rows, 1):
        results.append([])
        for column, cell in enumerate(row):
            if cell and not cell_use(cell):
                results[-1].append(cell)
                continue
            name = field_name(index, number, column)
            kind = cell_use(cell) or (TICK if table["columns"][column] == 0 else LINE)
            heading = _words(head[column]) if column < len(head) else ""
            words = " ".join(filter(None, map(_words, row))) or str(number)
            fields[name] = Field(kind, ", ".join(filter(None, (words, heading))))
            results[-1].append([{"t": "use", "kind": kind, "field": MARK + name}])
    return {**table, "c": results}


def _printed(cell: list[object]) -> str | None:
    """Return the words of a cell, None if it is empty."""
    return _words(cell) if cell and not cell_use(cell) else None


def _words(cell: Iterable[Any]) -> str:
    """Return the words of a cell, without the numbers of notes."""
    parts = (part if isinstance(part, str) else _words(part.get("c", ())) for part in cell if not _is_note(part))
    return " ".join(INVISIBLE.sub("", "".join(parts)).split())


def _is_note(part: Any) -> bool:
    return isinstance(part, dict) and part["t"] == "sup"


def add_fields(pdf: bytes, fields: Fields) -> bytes:
    """Return a PDF whose marks are fields, in the order of its text, with the record in a hidden one."""
    with Pdf.open(BytesIO(pdf)) as document:
        tree = _Tree(document)
        for page in document.pages:
            marks = [mark for mark in page.obj.get(Name.Annots, Array()) if _mark_of(mark)]
            for mark in marks:
                name = _mark_of(mark)
                _to_widget(document, mark, fields.by_name[name])
                tree.add(name, mark)
            if marks:
                page.obj.Tabs = Name.S
        _hide_record(document, tree, fields.record)
        _retag(document)
        document.Root.AcroForm = Dictionary(
            Fields=tree.roots, DR=Dictionary(Font=_fonts(document)), DA=String(TEXT_FONT), NeedAppearances=True
        )
        buffer = BytesIO()
        document.save(
            buffer, deterministic_id=True, object_stream_mode=ObjectStreamMode.preserve, fix_metadata_version=False
        )
        return buffer.getvalue()


def _fonts(document: Pdf) -> Dictionary:
    """Return fonts that every reader has: for words, and for ticks."""
    base = {"/Type": Name.Font, "/Subtype": Name.Type1}
    words = Dictionary({**base, "/BaseFont": Name.Helvetica, "/Encoding": Name.WinAnsiEncoding})
    ticks = Dictionary({**base, "/BaseFont": Name.ZapfDingbats})
    return Dictionary(Helv=document.make_indirect(words), ZaDb=document.make_indirect(ticks))


class _Tree:
    """The fields by the parts of their names: `2`, `2.1`, `2.1.3`."""

    def __init__(self, document: Pdf) -> None:
        self.document, self.roots, self._nodes = document, Array(), dict[str, Object]()

    def add(self, name: str, widget: Object) -> None:
        """Add a field below the nodes of its name."""
        above, _, last = name.rpartition(".")
        widget.T = String(last)
        if above:
            widget.Parent = self._node(above)
            widget.Parent.Kids.append(widget)
        else:
            self.roots.append(widget)

    def _node(self, name: str) -> Object:
        if name not in self._nodes:
            self._nodes[name] = self.document.make_indirect(Dictionary(Kids=Array()))
            self.add(name, self._nodes[name])
        return self._nodes[name]


def _mark_of(annotation: Object) -> str:
    action = annotation.get(Name.A, Dictionary())
    address = str(action.get(Name.URI, ""))
    return address.removeprefix(MARK) if address.startswith(MARK) else ""


def _to_widget(document: Pdf, mark: Object, field: Field) -> None:
    """Turn a link into a field in the same place of the reading order."""
    for key in ("/A", "/Border", "/C", "/H", "/Contents"):
        if key in mark:
            del mark[key]
    left, bottom, right, top = map(float, mark.Rect)
    width, height = right - left, top - bottom
    mark.Subtype, mark.F, mark.TU = Name.Widget, PRINTED, String(field.title)
    if field.kind == TICK:
        mark.FT, mark.V, mark.AS = Name.Btn, Name.Off, Name.Off
        mark.MK, mark.DA = Dictionary(CA=String("4")), String(TICK_FONT)
        tick = b"q 0.1 G %.2f w 1 J %.2f %.2f m %.2f %.2f l %.2f %.2f l S Q"
        shape = [width * part for part in (0.14, 0.22, 0.5, 0.42, 0.27, 0.8, 0.78)]
        states = {"/Yes": tick % tuple(shape), "/Off": b""}
        drawn = {name: _drawn(document, width, height, text) for name, text in states.items()}
        mark.AP = Dictionary(N=Dictionary(drawn))
        return
    if height > MAX_FIELD_HEIGHT_PT and field.kind == LINE:
        height = MAX_FIELD_HEIGHT_PT
        mark.Rect = Array([left, bottom, right, bottom + height])
    mark.FT, mark.V, mark.DA, mark.MK = Name.Tx, String(""), String(TEXT_FONT), Dictionary()
    if field.kind == NUMBER:
        mark.Q = CENTRED
    mark.AP = Dictionary(N=_drawn(document, width, height, b"/Tx BMC EMC"))


def _drawn(document: Pdf, width: float, height: float, content: bytes) -> Stream:
    return Stream(
        document, content, Type=Name.XObject, Subtype=Name.Form, BBox=Array([0, 0, round(width, 3), round(height, 3)])
    )


def _hide_record(document: Pdf, tree: _Tree, record: FormRecord) -> None:
    """Put the record into a hidden field, because programs that save a form keep those and drop attachments."""
    page = next(page for page in document.pages if Name.Annots in page.obj)
    hidden = Dictionary(
        Type=Name.Annot, Subtype=Name.Widget, FT=Name.Tx, Ff=1, F=HIDDEN, Rect=Array([0, 0, 0, 0]), P=page.obj
    )
    hidden.V = String(msgspec.json.encode(record).decode())
    widget = document.make_indirect(hidden)
    tree.add(RECORD_FIELD, widget)
    page.obj.Annots.append(widget)


def _retag(document: Pdf) -> None:
    """Tag the fields as parts of a form, no longer as links."""
    for item in document.objects:
        if isinstance(item, Dictionary) and item.get(Name.S) == Name.Link and _shows_field(item):
            item.S = Name.Form
            if Name.Alt in item:
                del item.Alt


def _shows_field(element: Object) -> bool:
    kids = element.get(Name.K, Array())
    return any(
        isinstance(kid, Dictionary) and kid.get(Name.Obj, Dictionary()).get(Name.Subtype) == Name.Widget
        for kid in (kids if isinstance(kids, Array) else [kids])
    )
