"""Draw the packages of scripts/campaign/ and their dependencies into scripts/rooms.svg, from the actual imports.

Run it after a package comes, goes, or uses another (`make rooms`). tests/test_house.py compares drawing and imports.
"""

from __future__ import annotations

import ast
import tomllib
from html import escape
from pathlib import Path
from textwrap import wrap

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "scripts/campaign"
DRAWING = ROOT / "scripts/rooms.svg"
# Points: the narrowest box, the distance between two, the edge, a line of text.
WIDTH, GAP, EDGE, LINE = 196, 10, 16, 14


def main() -> None:
    DRAWING.write_text(drawing(), encoding="utf-8")
    print(DRAWING.relative_to(ROOT))


def drawing() -> str:
    """Return the SVG: a row for each layer of pyproject.toml, with a box for each package that lists those it uses."""
    rows = layers()
    wide = EDGE * 2 + max(map(len, rows)) * (WIDTH + GAP) - GAP
    parts, y = [], EDGE
    for row in rows:
        # Boxes of a row share its width, so that a layer with one package is drawn below all those above it.
        width = (wide - 2 * EDGE - GAP * (len(row) - 1)) / len(row)
        texts = [_lines(room, width) for room in row]
        height = 30 + LINE * max(map(len, texts))
        for index, (room, lines) in enumerate(zip(row, texts, strict=True)):
            parts.append(_box(room, lines, EDGE + index * (width + GAP), y, width, height))
        y += height + GAP
    body = "\n".join(parts)
    return f"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {y + EDGE - GAP}" role="img" \
font-family="Andika, 'Noto Sans', sans-serif" font-size="12">
<title>The rooms of scripts/campaign, from the top down as the work goes, and which rooms each uses</title>
<rect width="100%" height="100%" fill="#f5ecdd"/>
{body}
</svg>
"""


def layers() -> list[list[str]]:
    """Return rows from the top, each with packages independent of each other: the contract in pyproject.toml."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    return [row.split(" | ") for row in project["tool"]["importlinter"]["contracts"][0]["layers"]]


def uses(room: str) -> list[str]:
    """Return the other packages that a package's files import from, from the top."""
    order = [name for row in layers() for name in row]
    results = set()
    for path in (PACKAGE / room).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and node.module:
                names = [node.module, *(f"{node.module}.{name.name}" for name in node.names)]
                results |= {name.split(".")[1] for name in names if name.startswith("campaign.")}
    return [name for name in order if name in results - {room}]


def _lines(room: str, width: float) -> list[str]:
    """Return a package's purpose (the first line of its docstring) and the packages it uses, in lines that fit."""
    about = ast.get_docstring(ast.parse((PACKAGE / room / "__init__.py").read_text(encoding="utf-8"))) or ""
    used = uses(room)
    most = int((width - 24) / 5.8)
    return [*wrap(about.split("\n")[0], most), *wrap(f"Uses {', '.join(used)}" if used else "Uses no other", most)]


def _box(room: str, lines: list[str], x: float, y: float, width: float, height: float) -> str:
    texts = "".join(
        f'<text x="{x + 12:g}" y="{y + 36 + LINE * index:g}" fill="#434d66" font-size="11">{escape(line)}</text>'
        for index, line in enumerate(lines)
    )
    return (
        f'<rect x="{x:g}" y="{y}" width="{width:g}" height="{height}" rx="4" fill="#ffffff" stroke="#d3c5ac"/>'
        f'<rect x="{x:g}" y="{y}" width="5" height="{height}" rx="2" fill="#f4a91f"/>'
        f'<text x="{x + 12:g}" y="{y + 20}" fill="#14213d" font-size="14" font-weight="700">{escape(room)}</text>'
        f"{texts}"
    )


if __name__ == "__main__":
    main()
