"""Lines of cost against size as one SVG: a field for each path, both axes by powers of ten."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from math import ceil, floor, log10

# The colours of the look, distinguished on paper by their dashes too.
STYLES = (("#2f5078", ""), ("#0f5a37", "6 3"), ("#8c2f1c", "2 3"), ("#434d66", "9 3 2 3"))
WIDTH, HEIGHT, LEFT, TOP, GAP = 380, 280, 56, 44, 40


def chart(fields: Mapping[str, Mapping[str, Sequence[tuple[float, float]]]]) -> str:
    """fields: measured quantity -> line -> (size, seconds of processors)."""
    parts = [
        _field(name, lines, LEFT + index * (WIDTH + GAP + LEFT)) for index, (name, lines) in enumerate(fields.items())
    ]
    wide = max(1, len(fields)) * (WIDTH + GAP + LEFT) + GAP
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {HEIGHT + TOP + 52}" role="img" '
        'font-family="Andika, \'Noto Sans\', sans-serif" font-size="12" fill="#14213d">\n'
        "<title>Seconds of processors against size</title>\n"
        f'<rect width="100%" height="100%" fill="#f5ecdd"/>\n{"".join(parts)}</svg>\n'
    )


def _field(name: str, lines: Mapping[str, Sequence[tuple[float, float]]], left: float) -> str:
    points = [point for line in lines.values() for point in line]
    low_x, high_x = floor(log10(min(x for x, _ in points))), ceil(log10(max(x for x, _ in points)))
    low_y, high_y = floor(log10(min(y for _, y in points))), ceil(log10(max(y for _, y in points)))

    def at(x: float, y: float) -> tuple[float, float]:
        across, down = (log10(x) - low_x) / (high_x - low_x), (log10(y) - low_y) / (high_y - low_y)
        return left + across * WIDTH, TOP + HEIGHT - down * HEIGHT

    drawn = [f'<rect x="{left}" y="{TOP}" width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>']
    for power in range(low_y, high_y + 1):
        _, y = at(10**low_x, 10.0**power)
        drawn.append(f'<path d="M{left} {y:.1f}h{WIDTH}" stroke="#d3c5ac"/>')
        drawn.append(f'<text x="{left - 6}" y="{y + 4:.1f}" text-anchor="end">{10.0**power:g} s</text>')
    for power in range(low_x, high_x + 1):
        x, _ = at(10.0**power, 10.0**low_y)
        drawn.append(f'<path d="M{x:.1f} {TOP}v{HEIGHT}" stroke="#d3c5ac"/>')
        drawn.append(f'<text x="{x:.1f}" y="{TOP + HEIGHT + 18}" text-anchor="middle">{10**power:,}</text>')
    drawn.append(f'<text x="{left}" y="{TOP - 14}" font-size="15" font-weight="700">{escape(name)}</text>')
    taken: list[float] = []
    for (line, found), (colour, dash) in zip(lines.items(), STYLES, strict=False):
        where = [at(*point) for point in sorted(found)]
        path = "L".join(f"{x:.1f} {y:.1f}" for x, y in where)
        dashes = f' stroke-dasharray="{dash}"' if dash else ""
        drawn.append(f'<path d="M{path}" fill="none" stroke="{colour}" stroke-width="2.5"{dashes}/>')
        drawn += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in where]
        x, y = where[-1]
        y = y - 8
        while any(abs(y - other) < 14 for other in taken):
            y += 14
        taken.append(y)
        x = min(x, left + WIDTH) - 8
        drawn.append(f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="end" fill="{colour}">{escape(line)}</text>')
    return "\n".join(drawn) + "\n"
