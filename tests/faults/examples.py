"""Input for readers: good files with parts changed, cut or doubled, and things that people paste into them."""

from __future__ import annotations

import io
from pathlib import Path

from hypothesis import strategies as st
from openpyxl import Workbook
from PIL import Image
from readers import READERS
from recorded import mp3

TYPED_TEXTS = (
    *("", " ", "\n", "\r\n", "\t", "-", ":", "- ", "#", "'", '"', "|", ">", "{", "}", "[", "]", "{{", "}}", "*", "**"),
    *(
        "_",
        "~~",
        "`",
        "```",
        "<",
        "<b>",
        "</script>",
        "<!--",
        "&lt;",
        "&#0;",
        "\\",
        "\\\\",
        "!",
        "![",
        "](",
        "[^",
        "[x]",
    ),
    *("{.signs}", "{#id}", "{.tick}", ":phone:", "{{ contacts place=north }}", "---\n", "...\n", "| a | b |", "|---|"),
    *(
        "!!python/name:os.system",
        "&a",
        "*a",
        "<<: {}",
        "? x",
        "%YAML",
        "null",
        "~",
        "yes",
        "0x1F",
        "1e999",
        ".inf",
        "nan",
    ),
    *("-1", "0", "99999999999999999999", "٠١٢٣", "१२", "2026-13-45", "0000-00-00", "25:61-3:00", "8:00-12:00"),
    *(
        "+",
        "(0",
        "+670 77 000 000",
        "0800 157 0142",
        "12.11.2026",
        "[112](tel:112)",
        "tel:",
        "mailto:a@b.c",
        "a@b.example",
    ),
    *(
        "javascript:alert(1)",
        "//x.example",
        "http://",
        "https://x.example/a?b=c&d",
        "file:///etc/passwd",
        "../../x",
        "/",
    ),
    *(
        "#fff",
        "#14213d",
        "#14213d00",
        "url(#a)",
        "en-",
        "x-",
        "é",
        "e\u0301",
        "ប៉ុន្តែ",
        "العربية",
        "漢",
        "😀",
        "\ufeff",
        "\u200b",
    ),
    *(
        "\u00ad",
        "\u202e",
        "\u2067",
        "\u2029",
        "\x85",
        "\ud7ff",
        "\U0010ffff",
        "\x00",
        "\x07",
        "\x1b[0m",
        "\ufffd",
        "ſ",
        "ß",
        "İ",
    ),
    *('"\n', "'=1+1", "=1+1", "@x", ";", ",", "a" * 300, "9" * 300, "[" * 40, "> " * 40, "{a: " * 15, "- " * 15),
)


def workbook() -> bytes:
    """A table of contacts as a workbook."""
    book, data = Workbook(), io.BytesIO()
    book.active.append(["id", "name", "phone", "source", "hours"])
    book.active.append(["north-clinic", "North", "020 7946 0018", "your-source", "mon-fri 8:00-12:00"])
    book.save(data)
    return data.getvalue()


def picture() -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (9, 9), "red").save(data, "PNG")
    return data.getvalue()


def good(root: Path, name: str) -> bytes:
    """The content of the file that a reader is for."""
    file = root / READERS[name][0]
    if file.is_file():
        return file.read_bytes()
    return {
        "table.csv": b"id,name,phone,source,hours\nnorth-clinic,North,020 7946 0018,your-source,mon-fri 8:00-12:00\n",
        "table.xlsx": workbook(),
        "docs/_glossary.yml": b"soap:\n  en: [soap, a soap]\n  source: your-source\n  certainty: sure\n",
        "assets/print-run.yml": b"wash-your-hands:\n  tri-fold:\n    paper: 115 g\n    copies: {en: {national: 500}}\n",
        "assets/photos/market.yml": b"credit: Ana\nlicence: CC-BY-4.0\nshows: nobody\nfocus: {x: 40, y: 60}\n",
        "docs/en/map.png": picture(),
        "docs/en/about.mp3": mp3(),
    }.get(READERS[name][0], b"\0\1\0\0" + bytes(60))


@st.composite
def changed(draw, data: bytes) -> bytes:
    """Data with up to four changes: insertions, deletions, repetitions."""
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(data)))
        end = min(len(data), start + draw(st.sampled_from((0, 0, 1, 1, 2, 8, 30, 200))))
        new = draw(
            st.sampled_from(TYPED_TEXTS).map(str.encode) | st.text(max_size=6).map(encoded) | st.binary(max_size=3)
        )
        data = data[:start] + draw(st.sampled_from((new, new, data[start:end] * 2))) + data[end:]
    return data


@st.composite
def typed(draw) -> bytes:
    """Only pasted text."""
    return "".join(draw(st.lists(st.sampled_from(TYPED_TEXTS), max_size=12))).encode()


def encoded(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
