"""Files that come with the package: theme overrides and fonts."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parents[1]
# Name inside the installed package -> where it lies in a checkout, from the repository's root.
CHECKOUT = {"overrides": "overrides", "fonts": "assets/fonts"}


def shipped_folder(name: str) -> Path:
    """The folder `overrides` or `fonts`: inside the installed package, or in the checkout around scripts/."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent.parent / CHECKOUT[name]
