"""List what a document refers to: links, pictures, pictograms, shortcodes, headings, notes."""

from __future__ import annotations

from campaign.models.nodes import (
    Document,
    Heading,
    Image,
    Link,
    Node,
    Note,
    Outline,
    Pictogram,
    Reference,
    Shortcode,
    walk,
    words,
)


def outline(document: Document) -> Outline:
    """Return all references of a document in order."""
    found: dict[type, list[Reference]] = {kind: [] for kind in (Link, Image, Pictogram, Shortcode, Heading, Note)}
    for node in walk((*document.blocks, *document.notes)):
        if type(node) in found:
            found[type(node)].append(_reference(node))
    return Outline(
        links=tuple(found[Link]),
        images=tuple(found[Image]),
        pictograms=tuple(found[Pictogram]),
        shortcodes=tuple(found[Shortcode]),
        headings=tuple(found[Heading]),
        notes=tuple(found[Note]),
        note_texts=tuple(Reference(note.at, note.id) for note in document.notes),
        faults=document.faults,
        is_empty=not document.blocks,
    )


def _reference(node: Node) -> Reference:
    match node:
        case Link(at=at, to=to, children=children):
            return Reference(at, to, words(children))
        case Image(at=at, source=source, alt=alt):
            return Reference(at, source, alt)
        case Shortcode(at=at, name=name, pairs=pairs):
            return Reference(at, name, pairs=pairs)
        case Heading(at=at, id=id, children=children, level=level, is_made=is_made):
            return Reference(at, id, words(children), level=level, is_made=is_made)
        case Pictogram(at=at, name=name):
            return Reference(at, name)
        case Note(at=at, id=id):
            return Reference(at, id)
    raise TypeError(node)
