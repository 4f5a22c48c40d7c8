"""List what a document refers to: links, pictures, pictograms, shortcodes, headings, notes."""

from __future__ import annotations

from campaign.models import nodes


def outline(document: nodes.Document) -> nodes.Outline:
    """Return all references of a document in order."""
    kinds = (nodes.Link, nodes.Image, nodes.Pictogram, nodes.Shortcode, nodes.Heading, nodes.Note)
    found: dict[type, list[nodes.Reference]] = {kind: [] for kind in kinds}
    for node in nodes.walk((*document.blocks, *document.notes)):
        if type(node) in found:
            found[type(node)].append(_reference(node))
    return nodes.Outline(
        links=tuple(found[nodes.Link]),
        images=tuple(found[nodes.Image]),
        pictograms=tuple(found[nodes.Pictogram]),
        shortcodes=tuple(found[nodes.Shortcode]),
        headings=tuple(found[nodes.Heading]),
        notes=tuple(found[nodes.Note]),
        note_texts=tuple(nodes.Reference(note.at, note.id) for note in document.notes),
        faults=document.faults,
        is_empty=not document.blocks,
    )


def _reference(node: nodes.Node) -> nodes.Reference:
    match node:
        case nodes.Link(at=at, to=to, children=children):
            return nodes.Reference(at, to, nodes.words(children))
        case nodes.Image(at=at, source=source, alt=alt):
            return nodes.Reference(at, source, alt)
        case nodes.Shortcode(at=at, name=name, pairs=pairs):
            return nodes.Reference(at, name, pairs=pairs)
        case nodes.Heading(at=at, id=id, children=children, level=level, is_made=is_made):
            return nodes.Reference(at, id, nodes.words(children), level=level, is_made=is_made)
        case nodes.Pictogram(at=at, name=name):
            return nodes.Reference(at, name)
        case nodes.Note(at=at, id=id):
            return nodes.Reference(at, id)
    raise TypeError(node)
