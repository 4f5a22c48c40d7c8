"""CSS for browsers that get no updates.

Chromium 65 (Android 5 to 8) doesn't support logical properties such as `margin-inline-start` (Chromium 69); older ones
lack custom properties (49).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

LOGICAL_PROPERTY = re.compile(r"(margin|padding|border)-inline-(start|end)(-\w+)?")
PHYSICAL_SIDES = {("start", "ltr"): "left", ("end", "ltr"): "right", ("start", "rtl"): "right", ("end", "rtl"): "left"}
SUPPORTS_LOGICAL = "@supports (margin-inline-start:0)"
LACKS_LOGICAL = "@supports not (margin-inline-start:0)"
VALUE = re.compile(r"var\(\s*(--[\w-]+)\s*\)")

Declarations = tuple[tuple[str, str], ...]
Rule = tuple[str, list[str], Declarations]


def physical_properties(
    condition: str, selectors: list[str], declarations: Declarations, direction: str, mixed: bool
) -> Iterator[Rule]:
    """Yield a rule with left and right for a page's direction.

    If the page is mixed, browsers that support logical properties get those.
    """
    physical = tuple((_physical(name, direction), value) for name, value in declarations)
    if not mixed or physical == declarations:
        yield condition, selectors, physical
        return
    shared = tuple(declaration for declaration in declarations if not LOGICAL_PROPERTY.fullmatch(declaration[0]))
    logical = tuple(declaration for declaration in declarations if LOGICAL_PROPERTY.fullmatch(declaration[0]))
    if shared:
        yield condition, selectors, shared
    yield f"{condition}\n{LACKS_LOGICAL}".strip(), selectors, tuple(item for item in physical if item not in shared)
    yield f"{condition}\n{SUPPORTS_LOGICAL}".strip(), selectors, logical


def _physical(name: str, direction: str) -> str:
    match = LOGICAL_PROPERTY.fullmatch(name)
    return f"{match[1]}-{PHYSICAL_SIDES[match[2], direction]}{match[3] or ''}" if match else name


def with_colours(declarations: Declarations, colours: Mapping[str, str]) -> Declarations:
    """Add a fallback before each declaration with a custom property: its value on a light screen."""
    return tuple(item for pair in declarations for item in (*_plain_value(*pair, colours), pair))


def _plain_value(name: str, value: str, colours: Mapping[str, str]) -> Declarations:
    if name.startswith("--") or "var(" not in value:
        return ()
    plain = VALUE.sub(lambda match: colours.get(match[1], match[0]), value)
    # For a property with a picture, the colour below it is enough.
    plain = plain.split(" ")[0] if "var(" in plain or "url(" in plain else plain
    return ((name, plain),) if "var(" not in plain else ()
