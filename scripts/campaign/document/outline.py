"""List what a document refers to: links, pictures, pictograms, shortcodes, headings, notes."""

from __future__ import annotations

from campaign.models import nodes


def outline(document: nodes.Document) -> nodes.Outline:
    """Return all references of a document in order."""
    kinds = (nodes.Link, nodes.Image, nodes.Pictogram, nodes.Shortcode, nodes.Heading, nodes.Note)
    references: dict[type, list[nodes.Reference]] = {kind: [] for kind in kinds}
    for node in nodes.walk((*document.blocks, *document.notes)):
        if type(node) in references:
            references[type(node)].append(_reference(node))
    return nodes.Outline(
        links=tuple(references[nodes.Link]),
        images=tuple(references[nodes.Image]),
        pictograms=tuple(references[nodes.Pictogram]),
        shortcodes=tuple(references[nodes.Shortcode]),
        headings=tuple(references[nodes.Heading]),
        notes=tuple(references[nodes.Note]),
        note_texts=tuple(nodes.Reference(note.start, note.id) for note in document.notes),
        faults=document.faults,
        is_empty=not document.blocks,
    )


def _reference(node: nodes.Node) -> nodes.Reference:
    match node:
        case nodes.Link(start=position, to=to, children=children):
            return nodes.Reference(position, to, nodes.words(children))
        case nodes.Image(start=position, source=source, alt=alt):
            return nodes.Reference(position, source, alt)
        case nodes.Shortcode(start=position, name=name, pairs=pairs):
            return nodes.Reference(position, name, pairs=pairs)
        case nodes.Heading(start=position, id=id, children=children, level=level, is_made=is_made):
            return nodes.Reference(position, id, nodes.words(children), level=level, is_made=is_made)
        case nodes.Pictogram(start=position, name=name):
            return nodes.Reference(position, name)
        case nodes.Note(start=position, id=id):
            return nodes.Reference(position, id)
    raise TypeError(node)
