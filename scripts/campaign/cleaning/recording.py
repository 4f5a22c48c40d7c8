"""Recordings (MP3, Ogg Vorbis and Opus) without tags and pictures but ours: ID3v2.3, or Vorbis comments."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath

from campaign.cleaning.mp3 import clean_mp3
from campaign.cleaning.ogg import clean_ogg

ENDINGS = (".opus", ".ogg", ".mp3")
FRAMES = {"TITLE": b"TIT2", "TRACKNUMBER": b"TRCK", "ALBUM": b"TALB"}


def clean_recording(data: bytes, name: str, tags: Mapping[str, str] | None = None) -> bytes:
    """Return only the sound of a kind of file, with our tags. Raise ValueError without sound."""
    if PurePath(name).suffix.lower() == ".mp3":
        return _id3(tags or {}) + clean_mp3(data)
    return clean_ogg(data, tags or {})


def _id3(tags: Mapping[str, str]) -> bytes:
    """Return tags in UTF-16 with a byte order mark, which every player reads."""
    frames = b""
    for key, text in tags.items():
        body = b"\x01" + text.encode("utf-16")
        frames += FRAMES[key] + len(body).to_bytes(4) + b"\0\0" + body
    size = bytes((len(frames) >> shift) & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\0\0" + size + frames if frames else b""
