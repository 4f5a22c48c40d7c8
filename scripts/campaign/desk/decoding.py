"""Decode text that an office program saved in its own encoding."""

from __future__ import annotations

import codecs

from campaign.schema.yaml_edit import CannotEdit
from campaign.schema.yaml_reader import DOCUMENTS

UTF_16, WINDOWS = "UTF-16", "Windows-1252"
MARKS = {codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}
# In UTF-16 text of Latin letters every second byte is zero.
MIN_ZERO_SHARE = 0.3
_BY_BYTE = "campaign-windows"


def decoded(data: bytes) -> tuple[str, str]:
    """Return the text and the encoding it was read as, '' for UTF-8.

    Bytes that aren't UTF-8 are read as Windows-1252 one by one, because somebody may have pasted a line of it.

    Raises:
        CannotEdit: it isn't text.
    """
    kind = next((kind for begin, kind in DOCUMENTS.items() if data.startswith(begin)), "")
    if kind:
        raise CannotEdit(f"it is {kind}")
    encoding = next((name for mark, name in MARKS.items() if data.startswith(mark)), "")
    if not encoding and data.count(b"\0") > len(data) * MIN_ZERO_SHARE:
        encoding = "utf-16-le" if data[1::2].count(0) > data[::2].count(0) else "utf-16-be"
    try:
        if encoding:
            return data.decode(encoding), UTF_16
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        if encoding:
            raise CannotEdit("it is not UTF-8 text") from None
        return data.decode("utf-8", errors=_BY_BYTE), WINDOWS


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    assert isinstance(error, UnicodeDecodeError)
    wrong = error.object[error.start : error.end]
    return "".join(bytes([each]).decode("cp1252", errors="ignore") or chr(each) for each in wrong), error.end


codecs.register_error(_BY_BYTE, _as_windows)
