"""Merges PDFs into one print job and keeps tags, languages and bookmarks; each piece starts on a new sheet.

Appending pages would lose all three. Structure elements refer to marked content on pages, and pages refer back through
numbers that must be unique in the merged document (ISO 32000-1, 14.7.4).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name, NumberTree, Object, OutlineItem, Page, Pdf, String

from campaign.plan.print_queues import SIMPLEX

# The keys of marked content and annotations in the parent tree.
NUMBERS = (Name.StructParents, Name.StructParent)
DUPLEX = {SIMPLEX: Name.Simplex, "short-edge": Name.DuplexFlipShortEdge, "long-edge": Name.DuplexFlipLongEdge}


def merge(files: Iterable[tuple[str, Path]], title: str, language: str, duplex: str) -> bytes:
    """Return one tagged PDF of these files and titles; in `duplex`, each piece starts on a new sheet."""
    job = Pdf.new()
    tags, nodes, roles, ids = Array(), list[tuple[int, Object]](), Dictionary(), list[tuple[str, Object]]()
    marks = []
    for number, (name, path) in enumerate(files):
        with Pdf.open(path) as piece:
            first, shift = len(job.pages), nodes[-1][0] + 1 if nodes else 0
            with piece.open_outline() as outline:
                marks.append(_bookmark(name, first, outline.root, piece))
            _renumber(piece, shift, f"{number}.")
            job.pages.extend(piece.pages)
            root = job.copy_foreign(piece.Root.StructTreeRoot)
            top = root.K if isinstance(root.K, Array) else Array([root.K])
            for item in top:
                item.S, item.Lang = Name.Part, String(str(piece.Root.Lang))
                tags.append(item)
            # Older versions of pikepdf need the owner.
            parents = NumberTree(job.make_indirect(root.ParentTree))
            nodes += [(key + shift, value) for key, value in parents.items()]
            for name, role in root.get(Name.RoleMap, Dictionary()).items():
                roles[name] = role
            ids += _names(root.get(Name.IDTree))
            if duplex != SIMPLEX and len(job.pages) % 2:
                job.pages.append(_blank(job, job.pages[-1]))
    _join(job, tags, nodes, roles, ids)
    with job.open_outline() as outline:
        outline.root.extend(marks)
    _describe(job, title, language, DUPLEX[duplex])
    buffer = BytesIO()
    job.save(buffer, deterministic_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return buffer.getvalue()


def _renumber(piece: Pdf, shift: int, prefix: str) -> None:
    """Make the marked-content keys and structure IDs of a piece unique in the job."""
    for pdf_object in piece.objects:
        if not isinstance(pdf_object, (Dictionary, pikepdf.Stream)):
            continue
        for name in NUMBERS:
            if name in pdf_object:
                pdf_object[name] = int(pdf_object[name]) + shift
        if Name.S in pdf_object and Name.ID in pdf_object:
            pdf_object.ID = String(f"{prefix}{pdf_object.ID}")
        for attributes in _attributes(pdf_object) if Name.S in pdf_object else ():
            if Name.Headers in attributes:
                attributes.Headers = Array([String(f"{prefix}{header}") for header in attributes.Headers])
    tree = piece.Root.StructTreeRoot.get(Name.IDTree)
    if tree is not None:
        new_names = [(f"{prefix}{name}", value) for name, value in _names(tree)]
        piece.Root.StructTreeRoot.IDTree = _name_tree(new_names)


def _attributes(tag: Object) -> Iterator[Object]:
    """Yield the attribute dictionaries of a structure element, which may be a list with revision numbers."""
    attributes = tag.get(Name.A)
    for item in attributes if isinstance(attributes, Array) else [attributes]:
        if isinstance(item, Dictionary):
            yield item


def _names(tree: Object | None) -> Iterator[tuple[str, Object]]:
    if tree is not None:
        for name, value in pikepdf.NameTree(tree).items():
            yield str(name), value


def _name_tree(names: Iterable[tuple[str, Object]]) -> Dictionary:
    ordered = sorted(names, key=lambda item: item[0].encode())
    limits = Array([String(ordered[0][0]), String(ordered[-1][0])])
    flat = Array([part for name, value in ordered for part in (String(name), value)])
    return Dictionary(Kids=Array([Dictionary(Names=flat, Limits=limits)]))


def _join(
    job: Pdf, tags: Array, nodes: list[tuple[int, Object]], roles: Dictionary, ids: list[tuple[str, Object]]
) -> None:
    """Join the structure trees of all pieces under one root."""
    root_element = job.make_indirect(Dictionary(Type=Name.StructElem, S=Name.Document, K=tags))
    root = job.make_indirect(
        Dictionary(
            Type=Name.StructTreeRoot,
            K=root_element,
            ParentTree=job.make_indirect(Dictionary(Nums=Array([part for pair in nodes for part in pair]))),
            ParentTreeNextKey=nodes[-1][0] + 1,
            RoleMap=roles,
        )
    )
    if ids:
        root.IDTree = job.make_indirect(_name_tree(ids))
    root_element.P = root
    for tag in tags:
        tag.P = root_element
    job.Root.StructTreeRoot = root


def _bookmark(name: str, first: int, items: Iterable[OutlineItem], piece: Pdf) -> OutlineItem:
    """Add a bookmark for a piece, with its own bookmarks below."""
    mark = OutlineItem(name, first)
    pages = {page.obj.objgen: number for number, page in enumerate(piece.pages, first)}

    def moved(item: OutlineItem) -> OutlineItem:
        to = item.destination
        outline_item = OutlineItem(item.title, pages[to[0].objgen] if isinstance(to, Array) else first)
        outline_item.children.extend(map(moved, item.children))
        return outline_item

    mark.children.extend(map(moved, items))
    mark.is_closed = True
    return mark


def _blank(job: Pdf, model: Page) -> Page:
    page = Dictionary(Type=Name.Page, MediaBox=model.mediabox, Resources=Dictionary(), Contents=job.make_stream(b""))
    return Page(job.make_indirect(page))


def _describe(job: Pdf, title: str, language: str, duplex: Object) -> None:
    """Set title, language and the print dialog's presets: no scaling, and the duplex mode."""
    job.Root.Lang = String(language)
    job.Root.MarkInfo = Dictionary(Marked=True)
    job.Root.ViewerPreferences = Dictionary(DisplayDocTitle=True, PrintScaling=Name("/None"), Duplex=duplex)
    with job.open_metadata(set_pikepdf_as_editor=False, update_docinfo=True) as metadata:
        metadata["dc:title"] = title
        metadata["pdfuaid:part"] = "1"
