"""Translations as XLIFF 2.0 (OASIS), for OmegaT, memoQ, Trados and others."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path

from lxml import etree

from campaign.exchange.translation_file import MAX_BYTES, MAX_ENTRIES, Entry, not_a_file

NAMESPACE = "urn:oasis:names:tc:xliff:document:2.0"
# States of a finished segment (XLIFF 2.0, 4.3.1.28).
DONE_STATES = ("translated", "reviewed", "final")
XML = "{http://www.w3.org/XML/1998/namespace}"


def as_xliff(entries: Iterable[Entry], source: str, language: str) -> bytes:
    """Return an XLIFF 2.0 file with a `file` for each of ours and a `unit` for each text."""
    about = {"version": "2.0", "srcLang": source, "trgLang": language}
    root = etree.Element(_tag("xliff"), about, nsmap={None: NAMESPACE})
    for number, (path, file_entries) in enumerate(groupby(entries, key=lambda item: item.path), 1):
        file = etree.SubElement(root, _tag("file"), id=f"f{number}", original=path)
        for item in file_entries:
            unit = etree.SubElement(file, _tag("unit"), id=f"u{item.key}")
            notes = etree.SubElement(unit, _tag("notes"))
            for category, text in (("about", item.about), ("then", item.old_source), ("sent", item.sent)):
                if text:
                    etree.SubElement(notes, _tag("note"), category=category).text = text
            state = "translated" if item.target and not item.is_open else "initial"
            segment = etree.SubElement(unit, _tag("segment"), state=state)
            for name, text in (("source", item.source), ("target", item.target)):
                if name == "source" or text:
                    sub_element = etree.SubElement(segment, _tag(name))
                    sub_element.set(f"{XML}space", "preserve")
                    sub_element.text = text
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True))


def _tag(name: str) -> str:
    return f"{{{NAMESPACE}}}{name}"


def read_xliff(path: Path) -> list[Entry]:
    """Return the entries of an XLIFF 2.0 file, without resolving entities or document types."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        if path.stat().st_size > MAX_BYTES:
            raise not_a_file(path.name, "The file is too large.")
        tree = etree.parse(path, parser)
    except (OSError, etree.XMLSyntaxError) as error:
        raise not_a_file(path.name, f"This cannot be read as XLIFF ({str(error)[:80]}).") from None
    root = tree.getroot()
    if tree.docinfo.doctype or root.tag != _tag("xliff"):
        raise not_a_file(path.name, "This is not XLIFF 2.0.")
    results = []
    for file in root.iter(_tag("file")):
        for unit in file.iter(_tag("unit")):
            notes = {note.get("category", ""): note.text or "" for note in unit.iter(_tag("note"))}
            # Programs may split a text into sentences.
            segments = list(unit.iter(_tag("segment")))
            source, target = (" ".join(_texts(segments, name)) for name in ("source", "target"))
            is_done = bool(segments) and all(segment.get("state", "") in DONE_STATES for segment in segments)
            key = unit.get("id", "").removeprefix("u")
            fingerprint = notes.get("sent", "")
            results.append(Entry(file.get("original", ""), key, source, target, sent=fingerprint, is_open=not is_done))
            if len(results) > MAX_ENTRIES:
                raise not_a_file(path.name, "The file holds too many texts.")
    return results


def _texts(segments: Iterable[etree._Element], name: str) -> list[str]:
    return ["".join(item.itertext()) for part in segments for item in part.iter(_tag(name))]
