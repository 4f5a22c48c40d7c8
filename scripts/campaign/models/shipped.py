"""Files that come with the package: theme overrides, fonts, and the lists of what it needs."""

from __future__ import annotations

from pathlib import Path

PACKAGE = Path(__file__).parents[1]
# Name inside the installed package -> where it lies in a checkout, from the repository's root.
CHECKOUT = {"overrides": "overrides", "fonts": "assets/fonts", "requirements": "requirements"}


def shipped_folder(name: str) -> Path:
    """A folder of CHECKOUT: inside the installed package, or in the checkout around scripts/."""
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent.parent / CHECKOUT[name]
