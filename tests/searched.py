"""Searches outputs for planted marks: archives unpacked, PDFs and fonts opened, embedded pictures decoded."""

from __future__ import annotations

import base64
import gzip
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import pikepdf
from fontTools.ttLib import TTFont
from needed_tools import require_package

MARK = re.compile(rb"planted-[\w-]+", re.IGNORECASE)
WIDE = re.compile(rb"(?:p\0l\0a\0n\0t\0e\0d\0-\0(?:[\w-]\0)+)|(?:\0p\0l\0a\0n\0t\0e\0d\0-(?:\0[\w-])+)", re.IGNORECASE)
EMBEDDED_DATA = re.compile(rb"base64,([A-Za-z0-9+/=\s]{40,})")


def marks_in(folder: Path) -> list[str]:
    """`file: mark` for everything that is found below a folder, names of files too."""
    results = set()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        results |= {f"{name}: name {mark.decode()}" for mark in MARK.findall(name.encode())}
        if path.is_symlink() or not path.is_file():
            continue
        results |= {f"{name}: {mark}" for mark in _marks(path.name, path.read_bytes())}
        if path.suffix == ".zim":
            archive = require_package("libzim").reader.Archive(path)
            for index in range(archive.all_entry_count):
                item = archive._get_entry_by_id(index)
                if not item.is_redirect:
                    results |= {f"{name}/{item.path}: {m}" for m in _marks(item.path, bytes(item.get_item().content))}
    return sorted(results)


def _marks(name: str, data: bytes) -> Iterator[str]:
    for whole in (data, *_inside(name, data)):
        yield from (item.decode() for item in MARK.findall(whole))
        yield from (item.replace(b"\0", b"").decode() for item in WIDE.findall(whole))


def _inside(name: str, data: bytes) -> Iterator[bytes]:
    """Return the members of an archive, each as stored and with its own members."""
    parts: list[tuple[str, bytes]] = []
    if data[:4] == b"PK\x03\x04":
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            yield archive.comment
            for item in archive.infolist():
                yield item.filename.encode() + item.comment + item.extra
                parts.append((item.filename, archive.read(item)))
    elif data[:2] == b"\x1f\x8b":
        parts.append((name, gzip.decompress(data)))
    elif data[:5] == b"%PDF-":
        parts += _pdf(data)
    elif data[:4] in (b"wOF2", b"wOFF", b"OTTO", b"\0\1\0\0"):
        parts.append(("font", _font(data)))
    elif data[:4] == b"\x89PNG":
        parts += [("chunk", item) for item in _png(data)]
    parts += [("embedded", base64.b64decode(item)) for item in EMBEDDED_DATA.findall(data)]
    for inner, content in parts:
        yield content
        yield from _inside(inner, content)


def _pdf(data: bytes) -> Iterator[tuple[str, bytes]]:
    with pikepdf.open(io.BytesIO(data)) as pdf:
        yield "trailer", repr(pdf.trailer).encode()
        for each in pdf.objects:
            yield "object", repr(each).encode()
            if isinstance(each, pikepdf.Stream):
                yield "raw", each.read_raw_bytes()
                try:
                    yield "stream", each.read_bytes()
                except pikepdf.PdfError:  # a picture's own encoding
                    continue


def _font(data: bytes) -> bytes:
    font = TTFont(io.BytesIO(data))
    return b"\n".join(str(row).encode() for row in font["name"].names) if "name" in font else b""


def _png(data: bytes) -> Iterator[bytes]:
    position = 8
    while position + 12 <= len(data):
        size, kind = int.from_bytes(data[position : position + 4]), data[position + 4 : position + 8]
        body = data[position + 8 : position + 8 + size]
        for start in [match.start() for match in re.finditer(rb"x[\x01\x5e\x9c\xda]", body)] if kind != b"IDAT" else []:
            try:
                yield zlib.decompress(body[start:])
            except zlib.error:
                continue
        position += size + 12
